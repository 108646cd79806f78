//! All limits of a server, with units, ranges and consequences. They are one value, built once and passed down.
//!
//! The numbers are [`LimitValues`], grouped by topic, with [`LimitValues::DEFAULT`] as the defaults. [`Limits`] are checked: each
//! number is within its range, and they are consistent with each other. The configuration file and the environment set them by
//! key, `topic.name`, and all mistakes are reported together.
//!
//! Bounds that both ends must agree on cannot be configured; they are in `watchtogether_protocol::limits`.

mod rules;
mod table;
mod value;

use std::ops::Deref;
use std::sync::Arc;

pub use self::table::{
    AddressLimits, ConnectionLimits, LONGEST_DRAIN, LimitValues, MemberLimits, PlaybackLimits, RoomLimits,
    SeatLimits, ServerLimits, StoreLimits, UndoLimits,
};
pub use self::value::{ByteSize, LimitKind};

use self::table::SETTINGS;

/// The checked limits of a server. Clones share the value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Limits(Arc<LimitValues>);

/// A number that is not a valid limit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LimitMistake {
    /// The limit's key.
    pub key: &'static str,
    /// The mistake itself.
    pub error: LimitError,
}

/// Why a number is not a valid limit. Values are written as in the server's file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LimitError {
    /// The text is not a value of the limit's kind.
    Unreadable {
        /// The text.
        text: String,
        /// The limit's kind.
        kind: LimitKind,
    },
    /// The value is out of range.
    OutOfRange {
        /// The value.
        value: String,
        /// The smallest valid value.
        least: String,
        /// The largest valid value.
        most: String,
    },
    /// The value contradicts the value of another limit.
    Contradiction {
        /// The value.
        value: String,
        /// How the value compares to the bound.
        relation: Relation,
        /// The key of the other limit.
        other: &'static str,
        /// The value of the other limit.
        bound: String,
    },
}

/// How a limit compares to another one that should bound it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// It is a longer time.
    Longer,
    /// It is not a shorter time.
    NotShorter,
    /// It is a larger number of bytes.
    Larger,
    /// It is a larger count.
    More,
}

impl LimitMistake {
    /// Returns whether the mistake is about one of these limits, or contradicts one of them.
    fn is_about(&self, keys: &[&str]) -> bool {
        keys.contains(&self.key) || self.other().is_some_and(|other| keys.contains(&other))
    }

    /// Returns the key of the limit that it contradicts, if any.
    pub const fn other(&self) -> Option<&'static str> {
        match self.error {
            LimitError::Contradiction { other, .. } => Some(other),
            LimitError::Unreadable { .. } | LimitError::OutOfRange { .. } => None,
        }
    }
}

impl Deref for Limits {
    type Target = LimitValues;

    fn deref(&self) -> &LimitValues {
        &self.0
    }
}

impl Limits {
    /// Checks `values` and returns the limits, or all mistakes in them.
    pub fn new(values: LimitValues) -> Result<Self, Vec<LimitMistake>> {
        let out_of_range = SETTINGS
            .iter()
            .filter_map(|setting| (setting.check)(&values).err());
        let mut mistakes: Vec<LimitMistake> = out_of_range.collect();
        // A number that is out of range is not also reported as a contradiction.
        let wrong: Vec<&str> = mistakes.iter().map(|mistake| mistake.key).collect();
        mistakes.extend(rules::broken(&values).filter(|broken| !broken.is_about(&wrong)));
        if mistakes.is_empty() {
            Ok(Self(Arc::new(values)))
        } else {
            Err(mistakes)
        }
    }

    /// Returns the limits given as texts by key, with defaults for all others, or all mistakes in them. Unknown keys are ignored
    /// here: the configuration parser reports them with their line.
    pub fn read<'a>(given: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self, Vec<LimitMistake>> {
        let (mut values, mut mistakes) = (LimitValues::DEFAULT, Vec::new());
        for (key, text) in given {
            let setting = SETTINGS.iter().find(|setting| setting.key == key);
            mistakes.extend(setting.and_then(|setting| (setting.read)(&mut values, text).err()));
        }
        let unread: Vec<&str> = mistakes.iter().map(|mistake| mistake.key).collect();
        match Self::new(values) {
            Ok(limits) if mistakes.is_empty() => Ok(limits),
            Ok(_) => Err(mistakes),
            Err(wrong) => {
                // A number that could not be read was replaced by its default, so a rule about it would report a value that the
                // user never wrote.
                mistakes.extend(wrong.into_iter().filter(|mistake| !mistake.is_about(&unread)));
                Err(mistakes)
            }
        }
    }

    /// Returns the keys of all limits, by topic.
    pub fn keys() -> impl Iterator<Item = &'static str> {
        SETTINGS.iter().map(|setting| setting.key)
    }

    /// Returns every key with its value as text.
    pub fn rows(&self) -> impl Iterator<Item = (&'static str, String)> {
        SETTINGS
            .iter()
            .map(|setting| (setting.key, (setting.write)(self)))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::time::Duration;

    use super::*;

    #[test]
    fn the_defaults_are_valid_and_survive_a_round_trip_as_text() {
        let defaults = Limits::new(LimitValues::DEFAULT).expect("the defaults are right");
        let rows: Vec<(&str, String)> = defaults.rows().collect();

        let read = Limits::read(rows.iter().map(|(key, text)| (*key, text.as_str())));

        assert_eq!(read, Ok(Limits::default()));
        let keys: BTreeSet<&str> = Limits::keys().collect();
        assert_eq!(keys.len(), rows.len(), "no key is given twice");
    }

    #[test]
    fn given_limits_override_the_defaults() {
        let limits = Limits::read([
            ("rooms.members", "12"),
            ("members.chat", "3/500ms"),
            ("seats.host", "1m"),
            ("connections.outbox", "1MiB"),
        ])
        .expect("right");

        assert_eq!(limits.rooms.members, 12);
        assert_eq!(limits.members.chat.burst, 3);
        assert_eq!(limits.members.chat.every, Duration::from_millis(500));
        assert_eq!(limits.seats.host, Duration::from_mins(1));
        assert_eq!(limits.connections.outbox.bytes(), 1024 * 1024);
        assert_eq!(limits.rooms.open, LimitValues::DEFAULT.rooms.open);
    }

    #[test]
    fn all_mistakes_are_reported_together_with_hints() {
        let mistakes = Limits::read([
            ("rooms.members", "5000"),
            ("rooms.open", "many"),
            ("members.chat", "0/1s"),
            ("seats.host", "3m"),
            ("seats.member", "2m"),
        ])
        .expect_err("mistakes");

        let reports: Vec<String> = mistakes
            .iter()
            .map(|mistake| format!("{}: {:?}", mistake.key, mistake.error))
            .collect();
        assert_eq!(
            reports,
            [
                r#"rooms.open: Unreadable { text: "many", kind: Count }"#,
                r#"rooms.members: OutOfRange { value: "5000", least: "1", most: "4096" }"#,
                r#"members.chat: OutOfRange { value: "0/1s", least: "1/1ms", most: "100000/1d" }"#,
                r#"seats.host: Contradiction { value: "3m", relation: Longer, other: "seats.member", bound: "2m" }"#,
            ]
            .map(str::to_owned)
        );
    }

    #[test]
    fn limits_below_what_a_normal_client_needs_are_rejected() {
        let too_little = [
            // The seat is gone and so is the room, which the client opens again.
            ("connections.tries", "2"),
            // A hello, a request for a seat, and what a player reports when a film is opened.
            ("connections.messages", "19/20ms"),
            ("connections.messages", "200/1s"),
            // A burst of clock pings, then one every 50 ms until they are answered.
            ("connections.datagrams", "15/50ms"),
            ("connections.datagrams", "100/51ms"),
            ("connections.datagram_flood", "15/5ms"),
            ("connections.datagram_flood", "2000/1d"),
            ("connections.outbox", "63KiB"),
        ];

        for (key, text) in too_little {
            let mistakes = Limits::read([(key, text)]).expect_err(text);
            let keys: Vec<&str> = mistakes.iter().map(|mistake| mistake.key).collect();
            assert_eq!(keys, [key], "{text}");
        }
        let enough = Limits::read([
            ("connections.tries", "3"),
            ("connections.messages", "20/250ms"),
            ("connections.datagrams", "16/50ms"),
            ("connections.datagram_flood", "16/1s"),
            ("connections.outbox", "64KiB"),
        ]);
        assert!(enough.is_ok(), "{enough:?}");
    }

    #[test]
    fn a_number_that_is_out_of_range_is_one_mistake() {
        let mistakes = Limits::read([("rooms.ban", "7s"), ("seats.member", "1s")]).expect_err("mistakes");

        let keys: Vec<&str> = mistakes.iter().map(|mistake| mistake.key).collect();
        assert_eq!(keys, ["seats.member", "rooms.ban"]);
    }

    #[test]
    fn rules_are_not_checked_for_unreadable_numbers() {
        let mistakes = Limits::read([("seats.host", "3m"), ("seats.member", "long")]).expect_err("mistakes");

        let keys: Vec<&str> = mistakes.iter().map(|mistake| mistake.key).collect();
        assert_eq!(keys, ["seats.member"]);
    }
}
