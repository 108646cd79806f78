//! This machine's monotonic clock, for the shells that may read one.
//!
//! [`LocalTime`] is `CLOCK_MONOTONIC` in nanoseconds, so that a player's process and its parent use the same instants. Tokio's
//! timers need an `Instant`, which hides its number: [`LocalClock`] converts.

use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};
use tokio::time::Instant;
use watchtogether_protocol::LocalTime;

/// Reads the clock.
pub fn monotonic() -> LocalTime {
    let time = clock_gettime(ClockId::Monotonic);
    let seconds = u64::try_from(time.tv_sec).unwrap_or_default();
    let nanos = u64::try_from(time.tv_nsec).unwrap_or_default();
    LocalTime::from_nanos(seconds * 1_000_000_000 + nanos)
}

/// Returns how long the machine has been suspended since boot: the difference between `CLOCK_BOOTTIME` and `CLOCK_MONOTONIC`.
pub fn suspended() -> Duration {
    let boot = clock_gettime(ClockId::Boottime);
    let boot = Duration::new(
        boot.tv_sec.try_into().unwrap_or_default(),
        boot.tv_nsec.try_into().unwrap_or_default(),
    );
    boot.saturating_sub(Duration::from_nanos(monotonic().as_nanos()))
}

/// Converts between tokio's clock and [`LocalTime`], using one reading of both.
#[derive(Clone, Copy, Debug)]
pub struct LocalClock {
    instant: Instant,
    local: LocalTime,
}

impl LocalClock {
    /// Reads both clocks, a few tens of nanoseconds apart.
    pub fn start() -> Self {
        let instant = Instant::now();
        Self {
            instant,
            local: monotonic(),
        }
    }

    /// Returns the time by tokio's clock, which stands still in a test with paused time.
    pub fn now(&self) -> LocalTime {
        self.local_of(Instant::now())
    }

    /// Returns the local time of `instant`.
    pub fn local_of(&self, instant: Instant) -> LocalTime {
        match instant.checked_duration_since(self.instant) {
            Some(after) => self.local + after,
            None => self.local.saturating_sub(self.instant.duration_since(instant)),
        }
    }

    /// Returns the instant of `local`, for tokio's timers; times before the start of the clock become its start.
    pub fn instant_of(&self, local: LocalTime) -> Instant {
        self.instant + local.saturating_since(self.local)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_and_its_local_time_are_each_others_inverse() {
        let clock = LocalClock::start();
        let later = clock.instant + Duration::from_millis(1_500);

        assert_eq!(
            clock.local_of(later).saturating_since(clock.local),
            Duration::from_millis(1_500)
        );
        assert_eq!(clock.instant_of(clock.local_of(later)), later);
        assert_eq!(clock.instant_of(LocalTime::default()), clock.instant);
    }

    #[test]
    fn the_clock_is_the_one_that_other_processes_read() {
        let clock = LocalClock::start();

        let before = monotonic();
        let now = clock.now();
        let after = monotonic();

        let slack = Duration::from_millis(1);
        assert!(before.saturating_sub(slack) <= now && now <= after + slack);
    }
}
