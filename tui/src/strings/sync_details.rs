//! Texts of the sync details, which show the numbers of all members.

use std::time::Duration;

use super::numbers::millis_up;

/// Replaces a number that is not known.
pub const NO_FIGURE: &str = "—";

/// Returns `±9 ms over 10 s`: how closely somebody follows.
pub fn spread(spread: Duration) -> String {
    msg!("person-spread", ms = millis_up(spread))
}

/// `corrections 3`.
pub fn corrections(count: u32) -> String {
    msg!("person-corrections", count = count)
}
