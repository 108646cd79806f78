//! Configuration files: TOML, with every mistake and its line.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use toml::de::{DeTable, DeValue};

use super::value::Raw;
use super::{Mistake, Origin};

/// So many mistakes of form are told; after them the rest is usually their consequence.
const SYNTAX_MISTAKES: usize = 5;

/// What a source says of one key, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) key: String,
    pub(super) raw: Raw,
    pub(super) origin: Origin,
}

/// Returns what a file says; nothing where there is no file.
pub(super) fn read(path: &Path) -> (Vec<Entry>, Vec<Mistake>) {
    match fs::read(path).map(String::from_utf8) {
        Ok(Ok(text)) => parse(&text, path),
        Ok(Err(error)) => {
            let valid = &error.as_bytes()[..error.utf8_error().valid_up_to()];
            let line = valid.split(|byte| *byte == b'\n').count();
            (
                Vec::new(),
                vec![mistake(path, line, "this is not UTF-8 text".to_owned())],
            )
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => (Vec::new(), Vec::new()),
        Err(error) => (
            Vec::new(),
            vec![mistake(path, 1, format!("the file cannot be read: {error}"))],
        ),
    }
}

/// Returns what a text in the form of a file says.
pub(super) fn parse(text: &str, path: &Path) -> (Vec<Entry>, Vec<Mistake>) {
    let line_of = |offset: usize| 1 + text.bytes().take(offset).filter(|byte| *byte == b'\n').count();
    let (table, errors) = DeTable::parse_recoverable(text);
    let mut mistakes = BTreeMap::new();
    for error in errors {
        let line = line_of(error.span().map_or(0, |span| span.start));
        mistakes.entry(line).or_insert_with(|| error.message().to_owned());
    }
    if !mistakes.is_empty() {
        let told = mistakes.into_iter().take(SYNTAX_MISTAKES);
        return (
            Vec::new(),
            told.map(|(line, message)| mistake(path, line, message)).collect(),
        );
    }
    let entries = table.get_ref().iter().map(|(key, value)| Entry {
        key: key.get_ref().to_string(),
        raw: raw_of(value.get_ref(), &|offset| line_of(offset)),
        origin: Origin::File {
            path: path.to_owned(),
            line: line_of(key.span().start),
        },
    });
    (entries.collect(), Vec::new())
}

fn raw_of(value: &DeValue<'_>, line_of: &dyn Fn(usize) -> usize) -> Raw {
    match value {
        DeValue::String(text) => Raw::Text(text.to_string()),
        DeValue::Integer(number) => Raw::Text(number.to_string()),
        DeValue::Array(parts) => {
            let part = |part: &toml::Spanned<DeValue<'_>>| {
                (raw_of(part.get_ref(), line_of), line_of(part.span().start))
            };
            Raw::List(parts.iter().map(part).collect())
        }
        DeValue::Float(_) => Raw::Other("a fraction"),
        DeValue::Boolean(_) => Raw::Other("true or false"),
        DeValue::Datetime(_) => Raw::Other("a date"),
        DeValue::Table(_) => Raw::Other("a table"),
    }
}

fn mistake(path: &Path, line: usize, message: String) -> Mistake {
    Mistake {
        place: Origin::File {
            path: path.to_owned(),
            line,
        },
        message,
        hint: None,
    }
}

/// Returns the mistake of a key that does not exist, with the nearest that does.
pub(super) fn unknown_key(key: &str, origin: Origin, known: &[&str]) -> Mistake {
    let nearest = known.iter().min_by_key(|candidate| distance(key, candidate));
    let hint = match nearest {
        Some(nearest) if distance(key, nearest) <= 2 => format!("did you mean {nearest}?"),
        Some(_) | None => format!("the keys are {}", known.join(", ")),
    };
    Mistake {
        place: origin,
        message: format!("there is no key {key:?}"),
        hint: Some(hint),
    }
}

/// Returns how many letters must be changed, put in or taken out to get from one word to the other.
pub(crate) fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = i;
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_as_far_from_another_as_letters_differ() {
        assert_eq!(distance("name", "name"), 0);
        assert_eq!(distance("nmae", "name"), 2);
        assert_eq!(distance("", "name"), 4);
        assert_eq!(distance("media_dir", "media_dirs"), 1);
    }

    #[test]
    fn mistakes_of_form_are_told_with_their_lines() {
        let (entries, mistakes) = parse("name = \"ana\"\nplayer = \nui = = 3\n", Path::new("c.toml"));

        let places: Vec<String> = mistakes.iter().map(|m| m.place.to_string()).collect();
        assert_eq!(places, ["c.toml:2", "c.toml:3"]);
        assert_eq!(entries, []);
    }

    #[test]
    fn what_is_no_text_is_told_with_its_line() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("c.toml");
        fs::write(&path, b"name = \"ana\"\n# \xff\n").expect("written");

        let (_, mistakes) = read(&path);
        let (_, unreadable) = read(folder.path());

        assert!(
            mistakes[0]
                .to_string()
                .ends_with("c.toml:2: this is not UTF-8 text")
        );
        assert!(unreadable[0].message.starts_with("the file cannot be read"));
        assert_eq!(read(&folder.path().join("none")), (Vec::new(), Vec::new()));
    }
}
