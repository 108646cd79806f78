//! The whole table as a key file to start from: every action in both modes, commented, with its default keys.

use std::fmt::Write as _;

use super::Mode;
use crate::action::{ACTIONS, Action};
use crate::text;

/// The column at which comments begin.
const EXPLAINED_AT: usize = 44;

/// Returns the file with the default bindings; each line takes effect once its `# ` is removed.
pub fn example() -> String {
    let mut file = String::from(msg!("keys-file")) + "\n";
    for mode in Mode::ALL {
        let _written = writeln!(file, "\n[{}]", mode.word());
        for action in ACTIONS {
            file.push_str(&line(mode, action));
        }
    }
    file
}

fn line(mode: Mode, action: &Action) -> String {
    let keys: Vec<String> = mode
        .default_keys(action)
        .iter()
        .map(|key| format!("{:?}", key.to_string()))
        .collect();
    let value = match keys.as_slice() {
        [] => "\"\"".to_owned(),
        [key] => key.clone(),
        keys => format!("[{}]", keys.join(", ")),
    };
    let binding = format!("# {} = {value}", action.name);
    let cells = EXPLAINED_AT.max(text::width(&binding) + 1);
    format!("{}# {}\n", text::fit(&binding, cells), action.help())
}
