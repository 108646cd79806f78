//! A long session, for `make soak`: rooms that play and chat while others come and go. The resources that a server uses at the
//! end of a minute depend only on who is present then.

use std::fs;
use std::time::Duration;

use rustix::process::Resource;
use tokio::runtime::Handle;
use tokio::time::{Instant, sleep, sleep_until};
use watchtogether::seeded_rng::SeededRng;

use crate::bench_resume::{drawn, raise};
use crate::figures::Figures;
use crate::members::{Party, Server};
use crate::resume::room_of;
use crate::watcher::{Seat, Watcher};

/// The default duration in minutes; `MINUTES` overrides it.
const MINUTES: u32 = 30;

/// The number of permanent rooms.
const ROOMS: u32 = 5;
const MEMBERS: usize = 4;

/// The number of visitors at the same time.
const VISITORS: usize = 4;

/// The time before the end of each minute in which there are no visitors.
const QUIET: Duration = Duration::from_secs(10);

/// The resources of a process, as reported by the system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Resources {
    kilobytes: u64,
    descriptors: usize,
    threads: u64,
}

#[tokio::test]
#[ignore = "half an hour; make soak"]
async fn members_come_and_go() {
    raise(Resource::Nofile);
    let minutes = std::env::var("MINUTES").ok().and_then(|text| text.parse().ok());
    let minutes: u32 = minutes.unwrap_or(MINUTES);
    let (party, mut rng, mut figures) = (Party::new(), SeededRng::from_seed(1), Figures::default());
    let server = party.server().await;
    let empty = held_by(server.process.id());
    let mut rooms = Vec::new();
    for room in 0..ROOMS {
        rooms.push(room_of(MEMBERS, &format!("den-{room}"), &server, &[]).await);
    }

    let (mut held, mut tasks, mut visits) = (Vec::new(), Vec::new(), 0);
    for minute in 1..=minutes {
        let end = Instant::now() + Duration::from_mins(1);
        visits += minute_of_visits(minute, &server, &rooms, end - QUIET, &mut rng).await;
        sleep_until(end).await;
        held.push(held_by(server.process.id()));
        tasks.push(Handle::current().metrics().num_alive_tasks());
        let now = held[held.len() - 1];
        Figures::print(
            &format!("minute {minute}: the server's memory"),
            now.kilobytes as f64 / 1e3,
            "MB",
        );
    }

    Figures::print("soak: visits", visits as f64, "");
    let settled = held.len() / 3;
    let (before, after) = (held[settled.max(1) - 1], held[held.len() - 1]);
    let growth = after.kilobytes as f64 - before.kilobytes as f64;
    figures.say(
        "soak: growth of the server in the last two thirds",
        growth / 1e3,
        2.0,
        "MB",
    );
    let others =
        |is_other: &dyn Fn(&Resources) -> bool| held.iter().filter(|held| is_other(held)).count() as f64;
    let descriptors = others(&|now| now.descriptors != held[0].descriptors);
    figures.say(
        "soak: minutes with other descriptors than the first",
        descriptors,
        0.0,
        "",
    );
    let moved = tasks.iter().filter(|now| **now != tasks[0]).count() as f64;
    figures.say(
        "soak: minutes with other client tasks than the first",
        moved,
        0.0,
        "",
    );
    for watcher in rooms.into_iter().flatten() {
        watcher.leaves().await;
    }
    sleep(QUIET).await;
    let left = held_by(server.process.id());
    let open = left.descriptors as f64 - empty.descriptors as f64;
    figures.say("soak: descriptors that nobody closed", open.abs(), 0.0, "");
    let threads = left.threads as f64 - held[0].threads as f64;
    figures.say("soak: threads more than in the first minute", threads, 0.0, "");
    figures.finish();
}

/// Makes visitors come, say something and go, and opens and leaves one room; returns the number of visitors.
async fn minute_of_visits(
    minute: u32,
    server: &Server,
    rooms: &[Vec<Watcher>],
    until: Instant,
    rng: &mut SeededRng,
) -> usize {
    let opened = enter("host", &format!("visit-{minute}"), true, server);
    opened.sees("the room", |a| !a.entries.is_empty()).await;
    opened.leaves().await;
    let mut visits = 1;
    while Instant::now() + Duration::from_secs(5) < until {
        let mut visitors = Vec::new();
        for number in 0..VISITORS {
            let room = format!("den-{}", rng.below(ROOMS));
            visitors.push(enter(&format!("v{number}"), &room, false, server));
        }
        for room in rooms {
            let member = rng.below(4) % room.len();
            room[member].says("so it goes").await;
        }
        for visitor in &visitors {
            visitor.sees("the room", |a| !a.entries.is_empty()).await;
            visitor.says("hello").await;
        }
        sleep(drawn(rng, 0.5, 2.0)).await;
        visits += visitors.len();
        for visitor in visitors {
            visitor.leaves().await;
        }
    }
    visits
}

fn enter(name: &str, room: &str, is_host: bool, server: &Server) -> Watcher {
    Watcher::start(&Seat {
        name,
        room,
        is_host,
        address: &server.address,
        pin: server.pin,
    })
}

fn held_by(process: u32) -> Resources {
    let status = fs::read_to_string(format!("/proc/{process}/status")).expect("Linux shows its processes");
    let number = |key: &str| {
        let line = status.lines().find(|line| line.starts_with(key));
        let word = line.and_then(|line| line.split_whitespace().nth(1));
        word.and_then(|word| word.parse().ok()).expect("it is shown")
    };
    Resources {
        kilobytes: number("VmRSS:"),
        descriptors: fs::read_dir(format!("/proc/{process}/fd"))
            .expect("it is ours")
            .count(),
        threads: number("Threads:"),
    }
}
