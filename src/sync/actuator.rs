//! Decides which speed to set on the player, and when.

use watchtogether_protocol::LocalTime;

use super::defaults::{SPEED_INTERVAL, SPEED_RENEWAL, SPEED_STEP};
use super::speeds::Speeds;

/// Sets the player's speed as rarely as possible.
#[derive(Clone, Debug)]
pub(super) struct Actuator {
    /// The room's rate that was last sent to the player.
    base: f64,
    speed: f64,
    sent_at: Option<LocalTime>,
    changed: Option<LocalTime>,
    speeds: Speeds,
}

impl Default for Actuator {
    fn default() -> Self {
        Self {
            base: 1.0,
            speed: 1.0,
            sent_at: None,
            changed: None,
            speeds: Speeds::constant(1.0),
        }
    }
}

impl Actuator {
    /// Restarts at the room's rate without a correction. The sound output is empty, so the speed takes effect immediately.
    pub(super) fn restart(&mut self, base: f64, now: LocalTime) -> (f64, f64) {
        self.speeds = Speeds::constant(base);
        self.changed = None;
        self.sent_at = Some(now);
        self.base = base;
        self.speed = base;
        (base, base)
    }

    /// Returns the speed to set so that the player keeps its correction when the room's rate changes.
    pub(super) fn rebase(&mut self, base: f64, now: LocalTime) -> Option<(f64, f64)> {
        let wanted = self.speed / self.base * base;
        let is_other = (base - self.base).abs() > f64::EPSILON;
        is_other.then(|| self.steer(base, wanted, now)).flatten()
    }

    /// Returns the speed to set so that the player plays at `wanted`, if it must be set now.
    pub(super) fn steer(&mut self, base: f64, wanted: f64, now: LocalTime) -> Option<(f64, f64)> {
        // Steps count from the base, so that "no correction" is exactly the room's rate.
        let wanted = base + ((wanted - base) / SPEED_STEP).round() * SPEED_STEP;
        let is_other_base = (base - self.base).abs() > f64::EPSILON;
        let is_other = (wanted - self.speed).abs() > SPEED_STEP / 2.0;
        let is_free = self
            .changed
            .is_none_or(|at| now.saturating_since(at) >= SPEED_INTERVAL);
        // A new rate of the room cannot wait: everybody else changes to it now.
        if is_other_base || (is_other && is_free) {
            self.base = base;
            self.speed = wanted;
            self.changed = Some(now);
            self.sent_at = Some(now);
            self.speeds.change(wanted, now);
            return Some((base, wanted));
        }
        // The worker drops a correction that is not renewed, so that a player whose client hangs does not drift away at 2 %. The
        // room's rate itself needs no renewal.
        let is_corrected = (self.speed - self.base).abs() > SPEED_STEP / 2.0;
        let is_due = self
            .sent_at
            .is_none_or(|at| now.saturating_since(at) >= SPEED_RENEWAL);
        (is_corrected && is_due).then(|| {
            self.sent_at = Some(now);
            (self.base, self.speed)
        })
    }

    /// Returns the last speed, to set it again.
    pub(super) const fn repeat(&mut self, now: LocalTime) -> (f64, f64) {
        self.sent_at = Some(now);
        (self.base, self.speed)
    }

    /// Returns the history of speeds that were set.
    pub(super) const fn speeds(&self) -> &Speeds {
        &self.speeds
    }

    /// Returns how much faster than the room's rate the player is set to play, as a fraction.
    pub(super) fn slew(&self) -> f64 {
        self.speed / self.base - 1.0
    }

    /// Returns the speed that was last set.
    pub(super) const fn speed(&self) -> f64 {
        self.speed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(ms: u64) -> LocalTime {
        LocalTime::from_millis(10_000 + ms)
    }

    #[test]
    fn a_speed_is_audible_after_the_dead_time() {
        let mut actuator = Actuator::default();
        actuator.restart(1.0, at(0));
        actuator.steer(1.0, 1.02, at(1_000));
        let speeds = actuator.speeds();

        assert!((speeds.media_between(at(1_000), at(1_360)) - 0.36).abs() < 1e-9);
        assert!((speeds.media_between(at(1_360), at(2_360)) - 1.02).abs() < 1e-9);
        assert!((speeds.pending(at(1_360)) - 0.36 * 1.02).abs() < 1e-9);
    }

    #[test]
    fn a_reading_just_after_a_change_is_off_by_what_is_buffered_and_later_right() {
        let mut actuator = Actuator::default();
        actuator.restart(1.0, at(0));
        actuator.steer(1.0, 1.02, at(1_000));
        let speeds = actuator.speeds();

        assert!(speeds.misreading(at(999)).abs() < 1e-9);
        assert!((speeds.misreading(at(1_000)) + 0.02 * 0.36).abs() < 1e-9);
        assert!((speeds.misreading(at(1_180)) + 0.02 * 0.18).abs() < 1e-9);
        assert!(speeds.misreading(at(1_360)).abs() < 1e-9);
    }

    #[test]
    fn changes_keep_their_distance() {
        let mut actuator = Actuator::default();

        assert_eq!(actuator.steer(1.0, 1.01, at(0)), Some((1.0, 1.01)));
        assert_eq!(actuator.steer(1.0, 0.99, at(100)), None);
        assert_eq!(actuator.steer(1.0, 0.99, at(150)), Some((1.0, 0.99)));
    }

    #[test]
    fn a_correction_is_renewed_and_the_rooms_rate_is_not() {
        let mut actuator = Actuator::default();
        actuator.steer(1.0, 1.01, at(0));

        assert_eq!(actuator.steer(1.0, 1.01, at(300)), None);
        assert_eq!(actuator.steer(1.0, 1.01, at(400)), Some((1.0, 1.01)));
        actuator.steer(1.0, 1.0, at(600));
        assert_eq!(actuator.steer(1.0, 1.0, at(5_000)), None);
    }

    #[test]
    fn speeds_are_whole_steps_from_the_base() {
        let mut actuator = Actuator::default();

        let (_, speed) = actuator.steer(1.25, 1.250_26, at(0)).expect("another base");

        assert!((speed - 1.2503).abs() < 1e-9);
        assert_eq!(actuator.steer(1.25, 1.250_31, at(300)), None);
    }

    #[test]
    fn another_rate_of_the_room_is_sent_at_once_and_keeps_the_correction() {
        let mut actuator = Actuator::default();
        actuator.steer(1.0, 1.002, at(0));

        let (base, speed) = actuator.rebase(1.5, at(10)).expect("another rate");

        assert!((base - 1.5).abs() < 1e-9 && (speed - 1.503).abs() < 1e-9);
        assert_eq!(actuator.rebase(1.5, at(20)), None);
    }
}
