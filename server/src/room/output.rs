//! The outputs of a room.

use watchtogether_protocol::close::CloseCode;
use watchtogether_protocol::{MemberId, ServerMessage};

/// One thing for the shell to do. The order counts.
#[derive(Clone, Debug, PartialEq)]
pub enum RoomOutput {
    /// Send to one member.
    Send {
        /// To whom.
        to: MemberId,
        /// The message.
        message: Box<ServerMessage>,
    },
    /// Send to every member but one; encoded once for all.
    Broadcast {
        /// The member who is left out.
        except: Option<MemberId>,
        /// The message.
        message: Box<ServerMessage>,
    },
    /// End a member's connection: its seat is gone.
    Close {
        /// The member.
        member: MemberId,
        /// The reason that the client is told.
        code: CloseCode,
    },
}
