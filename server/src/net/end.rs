//! The ways in which a connection with a client ends.

use quinn::{Connection, ConnectionError, VarInt};
use watchtogether_protocol::close::CloseCode;
use watchtogether_protocol::codec::DecodeError;

use super::intake::IntakeError;

/// Why serving a client ended.
#[derive(Debug, thiserror::Error)]
pub(super) enum ConversationEnd {
    #[error("the connection was lost")]
    Connection(#[from] ConnectionError),
    #[error("the stream ended")]
    Stream,
    #[error(transparent)]
    Intake(#[from] IntakeError),
    #[error("a datagram cannot be read")]
    Datagram(#[from] DecodeError),
    #[error("a message came where it has no place")]
    OutOfPlace,
    #[error("half a frame stood for too long")]
    Stalled,
    #[error("no hello in time")]
    NoHello,
    #[error("far too many datagrams")]
    DatagramFlood,
    #[error("the room is over")]
    RoomGone,
    #[error("closed by the room")]
    Closed(CloseCode),
}

impl ConversationEnd {
    /// Returns the close code for the client, if the connection still exists.
    pub(super) const fn code(&self) -> Option<CloseCode> {
        match self {
            Self::Connection(_) | Self::Stream => None,
            Self::Intake(IntakeError::TooLong(_) | IntakeError::Unreadable(_))
            | Self::Datagram(_)
            | Self::OutOfPlace => Some(CloseCode::ProtocolError),
            Self::Stalled => Some(CloseCode::TooSlow),
            Self::NoHello => Some(CloseCode::HelloTimeout),
            Self::Intake(IntakeError::Flood) | Self::DatagramFlood => Some(CloseCode::RateLimited),
            Self::RoomGone => Some(CloseCode::ShuttingDown),
            Self::Closed(code) => Some(*code),
        }
    }
}

/// Closes a connection with a reason.
pub(super) fn close(connection: &Connection, code: CloseCode) {
    connection.close(VarInt::from_u32(code.as_u32()), code.code().as_bytes());
}
