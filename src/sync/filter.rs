//! Estimates the player's position: readings are smoothed using the known motion.
//!
//! The filter estimates the player's position, not its drift, so that a change of the room does not disturb it. Between readings
//! the position advances by the speed in effect, times the player's own clock rate, which a slow integral of the prediction
//! errors measures. This feed-forward leaves no steady drift.

use watchtogether_protocol::{LocalTime, MediaTime};

use super::defaults::{CLOCK_LIMIT, COLD_GIVE_UP, COLD_STEADY, OUTLIER};
use super::law::Law;
use super::speeds::{Speeds, seconds};

/// A filter with an adaptive gain.
#[derive(Clone, Debug, Default)]
pub(super) struct PositionFilter {
    state: Option<FilterState>,
    /// The rate of the player's clock relative to ours: 1e-6 is one ppm. It outlives pauses, because it belongs to the device.
    clock_rate: f64,
}

#[derive(Clone, Copy, Debug)]
struct FilterState {
    at: LocalTime,
    /// The estimated position in seconds.
    position: f64,
    /// The mean absolute prediction error, in seconds.
    noise: f64,
    /// A prediction error that is too large to be used before it is confirmed.
    outlier: Option<f64>,
}

impl PositionFilter {
    /// Forgets the position, because the player was held or moved.
    pub(super) fn reset(&mut self) {
        self.state = None;
    }

    /// Handles a reading; one that is not later than the last is dropped.
    pub(super) fn handle_reading(&mut self, position: MediaTime, speeds: &Speeds, law: &Law, at: LocalTime) {
        let read = position.as_secs_f64();
        let Some(state) = self.state else {
            self.state = Some(FilterState {
                at,
                position: read,
                noise: 0.0,
                outlier: None,
            });
            return;
        };
        let elapsed = seconds(at.nanos_since(state.at));
        if elapsed <= 0.0 {
            return;
        }
        let predicted = state.position + speeds.media_between(state.at, at) * (1.0 + self.clock_rate);
        let surprise = read - predicted;
        if surprise.abs() > OUTLIER {
            // One wild reading is noise. A second one that is off by the same amount shows that the player really moved.
            let is_confirmed = state.outlier.is_some_and(|o| (surprise - o).abs() < OUTLIER);
            self.state = Some(FilterState {
                at,
                position: if is_confirmed { read } else { predicted },
                noise: state.noise,
                outlier: (!is_confirmed).then_some(surprise),
            });
            return;
        }
        // Noise integrates into a wrong clock rate, so the rate is learned only from quiet readings.
        let gain = if state.noise > law.noisy {
            law.filter_gain_noisy
        } else {
            // Readings closer than 50 ms would let a small error look like a large rate.
            self.clock_rate = (self.clock_rate + law.clock_gain * surprise / elapsed.max(0.05))
                .clamp(-CLOCK_LIMIT, CLOCK_LIMIT);
            law.filter_gain
        };
        self.state = Some(FilterState {
            at,
            position: predicted + gain * surprise,
            noise: state.noise + law.noise_weight * (surprise.abs() - state.noise),
            outlier: None,
        });
    }

    /// Returns the estimated position and its instant.
    pub(super) fn estimate(&self) -> Option<(LocalTime, f64)> {
        self.state.map(|s| (s.at, s.position))
    }

    /// Returns the mean absolute prediction error, in seconds.
    pub(super) fn noise(&self) -> f64 {
        self.state.map_or(0.0, |s| s.noise)
    }

    /// Returns how much faster than this machine's clock the player runs, as a fraction.
    pub(super) const fn clock_rate(&self) -> f64 {
        self.clock_rate
    }
}

/// Waits until a sound output that was just opened reports correct positions.
#[derive(Clone, Copy, Debug)]
pub(super) struct ColdStart {
    since: LocalTime,
    tolerance: f64,
    line: Option<(LocalTime, f64)>,
}

impl ColdStart {
    /// Returns a wait that starts now, for readings that scatter by up to `tolerance` seconds.
    pub(super) const fn new(tolerance: f64, now: LocalTime) -> Self {
        Self {
            since: now,
            tolerance,
            line: None,
        }
    }

    /// Handles a reading, and returns whether readings can be used from now on.
    pub(super) fn is_over(&mut self, position: MediaTime, speeds: &Speeds, at: LocalTime) -> bool {
        if at.saturating_since(self.since) >= COLD_GIVE_UP {
            return true;
        }
        let read = position.as_secs_f64();
        let Some((begin, start)) = self.line else {
            self.line = Some((at, read));
            return false;
        };
        let expected = start + speeds.media_between(begin, at);
        // A jump means that the output has not settled yet, so the line starts again.
        if (read - expected).abs() > self.tolerance {
            self.line = Some((at, read));
            return false;
        }
        at.saturating_since(begin) >= COLD_STEADY
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seeded_rng::SeededRng;
    use crate::sync::law::LAW;

    const STEP: u64 = 100;

    fn at(ms: u64) -> LocalTime {
        LocalTime::from_millis(1_000 + ms)
    }

    fn feed(filter: &mut PositionFilter, readings: impl IntoIterator<Item = (u64, f64)>) {
        let speeds = Speeds::constant(1.0);
        for (ms, position) in readings {
            filter.handle_reading(MediaTime::from_secs_f64(position), &speeds, &LAW, at(ms));
        }
    }

    fn estimate(filter: &PositionFilter) -> f64 {
        filter.estimate().expect("readings were taken in").1
    }

    #[test]
    fn noise_is_smoothed() {
        let (mut filter, mut rng) = (PositionFilter::default(), SeededRng::from_seed(3));
        let (mut raw, mut smooth) = (0.0, 0.0);

        for n in 0..300 {
            let (truth, noise) = (5.0 + n as f64 * 0.1, rng.normal() * 1e-3);
            feed(&mut filter, [(n * STEP, truth + noise)]);
            raw += noise.powi(2);
            smooth += (estimate(&filter) - truth).powi(2);
        }

        assert!(smooth < raw / 4.0, "{smooth} against {raw}");
    }

    #[test]
    fn one_wild_reading_moves_nothing_and_two_alike_do() {
        let mut filter = PositionFilter::default();

        feed(&mut filter, [(0, 1.0), (100, 1.1), (200, 9.0)]);
        assert!((estimate(&filter) - 1.2).abs() < 1e-9);
        feed(&mut filter, [(300, 9.1)]);

        assert!((estimate(&filter) - 9.1).abs() < 1e-9);
    }

    #[test]
    fn two_wild_readings_that_disagree_move_nothing() {
        let mut filter = PositionFilter::default();

        feed(&mut filter, [(0, 1.0), (100, 5.0), (200, 9.0)]);

        assert!((estimate(&filter) - 1.2).abs() < 1e-9);
    }

    #[test]
    fn a_fast_sound_card_is_measured_within_a_minute() {
        let mut filter = PositionFilter::default();

        feed(
            &mut filter,
            (0..600).map(|n| (n * STEP, n as f64 * 0.1 * (1.0 + 200e-6))),
        );

        assert!(
            (filter.clock_rate() - 200e-6).abs() < 20e-6,
            "{}",
            filter.clock_rate()
        );
    }

    #[test]
    fn time_that_goes_back_is_no_reading() {
        let mut filter = PositionFilter::default();

        feed(&mut filter, [(200, 1.0), (100, 0.9), (200, 4.0)]);

        assert_eq!(filter.estimate(), Some((at(200), 1.0)));
    }

    #[test]
    fn an_output_that_stalls_or_jumps_stays_cold() {
        let (mut cold, speeds) = (ColdStart::new(0.01, at(0)), Speeds::constant(1.0));
        let mut is_over =
            |ms: u64, position: f64| cold.is_over(MediaTime::from_secs_f64(position), &speeds, at(ms));

        assert!((0..10).all(|n| !is_over(n * STEP, 3.0)));
        assert!((10..15).all(|n| !is_over(n * STEP, 2.5 + n as f64 * 0.1)));
        assert!((15..25).all(|n| !is_over(n * STEP, 3.0 + n as f64 * 0.1)));
        assert!(is_over(2_500, 5.5));
    }

    #[test]
    fn a_cold_output_is_taken_as_it_is_in_the_end() {
        let (mut cold, speeds) = (ColdStart::new(0.01, at(0)), Speeds::constant(1.0));

        assert!((0..50).all(|n| !cold.is_over(MediaTime::ZERO, &speeds, at(n * STEP))));
        assert!(cold.is_over(MediaTime::ZERO, &speeds, at(5_000)));
    }
}
