//! Tests of seats that are kept while their members are lost, and of taking them back.

use watchtogether_protocol::message::roster::{LeaveReason, MemberLink, UserLeft};

use super::*;

/// The token that proves the seat of the second member of a test's room.
const SECOND: Token = Token::from_bytes([2; 32]);

/// The token that proves the seat of the first member, the host.
const FIRST: Token = Token::from_bytes([1; 32]);

fn left(id: MemberId, reason: LeaveReason) -> ServerMessage {
    ServerMessage::UserLeft(UserLeft { id, reason })
}

#[test]
fn a_lost_member_keeps_its_seat_and_the_others_see_that_it_is_lost() {
    let (mut harness, host, viewer) = Harness::watching();

    harness.lose(viewer);
    harness.pass(just_before(LIMITS.seats.member));

    assert_eq!(harness.member(viewer).link, MemberLink::Lost);
    let announced = harness.sent(host).into_iter().any(|message| {
        matches!(message, ServerMessage::UserChanged(changed) if changed.member.id == viewer && changed.member.link == MemberLink::Lost)
    });
    assert!(announced);
}

#[test]
fn a_seat_that_nobody_takes_again_is_given_up() {
    let (mut harness, host, viewer) = Harness::watching();
    harness.lose(viewer);
    harness.forget();

    harness.pass(LIMITS.seats.member);

    assert_eq!(harness.sent(host), [left(viewer, LeaveReason::LinkLost)]);
    assert_eq!(harness.resume(SECOND, 0), Err(Refusal::SeatGone));
}

#[test]
fn the_time_of_a_seat_counts_from_the_last_packet() {
    let (mut harness, _host, viewer) = Harness::watching();
    let heard = harness.now;
    harness.pass(LIMITS.connections.idle);

    harness.room.handle_link_lost(viewer, heard, harness.now);

    let due = harness.room.poll_timeout().map(|(at, _why)| at);
    assert_eq!(due, Some(heard + LIMITS.seats.member));
}

#[test]
fn a_resumed_client_is_the_same_member_in_the_same_seat() {
    let (mut harness, host, viewer) = Harness::watching();
    let before = harness.member(viewer);
    harness.lose(viewer);
    harness.pass(Duration::from_secs(30));
    harness.forget();

    let seat = harness.resume(SECOND, 0);

    assert_eq!(seat, Ok(viewer));
    assert_eq!(harness.member(viewer), before);
    assert_eq!(harness.room.len(), 2);
    assert_eq!(harness.entered(viewer).you, viewer);
    let announced = harness.sent(host).into_iter().any(
        |message| matches!(message, ServerMessage::UserChanged(changed) if changed.member.link == MemberLink::Up),
    );
    assert!(announced);
}

#[test]
fn a_restarted_client_has_its_seat_and_role_before_the_old_one_is_missed() {
    let (mut harness, host, viewer) = Harness::watching();
    harness.chat(viewer, 1, "hello");
    harness.forget();

    let next = harness.draw_token();
    let seat = harness
        .room
        .resume(&FIRST, next, (Epoch::default(), 0), HOME, harness.now);
    harness.drain();

    assert_eq!(
        (seat, harness.room.host(), harness.room.len()),
        (Ok(host), Some(host), 2)
    );
    assert_eq!(harness.entered(host).chat.len(), 1, "all that was said");
    assert_eq!(harness.sent(viewer), [], "nobody sees anything of it");
}

#[test]
fn a_token_takes_a_seat_once_and_the_next_one_is_sent() {
    let (mut harness, _host, viewer) = Harness::watching();
    harness.lose(viewer);
    harness.forget();
    harness.resume(SECOND, 0).expect("the seat is kept");
    let next = harness.entered(viewer).token;
    harness.chat(viewer, 1, "back");

    assert_eq!(harness.resume(SECOND, 0), Err(Refusal::SeatGone));
    assert_eq!(harness.resume(next, 0), Ok(viewer));
}

#[test]
fn a_token_is_valid_until_its_member_has_the_next_one() {
    let (mut harness, _host, viewer) = Harness::watching();
    harness.lose(viewer);
    harness.resume(SECOND, 0).expect("the seat is kept");
    let unreceived = harness.entered(viewer).token;
    harness.lose(viewer);
    harness.forget();

    assert_eq!(harness.resume(SECOND, 0), Ok(viewer));
    let heard = harness.entered(viewer).token;
    assert_eq!(harness.resume(unreceived, 0), Err(Refusal::SeatGone));
    assert_eq!(harness.resume(heard, 0), Ok(viewer));
}

#[test]
fn a_member_that_was_never_lost_resumes_unnoticed_by_the_others() {
    let (mut harness, host, viewer) = Harness::watching();

    harness
        .resume(SECOND, 0)
        .expect("a newer connection takes the seat");

    assert_eq!(harness.sent(host), []);
    assert_eq!(harness.room.len(), 2);
    assert_eq!(harness.entered(viewer).you, viewer);
}

#[test]
fn a_room_whose_members_are_all_lost_empties() {
    let (mut harness, host, viewer) = Harness::playing();
    harness.lose(host);
    harness.lose(viewer);

    harness.pass(LIMITS.seats.member);

    assert!(harness.room.is_empty());
    assert_eq!(harness.room.empty_since(), Some(harness.now));
    assert_eq!(harness.room.host(), None);
}

#[test]
fn a_lost_link_without_a_seat_has_no_effect() {
    let (mut harness, ..) = Harness::watching();

    harness.lose(MemberId(77));

    assert_eq!(harness.done, []);
}

#[test]
fn a_seat_that_was_given_up_is_not_taken_again() {
    let (mut harness, _host, viewer) = Harness::watching();
    harness.command(viewer, RoomCommand::Leave);

    let answer = harness.resume(SECOND, 0);

    assert_eq!(answer, Err(Refusal::SeatGone));
}

#[test]
fn a_connection_that_misbehaves_costs_the_seat_at_once() {
    let (mut harness, host, viewer) = Harness::watching();

    harness.room.handle_disconnected(viewer, harness.now);
    harness.drain();

    assert_eq!(harness.sent(host), [left(viewer, LeaveReason::Disconnected)]);
    assert_eq!(harness.resume(SECOND, 0), Err(Refusal::SeatGone));
}

#[test]
fn a_seat_is_taken_again_only_so_often_and_stays_its_members() {
    let (mut harness, _host, viewer) = Harness::watching();
    let mut token = SECOND;

    for turn in 0..LIMITS.seats.resumes.burst {
        assert_eq!(harness.resume(token, 0), Ok(viewer), "turn {turn}");
        token = Token::from_bytes([harness.draws; 32]);
    }
    assert_eq!(harness.resume(token, 0), Err(Refusal::RateLimited));
    harness.pass(LIMITS.seats.resumes.every);

    assert_eq!(harness.resume(token, 0), Ok(viewer));
}
