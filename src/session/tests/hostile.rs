//! Tests of servers that are hostile or broken.

use watchtogether_protocol::limits;
use watchtogether_protocol::message::roster::UserJoined;

use super::*;

#[test]
fn a_server_that_gives_seats_and_takes_them_away_is_tried_less_and_less_often() {
    let mut bench = Bench::watching(entered());
    let end = bench.now + Duration::from_secs(12);
    let mut seats = 0;
    while bench.now < end {
        bench.lose();
        bench.reconnect();
        bench.server(ServerMessage::RoomJoined(entered()));
        bench.outputs();
        seats += 1;
    }

    assert!(seats <= 10, "{seats} seats in 12 s");
}

#[test]
fn a_seat_that_lasted_is_taken_again_at_once() {
    let mut bench = Bench::watching(entered());
    for _ in 0..8 {
        bench.lose();
        bench.reconnect();
        bench.server(ServerMessage::RoomJoined(entered()));
    }
    bench.now = bench.now + Duration::from_secs(20);
    let before = bench.now;

    bench.lose();
    bench.reconnect();

    assert!(bench.now.saturating_since(before) <= Duration::from_millis(50));
}

#[test]
fn a_server_with_members_without_end_is_left() {
    let mut bench = Bench::watching(entered());
    for id in 10..10_000 {
        let member = member(MemberId(id), &format!("m{id}"), Role::Viewer);
        bench.server(ServerMessage::UserJoined(UserJoined { member }));
    }

    let outputs = bench.outputs();

    let joined = |output: &&Output| matches!(output, Output::Event(Event::MemberJoined(_)));
    assert_eq!(
        outputs.iter().filter(joined).count(),
        limits::ROOM_MEMBERS - entered().room.members.len()
    );
    assert!(outputs.contains(&Output::Finished(SessionEnd::Closed(CloseCode::ProtocolError))));
}
