//! The async runtime of a command.

use crate::exit::{Exit, Failure};

/// Returns the one runtime of a command: a single thread, which lives as long as the program, and so do its children.
pub(super) fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::new(Exit::Other, "failed", format!("cannot start: {error}")))
}
