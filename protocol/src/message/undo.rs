//! Taking back what somebody did to all.

use std::time::Duration;

use bincode::{Decode, Encode};

use super::playback::{check_position, check_rate};
use super::settings::Setting;
use crate::id::{Epoch, MemberId};
use crate::time::{MediaTime, Rate};

/// Takes back the last change of the room. It names the change that the sender saw, so that one which came between is
/// never undone by mistake.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Undo {
    /// The life of the room in which the change was made.
    pub epoch: Epoch,
    /// The change's [`Undoable::number`].
    pub number: u32,
}

/// The last change of what everybody shares: it can be undone for a while. An undo is such a change itself, so that undoing
/// twice does it again.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Undoable {
    /// The number of the change, within one life of the room: grows. The same number again is the same change, grown: a seek
    /// that was followed by another at once.
    pub number: u32,
    /// The member who made the change.
    pub by: MemberId,
    /// The change, as it was when its author acted last: everybody tells it with the same numbers, whenever they hear of it.
    pub change: Change,
    /// The change that it took back, where it is an undo itself.
    pub undoes: Option<Undone>,
    /// For how many milliseconds from now it can be undone.
    pub left_ms: u32,
}

/// Identifies the change over all lives of a room: numbers begin anew with each of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChangeId {
    /// The life of the room in which the change was made.
    pub epoch: Epoch,
    /// The change's [`Undoable::number`].
    pub number: u32,
}

/// The change that an undo took back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Undone {
    /// The member who had made it.
    pub author: MemberId,
    /// Whether it was an undo: then this one did it again.
    pub was_undo: bool,
}

/// A change of what everybody shares.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Change {
    /// The room went elsewhere.
    Place {
        /// Where it would have been then.
        from: MediaTime,
        /// Where it went.
        to: MediaTime,
    },
    /// It plays.
    Play,
    /// It stands.
    Pause {
        /// The position at which it stands.
        position: MediaTime,
    },
    /// It plays at another speed.
    Rate {
        /// At which.
        rate: Rate,
    },
    /// Another item is on.
    Item,
    /// It has another host.
    Host {
        /// The new host.
        host: MemberId,
    },
    /// It has another setting.
    Setting(Setting),
}

impl Undoable {
    /// Returns which change it is, in a life of the room.
    pub const fn id(&self, epoch: Epoch) -> ChangeId {
        ChangeId {
            epoch,
            number: self.number,
        }
    }

    /// Returns for how long it can be undone from when this arrived.
    pub fn left(&self) -> Duration {
        Duration::from_millis(self.left_ms.into())
    }

    pub(super) fn check(&self) -> Result<(), &'static str> {
        match self.change {
            Change::Place { from, to } => {
                check_position(from)?;
                check_position(to)
            }
            Change::Pause { position } => check_position(position),
            Change::Rate { rate } => check_rate(rate),
            Change::Play | Change::Item | Change::Host { .. } | Change::Setting(_) => Ok(()),
        }
    }
}
