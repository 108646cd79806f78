//! Numbers as the screen shows them: short, and rounded so that they never look better than they are. Units are written with
//! their international symbols, so these texts are not in the catalogue.

use std::time::Duration;

use watchtogether_protocol::{MediaTime, Rate};

/// `1.00x`.
pub fn rate(rate: Rate) -> String {
    format!("{:.2}x", rate.as_f64())
}

/// Returns a position as the progress line shows it: with hours if the item has them.
pub fn position(at: MediaTime, has_hours: bool) -> String {
    let seconds = at.as_nanos().max(0) / 1_000_000_000;
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if has_hours || hours > 0 {
        format!("{hours:02}:{minutes:02}:{seconds:02}")
    } else {
        format!("{minutes:02}:{seconds:02}")
    }
}

/// Returns `+6 ms`, `-21 ms` or `+1.2 s`, in few cells.
pub fn drift(micros: i32) -> String {
    let millis = (f64::from(micros) / 1_000.0).round();
    let sign = if millis < 0.0 { '-' } else { '+' };
    if millis == 0.0 {
        "0 ms".to_owned()
    } else if millis.abs() < 1_000.0 {
        format!("{sign}{} ms", millis.abs())
    } else {
        format!("{sign}{:.1} s", millis.abs() / 1_000.0)
    }
}

/// Returns `31 ms`, from microseconds.
pub fn millis(micros: u32) -> String {
    format!("{} ms", millis_up(Duration::from_micros(micros.into())))
}

/// Returns `9`: whole milliseconds, rounded up, for columns with the unit in the heading.
pub fn whole_millis(micros: u32) -> String {
    millis_up(Duration::from_micros(micros.into())).to_string()
}

/// Returns `+0.05%`: by how much a player is faster than the room.
pub fn slew(millionths: i32) -> String {
    format!("{:+.2}%", f64::from(millionths) / 1e4)
}

/// Returns `42 s`: how much a player has buffered. Above a few minutes the exact number does not matter.
pub fn ahead(millis: u32) -> String {
    match millis / 1_000 {
        seconds @ 0..=299 => format!("{seconds} s"),
        seconds => format!("{} m", seconds / 60),
    }
}

/// Returns `0.3 s`: how long a film froze.
pub fn freeze(millis: u32) -> String {
    format!("{:.1} s", f64::from(millis) / 1e3)
}

/// Returns whole milliseconds, rounded up, so that a bound never looks better than it is.
pub(super) fn millis_up(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros().div_ceil(1_000)).unwrap_or(u64::MAX)
}

/// Returns `0.4` or `13`: milliseconds, rounded up, with one decimal for small values.
pub(super) fn tenths_up(duration: Duration) -> String {
    let micros = duration.as_micros();
    if micros <= 9_900 {
        let tenths = micros.div_ceil(100);
        format!("{}.{}", tenths / 10, tenths % 10)
    } else {
        millis_up(duration).to_string()
    }
}

/// `0.42 s`, `12.4 s`, `124 s`.
pub(super) fn seconds(duration: Duration) -> String {
    let seconds = duration.as_secs_f64();
    if seconds < 1.0 {
        format!("{seconds:.2} s")
    } else if seconds < 100.0 {
        format!("{seconds:.1} s")
    } else {
        format!("{seconds:.0} s")
    }
}

/// `10 s`, `2:03`, `1:02:03`.
pub(super) fn rough(duration: Duration) -> String {
    let whole = whole_seconds(duration);
    if whole < Duration::from_secs(100) {
        format!("{} s", whole.as_secs())
    } else {
        MediaTime::from(whole).to_string()
    }
}

/// Returns the distance between two positions, in whole seconds unless it is below one second.
pub(super) fn distance(from: MediaTime, to: MediaTime) -> Duration {
    let distance = (to - from).abs();
    if distance < Duration::from_secs(1) {
        distance
    } else {
        whole_seconds(distance)
    }
}

/// Returns whether two positions are the same for people: a seek there and back leads to where it began.
pub fn is_same_position(from: MediaTime, to: MediaTime) -> bool {
    distance(from, to) < Duration::from_millis(5)
}

/// Returns the nearest whole second.
fn whole_seconds(duration: Duration) -> Duration {
    Duration::from_secs((duration + Duration::from_millis(500)).as_secs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drifts_are_short_and_signed() {
        assert_eq!(drift(6_200), "+6 ms");
        assert_eq!(drift(-21_400), "-21 ms");
        assert_eq!(drift(-300), "0 ms");
        assert_eq!(drift(1_240_000), "+1.2 s");
    }
}
