//! Leaving, being lost, coming back, and whose room it is meanwhile.

use watchtogether_protocol::close::CloseCode;
use watchtogether_protocol::message::roster::{HostChangeReason, HostChanged, LeaveReason, Link, UserLeft};

use super::*;

/// What proves the seat of the first and of the second member of a stage.
const FIRST: Token = Token::from_bytes([1; 32]);
const SECOND: Token = Token::from_bytes([2; 32]);

fn host_changed(host: MemberId, why: HostChangeReason) -> ServerMessage {
    ServerMessage::HostChanged(HostChanged { host, why })
}

fn left(id: MemberId, why: LeaveReason) -> ServerMessage {
    ServerMessage::UserLeft(UserLeft { id, why })
}

#[test]
fn whoever_leaves_is_let_go_and_the_others_are_told() {
    let (mut stage, host, viewer) = Stage::watching();

    stage.tell(viewer, RoomCommand::Leave);

    let close = RoomOutput::Close {
        member: viewer,
        code: CloseCode::Left,
    };
    assert_eq!(stage.done.first(), Some(&close));
    assert_eq!(stage.sent(host), [left(viewer, LeaveReason::Left)]);
    assert_eq!(stage.room.len(), 1);
}

#[test]
fn a_seat_that_was_given_up_is_not_taken_again() {
    let (mut stage, _host, viewer) = Stage::watching();
    stage.tell(viewer, RoomCommand::Leave);

    let answer = stage.resume(SECOND, 0);

    assert_eq!(answer, Err(Refusal::SeatGone));
}

#[test]
fn a_host_who_leaves_is_followed_by_whoever_is_there_longest() {
    let mut stage = Stage::open();
    let host = stage.enter("ana");
    stage.pass(Duration::from_secs(1));
    let second = stage.enter("ben");
    stage.pass(Duration::from_secs(60));
    stage.enter("cy");
    stage.forget();

    stage.tell(host, RoomCommand::Leave);

    assert!(stage.is_host(second));
    let sent = stage.sent(second);
    assert_eq!(
        sent,
        [
            left(host, LeaveReason::Left),
            host_changed(second, HostChangeReason::HostLeft)
        ]
    );
}

#[test]
fn a_room_passes_to_somebody_who_can_be_reached() {
    let mut stage = Stage::open();
    let host = stage.enter("ana");
    let second = stage.enter("ben");
    let third = stage.enter("cy");
    stage.lose(second);

    stage.tell(host, RoomCommand::Leave);

    assert!(stage.is_host(third));
}

#[test]
fn a_room_of_lost_members_still_has_a_host() {
    let mut stage = Stage::open();
    let host = stage.enter("ana");
    let second = stage.enter("ben");
    stage.lose(second);

    stage.tell(host, RoomCommand::Leave);

    assert!(stage.is_host(second));
}

#[test]
fn a_host_hands_the_room_over_and_is_a_viewer_then() {
    let (mut stage, host, viewer) = Stage::watching();

    stage.tell(host, RoomCommand::TransferHost(TransferHost { to: viewer }));

    assert!(stage.is_host(viewer));
    assert_eq!(stage.member(host).role, Role::Viewer);
    assert_eq!(
        stage.sent(host),
        [host_changed(viewer, HostChangeReason::Transferred)]
    );
}

#[test]
fn a_room_is_handed_to_nobody_who_is_not_there() {
    let (mut stage, host, viewer) = Stage::watching();
    stage.tell(viewer, RoomCommand::Leave);

    stage.tell(host, RoomCommand::TransferHost(TransferHost { to: viewer }));

    let refusal = stage.refusal(host).expect("an answer");
    assert_eq!(
        (refusal.request, refusal.why),
        (Request::TransferHost, Refusal::NoSuchMember)
    );
    assert!(stage.is_host(host));
}

#[test]
fn handing_the_room_to_oneself_changes_nothing() {
    let (mut stage, host, _viewer) = Stage::watching();

    stage.tell(host, RoomCommand::TransferHost(TransferHost { to: host }));

    assert!(stage.is_host(host));
    assert_eq!(stage.done, []);
}

#[test]
fn a_lost_member_keeps_its_seat_and_the_others_see_that_it_is_lost() {
    let (mut stage, host, viewer) = Stage::watching();

    stage.lose(viewer);
    stage.pass(defaults::SEAT - Duration::from_millis(1));

    assert_eq!(stage.member(viewer).link, Link::Lost);
    let told = stage.sent(host).into_iter().any(|message| {
        matches!(message, ServerMessage::UserChanged(changed) if changed.member.id == viewer && changed.member.link == Link::Lost)
    });
    assert!(told);
}

#[test]
fn a_seat_that_nobody_takes_again_is_given_up() {
    let (mut stage, host, viewer) = Stage::watching();
    stage.lose(viewer);
    stage.forget();

    stage.pass(defaults::SEAT);

    assert_eq!(stage.sent(host), [left(viewer, LeaveReason::LinkLost)]);
    assert_eq!(stage.resume(SECOND, 0), Err(Refusal::SeatGone));
}

#[test]
fn the_time_of_a_seat_counts_from_the_last_packet() {
    let (mut stage, _host, viewer) = Stage::watching();
    let heard = stage.now;
    stage.pass(defaults::IDLE);

    stage.room.handle_link_lost(viewer, heard, stage.now);

    let due = stage.room.poll_timeout().map(|(at, _why)| at);
    assert_eq!(due, Some(heard + defaults::SEAT));
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
        |message| matches!(message, ServerMessage::UserChanged(changed) if changed.member.link == Link::Up),
    );
    assert!(told);
}

#[test]
fn a_token_takes_a_seat_once_and_the_next_one_is_told() {
    let (mut stage, _host, viewer) = Stage::watching();
    stage.lose(viewer);
    stage.forget();
    stage.resume(SECOND, 0).expect("the seat is kept");
    let next = stage.entered(viewer).token;

    assert_eq!(stage.resume(SECOND, 0), Err(Refusal::SeatGone));
    assert_eq!(stage.resume(next, 0), Ok(viewer));
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
fn a_lost_host_keeps_the_room_for_a_while_and_then_it_passes_on() {
    let (mut stage, host, viewer) = Stage::watching();
    stage.lose(host);
    stage.pass(defaults::HOST_SEAT - Duration::from_millis(1));
    stage.forget();
    assert!(stage.is_host(host));

    stage.pass(Duration::from_millis(1));

    assert!(stage.is_host(viewer));
    assert_eq!(
        stage.sent(viewer),
        [host_changed(viewer, HostChangeReason::HostLost)]
    );
    assert_eq!(stage.room.len(), 2);
}

#[test]
fn a_host_who_is_back_in_time_never_lost_the_room() {
    let (mut stage, host, viewer) = Stage::watching();
    stage.lose(host);
    stage.pass(Duration::from_secs(10));

    stage.resume(FIRST, 0).expect("the seat is kept");
    stage.pass(Duration::from_mins(5));

    assert!(stage.is_host(host));
    let passed_on = |message: &ServerMessage| matches!(message, ServerMessage::HostChanged(_));
    assert!(!stage.sent(viewer).iter().any(passed_on));
}

#[test]
fn a_host_who_comes_back_later_takes_the_room_again() {
    let (mut stage, host, viewer) = Stage::watching();
    stage.lose(host);
    stage.pass(Duration::from_secs(60));
    stage.forget();

    stage.resume(FIRST, 0).expect("the seat is kept");

    assert!(stage.is_host(host));
    assert_eq!(stage.member(viewer).role, Role::Viewer);
    let reclaimed = host_changed(host, HostChangeReason::Reclaimed);
    assert!(stage.sent(viewer).contains(&reclaimed));
    assert!(stage.entered(host).invite.is_some());
}

#[test]
fn a_lost_host_with_nobody_to_follow_keeps_room_and_seat_alike() {
    let mut stage = Stage::open();
    let host = stage.enter("ana");
    stage.lose(host);
    stage.pass(Duration::from_secs(60));

    let seat = stage.resume(FIRST, 0);

    assert_eq!(seat, Ok(host));
    assert!(stage.is_host(host));
}

#[test]
fn a_room_whose_host_is_lost_passes_to_a_joiner_once_the_time_is_up() {
    let mut stage = Stage::open();
    let host = stage.enter("ana");
    stage.lose(host);
    stage.pass(Duration::from_secs(60));

    let joiner = stage.enter("ben");
    stage.pass(Duration::ZERO);

    assert!(stage.is_host(joiner));
    assert_eq!(stage.room.len(), 2);
}

#[test]
fn a_room_whose_members_are_all_lost_empties() {
    let (mut stage, host, viewer) = Stage::playing();
    stage.lose(host);
    stage.lose(viewer);

    stage.pass(defaults::SEAT);

    assert!(stage.room.is_empty());
    assert_eq!(stage.room.empty_since(), Some(stage.now));
    assert_eq!(stage.room.host(), None);
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
fn a_link_of_nobody_is_lost_without_a_word() {
    let (mut stage, ..) = Stage::watching();

    stage.lose(MemberId(77));

    assert_eq!(stage.done, []);
}
