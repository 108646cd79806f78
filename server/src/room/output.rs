//! What a room wants sent.

use watchtogether_protocol::close::CloseCode;
use watchtogether_protocol::{MemberId, ServerMessage};

/// One thing for the shell to do. The order counts.
#[derive(Clone, Debug, PartialEq)]
pub enum RoomOutput {
    /// Send to one member.
    Send {
        /// To whom.
        to: MemberId,
        /// What.
        message: Box<ServerMessage>,
    },
    /// Send to every member but one; encoded once for all.
    Broadcast {
        /// Who is left out.
        except: Option<MemberId>,
        /// What.
        message: Box<ServerMessage>,
    },
    /// End a member's connection: its seat is gone.
    Close {
        /// Whose.
        member: MemberId,
        /// Why.
        code: CloseCode,
    },
}
