//! What happened, in the words of the chat's event lines.

use std::time::Duration;

use watchtogether_protocol::item::FileMatch;
use watchtogether_protocol::link_end::LinkEnd;
use watchtogether_protocol::message::roster::{HostChangeReason, LeaveReason};
use watchtogether_protocol::narration::Presence;
use watchtogether_protocol::{MediaTime, Rate};

use super::copies::{compared, lack_file};
use super::numbers::{distance, rate, rough, seconds};
use super::{DOT, host_is, with_reason};
use crate::typed_time;

/// `you opened movie-night`.
pub fn opened(room: &str) -> String {
    format!("{YOU} opened {room}", YOU = msg!("you"))
}

/// `you joined movie-night · host ana`.
pub fn entered(room: &str, host: Option<&str>) -> String {
    match host {
        Some(host) => format!("{YOU} joined {room}{DOT}{}", host_is(host), YOU = msg!("you")),
        None => format!("{YOU} joined {room}", YOU = msg!("you")),
    }
}

/// The first lines of a chat that is kept.
pub fn transcript_head(room: &str, title: Option<&str>) -> String {
    let title = title.map_or_else(String::new, |title| format!("{DOT}{title}"));
    format!("# {room}{title}\n# time, where the film was, who said what\n")
}

/// `2 lines left out: too many at once`.
pub fn left_out(count: u64) -> String {
    let lines = if count == 1 { "line" } else { "lines" };
    format!("{count} {lines} left out: too many at once")
}

/// What happened, and what to do about it.
pub fn with_hint(words: &str, hint: Option<&str>) -> String {
    match hint {
        Some(hint) => format!("{words}{DOT}{hint}"),
        None => words.to_owned(),
    }
}

/// `ana pressed play`.
pub fn played(who: &str) -> String {
    format!("{who} pressed play")
}

/// `ana paused at 00:41:12`.
pub fn paused_at(who: &str, at: MediaTime) -> String {
    format!("{who} paused at {at}")
}

/// `bo went back 10 s to 41:02`.
pub fn went(who: &str, from: MediaTime, to: MediaTime) -> String {
    let way = if to < from { "back" } else { "forward" };
    let distance = distance(from, to);
    let words = if distance < Duration::from_secs(1) {
        seconds(distance)
    } else {
        rough(distance)
    };
    format!("{who} went {way} {words} to {to}")
}

/// `the film is 1:02:03 long`: why nobody goes to a later time.
pub fn film_is_long(length: MediaTime) -> String {
    format!("the film is {length} long")
}

/// How a time is written.
pub fn time_forms() -> String {
    format!(
        "times are written {}; +10 and -10 go from here",
        typed_time::FORMS
    )
}

/// `ana watches at 1.25x`, for everyone.
pub fn rate_changed(who: &str, to: Rate) -> String {
    format!("{who} set the speed to {}", rate(to))
}

/// `ana put on Film.mkv (2:03:55)`.
pub fn put_on(who: &str, title: &str, duration: Option<MediaTime>) -> String {
    match duration {
        Some(duration) => format!("{who} put on {title} ({duration})"),
        None => format!("{who} put on {title}"),
    }
}

/// `everybody waits for bo`.
pub fn event_waiting(who: &str) -> String {
    format!("everybody waits for {who}")
}

/// How the own copy compares; nothing where nothing is known.
pub fn file_compared(title: &str, file: FileMatch) -> Option<String> {
    match file {
        FileMatch::Same => Some(format!("your copy of {title} is the same ✓")),
        FileMatch::Other { longer_by } => Some(format!("your file {} ⚠", compared(title, longer_by))),
        FileMatch::Growing => Some(format!("your copy of {title} is still growing")),
        FileMatch::Unknown | FileMatch::Live => None,
    }
}

/// `film.ts is complete (2:03:55)`, of a file that was still being written.
pub fn final_length(title: &str, duration: MediaTime) -> String {
    format!("{title} is complete ({duration})")
}

/// `the player cannot open Film.mkv: not a film`.
pub fn not_opened(what: Option<&str>, why: &str) -> String {
    format!("the player cannot open {}: {why}", what.unwrap_or("it"))
}

/// The room that was to be opened is there already.
pub fn room_exists(name: &str) -> String {
    format!("there is a room called {name} already")
}

/// There is no local copy of the item, and what to do about it.
pub fn no_copy(title: &str) -> String {
    format!("{}. Type /open and the path to your copy", lack_file(title))
}

/// Returns the notice for a viewer whose key in the player's window was undone; `is_back` where the player is with the room again.
pub fn wish_undone(host: Option<&str>, is_back: bool) -> String {
    let back = if is_back { "; you're back in sync" } else { "" };
    match host {
        Some(host) => format!("only {host} can pause or seek{back}. To ask, write in the chat"),
        None => format!("nobody can pause or seek right now{back}"),
    }
}

/// Returns the notice for a request that only the host may make, with the way to get it done.
pub fn host_only(host: &str) -> String {
    format!("only {host} can do that: ask in the chat")
}

/// `connection lost: nothing was heard for too long`.
pub fn link_lost(why: &LinkEnd) -> String {
    with_reason(msg!("connection-lost"), &super::link_end(why))
}

/// `ana is host now`, with the reason.
pub fn host_changed(name: &str, is_you: bool, why: HostChangeReason) -> String {
    let verb = if is_you { "you are" } else { "is" };
    let name = if is_you { "" } else { name };
    let reason = match why {
        HostChangeReason::Transferred | HostChangeReason::Undone => "",
        HostChangeReason::HostLeft => ": the host left",
        HostChangeReason::HostLost => ": the host lost the connection",
        HostChangeReason::Reclaimed => return format!("{name} {verb} host again").trim_start().to_owned(),
    };
    format!("{name} {verb} host now{reason}").trim_start().to_owned()
}

/// `bo, chi joined`; `by_you` where the user removed them, if somebody did: `you banned bo`.
pub fn came_or_went(names: &[&str], changes: &[Presence], by_you: bool) -> String {
    let shown: Vec<String> = if names.len() > NAMES {
        let others = names.len() - NAMES;
        names[..NAMES]
            .iter()
            .map(|name| (*name).to_owned())
            .chain([format!("{others} more")])
            .collect()
    } else {
        names.iter().map(|name| (*name).to_owned()).collect()
    };
    let shown = shown.join(", ");
    match changes {
        [Presence::Left(LeaveReason::Kicked { .. })] if by_you => {
            return format!("{YOU} removed {shown}", YOU = msg!("you"));
        }
        [Presence::Left(LeaveReason::Banned { .. })] if by_you => {
            return format!("{YOU} banned {shown}", YOU = msg!("you"));
        }
        _ => {}
    }
    let (are, were) = if names.len() == 1 && names[0] != msg!("you") {
        ("is", "was")
    } else {
        ("are", "were")
    };
    let remover = if by_you { msg!("you") } else { "the host" };
    let verbs: Vec<String> = changes
        .iter()
        .map(|change| match change {
            Presence::Joined => "joined".to_owned(),
            Presence::Left(LeaveReason::Left) => "left".to_owned(),
            Presence::Left(LeaveReason::LinkLost) if changes.contains(&Presence::ConnectionLost) => {
                format!("{are} gone")
            }
            Presence::Left(LeaveReason::LinkLost) => format!("{are} gone: {}", msg!("connection-lost")),
            Presence::Left(LeaveReason::Disconnected) => format!("{were} disconnected"),
            Presence::Left(LeaveReason::Kicked { .. }) => format!("{were} removed by {remover}"),
            Presence::Left(LeaveReason::Banned { .. }) => format!("{were} banned by {remover}"),
            Presence::ConnectionLost => "lost the connection".to_owned(),
            Presence::ConnectionBack => format!("{are} back"),
        })
        .collect();
    format!("{shown} {}", verbs.join(" and "))
}

/// The names that a folded line spells out.
const NAMES: usize = 6;

#[cfg(test)]
mod tests {
    use watchtogether_protocol::MemberId;

    use super::*;

    #[test]
    fn a_seek_says_its_way_and_its_distance() {
        let at = MediaTime::from_millis;

        assert_eq!(
            went("bo", at(2_472_000), at(2_462_000)),
            "bo went back 10 s to 41:02"
        );
        assert_eq!(went("bo", at(10_042), at(10_000)), "bo went back 0.04 s to 00:10");
        assert_eq!(
            went("bo", at(0), at(3_723_000)),
            "bo went forward 1:02:03 to 1:02:03"
        );
    }

    #[test]
    fn a_new_host_is_named_or_is_you() {
        assert_eq!(
            host_changed("bo", false, HostChangeReason::HostLeft),
            "bo is host now: the host left"
        );
        assert_eq!(
            host_changed("me", true, HostChangeReason::Transferred),
            "you are host now"
        );
    }

    #[test]
    fn a_crowd_is_not_spelled_out() {
        let names = ["a", "b", "c", "d", "e", "f", "g", "h"];

        assert_eq!(
            came_or_went(&names, &[Presence::Joined], false),
            "a, b, c, d, e, f, 2 more joined"
        );
    }

    #[test]
    fn whoever_removes_somebody_reads_it_as_their_act() {
        let by = MemberId(1);
        let kicked = Presence::Left(LeaveReason::Kicked { by });
        let banned = Presence::Left(LeaveReason::Banned { by });

        assert_eq!(came_or_went(&["cy"], &[kicked], true), "you removed cy");
        assert_eq!(came_or_went(&["cy", "di"], &[banned], true), "you banned cy, di");
        assert_eq!(
            came_or_went(&["cy"], &[Presence::Joined, banned], true),
            "cy joined and was banned by you"
        );
        assert_eq!(
            came_or_went(&[msg!("you")], &[banned], false),
            "you were banned by the host"
        );
    }
}
