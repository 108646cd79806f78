//! The lines that go over the film: only what changes what is seen, and never the own acts.

use watchtogether_protocol::close::CloseCode;
use watchtogether_protocol::message::roster::{LeaveReason, PlayerState};
use watchtogether_protocol::message::undo::{Change, Undoable};
use watchtogether_protocol::timeline::Reason;
use watchtogether_protocol::{MemberId, Timeline};

use super::mirror::Mirror;

/// What is said when the film is paused because the link is gone.
pub(super) const PAUSED_HERE: &str = "connection lost: paused here";

/// Returns what is said when the film is paused because the room is over.
pub(super) fn over(why: CloseCode) -> String {
    format!("{}: paused here", why.words())
}

/// What is said to somebody who would move a room that is over.
pub(super) const OVER: &str = "the room is over";

/// What is said to somebody who would move the room without a link.
pub(super) const NO_LINK: &str = "no connection: the film goes on by itself";

/// Why the room's film is not opened in a player whose script opens another each time.
pub(super) const OPENS_OTHERS: &str =
    "your player keeps opening something else, perhaps from one of its scripts";

/// What is said to somebody who would change a player that is not there.
pub(super) const NO_PLAYER: &str = "there is no player to change that of";

/// Returns the line about somebody else's act.
pub(super) fn act(mirror: &Mirror, timeline: &Timeline) -> Option<String> {
    let who = timeline.cause.who.filter(|who| *who != mirror.you)?;
    let name = mirror.name_of(who)?;
    match timeline.cause.reason {
        Reason::Played => Some(format!("{name} pressed play")),
        Reason::Paused => Some(format!("{name} paused")),
        Reason::Sought => Some(format!("{name} went to {}", timeline.position)),
        Reason::RateChanged => Some(format!("{name} set the speed to {}x", timeline.rate.as_f64())),
        Reason::ItemChanged => {
            let item = mirror.current_item()?;
            Some(format!("{name} put on {}", item.title))
        }
        Reason::Opened
        | Reason::Ended
        | Reason::Waiting
        | Reason::Resumed
        | Reason::Restored
        | Reason::Undone => None,
    }
}

/// Returns the line about somebody who is gone.
pub(super) fn left(name: &str, why: LeaveReason) -> String {
    match why {
        LeaveReason::Left | LeaveReason::LinkLost | LeaveReason::Disconnected => format!("{name} left"),
        LeaveReason::Kicked { .. } => format!("{name} was removed"),
        LeaveReason::Banned { .. } => format!("{name} was banned"),
    }
}

/// Returns the line about what somebody else took back.
pub(super) fn undone(mirror: &Mirror, undoable: &Undoable) -> Option<String> {
    let undone = undoable.undoes.filter(|_| undoable.by != mirror.you)?;
    let name = mirror.name_of(undoable.by)?;
    let outcome = match undoable.change {
        Change::Place { to, .. } => format!("back at {to}"),
        Change::Play => "it plays on".to_owned(),
        Change::Pause { position } => format!("paused at {position}"),
        Change::Rate { rate } => format!("{}x", rate.as_f64()),
        Change::Item => format!("back to {}", mirror.current_item()?.title),
        Change::Host { host } => format!("{} is host", mirror.name_of(host)?),
        Change::Stall { .. } => return None,
    };
    let verb = if undone.was_undo {
        "did it again"
    } else {
        "undid it"
    };
    Some(format!("{name} {verb}: {outcome}"))
}

/// Returns the line about those for whom the room waits: the reader as "you", then who stopped it, then the others. Returns
/// nothing where the room waits for nobody but the reader, who sees their own player buffer.
pub(super) fn waiting(mirror: &Mirror) -> Option<String> {
    let mut who: Vec<MemberId> = mirror.waiting_for.clone();
    if who.iter().all(|id| *id == mirror.you) {
        return None;
    }
    who.sort_by_key(|id| (*id != mirror.you, Some(*id) != mirror.timeline.cause.who));
    let names: Vec<String> = who
        .into_iter()
        .filter_map(|id| name_with_buffer(mirror, id))
        .collect();
    let (last, first) = names.split_last()?;
    Some(if first.is_empty() {
        format!("waiting for {last}")
    } else {
        format!("waiting for {} and {last}", first.join(", "))
    })
}

/// Returns the line for somebody whose key in the window was undone.
pub(super) fn not_yours(mirror: &Mirror) -> String {
    match mirror.host.and_then(|host| mirror.name_of(host)) {
        Some(name) => format!("only {name} can pause or seek"),
        None => "nobody can pause or seek right now".to_owned(),
    }
}

/// Returns the line for somebody who has no copy of the film.
pub(super) fn no_copy(mirror: &Mirror) -> Option<String> {
    Some(format!("you don't have {}", mirror.current_item()?.title))
}

fn name_with_buffer(mirror: &Mirror, id: MemberId) -> Option<String> {
    let member = mirror.member(id)?;
    let name = if id == mirror.you {
        "you"
    } else {
        member.name.as_str()
    };
    Some(match member.report.player {
        PlayerState::Buffering { percent } => format!("{name} (buffering {percent} %)"),
        PlayerState::Loading | PlayerState::Searching { .. } => format!("{name} (loading)"),
        PlayerState::None
        | PlayerState::Closed
        | PlayerState::Idle
        | PlayerState::NoCopy
        | PlayerState::Following
        | PlayerState::CatchingUp { .. }
        | PlayerState::Detached
        | PlayerState::Ended { .. }
        | PlayerState::TooSlow
        | PlayerState::NotResponding
        | PlayerState::Failed { .. } => name.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::super::test_support::{MEMBERS, entered, state};
    use super::*;
    use watchtogether_protocol::{Cause, LocalTime, Playback};

    fn moved(who: MemberId, reason: Reason) -> Timeline {
        Timeline {
            cause: Cause {
                who: Some(who),
                reason,
            },
            ..state(5, Playback::Paused, 4_200_000).timeline
        }
    }

    #[test]
    fn others_acts_are_told_and_own_ones_are_not() {
        let mirror = Mirror::new(&entered(), LocalTime::default());

        let told = |who, reason| act(&mirror, &moved(who, reason));

        assert_eq!(told(MEMBERS[1], Reason::Paused).as_deref(), Some("bo paused"));
        assert_eq!(
            told(MEMBERS[1], Reason::Sought).as_deref(),
            Some("bo went to 1:10:00")
        );
        assert_eq!(told(MEMBERS[0], Reason::Paused), None);
        assert_eq!(told(MemberId(99), Reason::Paused), None);
        assert_eq!(told(MEMBERS[1], Reason::Waiting), None);
    }

    #[test]
    fn those_who_are_waited_for_are_named_with_what_they_are_at() {
        let mut mirror = Mirror::new(&entered(), LocalTime::default());
        mirror.waiting_for = MEMBERS.to_vec();
        mirror.members[1].report.player = PlayerState::Buffering { percent: 10 };

        assert_eq!(
            waiting(&mirror).as_deref(),
            Some("waiting for you and bo (buffering 10 %)")
        );
        mirror.waiting_for = vec![MEMBERS[0]];
        assert_eq!(waiting(&mirror), None);
    }

    #[test]
    fn a_room_without_a_host_says_so() {
        let mut mirror = Mirror::new(&entered(), LocalTime::default());
        assert_eq!(not_yours(&mirror), "only ana can pause or seek");

        mirror.host = None;

        assert_eq!(not_yours(&mirror), "nobody can pause or seek right now");
    }
}
