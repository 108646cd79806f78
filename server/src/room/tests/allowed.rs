//! Tests that rooms enforce the limits of their server.

use watchtogether_protocol::message::removal::Remove;

use super::super::snapshot::NextLife;
use super::*;
use crate::rate_limit::Budget;

#[test]
fn a_room_has_as_many_seats_as_its_server_allows() {
    let mut harness = Harness::limited(|limits| limits.rooms.members = 2);

    harness.enter("ana");
    harness.enter("ben");

    assert_eq!(harness.try_enter("cy"), Err(Refusal::RoomFull));
}

#[test]
fn a_room_keeps_as_many_lines_as_its_server_allows() {
    let mut harness = Harness::limited(|limits| limits.rooms.chat_lines = 2);
    let ana = harness.enter("ana");
    for id in 1..=3 {
        harness.chat(ana, id, &format!("line {id}"));
    }

    let joiner = harness.enter("ben");

    let chat = harness.entered(joiner).chat;
    let texts: Vec<&str> = chat.iter().map(|line| line.text.as_str()).collect();
    assert_eq!(texts, ["line 2", "line 3"]);
}

#[test]
fn members_send_as_much_as_their_server_allows() {
    let chat = Budget {
        burst: 1,
        every: Duration::from_mins(1),
    };
    let mut harness = Harness::limited(|limits| limits.members.chat = chat);
    let ana = harness.enter("ana");
    harness.chat(ana, 1, "one");
    harness.forget();

    harness.chat(ana, 2, "two");

    let refused = harness.refusal(ana).expect("a refusal");
    assert_eq!(
        (refused.reason, refused.retry_after()),
        (Refusal::RateLimited, Some(Duration::from_mins(1)))
    );
}

#[test]
fn seats_and_bans_last_as_long_as_their_server_allows() {
    let mut harness = Harness::limited(|limits| {
        limits.connections.idle = Duration::from_secs(9);
        limits.seats.host = Duration::from_secs(10);
        limits.seats.member = Duration::from_secs(14);
        limits.rooms.ban = Duration::from_mins(1);
        limits.rooms.ban_address = Duration::ZERO;
    });
    let (ana, ben, cy) = (harness.enter("ana"), harness.enter("ben"), harness.enter("cy"));
    let member = cy;
    harness.command(ana, RoomCommand::Remove(Remove { member, is_ban: true }));
    assert_eq!(harness.try_enter("cy"), Err(Refusal::Banned));

    harness.room.handle_link_lost(ben, harness.now, harness.now);
    harness.pass(Duration::from_secs(14));

    assert!(harness.room.seat(ben).is_none());
    harness.pass(Duration::from_mins(1));
    assert!(harness.try_enter("cy").is_ok());
}

#[test]
fn a_restored_room_obeys_the_limits_of_its_new_server() {
    let mut harness = Harness::open();
    for name in ["ana", "ben", "cy"] {
        harness.enter(name);
    }
    let record = harness.room.record(harness.now);
    let mut values = LIMITS;
    values.rooms.members = 3;
    let life = NextLife {
        incarnation: 8,
        wall_origin: WallTime(1_000_000),
        is_kept: true,
        limits: Limits::new(values).expect("limits that go together"),
    };

    harness.room = Room::restore(record, life, harness.now);

    assert_eq!(harness.try_enter("dee"), Err(Refusal::RoomFull));
}
