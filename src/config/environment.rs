//! Reads the environment: a variable for each key, and one that selects plain mode.

use std::ffi::OsString;
use std::os::unix::ffi::OsStrExt as _;

use super::file::RawEntry;
use super::value::RawValue;
use super::{ConfigMistake, Configured, Origin, Ui};

/// The environment variable that selects plain mode.
const PLAIN: &str = "WATCHTOGETHER_PLAIN";

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
                message: "this is not UTF-8 text".to_owned(),
                hint: None,
            }),
        }
    }
    entries
}

/// Returns the name of the variable for a key.
pub(super) fn variable_of(key: &str) -> String {
    format!("WATCHTOGETHER_{}", key.to_uppercase().replace('.', "_"))
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
                message: format!("{text:?} is neither 1 nor 0"),
                hint: None,
            });
            None
        }
    }
}
