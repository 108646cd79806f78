//! Whether state can be stored in the state folder. If not, the session runs without history, drafts, recent rooms and a stored
//! seat, and the user is informed once.

use std::sync::Arc;

use rustix::fs::{Access, access};

use watchtogether_tui::msg;

use super::globals::Globals;
use crate::config::Paths;
use crate::exit::system_reason;
use crate::transport::{KnownServersFile, Trust, UnkeptServers};

/// The place for stored state.
#[derive(Clone, Debug)]
pub(super) enum StateFolder {
    /// The state folder.
    Kept(Paths),
    /// Nowhere on disk.
    Unkept {
        /// Why not, as text for the user.
        reason: String,
    },
}

impl Globals {
    /// Returns whether state can be stored now. Creates the folder if it is missing.
    pub(super) fn state(&self) -> StateFolder {
        let folder = &self.paths.state;
        let opened = self.paths.open_state().map(drop);
        // A folder on a read-only disk passes the checks, so writing is checked as well.
        let opened = opened.and_then(|()| Ok(access(folder, Access::WRITE_OK | Access::EXEC_OK)?));
        match opened {
            Ok(()) => StateFolder::Kept(self.paths.clone()),
            Err(error) => {
                let reason = system_reason(&error);
                let path = folder.display().to_string();
                let reason = msg!("nothing-saved", path = path, why = reason);
                StateFolder::Unkept { reason }
            }
        }
    }

    /// Returns how servers are trusted on first use: the keys are stored in the state folder, or kept for as long as the program
    /// runs.
    pub(super) fn first_use(&self) -> Trust {
        let file = KnownServersFile::new(self.paths.known_servers());
        Trust::FirstUse(match self.state() {
            StateFolder::Kept(_) => Arc::new(file),
            StateFolder::Unkept { .. } => Arc::new(UnkeptServers::beside(file)),
        })
    }
}

impl StateFolder {
    /// Returns the folders, if state is stored.
    pub(super) const fn paths(&self) -> Option<&Paths> {
        match self {
            Self::Kept(paths) => Some(paths),
            Self::Unkept { .. } => None,
        }
    }

    /// Returns the warning for the user.
    pub(super) fn warning(&self) -> Option<&str> {
        match self {
            Self::Kept(_) => None,
            Self::Unkept { reason } => Some(reason),
        }
    }
}
