//! The outputs of a room.

use watchtogether_protocol::close::CloseCode;
use watchtogether_protocol::{MemberId, ServerMessage};

/// One thing for the shell to do. The order of outputs matters.
#[derive(Clone, Debug, PartialEq)]
pub enum RoomOutput {
    /// Send to one member.
    Send {
        /// The receiving member.
        to: MemberId,
        /// The message.
        message: Box<ServerMessage>,
    },
    /// Send to every member but one; the message is encoded once for all.
    Broadcast {
        /// The member who does not get the message.
        except: Option<MemberId>,
        /// The message.
        message: Box<ServerMessage>,
    },
    /// End a member's connection: its seat has been removed.
    Close {
        /// The member.
        member: MemberId,
        /// The close code for the client.
        code: CloseCode,
    },
}
