//! The position of a room in its film.

use watchtogether_protocol::{Clean, LocalTime, MediaTime, Rate};

/// Where a room is, so that the screen advances by itself between two updates.
#[derive(Clone, Debug, PartialEq)]
pub struct Transport {
    /// What is on.
    pub title: Clean,
    /// How long it is; none for a live source, and while that is not known.
    pub duration: Option<MediaTime>,
    /// Whether it is a live source.
    pub is_live: bool,
    /// The position at `at`.
    pub position: MediaTime,
    /// The local instant of the position; ahead of now in a scheduled start.
    pub at: LocalTime,
    /// How fast the room watches.
    pub rate: Rate,
    /// What the room does.
    pub motion: Motion,
}

impl Transport {
    /// Returns where the room is at `now`: never beyond the end, and at the anchor before a scheduled start.
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

    /// Returns when the position, written in whole seconds, is next another; never while it stands.
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

/// What a room does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Motion {
    /// It stands.
    Paused,
    /// It runs, or will from the transport's instant on.
    Playing,
    /// It waits until everybody is there.
    Preparing,
}
