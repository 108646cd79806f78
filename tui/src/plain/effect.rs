//! What plain mode answers with.

use std::path::PathBuf;

use crate::intent::Intent;

/// One thing that plain mode wants done.
#[derive(Clone, Debug, PartialEq)]
pub enum PlainEffect {
    /// Tell a line.
    Print(String),
    /// Ring the bell, where there is one.
    Ring,
    /// Do what the user wants.
    Want(Intent),
    /// Put a film on that was found.
    OpenFound(PathBuf),
    /// Put the beginning of a command into the line.
    Prepare(String),
    /// Write the line in the user's editor, which has the terminal meanwhile.
    Edit,
}
