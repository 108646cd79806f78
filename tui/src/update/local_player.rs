//! Updates about the local player: its details, its chapters, and how well it followed in the last minute.

use std::time::Duration;

use watchtogether_protocol::{Clean, MediaTime};

/// A chapter of the item that the local player has open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chapter {
    /// The position of its beginning.
    pub at: MediaTime,
    /// The title; may be empty.
    pub title: Clean,
}

/// A selected audio or subtitle track.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Track {
    /// The number among the tracks of its kind, from 1.
    pub number: u32,
    /// The language as the file writes it; may be empty.
    pub language: Clean,
    /// The track's title; may be empty.
    pub title: Clean,
    /// The channel layout, as in "5.1"; empty for subtitles.
    pub channels: Clean,
}

/// Details about how the local player plays.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PlayerFacts {
    /// The audio track.
    pub audio: Option<Track>,
    /// The subtitle track.
    pub subtitles: Option<Track>,
    /// The volume, in percent.
    pub volume: u32,
    /// Whether it is muted.
    pub is_muted: bool,
    /// By how much the user delays the sound, in milliseconds.
    pub audio_delay_ms: i32,
    /// The delay of the picture behind the sound, in milliseconds.
    pub picture_late_ms: i32,
    /// How much it has buffered ahead.
    pub cache: Duration,
    /// The number of dropped pictures.
    pub dropped_frames: u64,
    /// The hardware decoder; `None` if the picture is decoded in software.
    pub decoder: Option<Clean>,
    /// The width and height of the picture, in pixels.
    pub size: Option<(u32, u32)>,
    /// The frame rate.
    pub frame_rate: Option<f64>,
}

/// How well the local player followed; sent once a second while it plays.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SyncMinute {
    /// The largest drift of the last second, in microseconds; positive is ahead. `None` while it does not play.
    pub drift_us: Option<i32>,
    /// The median of the drift's absolute value over the last minute.
    pub p50: Option<Duration>,
    /// The 95th percentile of the drift's absolute value over the last minute.
    pub p95: Option<Duration>,
    /// The largest absolute value of the drift over the last minute.
    pub worst: Option<Duration>,
    /// The number of holds in the last minute that nobody in the room asked for.
    pub corrections: usize,
    /// How often somebody seeked in the last minute.
    pub seeks: usize,
    /// How often the local player ran out of data in the last minute.
    pub stalls: usize,
}
