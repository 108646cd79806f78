//! Reports details about the player that are shown: tracks, volume, cache, chapters.
//!
//! Only properties that the player reported as changed are read, except the distance between picture and sound, which changes all
//! the time and is read once a second. Reported values are rounded, so that an undisturbed player reports nothing. All of this
//! waits while a start is due.

use std::ffi::CStr;
use std::time::Duration;

use serde_json::Value;
use watchtogether_protocol::{LocalTime, MediaTime};

use super::{FilmState, Worker};
use crate::player::PlayerEvent;
use crate::player::facts::{Chapter, Facts, Track, bounded, coarse_apart, coarse_cache, cut};
use crate::player::mpv::{FRAME_RATES, Mpv};

/// The shortest time between two reports.
const PERIOD: Duration = Duration::from_secs(1);

/// The maximum length of a language, channel layout or decoder, in characters.
const WORD_CHARS: usize = 16;

/// The maximum length of a track's title, in characters.
const TRACK_CHARS: usize = 60;

/// The number that the properties of the details are observed with.
const WATCH_FACTS: u64 = 1;

/// The number that the list of chapters is observed with.
const WATCH_CHAPTERS: u64 = 2;

/// The properties of the details.
const FACTS: [&CStr; 9] = [
    c"aid",
    c"sid",
    c"vid",
    c"audio-params",
    c"video-params",
    c"hwdec-current",
    c"volume",
    c"mute",
    c"audio-delay",
];

/// The details that were last reported about the open film, and which of them may be outdated.
#[derive(Debug)]
pub(super) struct Watcher {
    facts: Facts,
    chapters: Vec<Chapter>,
    are_facts_old: bool,
    are_chapters_old: bool,
    next: Option<LocalTime>,
}

impl Default for Watcher {
    fn default() -> Self {
        Self {
            facts: Facts::default(),
            chapters: Vec::new(),
            are_facts_old: true,
            are_chapters_old: true,
            next: None,
        }
    }
}

impl Watcher {
    /// Records that an observed property has changed.
    pub(super) const fn changed(&mut self, watch: u64) {
        match watch {
            WATCH_CHAPTERS => self.are_chapters_old = true,
            _ => self.are_facts_old = true,
        }
    }
}

/// Returns the properties to observe, with their numbers.
pub(super) fn watched() -> impl Iterator<Item = (u64, &'static CStr)> {
    let facts = FACTS.iter().map(|name| (WATCH_FACTS, *name));
    facts.chain([(WATCH_CHAPTERS, c"chapter-list")])
}

impl Worker<'_> {
    /// Reports changed details, at most once a second.
    pub(super) fn report_facts(&mut self, now: LocalTime) {
        let is_due = self.facts.next.is_none_or(|next| now >= next);
        if !is_due || self.release.is_some() || !matches!(self.film, FilmState::Open(_)) {
            return;
        }
        self.facts.next = Some(now + PERIOD);
        if std::mem::take(&mut self.facts.are_chapters_old) {
            let list = self.mpv.text(c"chapter-list").unwrap_or_default();
            let chapters = bounded(chapters_of(&list));
            if chapters != self.facts.chapters {
                self.facts.chapters.clone_from(&chapters);
                self.outbox.push(PlayerEvent::Chapters(chapters));
            }
        }
        let mut facts = if std::mem::take(&mut self.facts.are_facts_old) {
            facts_of(&self.mpv)
        } else {
            self.facts.facts.clone()
        };
        if !self.tracker.is_paused() {
            facts.picture_late_ms = coarse_apart(self.mpv.number(c"avsync").unwrap_or_default());
        }
        if let Some(status) = &self.last_status {
            facts.cache = coarse_cache(status.buffered);
        }
        facts.dropped_frames = [c"frame-drop-count", c"decoder-frame-drop-count"]
            .into_iter()
            .map(|name| self.mpv.int(name).unwrap_or_default().unsigned_abs())
            .sum();
        if facts != self.facts.facts {
            self.facts.facts.clone_from(&facts);
            self.outbox.push(PlayerEvent::Facts(facts));
        }
    }
}

fn facts_of(mpv: &Mpv) -> Facts {
    let track = |name| mpv.text(name).and_then(|track| track_of(&track));
    let size = |name| {
        mpv.int(name)
            .and_then(|points| u32::try_from(points).ok())
            .filter(|points| *points > 0)
    };
    let channels = mpv.text(c"audio-params/hr-channels").unwrap_or_default();
    Facts {
        audio: track(c"current-tracks/audio").map(|track| Track {
            channels: plain_channels(&channels),
            ..track
        }),
        subtitles: track(c"current-tracks/sub"),
        volume: rounded(mpv.number(c"volume").unwrap_or_default()).unsigned_abs(),
        is_muted: mpv.is(c"mute"),
        audio_delay_ms: rounded(mpv.number(c"audio-delay").unwrap_or_default() * 1_000.0),
        decoder: mpv
            .text(c"hwdec-current")
            .filter(|decoder| !decoder.is_empty() && decoder != "no")
            .map(word),
        size: size(c"video-params/dw").zip(size(c"video-params/dh")),
        frame_rate: mpv
            .number(c"container-fps")
            .filter(|rate| FRAME_RATES.contains(rate)),
        ..Facts::default()
    }
}

fn rounded(value: f64) -> i32 {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a float cast saturates, and a percentage or a delay is small"
    )]
    let whole = value.round() as i32;
    whole
}

fn word(mut text: String) -> String {
    cut(&mut text, WORD_CHARS);
    text
}

/// Returns "5.1" for "5.1(side)": the part in brackets is about cables.
fn plain_channels(channels: &str) -> String {
    let plain = channels.split('(').next().unwrap_or_default();
    word(plain.to_owned())
}

/// Returns the track that mpv described as JSON.
fn track_of(json: &str) -> Option<Track> {
    let track: Value = serde_json::from_str(json).ok()?;
    let text = |name: &str, chars| {
        let mut text = track[name].as_str().unwrap_or_default().to_owned();
        cut(&mut text, chars);
        text
    };
    Some(Track {
        number: track["id"].as_u64().and_then(|id| u32::try_from(id).ok())?,
        language: text("lang", WORD_CHARS),
        title: text("title", TRACK_CHARS),
        channels: String::new(),
    })
}

/// Returns the chapters that mpv described as JSON.
fn chapters_of(json: &str) -> Vec<Chapter> {
    let list: Value = serde_json::from_str(json).unwrap_or_default();
    let chapters = list.as_array().map(Vec::as_slice).unwrap_or_default();
    chapters
        .iter()
        .filter_map(|chapter| {
            Some(Chapter {
                at: MediaTime::from_secs_f64(chapter["time"].as_f64()?),
                title: chapter["title"].as_str().unwrap_or_default().to_owned(),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_track_is_read_whatever_is_missing_of_it() {
        let whole = r#"{"id":2,"type":"audio","lang":"jpn","title":"Director","codec":"ac3"}"#;

        assert_eq!(
            track_of(whole),
            Some(Track {
                number: 2,
                language: "jpn".to_owned(),
                title: "Director".to_owned(),
                channels: String::new(),
            })
        );
        assert_eq!(track_of(r#"{"id":1}"#).map(|track| track.number), Some(1));
        assert_eq!(track_of(""), None);
        assert_eq!(track_of("{}"), None);
    }

    #[test]
    fn chapters_without_a_title_or_a_time_do_no_harm() {
        let list = r#"[{"title":"The car","time":5.5},{"time":9},{"title":"lost"}]"#;

        let chapters = chapters_of(list);

        assert_eq!(chapters.len(), 2);
        assert_eq!(chapters[0].at, MediaTime::from_millis(5_500));
        assert_eq!(chapters[1].title, "");
        assert_eq!(chapters_of("nonsense"), []);
    }

    #[test]
    fn channel_layouts_are_named_without_their_variant() {
        assert_eq!(plain_channels("5.1(side)"), "5.1");
        assert_eq!(plain_channels("stereo"), "stereo");
    }
}
