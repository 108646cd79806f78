//! Compares two clocks: estimates the server's time at a local instant, and how far that may be wrong.
//!
//! Each [`Exchange`] gives an offset (server minus client) and a round trip. A single offset is wrong by half the difference
//! between the two directions, so the estimate uses many exchanges: all those of the last [`SPAN`]. A longer span gives more
//! exchanges, and shows better how much the rates of the clocks differ. `fit` draws a line through the exchanges. No exchange can
//! be wrong by more than half its round trip, so the line is clamped to the range that all of them allow: a single fast exchange
//! bounds the estimate, whatever any number of slow ones show.
//!
//! A clock that changes (set, slewed by NTP, suspended) invalidates the earlier exchanges. The newest exchanges show that: they
//! contradict the others, or several fast ones in a row lie off the line. Then only the newest are kept, and
//! [`ClockEstimator::handle_exchange`] says so, so that more are made.
//!
//! The published offset is slewed ([`SLEW_PER_SECOND`]) so that no player jumps. It is stepped only above [`STEP`] or on a new
//! path, and only if the exchanges contradict it: a busy machine reads answers late, and the first exchanges on a new connection
//! are less reliable than the previous estimate.
//!
//! No exchange can reveal a path that is longer in one direction. [`ClockEstimator::bound`] gives the largest error that this can
//! cause; it is reported separately from a player's drift.

mod fit;

use std::collections::VecDeque;
use std::time::Duration;

use crate::time::{LocalTime, ServerTime};
use fit::{Fit, MAX_SKEW, fit};

/// How far back exchanges count. The rate of a clock hardly changes within this time.
pub const SPAN: Duration = Duration::from_mins(10);

/// The largest number of exchanges that count: more than are made within [`SPAN`].
pub const WINDOW: usize = 400;

/// The number of exchanges in a burst, and the smallest number that gives a usable estimate.
pub const BURST: usize = 8;

/// The number of newest exchanges from which round trips are reported: about a minute and a half in a room that plays.
const RECENT: usize = 32;

/// How many of the newest 2 × `WITNESSES` exchanges must be quick, and agree that the clock has changed.
const WITNESSES: usize = 4;

/// The smallest difference, in nanoseconds, that counts as a change of a clock. On a busy machine some answers are read late, but
/// by less than this.
const LEAST_CHANGE: f64 = 1e6;

/// The number of standard errors by which witnesses must lie off the line. Jitter alone causes that less than once in ten
/// thousand exchanges.
const CHANGE_DOUBT: f64 = 4.5;

/// The published offset is stepped if it is wrong by more than this. Only a suspended machine causes such an error; jitter never
/// does.
pub const STEP: Duration = Duration::from_millis(100);

/// The fastest change of the published offset, in nanoseconds per second. 5 ms/s is well inside what a player can follow by its
/// speed alone (2 %).
pub const SLEW_PER_SECOND: f64 = 5e6;

/// The four timestamps of one exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exchange {
    /// When the ping left.
    pub sent: LocalTime,
    /// When the server read the ping.
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

    /// Returns the delay to the server plus the offset, and the offset minus the delay back.
    fn limits(&self) -> (i128, i128) {
        let there = i128::from(self.received.as_nanos()) - i128::from(self.sent.as_nanos());
        let back = i128::from(self.answered.as_nanos()) - i128::from(self.returned.as_nanos());
        (there, back)
    }
}

/// An exchange in nanoseconds, relative to the estimator's base.
#[derive(Clone, Copy, Debug)]
struct Sample {
    at: LocalTime,
    /// The delay to the server plus the offset: the largest offset that this exchange allows.
    up: f64,
    /// The delay back minus the offset: minus the smallest offset that it allows.
    down: f64,
}

impl Sample {
    const fn round_trip(&self) -> f64 {
        self.up + self.down
    }

    const fn offset(&self) -> f64 {
        f64::midpoint(self.up, -self.down)
    }
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
    base: Option<i128>,
    window: VecDeque<Sample>,
    /// The number of exchanges since the start or the last path change, up to [`WINDOW`].
    answers: usize,
    /// The skew from before the last path change, which depends on the clocks, not on the path.
    known_skew: f64,
    fit: Option<Fit>,
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

    /// Adds an exchange, or drops it if its timestamps are inconsistent. Returns whether it shows that a clock has changed, so
    /// that most earlier exchanges are dropped and more are needed.
    pub fn handle_exchange(&mut self, exchange: Exchange) -> bool {
        if exchange.round_trip().is_none() {
            return false;
        }
        let (there, back) = exchange.limits();
        // Offsets between two origins can exceed the 53 bits that an f64 keeps exactly. The first one becomes the base; only
        // differences from it are computed in floating point.
        let base = *self.base.get_or_insert_with(|| i128::midpoint(there, back));
        let at = exchange
            .sent
            .offset_by(exchange.returned.nanos_since(exchange.sent) / 2);
        let is_old = |s: &Sample| at.saturating_since(s.at) > SPAN;
        while self.window.len() == WINDOW || self.window.front().is_some_and(is_old) {
            self.window.pop_front();
        }
        self.window.push_back(Sample {
            at,
            up: (there - base) as f64,
            down: (base - back) as f64,
        });
        self.answers = (self.answers + 1).min(WINDOW);
        let has_changed = self.forget_changed_clock(exchange.returned);
        if let Some(fit) = fit(&self.window, self.known_skew) {
            let now = exchange.returned;
            let range = self.range_at(now, fit.skew);
            let newest = fit.offset + fit.skew * now.nanos_since(at) as f64;
            let estimate = range.map_or(newest, |(least, most)| newest.clamp(least, most));
            self.given = Some(self.next_given(now, estimate, range, fit.skew));
            self.fit = Some(fit);
        }
        self.is_known |= self.is_settled();
        has_changed
    }

    /// Forgets all exchanges because the path or the clock has changed. The published offset stays until new exchanges contradict
    /// it.
    pub fn handle_path_change(&mut self) {
        self.known_skew = self.skew();
        self.window.clear();
        self.answers = 0;
        self.fit = None;
    }

    /// Returns whether a whole burst has been answered since the start or the last change.
    pub fn is_settled(&self) -> bool {
        // Fewer exchanges than a burst can all be late by the same queue.
        self.window.len() >= BURST
    }

    /// Returns the standard error of the estimate according to the scatter of the exchanges, once a whole burst has been
    /// answered.
    pub fn error(&self) -> Option<Duration> {
        let fit = self.fit.filter(|_| self.is_settled())?;
        Some(Duration::from_nanos(round(fit.error).unsigned_abs()))
    }

    /// Returns the server's clock at a local instant.
    pub fn server_time(&self, local: LocalTime) -> Option<ServerTime> {
        let offset = self.offset(self.given?.offset_at(local))?;
        Some(ServerTime::from_nanos(local.offset_by(offset).as_nanos()))
    }

    /// Returns the local instant at which the server's clock shows `server`.
    pub fn local_time(&self, server: ServerTime) -> Option<LocalTime> {
        let given = self.given?;
        // The guess uses the offset at `given.at`. The offset at the guess differs from the right one only by ppm of the
        // distance, so one correction is enough.
        let guess = server.offset_by(self.offset(given.offset)?.saturating_neg());
        let guess = LocalTime::from_nanos(guess.as_nanos());
        let offset = self.offset(given.offset_at(guess))?;
        Some(LocalTime::from_nanos(
            server.offset_by(offset.saturating_neg()).as_nanos(),
        ))
    }

    /// Returns the largest error of the offset that an asymmetric path can cause: half the shortest round trip.
    pub fn bound(&self) -> Option<Duration> {
        let shortest = self.window.iter().map(Sample::round_trip).reduce(f64::min)?;
        Some(Duration::from_nanos(round(shortest / 2.0).unsigned_abs()))
    }

    /// Returns the median of the newest round trips.
    pub fn round_trip(&self) -> Option<Duration> {
        self.round_trip_quantile(0.5)
    }

    /// Returns the round trip below which the given share (0 to 1) of the newest exchanges lie.
    pub fn round_trip_quantile(&self, quantile: f64) -> Option<Duration> {
        let recent = self.window.iter().rev().take(RECENT);
        let nanos = quantile_of(recent.map(Sample::round_trip), quantile)?;
        Some(Duration::from_nanos(round(nanos).unsigned_abs()))
    }

    /// Returns how much faster the server's clock runs, as a fraction: 1e-6 is one ppm.
    pub fn skew(&self) -> f64 {
        self.fit.map_or(self.known_skew, |fit| fit.skew)
    }

    /// Returns an offset from the base as one from the client's clock.
    fn offset(&self, from_base: f64) -> Option<i64> {
        i64::try_from(self.base? + i128::from(round(from_base))).ok()
    }

    /// Returns the smallest and the largest offset at `now` that every exchange of the window allows, or `None` if they
    /// contradict each other because a clock was set.
    fn range_at(&self, now: LocalTime, skew: f64) -> Option<(f64, f64)> {
        let all = (f64::NEG_INFINITY, f64::INFINITY);
        let (least, most) = self.window.iter().fold(all, |(least, most), s| {
            let age = now.nanos_since(s.at) as f64;
            // The skew itself may be wrong by up to MAX_SKEW, so an old exchange allows a wider range.
            let (carried, doubt) = (skew * age, MAX_SKEW * age.abs());
            (
                least.max(carried - s.down - doubt),
                most.min(carried + s.up + doubt),
            )
        });
        (least <= most).then_some((least, most))
    }

    /// Keeps only the newest exchanges if they show that a clock has changed; returns whether they do.
    fn forget_changed_clock(&mut self, now: LocalTime) -> bool {
        let kept = if self.range_at(now, self.skew()).is_none() {
            1
        } else if self.witnesses_disagree() {
            WITNESSES
        } else {
            return false;
        };
        self.window.drain(..self.window.len() - kept);
        true
    }

    /// Returns whether the newest fast exchanges lie too far off the line for jitter.
    fn witnesses_disagree(&self) -> bool {
        let Some(line) = self.fit.filter(|_| self.window.len() >= 2 * BURST) else {
            return false;
        };
        let Some(usual) = quantile_of(self.window.iter().map(Sample::round_trip), 0.5) else {
            return false;
        };
        let split = self.window.len() - 2 * WITNESSES;
        let beside = |s: &Sample| s.offset() - line.offset - line.skew * s.at.nanos_since(line.at) as f64;
        // A queue that builds up in one direction moves the offset too, but makes round trips longer.
        let quick = self.window.range(split..).filter(|s| s.round_trip() <= usual);
        let witnesses: Vec<f64> = quick.map(beside).collect();
        let others: Vec<f64> = self.window.range(..split).map(beside).collect();
        if witnesses.len() < WITNESSES {
            return false;
        }
        let count = witnesses.len() as f64;
        let mean = witnesses.iter().sum::<f64>() / count;
        let scatter = (others.iter().map(|by| by.powi(2)).sum::<f64>() / others.len() as f64).sqrt();
        mean.abs() > LEAST_CHANGE.max(CHANGE_DOUBT * scatter / count.sqrt())
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
        let may_step = error.abs() > STEP.as_nanos() as f64 || self.answers <= BURST;
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

/// Returns the value below which the given share (0 to 1) of some values lie.
fn quantile_of(values: impl Iterator<Item = f64>, quantile: f64) -> Option<f64> {
    let mut all: Vec<f64> = values.collect();
    all.sort_unstable_by(f64::total_cmp);
    let last = all.len().checked_sub(1)?;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "0 to WINDOW"
    )]
    let index = (last as f64 * quantile.clamp(0.0, 1.0)).round() as usize;
    all.get(index).copied()
}

fn round(nanos: f64) -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "a float cast saturates")]
    let whole = nanos.round() as i64;
    whole
}

#[cfg(test)]
mod tests;
