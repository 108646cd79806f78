//! Watches a film in a room without a screen, and prints once a second how well it follows.
//!
//! ```sh
//! cargo build && cargo run --example headless_watcher -- 'HOST:PORT/ROOM' film.mkv
//! ```
//!
//! The player runs in a separate process, which is the `watchtogether` program. It must be on the `PATH`, or
//! `WATCHTOGETHER_PROGRAM` must name it.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use watchtogether::config::Paths;
use watchtogether::driver::{Client, ClientConfig};
use watchtogether::library;
use watchtogether::output::OutputStreams;
use watchtogether::player::Source;
use watchtogether::player::handle::Launch;
use watchtogether::session::{Admission, LocalItem, SessionConfig};
use watchtogether::sync::law::Law;
use watchtogether::transport::{KnownServersFile, Trust};
use watchtogether_protocol::time::WallTime;
use watchtogether_protocol::{Clean, Invite, MediaTime};

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let mut words = std::env::args().skip(1);
    let invite: Invite = words.next().context("give an invite or an address")?.parse()?;
    let film = library::identify(Path::new(&words.next().context("give a film")?))?;
    let copy = LocalItem {
        source: Source::File(film.path),
        item: film.item,
    };
    let (client, _notices) = Client::start(config(invite, copy)?);
    let mut output = OutputStreams::new(|_is_terminal| false, false);
    let mut seconds = tokio::time::interval(Duration::from_secs(1));
    let status = client.status();
    loop {
        tokio::select! {
            _ = tokio::signal::ctrl_c() => break,
            _ = seconds.tick() => {
                let now = status.borrow().clone();
                let position = now.room.map_or(MediaTime::ZERO, |room| room.position);
                let drift = now.sync.drift.map_or(0.0, |drift| drift.as_secs_f64() * 1e3);
                if output.line(&format!("{position}  {}  {drift:+.1} ms", now.sync.state.code())).is_err() {
                    break;
                }
            }
        }
    }
    client.leave().await;
    Ok(())
}

fn config(invite: Invite, copy: LocalItem) -> anyhow::Result<ClientConfig> {
    let program = std::env::var_os("WATCHTOGETHER_PROGRAM")
        .map_or_else(|| PathBuf::from("watchtogether"), PathBuf::from);
    let options = [("ao", "null"), ("vo", "null")].map(|(key, value)| (key.to_owned(), value.to_owned()));
    Ok(ClientConfig {
        trust: match invite.pin {
            Some(pin) => Trust::Pinned(pin),
            None => Trust::FirstUse(Arc::new(KnownServersFile::new(
                Paths::of(|name| std::env::var_os(name)).known_servers(),
            ))),
        },
        session: SessionConfig {
            address: invite.address,
            name: "watcher".parse()?,
            avatar: None,
            software: Clean::line("headless_watcher"),
            admission: Admission::Join {
                room: invite.room.context("the invite names no room")?,
                token: invite.token,
                password: None,
            },
            local_item: Some(copy),
            copy_of: None,
            has_player: true,
            pause_after_lost: Duration::from_mins(2),
            law: Law::default(),
            seed: u64::from(std::process::id()),
            wall: WallTime::default(),
        },
        player: Some(Launch {
            program,
            options: options.to_vec(),
            log: None,
        }),
        over_film: |_| None,
        media_dirs: Vec::new(),
        seats: None,
        owner: None,
    })
}
