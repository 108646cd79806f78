//! The screen's updates about the local player: its properties, chapters and sync.

use std::sync::Arc;
use std::time::Duration;

use watchtogether_protocol::{Clean, LocalTime};
use watchtogether_tui::update::{self, PlayerFacts, SyncMinute, Update};

use crate::session::status::{Chapter, Facts, MinuteStatus, Status, Track};

/// The minimum interval of sync updates: just below a second, because statuses arrive every 250 ms.
const SYNC_UPDATE_INTERVAL: Duration = Duration::from_millis(900);

/// The state of the local player that was last reported to the screen.
#[derive(Debug, Default)]
pub(super) struct LocalPlayerReports {
    /// Whether anything has been reported since the room was entered.
    has_reported: bool,
    facts: Option<Arc<Facts>>,
    chapters: Arc<[Chapter]>,
    minute: Option<(LocalTime, MinuteStatus)>,
}

impl LocalPlayerReports {
    /// Returns the updates for changes since the last call.
    pub(super) fn updates(&mut self, status: &Status, now: LocalTime) -> Vec<Update> {
        let mut updates = Vec::new();
        let is_first = !std::mem::replace(&mut self.has_reported, true);
        if is_first || self.facts != status.facts {
            self.facts.clone_from(&status.facts);
            updates.push(Update::Player(status.facts.as_deref().map(facts)));
        }
        if is_first || self.chapters != status.chapters {
            self.chapters = Arc::clone(&status.chapters);
            updates.push(Update::Chapters(chapters(status)));
        }
        let is_due = self.minute.is_none_or(|(at, reported)| {
            now.saturating_since(at) >= SYNC_UPDATE_INTERVAL
                && (status.minute.drift.is_some() || reported != status.minute)
        });
        if is_due {
            self.minute = Some((now, status.minute));
            updates.push(Update::SyncMinute(minute(&status.minute)));
        }
        updates
    }
}

fn minute(minute: &MinuteStatus) -> SyncMinute {
    let micros = |nanos: i64| {
        let micros = nanos / 1_000;
        i32::try_from(micros).unwrap_or(if micros < 0 { i32::MIN } else { i32::MAX })
    };
    SyncMinute {
        drift_us: minute.drift.map(|drift| micros(drift.as_nanos())),
        p50: minute.p50,
        p95: minute.p95,
        worst: minute.worst,
        corrections: minute.corrections,
        seeks: minute.seeks,
        stalls: minute.stalls,
    }
}

/// Returns the local file's chapters for the user interface.
pub(super) fn chapters(status: &Status) -> Vec<update::Chapter> {
    let chapters = status.chapters.iter().map(|chapter| update::Chapter {
        at: chapter.at,
        title: Clean::line(&chapter.title),
    });
    chapters.collect()
}

fn facts(facts: &Facts) -> PlayerFacts {
    PlayerFacts {
        audio: facts.audio.as_ref().map(track),
        subtitles: facts.subtitles.as_ref().map(track),
        volume: facts.volume,
        is_muted: facts.is_muted,
        audio_delay_ms: facts.audio_delay_ms,
        picture_late_ms: facts.picture_late_ms,
        cache: facts.cache,
        dropped_frames: facts.dropped_frames,
        decoder: facts.decoder.as_deref().map(Clean::line),
        size: facts.size,
        frame_rate: facts.frame_rate,
    }
}

fn track(track: &Track) -> update::Track {
    update::Track {
        number: track.number,
        language: Clean::line(&track.language),
        title: Clean::line(&track.title),
        channels: Clean::line(&track.channels),
    }
}
