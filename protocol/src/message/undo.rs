//! Messages about undoing the last change to the room.

use std::time::Duration;

use bincode::{Decode, Encode};

use super::playback::{check_position, check_rate};
use super::settings::Setting;
use crate::id::{Epoch, MemberId};
use crate::time::{MediaTime, Rate};

/// Undoes the last change to the room. It names the change that the sender saw, so that a newer one is never undone by mistake.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Undo {
    /// The epoch in which the change was made.
    pub epoch: Epoch,
    /// The change's [`Undoable::number`].
    pub number: u32,
}

/// The last change to the room, which can be undone for a while. An undo is itself a change, so a second undo redoes it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Undoable {
    /// The number of the change, increasing within one epoch. A repeated number means that the change was extended by an
    /// immediate second seek.
    pub number: u32,
    /// The member who made the change.
    pub by: MemberId,
    /// The change as of its author's last action, so that all clients report the same numbers.
    pub change: Change,
    /// The change that was undone, if this one is an undo.
    pub undoes: Option<Undone>,
    /// The time left to undo it, in milliseconds.
    pub left_ms: u32,
}

/// Identifies a change across epochs, because numbers start again with each epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChangeId {
    /// The epoch in which the change was made.
    pub epoch: Epoch,
    /// The change's [`Undoable::number`].
    pub number: u32,
}

/// The change that was undone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Undone {
    /// The member who had made it.
    pub author: MemberId,
    /// Whether the change undid something, so that this one does the original again. A change that was done again counts like the
    /// original.
    pub was_undo: bool,
}

/// A change to the room.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Change {
    /// The room's position changed by a seek.
    Place {
        /// The position that the room would otherwise have had at that time.
        from: MediaTime,
        /// The new position.
        to: MediaTime,
    },
    /// The room was set to play.
    Play {
        /// The position from which it plays.
        position: MediaTime,
    },
    /// The room was paused.
    Pause {
        /// The position at which the room paused.
        position: MediaTime,
    },
    /// The speed changed.
    Rate {
        /// The new speed.
        rate: Rate,
    },
    /// The item changed.
    Item,
    /// The host changed.
    Host {
        /// The new host.
        host: MemberId,
    },
    /// A setting changed.
    Setting(Setting),
}

impl Undoable {
    /// Returns the change's id.
    pub const fn id(&self, epoch: Epoch) -> ChangeId {
        ChangeId {
            epoch,
            number: self.number,
        }
    }

    /// Returns whether this message is the only report of the change: an undo, or a change of the timeline, because a newer state
    /// of the room replaces one that still waits to be sent. Any other change has a message of its own as well.
    pub const fn is_sole_report(&self) -> bool {
        let is_of_timeline = matches!(
            self.change,
            Change::Place { .. } | Change::Play { .. } | Change::Pause { .. } | Change::Rate { .. }
        );
        self.undoes.is_some() || is_of_timeline
    }

    /// Returns how long the change can still be undone, counted from receipt.
    pub fn left(&self) -> Duration {
        Duration::from_millis(self.left_ms.into())
    }

    pub(super) fn check(&self) -> Result<(), &'static str> {
        match self.change {
            Change::Place { from, to } => {
                check_position(from)?;
                check_position(to)
            }
            Change::Play { position } | Change::Pause { position } => check_position(position),
            Change::Rate { rate } => check_rate(rate),
            Change::Item | Change::Host { .. } | Change::Setting(_) => Ok(()),
        }
    }
}
