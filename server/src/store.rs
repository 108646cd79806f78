//! The store: a server's rooms, in one SQLite file that outlives the server.
//!
//! The file belongs to one thread, because SQLite blocks. While one batch is written, the next writes of rooms are collected into
//! the next batch. So all rooms that wait share a commit, and no timer is needed. A batch with anybody's action is on the disk
//! (`synchronous = FULL`) before its rooms are notified. A batch that only updates the positions of films needs to survive only
//! the program, and is not flushed.
//!
//! A room has one write under way at a time, so the queue is bounded by the number of open rooms; rooms that are deleted together
//! are one job. If a write fails, its room is notified, continues, and submits its whole state a little later. After a failure
//! the file is reopened, because SQLite remembers what kind of disk it found.
//!
//! Before each batch, and every few seconds, the thread checks that its files are still at their paths. A file that was removed
//! is written again from the connection that is still open. If that fails, nothing counts as saved until it succeeds.

mod file;
mod open_files;
mod rows;
mod schema;
mod upkeep;

use std::collections::BTreeSet;
use std::error::Error as _;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::thread;

use rusqlite::{Connection, TransactionBehavior};
use tokio::sync::oneshot;
use watchtogether_protocol::time::WallTime;
use watchtogether_protocol::{RoomId, RoomName};

pub use self::file::StoreError;
use self::open_files::{FileId, OpenFiles};
pub use self::upkeep::{StoreCounts, backup, check, restore};
use crate::auth::RoomAccess;
use crate::limits::{Limits, RoomLimits};
use crate::room::snapshot::{Durability, RoomRecord, RoomWrite};

/// The length of the job queue on a server with few rooms. Besides the rooms' writes, there are rooms to read and to delete.
const QUEUE: usize = 1_024;

/// The maximum number of writes that share a commit, so that a slow disk does not delay the first of them forever.
const BATCH: usize = 64;

/// A room as it is stored, with the access to it.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredRoom {
    /// The access to the room.
    pub access: RoomAccess,
    /// The room.
    pub record: RoomRecord,
}

/// An entry of the store's index: a room without its contents.
#[derive(Clone, Debug, PartialEq)]
pub struct KeptRoom {
    /// The room's id.
    pub id: RoomId,
    /// The room's name.
    pub name: RoomName,
    /// The access to the room.
    pub access: RoomAccess,
    /// When somebody last did something in the room.
    pub last_active: WallTime,
    /// Whether somebody has a seat in it.
    pub is_occupied: bool,
}

/// A stored room that cannot be read. It stays in the file and cannot be entered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DamagedRoom {
    /// The room's name, if it can be read.
    pub name: Option<RoomName>,
    /// A description of the damage.
    pub reason: String,
}

/// The rooms in a store.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Contents {
    /// The readable rooms, by name.
    pub rooms: Vec<KeptRoom>,
    /// The damaged rooms.
    pub damaged: Vec<DamagedRoom>,
}

/// The error for a room whose write did not reach the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the disk takes nothing at present")]
pub struct SaveError;

/// Why a room cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// The data on the disk is not what was written.
    #[error("the room is damaged")]
    Damaged,
    /// The disk cannot be read right now.
    #[error("the disk gives nothing at present")]
    Unavailable,
}

/// The server's handle to its store.
#[derive(Clone, Debug)]
pub struct Store {
    jobs: SyncSender<StoreJob>,
}

#[derive(Debug)]
enum StoreJob {
    Write(Box<Write>),
    Forget(Vec<RoomId>),
    ExpireBans(WallTime),
    Read {
        id: RoomId,
        answer: oneshot::Sender<Result<Option<StoredRoom>, ReadError>>,
    },
    End(oneshot::Sender<()>),
}

#[derive(Debug)]
struct Write {
    access: RoomAccess,
    what: RoomWrite,
    durability: Durability,
    answer: oneshot::Sender<Result<(), SaveError>>,
}

impl Write {
    fn room(&self) -> RoomId {
        match &self.what {
            RoomWrite::Whole(record) => record.room.id,
            RoomWrite::Change(change) => change.room.id,
        }
    }
}

impl Store {
    /// Opens the store in a folder, or creates one, and returns it with its contents. No other process can open it until it is
    /// closed. A damaged room does not make the others inaccessible; a damaged file does.
    pub fn open(folder: &Path, limits: Limits) -> Result<(Self, Contents), StoreError> {
        let had_rooms = file::exists(&folder.join(file::LOCK))?;
        let lock = file::lock(folder)?;
        let connection = file::open_or_make(folder, had_rooms)?;
        let path = folder.join(file::FILE);
        let at = StoreError::database(&path);
        file::prepare_to_write(&connection).map_err(&at)?;
        let contents = rows::index(&connection).map_err(&at)?;
        for room in &contents.damaged {
            let name = room.name.as_ref().map(tracing::field::display);
            tracing::error!(
                name,
                why = room.reason,
                "a kept room is damaged and cannot be entered"
            );
        }
        let (jobs, received) = sync_channel(QUEUE.max(2 * limits.rooms.open));
        let mut files = OpenFiles::default();
        files.note(&path);
        let writer = Writer {
            lock: Lock::held(folder, lock),
            path: path.clone(),
            limits,
            connection: Some(connection),
            files,
            rewritten: None,
            is_failing: false,
            damaged: BTreeSet::new(),
            owed: Vec::new(),
        };
        thread::Builder::new()
            .name("store".to_owned())
            .spawn(move || writer.run(&received))
            .map_err(StoreError::file(&path))?;
        Ok((Self { jobs }, contents))
    }

    /// Submits a room's write; the answer comes when it is on the disk or has failed.
    pub fn write(
        &self,
        access: RoomAccess,
        write: RoomWrite,
        durability: Durability,
    ) -> oneshot::Receiver<Result<(), SaveError>> {
        let (answer, answered) = oneshot::channel();
        let write = Write {
            access,
            what: write,
            durability,
            answer,
        };
        // If the queue is full, the write is dropped together with the sender for its answer, which counts as a failure.
        self.submit(StoreJob::Write(Box::new(write)));
        answered
    }

    /// Deletes rooms.
    pub fn forget(&self, ids: Vec<RoomId>) {
        self.submit(StoreJob::Forget(ids));
    }

    /// Removes expired bans from all rooms, including rooms that nobody has opened since.
    pub fn expire_bans(&self, now: WallTime) {
        self.submit(StoreJob::ExpireBans(now));
    }

    /// Reads a room; `None` if it does not exist.
    pub async fn read(&self, id: RoomId) -> Result<Option<StoredRoom>, ReadError> {
        let (answer, answered) = oneshot::channel();
        self.submit(StoreJob::Read { id, answer });
        answered.await.unwrap_or(Err(ReadError::Unavailable))
    }

    /// Ends the store once all jobs are done, and releases the file.
    pub async fn end(self) {
        let (done, ended) = oneshot::channel();
        if let Err(TrySendError::Full(end)) = self.jobs.try_send(StoreJob::End(done)) {
            // Waits until the last writes are done, on a separate thread, so that a stuck disk does not block the caller.
            thread::spawn(move || drop(self.jobs.send(end)));
        }
        // A dropped answer also means that the store has ended.
        drop(ended.await);
    }

    fn submit(&self, job: StoreJob) {
        if self.jobs.try_send(job).is_err() {
            tracing::error!("the store's job queue is full or closed");
        }
    }
}

/// The lock on the folder: an open, locked file.
struct Lock {
    path: PathBuf,
    id: Option<FileId>,
    _file: File,
}

impl Lock {
    fn held(folder: &Path, file: File) -> Self {
        let path = folder.join(file::LOCK);
        Self {
            // If the file cannot be identified, it is assumed to be in place.
            id: FileId::at(&path).ok().flatten(),
            path,
            _file: file,
        }
    }

    fn has_left(&self) -> bool {
        self.id.is_some_and(|id| id.has_left(&self.path))
    }
}

/// The thread that owns the file.
struct Writer {
    path: PathBuf,
    limits: Limits,
    connection: Option<Connection>,
    files: OpenFiles,
    /// The rooms that are complete in a file that was created empty while the server was running; `None` if the file has all
    /// rooms.
    rewritten: Option<BTreeSet<RoomId>>,
    is_failing: bool,
    /// The rooms that are damaged in the file, so that each is logged only once.
    damaged: BTreeSet<RoomId>,
    /// Changes that nobody repeats after a failure; they are applied with the next commit.
    owed: Vec<Change>,
    lock: Lock,
}

impl Writer {
    fn run(mut self, jobs: &Receiver<StoreJob>) {
        loop {
            let first = match jobs.recv_timeout(self.limits.store.look) {
                Ok(first) => first,
                Err(RecvTimeoutError::Timeout) => {
                    self.keep_in_place();
                    self.commit(Vec::new());
                    continue;
                }
                Err(RecvTimeoutError::Disconnected) => return,
            };
            let mut changes = Vec::new();
            for job in std::iter::once(first).chain(jobs.try_iter().take(BATCH - 1)) {
                match job {
                    StoreJob::Write(write) => changes.push(Change::Write(write)),
                    StoreJob::Forget(ids) => changes.push(Change::Forget(ids)),
                    StoreJob::ExpireBans(now) => changes.push(Change::ExpireBans(now)),
                    StoreJob::Read { id, answer } => {
                        self.commit(std::mem::take(&mut changes));
                        // If the receiver is gone, nobody is waiting for the answer.
                        drop(answer.send(self.read(id)));
                    }
                    StoreJob::End(done) => {
                        self.commit(changes);
                        self.keep_in_place();
                        drop(self);
                        if done.send(()).is_err() {
                            tracing::debug!("nobody is waiting for the store to end");
                        }
                        return;
                    }
                }
            }
            self.commit(changes);
        }
    }

    /// Restores removed files, and logs it if that fails.
    fn keep_in_place(&mut self) {
        if let Err(error) = self.put_back() {
            self.log_failure(&error);
            self.is_failing = true;
        }
    }

    /// Restores removed files. If that fails, the connection is kept: it may be the only place that still has the rooms.
    fn put_back(&mut self) -> Result<(), StoreError> {
        let is_open = self.connection.is_some();
        let have_left = is_open && self.files.have_left(&self.path);
        if !have_left && !self.lock.has_left() {
            return Ok(());
        }
        if !self.is_failing {
            let path = self.path.display();
            tracing::error!(%path, "rooms.db, or a file that belongs to it, was removed or replaced while the server was running");
        }
        if self.lock.has_left() {
            let folder = self.path.parent().unwrap_or(Path::new("."));
            self.lock = Lock::held(folder, file::lock(folder)?);
        }
        let Some(connection) = self.connection.as_ref().filter(|_| have_left) else {
            return Ok(());
        };
        self.files.put_back(connection, &self.path)?;
        self.files = OpenFiles::default();
        self.connection = None;
        self.connection().map(drop)
    }

    /// Commits changes together and notifies their rooms. If the file is damaged, each change is tried separately, so that a
    /// damaged room does not keep the others from being saved.
    fn commit(&mut self, new: Vec<Change>) {
        let mut changes = std::mem::take(&mut self.owed);
        changes.extend(new);
        if changes.is_empty() {
            return;
        }
        if let Err(error) = self.put_back() {
            return self.handle_failed(changes, &error);
        }
        let changes = self.without_parts(changes);
        if changes.is_empty() {
            return;
        }
        match self.try_commit(&changes) {
            Ok(()) => self.handle_committed(changes),
            Err(StoreError::Damaged { .. }) => {
                for change in changes {
                    let change = vec![change];
                    match self.try_commit(&change) {
                        Ok(()) => self.handle_committed(change),
                        Err(error) => self.handle_failed(change, &error),
                    }
                }
            }
            Err(error) => self.handle_failed(changes, &error),
        }
    }

    fn try_commit(&mut self, changes: &[Change]) -> Result<(), StoreError> {
        let (path, limits) = (self.path.clone(), self.limits.rooms);
        let written = write_all(self.connection()?, changes, &limits);
        if written.is_err() {
            self.connection = None;
        }
        written.map_err(StoreError::database(&path))
    }

    /// Returns the changes without those of rooms that a newly created file does not contain yet. Those rooms are notified that
    /// they were not saved, so that they submit their whole state.
    fn without_parts(&mut self, changes: Vec<Change>) -> Vec<Change> {
        let opened = self.connection().is_ok();
        let Some(whole) = self.rewritten.as_ref().filter(|_| opened) else {
            return changes;
        };
        let (parts, changes) = changes.into_iter().partition(|change| match change {
            Change::Write(write) => match &write.what {
                RoomWrite::Whole(_) => false,
                RoomWrite::Change(change) => !whole.contains(&change.room.id),
            },
            Change::Forget(_) | Change::ExpireBans(_) => false,
        });
        answer(parts, Err(SaveError));
        changes
    }

    fn log_failure(&self, error: &StoreError) {
        if self.is_failing {
            tracing::debug!(%error, why = source_of(error), "saving rooms still fails");
        } else {
            tracing::warn!(%error, why = source_of(error), "saving rooms failed");
        }
    }

    /// Handles changes that are on the disk.
    fn handle_committed(&mut self, changes: Vec<Change>) {
        if self.is_failing {
            tracing::info!("saving rooms works again");
            self.is_failing = false;
        }
        self.files.note(&self.path);
        for room in changes.iter().filter_map(Change::room) {
            if self.damaged.remove(&room) {
                tracing::info!(%room, "saving a room works again");
            }
        }
        if let Some(whole) = &mut self.rewritten {
            whole.extend(changes.iter().filter_map(Change::whole_room));
        }
        answer(changes, Ok(()));
    }

    /// Handles changes that failed. If one room is damaged in the file, the others are not affected.
    fn handle_failed(&mut self, changes: Vec<Change>, error: &StoreError) {
        match &changes[..] {
            [Change::Write(write)] if matches!(error, StoreError::Damaged { .. }) => {
                let room = write.room();
                if self.damaged.insert(room) {
                    tracing::warn!(%room, %error, why = source_of(error), "a room is damaged in the store and could not be saved");
                }
            }
            _ => {
                self.log_failure(error);
                self.is_failing = true;
            }
        }
        let is_owed = |change: &Change| matches!(change, Change::Forget(_) | Change::ExpireBans(_));
        let (owed, rooms): (Vec<_>, Vec<_>) = changes.into_iter().partition(is_owed);
        self.owed.extend(owed);
        answer(rooms, Err(SaveError));
    }

    fn read(&mut self, id: RoomId) -> Result<Option<StoredRoom>, ReadError> {
        let path = self.path.clone();
        let at = StoreError::database(&path);
        let read = self
            .connection()
            .and_then(|connection| rows::read(connection, id).map_err(at));
        read.map_err(|error| {
            tracing::error!(room = %id, %error, why = source_of(&error), "could not read a room");
            if matches!(error, StoreError::Damaged { .. }) {
                ReadError::Damaged
            } else {
                ReadError::Unavailable
            }
        })
    }

    /// Creates an empty file in place of one that was removed after a failure, while nothing had it open.
    fn recreate(&mut self) -> Result<(), StoreError> {
        let log = upkeep::set_aside(&self.path)?;
        file::make(&self.path)?;
        self.rewritten = Some(BTreeSet::new());
        let kept = log.as_deref().map(|path| tracing::field::display(path.display()));
        tracing::error!(
            path = %self.path.display(),
            kept,
            "rooms.db was removed while it could not be written: rooms without members are lost"
        );
        Ok(())
    }

    /// Returns the connection, reopened if it failed before.
    fn connection(&mut self) -> Result<&mut Connection, StoreError> {
        let connection = if let Some(connection) = self.connection.take() {
            connection
        } else {
            if !file::exists(&self.path)? {
                self.recreate()?;
            } else if self.files.is_replaced(&self.path) {
                tracing::error!(path = %self.path.display(), "rooms.db was replaced while it could not be written");
                self.rewritten = Some(BTreeSet::new());
            }
            let connection = file::open_own(&self.path)?;
            file::prepare_to_write(&connection).map_err(StoreError::database(&self.path))?;
            self.files = OpenFiles::default();
            self.files.note(&self.path);
            connection
        };
        Ok(self.connection.insert(connection))
    }
}

enum Change {
    Write(Box<Write>),
    Forget(Vec<RoomId>),
    ExpireBans(WallTime),
}

impl Change {
    /// Returns the room that this change is about.
    fn room(&self) -> Option<RoomId> {
        if let Self::Write(write) = self {
            Some(write.room())
        } else {
            None
        }
    }

    /// Returns the room that this change writes as a whole.
    fn whole_room(&self) -> Option<RoomId> {
        let Self::Write(write) = self else {
            return None;
        };
        match &write.what {
            RoomWrite::Whole(record) => Some(record.room.id),
            RoomWrite::Change(_) => None,
        }
    }
}

/// Notifies the rooms of changes.
fn answer(changes: Vec<Change>, outcome: Result<(), SaveError>) {
    for change in changes {
        if let Change::Write(write) = change
            && write.answer.send(outcome).is_err()
        {
            tracing::debug!("a room ended before its write was answered");
        }
    }
}

fn write_all(connection: &mut Connection, changes: &[Change], limits: &RoomLimits) -> rusqlite::Result<()> {
    let weighs = |change: &Change| match change {
        Change::Write(write) => write.durability == Durability::Flushed,
        Change::Forget(_) | Change::ExpireBans(_) => true,
    };
    let mode = if changes.iter().any(weighs) {
        "FULL"
    } else {
        "NORMAL"
    };
    connection.pragma_update(None, "synchronous", mode)?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for change in changes {
        match change {
            Change::Write(write) => rows::write(&transaction, &write.access, &write.what, limits)?,
            Change::Forget(ids) => {
                for id in ids {
                    rows::forget(&transaction, *id)?;
                }
            }
            Change::ExpireBans(now) => rows::expire_bans(&transaction, limits, *now)?,
        }
    }
    transaction.commit()
}

/// Returns the description of the underlying error.
fn source_of(error: &StoreError) -> Option<String> {
    error.source().map(ToString::to_string)
}

#[cfg(test)]
mod tests;
