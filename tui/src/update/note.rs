//! Lines about this machine, and the importance of lines.

use watchtogether_protocol::Clean;

/// A line about something on this machine, as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// The text.
    pub words: Clean,
    /// A suggestion for the user.
    pub hint: Option<Clean>,
    /// The importance.
    pub weight: Weight,
}

/// The importance of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// Only information.
    Calm,
    /// Something is not as it should be.
    Warning,
    /// Something failed.
    Failure,
}
