//! The settings of plain mode: how much it reports, how often it reports the position, and whether the user is at a terminal.

use std::time::Duration;

/// The verbosity of plain mode.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum LineVerbosity {
    /// Messages, members who enter and leave, changes to the room, and failures.
    Calm,
    /// Also how well the local player and the others follow.
    #[default]
    Normal,
    /// All happenings.
    All,
}

/// How often the position is reported without being asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AnnounceInterval {
    /// Not at all.
    #[default]
    Off,
    /// Each time this much has passed while the film plays.
    Every(Duration),
}

/// The settings of plain mode. It does not read the configuration itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlainSettings {
    /// The verbosity.
    pub verbosity: LineVerbosity,
    /// How often the position is reported.
    pub announce: AnnounceInterval,
    /// Whether the user is at a terminal, where typed text is already visible and questions can be asked.
    pub is_at_terminal: bool,
}
