//! The names of people in sentences.

use watchtogether_protocol::Clean;
use watchtogether_protocol::narration::Person;

use crate::catalogue::Value;
use crate::text;

/// A person in a sentence. Messages select on its text: `you`, `somebody` and `none` are reserved names, which no member has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    /// The local user.
    You,
    /// Somebody else, by a name that is safe to draw.
    Named(String),
    /// Somebody whose name is not known.
    Somebody,
}

impl Who {
    /// Returns the name, or the word for the user or for somebody unknown, as it is written in a list.
    pub fn label(&self) -> &str {
        match self {
            Self::You => msg!("you"),
            Self::Named(name) => name,
            Self::Somebody => msg!("somebody"),
        }
    }
}

impl<'a> From<&'a Who> for Value<'a> {
    fn from(who: &'a Who) -> Self {
        Self::from(match who {
            Who::You => "you",
            Who::Named(name) => name,
            Who::Somebody => msg!("somebody"),
        })
    }
}

impl<'a> From<Option<&'a Who>> for Value<'a> {
    fn from(who: Option<&'a Who>) -> Self {
        who.map_or_else(|| Self::from("none"), Self::from)
    }
}

/// Returns how a sentence names somebody.
pub fn who(person: Option<&Person>) -> Who {
    match person {
        Some(person) if person.is_you => Who::You,
        Some(person) => Who::Named(text::safe(person.name.as_str())),
        None => Who::Somebody,
    }
}

/// Returns whether somebody is the local user.
pub fn is_you(person: Option<&Person>) -> bool {
    person.is_some_and(|person| person.is_you)
}

/// Returns whether a word, in place of a name, means the user. Nobody can have such a name.
pub fn is_oneself(word: &str) -> bool {
    let words = ["you", "yourself", "me", "myself"];
    words.iter().any(|own| own.eq_ignore_ascii_case(word.trim()))
}

/// Returns the title of a film in a sentence. Messages select on `none`, where it is not known.
pub(super) fn title(film: Option<&Clean>) -> String {
    film.map_or_else(|| "none".to_owned(), |film| text::safe(film.as_str()))
}

/// `bo is already the host`, `you are already the host`.
pub fn host_already(who: &Who) -> String {
    msg!("host-already", who = who)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_that_messages_select_on_are_no_names() {
        for word in ["you", "none", msg!("somebody")] {
            let name = word.parse::<watchtogether_protocol::MemberName>();

            assert!(name.is_err(), "{word}");
        }
    }

    #[test]
    fn the_reader_is_spoken_to() {
        assert_eq!(host_already(&Who::You), "you are already the host");
        assert_eq!(
            host_already(&Who::Named("bo".to_owned())),
            "bo is already the host"
        );
    }
}
