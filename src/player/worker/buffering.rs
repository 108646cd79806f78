//! Detects whether the player has run out of data, and how much of the missing data has arrived.
//!
//! mpv reports that it buffers ([`paused-for-cache`]) only while it plays. A seek to a place that is not in the cache takes until
//! the data arrives, and mpv reports all of that as seeking. So a seek counts as buffering as well if it has taken longer than
//! [`SEEK_TIME`] and the decoder finds the cache empty.
//!
//! [`paused-for-cache`]: https://mpv.io/manual/stable/#command-interface-paused-for-cache

use std::time::Duration;

use watchtogether_protocol::LocalTime;

use super::Worker;
use crate::local_clock::monotonic;

/// How long a seek may take before missing data can be the reason. On a local disk the cache is filled within milliseconds.
const SEEK_TIME: Duration = Duration::from_millis(500);

/// The number of seconds below which a cache counts as empty: the decoder takes each packet as it arrives.
const EMPTY: f64 = 0.2;

/// The data that a seek is waiting for.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Refill {
    /// Since when the player has been seeking.
    since: Option<LocalTime>,
    /// The position, in seconds, up to which the cache was filled when that was first known. A seek begins at the key frame
    /// before its target.
    first: Option<f64>,
    /// Whether the player lacks data, as last reported.
    is_dry: bool,
}

/// The state of the player's cache.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Cache {
    /// Whether the decoder found the cache empty.
    is_underrun: bool,
    /// The number of seconds ahead of the decoder.
    ahead: f64,
    /// The position, in seconds, up to which the cache is filled.
    end: Option<f64>,
}

impl Refill {
    /// Updates the state of a player that seeks to the position `target`, in seconds. If the player lacks data, returns the
    /// percentage that has arrived.
    fn handle_cache(&mut self, cache: Cache, target: Option<f64>, now: LocalTime) -> Option<u8> {
        let since = *self.since.get_or_insert(now);
        self.first = self.first.or(cache.end);
        self.is_dry = now.saturating_since(since) >= SEEK_TIME && cache.is_underrun && cache.ahead < EMPTY;
        self.is_dry.then(|| match (self.first, cache.end, target) {
            (Some(first), Some(end), Some(target)) if target > first => {
                percent((end - first) / (target - first))
            }
            _ => 0,
        })
    }
}

impl Worker<'_> {
    /// If the player lacks data, returns the percentage that has arrived.
    pub(super) fn buffering(&mut self) -> Option<u8> {
        if self.mpv.is(c"paused-for-cache") {
            self.refill = Refill::default();
            return Some(percent(
                self.mpv.number(c"cache-buffering-state").unwrap_or_default() / 100.0,
            ));
        }
        // A player that continues reading where it waited lacks data until it has landed.
        if self.is_at_edge() || !self.is_seeking() {
            self.refill = Refill::default();
            return self.is_at_edge().then_some(0);
        }
        let cache = self.cache();
        let target = self.mpv.number(c"time-pos");
        self.refill.handle_cache(cache, target, monotonic())
    }

    /// Returns whether the player lacks data. Only asks it whether it has paused for data.
    pub(super) fn is_buffering(&self) -> bool {
        self.mpv.is(c"paused-for-cache") || self.is_at_edge() || (self.refill.is_dry && self.is_seeking())
    }

    fn cache(&self) -> Cache {
        let state = self.mpv.text(c"demuxer-cache-state").unwrap_or_default();
        let state: serde_json::Value = serde_json::from_str(&state).unwrap_or_default();
        Cache {
            is_underrun: state["underrun"].as_bool().unwrap_or_default(),
            ahead: self.mpv.number(c"demuxer-cache-duration").unwrap_or_default(),
            end: state["cache-end"].as_f64(),
        }
    }
}

/// Returns a fraction in percent, never 100 unless it is complete.
fn percent(fraction: f64) -> u8 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "it is between 0 and 99"
    )]
    let percent = (fraction * 100.0).clamp(0.0, 99.0) as u8;
    percent
}

#[cfg(test)]
mod tests {
    use super::*;

    const TARGET: Option<f64> = Some(60.0);

    fn at(millis: u64) -> LocalTime {
        LocalTime::from_millis(10_000 + millis)
    }

    fn empty(end: Option<f64>) -> Cache {
        Cache {
            is_underrun: true,
            ahead: 0.03,
            end,
        }
    }

    #[test]
    fn a_seek_that_waits_for_data_buffers_after_half_a_second() {
        let mut refill = Refill::default();

        assert_eq!(refill.handle_cache(empty(None), TARGET, at(0)), None);
        assert_eq!(refill.handle_cache(empty(Some(58.0)), TARGET, at(400)), None);
        assert_eq!(refill.handle_cache(empty(Some(58.5)), TARGET, at(500)), Some(25));
        assert_eq!(refill.handle_cache(empty(Some(59.5)), TARGET, at(900)), Some(75));
        assert_eq!(
            refill.handle_cache(empty(Some(60.5)), TARGET, at(1_000)),
            Some(99)
        );
    }

    #[test]
    fn a_slow_decoder_with_a_full_cache_does_not_buffer() {
        let mut refill = Refill::default();
        let full = Cache {
            ahead: 1.2,
            ..empty(Some(61.0))
        };
        let fed = Cache {
            is_underrun: false,
            ..empty(Some(58.0))
        };

        for ms in [0, 500, 5_000] {
            assert_eq!(refill.handle_cache(full, TARGET, at(ms)), None);
            assert_eq!(refill.handle_cache(fed, TARGET, at(ms)), None);
        }
    }

    #[test]
    fn an_unknown_cache_level_counts_as_zero() {
        let mut refill = Refill::default();
        refill.handle_cache(empty(None), None, at(0));

        assert_eq!(refill.handle_cache(empty(None), TARGET, at(600)), Some(0));
        assert_eq!(refill.handle_cache(empty(Some(60.0)), None, at(700)), Some(0));
    }
}
