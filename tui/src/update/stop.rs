//! The end of a session, or of the attempt to begin one.

use watchtogether_protocol::Clean;

/// Why the session is over or cannot begin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stop {
    /// What kind of end it is: decides the title.
    pub kind: StopKind,
    /// What happened, as a sentence without its full stop.
    pub words: Clean,
    /// What to do about it.
    pub hint: Option<Clean>,
    /// Whether another try can help: offers the key for it.
    pub may_retry: bool,
}

/// What kind of end it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StopKind {
    /// There is no such room, or not with that invite or password.
    NotAdmitted,
    /// The request was refused for another reason: the room is full, the name is taken.
    Refused,
    /// The server shows another key than the invite names.
    PinMismatch,
    /// The server could not be reached.
    Unreachable,
    /// The connection ended and is not tried again by itself.
    Disconnected,
    /// The room was closed.
    RoomClosed,
    /// Who controls the room removed the user.
    Removed,
    /// The seat was taken by a newer connection of the same member.
    Replaced,
    /// Something of ours broke.
    Failed,
}
