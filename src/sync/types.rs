//! The vocabulary of the controller: its goals, its acts, and the player's reports.

use std::time::Duration;

use watchtogether_protocol::{LocalTime, MediaTime, Timeline};

/// The goal for the player.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Goal {
    /// Stay as it is.
    #[default]
    Rest,
    /// Paused at a position.
    Pause {
        /// The position.
        position: MediaTime,
    },
    /// Playing along a timeline.
    Run(Timeline),
}

/// A command to the player.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum SyncAction {
    /// Pause at once and go exactly to a position, or stay at the shown frame; answered by
    /// [`super::SyncController::handle_landed`].
    Hold {
        /// The target, or `None` to stay.
        position: Option<MediaTime>,
    },
    /// Play on at an instant, or at once if it has passed; answered by [`super::SyncController::handle_released`].
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
    /// Whether positions are those of the sound. Without sound they are as coarse as frames.
    pub has_audio: bool,
    /// Whether the item can be sought in. If not, it only follows pauses.
    pub is_seekable: bool,
    /// Whether it is a live source, in which seeking works only within the data that the player has, which moves on.
    pub is_live: bool,
}

/// The player's report about itself, ten times a second.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PlayerSample {
    /// The position and the instant of the reading.
    pub reading: Option<(MediaTime, LocalTime)>,
    /// The player's activity.
    pub activity: Activity,
    /// The delay of the picture behind the sound.
    pub picture_behind: Duration,
}

/// The activity of a player; the first that applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Activity {
    /// It is at its end.
    Ended,
    /// It is out of data.
    Dry,
    /// It seeks.
    Seeking,
    /// It is paused.
    Paused,
    /// It plays.
    Playing,
}

/// The player's motion as far as the controller knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Motion {
    /// Nothing is open.
    Absent,
    /// It is paused.
    Paused {
        /// The shown frame.
        landed: MediaTime,
        /// The target at which it was sent to stand, if the room stands there; `None` after a catch-up.
        place: Option<MediaTime>,
    },
    /// A hold is under way.
    Seeking {
        /// The target, as in `Standing`.
        place: Option<MediaTime>,
    },
    /// A release is under way.
    Starting,
    /// It plays.
    Running,
    /// Somebody stopped or moved it.
    Frozen,
}
