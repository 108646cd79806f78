//! The end of the server.

use quinn::TransportConfig;
use tokio::sync::oneshot;
use tokio::time::timeout;
use watchtogether_protocol::close::CloseCode;
use watchtogether_protocol::message::room::{Access, Closing, ClosingReason};
use watchtogether_protocol::{Revision, ServerMessage};
use watchtogether_server::{Retention, Server};

use crate::client::{Client, chat};
use crate::house::{House, LIMITS, config};

#[tokio::test]
async fn a_server_that_ends_tells_everybody_and_is_gone() {
    let house = House::open();
    let (mut ana, _) = Client::create(&house, "ana", "one").await;
    let (mut ben, _) = Client::join(&house, "ben", "one").await;
    let (mut cy, _) = Client::create(&house, "cy", "other").await;
    let at_the_door = Client::greet(&house, "dan").await;

    house.shut_down();

    let closing = ServerMessage::Closing(Closing {
        why: ClosingReason::ServerEnds,
    });
    for client in [&mut ana, &mut ben, &mut cy] {
        let wanted = closing.clone();
        client
            .wait_for(move |message| (message == wanted).then_some(()))
            .await;
        assert_eq!(client.closed().await, CloseCode::ShuttingDown);
    }
    assert_eq!(at_the_door.closed().await, CloseCode::ShuttingDown);
    house.ended().await;
}

#[tokio::test]
async fn a_server_of_nobody_ends_at_once() {
    let house = House::open();

    house.shut_down();

    house.ended().await;
}

#[tokio::test]
async fn a_client_that_reads_nothing_does_not_keep_a_server_up() {
    let house = House::open();
    let mut transport = TransportConfig::default();
    transport.stream_receive_window(512u32.into());
    let mut deaf = Client::connect_with(&house, transport).await;
    deaf.say_hello("ana").await;
    deaf.open_room("film-night", Access::Open).await;
    deaf.chat(1, &"so much to say ".repeat(100)).await;
    deaf.ping(1, Revision(0)).await;

    house.shut_down();

    let ended = timeout(2 * LIMITS.connections.drain, house.ended()).await;
    assert!(ended.is_ok(), "what is not read is given up");
    assert_eq!(deaf.closed().await, CloseCode::ShuttingDown);
}

#[tokio::test]
async fn who_speaks_while_the_room_is_closed_hears_that_it_was() {
    let (house, end) = house_that_is_told();
    let (mut ana, _) = Client::create(&house, "ana", "one").await;
    let (mut ben, _) = Client::join(&house, "ben", "one").await;

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
async fn rooms_that_are_closed_for_good_say_so() {
    let (house, end) = house_that_is_told();
    let (mut ana, _) = Client::create(&house, "ana", "one").await;
    let (mut ben, _) = Client::join(&house, "ben", "one").await;

    end.send(ClosingReason::RoomClosed).expect("it is listened to");

    for client in [&mut ana, &mut ben] {
        client
            .wait_for(|message| {
                let why = ClosingReason::RoomClosed;
                (message == ServerMessage::Closing(Closing { why })).then_some(())
            })
            .await;
        assert_eq!(client.closed().await, CloseCode::RoomClosed);
    }
    house.ended().await;
}

/// Returns a house whose end the test triggers.
fn house_that_is_told() -> (House, oneshot::Sender<ClosingReason>) {
    let config = config(Retention::Nothing);
    let server = Server::bind(&config).expect("a free port");
    let (end, told) = oneshot::channel();
    let told = async { told.await.expect("the test says why") };
    let house = House::of(server, |server, _shutdown| server.run_until(told));
    (house, end)
}
