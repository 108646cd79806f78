//! Tests of what the others are sent about arrivals and changed players.

use watchtogether_protocol::message::roster::{LeaveReason, RosterChanged, UserJoined, UserLeft};

use super::*;

/// The kind of every message that a member was sent.
fn kinds(harness: &Harness, id: MemberId) -> Vec<u16> {
    harness.sent(id).iter().map(ServerMessage::kind).collect()
}

#[test]
fn an_arrival_with_its_first_reports_costs_each_member_one_message() {
    let (mut harness, host, viewer) = Harness::watching();

    let newcomer = harness.enter("cy");
    harness.watch(newcomer);
    harness.pass(Duration::from_millis(300));
    harness.follow(newcomer);
    harness.pass(Duration::from_secs(5));

    let joined = ServerMessage::UserJoined(UserJoined {
        member: harness.member(newcomer),
    });
    assert_eq!(harness.member(newcomer).report.player, PlayerState::Following);
    assert_eq!(harness.sent(host), std::slice::from_ref(&joined));
    assert_eq!(harness.sent(viewer), [joined]);
}

#[test]
fn arrivals_of_one_moment_are_one_message_for_each_member() {
    let (mut harness, host, _viewer) = Harness::watching();

    let newcomers: Vec<MemberId> = (0..60).map(|n| harness.enter(&format!("u{n}"))).collect();
    for newcomer in &newcomers {
        harness.watch(*newcomer);
    }
    harness.pass(Duration::from_secs(5));

    let members = newcomers.iter().map(|id| harness.member(*id)).collect();
    assert_eq!(
        harness.sent(host),
        [ServerMessage::RosterChanged(RosterChanged { members })]
    );
}

#[test]
fn a_newcomer_who_does_something_is_announced_before_it() {
    let (mut harness, host, _viewer) = Harness::watching();

    let newcomer = harness.enter("cy");
    harness.chat(newcomer, 1, "hello");
    harness.pass(Duration::from_secs(5));

    assert_eq!(kinds(&harness, host), [4, 10]);
}

#[test]
fn a_newcomer_who_leaves_immediately_is_announced_before_leaving() {
    let (mut harness, host, _viewer) = Harness::watching();

    let newcomer = harness.enter("cy");
    let joined = ServerMessage::UserJoined(UserJoined {
        member: harness.member(newcomer),
    });
    harness.command(newcomer, RoomCommand::Leave);
    harness.pass(Duration::from_secs(5));

    let left = ServerMessage::UserLeft(UserLeft {
        id: newcomer,
        reason: LeaveReason::Left,
    });
    assert_eq!(harness.sent(host), [joined, left]);
}

#[test]
fn links_that_are_lost_together_in_a_large_room_are_one_message() {
    let (mut harness, host, _viewer) = Harness::watching();
    let others: Vec<MemberId> = (0..60).map(|n| harness.enter(&format!("u{n}"))).collect();
    harness.pass(Duration::from_secs(5));
    harness.forget();

    for id in others {
        harness.lose(id);
    }
    harness.pass(Duration::from_secs(5));

    assert_eq!(kinds(&harness, host), [21]);
}
