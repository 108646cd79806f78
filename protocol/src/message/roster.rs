//! The members of a room and the state of their players.

use bincode::{Decode, Encode};
use unicode_segmentation::UnicodeSegmentation as _;

use super::playback::check_position;
use crate::clean::{Clean, is_blank};
use crate::id::{MemberId, MemberName};
use crate::item::FileMatch;
use crate::limits;
use crate::time::{MediaTime, WallTime};

/// The picture that represents a member.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Avatar {
    /// One visible character or joined pictograph.
    pub glyph: Clean,
    /// One of [`AVATAR_COLOURS`] colours, by number; the screen decides how each looks.
    pub colour: u8,
}

/// The number of code points in the longest joined pictographs: families, and flags with their selectors.
const GLYPH_CHARS: usize = 8;

/// The number of colours that distinguish members.
pub const AVATAR_COLOURS: u8 = 12;

impl Avatar {
    /// Returns the avatar derived from a name: its first letter, and a colour computed from it.
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

/// The role of a member, which decides what they may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub enum Role {
    /// Watches and chats.
    Viewer,
    /// Controls the room as the host does, and is next in line as host.
    CoHost,
    /// Controls the room.
    Host,
}

/// The state of a member's connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub enum MemberLink {
    /// The client can be reached.
    Up,
    /// The connection exists, but the client has been silent for too long. The next packet makes it [`MemberLink::Up`].
    Silent,
    /// The connection is gone; the seat is kept for a while.
    Lost,
}

/// The state of a member's player.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub enum PlayerState {
    /// There is no player, by choice.
    None,
    /// The user closed it.
    Closed,
    /// It runs, and the room has no item.
    Idle,
    /// The client is searching for a local copy of the item.
    Searching {
        /// The number of folders searched so far, rounded down.
        folders: u32,
    },
    /// There is no local copy of the item.
    NoCopy,
    /// It is opening the item.
    Loading,
    /// It has the item open and follows the room.
    Following,
    /// It has the item open but has been away from the room's position for longer than a moment; the client is bringing it back.
    CatchingUp {
        /// Room minus player, in whole seconds, if known; negative if the player is ahead of the room.
        behind: Option<MediaTime>,
    },
    /// It has the item open and does not follow the room.
    Detached,
    /// It ran out of data and is filling its cache.
    Buffering {
        /// How full the cache is, 0 to 100.
        percent: u8,
    },
    /// Its copy ended before the room's position.
    Ended {
        /// The length of the copy.
        at: MediaTime,
    },
    /// It cannot decode the item fast enough.
    TooSlow,
    /// Its process runs but does not respond.
    NotResponding,
    /// It could not open the item, or crashed.
    Failed {
        /// The kind of failure.
        reason: PlayerFailure,
    },
}

/// The kinds of player failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub enum PlayerFailure {
    /// The file or the link cannot be read.
    Unreadable,
    /// It is not a film: the format is unknown, or it has neither picture nor sound.
    NotAFilm,
    /// The player's process ended.
    Crashed,
    /// Anything else.
    Other,
}

/// Reports the state of the sender's player; sent when it changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Report {
    /// The state of the player.
    pub player: PlayerState,
    /// How the member's copy compares with the room's item.
    pub file: FileMatch,
}

impl Report {
    /// The state of a member who has not sent a report yet.
    pub const NONE: Self = Self {
        player: PlayerState::None,
        file: FileMatch::Unknown,
    };
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
    /// Returns the report that is assumed after the item changes, until the member reports again: a player that exists opens it.
    #[must_use]
    pub const fn for_another_item(self) -> Self {
        let has_none = matches!(
            self.player,
            PlayerState::None
                | PlayerState::Closed
                | PlayerState::NotResponding
                | PlayerState::Failed {
                    reason: PlayerFailure::Crashed
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

/// A member of the room.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Member {
    /// The member's number.
    pub id: MemberId,
    /// The member's name.
    pub name: MemberName,
    /// The member's avatar.
    pub avatar: Avatar,
    /// The member's role.
    pub role: Role,
    /// When they entered.
    pub joined: WallTime,
    /// The state of their connection.
    pub link: MemberLink,
    /// Their player's last report.
    pub report: Report,
}

impl Member {
    /// Returns the member's role in a room with this host: what the room says about its host takes precedence over the member's
    /// record.
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

/// A member entered.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct UserJoined {
    /// The member.
    pub member: Member,
}

/// Why a member is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub enum LeaveReason {
    /// The member left.
    Left,
    /// Their connection was lost, and the seat was not taken again in time.
    LinkLost,
    /// They read more slowly than the room sends, or sent far too much.
    Disconnected,
    /// The host or a co-host removed them.
    Kicked {
        /// The member who removed them.
        by: MemberId,
    },
    /// The host or a co-host removed and banned them.
    Banned {
        /// The member who removed them.
        by: MemberId,
    },
}

/// A member is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct UserLeft {
    /// The member.
    pub id: MemberId,
    /// The reason.
    pub reason: LeaveReason,
}

/// A member changed: name, role, link or player.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct UserChanged {
    /// The member's new state.
    pub member: Member,
}

/// Several members entered or changed. It replaces [`UserJoined`] and [`UserChanged`] when there is more than one of these.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct RosterChanged {
    /// The members' new states; those who are not known to the receiver have entered.
    pub members: Vec<Member>,
}

impl RosterChanged {
    pub(super) fn check(&self) -> Result<(), &'static str> {
        if self.members.len() > limits::ROOM_MEMBERS {
            return Err("a room has at most 4,096 members");
        }
        self.members.iter().try_for_each(Member::check)
    }
}

/// Why the host changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub enum HostChangeReason {
    /// The host handed it over.
    Transferred,
    /// The host left.
    HostLeft,
    /// The host was unreachable for too long.
    HostLost,
    /// The owner became host again, or a host who had lost the connection came back.
    Reclaimed,
    /// Somebody undid a transfer.
    Undone,
}

/// Somebody else became host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct HostChanged {
    /// The new host.
    pub host: MemberId,
    /// The reason.
    pub reason: HostChangeReason,
}
