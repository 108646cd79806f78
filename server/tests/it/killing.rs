//! Tests a server that is killed again and again while its members chat: every line that was acknowledged as saved is there
//! afterwards, once and in order.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use tokio::time::{Instant, sleep_until, timeout_at};
use tokio_util::sync::CancellationToken;
use watchtogether_protocol::message::chat::ChatLine;
use watchtogether_protocol::message::room::Entered;
use watchtogether_protocol::{ChatId, ServerMessage};
use watchtogether_server::{Retention, Server, store};

use crate::client::{Client, chat, uuid};
use crate::process::{Process, STATE, part};
use crate::test_server::{TestServer, config, within};

/// The number of rounds in a normal run; [`ROUNDS_VARIABLE`] overrides it.
const ROUNDS: u32 = 10;

const ROUNDS_VARIABLE: &str = "WATCHTOGETHER_KILL_ROUNDS";

/// The number of members. Each may send five lines in a burst, all of which have to be saved in one epoch.
const MEMBERS: usize = 8;
const LINES: u128 = 5;

/// The time within which a killed server accepts clients again.
const REOPENED: Duration = Duration::from_secs(1);

/// A member, with the lines that the server acknowledged.
struct Talker {
    client: Client,
    entered: Entered,
    /// The member's lines that came back in this epoch and may not be on the disk yet.
    ordered: Vec<ChatLine>,
    /// The member's lines that are on the disk, according to the server.
    saved: Vec<ChatLine>,
    /// The member's lines that did not come back.
    unreceived: BTreeSet<u128>,
    next: u128,
}

impl Talker {
    fn new(client: Client, entered: Entered) -> Self {
        Self {
            client,
            entered,
            ordered: Vec::new(),
            saved: Vec::new(),
            unreceived: BTreeSet::new(),
            next: 1,
        }
    }

    /// Receives the room's messages until an instant, or until the server is gone.
    async fn listen(&mut self, until: Instant) {
        while let Ok(Some(message)) = timeout_at(until, self.client.try_next()).await {
            if let ServerMessage::Chat(line) = message {
                if line.from == self.entered.you {
                    self.unreceived.remove(&line.id.0.as_u128());
                    self.ordered.push(line);
                }
            } else if let ServerMessage::Saved(saved) = message {
                assert!(!saved.is_failing);
                let is_kept = |line: &mut ChatLine| line.sequence <= saved.chat;
                self.saved.extend(self.ordered.extract_if(.., is_kept));
            }
        }
    }

    /// Repeats lines that did not come back or were not saved, and adds a new one.
    async fn talk(&mut self) {
        let number = u128::from(self.entered.you.0) << 64;
        let lost: Vec<u128> = self.ordered.drain(..).map(|line| line.id.0.as_u128()).collect();
        self.unreceived.extend(lost);
        let again = self.unreceived.len() as u128;
        for _ in again..LINES {
            self.unreceived.insert(number | self.next);
            self.next += 1;
        }
        for id in self.unreceived.iter().copied().take(5) {
            // A server that is already gone does not receive it.
            let sent = self.client.try_send(chat(id, &format!("line {id}"))).await;
            if !sent {
                return;
            }
        }
    }
}

#[test]
#[ignore = "run as a child process, and killed, by another test"]
fn a_server_to_be_killed() {
    let folder = PathBuf::from(std::env::var_os(STATE).expect("where its rooms are"));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime").block_on(async {
        let start = Instant::now();
        let config = config(Retention::Rooms(folder));
        let server = Server::bind(&config).expect("a server");
        let (address, pin) = (server.local_addr(), server.pin());
        say(&format!(
            "serving {address} {pin} {}",
            start.elapsed().as_millis()
        ));
        server.run(CancellationToken::new()).await;
    });
}

#[expect(
    clippy::print_stdout,
    reason = "a child process prints for the test that started it"
)]
fn say(line: &str) {
    println!("{line}");
}

fn rounds() -> u32 {
    let wanted = std::env::var(ROUNDS_VARIABLE).ok();
    wanted.map_or(ROUNDS, |text| text.parse().expect("a number of rounds"))
}

#[tokio::test]
async fn lines_acknowledged_as_saved_survive_every_kill() {
    let state = tempfile::tempdir().expect("a folder");
    let mut dice: u64 = 0x9e37_79b9_7f4a_7c15;
    let mut talkers: Vec<Talker> = Vec::new();
    let mut slowest = Duration::ZERO;
    let mut promised = 0;

    for round in 0..rounds() {
        let mut process = Process::start(part("killing::a_server_to_be_killed", state.path()));
        let (server, opened) = server_of(&process.says("serving "));
        slowest = slowest.max(opened);
        if talkers.is_empty() {
            talkers = opened_room(&server).await;
        } else {
            for talker in &mut talkers {
                come_back(talker, &server, round).await;
            }
        }
        for talker in &mut talkers {
            talker.talk().await;
        }
        dice = dice
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let kill_at = Instant::now() + Duration::from_millis((dice >> 33) % 120);
        sleep_until(kill_at).await;
        process.kill();
        // Messages that are in transit still arrive.
        let heard = Instant::now() + Duration::from_millis(50);
        for talker in &mut talkers {
            talker.listen(heard).await;
        }
        promised += talkers.iter().map(|talker| talker.saved.len()).sum::<usize>();
    }

    let millis = slowest.as_millis();
    let rounds = rounds();
    say(&format!(
        "{rounds} kills: {promised} lines saved and none lost, open again within {millis} ms"
    ));
    let census = store::check(state.path()).expect("the file is whole");
    assert_eq!((census.rooms, census.seats), (1, MEMBERS));
    assert!(slowest < REOPENED, "{slowest:?}");
    assert!(promised > 0, "nobody was promised anything");
}

fn server_of(line: &str) -> (TestServer, Duration) {
    let words: Vec<&str> = line.split(' ').collect();
    let [address, pin, millis] = words[..] else {
        panic!("{line}");
    };
    let address: SocketAddr = address.parse().expect("an address");
    let opened = Duration::from_millis(millis.parse().expect("a time"));
    (
        TestServer::elsewhere(address, pin.parse().expect("a key")),
        opened,
    )
}

async fn opened_room(server: &TestServer) -> Vec<Talker> {
    let (client, entered) = Client::create(server, "m0", "film-night").await;
    let mut talkers = vec![Talker::new(client, entered)];
    for number in 1..MEMBERS {
        let (client, entered) = Client::join(server, &format!("m{number}"), "film-night").await;
        talkers.push(Talker::new(client, entered));
    }
    talkers
}

/// Takes back a seat, and compares the chat with the acknowledgements.
async fn come_back(talker: &mut Talker, server: &TestServer, round: u32) {
    let mut client = Client::greet(server, "back").await;
    client.resume(&talker.entered, 0).await;
    let entered = within(client.entered()).await;
    assert_eq!(entered.you, talker.entered.you, "round {round}");
    let ids: Vec<ChatId> = entered.chat.iter().map(|line| line.id).collect();
    let distinct: BTreeSet<ChatId> = ids.iter().copied().collect();
    assert_eq!(distinct.len(), ids.len(), "round {round}: a line stands twice");
    let numbers: Vec<u64> = entered.chat.iter().map(|line| line.sequence).collect();
    let is_in_order = numbers.windows(2).all(|pair| pair[1] == pair[0] + 1);
    assert!(is_in_order, "round {round}: {numbers:?}");
    let first = numbers.first().copied().unwrap_or(u64::MAX);
    for line in talker.saved.drain(..).filter(|line| line.sequence >= first) {
        let found = entered.chat.iter().find(|kept| kept.sequence == line.sequence);
        assert_eq!(
            found,
            Some(&line),
            "round {round}: what was saved is there as it was"
        );
    }
    let saved_too = |id: &u128| distinct.contains(&ChatId(uuid(*id)));
    talker.unreceived.retain(|id| !saved_too(id));
    talker.ordered.retain(|line| !distinct.contains(&line.id));
    talker.client = client;
    talker.entered = entered;
}
