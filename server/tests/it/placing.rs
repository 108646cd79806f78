//! Tests that a server which is one of several redirects clients to the server that has their room.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use watchtogether_protocol::message::playback::StallPolicy;
use watchtogether_protocol::message::room::{Access, CreateRoom, Elsewhere};
use watchtogether_protocol::message::settings::RoomSettings;
use watchtogether_protocol::{ClientMessage, Pin, Rate, RoomName, ServerMessage};
use watchtogether_server::placement::{Location, Placement};
use watchtogether_server::{Retention, Server};

use crate::client::{Client, create, join};
use crate::test_server::{TestServer, config};

/// A placement that has all rooms until they are moved.
#[derive(Clone, Debug, Default)]
struct MovablePlacement(Arc<AtomicBool>);

impl MovablePlacement {
    fn move_away(&self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl Placement for MovablePlacement {
    fn locate(&self, _room: &RoomName) -> Location {
        if self.0.load(Ordering::Relaxed) {
            Location::Elsewhere(other())
        } else {
            Location::Here
        }
    }
}

fn other() -> Elsewhere {
    Elsewhere {
        address: "other.example.org".parse().expect("an address"),
        pin: Pin::from_bytes([7; 16]),
    }
}

/// Starts a server whose rooms can be moved.
fn one_of_several() -> (TestServer, MovablePlacement) {
    let placement = MovablePlacement::default();
    let config = config(Retention::Nothing);
    let server = Server::bind(&config).expect("a free port");
    let server = TestServer::of(server.with_placement(placement.clone()), Server::run);
    (server, placement)
}

#[tokio::test]
async fn rooms_are_opened_and_entered_where_they_live_whether_they_exist_or_not() {
    let (server, placement) = one_of_several();
    let (_ana, _) = Client::create(&server, "ana", "film-night").await;
    placement.move_away();
    let unnamed = ClientMessage::CreateRoom(CreateRoom {
        room: None,
        access: Access::Open,
        settings: RoomSettings::new(StallPolicy::Wait),
        rate: Rate::NORMAL,
        invite: None,
    });
    let requests = [
        join("film-night"),
        join("nothing"),
        create("film-night", Access::Open),
        create("another", Access::Open),
        unnamed,
    ];

    for request in requests {
        let mut ben = Client::greet(&server, "ben").await;
        ben.send(request.clone()).await;

        assert_eq!(ben.next().await, ServerMessage::Elsewhere(other()), "{request:?}");
    }
}

#[tokio::test]
async fn a_seat_is_given_back_only_where_its_room_lives() {
    let (server, placement) = one_of_several();
    let (ana, before) = Client::create(&server, "ana", "film-night").await;
    placement.move_away();
    ana.vanish();

    let mut again = Client::greet(&server, "ana").await;
    again.resume(&before, 0).await;

    assert_eq!(again.next().await, ServerMessage::Elsewhere(other()));
}

#[tokio::test]
async fn a_client_that_was_sent_on_may_ask_for_a_room_that_lives_here() {
    let (server, placement) = one_of_several();
    let mut ana = Client::greet(&server, "ana").await;
    placement.move_away();
    ana.send(join("film-night")).await;
    assert_eq!(ana.next().await, ServerMessage::Elsewhere(other()));
    placement.0.store(false, Ordering::Relaxed);

    let entered = ana.open_room("film-night", Access::Open).await;

    assert_eq!(entered.room.name.as_str(), "film-night");
}
