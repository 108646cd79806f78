//! Members that are removed, and those that are kept out.

use std::time::Duration;

/// `Remove bo?`
pub fn remove_title(name: &str, is_ban: bool) -> String {
    let verb = if is_ban { "Ban" } else { "Remove" };
    format!("{verb} {name}?")
}

/// What happens to somebody who is removed, and how it is taken back.
pub fn remove_question(name: &str, is_ban: bool) -> String {
    if is_ban {
        format!(
            "{name} is removed and cannot come back for 7 days, nor under a name that looks the same, nor from the same \
             network for 24 hours unless it is yours too. /unban takes it back."
        )
    } else {
        format!("{name} is removed, and may come in again with the invite.")
    }
}

/// What confirms it does: `ban bo`.
pub fn remove_deed(name: &str, is_ban: bool) -> String {
    let verb = if is_ban { "ban" } else { "remove" };
    format!("{verb} {name}")
}

/// `Hand the room to bo?`
pub fn hand_over_title(name: &str) -> String {
    format!("Hand the room to {name}?")
}

/// What happens when the room is handed over.
pub fn hand_over_question(name: &str) -> String {
    format!("{name} controls the film from then on, and you follow.")
}

/// `nobody called bo is banned`.
pub fn nobody_banned_called(name: &str) -> String {
    format!("nobody called {name} is banned")
}

/// `bo may come in again`.
pub fn may_come_in(names: &[String]) -> String {
    format!("{} may come in again", names.join(", "))
}

/// `1 bo is banned for 7 days (/unban bo)`.
pub fn banned(number: usize, name: &str, left: Duration) -> String {
    format!("{number} {} (/unban {name})", is_banned(name, left))
}

/// `bo is banned for 7 days`.
pub fn is_banned(name: &str, left: Duration) -> String {
    format!("{name} is banned for {}", lasting(left))
}

/// `7 days`, `23 hours`, `5 minutes`: rounded up.
fn lasting(time: Duration) -> String {
    let minutes = time.as_secs().div_ceil(60);
    let (count, unit) = if minutes > 48 * 60 {
        (minutes.div_ceil(24 * 60), "day")
    } else if minutes > 60 {
        (minutes.div_ceil(60), "hour")
    } else {
        (minutes, "minute")
    };
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {unit}{plural}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_of_a_ban_is_said_in_the_largest_unit_that_tells_something() {
        let left = |seconds| is_banned("bo", Duration::from_secs(seconds));

        assert_eq!(left(7 * 86_400), "bo is banned for 7 days");
        assert_eq!(left(7 * 86_400 - 1), "bo is banned for 7 days");
        assert_eq!(left(2 * 86_400), "bo is banned for 48 hours");
        assert_eq!(left(3_601), "bo is banned for 2 hours");
        assert_eq!(left(3_600), "bo is banned for 60 minutes");
        assert_eq!(left(1), "bo is banned for 1 minute");
    }
}
