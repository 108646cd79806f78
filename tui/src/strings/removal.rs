//! Texts about members that are removed or banned.

use std::time::Duration;

/// `Remove bo?`
pub fn remove_title(name: &str, is_ban: bool) -> String {
    if is_ban {
        msg!("ban-title", name = name)
    } else {
        msg!("kick-title", name = name)
    }
}

/// Returns what happens to somebody who is removed, and how it is undone.
pub fn remove_question(name: &str, is_ban: bool) -> String {
    if is_ban {
        msg!("ban-question", name = name)
    } else {
        msg!("kick-question", name = name)
    }
}

/// `ban bo`: the answer that removes somebody.
pub fn remove_answer(name: &str, is_ban: bool) -> String {
    if is_ban {
        msg!("ban-person", name = name)
    } else {
        msg!("kick-person", name = name)
    }
}

/// `Hand the room to bo?`
pub fn hand_over_title(name: &str) -> String {
    msg!("hand-over-title", name = name)
}

/// Returns what happens when the room is handed over.
pub fn hand_over_question(name: &str) -> String {
    msg!("hand-over-question", name = name)
}

/// `nobody called bo is banned`.
pub fn nobody_banned_called(name: &str) -> String {
    msg!("nobody-banned-called", name = name)
}

/// `bo and chi can join again`.
pub fn may_come_in(names: &[String]) -> String {
    msg!("may-come-in", names = super::list(names))
}

/// `1 bo is banned for 7 days (/unban bo)`.
pub fn banned(number: usize, name: &str, left: Duration) -> String {
    msg!(
        "ban-listed",
        number = number,
        ban = is_banned(name, left),
        name = name
    )
}

/// `bo is banned for 7 days`, or for `23 hours` or `5 minutes`: rounded up.
pub fn is_banned(name: &str, left: Duration) -> String {
    const DAY: u64 = 24 * 60;

    let minutes = left.as_secs().div_ceil(60);
    if minutes > 2 * DAY {
        msg!("banned-days", name = name, count = minutes.div_ceil(DAY))
    } else if minutes > 60 {
        msg!("banned-hours", name = name, count = minutes.div_ceil(60))
    } else {
        msg!("banned-minutes", name = name, count = minutes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rest_of_a_ban_is_shown_in_the_largest_useful_unit() {
        let left = |seconds| is_banned("bo", Duration::from_secs(seconds));

        assert_eq!(left(7 * 86_400), "bo is banned for 7 days");
        assert_eq!(left(7 * 86_400 - 1), "bo is banned for 7 days");
        assert_eq!(left(2 * 86_400), "bo is banned for 48 hours");
        assert_eq!(left(3_601), "bo is banned for 2 hours");
        assert_eq!(left(3_600), "bo is banned for 60 minutes");
        assert_eq!(left(1), "bo is banned for 1 minute");
    }
}
