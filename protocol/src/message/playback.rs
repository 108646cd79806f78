//! Moving the room.

use bincode::{Decode, Encode};

use crate::id::{MemberId, Revision};
use crate::item::{Item, ItemId, Length};
use crate::limits;
use crate::time::{MediaTime, Rate};
use crate::timeline::Timeline;

/// A wish of the host to move the room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Action {
    /// Play on from where the room stands.
    Play,
    /// Stand at the presser's frame.
    Pause {
        /// The frame that the presser sees.
        position: MediaTime,
    },
    /// Go to another position, and then on as before.
    Seek {
        /// Where to.
        position: MediaTime,
    },
    /// Play at another speed.
    SetRate {
        /// How fast.
        rate: Rate,
    },
}

/// Moves the room. The server orders such wishes; the last one wins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct VideoSync {
    /// The revision that the sender saw when they acted.
    pub based_on: Revision,
    /// The wish.
    pub action: Action,
}

impl VideoSync {
    pub(super) fn check(&self) -> Result<(), &'static str> {
        match self.action {
            Action::Play => Ok(()),
            Action::Pause { position } | Action::Seek { position } => check_position(position),
            Action::SetRate { rate } => check_rate(rate),
        }
    }
}

/// Puts on an item.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct SetVideo {
    /// The item.
    pub item: Item,
    /// Where to begin.
    pub position: MediaTime,
}

impl SetVideo {
    pub(super) fn check(&self) -> Result<(), &'static str> {
        check_position(self.position)?;
        self.item.check()
    }
}

/// Corrects the length of the item that is on: a file that is still being written has none until it is complete, and that of a
/// link is unknown until a player has opened it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct SetLength {
    /// The item; a request for any other has no effect.
    pub id: ItemId,
    /// The item's length.
    pub length: Length,
}

impl SetLength {
    pub(super) fn check(&self) -> Result<(), &'static str> {
        self.length.check()
    }
}

/// The length of the item that is on has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct LengthChanged {
    /// The item.
    pub id: ItemId,
    /// Its length.
    pub length: Length,
}

impl LengthChanged {
    pub(super) fn check(&self) -> Result<(), &'static str> {
        self.length.check()
    }
}

/// The sender's player stands, paused, where the room prepares to go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Ready {
    /// The revision that it stands at; for any other the word is void.
    pub revision: Revision,
}

/// Goes on without those that the room waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct GoOn {
    /// The revision in which the room waits.
    pub revision: Revision,
}

/// The reaction of a room to a member's player that runs dry.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub enum StallPolicy {
    /// Waits for it, for a while.
    #[default]
    Wait,
    /// Goes on; the member catches up alone.
    GoOn,
}

/// The room moved, or waits for others than before.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct VideoStateChanged {
    /// Where the room is.
    pub timeline: Timeline,
    /// For whom it waits, while it prepares.
    pub waiting_for: Vec<MemberId>,
}

impl VideoStateChanged {
    pub(super) fn check(&self) -> Result<(), &'static str> {
        check_position(self.timeline.position)?;
        if self.waiting_for.len() > limits::ROOM_MEMBERS {
            return Err("a room waits for at most 4,096 members");
        }
        check_rate(self.timeline.rate)
    }
}

/// Another item is on.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct VideoChanged {
    /// The item's number.
    pub id: ItemId,
    /// The item.
    pub item: Item,
    /// Where the room is in it.
    pub state: VideoStateChanged,
}

impl VideoChanged {
    pub(super) fn check(&self) -> Result<(), &'static str> {
        self.item.check()?;
        self.state.check()
    }
}

pub(super) fn check_position(position: MediaTime) -> Result<(), &'static str> {
    let seconds = position.as_nanos() / 1_000_000_000;
    if position < MediaTime::ZERO || seconds > limits::DURATION_SECONDS {
        return Err("a position is between the beginning and 100 days");
    }
    Ok(())
}

pub(super) fn check_rate(rate: Rate) -> Result<(), &'static str> {
    if rate.is_valid() {
        Ok(())
    } else {
        Err("a rate is between 0.25 and 4")
    }
}
