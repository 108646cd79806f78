//! Creates, opens and locks the store's file, and checks that it really is a store.
//!
//! A damaged file, or one that a newer version wrote, is refused with advice; it is never replaced with an empty one. So a new
//! file is created under another name and renamed when it is complete: a process that is killed in between leaves no file.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::schema;
use crate::private_files;

/// The name of the file in the state folder.
pub(super) const FILE: &str = "rooms.db";

/// The lock file that a server holds for as long as it uses the store.
pub(super) const LOCK: &str = "rooms.lock";

/// How long a backup that reads at the same time may delay a write.
const BUSY: Duration = Duration::from_secs(1);

/// Why the store cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The folder cannot be created or accessed.
    #[error("cannot use {path}")]
    Folder {
        /// The path.
        path: PathBuf,
        /// The cause.
        #[source]
        source: io::Error,
    },
    /// Another server uses the store.
    #[error("{folder} is locked")]
    InUse {
        /// The folder.
        folder: PathBuf,
    },
    /// The file does not exist.
    #[error("{path} does not exist")]
    Missing {
        /// The path.
        path: PathBuf,
    },
    /// A file that should be created already exists.
    #[error("{path} exists")]
    Exists {
        /// The path.
        path: PathBuf,
    },
    /// The file is not a store of this program.
    #[error("{path} is not a store")]
    Foreign {
        /// The path.
        path: PathBuf,
    },
    /// The content of the file is not what was written.
    #[error("{path} is damaged: {reason}")]
    Damaged {
        /// The path.
        path: PathBuf,
        /// A description by SQLite or by this program.
        reason: String,
    },
    /// A newer version of the program wrote the file.
    #[error("{path} has schema {found}, newer than {known}")]
    Newer {
        /// The path.
        path: PathBuf,
        /// The file's schema version.
        found: i32,
        /// The newest schema version that this program knows.
        known: i32,
    },
    /// The file cannot be read or written.
    #[error("cannot use {path}")]
    File {
        /// The path.
        path: PathBuf,
        /// The cause.
        #[source]
        source: io::Error,
    },
    /// SQLite cannot use the file.
    #[error("cannot use {path}")]
    Database {
        /// The path.
        path: PathBuf,
        /// The cause.
        #[source]
        source: rusqlite::Error,
    },
}

impl StoreError {
    pub(super) fn file(path: &Path) -> impl Fn(io::Error) -> Self {
        move |source| Self::File {
            path: path.to_owned(),
            source,
        }
    }

    /// Returns a function that maps SQLite's errors about a file.
    pub(super) fn database(path: &Path) -> impl Fn(rusqlite::Error) -> Self {
        move |source| {
            let is_damage = matches!(
                source.sqlite_error_code(),
                Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase)
            ) || is_bad_value(&source);
            let path = path.to_owned();
            if is_damage {
                let reason = source.to_string();
                Self::Damaged { path, reason }
            } else {
                Self::Database { path, source }
            }
        }
    }
}

/// Returns whether an error means that a value in a row has the wrong type or format.
pub(super) const fn is_bad_value(error: &rusqlite::Error) -> bool {
    matches!(
        error,
        rusqlite::Error::FromSqlConversionFailure(..)
            | rusqlite::Error::IntegralValueOutOfRange(..)
            | rusqlite::Error::InvalidColumnType(..)
            | rusqlite::Error::Utf8Error(..)
    )
}

/// Locks the store in a folder, and creates the folder if it is missing. Dropping the result releases the lock.
pub(super) fn lock(folder: &Path) -> Result<File, StoreError> {
    let at = |source| StoreError::Folder {
        path: folder.to_owned(),
        source,
    };
    private_files::open_folder(folder).map_err(at)?;
    let path = folder.join(LOCK);
    let file = StoreError::file(&path);
    // Opened for reading only, because an open writable file would keep the disk from being remounted read-only.
    let lock = match private_files::read(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            make_private(&path)
                .or_else(|error| {
                    // Another process created it first.
                    if error.kind() == io::ErrorKind::AlreadyExists {
                        Ok(())
                    } else {
                        Err(error)
                    }
                })
                .map_err(&file)?;
            private_files::read(&path)
        }
        opened => opened,
    };
    let lock = lock.map_err(&file)?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => Err(StoreError::InUse {
            folder: folder.to_owned(),
        }),
        Err(TryLockError::Error(source)) => Err(file(source)),
    }
}

/// Opens the store in a folder for the server that holds the lock: creates it if there is none, checks it, and migrates it to the
/// newest schema. Warns if there were rooms before and the file is gone.
pub(super) fn open_or_make(folder: &Path, had_rooms: bool) -> Result<Connection, StoreError> {
    let path = folder.join(FILE);
    if !exists(&path)? {
        let log = beside(&path, "-wal");
        if exists(&log)? {
            return Err(StoreError::Damaged {
                path,
                reason: format!(
                    "it is gone, and what it did not take in yet is still in {}",
                    log.display()
                ),
            });
        }
        if had_rooms {
            tracing::warn!(
                path = %path.display(),
                "rooms.db is missing although rooms were kept here: the server starts without rooms, unless a backup is restored"
            );
        }
        make(&path)?;
    }
    let mut connection = open_own(&path)?;
    let at = StoreError::database(&path);
    quick_check(&connection, &path)?;
    schema::migrate(&mut connection).map_err(&at)?;
    Ok(connection)
}

/// Opens a store for its server, after checking that no other user can have put the file, or SQLite's files next to it, there.
pub(super) fn open_own(path: &Path) -> Result<Connection, StoreError> {
    for ending in ["", "-wal", "-shm", "-journal"] {
        let path = beside(path, ending);
        private_files::check(&path).map_err(StoreError::file(&path))?;
    }
    open(path)
}

/// Opens an existing store of this schema or an older one.
pub(super) fn open(path: &Path) -> Result<Connection, StoreError> {
    let at = StoreError::database(path);
    if !exists(path)? {
        return Err(StoreError::Missing {
            path: path.to_owned(),
        });
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(&at)?;
    connection.busy_timeout(BUSY).map_err(&at)?;
    let application: i32 = connection
        .pragma_query_value(None, "application_id", |row| row.get(0))
        .map_err(&at)?;
    if application != schema::APPLICATION {
        return Err(StoreError::Foreign {
            path: path.to_owned(),
        });
    }
    let found = schema::version(&connection).map_err(&at)?;
    if found > schema::CURRENT {
        return Err(StoreError::Newer {
            path: path.to_owned(),
            found,
            known: schema::CURRENT,
        });
    }
    for (name, value) in [
        ("trusted_schema", "OFF"),
        ("cell_size_check", "ON"),
        ("foreign_keys", "ON"),
    ] {
        connection.pragma_update(None, name, value).map_err(&at)?;
    }
    Ok(connection)
}

/// Configures the connection so that writes survive a crash of the program, and a crash of the machine if a flush is requested.
pub(super) fn prepare_to_write(connection: &Connection) -> rusqlite::Result<()> {
    connection.pragma_update_and_check(None, "journal_mode", "WAL", |_row| Ok(()))?;
    connection.pragma_update(None, "synchronous", "FULL")
}

/// Creates an empty store.
pub(super) fn make(path: &Path) -> Result<(), StoreError> {
    let part = beside(path, ".new");
    for left in [part.clone(), beside(&part, "-journal")] {
        remove(&left)?;
    }
    let (file, at) = (StoreError::file(&part), StoreError::database(&part));
    make_private(&part).map_err(&file)?;
    let mut connection = Connection::open(&part).map_err(&at)?;
    schema::migrate(&mut connection).map_err(&at)?;
    connection.close().map_err(|(_, error)| at(error))?;
    put_in_place(&part, path)
}

/// Moves a complete file to its final name, so that a crash leaves either nothing or the complete file.
pub(super) fn put_in_place(part: &Path, path: &Path) -> Result<(), StoreError> {
    let sync = |path: &Path| File::open(path).and_then(|file| file.sync_all());
    sync(part).map_err(StoreError::file(part))?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    fs::rename(part, path)
        .and_then(|()| sync(folder.unwrap_or(Path::new("."))))
        .map_err(StoreError::file(path))
}

/// Creates an empty file that only its owner may read, if there is none.
pub(super) fn make_private(path: &Path) -> io::Result<()> {
    private_files::open(path, OpenOptions::new().write(true).create_new(true)).map(drop)
}

/// Removes a file if it exists.
pub(super) fn remove(path: &Path) -> Result<(), StoreError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(StoreError::file(path)(error)),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Returns the path with a suffix: SQLite names the files that belong to a database that way.
pub(super) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

pub(super) fn exists(path: &Path) -> Result<bool, StoreError> {
    path.try_exists().map_err(StoreError::file(path))
}

fn quick_check(connection: &Connection, path: &Path) -> Result<(), StoreError> {
    let at = StoreError::database(path);
    let answer: String = connection
        .query_row("PRAGMA quick_check(1)", (), |row| row.get(0))
        .map_err(at)?;
    if answer == "ok" {
        return Ok(());
    }
    Err(StoreError::Damaged {
        path: path.to_owned(),
        reason: answer,
    })
}
