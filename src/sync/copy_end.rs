//! Finds where the player's copy of a film ends: a download may end before the length in its header.

use std::time::Duration;

use watchtogether_protocol::clock::ClockEstimator;
use watchtogether_protocol::{LocalTime, MediaTime, Timeline};

use super::SyncController;
use super::defaults::LONGEST_WAIT;
use super::types::{Goal, Motion};

/// The minimum distance from its end that a player is sent to. At the very end, there is no frame to stop at.
const LAST_PLACE: MediaTime = MediaTime::from_millis(100);

/// If a player is at its end while the room is this far before it, somebody sent the player there.
pub(super) const FAR_FROM_END: MediaTime = MediaTime::from_millis(1_000);

/// A player that lands further than this before its target has reached the end of its data: an exact seek lands on the first
/// frame at or after its target, if there is one.
const SHORT_LANDING: MediaTime = MediaTime::from_millis(100);

/// The age above which a reading no longer shows where a player reached its end.
const STALE: Duration = Duration::from_secs(2);

/// A landing at which the copy may end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct StrayLanding {
    pub(super) landed: MediaTime,
    /// The end of the copy, if the player has come to an end there.
    pub(super) end: MediaTime,
}

/// How a player missed its target. Both say nothing about its speed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SeekMiss {
    /// Its data ends before the target, for now or for good: it plays what it has.
    Before,
    /// It cannot get any closer, because a seek in a recording may land on the next key frame. It waits for the room.
    Beyond,
}

impl SeekMiss {
    pub(super) fn of(landed: MediaTime, sent: MediaTime) -> Option<Self> {
        if landed + SHORT_LANDING < sent {
            Some(Self::Before)
        } else if landed > sent + MediaTime::from(LONGEST_WAIT) {
            Some(Self::Beyond)
        } else {
            None
        }
    }
}

impl SyncController {
    /// Returns the end of the local copy: the end that the file claims, or an earlier one that was found.
    pub const fn copy_end(&self) -> Option<MediaTime> {
        match self.found_end {
            // A live player only lacks data that the stream has not sent yet.
            Some(_) | None if self.traits.is_live => None,
            Some(end) => Some(end),
            None => self.traits.duration,
        }
    }

    /// Returns the position nearest to `position` at which the local copy has a frame to stop at.
    pub fn reachable(&self, position: MediaTime) -> MediaTime {
        let last = self.copy_end().map(|d| d - LAST_PLACE);
        last.map_or(position, |last| position.min(last))
            .max(MediaTime::ZERO)
    }

    /// Handles a player that came to its end: brings it back if the room is not near the end, otherwise leaves it alone.
    pub(super) fn handle_end(&mut self, timeline: &Timeline, clock: Option<&ClockEstimator>, now: LocalTime) {
        self.gauge.clear();
        let room = clock
            .and_then(|c| c.server_time(now))
            .map(|s| timeline.position_at(s));
        if let (Some(room), Some(end)) = (room, self.copy_end())
            && room + FAR_FROM_END < end
        {
            // The player played with the room until its data ended, so the copy really ends there. Otherwise, somebody moved it
            // to the end.
            let played_into = self.last_reading.filter(|(position, at)| {
                now.saturating_since(*at) < STALE && (*position - room).abs() < FAR_FROM_END.abs()
            });
            if let Some((position, _)) = played_into {
                self.found_end = Some(position);
            } else {
                self.handle_disturbed(clock, now);
            }
        }
    }

    /// Returns the target of a player that landed at the end of its copy, well beyond the target. In a partial file of some
    /// formats, mpv seeks to the end in the header if there is nothing at the target. The exact end of the data is not known; a
    /// target near an end that was found before says nothing new.
    pub(super) fn sent_past_data(&self, landed: MediaTime) -> Option<MediaTime> {
        let is_at_end = self
            .traits
            .duration
            .is_some_and(|end| landed + SHORT_LANDING >= end);
        let sent = self
            .sent
            .filter(|sent| is_at_end && *sent + FAR_FROM_END < landed)?;
        let is_news = self.found_end.is_none_or(|end| sent + FAR_FROM_END < end);
        is_news.then_some(sent)
    }

    /// Assumes that a copy may have grown beyond the end that was found, if the room goes there.
    pub(super) fn try_beyond_found_end(&mut self, goal: &Goal) {
        let beyond = match goal {
            Goal::Pause { position } => Some(*position),
            Goal::Run(timeline) => Some(timeline.position),
            Goal::Rest => None,
        };
        if let (Some(position), Some(end)) = (beyond, self.found_end)
            && position > end
        {
            self.found_end = None;
        }
    }

    /// Returns the last place of the local copy, if the room will have passed it before a catch-up could end.
    pub(super) fn end_passed(
        &self,
        timeline: &Timeline,
        clock: &ClockEstimator,
        now: LocalTime,
    ) -> Option<MediaTime> {
        let then = clock.server_time(now + self.margin())?;
        let last = self.copy_end()? - LAST_PLACE;
        (timeline.position_at(then) >= last).then(|| last.max(MediaTime::ZERO))
    }

    /// Leaves the player at the end of its copy. It may land well before that place if the sound is longer than the picture, so
    /// only the target counts, and lateness is not judged.
    pub(super) fn stand_at_end(&mut self, last: MediaTime) {
        self.frozen = None;
        self.jump = None;
        let place = match self.motion {
            Motion::Paused { place, .. } | Motion::Seeking { place } => place,
            Motion::Absent | Motion::Starting | Motion::Running | Motion::Frozen => None,
        };
        if place != Some(last) {
            self.hold(Some(last), Some(last));
        }
    }
}
