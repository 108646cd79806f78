//! Taking somebody's seat away, and keeping them out.

use bincode::{Decode, Encode};

use crate::id::{MemberId, MemberName};
use crate::limits;
use crate::time::WallTime;

/// Takes a member's seat away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Remove {
    /// Whose.
    pub member: MemberId,
    /// Whether they are kept out from now on.
    pub is_ban: bool,
}

/// Lets somebody in again who was banned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Unban {
    /// The ban's [`Ban::number`].
    pub number: u32,
}

/// Somebody who may not come in. What they are known by beside their name is told to nobody.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Ban {
    /// Which ban, within one life of the room.
    pub number: u32,
    /// What they were called.
    pub name: MemberName,
    /// When it ends by itself.
    pub until: WallTime,
}

/// Who may not come in, oldest first: all that there are.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Bans {
    /// The bans.
    pub bans: Vec<Ban>,
}

impl Bans {
    pub(super) fn check(&self) -> Result<(), &'static str> {
        if self.bans.len() > limits::BANS {
            return Err("a room has at most 256 bans");
        }
        Ok(())
    }
}
