//! Tests of which members are ready, which are counted, and which the room no longer waits for.

use super::*;

#[test]
fn a_ready_of_another_place_is_void() {
    let (mut harness, host, viewer) = Harness::after_seek();
    let before = harness.timeline().revision;
    harness.act(host, Action::Seek { position: secs(20) });
    harness.ready(host);
    harness.act(host, Action::Play);
    let later = Revision(harness.timeline().revision.0 + 1);

    for revision in [Revision(0), before, later] {
        harness.command(viewer, RoomCommand::Ready(Ready { revision }));
    }

    assert_eq!(harness.waiting_for(), [viewer]);
}

#[test]
fn readiness_outlives_revisions_that_keep_the_place() {
    let (mut harness, host, viewer) = Harness::after_seek();
    harness.ready(host);
    harness.ready(viewer);

    let rate = Rate::from_f64(1.25).expect("a rate");
    harness.act(host, Action::SetRate { rate });
    harness.act(host, Action::Play);

    assert_eq!(harness.timeline().playback, Playback::Playing);
}

#[test]
fn a_ready_sent_before_a_revision_that_keeps_the_place_still_counts() {
    let (mut harness, host, viewer) = Harness::after_seek();
    harness.ready(host);
    let seen = harness.timeline().revision;
    harness.act(host, Action::Play);
    assert!(harness.timeline().revision > seen);

    harness.command(viewer, RoomCommand::Ready(Ready { revision: seen }));

    assert_eq!(harness.timeline().playback, Playback::Playing);
}

#[test]
fn a_member_without_a_player_is_not_waited_for() {
    let players = [
        PlayerState::None,
        PlayerState::Closed,
        PlayerState::NoCopy,
        PlayerState::Detached,
        PlayerState::Ended { at: secs(1) },
        PlayerState::TooSlow,
        PlayerState::NotResponding,
        PlayerState::Failed {
            reason: PlayerFailure::Other,
        },
    ];
    for player in players {
        let (mut harness, host, viewer) = Harness::after_seek();
        harness.ready(host);
        harness.report(viewer, player);

        harness.act(host, Action::Play);

        assert_eq!(harness.timeline().playback, Playback::Playing, "{player:?}");
    }
}

#[test]
fn a_member_who_will_be_ready_unaided_is_waited_for() {
    let players = [
        PlayerState::Searching { folders: 100 },
        PlayerState::Loading,
        PlayerState::CatchingUp {
            behind: Some(secs(3)),
        },
        PlayerState::Buffering { percent: 10 },
    ];
    for player in players {
        let (mut harness, host, viewer) = Harness::after_seek();
        harness.ready(host);
        harness.report(viewer, player);

        harness.act(host, Action::Play);

        assert_eq!(harness.waiting_for(), [viewer], "{player:?}");
    }
}

#[test]
fn a_member_who_stops_watching_is_lost_or_leaves_is_no_longer_waited_for() {
    let ways: [fn(&mut Harness, MemberId); 3] = [
        |harness, viewer| harness.report(viewer, PlayerState::Closed),
        Harness::lose,
        |harness, viewer| harness.command(viewer, RoomCommand::Leave),
    ];
    for give_up in ways {
        let (mut harness, host, viewer) = Harness::after_seek();
        harness.ready(host);
        harness.act(host, Action::Play);

        give_up(&mut harness, viewer);

        assert_eq!(harness.timeline().playback, Playback::Playing);
    }
}

#[test]
fn a_member_that_comes_back_holds_no_start_up() {
    let (mut harness, host, viewer) = Harness::after_seek();
    harness.ready(host);
    harness.act(host, Action::Play);
    assert_eq!(harness.waiting_for(), [viewer]);

    harness.resume(Token::from_bytes([2; 32]), 0).expect("its seat");

    assert_eq!(harness.timeline().playback, Playback::Playing);
}

#[test]
fn a_member_who_was_late_is_not_waited_for_again() {
    let (mut harness, host, _late) = Harness::after_seek();
    harness.ready(host);
    harness.act(host, Action::Play);
    harness.pass(Duration::from_secs(5));

    harness.act(host, Action::Seek { position: secs(30) });
    harness.ready(host);

    assert_eq!(harness.timeline().playback, Playback::Playing);
}

#[test]
fn a_late_member_is_waited_for_again_once_it_was_ready() {
    let (mut harness, host, late) = Harness::after_seek();
    harness.ready(host);
    harness.act(host, Action::Play);
    harness.pass(Duration::from_secs(5));
    harness.act(host, Action::Pause { position: secs(12) });
    harness.ready(late);

    harness.act(host, Action::Seek { position: secs(30) });
    harness.ready(host);
    harness.act(host, Action::Play);

    assert_eq!(harness.waiting_for(), [late]);
}

#[test]
fn another_item_is_a_new_chance_for_a_late_member() {
    let (mut harness, host, late) = Harness::after_seek();
    harness.ready(host);
    harness.act(host, Action::Play);
    harness.pass(Duration::from_secs(5));

    harness.set_video(host, MediaTime::ZERO);

    assert_eq!(harness.waiting_for(), [host, late]);
}

fn announced_states(harness: &Harness, to: MemberId, of: MemberId) -> Vec<PlayerState> {
    let messages = harness.sent(to).into_iter();
    let states = messages.filter_map(|message| {
        if let ServerMessage::UserChanged(changed) = message {
            (changed.member.id == of).then_some(changed.member.report.player)
        } else {
            None
        }
    });
    states.collect()
}

#[test]
fn reports_that_come_too_fast_reach_the_others_now_and_then_and_the_newest_last() {
    let (mut harness, host, viewer) = Harness::watching();
    harness.pass(Duration::from_secs(10));
    harness.forget();

    for round in 0..100 {
        harness.report(viewer, PlayerState::Buffering { percent: round });
        harness.pass(Duration::from_millis(10));
    }
    harness.follow(viewer);
    let during = announced_states(&harness, host, viewer).len();
    harness.forget();
    harness.pass(LIMITS.rooms.reports);

    assert!((3..=4).contains(&during), "{during} in a second");
    assert_eq!(announced_states(&harness, host, viewer), [PlayerState::Following]);
    assert_eq!(harness.room.news_timeout(), None);
}

#[test]
fn awaited_members_are_sent_only_when_they_change() {
    let (mut harness, host, viewer) = Harness::watching();
    let third = harness.enter("cy");
    harness.follow(third);
    harness.ready(third);
    harness.act(host, Action::Play);
    harness.act(host, Action::Seek { position: secs(10) });
    harness.ready(viewer);
    harness.forget();

    for percent in 0..50 {
        harness.ready(viewer);
        harness.report(viewer, PlayerState::Buffering { percent });
    }
    harness.pass(LIMITS.rooms.missing);
    harness.forget();
    harness.pass(LIMITS.rooms.missing);
    assert_eq!(harness.still_waiting(third), None);
    harness.ready(host);
    harness.pass(LIMITS.rooms.missing);

    assert_eq!(harness.still_waiting(viewer), Some([third].into_iter().collect()));
    assert_eq!(harness.state(viewer), None);
}

/// Returns a playing room with so many members, whose host is the first.
fn crowd(count: usize) -> (Harness, Vec<MemberId>) {
    let mut harness = Harness::open();
    let members: Vec<MemberId> = (0..count).map(|n| harness.enter(&format!("u{n}"))).collect();
    for member in &members {
        harness.follow(*member);
    }
    harness.set_video(members[0], MediaTime::ZERO);
    for member in &members {
        harness.follow(*member);
        harness.ready(*member);
    }
    harness.act(members[0], Action::Play);
    harness.pass(Duration::from_secs(10));
    assert_eq!(harness.timeline().playback, Playback::Playing);
    harness.forget();
    (harness, members)
}

#[test]
fn a_seek_sends_each_member_three_messages_however_many_members_there_are() {
    for count in [3, 60] {
        let (mut harness, members) = crowd(count);

        harness.act(members[0], Action::Seek { position: secs(30) });
        for member in &members {
            harness.ready(*member);
            // The copy by datagram.
            harness.ready(*member);
        }

        assert_eq!(harness.timeline().playback, Playback::Playing);
        for member in members {
            let kinds: Vec<u16> = harness.sent(member).iter().map(ServerMessage::kind).collect();
            assert_eq!(kinds, [8, 15, 8], "{count} members");
        }
    }
}

#[test]
fn many_awaited_members_are_counted_and_the_last_few_are_named() {
    let (mut harness, members) = crowd(60);
    harness.act(members[0], Action::Seek { position: secs(30) });
    let sought = harness.state(members[1]).expect("the room moved").waiting_for;
    assert_eq!((sought.count, sought.who), (60, vec![]));

    let mut told = Vec::new();
    for member in &members[..57] {
        harness.ready(*member);
        harness.pass(Duration::from_millis(20));
        told.extend(harness.still_waiting(members[1]));
        harness.forget();
    }
    harness.pass(LIMITS.rooms.missing);
    told.extend(harness.still_waiting(members[1]));

    assert!((3..=6).contains(&told.len()), "{told:?}");
    let last = told.last().expect("told");
    assert_eq!(last.who, members[57..]);
}
