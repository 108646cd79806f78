//! The key file: two tables, each with actions and the keys that the user chose for them. The screen interprets the names.

use std::path::Path;

use super::file;
use super::value::RawValue;
use super::{ConfigMistake, MistakeKind, Origin};

/// The tables of the file: the keys while letters are text, and the keys while letters are commands.
pub const TABLES: [&str; 2] = ["chat", "keys"];

/// One line of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyLine {
    /// The table, one of [`TABLES`].
    pub table: &'static str,
    /// The action.
    pub action: String,
    /// Its keys; an empty text unbinds it.
    pub keys: Vec<String>,
    /// The line, counted from 1.
    pub line: usize,
}

/// Returns the lines of a file, or none if there is no file. Mistakes are reported, and everything else is still read.
pub fn read(path: &Path) -> (Vec<KeyLine>, Vec<ConfigMistake>) {
    let (text, mut mistakes) = file::text_of(path);
    let (entries, wrong) = file::parse_tables(&text, path, &TABLES);
    mistakes.extend(wrong);
    let mut lines = Vec::new();
    for (table, entry) in entries {
        let Origin::File { line, .. } = entry.origin else {
            continue;
        };
        let keys = match &entry.raw {
            RawValue::Text(key) => Ok(vec![key.clone()]),
            raw @ (RawValue::List(_) | RawValue::Variable(_) | RawValue::Switch(_) | RawValue::Other(_)) => {
                let separator = char::is_whitespace;
                raw.parts(separator)
                    .map(|parts| parts.into_iter().map(|(key, _)| key.to_owned()).collect())
            }
        };
        match keys {
            Ok(keys) => lines.push(KeyLine {
                table,
                action: entry.key,
                keys,
                line,
            }),
            Err(_) => mistakes.push(ConfigMistake {
                place: entry.origin,
                what: MistakeKind::NotKeys { action: entry.key },
            }),
        }
    }
    (lines, mistakes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str) -> (Vec<KeyLine>, Vec<String>) {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("keys.toml");
        std::fs::write(&path, text).expect("written");
        let (lines, mistakes) = read(&path);
        let folder = format!("{}/", folder.path().display());
        let reports = mistakes.iter().map(|m| m.to_string().replace(&folder, ""));
        (lines, reports.collect())
    }

    #[test]
    fn an_action_has_a_key_or_a_list_of_keys_or_none() {
        let (lines, reports) = read_text(
            "[chat]\nplay-pause = \"F9\"\n\n[keys]\nmute = [\"m\", \"M\"]\nback-5 = []\ngo-on = 9\n",
        );

        let line = |table, action: &str, keys: &[&str], line| KeyLine {
            table,
            action: action.to_owned(),
            keys: keys.iter().map(|key| (*key).to_owned()).collect(),
            line,
        };
        assert_eq!(
            lines,
            [
                line("chat", "play-pause", &["F9"], 2),
                line("keys", "back-5", &[], 6),
                line("keys", "go-on", &["9"], 7),
                line("keys", "mute", &["m", "M"], 5),
            ]
        );
        assert_eq!(reports, [""; 0]);
        let (lines, mistakes) = read(Path::new("/nowhere/keys.toml"));
        assert_eq!((lines, mistakes), (Vec::new(), Vec::new()));
    }

    #[test]
    fn misplaced_keys_are_reported_with_their_lines() {
        let (lines, reports) =
            read_text("mute = \"m\"\n[chta]\nx = \"y\"\n[keys]\nmute = true\nhelp = { a = 1 }\n");

        assert_eq!(lines, []);
        let expected =
            "a key or a list of keys is needed (such as \"Alt-P\" or [\"space\", \"p\"], or \"\" for none)";
        assert_eq!(
            reports,
            [
                "keys.toml:2: unknown key \"chta\" (did you mean chat?)".to_owned(),
                "keys.toml:1: mute is not in a table (the tables are [chat], [keys])".to_owned(),
                format!("keys.toml:6: help: {expected}"),
                format!("keys.toml:5: mute: {expected}"),
            ]
        );
        let (_, reports) = read_text("[chat]\nmute = \n");
        assert_eq!(reports.len(), 1, "{reports:?}");
    }
}
