//! Messages that control playback: play, pause, seek, rate and the current item.

use bincode::{Decode, Encode};

use crate::id::{MemberId, Revision};
use crate::item::{Item, ItemId, Length};
use crate::limits;
use crate::time::{MediaTime, Rate};
use crate::timeline::Timeline;

/// A request to control playback.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Action {
    /// Play from the room's position.
    Play,
    /// Pause at the frame that is on the sender's screen.
    Pause {
        /// The position of that frame.
        position: MediaTime,
    },
    /// Seek, then play or stay paused as before.
    Seek {
        /// The target position.
        position: MediaTime,
    },
    /// Play at another speed.
    SetRate {
        /// The new speed.
        rate: Rate,
    },
}

/// Controls the room's playback. The server puts such requests in order; the last one wins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct VideoSync {
    /// The revision that the sender saw when acting.
    pub based_on: Revision,
    /// The request.
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

/// Sets the room's item.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct SetVideo {
    /// The item.
    pub item: Item,
    /// The position at which to begin.
    pub position: MediaTime,
}

impl SetVideo {
    pub(super) fn check(&self) -> Result<(), &'static str> {
        check_position(self.position)?;
        self.item.check()
    }
}

/// Corrects the length of the current item. A file that is still being written has no length until it is complete, and a link has
/// none until a player has opened it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct SetLength {
    /// The item; a request for any other item has no effect.
    pub id: ItemId,
    /// The item's length.
    pub length: Length,
}

impl SetLength {
    pub(super) fn check(&self) -> Result<(), &'static str> {
        self.length.check()
    }
}

/// The length of the current item changed.
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

/// Reports that the sender's player is paused at the position from which the room will start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Ready {
    /// The revision for which it is ready; the server ignores any other.
    pub revision: Revision,
}

/// Starts without the members that the room waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct GoOn {
    /// The revision in which the room is waiting.
    pub revision: Revision,
}

/// How the room reacts when a member's player runs out of data.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub enum StallPolicy {
    /// Waits for the member, up to a limit.
    #[default]
    Wait,
    /// Keeps playing; the member catches up alone.
    GoOn,
}

/// The members that a preparing room waits for: their number, and who they are while they are few.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Awaited {
    /// The number of members.
    pub count: u32,
    /// Who they are; empty if there are more than [`limits::AWAITED_NAMES`].
    pub who: Vec<MemberId>,
}

impl Awaited {
    /// Returns whether the room waits for nobody.
    pub const fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Returns whether the member is one of them, as far as they are named.
    pub fn names(&self, id: MemberId) -> bool {
        self.who.contains(&id)
    }

    /// Returns whether the room waits for anybody but this member.
    pub fn is_anybody_but(&self, id: MemberId) -> bool {
        self.count > u32::from(self.names(id))
    }

    /// Takes out a member who is gone.
    pub fn remove(&mut self, id: MemberId) {
        let before = self.who.len();
        self.who.retain(|awaited| *awaited != id);
        self.count -= u32::from(self.who.len() < before);
    }

    fn check(&self) -> Result<(), &'static str> {
        let count = self.count as usize;
        if count > limits::ROOM_MEMBERS {
            return Err("a room waits for at most 4,096 members");
        }
        let named = if count > limits::AWAITED_NAMES { 0 } else { count };
        if self.who.len() == named {
            Ok(())
        } else {
            Err("the awaited members are named while they are at most 8")
        }
    }
}

impl FromIterator<MemberId> for Awaited {
    fn from_iter<T: IntoIterator<Item = MemberId>>(ids: T) -> Self {
        let mut awaited = Self::default();
        for id in ids {
            awaited.count += 1;
            if awaited.who.len() < limits::AWAITED_NAMES {
                awaited.who.push(id);
            }
        }
        if awaited.count as usize > limits::AWAITED_NAMES {
            awaited.who = Vec::new();
        }
        awaited
    }
}

/// The timeline changed.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct VideoStateChanged {
    /// The room's timeline.
    pub timeline: Timeline,
    /// The members that the room waits for while it prepares.
    pub waiting_for: Awaited,
}

/// The awaited members changed. Sent at intervals while the room prepares, so that the cost of a seek grows with the number of
/// members and not with its square.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct StillWaiting {
    /// The revision in which the room waits.
    pub revision: Revision,
    /// The members that it waits for.
    pub waiting_for: Awaited,
}

impl StillWaiting {
    pub(super) fn check(&self) -> Result<(), &'static str> {
        self.waiting_for.check()
    }
}

impl VideoStateChanged {
    pub(super) fn check(&self) -> Result<(), &'static str> {
        check_position(self.timeline.position)?;
        self.waiting_for.check()?;
        check_rate(self.timeline.rate)
    }
}

/// The item changed.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct VideoChanged {
    /// The item's number.
    pub id: ItemId,
    /// The item.
    pub item: Item,
    /// The room's position in the item.
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
