//! Whether anything can be kept in the state folder. Where nothing can, the evening goes on without history, drafts, recent
//! rooms and seat, and its user is told once.

use std::sync::Arc;

use rustix::fs::{Access, access};

use super::globals::Globals;
use crate::config::Paths;
use crate::own_files;
use crate::transport::{KnownServersFile, Trust, UnkeptServers};

/// Where things are kept.
#[derive(Clone, Debug)]
pub(super) enum State {
    /// In the folder.
    Kept(Paths),
    /// Nowhere.
    Unkept {
        /// Why, in words for the user.
        why: String,
    },
}

impl Globals {
    /// Returns whether anything can be kept, as it is now. Makes the folder where it is missing.
    pub(super) fn state(&self) -> State {
        let folder = &self.paths.state;
        let opened = self.paths.open_state().map(drop);
        // A folder on a disk that is read-only is as much ours as ever.
        let opened = opened.and_then(|()| Ok(access(folder, Access::WRITE_OK | Access::EXEC_OK)?));
        match opened {
            Ok(()) => State::Kept(self.paths.clone()),
            Err(error) => {
                let reason = own_files::reason(&error);
                let why = format!(
                    "nothing is saved on this machine: cannot use {} ({reason})",
                    folder.display()
                );
                State::Unkept { why }
            }
        }
    }

    /// Returns the trust on first use: kept in the state folder, or for as long as the program runs.
    pub(super) fn first_use(&self) -> Trust {
        let file = KnownServersFile::new(self.paths.known_servers());
        Trust::FirstUse(match self.state() {
            State::Kept(_) => Arc::new(file),
            State::Unkept { .. } => Arc::new(UnkeptServers::beside(file)),
        })
    }
}

impl State {
    /// Returns the folders, where things are kept.
    pub(super) const fn paths(&self) -> Option<&Paths> {
        match self {
            Self::Kept(paths) => Some(paths),
            Self::Unkept { .. } => None,
        }
    }

    /// Returns what the user is told.
    pub(super) fn warning(&self) -> Option<&str> {
        match self {
            Self::Kept(_) => None,
            Self::Unkept { why } => Some(why),
        }
    }
}
