//! Seats that are kept while their members are lost, and how they are taken again.

use watchtogether_protocol::message::roster::{LeaveReason, MemberLink, UserLeft};

use super::*;

/// The token that proves the seat of the second member of a stage.
const SECOND: Token = Token::from_bytes([2; 32]);

/// The token that proves the seat of the first member, the host.
const FIRST: Token = Token::from_bytes([1; 32]);

fn left(id: MemberId, why: LeaveReason) -> ServerMessage {
    ServerMessage::UserLeft(UserLeft { id, why })
}

#[test]
fn a_lost_member_keeps_its_seat_and_the_others_see_that_it_is_lost() {
    let (mut stage, host, viewer) = Stage::watching();

    stage.lose(viewer);
    stage.pass(just_before(LIMITS.seats.member));

    assert_eq!(stage.member(viewer).link, MemberLink::Lost);
    let told = stage.sent(host).into_iter().any(|message| {
        matches!(message, ServerMessage::UserChanged(changed) if changed.member.id == viewer && changed.member.link == MemberLink::Lost)
    });
    assert!(told);
}

#[test]
fn a_seat_that_nobody_takes_again_is_given_up() {
    let (mut stage, host, viewer) = Stage::watching();
    stage.lose(viewer);
    stage.forget();

    stage.pass(LIMITS.seats.member);

    assert_eq!(stage.sent(host), [left(viewer, LeaveReason::LinkLost)]);
    assert_eq!(stage.resume(SECOND, 0), Err(Refusal::SeatGone));
}

#[test]
fn the_time_of_a_seat_counts_from_the_last_packet() {
    let (mut stage, _host, viewer) = Stage::watching();
    let heard = stage.now;
    stage.pass(LIMITS.connections.idle);

    stage.room.handle_link_lost(viewer, heard, stage.now);

    let due = stage.room.poll_timeout().map(|(at, _why)| at);
    assert_eq!(due, Some(heard + LIMITS.seats.member));
}

#[test]
fn whoever_resumes_is_the_same_member_in_the_same_seat() {
    let (mut stage, host, viewer) = Stage::watching();
    let before = stage.member(viewer);
    stage.lose(viewer);
    stage.pass(Duration::from_secs(30));
    stage.forget();

    let seat = stage.resume(SECOND, 0);

    assert_eq!(seat, Ok(viewer));
    assert_eq!(stage.member(viewer), before);
    assert_eq!(stage.room.len(), 2);
    assert_eq!(stage.entered(viewer).you, viewer);
    let told = stage.sent(host).into_iter().any(
        |message| matches!(message, ServerMessage::UserChanged(changed) if changed.member.link == MemberLink::Up),
    );
    assert!(told);
}

#[test]
fn a_client_that_starts_anew_has_its_seat_and_role_although_the_old_one_is_not_missed_yet() {
    let (mut stage, host, viewer) = Stage::watching();
    stage.say(viewer, 1, "hello");
    stage.forget();

    let next = stage.draw_token();
    let seat = stage
        .room
        .resume(&FIRST, next, (Epoch::default(), 0), HOME, stage.now);
    stage.drain();

    assert_eq!(
        (seat, stage.room.host(), stage.room.len()),
        (Ok(host), Some(host), 2)
    );
    assert_eq!(stage.entered(host).chat.len(), 1, "all that was said");
    assert_eq!(stage.sent(viewer), [], "nobody sees anything of it");
}

#[test]
fn a_token_takes_a_seat_once_and_the_next_one_is_told() {
    let (mut stage, _host, viewer) = Stage::watching();
    stage.lose(viewer);
    stage.forget();
    stage.resume(SECOND, 0).expect("the seat is kept");
    let next = stage.entered(viewer).token;
    stage.say(viewer, 1, "back");

    assert_eq!(stage.resume(SECOND, 0), Err(Refusal::SeatGone));
    assert_eq!(stage.resume(next, 0), Ok(viewer));
}

#[test]
fn a_token_is_good_until_its_member_has_heard_of_the_next_one() {
    let (mut stage, _host, viewer) = Stage::watching();
    stage.lose(viewer);
    stage.resume(SECOND, 0).expect("the seat is kept");
    let unheard = stage.entered(viewer).token;
    stage.lose(viewer);
    stage.forget();

    assert_eq!(stage.resume(SECOND, 0), Ok(viewer));
    let heard = stage.entered(viewer).token;
    assert_eq!(stage.resume(unheard, 0), Err(Refusal::SeatGone));
    assert_eq!(stage.resume(heard, 0), Ok(viewer));
}

#[test]
fn a_member_that_was_never_lost_resumes_without_a_word_to_the_others() {
    let (mut stage, host, viewer) = Stage::watching();

    stage
        .resume(SECOND, 0)
        .expect("a newer connection takes the seat");

    assert_eq!(stage.sent(host), []);
    assert_eq!(stage.room.len(), 2);
    assert_eq!(stage.entered(viewer).you, viewer);
}

#[test]
fn a_room_whose_members_are_all_lost_empties() {
    let (mut stage, host, viewer) = Stage::playing();
    stage.lose(host);
    stage.lose(viewer);

    stage.pass(LIMITS.seats.member);

    assert!(stage.room.is_empty());
    assert_eq!(stage.room.empty_since(), Some(stage.now));
    assert_eq!(stage.room.host(), None);
}

#[test]
fn a_link_of_nobody_is_lost_without_a_word() {
    let (mut stage, ..) = Stage::watching();

    stage.lose(MemberId(77));

    assert_eq!(stage.done, []);
}

#[test]
fn a_seat_that_was_given_up_is_not_taken_again() {
    let (mut stage, _host, viewer) = Stage::watching();
    stage.tell(viewer, RoomCommand::Leave);

    let answer = stage.resume(SECOND, 0);

    assert_eq!(answer, Err(Refusal::SeatGone));
}

#[test]
fn a_connection_that_misbehaves_costs_the_seat_at_once() {
    let (mut stage, host, viewer) = Stage::watching();

    stage.room.handle_disconnected(viewer, stage.now);
    stage.drain();

    assert_eq!(stage.sent(host), [left(viewer, LeaveReason::Disconnected)]);
    assert_eq!(stage.resume(SECOND, 0), Err(Refusal::SeatGone));
}

#[test]
fn a_seat_is_taken_again_only_so_often_and_stays_its_members() {
    let (mut stage, _host, viewer) = Stage::watching();
    let mut token = SECOND;

    for turn in 0..LIMITS.seats.resumes.burst {
        assert_eq!(stage.resume(token, 0), Ok(viewer), "turn {turn}");
        token = Token::from_bytes([stage.draws; 32]);
    }
    assert_eq!(stage.resume(token, 0), Err(Refusal::RateLimited));
    stage.pass(LIMITS.seats.resumes.every);

    assert_eq!(stage.resume(token, 0), Ok(viewer));
}
