//! The commands of a user or a script to a session.

use watchtogether_protocol::{Clean, RoomIntent};

use super::LocalItem;
use crate::player::Adjustment;

/// A request whose outcome is reported by events. Commands that move the room are the host's; anybody else's are refused at once,
/// with the refusal that the server would give.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Asks something of the room, for everyone.
    Room(RoomIntent),
    /// Sends a chat message; line breaks are kept.
    Say {
        /// The text.
        text: Clean,
    },
    /// Tells the others that the user is typing, for some seconds, or has stopped.
    Typing(bool),
    /// Puts on an item for everyone. A viewer's own file becomes their copy of the room's item.
    Open(LocalItem),
    /// Corrects the local player now by a hold and a release, however small the drift.
    SyncNow,
    /// Starts the player again after its window was closed or it died.
    ReopenPlayer,
    /// Changes a setting of the local player that concerns only its user.
    Tweak(Adjustment),
    /// Connects now: ends the wait between two attempts, or starts again after the end.
    Retry,
    /// Gives up the seat and ends the session.
    Leave,
}
