//! The catalogue: every text that people read, as messages of Project Fluent in `tui/texts`.
//!
//! [`msg!`](crate::msg) formats a message. `tests/it/catalogue.rs` checks that each message is used, that each use has a message,
//! and that both agree on the arguments. Codes that scripts read, logs and `--help` are not in the catalogue.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use fluent_syntax::ast;
use unic_langid::LanguageIdentifier;
use watchtogether_protocol::{Clean, MediaTime, MemberName, RoomName};

/// Formats a message of the catalogue. Without arguments it is a `&'static str`, with arguments a `String`: `msg!("nothing-on")`,
/// `msg!("people-more", count = 3)`. An attribute follows a dot: `msg!("action-send.help")`.
#[macro_export]
macro_rules! msg {
    ($key:literal) => {
        $crate::catalogue::text($key)
    };
    ($key:literal, $($name:ident = $value:expr),+ $(,)?) => {
        $crate::catalogue::message(
            $key,
            [$((stringify!($name), $crate::catalogue::Value::from($value))),+],
        )
    };
}

/// The language of the texts.
const LANGUAGE: &str = "en";

/// The files of the language.
const FILES: &[&str] = &[
    include_str!("../texts/en/actions.ftl"),
    include_str!("../texts/en/arguments.ftl"),
    include_str!("../texts/en/config.ftl"),
    include_str!("../texts/en/copies.ftl"),
    include_str!("../texts/en/errors.ftl"),
    include_str!("../texts/en/events.ftl"),
    include_str!("../texts/en/failures.ftl"),
    include_str!("../texts/en/home.ftl"),
    include_str!("../texts/en/home_actions.ftl"),
    include_str!("../texts/en/invite.ftl"),
    include_str!("../texts/en/keys.ftl"),
    include_str!("../texts/en/names.ftl"),
    include_str!("../texts/en/over_film.ftl"),
    include_str!("../texts/en/panels.ftl"),
    include_str!("../texts/en/people.ftl"),
    include_str!("../texts/en/player.ftl"),
    include_str!("../texts/en/presence.ftl"),
    include_str!("../texts/en/questions.ftl"),
    include_str!("../texts/en/reasons.ftl"),
    include_str!("../texts/en/removal.ftl"),
    include_str!("../texts/en/screen.ftl"),
    include_str!("../texts/en/session_line.ftl"),
    include_str!("../texts/en/settings.ftl"),
    include_str!("../texts/en/server.ftl"),
    include_str!("../texts/en/spoken.ftl"),
    include_str!("../texts/en/spoken_answers.ftl"),
    include_str!("../texts/en/spoken_events.ftl"),
    include_str!("../texts/en/spoken_numbers.ftl"),
    include_str!("../texts/en/spoken_player.ftl"),
    include_str!("../texts/en/spoken_undo.ftl"),
    include_str!("../texts/en/start.ftl"),
    include_str!("../texts/en/status.ftl"),
    include_str!("../texts/en/sync_details.ftl"),
    include_str!("../texts/en/undo.ftl"),
];

struct Catalogue {
    bundle: FluentBundle<FluentResource>,
    /// The messages and attributes without arguments, by key, formatted once.
    plain: BTreeMap<&'static str, &'static str>,
}

/// The catalogue, loaded on first use.
static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(Catalogue::load);

/// An argument of a message: a number, or text without control characters and direction overrides.
#[derive(Debug)]
pub struct Value<'a>(FluentValue<'a>);

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        let is_plain = |byte: u8| byte == b'\n' || (b' '..=b'~').contains(&byte);
        let clean = if text.bytes().all(is_plain) {
            Cow::Borrowed(text)
        } else {
            Cow::Owned(Clean::text(text).to_string())
        };
        Self(FluentValue::String(clean))
    }
}

impl<'a> From<&'a String> for Value<'a> {
    fn from(text: &'a String) -> Self {
        Self::from(text.as_str())
    }
}

impl From<String> for Value<'_> {
    fn from(text: String) -> Self {
        let Value(value) = Value::from(text.as_str());
        Self(value.into_owned())
    }
}

impl<'a> From<&'a Clean> for Value<'a> {
    fn from(text: &'a Clean) -> Self {
        Self(FluentValue::String(Cow::Borrowed(text.as_str())))
    }
}

macro_rules! shown {
    ($($shown:ty),+) => { $(
        impl From<$shown> for Value<'_> {
            fn from(shown: $shown) -> Self {
                Self(FluentValue::String(Cow::Owned(shown.to_string())))
            }
        }
    )+ };
}

shown!(MediaTime, &MemberName, &RoomName, char);

macro_rules! number {
    ($($number:ty),+) => { $(
        impl From<$number> for Value<'_> {
            fn from(number: $number) -> Self {
                Self(FluentValue::from(number))
            }
        }
    )+ };
}

number!(u8, u16, u32, u64, usize, i32, i64, f64);

/// Returns a message without arguments. [`msg!`](crate::msg) calls it.
pub fn text(key: &'static str) -> &'static str {
    optional_text(key).unwrap_or(key)
}

/// Returns a message without arguments; `None` if the catalogue does not have this key.
pub fn optional_text(key: &str) -> Option<&'static str> {
    CATALOGUE.plain.get(key).copied()
}

/// Returns a message with its arguments. [`msg!`](crate::msg) calls it.
pub fn message<const N: usize>(key: &'static str, arguments: [(&'static str, Value<'_>); N]) -> String {
    let mut args = FluentArgs::with_capacity(N);
    for (name, Value(value)) in arguments {
        args.set(name, value);
    }
    CATALOGUE
        .format(key, &args)
        .map_or_else(|| key.to_owned(), Cow::into_owned)
}

impl Catalogue {
    fn load() -> Self {
        let mut bundle = FluentBundle::new_concurrent(vec![language()]);
        // Terminals and mpv would show the marks that isolate arguments.
        bundle.set_use_isolating(false);
        let mut keys = Vec::new();
        for file in FILES {
            // Invalid entries are left out; the tests parse every file.
            let resource = FluentResource::try_new((*file).to_owned()).unwrap_or_else(|(rest, _errors)| rest);
            keys.extend(keys_of(&resource));
            bundle.add_resource(resource).ok();
        }
        let mut catalogue = Self {
            bundle,
            plain: BTreeMap::new(),
        };
        let nothing = FluentArgs::new();
        let plain = keys.into_iter().filter_map(|key| {
            let text = catalogue.format(&key, &nothing)?.into_owned();
            let text: &'static str = Box::leak(text.into_boxed_str());
            let key: &'static str = Box::leak(key.into_boxed_str());
            Some((key, text))
        });
        let plain = plain.collect();
        catalogue.plain = plain;
        catalogue
    }

    /// Returns a message or an attribute; `None` if there is none with that key, or an argument is missing.
    fn format<'a>(&'a self, key: &str, args: &'a FluentArgs<'_>) -> Option<Cow<'a, str>> {
        let pattern = match key.split_once('.') {
            None => self.bundle.get_message(key)?.value()?,
            Some((key, attribute)) => self.bundle.get_message(key)?.get_attribute(attribute)?.value(),
        };
        let mut errors = Vec::new();
        let text = self.bundle.format_pattern(pattern, Some(args), &mut errors);
        errors.is_empty().then_some(text)
    }
}

/// Returns the language that decides the plural forms.
fn language() -> LanguageIdentifier {
    LANGUAGE.parse().unwrap_or_default()
}

/// Returns the keys of the messages and attributes of a file.
fn keys_of(file: &FluentResource) -> Vec<String> {
    let messages = file.entries().filter_map(|entry| {
        if let ast::Entry::Message(message) = entry {
            Some(message)
        } else {
            None
        }
    });
    let keys = messages.flat_map(|message| {
        let key = message.id.name;
        let attributes = message.attributes.iter();
        let attributes = attributes.map(move |attribute| format!("{key}.{}", attribute.id.name));
        let own = message.value.as_ref().map(|_| key.to_owned());
        own.into_iter().chain(attributes)
    });
    keys.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_parses_and_no_key_is_twice() {
        let mut bundle: FluentBundle<FluentResource> = FluentBundle::new_concurrent(vec![language()]);
        for file in FILES {
            let resource = FluentResource::try_new((*file).to_owned());
            let resource = resource.map_err(|(_, errors)| errors).expect("it parses");

            let added = bundle.add_resource(resource);

            assert!(added.is_ok(), "a key is there already: {added:?}");
        }
    }

    #[test]
    fn arguments_are_clean_and_have_no_marks_around_them() {
        let name = "b\u{202e}o\u{1b}[2J\u{9d}";

        assert_eq!(
            msg!("typing-two", name = name, other = "ana"),
            "bo[2J and ana are typing…"
        );
        assert_eq!(msg!("palette-count", count = 1), "1 command");
        assert_eq!(msg!("palette-count", count = 2_000), "2000 commands");
    }

    #[test]
    fn a_key_that_is_not_there_or_lacks_an_argument_is_shown_itself() {
        assert_eq!(text("no-such-key"), "no-such-key");
        assert_eq!(text("typing-two"), "typing-two");
        assert_eq!(message("typing-two", [("name", Value::from("bo"))]), "typing-two");
    }
}
