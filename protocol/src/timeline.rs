//! The record that defines where a room is. Every position is computed from it.
//!
//! A [`Timeline`] has a revision, and receiving it twice changes nothing. Between two revisions nothing is sent: anyone with the
//! record and the server's time can compute the position, so no member's report ever moves the room.

use std::time::Duration;

use bincode::{Decode, Encode};

use crate::id::{Epoch, MemberId, Revision};
use crate::item::ItemId;
use crate::time::{MediaTime, Rate, ServerTime};

/// The playback state of a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Playback {
    /// The room is paused at the position.
    Paused,
    /// The room passes the position at [`Timeline::at`], which may be in the future (a scheduled start).
    Playing,
    /// Every player seeks to the position and reports when it is there; then the room plays.
    Preparing,
}

/// The reason for the room's last move.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Reason {
    /// The room was opened.
    Opened,
    /// Somebody pressed play.
    Played,
    /// Somebody pressed pause.
    Paused,
    /// Somebody seeked.
    Seeked,
    /// Somebody changed the speed.
    RateChanged,
    /// Somebody set another item.
    ItemChanged,
    /// The item ended.
    Ended,
    /// The room waits for the member in [`Cause::who`].
    Waiting,
    /// The awaited members are ready, or the room has waited long enough.
    Resumed,
    /// The room was restored from its store.
    Restored,
    /// Somebody undid the last change.
    Undone,
}

/// Who made the room's last move, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Cause {
    /// The member who acted or who the room waits for; `None` if the room acted by itself.
    pub who: Option<MemberId>,
    /// The reason.
    pub reason: Reason,
}

/// How long a player keeps the old rate after a new one was set, because its sound output is buffered. Measured on libmpv 0.35.1:
/// 0.33 to 0.37 s, the same with the outputs `null` and `pulse`.
pub const RATE_DELAY: Duration = Duration::from_millis(360);

/// A room's position as a function of the server's time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Timeline {
    /// The epoch that the revision counts in.
    pub epoch: Epoch,
    /// Increases with each change.
    pub revision: Revision,
    /// The item that the position belongs to.
    pub item: ItemId,
    /// The anchor's position.
    pub position: MediaTime,
    /// The server's time at which the room passes that position.
    pub at: ServerTime,
    /// The speed at which it plays.
    pub rate: Rate,
    /// Whether the room plays, is paused or prepares.
    pub playback: Playback,
    /// Who made the last move, and why.
    pub cause: Cause,
}

impl Timeline {
    /// Returns the position at `now`. Before a scheduled start, and while the room does not play, it is the anchor's.
    pub fn position_at(&self, now: ServerTime) -> MediaTime {
        match self.playback {
            Playback::Playing => {
                let elapsed = now.nanos_since(self.at).max(0);
                self.position + MediaTime::from_nanos(self.rate.media_nanos(elapsed))
            }
            Playback::Paused | Playback::Preparing => self.position,
        }
    }

    /// Returns when a playing room passes `position`, which may be before the anchor. Returns `None` if the room does not play.
    pub fn instant_of(&self, position: MediaTime) -> Option<ServerTime> {
        match self.playback {
            Playback::Playing => {
                let nanos = self.rate.real_nanos((position - self.position).as_nanos());
                Some(self.at.offset_by(nanos))
            }
            Playback::Paused | Playback::Preparing => None,
        }
    }

    /// Returns whether this record replaces `other`: it has a later revision in the same epoch, or a later epoch.
    pub fn supersedes(&self, other: &Self) -> bool {
        (self.epoch, self.revision) > (other.epoch, other.revision)
    }

    /// Returns whether the room plays, or will play once everybody is ready.
    pub const fn is_meant_to_play(&self) -> bool {
        matches!(self.playback, Playback::Playing | Playback::Preparing)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn playing(rate: f64) -> Timeline {
        Timeline {
            epoch: Epoch::default(),
            revision: Revision(3),
            item: ItemId(1),
            position: MediaTime::from_millis(10_000),
            at: ServerTime::from_millis(1_000),
            rate: Rate::from_f64(rate).expect("a valid rate"),
            playback: Playback::Playing,
            cause: Cause {
                who: None,
                reason: Reason::Played,
            },
        }
    }

    #[test]
    fn before_a_scheduled_start_the_room_is_at_its_anchor() {
        let timeline = playing(1.0);

        assert_eq!(
            timeline.position_at(ServerTime::from_millis(0)),
            timeline.position
        );
        assert_eq!(
            timeline.position_at(ServerTime::from_millis(1_500)),
            MediaTime::from_millis(10_500)
        );
    }

    #[test]
    fn a_room_at_another_rate_passes_its_positions_at_that_rate() {
        let timeline = playing(1.25);
        let later = timeline.at + Duration::from_secs(4);

        assert_eq!(timeline.position_at(later), MediaTime::from_millis(15_000));
        assert_eq!(timeline.instant_of(MediaTime::from_millis(15_000)), Some(later));
    }

    #[test]
    fn a_paused_room_passes_no_position() {
        let timeline = Timeline {
            playback: Playback::Paused,
            ..playing(1.0)
        };

        assert_eq!(timeline.instant_of(timeline.position), None);
        assert_eq!(
            timeline.position_at(ServerTime::from_millis(u64::from(u32::MAX))),
            timeline.position
        );
    }

    #[test]
    fn a_stale_or_equal_revision_replaces_nothing() {
        let now = playing(1.0);
        let stale = Timeline {
            revision: Revision(2),
            ..now
        };
        let later_life = Timeline {
            epoch: Epoch {
                counter: 1,
                incarnation: 9,
            },
            revision: Revision(1),
            ..now
        };

        assert!(!stale.supersedes(&now));
        assert!(!now.supersedes(&now));
        assert!(later_life.supersedes(&now));
    }
}
