//! The names that nobody can take because the program uses them itself.
//!
//! A line such as "you are host now" must not mean a member called "you", and `/host me` or `/kick all` must not mean a member
//! with that name. A number refers to a position in a list. A name counts as reserved whatever its letter case, accents, spaces
//! and punctuation, and also if its letters only look like those of a reserved word. The words are English, as the interface is.
//!
//! Marks are reserved too: a star marks the host, a tick marks members who are ready, two dashes begin an event line. No name may
//! contain such a symbol. Other symbols, such as hearts and foxes, are allowed.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;
use unicode_security::confusable_detection;

use crate::clean::is_blank;

/// The words by which the interface refers to people, itself and the server, and those that could be read as a command's
/// argument.
const WORDS: &[&str] = &[
    // Words for the user, everybody and nobody.
    "you",
    "yourself",
    "me",
    "myself",
    "self",
    "all",
    "everyone",
    "everybody",
    "anyone",
    "anybody",
    "someone",
    "somebody",
    "nobody",
    "noone",
    "none",
    "others",
    // Roles and titles of authority.
    "host",
    "thehost",
    "cohost",
    "viewer",
    "member",
    "admin",
    "administrator",
    "moderator",
    "operator",
    "owner",
    // The program and its parts.
    "watchtogether",
    "server",
    "theserver",
    "system",
    "room",
    "theroom",
    "player",
    "client",
    "error",
    "warning",
    "notice",
    "unknown",
    "undo",
    "redo",
    "people",
    "invite",
    "thefilm",
    // Words that begin a line about the connection, the film or a request.
    "connection",
    "connectionlost",
    "connected",
    "connectedagain",
    "disconnected",
    "reconnecting",
    "linklost",
    "offline",
    "playing",
    "paused",
    "insync",
    "notready",
    "notdone",
    "notsent",
    "onnow",
    "action",
];

/// Titles of authority. No word of a name may be one; otherwise "Ana (host)" could be taken for a host called Ana.
const TITLES: &[&str] = &[
    "host",
    "cohost",
    "admin",
    "administrator",
    "moderator",
    "server",
    "system",
    "watchtogether",
];

/// The symbols that the interface uses as marks or draws with, and those that look like them: stars, ticks, crosses, dots,
/// arrows, warnings, frames and blocks.
const MARKS: &[RangeInclusive<char>] = &[
    '\u{2022}'..='\u{2026}',
    '\u{2190}'..='\u{21ff}',
    '\u{2300}'..='\u{23ff}',
    '\u{2500}'..='\u{25ff}',
    '\u{2605}'..='\u{2606}',
    '\u{2610}'..='\u{2612}',
    '\u{26a0}'..='\u{26a1}',
    '\u{26aa}'..='\u{26ab}',
    '\u{26d4}'..='\u{26d4}',
    '\u{2705}'..='\u{2705}',
    '\u{2713}'..='\u{2718}',
    '\u{2722}'..='\u{2743}',
    '\u{2747}'..='\u{275e}',
    '\u{2794}'..='\u{27bf}',
    '\u{2b00}'..='\u{2bff}',
    '\u{1f31f}'..='\u{1f320}',
    '\u{1f500}'..='\u{1f50a}',
    '\u{1f512}'..='\u{1f513}',
    '\u{1f514}'..='\u{1f515}',
    '\u{1f534}'..='\u{1f53d}',
    '\u{1f5f4}'..='\u{1f5f9}',
    '\u{1f6ab}'..='\u{1f6ab}',
    '\u{1f780}'..='\u{1f7ff}',
];

/// The dots that separate two parts of a line in the interface. Catalan uses one inside words, so they count as marks unless they
/// are between letters.
const MIDDLE_DOTS: [char; 2] = ['\u{b7}', '\u{2027}'];

/// The characters with which a name may not begin: marks that are on every keyboard.
const FIRST_MARKS: &[char] = &[
    '-', '\u{2010}', '\u{2011}', '\u{2012}', '\u{2013}', '\u{2014}', '\u{2015}', '\u{2212}', '~', '!', '*',
    '>', '#', '/', '+', '|',
];

/// Real names that look like a reserved word only because a capital I looks like a small L.
const PEOPLE: &[&str] = &["ali", "Ali", "ALI", "seif", "Seif", "SEIF"];

/// The keys of [`WORDS`], from [`looks`].
static LOOKS: LazyLock<BTreeSet<String>> = LazyLock::new(|| WORDS.iter().copied().flat_map(looks).collect());

/// The keys of [`TITLES`], from [`looks`].
static TITLE_LOOKS: LazyLock<BTreeSet<String>> =
    LazyLock::new(|| TITLES.iter().copied().flat_map(looks).collect());

/// Returns whether a name is reserved: it is or looks like a reserved word, is a number, or contains a mark or a title.
pub(crate) fn is_reserved(name: &str) -> bool {
    is_number(name)
        || mark_in(name).is_some()
        || has_title(name)
        || !PEOPLE.contains(&name) && looks(name).iter().any(|look| LOOKS.contains(look))
}

/// Returns the first character of a name that the interface uses as a mark in that place.
pub(crate) fn mark_in(name: &str) -> Option<char> {
    let is_mark = |c: &char| MARKS.iter().any(|marks| marks.contains(c));
    let first = name.chars().next().filter(|c| FIRST_MARKS.contains(c));
    first
        .or_else(|| name.chars().find(is_mark))
        .or_else(|| loose_dot(name))
}

fn loose_dot(name: &str) -> Option<char> {
    let is_letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    name.char_indices()
        .filter(|(_, c)| MIDDLE_DOTS.contains(c))
        .find(|(at, c)| {
            let after = name[at + c.len_utf8()..].chars().next();
            !is_letter(name[..*at].chars().next_back()) || !is_letter(after)
        })
        .map(|(_, c)| c)
}

/// Returns whether a word of the name is a title of authority.
fn has_title(name: &str) -> bool {
    let words = name.split(|c: char| !c.is_alphanumeric() && !is_combining_mark(c));
    words.flat_map(looks).any(|look| TITLE_LOOKS.contains(&look))
}

/// Returns whether a name could be read as a position in a list of people.
fn is_number(name: &str) -> bool {
    name.nfkc().all(|c| c.is_numeric() || is_blank(c))
}

/// Returns keys that are equal for names that look alike: letters and digits without case, accents and look-alikes. Capital
/// letters have other look-alikes than small ones, so there is one key for the name as written and one for the name in lower
/// case.
fn looks(name: &str) -> [String; 2] {
    let written: String = name
        .nfkd()
        .filter(|c| !is_combining_mark(*c) && c.is_alphanumeric())
        .collect();
    let look = |letters: &str| {
        // A capital I looks like a small l and also folds to a small i, so the three count as one. An m can be imitated by r and
        // n.
        confusable_detection::skeleton(letters)
            .flat_map(char::to_lowercase)
            .map(|c| if c == 'l' { 'i' } else { c })
            .collect::<String>()
            .replace("rn", "m")
    };
    [look(&written), look(&written.to_lowercase())]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_the_interface_are_reserved_in_every_disguise() {
        for name in [
            "you",
            "You",
            "YOU",
            "y o u",
            "yo\u{301}u",
            "\u{443}\u{43e}u",
            "\u{ff59}\u{ff4f}\u{ff55}",
            "you!",
            "(you)",
            "y0u",
            "Host",
            "HOS\u{422}",
            "SYSTE\u{41c}",
            "SYSTeM",
            "co-host",
            "Co Host",
            "CO_HOST",
            "viewer",
            "Server",
            "s\u{443}stem",
            "watchtogether",
            "Watch Together",
            "everyone",
            "@all",
            "a11",
            "AlI",
            "Ai1",
            "ALL",
            "me",
            "m\u{435}",
            "nobody",
            "no one",
            "room",
            "r00m",
        ] {
            assert!(is_reserved(name), "{name}");
        }
    }

    #[test]
    fn a_number_is_reserved_because_it_means_somebody_in_a_list() {
        for name in ["2", "007", "1 2", "\u{ff12}", "\u{662}"] {
            assert!(is_reserved(name), "{name}");
        }
        assert!(!is_reserved("bo 2"));
    }

    #[test]
    fn a_mark_of_the_interface_is_no_part_of_a_name() {
        for name in [
            "★ Ana",
            "⭐ Ana",
            "Ana ☆",
            "✓ bo",
            "✔ bo",
            "bo ✅",
            "● lea",
            "🔴 lea",
            "▶ bo",
            "▸bo",
            "⚠ bo",
            "↻ bo",
            "~ bo",
            "! bo",
            "-- bo",
            "— bo",
            "· bo",
            "bo · lea",
            "bo … lea",
            "▌bo",
            "│bo",
            "/kick",
        ] {
            assert!(is_reserved(name), "{name}");
        }
        assert_eq!(mark_in("★ Ana"), Some('★'));
    }

    #[test]
    fn names_like_a_line_of_the_interface_or_a_title_are_refused() {
        for name in [
            "Connection lost",
            "System",
            "Server",
            "System message",
            "The Server",
            "Server (film)",
            "Ana (host)",
            "host Ana",
            "Ana [co-host]",
            "Ana, \u{4bb}ost",
            "Not done",
            "On now",
            "Reconnecting …",
            "The film",
        ] {
            assert!(is_reserved(name), "{name}");
        }
    }

    #[test]
    fn names_of_people_are_not() {
        for name in [
            "ana",
            "bo",
            "Mel",
            "Yu",
            "Youssef",
            "Hostie",
            "Allie",
            "Al",
            "Ali",
            "ali",
            "ALI",
            "Seif",
            "guest",
            "root",
            "user",
            "Serverin",
            "Mei",
            "\u{4f60}",
            "🦊",
            "Ana ♥",
            "Ana ❤",
            "bo!",
            "Jean-Luc",
            "O'Neil",
            "_bo_",
            "xX_lea_Xx",
            "You Jin",
            "Filmer",
            "Gal·la",
            "dj.lou",
            "☕ lea",
        ] {
            assert!(!is_reserved(name), "{name}");
        }
    }
}
