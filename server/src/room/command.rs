//! The requests of members to their room.

use std::net::IpAddr;

use watchtogether_protocol::message::chat::SendChat;
use watchtogether_protocol::message::playback::{GoOn, Ready, SetLength, SetVideo, VideoSync};
use watchtogether_protocol::message::removal::{Remove, Unban};
use watchtogether_protocol::message::room::{SetRoom, TransferHost};
use watchtogether_protocol::message::roster::{Avatar, Report};
use watchtogether_protocol::message::undo::Undo;
use watchtogether_protocol::{MemberName, OwnerKey, Token};

/// A request of a member who has a seat.
#[derive(Clone, Debug, PartialEq)]
pub enum RoomCommand {
    /// Control playback.
    VideoSync(VideoSync),
    /// Set the room's item.
    SetVideo(SetVideo),
    /// Correct the length of the current item.
    SetLength(SetLength),
    /// Send a chat message.
    Chat(SendChat),
    /// Report being ready at the position from which the room will start.
    Ready(Ready),
    /// Report the state of the member's player.
    Report(Report),
    /// Make another member the host.
    TransferHost(TransferHost),
    /// Start without the members that the room waits for.
    GoOn(GoOn),
    /// Change a setting of the room.
    SetRoom(SetRoom),
    /// Undo the last change to the room.
    Undo(Undo),
    /// Remove a member.
    Remove(Remove),
    /// Lift a ban.
    Unban(Unban),
    /// Give up the seat.
    Leave,
}

/// A client that wants a seat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Newcomer {
    /// The name that they want; a number is appended if it is taken.
    pub name: MemberName,
    /// The avatar that they want; if `None`, it is derived from the name.
    pub avatar: Option<Avatar>,
    /// The token that will prove the seat. The shell generates it; the room keeps only a hash.
    pub token: Token,
    /// The client's address. The room keeps only a hash.
    pub address: IpAddr,
    /// The key that identifies the member as the owner of rooms that they opened. The room keeps only a hash.
    pub owner: Option<OwnerKey>,
}
