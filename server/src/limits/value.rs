//! The kinds of limit values and their text forms.

use std::time::Duration;

use crate::rate_limit::Budget;

/// The kinds of limits, which differ in how their values are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LimitKind {
    /// A whole number.
    Count,
    /// A time.
    Time,
    /// A number of bytes.
    Size,
    /// A number at once and the time that restores one.
    Budget,
}

/// A number of bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ByteSize(pub u32);

impl ByteSize {
    /// Returns `count` times 1,024 bytes.
    pub const fn kib(count: u32) -> Self {
        Self(count * 1024)
    }

    /// Returns `count` times 1,048,576 bytes.
    pub const fn mib(count: u32) -> Self {
        Self(count * 1024 * 1024)
    }

    /// Returns the number.
    pub const fn bytes(self) -> usize {
        self.0 as usize
    }
}

/// A kind of value that a limit can have, with its text form.
pub(super) trait LimitValue: Copy {
    /// The kind.
    const KIND: LimitKind;

    /// Parses a text.
    fn parse(text: &str) -> Option<Self>;

    /// Returns the value as text.
    fn text(self) -> String;

    /// Returns whether the value is at least `least` and at most `most`.
    fn is_within(self, least: Self, most: Self) -> bool;
}

impl LimitValue for usize {
    const KIND: LimitKind = LimitKind::Count;

    fn parse(text: &str) -> Option<Self> {
        text.parse().ok()
    }

    fn text(self) -> String {
        self.to_string()
    }

    fn is_within(self, least: Self, most: Self) -> bool {
        (least..=most).contains(&self)
    }
}

/// The units of times, with their milliseconds.
const UNITS: [(&str, u64); 5] = [
    ("d", 86_400_000),
    ("h", 3_600_000),
    ("m", 60_000),
    ("s", 1_000),
    ("ms", 1),
];

/// A number without a unit means seconds, as in the client's configuration file.
impl LimitValue for Duration {
    const KIND: LimitKind = LimitKind::Time;

    fn parse(text: &str) -> Option<Self> {
        let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        let unit = match &text[digits.len()..] {
            "" => "s",
            unit => unit,
        };
        let (_, millis) = UNITS.into_iter().find(|(name, _)| *name == unit)?;
        digits
            .parse::<u64>()
            .ok()?
            .checked_mul(millis)
            .map(Self::from_millis)
    }

    fn text(self) -> String {
        let millis = u64::try_from(self.as_millis()).unwrap_or(u64::MAX);
        if millis == 0 {
            return "0s".to_owned();
        }
        let fits = |(_, unit): &(&str, u64)| millis.is_multiple_of(*unit);
        let (name, unit) = UNITS.into_iter().find(fits).unwrap_or(("ms", 1));
        format!("{}{name}", millis / unit)
    }

    fn is_within(self, least: Self, most: Self) -> bool {
        (least..=most).contains(&self)
    }
}

impl LimitValue for ByteSize {
    const KIND: LimitKind = LimitKind::Size;

    fn parse(text: &str) -> Option<Self> {
        let (digits, unit) = if let Some(digits) = text.strip_suffix("MiB") {
            (digits, 1024 * 1024)
        } else if let Some(digits) = text.strip_suffix("KiB") {
            (digits, 1024)
        } else {
            (text, 1)
        };
        digits.trim_end().parse::<u32>().ok()?.checked_mul(unit).map(Self)
    }

    fn text(self) -> String {
        const KIB: u32 = 1024;
        const MIB: u32 = 1024 * KIB;
        match self.0 {
            bytes if bytes > 0 && bytes.is_multiple_of(MIB) => format!("{}MiB", bytes / MIB),
            bytes if bytes > 0 && bytes.is_multiple_of(KIB) => format!("{}KiB", bytes / KIB),
            bytes => bytes.to_string(),
        }
    }

    fn is_within(self, least: Self, most: Self) -> bool {
        (least..=most).contains(&self)
    }
}

/// A budget is written as the burst and the time that restores one token: `5/1s`.
impl LimitValue for Budget {
    const KIND: LimitKind = LimitKind::Budget;

    fn parse(text: &str) -> Option<Self> {
        let (burst, every) = text.split_once('/')?;
        Some(Self {
            burst: burst.trim().parse().ok()?,
            every: Duration::parse(every.trim())?,
        })
    }

    fn text(self) -> String {
        format!("{}/{}", self.burst, self.every.text())
    }

    fn is_within(self, least: Self, most: Self) -> bool {
        (least.burst..=most.burst).contains(&self.burst) && self.every.is_within(least.every, most.every)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_comes_back_from_its_text_in_the_largest_unit_that_fits() {
        for text in ["0s", "1ms", "250ms", "1s", "90s", "2m", "36h", "7d"] {
            let time = Duration::parse(text).expect("a time");
            assert_eq!(time.text(), text);
        }
        for text in ["0", "1", "1500", "64KiB", "1MiB"] {
            assert_eq!(ByteSize::parse(text).expect("a size").text(), text);
        }
        for text in ["5/1s", "200/20ms"] {
            assert_eq!(Budget::parse(text).expect("a budget").text(), text);
        }
        assert_eq!(Duration::parse("90"), Some(Duration::from_secs(90)));
        assert_eq!(
            Duration::parse("60s").map(LimitValue::text).as_deref(),
            Some("1m")
        );
        assert_eq!(
            ByteSize::parse("1024").map(LimitValue::text).as_deref(),
            Some("1KiB")
        );
    }

    #[test]
    fn other_texts_are_no_numbers() {
        for text in [
            "",
            "s",
            "-1",
            "1.5s",
            "2 m",
            "1w",
            "99999999999999999999",
            "5é",
            "1ſ",
        ] {
            assert_eq!(Duration::parse(text), None, "{text:?}");
        }
        for text in ["", "KiB", "-1", "1GiB", "5000MiB", "1kib"] {
            assert_eq!(ByteSize::parse(text), None, "{text:?}");
        }
        for text in ["", "5", "/1s", "5/", "five/1s", "-5/1s"] {
            assert_eq!(Budget::parse(text), None, "{text:?}");
        }
        assert_eq!(usize::parse("1e3"), None);
    }

    #[test]
    fn a_budget_is_in_range_if_both_of_its_numbers_are() {
        let [least, most] = ["1/1ms", "10/1s"].map(|text| Budget::parse(text).expect("a budget"));
        let is_within = |text| {
            let budget = Budget::parse(text).expect("a budget");
            budget.is_within(least, most)
        };

        assert!(is_within("1/1s") && is_within("10/1ms"));
        assert!(!is_within("0/1s") && !is_within("11/1s") && !is_within("5/2s"));
    }
}
