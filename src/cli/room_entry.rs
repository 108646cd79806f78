//! Opens or enters a room. A room that was left is opened again if it was the user's own, and entered again otherwise.

use watchtogether_protocol::Invite;
use watchtogether_tui::msg;

use super::access::{access, password};
use super::globals::Globals;
use super::local_server::{LocalServer, RequestedPort};
use super::opening::{self, RoomOpening, ServerChoice};
use super::runtime::runtime;
use super::session_setup::SessionSetup;
use super::{media_arg, watch};
use crate::config::{Config, Configured, Origin};
use crate::exit::{Exit, Failure, FailureKind};
use crate::output::OutputStreams;
use crate::recent::{Recent, RecentFile, RecentFilm};
use crate::session::{LocalItem, RoomReturn};
use crate::transport::Trust;

/// How a room is reached.
#[derive(Debug)]
pub(super) enum RoomEntry {
    /// The room is opened.
    Open(Box<RoomOpening>),
    /// The room exists and is entered.
    Enter(Box<SessionSetup>),
}

impl RoomEntry {
    /// Returns the way back into a room that was left. Reads the film, which blocks.
    pub(super) fn return_to(recent: &Recent, config: &Config, globals: &Globals) -> Result<Self, Failure> {
        let at = match &recent.server {
            None => ServerChoice::Own(RequestedPort::of(config, recent.port)),
            Some(address) if recent.was_host => ServerChoice::Elsewhere {
                address: address.clone(),
                trust: recent.pin.map_or_else(|| globals.first_use(), Trust::Pinned),
            },
            Some(address) => {
                let invite = Invite {
                    address: address.clone(),
                    room: Some(recent.room.clone()),
                    pin: recent.pin,
                    token: recent.token,
                };
                // If the copy is gone, it is searched for like any other.
                let film = recent.film.as_ref().and_then(|film| copy_of(film).ok());
                let setup = SessionSetup::of_invite(invite, password(None)?, film, config.clone(), globals)?;
                return Ok(Self::Enter(Box::new(SessionSetup {
                    copy_of: recent.title.clone(),
                    ..setup
                })));
            }
        };
        Ok(Self::Open(Box::new(RoomOpening {
            note: None,
            film: recent.film.as_ref().map(copy_of).transpose()?,
            copy_of: recent.title.clone(),
            room: Some(recent.room.clone()),
            access: access(config, None)?,
            at,
            public: None,
            again: Some(RoomReturn {
                invite: recent.token,
                position: recent.position,
                rate: recent.rate,
            }),
            settings: recent.settings.clone(),
        })))
    }

    /// Watches in the room until its user leaves.
    pub(super) async fn run(
        self,
        config: Config,
        globals: &Globals,
        output: &mut OutputStreams,
    ) -> Result<Exit, Failure> {
        let (own, setup) = self.set_up(config, globals).await?;
        watch::run(setup, own, globals, output).await
    }

    /// Returns the setup of the session, with the local server if one was started for the room.
    pub(super) async fn set_up(
        self,
        config: Config,
        globals: &Globals,
    ) -> Result<(Option<LocalServer>, SessionSetup), Failure> {
        match self {
            Self::Open(opening) => opening::open(*opening, config, globals).await,
            Self::Enter(setup) => Ok((None, *setup)),
        }
    }
}

/// Enters the last room again.
pub(super) fn last(
    mut config: Config,
    globals: &Globals,
    output: &mut OutputStreams,
) -> Result<Exit, Failure> {
    let (rooms, problem) = RecentFile::new(globals.paths.recent_rooms()).read();
    if let Some(problem) = problem {
        output.warning(&problem.to_string());
    }
    let recent = rooms.first().ok_or_else(|| {
        Failure::new(FailureKind::NoRecentRoom, msg!("join-no-recent")).hint(msg!("hint-join"))
    })?;
    named(&mut config, recent);
    let way = RoomEntry::return_to(recent, &config, globals)?;
    runtime()?.block_on(way.run(config, globals, output))
}

/// Sets the user's name to the one they had in a room, unless they choose another.
pub(super) fn named(config: &mut Config, recent: &Recent) {
    if config.name.origin == Origin::Default {
        config.name = Configured::flag(recent.name.clone());
    }
}

fn copy_of(film: &RecentFilm) -> Result<LocalItem, Failure> {
    match film {
        RecentFilm::File(path) => media_arg::local_file(path),
        RecentFilm::Link(link) => media_arg::link(link),
    }
}
