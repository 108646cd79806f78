//! The user's keys: reads the key file by the screen's rules.

use watchtogether_tui::Keymap;
use watchtogether_tui::keymap::{Binding, Mode};

use crate::config::{ConfigMistake, MistakeKind, Origin, Paths, keys};

/// Returns the keys, or all mistakes in the key file.
pub(super) fn load(paths: &Paths) -> Result<Keymap, Vec<ConfigMistake>> {
    let path = paths.keys_file();
    let (lines, mut mistakes) = keys::read(&path);
    let bindings: Vec<Binding> = lines
        .into_iter()
        .filter_map(|line| {
            let mode = Mode::ALL.into_iter().find(|mode| mode.word() == line.table)?;
            Some(Binding {
                mode,
                action: line.action,
                keys: line.keys,
                line: line.line,
            })
        })
        .collect();
    let keymap = match Keymap::with(&bindings) {
        Ok(keymap) => keymap,
        Err(wrong) => {
            mistakes.extend(wrong.into_iter().map(|wrong| ConfigMistake {
                place: Origin::File {
                    path: path.clone(),
                    line: wrong.line,
                },
                what: MistakeKind::Binding(wrong.what),
            }));
            Keymap::default()
        }
    };
    if mistakes.is_empty() {
        Ok(keymap)
    } else {
        Err(mistakes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_of_the_file_are_the_modes_of_the_screen() {
        assert_eq!(Mode::ALL.map(Mode::word), keys::TABLES);
    }
}
