//! Checks that the files that a server has open are still at their paths.
//!
//! A removed file continues to exist for the process that has it open, and disappears when that ends: a server whose `rooms.db`
//! was removed would save its rooms to nowhere. So the paths are compared with the open files, and missing files are written
//! again.

use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use rusqlite::Connection;
use rusqlite::config::DbConfig;

use super::file::{self, StoreError, beside};
use super::upkeep;

/// The suffixes of the database and of the files that SQLite keeps next to it while it is open.
const ENDINGS: [&str; 3] = ["", "-wal", "-shm"];

/// The identity of a file in its file system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct FileId {
    device: u64,
    inode: u64,
}

impl FileId {
    /// Returns the file at a path, or `None` if there is none.
    pub(super) fn at(path: &Path) -> io::Result<Option<Self>> {
        match fs::symlink_metadata(path) {
            Ok(there) => Ok(Some(Self {
                device: there.dev(),
                inode: there.ino(),
            })),
            Err(error) if is_absent(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Returns whether the path leads to something other than this file. A path that cannot be checked counts as unchanged.
    pub(super) fn has_left(self, path: &Path) -> bool {
        Self::at(path).is_ok_and(|there| there != Some(self))
    }
}

/// Returns whether an error means that a path leads nowhere, including the case that a folder in it is now a file.
fn is_absent(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
    )
}

/// The files of an open database.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct OpenFiles([Option<FileId>; ENDINGS.len()]);

impl OpenFiles {
    /// Records the files that are not known yet: SQLite creates the ones next to the database with its first transaction.
    pub(super) fn note(&mut self, path: &Path) {
        for (known, ending) in self.0.iter_mut().zip(ENDINGS) {
            if known.is_none() {
                // A file that cannot be examined now is recorded later.
                *known = FileId::at(&beside(path, ending)).ok().flatten();
            }
        }
    }

    /// Returns whether one of the files is no longer at its path.
    pub(super) fn have_left(&self, path: &Path) -> bool {
        let mut known = self.0.iter().zip(ENDINGS);
        known.any(|(known, ending)| known.is_some_and(|known| known.has_left(&beside(path, ending))))
    }

    /// Returns whether the database itself is no longer at its path.
    pub(super) fn is_replaced(&self, path: &Path) -> bool {
        let [database, ..] = self.0;
        database.is_some_and(|database| database.has_left(path))
    }

    /// Writes the whole database of an open connection to its path again. If another file is there, it is kept next to it. The
    /// connection cannot be used afterwards.
    pub(super) fn put_back(&self, connection: &Connection, path: &Path) -> Result<(), StoreError> {
        let part = beside(path, ".new");
        for ending in ["", "-wal", "-shm", "-journal"] {
            file::remove(&beside(&part, ending))?;
        }
        file::make_private(&part).map_err(StoreError::file(&part))?;
        upkeep::copy_into(connection, path, &part)?;
        // If only the log was removed, this alone makes the database complete. If it fails, the copy below is complete.
        if let Err(error) = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", (), |_row| Ok(())) {
            tracing::debug!(%error, "could not merge SQLite's log into rooms.db");
        }
        // Otherwise closing the old connection would remove the new file's log, because SQLite finds the log by its name.
        connection
            .set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)
            .map_err(StoreError::database(path))?;
        // The log of the old file must not be applied to the new one.
        for (known, ending) in self.0.iter().zip(ENDINGS).skip(1) {
            let path = beside(path, ending);
            if known.is_some_and(|known| !known.has_left(&path)) {
                file::remove(&path)?;
            }
        }
        let aside = if self.is_replaced(path) {
            upkeep::set_aside(path)?
        } else {
            None
        };
        file::put_in_place(&part, path)?;
        let kept = aside
            .as_deref()
            .map(|path| tracing::field::display(path.display()));
        tracing::warn!(path = %path.display(), kept, "wrote rooms.db again, with all rooms");
        Ok(())
    }
}
