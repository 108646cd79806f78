//! Texts of the home screen.

use std::time::Duration;

use watchtogether_protocol::MediaTime;
use watchtogether_protocol::time::WallTime;

use super::numbers::position;
use crate::home_vocabulary::{HomeActivity, HomeField, HostPort, SearchOutcome};

/// Marks the focused element.
pub const FOCUS: &str = "▸";

/// Returns the label of a field, in full and short for a narrow terminal; `None` for a place that is not a field.
pub fn label(place: HomeField) -> Option<[&'static str; 2]> {
    Some(match place {
        HomeField::Film => [msg!("home-film-label"), msg!("home-film-label-short")],
        HomeField::Room => [msg!("home-room-label"), msg!("home-room-label-short")],
        HomeField::Name => [msg!("home-name-label"), msg!("home-name-label-short")],
        HomeField::Invite => [msg!("home-invite-label"), msg!("home-invite-label-short")],
        HomeField::Host | HomeField::Join | HomeField::Recent(_) => return None,
    })
}

/// `watchtogether 0.1.0`.
pub fn title(version: &str) -> String {
    format!("{} {version}", super::PROGRAM)
}

/// Returns the note next to the button that opens a room.
pub fn host_note(server: Option<&str>, port: HostPort, is_short: bool) -> String {
    match (server, port, is_short) {
        (Some(server), _, _) => msg!("home-port-of-server", server = server),
        (None, HostPort::Free(port), true) => msg!("home-port-free-short", port = port),
        (None, HostPort::Free(port), false) => msg!("home-port-free", port = port),
        (None, HostPort::InsteadOf(port), true) => msg!("home-port-replaced-short", port = port),
        (None, HostPort::InsteadOf(port), false) => msg!("home-port-replaced", port = port),
        (None, HostPort::InUse(port), true) => msg!("home-port-in-use-short", port = port),
        (None, HostPort::InUse(port), false) => msg!("home-port-in-use", port = port),
        (None, HostPort::Any, _) => msg!("home-port-any").to_owned(),
    }
}

/// Says that a room cannot have the typed name, and which name was made from it.
pub fn room_is_called(name: &str) -> String {
    msg!("home-room-is-called", name = name)
}

/// Returns a name that could be used instead.
pub fn room_instead(name: &str) -> String {
    msg!("home-room-instead", name = name)
}

/// Returns the room and the server that an invite leads to.
pub fn leads_to(room: &str, server: &str, has_pin: bool) -> String {
    if has_pin {
        msg!("home-leads-to", room = room, server = server)
    } else {
        msg!("home-leads-to-unknown", room = room, server = server)
    }
}

/// Returns the text for the current request.
pub fn doing(doing: &HomeActivity) -> String {
    match doing {
        HomeActivity::Starting => msg!("home-opening").to_owned(),
        HomeActivity::Connecting { to } => super::connecting(to.as_str()),
    }
}

/// `at 00:41:12 of Film.mkv`.
pub fn was_at(title: &str, at: Option<MediaTime>) -> String {
    match at.filter(|at| *at > MediaTime::ZERO) {
        Some(at) => msg!("home-was-at", at = position(at, true), title = title),
        None => title.to_owned(),
    }
}

/// Returns how long ago something was, in words.
pub fn ago(at: WallTime, now: WallTime) -> String {
    const MINUTE: u64 = 60_000;
    const HOUR: u64 = 60 * MINUTE;
    const DAY: u64 = 24 * HOUR;

    match now.0.saturating_sub(at.0) {
        0..MINUTE => msg!("ago-now").to_owned(),
        past @ MINUTE..HOUR => msg!("ago-minutes", count = past / MINUTE),
        past @ HOUR..DAY => msg!("ago-hours", count = past / HOUR),
        past if past / DAY < 2 => msg!("ago-yesterday").to_owned(),
        past if past / DAY < 14 => msg!("ago-days", count = past / DAY),
        past if past / DAY < 70 => msg!("ago-weeks", count = past / DAY / 7),
        past if past / DAY < 700 => msg!("ago-months", count = past / DAY / 30),
        past => msg!("ago-years", count = past / DAY / 365),
    }
}

/// Returns how long ago something was, in few cells: `3 d`.
pub fn age(at: WallTime, now: WallTime) -> String {
    let minutes = now.0.saturating_sub(at.0) / 60_000;
    let (hours, days) = (minutes / 60, minutes / 60 / 24);
    match (days, hours) {
        (0, 0) if minutes == 0 => msg!("age-now").to_owned(),
        (0, 0) => msg!("age-minutes", count = minutes),
        (0, hours) => msg!("age-hours", count = hours),
        (days @ 1..14, _) => msg!("age-days", count = days),
        (days @ 14..70, _) => msg!("age-weeks", count = days / 7),
        (days @ 70..700, _) => msg!("age-months", count = days / 30),
        (days, _) => msg!("age-years", count = days / 365),
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

/// Returns `12 of 340`, and whether the count is complete.
pub fn counts(fitting: usize, all: usize, searched: Option<SearchOutcome>) -> String {
    let files = if fitting == all {
        all.to_string()
    } else {
        msg!("home-files-of", fitting = fitting, all = all)
    };
    match searched {
        None => msg!("home-files-searching", files = files),
        Some(SearchOutcome {
            is_cut_short: true, ..
        }) => msg!("home-files-and-more", files = files),
        Some(SearchOutcome { unreadable: 0, .. }) => files,
        Some(SearchOutcome { unreadable, .. }) => {
            msg!("home-files-unreadable", files = files, count = unreadable)
        }
    }
}

/// Returns why the user is back on the home screen.
pub fn back(reason: &str) -> String {
    msg!("home-back", why = reason)
}

/// The interval at which the ages of rooms are updated.
pub const AGES: Duration = Duration::from_mins(1);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_as_people_say_them() {
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
