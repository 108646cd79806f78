//! Tests with two servers: one has the rooms, and the other redirects to it.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use tokio::sync::broadcast;
use tokio::time::timeout;
use tokio_util::sync::{CancellationToken, DropGuard};
use watchtogether::driver::{Client, ClientConfig, ClientEvent};
use watchtogether::session::command::Command;
use watchtogether::session::event::{EntryKind, Event};
use watchtogether::session::{Admission, SessionConfig};
use watchtogether::sync::law::Law;
use watchtogether::transport::Trust;
use watchtogether_protocol::message::room::{Access, Elsewhere};
use watchtogether_protocol::message::settings::RoomSettings;
use watchtogether_protocol::time::WallTime;
use watchtogether_protocol::{Clean, Invite, Pin, RoomName};
use watchtogether_server::limits::Limits;
use watchtogether_server::placement::{Location, Placement};
use watchtogether_server::{Retention, Server, ServerConfig};

use crate::program::Home;

/// The time within which every awaited event happens.
const DEADLINE: Duration = Duration::from_secs(20);

/// A directory that places all rooms on another server.
#[derive(Debug)]
struct AllElsewhere(Elsewhere);

impl Placement for AllElsewhere {
    fn locate(&self, _room: &RoomName) -> Location {
        Location::Elsewhere(self.0.clone())
    }
}

fn server() -> Server {
    let config = ServerConfig {
        listen: (Ipv4Addr::LOCALHOST, 0).into(),
        keeps: Retention::Nothing,
        is_loopback_exempt: true,
        limits: Limits::default(),
    };
    Server::bind(&config).expect("a free port")
}

/// A client that knows only the first server.
struct JoiningClient {
    client: Client,
    notices: broadcast::Receiver<ClientEvent>,
}

impl JoiningClient {
    fn join(name: &str, admission: Admission, (address, pin): (SocketAddr, Pin)) -> Self {
        let (client, notices) = Client::start(ClientConfig {
            trust: Trust::Pinned(pin),
            session: SessionConfig {
                address: address.to_string().parse().expect("an address"),
                name: name.parse().expect("a name"),
                avatar: None,
                software: Clean::line("test 1"),
                admission,
                local_item: None,
                copy_of: None,
                has_player: false,
                pause_after_lost: Duration::from_mins(2),
                law: Law::default(),
                seed: 1,
                wall: WallTime(0),
            },
            player: None,
            over_film: |_| None,
            media_dirs: Vec::new(),
            seats: None,
            owner: None,
        });
        Self { client, notices }
    }

    /// Waits for a notice of some kind.
    async fn event<T>(&mut self, is_it: impl Fn(ClientEvent) -> Option<T>) -> T {
        let search = async {
            loop {
                let notice = self.notices.recv().await.expect("the client runs");
                if let Some(found) = is_it(notice) {
                    return found;
                }
            }
        };
        timeout(DEADLINE, search).await.expect("it comes in time")
    }

    /// Returns the keys of the servers that were contacted before the client was in the room, and how it entered.
    async fn entry(&mut self) -> (Vec<Pin>, EntryKind) {
        let mut pins = Vec::new();
        loop {
            let step = self
                .event(|notice| match notice {
                    ClientEvent::Connected(identity) => Some(Err(identity.pin)),
                    ClientEvent::Event(Event::Entered { how, .. }) => Some(Ok(how)),
                    ClientEvent::Event(_) | ClientEvent::Finished(_) => None,
                })
                .await;
            match step {
                Err(pin) => pins.push(pin),
                Ok(how) => return (pins, how),
            }
        }
    }
}

/// Runs two servers until the guard is dropped. The first one redirects to the second one for all rooms. Returns their addresses
/// and keys.
fn run_two() -> ([(SocketAddr, Pin); 2], DropGuard) {
    let (first, second) = (server(), server());
    let has_the_rooms = Elsewhere {
        address: second.local_addr().to_string().parse().expect("an address"),
        pin: second.pin(),
    };
    let first = first.with_placement(AllElsewhere(has_the_rooms));
    let known = [&first, &second].map(|server| (server.local_addr(), server.pin()));
    let shutdown = CancellationToken::new();
    tokio::spawn(first.run(shutdown.clone()));
    tokio::spawn(second.run(shutdown.clone()));
    (known, shutdown.drop_guard())
}

#[tokio::test]
async fn a_server_sends_whoever_opens_or_enters_a_room_to_the_one_that_has_it() {
    let ([known, second], _end) = run_two();
    let pins = vec![known.1, second.1];
    let film: RoomName = "film".parse().expect("a room's name");

    let opens = Admission::Host {
        room: Some(film.clone()),
        is_name_chosen: true,
        access: Access::Open,
        settings: RoomSettings::default(),
        again: None,
    };
    let mut ana = JoiningClient::join("ana", opens, known);
    assert_eq!(ana.entry().await, (pins.clone(), EntryKind::Created));
    let enters = Admission::Join {
        room: film,
        token: None,
        password: None,
    };
    let mut bo = JoiningClient::join("bo", enters, known);
    assert_eq!(bo.entry().await, (pins, EntryKind::Joined));

    let text = Clean::line("here we are");
    let says = Command::Say { text: text.clone() };
    bo.client.commands().send(says).await.expect("the client runs");
    ana.event(|notice| match notice {
        ClientEvent::Event(Event::Chat(line)) => (line.text == text).then_some(()),
        ClientEvent::Event(_) | ClientEvent::Connected(_) | ClientEvent::Finished(_) => None,
    })
    .await;
    bo.client.leave().await;
    ana.client.leave().await;
}

#[tokio::test]
async fn an_invite_has_the_key_of_the_server_that_it_leads_to() {
    let ([(address, pin), _], _end) = run_two();
    let home = Home::new();
    let host = format!("host --server {address} --plain --player none --room film --name ana --access open");

    let mut ana = home.start(&host.split(' ').collect::<Vec<_>>());

    let expected = Invite {
        address: address.to_string().parse().expect("an address"),
        room: Some("film".parse().expect("a room's name")),
        pin: Some(pin),
        token: None,
    };
    let invite = ana.invite().await;
    assert_eq!(invite, expected.to_string());
    let status = home.run(&["status", "--json"]).await;
    let status: serde_json::Value = serde_json::from_str(&status.stdout).expect("JSON");
    assert_eq!(status["room"]["invite"], invite);
    let at_bo = Home::new();
    let mut bo = at_bo.start(&["join", &invite, "--plain", "--player", "none", "--name", "bo"]);
    bo.says("2 people: ana (host), you.").await;
}
