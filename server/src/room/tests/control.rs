//! Only the host controls the room, and not faster than the others can follow.

use watchtogether_protocol::message::undo::Undo;

use super::*;

/// Returns every request that moves or changes the room.
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
fn a_viewer_who_would_control_is_told_why_not_and_nobody_else_hears_of_it() {
    let (mut stage, host, viewer) = Stage::watching();
    for (request, command) in requests() {
        let before = (stage.timeline(), stage.room.room_snapshot());
        stage.forget();

        stage.tell(viewer, command);

        let refused = Refused {
            request,
            why: Refusal::NotHost,
            retry_after_ms: 0,
        };
        assert_eq!(stage.sent(viewer), [ServerMessage::Refused(refused)]);
        assert_eq!(stage.sent(host), []);
        assert_eq!((stage.timeline(), stage.room.room_snapshot()), before);
    }
}

#[test]
fn a_host_who_handed_the_room_over_controls_it_no_more() {
    let (mut stage, host, viewer) = Stage::watching();
    stage.tell(host, RoomCommand::TransferHost(TransferHost { to: viewer }));

    stage.act(host, Action::Play);
    stage.act(viewer, Action::Seek { position: secs(9) });

    assert_eq!(stage.refusal(host).map(|r| r.why), Some(Refusal::NotHost));
    assert_eq!(stage.position(), secs(9));
}

#[test]
fn a_room_without_an_item_cannot_be_moved() {
    let mut stage = Stage::open();
    let host = stage.enter("ana");
    let before = stage.timeline();

    stage.act(host, Action::Play);

    let refusal = stage.refusal(host).expect("an answer");
    assert_eq!(
        (refusal.request, refusal.why),
        (Request::VideoSync, Refusal::NoItem)
    );
    assert_eq!(stage.timeline(), before);
}

#[test]
fn how_the_room_waits_is_the_hosts_choice_and_told_to_all() {
    let (mut stage, host, viewer) = Stage::watching();
    let on_stall = StallPolicy::GoOn;

    stage.tell(
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
    assert_eq!(stage.sent(viewer).first(), Some(&changed));
    assert_eq!(stage.room.room_snapshot().settings.on_stall, on_stall);
}

#[test]
fn what_is_so_already_is_told_to_nobody_but_whoever_asked() {
    let (mut stage, host, viewer) = Stage::playing();
    let waits = stage.room.room_snapshot().settings.on_stall;
    stage.tell(
        host,
        RoomCommand::SetRoom(SetRoom {
            setting: Setting::OnStall(waits),
        }),
    );
    assert_eq!((stage.sent(host), stage.sent(viewer)), (Vec::new(), Vec::new()));

    stage.act(host, Action::Pause { position: secs(1) });
    let actions = [
        Action::Pause { position: secs(1) },
        Action::SetRate { rate: Rate::NORMAL },
    ];
    for action in actions {
        stage.forget();
        stage.act(host, action);

        assert_eq!(stage.sent(viewer), [], "{action:?}");
        assert!(stage.state(host).is_some(), "{action:?}");
        assert_eq!(stage.sent(host).len(), 1, "{action:?}");
    }
}

/// Uses up the whole budget of requests, ending at 9 s.
fn scrub(stage: &mut Stage, from: MemberId) {
    stage.pass(Duration::from_secs(10));
    for second in 0..10 {
        stage.act(
            from,
            Action::Seek {
                position: secs(second),
            },
        );
    }
    stage.forget();
}

#[test]
fn of_requests_that_come_too_fast_the_newest_counts_as_soon_as_it_may() {
    let (mut stage, host, viewer) = Stage::watching();
    scrub(&mut stage, host);
    stage.act(host, Action::Seek { position: secs(20) });
    stage.act(host, Action::Seek { position: secs(30) });
    stage.act(host, Action::Seek { position: secs(40) });
    assert_eq!(stage.position(), secs(9));

    stage.pass(LIMITS.members.control.every);

    assert_eq!(stage.position(), secs(40));
    let is_move = |message: &&ServerMessage| matches!(message, ServerMessage::VideoStateChanged(_));
    let moves = stage.sent(viewer).iter().filter(is_move).count();
    assert_eq!(moves, 1, "the requests between are nobody's business");
}

#[test]
fn a_request_that_waits_is_given_up_with_the_right_to_have_it() {
    let (mut stage, host, viewer) = Stage::watching();
    scrub(&mut stage, host);
    stage.act(host, Action::Seek { position: secs(40) });
    stage.tell(host, RoomCommand::TransferHost(TransferHost { to: viewer }));

    stage.pass(Duration::from_secs(1));

    assert_eq!(stage.position(), secs(9));
}

#[test]
fn a_request_that_waits_is_given_up_with_the_item_it_was_for() {
    let (mut stage, host, _viewer) = Stage::watching();
    scrub(&mut stage, host);
    stage.act(host, Action::Seek { position: secs(40) });
    // The budget has one token again, and the item arrives before the room has checked its timer.
    stage.now = stage.now + LIMITS.members.control.every;
    stage.set_video(host, MediaTime::ZERO);

    stage.pass(Duration::from_secs(1));

    assert_eq!(stage.position(), MediaTime::ZERO);
}

#[test]
fn a_pause_that_waits_stops_the_item_that_came_meanwhile() {
    let (mut stage, host, _viewer) = Stage::playing();
    scrub(&mut stage, host);
    stage.act(host, Action::Pause { position: secs(40) });
    stage.now = stage.now + LIMITS.members.control.every;
    stage.set_video(host, secs(3));

    stage.pass(Duration::from_secs(1));

    assert_eq!(
        (stage.timeline().playback, stage.position()),
        (Playback::Paused, secs(3))
    );
}

#[test]
fn a_request_that_waits_is_given_up_with_the_link() {
    let (mut stage, host, _viewer) = Stage::watching();
    scrub(&mut stage, host);
    stage.act(host, Action::Seek { position: secs(40) });
    stage.lose(host);

    stage.pass(Duration::from_secs(1));

    assert_eq!(stage.position(), secs(9));
}

#[test]
fn items_that_come_too_fast_are_refused_with_the_time_to_wait() {
    let (mut stage, host, _viewer) = Stage::watching();
    scrub(&mut stage, host);

    stage.set_video(host, MediaTime::ZERO);

    assert_eq!(
        stage.refusal(host),
        Some(Refused {
            request: Request::SetVideo,
            why: Refusal::RateLimited,
            retry_after_ms: 250,
        })
    );
    assert_eq!(stage.timeline().item, ItemId(1));
}
