//! The facts that a session is given by its shell: how it comes in, what the user named, and why a connection is gone.

use std::time::Duration;

use watchtogether_protocol::close::CloseCode;
use watchtogether_protocol::invite::Address;
use watchtogether_protocol::message::playback::StallPolicy;
use watchtogether_protocol::message::room::{Access, Password};
use watchtogether_protocol::message::roster::Avatar;
use watchtogether_protocol::time::WallTime;
use watchtogether_protocol::{Clean, InviteToken, Item, MediaTime, MemberName, OwnerKey, RoomName, Token};

use crate::player::Source;
use crate::sync::law::Law;

/// What the user has to show a server besides an invite.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Credentials {
    /// What takes the seat again that an earlier client of the user had in this room. A session that was in the room itself
    /// knows a newer one.
    pub seat: Option<Token>,
    /// What the member is known by in the rooms that they opened there.
    pub owner: Option<OwnerKey>,
}

/// An item that the user has: what the player opens, and what the room is told of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnCopy {
    /// What the player opens.
    pub source: Source,
    /// What the room is told; without a duration, which the player finds out.
    pub item: Item,
}

/// How a session comes into a room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Admission {
    /// Opens a room as its host; joins it where it exists already and is open, or was left before.
    Host {
        /// The room's name; none lets the server draw one.
        room: Option<RoomName>,
        /// Whether the user chose that name: another one is taken only for a name that nobody chose.
        is_name_chosen: bool,
        /// Who may come in.
        access: Access,
        /// What the room does when a player runs dry.
        on_stall: StallPolicy,
        /// Where it goes on, if it was left before.
        again: Option<Again>,
    },
    /// Enters a room.
    Join {
        /// The room's name.
        room: RoomName,
        /// The invite's token, where there is one.
        token: Option<InviteToken>,
        /// The word, where it was given.
        password: Option<Password>,
    },
}

impl Admission {
    /// Returns the room, where it has a name yet.
    pub const fn room(&self) -> Option<&RoomName> {
        match self {
            Self::Host { room, .. } => room.as_ref(),
            Self::Join { room, .. } => Some(room),
        }
    }
}

/// A room that was left, to be opened again or entered as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Again {
    /// What let others in: it does so again.
    pub invite: Option<InviteToken>,
    /// Where the film was, where it is to go on from there; a room that is still there knows better.
    pub position: Option<MediaTime>,
}

/// All that a session is told once.
#[derive(Clone, Debug, PartialEq)]
pub struct SessionConfig {
    /// Where the server is; it may name another one that has the room.
    pub address: Address,
    /// What the member wants to be called.
    pub name: MemberName,
    /// How the member is drawn; none lets the server choose.
    pub avatar: Option<Avatar>,
    /// The program and its version, for the server's log.
    pub software: Clean,
    /// How to come in.
    pub admission: Admission,
    /// The file or link that the user named: put on by a host, used for the room's item by anybody else.
    pub own_copy: Option<OwnCopy>,
    /// The title of the item that `own_copy` was used for in the room before, where the user did not name it now: it is a
    /// copy of no other item, and is not put on in the place of one.
    pub copy_of: Option<Clean>,
    /// Whether there is a player at all.
    pub has_player: bool,
    /// After how long without a link the film is paused; it plays on until then.
    pub pause_after_lost: Duration,
    /// The numbers that the player is kept with its room by; the default unless they are searched.
    pub law: Law,
    /// What the session's dice are drawn from: back-off and chat ids. From the operating system outside of tests.
    pub seed: u64,
    /// The wall clock when the session is made, for chat ids alone.
    pub wall: WallTime,
}

/// Why there is no connection, or none any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkEnd {
    /// The server shows another key than the one it is known by; nothing was sent.
    PinMismatch,
    /// No connection came about: no such host, nothing listens, no common protocol.
    Unreachable {
        /// What happened, in words.
        why: Clean,
    },
    /// The other end closed it with a code that has a meaning here, or none.
    Closed {
        /// The code, where it is one that is known here.
        code: Option<CloseCode>,
    },
    /// Nothing was heard for too long.
    TimedOut,
    /// What arrived could not be read, or the transport broke.
    Broken {
        /// What happened, in words.
        why: Clean,
    },
}
