//! Where the player's copy of a film ends, by its own word or as it was found: a download may end before its length says.

use std::time::Duration;

use watchtogether_protocol::clock::ClockEstimator;
use watchtogether_protocol::{LocalTime, MediaTime, Timeline};

use super::SyncController;
use super::defaults::LONGEST_WAIT;
use super::words::{Goal, Motion};

/// How far before its end a player is sent at most: at the very end there is no frame to stand at.
const LAST_PLACE: MediaTime = MediaTime::from_millis(100);

/// A player at its end while the room is this far from it was sent there by somebody.
pub(super) const FAR_FROM_END: MediaTime = MediaTime::from_millis(1_000);

/// A player that lands further than this before where it was sent came to the end of its data: an exact seek lands on the
/// first frame at or after its target, wherever there is one.
const SHORT_LANDING: MediaTime = MediaTime::from_millis(100);

/// A reading that is older than this says nothing of where a player came to its end.
const STALE: Duration = Duration::from_secs(2);

/// A landing at which the copy may end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct StrayLanding {
    pub(super) landed: MediaTime,
    /// Where the copy ends if the player has come to an end there.
    pub(super) end: MediaTime,
}

/// How a player missed the place where it was sent. Neither says anything about its strength.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Miss {
    /// What it has ends before that, for now or for good: it plays what it has.
    Before,
    /// It cannot stand any nearer: in a recording a seek may land on the next key frame. It waits for the room.
    Beyond,
}

impl Miss {
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
    /// Returns where the own copy ends: where it says so, or where it was found to end before that.
    pub const fn own_end(&self) -> Option<MediaTime> {
        match self.found_end {
            // A live player lacks what the stream has not sent it yet.
            Some(_) | None if self.traits.is_live => None,
            Some(end) => Some(end),
            None => self.traits.duration,
        }
    }

    /// Returns the position nearest to `position` at which the own copy has a frame to stand at.
    pub fn reachable(&self, position: MediaTime) -> MediaTime {
        let last = self.own_end().map(|d| d - LAST_PLACE);
        last.map_or(position, |last| position.min(last))
            .max(MediaTime::ZERO)
    }

    /// Leaves a player alone that came to its end, unless the room is not near that.
    pub(super) fn handle_end(&mut self, timeline: &Timeline, clock: Option<&ClockEstimator>, now: LocalTime) {
        self.gauge.clear();
        let room = clock
            .and_then(|c| c.server_time(now))
            .map(|s| timeline.position_at(s));
        if let (Some(room), Some(end)) = (room, self.own_end())
            && room + FAR_FROM_END < end
        {
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

    /// Returns where a player was sent that landed at the end of its copy instead, well beyond that: in half a file of some
    /// formats there is nothing from where it was sent on. Where exactly its data ends is not known; a place that is about where
    /// it was found to end before says nothing new.
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

    /// Believes that a copy may go on by now beyond the end that was found, where the room goes there: downloads grow.
    pub(super) fn try_beyond_found_end(&mut self, goal: &Goal) {
        let beyond = match goal {
            Goal::Stand { position } => Some(*position),
            Goal::Run(timeline) => Some(timeline.position),
            Goal::Rest => None,
        };
        if let (Some(position), Some(end)) = (beyond, self.found_end)
            && position > end
        {
            self.found_end = None;
        }
    }

    /// Returns the last place of the own copy if the room will have passed it before a catch-up could be over.
    pub(super) fn end_passed(
        &self,
        timeline: &Timeline,
        clock: &ClockEstimator,
        now: LocalTime,
    ) -> Option<MediaTime> {
        let then = clock.server_time(now + self.margin())?;
        let last = self.own_end()? - LAST_PLACE;
        (timeline.position_at(then) >= last).then(|| last.max(MediaTime::ZERO))
    }

    /// Leaves the player at the end of its copy. The frame that it lands on may be well before that place, where the sound
    /// is longer than the picture: the place that it was sent to counts, and nothing is judged by how late it is.
    pub(super) fn stand_at_end(&mut self, last: MediaTime) {
        self.frozen = None;
        self.jump = None;
        let place = match self.motion {
            Motion::Standing { place, .. } | Motion::Going { place } => place,
            Motion::Absent | Motion::Starting | Motion::Running | Motion::Frozen => None,
        };
        if place != Some(last) {
            self.hold(Some(last), Some(last));
        }
    }
}
