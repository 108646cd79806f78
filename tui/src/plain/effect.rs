//! The effects of plain mode.

use std::path::PathBuf;

use crate::intent::Intent;

/// One effect of plain mode.
#[derive(Clone, Debug, PartialEq)]
pub enum PlainEffect {
    /// Print a line.
    Print(String),
    /// Ring the bell, if there is one.
    Ring,
    /// Carry out an intent.
    Intent(Intent),
    /// Set a film that was found.
    OpenFound(PathBuf),
    /// Start a command in the line.
    Prepare(String),
    /// Open the line in the user's editor, which takes over the terminal.
    Edit,
}
