//! The steps that bring the player from its motion to its aim: hold, release, catch up.

use watchtogether_protocol::clock::ClockEstimator;
use watchtogether_protocol::{LocalTime, MediaTime, Timeline};

use super::SyncController;
use super::copy_end::SeekMiss;
use super::defaults::{LATE_AGAIN, LONGEST_WAIT, MARGIN_LIMIT, MARGIN_RAISE, SPEED_LIMIT, TRIES};
use super::types::{Goal, Motion, SyncAction};

impl SyncController {
    /// Returns the aim of the player: where the user's action will lead, otherwise where the room is.
    pub(super) fn aim(&self) -> Goal {
        self.expected
            .map_or(self.goal, |(position, _)| Goal::Pause { position })
    }

    /// Takes the step that brings the player from its motion to its aim.
    pub(super) fn pursue(&mut self, clock: Option<&ClockEstimator>, now: LocalTime) {
        match (self.aim(), self.motion) {
            (Goal::Rest, _)
            | (_, Motion::Absent)
            | (Goal::Run(_), Motion::Seeking { .. } | Motion::Starting) => {}
            // A new rate of the room is passed on immediately. Waiting for the next reading, a tenth of a second later, would
            // cause a drift to slew: 25 ms at 1.25x.
            (Goal::Run(timeline), Motion::Running) => {
                if let Some((base, speed)) = self.actuator.rebase(timeline.rate.as_f64(), now) {
                    self.acts.push_back(SyncAction::SetSpeed { base, speed });
                }
            }
            (Goal::Pause { position }, motion) => {
                let wanted = Some(self.reachable(position));
                let is_on_it = match motion {
                    Motion::Paused { place, .. } | Motion::Seeking { place } => place == wanted,
                    Motion::Absent | Motion::Starting | Motion::Running | Motion::Frozen => false,
                };
                if !is_on_it {
                    self.hold(wanted, wanted);
                }
            }
            (Goal::Run(timeline), Motion::Paused { landed, .. }) => {
                if let Some(clock) = clock {
                    self.start(&timeline, landed, clock, now);
                }
            }
            (Goal::Run(timeline), Motion::Frozen) => {
                if let Some(clock) = clock {
                    self.catch_up(&timeline, clock, now);
                }
            }
        }
    }

    /// Releases a paused player when the room passes its frame, or sends it to a place that it can start from.
    fn start(&mut self, timeline: &Timeline, landed: MediaTime, clock: &ClockEstimator, now: LocalTime) {
        let passing = timeline.instant_of(landed).and_then(|s| clock.local_time(s));
        let Some(passing) = passing else { return };
        // A film that was already held once and is late again is released, because another hold would be one freeze too many.
        let latest = if self.tries == 0 {
            self.law.late_start + self.margin().mul_f64(SPEED_LIMIT)
        } else {
            LATE_AGAIN
        };
        let is_late = now.saturating_since(passing) > latest;
        let is_early = passing.saturating_since(now) > self.margin() + LONGEST_WAIT;
        // If the film is not seekable, there is no place to wait at, so it can only continue.
        if !self.traits.is_seekable {
            return self.release(timeline, now, now);
        }
        // A live player keeps the data that it has ahead of the room; seeking back would leave its buffer.
        let keeps_what_it_has = self.traits.is_live && (is_early || self.tries > 0);
        let is_let_go = keeps_what_it_has || (is_early && self.miss == Some(SeekMiss::Beyond));
        if is_let_go || (!is_late && !is_early) {
            return self.release(timeline, passing.max(now), now);
        }
        if let Some(last) = self.end_passed(timeline, clock, now) {
            return self.stand_at_end(last);
        }
        // Each further attempt means one more freeze in a row, so they are counted.
        self.tries += 1;
        // A player that reached the end of its data plays what it has.
        let is_out_of_data = self.miss == Some(SeekMiss::Before);
        if self.tries > TRIES || is_out_of_data {
            if is_out_of_data {
                self.policy.handle_out_of_data(now);
            } else {
                self.policy.handle_failure(now);
            }
            return self.release(timeline, passing.max(now), now);
        }
        // The seek took longer than the margin allowed. The next margin covers the time that this one would have needed.
        if self.tries > 1 && is_late {
            let lateness = now.saturating_since(passing);
            let needed = self.left + lateness;
            self.raised_margin = Some(needed.mul_f64(MARGIN_RAISE).min(MARGIN_LIMIT));
        }
        self.catch_up(timeline, clock, now);
    }

    pub(super) fn catch_up(&mut self, timeline: &Timeline, clock: &ClockEstimator, now: LocalTime) {
        if let Some(last) = self.end_passed(timeline, clock, now) {
            return self.stand_at_end(last);
        }
        let margin = self.margin();
        if let Some(then) = clock.server_time(now + margin) {
            self.left = margin;
            self.corrections += 1;
            // A catch-up after a catch-up extends one freeze; its length counts from the first.
            self.frozen.get_or_insert(now);
            self.hold(Some(self.reachable(timeline.position_at(then))), None);
        }
    }

    pub(super) fn hold(&mut self, position: Option<MediaTime>, place: Option<MediaTime>) {
        self.reset_player();
        self.was_dry_going = false;
        self.motion = Motion::Seeking { place };
        self.sent = position.filter(|_| self.traits.is_seekable);
        self.acts.push_back(SyncAction::Hold { position: self.sent });
    }

    fn release(&mut self, timeline: &Timeline, at: LocalTime, now: LocalTime) {
        // The sound output is empty after a hold, so the old correction no longer applies.
        let (base, speed) = self.actuator.restart(timeline.rate.as_f64(), now);
        self.motion = Motion::Starting;
        self.acts.push_back(SyncAction::SetSpeed { base, speed });
        self.acts.push_back(SyncAction::Release { at });
    }
}
