//! Members that are removed, and those that are kept out.

use std::time::Duration;

/// There is no ban.
pub const NOBODY_BANNED: &str = "nobody is banned";

/// `nobody called bo is banned`.
pub fn nobody_banned_called(name: &str) -> String {
    format!("nobody called {name} is banned")
}

/// `bo may come in again`.
pub fn may_come_in(names: &[&str]) -> String {
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
