//! The record that says where a room is. Every position is computed from it.
//!
//! A [`Timeline`] has a revision and is idempotent. Between two revisions nothing is sent: anyone with the record and the
//! server's time knows the position, so no member's report ever moves the room.

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
    /// The room passes the position at [`Timeline::at`], which may lie ahead (a scheduled start).
    Playing,
    /// Every player goes to the position and reports when it is there; then the room plays.
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
    /// Somebody sought to another position.
    Sought,
    /// Somebody changed the speed.
    RateChanged,
    /// Somebody put on another item.
    ItemChanged,
    /// The item came to its end.
    Ended,
    /// The room waits for the member in [`Cause::who`].
    Waiting,
    /// The awaited members are ready, or the time for waiting is up.
    Resumed,
    /// The room was restored from its store.
    Restored,
    /// Somebody undid the last change.
    Undone,
}

/// The author of the room's last move, and its reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Cause {
    /// The member who acted, or for whom the room waits; `None` if the room acted by itself.
    pub who: Option<MemberId>,
    /// The kind of move.
    pub reason: Reason,
}

/// How long a player goes on at the old rate after a new one was set, because its sound output is buffered. Measured on libmpv
/// 0.35.1: 0.33 to 0.37 s, the same with the outputs `null` and `pulse`.
pub const RATE_DELAY: Duration = Duration::from_millis(360);

/// A room's position as a function of the server's time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Timeline {
    /// The life of the room within which the revision counts.
    pub epoch: Epoch,
    /// Increases with each change.
    pub revision: Revision,
    /// The item to which the position belongs.
    pub item: ItemId,
    /// The anchor's position.
    pub position: MediaTime,
    /// The server's time at which that position is passed.
    pub at: ServerTime,
    /// The speed while it plays.
    pub rate: Rate,
    /// Whether it plays, is paused or prepares.
    pub playback: Playback,
    /// The author of the last move and its reason.
    pub cause: Cause,
}

impl Timeline {
    /// Returns the position at `now`: the anchor's own before a scheduled start and whenever the room does not play.
    pub fn position_at(&self, now: ServerTime) -> MediaTime {
        match self.playback {
            Playback::Playing => {
                let elapsed = now.nanos_since(self.at).max(0);
                self.position + MediaTime::from_nanos(self.rate.media_nanos(elapsed))
            }
            Playback::Paused | Playback::Preparing => self.position,
        }
    }

    /// Returns the instant at which a playing room passes `position`, which may lie before the anchor. Returns `None` if the room
    /// does not play.
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

    /// Returns whether the room plays, or will once everybody is ready.
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
