//! The server's clock: the machine's monotonic clock, shifted ahead.
//!
//! It continues across a restart of the server, so that returning members need not measure another clock while their film plays.
//! After a reboot it is a different clock, and clients detect that.

use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};
use tokio::time::Instant;
use watchtogether_protocol::ServerTime;
use watchtogether_protocol::time::WallTime;

/// Reads the server's clock. Readings are never near zero, so that instants before the start can be represented.
#[derive(Clone, Copy, Debug)]
pub struct ServerClock {
    start: Instant,
    /// The reading at the start.
    origin: ServerTime,
}

/// How far the clock is ahead of the machine's clock, which starts at zero when the machine boots.
const AHEAD: Duration = Duration::from_hours(1);

impl ServerClock {
    /// Starts the clock.
    pub fn start() -> Self {
        Self {
            start: Instant::now(),
            origin: machine_clock(ClockId::Monotonic) + AHEAD,
        }
    }

    /// Returns the current time.
    pub fn now(&self) -> ServerTime {
        self.origin + self.start.elapsed()
    }

    /// Converts a time to an `Instant`, for timers.
    pub fn instant(&self, at: ServerTime) -> Instant {
        self.start + at.saturating_since(self.origin)
    }

    /// Returns the wall-clock time at the origin, computed from the current wall clock.
    pub fn wall_origin(&self) -> WallTime {
        let nanos = wall_clock()
            .as_nanos()
            .saturating_sub(self.now().as_nanos().into());
        // Rounds to the nearest millisecond instead of down: a film that continues after a restart is wrong by the rounding
        // error.
        WallTime(u64::try_from((nanos + 500_000) / 1_000_000).unwrap_or(u64::MAX))
    }

    /// Returns how long the machine has been suspended since boot, which the server's clock does not count.
    pub fn slept(&self) -> Duration {
        let boot = machine_clock(ClockId::Boottime);
        Duration::from_nanos(
            boot.as_nanos()
                .saturating_sub(machine_clock(ClockId::Monotonic).as_nanos()),
        )
    }

    /// Returns the wall clock.
    pub fn wall(&self) -> WallTime {
        WallTime(wall_clock().as_millis().try_into().unwrap_or(u64::MAX))
    }
}

/// Reads one of those clocks of the machine that nobody can set and that are the same for all processes.
fn machine_clock(id: ClockId) -> ServerTime {
    let reading = clock_gettime(id);
    let seconds = u64::try_from(reading.tv_sec).unwrap_or_default();
    let nanos = u32::try_from(reading.tv_nsec).unwrap_or_default();
    ServerTime::from_nanos(0) + Duration::new(seconds, nanos)
}

#[expect(
    clippy::disallowed_methods,
    reason = "the only place that reads the wall clock: for displayed times, and for times that outlive the server"
)]
fn wall_clock() -> Duration {
    std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_servers_clock_goes_on_where_this_ones_is() {
        let (clock, next) = (ServerClock::start(), ServerClock::start());

        let (a, b) = (clock.now(), next.now());

        let apart = Duration::from_nanos(b.nanos_since(a).unsigned_abs());
        assert!(apart < Duration::from_millis(500), "{apart:?}");
        assert!(a > ServerTime::from_nanos(0) + AHEAD);
        let apart = clock.wall_origin().0.abs_diff(next.wall_origin().0);
        assert!(apart <= 2, "one wall clock: {apart} ms apart");
    }
}
