//! The wall clock, computed from the last update.

use watchtogether_protocol::LocalTime;
use watchtogether_protocol::time::WallTime;

/// A minute, in milliseconds.
const MINUTE: u64 = 60_000;

/// A day, in milliseconds.
const DAY: u64 = 24 * 60 * MINUTE;

/// A wall clock that advances with local time between two updates.
#[derive(Clone, Copy, Debug)]
pub struct WallClock {
    wall: WallTime,
    at: LocalTime,
    offset_minutes: i32,
}

impl WallClock {
    /// Returns a clock that shows `wall` at `at`, in a zone this many minutes ahead of UTC.
    pub const fn new(wall: WallTime, at: LocalTime, offset_minutes: i32) -> Self {
        Self {
            wall,
            at,
            offset_minutes,
        }
    }

    /// Sets the clock.
    pub const fn set(&mut self, wall: WallTime, now: LocalTime) {
        self.wall = wall;
        self.at = now;
    }

    /// Returns the present time of the wall clock.
    pub fn now(&self, now: LocalTime) -> WallTime {
        let elapsed = now.saturating_since(self.at).as_millis();
        WallTime(self.wall.0.saturating_add(elapsed.try_into().unwrap_or(u64::MAX)))
    }

    /// Returns `HH:MM` of a time, in the local zone.
    pub fn hours_and_minutes(&self, at: WallTime) -> String {
        let minutes = self.minute_of_day(at);
        format!("{:02}:{:02}", minutes / 60, minutes % 60)
    }

    /// Returns when the displayed minute changes next.
    pub fn next_minute(&self, now: LocalTime) -> LocalTime {
        let missing = MINUTE - self.now(now).0 % MINUTE;
        now.offset_by(i64::try_from(missing * 1_000_000).unwrap_or(i64::MAX))
    }

    fn minute_of_day(&self, at: WallTime) -> u64 {
        let offset = i64::from(self.offset_minutes) * i64::try_from(MINUTE).unwrap_or_default();
        at.0.saturating_add_signed(offset) % DAY / MINUTE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_zone_is_added_and_days_wrap() {
        let at = WallTime(23 * 60 * MINUTE + 30 * MINUTE);
        let clock = |offset| WallClock::new(at, LocalTime::default(), offset);

        assert_eq!(clock(0).hours_and_minutes(at), "23:30");
        assert_eq!(clock(60).hours_and_minutes(at), "00:30");
        assert_eq!(clock(-90).hours_and_minutes(at), "22:00");
    }

    #[test]
    fn the_minute_changes_with_the_wall_clock() {
        let start = LocalTime::from_millis(5_000);
        let clock = WallClock::new(WallTime(59_000), start, 0);

        let next = clock.next_minute(start);

        assert_eq!(next, LocalTime::from_millis(6_000));
        assert_eq!(clock.hours_and_minutes(clock.now(next)), "00:01");
    }

    #[test]
    fn a_clock_near_the_end_of_time_stays_readable() {
        let clock = WallClock::new(WallTime(u64::MAX), LocalTime::default(), 14 * 60);

        assert_eq!(
            clock
                .hours_and_minutes(clock.now(LocalTime::from_millis(1)))
                .len(),
            5
        );
    }
}
