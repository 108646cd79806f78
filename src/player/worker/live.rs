//! Live sources: streams that continue while they are watched.
//!
//! mpv counts positions from where it began to read, which differs between players. A segmented stream has its own timestamps,
//! the same for everybody who reads it, so reported positions count from the stream's zero. mpv reports how far it has read as
//! the length of such a stream, so that is ignored. The player can seek within its cache, the window, although mpv reports the
//! stream as not seekable.
//!
//! A station that sends its sound without segments has no timestamps that mean anything to others. Each player plays it from
//! where it joined, and nobody can seek in it.

use std::ffi::CStr;
use std::time::Duration;

use serde_json::Value;
use watchtogether_protocol::MediaTime;

use super::length::Length;
use super::{FilmState, Worker};
use crate::player::{Media, Reading, Window};

/// The formats with their own timestamps, by mpv's names.
const STAMPED: &[&str] = &["hls", "mpegts", "dash"];

/// How far a player must stay from the end of the window: the newest data is not decoded yet.
const WINDOW_END: MediaTime = MediaTime::from_millis(300);

/// A seek over less than this costs more than it gains.
const NEAR: Duration = Duration::from_millis(20);

impl Worker<'_> {
    /// Returns whether the loaded item is live.
    pub(super) fn is_live(&self) -> bool {
        let is_sent_once = self.mpv.is(c"demuxer-via-network") && !self.is_demuxer_seekable();
        let is_endless = || {
            let has_size = self.mpv.int(c"file-size").is_some_and(|bytes| bytes > 0);
            !has_size && Length::of(&self.mpv).known().is_none()
        };
        is_sent_once && (self.is_stamped() || is_endless())
    }

    /// Returns whether the loaded item's format has its own timestamps.
    pub(super) fn is_stamped(&self) -> bool {
        let format = self.mpv.text(c"file-format").unwrap_or_default();
        format.split(',').any(|name| STAMPED.contains(&name))
    }

    /// Returns whether the player can seek anywhere in the loaded item.
    pub(super) fn is_demuxer_seekable(&self) -> bool {
        self.mpv.is(c"seekable") && !self.mpv.is(c"partially-seekable")
    }

    /// Returns the position of the player's zero in an item.
    pub(super) fn origin_of(&self, media: &Media) -> MediaTime {
        let start = self
            .mpv
            .position(c"demuxer-start-time")
            .filter(|_| media.is_live() && media.is_seekable);
        start.unwrap_or_default()
    }

    /// Returns a position of the player, converted to the room's positions.
    pub(super) fn position(&self, name: &CStr) -> Option<MediaTime> {
        Some(self.mpv.position(name)? + self.origin)
    }

    /// Returns a position of the player, converted to the room's positions, with its instant.
    pub(super) fn read(&self, name: &CStr) -> Option<Reading> {
        let reading = self.mpv.reading(name)?;
        Some(Reading {
            position: reading.position + self.origin,
            ..reading
        })
    }

    /// Returns the part of a live source, or of a file that is still being written, in which the player can seek.
    pub(super) fn window(&self) -> Option<Window> {
        match &self.film {
            FilmState::Open(film) if film.media.is_growing() => return self.written(),
            FilmState::Open(film) if film.media.is_live() && film.media.is_seekable => {}
            FilmState::Open(_) | FilmState::Opening(_) | FilmState::Empty => return None,
        }
        let state = self.mpv.text(c"demuxer-cache-state")?;
        let window = last_range(&state)?;
        Some(Window {
            from: window.from + self.origin,
            to: window.to + self.origin,
        })
    }

    /// Returns the position in the window that is nearest to `position`; `None` if the player is already there.
    pub(super) fn within_reach(&self, position: MediaTime) -> Option<MediaTime> {
        let window = self.window()?;
        let last = (window.to - WINDOW_END).max(window.from);
        let place = position.clamp(window.from, last);
        let shown = self.position(c"time-pos");
        shown
            .is_none_or(|shown| (shown - place).abs() > NEAR)
            .then_some(place)
    }
}

/// Returns the newest range of the cache from its state as mpv writes it.
fn last_range(state: &str) -> Option<Window> {
    let state: Value = serde_json::from_str(state).ok()?;
    let ranges = state["seekable-ranges"].as_array()?.iter().filter_map(|range| {
        Some(Window {
            from: MediaTime::from_secs_f64(range["start"].as_f64()?),
            to: MediaTime::from_secs_f64(range["end"].as_f64()?),
        })
    });
    ranges.max_by_key(|range| range.to)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_is_the_newest_range_of_the_cache() {
        let state = r#"{"seekable-ranges":[{"start":9.5,"end":12},{"start":0,"end":5.96}],"idle":false}"#;

        assert_eq!(
            last_range(state),
            Some(Window {
                from: MediaTime::from_millis(9_500),
                to: MediaTime::from_millis(12_000),
            })
        );
        assert_eq!(last_range(r#"{"seekable-ranges":[]}"#), None);
        assert_eq!(last_range("nonsense"), None);
    }
}
