//! What outlives a server: its rooms, in one SQLite file.
//!
//! The file belongs to one thread, because SQLite blocks. What rooms hand over while one batch is written is the next batch:
//! so a commit is shared by all that wait for it, and nobody waits for a clock. A batch in which somebody did something is
//! on the disk (`synchronous = FULL`) before its rooms hear of it; a batch that only says how far films have come need
//! outlive the program alone, and costs no flush.
//!
//! A room has one write under way at a time, so the queue is bounded by the number of rooms. What cannot be written is
//! answered as such: the room goes on, and hands itself over whole a little later. After a failure the
//! file is opened anew, because SQLite remembers what kind of disk it found.

mod file;
mod rows;
mod schema;
mod upkeep;

use std::error::Error as _;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use rusqlite::{Connection, TransactionBehavior};
use tokio::sync::oneshot;
use watchtogether_protocol::time::WallTime;
use watchtogether_protocol::{RoomId, RoomName};

pub use self::file::StoreError;
pub use self::upkeep::{Census, backup, check, restore};
use crate::auth::Door;
use crate::defaults;
use crate::room::snapshot::{RoomRecord, RoomWrite, Weight};

/// The writes that share a commit at most: what a slow disk does not hold up for ever.
const BATCH: usize = 64;

/// A room as it is kept, with what guards it.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredRoom {
    /// What lets into it.
    pub door: Door,
    /// The room.
    pub record: RoomRecord,
}

/// What is known of a kept room without reading all of it.
#[derive(Clone, Debug, PartialEq)]
pub struct KeptRoom {
    /// The room, whatever it is called.
    pub id: RoomId,
    /// What it is called.
    pub name: RoomName,
    /// What lets into it.
    pub door: Door,
    /// When somebody last did something in it.
    pub last_active: WallTime,
    /// Whether somebody has a seat in it.
    pub is_occupied: bool,
}

/// What was handed over is not on the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the disk takes nothing at present")]
pub struct NotSaved;

/// Why a room cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotRead {
    /// What is on the disk is not what was written.
    #[error("the room is damaged")]
    Damaged,
    /// The disk gives nothing at present.
    #[error("the disk gives nothing at present")]
    Unavailable,
}

/// The store, as its server has it.
#[derive(Clone, Debug)]
pub struct Store {
    jobs: SyncSender<Job>,
}

#[derive(Debug)]
enum Job {
    Write(Box<Write>),
    Forget(RoomId),
    ExpireBans(WallTime),
    Read {
        id: RoomId,
        answer: oneshot::Sender<Result<Option<StoredRoom>, NotRead>>,
    },
    End(oneshot::Sender<()>),
}

#[derive(Debug)]
struct Write {
    door: Door,
    what: RoomWrite,
    weight: Weight,
    answer: oneshot::Sender<Result<(), NotSaved>>,
}

impl Store {
    /// Opens the store in a folder, or makes one, and returns it with what it holds. Nobody else can open it meanwhile.
    pub fn open(folder: &Path) -> Result<(Self, Vec<KeptRoom>), StoreError> {
        let lock = file::lock(folder)?;
        let connection = file::open_or_make(folder)?;
        let path = folder.join(file::FILE);
        let at = StoreError::database(&path);
        file::prepare_to_write(&connection).map_err(&at)?;
        let rooms = rows::index(&connection).map_err(&at)?;
        let (jobs, received) = sync_channel(2 * defaults::ROOMS);
        let writer = Writer {
            path: path.clone(),
            connection: Some(connection),
            is_failing: false,
            _lock: lock,
        };
        thread::Builder::new()
            .name("store".to_owned())
            .spawn(move || writer.run(&received))
            .map_err(StoreError::file(&path))?;
        Ok((Self { jobs }, rooms))
    }

    /// Hands over what a room is now; the answer comes when it is on the disk, or is not.
    pub fn write(
        &self,
        door: Door,
        write: RoomWrite,
        weight: Weight,
    ) -> oneshot::Receiver<Result<(), NotSaved>> {
        let (answer, answered) = oneshot::channel();
        let write = Write {
            door,
            what: write,
            weight,
            answer,
        };
        // What finds no place is answered by its being dropped.
        self.hand_over(Job::Write(Box::new(write)));
        answered
    }

    /// Forgets a room.
    pub fn forget(&self, id: RoomId) {
        self.hand_over(Job::Forget(id));
    }

    /// Forgets of all rooms' bans what is over: also of rooms that nobody has opened since.
    pub fn expire_bans(&self, now: WallTime) {
        self.hand_over(Job::ExpireBans(now));
    }

    /// Reads a room; nothing where it is not there.
    pub async fn read(&self, id: RoomId) -> Result<Option<StoredRoom>, NotRead> {
        let (answer, answered) = oneshot::channel();
        self.hand_over(Job::Read { id, answer });
        answered.await.unwrap_or(Err(NotRead::Unavailable))
    }

    /// Ends the store when all that was handed over is done, and lets go of the file.
    pub async fn end(self) {
        let (done, ended) = oneshot::channel();
        self.hand_over(Job::End(done));
        // An answer that is dropped says that it has ended too.
        drop(ended.await);
    }

    fn hand_over(&self, job: Job) {
        if self.jobs.try_send(job).is_err() {
            tracing::error!("the store takes no more jobs");
        }
    }
}

/// The thread that has the file.
struct Writer {
    path: PathBuf,
    connection: Option<Connection>,
    is_failing: bool,
    _lock: File,
}

impl Writer {
    fn run(mut self, jobs: &Receiver<Job>) {
        while let Ok(first) = jobs.recv() {
            let mut changes = Vec::new();
            for job in std::iter::once(first).chain(jobs.try_iter().take(BATCH - 1)) {
                match job {
                    Job::Write(write) => changes.push(Change::Write(write)),
                    Job::Forget(id) => changes.push(Change::Forget(id)),
                    Job::ExpireBans(now) => changes.push(Change::ExpireBans(now)),
                    Job::Read { id, answer } => {
                        self.commit(std::mem::take(&mut changes));
                        // Nobody waits for the answer any more.
                        drop(answer.send(self.read(id)));
                    }
                    Job::End(done) => {
                        self.commit(changes);
                        drop(self);
                        if done.send(()).is_err() {
                            tracing::debug!("nobody waits for the end of the store");
                        }
                        return;
                    }
                }
            }
            self.commit(changes);
        }
    }

    /// Writes changes together and tells their rooms. Where the file is damaged, each is tried by itself, so that a damaged
    /// room does not keep the others from being saved.
    fn commit(&mut self, changes: Vec<Change>) {
        if changes.is_empty() {
            return;
        }
        match self.try_commit(&changes) {
            Err(StoreError::Damaged { .. }) if changes.len() > 1 => {
                for change in changes {
                    let change = vec![change];
                    let outcome = self.try_commit(&change);
                    self.conclude(change, outcome.err().as_ref());
                }
            }
            outcome => self.conclude(changes, outcome.err().as_ref()),
        }
    }

    fn try_commit(&mut self, changes: &[Change]) -> Result<(), StoreError> {
        let path = self.path.clone();
        let at = StoreError::database(&path);
        write_all(self.connection()?, changes).map_err(at)
    }

    fn conclude(&mut self, changes: Vec<Change>, failure: Option<&StoreError>) {
        let is_failing = failure.is_some();
        match failure {
            Some(error) if !self.is_failing => {
                tracing::warn!(%error, why = source_of(error), "rooms are not saved");
            }
            Some(error) => tracing::debug!(%error, why = source_of(error), "rooms are still not saved"),
            None if self.is_failing => tracing::info!("rooms are saved again"),
            None => {}
        }
        self.is_failing = is_failing;
        if is_failing {
            self.connection = None;
        }
        for change in changes {
            if let Change::Write(write) = change {
                let answer = if is_failing { Err(NotSaved) } else { Ok(()) };
                if write.answer.send(answer).is_err() {
                    tracing::debug!("a room is over that was written");
                }
            }
        }
    }

    fn read(&mut self, id: RoomId) -> Result<Option<StoredRoom>, NotRead> {
        let path = self.path.clone();
        let at = StoreError::database(&path);
        let read = self
            .connection()
            .and_then(|connection| rows::read(connection, id).map_err(at));
        read.map_err(|error| {
            tracing::error!(room = %id, %error, why = source_of(&error), "a room cannot be read");
            if matches!(error, StoreError::Damaged { .. }) {
                NotRead::Damaged
            } else {
                NotRead::Unavailable
            }
        })
    }

    /// Returns the file, opened anew if it failed before.
    fn connection(&mut self) -> Result<&mut Connection, StoreError> {
        let connection = if let Some(connection) = self.connection.take() {
            connection
        } else {
            let connection = file::open_own(&self.path)?;
            file::prepare_to_write(&connection).map_err(StoreError::database(&self.path))?;
            connection
        };
        Ok(self.connection.insert(connection))
    }
}

enum Change {
    Write(Box<Write>),
    Forget(RoomId),
    ExpireBans(WallTime),
}

fn write_all(connection: &mut Connection, changes: &[Change]) -> rusqlite::Result<()> {
    let weighs = |change: &Change| match change {
        Change::Write(write) => write.weight == Weight::Act,
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
            Change::Write(write) => rows::write(&transaction, &write.door, &write.what)?,
            Change::Forget(id) => rows::forget(&transaction, *id)?,
            Change::ExpireBans(now) => rows::expire_bans(&transaction, *now)?,
        }
    }
    transaction.commit()
}

/// Returns why, in the words of what is below.
fn source_of(error: &StoreError) -> Option<String> {
    error.source().map(ToString::to_string)
}

#[cfg(test)]
mod tests;
