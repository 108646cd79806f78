//! The operator's maintenance of a store: backup, check, restore.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use rusqlite::types::{ToSqlOutput, ValueRef};
use watchtogether_protocol::RoomName;

use super::file::{self, FILE, StoreError, beside};
use super::{DamagedRoom, rows, schema};

/// The counts of a store's contents.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StoreCounts {
    /// The schema version.
    pub schema: i32,
    /// The number of rooms.
    pub rooms: usize,
    /// The number of seats in them.
    pub seats: usize,
    /// The number of chat lines.
    pub lines: usize,
}

/// Copies the store in a folder to a new file; a server may be using the store.
pub fn backup(folder: &Path, to: &Path) -> Result<StoreCounts, StoreError> {
    let from = folder.join(FILE);
    let connection = file::open(&from)?;
    let part = beside(to, ".part");
    if file::exists(to)? {
        return Err(StoreError::Exists { path: to.to_owned() });
    }
    // Left over by a backup that was killed.
    file::remove(&part)?;
    file::make_private(&part).map_err(StoreError::file(&part))?;
    let whole = copy_into(&connection, &from, &part)
        .and_then(|()| census(&part))
        .and_then(|census| file::put_in_place(&part, to).map(|()| census));
    if whole.is_err() {
        file::remove(&part)?;
    }
    whole
}

/// Copies the database of a connection, which was opened at `from`, into an empty file.
pub(super) fn copy_into(connection: &Connection, from: &Path, to: &Path) -> Result<(), StoreError> {
    // SQLite interprets some names as URIs, but never an absolute path.
    let absolute = std::path::absolute(to).map_err(StoreError::file(to))?;
    // A path need not be UTF-8; SQLite passes its bytes on unchanged.
    let name = ToSqlOutput::Borrowed(ValueRef::Text(absolute.as_os_str().as_bytes()));
    connection
        .execute("VACUUM INTO ?", [name])
        .map(drop)
        .map_err(StoreError::database(from))
}

/// Reads every page and every row of the store in a folder; a server may be using the store.
pub fn check(folder: &Path) -> Result<StoreCounts, StoreError> {
    census(&folder.join(FILE))
}

/// Replaces the store in a folder, which no server may be using, with a copy. Returns the counts of its contents, and the path of
/// the previous store if there was one.
pub fn restore(folder: &Path, from: &Path) -> Result<(StoreCounts, Option<PathBuf>), StoreError> {
    let _lock = file::lock(folder)?;
    let path = folder.join(FILE);
    let part = beside(&path, ".new");
    for ending in ["", "-wal", "-shm", "-journal"] {
        file::remove(&beside(&part, ending))?;
    }
    // A store that was copied together with its log has some of its rooms only in the log; reading the whole copy merges them.
    for ending in ["", "-wal"] {
        let (from, part) = (beside(from, ending), beside(&part, ending));
        if ending.is_empty() || file::exists(&from)? {
            copy_private(&from, &part)?;
        }
    }
    let census = census(&part)?;
    let aside = set_aside(&path)?;
    file::put_in_place(&part, &path)?;
    Ok((census, aside))
}

/// Reads a whole file and counts its contents.
fn census(path: &Path) -> Result<StoreCounts, StoreError> {
    let connection = file::open(path)?;
    let at = StoreError::database(path);
    let mut statement = connection.prepare("PRAGMA integrity_check(5)").map_err(&at)?;
    let reports = statement.query_map((), |row| row.get(0)).map_err(&at)?;
    let reports = reports.collect::<Result<Vec<String>, _>>().map_err(&at)?;
    if reports != ["ok"] {
        return Err(StoreError::Damaged {
            path: path.to_owned(),
            reason: reports.join("; "),
        });
    }
    let schema = schema::version(&connection).map_err(&at)?;
    let mut census = StoreCounts {
        schema,
        ..StoreCounts::default()
    };
    if schema < schema::CURRENT {
        return Ok(census);
    }
    let contents = rows::index(&connection).map_err(&at)?;
    if let Some(DamagedRoom { name, reason }) = contents.damaged.first() {
        let name = name.as_ref().map_or("a room", RoomName::as_str);
        return Err(StoreError::Damaged {
            path: path.to_owned(),
            reason: format!("{name}: {reason}"),
        });
    }
    for room in contents.rooms {
        if let Some(stored) = rows::read(&connection, room.id).map_err(&at)? {
            census.rooms += 1;
            census.seats += stored.record.seats.len();
            census.lines += stored.record.chat.len();
        }
    }
    Ok(census)
}

/// Keeps the present store under an unused name, with the log that belongs to it.
pub(super) fn set_aside(path: &Path) -> Result<Option<PathBuf>, StoreError> {
    let log = beside(path, "-wal");
    if !file::exists(path)? && !file::exists(&log)? {
        return Ok(None);
    }
    let mut aside = beside(path, ".before");
    let mut number = 1;
    while file::exists(&aside)? {
        number += 1;
        aside = beside(path, &format!(".before-{number}"));
    }
    if file::exists(path)? {
        // Linked instead of renamed, so that there is always a store until the copy takes its place.
        fs::hard_link(path, &aside).map_err(StoreError::file(&aside))?;
    }
    if file::exists(&log)? {
        fs::rename(&log, beside(&aside, "-wal")).map_err(StoreError::file(&log))?;
    }
    file::remove(&beside(path, "-shm"))?;
    Ok(Some(aside))
}

/// Copies a file so that only its owner can read the copy.
fn copy_private(from: &Path, to: &Path) -> Result<(), StoreError> {
    let mut source = File::open(from).map_err(StoreError::file(from))?;
    file::make_private(to).map_err(StoreError::file(to))?;
    let mut copy = OpenOptions::new()
        .write(true)
        .open(to)
        .map_err(StoreError::file(to))?;
    io::copy(&mut source, &mut copy)
        .map(drop)
        .map_err(StoreError::file(to))
}
