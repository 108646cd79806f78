//! The change that can be undone, and the line of the chat that reports it.

use watchtogether_protocol::message::undo::{ChangeId, Undoable};
use watchtogether_protocol::narration::{Fact, Happening};
use watchtogether_protocol::{LocalTime, MemberId};

/// The last change to the room, as far as the screen knows it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Undoing {
    /// The line of the last reported action, until it is known whether it can be undone, with its author if known.
    reported: Option<(Option<MemberId>, u64)>,
    offer: Option<Offer>,
}

/// A change that can be undone.
#[derive(Clone, Copy, Debug)]
struct Offer {
    id: ChangeId,
    by: MemberId,
    until: LocalTime,
    /// The entry of the chat that reports it.
    serial: Option<u64>,
}

impl Undoing {
    /// Sets the last change of the room that was entered. How to undo an earlier one is no longer shown, because undoing takes
    /// back the last.
    pub fn entered(&mut self, last: Option<ChangeId>) {
        self.reported = None;
        self.offer = self.offer.filter(|offer| Some(offer.id) == last);
    }

    /// Records that an action was reported in the chat.
    pub fn note_entry(&mut self, by: Option<MemberId>, serial: u64) {
        self.reported = Some((by, serial));
        if let Some(offer) = &mut self.offer
            && offer.serial.is_none()
            && is_by(by, offer.by)
        {
            offer.serial = Some(serial);
            self.reported = None;
        }
    }

    /// Records that a change was reported in the chat, if it is the last one.
    pub fn note_change_entry(&mut self, id: ChangeId, serial: u64) {
        if let Some(offer) = self.offer.as_mut().filter(|offer| offer.id == id) {
            offer.serial = Some(serial);
        }
    }

    /// Records that a change can be undone until an instant.
    pub fn offered(&mut self, undoable: &Undoable, id: ChangeId, until: LocalTime) {
        let by = undoable.by;
        // These follow, with lines of their own.
        let has_own_line = undoable.is_sole_report();
        let reported = self.reported.take().filter(|(author, _)| is_by(*author, by));
        let reported = reported.map(|(_, serial)| serial).filter(|_| !has_own_line);
        let serial = reported.or_else(|| self.line_of(id));
        self.offer = Some(Offer {
            id,
            by,
            until,
            serial,
        });
    }

    /// Returns the line that reports a change, if that is the last one.
    pub fn line_of(&self, id: ChangeId) -> Option<u64> {
        self.offer.filter(|offer| offer.id == id)?.serial
    }

    /// Returns the line of the change that can still be undone, and until when.
    pub fn line(&self, now: LocalTime) -> Option<(u64, LocalTime)> {
        let offer = self.offer.filter(|offer| now < offer.until)?;
        Some((offer.serial?, offer.until))
    }
}

fn is_by(author: Option<MemberId>, by: MemberId) -> bool {
    author.is_none_or(|author| author == by)
}

/// Returns the change that a fact reports, if it names one.
pub const fn change(fact: &Fact) -> Option<ChangeId> {
    if let Fact::Seek { id, .. }
    | Fact::Played { id, .. }
    | Fact::Paused { id, .. }
    | Fact::RateChanged { id, .. }
    | Fact::Undid { id, .. } = fact
    {
        Some(*id)
    } else {
        None
    }
}

/// Returns the author of a happening that can be undone and has no change id; `Some(None)` if the author is unknown.
pub fn actor(happening: &Happening) -> Option<Option<MemberId>> {
    if let Fact::BecameHost { .. } = happening.fact {
        // The new host is not the member who made the change.
        return Some(None);
    }
    let is_act = matches!(
        &happening.fact,
        Fact::ItemSet { .. } | Fact::SettingChanged { .. }
    );
    is_act.then(|| happening.actor.as_ref().map(|actor| actor.id))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use watchtogether_protocol::message::undo::Change;
    use watchtogether_protocol::{Epoch, MediaTime};

    use super::*;

    const BO: MemberId = MemberId(2);
    const CHI: MemberId = MemberId(3);
    const NOW: LocalTime = LocalTime::from_millis(5_000);

    fn until() -> LocalTime {
        NOW + Duration::from_mins(1)
    }

    fn change(by: MemberId) -> Undoable {
        Undoable {
            number: 1,
            by,
            change: Change::Item,
            undoes: None,
            left_ms: 60_000,
        }
    }

    fn id(incarnation: u64, number: u32) -> ChangeId {
        let epoch = Epoch {
            counter: 1,
            incarnation,
        };
        ChangeId { epoch, number }
    }

    #[test]
    fn a_change_that_grows_keeps_its_line_and_one_of_another_life_has_none() {
        let mut undoing = Undoing::default();
        undoing.offered(&change(BO), id(1, 1), until());
        undoing.note_entry(Some(BO), 7);

        undoing.offered(&change(BO), id(1, 1), until());

        assert_eq!(undoing.line(NOW), Some((7, until())));
        assert_eq!(undoing.line_of(id(1, 1)), Some(7));
        assert_eq!(undoing.line_of(id(2, 1)), None);
        undoing.offered(&change(BO), id(2, 1), until());
        assert_eq!(undoing.line(NOW), None);
    }

    #[test]
    fn a_returning_member_is_not_offered_to_undo_an_earlier_change() {
        for (last, line) in [
            (Some(id(1, 1)), Some((7, until()))),
            (Some(id(1, 2)), None),
            (Some(id(2, 1)), None),
            (None, None),
        ] {
            let mut undoing = Undoing::default();
            undoing.offered(&change(BO), id(1, 1), until());
            undoing.note_entry(Some(BO), 7);

            undoing.entered(last);

            assert_eq!(undoing.line(NOW), line, "{last:?}");
        }
    }

    #[test]
    fn an_act_of_before_a_lost_link_takes_no_change_of_after_it() {
        let mut undoing = Undoing::default();
        undoing.note_entry(Some(BO), 7);

        undoing.entered(Some(id(1, 2)));
        undoing.offered(&change(BO), id(1, 2), until());

        assert_eq!(undoing.line(NOW), None);
    }

    #[test]
    fn a_seek_takes_no_line_of_an_act_that_cannot_be_undone() {
        let mut undoing = Undoing::default();
        undoing.note_entry(Some(BO), 7);
        let place = Change::Place {
            from: MediaTime::ZERO,
            to: MediaTime::from_millis(5_000),
        };
        let seek = Undoable {
            change: place,
            ..change(BO)
        };

        undoing.offered(&seek, id(1, 1), until());

        assert_eq!(undoing.line_of(id(1, 1)), None);
        undoing.note_change_entry(id(1, 1), 9);
        assert_eq!(undoing.line_of(id(1, 1)), Some(9));
    }

    #[test]
    fn an_act_and_its_change_are_one_whichever_comes_first() {
        let mut first = Undoing::default();
        first.note_entry(Some(BO), 7);
        first.offered(&change(BO), id(1, 1), until());
        let mut last = Undoing::default();
        last.offered(&change(BO), id(1, 1), until());
        last.note_entry(Some(BO), 7);

        for undoing in [first, last] {
            assert_eq!(undoing.line(NOW), Some((7, until())));
            assert_eq!(undoing.line(until()), None);
        }
    }

    #[test]
    fn a_change_is_not_attributed_to_another_members_action() {
        let mut undoing = Undoing::default();

        undoing.note_entry(Some(CHI), 7);
        undoing.offered(&change(BO), id(1, 1), until());

        assert_eq!(undoing.line(NOW), None);
    }

    #[test]
    fn a_newer_change_takes_the_place_of_the_last() {
        let mut undoing = Undoing::default();
        undoing.note_entry(Some(BO), 7);
        undoing.offered(&change(BO), id(1, 1), until());

        undoing.note_entry(None, 9);
        undoing.offered(&change(CHI), id(1, 2), until());

        assert_eq!(undoing.line(NOW), Some((9, until())));
    }
}
