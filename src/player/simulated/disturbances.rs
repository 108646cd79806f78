//! Disturbances of a simulated player, by the user in the window or by the machine.

use std::path::PathBuf;
use std::time::Duration;

use watchtogether_protocol::player_reason::PlayerEnd;
use watchtogether_protocol::{LocalTime, MediaTime};

use super::{FREEZE_TIME, SimulatedPlayer, SimulatedState};
use crate::player::{PlayerEvent, Source, WindowRequest};

impl SimulatedPlayer {
    /// The user presses pause.
    pub fn press_pause(&mut self, now: LocalTime) {
        self.advance(now);
        if matches!(self.state, SimulatedState::Playing) {
            self.state = SimulatedState::Paused;
            self.is_releasable = false;
            let position = self.shown_frame();
            self.request(WindowRequest::Pause { position }, now);
        }
    }

    /// The user presses play.
    pub fn press_play(&mut self, now: LocalTime) {
        self.advance(now);
        if matches!(self.state, SimulatedState::Paused) {
            self.position += FREEZE_TIME;
            self.release = None;
            self.is_releasable = true;
            self.request(WindowRequest::Play, now);
        }
    }

    /// The user seeks.
    pub fn press_seek(&mut self, position: MediaTime, now: LocalTime) {
        self.advance(now);
        if matches!(self.state, SimulatedState::Playing | SimulatedState::Paused) {
            self.release = None;
            self.is_releasable = false;
            self.seek(position.as_secs_f64(), false, now);
            self.request(WindowRequest::Seek { position }, now);
        }
    }

    /// The user changes the speed.
    pub fn press_speed(&mut self, speed: f64, now: LocalTime) {
        self.advance(now);
        self.delay_speed(speed, now);
        self.request(WindowRequest::Speed { speed }, now);
    }

    /// The user opens a file in the window.
    pub fn press_open(&mut self, path: PathBuf, now: LocalTime) {
        self.advance(now);
        let source = Source::File(path);
        self.release = None;
        self.is_releasable = false;
        self.request(
            WindowRequest::Open {
                source: source.clone(),
            },
            now,
        );
        self.open(source, 0.0, now);
    }

    /// The user closes the window.
    pub fn press_quit(&mut self) {
        self.state = SimulatedState::Gone;
        self.events.push_back(PlayerEvent::Closed);
    }

    /// The worker crashes.
    pub fn die(&mut self) {
        self.state = SimulatedState::Gone;
        self.events.push_back(PlayerEvent::Gone {
            reason: PlayerEnd::Died { status: None },
            log: None,
            may_retry: true,
        });
    }

    /// The film jumps without any user's action.
    pub fn jump(&mut self, by: MediaTime, now: LocalTime) {
        self.advance(now);
        if matches!(self.state, SimulatedState::Playing) {
            self.position = (self.position + by.as_secs_f64()).max(0.0);
        }
    }

    /// The player's process was suspended until now; nothing moved meanwhile.
    pub fn wake(&mut self, now: LocalTime) {
        self.at = now;
        self.next_status = now;
    }

    /// The cache is empty for a while.
    pub fn stall(&mut self, duration: Duration, now: LocalTime) {
        self.advance(now);
        self.dry_until = Some((now, now + duration));
        self.report_status(now);
    }
}
