//! What the screen learns of the own player: how it plays, its chapters, and how it followed in the last minute.

use std::time::Duration;

use watchtogether_protocol::{Clean, MediaTime};

/// A chapter of what the own player has open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chapter {
    /// Where it begins.
    pub at: MediaTime,
    /// What it is called; may be empty.
    pub title: Clean,
}

/// A track that is heard or read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Track {
    /// Its number among those of its kind, from 1.
    pub number: u32,
    /// Its language as the file writes it; may be empty.
    pub language: Clean,
    /// What it calls itself; may be empty.
    pub title: Clean,
    /// How many sounds it has, as in "5.1"; empty for what is read.
    pub channels: Clean,
}

/// How the own player plays.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PlayerFacts {
    /// What is heard.
    pub audio: Option<Track>,
    /// What is read.
    pub subtitles: Option<Track>,
    /// How loud it is, in percent.
    pub volume: u32,
    /// Whether it is silenced.
    pub is_muted: bool,
    /// By how much its user delays the sound, in milliseconds.
    pub audio_delay_ms: i32,
    /// How far the picture is behind the sound, in milliseconds.
    pub picture_late_ms: i32,
    /// What it has ahead.
    pub cache: Duration,
    /// Pictures that were not shown.
    pub dropped_frames: u64,
    /// What decodes the picture in hardware; none where that is done in software.
    pub decoder: Option<Clean>,
    /// The picture's width and height, in points.
    pub size: Option<(u32, u32)>,
    /// Pictures in a second.
    pub frame_rate: Option<f64>,
}

/// How the own player followed: told once a second while it plays.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SyncMinute {
    /// The largest drift of the last second, in microseconds; positive is ahead. None while it does not play.
    pub drift_us: Option<i32>,
    /// The median of the drift's size over the last minute.
    pub p50: Option<Duration>,
    /// The 95th percentile of the same.
    pub p95: Option<Duration>,
    /// The largest of the same.
    pub worst: Option<Duration>,
    /// Holds in the last minute that nobody in the room asked for.
    pub corrections: usize,
    /// How often the room went elsewhere in the last minute.
    pub seeks: usize,
    /// How often the own player ran dry in the last minute.
    pub stalls: usize,
}
