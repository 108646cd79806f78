//! Numbers as they are said.

use std::time::Duration;

use watchtogether_protocol::{MediaTime, Rate};

/// `41 minutes 12`, `1 hour 10 minutes`, `30 seconds`.
pub fn position(at: MediaTime) -> String {
    let seconds = u64::try_from(at.as_nanos().max(0) / 1_000_000_000).unwrap_or_default();
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let mut words = Vec::new();
    if hours > 0 {
        words.push(many(hours, "hour"));
    }
    if minutes > 0 {
        words.push(many(minutes, "minute"));
    }
    match (seconds, words.is_empty(), minutes) {
        (0, false, _) => {}
        // Behind minutes one says the number alone.
        (seconds, false, 1..) => words.push(seconds.to_string()),
        (seconds, _, _) => words.push(many(seconds, "second")),
    }
    words.join(" ")
}

/// `41 minutes 12 of 2 hours 3 minutes 55`.
pub fn position_of(at: MediaTime, duration: Option<MediaTime>) -> String {
    match duration {
        Some(duration) => format!("{} of {}", position(at), position(duration)),
        None => position(at),
    }
}

/// `0.42 seconds`, `3.1 seconds`, `10 seconds`, `1 minute 30`.
pub fn span(span: Duration) -> String {
    let seconds = span.as_secs_f64();
    let text = match seconds {
        ..1.0 => trimmed(seconds, 2),
        1.0..9.95 => trimmed(seconds, 1),
        _ => return position(MediaTime::from_secs_f64(seconds.round())),
    };
    if text == "1" {
        "1 second".to_owned()
    } else {
        format!("{text} seconds")
    }
}

/// `9 milliseconds`, rounded up: a bound never looks better than it is.
pub fn millis(micros: u32) -> String {
    many(u64::from(micros.div_ceil(1_000)), "millisecond")
}

/// `4 milliseconds ahead`, `1.2 seconds behind`, `on time`.
pub fn drift(micros: i32) -> String {
    let way = if micros < 0 { "behind" } else { "ahead" };
    let size = micros.unsigned_abs();
    if size < 500 {
        "on time".to_owned()
    } else if size < 1_000_000 {
        format!("{} {way}", many(u64::from((size + 500) / 1_000), "millisecond"))
    } else {
        format!("{} {way}", span(Duration::from_micros(size.into())))
    }
}

/// `1.25 times`, `normal`.
pub fn speed(rate: Rate) -> String {
    if rate == Rate::NORMAL {
        "normal".to_owned()
    } else {
        format!("{} times", rate.as_f64())
    }
}

/// `1 minute`, `2 minutes`.
pub(super) fn many(count: u64, what: &str) -> String {
    match count {
        1 => format!("1 {what}"),
        count => format!("{count} {what}s"),
    }
}

/// A number with so many digits behind its point at most.
pub(super) fn trimmed(number: f64, digits: usize) -> String {
    let text = format!("{number:.digits$}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
