//! The messages between client and server, by topic. Each message has a number whose meaning never changes.
//!
//! Structures are frozen once a version is released. Later additions become separate messages, and a receiver that does not know
//! one skips it if the frame allows that.

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

            /// Returns the message as one complete frame.
            pub fn to_frame(&self) -> Bytes {
                let payload = match self { $(Self::$variant(body) => codec::encode(body),)+ };
                frame::write(self.kind(), 0, &payload)
            }

            /// Returns the message in a frame, or `None` if its type is unknown and may be skipped.
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
    /// The messages from a client to its server.
    ClientMessage, limits::CLIENT_FRAME_BYTES, {
        /// Introduces the client; the first message on a connection.
        1 => Hello(room::Hello),
        /// Opens a room: `create-room`.
        2 => CreateRoom(room::CreateRoom),
        /// Enters a room: `join-room`.
        3 => JoinRoom(room::JoinRoom),
        /// Takes the sender's seat again after the connection was lost.
        4 => Resume(room::Resume),
        /// Gives up the sender's seat.
        5 => Leave(room::Leave),
        /// Controls the room's playback: `video-sync`.
        6 => VideoSync(playback::VideoSync),
        /// Sets the room's item: `set-video`.
        7 => SetVideo(playback::SetVideo),
        /// Sends a chat message: `chat-message`.
        8 => Chat(chat::SendChat),
        /// Reports that the sender's player is paused at the position from which the room will start.
        9 => Ready(playback::Ready),
        /// Reports the state of the sender's player.
        10 => Report(roster::Report),
        /// Makes another member the host.
        11 => TransferHost(room::TransferHost),
        /// Starts without the members that the room waits for.
        12 => GoOn(playback::GoOn),
        /// Changes a setting of the room.
        13 => SetRoom(room::SetRoom),
        /// Undoes the last change to the room.
        14 => Undo(undo::Undo),
        /// Takes a member's seat away.
        15 => Remove(removal::Remove),
        /// Lifts a ban.
        16 => Unban(removal::Unban),
        /// Corrects the length of the current item.
        17 => SetLength(playback::SetLength),
    }
}

direction! {
    /// The messages from a server to its client.
    ServerMessage, limits::SERVER_FRAME_BYTES, {
        /// Answers `Hello`.
        1 => Welcome(room::Welcome),
        /// Answers `CreateRoom`: `room-created`.
        2 => RoomCreated(room::Entered),
        /// Answers `JoinRoom` and `Resume`: `room-joined`.
        3 => RoomJoined(room::Entered),
        /// A member entered: `user-joined`.
        4 => UserJoined(roster::UserJoined),
        /// A member is gone: `user-left`.
        5 => UserLeft(roster::UserLeft),
        /// A member changed.
        6 => UserChanged(roster::UserChanged),
        /// The room has another host.
        7 => HostChanged(roster::HostChanged),
        /// The timeline changed: `video-state-changed`.
        8 => VideoStateChanged(playback::VideoStateChanged),
        /// The item changed: `video-changed`.
        9 => VideoChanged(playback::VideoChanged),
        /// A member sent a chat message: `chat-message`.
        10 => Chat(chat::ChatLine),
        /// Earlier chat lines: `chat-history`.
        11 => ChatHistory(chat::ChatHistory),
        /// A request was refused.
        12 => Refused(room::Refused),
        /// The server is about to close the connection.
        13 => Closing(room::Closing),
        /// A setting of the room changed.
        14 => RoomChanged(room::RoomChanged),
        /// A member made a change to the room that can be undone for a while.
        15 => Undoable(undo::Undoable),
        /// More of the room is saved on the server's disk, or saving is failing.
        16 => Saved(chat::Saved),
        /// The list of bans, sent to hosts and co-hosts.
        17 => Bans(removal::Bans),
        /// The length of the current item changed.
        18 => LengthChanged(playback::LengthChanged),
        /// Another server has the requested room.
        19 => Elsewhere(room::Elsewhere),
        /// The preparing room waits for other members than before.
        20 => StillWaiting(playback::StillWaiting),
        /// Several members entered or changed.
        21 => RosterChanged(roster::RosterChanged),
        /// Asks a silent client for a ping.
        22 => AreYouThere(clock::AreYouThere),
    }
}

impl ClientMessage {
    /// Returns the rule that the message breaks, if any: the rules that its types cannot express.
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
    /// Returns the rule that the message breaks, if any: the rules that its types cannot express.
    fn check(&self) -> Result<(), &'static str> {
        match self {
            Self::RoomCreated(body) | Self::RoomJoined(body) => body.check(),
            Self::VideoStateChanged(body) => body.check(),
            Self::VideoChanged(body) => body.check(),
            Self::LengthChanged(body) => body.check(),
            Self::StillWaiting(body) => body.check(),
            Self::RosterChanged(body) => body.check(),
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
            | Self::Saved(_)
            | Self::AreYouThere(_) => Ok(()),
        }
    }
}
