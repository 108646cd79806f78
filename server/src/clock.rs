//! The server's clock: monotonic, from an origin of its own.

use tokio::time::Instant;
use watchtogether_protocol::ServerTime;
use watchtogether_protocol::time::WallTime;

/// Reads the server's clock. A reading is never near the origin, so that time before the start can be spoken of.
#[derive(Clone, Copy, Debug)]
pub struct ServerClock {
    start: Instant,
    wall_origin: WallTime,
}

/// What the clock says at its start: an hour.
const START: ServerTime = ServerTime::from_millis(3_600_000);

impl ServerClock {
    /// Starts the clock.
    pub fn start() -> Self {
        let wall = wall_clock();
        Self {
            start: Instant::now(),
            wall_origin: WallTime(wall.0.saturating_sub(START.as_nanos() / 1_000_000)),
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

    /// Returns the wall clock at the origin.
    pub const fn wall_origin(&self) -> WallTime {
        self.wall_origin
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place that reads the wall clock, for what people read"
)]
fn wall_clock() -> WallTime {
    let since = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap_or_default();
    WallTime(since.as_millis().try_into().unwrap_or(u64::MAX))
}
