//! Texts about the arguments of commands.

use watchtogether_protocol::limits;

use super::{parts, time_forms};
use crate::action::Argument;

/// Returns the help for an argument; empty if the form of the command says everything.
pub fn argument(kind: &Argument) -> String {
    match kind {
        Argument::Time => time_forms(),
        Argument::Rate => msg!("argument-rate").to_owned(),
        Argument::Title => msg!("argument-title", most = limits::ROOM_TITLE_CHARS),
        Argument::Chapter => msg!("argument-chapter").to_owned(),
        Argument::Member(_) => msg!("argument-member").to_owned(),
        Argument::Ban(_) => msg!("argument-ban").to_owned(),
        Argument::Choice(_) | Argument::Words | Argument::Switch => String::new(),
    }
}

/// Returns why a text is not a valid argument: `"ten" is not a time`.
pub fn no_argument(kind: &Argument, text: &str) -> String {
    match kind {
        Argument::Time => msg!("no-time", text = text),
        Argument::Rate => msg!("no-rate", text = text),
        Argument::Title => msg!("no-title", text = text),
        Argument::Chapter => msg!("no-chapter", text = text),
        Argument::Member(_) | Argument::Ban(_) => msg!("no-name", text = text),
        Argument::Choice(choices) => {
            let words: Vec<String> = choices.iter().map(|(word, _)| (*word).to_owned()).collect();
            msg!("no-choice", text = text, choices = parts(&words))
        }
        Argument::Words => msg!("no-words", text = text),
        Argument::Switch => msg!("no-switch", text = text),
    }
}
