//! Tests of leaving, and of who becomes host then.

use watchtogether_protocol::close::CloseCode;
use watchtogether_protocol::message::roster::{
    HostChangeReason, HostChanged, LeaveReason, MemberLink, UserLeft,
};

use super::*;

/// The token that proves the seat of the first member of a test's room.
const FIRST: Token = Token::from_bytes([1; 32]);

fn host_changed(host: MemberId, reason: HostChangeReason) -> ServerMessage {
    ServerMessage::HostChanged(HostChanged { host, reason })
}

fn left(id: MemberId, reason: LeaveReason) -> ServerMessage {
    ServerMessage::UserLeft(UserLeft { id, reason })
}

#[test]
fn a_member_who_leaves_is_closed_and_the_others_are_told() {
    let (mut harness, host, viewer) = Harness::watching();

    harness.command(viewer, RoomCommand::Leave);

    let close = RoomOutput::Close {
        member: viewer,
        code: CloseCode::Left,
    };
    assert_eq!(harness.done.first(), Some(&close));
    assert_eq!(harness.sent(host), [left(viewer, LeaveReason::Left)]);
    assert_eq!(harness.room.len(), 1);
}

#[test]
fn a_host_who_leaves_is_followed_by_whoever_is_there_longest() {
    let mut harness = Harness::open();
    let host = harness.enter("ana");
    harness.pass(Duration::from_secs(1));
    let second = harness.enter("ben");
    harness.pass(Duration::from_mins(1));
    harness.enter("cy");
    harness.forget();

    harness.command(host, RoomCommand::Leave);

    assert!(harness.is_host(second));
    let sent = harness.sent(second);
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
    let mut harness = Harness::open();
    let host = harness.enter("ana");
    let second = harness.enter("ben");
    let third = harness.enter("cy");
    harness.lose(second);

    harness.command(host, RoomCommand::Leave);

    assert!(harness.is_host(third));
}

#[test]
fn a_room_of_lost_members_still_has_a_host() {
    let mut harness = Harness::open();
    let host = harness.enter("ana");
    let second = harness.enter("ben");
    harness.lose(second);

    harness.command(host, RoomCommand::Leave);

    assert!(harness.is_host(second));
}

#[test]
fn a_host_hands_the_room_over_and_is_a_viewer_then() {
    let (mut harness, host, viewer) = Harness::watching();

    harness.command(host, RoomCommand::TransferHost(TransferHost { to: viewer }));

    assert!(harness.is_host(viewer));
    assert_eq!(harness.member(host).role, Role::Viewer);
    assert_eq!(
        harness.sent(host).first(),
        Some(&host_changed(viewer, HostChangeReason::Transferred))
    );
}

#[test]
fn a_room_is_handed_to_nobody_who_is_not_there() {
    let (mut harness, host, viewer) = Harness::watching();
    harness.command(viewer, RoomCommand::Leave);

    harness.command(host, RoomCommand::TransferHost(TransferHost { to: viewer }));

    let refusal = harness.refusal(host).expect("an answer");
    assert_eq!(
        (refusal.request, refusal.reason),
        (Request::TransferHost, Refusal::NoSuchMember)
    );
    assert!(harness.is_host(host));
}

#[test]
fn a_transfer_to_the_present_host_changes_nothing() {
    let (mut harness, host, _viewer) = Harness::watching();

    harness.command(host, RoomCommand::TransferHost(TransferHost { to: host }));

    assert!(harness.is_host(host));
    assert_eq!(harness.done, []);
}

#[test]
fn a_lost_host_keeps_the_room_for_a_while_and_then_it_passes_on() {
    let (mut harness, host, viewer) = Harness::watching();
    harness.lose(host);
    harness.pass(just_before(LIMITS.seats.host));
    harness.forget();
    assert!(harness.is_host(host));

    harness.pass(Duration::from_millis(1));

    assert!(harness.is_host(viewer));
    assert_eq!(
        harness.sent(viewer),
        [host_changed(viewer, HostChangeReason::HostLost)]
    );
    assert_eq!(harness.room.len(), 2);
}

#[test]
fn a_host_who_is_back_in_time_never_lost_the_room() {
    let (mut harness, host, viewer) = Harness::watching();
    harness.lose(host);
    harness.pass(Duration::from_secs(10));

    harness.resume(FIRST, 0).expect("the seat is kept");
    harness.pass(Duration::from_mins(5));

    assert!(harness.is_host(host));
    let passed_on = |message: &ServerMessage| matches!(message, ServerMessage::HostChanged(_));
    assert!(!harness.sent(viewer).iter().any(passed_on));
}

#[test]
fn a_host_who_comes_back_later_takes_the_room_again() {
    let (mut harness, host, viewer) = Harness::watching();
    harness.lose(host);
    harness.pass(Duration::from_mins(1));
    harness.forget();

    harness.resume(FIRST, 0).expect("the seat is kept");

    assert!(harness.is_host(host));
    assert_eq!(harness.member(viewer).role, Role::Viewer);
    let announced = harness.sent(viewer);
    let place_of = |is_it: &dyn Fn(&ServerMessage) -> bool| announced.iter().position(is_it);
    let back = place_of(&|message| matches!(message, ServerMessage::UserChanged(_))).expect("is told");
    let reclaimed = host_changed(host, HostChangeReason::Reclaimed);
    let reclaimed = place_of(&|message| *message == reclaimed).expect("is told");
    assert!(back < reclaimed, "who is back takes the room, in this order");
    assert!(harness.entered(host).invite.is_some());
}

#[test]
fn a_lost_host_with_nobody_to_follow_keeps_room_and_seat_alike() {
    let mut harness = Harness::open();
    let host = harness.enter("ana");
    harness.lose(host);
    harness.pass(Duration::from_mins(1));

    let seat = harness.resume(FIRST, 0);

    assert_eq!(seat, Ok(host));
    assert!(harness.is_host(host));
}

#[test]
fn a_room_whose_host_is_lost_passes_to_a_joiner_once_the_time_is_up() {
    let mut harness = Harness::open();
    let host = harness.enter("ana");
    harness.lose(host);
    harness.pass(Duration::from_mins(1));

    let joiner = harness.enter("ben");
    harness.pass(Duration::ZERO);

    assert!(harness.is_host(joiner));
    assert_eq!(harness.room.len(), 2);
}

#[test]
fn a_returning_member_is_sent_the_room_before_anything_else() {
    let (mut harness, host, _viewer) = Harness::watching();
    harness.lose(host);
    harness.pass(Duration::from_mins(1));
    harness.forget();

    harness.resume(FIRST, 0).expect("the seat is kept");

    let first = harness.sent(host).into_iter().next();
    assert!(matches!(first, Some(ServerMessage::RoomJoined(_))), "{first:?}");
}

/// How long before it counts as silent a client is asked for a sign of life.
const ANSWER: Duration = Duration::from_millis(1_500);

/// The silence after which a client is asked while the room plays.
const ASKED: Duration = LIMITS.seats.silent.saturating_sub(ANSWER);

/// The same while the room does not play.
const ASKED_STANDING: Duration = LIMITS.seats.silent_standing.saturating_sub(ANSWER);

/// Returns how often a member was asked for a ping.
fn asked(harness: &Harness, member: MemberId) -> usize {
    let is_asked = |message: &ServerMessage| matches!(message, ServerMessage::AreYouThere(_));
    harness.sent(member).into_iter().filter(is_asked).count()
}

#[test]
fn a_client_that_sends_nothing_is_asked_once_and_then_silent_until_it_sends_again_and_nobody_waits_for_it() {
    let (mut harness, host, viewer) = Harness::watching();
    harness.act(host, Action::Play);
    harness.pass(Duration::from_secs(1));
    harness.request_clock(viewer);
    harness.forget();

    harness.pass(just_before(ASKED));
    assert_eq!(asked(&harness, viewer), 0);
    harness.pass(Duration::from_millis(1));
    assert_eq!(asked(&harness, viewer), 1);
    harness.pass(just_before(ANSWER));
    assert_eq!(harness.member(viewer).link, MemberLink::Up);
    harness.pass(Duration::from_millis(1));

    assert_eq!(harness.member(viewer).link, MemberLink::Silent);
    assert_eq!(asked(&harness, viewer), 1);
    assert_eq!(harness.sent(host).len(), 1, "one message tells of it");
    assert_eq!(
        harness.member(host).link,
        MemberLink::Up,
        "it never asked the clock"
    );
    harness.act(host, Action::Seek { position: secs(30) });
    harness.ready(host);
    assert_eq!(harness.timeline().playback, Playback::Playing);
    harness.request_clock(viewer);
    assert_eq!(harness.member(viewer).link, MemberLink::Up);
}

#[test]
fn a_client_that_answers_is_not_silent() {
    let (mut harness, host, viewer) = Harness::watching();
    harness.act(host, Action::Play);
    harness.request_clock(viewer);
    harness.pass(ASKED);
    harness.forget();

    harness.request_clock(viewer);
    harness.pass(ASKED);

    assert_eq!(harness.member(viewer).link, MemberLink::Up);
    assert_eq!(
        asked(&harness, viewer),
        1,
        "it is asked again after the next silence"
    );
    assert_eq!(harness.sent(host), []);
}

#[test]
fn a_client_may_send_nothing_for_longer_in_a_paused_room() {
    let (mut harness, _host, viewer) = Harness::watching();
    harness.request_clock(viewer);

    harness.pass(just_before(ASKED_STANDING));
    assert_eq!(asked(&harness, viewer), 0);
    harness.pass(Duration::from_millis(1));
    assert_eq!(asked(&harness, viewer), 1);
    harness.pass(ANSWER);

    assert_eq!(harness.member(viewer).link, MemberLink::Silent);
}

#[test]
fn a_client_of_a_room_that_begins_to_play_has_the_time_of_a_playing_one() {
    let (mut harness, host, viewer) = Harness::watching();
    harness.request_clock(viewer);
    harness.pass(Duration::from_secs(6));
    harness.act(host, Action::Play);
    harness.forget();

    harness.pass(Duration::from_secs(3));

    assert_eq!(asked(&harness, viewer), 0);
    assert_eq!(harness.member(viewer).link, MemberLink::Up);
}

#[test]
fn nobody_counts_as_silent_because_the_server_froze() {
    let (mut harness, host, viewer) = Harness::watching();
    harness.act(host, Action::Play);
    harness.request_clock(host);
    harness.request_clock(viewer);
    harness.forget();

    harness.now = harness.now + 2 * LIMITS.seats.silent;
    harness.room.handle_timeout(harness.now);
    harness.drain();

    assert_eq!(harness.member(viewer).link, MemberLink::Up);
    assert_eq!(harness.sent(host), []);
    harness.request_clock(host);
    harness.pass(ASKED);
    harness.request_clock(host);
    harness.pass(ANSWER);
    assert_eq!(
        harness.member(viewer).link,
        MemberLink::Silent,
        "it does not answer now either"
    );
}

#[test]
fn any_message_of_a_silent_client_proves_that_it_is_there() {
    let (mut harness, host, viewer) = Harness::watching();
    harness.act(host, Action::Play);
    harness.request_clock(viewer);
    harness.pass(ASKED);
    harness.pass(ANSWER);

    harness.follow(viewer);

    assert_eq!(harness.member(viewer).link, MemberLink::Up);
}
