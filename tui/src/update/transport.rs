//! The position of a room in its film.

use watchtogether_protocol::{Clean, LocalTime, MediaTime, Rate};

/// The position of a room as a function of time, so that the screen can advance it between two updates.
#[derive(Clone, Debug, PartialEq)]
pub struct Transport {
    /// The title of the item.
    pub title: Clean,
    /// The length; `None` for a live source, and while it is unknown.
    pub duration: Option<MediaTime>,
    /// Whether it is a live source.
    pub is_live: bool,
    /// The position at `at`.
    pub position: MediaTime,
    /// The local instant of that position; in the future for a scheduled start.
    pub at: LocalTime,
    /// The room's speed.
    pub rate: Rate,
    /// The room's motion.
    pub motion: Motion,
}

impl Transport {
    /// Returns the position at `now`: never beyond the end; before a scheduled start, the anchor's.
    pub fn position_at(&self, now: LocalTime) -> MediaTime {
        let position = match self.motion {
            Motion::Playing => {
                let elapsed = now.nanos_since(self.at).max(0);
                self.position + MediaTime::from_nanos(self.rate.media_nanos(elapsed))
            }
            Motion::Paused | Motion::Preparing => self.position,
        };
        self.duration.map_or(position, |duration| position.min(duration))
    }

    /// Stops at the current position, because the session has ended.
    pub fn stop(&mut self, now: LocalTime) {
        self.position = self.position_at(now);
        self.at = now;
        self.motion = Motion::Paused;
    }

    /// Returns when the position in whole seconds changes next; `None` while it is paused.
    pub fn next_second(&self, now: LocalTime) -> Option<LocalTime> {
        const SECOND: i64 = 1_000_000_000;

        if self.motion != Motion::Playing {
            return None;
        }
        let position = self.position_at(now);
        if self.duration.is_some_and(|duration| position >= duration) {
            return None;
        }
        let missing = SECOND - position.as_nanos().rem_euclid(SECOND);
        let from = if now < self.at { self.at } else { now };
        Some(from.offset_by(self.rate.real_nanos(missing)))
    }
}

/// The motion of a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Motion {
    /// It is paused.
    Paused,
    /// It plays, or will play from the transport's instant on.
    Playing,
    /// It waits until everybody is ready.
    Preparing,
}
