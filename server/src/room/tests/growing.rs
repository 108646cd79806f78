//! A file that is still being written: its length changes while the room watches it.

use watchtogether_protocol::message::playback::LengthChanged;

use super::*;

/// Returns the lengths that a member learned, in order.
fn lengths(stage: &Stage, id: MemberId) -> Vec<Length> {
    let messages = stage.sent(id).into_iter();
    let lengths = messages.filter_map(|message| {
        if let ServerMessage::LengthChanged(LengthChanged { length, .. }) = message {
            Some(length)
        } else {
            None
        }
    });
    lengths.collect()
}

#[test]
fn a_file_that_grows_is_not_over_where_it_ended_before() {
    let (mut stage, host, viewer) = Stage::playing();

    stage.set_length(host, Length::Unknown);
    stage.pass(Duration::from_hours(1));

    assert_eq!(lengths(&stage, viewer), [Length::Unknown]);
    assert_eq!(stage.timeline().playback, Playback::Playing);
    assert!(stage.position() > FILM);
}

#[test]
fn a_file_that_stopped_growing_ends_at_its_final_length() {
    let (mut stage, host, viewer) = Stage::playing();
    let end = FILM + secs(30);
    stage.set_length(host, Length::Unknown);

    stage.set_length(host, Length::Of(end));
    stage.pass(Duration::from_hours(1));

    assert_eq!(lengths(&stage, viewer), [Length::Unknown, Length::Of(end)]);
    assert_eq!((stage.position(), stage.cause().1), (end, Reason::Ended));
}

#[test]
fn a_room_that_is_past_the_final_length_ends_there() {
    let (mut stage, host, _viewer) = Stage::playing();
    stage.set_length(host, Length::Unknown);
    stage.pass(Duration::from_hours(1));

    stage.set_length(host, Length::Of(FILM));
    stage.pass(Duration::from_secs(1));

    assert_eq!((stage.position(), stage.cause().1), (FILM, Reason::Ended));
}

#[test]
fn a_film_that_was_called_over_too_early_goes_on_when_its_file_grows_again() {
    let (mut stage, host, _viewer) = Stage::playing();
    stage.pass(Duration::from_hours(1));
    assert_eq!(stage.cause().1, Reason::Ended);

    stage.set_length(host, Length::Unknown);
    stage.pass(Duration::from_hours(1));

    assert_eq!(stage.timeline().playback, Playback::Playing);
    assert_eq!(stage.cause().1, Reason::Resumed);
    assert!(stage.position() > FILM);
}

#[test]
fn a_room_that_was_paused_stays_paused_when_its_file_grows_again() {
    let (mut stage, host, _viewer) = Stage::watching();

    stage.set_length(host, Length::Unknown);

    assert_eq!(stage.timeline().playback, Playback::Paused);
}

#[test]
fn a_room_in_which_nobody_has_data_waits_until_somebody_is_ready() {
    let (mut stage, host, viewer) = Stage::playing();
    let dry = PlayerState::Buffering { percent: 0 };
    stage.set_length(host, Length::Unknown);
    stage.report(host, dry);
    stage.report(viewer, dry);
    stage.pass(Duration::from_secs(2));
    let stood = stage.position();

    stage.pass(Duration::from_mins(10));
    assert_eq!(stage.timeline().playback, Playback::Preparing);
    assert_eq!(stage.position(), stood);

    for id in [host, viewer] {
        stage.follow(id);
        stage.ready(id);
    }
    stage.pass(Duration::from_secs(2));
    assert_eq!(stage.timeline().playback, Playback::Playing);
}

#[test]
fn only_the_host_corrects_a_length_and_only_of_what_is_on() {
    let (mut stage, host, viewer) = Stage::playing();
    let next = SetLength {
        id: ItemId(stage.timeline().item.0 + 1),
        length: Length::Unknown,
    };

    stage.set_length(viewer, Length::Unknown);
    stage.tell(host, RoomCommand::SetLength(next));
    stage.set_length(host, Length::Of(FILM));

    assert_eq!(lengths(&stage, host), []);
}

#[test]
fn a_corrected_length_is_kept() {
    let (mut stage, host, _viewer) = Stage::watching();
    stage.room.record(stage.now);

    stage.set_length(host, Length::Unknown);

    assert!(stage.room.is_changed());
    let kept = stage.room.record(stage.now).room.item;
    assert_eq!(kept.map(|(_, item)| item.length), Some(Length::Unknown));
}

#[test]
fn a_file_is_never_live() {
    let (mut stage, host, viewer) = Stage::playing();

    stage.set_length(host, Length::Live);

    assert_eq!(lengths(&stage, viewer), []);
}
