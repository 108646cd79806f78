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
    /// Put on a film that was found.
    OpenFound(PathBuf),
    /// Put the beginning of a command into the line.
    Prepare(String),
    /// Open the line in the user's editor, which has the terminal meanwhile.
    Edit,
}
