//! Tests that the events and states of a session cause the right updates, each of them once.

use std::sync::Arc;

use watchtogether_protocol::link_end::LinkEnd;
use watchtogether_protocol::message::undo::{Change, Undoable};
use watchtogether_protocol::narration::OfflineFilm;

use super::*;
use watchtogether_tui::update::{self, Motion};

use crate::session::event::EntryKind as How;
use crate::session::room_request::RoomRequest;
use crate::session::status::{Chapter, Facts, MinuteStatus, SyncStatus};
use crate::session::test_support::{ENTERED_WALL, MEMBERS, entered, item, playing, state};

fn at(ms: u64) -> LocalTime {
    LocalTime::from_millis(ms)
}

fn reported_state(updates: &[Update]) -> Option<&Status> {
    updates.iter().find_map(|update| {
        if let Update::Status(status) = update {
            Some(status)
        } else {
            None
        }
    })
}

fn state_of(status: &SessionStatus) -> Status {
    let updates = Bridge::new().handle_status(status, at(0));
    reported_state(&updates)
        .expect("the first status is told")
        .clone()
}

fn with_room(change: impl FnOnce(&mut RoomStatus)) -> SessionStatus {
    let mut status = playing(0);
    change(status.room.as_mut().expect("a room"));
    status
}

#[test]
fn a_user_who_watches_alone_is_not_shown_as_in_sync() {
    let alone = with_room(|room| room.members.truncate(1));
    let with_other = |player| with_room(|room| room.members[1].member.report.player = player);

    assert_eq!(state_of(&alone), Status::Watching);
    for player in [PlayerState::NoCopy, PlayerState::Closed, PlayerState::None] {
        assert_eq!(state_of(&with_other(player)), Status::Watching, "{player:?}");
    }
    let buffers = with_other(PlayerState::Buffering { percent: 3 });
    assert!(matches!(state_of(&buffers), Status::InSync(_)));
}

#[test]
fn awaited_members_are_announced_once() {
    let waits = with_room(|room| room.waiting_for = Awaited::from_iter([MEMBERS[1]]));
    let reported = |updates: Vec<Update>| -> Vec<Awaited> {
        let who = |update| {
            if let Update::WaitingFor(who) = update {
                Some(who)
            } else {
                None
            }
        };
        updates.into_iter().filter_map(who).collect()
    };
    let mut bridge = Bridge::new();

    assert_eq!(
        reported(bridge.handle_status(&waits, at(0))),
        [Awaited::from_iter([MEMBERS[1]])]
    );
    assert_eq!(reported(bridge.handle_status(&waits, at(1))).len(), 0);
    assert_eq!(
        reported(bridge.handle_status(&playing(2), at(2))),
        [Awaited::default()]
    );
}

#[test]
fn a_request_is_shown_before_the_room_answers() {
    let shown = |asked| {
        let status = with_room(|room| room.asked = Some(asked));
        let updates = Bridge::new().handle_status(&status, at(0));
        let transport = updates.iter().find_map(|update| {
            if let Update::Transport(transport) = update {
                transport.clone()
            } else {
                None
            }
        });
        let state = reported_state(&updates)
            .expect("the first status is told")
            .clone();
        (state, transport.expect("something is on"))
    };
    let position = MediaTime::from_millis(99_000);

    let (state, transport) = shown(RoomRequest::Pause { position });
    assert_eq!(state, Status::Asked(update::RoomRequest::Pause));
    assert_eq!((transport.motion, transport.position), (Motion::Paused, position));

    let (state, transport) = shown(RoomRequest::Seek { position });
    assert_eq!(state, Status::Asked(update::RoomRequest::Seek { to: position }));
    assert_eq!(
        (transport.motion, transport.position),
        (Motion::Preparing, position)
    );

    let rate = Rate::from_f64(1.25).expect("in range");
    let (state, transport) = shown(RoomRequest::SetRate { rate });
    assert_eq!(state, Status::Asked(update::RoomRequest::SetRate(rate)));
    assert_eq!((transport.motion, transport.rate), (Motion::Playing, rate));
}

#[test]
fn the_rooms_clock_is_reported_before_the_room_and_again_only_when_it_changes() {
    let mut bridge = Bridge::new();
    let event = Event::Entered {
        entered: Box::new(entered()),
        how: How::Joined,
    };
    let clock = |updates: &[Update]| {
        let place = updates
            .iter()
            .position(|update| matches!(update, Update::RoomClock { .. }));
        place.map(|place| (place, updates[place].clone()))
    };
    let room_clock = |wall| Update::RoomClock { wall, at: at(0) };

    let updates = bridge.handle_event(&event, &playing(0), at(0));
    assert_eq!(clock(&updates), Some((0, room_clock(ENTERED_WALL))));
    assert!(matches!(updates[1], Update::Entered(_)));

    assert_eq!(clock(&bridge.handle_status(&playing(60_000), at(60_000))), None);

    let later = ENTERED_WALL.after(Duration::from_hours(8));
    let slept = with_room(|room| room.wall.wall = later);
    let updates = bridge.handle_status(&slept, at(60_000));
    assert_eq!(clock(&updates), Some((0, room_clock(later))));
}

#[test]
fn a_room_that_was_closed_can_be_tried_again() {
    let mut bridge = Bridge::new();
    let entered = Event::Entered {
        entered: Box::new(entered()),
        how: How::Joined,
    };
    bridge.handle_event(&entered, &playing(0), at(0));

    let end = Bridge::finished(&SessionEnd::Closed(CloseCode::RoomClosed));
    let Some(Update::Stopped(stop)) = end else {
        panic!("a view of its end, not {end:?}");
    };
    assert_eq!(
        (stop.words.as_str(), stop.may_retry),
        ("the host ended the room", true)
    );

    let again = Event::Link(LinkState::Connecting);
    let updates = bridge.handle_event(&again, &playing(0), at(0));
    let to = Clean::default();
    assert_eq!(updates.first(), Some(&Update::Connecting { to }));
    assert!(matches!(
        reported_state(&updates),
        Some(Status::Reconnecting { attempt: 1, .. })
    ));
}

#[test]
fn an_undoable_change_is_reported_with_its_deadline_and_an_undo_is_one_line() {
    let mut bridge = Bridge::new();
    let status = with_room(|room| room.timeline.cause.reason = Reason::Undone);
    bridge.handle_status(&status, at(0));
    let undoable = Undoable {
        number: 1,
        by: MEMBERS[1],
        change: Change::Item,
        undoes: None,
        left_ms: 60_000,
    };

    let reported = bridge.handle_event(&Event::Undoable(undoable.clone()), &status, at(0));
    let until = at(60_000);
    let timeline = status.room.as_ref().expect("a room").timeline;
    let id = undoable.id(timeline.epoch);
    assert_eq!(reported, [Update::Undoable { undoable, id, until }]);

    let moved = Event::StateChanged {
        before: state(1, Playback::Paused, 10_000).timeline,
        timeline,
    };
    let (id, item) = (timeline.item, item("film"));
    for event in [moved, Event::ItemChanged { id, item }] {
        assert_eq!(bridge.handle_event(&event, &status, at(0)), [], "{event:?}");
    }
}

#[test]
fn the_first_status_reports_all_and_an_equal_one_nothing() {
    let mut bridge = Bridge::new();

    let first = bridge.handle_status(&playing(0), at(0));
    let second = bridge.handle_status(&playing(0), at(0));

    assert_eq!(
        reported_state(&first),
        Some(&Status::InSync(Measured::Spread(Duration::from_millis(9))))
    );
    assert!(first.contains(&Update::RoundTrip(Some(Duration::from_millis(32)))));
    assert!(first.contains(&Update::Unsaved(false)));
    assert!(first.contains(&Update::ClockBound(Some(Duration::from_millis(16)))));
    assert_eq!(second, []);
}

#[test]
fn a_room_that_plays_on_is_not_reported_and_one_that_jumped_is() {
    let mut bridge = Bridge::new();
    bridge.handle_status(&playing(0), at(0));

    let on = bridge.handle_status(&playing(5_000), at(5_000));
    let mut jumped = playing(5_250);
    jumped.room.as_mut().expect("a room").position = MediaTime::from_millis(60_000);
    let away = bridge.handle_status(&jumped, at(5_250));

    assert_eq!(on, []);
    assert!(
        matches!(&away[..], [Update::Transport(Some(t))] if t.position == MediaTime::from_millis(60_000)),
        "{away:?}"
    );
}

#[test]
fn numbers_that_read_the_same_are_reported_once() {
    let mut bridge = Bridge::new();
    bridge.handle_status(&playing(0), at(0));
    let mut almost = playing(0);
    almost.sync.drift_p95 = Some(Duration::from_micros(8_200));
    almost.round_trip = Some(Duration::from_micros(31_900));

    assert_eq!(bridge.handle_status(&almost, at(0)), []);
}

#[test]
fn changes_of_the_local_player_are_reported_cleaned() {
    let mut bridge = Bridge::new();
    let mut status = playing(0);
    bridge.handle_status(&status, at(0));
    status.facts = Some(Arc::new(Facts {
        volume: 80,
        decoder: Some("vaapi\u{1b}[2J".to_owned()),
        ..Facts::default()
    }));
    status.chapters = Arc::new([Chapter {
        at: MediaTime::ZERO,
        title: "Ope\u{202e}ning".to_owned(),
    }]);

    let reported = bridge.handle_status(&status, at(0));
    let again = bridge.handle_status(&status, at(0));

    let [Update::Player(Some(facts)), Update::Chapters(chapters)] = reported.as_slice() else {
        panic!("{reported:?}");
    };
    assert_eq!(facts.volume, 80);
    assert_eq!(facts.decoder, Some(Clean::line("vaapi\u{1b}[2J")));
    assert_eq!(chapters[0].title.as_str(), "Opening");
    assert_eq!(again, []);
}

#[test]
fn the_last_minute_is_reported_once_a_second_while_it_plays() {
    let mut bridge = Bridge::new();
    let mut status = playing(0);
    status.minute.drift = Some(MediaTime::from_millis(-2));
    let mut reported = |minute: MinuteStatus, now| {
        status.minute = minute;
        let updates = bridge.handle_status(&status, at(now));
        updates
            .iter()
            .filter(|update| matches!(update, Update::SyncMinute(_)))
            .count()
    };
    let plays = MinuteStatus {
        drift: Some(MediaTime::from_millis(-2)),
        ..MinuteStatus::default()
    };

    let ticks: Vec<usize> = (0..8).map(|tick| reported(plays, tick * 250)).collect();
    let stands = [
        reported(MinuteStatus::default(), 3_000),
        reported(MinuteStatus::default(), 6_000),
    ];

    assert_eq!(ticks, [1, 0, 0, 0, 1, 0, 0, 0]);
    assert_eq!(stands, [1, 0], "a film that stands is told of once");
}

#[test]
fn a_notable_drift_is_reported_with_its_direction() {
    let mut ahead = playing(0);
    ahead.sync.drift = Some(MediaTime::from_millis(127));
    ahead.sync.speed = 0.98;
    let mut behind = ahead.clone();
    behind.sync.drift = Some(MediaTime::from_millis(-127));
    behind.sync.speed = 1.02;

    assert_eq!(
        state_of(&ahead),
        Status::SlowingDown {
            ahead: Duration::from_millis(120),
            speed: Rate::from_f64(0.98)
        }
    );
    assert_eq!(
        state_of(&behind),
        Status::CatchingUp {
            behind: Duration::from_millis(120),
            speed: Rate::from_f64(1.02)
        }
    );
}

#[test]
fn the_worst_state_is_shown_link_before_player_before_room() {
    let mut status = with_room(|room| room.playback = Playback::Preparing);
    status.player = PlayerState::TooSlow;
    let mut bridge = Bridge::new();

    let lost = Event::Link(LinkState::Lost {
        reason: LinkEnd::TimedOut,
    });
    let offline = bridge.handle_event(&lost, &status, at(0));
    let online = bridge.handle_event(&Event::Link(LinkState::Up), &status, at(100));

    assert_eq!(
        reported_state(&offline),
        Some(&Status::Reconnecting {
            attempt: 1,
            at: at(0),
            film: OfflineFilm::PausedHere
        })
    );
    assert_eq!(reported_state(&online), Some(&Status::TooSlow));
}

#[test]
fn a_silent_server_is_shown_as_silent_until_it_answers() {
    let mut bridge = Bridge::new();
    let mut status = playing(0);
    status.link = LinkState::Silent;

    let silent = bridge.handle_event(&Event::Link(LinkState::Silent), &status, at(0));
    let answers = bridge.handle_event(&Event::Link(LinkState::Up), &playing(0), at(100));

    let film = OfflineFilm::PlaysOn;
    assert_eq!(reported_state(&silent), Some(&Status::Silent { film }));
    assert!(matches!(reported_state(&answers), Some(Status::InSync(_))));
}

#[test]
fn no_film_is_reported_to_play_on_if_none_is_shown() {
    let at_end = PlayerState::Ended {
        at: MediaTime::from_millis(110_000),
    };
    for player in [PlayerState::NoCopy, PlayerState::None, at_end] {
        let mut status = playing(0);
        status.link = LinkState::Silent;
        status.player = player;
        let mut bridge = Bridge::new();

        let silent = bridge.handle_event(&Event::Link(LinkState::Silent), &status, at(0));

        let film = OfflineFilm::NoFilm;
        assert_eq!(
            reported_state(&silent),
            Some(&Status::Silent { film }),
            "{player:?}"
        );
        bridge.handle_event(&Event::Link(LinkState::PausedHere), &status, at(50));
        assert_eq!(
            bridge.state_of(&status, status.room.as_ref().expect("a room"), at(60)),
            Status::Silent { film }
        );
    }
}

#[test]
fn a_film_that_plays_on_without_a_link_is_shown_as_such() {
    let mut bridge = Bridge::new();
    bridge.handle_status(&playing(0), at(0));

    let waiting = Event::Link(LinkState::Waiting {
        attempt: 3,
        after: Duration::from_secs(4),
    });
    let updates = bridge.handle_event(&waiting, &playing(0), at(0));
    let paused_here = bridge.handle_event(&Event::Link(LinkState::PausedHere), &playing(0), at(50));

    let film = |status: Option<&Status>| match status {
        Some(Status::Reconnecting {
            attempt: 3,
            at: due,
            film,
        }) if *due == at(4_000) => Some(*film),
        _ => None,
    };
    assert_eq!(film(reported_state(&updates)), Some(OfflineFilm::PlaysOn));
    assert_eq!(film(reported_state(&paused_here)), Some(OfflineFilm::PausedHere));
}

#[test]
fn a_room_that_prepares_counts_who_is_there() {
    let status = with_room(|room| {
        room.playback = Playback::Preparing;
        room.timeline.cause.reason = Reason::Seeked;
        room.waiting_for = Awaited::from_iter([MEMBERS[1]]);
    });

    assert_eq!(
        state_of(&status),
        Status::Seeking {
            to: MediaTime::from_millis(10_000),
            there: 1,
            of: 2
        }
    );
}

#[test]
fn a_room_that_waits_names_whom() {
    let status = with_room(|room| {
        room.playback = Playback::Preparing;
        room.timeline.cause.reason = Reason::Waiting;
        room.waiting_for = Awaited::from_iter([MEMBERS[1]]);
    });

    assert_eq!(
        state_of(&status),
        Status::Waiting {
            who: Awaited::from_iter([MEMBERS[1]])
        }
    );
}

#[test]
fn a_closed_window_is_shown_until_the_player_starts_again() {
    let mut bridge = Bridge::new();

    let closed = bridge.handle_event(&Event::Player(PlayerNews::Closed), &playing(0), at(0));
    let again = bridge.handle_event(&Event::Player(PlayerNews::Starting), &playing(0), at(100));

    assert!(matches!(reported_state(&closed), Some(Status::NoPlayer { .. })));
    assert!(matches!(reported_state(&again), Some(Status::InSync(_))));
}

#[test]
fn a_resumed_seat_shows_everything_again() {
    let mut bridge = Bridge::new();
    bridge.handle_status(&playing(0), at(0));
    let lost = Event::Link(LinkState::Lost {
        reason: LinkEnd::TimedOut,
    });
    bridge.handle_event(&lost, &playing(0), at(0));
    bridge.handle_event(&Event::Link(LinkState::Up), &playing(0), at(0));

    let updates = bridge.handle_event(
        &Event::Entered {
            entered: Box::new(entered()),
            how: How::Resumed,
        },
        &playing(0),
        at(10),
    );

    assert!(matches!(&updates[0], Update::Entered(entered) if entered.how == EntryKind::Resumed));
    assert!(updates.iter().any(|u| matches!(u, Update::Transport(Some(_)))));
    assert!(reported_state(&updates).is_some());
}

#[test]
fn a_newcomer_learns_which_change_is_the_last() {
    let undoable = Undoable {
        number: 5,
        by: MEMBERS[1],
        change: Change::Play {
            position: MediaTime::ZERO,
        },
        undoes: None,
        left_ms: 30_000,
    };
    let mut entered = entered();
    entered.undoable = Some(undoable.clone());
    let last = undoable.id(entered.room.state.timeline.epoch);

    let event = Event::Entered {
        entered: Box::new(entered),
        how: How::Resumed,
    };
    let updates = Bridge::new().handle_event(&event, &playing(0), at(0));

    let reported = updates.iter().find_map(|update| {
        if let Update::Entered(entered) = update {
            entered.undoable
        } else {
            None
        }
    });
    assert_eq!(reported, Some(last));
}

#[test]
fn numbers_reported_before_the_entry_are_reported_again() {
    let telemetry = watchtogether_protocol::message::clock::Telemetry::default();
    let status = with_room(|room| room.members[1].telemetry = Some(telemetry));
    let mut bridge = Bridge::new();
    bridge.handle_status(&status, at(0));

    let event = Event::Entered {
        entered: Box::new(entered()),
        how: How::Joined,
    };
    let updates = bridge.handle_event(&event, &status, at(0));

    for again in [
        Update::RoundTrip(Some(Duration::from_millis(32))),
        Update::ClockBound(Some(Duration::from_millis(16))),
        Update::Telemetry(vec![MemberSample {
            member: MEMBERS[1],
            telemetry,
        }]),
    ] {
        assert!(updates.contains(&again), "{again:?}");
    }
}

#[test]
fn an_end_that_another_try_can_mend_offers_it() {
    let view = |end: SessionEnd| match Bridge::finished(&end) {
        Some(Update::Stopped(stop)) => Some((stop.kind, stop.may_retry)),
        _ => None,
    };

    assert_eq!(view(SessionEnd::Left), None);
    assert_eq!(
        view(SessionEnd::PinMismatch),
        Some((StopKind::PinMismatch, false))
    );
    assert_eq!(
        view(SessionEnd::Refused(Refusal::NotAdmitted)),
        Some((StopKind::NotAdmitted, true))
    );
    assert_eq!(
        view(SessionEnd::Closed(CloseCode::Replaced)),
        Some((StopKind::Replaced, false))
    );
    assert_eq!(
        view(SessionEnd::Closed(CloseCode::Removed)),
        Some((StopKind::Removed, true))
    );
    assert_eq!(
        view(SessionEnd::Closed(CloseCode::TooSlow)),
        Some((StopKind::Disconnected, true))
    );
}

#[test]
fn a_correction_is_shown_while_it_lasts_and_a_moment_longer() {
    let catching = with_sync(|sync| {
        sync.state = SyncState::Catching;
        sync.drift = None;
        sync.jump = Some(MediaTime::from_millis(3_120));
    });
    let jumped = with_sync(|sync| sync.jump = Some(MediaTime::from_millis(3_120)));

    let behind = Duration::from_millis(3_120);
    assert_eq!(state_of(&catching), Status::CatchingUp { behind, speed: None });
    let by = MediaTime::from_millis(3_120);
    assert_eq!(state_of(&jumped), Status::Jumped { by });
}

#[test]
fn a_film_that_is_far_off_and_waits_for_its_correction_is_out_of_sync() {
    let status = with_sync(|sync| {
        sync.state = SyncState::Settling;
        sync.drift = Some(MediaTime::from_millis(-12_440));
    });

    let drift = MediaTime::from_millis(-12_400);
    assert_eq!(state_of(&status), Status::OutOfSync { drift });
}

#[test]
fn a_room_that_is_about_to_play_starts_and_a_player_that_is_late_catches_up() {
    let about_to = |state, starts| {
        let mut status = with_sync(|sync| sync.state = state);
        status.room.as_mut().expect("a room").starts = starts;
        state_of(&status)
    };
    let starts = Some(at(120));

    assert_eq!(
        about_to(SyncState::Catching, starts),
        Status::Starting { at: at(120) }
    );
    assert_eq!(
        about_to(SyncState::Standing, starts),
        Status::Starting { at: at(120) }
    );
    let behind = Duration::ZERO;
    let catching = Status::CatchingUp { behind, speed: None };
    assert_eq!(about_to(SyncState::Catching, None), catching);
    let follows = about_to(SyncState::Playing, starts);
    assert!(
        matches!(follows, Status::InSync(_)),
        "another speed is no start: {follows:?}"
    );
}

fn with_sync(change: impl FnOnce(&mut SyncStatus)) -> SessionStatus {
    let mut status = playing(0);
    change(&mut status.sync);
    status
}
