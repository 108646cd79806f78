//! The requests of members to their room.

use std::net::IpAddr;

use watchtogether_protocol::message::chat::SendChat;
use watchtogether_protocol::message::playback::{GoOn, Ready, SetLength, SetVideo, VideoSync};
use watchtogether_protocol::message::removal::{Remove, Unban};
use watchtogether_protocol::message::room::{SetRoom, TransferHost};
use watchtogether_protocol::message::roster::{Avatar, Report};
use watchtogether_protocol::message::undo::Undo;
use watchtogether_protocol::{MemberName, OwnerKey, Token};

/// A request of a member that has a seat.
#[derive(Clone, Debug, PartialEq)]
pub enum RoomCommand {
    /// To move the room.
    VideoSync(VideoSync),
    /// To put on an item.
    SetVideo(SetVideo),
    /// To correct the length of the item that is on.
    SetLength(SetLength),
    /// To say something.
    Chat(SendChat),
    /// To be counted as standing where the room prepares to go on.
    Ready(Ready),
    /// To tell how the member's player does.
    Report(Report),
    /// To hand the room to another.
    TransferHost(TransferHost),
    /// To go on without those that the room waits for.
    GoOn(GoOn),
    /// To change how the room behaves.
    SetRoom(SetRoom),
    /// To take back what was done last.
    Undo(Undo),
    /// To take somebody's seat away.
    Remove(Remove),
    /// To let somebody in again.
    Unban(Unban),
    /// To give the seat up.
    Leave,
}

/// Somebody who wants a seat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Newcomer {
    /// The name that they want; a number is added where it is taken.
    pub name: MemberName,
    /// How they want to be drawn; none draws them by their name.
    pub avatar: Option<Avatar>,
    /// The token that will prove the seat: drawn by the shell, kept here only as a hash.
    pub token: Token,
    /// Where they come from: kept here only as a hash.
    pub address: IpAddr,
    /// The key that they are known by in the rooms that they opened: kept here only as a hash.
    pub owner: Option<OwnerKey>,
}
