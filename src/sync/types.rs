//! The types of the controller: its goals, its actions, and the player's reports.

use std::time::Duration;

use watchtogether_protocol::{LocalTime, MediaTime, Timeline};

/// The goal for the player.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Goal {
    /// Leave the player as it is.
    #[default]
    Rest,
    /// Be paused at a position.
    Pause {
        /// The position.
        position: MediaTime,
    },
    /// Play along a timeline.
    Run(Timeline),
}

/// A command to the player.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum SyncAction {
    /// Pause immediately and seek exactly to a position, or stay at the shown frame; answered by
    /// [`super::SyncController::handle_landed`].
    Hold {
        /// The target, or `None` to stay.
        position: Option<MediaTime>,
    },
    /// Play from an instant on, or immediately if it has passed; answered by [`super::SyncController::handle_released`].
    Release {
        /// The instant.
        at: LocalTime,
    },
    /// Play at a speed.
    SetSpeed {
        /// The room's rate.
        base: f64,
        /// The rate with its correction.
        speed: f64,
    },
}

/// The properties of an open item.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Traits {
    /// The length of the local copy.
    pub duration: Option<MediaTime>,
    /// Whether positions are those of the sound. Without sound they are only as precise as frames.
    pub has_audio: bool,
    /// Whether the item is seekable. If not, it only follows pauses.
    pub is_seekable: bool,
    /// Whether it is a live source, in which the player can seek only within the data that it has, which moves on.
    pub is_live: bool,
}

/// The player's report about itself, ten times a second.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PlayerSample {
    /// The position, and when it was read.
    pub reading: Option<(MediaTime, LocalTime)>,
    /// The player's activity.
    pub activity: Activity,
    /// The delay of the picture behind the sound.
    pub picture_behind: Duration,
}

/// The activity of a player. If several apply, it is the first of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Activity {
    /// It is at its end.
    Ended,
    /// It has run out of data.
    Dry,
    /// It seeks.
    Seeking,
    /// It is paused.
    Paused,
    /// It plays.
    Playing,
}

/// The player's motion, as far as the controller knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Motion {
    /// Nothing is open.
    Absent,
    /// It is paused.
    Paused {
        /// The shown frame.
        landed: MediaTime,
        /// The target that it was sent to, if the room stands there; `None` after a catch-up.
        place: Option<MediaTime>,
    },
    /// A hold is in progress.
    Seeking {
        /// The target, as in `Standing`.
        place: Option<MediaTime>,
    },
    /// A release is in progress.
    Starting,
    /// It plays.
    Running,
    /// The user paused or moved it.
    Frozen,
}
