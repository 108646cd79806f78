//! Finds the length of the loaded item, if the file or the server says it.
//!
//! mpv reports a length for everything. If a file stores none (an unfinished Matroska recording, a station that sends sound
//! without an end), it reports the last position that it has read so far, which grows as the player reads. If that were used as
//! the film's length, the film would end a second after its beginning. So a length is used only if it is beyond what was read, or
//! if everything was read.

use serde_json::Value;
use watchtogether_protocol::MediaTime;

use super::{FilmState, Worker};
use crate::player::mpv::Mpv;
use crate::player::{Extent, PlayerEvent};

/// Lengths that differ by less than this are equal: the library writes them with six digits.
const SAME: MediaTime = MediaTime::from_millis(1);

/// A length, and how much had been read when it was requested.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Length {
    duration: Option<MediaTime>,
    /// The last position that was read.
    read_to: Option<MediaTime>,
    is_all_read: bool,
}

impl Length {
    /// Reads the length from a player.
    pub(super) fn of(mpv: &Mpv) -> Self {
        // In this order, because a length that is only the last read position would be exceeded a moment later.
        let duration = mpv.position(c"duration").filter(|d| *d > MediaTime::ZERO);
        let state = mpv.text(c"demuxer-cache-state").unwrap_or_default();
        Self::read(duration, &state)
    }

    /// Returns the length, given the library's report about its cache.
    fn read(duration: Option<MediaTime>, cache: &str) -> Self {
        let cache: Value = serde_json::from_str(cache).unwrap_or_default();
        let end = cache["cache-end"].as_f64().map(MediaTime::from_secs_f64);
        Self {
            duration,
            read_to: end,
            is_all_read: cache["eof"].as_bool().unwrap_or_default(),
        }
    }

    /// Returns the length if it is that of the whole item.
    pub(super) fn known(self) -> Option<MediaTime> {
        let is_beyond = |d: MediaTime| self.read_to.is_none_or(|read_to| d > read_to + SAME);
        self.duration.filter(|d| is_beyond(*d) || self.is_all_read)
    }

    /// Returns the length as the player reports it: at least this much exists.
    pub(super) const fn at_least(self) -> Option<MediaTime> {
        self.duration
    }
}

impl Worker<'_> {
    /// Reports the length of a link that was not known when it was opened, once all of the link has been read.
    pub(super) fn look_at_length(&mut self) {
        let FilmState::Open(film) = &self.film else {
            return;
        };
        let is_open_question = film.media.duration.is_none() && film.media.extent == Extent::Whole;
        if !is_open_question || !self.is_link() {
            return;
        }
        if let Some(duration) = Length::of(&self.mpv).known() {
            self.length_is(Some(duration), Extent::Whole);
        }
    }

    pub(super) fn length_is(&mut self, duration: Option<MediaTime>, extent: Extent) {
        let FilmState::Open(film) = &mut self.film else {
            return;
        };
        (film.media.duration, film.media.extent) = (duration, extent);
        self.outbox.push(PlayerEvent::Length { duration, extent });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn length(duration: i64, cache: &str) -> Option<MediaTime> {
        let duration = Some(MediaTime::from_millis(duration));
        Length::read(duration, cache).known()
    }

    #[test]
    fn a_length_that_is_no_more_than_what_was_read_is_not_known() {
        let read = r#"{"cache-end":2.0,"eof":false}"#;

        assert_eq!(length(2_000, read), None);
        assert_eq!(length(2_001, read), None);
        assert_eq!(length(1_990, read), None);
    }

    #[test]
    fn a_length_beyond_what_was_read_is_the_files() {
        let read = r#"{"cache-end":2.0,"eof":false}"#;

        assert_eq!(length(60_000, read), Some(MediaTime::from_millis(60_000)));
    }

    #[test]
    fn a_file_read_to_its_end_is_as_long_as_that() {
        let read = r#"{"cache-end":2.0,"eof":true}"#;

        assert_eq!(length(2_000, read), Some(MediaTime::from_millis(2_000)));
    }

    #[test]
    fn a_length_without_a_cache_report_is_believed() {
        for nothing in ["", r#"{"eof":false}"#] {
            assert_eq!(length(60_000, nothing), Some(MediaTime::from_millis(60_000)));
        }
    }
}
