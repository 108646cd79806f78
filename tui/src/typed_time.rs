//! Times as people type them: a position in the film, or a distance from the present one.
//!
//! `/seek`, the prompt that its key opens, plain mode and `watchtogether ctl seek` accept the same forms.

use watchtogether_protocol::{MediaTime, limits};

/// The forms of a time, for help texts.
pub const FORMS: [&str; 6] = ["90", "1:30", "1:02:03", "90s", "2m", "1h"];

/// The units that may follow a number, with their seconds.
const UNITS: [(char, f64); 3] = [('s', 1.0), ('m', 60.0), ('h', 3_600.0)];

/// The target of a seek.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TypedTime {
    /// A position.
    To(MediaTime),
    /// A distance forward, or back if negative.
    By(MediaTime),
}

/// Parses a time in one of [`FORMS`] as a position, and the same after `+` or `-` as a distance. Returns `None` for anything
/// else, and for a time that is longer than any film may be.
pub fn parse(text: &str) -> Option<TypedTime> {
    let text = text.trim();
    if let Some(distance) = text.strip_prefix('+') {
        return time(distance).map(TypedTime::By);
    }
    if let Some(distance) = text.strip_prefix('-') {
        return time(distance).map(|time| TypedTime::By(MediaTime::ZERO - time));
    }
    time(text).map(TypedTime::To)
}

fn time(text: &str) -> Option<MediaTime> {
    let text = text.trim();
    let of_unit = UNITS
        .into_iter()
        .find_map(|(unit, seconds)| Some((text.strip_suffix(unit)?, seconds)));
    let seconds = match of_unit {
        Some((count, seconds)) => number(count)? * seconds,
        None => clock_time(text)?,
    };
    let time = MediaTime::from_secs_f64(seconds);
    let longest = MediaTime::from_millis(limits::DURATION_SECONDS * 1_000);
    (seconds.is_finite() && time <= longest).then_some(time)
}

/// Parses hours, minutes and seconds, or the last one or two of these. Only the seconds may have a fraction, and 60 or more after
/// a colon is refused: 1:99 is a typing error.
fn clock_time(text: &str) -> Option<f64> {
    let parts: Vec<&str> = text.split(':').collect();
    let (last, larger) = parts.split_last()?;
    if larger.len() > 2 || larger.iter().any(|part| part.contains('.')) {
        return None;
    }
    let mut seconds = 0.0;
    for (index, part) in larger.iter().chain([last]).enumerate() {
        let part = number(part)?;
        if index > 0 && part >= 60.0 {
            return None;
        }
        seconds = seconds * 60.0 + part;
    }
    Some(seconds)
}

/// Parses digits with at most one point: no sign, no exponent, no "inf".
fn number(text: &str) -> Option<f64> {
    if text.is_empty() || !text.chars().all(|c| c.is_ascii_digit() || c == '.') {
        return None;
    }
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn to(millis: i64) -> TypedTime {
        TypedTime::To(MediaTime::from_millis(millis))
    }

    fn by(millis: i64) -> TypedTime {
        TypedTime::By(MediaTime::from_millis(millis))
    }

    #[test]
    fn times_are_read_as_people_write_them() {
        for (text, millis) in [
            ("90", 90_000),
            ("0", 0),
            ("1:30", 90_000),
            ("1:5", 65_000),
            ("01:30", 90_000),
            ("90:59", 5_459_000),
            ("1:02:03", 3_723_000),
            ("1:30.5", 90_500),
            ("12.5", 12_500),
            (".5", 500),
            ("90s", 90_000),
            ("12.5s", 12_500),
            ("2m", 120_000),
            ("1.5m", 90_000),
            ("1h", 3_600_000),
            (" 1:30 ", 90_000),
        ] {
            assert_eq!(parse(text), Some(to(millis)), "{text}");
        }
    }

    #[test]
    fn a_sign_makes_a_distance_of_every_form() {
        for (text, millis) in [
            ("+10", 10_000),
            ("-10", -10_000),
            ("+1:00", 60_000),
            ("-1:02:03", -3_723_000),
            ("+2m", 120_000),
            ("-90s", -90_000),
            ("+0", 0),
        ] {
            assert_eq!(parse(text), Some(by(millis)), "{text}");
        }
    }

    #[test]
    fn every_form_that_is_named_is_read() {
        for form in FORMS {
            assert!(parse(form).is_some(), "{form}");
        }
    }

    #[test]
    fn an_unreadable_time_is_refused() {
        for text in [
            "", " ", "+", "-", ":", ".", "s", "m", "1:", ":30", "1::2", "1:2:3:4", "1:99", "1:60:00",
            "+0:60", "1.5:00", "1:30m", "1m30", "2 m", "1 30", "1.2.3", "--5", "+-5", "-+5", "1:-2", "NaN",
            "inf", "1e3", "0x10", "ten", "é", "５", "1,5", "50%",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_time_that_no_film_has_is_refused() {
        assert_eq!(parse("2400h"), Some(to(limits::DURATION_SECONDS * 1_000)));
        for text in ["2401h", "99999999999999", "-99999999999999"] {
            assert_eq!(parse(text), None, "{text}");
        }
        assert_eq!(parse(&"9".repeat(400)), None);
    }
}
