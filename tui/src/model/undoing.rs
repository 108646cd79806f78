//! What can be undone, and which line of the chat tells of it.

use watchtogether_protocol::message::undo::{ChangeId, Undoable};
use watchtogether_protocol::{LocalTime, MemberId};

use crate::update::Happening;

/// The last change of what everybody shares, as far as the screen knows it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Undoing {
    /// The line of the last act that was told, until it is known whether it can be undone; whose act it was, if that is
    /// known.
    told: Option<(Option<MemberId>, u64)>,
    offer: Option<Offer>,
}

/// Something that can be undone.
#[derive(Clone, Copy, Debug)]
struct Offer {
    id: ChangeId,
    by: MemberId,
    until: LocalTime,
    /// The entry of the chat that tells of it.
    serial: Option<u64>,
}

impl Undoing {
    /// Takes in that an act was told in the chat.
    pub fn told(&mut self, by: Option<MemberId>, serial: u64) {
        self.told = Some((by, serial));
        if let Some(offer) = &mut self.offer
            && offer.serial.is_none()
            && is_by(by, offer.by)
        {
            offer.serial = Some(serial);
            self.told = None;
        }
    }

    /// Takes in that a change can be undone until an instant; `line` tells of it, where it was told with it.
    pub fn offered(&mut self, undoable: &Undoable, id: ChangeId, until: LocalTime, line: Option<u64>) {
        let by = undoable.by;
        let told = self.told.take().filter(|(author, _)| is_by(*author, by));
        let told = told.map(|(_, serial)| serial);
        let serial = line.or(told).or_else(|| self.line_of(id));
        self.offer = Some(Offer {
            id,
            by,
            until,
            serial,
        });
    }

    /// Returns the line that tells of a change, where that is the last one.
    pub fn line_of(&self, id: ChangeId) -> Option<u64> {
        self.offer.filter(|offer| offer.id == id)?.serial
    }

    /// Returns the line that tells of what can still be undone, and until when it can.
    pub fn line(&self, now: LocalTime) -> Option<(u64, LocalTime)> {
        let offer = self.offer.filter(|offer| now < offer.until)?;
        Some((offer.serial?, offer.until))
    }
}

fn is_by(author: Option<MemberId>, by: MemberId) -> bool {
    author.is_none_or(|author| author == by)
}

/// Returns whether what happened is an act that can be undone, and whose, where that is known.
pub fn actor(happening: &Happening) -> Option<Option<MemberId>> {
    match happening {
        Happening::Played { who }
        | Happening::Paused { who, .. }
        | Happening::RateChanged { who, .. }
        | Happening::ItemChanged { who, .. } => Some(*who),
        Happening::StallPolicyChanged { who, .. } => Some(Some(*who)),
        Happening::Ended
        | Happening::Waiting { .. }
        | Happening::WentOn
        | Happening::Restored
        | Happening::NoCopy { .. }
        | Happening::FileCompared { .. }
        | Happening::WishUndone { .. }
        | Happening::Refused { .. }
        | Happening::Offline
        | Happening::LinkLost { .. }
        | Happening::LinkBack
        | Happening::Note { .. } => None,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use watchtogether_protocol::Epoch;
    use watchtogether_protocol::message::undo::Change;

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
            change: Change::Play,
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
        undoing.offered(&change(BO), id(1, 1), until(), Some(7));

        undoing.offered(&change(BO), id(1, 1), until(), None);

        assert_eq!(undoing.line(NOW), Some((7, until())));
        assert_eq!(undoing.line_of(id(1, 1)), Some(7));
        assert_eq!(undoing.line_of(id(2, 1)), None);
        undoing.offered(&change(BO), id(2, 1), until(), None);
        assert_eq!(undoing.line(NOW), None);
    }

    #[test]
    fn an_act_and_its_change_are_one_whichever_comes_first() {
        let mut first = Undoing::default();
        first.told(Some(BO), 7);
        first.offered(&change(BO), id(1, 1), until(), None);
        let mut last = Undoing::default();
        last.offered(&change(BO), id(1, 1), until(), None);
        last.told(Some(BO), 7);

        for undoing in [first, last] {
            assert_eq!(undoing.line(NOW), Some((7, until())));
            assert_eq!(undoing.line(until()), None);
        }
    }

    #[test]
    fn a_change_is_not_hung_on_somebody_elses_act() {
        let mut undoing = Undoing::default();

        undoing.told(Some(CHI), 7);
        undoing.offered(&change(BO), id(1, 1), until(), None);

        assert_eq!(undoing.line(NOW), None);
    }

    #[test]
    fn a_newer_change_takes_the_place_of_the_last() {
        let mut undoing = Undoing::default();
        undoing.told(Some(BO), 7);
        undoing.offered(&change(BO), id(1, 1), until(), None);

        undoing.told(None, 9);
        undoing.offered(&change(CHI), id(1, 2), until(), None);

        assert_eq!(undoing.line(NOW), Some((9, until())));
    }
}
