//! Everybody's numbers: the headings of their columns, and what they mean.

use std::time::Duration;

use super::numbers::millis_up;

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
