//! Numbers in spoken form.

use std::time::Duration;

use watchtogether_protocol::{MediaTime, Rate};

/// `41 minutes 12`, `1 hour 10 minutes`, `30 seconds`.
pub fn position(at: MediaTime) -> String {
    let seconds = u64::try_from(at.as_nanos().max(0) / 1_000_000_000).unwrap_or_default();
    let (hours, minutes, rest) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let (in_hours, in_minutes, in_seconds) = (
        msg!("spoken-hours", count = hours),
        msg!("spoken-minutes", count = minutes),
        msg!("spoken-seconds", count = rest),
    );
    match (hours, minutes, rest) {
        (0, 0, _) => in_seconds,
        (0, _, 0) => in_minutes,
        (0, _, rest) => msg!("spoken-minutes-seconds", minutes = in_minutes, seconds = rest),
        (_, 0, 0) => in_hours,
        (_, _, 0) => msg!("spoken-hours-minutes", hours = in_hours, minutes = in_minutes),
        (_, 0, _) => msg!("spoken-hours-seconds", hours = in_hours, seconds = in_seconds),
        (_, _, rest) => msg!(
            "spoken-hours-minutes-seconds",
            hours = in_hours,
            minutes = in_minutes,
            seconds = rest
        ),
    }
}

/// `41 minutes 12 of 2 hours 3 minutes 55`.
pub fn position_of(at: MediaTime, duration: Option<MediaTime>) -> String {
    match duration {
        Some(duration) => msg!(
            "spoken-position-of",
            at = position(at),
            duration = position(duration)
        ),
        None => position(at),
    }
}

/// `0.42 seconds`, `3.1 seconds`, `10 seconds`, `1 minute 30`.
pub fn span(span: Duration) -> String {
    let seconds = span.as_secs_f64();
    let rounded = match seconds {
        ..1.0 => rounded(seconds, 2),
        1.0..9.95 => rounded(seconds, 1),
        _ => return position(MediaTime::from_secs_f64(seconds.round())),
    };
    msg!("spoken-seconds", count = rounded)
}

/// Returns `9 milliseconds`, rounded up, so that a bound never looks better than it is.
pub fn millis(micros: u32) -> String {
    msg!("spoken-millis", count = micros.div_ceil(1_000))
}

/// `4 milliseconds ahead`, `1.2 seconds behind`, `on time`.
pub fn drift(micros: i32) -> String {
    let size = micros.unsigned_abs();
    if size < 500 {
        msg!("spoken-on-time").to_owned()
    } else if size < 1_000_000 {
        let millis = msg!("spoken-millis", count = (size + 500) / 1_000);
        off_by(millis, micros < 0)
    } else {
        off_by(span(Duration::from_micros(size.into())), micros < 0)
    }
}

/// `12 seconds behind`, `3 seconds ahead`.
pub(super) fn off_by(by: String, is_behind: bool) -> String {
    if is_behind {
        msg!("spoken-behind", by = by)
    } else {
        msg!("spoken-ahead", by = by)
    }
}

/// `1.25 times`, `normal`.
pub fn speed(rate: Rate) -> String {
    if rate == Rate::NORMAL {
        msg!("spoken-speed-normal").to_owned()
    } else {
        msg!("spoken-speed", times = rate.as_f64())
    }
}

/// Returns a number with at most `digits` decimals.
pub(super) fn rounded(number: f64, digits: i32) -> f64 {
    let scale = 10_f64.powi(digits);
    (number * scale).round() / scale
}

/// Returns a waiting time in whole seconds, at least one.
pub(super) fn wait(wait: Duration) -> String {
    msg!("spoken-seconds", count = wait.as_secs().max(1))
}
