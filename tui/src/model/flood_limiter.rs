//! The limit on lines and bells that are shown or spoken. Nobody reads hundreds of lines a second, and a server that sends them
//! must not bury the chat or ring the bell endlessly.
//!
//! The limit is shared by all senders: a normal server limits each member to about a line a second, and a hostile one can use any
//! sender's name.

use std::time::Duration;

use watchtogether_protocol::LocalTime;

/// The number of lines that may arrive in a burst: the history on entering, and events since then.
const LINES: u32 = 400;

/// The time per further line. Twenty a second is far more than people write.
const LINE_EVERY: Duration = Duration::from_millis(50);

/// The time within which two bells sound like one.
const BELL_EVERY: Duration = Duration::from_secs(2);

/// The delay before the number of left out lines is reported.
const REPORT_AFTER: Duration = Duration::from_secs(1);

/// Limits lines to a burst and a steady rate, and counts those that it leaves out.
#[derive(Clone, Debug, Default)]
pub struct FloodLimiter {
    /// When all lines shown so far would have arrived at the steady rate.
    paid_at: LocalTime,
    rang_at: Option<LocalTime>,
    left_out: u64,
    report_at: Option<LocalTime>,
}

impl FloodLimiter {
    /// Returns whether a line may be shown now; one that may not is counted.
    pub fn admits_line(&mut self, now: LocalTime) -> bool {
        let paid_at = self.paid_at.max(now);
        if paid_at.saturating_since(now) >= LINE_EVERY * LINES {
            self.leave_out(1, now);
            return false;
        }
        self.paid_at = paid_at + LINE_EVERY;
        true
    }

    /// Counts lines that were lost before they arrived here.
    pub fn leave_out(&mut self, lines: u64, now: LocalTime) {
        self.left_out += lines;
        self.report_at.get_or_insert(now + REPORT_AFTER);
    }

    /// Returns whether the bell may ring now, and if so counts it as rung.
    pub fn admits_bell(&mut self, now: LocalTime) -> bool {
        let rings = self
            .rang_at
            .is_none_or(|at| now.saturating_since(at) >= BELL_EVERY);
        if rings {
            self.rang_at = Some(now);
        }
        rings
    }

    /// Returns how many lines were left out since the last report, if a report is due.
    pub fn due(&mut self, now: LocalTime) -> Option<u64> {
        self.report_at.take_if(|at| *at <= now)?;
        Some(std::mem::take(&mut self.left_out))
    }

    /// Returns when the next report is due, if lines were left out.
    pub const fn poll_timeout(&self) -> Option<LocalTime> {
        self.report_at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: u64) -> LocalTime {
        LocalTime::from_millis(5_000 + millis)
    }

    #[test]
    fn a_flood_is_cut_to_the_steady_pace_and_counted() {
        let mut limiter = FloodLimiter::default();
        let mut admitted = 0;
        let mut reported = 0;
        for millis in 0..12_000 {
            admitted += u64::from(limiter.admits_line(at(millis)));
            reported += limiter.due(at(millis)).unwrap_or_default();
        }
        reported += limiter.due(at(14_000)).unwrap_or_default();

        assert_eq!(admitted, 400 + 240);
        assert_eq!(admitted + reported, 12_000);
    }

    #[test]
    fn an_ordinary_pace_of_events_is_shown_completely() {
        let mut limiter = FloodLimiter::default();
        for _ in 0..300 {
            assert!(limiter.admits_line(at(0)), "what was said before");
        }
        for second in 0..100 {
            for _ in 0..5 {
                assert!(limiter.admits_line(at(second * 1_000)));
            }
        }
        assert_eq!(limiter.poll_timeout(), None);
    }

    #[test]
    fn the_bell_rings_once_in_a_while() {
        let mut limiter = FloodLimiter::default();

        let rings = (0..12_000)
            .filter(|millis| limiter.admits_bell(at(*millis)))
            .count();

        assert_eq!(rings, 6);
    }
}
