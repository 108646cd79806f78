//! A player in virtual time that behaves as libmpv was observed to behave: the tests' replacement for the real one.
//!
//! Its properties, all measured on libmpv 0.35.1: a speed is heard [`DEAD_TIME`] after it was set; the sound card's clock is off
//! by some ppm; seeks take from 20 ms to seconds and land on frames, the first at or after the target less 5 ms; readings scatter
//! by 0.03 ms, and after a change of speed they are wrong by its effect on the buffered sound; an output that was just opened
//! starts late and reports wrong positions for a while; a pause is immediate. It implements the worker's behaviour: generations,
//! speeds that fall back unless renewed, and user actions that freeze the player.
//!
//! Nothing here knows about rooms. The test sees the true position ([`SimulatedPlayer::position`]); the session sees only the
//! events.

mod disturbances;
mod machine;

use std::collections::VecDeque;
use std::time::Duration;

use watchtogether_protocol::player_reason::OpenError;
use watchtogether_protocol::{LocalTime, MediaTime};

use super::{
    Extent, Generation, LoadFailure, Media, PlayerCommand, PlayerEvent, PlayerStatus, Reading, Source,
    WindowRequest,
};
use crate::seeded_rng::SeededRng;
pub use machine::{Machine, SimulatedFilm};

/// The time from setting a speed to hearing it.
pub const DEAD_TIME: Duration = Duration::from_millis(360);

/// The interval of statuses.
const STATUS_INTERVAL: Duration = Duration::from_millis(100);

/// The time after which a speed that was not renewed falls back to the rate.
const SPEED_EXPIRY: Duration = Duration::from_secs(1);

/// The time from the start of the player until it is running.
const START_TIME: Duration = Duration::from_millis(120);

/// The standard deviation of readings, in seconds.
const READING_NOISE: f64 = 0.03e-3;
/// How far a film plays before the worker undoes a user's key press, in seconds.
const FREEZE_TIME: f64 = 0.02;

#[derive(Clone, Debug)]
enum SimulatedState {
    Starting {
        until: LocalTime,
    },
    Idle,
    Opening {
        until: LocalTime,
        target: f64,
    },
    Paused,
    Seeking {
        until: LocalTime,
        since: LocalTime,
        target: f64,
        is_ours: bool,
    },
    Playing,
    Gone,
}

/// The state of the sound output after it was opened.
#[derive(Clone, Copy, Debug)]
enum SoundOutput {
    /// It has not been used yet.
    Unused,
    /// It reports wrong positions: standing still, or with an error.
    Cold {
        until: LocalTime,
        offset: Option<f64>,
        stuck_at: f64,
    },
    Warm,
}

/// A simulated player.
#[derive(Clone, Debug)]
pub struct SimulatedPlayer {
    machine: Machine,
    rng: SeededRng,
    state: SimulatedState,
    film: Option<SimulatedFilm>,
    source: Option<Source>,
    generation: Generation,
    /// The true position and the instant at which it was true.
    position: f64,
    at: LocalTime,
    audible_speed: f64,
    /// Speeds that were set but are not heard yet.
    coming: VecDeque<(LocalTime, f64)>,
    set_speed: (f64, f64),
    speed_set_at: LocalTime,
    release: Option<LocalTime>,
    /// Whether a release is accepted. After a user's action, it is accepted only once the session has answered with a hold.
    is_releasable: bool,
    output: SoundOutput,
    dry_until: Option<(LocalTime, LocalTime)>,
    /// The number of readings so far, which selects their scatter.
    readings: usize,
    next_status: LocalTime,
    events: VecDeque<PlayerEvent>,
    shown: Vec<String>,
}

impl SimulatedPlayer {
    /// Returns a player that is being started.
    pub fn new(machine: Machine, seed: u64, now: LocalTime) -> Self {
        #[expect(clippy::cast_possible_truncation, reason = "any number will do")]
        let readings = seed as usize % machine.scatter.len().max(1);
        Self {
            machine,
            rng: SeededRng::from_seed(seed),
            readings,
            state: SimulatedState::Starting {
                until: now + START_TIME,
            },
            film: None,
            source: None,
            generation: Generation::default(),
            position: 0.0,
            at: now,
            audible_speed: 1.0,
            coming: VecDeque::new(),
            set_speed: (1.0, 1.0),
            speed_set_at: now,
            release: None,
            is_releasable: false,
            output: SoundOutput::Unused,
            dry_until: None,
            next_status: now + START_TIME + STATUS_INTERVAL,
            events: VecDeque::new(),
            shown: Vec::new(),
        }
    }

    /// Handles a command to the worker.
    pub fn handle_command(&mut self, command: PlayerCommand, now: LocalTime) {
        self.advance(now);
        if matches!(self.state, SimulatedState::Gone) {
            return;
        }
        match command {
            PlayerCommand::Load {
                generation,
                source,
                position,
            } => {
                self.generation = generation;
                self.release = None;
                self.is_releasable = true;
                self.open(source, position.as_secs_f64(), now);
            }
            PlayerCommand::Unload { generation } => {
                self.generation = generation;
                self.release = None;
                self.is_releasable = false;
                if !matches!(self.state, SimulatedState::Starting { .. }) {
                    self.state = SimulatedState::Idle;
                }
                self.source = None;
                self.film = None;
            }
            PlayerCommand::Hold { generation, position } => {
                self.generation = generation;
                self.release = None;
                self.is_releasable = true;
                match (position, &self.state) {
                    (
                        _,
                        SimulatedState::Starting { .. }
                        | SimulatedState::Idle
                        | SimulatedState::Opening { .. }
                        | SimulatedState::Gone,
                    ) => {}
                    (Some(position), _) => self.seek(position.as_secs_f64(), true, now),
                    (None, _) => {
                        self.state = SimulatedState::Paused;
                        let position = self.shown_frame();
                        self.events.push_back(PlayerEvent::Landed {
                            generation,
                            position,
                            took: Duration::ZERO,
                        });
                    }
                }
            }
            PlayerCommand::Release { generation, at } => {
                if generation == self.generation
                    && self.is_releasable
                    && matches!(self.state, SimulatedState::Paused)
                {
                    self.release = Some(self.true_release(at.max(now)));
                }
            }
            PlayerCommand::SetSpeed { base, speed } => {
                self.set_speed = (base, speed);
                self.speed_set_at = now;
                self.delay_speed(speed, now);
            }
            PlayerCommand::ShowText { text, .. } => self.shown.push(text),
            // Neither affects the measured values.
            PlayerCommand::Tweak(_) => {}
            PlayerCommand::Quit => self.state = SimulatedState::Gone,
        }
    }

    /// Does what is due at the instant of [`Self::poll_timeout`].
    pub fn handle_timeout(&mut self, now: LocalTime) {
        self.advance(now);
        match self.state {
            SimulatedState::Starting { until } if now >= until => {
                self.state = SimulatedState::Idle;
                self.events.push_back(PlayerEvent::Started {
                    version: "mpv 0.35.1".to_owned(),
                });
            }
            SimulatedState::Opening { until, target } if now >= until => self.finish_opening(target),
            SimulatedState::Seeking {
                until,
                since,
                target,
                is_ours,
            } if now >= until => self.finish_seek(target, is_ours, since, now),
            SimulatedState::Paused if self.release.is_some_and(|at| now >= at) => self.start(now),
            SimulatedState::Starting { .. }
            | SimulatedState::Idle
            | SimulatedState::Opening { .. }
            | SimulatedState::Paused
            | SimulatedState::Seeking { .. }
            | SimulatedState::Playing
            | SimulatedState::Gone => {}
        }
        if (self.set_speed.1 - self.set_speed.0).abs() > 1e-9 && now >= self.speed_set_at + SPEED_EXPIRY {
            self.set_speed.1 = self.set_speed.0;
            self.delay_speed(self.set_speed.0, now);
        }
        if now >= self.next_status {
            self.next_status = now + STATUS_INTERVAL;
            self.report_status(now);
        }
    }

    /// Returns when the player must be called again at the latest.
    pub fn poll_timeout(&self) -> Option<LocalTime> {
        let own = match self.state {
            SimulatedState::Starting { until }
            | SimulatedState::Opening { until, .. }
            | SimulatedState::Seeking { until, .. } => Some(until),
            SimulatedState::Paused => self.release,
            SimulatedState::Idle | SimulatedState::Playing => None,
            SimulatedState::Gone => return None,
        };
        own.into_iter().chain([self.next_status]).min()
    }

    /// Returns the player's next event.
    pub fn poll_event(&mut self) -> Option<PlayerEvent> {
        self.events.pop_front()
    }

    /// Returns the true position of the film.
    pub fn position(&mut self, now: LocalTime) -> MediaTime {
        self.advance(now);
        MediaTime::from_secs_f64(self.position)
    }

    /// Returns the position that the player reports.
    pub fn reading(&mut self, now: LocalTime) -> MediaTime {
        self.advance(now);
        self.read(now).position
    }

    /// Returns whether the film is playing.
    pub const fn is_playing(&self) -> bool {
        matches!(self.state, SimulatedState::Playing) && self.dry_until.is_none()
    }

    /// Returns whether the player is paused at a frame.
    pub const fn is_paused_in_place(&self) -> bool {
        matches!(self.state, SimulatedState::Paused) && self.release.is_none()
    }

    /// Returns the open source.
    pub const fn source(&self) -> Option<&Source> {
        self.source.as_ref()
    }

    /// Returns the lines that were shown over the film.
    pub fn shown(&self) -> &[String] {
        &self.shown
    }

    /// Returns the frame that is shown.
    pub fn shown_frame(&self) -> MediaTime {
        let frame_rate = self.film.map_or(24.0, |f| f.frame_rate);
        MediaTime::from_secs_f64((self.position * frame_rate + 1e-6).floor() / frame_rate)
    }

    fn open(&mut self, source: Source, target: f64, now: LocalTime) {
        self.film = self.machine.films.get(&Machine::key(&source)).copied();
        self.source = Some(source);
        self.output = SoundOutput::Unused;
        self.dry_until = None;
        let takes = self.rng.between(0.05, 0.14);
        self.state = SimulatedState::Opening {
            until: now + Duration::from_secs_f64(takes),
            target,
        };
    }

    fn finish_opening(&mut self, target: f64) {
        let generation = self.generation;
        let Some(film) = self.film else {
            self.state = SimulatedState::Idle;
            self.source = None;
            self.events.push_back(PlayerEvent::LoadFailed {
                generation,
                kind: LoadFailure::Unreadable,
                reason: OpenError::NoSuchFile,
            });
            return;
        };
        self.position = film.frame_at_or_after(target);
        self.state = SimulatedState::Paused;
        self.events.push_back(PlayerEvent::Loaded {
            generation,
            media: Media {
                duration: Some(film.duration),
                extent: Extent::Whole,
                title: "film".to_owned(),
                has_audio: true,
                has_video: true,
                is_seekable: true,
                frame: Some(Duration::from_secs_f64(1.0 / film.frame_rate)),
            },
            position: MediaTime::from_secs_f64(self.position),
        });
    }

    fn seek(&mut self, target: f64, is_ours: bool, now: LocalTime) {
        let (least, most) = self.film.map_or((0.02, 0.12), |f| f.seek);
        // A long tail: one in twenty takes up to twice as long.
        let tail = if self.rng.happens(0.05) { 2.0 } else { 1.0 };
        let takes = self.rng.between(least, most) * tail;
        self.state = SimulatedState::Seeking {
            until: now + Duration::from_secs_f64(takes),
            since: now,
            target,
            is_ours,
        };
    }

    fn finish_seek(&mut self, target: f64, is_ours: bool, since: LocalTime, now: LocalTime) {
        if let Some(film) = self.film {
            self.position = film.frame_at_or_after(target);
        }
        self.state = SimulatedState::Paused;
        if is_ours {
            self.events.push_back(PlayerEvent::Landed {
                generation: self.generation,
                position: MediaTime::from_secs_f64(self.position),
                took: now.saturating_since(since),
            });
        }
    }

    /// Returns when a release really happens.
    fn true_release(&mut self, at: LocalTime) -> LocalTime {
        let mut late = (self.rng.normal() * self.machine.lateness).abs();
        if self.machine.has_cold_output && matches!(self.output, SoundOutput::Unused) {
            late += self.rng.between(0.15, 0.175);
        }
        at + Duration::from_secs_f64(late)
    }

    fn start(&mut self, now: LocalTime) {
        self.release = None;
        self.state = SimulatedState::Playing;
        self.coming.clear();
        self.audible_speed = self.set_speed.1;
        if matches!(self.output, SoundOutput::Unused) {
            self.output = if self.machine.has_cold_output {
                let offset = self
                    .rng
                    .happens(0.7)
                    .then(|| self.rng.between(0.4, 0.56) * if self.rng.happens(0.5) { 1.0 } else { -1.0 });
                SoundOutput::Cold {
                    until: now + Duration::from_secs_f64(self.rng.between(0.3, 1.5)),
                    offset,
                    stuck_at: self.position,
                }
            } else {
                SoundOutput::Warm
            };
        }
        self.events.push_back(PlayerEvent::Released {
            generation: self.generation,
            at: now,
        });
    }

    fn request(&mut self, request: WindowRequest, now: LocalTime) {
        self.events.push_back(PlayerEvent::WindowRequest {
            generation: self.generation,
            at: now,
            request,
        });
    }

    fn delay_speed(&mut self, speed: f64, now: LocalTime) {
        self.coming.push_back((now + DEAD_TIME, speed));
    }

    fn report_status(&mut self, now: LocalTime) {
        if matches!(self.state, SimulatedState::Starting { .. } | SimulatedState::Gone) {
            return;
        }
        let is_at_end = self.is_at_end();
        let is_open = matches!(self.state, SimulatedState::Paused | SimulatedState::Playing);
        let dry = self.dry_until.map(|(since, until)| {
            let whole = until.saturating_since(since).as_secs_f64().max(1e-3);
            let percent = 100.0 * now.saturating_since(since).as_secs_f64() / whole;
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 99")]
            let percent = percent.clamp(0.0, 99.0) as u8;
            percent
        });
        let reading = (is_open && !is_at_end).then(|| self.read(now));
        self.events.push_back(PlayerEvent::Status(PlayerStatus {
            generation: self.generation,
            at: now,
            reading,
            is_paused: !matches!(self.state, SimulatedState::Playing) || is_at_end,
            is_seeking: matches!(
                self.state,
                SimulatedState::Seeking { .. } | SimulatedState::Opening { .. }
            ),
            buffering: dry,
            is_at_end,
            speed: self.set_speed.1,
            buffered: Duration::from_secs(10),
            picture_behind: Duration::ZERO,
            window: None,
        }));
    }

    fn read(&mut self, now: LocalTime) -> Reading {
        let mut seen = self.position + self.misreading(now) + self.scatter();
        if let SoundOutput::Cold {
            until,
            offset,
            stuck_at,
        } = self.output
        {
            if now >= until {
                self.output = SoundOutput::Warm;
            } else {
                seen = offset.map_or(stuck_at, |o| seen + o);
            }
        }
        Reading {
            position: MediaTime::from_secs_f64(seen),
            at: now,
        }
    }

    fn scatter(&mut self) -> f64 {
        if self.machine.scatter.is_empty() {
            return self.rng.normal() * READING_NOISE;
        }
        self.readings = (self.readings + 1) % self.machine.scatter.len();
        self.machine.scatter[self.readings]
    }

    /// Returns the error of readings while a new speed is not heard yet, in seconds: libmpv converts its buffered output to media
    /// time at the newest speed.
    fn misreading(&self, now: LocalTime) -> f64 {
        let (mut since, mut speed, mut buffered) = (now, self.audible_speed, 0.0);
        for (at, next) in &self.coming {
            buffered += speed * at.saturating_since(since).as_secs_f64();
            (since, speed) = (*at, *next);
        }
        buffered += speed * (now + DEAD_TIME).saturating_since(since).as_secs_f64();
        buffered - speed * DEAD_TIME.as_secs_f64()
    }

    fn is_at_end(&self) -> bool {
        let end = self.film.map_or(f64::MAX, |f| f.duration.as_secs_f64());
        self.position >= end - 1e-9
    }

    /// Plays the film up to `now`.
    fn advance(&mut self, now: LocalTime) {
        if now <= self.at {
            return;
        }
        if let Some((_, until)) = self.dry_until
            && now >= until
        {
            // Until then, a film without data stands still.
            self.skip_to(until);
            self.dry_until = None;
        }
        while let Some((at, speed)) = self.coming.front().copied().filter(|(at, _)| *at <= now) {
            self.run_to(at);
            self.audible_speed = speed;
            self.coming.pop_front();
        }
        self.run_to(now);
    }

    fn skip_to(&mut self, until: LocalTime) {
        self.at = self.at.max(until);
    }

    fn run_to(&mut self, until: LocalTime) {
        let elapsed = until.saturating_since(self.at).as_secs_f64();
        self.at = self.at.max(until);
        if matches!(self.state, SimulatedState::Playing) && self.dry_until.is_none() {
            self.position += elapsed * self.audible_speed * (1.0 + self.machine.card_error);
            if let Some(film) = self.film {
                self.position = self.position.min(film.duration.as_secs_f64());
            }
        }
    }
}

#[cfg(test)]
mod tests;
