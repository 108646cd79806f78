//! The control law that keeps one player with its room. Pure: it has neither a clock nor a player.
//!
//! The room has a timeline and the player has a motion; the controller issues the commands that bring the player to the room.
//!
//! - If the room **stands** (paused, or preparing to play), the player is held exactly there ([`SyncAction::Hold`]); once it has
//!   landed, [`SyncController::is_in_place`] is true.
//! - If the room **runs**, a paused player is released when the room passes its frame ([`SyncAction::Release`]). If the player
//!   cannot make that instant, it seeks ahead of the room, waits, and is released there. Starts, late joins and large drifts all
//!   use this *hold and release*. The lead allows for the time that seeks have taken so far, and grows each time the player lands
//!   late.
//! - While both run, small drifts are slewed ([`SyncAction::SetSpeed`]), ten times a second. A filter estimates the position; a
//!   prediction of the drift at the time when all commands are audible (dead time) feeds a proportional law; and the actuator
//!   keeps the changes rare. All numbers and their reasons are in [`defaults`] and [`law`].
//!
//! If the user has paused the player, or it has run out of data or reached its end, it is never corrected by speed: it is brought
//! back, or left alone. Neither the end of its copy nor missing data makes a player count as too slow.

mod actuator;
mod copy_end;
pub mod defaults;
mod filter;
mod gauge;
pub mod law;
mod picture_lag;
mod policy;
mod pursuit;
mod speeds;
mod types;

use std::collections::VecDeque;
use std::time::Duration;

use watchtogether_protocol::clock::ClockEstimator;
use watchtogether_protocol::{LocalTime, MediaTime, Timeline};

use actuator::Actuator;
use copy_end::{FAR_FROM_END, SeekMiss, StrayLanding};
use defaults::{
    COLD_TOLERANCE, COLD_TOLERANCE_FRAMES, DEAD_TIME, FREEZE_LIMIT, JUMP_SHOWN_FOR, MARGIN, MARGIN_LIMIT,
    MARGIN_PER_SEEK, SEEK_GUESS, SEEK_WEIGHT_FASTER, SEEK_WEIGHT_SLOWER, SETTLED,
};
use filter::{ColdStart, PositionFilter};
use gauge::Gauge;
use law::Law;
use picture_lag::PictureLag;
use policy::{Observation, Policy, PolicyDecision};
pub use types::{Activity, Goal, Motion, PlayerSample, SyncAction, Traits};

/// The number of consecutive "paused" statuses after a release that are needed to act on them. Fewer may be from before the
/// release.
const PAUSED_STATUSES: u32 = 3;

/// The controller of one player.
#[derive(Clone, Debug)]
pub struct SyncController {
    law: Law,
    goal: Goal,
    /// The position that the host's action will bring the room to, and how long that is assumed without confirmation.
    expected: Option<(MediaTime, LocalTime)>,
    motion: Motion,
    traits: Traits,
    is_cold: bool,
    cold: Option<ColdStart>,
    settled: LocalTime,
    is_dry: bool,
    /// When the player had last run out of data, and whether that was during a hold.
    last_dry: LocalTime,
    was_dry_going: bool,
    paused_statuses: u32,
    usual_seek: Duration,
    /// The margin of the next catch-up, if the last one was late.
    raised_margin: Option<Duration>,
    /// The margin of the catch-up in progress.
    left: Duration,
    tries: u32,
    corrections: u32,
    /// How far the correction in progress moves the film, and how far the last one did; forward is positive.
    jump: Option<MediaTime>,
    jumped: Option<(MediaTime, LocalTime)>,
    /// Since when the film has been paused for a correction.
    frozen: Option<LocalTime>,
    last_freeze: Duration,
    /// The end of the local copy that was found, if it is before the end that the file claims, as in half a download.
    found_end: Option<MediaTime>,
    /// The target of the last hold.
    sent: Option<MediaTime>,
    /// The last landing, if it was not at its target and the player has not played beyond it since.
    stray: Option<StrayLanding>,
    /// How the last hold missed its target.
    miss: Option<SeekMiss>,
    /// The player's last position while it was running.
    last_reading: Option<(MediaTime, LocalTime)>,
    filter: PositionFilter,
    actuator: Actuator,
    policy: Policy,
    gauge: Gauge,
    picture_lag: PictureLag,
    acts: VecDeque<SyncAction>,
}

impl Default for SyncController {
    fn default() -> Self {
        Self {
            law: Law::default(),
            goal: Goal::Rest,
            expected: None,
            motion: Motion::Absent,
            traits: Traits {
                duration: None,
                has_audio: true,
                is_seekable: true,
                is_live: false,
            },
            is_cold: false,
            cold: None,
            settled: LocalTime::default(),
            is_dry: false,
            last_dry: LocalTime::default(),
            was_dry_going: false,
            paused_statuses: 0,
            usual_seek: SEEK_GUESS,
            raised_margin: None,
            left: Duration::ZERO,
            tries: 0,
            corrections: 0,
            jump: None,
            jumped: None,
            frozen: None,
            last_freeze: Duration::ZERO,
            found_end: None,
            sent: None,
            stray: None,
            miss: None,
            last_reading: None,
            filter: PositionFilter::default(),
            actuator: Actuator::default(),
            policy: Policy::default(),
            gauge: Gauge::default(),
            picture_lag: PictureLag::default(),
            acts: VecDeque::new(),
        }
    }
}

impl SyncController {
    /// Returns a controller without a player and a room.
    pub fn new(law: Law) -> Self {
        Self {
            law,
            ..Self::default()
        }
    }

    /// Sets the room's position as the goal; `clock` is `None` until the clocks have been compared.
    pub fn handle_goal(&mut self, goal: Goal, clock: Option<&ClockEstimator>, now: LocalTime) {
        // A new goal is a new problem: with the counters from pursuing the old one, it would be given up too early.
        if goal != self.goal {
            self.frozen = None;
            self.jump = None;
            self.tries = 0;
            self.raised_margin = None;
            self.try_beyond_found_end(&goal);
        }
        self.goal = goal;
        self.expected = None;
        self.pursue(clock, now);
    }

    /// Handles an action of a host in the player: the room will be paused at a position once it has received the action. Without
    /// confirmation by `until`, the player goes back to the room's position.
    pub fn handle_window_request(
        &mut self,
        position: MediaTime,
        until: LocalTime,
        clock: Option<&ClockEstimator>,
        now: LocalTime,
    ) {
        self.expected = Some((position, until));
        self.handle_disturbed(clock, now);
    }

    /// Handles a change of the player's speed by the user, and restores it.
    pub fn handle_speed_request(&mut self, now: LocalTime) {
        if self.motion != Motion::Absent {
            let (base, speed) = self.actuator.repeat(now);
            self.acts.push_back(SyncAction::SetSpeed { base, speed });
        }
    }

    /// Handles the news that the room will not go where it was expected to go.
    pub fn handle_unexpected(&mut self, clock: Option<&ClockEstimator>, now: LocalTime) {
        if self.expected.take().is_some() {
            self.pursue(clock, now);
        }
    }

    /// Handles a new comparison of the clocks.
    pub fn handle_clock(&mut self, clock: &ClockEstimator, now: LocalTime) {
        // A running player is corrected with its next reading; only one that waits for a usable clock has to be started here.
        match self.motion {
            Motion::Paused { .. } | Motion::Frozen => self.pursue(Some(clock), now),
            Motion::Absent | Motion::Seeking { .. } | Motion::Starting | Motion::Running => {}
        }
    }

    /// Handles a player that has opened an item and is paused at a frame. `place` is the target that it was opened at. If the
    /// user opened the item, there is no target, and the player must be held before it can be released.
    pub fn handle_opened(
        &mut self,
        traits: Traits,
        landed: MediaTime,
        place: Option<MediaTime>,
        clock: Option<&ClockEstimator>,
        now: LocalTime,
    ) {
        self.traits = traits;
        self.found_end = None;
        self.stray = None;
        self.miss = None;
        self.is_cold = true;
        self.reset_player();
        self.motion = match place {
            Some(_) => Motion::Paused { landed, place },
            None => Motion::Frozen,
        };
        self.pursue(clock, now);
    }

    /// Handles a change of the length of the open item: the file is growing, or has stopped growing.
    pub const fn handle_length(&mut self, duration: Option<MediaTime>) {
        self.traits.duration = duration;
    }

    /// Handles a player that has nothing open any longer.
    pub fn handle_absent(&mut self) {
        self.frozen = None;
        self.jump = None;
        self.motion = Motion::Absent;
        self.picture_lag = PictureLag::default();
        self.reset_player();
        self.acts.clear();
    }

    /// Handles the end of a hold; `took` is how long the seek took, if there was one.
    pub fn handle_landed(
        &mut self,
        landed: MediaTime,
        took: Option<Duration>,
        clock: Option<&ClockEstimator>,
        now: LocalTime,
    ) {
        let Motion::Seeking { place } = self.motion else {
            return;
        };
        // A seek that waited for data measures the network, not the player.
        if let Some(took) = took.filter(|_took| !self.was_dry_going) {
            let weight = if took > self.usual_seek {
                SEEK_WEIGHT_SLOWER
            } else {
                SEEK_WEIGHT_FASTER
            };
            self.usual_seek = self.usual_seek.mul_f64(1.0 - weight) + took.min(MARGIN_LIMIT).mul_f64(weight);
        }
        // An exact seek lands at its target or after it, unless the picture or the data ends before.
        let is_short = self.sent.is_some_and(|sent| landed + FAR_FROM_END < sent);
        let end = is_short.then_some(landed).or_else(|| self.sent_past_data(landed));
        self.stray = end.map(|end| StrayLanding { landed, end });
        self.miss = self.sent.and_then(|sent| SeekMiss::of(landed, sent));
        self.motion = Motion::Paused { landed, place };
        self.pursue(clock, now);
    }

    /// Handles a player that has been playing since an instant.
    pub fn handle_released(&mut self, at: LocalTime) {
        if self.motion != Motion::Starting {
            return;
        }
        self.motion = Motion::Running;
        self.jumped = self.jump.take().map(|by| (by, at));
        if let Some(since) = self.frozen.take() {
            self.last_freeze = at.saturating_since(since);
        }
        // The film is running again, so the next late landing starts with the usual margin.
        self.tries = 0;
        self.raised_margin = None;
        self.settled = at + self.law.settle;
        self.policy.handle_start(at, self.settled);
        // The position estimate belongs to the time before the hold, but the device's clock rate stays the same.
        self.filter.reset();
        if self.is_cold {
            self.is_cold = false;
            let tolerance = if self.traits.has_audio {
                COLD_TOLERANCE
            } else {
                COLD_TOLERANCE_FRAMES
            };
            self.cold = Some(ColdStart::new(tolerance, at));
        }
    }

    /// Handles a player that the user paused or moved, and brings it back.
    pub fn handle_disturbed(&mut self, clock: Option<&ClockEstimator>, now: LocalTime) {
        if self.motion == Motion::Absent {
            return;
        }
        self.motion = Motion::Frozen;
        self.reset_player();
        self.pursue(clock, now);
    }

    /// Corrects the drift now, however small it is.
    pub fn handle_sync_now(&mut self, clock: Option<&ClockEstimator>, now: LocalTime) {
        if self.motion == Motion::Running {
            self.handle_disturbed(clock, now);
        }
    }

    /// Handles the player's report about itself.
    pub fn handle_sample(&mut self, sample: &PlayerSample, clock: Option<&ClockEstimator>, now: LocalTime) {
        if sample.activity == Activity::Dry {
            self.handle_dry(now);
        }
        // Time without data does not count as being too slow.
        let stands_for = self
            .frozen
            .map(|since| now.saturating_since(since.max(self.last_dry)));
        if stands_for.is_some_and(|stands| stands >= FREEZE_LIMIT)
            && matches!(self.motion, Motion::Seeking { .. })
        {
            self.policy.handle_slow_catch_up();
        }
        if let (Activity::Ended, Some(stray)) = (sample.activity, self.stray) {
            // The player went to its end, so there is nothing between its landing and its target.
            self.found_end = Some(stray.end);
        }
        let (Motion::Running, Goal::Run(timeline)) = (self.motion, self.aim()) else {
            return;
        };
        match sample.activity {
            Activity::Ended => self.handle_end(&timeline, clock, now),
            Activity::Dry => self.is_dry = true,
            Activity::Paused => {
                self.paused_statuses += 1;
                if self.paused_statuses >= PAUSED_STATUSES {
                    self.handle_disturbed(clock, now);
                }
            }
            // After running out of data, the player starts as after a release: its readings are wrong until it has settled.
            Activity::Playing if self.is_dry => {
                self.is_dry = false;
                self.settled = now + self.law.settle;
                self.policy.handle_start(now, self.settled);
                self.filter.reset();
            }
            Activity::Playing => {
                self.paused_statuses = 0;
                self.picture_lag.handle_lag(sample.picture_behind, now);
                self.last_reading = sample.reading.or(self.last_reading);
                // Only the picture ended at the landing; the sound continues.
                self.stray.take_if(|stray| {
                    let played_to = sample.reading.map(|(position, _)| position);
                    played_to.is_some_and(|position| position > stray.landed + FAR_FROM_END)
                });
                if let (Some((position, at)), Some(clock)) = (sample.reading, clock) {
                    self.correct(&timeline, position, clock, at, now);
                }
            }
            Activity::Seeking => {}
        }
    }

    /// Handles a player that has run out of data. The time until it has data again says nothing about its speed.
    fn handle_dry(&mut self, now: LocalTime) {
        self.last_dry = now;
        self.tries = 0;
        self.policy.handle_dry();
        if let Motion::Seeking { .. } = self.motion {
            self.was_dry_going = true;
        }
    }

    /// Does what is due at the instant of [`Self::poll_timeout`].
    pub fn handle_timeout(&mut self, clock: Option<&ClockEstimator>, now: LocalTime) {
        if self.expected.is_some_and(|(_, until)| now >= until) {
            self.handle_unexpected(clock, now);
        }
    }

    /// Returns when the controller must be called again at the latest.
    pub fn poll_timeout(&self) -> Option<LocalTime> {
        self.expected.map(|(_, until)| until)
    }

    /// Returns the next command for the player.
    pub fn poll_act(&mut self) -> Option<SyncAction> {
        self.acts.pop_front()
    }

    /// Returns whether the player is paused exactly where the room stands.
    pub fn is_in_place(&self) -> bool {
        let Goal::Pause { position } = self.goal else {
            return false;
        };
        let wanted = Some(self.reachable(position));
        self.expected.is_none() && matches!(self.motion, Motion::Paused { place, .. } if place == wanted)
    }

    /// Returns the position that the user's action will bring the room to, while it is unconfirmed.
    pub fn expected(&self) -> Option<MediaTime> {
        self.expected.map(|(position, _)| position)
    }

    /// Returns the player's motion.
    pub const fn motion(&self) -> Motion {
        self.motion
    }

    /// Returns whether the player cannot keep up with the film.
    pub const fn is_too_slow(&self) -> bool {
        // A live player that is behind lacks data that the stream has not sent yet.
        (self.policy.is_too_slow() && !self.traits.is_live) || self.picture_lag.is_lagging()
    }

    /// Returns the newest drift: player minus room.
    pub fn drift(&self) -> Option<MediaTime> {
        self.gauge.newest()
    }

    /// Returns the size below which the given share (0 to 1) of the drifts of the last ten seconds lie.
    pub fn drift_quantile(&self, quantile: f64) -> Option<Duration> {
        self.gauge.quantile(quantile)
    }

    /// Returns the size below which nearly all drifts of the last [`SETTLED`] lie.
    pub fn spread(&self) -> Option<Duration> {
        self.gauge.quantile_within(SETTLED, 0.95)
    }

    /// Returns the speed that the player was last set to.
    pub const fn speed(&self) -> f64 {
        self.actuator.speed()
    }

    /// Returns the number of catch-ups so far.
    pub const fn corrections(&self) -> u32 {
        self.corrections
    }

    /// Returns how far the correction in progress moves the film; forward is positive.
    pub const fn jump(&self) -> Option<MediaTime> {
        self.jump
    }

    /// Returns how far the last correction moved the film, if it ended within [`JUMP_SHOWN_FOR`].
    pub fn jumped(&self, now: LocalTime) -> Option<MediaTime> {
        let recent = |at: LocalTime| now.saturating_since(at) < JUMP_SHOWN_FOR;
        self.jumped.filter(|(_, at)| recent(*at)).map(|(by, _)| by)
    }

    /// Returns how long the last correction paused the film.
    pub const fn last_freeze(&self) -> Duration {
        self.last_freeze
    }

    /// Returns how much faster than the room's rate the player is set to play, in millionths.
    pub fn slew_ppm(&self) -> i32 {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "the actuator stays within some percent"
        )]
        let ppm = (self.actuator.slew() * 1e6).round() as i32;
        ppm
    }

    /// Returns the time that a catch-up allows for the seek and for commanding the player.
    pub fn margin(&self) -> Duration {
        let usual = MARGIN + self.usual_seek.mul_f64(MARGIN_PER_SEEK);
        self.raised_margin.unwrap_or(usual).min(MARGIN_LIMIT)
    }

    /// Applies the control law to one reading of a running player.
    fn correct(
        &mut self,
        timeline: &Timeline,
        position: MediaTime,
        clock: &ClockEstimator,
        at: LocalTime,
        now: LocalTime,
    ) {
        // Readings just after a start still describe the time before it. A film that is not seekable can only be paused and
        // resumed.
        if at < self.settled || !self.traits.is_seekable {
            return;
        }
        // mpv scales its buffered sound by the newest speed, so each change of speed shifts the reading long before it is heard.
        let position = position - MediaTime::from_secs_f64(self.actuator.speeds().misreading(at));
        if let Some(cold) = &mut self.cold {
            if !cold.is_over(position, self.actuator.speeds(), at) {
                return;
            }
            self.cold = None;
            self.policy.handle_start(at, at);
        }
        let Some(room) = clock.server_time(at).map(|s| timeline.position_at(s)) else {
            return;
        };
        self.filter
            .handle_reading(position, self.actuator.speeds(), &self.law, at);
        let Some((_, estimate)) = self.filter.estimate() else {
            return;
        };
        let (rate, clock_rate) = (timeline.rate.as_f64(), self.filter.clock_rate());
        let drift = estimate - room.as_secs_f64();
        // The law acts on the drift at the time when the present commands are heard. Acting on the present drift would overshoot
        // by the dead time.
        let heard = self.actuator.speeds().pending(at) * (1.0 + clock_rate);
        let sight = Observation {
            drift,
            raw: (position - room).as_secs_f64(),
            predicted: drift + heard - rate * DEAD_TIME.as_secs_f64(),
            noise: self.filter.noise(),
            clock_rate,
        };
        self.gauge.record(MediaTime::from_secs_f64(drift), at);
        match self.policy.decide(&sight, &self.law, now) {
            // The rest of the film is shorter than a catch-up.
            PolicyDecision::Hold if self.end_passed(timeline, clock, now).is_some() => {}
            PolicyDecision::Hold => {
                self.policy.handle_hold(now);
                self.jump = Some(MediaTime::from_secs_f64(-drift));
                self.catch_up(timeline, clock, now);
            }
            PolicyDecision::Play(factor) => {
                if let Some((base, speed)) = self.actuator.steer(rate, rate * factor, now) {
                    self.acts.push_back(SyncAction::SetSpeed { base, speed });
                }
            }
        }
    }

    /// Forgets everything that applies only to a running player.
    fn reset_player(&mut self) {
        self.filter.reset();
        self.gauge.clear();
        self.cold = None;
        self.is_dry = false;
        self.paused_statuses = 0;
    }
}

#[cfg(test)]
mod tests;
