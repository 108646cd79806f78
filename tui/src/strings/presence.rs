//! Members who entered and left, as in the chat's event lines.

use watchtogether_protocol::message::roster::LeaveReason;
use watchtogether_protocol::narration::Presence;

use super::{Who, others_more, parts};

/// The number of names that a merged line spells out.
const NAMES: usize = 6;

/// Returns `bo, chi joined`. `by_you` says whether the user removed them: `you banned bo`. Of several changes, the first and the
/// last are narrated.
pub fn came_or_went(people: &[&Who], changes: &[Presence], by_you: bool) -> String {
    let (before, last) = match changes {
        [] => return String::new(),
        [only] => ("none", only),
        [first, .., last] => (before(*first), last),
    };
    let who = &names(people);
    match last {
        Presence::Joined => msg!("presence-joined", who = who, before = before),
        Presence::Left(LeaveReason::Left) => msg!("presence-left", who = who, before = before),
        Presence::Left(LeaveReason::LinkLost) => msg!("presence-gone", who = who, before = before),
        Presence::Left(LeaveReason::Disconnected) => {
            msg!("presence-disconnected", who = who, before = before)
        }
        Presence::Left(LeaveReason::Kicked { .. }) if by_you => {
            msg!("presence-you-kicked", who = who, before = before)
        }
        Presence::Left(LeaveReason::Kicked { .. }) => msg!("presence-kicked", who = who, before = before),
        Presence::Left(LeaveReason::Banned { .. }) if by_you => {
            msg!("presence-you-banned", who = who, before = before)
        }
        Presence::Left(LeaveReason::Banned { .. }) => msg!("presence-banned", who = who, before = before),
        Presence::ConnectionLost => msg!("presence-lost", who = who, before = before),
        Presence::ConnectionBack => {
            msg!("presence-back", who = who, count = people.len(), before = before)
        }
    }
}

/// Returns the value that messages select on for the first of two changes.
const fn before(change: Presence) -> &'static str {
    match change {
        Presence::Joined => "joined",
        Presence::ConnectionLost => "lost",
        Presence::ConnectionBack => "back",
        Presence::Left(_) => "left",
    }
}

/// `a, b, c, d, e, f, 2 more`.
fn names(people: &[&Who]) -> String {
    let spelled = people.len().min(NAMES);
    let mut names: Vec<String> = people[..spelled]
        .iter()
        .map(|who| who.label().to_owned())
        .collect();
    if spelled < people.len() {
        names.push(others_more(people.len() - spelled));
    }
    parts(&names)
}

#[cfg(test)]
mod tests {
    use watchtogether_protocol::MemberId;

    use super::*;

    fn sentence(names: &[&str], changes: &[Presence], by_you: bool) -> String {
        let people: Vec<Who> = names.iter().map(|name| Who::Named((*name).to_owned())).collect();
        came_or_went(&people.iter().collect::<Vec<_>>(), changes, by_you)
    }

    #[test]
    fn a_crowd_is_not_spelled_out() {
        let names = ["a", "b", "c", "d", "e", "f", "g", "h"];

        assert_eq!(
            sentence(&names, &[Presence::Joined], false),
            "a, b, c, d, e, f, 2 more joined"
        );
    }

    #[test]
    fn a_member_who_removes_another_reads_it_as_their_own_action() {
        let by = MemberId(1);
        let kicked = Presence::Left(LeaveReason::Kicked { by });
        let banned = Presence::Left(LeaveReason::Banned { by });

        assert_eq!(sentence(&["cy"], &[kicked], true), "you removed cy");
        assert_eq!(sentence(&["cy", "di"], &[banned], true), "you banned cy, di");
        assert_eq!(
            sentence(&["cy"], &[Presence::Joined, banned], true),
            "cy joined, and you banned them"
        );
        assert_eq!(sentence(&["cy"], &[kicked], false), "the host removed cy");
        assert_eq!(
            came_or_went(&[&Who::You], &[banned], false),
            "the host banned you"
        );
    }

    #[test]
    fn two_changes_are_one_sentence() {
        let (joined, lost, back) = (
            Presence::Joined,
            Presence::ConnectionLost,
            Presence::ConnectionBack,
        );
        let left = Presence::Left(LeaveReason::Left);
        let gone = Presence::Left(LeaveReason::LinkLost);
        for (changes, words) in [
            (vec![joined, left], "bo joined and left"),
            (vec![lost, back], "bo lost the connection and came back"),
            (vec![back, lost], "bo came back and lost the connection again"),
            (vec![lost, gone], "bo lost the connection and left"),
            (vec![gone], "bo left: connection lost"),
            (vec![back], "bo is back"),
        ] {
            assert_eq!(sentence(&["bo"], &changes, false), words);
        }
        assert_eq!(sentence(&["bo", "chi"], &[back], false), "bo, chi are back");
    }
}
