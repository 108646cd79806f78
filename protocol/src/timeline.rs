//! The one record that says where a room is: everything that plays is computed from it.
//!
//! A [`Timeline`] is revisioned and idempotent. Between two revisions nothing is sent: whoever has the
//! record and the server's time knows the position, so nobody's report ever moves the room.

use std::time::Duration;

use bincode::{Decode, Encode};

use crate::id::{Epoch, MemberId, Revision};
use crate::item::ItemId;
use crate::time::{MediaTime, Rate, ServerTime};

/// The playback state of a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Playback {
    /// Stands at the position.
    Paused,
    /// Runs: it passes the position at [`Timeline::at`], which may lie ahead (a scheduled start).
    Playing,
    /// Everybody goes to the position and says when they are there; then it plays.
    Preparing,
}

/// Why the room is where it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Reason {
    /// The room was opened.
    Opened,
    /// Somebody pressed play.
    Played,
    /// Somebody pressed pause.
    Paused,
    /// Somebody went to another position.
    Sought,
    /// Somebody changed the speed.
    RateChanged,
    /// Somebody put on another item.
    ItemChanged,
    /// The item came to its end.
    Ended,
    /// The room waits for the member who is named.
    Waiting,
    /// Those who were waited for are there, or their time is up.
    Resumed,
    /// The room came back from its store.
    Restored,
    /// Somebody took back what was done last.
    Undone,
}

/// The author of the room's last move, and its reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Cause {
    /// The member whose act it was, or for whom the room waits; nobody where the room acts by itself.
    pub who: Option<MemberId>,
    /// The kind of move.
    pub reason: Reason,
}

/// How long players go on at the old rate after another was set: what their sound output has buffered. Measured on
/// libmpv 0.35.1: 0.33 to 0.37 s, the same with the outputs `null` and `pulse`.
pub const RATE_DELAY: Duration = Duration::from_millis(360);

/// Where a room is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Timeline {
    /// The life of the room that the revision counts in.
    pub epoch: Epoch,
    /// Grows with each change.
    pub revision: Revision,
    /// The item that the position is in.
    pub item: ItemId,
    /// The anchor's position.
    pub position: MediaTime,
    /// The server's instant of that position.
    pub at: ServerTime,
    /// How fast it runs when it plays.
    pub rate: Rate,
    /// Whether it plays, stands or prepares.
    pub playback: Playback,
    /// The author and the reason.
    pub cause: Cause,
}

impl Timeline {
    /// Returns the position at `now`: before a scheduled start, and whenever it does not play, the
    /// anchor's own.
    pub fn position_at(&self, now: ServerTime) -> MediaTime {
        match self.playback {
            Playback::Playing => {
                let elapsed = now.nanos_since(self.at).max(0);
                self.position + MediaTime::from_nanos(self.rate.media_nanos(elapsed))
            }
            Playback::Paused | Playback::Preparing => self.position,
        }
    }

    /// Returns the instant at which a playing room passes `position`; it may lie before the anchor.
    /// Nothing where the room does not play.
    pub fn instant_of(&self, position: MediaTime) -> Option<ServerTime> {
        match self.playback {
            Playback::Playing => {
                let nanos = self.rate.real_nanos((position - self.position).as_nanos());
                Some(self.at.offset_by(nanos))
            }
            Playback::Paused | Playback::Preparing => None,
        }
    }

    /// Returns whether this record replaces `other`: a later revision of the same life, or a later life.
    pub fn supersedes(&self, other: &Self) -> bool {
        (self.epoch, self.revision) > (other.epoch, other.revision)
    }

    /// Returns whether the room plays, or will once all are there.
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
    fn before_a_scheduled_start_the_room_stands_at_its_anchor() {
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
    fn a_room_that_stands_passes_no_position() {
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
