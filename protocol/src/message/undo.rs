//! Messages that undo the last change of what everybody shares.

use std::time::Duration;

use bincode::{Decode, Encode};

use super::playback::{check_position, check_rate};
use super::settings::Setting;
use crate::id::{Epoch, MemberId};
use crate::time::{MediaTime, Rate};

/// Undoes the last change of the room. It names the change that the sender saw, so that a change made in between is never undone
/// by mistake.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Undo {
    /// The life of the room in which the change was made.
    pub epoch: Epoch,
    /// The change's [`Undoable::number`].
    pub number: u32,
}

/// The last change of what everybody shares, which can be undone for a while. An undo is such a change itself, so undoing twice
/// restores it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Undoable {
    /// The number of the change, increasing within one life of the room. A repeated number means that the same change grew: one
    /// seek followed at once by another.
    pub number: u32,
    /// The member who made the change.
    pub by: MemberId,
    /// The change as it was when its author last acted, so that everybody describes it with the same numbers, whenever they learn
    /// of it.
    pub change: Change,
    /// The change that this one took back, if it is an undo.
    pub undoes: Option<Undone>,
    /// The time left to undo it, in milliseconds.
    pub left_ms: u32,
}

/// Identifies a change across all lives of a room, because numbers start again with each life.
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
    /// Whether the change was an undo itself, so that this one redid the original.
    pub was_undo: bool,
}

/// A change of what everybody shares.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Change {
    /// The room went to another position.
    Place {
        /// The position at which it would have been at that time.
        from: MediaTime,
        /// The new position.
        to: MediaTime,
    },
    /// The room plays.
    Play,
    /// The room is paused.
    Pause {
        /// The position at which it paused.
        position: MediaTime,
    },
    /// The room plays at another speed.
    Rate {
        /// The new speed.
        rate: Rate,
    },
    /// Another item is on.
    Item,
    /// The room has another host.
    Host {
        /// The new host.
        host: MemberId,
    },
    /// The room has another setting.
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

    /// Returns whether this message alone reports the change: a seek or an undo. Any other change has a message of its own as well.
    pub const fn is_told_alone(&self) -> bool {
        self.undoes.is_some() || matches!(self.change, Change::Place { .. })
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
