//! A bot that greets members who join, and answers `!time` with the position of the film.
//!
//! ```sh
//! cargo run --example room_bot -- 'watchtogether://HOST:PORT/ROOM#k=PIN&t=TOKEN'
//! ```
//!
//! It is a member without a player. It uses the same client library as the program: commands in, notices out.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use watchtogether::config::Paths;
use watchtogether::driver::{Client, ClientConfig, ClientEvent};
use watchtogether::exit::end_words;
use watchtogether::session::command::Command;
use watchtogether::session::event::Event;
use watchtogether::session::{Admission, SessionConfig};
use watchtogether::sync::law::Law;
use watchtogether::transport::{KnownServersFile, Trust};
use watchtogether_protocol::time::WallTime;
use watchtogether_protocol::{Clean, Invite};

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let invite: Invite = std::env::args().nth(1).context("give an invite")?.parse()?;
    let (client, mut notices) = Client::start(config(invite)?);
    let (commands, status) = (client.commands(), client.status());
    loop {
        let answer = match notices.recv().await? {
            ClientEvent::Event(Event::MemberJoined(member)) => format!("hello {}", member.name),
            ClientEvent::Event(Event::Chat(line)) if line.text.as_str().trim() == "!time" => {
                let room = status.borrow().room.clone().context("the bot is not in a room")?;
                format!("we are at {}", room.position)
            }
            ClientEvent::Finished(end) => anyhow::bail!("{}", end_words(&end)),
            ClientEvent::Event(_) | ClientEvent::Connected(_) => continue,
        };
        commands
            .send(Command::Say {
                text: Clean::line(&answer),
            })
            .await?;
    }
}

fn config(invite: Invite) -> anyhow::Result<ClientConfig> {
    let known = Paths::of(|name| std::env::var_os(name)).known_servers();
    Ok(ClientConfig {
        trust: match invite.pin {
            Some(pin) => Trust::Pinned(pin),
            None => Trust::FirstUse(Arc::new(KnownServersFile::new(known))),
        },
        session: SessionConfig {
            address: invite.address,
            name: "bot".parse()?,
            avatar: None,
            software: Clean::line("room_bot"),
            admission: Admission::Join {
                room: invite.room.context("the invite names no room")?,
                token: invite.token,
                password: None,
            },
            local_item: None,
            copy_of: None,
            has_player: false,
            pause_after_lost: Duration::from_mins(2),
            law: Law::default(),
            seed: u64::from(std::process::id()),
            wall: WallTime::default(),
        },
        player: None,
        over_film: |_| None,
        media_dirs: Vec::new(),
        seats: None,
        owner: None,
    })
}
