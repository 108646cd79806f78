//! The server's clock: monotonic, from an origin of its own.

use std::time::Duration;

use tokio::time::Instant;
use watchtogether_protocol::ServerTime;
use watchtogether_protocol::time::WallTime;

/// Reads the server's clock. A reading is never near the origin, so that time before the start can be spoken of.
#[derive(Clone, Copy, Debug)]
pub struct ServerClock {
    start: Instant,
}

/// What the clock says at its start: an hour.
const START: ServerTime = ServerTime::from_millis(3_600_000);

impl ServerClock {
    /// Starts the clock.
    pub fn start() -> Self {
        Self {
            start: Instant::now(),
        }
    }

    /// Returns the time.
    pub fn now(&self) -> ServerTime {
        START + self.start.elapsed()
    }

    /// Returns the instant of a time, for timers.
    pub fn instant(&self, at: ServerTime) -> Instant {
        self.start + at.saturating_since(START)
    }

    /// Returns what the wall clock was at the origin, going by what it is now.
    pub fn wall_origin(&self) -> WallTime {
        let nanos = wall_clock()
            .as_nanos()
            .saturating_sub(self.now().as_nanos().into());
        // To the nearest, not down: a film that goes on after a restart is off by as much.
        WallTime(u64::try_from((nanos + 500_000) / 1_000_000).unwrap_or(u64::MAX))
    }

    /// Returns the wall clock.
    pub fn wall(&self) -> WallTime {
        WallTime(wall_clock().as_millis().try_into().unwrap_or(u64::MAX))
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place that reads the wall clock: for what people read, and for what outlives the server"
)]
fn wall_clock() -> Duration {
    std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap_or_default()
}
