//! The end of a session, or of the attempt to start one.

use watchtogether_protocol::Clean;

/// Why the session has ended or cannot start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stop {
    /// The kind of end, which determines the title.
    pub kind: StopKind,
    /// A description, as a sentence without a full stop.
    pub words: Clean,
    /// A suggestion for the user.
    pub hint: Option<Clean>,
    /// Whether another attempt can help; if so, its key is offered.
    pub may_retry: bool,
}

/// The kind of end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StopKind {
    /// The room does not exist, or the invite or password is wrong.
    NotAdmitted,
    /// The request was refused for another reason: the room is full, the name is taken.
    Refused,
    /// The server presents a different key than the one in the invite.
    PinMismatch,
    /// The server could not be reached.
    Unreachable,
    /// The connection ended and is not retried automatically.
    Disconnected,
    /// The room was closed.
    RoomClosed,
    /// A host or co-host removed the user.
    Removed,
    /// A newer connection of the same member took the seat.
    Replaced,
    /// Something in this program failed.
    Failed,
}
