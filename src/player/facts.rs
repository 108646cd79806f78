//! Details that a player reports about itself and its film. They are only shown; no decision depends on them.

use std::time::Duration;

use bincode::{Decode, Encode};
use watchtogether_protocol::MediaTime;

/// The maximum number of chapters. It is more than a film has; a longer list is cut.
pub const CHAPTERS: usize = 500;

/// The maximum length of a chapter's title, in characters. A longer one is cut.
pub const TITLE_CHARS: usize = 200;

/// The maximum size of all titles together, in bytes, so that they fit into one message between player and client.
const TITLES_BYTES: usize = 40 * 1024;

/// A chapter of the open film.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Chapter {
    /// The position of its beginning.
    pub at: MediaTime,
    /// The title, uncleaned; may be empty.
    pub title: String,
}

/// A selected audio or subtitle track.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Track {
    /// The number among the tracks of its kind, from 1.
    pub number: u32,
    /// The language as the file writes it, uncleaned; may be empty.
    pub language: String,
    /// The track's title, uncleaned; may be empty.
    pub title: String,
    /// The channel layout, as in "5.1", uncleaned; empty for subtitles.
    pub channels: String,
}

/// How a player plays its film. Numbers are coarse, so that changes which nobody would notice are not reported.
#[derive(Clone, Debug, Default, PartialEq, Encode, Decode)]
pub struct Facts {
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
    /// The distance between picture and sound, in milliseconds; positive if the picture is late.
    pub picture_late_ms: i32,
    /// How much it has buffered ahead.
    pub cache: Duration,
    /// The number of pictures dropped since the film was opened.
    pub dropped_frames: u64,
    /// The hardware decoder, uncleaned; `None` if the picture is decoded in software.
    pub decoder: Option<String>,
    /// The width and height of the picture, in pixels.
    pub size: Option<(u32, u32)>,
    /// The frame rate, as the file says.
    pub frame_rate: Option<f64>,
}

/// Returns chapters in the order of their times, within all limits.
pub fn bounded(mut chapters: Vec<Chapter>) -> Vec<Chapter> {
    chapters.sort_by_key(|chapter| chapter.at);
    chapters.truncate(CHAPTERS);
    for chapter in &mut chapters {
        // Positions count from the first frame, which may be a few milliseconds after the file's beginning.
        chapter.at = chapter.at.max(MediaTime::ZERO);
        cut(&mut chapter.title, TITLE_CHARS);
    }
    if chapters.iter().map(|chapter| chapter.title.len()).sum::<usize>() > TITLES_BYTES {
        let most = TITLES_BYTES / chapters.len();
        for chapter in &mut chapters {
            let end = chapter.title.floor_char_boundary(most);
            chapter.title.truncate(end);
        }
    }
    chapters
}

/// Cuts a text to a number of characters.
pub fn cut(text: &mut String, chars: usize) {
    if let Some((end, _)) = text.char_indices().nth(chars) {
        text.truncate(end);
    }
}

/// Returns the buffered time with reduced precision: in seconds if it is short, otherwise in tens of seconds.
pub fn coarse_cache(ahead: Duration) -> Duration {
    let seconds = match ahead.as_secs() {
        seconds @ 0..=19 => seconds,
        seconds @ 20..=299 => seconds / 10 * 10,
        seconds => seconds / 60 * 60,
    };
    Duration::from_secs(seconds)
}

/// Returns the distance between picture and sound with reduced precision: in steps that an eye might notice.
pub fn coarse_apart(seconds: f64) -> i32 {
    /// A frame is 40 ms long; half of one is not noticeable.
    const STEP: f64 = 20.0;

    #[expect(
        clippy::cast_possible_truncation,
        reason = "a float cast saturates, and a player is not days apart"
    )]
    let steps = (seconds * 1_000.0 / STEP).round() as i32;
    steps.saturating_mul(20)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::player::{PlayerEvent, wire};

    fn chapter(second: i64, title: &str) -> Chapter {
        Chapter {
            at: MediaTime::from_millis(second * 1_000),
            title: title.to_owned(),
        }
    }

    #[test]
    fn chapters_come_in_order_and_short() {
        let long = "é".repeat(300);

        let chapters = bounded(vec![chapter(90, &long), chapter(5, "Opening")]);

        assert_eq!(chapters[0], chapter(5, "Opening"));
        assert_eq!(chapters[1].title.chars().count(), TITLE_CHARS);
    }

    #[test]
    fn the_longest_list_fits_into_one_message() {
        let long = "猫".repeat(300);
        let many = (0..9_999).map(|second| chapter(second, &long)).collect();

        let chapters = bounded(many);

        assert_eq!(chapters.len(), CHAPTERS);
        assert!(chapters[0].title.starts_with('猫'));
        assert!(wire::frame(&PlayerEvent::Chapters(chapters)).is_ok());
    }

    #[test]
    fn small_changes_are_not_reported() {
        let second = Duration::from_secs_f64;

        assert_eq!(coarse_cache(second(7.9)), second(7.0));
        assert_eq!(coarse_cache(second(43.0)), coarse_cache(second(48.0)));
        assert_eq!(coarse_cache(second(700.0)), second(660.0));
        assert_eq!(coarse_apart(0.009), 0);
        assert_eq!(coarse_apart(-0.034), -40);
    }
}
