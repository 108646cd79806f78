//! The facts that the shell gives a session: how to enter the room, which copy the user named, and why a connection ended.

use std::time::Duration;

use watchtogether_protocol::invite::Address;
use watchtogether_protocol::message::playback::StallPolicy;
use watchtogether_protocol::message::room::{Access, Password};
use watchtogether_protocol::message::roster::Avatar;
use watchtogether_protocol::time::WallTime;
use watchtogether_protocol::{Clean, InviteToken, Item, MediaTime, MemberName, OwnerKey, RoomName, Token};

use crate::player::Source;
use crate::sync::law::Law;

/// The credentials for a server, besides an invite.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Credentials {
    /// The token that takes again the seat of an earlier client of this user in the room. A session that was in the room itself
    /// knows a newer one.
    pub seat: Option<Token>,
    /// The key that identifies the member as the owner of rooms that they opened on this server.
    pub owner: Option<OwnerKey>,
}

/// An item that the user has: the source for the player, and the description for the room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocalItem {
    /// The source that the player opens.
    pub source: Source,
    /// The description that is sent to the room, without a duration until the player has found it.
    pub item: Item,
}

/// The way in which a session enters a room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Admission {
    /// Opens a room as its host. Joins it instead if it exists already and is open, or was left before.
    Host {
        /// The room's name; if `None`, the server draws one.
        room: Option<RoomName>,
        /// Whether the user chose that name. If it is taken, another one is tried only if nobody chose it.
        is_name_chosen: bool,
        /// The condition for entering.
        access: Access,
        /// The room's reaction when a player runs out of data.
        on_stall: StallPolicy,
        /// The state of the room to continue, if it was left before.
        again: Option<RoomReturn>,
    },
    /// Enters a room.
    Join {
        /// The room's name.
        room: RoomName,
        /// The invite's token, if there is one.
        token: Option<InviteToken>,
        /// The password, if one was given.
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

/// A room that was left and is opened again, or entered if it still exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RoomReturn {
    /// The invite's token from before, which stays valid.
    pub invite: Option<InviteToken>,
    /// The position from which the film should continue. A room that still exists knows better.
    pub position: Option<MediaTime>,
}

/// The configuration of a session.
#[derive(Clone, Debug, PartialEq)]
pub struct SessionConfig {
    /// The server's address. That server may name another one that has the room.
    pub address: Address,
    /// The name that the member wants.
    pub name: MemberName,
    /// The member's avatar; if `None`, the server chooses.
    pub avatar: Option<Avatar>,
    /// The program and its version, for the server's log.
    pub software: Clean,
    /// The way to enter.
    pub admission: Admission,
    /// The file or link that the user named. A host puts it on; anybody else uses it for the room's item.
    pub local_item: Option<LocalItem>,
    /// The title of the item for which `local_item` was used in this room before, if the user did not name it now. It is then a
    /// copy of no other item, and does not replace the room's item.
    pub copy_of: Option<Clean>,
    /// Whether there is a player at all.
    pub has_player: bool,
    /// How long the film plays on without a link before it is paused.
    pub pause_after_lost: Duration,
    /// The parameters of the control law; the default except in the search for them.
    pub law: Law,
    /// The seed for random draws: back-off and chat ids. From the operating system outside of tests.
    pub seed: u64,
    /// The wall clock when the session is created, used only for chat ids.
    pub wall: WallTime,
}
