//! Merges consecutive seeks that are one change to the room into one report, once nobody continues seeking.

use std::time::Duration;

use watchtogether_protocol::message::undo::ChangeId;
use watchtogether_protocol::{LocalTime, MediaTime, MemberId};

/// The pause after which a seek counts as finished.
const SETTLE_DELAY: Duration = Duration::from_millis(700);

/// The longest delay of a report while somebody keeps seeking.
const LONGEST: Duration = Duration::from_secs(3);

/// The seeks that have not been reported yet.
#[derive(Debug, Default)]
pub(super) struct PendingSeeks {
    waiting: Option<PendingSeek>,
    /// The last reported change, which may still be extended.
    reported: Option<ChangeId>,
}

/// A change of the room's position, as the server reports it to everybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct SeekChange {
    pub(super) id: ChangeId,
    /// The author; `None` if that member is no longer known.
    pub(super) who: Option<MemberId>,
    pub(super) from: MediaTime,
    pub(super) to: MediaTime,
    /// Whether the user can undo it.
    pub(super) may_undo: bool,
}

/// A seek that is due to be reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct SettledSeek {
    pub(super) what: SeekChange,
    /// Whether its first part was already reported.
    pub(super) goes_on: bool,
}

#[derive(Clone, Copy, Debug)]
struct PendingSeek {
    what: SeekChange,
    began: LocalTime,
    until: LocalTime,
}

impl PendingSeeks {
    /// Adds a seek, or the continuation of one. If another one was waiting, it has ended and is returned.
    pub(super) fn handle_seek(&mut self, what: SeekChange, now: LocalTime) -> Option<SettledSeek> {
        if let Some(waiting) = self.waiting.as_mut().filter(|waiting| waiting.what.id == what.id) {
            waiting.what = what;
            waiting.until = (now + SETTLE_DELAY).min(waiting.began + LONGEST);
            return None;
        }
        let over = self.take();
        self.waiting = Some(PendingSeek {
            what,
            began: now,
            until: now + SETTLE_DELAY,
        });
        over
    }

    /// Returns the waiting seek, because it is due or something else is about to be reported.
    pub(super) fn take(&mut self) -> Option<SettledSeek> {
        let what = self.waiting.take()?.what;
        let before = self.reported.replace(what.id);
        Some(SettledSeek {
            what,
            goes_on: before == Some(what.id),
        })
    }

    /// Returns when the waiting seek is to be reported.
    pub(super) fn poll_timeout(&self) -> Option<LocalTime> {
        self.waiting.map(|waiting| waiting.until)
    }
}

#[cfg(test)]
mod tests {
    use watchtogether_protocol::Epoch;

    use super::*;

    fn at(seconds: i64) -> MediaTime {
        MediaTime::from_millis(seconds * 1_000)
    }

    fn now(millis: u64) -> LocalTime {
        LocalTime::from_millis(millis)
    }

    fn moved(number: u32, from: i64, to: i64) -> SeekChange {
        let epoch = Epoch {
            counter: 1,
            incarnation: 1,
        };
        SeekChange {
            id: ChangeId { epoch, number },
            who: Some(MemberId(number)),
            from: at(from),
            to: at(to),
            may_undo: false,
        }
    }

    #[test]
    fn a_growing_change_is_reported_once_with_its_last_state() {
        let mut moves = PendingSeeks::default();

        for (step, to) in [5, 10, 15, 20].into_iter().enumerate() {
            let reported = moves.handle_seek(moved(1, 0, to), now(step as u64 * 200));
            assert_eq!(reported, None);
        }
        assert_eq!(moves.poll_timeout(), Some(now(1_300)));
        let over = moves
            .handle_seek(moved(2, 20, 0), now(900))
            .expect("the first is over");

        assert_eq!((over.what, over.goes_on), (moved(1, 0, 20), false));
        assert_eq!(moves.take().map(|next| next.what), Some(moved(2, 20, 0)));
        assert_eq!(moves.take(), None);
    }

    #[test]
    fn a_change_that_grows_after_its_report_is_continued() {
        let mut moves = PendingSeeks::default();
        moves.handle_seek(moved(1, 0, 5), now(0));
        moves.take();

        moves.handle_seek(moved(1, 0, 10), now(2_000));

        assert!(moves.take().is_some_and(|more| more.goes_on));
        moves.handle_seek(moved(2, 10, 20), now(3_000));
        assert!(moves.take().is_some_and(|next| !next.goes_on));
    }

    #[test]
    fn a_member_who_never_stops_seeking_is_reported_all_the_same() {
        let mut moves = PendingSeeks::default();

        for step in 0..20 {
            let to = i64::try_from(step).expect("small");
            moves.handle_seek(moved(1, 0, to), now(step * 500));
        }

        assert_eq!(moves.poll_timeout(), Some(now(3_000)));
    }
}
