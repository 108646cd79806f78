//! Measures how well the player has followed lately, for display only.

use std::collections::VecDeque;
use std::time::Duration;

use watchtogether_protocol::{LocalTime, MediaTime};

use super::defaults::GAUGE;

/// The drifts of the last ten seconds.
#[derive(Clone, Debug, Default)]
pub(super) struct Gauge {
    drifts: VecDeque<(LocalTime, MediaTime)>,
}

impl Gauge {
    /// Records a drift.
    pub(super) fn record(&mut self, drift: MediaTime, now: LocalTime) {
        self.drifts.push_back((now, drift));
        while self
            .drifts
            .front()
            .is_some_and(|(at, _)| now.saturating_since(*at) > GAUGE)
        {
            self.drifts.pop_front();
        }
    }

    /// Forgets all drifts, because the film is paused.
    pub(super) fn clear(&mut self) {
        self.drifts.clear();
    }

    /// Returns the newest drift.
    pub(super) fn newest(&self) -> Option<MediaTime> {
        self.drifts.back().map(|(_, drift)| *drift)
    }

    /// Returns the size that `quantile` (0 to 1) of the drifts stay below.
    pub(super) fn quantile(&self, quantile: f64) -> Option<Duration> {
        self.quantile_within(GAUGE, quantile)
    }

    /// Returns the size below which the given share (0 to 1) of the drifts within `span` of the newest lie.
    pub(super) fn quantile_within(&self, span: Duration, quantile: f64) -> Option<Duration> {
        let (newest, _) = self.drifts.back()?;
        let recent = self
            .drifts
            .iter()
            .filter(|(at, _)| newest.saturating_since(*at) <= span);
        let mut sizes: Vec<Duration> = recent.map(|(_, drift)| drift.abs()).collect();
        sizes.sort_unstable();
        let last = sizes.len().checked_sub(1)?;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "0 to the number of drifts"
        )]
        let index = (last as f64 * quantile.clamp(0.0, 1.0)).round() as usize;
        sizes.get(index).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_gauge_shows_nothing() {
        assert_eq!(Gauge::default().quantile(0.5), None);
        assert_eq!(Gauge::default().newest(), None);
    }

    #[test]
    fn a_hiccup_is_out_of_a_short_span_before_it_is_out_of_a_long_one() {
        let mut gauge = Gauge::default();
        for (at, drift) in [(0, 138), (100, 138), (2_150, 1), (2_250, 1)] {
            gauge.record(MediaTime::from_millis(drift), LocalTime::from_millis(at));
        }

        let short = gauge.quantile_within(Duration::from_secs(2), 0.95);

        assert_eq!(short, Some(Duration::from_millis(1)));
        assert_eq!(gauge.quantile(0.95), Some(Duration::from_millis(138)));
    }

    #[test]
    fn percentiles_are_of_the_size_and_of_the_last_ten_seconds() {
        let mut gauge = Gauge::default();
        gauge.record(MediaTime::from_millis(900), LocalTime::from_millis(0));
        for n in 0..100i64 {
            let sign = if n % 2 == 0 { 1 } else { -1 };
            gauge.record(
                MediaTime::from_millis(sign * n),
                LocalTime::from_millis(10_001 + n.unsigned_abs()),
            );
        }

        assert_eq!(gauge.quantile(0.95), Some(Duration::from_millis(94)));
        assert_eq!(gauge.quantile(1.0), Some(Duration::from_millis(99)));
        assert_eq!(gauge.newest(), Some(MediaTime::from_millis(-99)));
    }
}
