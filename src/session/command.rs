//! What the user or a script wants of a session.

use watchtogether_protocol::{Clean, RoomIntent};

use super::OwnCopy;
use crate::player::Tweak;

/// A request; what becomes of it is told by events. Those that move the room are the host's: anybody else's are
/// refused on the spot, in the words that the server would use.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Asks something of the room, for everyone.
    Room(RoomIntent),
    /// Says something; line breaks stay.
    Say {
        /// What.
        text: Clean,
    },
    /// Tells the others that something is being written, for some seconds, or not any more.
    Typing(bool),
    /// Puts on an item for everyone; a viewer's own file becomes their copy of the room's item.
    Open(OwnCopy),
    /// Corrects the own player now, by a hold and a release, however small the drift.
    SyncNow,
    /// Starts the player again after its window was closed or it died.
    ReopenPlayer,
    /// Changes what of the own player is its user's alone.
    Tweak(Tweak),
    /// Tries to connect now: ends the wait between two tries, or begins anew after the end.
    Retry,
    /// Gives the seat up and ends.
    Leave,
}
