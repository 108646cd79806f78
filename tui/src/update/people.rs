//! News of members: how they come, go and do.

use watchtogether_protocol::MediaTime;
use watchtogether_protocol::message::standing::NotReady;

/// How a member came or went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Came in.
    Joined,
    /// Left.
    Left,
    /// Is gone because the link stayed dead.
    Gone,
    /// Was put out by the server.
    Disconnected,
    /// Was removed by who controls the room.
    Kicked,
    /// Was removed, and is kept out.
    Banned,
    /// Cannot be reached; the seat is kept.
    Unreachable,
    /// Can be reached again.
    Back,
}

/// A change about a member that others read as a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum News {
    /// The member does not watch with the others any more, and will not by itself.
    NotReady(NotReady),
    /// The member has a player again.
    IsBack,
    /// The member's copy is another one than the room's film.
    OtherCopy {
        /// Their duration minus the room's.
        longer_by: MediaTime,
    },
}
