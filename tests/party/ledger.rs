//! The ledger of the lines that each member received, and the audit of the chat's promise.
//!
//! The promise: everybody receives each line that was acknowledged to its sender once, in the room's order, and lines that are
//! lost for good are announced. Each member keeps a ledger; the audit compares them all.

use std::collections::{BTreeMap, BTreeSet};

use watchtogether_protocol::message::chat::ChatLine;
use watchtogether_protocol::{ChatId, Epoch};

/// A line as received by one member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ReceivedLine {
    pub(crate) epoch: Epoch,
    pub(crate) sequence: u64,
    pub(crate) id: ChatId,
}

/// The chat received by one member, in the order of reception.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ledger {
    pub(crate) received: Vec<ReceivedLine>,
    /// The lines that this member sent, in the order in which they were sent.
    pub(crate) sent: Vec<ChatId>,
    /// The lines among them that were acknowledged.
    pub(crate) acknowledged: Vec<ChatId>,
    /// The number of received lines before each announcement that lines are missing.
    pub(crate) gaps: Vec<usize>,
}

impl Ledger {
    pub(crate) fn receive(&mut self, epoch: Epoch, line: &ChatLine) {
        self.received.push(ReceivedLine {
            epoch,
            sequence: line.sequence,
            id: line.id,
        });
    }

    pub(crate) fn acknowledge(&mut self, id: ChatId) {
        if self.sent.contains(&id) {
            self.acknowledged.push(id);
        }
    }

    pub(crate) fn announce_gap(&mut self) {
        self.gaps.push(self.received.len());
    }
}

/// The differences between the ledgers of one room.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Audit {
    /// Acknowledged lines that a member never received, without an announced gap.
    pub(crate) lost: usize,
    /// Lines that a member received twice.
    pub(crate) doubled: usize,
    /// Lines that a member received before an earlier one, or after a gap that was not announced.
    pub(crate) disordered: usize,
    /// Lines that their sender received in another order than they were sent.
    pub(crate) overtaken: usize,
    /// The total number of acknowledged lines.
    pub(crate) acknowledged: usize,
}

impl Audit {
    /// Compares the ledgers of members who were present from the first line to the last.
    pub(crate) fn of(ledgers: &[&Ledger]) -> Self {
        Self::witnessed(ledgers, &[])
    }

    /// Compares the ledgers of members; `others` know the lines with sequence numbers that these members did not receive again,
    /// because they had received the line before and its sender had to send it again.
    pub(crate) fn witnessed(ledgers: &[&Ledger], others: &[&Ledger]) -> Self {
        let all = ledgers.iter().chain(others).flat_map(|ledger| &ledger.received);
        let places: BTreeMap<(Epoch, u64), ChatId> = all
            .map(|received| ((received.epoch, received.sequence), received.id))
            .collect();
        let acknowledged: BTreeSet<ChatId> = ledgers
            .iter()
            .flat_map(|ledger| ledger.acknowledged.iter().copied())
            .collect();
        let mut audit = Self {
            acknowledged: acknowledged.len(),
            ..Self::default()
        };
        for ledger in ledgers {
            let mut times: BTreeMap<ChatId, usize> = BTreeMap::new();
            for received in &ledger.received {
                *times.entry(received.id).or_default() += 1;
            }
            audit.doubled += times.values().filter(|times| **times > 1).count();
            let missing = acknowledged.iter().filter(|id| !times.contains_key(id)).count();
            if ledger.gaps.is_empty() {
                audit.lost += missing;
            }
            audit.disordered += disordered(ledger, &places);
            audit.overtaken += overtaken(ledger);
        }
        audit
    }

    /// Adds the result for another room.
    pub(crate) const fn add(&mut self, other: &Self) {
        self.lost += other.lost;
        self.doubled += other.doubled;
        self.disordered += other.disordered;
        self.overtaken += other.overtaken;
        self.acknowledged += other.acknowledged;
    }

    /// Returns a description of the differences; `None` if there are none.
    pub(crate) fn complaint(&self) -> Option<String> {
        let wrong = self.lost + self.doubled + self.disordered + self.overtaken;
        (wrong > 0 || self.acknowledged == 0).then(|| format!("{self:?}"))
    }
}

fn disordered(ledger: &Ledger, places: &BTreeMap<(Epoch, u64), ChatId>) -> usize {
    let pairs = ledger.received.windows(2).enumerate();
    pairs
        .filter(|(index, pair)| {
            let (before, after) = (pair[0], pair[1]);
            let is_announced = ledger.gaps.contains(&(index + 1));
            // A restored room may reuse sequence numbers from where it was saved, but never earlier ones.
            let is_forward = after.epoch > before.epoch || after.sequence > before.sequence;
            let was_received = |number: u64| {
                let received_so_far = &ledger.received[..=*index];
                // A saved sequence number means the same line in all later epochs.
                let ids = places
                    .iter()
                    .filter(|((epoch, known), _)| *epoch >= after.epoch && *known == number);
                ids.map(|(_, id)| *id)
                    .any(|id| received_so_far.iter().any(|received| received.id == id))
            };
            let has_hole = !(before.sequence + 1..after.sequence).all(was_received);
            after.epoch < before.epoch || !is_forward || (has_hole && !is_announced)
        })
        .count()
}

fn overtaken(ledger: &Ledger) -> usize {
    let mine = ledger.received.iter().map(|received| received.id);
    let places: Vec<usize> = mine
        .filter_map(|id| ledger.sent.iter().position(|sent| *sent == id))
        .collect();
    places.windows(2).filter(|pair| pair[1] < pair[0]).count()
}

const fn epoch(counter: u64) -> Epoch {
    Epoch {
        counter,
        incarnation: 1,
    }
}

fn ledger(epoch: Epoch, lines: &[(u64, u128)]) -> Ledger {
    let received = lines.iter().map(|(sequence, id)| ReceivedLine {
        epoch,
        sequence: *sequence,
        id: ChatId(uuid::Uuid::from_u128(*id)),
    });
    Ledger {
        received: received.collect(),
        ..Ledger::default()
    }
}

fn with_own(mut ledger: Ledger, ids: &[u128]) -> Ledger {
    ledger.sent = ids.iter().map(|id| ChatId(uuid::Uuid::from_u128(*id))).collect();
    ledger.acknowledged.clone_from(&ledger.sent);
    ledger
}

#[test]
fn the_audit_finds_nothing_where_all_is_well() {
    let ana = with_own(ledger(epoch(1), &[(1, 10), (2, 11)]), &[10]);
    let mut bo = with_own(ledger(epoch(1), &[(1, 10), (2, 11)]), &[11]);
    // Restored, with sequence numbers counted from the saved state.
    bo.received.extend(ledger(epoch(2), &[(2, 12), (3, 13)]).received);
    let mut chi = ana.clone();
    chi.received.clone_from(&bo.received);

    let audit = Audit::of(&[&bo, &chi]);

    assert_eq!(audit.complaint(), None, "{audit:?}");
    assert_eq!(audit.acknowledged, 2);
}

#[test]
fn a_line_that_a_killed_server_was_sent_again_is_no_hole_whenever_somebody_comes_who_knows_its_number() {
    let mut member = with_own(ledger(epoch(1), &[(1, 10), (2, 11), (3, 12)]), &[10, 11, 12]);
    // Only the first was saved; 13 is sent before 11 and 12 are sent again.
    member
        .received
        .extend(ledger(epoch(2), &[(2, 13), (5, 14)]).received);
    let kept = [(1, 10), (2, 13), (3, 11), (4, 12), (5, 14)];

    for life in [2, 3] {
        let late = ledger(epoch(life), &kept);
        let audit = Audit::witnessed(&[&member], &[&late]);
        assert_eq!(audit.complaint(), None, "{life}: {audit:?}");
    }
    let other = ledger(epoch(3), &[(1, 10), (2, 13), (3, 11), (4, 15), (5, 14)]);
    assert_eq!(Audit::witnessed(&[&member], &[&other]).disordered, 1);
}

#[test]
fn the_audit_finds_lost_doubled_disordered_and_foreign_lines() {
    let good = with_own(ledger(epoch(1), &[(1, 10), (2, 11), (3, 12)]), &[10, 11, 12]);
    let complaint = |lines: &[(u64, u128)], gaps: &[usize]| {
        let mut other = ledger(epoch(1), lines);
        other.gaps = gaps.to_vec();
        let audit = Audit::of(&[&good, &other]);
        (audit.lost, audit.doubled, audit.disordered)
    };

    assert_eq!(complaint(&[(1, 10), (2, 11)], &[]), (1, 0, 0));
    assert_eq!(complaint(&[(1, 10), (2, 11), (3, 11), (4, 12)], &[]), (0, 1, 0));
    assert_eq!(complaint(&[(1, 10), (3, 12), (2, 11)], &[]), (0, 0, 2));
    assert_eq!(complaint(&[(1, 10), (3, 12)], &[]), (1, 0, 1));
    assert_eq!(
        complaint(&[(1, 10), (3, 12)], &[1]),
        (0, 0, 0),
        "it was announced"
    );
    let overtaken = with_own(ledger(epoch(1), &[(1, 11), (2, 10)]), &[10, 11]);
    assert_eq!(Audit::of(&[&overtaken]).overtaken, 1);
    assert!(Audit::of(&[&ledger(epoch(1), &[(1, 10)])]).complaint().is_some());
}
