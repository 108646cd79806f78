//! The async runtime of a command.

use watchtogether_tui::msg;

use crate::exit::{Failure, FailureKind};

/// Returns the runtime of a command. It has a single thread, which lives as long as the program: child processes end with the
/// thread that started them.
pub(super) fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::new(FailureKind::Failed, msg!("cannot-start")).because(error))
}
