//! The words of the controller: where a player shall be, what it shall do, what it says and does.

use std::time::Duration;

use watchtogether_protocol::{LocalTime, MediaTime, Timeline};

/// Where the player shall be.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Goal {
    /// Wherever it is.
    #[default]
    Rest,
    /// Paused at a position.
    Stand {
        /// Which.
        position: MediaTime,
    },
    /// Along a playing timeline.
    Run(Timeline),
}

/// What the player shall do.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Act {
    /// Pause at once and go exactly to a position, or stay at the shown frame; answered by
    /// [`super::SyncController::handle_landed`].
    Hold {
        /// Where to.
        position: Option<MediaTime>,
    },
    /// Play on at an instant, at once where it has passed; answered by [`super::SyncController::handle_released`].
    Release {
        /// When.
        at: LocalTime,
    },
    /// Play at a speed.
    SetSpeed {
        /// The room's rate.
        base: f64,
        /// With its correction.
        speed: f64,
    },
}

/// What an open item allows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Traits {
    /// How long the own copy is.
    pub duration: Option<MediaTime>,
    /// Whether positions are those of the sound; without, they are as coarse as frames.
    pub has_audio: bool,
    /// Whether one can move about in it; where not, it only follows pauses.
    pub is_seekable: bool,
    /// Whether one can move about only in what the player has of it, which moves on: a live source.
    pub is_live: bool,
}

/// What the player says about itself, ten times a second.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sample {
    /// Where it was, and when.
    pub reading: Option<(MediaTime, LocalTime)>,
    /// What it was at.
    pub activity: Activity,
    /// How far its picture is behind its sound.
    pub picture_behind: Duration,
}

/// What a player is at; the first that is true of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Activity {
    /// It stands at its end.
    Ended,
    /// It ran dry.
    Dry,
    /// It seeks.
    Seeking,
    /// It is paused.
    Paused,
    /// It plays.
    Playing,
}

/// What the player does, as far as the controller knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Motion {
    /// Nothing is open.
    Absent,
    /// It stands, paused.
    Standing {
        /// At which frame.
        landed: MediaTime,
        /// Where it was sent to stand, if the room stands there; nothing after a catch-up.
        place: Option<MediaTime>,
    },
    /// A hold is on its way.
    Going {
        /// As in `Standing`.
        place: Option<MediaTime>,
    },
    /// A release is on its way.
    Starting,
    /// It plays.
    Running,
    /// Somebody stopped or moved it.
    Frozen,
}
