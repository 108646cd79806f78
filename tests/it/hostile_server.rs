//! Tests of the built program in a room of a malicious server.

mod double;

use std::time::Duration;

use tokio::time::{Instant, timeout};
use watchtogether_protocol::close::CloseCode;
use watchtogether_protocol::message::chat::ChatLine;
use watchtogether_protocol::message::playback::VideoChanged;
use watchtogether_protocol::message::roster::{
    HostChangeReason, HostChanged, LeaveReason, PlayerState, Role, UserChanged, UserJoined, UserLeft,
};
use watchtogether_protocol::message::undo::{Change, Undoable};
use watchtogether_protocol::time::WallTime;
use watchtogether_protocol::timeline::Reason;
use watchtogether_protocol::{ChatId, Clean, ItemId, MediaTime, MemberId, Playback, ServerMessage};

use self::double::{ANA, BO, HostileServer, item, member, state};
use crate::program::{Home, PROGRAM, Running};
use crate::pty::Pty;

/// The number of messages that the server sends per second.
const PER_SECOND: u64 = 1_000;
const TIME: Duration = Duration::from_secs(3);

/// The number of lines that may be printed in a burst and in each following second, including the one that says how many were
/// skipped.
const BURST: usize = 400;
const A_SECOND: usize = 21;

/// The additional memory that a client may use, whatever it is sent.
const MEMORY: u64 = 64 * 1024 * 1024;

/// The shortest time between two bells.
const BELL_EVERY: Duration = Duration::from_secs(2);

/// A flood: its name, its nth message, and whether plain mode prints such messages.
type Flood = (&'static str, fn(u64) -> ServerMessage, bool);

const FLOODS: [Flood; 7] = [
    ("chat", |n| chat(n, "bo, look here"), true),
    ("pauses", pause, true),
    ("comings and goings", presence_change, true),
    ("closed players", close_or_open_the_player, true),
    ("films", set_item, true),
    ("hosts", change_host, true),
    ("names", rename, false),
];

#[tokio::test]
async fn a_flood_of_any_kind_is_cut_and_counted_line_by_line() {
    for (name, message, is_reported) in FLOODS {
        let (home, server) = (Home::new(), HostileServer::open());
        let bo = joins(&home, &server);
        let mut client = server.seat().await;
        let before = memory(bo.pid());

        let begin = Instant::now();
        let sent = client.flood(PER_SECOND, TIME, message).await;
        let (time, memory) = (begin.elapsed(), memory(bo.pid()).saturating_sub(before));
        drop(client);
        let printed = end_of(bo).await;

        let lines = printed.lines().count();
        let most = BURST + A_SECOND * usize::try_from(time.as_secs() + 3).expect("a short time");
        assert!(lines <= most, "{name}: {lines} lines for {sent} messages");
        assert_eq!(printed.contains(" skipped."), is_reported, "{name}: {printed}");
        assert!(memory <= MEMORY, "{name}: {memory} bytes more");
    }
}

#[tokio::test]
async fn a_flood_rings_the_bell_once_in_a_while() {
    let (home, server) = (Home::new(), HostileServer::open());
    let mut command = home.command_of("script");
    command.env("TERM", "xterm");
    let line = format!(
        "'{PROGRAM}' join '{}' --plain --player none --name bo",
        server.invite()
    );
    let mut pty = Pty::run(command, 160, 40, &line);
    let (mut client, begin) = (server.seat().await, Instant::now());

    let reads = async {
        while pty.read().await {}
        std::future::pending::<()>().await;
    };
    tokio::select! {
        _ = client.flood(PER_SECOND, TIME, |n| chat(n, "bo, look here")) => {}
        () = reads => {}
    }

    let bells = pty.bytes.split(|byte| *byte == 0x07).count() - 1;
    let most = begin.elapsed().as_secs() / BELL_EVERY.as_secs() + 2;
    assert!(
        bells > 0 && bells <= usize::try_from(most).expect("a few"),
        "{bells} bells"
    );
}

#[tokio::test]
async fn a_server_with_members_without_end_is_left() {
    let (home, server) = (Home::new(), HostileServer::open());
    let bo = joins(&home, &server);
    let mut client = server.seat().await;
    let before = memory(bo.pid());

    let come = |n: u64| {
        let id = MemberId(u32::try_from(n).expect("few members") + 10);
        let member = member(id, &format!("m{n}"), Role::Viewer);
        ServerMessage::UserJoined(UserJoined { member })
    };
    client.flood(10 * PER_SECOND, TIME, come).await;
    let memory = memory(bo.pid()).saturating_sub(before);

    assert_eq!(client.closed().await, Some(CloseCode::ProtocolError));
    assert!(memory <= MEMORY, "{memory} bytes more");
}

#[tokio::test]
async fn a_server_that_gives_seats_and_takes_them_away_is_tried_less_and_less_often() {
    const MEASURED: Duration = Duration::from_secs(12);
    const MOST: usize = 10;

    let (home, server) = (Home::new(), HostileServer::open());
    let bo = joins(&home, &server);
    let mut seats = Vec::new();
    let give_and_take = async {
        loop {
            server.seat().await.drop_off().await;
            seats.push(Instant::now());
        }
    };
    timeout(MEASURED, give_and_take).await.expect_err("it goes on");
    let printed = end_of(bo).await;

    let waits: Vec<Duration> = seats.windows(2).map(|pair| pair[1] - pair[0]).collect();
    assert!((3..=MOST).contains(&seats.len()), "{waits:?} {printed}");
    assert!(waits[waits.len() - 1] >= 4 * waits[0], "{waits:?}");
}

fn joins(home: &Home, server: &HostileServer) -> Running {
    home.start(&[
        "join",
        &server.invite(),
        "--plain",
        "--player",
        "none",
        "--name",
        "bo",
    ])
}

async fn end_of(bo: Running) -> String {
    bo.signal(rustix::process::Signal::TERM);
    let end = bo.end().await;
    format!("{}{}", end.stdout, end.stderr)
}

fn chat(n: u64, text: &str) -> ServerMessage {
    ServerMessage::Chat(ChatLine {
        sequence: n.saturating_add(1),
        id: ChatId(uuid::Uuid::from_u128(n.into())),
        from: ANA,
        name: "ana".parse().expect("a name"),
        text: Clean::line(text),
        at: WallTime(0),
        position: None,
    })
}

fn pause(n: u64) -> ServerMessage {
    let position = MediaTime::ZERO;
    let change = if n.is_multiple_of(2) {
        Change::Play { position }
    } else {
        Change::Pause { position }
    };
    ServerMessage::Undoable(Undoable {
        number: u32::try_from(n).expect("few changes"),
        by: ANA,
        change,
        undoes: None,
        left_ms: 60_000,
    })
}

fn presence_change(n: u64) -> ServerMessage {
    let id = MemberId(u32::try_from(n / 2).expect("few members") + 10);
    if n.is_multiple_of(2) {
        let member = member(id, &format!("m{n}"), Role::Viewer);
        ServerMessage::UserJoined(UserJoined { member })
    } else {
        ServerMessage::UserLeft(UserLeft {
            id,
            reason: LeaveReason::Left,
        })
    }
}

fn rename(n: u64) -> ServerMessage {
    let member = member(ANA, &format!("ana{n}"), Role::Host);
    ServerMessage::UserChanged(UserChanged { member })
}

fn change_host(n: u64) -> ServerMessage {
    ServerMessage::HostChanged(HostChanged {
        host: if n.is_multiple_of(2) { BO } else { ANA },
        reason: HostChangeReason::Transferred,
    })
}

fn close_or_open_the_player(n: u64) -> ServerMessage {
    let mut member = member(ANA, "ana", Role::Host);
    if n.is_multiple_of(2) {
        member.report.player = PlayerState::Closed;
    }
    ServerMessage::UserChanged(UserChanged { member })
}

fn set_item(n: u64) -> ServerMessage {
    let mut state = state(n + 2, Playback::Paused, Reason::ItemChanged);
    let id = ItemId(n + 2);
    state.timeline.item = id;
    ServerMessage::VideoChanged(VideoChanged {
        id,
        item: item(&format!("Film {n}.mkv")),
        state,
    })
}

/// Returns the memory used by a process, in bytes.
fn memory(id: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).expect("it runs");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kibibytes = line.and_then(|line| line.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok());
    kibibytes.expect("Linux says it") * 1024
}
