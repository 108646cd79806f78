//! The environment of a simulated player: films and a sound card.

use std::collections::BTreeMap;

use watchtogether_protocol::MediaTime;

use crate::player::Source;

const SEEK_SLACK: f64 = 5e-3;

/// A file or link that a simulated player can open.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SimulatedFilm {
    /// The length.
    pub duration: MediaTime,
    /// Frames per second.
    pub frame_rate: f64,
    /// The usual range of how long a seek takes, in seconds.
    pub seek: (f64, f64),
}

impl SimulatedFilm {
    /// Returns a film of this length at 24 frames per second with a key frame each second.
    pub const fn short_gop(duration: MediaTime) -> Self {
        Self {
            duration,
            frame_rate: 24.0,
            seek: (0.02, 0.12),
        }
    }

    /// Returns a film whose key frames are ten seconds apart: seeks decode up to 250 frames.
    pub const fn long_gop(duration: MediaTime) -> Self {
        Self {
            seek: (0.1, 1.0),
            ..Self::short_gop(duration)
        }
    }

    pub(super) fn frame_at_or_after(&self, seconds: f64) -> f64 {
        let last = ((self.duration.as_secs_f64() - 1e-6) * self.frame_rate).floor();
        let frame = ((seconds - SEEK_SLACK) * self.frame_rate - 1e-9).ceil();
        frame.clamp(0.0, last) / self.frame_rate
    }
}

/// The machine that a player runs on.
#[derive(Clone, Debug, Default)]
pub struct Machine {
    /// The films that it can open.
    pub films: BTreeMap<String, SimulatedFilm>,
    /// How much faster than the machine's clock its sound card runs, as a fraction.
    pub card_error: f64,
    /// Whether its sound output starts late and reports wrong positions at first.
    pub has_cold_output: bool,
    /// The errors of its readings, in seconds, used in turn and then again from the first. If this is empty, readings scatter by
    /// 0.03 ms.
    pub scatter: Vec<f64>,
    /// The standard deviation of the delay of releases, in seconds.
    pub lateness: f64,
}

impl Machine {
    /// Returns the key of a source in [`Self::films`].
    pub fn key(source: &Source) -> String {
        match source {
            Source::File(path) => path.to_string_lossy().into_owned(),
            Source::Link(link) => link.clone(),
        }
    }
}
