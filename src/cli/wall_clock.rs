//! The wall clock and the time zone, for times of day that people and scripts read. Nothing is measured with them.

use watchtogether_protocol::time::WallTime;

/// Reads the wall clock.
#[expect(
    clippy::disallowed_methods,
    reason = "the only place in the client that reads the wall clock: for displayed times"
)]
pub(super) fn wall_clock() -> WallTime {
    let since = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap_or_default();
    WallTime(since.as_millis().try_into().unwrap_or(u64::MAX))
}

/// Returns how far local time is ahead of UTC.
pub(super) fn utc_offset_minutes() -> i32 {
    chrono::Local::now().offset().local_minus_utc() / 60
}
