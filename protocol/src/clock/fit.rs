//! Fits the difference of two clocks to the delays of a window of exchanges.
//!
//! Two kinds of path need different treatment. Where both directions jitter alike around a mean, each exchange is off by several
//! milliseconds and only the mean of many is right. Where packets wait in queues, delays have a shortest value and a long tail:
//! the fastest packet of each direction is right, and a mean is off by half the difference between the queues. Real paths lie
//! between the two, so the round trips decide how much each fit counts: in a queue, their mean lies closer to their shortest
//! ([`MEAN_AT`]).
//!
//! Both fits are straight lines, because two clocks also run at different rates (quartz: tens of ppm). On a path with jitter, a
//! slope over a minute is mostly chance, and a wrong slope costs more than none. So the mean's slope counts only as far as the
//! data [support it](SLOPE_DOUBT), and the slope of the fastest packets only as far as it is [likely](USUAL_SKEW).

use super::Sample;
use crate::time::LocalTime;

/// The largest skew that is believed: a clock that is being corrected by NTP.
pub(super) const MAX_SKEW: f64 = 500e-6;

/// The usual skew between two quartz clocks. Larger ones are less likely, but possible.
const USUAL_SKEW: f64 = 20e-6;

/// The weight of the [usual skew](USUAL_SKEW) against the exchanges. With less, the scatter of the first eight gives a slope of
/// hundreds of ppm.
const UNUSUAL: f64 = 4.0;

/// A slope below this many of its standard errors counts for nothing; above, it counts for more the more significant it is. At
/// 1.5, jitter alone makes a tenth worse estimates in the third minute; at 3, clocks that differ by 20 ppm have twice the error.
const SLOPE_DOUBT: f64 = 2.0;

/// The share of exchanges that count in the mean: those with the longest round trips were disturbed.
const UNDISTURBED: f64 = 0.9;

/// The distance of the mean round trip from the shortest, in standard deviations, at which both fits have equal weight, for a
/// single exchange. Exponential queues give 1.4 to 1.7, normal jitter 1.9 (16 exchanges) to 2.9 (200). Taking jitter for a queue
/// costs more than the reverse, so the border is near the queues.
const MEAN_AT: f64 = 0.65;

/// The growth of [`MEAN_AT`] with the logarithm of the number of exchanges, because the minimum of more exchanges is smaller.
const MEAN_AT_GROWTH: f64 = 0.25;

/// The largest value of that distance.
const MEAN_AT_MOST: f64 = 1.85;

/// The width of the range around the border in which both fits have weight.
const BLEND: f64 = 0.15;

/// The smallest excess of a delay, in nanoseconds, that tells one slope from another. Below 1 µs only the machine's own
/// scheduling differs.
const LEAST_EXCESS: f64 = 1e3;

/// A fit of a window, in nanoseconds: server minus client, relative to the estimator's base.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fit {
    /// The time of the newest sample.
    pub(super) at: LocalTime,
    /// The offset at that time.
    pub(super) offset: f64,
    /// How much it grows per nanosecond.
    pub(super) skew: f64,
    /// Its standard error, as far as the scatter of the exchanges shows it.
    pub(super) error: f64,
}

/// A line through the offsets: its height at the newest sample, its slope, and the standard error of the height.
#[derive(Clone, Copy, Debug)]
struct Line {
    offset: f64,
    slope: f64,
    error: f64,
}

/// A sample as the fits see it: its age as a negative time, and its delays without the part that the known skew explains.
#[derive(Clone, Copy, Debug)]
struct Point {
    x: f64,
    up: f64,
    down: f64,
}

impl Point {
    const fn round_trip(&self) -> f64 {
        self.up + self.down
    }

    const fn offset(&self) -> f64 {
        f64::midpoint(self.up, -self.down)
    }
}

/// Returns the fit of the samples at the time of the last one, or `None` without samples. `known` is the skew from earlier, which
/// holds unless the samples show otherwise.
pub(super) fn fit<'a>(samples: impl IntoIterator<Item = &'a Sample>, known: f64) -> Option<Fit> {
    let samples: Vec<&Sample> = samples.into_iter().collect();
    let now = samples.last()?.at;
    let points: Vec<Point> = samples
        .iter()
        .map(|s| {
            let x = s.at.nanos_since(now) as f64;
            Point {
                x,
                up: s.up - known * x,
                down: s.down + known * x,
            }
        })
        .collect();
    let undisturbed = undisturbed(&points);
    let share = share_of_mean(&undisturbed, points.len());
    let (mean, quickest) = (of_mean(&undisturbed), of_quickest(&points, share < 1.0));
    let blend = |of: fn(&Line) -> f64| share * of(&mean) + (1.0 - share) * of(&quickest);
    Some(Fit {
        at: now,
        offset: blend(|line| line.offset),
        skew: (known + blend(|line| line.slope)).clamp(-MAX_SKEW, MAX_SKEW),
        error: blend(|line| line.error),
    })
}

/// Returns the points without those with the longest round trips.
fn undisturbed(points: &[Point]) -> Vec<Point> {
    let mut sorted: Vec<f64> = points.iter().map(Point::round_trip).collect();
    sorted.sort_unstable_by(f64::total_cmp);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "at most the number of points"
    )]
    let count = (points.len() as f64 * UNDISTURBED).ceil() as usize;
    let limit = sorted
        .get(count.saturating_sub(1))
        .copied()
        .unwrap_or(f64::INFINITY);
    points
        .iter()
        .copied()
        .filter(|p| p.round_trip() <= limit)
        .collect()
}

/// Returns how much the mean counts, from 0 (packets wait in queues) to 1 (delays jitter around a mean).
fn share_of_mean(points: &[Point], whole: usize) -> f64 {
    let shortest = points.iter().map(Point::round_trip).fold(f64::INFINITY, f64::min);
    let (mean, deviation) = moments(points.iter().map(Point::round_trip));
    // Round trips that are all alike have no shape; both fits agree then.
    if deviation < LEAST_EXCESS {
        return 0.0;
    }
    let border = (MEAN_AT + MEAN_AT_GROWTH * (whole as f64).ln()).min(MEAN_AT_MOST);
    (((mean - shortest) / deviation - border) / (2.0 * BLEND) + 0.5).clamp(0.0, 1.0)
}

/// Returns the line through the offsets with the least squares.
fn of_mean(points: &[Point]) -> Line {
    let count = points.len() as f64;
    let (mean_x, _) = moments(points.iter().map(|p| p.x));
    let (mean_y, _) = moments(points.iter().map(Point::offset));
    let over: f64 = points
        .iter()
        .map(|p| (p.x - mean_x) * (p.offset() - mean_y))
        .sum();
    let under: f64 = points.iter().map(|p| (p.x - mean_x).powi(2)).sum();
    let slope = if under > 0.0 { over / under } else { 0.0 };
    let residual = |p: &Point| p.offset() - mean_y - slope * (p.x - mean_x);
    let variance = points.iter().map(|p| residual(p).powi(2)).sum::<f64>() / (count - 2.0).max(1.0);
    let doubt = if under > 0.0 {
        variance / under
    } else {
        f64::INFINITY
    };
    let significant = (1.0 - SLOPE_DOUBT.powi(2) * doubt / slope.powi(2)).max(0.0);
    let likely = USUAL_SKEW.powi(2) / (USUAL_SKEW.powi(2) + doubt);
    let slope = if significant > 0.0 {
        slope * significant * likely
    } else {
        0.0
    };
    Line {
        offset: mean_y - slope * mean_x,
        slope,
        error: (variance / count).sqrt(),
    }
}

/// Returns the line halfway between the quickest packets of both directions; its slope only if it `is_needed`.
fn of_quickest(points: &[Point], is_needed: bool) -> Line {
    let slope = if is_needed { likeliest_slope(points) } else { 0.0 };
    let (up, up_excess) = floor(points.iter().map(|p| p.up - slope * p.x));
    let (down, down_excess) = floor(points.iter().map(|p| p.down + slope * p.x));
    Line {
        offset: f64::midpoint(up, -down),
        slope,
        error: f64::midpoint(up_excess, down_excess) / points.len() as f64,
    }
}

/// Returns the slope at which the delays are likeliest if their excess over the shortest is exponential.
fn likeliest_slope(points: &[Point]) -> f64 {
    let unlikeliness = |slope: f64| {
        let (_, up) = floor(points.iter().map(|p| p.up - slope * p.x));
        let (_, down) = floor(points.iter().map(|p| p.down + slope * p.x));
        let misfit = up.max(LEAST_EXCESS).ln() + down.max(LEAST_EXCESS).ln();
        points.len() as f64 * misfit + UNUSUAL * (slope / USUAL_SKEW).powi(2).ln_1p()
    };
    // Five rounds narrow the step from 100 ppm down to less than 0.2 ppm.
    let (mut best, mut step) = (0.0, MAX_SKEW / 5.0);
    for _ in 0..5 {
        let candidates = (-5..=5).map(|n| best + f64::from(n) * step);
        best = candidates
            .map(|slope| (unlikeliness(slope), slope))
            .min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.abs().total_cmp(&b.1.abs())))
            .map_or(best, |(_, slope)| slope);
        step /= 5.0;
    }
    best
}

/// Returns the smallest of some values, and the mean of their excess over it.
fn floor(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let (least, sum, count) = values.fold((f64::INFINITY, 0.0, 0.0), |(least, sum, count), value| {
        (value.min(least), sum + value, count + 1.0)
    });
    (least, sum / f64::max(count, 1.0) - least)
}

/// Returns the mean and the standard deviation of some values.
fn moments(values: impl Iterator<Item = f64> + Clone) -> (f64, f64) {
    let count = (values.clone().count() as f64).max(1.0);
    let mean = values.clone().sum::<f64>() / count;
    let variance = values.map(|value| (value - mean).powi(2)).sum::<f64>() / count;
    (mean, variance.sqrt())
}
