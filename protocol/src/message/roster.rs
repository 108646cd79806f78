//! The members of a room and how they do.

use bincode::{Decode, Encode};
use unicode_segmentation::UnicodeSegmentation as _;

use super::playback::check_position;
use crate::clean::{Clean, is_blank};
use crate::id::{MemberId, MemberName};
use crate::item::FileMatch;
use crate::time::{MediaTime, WallTime};

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

/// The role of a member, which says what they may do.
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
    /// The connection stands, and the client says nothing although it has to; the next packet makes it [`Link::Up`].
    Silent,
    /// The connection is gone; the seat is kept for a while.
    Lost,
}

/// The state of a member's player.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub enum PlayerState {
    /// There is none, by choice.
    None,
    /// Its user closed it.
    Closed,
    /// It runs and the room has nothing on.
    Idle,
    /// A local copy of the item is searched for.
    Searching {
        /// The folders that were searched so far, rounded down.
        folders: u32,
    },
    /// There is no local copy of the item.
    NoCopy,
    /// It opens the item.
    Loading,
    /// It has the item open and is where the room is.
    Following,
    /// It has the item open and has been elsewhere for longer than a moment; it is being brought to the room.
    CatchingUp {
        /// Room minus player, in whole seconds, where it is known; negative is ahead.
        behind: Option<MediaTime>,
    },
    /// It has the item open and goes its own pace.
    Detached,
    /// It ran dry and fills its cache.
    Buffering {
        /// 0 to 100.
        percent: u8,
    },
    /// Its copy ended before the room's position.
    Ended {
        /// The end of the copy.
        at: MediaTime,
    },
    /// It cannot decode the item fast enough.
    TooSlow,
    /// Its process runs and does not respond.
    NotResponding,
    /// It could not open the item, or crashed.
    Failed {
        /// The kind of failure.
        why: PlayerFailure,
    },
}

/// The kinds of failure of a player.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub enum PlayerFailure {
    /// The file or the link cannot be read.
    Unreadable,
    /// It is no film: the format is unknown, or there is neither picture nor sound in it.
    NotAFilm,
    /// The player's process ended.
    Crashed,
    /// Anything else.
    Other,
}

/// How one's player does; sent when it changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Report {
    /// The state of the player.
    pub player: PlayerState,
    /// How the member's copy compares with the room's item.
    pub file: FileMatch,
}

impl PlayerState {
    /// Returns how full the player's cache is while it fills, 0 to 100.
    pub const fn buffering(self) -> Option<u8> {
        if let Self::Buffering { percent } = self {
            Some(percent)
        } else {
            None
        }
    }
}

impl Report {
    /// Returns what is taken for true when the room goes to another item, until the member reports again: a player that is
    /// there opens it.
    #[must_use]
    pub const fn for_another_item(self) -> Self {
        let has_none = matches!(
            self.player,
            PlayerState::None
                | PlayerState::Closed
                | PlayerState::NotResponding
                | PlayerState::Failed {
                    why: PlayerFailure::Crashed
                }
        );
        let player = if has_none {
            self.player
        } else {
            PlayerState::Loading
        };
        Self {
            player,
            file: FileMatch::Unknown,
        }
    }

    pub(super) fn check(&self) -> Result<(), &'static str> {
        if let FileMatch::Other { longer_by } = self.file
            && check_position(longer_by.abs().into()).is_err()
        {
            return Err("two films differ by less than 100 days");
        }
        if self.player.buffering().is_some_and(|percent| percent > 100) {
            return Err("a percentage is at most 100");
        }
        if let PlayerState::CatchingUp { behind: Some(behind) } = self.player
            && check_position(behind.abs().into()).is_err()
        {
            return Err("a player is less than 100 days from its room");
        }
        if let PlayerState::Ended { at } = self.player {
            check_position(at)?;
        }
        Ok(())
    }
}

/// Somebody in the room.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Member {
    /// The member's number.
    pub id: MemberId,
    /// The member's name.
    pub name: MemberName,
    /// How they are drawn.
    pub avatar: Avatar,
    /// The member's role.
    pub role: Role,
    /// When they came.
    pub joined: WallTime,
    /// Whether they can be reached.
    pub link: Link,
    /// How their player does.
    pub report: Report,
}

impl Member {
    /// Returns the member's role in a room of a host: the host is who the room says it is.
    pub fn role_under(&self, host: Option<MemberId>) -> Role {
        match self.role {
            _ if host == Some(self.id) => Role::Host,
            Role::Host | Role::Viewer => Role::Viewer,
            Role::CoHost => Role::CoHost,
        }
    }

    /// Returns whether the member is the host.
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
    /// The member.
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
        /// The member who removed them.
        by: MemberId,
    },
    /// Somebody who controls the room removed them, and keeps them out.
    Banned {
        /// The member who removed them.
        by: MemberId,
    },
}

/// Somebody is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct UserLeft {
    /// The member.
    pub id: MemberId,
    /// The reason.
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
    /// The new host.
    pub host: MemberId,
    /// The reason.
    pub why: HostChangeReason,
}
