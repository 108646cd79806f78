//! Words for what stands behind a command.

use watchtogether_protocol::limits;

use super::time_forms;
use crate::action::Argument;

/// The help for an argument; empty where the command's form says it all.
pub fn argument(kind: &Argument) -> String {
    match kind {
        Argument::Time => time_forms(),
        Argument::Rate => "a speed is between 0.25 and 4".to_owned(),
        Argument::Title => format!("a title has at most {} characters", limits::ROOM_TITLE_CHARS),
        Argument::Chapter => "a chapter is +1, -1, its number or a part of its title".to_owned(),
        Argument::Member(_) => "the name of somebody who is here".to_owned(),
        Argument::Ban(_) => "the name of somebody who is banned, or their number in the list".to_owned(),
        Argument::Choice(_) | Argument::Words | Argument::Switch => String::new(),
    }
}

/// Why a text is no argument of a kind: `"ten" is no time`.
pub fn no_argument(kind: &Argument, text: &str) -> String {
    let what = match kind {
        Argument::Time => "no time",
        Argument::Rate => "no speed",
        Argument::Title => "no title",
        Argument::Chapter => "no chapter",
        Argument::Member(_) | Argument::Ban(_) => "no name",
        Argument::Choice(choices) => {
            let words: Vec<&str> = choices.iter().map(|(word, _)| *word).collect();
            return format!("{text:?} is not one of {}", words.join(", "));
        }
        Argument::Words => "nothing that is meant here",
        Argument::Switch => "neither on nor off",
    };
    format!("{text:?} is {what}")
}
