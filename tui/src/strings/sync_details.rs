//! Everybody's numbers: the headings of their columns, and what they mean.

use std::time::Duration;

use super::numbers::millis_up;

/// The title of the numbers of everybody.
pub const SYNC_DETAILS: &str = "Sync, the last 10 s";
/// The headings of those numbers.
pub const COLUMN_DRIFT: &str = "drift";
/// The median of the drift's size, in milliseconds.
pub const COLUMN_P50: &str = "p50";
/// Its 95th percentile.
pub const COLUMN_P95: &str = "p95";
/// The largest.
pub const COLUMN_WORST: &str = "worst";
/// The difference of the player's speed from the room's.
pub const COLUMN_SPEED: &str = "speed";
/// The round trip, in milliseconds.
pub const COLUMN_ROUND_TRIP: &str = "rtt";
/// The bound on the error of the clocks' comparison, in milliseconds.
pub const COLUMN_BOUND: &str = "clock";
/// The part of the film that the player has ahead.
pub const COLUMN_AHEAD: &str = "ahead";
/// Corrections by a hold.
pub const COLUMN_CORRECTIONS: &str = "fix";
/// The time that the film stood for the last of them.
pub const COLUMN_FREEZE: &str = "stood";
/// A number that nobody knows.
pub const NO_FIGURE: &str = "—";
/// The meaning of the columns.
pub const DRIFT_MEANS: &str = "drift: how far a player's sound is ahead of the room, in ms; p50, p95 and worst are of its size. \
                               speed: how much faster than the room it is told to play. fix: holds nobody asked for; stood: \
                               how long the film stood for the last.";
/// The meaning of the bound.
pub const BOUND_MEANS: &str = "clock: the one error that cannot be measured. If a path is slower one way than the other, that \
                               player is off by up to so many ms and nobody's number shows it.";

/// `±9 ms over 10 s`: how well somebody follows.
pub fn spread(spread: Duration) -> String {
    format!("±{} ms over 10 s", millis_up(spread))
}

/// `corrections 3`.
pub fn corrections(count: u32) -> String {
    format!("corrections {count}")
}
