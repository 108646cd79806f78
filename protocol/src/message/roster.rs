//! Who is in the room and how they do.

use bincode::{Decode, Encode};
use unicode_segmentation::UnicodeSegmentation as _;

use super::playback::check_position;
use crate::clean::Clean;
use crate::id::{MemberId, MemberName, is_blank};
use crate::item::FileMatch;
use crate::time::WallTime;

/// How a member is drawn.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Avatar {
    /// One visible character or joined pictograph.
    pub glyph: Clean,
    /// One of [`AVATAR_COLOURS`] colours, by number; the screen decides which they are.
    pub colour: u8,
}

/// The code points of the longest joined pictographs, families and flags with their selectors.
const GLYPH_CHARS: usize = 8;

/// How many colours tell members apart.
pub const AVATAR_COLOURS: u8 = 12;

impl Avatar {
    /// Returns the avatar that a name stands for: its first letter, and a colour drawn from it.
    pub fn of_name(name: &MemberName) -> Self {
        let first: String = name.as_str().chars().take(1).collect();
        let sum = name
            .folded()
            .bytes()
            .fold(0u8, |sum, b| sum.wrapping_mul(31).wrapping_add(b));
        Self {
            glyph: Clean::line(&first),
            colour: sum % AVATAR_COLOURS,
        }
    }

    pub(super) fn check(&self) -> Result<(), &'static str> {
        let glyph = self.glyph.as_str();
        if glyph.graphemes(true).count() != 1
            || glyph.chars().count() > GLYPH_CHARS
            || glyph.starts_with(is_blank)
        {
            return Err("an avatar is one visible character");
        }
        if self.colour >= AVATAR_COLOURS {
            Err("an avatar's colour is 0 to 11")
        } else {
            Ok(())
        }
    }
}

/// What a member may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub enum Role {
    /// Watches and talks.
    Viewer,
    /// Controls the room beside the host, and follows as host.
    CoHost,
    /// Controls the room.
    Host,
}

/// Whether a member can be reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Link {
    /// Packets come.
    Up,
    /// Nothing was heard for a while; the seat is kept.
    Lost,
}

/// What a member's player does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub enum PlayerState {
    /// There is none, by choice or because its window was closed.
    None,
    /// It is opening the item.
    Loading,
    /// It has the item open and follows the room.
    Following,
    /// It has the item open and goes its own pace.
    Detached,
    /// It ran dry and fills up again.
    Buffering {
        /// 0 to 100.
        percent: u8,
    },
    /// It cannot keep up with the film.
    TooSlow,
    /// It could not open the item.
    Failed,
}

/// How one's player does; sent when it changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Report {
    /// What the player does.
    pub player: PlayerState,
    /// How the own copy compares with the room's item.
    pub file: FileMatch,
}

impl Report {
    pub(super) fn check(&self) -> Result<(), &'static str> {
        if let FileMatch::Other { longer_by } = self.file
            && check_position(longer_by.abs().into()).is_err()
        {
            return Err("two films differ by less than 100 days");
        }
        match self.player {
            PlayerState::Buffering { percent } if percent > 100 => Err("a percentage is at most 100"),
            PlayerState::None
            | PlayerState::Loading
            | PlayerState::Following
            | PlayerState::Detached
            | PlayerState::Buffering { .. }
            | PlayerState::TooSlow
            | PlayerState::Failed => Ok(()),
        }
    }
}

/// Somebody in the room.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Member {
    /// Which.
    pub id: MemberId,
    /// What they are called.
    pub name: MemberName,
    /// How they are drawn.
    pub avatar: Avatar,
    /// What they may do.
    pub role: Role,
    /// When they came.
    pub joined: WallTime,
    /// Whether they can be reached.
    pub link: Link,
    /// How their player does.
    pub report: Report,
}

impl Member {
    /// Returns whether the member controls the room.
    pub const fn is_host(&self) -> bool {
        matches!(self.role, Role::Host)
    }

    pub(super) fn check(&self) -> Result<(), &'static str> {
        self.avatar.check()?;
        self.report.check()
    }
}

/// Somebody came in.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct UserJoined {
    /// Who.
    pub member: Member,
}

/// Why somebody is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub enum LeaveReason {
    /// They left.
    Left,
    /// Their connection died and the seat was kept for as long as seats are kept.
    LinkLost,
    /// They read slower than the room speaks, or sent far too much.
    Disconnected,
    /// Somebody who controls the room removed them.
    Kicked {
        /// Who.
        by: MemberId,
    },
    /// Somebody who controls the room removed them, and keeps them out.
    Banned {
        /// Who.
        by: MemberId,
    },
}

/// Somebody is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct UserLeft {
    /// Who.
    pub id: MemberId,
    /// Why.
    pub why: LeaveReason,
}

/// Something about a member is different: name, role, link or player.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct UserChanged {
    /// The member as they are now.
    pub member: Member,
}

/// Why the room is somebody else's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub enum HostChangeReason {
    /// The host handed it over.
    Transferred,
    /// The host left.
    HostLeft,
    /// The host could not be reached for too long.
    HostLost,
    /// The host came back and took the room again.
    Reclaimed,
    /// Somebody took back that it was handed over.
    Undone,
}

/// The room is somebody else's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct HostChanged {
    /// Who is host now.
    pub host: MemberId,
    /// Why.
    pub why: HostChangeReason,
}
