//! A row of `make bench-resume`: wall clocks that are changed by an hour, under a server and under its clients.
//!
//! libfaketime replaces the wall clock of a process; the monotonic clock is unchanged. The clients' half runs this test again in
//! a separate process, because a library is loaded when a process starts.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command as Program;
use std::time::{Duration, SystemTime};

use tokio::time::{interval, sleep};
use watchtogether_protocol::{LocalTime, MediaTime};

use crate::bench_resume::{audited, quiet};
use crate::figures::Figures;
use crate::members::Party;
use crate::resume::room_of;
use crate::watcher::{Account, Watcher};

/// The environment variable with the file that sets the clients' wall clock, in the process that runs them.
const CLIENTS: &str = "WATCHTOGETHER_CLOCK_STEPS";

/// The offsets of the wall clocks from the true one, in seconds: the server's and the clients'.
const STEPS: [(i32, i32); 8] = [
    (3_600, 0),
    (3_600, 3_600),
    (0, 3_600),
    (0, 0),
    (-3_600, 0),
    (-3_600, -3_600),
    (0, -3_600),
    (0, 0),
];

/// The time for which the effect of a step is observed.
const LOOK: Duration = Duration::from_secs(4);

#[tokio::test]
#[ignore = "a minute, and needs libfaketime; make bench-resume"]
async fn clock_steps() {
    let Some(clients) = std::env::var_os(CLIENTS).map(PathBuf::from) else {
        return again_under_faketime();
    };
    let (party, mut figures) = (Party::new(), Figures::default());
    let servers = party.folder("clocks").join("server");
    set(&servers, 0);
    let server = party.server_with("127.0.0.1:0", &faked(&servers)).await;
    let members = room_of(3, "den", &server, &[]).await;
    sleep(Duration::from_secs(12)).await;
    let before: Vec<Account> = members.iter().map(Watcher::account).collect();

    let (mut jump, mut drift, mut seen) = (0.0, Duration::ZERO, 0);
    for (number, (of_server, of_clients)) in STEPS.into_iter().enumerate() {
        set(&servers, of_server);
        set(&clients, of_clients);
        for member in &members {
            member.says(&format!("step {number}")).await;
        }
        seen += u32::from(is_set(of_clients));
        let (worst, apart) = look(&members).await;
        jump = f64::max(jump, worst);
        drift = drift.max(apart);
    }

    let after = quiet(&members).await;
    let (mut losses, mut holds) = (0, 0);
    for (before, after) in before.iter().zip(&after) {
        losses += after.losses() - before.losses();
        holds += after.holds - before.holds + after.stops - before.stops;
    }
    Figures::print(
        "steps of an hour, either way, on either side",
        STEPS.len() as f64,
        "",
    );
    let unseen = STEPS.len() as f64 - f64::from(seen);
    figures.say(
        "steps: those that the clients' clock did not make",
        unseen,
        0.0,
        "",
    );
    figures.say("steps: worst jump of the room", jump, 0.3, "s");
    figures.say("steps: worst drift of a film", drift.as_secs_f64(), 0.3, "s");
    figures.say("steps: disconnects", losses as f64, 0.0, "");
    figures.say("steps: films held or stopped", f64::from(holds), 0.0, "");
    audited(&mut figures, "steps", &[after]);
    figures.finish();
}

/// Observes the room and its films for a while. Returns how much the room deviates from a steady clock, in seconds, and the
/// largest drift.
async fn look(members: &[Watcher]) -> (f64, Duration) {
    let mut pace = interval(Duration::from_millis(100));
    let begin = members[0].now();
    let seen = |member: &Watcher| {
        let account = member.account();
        (
            account.at,
            account.status.room.map(|room| room.position.as_secs_f64()),
        )
    };
    let start: Vec<(LocalTime, Option<f64>)> = members.iter().map(seen).collect();
    let (mut jump, mut drift) = (0.0, Duration::ZERO);
    while members[0].now().saturating_since(begin) < LOOK {
        pace.tick().await;
        for (member, (then, from)) in members.iter().zip(&start) {
            let (now, to) = seen(member);
            let elapsed = now.saturating_since(*then).as_secs_f64();
            if let (Some(from), Some(to)) = (from, to) {
                jump = f64::max(jump, ((to - from) - elapsed).abs());
            }
            let apart = member.status().sync.drift;
            drift = drift.max(apart.map_or(Duration::ZERO, MediaTime::abs));
        }
    }
    (jump, drift)
}

/// Sets the wall clock of all processes that read this file.
fn set(file: &Path, seconds: i32) {
    let beside = file.with_extension("new");
    fs::write(&beside, format!("{seconds:+}\n")).expect("the folder is ours");
    fs::rename(beside, file).expect("the folder is ours");
}

/// Returns whether this process's wall clock differs this much from the machine's, which sets the times of files.
#[expect(clippy::disallowed_methods, reason = "it compares the wall clock")]
fn is_set(seconds: i32) -> bool {
    let file = tempfile::NamedTempFile::new().expect("a file can be made");
    let written = file.as_file().metadata().and_then(|there| there.modified());
    let now = SystemTime::now();
    let since = |time: SystemTime| {
        let since = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        since.as_secs_f64()
    };
    let ahead = since(now) - written.map_or(0.0, since);
    (ahead - f64::from(seconds)).abs() < 60.0
}

/// Returns the environment of a process whose wall clock is set by a file.
fn faked(file: &Path) -> [(&'static str, String); 4] {
    let library = library().expect("libfaketime is installed: scripts/need faketime");
    [
        ("LD_PRELOAD", library),
        ("FAKETIME_TIMESTAMP_FILE", file.display().to_string()),
        ("FAKETIME_NO_CACHE", "1".to_owned()),
        ("FAKETIME_DONT_FAKE_MONOTONIC", "1".to_owned()),
    ]
}

fn library() -> Option<String> {
    let folders = fs::read_dir("/usr/lib").ok()?.flatten();
    let mut libraries = folders.map(|folder| folder.path().join("faketime/libfaketimeMT.so.1"));
    libraries
        .find(|path| path.exists())
        .map(|path| path.display().to_string())
}

fn again_under_faketime() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("clients");
    set(&file, 0);
    let program = std::env::current_exe().expect("a test is a program");
    let ended = Program::new(program)
        .args(["clock_steps::clock_steps", "--exact", "--ignored", "--nocapture"])
        .envs(faked(&file))
        .env(CLIENTS, &file)
        .status()
        .expect("it starts");
    assert!(ended.success(), "{ended}");
}
