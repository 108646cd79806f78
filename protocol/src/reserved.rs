//! The names that nobody can take, because the program uses them itself.
//!
//! A line such as "you are host now" must not be about a member called "you", and `/host me` or `/kick all` must not mean somebody
//! of that name. A number means somebody in a list. A name counts as reserved whatever its letter case, accents, spaces and punctuation, and if its letters
//! only look like those of a reserved word. The words are English, as the interface is.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;
use unicode_security::confusable_detection;

use crate::id::is_blank;

/// What the interface calls people, itself and the server, and what could be read as an argument of a command.
const WORDS: &[&str] = &[
    // The user, and everybody or nobody.
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
    // Roles and those who could be taken for the one in charge.
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
];

static LOOKS: LazyLock<BTreeSet<String>> = LazyLock::new(|| WORDS.iter().copied().flat_map(looks).collect());

/// Returns whether a name is one of the reserved words, or looks like one, or is a number.
pub(crate) fn is_reserved(name: &str) -> bool {
    is_number(name) || looks(name).iter().any(|look| LOOKS.contains(look))
}

/// Returns whether a name could be taken for a number in a list of people.
fn is_number(name: &str) -> bool {
    name.nfkc().all(|c| c.is_numeric() || is_blank(c))
}

/// Returns what names that look like one word have in common: letters and digits without case, accents and look-alikes. In
/// capitals other letters look alike than in small ones, so there is one look as the name is written and one of its small letters.
fn looks(name: &str) -> [String; 2] {
    let written: String = name
        .nfkd()
        .filter(|c| !is_combining_mark(*c) && c.is_alphanumeric())
        .collect();
    let look = |letters: &str| {
        // A capital I looks like a small l, and is a small i: so these are one. An m is taken for r and n.
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
    fn names_of_people_are_not() {
        for name in [
            "ana", "bo", "Mel", "Yu", "Youssef", "Hostie", "Allie", "Al", "guest", "root", "user",
            "Serverin", "Mei", "\u{4f60}", "🦊",
        ] {
            assert!(!is_reserved(name), "{name}");
        }
    }
}
