//! Seek, pause, speed, another item, and the end of an item.

use watchtogether_protocol::message::playback::VideoChanged;
use watchtogether_protocol::message::undo::Undo;
use watchtogether_protocol::timeline::RATE_DELAY;

use super::*;

fn rate(speed: f64) -> Rate {
    Rate::from_f64(speed).expect("a rate")
}

#[test]
fn a_seek_of_a_playing_room_prepares_there_and_then_plays_on() {
    let (mut stage, host, viewer) = Stage::playing();

    stage.act(host, Action::Seek { position: secs(30) });

    let moved = stage.state(viewer).expect("the room moved");
    assert_eq!(moved.timeline.playback, Playback::Preparing);
    assert_eq!(moved.timeline.position, secs(30));
    assert_eq!(moved.waiting_for, [host, viewer]);
    assert_eq!(stage.cause(), (Some(host), Reason::Sought));
    stage.ready(host);
    stage.ready(viewer);
    assert_eq!(stage.timeline().playback, Playback::Playing);
    assert_eq!(stage.timeline().position, secs(30));
}

#[test]
fn a_seek_of_a_paused_room_stands_at_the_target() {
    let (mut stage, host, viewer) = Stage::watching();

    stage.act(host, Action::Seek { position: secs(30) });

    let moved = stage.state(viewer).expect("the room moved");
    assert_eq!(moved.timeline.playback, Playback::Paused);
    assert_eq!(moved.timeline.position, secs(30));
    assert_eq!(moved.waiting_for, []);
    assert_eq!(stage.room.poll_timeout(), None);
}

#[test]
fn a_seek_while_the_room_prepares_gives_a_new_target_and_a_new_deadline() {
    let (mut stage, host, _viewer) = Stage::playing();
    stage.act(host, Action::Seek { position: secs(30) });
    stage.pass(Duration::from_millis(1_500));

    stage.act(host, Action::Seek { position: secs(40) });

    assert_eq!(stage.timeline().playback, Playback::Preparing);
    assert_eq!(stage.position(), secs(40));
    let due = stage.room.poll_timeout().map(|(at, _why)| at);
    assert_eq!(due, Some(stage.now + LIMITS.playback.prepare));
}

#[test]
fn a_position_outside_the_film_is_its_nearest_end() {
    let (mut stage, host, _viewer) = Stage::watching();

    stage.act(
        host,
        Action::Seek {
            position: secs(9_000),
        },
    );
    assert_eq!(stage.position(), FILM);
    stage.act(host, Action::Seek { position: secs(-5) });
    assert_eq!(stage.position(), MediaTime::ZERO);
    stage.act(
        host,
        Action::Pause {
            position: secs(9_000),
        },
    );
    assert_eq!(stage.position(), FILM);
}

#[test]
fn a_pause_stands_at_the_pressers_frame_and_not_where_the_room_is() {
    let (mut stage, host, viewer) = Stage::playing();
    let frame = stage.position() - MediaTime::from_millis(35);

    stage.act(host, Action::Pause { position: frame });

    let moved = stage.state(viewer).expect("the room moved");
    assert_eq!(moved.timeline.playback, Playback::Paused);
    assert_eq!(moved.timeline.position, frame);
    assert_eq!(stage.cause(), (Some(host), Reason::Paused));
    assert_eq!(stage.state(host), Some(moved));
}

#[test]
fn a_pause_ends_the_wait_for_who_is_late() {
    let (mut stage, host, viewer) = Stage::playing();
    stage.act(host, Action::Seek { position: secs(30) });

    stage.act(host, Action::Pause { position: secs(30) });
    stage.pass(Duration::from_secs(20));
    stage.ready(host);
    stage.ready(viewer);

    assert_eq!(stage.timeline().playback, Playback::Paused);
    assert_eq!(stage.waiting_for(), []);
}

#[test]
fn the_last_request_wins() {
    let (mut stage, host, viewer) = Stage::watching();

    stage.act(host, Action::Play);
    stage.act(host, Action::Seek { position: secs(5) });
    stage.act(host, Action::Pause { position: secs(7) });
    stage.act(host, Action::Seek { position: secs(9) });

    let timeline = stage.state(viewer).expect("the room moved").timeline;
    assert_eq!(
        (timeline.playback, timeline.position),
        (Playback::Paused, secs(9))
    );
}

/// Returns a room in which the viewer controls playback and acts on the former film, because they have not heard of the new one.
fn with_a_request_for_the_film_before() -> (Stage, MemberId, Revision) {
    let (mut stage, host, viewer) = Stage::playing();
    let based_on = stage.timeline().revision;
    stage.set_video(host, secs(3));
    stage.tell(host, RoomCommand::TransferHost(TransferHost { to: viewer }));
    stage.forget();
    (stage, viewer, based_on)
}

#[test]
fn a_place_that_was_meant_in_the_film_before_moves_the_next_one_nowhere() {
    let (mut stage, viewer, based_on) = with_a_request_for_the_film_before();
    let before = stage.timeline();

    let action = Action::Seek { position: secs(30) };
    stage.tell(viewer, RoomCommand::VideoSync(VideoSync { based_on, action }));

    assert_eq!(stage.timeline(), before);
    let told = stage.state(viewer).expect("the sender learns where the room is");
    assert_eq!(told.timeline, before);
    let action = Action::SetRate { rate: rate(1.5) };
    stage.tell(viewer, RoomCommand::VideoSync(VideoSync { based_on, action }));
    assert_eq!(stage.timeline().rate, rate(1.5), "a speed is one in any film");
}

#[test]
fn a_pause_that_was_meant_in_the_film_before_stops_the_next_one_where_it_is() {
    let (mut stage, viewer, based_on) = with_a_request_for_the_film_before();
    assert_eq!(stage.timeline().playback, Playback::Preparing);

    let action = Action::Pause { position: secs(30) };
    stage.tell(viewer, RoomCommand::VideoSync(VideoSync { based_on, action }));

    assert_eq!(
        (stage.timeline().playback, stage.position()),
        (Playback::Paused, secs(3))
    );
    assert_eq!(stage.cause(), (Some(viewer), Reason::Paused));
    let revision = stage.timeline().revision;
    stage.tell(viewer, RoomCommand::VideoSync(VideoSync { based_on, action }));
    assert_eq!(stage.timeline().revision, revision, "it stands already");
}

#[test]
fn whoever_puts_a_film_on_means_that_film_before_the_room_has_answered() {
    let (mut stage, host, _) = Stage::watching();
    stage.act(host, Action::Play);
    let based_on = stage.timeline().revision;
    stage.set_video(host, MediaTime::ZERO);
    let position = secs(30);

    for action in [Action::Seek { position }, Action::Pause { position: secs(31) }] {
        stage.tell(host, RoomCommand::VideoSync(VideoSync { based_on, action }));
    }

    assert_eq!(stage.position(), secs(31));
    assert_eq!(stage.timeline().playback, Playback::Paused);
}

#[test]
fn a_film_that_an_undo_brings_back_is_news_to_whoever_put_on_the_other() {
    let (mut stage, host, _) = Stage::watching();
    stage.set_video(host, MediaTime::ZERO);
    let based_on = stage.timeline().revision;
    let number = stage.room.undoable(stage.now).expect("a change").number;
    let epoch = stage.timeline().epoch;
    stage.tell(host, RoomCommand::Undo(Undo { epoch, number }));
    let before = stage.timeline();

    let action = Action::Seek { position: secs(30) };
    stage.tell(host, RoomCommand::VideoSync(VideoSync { based_on, action }));

    assert_eq!(stage.timeline(), before);
}

#[test]
fn a_place_that_was_meant_in_this_film_counts_whatever_happened_since() {
    let (mut stage, host, _) = Stage::watching();
    let based_on = stage.timeline().revision;
    stage.act(host, Action::Play);
    stage.act(host, Action::SetRate { rate: rate(1.5) });

    let action = Action::Seek { position: secs(30) };
    stage.tell(host, RoomCommand::VideoSync(VideoSync { based_on, action }));

    assert_eq!(stage.timeline().position, secs(30));
}

#[test]
fn another_speed_goes_on_from_where_players_change_over() {
    let (mut stage, host, viewer) = Stage::playing();
    let position = stage.position();
    assert!(position > MediaTime::ZERO);

    stage.act(host, Action::SetRate { rate: rate(1.5) });

    let timeline = stage.state(viewer).expect("the room moved").timeline;
    assert_eq!(timeline.at, stage.now);
    assert_eq!((timeline.rate, timeline.playback), (rate(1.5), Playback::Playing));
    stage.pass(RATE_DELAY);
    let meeting = position + MediaTime::from(RATE_DELAY);
    assert_eq!(stage.position(), meeting);
    stage.pass(Duration::from_secs(2));
    assert_eq!(stage.position(), meeting + secs(3));
}

#[test]
fn another_speed_before_a_scheduled_start_leaves_the_start_where_it_is() {
    let (mut stage, host, _viewer) = Stage::watching();
    stage.act(host, Action::Play);
    let before = stage.timeline();

    stage.act(host, Action::SetRate { rate: rate(2.0) });

    let timeline = stage.timeline();
    assert_eq!((timeline.position, timeline.at), (before.position, before.at));
}

#[test]
fn another_speed_of_a_paused_room_moves_it_nowhere() {
    let (mut stage, host, _viewer) = Stage::watching();
    let before = stage.timeline();

    stage.act(host, Action::SetRate { rate: rate(0.5) });

    let timeline = stage.timeline();
    assert_eq!(timeline.position, before.position);
    assert_eq!((timeline.playback, timeline.rate), (Playback::Paused, rate(0.5)));
    assert!(timeline.revision > before.revision);
}

#[test]
fn another_item_is_told_with_where_the_room_is_in_it() {
    let (mut stage, host, viewer) = Stage::watching();

    stage.set_video(host, secs(3));

    let changed = stage.sent(viewer).into_iter().find_map(|message| {
        if let ServerMessage::VideoChanged(changed) = message {
            Some(changed)
        } else {
            None
        }
    });
    let expected = VideoChanged {
        id: ItemId(2),
        item: film(Some(FILM)),
        state: stage.room.state(),
    };
    assert_eq!(changed, Some(expected));
    assert_eq!(stage.timeline().item, ItemId(2));
    assert_eq!(stage.position(), secs(3));
    assert_eq!(stage.cause(), (Some(host), Reason::ItemChanged));
}

#[test]
fn another_item_in_a_paused_room_stands() {
    let (mut stage, host, _viewer) = Stage::watching();

    stage.set_video(host, MediaTime::ZERO);
    stage.pass(Duration::from_mins(1));

    assert_eq!(stage.timeline().playback, Playback::Paused);
}

#[test]
fn another_item_in_a_playing_room_plays_once_all_have_it() {
    let (mut stage, host, viewer) = Stage::playing();

    stage.set_video(host, MediaTime::ZERO);

    assert_eq!(stage.timeline().playback, Playback::Preparing);
    assert_eq!(stage.waiting_for(), [host, viewer]);
    let due = stage.room.poll_timeout().map(|(at, _why)| at);
    assert_eq!(due, Some(stage.now + LIMITS.playback.first_load));
    stage.ready(host);
    stage.ready(viewer);
    assert_eq!(stage.timeline().playback, Playback::Playing);
}

#[test]
fn every_player_loads_another_item_until_it_says_otherwise() {
    let (mut stage, host, viewer) = Stage::watching();
    let without = stage.enter("cy");
    stage.report(viewer, PlayerState::NoCopy);
    let closed = stage.enter("di");
    stage.report(closed, PlayerState::Closed);

    stage.set_video(host, MediaTime::ZERO);

    let loading = Report {
        player: PlayerState::Loading,
        file: FileMatch::Unknown,
    };
    assert_eq!(stage.member(host).report, loading);
    assert_eq!(stage.member(viewer).report, loading);
    assert_eq!(stage.member(without).report.player, PlayerState::None);
    assert_eq!(stage.member(closed).report.player, PlayerState::Closed);
}

#[test]
fn the_same_film_again_is_another_item() {
    let (mut stage, host, _viewer) = Stage::watching();
    let first = stage.timeline().item;

    stage.set_video(host, MediaTime::ZERO);

    assert!(stage.timeline().item > first);
}

#[test]
fn an_item_begins_inside_itself() {
    let (mut stage, host, _viewer) = Stage::watching();

    stage.set_video(host, secs(9_000));

    assert_eq!(stage.position(), FILM);
}

#[test]
fn a_room_that_reaches_the_end_stands_there() {
    let (mut stage, host, viewer) = Stage::playing();
    let end = stage.timeline().instant_of(FILM).expect("it plays");

    stage.pass(end.saturating_since(stage.now));

    let moved = stage.state(viewer).expect("the room moved");
    assert_eq!(moved.timeline.playback, Playback::Paused);
    assert_eq!((moved.timeline.position, moved.timeline.at), (FILM, end));
    assert_eq!(stage.cause(), (None, Reason::Ended));
    assert_eq!(stage.state(host), Some(moved));
}

#[test]
fn play_at_the_end_begins_again() {
    let (mut stage, host, viewer) = Stage::playing();
    stage.pass(Duration::from_mins(2));

    stage.act(host, Action::Play);

    assert_eq!(stage.timeline().playback, Playback::Preparing);
    assert_eq!(stage.position(), MediaTime::ZERO);
    stage.ready(host);
    stage.ready(viewer);
    assert_eq!(stage.timeline().playback, Playback::Playing);
}

#[test]
fn a_source_without_a_known_end_never_ends() {
    let (mut stage, host, viewer) = Stage::watching();
    let item = film(None);
    let position = MediaTime::ZERO;
    stage.tell(host, RoomCommand::SetVideo(SetVideo { item, position }));
    stage.ready(host);
    stage.ready(viewer);

    stage.act(host, Action::Play);
    stage.pass(Duration::from_hours(24));

    assert_eq!(stage.timeline().playback, Playback::Playing);
    assert!(stage.position() > secs(86_000));
}

#[test]
fn another_speed_that_the_timer_has_not_seen_the_end_of_stays_inside_the_film() {
    let (mut stage, host, _viewer) = Stage::playing();
    stage.now = stage.now + Duration::from_mins(2);

    stage.act(host, Action::SetRate { rate: rate(2.0) });

    assert!(stage.timeline().position <= FILM);
    stage.pass(Duration::ZERO);
    assert_eq!(stage.cause(), (None, Reason::Ended));
}

#[test]
fn a_seek_to_the_end_or_past_it_of_a_playing_room_is_the_end() {
    for to in [FILM, FILM + secs(5)] {
        let (mut stage, host, viewer) = Stage::playing();

        stage.act(host, Action::Seek { position: to });

        assert_eq!(stage.cause(), (Some(host), Reason::Sought));
        assert_eq!(
            (stage.timeline().playback, stage.position()),
            (Playback::Paused, FILM),
            "there is nothing left to play"
        );
        stage.pass(LIMITS.playback.sought_end);
        assert_eq!(stage.cause(), (None, Reason::Ended));
        assert!(
            stage
                .state(viewer)
                .is_some_and(|s| s.timeline == stage.timeline())
        );
        stage.pass(Duration::from_mins(1));
        assert_eq!(stage.room.poll_timeout(), None, "it is over once");
    }
}

#[test]
fn a_play_right_after_a_seek_to_the_end_begins_again() {
    let (mut stage, host, _viewer) = Stage::playing();
    stage.act(host, Action::Seek { position: FILM });

    stage.act(host, Action::Play);
    stage.pass(LIMITS.playback.sought_end);

    assert!(stage.timeline().is_meant_to_play());
    assert_eq!(stage.timeline().position, MediaTime::ZERO);
}
