//! The player's place in its film, and how it gets to the target of a hold.

use std::time::Duration;

use watchtogether_protocol::{LocalTime, MediaTime};

use super::{FilmState, OpenFilm, Worker, log};
use crate::local_clock::monotonic;
use crate::player::command_tracker::{Opener, RestartMeans};
use crate::player::mpv::c_text;
use crate::player::{Generation, Media, PlayerEvent};

/// Positions that differ by less than this are the same: it is far less than a frame, and far more than rounding errors.
const SAME_PLACE: Duration = Duration::from_millis(1);

/// How far the sound may play before a play in the window is undone, so that the player still counts as standing. Two seconds of
/// slewing remove such an error, whereas seeking back takes 30 ms to half a second, and the room is about to start. Measured: 0.4
/// to 3 ms, and up to 17 ms on two cores with three other busy processes.
const SMALL_MOTION: Duration = Duration::from_millis(8);

/// The place of the player.
#[derive(Debug)]
pub(super) enum Place {
    /// It plays, or is paused where none of our seeks put it: the sound need not begin with the shown frame.
    Moving,
    /// It is paused where we put it, with the sound at the frame's beginning.
    Landed(LandedFrame),
    /// It seeks, for one of our holds or because of a user's action in the window.
    Seeking(Option<Landing>),
}

/// Where a landing put the player.
#[derive(Clone, Copy, Debug)]
pub(super) struct LandedFrame {
    /// The target.
    pub(super) target: MediaTime,
    /// The shown frame.
    pub(super) position: MediaTime,
}

/// A hold in progress.
#[derive(Clone, Copy, Debug)]
pub(super) struct Landing {
    generation: Generation,
    /// The target; `None` if it only waits for another seek to end.
    target: Option<MediaTime>,
    asked_at: LocalTime,
    /// The number of the seek.
    command: Option<u64>,
    /// Whether the session waits for the answer.
    is_awaited: bool,
}

/// A hold that waits until its film is open.
#[derive(Clone, Copy, Debug)]
pub(super) struct PendingHold {
    pub(super) position: Option<MediaTime>,
    pub(super) asked_at: LocalTime,
}

impl Worker<'_> {
    /// Pauses and seeks to a position, or stays at the shown frame.
    pub(super) fn hold(&mut self, position: Option<MediaTime>, now: LocalTime) {
        self.pause();
        let film = match &mut self.film {
            FilmState::Empty => return log("a hold, and nothing is on"),
            FilmState::Opening(opening) => {
                opening.hold = Some(PendingHold {
                    position,
                    asked_at: now,
                });
                return;
            }
            FilmState::Open(film) => film,
        };
        let landing = Landing {
            generation: self.generation,
            target: position,
            asked_at: now,
            command: None,
            is_awaited: true,
        };
        let (is_live, is_seekable) = (film.media.is_live(), film.media.is_seekable);
        let position = if is_live {
            position.and_then(|p| self.within_reach(p))
        } else {
            position
        };
        let FilmState::Open(film) = &self.film else {
            return;
        };
        match (position.filter(|_| is_seekable), &film.place) {
            // Already there: a seek would cost 30 ms to half a second and change nothing.
            (Some(target), Place::Landed(landed)) if landed.is_at(target) => {
                let position = landed.position;
                self.report_landed(landing, position, now);
            }
            (Some(target), _) => {
                self.clear_data_end();
                self.seek(target, landing);
            }
            (None, Place::Seeking(_)) => {
                // If the player should stay during a seek of ours, the target no longer matters, but the seek has to end first.
                self.tracker.forget_seek();
                self.place_is(Place::Seeking(Some(landing)));
            }
            (None, Place::Moving | Place::Landed(_)) => self.finish_landing(landing, now),
        }
    }

    /// Returns to where the player stood before somebody played it for a few milliseconds. The shown frame may already be the
    /// next one; what counts is how far the sound has played.
    pub(super) fn go_back(&mut self) {
        let FilmState::Open(film) = &self.film else {
            return;
        };
        match film.place {
            Place::Landed(landed) => {
                let position = self.position(if film.media.has_audio {
                    c"audio-pts"
                } else {
                    c"time-pos"
                });
                let has_moved = position.is_none_or(|p| (p - landed.position).abs() > SMALL_MOTION);
                if has_moved && film.media.is_seekable {
                    let landing = Landing {
                        generation: self.generation,
                        target: Some(landed.position),
                        asked_at: monotonic(),
                        command: None,
                        is_awaited: false,
                    };
                    self.seek(landed.position, landing);
                } else if has_moved {
                    self.place_is(Place::Moving);
                }
            }
            Place::Moving | Place::Seeking(_) => {}
        }
    }

    /// Seeks to the player's present position, so that it reads what has been written since it reached the end.
    pub(super) fn read_on(&mut self) {
        let FilmState::Open(film) = &self.film else {
            return;
        };
        let target = match film.place {
            Place::Landed(landed) => Some(landed.target),
            Place::Moving => self.position(c"time-pos"),
            Place::Seeking(_) => None,
        };
        if let Some(target) = target.filter(|_| film.media.is_seekable) {
            let landing = Landing {
                generation: self.generation,
                target: Some(target),
                asked_at: monotonic(),
                command: None,
                is_awaited: false,
            };
            self.seek(target, landing);
        }
    }

    fn seek(&mut self, target: MediaTime, landing: Landing) {
        let seconds = format!("{:.6}", (target - self.origin).as_secs_f64().max(0.0));
        let args = ["seek", &seconds, "absolute+exact"].map(c_text);
        let args: Option<Vec<_>> = args.into_iter().collect();
        match self.mpv.ask(&args.unwrap_or_default()) {
            Ok(id) => {
                self.tracker.asked_for_seek(id, target);
                self.place_is(Place::Seeking(Some(Landing {
                    command: Some(id),
                    ..landing
                })));
            }
            Err(error) => {
                log(&format!("mpv does not seek: {error}"));
                self.finish_landing(landing, monotonic());
            }
        }
    }

    /// Handles a command that the player refused.
    pub(super) fn command_refused(&mut self, id: u64) {
        if let FilmState::Open(film) = &self.film
            && let Place::Seeking(Some(landing)) = film.place
            && landing.command == Some(id)
        {
            log("mpv refused to seek");
            self.tracker.forget_seek();
            self.finish_landing(landing, monotonic());
        }
        self.load_refused(id);
    }

    /// Handles the first frame that is shown after opening or seeking.
    pub(super) fn restarted(&mut self) {
        match self.tracker.judge_restart() {
            RestartMeans::Opened(opener) => self.opened(opener == Opener::Us),
            RestartMeans::Landed => {
                if let Some(landing) = self.landing() {
                    let now = monotonic();
                    let film = self.film();
                    match film.and_then(|film| self.landed_at(&film.media, landing.target)) {
                        Some(position) => {
                            self.place_is(if self.tracker.is_paused() {
                                Place::Landed(LandedFrame {
                                    target: landing.target.unwrap_or(position),
                                    position,
                                })
                            } else {
                                // It has read more at the end of the written part, and plays.
                                Place::Moving
                            });
                            if self.landed_at_edge(landing.target) {
                                // The session must know that there is nothing to play yet before it receives the landing.
                                self.report_status();
                            }
                            self.report_landed(landing, position, now);
                        }
                        None => log("mpv has no position after a seek"),
                    }
                }
            }
            RestartMeans::Nothing => match self.landing() {
                Some(landing) if landing.target.is_none() => self.finish_landing(landing, monotonic()),
                Some(_) => {}
                None => {
                    if self.is_seeking() {
                        self.clear_data_end();
                        self.place_is(Place::Moving);
                    }
                }
            },
        }
    }

    /// Returns where a seek ended. Without a picture, that is its target: an exact seek cuts the sound there, and a paused player
    /// without a picture reports a position that is too early by its buffered sound, up to 0.2 s.
    pub(super) fn landed_at(&self, media: &Media, target: Option<MediaTime>) -> Option<MediaTime> {
        target
            .filter(|_| !media.has_video)
            .or_else(|| self.position(c"time-pos"))
    }

    const fn film(&self) -> Option<&OpenFilm> {
        match &self.film {
            FilmState::Open(film) => Some(film),
            FilmState::Empty | FilmState::Opening(_) => None,
        }
    }

    /// Answers a hold with the shown frame.
    fn finish_landing(&mut self, landing: Landing, now: LocalTime) {
        if !matches!(
            self.film,
            FilmState::Open(OpenFilm {
                place: Place::Landed(_),
                ..
            })
        ) {
            self.place_is(Place::Moving);
        }
        if let Some(position) = self.position(c"time-pos") {
            self.report_landed(landing, position, now);
        }
    }

    fn report_landed(&self, landing: Landing, position: MediaTime, now: LocalTime) {
        if !landing.is_awaited {
            return;
        }
        self.outbox.push(PlayerEvent::Landed {
            generation: landing.generation,
            position,
            took: now.saturating_since(landing.asked_at),
        });
    }

    /// Records the player's place, if there is a film.
    pub(super) fn place_is(&mut self, place: Place) {
        if let FilmState::Open(film) = &mut self.film {
            film.place = place;
        }
    }

    pub(super) fn is_seeking(&self) -> bool {
        matches!(
            self.film,
            FilmState::Open(OpenFilm {
                place: Place::Seeking(_),
                ..
            })
        )
    }

    /// Returns whether the player is paused by us, in a film, and not seeking.
    pub(super) fn can_be_released(&self) -> bool {
        self.tracker.is_paused() && matches!(self.film, FilmState::Open(_)) && !self.is_seeking()
    }

    fn landing(&self) -> Option<Landing> {
        match &self.film {
            FilmState::Open(OpenFilm {
                place: Place::Seeking(landing),
                ..
            }) => *landing,
            FilmState::Open(_) | FilmState::Empty | FilmState::Opening(_) => None,
        }
    }
}

impl LandedFrame {
    fn is_at(self, target: MediaTime) -> bool {
        (self.target - target).abs() <= SAME_PLACE || (self.position - target).abs() <= SAME_PLACE
    }
}
