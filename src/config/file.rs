//! Reads configuration files: TOML, with a line number for each mistake.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use toml::de::{DeTable, DeValue};
use watchtogether_tui::nearest::distance;

use super::mistake::{KnownKeys, ValueShape};
use super::value::RawValue;
use super::{ConfigMistake, MistakeKind, Origin};

/// The maximum number of syntax mistakes that are reported. Further ones are usually consequences of these.
const SYNTAX_MISTAKES: usize = 5;

/// The maximum size of a file that is read, in bytes: far more than any hand-written file has.
const FILE_BYTES: u64 = 1024 * 1024;

/// One key of a source, with its value and place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RawEntry {
    pub(super) key: String,
    pub(super) raw: RawValue,
    pub(super) origin: Origin,
}

/// Returns the entries of a file; none if there is no file.
pub(super) fn read(path: &Path) -> (Vec<RawEntry>, Vec<ConfigMistake>) {
    let (text, mut mistakes) = text_of(path);
    let (entries, wrong) = parse(&text, path);
    mistakes.extend(wrong);
    (entries, mistakes)
}

/// Returns the entries of a file that has tables besides top-level keys; a key in a table is called `table.key`.
pub(super) fn read_with_tables(path: &Path) -> (Vec<RawEntry>, Vec<ConfigMistake>) {
    let (text, mut mistakes) = text_of(path);
    match table_of(&text, path) {
        Ok(root) => (flat_entries_of(&root, &text, path), mistakes),
        Err(wrong) => {
            mistakes.extend(wrong);
            (Vec::new(), mistakes)
        }
    }
}

/// Returns the text of a file; empty if there is no file or it cannot be read.
pub(super) fn text_of(path: &Path) -> (String, Vec<ConfigMistake>) {
    match read_bounded(path).map(String::from_utf8) {
        Ok(Ok(text)) => (text, Vec::new()),
        Ok(Err(error)) => {
            let valid = &error.as_bytes()[..error.utf8_error().valid_up_to()];
            let line = valid.split(|byte| *byte == b'\n').count();
            (String::new(), vec![mistake(path, line, MistakeKind::NotUtf8)])
        }
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
            ) =>
        {
            (String::new(), Vec::new())
        }
        Err(error) => (
            String::new(),
            vec![ConfigMistake {
                place: Origin::WholeFile(path.to_owned()),
                what: MistakeKind::FileUnreadable {
                    cause: error.to_string(),
                },
            }],
        ),
    }
}

/// Reads a file, unless it is larger than any hand-written file: it may be endless.
fn read_bounded(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let length = File::open(path)?.take(FILE_BYTES + 1).read_to_end(&mut bytes)?;
    if length as u64 > FILE_BYTES {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    Ok(bytes)
}

/// Returns the entries of a text in the format of a file.
pub(super) fn parse(text: &str, path: &Path) -> (Vec<RawEntry>, Vec<ConfigMistake>) {
    match table_of(text, path) {
        Ok(table) => (entries_of(&table, text, path), Vec::new()),
        Err(mistakes) => (Vec::new(), mistakes),
    }
}

/// Returns the entries of a text that may have only known tables, each entry with the name of its table. Anything outside those
/// tables is a mistake.
pub(super) fn parse_tables(
    text: &str,
    path: &Path,
    known: &[&'static str],
) -> (Vec<(&'static str, RawEntry)>, Vec<ConfigMistake>) {
    let root = match table_of(text, path) {
        Ok(root) => root,
        Err(mistakes) => return (Vec::new(), mistakes),
    };
    let (mut entries, mut mistakes) = (Vec::new(), Vec::new());
    for (key, value) in &root {
        let name = known.iter().find(|known| **known == key.get_ref().as_ref());
        let origin = Origin::File {
            path: path.to_owned(),
            line: line_of(text, key.span().start),
        };
        match (value.get_ref(), name) {
            (DeValue::Table(table), Some(name)) => {
                let of_it = entries_of(table, text, path).into_iter();
                entries.extend(of_it.map(|entry| (*name, entry)));
            }
            (DeValue::Table(_), None) => mistakes.push(unknown_key(key.get_ref(), origin, known)),
            (_, _) => mistakes.push(ConfigMistake {
                place: origin,
                what: MistakeKind::OutsideTables {
                    key: key.get_ref().to_string(),
                    tables: known.to_vec(),
                },
            }),
        }
    }
    (entries, mistakes)
}

fn line_of(text: &str, offset: usize) -> usize {
    1 + text.bytes().take(offset).filter(|byte| *byte == b'\n').count()
}

fn table_of<'a>(text: &'a str, path: &Path) -> Result<DeTable<'a>, Vec<ConfigMistake>> {
    let (table, errors) = DeTable::parse_recoverable(text);
    let mut mistakes = BTreeMap::new();
    for error in errors {
        let line = line_of(text, error.span().map_or(0, |span| span.start));
        mistakes.entry(line).or_insert_with(|| error.message().to_owned());
    }
    if !mistakes.is_empty() {
        let listed = mistakes.into_iter().take(SYNTAX_MISTAKES);
        let mistakes = listed.map(|(line, cause)| mistake(path, line, MistakeKind::Syntax { cause }));
        return Err(mistakes.collect());
    }
    Ok(table.into_inner())
}

fn entries_of(table: &DeTable<'_>, text: &str, path: &Path) -> Vec<RawEntry> {
    let entries = table.iter().map(|(key, value)| RawEntry {
        key: key.get_ref().to_string(),
        raw: raw_of(value.get_ref(), &|offset| line_of(text, offset)),
        origin: Origin::File {
            path: path.to_owned(),
            line: line_of(text, key.span().start),
        },
    });
    entries.collect()
}

fn flat_entries_of(root: &DeTable<'_>, text: &str, path: &Path) -> Vec<RawEntry> {
    let by_themselves = entries_of(root, text, path).into_iter();
    let mut entries: Vec<RawEntry> = by_themselves
        .filter(|entry| entry.raw != RawValue::Other(ValueShape::Table))
        .collect();
    for (name, value) in root {
        if let DeValue::Table(table) = value.get_ref() {
            entries.extend(entries_of(table, text, path).into_iter().map(|entry| RawEntry {
                key: format!("{}.{}", name.get_ref(), entry.key),
                ..entry
            }));
        }
    }
    entries
}

fn raw_of(value: &DeValue<'_>, line_of: &dyn Fn(usize) -> usize) -> RawValue {
    match value {
        DeValue::String(text) => RawValue::Text(text.to_string()),
        DeValue::Integer(number) => RawValue::Text(number.to_string()),
        DeValue::Array(parts) => {
            let part = |part: &toml::Spanned<DeValue<'_>>| {
                (raw_of(part.get_ref(), line_of), line_of(part.span().start))
            };
            RawValue::List(parts.iter().map(part).collect())
        }
        DeValue::Float(_) => RawValue::Other(ValueShape::Fraction),
        DeValue::Boolean(is_on) => RawValue::Switch(*is_on),
        DeValue::Datetime(_) => RawValue::Other(ValueShape::Date),
        DeValue::Table(_) => RawValue::Other(ValueShape::Table),
    }
}

fn mistake(path: &Path, line: usize, what: MistakeKind) -> ConfigMistake {
    ConfigMistake {
        place: Origin::File {
            path: path.to_owned(),
            line,
        },
        what,
    }
}

/// Returns the mistake for an unknown key.
pub(super) fn unknown_key(key: &str, origin: Origin, known: &[&str]) -> ConfigMistake {
    let keys = known.iter().map(|key| (*key).to_owned()).collect();
    unknown_key_among(key, origin, known, KnownKeys::These(keys))
}

/// Returns the mistake for an unknown key, with the keys that are suggested if no similar key exists.
pub(super) fn unknown_key_among(
    key: &str,
    origin: Origin,
    known: &[&str],
    suggested: KnownKeys,
) -> ConfigMistake {
    ConfigMistake {
        place: origin,
        what: MistakeKind::UnknownKey {
            key: key.to_owned(),
            nearest: nearest(key, known).map(str::to_owned),
            known: suggested,
        },
    }
}

/// Returns the known word that was probably meant.
pub(super) fn nearest<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
    // One typing error per three letters: anything further away is another word, and a wrong suggestion is worse than none.
    let most = (word.chars().count() / 3).min(2);
    let near = known.iter().filter(|candidate| distance(word, candidate) <= most);
    near.min_by_key(|candidate| distance(word, candidate)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_that_is_far_from_all_others_suggests_none() {
        let hint = |key| unknown_key(key, Origin::Default, &["name", "port", "say", "verbosity"]).hint();

        assert_eq!(hint("nmae").as_deref(), Some("did you mean name?"));
        assert_eq!(hint("vebrostiy").as_deref(), Some("did you mean verbosity?"));
        for other in ["host", "set", "x"] {
            let all = "the keys are name, port, say, verbosity";
            assert_eq!(hint(other).as_deref(), Some(all), "{other}");
        }
    }

    #[test]
    fn an_endless_file_is_a_mistake() {
        let (text, mistakes) = text_of(Path::new("/dev/zero"));

        assert_eq!(text, "");
        let [mistake] = &mistakes[..] else {
            panic!("{mistakes:?}");
        };
        assert!(
            mistake
                .to_string()
                .ends_with(": cannot read the file: file too large"),
            "{mistake}"
        );
    }

    #[test]
    fn syntax_errors_are_reported_with_their_lines() {
        let (entries, mistakes) = parse("name = \"ana\"\nplayer = \nui = = 3\n", Path::new("c.toml"));

        let places: Vec<String> = mistakes.iter().map(|m| m.place.to_string()).collect();
        assert_eq!(places, ["c.toml:2", "c.toml:3"]);
        assert_eq!(entries, []);
    }

    #[test]
    fn bytes_that_are_no_text_are_reported_with_their_line() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("c.toml");
        std::fs::write(&path, b"name = \"ana\"\n# \xff\n").expect("written");

        let (_, mistakes) = read(&path);
        let (_, unreadable) = read(folder.path());

        assert!(
            mistakes[0]
                .to_string()
                .ends_with("c.toml:2: this is not UTF-8 text")
        );
        assert!(matches!(unreadable[0].what, MistakeKind::FileUnreadable { .. }));
        assert_eq!(read(&folder.path().join("none")), (Vec::new(), Vec::new()));
    }
}
