//! Where the player is in its film, and how it gets to where a hold sends it.

use std::time::Duration;

use watchtogether_protocol::{LocalTime, MediaTime};

use super::{Film, Stage, Worker, log};
use crate::local_clock::monotonic;
use crate::player::command_tracker::{Opener, RestartMeans};
use crate::player::mpv::c_text;
use crate::player::{Generation, Media, PlayerEvent};

/// A place that is this near is the same: far below a frame, far above rounding.
const SAME_PLACE: Duration = Duration::from_millis(1);

/// How far the sound may run before a play at the window is undone, and the player still counts as standing: an error
/// that is gone after two seconds of slewing, where seeking back takes 30 ms to half a second, and the room is about to
/// start. Measured: 0.4 to 3 ms, and up to 17 ms on two cores with three other busy processes.
const SMALL_MOTION: Duration = Duration::from_millis(8);

/// Where the player is.
#[derive(Debug)]
pub(super) enum Place {
    /// It plays, or stands where no landing of ours put it: the sound need not begin with the frame that is shown.
    Moving,
    /// It stands where we put it, with the sound at the frame's beginning.
    Standing(Standing),
    /// It seeks: for a hold of ours, or because somebody at the window wants it.
    Seeking(Option<Landing>),
}

/// Where a landing put the player.
#[derive(Clone, Copy, Debug)]
pub(super) struct Standing {
    /// Where it was to go.
    pub(super) target: MediaTime,
    /// The frame that it stands at.
    pub(super) position: MediaTime,
}

/// A hold that is on its way.
#[derive(Clone, Copy, Debug)]
pub(super) struct Landing {
    generation: Generation,
    /// None where it only waits for a seek of somebody else's to end.
    target: Option<MediaTime>,
    asked_at: LocalTime,
    /// The number of the seek.
    command: Option<u64>,
    /// Whether somebody waits to hear of it.
    is_told: bool,
}

/// A hold that waits for its film to be open.
#[derive(Clone, Copy, Debug)]
pub(super) struct PendingHold {
    pub(super) position: Option<MediaTime>,
    pub(super) asked_at: LocalTime,
}

impl Worker<'_> {
    /// Pauses and goes to a position, or stays at the frame that is shown.
    pub(super) fn hold(&mut self, position: Option<MediaTime>, now: LocalTime) {
        self.pause();
        let film = match &mut self.stage {
            Stage::Empty => return log("a hold, and nothing is on"),
            Stage::Opening(opening) => {
                opening.hold = Some(PendingHold {
                    position,
                    asked_at: now,
                });
                return;
            }
            Stage::Open(film) => film,
        };
        let landing = Landing {
            generation: self.generation,
            target: position,
            asked_at: now,
            command: None,
            is_told: true,
        };
        let (is_live, is_seekable) = (film.media.is_live(), film.media.is_seekable);
        let position = if is_live {
            position.and_then(|p| self.within_reach(p))
        } else {
            position
        };
        let Stage::Open(film) = &self.stage else { return };
        match (position.filter(|_| is_seekable), &film.place) {
            (Some(target), Place::Standing(standing)) if standing.is_at(target) => {
                let position = standing.position;
                self.tell_landed(landing, position, now);
            }
            (Some(target), _) => {
                self.leave_edge();
                self.seek(target, landing);
            }
            (None, Place::Seeking(_)) => {
                self.tracker.forget_seek();
                self.place_is(Place::Seeking(Some(landing)));
            }
            (None, Place::Moving | Place::Standing(_)) => self.land_here(landing, now),
        }
    }

    /// Goes back to where the player stood before somebody played it for some milliseconds. The frame that is shown may
    /// be the next one already; what counts is how far the sound came.
    pub(super) fn go_back(&mut self) {
        let Stage::Open(film) = &self.stage else {
            return;
        };
        match film.place {
            Place::Standing(standing) => {
                let position = self.position(if film.media.has_audio {
                    c"audio-pts"
                } else {
                    c"time-pos"
                });
                let has_moved = position.is_none_or(|p| (p - standing.position).abs() > SMALL_MOTION);
                if has_moved && film.media.is_seekable {
                    let landing = Landing {
                        generation: self.generation,
                        target: Some(standing.position),
                        asked_at: monotonic(),
                        command: None,
                        is_told: false,
                    };
                    self.seek(standing.position, landing);
                } else if has_moved {
                    self.place_is(Place::Moving);
                }
            }
            Place::Moving | Place::Seeking(_) => {}
        }
    }

    /// Seeks to where the player is, so that it reads what was written since it came to the end.
    pub(super) fn read_on(&mut self) {
        let Stage::Open(film) = &self.stage else { return };
        let target = match film.place {
            Place::Standing(standing) => Some(standing.target),
            Place::Moving => self.position(c"time-pos"),
            Place::Seeking(_) => None,
        };
        if let Some(target) = target.filter(|_| film.media.is_seekable) {
            let landing = Landing {
                generation: self.generation,
                target: Some(target),
                asked_at: monotonic(),
                command: None,
                is_told: false,
            };
            self.seek(target, landing);
        }
    }

    fn seek(&mut self, target: MediaTime, landing: Landing) {
        let seconds = format!("{:.6}", (target - self.origin).as_secs_f64().max(0.0));
        let words = ["seek", &seconds, "absolute+exact"].map(c_text);
        let words: Option<Vec<_>> = words.into_iter().collect();
        match self.mpv.ask(&words.unwrap_or_default()) {
            Ok(id) => {
                self.tracker.asked_for_seek(id, target);
                self.place_is(Place::Seeking(Some(Landing {
                    command: Some(id),
                    ..landing
                })));
            }
            Err(words) => {
                log(&format!("mpv does not seek: {words}"));
                self.land_here(landing, monotonic());
            }
        }
    }

    /// Takes note that the player refused a command.
    pub(super) fn command_refused(&mut self, id: u64) {
        if let Stage::Open(film) = &self.stage
            && let Place::Seeking(Some(landing)) = film.place
            && landing.command == Some(id)
        {
            log("mpv refused to seek");
            self.tracker.forget_seek();
            self.land_here(landing, monotonic());
        }
        self.load_refused(id);
    }

    /// Takes note that the first frame after opening or seeking is there.
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
                                Place::Standing(Standing {
                                    target: landing.target.unwrap_or(position),
                                    position,
                                })
                            } else {
                                // It read on at the end of what was written, and plays.
                                Place::Moving
                            });
                            if self.landed_at_edge(landing.target) {
                                // Whoever hears of the landing must know that there is nothing to play yet.
                                self.tell_status();
                            }
                            self.tell_landed(landing, position, now);
                        }
                        None => log("mpv has no position after a seek"),
                    }
                }
            }
            RestartMeans::Nothing => match self.landing() {
                Some(landing) if landing.target.is_none() => self.land_here(landing, monotonic()),
                Some(_) => {}
                None => {
                    if self.is_seeking() {
                        self.leave_edge();
                        self.place_is(Place::Moving);
                    }
                }
            },
        }
    }

    /// Returns where a seek ended. Without a picture that is its target: an exact seek cuts the sound there, and a paused
    /// player without a picture says a place that is short of it by what its output has buffered, up to 0.2 s.
    pub(super) fn landed_at(&self, media: &Media, target: Option<MediaTime>) -> Option<MediaTime> {
        target
            .filter(|_| !media.has_video)
            .or_else(|| self.position(c"time-pos"))
    }

    const fn film(&self) -> Option<&Film> {
        match &self.stage {
            Stage::Open(film) => Some(film),
            Stage::Empty | Stage::Opening(_) => None,
        }
    }

    /// Answers a hold with the frame that is shown.
    fn land_here(&mut self, landing: Landing, now: LocalTime) {
        if !matches!(
            self.stage,
            Stage::Open(Film {
                place: Place::Standing(_),
                ..
            })
        ) {
            self.place_is(Place::Moving);
        }
        if let Some(position) = self.position(c"time-pos") {
            self.tell_landed(landing, position, now);
        }
    }

    fn tell_landed(&self, landing: Landing, position: MediaTime, now: LocalTime) {
        if !landing.is_told {
            return;
        }
        self.outbox.push(PlayerEvent::Landed {
            generation: landing.generation,
            position,
            took: now.saturating_since(landing.asked_at),
        });
    }

    /// Takes note of where the player is, if there is a film.
    pub(super) fn place_is(&mut self, place: Place) {
        if let Stage::Open(film) = &mut self.stage {
            film.place = place;
        }
    }

    pub(super) fn is_seeking(&self) -> bool {
        matches!(
            self.stage,
            Stage::Open(Film {
                place: Place::Seeking(_),
                ..
            })
        )
    }

    /// Returns whether the player is paused by us, in a film, and not on its way somewhere.
    pub(super) fn can_be_released(&self) -> bool {
        self.tracker.is_paused() && matches!(self.stage, Stage::Open(_)) && !self.is_seeking()
    }

    fn landing(&self) -> Option<Landing> {
        match &self.stage {
            Stage::Open(Film {
                place: Place::Seeking(landing),
                ..
            }) => *landing,
            Stage::Open(_) | Stage::Empty | Stage::Opening(_) => None,
        }
    }
}

impl Standing {
    fn is_at(self, target: MediaTime) -> bool {
        (self.target - target).abs() <= SAME_PLACE || (self.position - target).abs() <= SAME_PLACE
    }
}
