//! The failures of a server and of its stored rooms, with their messages from the catalogue.

use std::io;
use std::path::Path;

use watchtogether_server::BindError;
use watchtogether_server::net::tls::IdentityError;
use watchtogether_server::store::StoreError;
use watchtogether_tui::msg;

use crate::exit::{Failure, FailureKind};

/// Returns the failure for a server that could not start.
pub(super) fn of_start(error: BindError) -> Failure {
    match error {
        BindError::Address { listen, source } if source.kind() == io::ErrorKind::AddrInUse => {
            let message = msg!("server-address-in-use", address = listen.to_string());
            Failure::new(FailureKind::PortInUse, message).hint(msg!("hint-server-running"))
        }
        BindError::Address { listen, source } => {
            let message = msg!("server-cannot-listen", address = listen.to_string());
            let failure = Failure::new(FailureKind::NotServing, message).because(source);
            failure.hint(msg!("hint-server-listen"))
        }
        BindError::Identity(error) => of_identity(error),
        BindError::Store(error) => {
            let (message, hint) = (store_text(&error), store_hint(&error));
            Failure::with_message(FailureKind::NotServing, message, error).hint(hint)
        }
    }
}

/// Returns the failure for a server without a key.
pub(super) fn of_identity(error: IdentityError) -> Failure {
    let message = match &error {
        IdentityError::Folder { path, .. } => msg!("state-folder-unusable", path = shown(path)),
        IdentityError::File { path, .. } => msg!("state-file-unusable", path = shown(path)),
        IdentityError::Damaged { path } => msg!("server-key-damaged", path = shown(path)),
        IdentityError::Exposed { path } => msg!("server-key-exposed", path = shown(path)),
        IdentityError::Handed => msg!("server-key-handed").to_owned(),
        IdentityError::Key(_) => msg!("server-key-not-made").to_owned(),
    };
    let hint = match &error {
        IdentityError::Folder { .. } | IdentityError::File { .. } => msg!("hint-server-folder"),
        IdentityError::Damaged { .. }
        | IdentityError::Exposed { .. }
        | IdentityError::Handed
        | IdentityError::Key(_) => msg!("hint-server-key"),
    };
    Failure::with_message(FailureKind::NotServing, message, error).hint(hint)
}

/// Returns the failure for the maintenance of stored rooms.
pub(super) fn of_store(error: StoreError) -> Failure {
    let (kind, hint) = match &error {
        StoreError::Missing { .. } => (FailureKind::NoStore, Some(msg!("hint-server-state-dir"))),
        StoreError::Exists { .. } => (FailureKind::FileExists, Some(msg!("hint-server-new-file"))),
        StoreError::InUse { .. } => (FailureKind::StoreInUse, Some(msg!("hint-server-end-first"))),
        StoreError::Damaged { .. } | StoreError::Foreign { .. } => {
            (FailureKind::StoreDamaged, Some(store_hint(&error)))
        }
        StoreError::Newer { .. } => (FailureKind::StoreNewer, Some(store_hint(&error))),
        StoreError::Folder { .. } | StoreError::File { .. } | StoreError::Database { .. } => {
            (FailureKind::StoreUnusable, None)
        }
    };
    let failure = Failure::with_message(kind, store_text(&error), error);
    match hint {
        Some(hint) => failure.hint(hint),
        None => failure,
    }
}

fn store_text(error: &StoreError) -> String {
    match error {
        StoreError::Folder { path, .. } => msg!("state-folder-unusable", path = shown(path)),
        StoreError::InUse { folder } => msg!("store-in-use", path = shown(folder)),
        StoreError::Missing { path } => msg!("store-missing", path = shown(path)),
        StoreError::Exists { path } => msg!("store-exists", path = shown(path)),
        StoreError::Foreign { path } => msg!("store-foreign", path = shown(path)),
        StoreError::Damaged { path, reason } => msg!("store-damaged", path = shown(path), cause = reason),
        StoreError::Newer { path, found, known } => {
            msg!("store-newer", path = shown(path), found = *found, known = *known)
        }
        StoreError::File { path, .. } | StoreError::Database { path, .. } => {
            msg!("state-file-unusable", path = shown(path))
        }
    }
}

/// Returns the hint for a server that cannot keep its rooms.
fn store_hint(error: &StoreError) -> &'static str {
    match error {
        StoreError::InUse { .. } => msg!("hint-server-folder-in-use"),
        StoreError::Damaged { .. } | StoreError::Foreign { .. } => msg!("hint-server-restore"),
        StoreError::Newer { .. } => msg!("hint-server-newer"),
        StoreError::Folder { .. }
        | StoreError::File { .. }
        | StoreError::Database { .. }
        | StoreError::Missing { .. }
        | StoreError::Exists { .. } => msg!("hint-server-folder"),
    }
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}
