//! What a player can tell about itself and its film that nothing is decided by: it is shown.

use std::time::Duration;

use bincode::{Decode, Encode};
use watchtogether_protocol::MediaTime;

/// More chapters than a film has: a longer list is cut.
pub const CHAPTERS: usize = 500;

/// More characters than a chapter's title has: a longer one is cut.
pub const TITLE_CHARS: usize = 200;

/// The bytes that all titles have together, so that they fit into one message between player and client.
const TITLES_BYTES: usize = 40 * 1024;

/// A chapter of the open film.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Chapter {
    /// Where it begins.
    pub at: MediaTime,
    /// What it is called, uncleaned; may be empty.
    pub title: String,
}

/// A track that is heard or read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Track {
    /// Its number among those of its kind, from 1.
    pub number: u32,
    /// Its language as the file writes it, uncleaned; may be empty.
    pub language: String,
    /// What it calls itself, uncleaned; may be empty.
    pub title: String,
    /// How many sounds it has, as in "5.1", uncleaned; empty for what is read.
    pub channels: String,
}

/// How a player plays its film; numbers are coarse, so that what nobody would notice is no news.
#[derive(Clone, Debug, Default, PartialEq, Encode, Decode)]
pub struct Facts {
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
    /// How far the picture is from the sound, in milliseconds; positive is behind.
    pub picture_late_ms: i32,
    /// What it has ahead.
    pub cache: Duration,
    /// Pictures that were not shown since the film was opened.
    pub dropped_frames: u64,
    /// What decodes the picture in hardware, uncleaned; none where that is done in software.
    pub decoder: Option<String>,
    /// The picture's width and height, in points.
    pub size: Option<(u32, u32)>,
    /// Pictures in a second, as the file says.
    pub frame_rate: Option<f64>,
}

/// Returns chapters in the order of their times, within all limits.
pub fn bounded(mut chapters: Vec<Chapter>) -> Vec<Chapter> {
    chapters.sort_by_key(|chapter| chapter.at);
    chapters.truncate(CHAPTERS);
    for chapter in &mut chapters {
        // Positions count from the first frame, which may lie some milliseconds behind the file's own beginning.
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

/// Cuts a text to so many characters.
pub fn cut(text: &mut String, chars: usize) {
    if let Some((end, _)) = text.char_indices().nth(chars) {
        text.truncate(end);
    }
}

/// Returns what a player has ahead as it is told: each second where it is short, in tens where nobody counts.
pub fn coarse_cache(ahead: Duration) -> Duration {
    let seconds = match ahead.as_secs() {
        seconds @ 0..=19 => seconds,
        seconds @ 20..=299 => seconds / 10 * 10,
        seconds => seconds / 60 * 60,
    };
    Duration::from_secs(seconds)
}

/// Returns how far picture and sound are apart as it is told: in steps that an eye might see.
pub fn coarse_apart(seconds: f64) -> i32 {
    /// A frame is 40 ms long, and half of one is nothing.
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
    fn small_changes_are_no_news() {
        let second = Duration::from_secs_f64;

        assert_eq!(coarse_cache(second(7.9)), second(7.0));
        assert_eq!(coarse_cache(second(43.0)), coarse_cache(second(48.0)));
        assert_eq!(coarse_cache(second(700.0)), second(660.0));
        assert_eq!(coarse_apart(0.009), 0);
        assert_eq!(coarse_apart(-0.034), -40);
    }
}
