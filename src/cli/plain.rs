//! Plain mode around its machine ([`watchtogether_tui::plain`]): the loop that waits, and where typed lines come from.

mod ears;
mod follow;

use super::globals::text_variable;
use crate::config::{Config, Ui};
use crate::output::Output;

pub(super) use self::follow::follow;

/// Returns whether things are shown by lines: because the user said so, or because there is no terminal that could show
/// them otherwise.
pub(super) fn is_wanted(config: &Config, output: &Output) -> bool {
    let is_dumb = text_variable("TERM").is_some_and(|term| term == "dumb");
    config.ui.value == Ui::Plain || is_dumb || !output.is_terminal()
}
