//! The failures of files on this machine, with their messages from the catalogue.

use watchtogether_tui::msg;

use crate::exit::{Failure, FailureKind};
use crate::library::IdentifyError;

/// Returns the failure for a film's file that cannot be used.
pub(super) fn of_film(error: IdentifyError) -> Failure {
    let message = match &error {
        IdentifyError::Unreadable { path, .. } => msg!("film-unreadable", path = path.display().to_string()),
        IdentifyError::NoFile { path } => msg!("film-not-a-file", path = path.display().to_string()),
    };
    Failure::worded(FailureKind::NoSuchFile, message, error)
}
