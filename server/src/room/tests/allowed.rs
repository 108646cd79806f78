//! Rooms enforce the limits of their server.

use watchtogether_protocol::message::removal::Remove;

use super::super::snapshot::NextLife;
use super::*;
use crate::rate_limit::Budget;

#[test]
fn a_room_has_as_many_seats_as_its_server_allows() {
    let mut stage = Stage::limited(|limits| limits.rooms.members = 2);

    stage.enter("ana");
    stage.enter("ben");

    assert_eq!(stage.try_enter("cy"), Err(Refusal::RoomFull));
}

#[test]
fn a_room_keeps_as_many_lines_as_its_server_allows() {
    let mut stage = Stage::limited(|limits| limits.rooms.chat_lines = 2);
    let ana = stage.enter("ana");
    for id in 1..=3 {
        stage.say(ana, id, &format!("line {id}"));
    }

    let joiner = stage.enter("ben");

    let chat = stage.entered(joiner).chat;
    let texts: Vec<&str> = chat.iter().map(|line| line.text.as_str()).collect();
    assert_eq!(texts, ["line 2", "line 3"]);
}

#[test]
fn members_say_as_much_as_their_server_allows() {
    let chat = Budget {
        burst: 1,
        every: Duration::from_mins(1),
    };
    let mut stage = Stage::limited(|limits| limits.members.chat = chat);
    let ana = stage.enter("ana");
    stage.say(ana, 1, "one");
    stage.forget();

    stage.say(ana, 2, "two");

    let refused = stage.refusal(ana).expect("a refusal");
    assert_eq!(
        (refused.why, refused.retry_after()),
        (Refusal::RateLimited, Some(Duration::from_mins(1)))
    );
}

#[test]
fn seats_and_bans_last_as_long_as_their_server_allows() {
    let mut stage = Stage::limited(|limits| {
        limits.connections.idle = Duration::from_secs(5);
        limits.seats.host = Duration::from_secs(6);
        limits.seats.member = Duration::from_secs(10);
        limits.rooms.ban = Duration::from_mins(1);
        limits.rooms.ban_address = Duration::ZERO;
    });
    let (ana, ben, cy) = (stage.enter("ana"), stage.enter("ben"), stage.enter("cy"));
    let member = cy;
    stage.tell(ana, RoomCommand::Remove(Remove { member, is_ban: true }));
    assert_eq!(stage.try_enter("cy"), Err(Refusal::Banned));

    stage.room.handle_link_lost(ben, stage.now, stage.now);
    stage.pass(Duration::from_secs(10));

    assert!(stage.room.seat(ben).is_none());
    stage.pass(Duration::from_mins(1));
    assert!(stage.try_enter("cy").is_ok());
}

#[test]
fn a_restored_room_is_held_to_what_its_next_server_allows() {
    let mut stage = Stage::open();
    for name in ["ana", "ben", "cy"] {
        stage.enter(name);
    }
    let record = stage.room.record(stage.now);
    let mut values = LIMITS;
    values.rooms.members = 3;
    let life = NextLife {
        incarnation: 8,
        wall_origin: WallTime(1_000_000),
        is_kept: true,
        limits: Limits::new(values).expect("limits that go together"),
    };

    stage.room = Room::restore(record, life, stage.now);

    assert_eq!(stage.try_enter("dee"), Err(Refusal::RoomFull));
}
