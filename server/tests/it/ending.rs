//! Tests of shutting down a server.

use quinn::TransportConfig;
use tokio::sync::oneshot;
use tokio::time::timeout;
use watchtogether_protocol::close::CloseCode;
use watchtogether_protocol::message::room::{Access, Closing, ClosingReason};
use watchtogether_protocol::{Revision, ServerMessage};
use watchtogether_server::{Retention, Server};

use crate::client::{Client, chat};
use crate::test_server::{LIMITS, TestServer, config};

#[tokio::test]
async fn a_server_that_ends_notifies_everybody_first() {
    let server = TestServer::open();
    let (mut ana, _) = Client::create(&server, "ana", "one").await;
    let (mut ben, _) = Client::join(&server, "ben", "one").await;
    let (mut cy, _) = Client::create(&server, "cy", "other").await;
    let greeted = Client::greet(&server, "dan").await;

    server.shut_down();

    let closing = ServerMessage::Closing(Closing {
        reason: ClosingReason::ServerEnds,
    });
    for client in [&mut ana, &mut ben, &mut cy] {
        let wanted = closing.clone();
        client
            .wait_for(move |message| (message == wanted).then_some(()))
            .await;
        assert_eq!(client.closed().await, CloseCode::ShuttingDown);
    }
    assert_eq!(greeted.closed().await, CloseCode::ShuttingDown);
    server.ended().await;
}

#[tokio::test]
async fn a_server_of_nobody_ends_at_once() {
    let server = TestServer::open();

    server.shut_down();

    server.ended().await;
}

#[tokio::test]
async fn a_client_that_reads_nothing_does_not_keep_a_server_up() {
    let server = TestServer::open();
    let mut transport = TransportConfig::default();
    transport.stream_receive_window(512u32.into());
    let mut slow_reader = Client::connect_with(&server, transport).await;
    slow_reader.say_hello("ana").await;
    slow_reader.open_room("film-night", Access::Open).await;
    slow_reader.chat(1, &"so much to say ".repeat(100)).await;
    slow_reader.ping(1, Revision(0)).await;

    server.shut_down();

    let ended = timeout(2 * LIMITS.connections.drain, server.ended()).await;
    assert!(ended.is_ok(), "what is not read is given up");
    assert_eq!(slow_reader.closed().await, CloseCode::ShuttingDown);
}

#[tokio::test]
async fn a_member_who_speaks_while_the_room_closes_is_told_that_it_closed() {
    let (server, end) = server_with_shutdown();
    let (mut ana, _) = Client::create(&server, "ana", "one").await;
    let (mut ben, _) = Client::join(&server, "ben", "one").await;

    end.send(ClosingReason::RoomClosed).expect("it is listened to");
    for id in 0..50 {
        let are_heard = (
            ana.try_send(chat(id, "a")).await,
            ben.try_send(chat(id, "b")).await,
        );
        if are_heard == (false, false) {
            break;
        }
    }

    for client in [&ana, &ben] {
        assert_eq!(client.closed().await, CloseCode::RoomClosed);
    }
}

#[tokio::test]
async fn members_of_rooms_closed_for_good_are_told_so() {
    let (server, end) = server_with_shutdown();
    let (mut ana, _) = Client::create(&server, "ana", "one").await;
    let (mut ben, _) = Client::join(&server, "ben", "one").await;

    end.send(ClosingReason::RoomClosed).expect("it is listened to");

    for client in [&mut ana, &mut ben] {
        client
            .wait_for(|message| {
                let reason = ClosingReason::RoomClosed;
                (message == ServerMessage::Closing(Closing { reason })).then_some(())
            })
            .await;
        assert_eq!(client.closed().await, CloseCode::RoomClosed);
    }
    server.ended().await;
}

/// Returns a server that ends when the test sends a reason.
fn server_with_shutdown() -> (TestServer, oneshot::Sender<ClosingReason>) {
    let config = config(Retention::Nothing);
    let server = Server::bind(&config).expect("a free port");
    let (end, announced) = oneshot::channel();
    let announced = async { announced.await.expect("the test says why") };
    let server = TestServer::of(server, |server, _shutdown| server.run_until(announced));
    (server, end)
}
