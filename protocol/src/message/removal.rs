//! Messages that remove members, ban them and lift bans.

use std::time::Duration;

use bincode::{Decode, Encode};

use crate::id::{MemberId, MemberName};
use crate::limits;
use crate::time::WallTime;

/// Takes a member's seat away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Remove {
    /// The member.
    pub member: MemberId,
    /// Whether they are kept out from now on.
    pub is_ban: bool,
}

/// Lifts a ban.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Unban {
    /// The ban's [`Ban::number`].
    pub number: u32,
}

/// Somebody who may not enter. Only the name is sent, not the other marks by which the server recognises them.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Ban {
    /// The ban's number, unique within one epoch.
    pub number: u32,
    /// The name of the banned member.
    pub name: MemberName,
    /// When the ban expires.
    pub until: WallTime,
}

impl Ban {
    /// Returns how long the ban lasts from `now` on.
    pub fn left(&self, now: WallTime) -> Duration {
        Duration::from_millis(self.until.0.saturating_sub(now.0))
    }

    /// Returns the newest ban of somebody with this name; if there is none, reads the text as a number in the list, counted from
    /// 1.
    pub fn find<'a>(bans: &'a [Self], name: &str) -> Option<&'a Self> {
        let wanted = MemberName::existing(name).ok().map(|name| name.folded());
        let named = bans.iter().rev().find(|ban| Some(ban.name.folded()) == wanted);
        let numbered = || bans.get(name.parse::<usize>().ok()?.checked_sub(1)?);
        named.or_else(numbered)
    }
}

/// All bans of a room, oldest first.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Bans {
    /// The bans.
    pub bans: Vec<Ban>,
}

impl Bans {
    pub(super) fn check(&self) -> Result<(), &'static str> {
        if self.bans.len() > limits::BANS {
            return Err("a room has at most 256 bans");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ban_is_selected_by_its_name_or_its_place_in_the_list() {
        let bans: Vec<Ban> = [(4, "bo"), (5, "Cy D"), (6, "bo")]
            .into_iter()
            .map(|(number, name)| Ban {
                number,
                name: name.parse().expect("a name"),
                until: WallTime(0),
            })
            .collect();
        let number_of = |name: &str| Ban::find(&bans, name).map(|ban| ban.number);

        assert_eq!(number_of("BO"), Some(6), "the newest");
        assert_eq!(number_of("cyd"), Some(5));
        assert_eq!(number_of("1"), Some(4));
        for nobody in ["0", "4", "", "b", "-1"] {
            assert_eq!(number_of(nobody), None, "{nobody}");
        }
    }
}
