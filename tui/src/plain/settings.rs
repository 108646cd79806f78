//! How plain mode is used: how much it tells, how often it says where the film is, and to whom.

use std::time::Duration;

/// How much is told by lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum LineVerbosity {
    /// What is said, who comes and goes, what is done to all, and what fails.
    Calm,
    /// How the own player and the others follow, too.
    #[default]
    Normal,
    /// Whatever happens.
    All,
}

/// How often the position is told without being asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AnnounceInterval {
    /// Never.
    #[default]
    Off,
    /// Each time so much has passed while the film plays.
    Every(Duration),
}

/// The settings of plain mode, which reads no configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlainSettings {
    /// How much is told.
    pub verbosity: LineVerbosity,
    /// How often the position is.
    pub announce: AnnounceInterval,
    /// Whether somebody sits at a terminal: what they type stands there already, and they can be asked.
    pub is_at_terminal: bool,
}
