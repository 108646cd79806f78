//! The messages that cross the wire, by topic. Each message has a number that never changes its meaning.
//!
//! Structures are frozen once a version is released; what is added later is a message of its own, and
//! whoever does not know it skips it if its frame says so.

pub mod chat;
pub mod clock;
pub mod playback;
pub mod removal;
pub mod room;
pub mod roster;
pub mod settings;
pub mod standing;
pub mod undo;

use bytes::Bytes;

use crate::codec::{self, DecodeError};
use crate::frame::{self, Frame};
use crate::limits;

/// Declares the messages of one direction: their numbers, their encoding and their decoding.
macro_rules! direction {
    ($(#[$doc:meta])* $name:ident, $budget:expr, { $($(#[$vdoc:meta])* $number:literal => $variant:ident($body:ty),)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq)]
        pub enum $name {
            $($(#[$vdoc])* $variant($body),)+
        }

        impl $name {
            /// The number and the name of every message, in the order of their numbers.
            pub const KINDS: &'static [(u16, &'static str)] = &[$(($number, stringify!($variant)),)+];

            /// Returns the message's number on the wire.
            pub const fn kind(&self) -> u16 {
                match self { $(Self::$variant(_) => $number,)+ }
            }

            /// Returns the message as one whole frame.
            pub fn to_frame(&self) -> Bytes {
                let payload = match self { $(Self::$variant(body) => codec::encode(body),)+ };
                frame::write(self.kind(), 0, &payload)
            }

            /// Returns the message in a frame; nothing where the frame is unknown and may be skipped.
            pub fn from_frame(frame: &Frame) -> Result<Option<Self>, DecodeError> {
                let message = match frame.kind {
                    $($number => Self::$variant(codec::decode::<$body, { $budget }>(&frame.payload)?),)+
                    _ if frame.is_optional() => return Ok(None),
                    unknown => return Err(DecodeError::UnknownType(unknown)),
                };
                message.check().map_err(DecodeError::Rule)?;
                Ok(Some(message))
            }
        }
    };
}

direction! {
    /// From a client to its server.
    ClientMessage, limits::CLIENT_FRAME_BYTES, {
        /// Introduces the client; the first message on a connection.
        1 => Hello(room::Hello),
        /// Opens a room: `create-room`.
        2 => CreateRoom(room::CreateRoom),
        /// Enters a room: `join-room`.
        3 => JoinRoom(room::JoinRoom),
        /// Takes one's seat again after the connection was lost.
        4 => Resume(room::Resume),
        /// Gives one's seat up.
        5 => Leave(room::Leave),
        /// Moves the room: `video-sync`.
        6 => VideoSync(playback::VideoSync),
        /// Puts on an item: `set-video`.
        7 => SetVideo(playback::SetVideo),
        /// Says something: `chat-message`.
        8 => Chat(chat::SendChat),
        /// Says that one's player stands where the room prepares to go on.
        9 => Ready(playback::Ready),
        /// Says how one's player does.
        10 => Report(roster::Report),
        /// Hands the room to another member.
        11 => TransferHost(room::TransferHost),
        /// Goes on without those that the room waits for.
        12 => GoOn(playback::GoOn),
        /// Changes how the room behaves.
        13 => SetRoom(room::SetRoom),
        /// Takes back the last change of what everybody shares.
        14 => Undo(undo::Undo),
        /// Takes a member's seat away.
        15 => Remove(removal::Remove),
        /// Lets somebody in again who was banned.
        16 => Unban(removal::Unban),
        /// Corrects the length of the item that is on.
        17 => SetLength(playback::SetLength),
    }
}

direction! {
    /// From a server to its client.
    ServerMessage, limits::SERVER_FRAME_BYTES, {
        /// Answers `Hello`.
        1 => Welcome(room::Welcome),
        /// Answers `CreateRoom`: `room-created`.
        2 => RoomCreated(room::Entered),
        /// Answers `JoinRoom` and `Resume`: `room-joined`.
        3 => RoomJoined(room::Entered),
        /// Somebody came in: `user-joined`.
        4 => UserJoined(roster::UserJoined),
        /// Somebody is gone: `user-left`.
        5 => UserLeft(roster::UserLeft),
        /// Something about a member is different.
        6 => UserChanged(roster::UserChanged),
        /// The room is somebody else's.
        7 => HostChanged(roster::HostChanged),
        /// The room moved: `video-state-changed`.
        8 => VideoStateChanged(playback::VideoStateChanged),
        /// Another item is on: `video-changed`.
        9 => VideoChanged(playback::VideoChanged),
        /// Somebody said something: `chat-message`.
        10 => Chat(chat::ChatLine),
        /// Lines that were said before: `chat-history`.
        11 => ChatHistory(chat::ChatHistory),
        /// A request was refused.
        12 => Refused(room::Refused),
        /// The server ends the conversation.
        13 => Closing(room::Closing),
        /// The room behaves differently.
        14 => RoomChanged(room::RoomChanged),
        /// Somebody changed what everybody shares; it can be undone for a while.
        15 => Undoable(undo::Undoable),
        /// More of the room is on the server's disk, or nothing is for now.
        16 => Saved(chat::Saved),
        /// Those who may not come in: told to whoever controls the room.
        17 => Bans(removal::Bans),
        /// The length of the item that is on has changed.
        18 => LengthChanged(playback::LengthChanged),
        /// Another server has the room that was asked for.
        19 => Elsewhere(room::Elsewhere),
    }
}

impl ClientMessage {
    /// Returns what the message breaks that its types cannot express.
    fn check(&self) -> Result<(), &'static str> {
        match self {
            Self::Hello(body) => body.check(),
            Self::CreateRoom(body) => body.check(),
            Self::JoinRoom(body) => body.check(),
            Self::VideoSync(body) => body.check(),
            Self::SetVideo(body) => body.check(),
            Self::SetLength(body) => body.check(),
            Self::Chat(body) => body.check(),
            Self::Report(body) => body.check(),
            Self::Resume(_)
            | Self::Leave(_)
            | Self::Ready(_)
            | Self::TransferHost(_)
            | Self::GoOn(_)
            | Self::SetRoom(_)
            | Self::Undo(_)
            | Self::Remove(_)
            | Self::Unban(_) => Ok(()),
        }
    }
}

impl ServerMessage {
    /// Returns what the message breaks that its types cannot express.
    fn check(&self) -> Result<(), &'static str> {
        match self {
            Self::RoomCreated(body) | Self::RoomJoined(body) => body.check(),
            Self::VideoStateChanged(body) => body.check(),
            Self::VideoChanged(body) => body.check(),
            Self::LengthChanged(body) => body.check(),
            Self::ChatHistory(body) => body.check(),
            Self::Chat(body) => body.check(),
            Self::UserJoined(body) => body.member.check(),
            Self::UserChanged(body) => body.member.check(),
            Self::Welcome(body) => body.check(),
            Self::Undoable(body) => body.check(),
            Self::Bans(body) => body.check(),
            Self::Elsewhere(body) => body.check(),
            Self::UserLeft(_)
            | Self::HostChanged(_)
            | Self::Refused(_)
            | Self::Closing(_)
            | Self::RoomChanged(_)
            | Self::Saved(_) => Ok(()),
        }
    }
}
