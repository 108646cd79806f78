//! Plain mode around its state machine ([`watchtogether_tui::plain`]): the loop, and the source of typed lines.

mod follow;
mod line_input;

use super::globals::text_variable;
use crate::config::{Config, Ui};
use crate::output::OutputStreams;

pub(super) use self::follow::follow;

/// Returns whether plain mode is used: because the user asked for it, or because there is no terminal for a screen.
pub(super) fn is_wanted(config: &Config, output: &OutputStreams) -> bool {
    let is_dumb = text_variable("TERM").is_some_and(|term| term == "dumb");
    config.ui.value == Ui::Plain || is_dumb || !output.is_terminal()
}
