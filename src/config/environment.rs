//! Reads the environment: a variable for each key, and one that selects plain mode.

use std::ffi::OsString;
use std::os::unix::ffi::OsStrExt as _;

use super::file::{self, RawEntry};
use super::value::RawValue;
use super::{ConfigMistake, Configured, MistakeKind, Origin, Ui};

/// The environment variable that selects plain mode.
const PLAIN: &str = "WATCHTOGETHER_PLAIN";

/// The beginning of the names of all variables.
const PREFIX: &str = "WATCHTOGETHER_";

/// The beginning of the keys of a server's variables, which have their own check.
const SERVER_KEYS: &str = "serve_";

/// The client's variables that set no key of its file, as if they did: plain mode, an invite, a password, and the log's filter.
const OTHERS: [&str; 4] = ["plain", "invite", "password", "log"];

/// Returns the values that the environment has for some keys; an empty variable counts as unset.
pub(super) fn variables(
    keys: &[&str],
    variable: &impl Fn(&str) -> Option<OsString>,
    mistakes: &mut Vec<ConfigMistake>,
) -> Vec<RawEntry> {
    let mut entries = Vec::new();
    for key in keys {
        let name = variable_of(key);
        let Some(value) = variable(&name).filter(|value| !value.is_empty()) else {
            continue;
        };
        let origin = Origin::Environment(name);
        let key = (*key).to_owned();
        match value.into_string() {
            Ok(text) => entries.push(RawEntry {
                key,
                raw: RawValue::Variable(text),
                origin,
            }),
            // Folders may be any bytes.
            Err(value) if key == "media_dirs" => entries.push(RawEntry {
                key,
                raw: RawValue::paths(value.as_bytes()),
                origin,
            }),
            Err(_) => mistakes.push(ConfigMistake {
                place: origin,
                what: MistakeKind::NotUtf8,
            }),
        }
    }
    entries
}

/// Returns the mistakes of variables that are set and whose names are close to one of the client's. Others are left alone: they
/// may be somebody else's. Empty variables count as unset.
pub(super) fn misspelt<'a>(set: impl Iterator<Item = &'a String>, keys: &[&str]) -> Vec<ConfigMistake> {
    let known = [keys, &OTHERS].concat();
    let meant = |name: &str| {
        let key = name.strip_prefix(PREFIX)?.to_lowercase();
        let is_left_alone = known.contains(&key.as_str()) || key.starts_with(SERVER_KEYS);
        file::nearest(&key, &known).filter(|_| !is_left_alone)
    };
    set.filter_map(|name| {
        Some(ConfigMistake {
            what: MistakeKind::UnknownVariable {
                nearest: Some(variable_of(meant(name)?)),
            },
            place: Origin::Environment(name.clone()),
        })
    })
    .collect()
}

/// Returns the name of the variable for a key.
pub(super) fn variable_of(key: &str) -> String {
    format!("{PREFIX}{}", key.to_uppercase().replace('.', "_"))
}

/// Returns whether the environment asks for plain mode. It overrides files, which may have been written by others.
pub(super) fn plain_of(
    variable: &impl Fn(&str) -> Option<OsString>,
    mistakes: &mut Vec<ConfigMistake>,
) -> Option<Configured<Ui>> {
    let value = variable(PLAIN)?;
    let origin = Origin::Environment(PLAIN.to_owned());
    match value.to_str().unwrap_or_default() {
        "1" | "true" | "yes" | "on" => Some(Configured {
            value: Ui::Plain,
            origin,
        }),
        "" | "0" | "false" | "no" | "off" => None,
        text => {
            mistakes.push(ConfigMistake {
                place: origin,
                what: MistakeKind::NotPlain {
                    text: text.to_owned(),
                },
            });
            None
        }
    }
}
