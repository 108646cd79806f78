//! The history of speeds that were set on the player, and how much of the film is heard at them.

use std::collections::VecDeque;
use std::time::Duration;

use watchtogether_protocol::LocalTime;

use super::defaults::DEAD_TIME;

/// The speeds that were set, and when.
#[derive(Clone, Debug)]
pub(super) struct Speeds {
    /// The speed before the first change.
    first: f64,
    changes: VecDeque<(LocalTime, f64)>,
}

impl Speeds {
    /// Returns a history without changes.
    pub(super) fn constant(speed: f64) -> Self {
        Self {
            first: speed,
            changes: VecDeque::new(),
        }
    }

    /// Returns the media seconds that are heard between two instants.
    pub(super) fn media_between(&self, from: LocalTime, to: LocalTime) -> f64 {
        self.distance_between(from.saturating_sub(DEAD_TIME), to.saturating_sub(DEAD_TIME))
    }

    /// Returns the media seconds that will be heard in the dead time after `now` from commands before `now`.
    pub(super) fn pending(&self, now: LocalTime) -> f64 {
        self.distance_between(now.saturating_sub(DEAD_TIME), now)
    }

    /// Returns the error of a reading at that instant, in seconds. The player converts its buffered output to media time at the
    /// newest speed, so a change of speed shows immediately, and by too much. Measured on libmpv 0.35.1: 7.8 ms for 2 %.
    pub(super) fn misreading(&self, at: LocalTime) -> f64 {
        let change = self.changes.iter().rev().find(|(since, _)| *since <= at);
        let newest = change.map_or(self.first, |(_, speed)| *speed);
        self.pending(at) - newest * DEAD_TIME.as_secs_f64()
    }

    fn distance_between(&self, from: LocalTime, to: LocalTime) -> f64 {
        let (mut since, mut speed, mut sum) = (from, self.first, 0.0);
        for (at, next) in &self.changes {
            if *at > since {
                let until = (*at).min(to);
                sum += speed * seconds(until.nanos_since(since).max(0));
                since = until.max(since);
            }
            speed = *next;
        }
        sum + speed * seconds(to.nanos_since(since).max(0))
    }

    pub(super) fn change(&mut self, speed: f64, now: LocalTime) {
        self.changes.push_back((now, speed));
        let horizon = now.saturating_sub(2 * DEAD_TIME + Duration::from_secs(4));
        while self.changes.get(1).is_some_and(|(at, _)| *at < horizon) {
            if let Some((_, speed)) = self.changes.pop_front() {
                self.first = speed;
            }
        }
    }
}

/// Returns nanoseconds as seconds.
pub(super) fn seconds(nanos: i64) -> f64 {
    nanos as f64 / 1e9
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(ms: u64) -> LocalTime {
        LocalTime::from_millis(10_000 + ms)
    }

    #[test]
    fn a_long_history_of_speeds_is_dropped_without_changing_the_result() {
        let mut speeds = Speeds::constant(1.0);
        for n in 0..1_000u32 {
            speeds.change(1.0 + f64::from(n % 2) * 0.01, at(u64::from(n) * 200));
        }

        assert!(speeds.changes.len() < 40);
        let heard = speeds.media_between(at(198_400), at(199_400));
        assert!((heard - 1.005).abs() < 2e-3, "{heard}");
    }

    #[test]
    fn a_backwards_interval_has_no_media() {
        assert!((Speeds::constant(1.0).media_between(at(500), at(100))).abs() < 1e-12);
    }
}
