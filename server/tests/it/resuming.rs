//! Tests of seats that outlive their connections.

use quinn::TransportConfig;
use watchtogether_protocol::close::CloseCode;
use watchtogether_protocol::message::room::{Access, Leave, Refusal, Request};
use watchtogether_protocol::message::roster::{LeaveReason, MemberLink};
use watchtogether_protocol::{ClientMessage, MemberId, ServerMessage, Token};

use crate::client::Client;
use crate::test_server::TestServer;

/// Waits until others see this state of a member's connection.
async fn link_seen(client: &mut Client, of: MemberId, link: MemberLink) {
    client
        .member_seen(|member| member.id == of && member.link == link)
        .await;
}

#[tokio::test]
async fn a_lost_member_takes_its_seat_again_and_gets_what_it_missed() {
    let server = TestServer::open();
    let (mut ana, _) = Client::create(&server, "ana", "film-night").await;
    let (ben, before) = Client::join(&server, "ben", "film-night").await;

    ben.vanish();
    link_seen(&mut ana, before.you, MemberLink::Lost).await;
    ana.chat(1, "where are you?").await;
    ana.line().await;
    let mut again = Client::greet(&server, "ben").await;
    again.resume(&before, 0).await;
    let entered = again.entered().await;

    assert_eq!(entered.you, before.you);
    assert_eq!(entered.room.members.len(), 2);
    assert_eq!(entered.chat.len(), 1);
    assert_ne!(entered.token, before.token);
    link_seen(&mut ana, before.you, MemberLink::Up).await;
}

#[tokio::test]
async fn a_newer_connection_takes_the_seat_and_the_older_one_is_told() {
    let server = TestServer::open();
    let (mut ana, _) = Client::create(&server, "ana", "film-night").await;
    let (ben, before) = Client::join(&server, "ben", "film-night").await;

    let mut newer = Client::greet(&server, "ben").await;
    newer.resume(&before, 0).await;
    let entered = newer.entered().await;

    assert_eq!(entered.you, before.you);
    assert_eq!(ben.closed().await, CloseCode::Replaced);
    // The end of the older connection does not end the seat.
    newer.chat(1, "still here").await;
    assert_eq!(newer.line().await.from, before.you);
    assert_eq!(ana.line().await.from, before.you);
}

#[tokio::test]
async fn a_token_that_was_used_or_never_given_takes_no_seat() {
    let server = TestServer::open();
    let (_ana, _) = Client::create(&server, "ana", "film-night").await;
    let (_ben, before) = Client::join(&server, "ben", "film-night").await;
    let mut newer = Client::greet(&server, "ben").await;
    newer.resume(&before, 0).await;
    newer.entered().await;
    newer.chat(1, "here I am").await;
    newer.line().await;

    let mut thief = Client::greet(&server, "eve").await;
    thief.resume(&before, 0).await;
    let used = thief.refused().await;
    let mut guessed = before.clone();
    guessed.token = Token::from_bytes([7; 32]);
    thief.resume(&guessed, 0).await;

    assert_eq!((used.request, used.reason), (Request::Resume, Refusal::SeatGone));
    assert_eq!(thief.refused().await, used);
}

#[tokio::test]
async fn a_seat_that_was_given_up_is_gone() {
    let server = TestServer::open();
    let (mut ana, _) = Client::create(&server, "ana", "film-night").await;
    let (mut ben, before) = Client::join(&server, "ben", "film-night").await;
    ben.send(ClientMessage::Leave(Leave {})).await;
    let left = ana
        .wait_for(|message| {
            if let ServerMessage::UserLeft(left) = message {
                Some(left.reason)
            } else {
                None
            }
        })
        .await;

    let mut again = Client::greet(&server, "ben").await;
    again.resume(&before, 0).await;

    assert_eq!(left, LeaveReason::Left);
    assert_eq!(again.refused().await.reason, Refusal::SeatGone);
}

#[tokio::test]
async fn an_older_connection_that_reads_nothing_is_still_replaced() {
    let server = TestServer::open();
    let mut transport = TransportConfig::default();
    transport.stream_receive_window(512u32.into());
    let mut slow_reader = Client::connect_with(&server, transport).await;
    slow_reader.say_hello("ana").await;
    let before = slow_reader.open_room("film-night", Access::Open).await;
    slow_reader.chat(1, &"so much to say ".repeat(100)).await;

    let mut newer = Client::greet(&server, "ana").await;
    newer.resume(&before, 0).await;
    newer.entered().await;

    assert_eq!(slow_reader.closed().await, CloseCode::Replaced);
}
