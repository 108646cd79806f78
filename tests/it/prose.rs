//! Tests that texts for people are in the catalogue: the code that shows something has no literal of several words.

use std::fs;
use std::iter::Peekable;
use std::path::Path;
use std::str::Chars;

use super::sizes::production_files;

/// The folders with code that shows something to people.
const FOLDERS: [&str; 2] = ["tui/src", "src"];

/// Files with texts for developers, for a log or for `--help`, which are English in place. A folder stands for all its files.
const ENGLISH: [&str; 7] = [
    // `make demo` is run by developers.
    "src/cli/demo.rs",
    "src/cli/demo",
    // The sources of settings are codes in JSON.
    "src/config.rs",
    // Lists in `--help` and in man pages.
    "src/control/wire/event.rs",
    "src/exit.rs",
    // The worker writes a log, and compares what mpv writes.
    "src/player/worker.rs",
    "src/player/worker",
];

/// Calls and attributes whose texts are for developers, for a log, for `--help` or for a comparison.
const FOR_DEVELOPERS: [&str; 11] = [
    "#",
    "DecodeError::Other",
    "expect",
    "help",
    "io::Error::other",
    "name",
    "tracing::debug!",
    "tracing::error!",
    "tracing::info!",
    "tracing::warn!",
    "trim_start_matches",
];

#[test]
fn no_text_for_people_is_outside_the_catalogue() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut wrong = Vec::new();
    for folder in FOLDERS {
        for file in production_files(&root.join(folder)) {
            let name = file.strip_prefix(root).expect("a file of this repository");
            if ENGLISH.iter().any(|english| name.starts_with(english)) {
                continue;
            }
            let source = fs::read_to_string(&file).expect("a readable source");
            let texts = texts_for_people(&source).into_iter();
            wrong.extend(texts.map(|text| format!("{}: {text:?}", name.display())));
        }
    }

    assert!(
        wrong.is_empty(),
        "\nput these texts into tui/texts/en and use msg!:\n{}\n",
        wrong.join("\n")
    );
}

#[test]
fn a_sentence_is_found_wherever_it_is_shown_and_not_where_it_is_logged_or_a_comment() {
    let source = r#"
        /// "not this one"
        const HINT: &str = "did you mean {name}?";
        fn shown<'a>(quote: char) -> String {
            tracing::warn!(%error, "it is not {} shown", text("and not this"));
            let key = file.open().expect("it is there");
            match quote { '"' => text!("a-key", why = "a reason for it"), _ => format!("{}: {}", 'x', "one") }
        }
        #[expect(dead_code, reason = "not this either")]
        #[cfg(test)]
        mod tests { const WORDS: &str = "nor this one"; }
    "#;

    assert_eq!(
        texts_for_people(
            &source
                .replace("        #[cfg", "#[cfg")
                .replace("        mod", "mod")
        ),
        ["did you mean {name}?", "a reason for it"]
    );
}

/// Returns the literals of several words in the production code of a file that are not for developers.
fn texts_for_people(source: &str) -> Vec<String> {
    let (shipped, _) = source
        .split_once("#[cfg(test)]\nmod tests")
        .unwrap_or((source, ""));
    let mut scanner = Scanner::of(shipped);
    scanner.run();
    scanner.texts
}

/// Walks through a source file, with the calls and attributes that it is in.
struct Scanner<'a> {
    rest: Peekable<Chars<'a>>,
    /// The last word: a name, with its path and a macro's mark.
    word: String,
    /// The words before the open brackets.
    calls: Vec<String>,
    texts: Vec<String>,
}

impl<'a> Scanner<'a> {
    fn of(source: &'a str) -> Self {
        Self {
            rest: source.chars().peekable(),
            word: String::new(),
            calls: Vec::new(),
            texts: Vec::new(),
        }
    }

    fn run(&mut self) {
        while let Some(c) = self.rest.next() {
            match c {
                '/' if self.rest.peek() == Some(&'/') => {
                    self.rest.by_ref().find(|c| *c == '\n');
                }
                '\'' => self.skip_char(),
                '"' => self.literal(),
                '(' | '[' | '{' => self.calls.push(std::mem::take(&mut self.word)),
                ')' | ']' | '}' => drop(self.calls.pop()),
                '.' | ' ' | '\n' => self.word.clear(),
                c if c.is_alphanumeric() || "_:!#".contains(c) => self.word.push(c),
                _ => self.word.clear(),
            }
        }
    }

    /// Passes a character in quotes; a lifetime has only one quote.
    fn skip_char(&mut self) {
        let mut ahead = self.rest.clone();
        let first = ahead.next();
        if first == Some('\\') {
            self.rest.nth(1);
            self.rest.by_ref().find(|c| *c == '\'');
        } else if ahead.next() == Some('\'') {
            self.rest.nth(1);
        }
    }

    fn literal(&mut self) {
        let is_bytes = self.word == "b";
        let mut text = String::new();
        while let Some(c) = self.rest.next() {
            match c {
                '"' => break,
                '\\' => text.extend(self.rest.next().filter(|c| *c != '\n')),
                c => text.push(c),
            }
        }
        self.word.clear();
        let is_for_developers = |call: &String| FOR_DEVELOPERS.contains(&call.as_str());
        if !is_bytes && has_two_words(&text) && !self.calls.iter().any(is_for_developers) {
            self.texts.push(text);
        }
    }
}

/// Returns whether two words follow each other, of which the second begins small.
fn has_two_words(text: &str) -> bool {
    let is_word = |word: &str| word.len() >= 2 && word.chars().all(char::is_alphabetic);
    let words: Vec<&str> = text
        .split([' ', '\n'])
        .map(|word| word.trim_end_matches([',', ':', ';', '.', '?']))
        .collect();
    words
        .windows(2)
        .any(|pair| is_word(pair[0]) && is_word(pair[1]) && pair[1].starts_with(char::is_lowercase))
}
