//! Tests of seeks, pauses, speeds, other items, and the end of an item.

use watchtogether_protocol::message::playback::VideoChanged;
use watchtogether_protocol::message::undo::Undo;
use watchtogether_protocol::timeline::RATE_DELAY;

use super::*;

fn rate(speed: f64) -> Rate {
    Rate::from_f64(speed).expect("a rate")
}

#[test]
fn a_seek_of_a_playing_room_prepares_there_and_then_plays_on() {
    let (mut harness, host, viewer) = Harness::playing();

    harness.act(host, Action::Seek { position: secs(30) });

    let moved = harness.state(viewer).expect("the room moved");
    assert_eq!(moved.timeline.playback, Playback::Preparing);
    assert_eq!(moved.timeline.position, secs(30));
    assert_eq!(moved.waiting_for.who, [host, viewer]);
    assert_eq!(harness.cause(), (Some(host), Reason::Seeked));
    harness.ready(host);
    harness.ready(viewer);
    assert_eq!(harness.timeline().playback, Playback::Playing);
    assert_eq!(harness.timeline().position, secs(30));
}

#[test]
fn a_seek_of_a_paused_room_pauses_at_the_target() {
    let (mut harness, host, viewer) = Harness::watching();

    harness.act(host, Action::Seek { position: secs(30) });

    let moved = harness.state(viewer).expect("the room moved");
    assert_eq!(moved.timeline.playback, Playback::Paused);
    assert_eq!(moved.timeline.position, secs(30));
    assert_eq!(moved.waiting_for.who, []);
    assert_eq!(harness.room.poll_timeout(), None);
}

#[test]
fn a_seek_while_the_room_prepares_gives_a_new_target_and_a_new_deadline() {
    let (mut harness, host, _viewer) = Harness::playing();
    harness.act(host, Action::Seek { position: secs(30) });
    harness.pass(Duration::from_millis(1_500));

    harness.act(host, Action::Seek { position: secs(40) });

    assert_eq!(harness.timeline().playback, Playback::Preparing);
    assert_eq!(harness.position(), secs(40));
    let due = harness.room.poll_timeout().map(|(at, _why)| at);
    assert_eq!(due, Some(harness.now + LIMITS.playback.prepare));
}

#[test]
fn a_position_outside_the_film_is_its_nearest_end() {
    let (mut harness, host, _viewer) = Harness::watching();

    harness.act(
        host,
        Action::Seek {
            position: secs(9_000),
        },
    );
    assert_eq!(harness.position(), FILM);
    harness.act(host, Action::Seek { position: secs(-5) });
    assert_eq!(harness.position(), MediaTime::ZERO);
    harness.act(
        host,
        Action::Pause {
            position: secs(9_000),
        },
    );
    assert_eq!(harness.position(), FILM);
}

#[test]
fn a_pause_is_at_the_pressers_frame_and_not_where_the_room_is() {
    let (mut harness, host, viewer) = Harness::playing();
    let frame = harness.position() - MediaTime::from_millis(35);

    harness.act(host, Action::Pause { position: frame });

    let moved = harness.state(viewer).expect("the room moved");
    assert_eq!(moved.timeline.playback, Playback::Paused);
    assert_eq!(moved.timeline.position, frame);
    assert_eq!(harness.cause(), (Some(host), Reason::Paused));
    assert_eq!(harness.state(host), Some(moved));
}

#[test]
fn a_pause_ends_the_wait_for_who_is_late() {
    let (mut harness, host, viewer) = Harness::playing();
    harness.act(host, Action::Seek { position: secs(30) });

    harness.act(host, Action::Pause { position: secs(30) });
    harness.pass(Duration::from_secs(20));
    harness.ready(host);
    harness.ready(viewer);

    assert_eq!(harness.timeline().playback, Playback::Paused);
    assert_eq!(harness.waiting_for(), []);
}

#[test]
fn the_last_request_wins() {
    let (mut harness, host, viewer) = Harness::watching();

    harness.act(host, Action::Play);
    harness.act(host, Action::Seek { position: secs(5) });
    harness.act(host, Action::Pause { position: secs(7) });
    harness.act(host, Action::Seek { position: secs(9) });

    let timeline = harness.state(viewer).expect("the room moved").timeline;
    assert_eq!(
        (timeline.playback, timeline.position),
        (Playback::Paused, secs(9))
    );
}

/// Returns a room in which the viewer may control playback and acts on the previous film, because they have not received the new
/// one.
fn with_a_request_for_the_film_before() -> (Harness, MemberId, Revision) {
    let (mut harness, host, viewer) = Harness::playing();
    let based_on = harness.timeline().revision;
    harness.set_video(host, secs(3));
    harness.command(host, RoomCommand::TransferHost(TransferHost { to: viewer }));
    harness.forget();
    (harness, viewer, based_on)
}

#[test]
fn a_place_that_was_meant_in_the_film_before_moves_the_next_one_nowhere() {
    let (mut harness, viewer, based_on) = with_a_request_for_the_film_before();
    let before = harness.timeline();

    let action = Action::Seek { position: secs(30) };
    harness.command(viewer, RoomCommand::VideoSync(VideoSync { based_on, action }));

    assert_eq!(harness.timeline(), before);
    let announced = harness
        .state(viewer)
        .expect("the sender learns where the room is");
    assert_eq!(announced.timeline, before);
    let action = Action::SetRate { rate: rate(1.5) };
    harness.command(viewer, RoomCommand::VideoSync(VideoSync { based_on, action }));
    assert_eq!(harness.timeline().rate, rate(1.5), "a speed is one in any film");
}

#[test]
fn a_pause_that_was_meant_in_the_film_before_stops_the_next_one_where_it_is() {
    let (mut harness, viewer, based_on) = with_a_request_for_the_film_before();
    assert_eq!(harness.timeline().playback, Playback::Preparing);

    let action = Action::Pause { position: secs(30) };
    harness.command(viewer, RoomCommand::VideoSync(VideoSync { based_on, action }));

    assert_eq!(
        (harness.timeline().playback, harness.position()),
        (Playback::Paused, secs(3))
    );
    assert_eq!(harness.cause(), (Some(viewer), Reason::Paused));
    let revision = harness.timeline().revision;
    harness.command(viewer, RoomCommand::VideoSync(VideoSync { based_on, action }));
    assert_eq!(harness.timeline().revision, revision, "it stands already");
}

#[test]
fn commands_of_the_member_who_puts_on_a_film_mean_it_before_the_room_answers() {
    let (mut harness, host, _) = Harness::watching();
    harness.act(host, Action::Play);
    let based_on = harness.timeline().revision;
    harness.set_video(host, MediaTime::ZERO);
    let position = secs(30);

    for action in [Action::Seek { position }, Action::Pause { position: secs(31) }] {
        harness.command(host, RoomCommand::VideoSync(VideoSync { based_on, action }));
    }

    assert_eq!(harness.position(), secs(31));
    assert_eq!(harness.timeline().playback, Playback::Paused);
}

#[test]
fn a_film_that_an_undo_brings_back_is_reported_to_the_member_who_put_on_the_other() {
    let (mut harness, host, _) = Harness::watching();
    harness.set_video(host, MediaTime::ZERO);
    let based_on = harness.timeline().revision;
    let number = harness.room.undoable(harness.now).expect("a change").number;
    let epoch = harness.timeline().epoch;
    harness.command(host, RoomCommand::Undo(Undo { epoch, number }));
    let before = harness.timeline();

    let action = Action::Seek { position: secs(30) };
    harness.command(host, RoomCommand::VideoSync(VideoSync { based_on, action }));

    assert_eq!(harness.timeline(), before);
}

#[test]
fn a_place_that_was_meant_in_this_film_counts_whatever_happened_since() {
    let (mut harness, host, _) = Harness::watching();
    let based_on = harness.timeline().revision;
    harness.act(host, Action::Play);
    harness.act(host, Action::SetRate { rate: rate(1.5) });

    let action = Action::Seek { position: secs(30) };
    harness.command(host, RoomCommand::VideoSync(VideoSync { based_on, action }));

    assert_eq!(harness.timeline().position, secs(30));
}

#[test]
fn another_speed_goes_on_from_where_players_change_over() {
    let (mut harness, host, viewer) = Harness::playing();
    let position = harness.position();
    assert!(position > MediaTime::ZERO);

    harness.act(host, Action::SetRate { rate: rate(1.5) });

    let timeline = harness.state(viewer).expect("the room moved").timeline;
    assert_eq!(timeline.at, harness.now);
    assert_eq!((timeline.rate, timeline.playback), (rate(1.5), Playback::Playing));
    harness.pass(RATE_DELAY);
    let meeting = position + MediaTime::from(RATE_DELAY);
    assert_eq!(harness.position(), meeting);
    harness.pass(Duration::from_secs(2));
    assert_eq!(harness.position(), meeting + secs(3));
}

#[test]
fn another_speed_before_a_scheduled_start_leaves_the_start_where_it_is() {
    let (mut harness, host, _viewer) = Harness::watching();
    harness.act(host, Action::Play);
    let before = harness.timeline();

    harness.act(host, Action::SetRate { rate: rate(2.0) });

    let timeline = harness.timeline();
    assert_eq!((timeline.position, timeline.at), (before.position, before.at));
}

#[test]
fn another_speed_of_a_paused_room_moves_it_nowhere() {
    let (mut harness, host, _viewer) = Harness::watching();
    let before = harness.timeline();

    harness.act(host, Action::SetRate { rate: rate(0.5) });

    let timeline = harness.timeline();
    assert_eq!(timeline.position, before.position);
    assert_eq!((timeline.playback, timeline.rate), (Playback::Paused, rate(0.5)));
    assert!(timeline.revision > before.revision);
}

#[test]
fn another_item_is_sent_with_the_rooms_position() {
    let (mut harness, host, viewer) = Harness::watching();

    harness.set_video(host, secs(3));

    let changed = harness.sent(viewer).into_iter().find_map(|message| {
        if let ServerMessage::VideoChanged(changed) = message {
            Some(changed)
        } else {
            None
        }
    });
    let expected = VideoChanged {
        id: ItemId(2),
        item: film(Some(FILM)),
        state: harness.room.state(),
    };
    assert_eq!(changed, Some(expected));
    assert_eq!(harness.timeline().item, ItemId(2));
    assert_eq!(harness.position(), secs(3));
    assert_eq!(harness.cause(), (Some(host), Reason::ItemChanged));
}

#[test]
fn another_item_in_a_paused_room_is_paused() {
    let (mut harness, host, _viewer) = Harness::watching();

    harness.set_video(host, MediaTime::ZERO);
    harness.pass(Duration::from_mins(1));

    assert_eq!(harness.timeline().playback, Playback::Paused);
}

#[test]
fn another_item_in_a_playing_room_plays_once_all_have_it() {
    let (mut harness, host, viewer) = Harness::playing();

    harness.set_video(host, MediaTime::ZERO);

    assert_eq!(harness.timeline().playback, Playback::Preparing);
    assert_eq!(harness.waiting_for(), [host, viewer]);
    let due = harness.room.poll_timeout().map(|(at, _why)| at);
    assert_eq!(due, Some(harness.now + LIMITS.playback.first_load));
    harness.ready(host);
    harness.ready(viewer);
    assert_eq!(harness.timeline().playback, Playback::Playing);
}

#[test]
fn every_player_counts_as_loading_a_new_item_until_it_reports() {
    let (mut harness, host, viewer) = Harness::watching();
    let without = harness.enter("cy");
    harness.report(viewer, PlayerState::NoCopy);
    let closed = harness.enter("di");
    harness.report(closed, PlayerState::Closed);

    harness.set_video(host, MediaTime::ZERO);

    let loading = Report {
        player: PlayerState::Loading,
        file: FileMatch::Unknown,
    };
    assert_eq!(harness.member(host).report, loading);
    assert_eq!(harness.member(viewer).report, loading);
    assert_eq!(harness.member(without).report.player, PlayerState::None);
    assert_eq!(harness.member(closed).report.player, PlayerState::Closed);
}

#[test]
fn the_same_film_again_is_another_item() {
    let (mut harness, host, _viewer) = Harness::watching();
    let first = harness.timeline().item;

    harness.set_video(host, MediaTime::ZERO);

    assert!(harness.timeline().item > first);
}

#[test]
fn an_item_begins_inside_itself() {
    let (mut harness, host, _viewer) = Harness::watching();

    harness.set_video(host, secs(9_000));

    assert_eq!(harness.position(), FILM);
}

#[test]
fn a_room_that_reaches_the_end_is_paused_there() {
    let (mut harness, host, viewer) = Harness::playing();
    let end = harness.timeline().instant_of(FILM).expect("it plays");

    harness.pass(end.saturating_since(harness.now));

    let moved = harness.state(viewer).expect("the room moved");
    assert_eq!(moved.timeline.playback, Playback::Paused);
    assert_eq!((moved.timeline.position, moved.timeline.at), (FILM, end));
    assert_eq!(harness.cause(), (None, Reason::Ended));
    assert_eq!(harness.state(host), Some(moved));
}

#[test]
fn play_at_the_end_begins_again() {
    let (mut harness, host, viewer) = Harness::playing();
    harness.pass(Duration::from_mins(2));

    harness.act(host, Action::Play);

    assert_eq!(harness.timeline().playback, Playback::Preparing);
    assert_eq!(harness.position(), MediaTime::ZERO);
    harness.ready(host);
    harness.ready(viewer);
    assert_eq!(harness.timeline().playback, Playback::Playing);
}

#[test]
fn a_source_without_a_known_end_never_ends() {
    let (mut harness, host, viewer) = Harness::watching();
    let item = film(None);
    let position = MediaTime::ZERO;
    harness.command(host, RoomCommand::SetVideo(SetVideo { item, position }));
    harness.ready(host);
    harness.ready(viewer);

    harness.act(host, Action::Play);
    harness.pass(Duration::from_hours(24));

    assert_eq!(harness.timeline().playback, Playback::Playing);
    assert!(harness.position() > secs(86_000));
}

#[test]
fn another_speed_that_the_timer_has_not_seen_the_end_of_stays_inside_the_film() {
    let (mut harness, host, _viewer) = Harness::playing();
    harness.now = harness.now + Duration::from_mins(2);

    harness.act(host, Action::SetRate { rate: rate(2.0) });

    assert!(harness.timeline().position <= FILM);
    harness.pass(Duration::ZERO);
    assert_eq!(harness.cause(), (None, Reason::Ended));
}

#[test]
fn a_seek_to_the_end_or_past_it_of_a_playing_room_is_the_end() {
    for to in [FILM, FILM + secs(5)] {
        let (mut harness, host, viewer) = Harness::playing();

        harness.act(host, Action::Seek { position: to });

        assert_eq!(harness.cause(), (Some(host), Reason::Seeked));
        assert_eq!(
            (harness.timeline().playback, harness.position()),
            (Playback::Paused, FILM),
            "there is nothing left to play"
        );
        harness.pass(LIMITS.playback.sought_end);
        assert_eq!(harness.cause(), (None, Reason::Ended));
        assert!(
            harness
                .state(viewer)
                .is_some_and(|s| s.timeline == harness.timeline())
        );
        harness.pass(Duration::from_mins(1));
        assert_eq!(harness.room.poll_timeout(), None, "it is over once");
    }
}

#[test]
fn a_play_right_after_a_seek_to_the_end_begins_again() {
    let (mut harness, host, _viewer) = Harness::playing();
    harness.act(host, Action::Seek { position: FILM });

    harness.act(host, Action::Play);
    harness.pass(LIMITS.playback.sought_end);

    assert!(harness.timeline().is_meant_to_play());
    assert_eq!(harness.timeline().position, MediaTime::ZERO);
}
