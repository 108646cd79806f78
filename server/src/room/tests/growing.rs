//! Tests of a file that is still being written: its length changes while the room watches it.

use watchtogether_protocol::message::playback::LengthChanged;

use super::*;

/// Returns the lengths that a member learned, in order.
fn lengths(harness: &Harness, id: MemberId) -> Vec<Length> {
    let messages = harness.sent(id).into_iter();
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
    let (mut harness, host, viewer) = Harness::playing();

    harness.set_length(host, Length::Unknown);
    harness.pass(Duration::from_hours(1));

    assert_eq!(lengths(&harness, viewer), [Length::Unknown]);
    assert_eq!(harness.timeline().playback, Playback::Playing);
    assert!(harness.position() > FILM);
}

#[test]
fn a_file_that_stopped_growing_ends_at_its_final_length() {
    let (mut harness, host, viewer) = Harness::playing();
    let end = FILM + secs(30);
    harness.set_length(host, Length::Unknown);

    harness.set_length(host, Length::Of(end));
    harness.pass(Duration::from_hours(1));

    assert_eq!(lengths(&harness, viewer), [Length::Unknown, Length::Of(end)]);
    assert_eq!((harness.position(), harness.cause().1), (end, Reason::Ended));
}

#[test]
fn a_room_that_is_past_the_final_length_ends_there() {
    let (mut harness, host, _viewer) = Harness::playing();
    harness.set_length(host, Length::Unknown);
    harness.pass(Duration::from_hours(1));

    harness.set_length(host, Length::Of(FILM));
    harness.pass(Duration::from_secs(1));

    assert_eq!((harness.position(), harness.cause().1), (FILM, Reason::Ended));
}

#[test]
fn a_film_that_was_called_over_too_early_goes_on_when_its_file_grows_again() {
    let (mut harness, host, _viewer) = Harness::playing();
    harness.pass(Duration::from_hours(1));
    assert_eq!(harness.cause().1, Reason::Ended);

    harness.set_length(host, Length::Unknown);
    harness.pass(Duration::from_hours(1));

    assert_eq!(harness.timeline().playback, Playback::Playing);
    assert_eq!(harness.cause().1, Reason::Resumed);
    assert!(harness.position() > FILM);
}

#[test]
fn a_room_that_was_paused_stays_paused_when_its_file_grows_again() {
    let (mut harness, host, _viewer) = Harness::watching();

    harness.set_length(host, Length::Unknown);

    assert_eq!(harness.timeline().playback, Playback::Paused);
}

#[test]
fn a_room_in_which_nobody_has_data_waits_until_somebody_is_ready() {
    let (mut harness, host, viewer) = Harness::playing();
    let dry = PlayerState::Buffering { percent: 0 };
    harness.set_length(host, Length::Unknown);
    harness.report(host, dry);
    harness.report(viewer, dry);
    harness.pass(Duration::from_secs(2));
    let stood = harness.position();

    harness.pass(Duration::from_mins(10));
    assert_eq!(harness.timeline().playback, Playback::Preparing);
    assert_eq!(harness.position(), stood);

    for id in [host, viewer] {
        harness.follow(id);
        harness.ready(id);
    }
    harness.pass(Duration::from_secs(2));
    assert_eq!(harness.timeline().playback, Playback::Playing);
}

#[test]
fn only_the_host_corrects_a_length_and_only_of_what_is_on() {
    let (mut harness, host, viewer) = Harness::playing();
    let next = SetLength {
        id: ItemId(harness.timeline().item.0 + 1),
        length: Length::Unknown,
    };

    harness.set_length(viewer, Length::Unknown);
    harness.command(host, RoomCommand::SetLength(next));
    harness.set_length(host, Length::Of(FILM));

    assert_eq!(lengths(&harness, host), []);
}

#[test]
fn a_corrected_length_is_kept() {
    let (mut harness, host, _viewer) = Harness::watching();
    harness.room.record(harness.now);

    harness.set_length(host, Length::Unknown);

    assert!(harness.room.is_changed());
    let kept = harness.room.record(harness.now).room.item;
    assert_eq!(kept.map(|(_, item)| item.length), Some(Length::Unknown));
}

#[test]
fn a_file_is_never_live() {
    let (mut harness, host, viewer) = Harness::playing();

    harness.set_length(host, Length::Live);

    assert_eq!(lengths(&harness, viewer), []);
}
