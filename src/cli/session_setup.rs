//! Everything that a session needs to start: the server, the room, the name and the film.

use std::io;

use watchtogether_protocol::invite::Address;
use watchtogether_protocol::message::room::Password;
use watchtogether_protocol::{Clean, Invite};
use watchtogether_tui::msg;

use super::card::LocalReach;
use super::globals::Globals;
use super::wall_clock::wall_clock;
use crate::config::{Config, Paths, PlayerKind};
use crate::driver::ClientConfig;
use crate::exit::{Failure, FailureKind};
use crate::owner::OwnerSecret;
use crate::player::handle::Launch;
use crate::seats::Seats;
use crate::session::{Admission, LocalItem, SessionConfig};
use crate::sync::law::Law;
use crate::transport::Trust;

/// Everything that a session needs to begin.
#[derive(Debug)]
pub(super) struct SessionSetup {
    /// A line for the user on entering, if any.
    pub(super) note: Option<String>,
    pub(super) address: Address,
    /// The address for an invite.
    pub(super) public: Address,
    pub(super) trust: Trust,
    pub(super) admission: Admission,
    pub(super) film: Option<LocalItem>,
    /// The film that the copy was used for last time, if the copy was not given now.
    pub(super) copy_of: Option<Clean>,
    pub(super) config: Config,
    /// How to reach the server, if it is a local one.
    pub(super) own: Option<LocalReach>,
}

impl SessionSetup {
    /// Returns the setup for entering the room of an invite.
    pub(super) fn of_invite(
        invite: Invite,
        password: Option<Password>,
        film: Option<LocalItem>,
        config: Config,
        globals: &Globals,
    ) -> Result<Self, Failure> {
        let Some(room) = invite.room else {
            return Err(no_room());
        };
        let trust = match invite.pin {
            Some(pin) => Trust::Pinned(pin),
            None => globals.first_use(),
        };
        let admission = Admission::Join {
            room,
            token: invite.token,
            password,
        };
        let public = invite.address.clone();
        Ok(Self {
            note: None,
            address: invite.address,
            public,
            trust,
            admission,
            film,
            copy_of: None,
            config,
            own: None,
        })
    }

    /// Returns whether a room is requested with the server's key but without a token, as with an invite whose end was cut off.
    pub(super) fn lacks_token(&self) -> bool {
        let shows_nothing = matches!(
            self.admission,
            Admission::Join {
                token: None,
                password: None,
                ..
            }
        );
        shows_nothing && matches!(self.trust, Trust::Pinned(_))
    }

    /// Returns the configuration of a client that keeps its state in `paths`; `None` keeps nothing.
    pub(super) fn client_config(
        self,
        paths: Option<&Paths>,
        owner: OwnerSecret,
    ) -> Result<ClientConfig, Failure> {
        let failed =
            |error: io::Error| Failure::new(FailureKind::Failed, msg!("program-not-found")).because(error);
        let config = &self.config;
        let player = match config.player.value {
            PlayerKind::None => None,
            PlayerKind::Mpv => Some(Launch {
                program: std::env::current_exe().map_err(failed)?,
                options: config.options_of_mpv(),
                log: paths.map(Paths::player_log),
            }),
        };
        Ok(ClientConfig {
            trust: self.trust,
            session: SessionConfig {
                address: self.address,
                name: config.name.value.clone(),
                avatar: None,
                software: Clean::line(concat!("watchtogether ", env!("CARGO_PKG_VERSION"))),
                admission: self.admission,
                local_item: self.film,
                copy_of: self.copy_of,
                has_player: player.is_some(),
                pause_after_lost: config.offline_pause_after.value,
                law: Law::default(),
                seed: u64::from_le_bytes(random_bytes()?),
                wall: wall_clock(),
            },
            player,
            over_film: watchtogether_tui::strings::over_film,
            media_dirs: config.media_folders(),
            seats: paths.map(|paths| Seats::new(paths.seats())),
            owner: Some(owner),
        })
    }
}

/// Returns the failure of an address that has no room.
pub(super) fn no_room() -> Failure {
    Failure::new(FailureKind::Usage, msg!("join-no-room")).hint(msg!("hint-address"))
}

/// Returns the secret that identifies the user as the owner of their rooms: the stored one, or one for as long as the program
/// runs.
pub(super) async fn owner_secret(paths: Option<Paths>) -> Result<OwnerSecret, Failure> {
    let new = OwnerSecret::from_bytes(random_bytes()?);
    let Some(paths) = paths else { return Ok(new) };
    let kept = {
        // Getting the secret waits for other users of the file, and for the disk.
        let new = new.clone();
        tokio::task::spawn_blocking(move || OwnerSecret::kept_in(&paths.owner_secret(), new))
    };
    let kept = kept.await.unwrap_or_else(|error| Err(io::Error::other(error)));
    Ok(kept.unwrap_or_else(|error| {
        tracing::warn!(%error, "could not store the owner's secret: rooms that are opened now cannot be taken back after a restart");
        new
    }))
}

fn random_bytes<const N: usize>() -> Result<[u8; N], Failure> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| {
        let cause = io::Error::other(error.to_string());
        Failure::new(FailureKind::Failed, msg!("no-random-numbers")).because(cause)
    })?;
    Ok(bytes)
}
