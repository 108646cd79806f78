//! Tests that clients which break the protocol are disconnected, and that nobody else notices.

use quinn::{ConnectionError, TransportConfig, TransportErrorCode};
use tokio::task::yield_now;
use tokio::time::{interval, timeout};
use watchtogether_protocol::close::CloseCode;
use watchtogether_protocol::datagram::ServerDatagram;
use watchtogether_protocol::frame::{self, FLAG_OPTIONAL};
use watchtogether_protocol::message::playback::Ready;
use watchtogether_protocol::message::room::Access;
use watchtogether_protocol::message::roster::{LeaveReason, MemberLink, UserLeft};
use watchtogether_protocol::{ClientMessage, MemberId, Revision, ServerMessage, limits};

use crate::client::{Client, chat, create, dial, hello, join};
use crate::test_server::{LIMITS, TestServer, within};

/// Returns a room of two: a well-behaved client, and one that will misbehave.
async fn room_of_two(server: &TestServer) -> (Client, Client, MemberId) {
    let (mut kind, _) = Client::create(server, "ana", "film-night").await;
    let (hostile, entered) = Client::join(server, "eve", "film-night").await;
    kind.next().await;
    (kind, hostile, entered.you)
}

/// Checks that the other member is notified that a client was disconnected, and can still chat.
async fn is_put_out(kind: &mut Client, id: MemberId) {
    let reason = LeaveReason::Disconnected;
    let left = ServerMessage::UserLeft(UserLeft { id, reason });
    assert_eq!(kind.next().await, left);
    kind.chat(1, "who was that?").await;
    assert_eq!(kind.line().await.sequence, 1);
}

#[tokio::test]
async fn another_protocol_is_refused_in_the_handshake() {
    let server = TestServer::open();

    let (_endpoint, connection) = dial(&server, b"h3", TransportConfig::default()).await;

    // TLS calls it no_application_protocol, 120.
    let refused = match connection {
        Err(ConnectionError::ConnectionClosed(close)) => close.error_code,
        other => panic!("a refused handshake, not {other:?}"),
    };
    assert_eq!(refused, TransportErrorCode::crypto(120));
}

#[tokio::test]
async fn a_frame_over_the_limit_is_refused_by_its_header() {
    let server = TestServer::open();
    let (mut kind, mut hostile, id) = room_of_two(&server).await;
    let length = u32::try_from(limits::CLIENT_FRAME_BYTES + 1).expect("a small number");

    hostile.send_bytes(&length.to_le_bytes()).await;
    hostile.send_bytes(&[8, 0, 0]).await;

    assert_eq!(hostile.closed().await, CloseCode::ProtocolError);
    is_put_out(&mut kind, id).await;
}

#[tokio::test]
async fn a_frame_that_is_no_message_ends_the_conversation() {
    let server = TestServer::open();
    let (mut kind, mut hostile, id) = room_of_two(&server).await;

    hostile.send_bytes(&frame::write(8, 0, &[0xff; 40])).await;

    assert_eq!(hostile.closed().await, CloseCode::ProtocolError);
    is_put_out(&mut kind, id).await;
}

#[tokio::test]
async fn a_message_that_breaks_a_rule_ends_the_conversation() {
    let server = TestServer::open();
    let (mut kind, mut hostile, id) = room_of_two(&server).await;

    hostile.send(chat(1, &"x".repeat(limits::CHAT_CHARS + 1))).await;

    assert_eq!(hostile.closed().await, CloseCode::ProtocolError);
    is_put_out(&mut kind, id).await;
}

#[tokio::test]
async fn a_message_of_an_unknown_type_is_skipped_only_if_it_is_optional() {
    let server = TestServer::open();
    let (mut kind, mut hostile, id) = room_of_two(&server).await;

    hostile
        .send_bytes(&frame::write(999, FLAG_OPTIONAL, b"news"))
        .await;
    hostile.chat(1, "still here").await;
    assert_eq!(hostile.line().await.from, id);
    assert_eq!(kind.line().await.from, id);
    hostile.send_bytes(&frame::write(999, 0, b"news")).await;

    assert_eq!(hostile.closed().await, CloseCode::ProtocolError);
}

#[tokio::test]
async fn half_a_frame_and_then_nothing_is_a_lost_link() {
    let server = TestServer::open();
    let (mut kind, mut hostile, id) = room_of_two(&server).await;
    let whole = chat(1, "never said").to_frame();

    hostile.send_bytes(&whole[..whole.len() / 2]).await;
    hostile.to_server.finish().expect("the stream is open");

    let changed = kind.next().await;
    assert!(
        matches!(&changed, ServerMessage::UserChanged(c) if c.member.id == id && c.member.link == MemberLink::Lost),
        "{changed:?}"
    );
}

#[tokio::test]
async fn a_message_out_of_place_ends_the_conversation() {
    let server = TestServer::open();
    let ready = || {
        ClientMessage::Ready(Ready {
            revision: Revision(1),
        })
    };

    let mut before_hello = Client::connect(&server).await;
    before_hello.send(join("film-night")).await;
    let mut without_a_seat = Client::greet(&server, "ana").await;
    without_a_seat.send(ready()).await;
    let mut twice = Client::greet(&server, "ana").await;
    twice.send(hello("ana")).await;

    assert_eq!(before_hello.closed().await, CloseCode::ProtocolError);
    assert_eq!(without_a_seat.closed().await, CloseCode::ProtocolError);
    assert_eq!(twice.closed().await, CloseCode::ProtocolError);
}

#[tokio::test]
async fn a_member_with_a_seat_gets_no_second_one() {
    let server = TestServer::open();
    let (mut kind, mut hostile, id) = room_of_two(&server).await;

    hostile.send(create("another", Access::Open)).await;

    assert_eq!(hostile.closed().await, CloseCode::ProtocolError);
    is_put_out(&mut kind, id).await;
}

#[tokio::test]
async fn a_flood_of_messages_ends_the_conversation() {
    let server = TestServer::open();
    let (mut kind, mut hostile, id) = room_of_two(&server).await;
    let message = ClientMessage::Ready(Ready {
        revision: Revision(1),
    });

    hostile.send_bytes(&message.to_frame().repeat(2_000)).await;

    assert_eq!(hostile.closed().await, CloseCode::RateLimited);
    is_put_out(&mut kind, id).await;
}

#[tokio::test]
async fn a_flood_of_frames_that_may_be_skipped_ends_the_conversation() {
    for payload in [&[0; 16][..], &vec![0; limits::CLIENT_FRAME_BYTES]] {
        let server = TestServer::open();
        let (mut kind, mut hostile, id) = room_of_two(&server).await;
        let unknown = frame::write(999, FLAG_OPTIONAL, payload);

        let flood = async {
            // Writes until the server stops reading.
            while hostile.to_server.write_all(&unknown).await.is_ok() {}
        };
        within(flood).await;

        assert_eq!(hostile.closed().await, CloseCode::RateLimited);
        is_put_out(&mut kind, id).await;
    }
}

#[tokio::test]
async fn a_frame_that_comes_byte_by_byte_must_be_whole_in_time() {
    let server = TestServer::open();
    let (mut kind, mut hostile, id) = room_of_two(&server).await;
    let frame = chat(1, "never whole").to_frame();

    let dripping = async {
        let mut ticks = interval(LIMITS.connections.frame / 5);
        for byte in frame.chunks(1) {
            ticks.tick().await;
            if hostile.to_server.write_all(byte).await.is_err() {
                return;
            }
        }
    };
    within(dripping).await;

    assert_eq!(hostile.closed().await, CloseCode::TooSlow);
    let changed = kind.next().await;
    assert!(
        matches!(&changed, ServerMessage::UserChanged(c) if c.member.id == id && c.member.link == MemberLink::Lost),
        "{changed:?}"
    );
}

#[tokio::test]
async fn pings_over_the_budget_are_dropped_and_the_next_ones_answered() {
    let server = TestServer::open();
    let (_kind, hostile, _) = room_of_two(&server).await;

    for _ in 0..10 * LIMITS.connections.datagrams.burst {
        hostile.send_ping(1, Revision(1));
    }
    // Answered once the budget has a token again.
    let mut ticks = interval(LIMITS.connections.datagrams.every);
    let answered = async {
        loop {
            ticks.tick().await;
            hostile.send_ping(2, Revision(1));
            if let Ok(ServerDatagram::Pong(pong)) = timeout(ticks.period(), hostile.datagram()).await
                && pong.sequence == 2
            {
                break;
            }
        }
    };

    within(answered).await;
}

#[tokio::test]
async fn a_flood_of_pings_ends_the_conversation() {
    let server = TestServer::open();
    let (mut kind, hostile, id) = room_of_two(&server).await;

    let flood = async {
        loop {
            for _ in 0..100 {
                hostile.send_ping(1, Revision(0));
            }
            yield_now().await;
        }
    };
    let code = tokio::select! {
        code = hostile.closed() => code,
        () = flood => unreachable!("it goes on for ever"),
    };

    assert_eq!(code, CloseCode::RateLimited);
    is_put_out(&mut kind, id).await;
}

#[tokio::test]
async fn an_unreadable_datagram_ends_the_conversation() {
    let server = TestServer::open();
    let (mut kind, hostile, id) = room_of_two(&server).await;

    let garbage = vec![0; 60].into();
    hostile.connection.send_datagram(garbage).expect("datagrams pass");

    assert_eq!(hostile.closed().await, CloseCode::ProtocolError);
    is_put_out(&mut kind, id).await;
}
