//! Tests that only the host controls the room, and not faster than the others can follow.

use watchtogether_protocol::message::undo::Undo;

use super::*;

/// Returns every request that controls playback or changes the room.
fn requests() -> Vec<(Request, RoomCommand)> {
    let sync = |action| {
        RoomCommand::VideoSync(VideoSync {
            based_on: Revision(1),
            action,
        })
    };
    vec![
        (Request::VideoSync, sync(Action::Play)),
        (Request::VideoSync, sync(Action::Pause { position: secs(1) })),
        (Request::VideoSync, sync(Action::Seek { position: secs(1) })),
        (Request::VideoSync, sync(Action::SetRate { rate: Rate::MAX })),
        (
            Request::VideoSync,
            RoomCommand::GoOn(GoOn {
                revision: Revision(1),
            }),
        ),
        (
            Request::SetVideo,
            RoomCommand::SetVideo(SetVideo {
                item: film(None),
                position: MediaTime::ZERO,
            }),
        ),
        (
            Request::TransferHost,
            RoomCommand::TransferHost(TransferHost { to: MemberId(2) }),
        ),
        (
            Request::SetRoom,
            RoomCommand::SetRoom(SetRoom {
                setting: Setting::OnStall(StallPolicy::GoOn),
            }),
        ),
        (
            Request::Undo,
            RoomCommand::Undo(Undo {
                epoch: config(StallPolicy::Wait).epoch,
                number: 1,
            }),
        ),
    ]
}

#[test]
fn a_viewer_who_would_control_is_told_why_not_and_nobody_else_is() {
    let (mut harness, host, viewer) = Harness::watching();
    for (request, command) in requests() {
        let before = (harness.timeline(), harness.room.room_snapshot());
        harness.forget();

        harness.command(viewer, command);

        let refused = Refused {
            request,
            reason: Refusal::NotHost,
            retry_after_ms: 0,
        };
        assert_eq!(harness.sent(viewer), [ServerMessage::Refused(refused)]);
        assert_eq!(harness.sent(host), []);
        assert_eq!((harness.timeline(), harness.room.room_snapshot()), before);
    }
}

#[test]
fn a_host_who_handed_the_room_over_controls_it_no_more() {
    let (mut harness, host, viewer) = Harness::watching();
    harness.command(host, RoomCommand::TransferHost(TransferHost { to: viewer }));

    harness.act(host, Action::Play);
    harness.act(viewer, Action::Seek { position: secs(9) });

    assert_eq!(harness.refusal(host).map(|r| r.reason), Some(Refusal::NotHost));
    assert_eq!(harness.position(), secs(9));
}

#[test]
fn a_room_without_an_item_cannot_be_moved() {
    let mut harness = Harness::open();
    let host = harness.enter("ana");
    let before = harness.timeline();

    harness.act(host, Action::Play);

    let refusal = harness.refusal(host).expect("an answer");
    assert_eq!(
        (refusal.request, refusal.reason),
        (Request::VideoSync, Refusal::NoItem)
    );
    assert_eq!(harness.timeline(), before);
}

#[test]
fn the_stall_policy_is_the_hosts_choice_and_sent_to_all() {
    let (mut harness, host, viewer) = Harness::watching();
    let on_stall = StallPolicy::GoOn;

    harness.command(
        host,
        RoomCommand::SetRoom(SetRoom {
            setting: Setting::OnStall(on_stall),
        }),
    );

    let changed = ServerMessage::RoomChanged(RoomChanged {
        setting: Setting::OnStall(on_stall),
        by: host,
        is_undo: false,
    });
    assert_eq!(harness.sent(viewer).first(), Some(&changed));
    assert_eq!(harness.room.room_snapshot().settings.on_stall, on_stall);
}

#[test]
fn a_command_for_the_present_state_is_answered_to_its_sender_alone() {
    let (mut harness, host, viewer) = Harness::playing();
    let waits = harness.room.room_snapshot().settings.on_stall;
    harness.command(
        host,
        RoomCommand::SetRoom(SetRoom {
            setting: Setting::OnStall(waits),
        }),
    );
    assert_eq!(
        (harness.sent(host), harness.sent(viewer)),
        (Vec::new(), Vec::new())
    );

    harness.act(host, Action::Pause { position: secs(1) });
    let actions = [
        Action::Pause { position: secs(1) },
        Action::SetRate { rate: Rate::NORMAL },
    ];
    for action in actions {
        harness.forget();
        harness.act(host, action);

        assert_eq!(harness.sent(viewer), [], "{action:?}");
        assert!(harness.state(host).is_some(), "{action:?}");
        assert_eq!(harness.sent(host).len(), 1, "{action:?}");
    }
}

/// Uses up the budget for requests with seeks, the last one to 9 s.
fn scrub(harness: &mut Harness, from: MemberId) {
    harness.pass(Duration::from_secs(10));
    for second in 0..10 {
        harness.act(
            from,
            Action::Seek {
                position: secs(second),
            },
        );
    }
    harness.forget();
}

#[test]
fn the_newest_of_rate_limited_requests_is_applied_when_allowed() {
    let (mut harness, host, viewer) = Harness::watching();
    scrub(&mut harness, host);
    harness.act(host, Action::Seek { position: secs(20) });
    harness.act(host, Action::Seek { position: secs(30) });
    harness.act(host, Action::Seek { position: secs(40) });
    assert_eq!(harness.position(), secs(9));

    harness.pass(LIMITS.members.control.every);

    assert_eq!(harness.position(), secs(40));
    let is_move = |message: &&ServerMessage| matches!(message, ServerMessage::VideoStateChanged(_));
    let moves = harness.sent(viewer).iter().filter(is_move).count();
    assert_eq!(moves, 1, "the requests between are nobody's business");
}

#[test]
fn a_request_that_waits_is_given_up_with_the_right_to_have_it() {
    let (mut harness, host, viewer) = Harness::watching();
    scrub(&mut harness, host);
    harness.act(host, Action::Seek { position: secs(40) });
    harness.command(host, RoomCommand::TransferHost(TransferHost { to: viewer }));

    harness.pass(Duration::from_secs(1));

    assert_eq!(harness.position(), secs(9));
}

#[test]
fn a_request_that_waits_is_given_up_with_the_item_it_was_for() {
    let (mut harness, host, _viewer) = Harness::watching();
    scrub(&mut harness, host);
    harness.act(host, Action::Seek { position: secs(40) });
    // The budget has a token again, and the new item arrives before the room has handled its timer.
    harness.now = harness.now + LIMITS.members.control.every;
    harness.set_video(host, MediaTime::ZERO);

    harness.pass(Duration::from_secs(1));

    assert_eq!(harness.position(), MediaTime::ZERO);
}

#[test]
fn a_pause_that_waits_stops_the_item_that_came_meanwhile() {
    let (mut harness, host, _viewer) = Harness::playing();
    scrub(&mut harness, host);
    harness.act(host, Action::Pause { position: secs(40) });
    harness.now = harness.now + LIMITS.members.control.every;
    harness.set_video(host, secs(3));

    harness.pass(Duration::from_secs(1));

    assert_eq!(
        (harness.timeline().playback, harness.position()),
        (Playback::Paused, secs(3))
    );
}

#[test]
fn a_request_that_waits_is_given_up_with_the_link() {
    let (mut harness, host, _viewer) = Harness::watching();
    scrub(&mut harness, host);
    harness.act(host, Action::Seek { position: secs(40) });
    harness.lose(host);

    harness.pass(Duration::from_secs(1));

    assert_eq!(harness.position(), secs(9));
}

#[test]
fn items_that_come_too_fast_are_refused_with_the_time_to_wait() {
    let (mut harness, host, _viewer) = Harness::watching();
    scrub(&mut harness, host);

    harness.set_video(host, MediaTime::ZERO);

    assert_eq!(
        harness.refusal(host),
        Some(Refused {
            request: Request::SetVideo,
            reason: Refusal::RateLimited,
            retry_after_ms: 250,
        })
    );
    assert_eq!(harness.timeline().item, ItemId(1));
}
