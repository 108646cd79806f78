//! Seeks of one member in a row, told as one: from where the first began to where the last ended.

use std::time::Duration;

use watchtogether_protocol::{LocalTime, MediaTime, MemberId};

/// Whoever goes on seeking does so sooner.
const NEXT: Duration = Duration::from_millis(700);

/// Somebody who never stops is told of all the same.
const LONGEST: Duration = Duration::from_secs(3);

/// The seeks that are not told yet.
#[derive(Debug, Default)]
pub(super) struct Moves {
    waiting: Option<Move>,
}

/// What became of some seeks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Move {
    pub(super) who: Option<MemberId>,
    pub(super) from: MediaTime,
    pub(super) to: MediaTime,
    /// Whether the reader can take it back.
    pub(super) may_undo: bool,
    began: LocalTime,
    until: LocalTime,
}

impl Moves {
    /// Takes a seek in; returns those of somebody else, which are over.
    pub(super) fn sought(
        &mut self,
        who: Option<MemberId>,
        from: MediaTime,
        to: MediaTime,
        now: LocalTime,
    ) -> Option<Move> {
        if let Some(waiting) = self.waiting.as_mut().filter(|waiting| waiting.who == who) {
            waiting.to = to;
            waiting.until = (now + NEXT).min(waiting.began + LONGEST);
            return None;
        }
        self.waiting.replace(Move {
            who,
            from,
            to,
            may_undo: false,
            began: now,
            until: now + NEXT,
        })
    }

    /// Takes in that the last act can be taken back by the reader; says whether it is one of these.
    pub(super) fn may_undo(&mut self) -> bool {
        self.waiting
            .as_mut()
            .map(|waiting| waiting.may_undo = true)
            .is_some()
    }

    /// Returns what waits, because something else is to be told after it.
    pub(super) fn take(&mut self) -> Option<Move> {
        self.waiting.take()
    }

    /// Returns when what waits is to be told.
    pub(super) fn poll_timeout(&self) -> Option<LocalTime> {
        self.waiting.map(|waiting| waiting.until)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> MediaTime {
        MediaTime::from_millis(seconds * 1_000)
    }

    fn now(millis: u64) -> LocalTime {
        LocalTime::from_millis(millis)
    }

    #[test]
    fn seeks_in_a_row_are_one_from_the_first_to_the_last() {
        let (bo, chi) = (Some(MemberId(1)), Some(MemberId(2)));
        let mut moves = Moves::default();

        for step in 0..4i32 {
            let from = i64::from(step) * 5;
            assert_eq!(
                moves.sought(
                    bo,
                    at(from),
                    at(from + 5),
                    now(u64::from(step.unsigned_abs()) * 200)
                ),
                None
            );
        }
        assert_eq!(moves.poll_timeout(), Some(now(1_300)));
        assert!(moves.may_undo());
        let over = moves.sought(chi, at(20), at(0), now(900)).expect("bo's are over");

        assert_eq!(
            (over.who, over.from, over.to, over.may_undo),
            (bo, at(0), at(20), true)
        );
        assert_eq!(moves.take().map(|later| later.who), Some(chi));
        assert!(!moves.may_undo());
    }

    #[test]
    fn whoever_never_stops_is_told_of_all_the_same() {
        let mut moves = Moves::default();
        for step in 0..20 {
            moves.sought(
                None,
                at(0),
                at(step),
                now(u64::try_from(step).expect("small") * 500),
            );
        }

        assert_eq!(moves.poll_timeout(), Some(now(3_000)));
    }
}
