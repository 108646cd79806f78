//! Lines about this machine, and how much a line wants to be read.

use watchtogether_protocol::Clean;

/// A line about something on this machine, in words of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// What happened.
    pub words: Clean,
    /// What the user can do about it.
    pub hint: Option<Clean>,
    /// How much it wants to be read.
    pub weight: Weight,
}

/// How much a line wants to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// Good to know.
    Calm,
    /// Something is not as it should be.
    Warning,
    /// Something failed.
    Failure,
}
