//! Entries and departures in one line: members who did the same are grouped.

use watchtogether_protocol::MemberId;
use watchtogether_protocol::narration::Presence;

use crate::strings::{self, Who};

/// Consecutive entries and departures.
#[derive(Clone, Debug, Default)]
pub struct Attendance {
    people: Vec<Attendee>,
}

/// The entries and departures of one member.
#[derive(Clone, Debug)]
struct Attendee {
    id: MemberId,
    who: Who,
    changes: Vec<Presence>,
    /// Whether the user removed them.
    by_you: bool,
}

impl Attendance {
    pub(super) fn add(&mut self, id: MemberId, who: Who, change: Presence, by_you: bool) {
        let Some(known) = self.people.iter_mut().find(|known| known.id == id) else {
            return self.people.push(Attendee {
                id,
                who,
                changes: vec![change],
                by_you,
            });
        };
        known.who = who;
        known.by_you = by_you;
        known.changes.push(change);
        if known.changes.len() > 2 {
            // Only the first and the last matter.
            known.changes.remove(1);
        }
    }

    /// Returns the text: members who did the same are grouped.
    pub fn words(&self) -> String {
        let mut groups: Vec<(&Attendee, Vec<&Who>)> = Vec::new();
        for person in &self.people {
            let is_same = |known: &Attendee| known.changes == person.changes && known.by_you == person.by_you;
            match groups.iter_mut().find(|(known, _)| is_same(known)) {
                Some((_, names)) => names.push(&person.who),
                None => groups.push((person, vec![&person.who])),
            }
        }
        let parts: Vec<String> = groups
            .into_iter()
            .map(|(like, names)| strings::came_or_went(&names, &like.changes, like.by_you))
            .collect();
        parts.join(strings::DOT)
    }
}
