//! Measures how well the local player followed in the last minute, for display only.

use std::collections::VecDeque;
use std::time::Duration;

use watchtogether_protocol::{LocalTime, MediaTime};

use super::status::MinuteStatus;

/// The time span that is covered.
const SPAN: Duration = Duration::from_mins(1);

/// The time span that counts as the present: ten statuses of the player.
const NOW: Duration = Duration::from_secs(1);

/// The maximum number of recorded drifts: ten a second, and some more for a player that often changes its state.
const DRIFTS: usize = 700;

/// The maximum number of recorded times of one kind of event.
const TIMES: usize = 60;

/// The events of the last minute.
#[derive(Clone, Debug, Default)]
pub(super) struct LastMinute {
    drifts: VecDeque<(LocalTime, MediaTime)>,
    corrections: EventTimes,
    seeks: EventTimes,
    stalls: EventTimes,
    corrections_so_far: u32,
}

impl LastMinute {
    /// Records a drift.
    pub(super) fn drifted(&mut self, drift: MediaTime, now: LocalTime) {
        if self.drifts.len() == DRIFTS {
            self.drifts.pop_front();
        }
        self.drifts.push_back((now, drift));
        while self.drifts.front().is_some_and(|(at, _)| is_over(*at, now)) {
            self.drifts.pop_front();
        }
    }

    /// Records the new corrections, given their number since the session began; returns whether there are any.
    pub(super) fn corrected(&mut self, so_far: u32, now: LocalTime) -> bool {
        let before = std::mem::replace(&mut self.corrections_so_far, so_far);
        for _ in before..so_far {
            self.corrections.push(now);
        }
        before < so_far
    }

    /// Records that somebody seeked.
    pub(super) fn record_seek(&mut self, now: LocalTime) {
        self.seeks.push(now);
    }

    /// Records that the player ran out of data.
    pub(super) fn stalled(&mut self, now: LocalTime) {
        self.stalls.push(now);
    }

    /// Returns the measurements of the last minute.
    pub(super) fn status(&self, now: LocalTime) -> MinuteStatus {
        let recent = || self.drifts.iter().filter(|(at, _)| !is_over(*at, now));
        let mut sizes: Vec<Duration> = recent().map(|(_, drift)| drift.abs()).collect();
        sizes.sort_unstable();
        let quantile = |percent: usize| {
            let index = (sizes.len() * percent).div_ceil(100).saturating_sub(1);
            sizes.get(index).copied()
        };
        MinuteStatus {
            drift: recent()
                .rev()
                .take_while(|(at, _)| now.saturating_since(*at) < NOW)
                .map(|(_, drift)| *drift)
                .max_by_key(|drift| drift.abs()),
            p50: quantile(50),
            p95: quantile(95),
            worst: quantile(100),
            corrections: self.corrections.count(now),
            seeks: self.seeks.count(now),
            stalls: self.stalls.count(now),
        }
    }
}

/// The times of one kind of event.
#[derive(Clone, Debug, Default)]
struct EventTimes(VecDeque<LocalTime>);

impl EventTimes {
    fn push(&mut self, now: LocalTime) {
        if self.0.len() == TIMES {
            self.0.pop_front();
        }
        self.0.push_back(now);
    }

    fn count(&self, now: LocalTime) -> usize {
        self.0.iter().filter(|at| !is_over(**at, now)).count()
    }
}

fn is_over(at: LocalTime, now: LocalTime) -> bool {
    now.saturating_since(at) > SPAN
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: u64) -> LocalTime {
        LocalTime::from_millis(millis)
    }

    #[test]
    fn an_empty_minute_knows_nothing() {
        assert_eq!(LastMinute::default().status(at(0)), MinuteStatus::default());
    }

    #[test]
    fn percentiles_are_of_the_size_and_of_the_last_minute() {
        let mut minute = LastMinute::default();
        minute.drifted(MediaTime::from_millis(900), at(0));
        for n in 1..=100u64 {
            let sign = if n % 2 == 0 { 1 } else { -1 };
            let drift = MediaTime::from_millis(sign * i64::try_from(n).expect("small"));
            minute.drifted(drift, at(60_000 + n));
        }

        let status = minute.status(at(60_100));

        assert_eq!(status.p50, Some(Duration::from_millis(50)));
        assert_eq!(status.p95, Some(Duration::from_millis(95)));
        assert_eq!(status.worst, Some(Duration::from_millis(100)));
    }

    #[test]
    fn the_drift_is_the_worst_of_the_last_second_with_its_sign() {
        let mut minute = LastMinute::default();
        for (drift, millis) in [(-80, 0), (3, 1_500), (-9, 1_600), (2, 2_000)] {
            minute.drifted(MediaTime::from_millis(drift), at(millis));
        }

        assert_eq!(minute.status(at(2_000)).drift, Some(MediaTime::from_millis(-9)));
        assert_eq!(minute.status(at(4_000)).drift, None, "it stands");
    }

    #[test]
    fn events_are_forgotten_after_a_minute() {
        let mut minute = LastMinute::default();
        minute.corrected(2, at(0));
        minute.corrected(3, at(30_000));
        minute.record_seek(at(30_000));
        minute.stalled(at(31_000));

        let counts = |millis| {
            let status = minute.status(at(millis));
            (status.corrections, status.seeks, status.stalls)
        };
        assert_eq!(counts(31_000), (3, 1, 1));
        assert_eq!(counts(90_500), (0, 0, 1));
    }

    #[test]
    fn a_minute_has_a_bound() {
        let mut minute = LastMinute::default();
        for _ in 0..10_000 {
            minute.drifted(MediaTime::ZERO, at(1));
            minute.record_seek(at(1));
        }

        assert_eq!(minute.drifts.len(), DRIFTS);
        assert_eq!(minute.status(at(1)).seeks, TIMES);
    }
}
