//! The commands of a user or a script to a session.

use watchtogether_protocol::{Clean, RoomIntent};

use super::LocalItem;
use crate::player::Adjustment;

/// A request whose outcome is reported by events. Requests that the user has no permission for are refused immediately, with the
/// refusal that the server would give.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Requests something of the room.
    Room(RoomIntent),
    /// Sends a chat message; line breaks are kept.
    Say {
        /// The text.
        text: Clean,
    },
    /// Tells the others that the user is typing, for a few seconds, or has stopped typing.
    Typing(bool),
    /// Sets the room's item. A viewer's own file becomes their copy of the room's item instead.
    Open(LocalItem),
    /// Corrects the local player now with a hold and a release, however small the drift.
    SyncNow,
    /// Starts the player again after its window was closed or it crashed.
    ReopenPlayer,
    /// Changes a setting of the local player that concerns only the user.
    Tweak(Adjustment),
    /// Connects now: ends the wait before the next attempt, or restarts a session that has ended.
    Retry,
    /// Gives up the seat and ends the session.
    Leave,
}
