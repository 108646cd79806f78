//! The values that the shell passes to a session: how to enter the room, which copy the user chose, and credentials.

use std::time::Duration;

use watchtogether_protocol::invite::Address;
use watchtogether_protocol::message::room::{Access, Password};
use watchtogether_protocol::message::roster::Avatar;
use watchtogether_protocol::message::settings::RoomSettings;
use watchtogether_protocol::time::WallTime;
use watchtogether_protocol::{
    Clean, InviteToken, Item, MediaTime, MemberName, OwnerKey, Rate, RoomName, Token,
};

use crate::player::Source;
use crate::sync::law::Law;

/// The credentials for a server, besides an invite.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Credentials {
    /// The token that takes back the seat of an earlier client of this user in the room. A session that was in the room itself
    /// has a newer one.
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

/// How a session enters a room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Admission {
    /// Opens a room as its host. If the room already exists, joins it if it is open to this user or was left before.
    Host {
        /// The room's name; if `None`, the server generates one.
        room: Option<RoomName>,
        /// Whether the user chose that name. If it is taken, another one is tried only if it was generated.
        is_name_chosen: bool,
        /// The condition for entering.
        access: Access,
        /// The room's settings.
        settings: RoomSettings,
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
    /// Returns the room's name, if it has one yet.
    pub const fn room(&self) -> Option<&RoomName> {
        match self {
            Self::Host { room, .. } => room.as_ref(),
            Self::Join { room, .. } => Some(room),
        }
    }
}

/// A room that was left and is reopened, or entered if it still exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RoomReturn {
    /// The room's previous invite token, which stays valid.
    pub invite: Option<InviteToken>,
    /// The position from which the film should continue. If the room still exists, its own position takes precedence.
    pub position: Option<MediaTime>,
    /// The speed at which it should continue. A room that still exists knows better.
    pub rate: Rate,
}

/// The configuration of a session.
#[derive(Clone, Debug, PartialEq)]
pub struct SessionConfig {
    /// The server's address. That server may redirect to another one.
    pub address: Address,
    /// The name that the member wants.
    pub name: MemberName,
    /// The member's avatar; if `None`, the server chooses.
    pub avatar: Option<Avatar>,
    /// The program and its version, for the server's log.
    pub software: Clean,
    /// How to enter the room.
    pub admission: Admission,
    /// The file or link that the user chose. A host sets it as the room's item; anybody else uses it as their copy of the item.
    pub local_item: Option<LocalItem>,
    /// The film that `local_item` was used for in this room before, if the user did not choose it now. Then it is not used as a
    /// copy of any other item, and does not replace the room's item.
    pub copy_of: Option<Clean>,
    /// Whether there is a player at all.
    pub has_player: bool,
    /// How long the film keeps playing without a link before it is paused.
    pub pause_after_lost: Duration,
    /// The parameters of the control law; always the default, except while searching for them.
    pub law: Law,
    /// The seed for random choices: back-off and chat ids. Outside of tests it comes from the operating system.
    pub seed: u64,
    /// The wall clock when the session is created, used only for chat ids.
    pub wall: WallTime,
}
