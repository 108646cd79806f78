//! The failures of files on this machine, with their messages from the catalogue.

use watchtogether_tui::msg;

use crate::exit::{Failure, FailureKind, system_reason};
use crate::library::IdentifyError;
use crate::page::{PageError, PageKind};

/// Returns the failure for a film's file that cannot be used.
pub(super) fn of_film(error: IdentifyError) -> Failure {
    let message = match &error {
        IdentifyError::Unreadable { path, .. } => msg!("film-unreadable", path = path.display().to_string()),
        IdentifyError::NoFile { path } => msg!("film-not-a-file", path = path.display().to_string()),
    };
    Failure::with_message(FailureKind::NoSuchFile, message, error)
}

/// Returns why a file that the program keeps for its user cannot be used, as a sentence without a full stop.
pub(super) fn page_text(error: &PageError) -> String {
    match error {
        PageError::Damaged { kind, kept } => {
            let name = kept.file_name().unwrap_or(kept.as_os_str());
            let file = name.to_string_lossy();
            msg!("page-damaged", page = word(*kind), file = file.as_ref())
        }
        PageError::Newer { kind } => msg!("page-newer", page = word(*kind)),
        PageError::Unreadable { kind, source } => {
            msg!("page-unreadable", page = word(*kind), why = system_reason(source))
        }
        PageError::Unwritable { kind, source } => {
            msg!("page-unwritable", page = word(*kind), why = system_reason(source))
        }
    }
}

/// Returns the word by which a message distinguishes the contents of a file.
const fn word(kind: PageKind) -> &'static str {
    match kind {
        PageKind::RecentRooms => "rooms",
        PageKind::Drafts => "drafts",
        PageKind::Scrollback => "chat",
    }
}
