//! Decides how to correct a drift: not at all, by speed, or by a hold and release.

use std::time::Duration;

use watchtogether_protocol::LocalTime;

use super::defaults::{
    COOL_DOWN, COOL_DOWN_LIMIT, EARLY, HOLD, HOLD_AGREEMENT, RECOVERED, RELAPSE, SPEED_LIMIT, STEADY,
    STEADY_DRIFT, TOO_SLOW,
};
use super::law::Law;

/// One reading as input of the control law, in seconds of media.
#[derive(Clone, Copy, Debug)]
pub(super) struct Observation {
    /// Player minus room, smoothed.
    pub(super) drift: f64,
    /// Player minus room, as read.
    pub(super) raw: f64,
    /// The expected drift once all commands to the player are audible.
    pub(super) predicted: f64,
    /// The mean scatter of readings.
    pub(super) noise: f64,
    /// The rate of the player's clock.
    pub(super) clock_rate: f64,
}

/// The decision about one reading.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum PolicyDecision {
    /// Play at the room's rate times this factor.
    Play(f64),
    /// Hold and release.
    Hold,
}

/// Tracks whether a player plays at the right speed.
#[derive(Clone, Copy, Debug, Default)]
struct Pace {
    /// Since when the drift has been near this value.
    steady: Option<(LocalTime, f64)>,
    /// Whether the drift has changed since the last correction.
    was_lost: bool,
}

impl Pace {
    /// Handles a drift; returns whether a player that had lost its speed has recovered it.
    fn is_back(&mut self, drift: f64, now: LocalTime) -> bool {
        let (since, at) = *self.steady.get_or_insert((now, drift));
        if (drift - at).abs() > STEADY_DRIFT {
            self.steady = Some((now, drift));
            self.was_lost = true;
            return false;
        }
        self.was_lost && now.saturating_since(since) >= STEADY
    }
}

/// Decides about drifts, and remembers how often a hold was needed.
#[derive(Clone, Debug)]
pub(super) struct Policy {
    is_slewing: bool,
    /// Until when a smaller drift justifies a hold.
    early_until: LocalTime,
    /// When the last correction by hold ended.
    last_hold: Option<LocalTime>,
    cool_down: Duration,
    is_holding: bool,
    /// When a correction last failed because there was no data.
    out_of_data: Option<LocalTime>,
    is_too_slow: bool,
    pace: Pace,
    /// Since when the drift has been small.
    calm_since: Option<LocalTime>,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            is_slewing: false,
            early_until: LocalTime::default(),
            last_hold: None,
            cool_down: COOL_DOWN,
            is_holding: false,
            out_of_data: None,
            is_too_slow: false,
            pace: Pace::default(),
            calm_since: None,
        }
    }
}

impl Policy {
    /// Handles the player's start, and the instant from which its readings count.
    pub(super) fn handle_start(&mut self, start: LocalTime, settled: LocalTime) {
        if std::mem::take(&mut self.is_holding) {
            self.last_hold = Some(start);
        }
        self.is_slewing = false;
        self.early_until = settled + EARLY;
        self.pace = Pace::default();
        self.calm_since = None;
    }

    /// Handles a correction of the drift by a hold. If the drift comes back soon, the next hold has to wait longer.
    pub(super) fn handle_hold(&mut self, now: LocalTime) {
        // A slow player falls behind again after each correction. Waiting longer each time keeps it from being paused for longer
        // than it plays.
        let is_relapse = self
            .last_hold
            .is_some_and(|last| now.saturating_since(last) < RELAPSE.max(2 * self.cool_down));
        self.cool_down = if is_relapse {
            (2 * self.cool_down).min(COOL_DOWN_LIMIT)
        } else {
            COOL_DOWN
        };
        self.is_too_slow |= self.cool_down >= TOO_SLOW;
        self.pace = Pace::default();
        self.is_holding = true;
        self.last_hold = Some(now);
    }

    /// Handles a catch-up that has failed and is given up for now.
    pub(super) fn handle_failure(&mut self, now: LocalTime) {
        self.cool_down = COOL_DOWN_LIMIT;
        self.last_hold = Some(now);
        self.is_too_slow = true;
    }

    /// Handles a catch-up that ended where the player's data ends. The player waits before the next attempt, and being behind
    /// says nothing about its speed.
    pub(super) const fn handle_out_of_data(&mut self, now: LocalTime) {
        self.handle_dry();
        self.is_holding = false;
        self.out_of_data = Some(now);
    }

    /// Handles a player that has run out of data. The drift that this causes is not a relapse.
    pub(super) const fn handle_dry(&mut self) {
        self.cool_down = COOL_DOWN;
        self.last_hold = None;
    }

    /// Handles a catch-up that takes longer than for any player that keeps up.
    pub(super) const fn handle_slow_catch_up(&mut self) {
        self.is_too_slow = true;
        self.calm_since = None;
    }

    /// Returns the decision about a reading.
    pub(super) fn decide(&mut self, sight: &Observation, law: &Law, now: LocalTime) -> PolicyDecision {
        self.judge(sight, law, now);
        let is_early = now < self.early_until;
        let threshold = if is_early { law.hold_early } else { HOLD };
        let is_rested = self
            .last_hold
            .is_none_or(|last| now.saturating_since(last) >= self.cool_down);
        let has_waited_for_data = self
            .out_of_data
            .is_none_or(|at| now.saturating_since(at) >= COOL_DOWN);
        // A player that recovered its speed is corrected immediately; otherwise the cool-down of up to 30 s would leave it behind
        // although it could follow.
        let may_hold = (self.pace.is_back(sight.drift, now) || is_rested) && has_waited_for_data;
        // Commands that are not audible yet may remove the drift by themselves, as after a new rate of the room.
        let remains = sight.predicted * sight.drift.signum() > threshold / 2.0;
        // A hold pauses the film, so the raw reading must agree: an estimate alone may be wrong after a disturbance.
        if sight.drift.abs() > threshold && remains && agrees(sight) && may_hold {
            return PolicyDecision::Hold;
        }
        let band = law.dead_band.max(law.dead_band_per_noise * sight.noise);
        let inner = band * law.dead_band_inner;
        // There are two thresholds because, with one, noise at the edge would start and stop the correction at every reading.
        self.is_slewing = sight.predicted.abs() > if self.is_slewing { inner } else { band };
        let slew = if self.is_slewing {
            (law.gain * sight.predicted).clamp(-SPEED_LIMIT, SPEED_LIMIT)
        } else {
            0.0
        };
        // The clock rate is compensated even inside the dead band, or the drift would grow back to its edge.
        PolicyDecision::Play(1.0 - slew - sight.clock_rate)
    }

    /// Returns whether the player cannot keep up.
    pub(super) const fn is_too_slow(&self) -> bool {
        self.is_too_slow
    }

    fn judge(&mut self, sight: &Observation, law: &Law, now: LocalTime) {
        if sight.drift.abs() > law.hold_early {
            self.calm_since = None;
            return;
        }
        let since = *self.calm_since.get_or_insert(now);
        if now.saturating_since(since) >= RECOVERED {
            self.is_too_slow = false;
        }
    }
}

fn agrees(sight: &Observation) -> bool {
    sight.raw * sight.drift.signum() > HOLD_AGREEMENT * sight.drift.abs()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sync::law::LAW;

    fn at(ms: u64) -> LocalTime {
        LocalTime::from_millis(100_000 + ms)
    }

    fn drift(seconds: f64) -> Observation {
        Observation {
            drift: seconds,
            raw: seconds,
            predicted: seconds,
            noise: 0.0,
            clock_rate: 0.0,
        }
    }

    #[test]
    fn inside_the_dead_band_nothing_is_done() {
        let mut policy = Policy::default();

        assert_eq!(
            policy.decide(&drift(0.4e-3), &LAW, at(0)),
            PolicyDecision::Play(1.0)
        );
    }

    #[test]
    fn a_correction_goes_on_to_the_inner_border() {
        let mut policy = Policy::default();

        assert_ne!(
            policy.decide(&drift(0.6e-3), &LAW, at(0)),
            PolicyDecision::Play(1.0)
        );
        assert_ne!(
            policy.decide(&drift(0.3e-3), &LAW, at(100)),
            PolicyDecision::Play(1.0)
        );
        assert_eq!(
            policy.decide(&drift(0.15e-3), &LAW, at(200)),
            PolicyDecision::Play(1.0)
        );
        assert_eq!(
            policy.decide(&drift(0.45e-3), &LAW, at(300)),
            PolicyDecision::Play(1.0)
        );
    }

    #[test]
    fn the_speed_never_leaves_its_limits() {
        let mut policy = Policy::default();

        assert_eq!(
            policy.decide(&drift(0.19), &LAW, at(0)),
            PolicyDecision::Play(0.98)
        );
        assert_eq!(
            policy.decide(&drift(-0.19), &LAW, at(0)),
            PolicyDecision::Play(1.02)
        );
    }

    #[test]
    fn readings_that_scatter_widen_the_dead_band() {
        let mut policy = Policy::default();
        let sight = Observation {
            noise: 10e-3,
            ..drift(12e-3)
        };

        assert_eq!(policy.decide(&sight, &LAW, at(0)), PolicyDecision::Play(1.0));
    }

    #[test]
    fn a_fast_player_is_slowed_by_what_it_is_fast() {
        let mut policy = Policy::default();
        let sight = Observation {
            clock_rate: 3e-4,
            ..drift(0.0)
        };

        assert_eq!(
            policy.decide(&sight, &LAW, at(0)),
            PolicyDecision::Play(1.0 - 3e-4)
        );
    }

    #[test]
    fn a_small_drift_is_worth_a_hold_only_just_after_a_start() {
        let mut policy = Policy::default();
        policy.handle_start(at(0), at(300));

        assert_eq!(policy.decide(&drift(0.1), &LAW, at(2_200)), PolicyDecision::Hold);
        assert_ne!(policy.decide(&drift(0.1), &LAW, at(2_400)), PolicyDecision::Hold);
        assert_eq!(policy.decide(&drift(-0.3), &LAW, at(9_000)), PolicyDecision::Hold);
    }

    #[test]
    fn an_estimate_that_the_reading_denies_stops_no_film() {
        let mut policy = Policy::default();
        let sight = Observation {
            raw: 0.1,
            ..drift(0.3)
        };

        assert_ne!(policy.decide(&sight, &LAW, at(0)), PolicyDecision::Hold);
    }

    #[test]
    fn a_drift_that_is_on_its_way_out_stops_no_film() {
        let mut policy = Policy::default();
        let sight = Observation {
            predicted: 0.01,
            ..drift(0.3)
        };

        assert_ne!(policy.decide(&sight, &LAW, at(0)), PolicyDecision::Hold);
    }

    #[test]
    fn a_recurring_drift_is_corrected_less_and_less_often() {
        let mut policy = Policy::default();
        let mut now = at(0);
        let mut gaps = Vec::new();

        for _ in 0..7 {
            let begin = now;
            while policy.decide(&drift(1.0), &LAW, now) != PolicyDecision::Hold {
                now = now + Duration::from_millis(100);
            }
            gaps.push(now.saturating_since(begin).as_secs());
            policy.handle_hold(now);
        }

        assert_eq!(gaps, [0, 2, 4, 8, 16, 30, 30]);
        assert!(policy.is_too_slow());
    }

    #[test]
    fn a_player_that_got_its_strength_back_is_not_left_behind_until_the_cool_down_is_over() {
        let mut policy = Policy::default();
        policy.handle_failure(at(0));
        policy.handle_start(at(1_000), at(1_300));

        for n in 0..50u32 {
            let falling = drift(-0.3 - 0.06 * f64::from(n));
            let verdict = policy.decide(&falling, &LAW, at(2_000 + 100 * u64::from(n)));
            assert_ne!(verdict, PolicyDecision::Hold);
        }
        let held = (0..100u64)
            .find(|n| policy.decide(&drift(-3.24), &LAW, at(7_000 + 100 * n)) == PolicyDecision::Hold);

        assert_eq!(held, Some(29));
    }

    #[test]
    fn a_player_that_lands_beside_its_place_again_and_again_is_not_strong() {
        let mut policy = Policy::default();
        policy.handle_failure(at(0));
        policy.handle_start(at(1_000), at(1_300));

        let held = (0..200u64)
            .any(|n| policy.decide(&drift(-0.5), &LAW, at(2_000 + 100 * n)) == PolicyDecision::Hold);

        assert!(!held);
    }

    #[test]
    fn a_player_that_keeps_up_again_is_no_longer_too_slow() {
        let mut policy = Policy::default();
        policy.handle_failure(at(0));
        assert!(policy.is_too_slow());

        for n in 0..=100 {
            policy.decide(&drift(1e-3), &LAW, at(n * 100));
        }

        assert!(!policy.is_too_slow());
    }

    #[test]
    fn separate_accidents_are_each_corrected_at_once() {
        let mut policy = Policy::default();
        for minute in 0..5u64 {
            assert_eq!(
                policy.decide(&drift(5.0), &LAW, at(minute * 60_000)),
                PolicyDecision::Hold
            );
            policy.handle_hold(at(minute * 60_000));
        }

        assert!(!policy.is_too_slow());
    }
}
