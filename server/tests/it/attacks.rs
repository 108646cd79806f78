//! Measures how much an attack slows another room. `make bench-attacks` prints the figures next to those of the first review.

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use quinn::TransportConfig;
use tokio::runtime::Builder;
use tokio::time::{Instant, MissedTickBehavior, interval, timeout};
use tokio_util::sync::CancellationToken;
use watchtogether_protocol::frame::{self, FLAG_OPTIONAL};
use watchtogether_protocol::item::FileMatch;
use watchtogether_protocol::message::roster::{PlayerState, Report};
use watchtogether_protocol::{ClientMessage, Revision, limits, version};
use watchtogether_server::limits::Limits;
use watchtogether_server::{Retention, Server, ServerConfig};

use crate::client::{Client, dial_from, join};
use crate::process::{Process, STATE, part};
use crate::test_server::TestServer;

/// How long each attack is observed. It is longer than the ten seconds after which an incomplete frame ends a connection.
const MEASURED: Duration = Duration::from_secs(20);

/// How long an attack runs before it is measured.
const WARM_UP: Duration = Duration::from_secs(1);

/// The interval of an honest client's clock requests.
const PING_EVERY: Duration = Duration::from_millis(50);

/// The interval at which another client joins the room.
const JOIN_EVERY: Duration = Duration::from_secs(2);

/// The time after which an unanswered ping counts as lost, so that the client sends another.
const PING_WITHIN: Duration = Duration::from_secs(1);

/// The time after which a join counts as failed.
const JOIN_WITHIN: Duration = Duration::from_secs(10);

/// The room of the honest clients.
const ROOM: &str = "film-night";

/// The address of the attackers.
const ATTACKER: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 66);

/// The address of the clients that join.
const JOINER: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 7);

/// The environment variable that makes the server apply its limits to this machine, whose addresses are otherwise exempt.
const LIMITS: &str = "WATCHTOGETHER_TEST_LIMITS";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Attack {
    None,
    Pings,
    PingsByFour,
    UnknownFrames,
    HalfFrames,
    Resumes,
    Reports,
    Joins,
}

/// Each attack with its name and the figure of the first review.
const ATTACKS: [(Attack, &str, &str); 8] = [
    (Attack::None, "none", "CPU 1 to 2 %, p99 1 to 5 ms, join 4 ms"),
    (Attack::Pings, "pings of one member", "50,000/s: CPU 16 %"),
    (
        Attack::PingsByFour,
        "pings of four members",
        "370,000/s: CPU 31 %, p99 15 ms",
    ),
    (
        Attack::UnknownFrames,
        "unknown frames of 64 KiB",
        "283 MB/s: CPU 38 %, p99 9 ms",
    ),
    (
        Attack::HalfFrames,
        "half frames on 40 connections",
        "40 of 40 held after 63 s",
    ),
    (Attack::Resumes, "taking a seat again", "528/s, 66 MB/s"),
    (
        Attack::Reports,
        "reports, 45/s by 16 among 100",
        "72,000 messages/s out",
    ),
    (
        Attack::Joins,
        "joins from one address",
        "2,000/s refused: CPU 58 %",
    ),
];

#[test]
#[ignore = "a bench of four minutes: make bench-attacks"]
fn an_attack_barely_slows_an_honest_room() {
    say(&format!(
        "{:<30}{:>9}{:>9}{:>8}{:>8}{:>6}{:>9}{:>9}{:>6}{:>5}  first review",
        "attack", "tried/s", "done/s", "p50 ms", "p99 ms", "lost", "join p50", "join max", "CPU %", "MiB"
    ));
    let lost = PING_WITHIN.as_secs_f64() * 1_000.0;
    for (attack, name, before) in ATTACKS {
        let figures = measure(attack);
        let Figures {
            tried,
            done,
            pings,
            joins,
            cpu,
            memory,
        } = &figures;
        say(&format!(
            "{name:<30}{tried:>9.0}{done:>9.0}{:>8.2}{:>8.2}{:>6}{:>9.1}{:>9.1}{cpu:>6.1}{memory:>5.0}  {before}",
            at(pings, 0.5),
            at(pings, 0.99),
            pings.iter().filter(|time| **time >= lost).count(),
            at(joins, 0.5),
            at(joins, 1.0),
        ));
        assert!(
            !joins.is_empty() && !pings.is_empty(),
            "{name}: the honest room is dead"
        );
    }
}

/// The counts of what an attack did.
#[derive(Default)]
struct Counts {
    tried: AtomicU64,
    done: AtomicU64,
}

impl Counts {
    fn try_one(&self) {
        self.tried.fetch_add(1, Ordering::Relaxed);
    }

    fn have_done(&self, count: u64) {
        self.done.fetch_add(count, Ordering::Relaxed);
    }
}

/// The figures that were measured during an attack. Times are in milliseconds and sorted.
struct Figures {
    tried: f64,
    done: f64,
    pings: Vec<f64>,
    joins: Vec<f64>,
    cpu: f64,
    memory: f64,
}

fn measure(attack: Attack) -> Figures {
    let folder = tempfile::tempdir().expect("a folder");
    let mut command = part("attacks::a_server_to_be_attacked", folder.path());
    if attack == Attack::Joins {
        command.env(LIMITS, "1");
    }
    let mut process = Process::start(command);
    let line = process.says("serving ");
    let (address, pin) = line.split_once(' ').expect("an address and a pin");
    let (address, pin) = (address.parse().expect("an address"), pin.parse().expect("a pin"));
    let counts = Arc::new(Counts::default());
    let honest = Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let (mut ana, _) = honest.block_on(Client::create(&TestServer::elsewhere(address, pin), "ana", ROOM));

    let stop = CancellationToken::new();
    let hostile = {
        let (stop, counts) = (stop.clone(), Arc::clone(&counts));
        thread::spawn(move || run(attack, &|| TestServer::elsewhere(address, pin), &counts, &stop))
    };
    let (pings, joins, before, after, time) = honest.block_on(async {
        tokio::time::sleep(WARM_UP).await;
        let server = TestServer::elsewhere(address, pin);
        let (before, begin) = (Usage::of(process.id(), &counts), Instant::now());
        let (pings, joins) = tokio::join!(pings(&mut ana), joins(&server));
        (
            pings,
            joins,
            before,
            Usage::of(process.id(), &counts),
            begin.elapsed(),
        )
    });
    stop.cancel();
    process.kill();
    hostile.join().expect("the attack ends");
    let a_second = |count: u64| count as f64 / time.as_secs_f64();
    Figures {
        tried: a_second(after.tried - before.tried),
        done: a_second(after.done - before.done),
        pings,
        joins,
        cpu: a_second(after.ticks - before.ticks),
        memory: after.kibibytes as f64 / 1024.0,
    }
}

/// Sends clock requests repeatedly, and returns how long the answers took. A lost ping counts with its full timeout.
async fn pings(ana: &mut Client) -> Vec<f64> {
    let begin = Instant::now();
    let mut ticks = interval(PING_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut times = Vec::new();
    for sequence in 1.. {
        tokio::select! {
            _ = ticks.tick() => {}
            // Messages that others cause must be read, or the client would be disconnected.
            message = ana.try_next() => {
                message.expect("she stays in her room");
                continue;
            }
        }
        if begin.elapsed() >= MEASURED {
            break;
        }
        let asked = Instant::now();
        drop(timeout(PING_WITHIN, ana.ping(sequence, Revision(u64::MAX))).await);
        times.push(asked.elapsed());
    }
    in_order(times)
}

/// Joins repeatedly and returns how long that took.
async fn joins(server: &TestServer) -> Vec<f64> {
    let begin = Instant::now();
    let mut ticks = interval(JOIN_EVERY);
    let mut times = Vec::new();
    while begin.elapsed() < MEASURED {
        ticks.tick().await;
        let asked = Instant::now();
        let joined = timeout(JOIN_WITHIN, async {
            let mut ben = Client::greet_from(server, JOINER, "ben").await;
            ben.send(join(ROOM)).await;
            ben.entered().await;
            ben.send(ClientMessage::Leave(
                watchtogether_protocol::message::room::Leave {},
            ))
            .await;
        });
        drop(joined.await);
        times.push(asked.elapsed());
    }
    in_order(times)
}

/// Runs an attack until it is stopped. Its clients reconnect whenever they are disconnected.
fn run(attack: Attack, server: &dyn Fn() -> TestServer, counts: &Arc<Counts>, stop: &CancellationToken) {
    let clients = match attack {
        Attack::None => 0,
        Attack::Pings | Attack::UnknownFrames | Attack::Resumes => 1,
        Attack::PingsByFour => 4,
        Attack::HalfFrames => 40,
        Attack::Reports => 99,
        Attack::Joins => 50,
    };
    let runtime = Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime").block_on(async {
        for number in 0..clients {
            let (server, counts) = (Arc::new(server()), Arc::clone(counts));
            tokio::spawn(async move {
                loop {
                    let (server, counts) = (Arc::clone(&server), Arc::clone(&counts));
                    let life = tokio::spawn(async move { live(attack, number, &server, &counts).await });
                    // A client that panics was disconnected in the middle of a message.
                    drop(life.await);
                }
            });
        }
        stop.cancelled().await;
    });
}

/// Attacks until the server disconnects the client.
async fn live(attack: Attack, number: u64, server: &TestServer, counts: &Counts) {
    let name = format!("eve{number}");
    match attack {
        Attack::None => {}
        Attack::Joins => try_to_join(server, counts).await,
        Attack::Pings | Attack::PingsByFour => {
            let (eve, _) = Client::join(server, &name, ROOM).await;
            let answers = async {
                while eve.connection.read_datagram().await.is_ok() {
                    counts.have_done(1);
                }
            };
            let questions = async {
                while eve.connection.close_reason().is_none() {
                    for _ in 0..100 {
                        eve.send_ping(1, Revision(0));
                        counts.try_one();
                    }
                    tokio::task::yield_now().await;
                }
            };
            tokio::join!(answers, questions);
        }
        Attack::UnknownFrames => {
            let (mut eve, _) = Client::join(server, &name, ROOM).await;
            let unknown = frame::write(999, FLAG_OPTIONAL, &vec![0; limits::CLIENT_FRAME_BYTES]);
            while eve.to_server.write_all(&unknown).await.is_ok() {
                counts.try_one();
            }
        }
        Attack::HalfFrames => {
            let (mut eve, _) = Client::join(server, &name, ROOM).await;
            let whole = frame::write(999, FLAG_OPTIONAL, &vec![0; limits::CLIENT_FRAME_BYTES]);
            let mut ticks = interval(Duration::from_secs(9));
            counts.try_one();
            for byte in whole.chunks(1) {
                ticks.tick().await;
                if eve.to_server.write_all(byte).await.is_err() {
                    // Each connection that the server ends is counted.
                    counts.have_done(1);
                    return;
                }
            }
        }
        Attack::Resumes => {
            let (_eve, mut entered) = Client::join(server, &name, ROOM).await;
            loop {
                let mut again = Client::greet(server, &name).await;
                again.resume(&entered, 0).await;
                counts.try_one();
                if let Ok(seat) = again.entered_or_refused().await {
                    counts.have_done(1);
                    entered = seat;
                }
            }
        }
        Attack::Reports => report(number, server, counts).await,
    }
}

/// Joins a room as one of sixteen members who report changes, and counts what all of them receive.
async fn report(number: u64, server: &TestServer, counts: &Counts) {
    const REPORTERS: u64 = 16;
    const REPORTS_PER_SECOND: u32 = 45;

    let (mut eve, _) = Client::join(server, &format!("eve{number}"), ROOM).await;
    let mut ticks = interval(Duration::from_secs(1) / REPORTS_PER_SECOND);
    for turn in 0u64.. {
        let announced = async {
            while eve.try_next().await.is_some() {
                counts.have_done(1);
            }
        };
        tokio::select! {
            _ = ticks.tick(), if number < REPORTERS => {}
            () = announced => return,
        }
        let player = if turn.is_multiple_of(2) {
            PlayerState::Loading
        } else {
            PlayerState::NoCopy
        };
        let file = FileMatch::Unknown;
        if !eve.try_send(ClientMessage::Report(Report { player, file })).await {
            return;
        }
        counts.try_one();
    }
}

/// Tries to join a room that does not exist, from an address of its own.
async fn try_to_join(server: &TestServer, counts: &Counts) {
    counts.try_one();
    let dialled = dial_from(server, ATTACKER, version::ALPN, TransportConfig::default());
    let Ok((_endpoint, Ok(connection))) = timeout(Duration::from_secs(1), dialled).await else {
        return;
    };
    counts.have_done(1);
    connection.close(0u32.into(), b"");
}

/// The resources that a server's process used, and the counts of the attack in the same time.
struct Usage {
    /// Hundredths of a second.
    ticks: u64,
    kibibytes: u64,
    tried: u64,
    done: u64,
}

impl Usage {
    fn of(id: u32, counts: &Counts) -> Self {
        let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).expect("it runs");
        let status = std::fs::read_to_string(format!("/proc/{id}/status")).expect("it runs");
        let (_, fields) = stat.rsplit_once(") ").expect("the name is in brackets");
        let ticks = fields.split(' ').skip(11).take(2);
        let memory = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let memory = memory.and_then(|line| line.trim().strip_suffix(" kB")?.trim().parse().ok());
        Self {
            ticks: ticks.map(|ticks| ticks.parse::<u64>().expect("a number")).sum(),
            kibibytes: memory.expect("Linux says it"),
            tried: counts.tried.load(Ordering::Relaxed),
            done: counts.done.load(Ordering::Relaxed),
        }
    }
}

fn in_order(mut times: Vec<Duration>) -> Vec<f64> {
    times.sort();
    times.iter().map(|time| time.as_secs_f64() * 1_000.0).collect()
}

/// Returns the quantile of sorted times.
fn at(times: &[f64], share: f64) -> f64 {
    let last = times.len().saturating_sub(1);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "there are a few hundred times"
    )]
    let index = (last as f64 * share).round() as usize;
    times.get(index).copied().unwrap_or(f64::NAN)
}

#[test]
#[ignore = "run as a child process by the bench"]
fn a_server_to_be_attacked() {
    let folder = std::env::var_os(STATE).expect("where its rooms are");
    let runtime = Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime").block_on(async {
        let config = ServerConfig {
            listen: "127.0.0.1:0".parse().expect("an address"),
            keeps: Retention::Rooms(folder.into()),
            is_loopback_exempt: std::env::var_os(LIMITS).is_none(),
            limits: Limits::default(),
        };
        let server = Server::bind(&config).expect("a server");
        say(&format!("serving {} {}", server.local_addr(), server.pin()));
        server.run(CancellationToken::new()).await;
    });
}

#[expect(
    clippy::print_stdout,
    reason = "prints the table; as a child process, prints for the bench"
)]
fn say(line: &str) {
    println!("{line}");
}
