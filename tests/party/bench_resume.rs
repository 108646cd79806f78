//! The rows of `make bench-resume`: the scenarios of [`crate::resume`], repeated, with many members.
//!
//! Faults are injected at random times while all members chat. `SEED` selects other times.

use std::time::Duration;

use rustix::process::{Resource, Rlimit, Signal, getrlimit, setrlimit};
use tokio::time::{Instant, sleep, sleep_until, timeout};
use watchtogether::seeded_rng::SeededRng;
use watchtogether::session::event::{EntryKind, LinkState};
use watchtogether_protocol::{ChatId, LocalTime, MediaTime, Playback, limits};

use crate::figures::Figures;
use crate::ledger::{Audit, Ledger};
use crate::members::{Party, Server};
use crate::relay::{Conditions, Relay};
use crate::resume::{is_full, is_ready, room_of};
use crate::watcher::{Account, Seat, Watcher};

/// The number of rebinds of each kind.
const REBINDS: usize = 100;

/// The number of rooms of a full server.
const ROOMS: u8 = 50;
const MEMBERS: u8 = 10;

/// How often a full server is killed.
const KILLS: usize = 3;

/// How often a server falls silent.
const SILENCES: usize = 10;

/// The time after which a row is given up.
const TIMEOUT: Duration = Duration::from_mins(2);

pub(crate) fn rng() -> SeededRng {
    let seed = std::env::var("SEED").ok().and_then(|seed| seed.parse().ok());
    SeededRng::from_seed(seed.unwrap_or(1))
}

#[tokio::test]
#[ignore = "a minute; make bench-resume"]
async fn migrations() {
    let (party, mut rng, mut figures) = (Party::new(), rng(), Figures::default());
    let server = party.server().await;
    let relays = [Relay::to(&server.address).await, Relay::to(&server.address).await];
    let paths = [relays[0].address(), relays[1].address(), server.address.clone()];
    let members = room_of(3, "den", &server, &paths).await;
    sleep(Duration::from_secs(12)).await;
    let before: Vec<Account> = members.iter().map(Watcher::account).collect();

    let (mut worst, mut lines) = (Duration::ZERO, 0);
    for number in 0..2 * REBINDS {
        let rebound = timeout(TIMEOUT, relays[number % 2].rebind());
        rebound.await.expect("something passes");
        if number % 3 == 0 {
            members[number / 3 % 3].says(&format!("line {number}")).await;
            lines += 1;
        }
        sleep(drawn(&mut rng, 0.05, 0.4)).await;
        let drifts = members.iter().filter_map(|member| member.status().sync.drift);
        worst = drifts.map(MediaTime::abs).fold(worst, Duration::max);
    }

    let after = all_received(&members, lines).await;
    let (mut losses, mut holds, mut stops) = (0, 0, 0);
    for (before, after) in before.iter().zip(&after) {
        losses += after.losses() - before.losses();
        holds += after.holds - before.holds;
        stops += after.stops - before.stops;
    }
    Figures::print("NAT rebinds while playing", 2.0 * REBINDS as f64, "");
    figures.say("rebinds: disconnects", losses as f64, 0.0, "");
    figures.say(
        "rebinds: films held or stopped",
        f64::from(holds + stops),
        0.0,
        "",
    );
    figures.say(
        "rebinds: worst drift in between",
        1e3 * worst.as_secs_f64(),
        40.0,
        "ms",
    );
    audited(&mut figures, "rebinds", &[after]);
    figures.finish();
}

#[tokio::test]
#[ignore = "some minutes; make bench-resume"]
async fn restarts() {
    raise(Resource::Nofile);
    let (party, mut rng, mut figures) = (Party::new(), rng(), Figures::default());
    let mut server = party.server().await;
    let address = server.address.clone();
    let (rooms, _paths) = rooms_behind_relays(&server).await;

    let (mut noticed, mut back, mut stops, mut others) = (Vec::new(), Vec::new(), 0, 0);
    let mut tries = 0;
    for _ in 0..KILLS {
        let before: Vec<Account> = rooms.iter().flatten().map(Watcher::account).collect();
        let until = Instant::now() + drawn(&mut rng, 3.0, 8.0);
        talk(&rooms, until, &mut rng).await;
        let then = rooms[0][0].now();
        server.process.signal(Signal::KILL);
        drop(server);
        server = party.server_at(&address).await;
        let up = rooms[0][0].now();
        Figures::print("kill -9: the next server serves after", seconds(then, up), "s");
        // Members who are cut off keep chatting.
        talk(&rooms, Instant::now() + Duration::from_secs(2), &mut rng).await;

        for (watcher, before) in rooms.iter().flatten().zip(&before) {
            let after = watcher
                .sees_within(TIMEOUT, "back with all", |a| is_back(a, before))
                .await;
            let entered = after.entries.last().map_or(then, |(at, _)| *at);
            let at = after.noticed_after(then).unwrap_or(entered);
            noticed.push(seconds(then, at));
            back.push(seconds(then, entered));
            tries = tries.max(after.tries() - before.tries());
            stops += after.stops - before.stops;
            others += u32::from(!is_same_seat(&after, before));
        }
    }

    // The last lines are still in transit.
    talk(&rooms, Instant::now() + Duration::from_secs(1), &mut rng).await;
    let mut accounts = Vec::new();
    for room in &rooms {
        accounts.push(quiet(room).await);
    }
    let (forgotten, witnesses) = late_comers(&server, &accounts).await;
    figures.say(
        "kill -9: lines that the server itself has lost",
        f64::from(forgotten),
        0.0,
        "",
    );
    let members = f64::from(ROOMS) * f64::from(MEMBERS);
    Figures::print("kill -9 and restart: members at once", members, "");
    Figures::print("kill -9 and restart: rounds", KILLS as f64, "");
    let (noticed, back) = (spread(noticed), spread(back));
    Figures::print("kill -9: half of them have noticed after", noticed.0, "s");
    Figures::print("kill -9: half of them are back after", back.0, "s");
    Figures::print("kill -9: tries of the one who needed most", tries as f64, "");
    figures.say("kill -9: the last has noticed after", noticed.1, 3.0, "s");
    figures.say("kill -9: the last is back in its room after", back.1, 8.0, "s");
    figures.say(
        "kill -9: seats, roles or films that are others",
        f64::from(others),
        0.0,
        "",
    );
    figures.say("kill -9: films interrupted", f64::from(stops), 0.0, "");
    audited_by(&mut figures, "kill -9", &accounts, &witnesses);
    figures.finish();
}

/// Returns [`ROOMS`] rooms of [`MEMBERS`] each, and the relays between each member and the server.
async fn rooms_behind_relays(server: &Server) -> (Vec<Vec<Watcher>>, Vec<Vec<Relay>>) {
    let (mut rooms, mut paths) = (Vec::new(), Vec::new());
    for room in 1..=ROOMS {
        let mut relays = Vec::new();
        for member in 1..=MEMBERS {
            let conditions = Conditions {
                source: [127, 0, room, member].into(),
                ..Conditions::GOOD
            };
            relays.push(Relay::under(conditions, &server.address).await);
        }
        let to: Vec<String> = relays.iter().map(Relay::address).collect();
        rooms.push(room_of(MEMBERS.into(), &format!("den-{room}"), server, &to).await);
        paths.push(relays);
    }
    (rooms, paths)
}

/// Adds a late joiner to each room. Returns how many lines of its history the server has lost, and the accounts of the late
/// joiners.
async fn late_comers(server: &Server, accounts: &[Vec<Account>]) -> (u32, Vec<Account>) {
    let (mut forgotten, mut witnesses) = (0, Vec::new());
    for (number, room) in (1..).zip(accounts) {
        let late = Watcher::start(&Seat {
            name: "late",
            room: &format!("den-{number}"),
            is_host: false,
            address: &server.address,
            pin: server.pin,
        });
        let late = late.sees("the history", |a| !a.entries.is_empty()).await;
        forgotten += missing_at_the_end(&room[0].ledger, &late.ledger);
        witnesses.push(late);
    }
    (forgotten, witnesses)
}

#[tokio::test]
#[ignore = "some minutes; make bench-resume"]
async fn bad_paths() {
    let (party, mut rng, mut figures) = (Party::new(), rng(), Figures::default());
    let server = party.server().await;
    let bad = Conditions {
        delay: Duration::from_millis(20),
        jitter: Duration::from_millis(100),
        loss: 0.1,
        ..Conditions::GOOD
    };
    for (what, members, dark) in [
        ("loss 10 %, jitter 100 ms, reordering", 3, 0),
        ("black-out of 60 s, all of it kept", 4, 60),
        ("black-out of 60 s, too much for that", 12, 60),
    ] {
        let room = format!("den-{members}");
        let relay = Relay::under(bad, &server.address).await;
        let paths = [server.address.clone(), relay.address()];
        let watchers = room_of(members, &room, &server, &paths).await;
        let rooms = [watchers];
        talk(&rooms, Instant::now() + Duration::from_secs(20), &mut rng).await;
        let watchers = &rooms[0];
        if dark > 0 {
            relay.cut();
            let until = Instant::now() + Duration::from_secs(dark);
            talk(&rooms, until, &mut rng).await;
            relay.mend();
            let mended = watchers[1].now();
            let back = watchers[1]
                .sees_within(TIMEOUT, "back", |a| a.status.link == LinkState::Up)
                .await;
            let at = back.entries.last().map_or(mended, |(at, _)| *at);
            figures.say(&format!("{what}: back after"), seconds(mended, at), 8.0, "s");
        }
        let accounts = quiet(watchers).await;
        let gaps: usize = accounts.iter().map(|account| account.ledger.gaps.len()).sum();
        let expected = f64::from(u8::from(members > 10));
        figures.say(
            &format!("{what}: gaps not as they should be"),
            (gaps as f64 - expected).abs(),
            0.0,
            "",
        );
        audited(&mut figures, what, &[accounts]);
        for watcher in rooms.into_iter().flatten() {
            watcher.leaves().await;
        }
    }
    figures.finish();
}

#[tokio::test]
#[ignore = "two minutes; make bench-resume"]
async fn silences() {
    let (party, mut rng, mut figures) = (Party::new(), rng(), Figures::default());
    let server = party.server().await;
    let playing = room_of(2, "playing", &server, &[]).await;
    let standing = Watcher::start(&Seat {
        name: "m",
        room: "standing",
        is_host: true,
        address: &server.address,
        pin: server.pin,
    });
    standing.sees("the film is open", is_ready).await;
    let watchers: Vec<&Watcher> = playing.iter().chain([&standing]).collect();

    let mut worst = [0.0; 2];
    for _ in 0..SILENCES {
        sleep(drawn(&mut rng, 3.0, 6.0)).await;
        let then = standing.now();
        server.process.signal(Signal::STOP);
        for (number, watcher) in watchers.iter().enumerate() {
            let after = watcher
                .sees("the silence", |a| a.noticed_after(then).is_some())
                .await;
            let at = after.noticed_after(then).expect("it was waited for");
            let worst = &mut worst[usize::from(number >= playing.len())];
            *worst = f64::max(*worst, seconds(then, at));
        }
        server.process.signal(Signal::CONT);
        for watcher in &watchers {
            watcher
                .sees("an answer", |a| a.status.link == LinkState::Up)
                .await;
        }
    }

    let losses: usize = watchers.iter().map(|watcher| watcher.account().losses()).sum();
    figures.say(
        "silent server: the last who plays has noticed after",
        worst[0],
        6.0,
        "s",
    );
    figures.say("silent server: who stands has noticed after", worst[1], 12.0, "s");
    figures.say("silent server: connections given up", losses as f64, 0.0, "");
    figures.finish();
}

/// Makes each member send a line about every 1.5 s, at different times.
async fn talk(rooms: &[Vec<Watcher>], until: Instant, rng: &mut SeededRng) {
    let mut turns: Vec<(Instant, usize, usize)> = Vec::new();
    for (room, watchers) in rooms.iter().enumerate() {
        for member in 0..watchers.len() {
            turns.push((Instant::now() + drawn(rng, 0.0, 1.5), room, member));
        }
    }
    let mut number = rng.bits() % 10_000;
    while let Some(next) = turns.iter_mut().min() {
        if next.0 > until {
            break;
        }
        sleep_until(next.0).await;
        number += 1;
        rooms[next.1][next.2].says(&format!("line {number}")).await;
        next.0 += drawn(rng, 1.0, 2.0);
    }
    sleep_until(until).await;
}

/// Waits until all members have received every line that was sent in a room, and returns their accounts.
pub(crate) async fn quiet(room: &[Watcher]) -> Vec<Account> {
    for watcher in room {
        watcher
            .sees_within(TIMEOUT, "own lines come back", |a| {
                a.ledger.sent.len() == a.ledger.acknowledged.len()
            })
            .await;
    }
    let newest = |ledger: &Ledger| ledger.received.last().map(|line| (line.epoch, line.sequence));
    let all = room
        .iter()
        .filter_map(|watcher| newest(&watcher.account().ledger));
    let last = all.max();
    for watcher in room {
        watcher
            .sees_within(TIMEOUT, "the last line", |a| newest(&a.ledger) >= last)
            .await;
    }
    room.iter().map(Watcher::account).collect()
}

async fn all_received(room: &[Watcher], lines: usize) -> Vec<Account> {
    let mut accounts = Vec::new();
    for watcher in room {
        let all = |a: &Account| a.ledger.received.len() >= lines;
        accounts.push(watcher.sees_within(TIMEOUT, "all lines", all).await);
    }
    accounts
}

/// Prints the combined audit of the ledgers of some rooms.
pub(crate) fn audited(figures: &mut Figures, what: &str, rooms: &[Vec<Account>]) {
    audited_by(figures, what, rooms, &[]);
}

/// Prints the audit with a late joiner in each room.
fn audited_by(figures: &mut Figures, what: &str, rooms: &[Vec<Account>], late: &[Account]) {
    let mut sum = Audit::default();
    for (index, room) in rooms.iter().enumerate() {
        let ledgers: Vec<&Ledger> = room.iter().map(|account| &account.ledger).collect();
        let witness: Vec<&Ledger> = late
            .get(index)
            .map(|account| &account.ledger)
            .into_iter()
            .collect();
        sum.add(&Audit::witnessed(&ledgers, &witness));
    }
    Figures::print(
        &format!("{what}: lines acknowledged"),
        sum.acknowledged as f64,
        "",
    );
    figures.say(
        &format!("{what}: acknowledged lines lost"),
        sum.lost as f64,
        0.0,
        "",
    );
    figures.say(&format!("{what}: lines doubled"), sum.doubled as f64, 0.0, "");
    let order = (sum.disordered + sum.overtaken) as f64;
    figures.say(
        &format!("{what}: lines out of order or holes untold"),
        order,
        0.0,
        "",
    );
}

/// Returns whether a member is back in the room, with everything that was known before.
fn is_back(account: &Account, before: &Account) -> bool {
    let members = before.status.room.as_ref().map_or(0, |room| room.members.len());
    account.entries.len() > before.entries.len() && is_full(account, members)
}

/// Returns how many lines at the end of a ledger are missing in the history of a late joiner.
fn missing_at_the_end(all: &Ledger, history: &Ledger) -> u32 {
    let kept = all.received.iter().rev().take(limits::CHAT_HISTORY);
    let is_there = |id: ChatId| history.received.iter().any(|line| line.id == id);
    kept.map(|line| u32::from(!is_there(line.id))).sum()
}

/// Returns whether a member is back in the same seat, in a room with the same host and the same playback.
fn is_same_seat(after: &Account, before: &Account) -> bool {
    let (Some(room), Some(was)) = (&after.status.room, &before.status.room) else {
        return false;
    };
    let is_resumed = after
        .entries
        .last()
        .is_some_and(|(_, how)| *how == EntryKind::Resumed);
    let is_same = (room.you, room.host) == (was.you, was.host);
    is_resumed && is_same && room.playback == Playback::Playing
}

/// Returns the median and the largest value.
pub(crate) fn spread(mut values: Vec<f64>) -> (f64, f64) {
    values.sort_by(f64::total_cmp);
    let at = |index: usize| values.get(index).copied().unwrap_or_default();
    (at(values.len() / 2), at(values.len().saturating_sub(1)))
}

fn seconds(from: LocalTime, to: LocalTime) -> f64 {
    to.saturating_since(from).as_secs_f64()
}

pub(crate) fn drawn(rng: &mut SeededRng, low: f64, high: f64) -> Duration {
    Duration::from_secs_f64(rng.between(low, high))
}

/// Raises a limit of the process, because hundreds of members need thousands of sockets.
pub(crate) fn raise(resource: Resource) {
    let limit = getrlimit(resource);
    let raised = Rlimit {
        current: limit.maximum,
        ..limit
    };
    setrlimit(resource, raised).expect("up to the maximum it may be raised");
}
