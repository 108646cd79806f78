//! Who came and went, told in one line: who did the same stands together.

use watchtogether_protocol::MemberId;
use watchtogether_protocol::narration::Presence;

use crate::strings;
use crate::text;

/// Comings and goings next to each other.
#[derive(Clone, Debug, Default)]
pub struct Attendance {
    people: Vec<(MemberId, String, Vec<Presence>)>,
}

impl Attendance {
    pub(super) fn add(&mut self, id: MemberId, name: &str, change: Presence) {
        let name = text::safe(name);
        let known = self.people.iter_mut().find(|(known, ..)| *known == id);
        match known {
            Some((_, known, changes)) => {
                *known = name;
                changes.push(change);
                if changes.len() > 2 {
                    // First and last tell the story; what lies between is how it got there.
                    changes.remove(1);
                }
            }
            None => self.people.push((id, name, vec![change])),
        }
    }

    /// Returns the comings and goings in words: who did the same stands together.
    pub fn words(&self) -> String {
        let mut groups: Vec<(&[Presence], Vec<&str>)> = Vec::new();
        for (_, name, changes) in &self.people {
            match groups.iter_mut().find(|(known, _)| *known == changes.as_slice()) {
                Some((_, names)) => names.push(name),
                None => groups.push((changes, vec![name])),
            }
        }
        let parts: Vec<String> = groups
            .into_iter()
            .map(|(changes, names)| strings::came_or_went(&names, changes))
            .collect();
        parts.join(strings::DOT)
    }
}
