//! Compares two clocks: estimates the server's time at a local instant, and how far that may be wrong.
//!
//! Each [`Exchange`] gives an offset (server minus client) and a round trip. The error of one offset is half the difference
//! between the two directions. Two kinds of path need different treatment. If queues build up in one direction, the exchange with
//! the shortest round trip is accurate, and the others are off by half their excess. If both directions jitter alike, that one
//! exchange is as wrong as any (5 ms at a jitter of 7 ms) and only a mean helps. So every exchange of the window counts,
//! [weighted](WEIGHT_SCALE_FLOOR) by its excess round trip. No exchange can be wrong by more than half its round trip, so the
//! mean is clamped to the range that all of them allow: a single fast exchange bounds the estimate, however many slow ones there
//! are.
//!
//! The published offset is slewed ([`SLEW_PER_SECOND`]) so that no player jumps. It is stepped only above [`STEP`] or on a new
//! path, and only if the exchanges contradict it: a busy machine reads answers late, and the first exchanges on a new connection
//! are less reliable than the previous estimate. The clocks also run at different rates (quartz: tens of ppm). A straight line
//! through [`HISTORY`] gives the skew, shrunk towards zero until it covers two minutes.
//!
//! No exchange can reveal a path that is longer in one direction. [`ClockEstimator::bound`] gives the largest error that this can
//! cause; it is reported separately from a player's drift.

use std::collections::VecDeque;
use std::time::Duration;

use crate::time::{LocalTime, ServerTime};

/// The number of exchanges that count: a minute of them while playing.
pub const WINDOW: usize = 64;

/// The number of exchanges in a burst, and the smallest number that gives a usable estimate.
pub const BURST: usize = 8;

/// The published offset is stepped if it is wrong by more than this. Only a suspended machine causes such an error; jitter never
/// does.
pub const STEP: Duration = Duration::from_millis(100);

/// The fastest change of the published offset, in nanoseconds per second. 5 ms/s is well inside what a player can follow by its
/// speed alone (2 %).
pub const SLEW_PER_SECOND: f64 = 5e6;

/// The smallest excess round trip, in nanoseconds, that halves an exchange's weight. Below 0.2 ms the excess is the machine's own
/// scheduling.
pub const WEIGHT_SCALE_FLOOR: f64 = 2e5;

/// The number of points from which the skew is computed.
pub const HISTORY: usize = 60;

/// The time between two of these points.
const HISTORY_STEP: Duration = Duration::from_secs(10);

/// The largest skew that is accepted. No quartz is further off; a larger value comes from bad data.
const MAX_SKEW: f64 = 500e-6;

/// The span of history, in nanoseconds, at which the measured skew counts for half.
const SKEW_SPAN: f64 = 120e9;

/// The four timestamps of one exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exchange {
    /// When the ping left.
    pub sent: LocalTime,
    /// When the server read it.
    pub received: ServerTime,
    /// When the server answered.
    pub answered: ServerTime,
    /// When the answer was read.
    pub returned: LocalTime,
}

impl Exchange {
    /// Returns the time spent on the way, both directions together, or `None` if the timestamps are inconsistent.
    pub fn round_trip(&self) -> Option<Duration> {
        let total = u64::try_from(self.returned.nanos_since(self.sent)).ok()?;
        let held = u64::try_from(self.answered.nanos_since(self.received)).ok()?;
        total.checked_sub(held).map(Duration::from_nanos)
    }

    fn offset(&self) -> i64 {
        let there = i128::from(self.received.as_nanos()) - i128::from(self.sent.as_nanos());
        let back = i128::from(self.answered.as_nanos()) - i128::from(self.returned.as_nanos());
        i64::try_from(i128::midpoint(there, back)).unwrap_or(0)
    }
}

#[derive(Clone, Copy, Debug)]
struct Sample {
    at: LocalTime,
    /// Server minus client, relative to the estimator's base, in nanoseconds.
    offset: f64,
    round_trip: Duration,
}

/// The published offset as a line: from `at` on, `offset` changes by `skew` and, for the first second, by `slew`.
#[derive(Clone, Copy, Debug)]
struct Given {
    at: LocalTime,
    offset: f64,
    slew: f64,
    skew: f64,
}

impl Given {
    fn offset_at(&self, now: LocalTime) -> f64 {
        let elapsed = now.nanos_since(self.at) as f64;
        self.offset + self.skew * elapsed + self.slew * (elapsed / 1e9).clamp(0.0, 1.0)
    }
}

/// Estimates the server's clock from exchanges.
#[derive(Clone, Debug, Default)]
pub struct ClockEstimator {
    base: Option<i64>,
    window: VecDeque<Sample>,
    history: VecDeque<(LocalTime, f64)>,
    given: Option<Given>,
    /// Whether `given` is based on a complete burst, possibly on an earlier path. If so, it is replaced only if exchanges
    /// contradict it.
    is_known: bool,
}

impl ClockEstimator {
    /// Returns an estimator without any exchanges.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one exchange, or drops it if its timestamps are inconsistent.
    pub fn handle_exchange(&mut self, exchange: Exchange) {
        let Some(round_trip) = exchange.round_trip() else {
            return;
        };
        let raw = exchange.offset();
        // Offsets between two origins can exceed the 53 bits that an f64 keeps exactly. The first one becomes the base; only
        // differences from it are computed in floating point.
        let base = *self.base.get_or_insert(raw);
        let at = exchange
            .sent
            .offset_by(exchange.returned.nanos_since(exchange.sent) / 2);
        if self.window.len() == WINDOW {
            self.window.pop_front();
        }
        self.window.push_back(Sample {
            at,
            offset: raw.saturating_sub(base) as f64,
            round_trip,
        });
        let skew = self.skew();
        let range = self.range_at(exchange.returned, skew);
        let mut estimate = self.estimate_at(exchange.returned, skew);
        if let Some((least, most)) = range {
            estimate = estimate.clamp(least, most);
        }
        // The mean is clamped before it enters the history, so that the skew is not computed from estimates that no exchange
        // allows.
        self.remember(exchange.returned, estimate);
        self.given = Some(self.next_given(exchange.returned, estimate, range, skew));
        self.is_known |= self.is_settled();
    }

    /// Forgets all exchanges because the path or the clock has changed. The published offset stays until new exchanges contradict
    /// it.
    pub fn handle_path_change(&mut self) {
        self.window.clear();
        self.history.clear();
    }

    /// Returns whether a complete burst has been added since the start or the last path change.
    pub fn is_settled(&self) -> bool {
        // Fewer exchanges than a burst can all be late by the same queue.
        self.window.len() >= BURST
    }

    /// Returns the server's clock at a local instant.
    pub fn server_time(&self, local: LocalTime) -> Option<ServerTime> {
        let (base, given) = (self.base?, self.given?);
        let offset = base.saturating_add(round(given.offset_at(local)));
        Some(ServerTime::from_nanos(local.offset_by(offset).as_nanos()))
    }

    /// Returns the local instant at which the server's clock shows `server`.
    pub fn local_time(&self, server: ServerTime) -> Option<LocalTime> {
        let (base, given) = (self.base?, self.given?);
        // The guess uses the offset at `given.at`. The offset at the guess differs from the right one only by ppm of the
        // distance, so one correction is enough.
        let guess = server.offset_by(base.saturating_add(round(given.offset)).saturating_neg());
        let guess = LocalTime::from_nanos(guess.as_nanos());
        let offset = base.saturating_add(round(given.offset_at(guess)));
        Some(LocalTime::from_nanos(
            server.offset_by(offset.saturating_neg()).as_nanos(),
        ))
    }

    /// Returns the largest error of the offset that an asymmetric path can cause: half the shortest round trip.
    pub fn bound(&self) -> Option<Duration> {
        self.shortest().map(|rtt| rtt / 2)
    }

    /// Returns the median round trip of the window.
    pub fn round_trip(&self) -> Option<Duration> {
        self.round_trip_quantile(0.5)
    }

    /// Returns the round trip below which the given share (0 to 1) of the window's exchanges lie.
    pub fn round_trip_quantile(&self, quantile: f64) -> Option<Duration> {
        let mut all: Vec<Duration> = self.window.iter().map(|s| s.round_trip).collect();
        all.sort_unstable();
        let last = all.len().checked_sub(1)?;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "0 to WINDOW"
        )]
        let index = (last as f64 * quantile.clamp(0.0, 1.0)).round() as usize;
        all.get(index).copied()
    }

    /// Returns how much faster the server's clock runs, as a fraction: 1e-6 is one ppm.
    pub fn skew(&self) -> f64 {
        let (Some(first), Some(last)) = (self.history.front(), self.history.back()) else {
            return 0.0;
        };
        let span = last.0.nanos_since(first.0) as f64;
        if self.history.len() < 3 || span <= 0.0 {
            return 0.0;
        }
        let points = || {
            self.history
                .iter()
                .map(|(at, offset)| (at.nanos_since(first.0) as f64, *offset))
        };
        let count = self.history.len() as f64;
        let (sum_x, sum_y) = points().fold((0.0, 0.0), |(x, y), p| (x + p.0, y + p.1));
        let (mean_x, mean_y) = (sum_x / count, sum_y / count);
        let over: f64 = points().map(|(x, y)| (x - mean_x) * (y - mean_y)).sum();
        let under: f64 = points().map(|(x, _)| (x - mean_x).powi(2)).sum();
        // Over a short span the slope is mostly jitter, so it is given less weight.
        let shrink = (span / SKEW_SPAN).powi(2) / (1.0 + (span / SKEW_SPAN).powi(2));
        (over / under * shrink).clamp(-MAX_SKEW, MAX_SKEW)
    }

    fn shortest(&self) -> Option<Duration> {
        self.window.iter().map(|s| s.round_trip).min()
    }

    /// Returns the weighted mean of the window, each exchange extrapolated to `now` by the skew.
    fn estimate_at(&self, now: LocalTime, skew: f64) -> f64 {
        let shortest = self.shortest().unwrap_or_default();
        let excess = |s: &Sample| s.round_trip.saturating_sub(shortest).as_nanos() as f64;
        let median = self
            .round_trip()
            .map_or(0.0, |m| m.saturating_sub(shortest).as_nanos() as f64);
        // The scale follows the path: if all exchanges jitter alike, their weights are similar; if only some of them queue,
        // those lose weight.
        let scale = (median / 2.0).max(WEIGHT_SCALE_FLOOR);
        let (sum, weights) = self.window.iter().fold((0.0, 0.0), |(sum, weights), s| {
            let weight = 1.0 / (1.0 + (excess(s) / scale).powi(2));
            let carried = s.offset + skew * now.nanos_since(s.at) as f64;
            (sum + weight * carried, weights + weight)
        });
        if weights > 0.0 { sum / weights } else { 0.0 }
    }

    /// Returns the smallest and the largest offset at `now` that every exchange of the window allows, or `None` if they
    /// contradict each other because a clock was set.
    fn range_at(&self, now: LocalTime, skew: f64) -> Option<(f64, f64)> {
        let all = (f64::NEG_INFINITY, f64::INFINITY);
        let (least, most) = self.window.iter().fold(all, |(least, most), s| {
            let age = now.nanos_since(s.at) as f64;
            let carried = s.offset + skew * age;
            // The skew itself may be wrong by up to MAX_SKEW, so an old exchange allows a wider range.
            let doubt = s.round_trip.as_nanos() as f64 / 2.0 + MAX_SKEW * age;
            (least.max(carried - doubt), most.min(carried + doubt))
        });
        (least <= most).then_some((least, most))
    }

    fn remember(&mut self, now: LocalTime, estimate: f64) {
        let is_due = self
            .history
            .back()
            .is_none_or(|(at, _)| now.saturating_since(*at) >= HISTORY_STEP);
        // An estimate from less than a burst would tilt the line for as long as it stays in the history.
        if !is_due || !self.is_settled() {
            return;
        }
        if self.history.len() == HISTORY {
            self.history.pop_front();
        }
        self.history.push_back((now, estimate));
    }

    fn next_given(&mut self, now: LocalTime, estimate: f64, range: Option<(f64, f64)>, skew: f64) -> Given {
        let step = Given {
            at: now,
            offset: estimate,
            slew: 0.0,
            skew,
        };
        let Some(given) = self.given.filter(|_| self.is_known) else {
            return step;
        };
        let before = given.offset_at(now);
        let error = estimate - before;
        let is_refuted = range.is_none_or(|(least, most)| before < least || before > most);
        // A burst on a new path may correct the offset immediately; later, only an error above STEP may.
        let may_step = error.abs() > STEP.as_nanos() as f64 || self.window.len() <= BURST;
        if is_refuted && may_step {
            // The first exchanges on a path are the least reliable, so each may replace the offset until the burst is
            // complete.
            self.is_known = false;
            return step;
        }
        Given {
            at: now,
            offset: before,
            slew: error.clamp(-SLEW_PER_SECOND, SLEW_PER_SECOND),
            skew,
        }
    }
}

fn round(nanos: f64) -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "a float cast saturates")]
    let whole = nanos.round() as i64;
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The server's origin lies this far before the client's.
    const TRUE_OFFSET: i64 = 987_654_321_000;

    /// A small random generator with a fixed seed, so that the paths below are the same in each run.
    struct Noise(u64);

    impl Noise {
        fn uniform(&mut self) -> f64 {
            self.0 = self
                .0
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (self.0 >> 11) as f64 / (1u64 << 53) as f64
        }

        fn normal(&mut self) -> f64 {
            (0..12).map(|_| self.uniform()).sum::<f64>() - 6.0
        }
    }

    fn exchange(at_ms: u64, up_ms: f64, down_ms: f64) -> Exchange {
        let sent = LocalTime::from_millis(at_ms);
        let received = ServerTime::from_nanos(sent.offset_by(TRUE_OFFSET + round(up_ms * 1e6)).as_nanos());
        let answered = received + Duration::from_micros(50);
        let returned =
            LocalTime::from_nanos(answered.offset_by(round(down_ms * 1e6) - TRUE_OFFSET).as_nanos());
        Exchange {
            sent,
            received,
            answered,
            returned,
        }
    }

    fn error_ms(clock: &ClockEstimator, at: LocalTime) -> f64 {
        let server = clock.server_time(at).expect("an estimate");
        (server.as_nanos().cast_signed() - at.as_nanos().cast_signed() - TRUE_OFFSET) as f64 / 1e6
    }

    #[test]
    fn symmetric_jitter_averages_out() {
        let mut worst: f64 = 0.0;
        for seed in 1..=50 {
            let mut noise = Noise(seed);
            let mut clock = ClockEstimator::new();
            for i in 0..80u64 {
                let jitter = |n: &mut Noise| (40.0 + 7.0 * n.normal()).max(0.0);
                clock.handle_exchange(exchange(
                    1_000 + i * 1_000,
                    jitter(&mut noise),
                    jitter(&mut noise),
                ));
            }
            worst = worst.max(error_ms(&clock, LocalTime::from_millis(81_000)).abs());
        }

        assert!(worst < 3.5, "worst of 50 seeds {worst} ms");
    }

    #[test]
    fn queueing_in_one_direction_does_not_bias_the_estimate() {
        for seed in 1..=50 {
            let mut noise = Noise(seed);
            let mut clock = ClockEstimator::new();
            for i in 0..80u64 {
                let queue = if noise.uniform() < 0.5 {
                    0.0
                } else {
                    60.0 * noise.uniform()
                };
                clock.handle_exchange(exchange(1_000 + i * 1_000, 10.0 + queue, 10.0));
            }
            let error = error_ms(&clock, LocalTime::from_millis(81_000)).abs();
            assert!(error < 2.0, "seed {seed}: {error} ms");
        }
    }

    #[test]
    fn server_time_and_local_time_are_inverse() {
        let mut clock = ClockEstimator::new();
        for i in 0..20u64 {
            clock.handle_exchange(exchange(i * 1_000, 5.0, 7.0));
        }
        let local = LocalTime::from_millis(3_600_000);

        let back = clock
            .server_time(local)
            .and_then(|server| clock.local_time(server));

        assert!(back.is_some_and(|back| back.nanos_since(local).abs() < 1_000));
    }

    /// Returns a clock after 20 s of exchanges over a symmetric path.
    fn compared() -> ClockEstimator {
        let mut clock = ClockEstimator::new();
        for i in 0..20u64 {
            clock.handle_exchange(exchange(i * 1_000, 1.0, 1.0));
        }
        clock
    }

    /// Returns the same exchange but with the server's clock set forward.
    fn with_clock_set(exchange: Exchange, by: Duration) -> Exchange {
        Exchange {
            received: exchange.received + by,
            answered: exchange.answered + by,
            ..exchange
        }
    }

    #[test]
    fn a_different_clock_is_adopted_at_its_first_answer() {
        for by in [40, 200, 4_000] {
            let mut clock = compared();
            clock.handle_path_change();

            let first = with_clock_set(exchange(20_000, 1.0, 1.0), Duration::from_millis(by));
            clock.handle_exchange(first);

            let error = error_ms(&clock, LocalTime::from_millis(20_100)) - by as f64;
            assert!(error.abs() < 1.0, "{by}: {error}");
        }
    }

    #[test]
    fn late_answers_do_not_replace_a_known_offset() {
        let mut clock = compared();
        clock.handle_path_change();

        for i in 0..9u64 {
            clock.handle_exchange(exchange(20_000 + i * 25, 1.0, 401.0));
            let error = error_ms(&clock, LocalTime::from_millis(20_402 + i * 25));
            assert!(error.abs() < 2.0, "exchange {i}: {error}");
        }
    }

    #[test]
    fn one_fast_exchange_bounds_the_estimate() {
        let mut clock = ClockEstimator::new();
        for i in 0..BURST as u64 {
            clock.handle_exchange(exchange(i * 25, 1.0, 401.0));
        }
        let before = error_ms(&clock, LocalTime::from_millis(600));

        clock.handle_exchange(exchange(1_000, 1.0, 1.0));

        let after = error_ms(&clock, LocalTime::from_millis(1_100));
        assert!(before < -190.0, "{before}");
        assert!(after.abs() < 2.0, "{after}");
    }

    #[test]
    fn a_clock_that_is_off_by_little_is_slewed() {
        let mut clock = compared();

        for i in 0..2 * WINDOW as u64 {
            let e = with_clock_set(exchange(20_000 + i * 1_000, 1.0, 1.0), Duration::from_millis(60));
            clock.handle_exchange(e);
            let most = 5.5 * (i + 1) as f64;
            let error = error_ms(&clock, LocalTime::from_millis(20_900 + i * 1_000));
            assert!(error <= most, "after {i} s: {error}");
        }

        let error = error_ms(&clock, LocalTime::from_millis(148_000));
        assert!((error - 60.0).abs() < 2.0, "{error}");
    }

    #[test]
    fn the_given_clock_never_jumps_on_jitter() {
        let mut noise = Noise(3);
        let mut clock = ClockEstimator::new();
        let mut before: Option<(LocalTime, ServerTime)> = None;
        for i in 0..120u64 {
            let jitter = |n: &mut Noise| (40.0 + 7.0 * n.normal()).max(0.0);
            let e = exchange(1_000 + i * 1_000, jitter(&mut noise), jitter(&mut noise));
            clock.handle_exchange(e);
            let now = (e.returned, clock.server_time(e.returned).expect("an estimate"));
            if let Some(before) = before.filter(|_| i > 10) {
                let error = (now.1.nanos_since(before.1) - now.0.nanos_since(before.0)).abs();
                assert!(error <= 6_000_000, "jumped {error} ns at {i}");
            }
            before = Some(now);
        }
    }

    #[test]
    fn a_clock_that_runs_fast_is_followed_after_two_minutes() {
        let mut clock = ClockEstimator::new();
        for i in 0..400u64 {
            let local = LocalTime::from_millis(i * 1_000);
            let drift = round(i as f64 * 1e9 * 100e-6);
            let mut e = exchange(i * 1_000, 5.0, 5.0);
            e.received = e.received.offset_by(drift);
            e.answered = e.answered.offset_by(drift);
            assert_eq!(e.sent, local);
            clock.handle_exchange(e);
        }

        assert!((clock.skew() - 100e-6).abs() < 15e-6, "{}", clock.skew());
    }

    #[test]
    fn stamps_that_contradict_each_other_are_dropped() {
        let mut clock = ClockEstimator::new();
        let good = exchange(1_000, 1.0, 1.0);

        clock.handle_exchange(Exchange {
            returned: LocalTime::from_millis(1),
            ..good
        });
        clock.handle_exchange(Exchange {
            answered: ServerTime::from_nanos(0),
            ..good
        });
        clock.handle_exchange(Exchange {
            answered: good.answered + Duration::from_secs(9),
            ..good
        });

        assert_eq!(clock.server_time(LocalTime::from_millis(1_000)), None);
    }

    #[test]
    fn the_bound_covers_an_asymmetric_path() {
        let mut clock = ClockEstimator::new();
        for i in 0..20u64 {
            clock.handle_exchange(exchange(i * 1_000, 20.0, 100.0));
        }
        let error = error_ms(&clock, LocalTime::from_millis(21_000)).abs();

        assert!(Duration::from_secs_f64(error / 1e3) <= clock.bound().expect("a bound"));
    }
}
