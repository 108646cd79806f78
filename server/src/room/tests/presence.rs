//! Leaving, and who becomes host then.

use watchtogether_protocol::close::CloseCode;
use watchtogether_protocol::message::roster::{
    HostChangeReason, HostChanged, LeaveReason, MemberLink, UserLeft,
};

use super::*;

/// The token that proves the seat of the first member of a stage.
const FIRST: Token = Token::from_bytes([1; 32]);

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
fn a_host_who_leaves_is_followed_by_whoever_is_there_longest() {
    let mut stage = Stage::open();
    let host = stage.enter("ana");
    stage.pass(Duration::from_secs(1));
    let second = stage.enter("ben");
    stage.pass(Duration::from_mins(1));
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
        stage.sent(host).first(),
        Some(&host_changed(viewer, HostChangeReason::Transferred))
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
fn a_lost_host_keeps_the_room_for_a_while_and_then_it_passes_on() {
    let (mut stage, host, viewer) = Stage::watching();
    stage.lose(host);
    stage.pass(just_before(LIMITS.seats.host));
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
    stage.pass(Duration::from_mins(1));
    stage.forget();

    stage.resume(FIRST, 0).expect("the seat is kept");

    assert!(stage.is_host(host));
    assert_eq!(stage.member(viewer).role, Role::Viewer);
    let told = stage.sent(viewer);
    let place_of = |is_it: &dyn Fn(&ServerMessage) -> bool| told.iter().position(is_it);
    let back = place_of(&|message| matches!(message, ServerMessage::UserChanged(_))).expect("is told");
    let reclaimed = host_changed(host, HostChangeReason::Reclaimed);
    let reclaimed = place_of(&|message| *message == reclaimed).expect("is told");
    assert!(back < reclaimed, "who is back takes the room, in this order");
    assert!(stage.entered(host).invite.is_some());
}

#[test]
fn a_lost_host_with_nobody_to_follow_keeps_room_and_seat_alike() {
    let mut stage = Stage::open();
    let host = stage.enter("ana");
    stage.lose(host);
    stage.pass(Duration::from_mins(1));

    let seat = stage.resume(FIRST, 0);

    assert_eq!(seat, Ok(host));
    assert!(stage.is_host(host));
}

#[test]
fn a_room_whose_host_is_lost_passes_to_a_joiner_once_the_time_is_up() {
    let mut stage = Stage::open();
    let host = stage.enter("ana");
    stage.lose(host);
    stage.pass(Duration::from_mins(1));

    let joiner = stage.enter("ben");
    stage.pass(Duration::ZERO);

    assert!(stage.is_host(joiner));
    assert_eq!(stage.room.len(), 2);
}

#[test]
fn whoever_comes_back_is_told_the_room_before_anything_else() {
    let (mut stage, host, _viewer) = Stage::watching();
    stage.lose(host);
    stage.pass(Duration::from_mins(1));
    stage.forget();

    stage.resume(FIRST, 0).expect("the seat is kept");

    let first = stage.sent(host).into_iter().next();
    assert!(matches!(first, Some(ServerMessage::RoomJoined(_))), "{first:?}");
}

#[test]
fn a_client_that_says_nothing_is_silent_until_it_is_heard_again_and_nobody_waits_for_it() {
    let (mut stage, host, viewer) = Stage::watching();
    stage.act(host, Action::Play);
    stage.hears(viewer);
    stage.forget();

    stage.pass(LIMITS.seats.silent.saturating_sub(Duration::from_millis(1)));
    assert_eq!(stage.member(viewer).link, MemberLink::Up);
    stage.pass(Duration::from_millis(1));

    assert_eq!(stage.member(viewer).link, MemberLink::Silent);
    assert_eq!(stage.sent(host).len(), 1, "one message tells of it");
    assert_eq!(
        stage.member(host).link,
        MemberLink::Up,
        "it never asked the clock"
    );
    stage.act(host, Action::Seek { position: secs(30) });
    stage.ready(host);
    assert_eq!(stage.timeline().playback, Playback::Playing);
    stage.hears(viewer);
    assert_eq!(stage.member(viewer).link, MemberLink::Up);
}

#[test]
fn a_client_that_falls_silent_in_a_room_that_stands_is_noticed_as_soon() {
    let (mut stage, _host, viewer) = Stage::watching();
    stage.hears(viewer);

    stage.pass(just_before(LIMITS.seats.silent));
    assert_eq!(stage.member(viewer).link, MemberLink::Up);
    stage.pass(Duration::from_millis(1));

    assert_eq!(stage.member(viewer).link, MemberLink::Silent);
}

#[test]
fn nobody_is_silent_because_the_server_itself_stood_still() {
    let (mut stage, host, viewer) = Stage::watching();
    stage.act(host, Action::Play);
    stage.hears(host);
    stage.hears(viewer);
    stage.forget();

    stage.now = stage.now + 2 * LIMITS.seats.silent;
    stage.room.handle_timeout(stage.now);
    stage.drain();

    assert_eq!(stage.member(viewer).link, MemberLink::Up);
    assert_eq!(stage.sent(host), []);
    stage.hears(host);
    stage.pass(LIMITS.seats.silent);
    assert_eq!(
        stage.member(viewer).link,
        MemberLink::Silent,
        "it does not answer now either"
    );
}

#[test]
fn whatever_a_silent_client_says_proves_that_it_is_there() {
    let (mut stage, host, viewer) = Stage::watching();
    stage.act(host, Action::Play);
    stage.hears(viewer);
    stage.pass(LIMITS.seats.silent);

    stage.follow(viewer);

    assert_eq!(stage.member(viewer).link, MemberLink::Up);
}
