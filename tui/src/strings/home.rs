//! The words of home.

use std::time::Duration;

use watchtogether_protocol::MediaTime;
use watchtogether_protocol::time::WallTime;

use super::numbers::position;
use crate::home_vocabulary::{Doing, HostPort, Searched};

/// The label of the film, and a short one.
pub const FILM: [&str; 2] = ["File or link", "File"];
/// The label of the room's name.
pub const ROOM: [&str; 2] = ["Room name", "Room"];
/// The label of the own name.
pub const NAME: [&str; 2] = ["Your name", "You"];
/// The label of the invite.
pub const INVITE: [&str; 2] = ["Invite", "Join"];

/// `watchtogether 0.1.0`.
pub fn title(version: &str) -> String {
    format!("{} {version}", super::PROGRAM)
}

/// What stands beside the button that opens a room.
pub fn host_note(server: Option<&str>, port: HostPort, is_short: bool) -> String {
    match (server, port, is_short) {
        (Some(server), _, _) => format!("on {server}"),
        (None, HostPort::Free(port), true) => format!("needs UDP port {port}"),
        (None, HostPort::Free(port), false) => format!("friends need UDP port {port} to reach this machine"),
        (None, HostPort::InsteadOf(port), true) => format!("not port {port}: in use"),
        (None, HostPort::InsteadOf(port), false) => {
            format!("UDP port {port} is in use; another one will be used")
        }
        (None, HostPort::InUse(port), true) => format!("UDP port {port} is in use"),
        (None, HostPort::InUse(port), false) => {
            format!("UDP port {port} is in use: free it, or change `port`")
        }
        (None, HostPort::Any, _) => "on any free UDP port".to_owned(),
    }
}

/// What is said where a typed name could not be a room's, and another was made of it.
pub fn room_is_called(name: &str) -> String {
    format!("the room is called {name}")
}

/// What a name could be instead.
pub fn room_instead(name: &str) -> String {
    format!("{name} would do")
}

/// What an invite leads to.
pub fn leads_to(room: &str, server: &str, has_pin: bool) -> String {
    let key = if has_pin {
        msg!("home-key-in-invite")
    } else {
        msg!("home-key-not-in-invite")
    };
    format!("{room} on {server}, {key}")
}

/// What is on its way.
pub fn doing(doing: &Doing) -> String {
    match doing {
        Doing::Starting => "opening the room …".to_owned(),
        Doing::Connecting { to } => super::connecting(to.as_str()),
    }
}

/// `at 00:41:12 of Film.mkv`.
pub fn was_at(title: &str, at: Option<MediaTime>) -> String {
    match at.filter(|at| *at > MediaTime::ZERO) {
        Some(at) => format!("at {} of {title}", position(at, true)),
        None => title.to_owned(),
    }
}

/// How long ago something was, as one says it.
pub fn ago(at: WallTime, now: WallTime) -> String {
    const MINUTE: u64 = 60_000;
    const HOUR: u64 = 60 * MINUTE;
    const DAY: u64 = 24 * HOUR;

    let many = |count: u64, what: &str| match count {
        1 => format!("1 {what} ago"),
        count => format!("{count} {what}s ago"),
    };
    match now.0.saturating_sub(at.0) {
        0..MINUTE => "just now".to_owned(),
        past @ MINUTE..HOUR => format!("{} min ago", past / MINUTE),
        past @ HOUR..DAY => many(past / HOUR, "hour"),
        past if past / DAY < 2 => "yesterday".to_owned(),
        past if past / DAY < 14 => many(past / DAY, "day"),
        past if past / DAY < 70 => many(past / DAY / 7, "week"),
        past if past / DAY < 700 => many(past / DAY / 30, "month"),
        past => many(past / DAY / 365, "year"),
    }
}

/// `3 d`: the same in few cells.
pub fn age(at: WallTime, now: WallTime) -> String {
    let minutes = now.0.saturating_sub(at.0) / 60_000;
    let (hours, days) = (minutes / 60, minutes / 60 / 24);
    match (days, hours) {
        (0, 0) if minutes == 0 => "now".to_owned(),
        (0, 0) => format!("{minutes} min"),
        (0, hours) => format!("{hours} h"),
        (days @ 1..14, _) => format!("{days} d"),
        (days @ 14..70, _) => format!("{} wk", days / 7),
        (days @ 70..700, _) => format!("{} mo", days / 30),
        (days, _) => format!("{} y", days / 365),
    }
}

/// `1.1 GB`.
pub fn size(bytes: u64) -> String {
    const UNITS: [&str; 5] = ["kB", "MB", "GB", "TB", "PB"];

    if bytes < 1_000 {
        return format!("{bytes} B");
    }
    let mut value = bytes as f64 / 1e3;
    let mut unit = 0;
    while value >= 999.5 && unit + 1 < UNITS.len() {
        value /= 1e3;
        unit += 1;
    }
    if value < 9.95 {
        format!("{value:.1} {}", UNITS[unit])
    } else {
        format!("{value:.0} {}", UNITS[unit])
    }
}

/// `12 of 340`, and how far that can be relied on.
pub fn counts(fitting: usize, all: usize, searched: Option<Searched>) -> String {
    let count = if fitting == all {
        format!("{all}")
    } else {
        format!("{fitting} of {all}")
    };
    match searched {
        None => format!("{count}, {SEARCHING}", SEARCHING = msg!("home-searching")),
        Some(Searched {
            is_cut_short: true, ..
        }) => format!("{count}, and more: not all was seen"),
        Some(Searched { unreadable: 0, .. }) => count,
        Some(Searched { unreadable: 1, .. }) => format!("{count}, 1 folder unreadable"),
        Some(Searched { unreadable, .. }) => format!("{count}, {unreadable} folders unreadable"),
    }
}

/// What a room was left for.
pub fn back(why: &str) -> String {
    format!("back here: {why}")
}

/// The time between two looks at the clock for how long ago rooms were.
pub const AGES: Duration = Duration::from_mins(1);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_told_as_one_says_them() {
        let now = WallTime(1_000 * 24 * 3_600_000);
        let before = |minutes: u64| ago(WallTime(now.0 - minutes * 60_000), now);

        assert_eq!(before(0), "just now");
        assert_eq!(before(59), "59 min ago");
        assert_eq!(before(60), "1 hour ago");
        assert_eq!(before(23 * 60), "23 hours ago");
        assert_eq!(before(30 * 60), "yesterday");
        assert_eq!(before(3 * 24 * 60), "3 days ago");
        assert_eq!(before(21 * 24 * 60), "3 weeks ago");
        assert_eq!(before(90 * 24 * 60), "3 months ago");
        assert_eq!(before(800 * 24 * 60), "2 years ago");
        assert_eq!(
            ago(WallTime(now.0 + 5), now),
            "just now",
            "a clock that was set back"
        );
    }

    #[test]
    fn sizes_have_two_digits_that_count() {
        assert_eq!(size(0), "0 B");
        assert_eq!(size(999), "999 B");
        assert_eq!(size(1_499), "1.5 kB");
        assert_eq!(size(410_000_000), "410 MB");
        assert_eq!(size(999_700_000), "1.0 GB");
        assert_eq!(size(u64::MAX), "18447 PB");
    }
}
