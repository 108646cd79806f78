//! The rooms of a server, and how to reach each.

mod slots;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::mpsc;
use tokio::sync::mpsc::error::TrySendError;
use watchtogether_protocol::message::room::{ClosingReason, Refusal};
use watchtogether_protocol::message::settings::RoomSettings;
use watchtogether_protocol::time::WallTime;
use watchtogether_protocol::{Epoch, InviteToken, Rate, RoomId, RoomName, Token};

use self::slots::{Slot, Slots};
use crate::auth::{EntryCondition, RoomAccess};
use crate::clock::ServerClock;
use crate::limits::Limits;
use crate::mailbox::Mail;
use crate::room::hashes::Salt;
use crate::room::snapshot::NextLife;
use crate::room::{Room, RoomConfig};
use crate::room_task::{self, Retire};
use crate::secret::random;
use crate::store::{Contents, KeptRoom, ReadError, Store};

/// A running room: its mailbox, and the access to it.
#[derive(Clone, Debug)]
pub(crate) struct OpenRoom {
    pub(crate) mailbox: mpsc::Sender<Mail>,
    pub(crate) access: RoomAccess,
}

impl OpenRoom {
    /// Generates a token for a seat in this room.
    pub(crate) fn draw_token(&self) -> Token {
        self.access.token(random())
    }
}

/// All rooms of a server.
#[derive(Clone, Debug)]
pub(crate) struct Registry {
    rooms: Arc<Mutex<Slots>>,
    /// Whether the server is shutting down, so that no more rooms may be opened. Set and read only while the rooms are locked.
    is_ending: Arc<AtomicBool>,
    clock: ServerClock,
    limits: Limits,
    store: Option<Store>,
}

impl Registry {
    /// Returns the registry of a server that keeps no rooms.
    pub(crate) fn new(clock: ServerClock, limits: Limits) -> Self {
        Self {
            rooms: Arc::default(),
            is_ending: Arc::default(),
            clock,
            limits,
            store: None,
        }
    }

    /// Returns the registry of a server that keeps its rooms, with the rooms in the store. Rooms in which somebody has a seat are
    /// opened.
    pub(crate) async fn restored(clock: ServerClock, limits: Limits, store: Store, kept: Contents) -> Self {
        let occupied = kept.rooms.iter().filter(|room| room.is_occupied);
        let occupied: Vec<RoomName> = occupied.map(|room| room.name.clone()).collect();
        let damaged = kept.damaged.into_iter().filter_map(|room| room.name);
        let slots = damaged.map(|name| (name, Slot::Damaged)).chain(
            kept.rooms
                .into_iter()
                .map(|room| (room.name.clone(), Slot::Kept(room))),
        );
        let registry = Self {
            rooms: Arc::new(Mutex::new(slots.collect())),
            is_ending: Arc::default(),
            clock,
            limits,
            store: Some(store),
        };
        for name in occupied {
            // Opened regardless of the limit of open rooms: their members still have seats.
            if let Err(reason) = registry.read_in(&name, |_others| Ok(())).await {
                tracing::warn!(?reason, "could not load a room that has members");
            }
        }
        registry.sweep();
        registry
    }

    /// Opens a room.
    pub(crate) fn open(
        &self,
        name: RoomName,
        condition: EntryCondition,
        settings: RoomSettings,
        rate: Rate,
    ) -> Result<OpenRoom, Refusal> {
        let mut rooms = self.lock();
        self.check_open(&rooms)?;
        match rooms.get(&name) {
            Some(Slot::Open(room)) if room.mailbox.is_closed() => {}
            // A kept room is not replaced either: it belongs to the people who have its invite.
            Some(Slot::Open(_) | Slot::Kept(_) | Slot::Damaged) => return Err(Refusal::RoomExists),
            None => {}
        }
        let config = RoomConfig {
            id: RoomId(uuid::Uuid::new_v4()),
            name: name.clone(),
            epoch: Epoch {
                counter: 1,
                incarnation: u64::from_le_bytes(random()),
            },
            invite: condition.invite(),
            settings,
            wall_origin: self.clock.wall_origin(),
            is_kept: self.store.is_some(),
            salt: Salt(random()),
            limits: self.limits.clone(),
        };
        let room = Room::new(config, rate, self.clock.now());
        let access = RoomAccess {
            condition,
            route: random(),
        };
        Ok(self.settle(&mut rooms, name, access, room))
    }

    /// Returns the condition for entering a room.
    pub(crate) fn condition(&self, name: &RoomName) -> Option<EntryCondition> {
        self.lock().get(name).and_then(|slot| match slot {
            Slot::Open(entry) => Some(entry.access.condition.clone()),
            Slot::Kept(room) => Some(room.access.condition.clone()),
            Slot::Damaged => None,
        })
    }

    /// Returns whether a room of this name is kept but cannot be read. Then nobody can tell who may enter it.
    pub(crate) fn is_damaged(&self, name: &RoomName) -> bool {
        matches!(self.lock().get(name), Some(Slot::Damaged))
    }

    /// Returns a room, after loading it from the disk if it is not in memory.
    pub(crate) async fn wake(&self, name: &RoomName) -> Result<OpenRoom, Refusal> {
        self.read_in(name, |rooms| self.check_open(rooms)).await
    }

    /// Loads a room from the store, if `may_open` allows it given the other rooms.
    async fn read_in(
        &self,
        name: &RoomName,
        may_open: impl Fn(&Slots) -> Result<(), Refusal>,
    ) -> Result<OpenRoom, Refusal> {
        let id = match self.lock().get(name) {
            Some(Slot::Open(entry)) => return Ok(entry.clone()),
            Some(Slot::Kept(room)) => room.id,
            Some(Slot::Damaged) => return Err(Refusal::RoomDamaged),
            None => return Err(Refusal::NotAdmitted),
        };
        let store = self.store.as_ref().ok_or(Refusal::NotAdmitted)?;
        let read = store.read(id).await.map_err(|not_read| match not_read {
            ReadError::Damaged => Refusal::RoomDamaged,
            ReadError::Unavailable => Refusal::ServerBusy,
        })?;
        let stored = read.ok_or(Refusal::NotAdmitted)?;
        let mut rooms = self.lock();
        match rooms.get(name) {
            // Another task has opened it in the meantime.
            Some(Slot::Open(entry)) => return Ok(entry.clone()),
            Some(Slot::Kept(room)) if room.id == id => {}
            Some(Slot::Kept(_) | Slot::Damaged) | None => return Err(Refusal::NotAdmitted),
        }
        may_open(&rooms)?;
        let life = NextLife {
            incarnation: u64::from_le_bytes(random()),
            wall_origin: self.clock.wall_origin(),
            is_kept: true,
            limits: self.limits.clone(),
        };
        let room = Room::restore(stored.record, life, self.clock.now());
        Ok(self.settle(&mut rooms, name.clone(), stored.access, room))
    }

    /// Returns the room that a seat's token belongs to, with its name. A room that is only on the disk has no seats.
    pub(crate) fn find_by_token(&self, token: &Token) -> Option<(RoomName, OpenRoom)> {
        let rooms = self.lock();
        let (name, entry) = rooms.find_by_token(token)?;
        Some((name.clone(), entry.clone()))
    }

    /// Returns why a seat in a room that has ended is refused: `otherwise`, unless the room ended with its server, because then
    /// the client can come back to it.
    pub(crate) fn refusal_when_over(&self, otherwise: Refusal) -> Refusal {
        if self.is_ending.load(Ordering::Relaxed) {
            Refusal::ShuttingDown
        } else {
            otherwise
        }
    }

    /// Asks every room to end, for this reason. No room is opened from now on.
    pub(crate) fn close_all(&self, reason: ClosingReason) {
        let open = {
            let rooms = self.lock();
            self.is_ending.store(true, Ordering::Relaxed);
            rooms.mailboxes()
        };
        for mailbox in open {
            match mailbox.try_send(Mail::Close(reason)) {
                Ok(()) => {}
                Err(TrySendError::Closed(_)) => tracing::debug!("the room has already ended"),
                // Waits until there is space after the earlier mail: without this message, the room would never end.
                Err(TrySendError::Full(close)) => {
                    tokio::spawn(async move {
                        if mailbox.send(close).await.is_err() {
                            tracing::debug!("the room ended before it was asked to");
                        }
                    });
                }
            }
        }
    }

    /// Waits until all rooms have ended and their last writes are on the disk.
    pub(crate) async fn end(self) {
        let open = self.lock().mailboxes();
        for mailbox in open {
            mailbox.closed().await;
        }
        if let Some(store) = self.store {
            store.end().await;
        }
    }

    /// Forgets a room that has ended, unless mail for it has arrived in the meantime. A kept room is only on the disk from then
    /// on.
    fn forget(&self, room: &Room, access: &RoomAccess, mail: &mpsc::Receiver<Mail>) -> bool {
        let mut rooms = self.lock();
        if !mail.is_empty() {
            return false;
        }
        if self.store.is_some() {
            let kept = KeptRoom {
                id: room.id(),
                name: room.name().clone(),
                access: access.clone(),
                last_active: room.last_active(),
                is_occupied: false,
            };
            rooms.insert(room.name().clone(), Slot::Kept(kept));
        } else {
            rooms.remove(room.name());
        }
        true
    }

    /// Deletes expired rooms from the disk, and the oldest ones if there are too many.
    pub(crate) fn sweep(&self) {
        let Some(store) = &self.store else { return };
        store.expire_bans(self.clock.wall());
        let mut rooms = self.lock();
        let kept = rooms.kept();
        let mut kept: Vec<(WallTime, RoomName, RoomId)> = kept
            .map(|room| (room.last_active, room.name.clone(), room.id))
            .collect();
        kept.sort();
        let surplus = kept.len().saturating_sub(self.limits.store.rooms);
        let now = self.clock.wall().0;
        let limit = u64::try_from(self.limits.store.kept.as_millis()).unwrap_or(u64::MAX);
        let mut gone = Vec::new();
        for (index, (last_active, name, id)) in kept.into_iter().enumerate() {
            if index < surplus || now.saturating_sub(last_active.0) >= limit {
                rooms.remove(&name);
                gone.push(id);
            }
        }
        if !gone.is_empty() {
            store.forget(gone);
        }
    }

    /// Registers a room and starts its task.
    fn settle(&self, rooms: &mut Slots, name: RoomName, access: RoomAccess, room: Room) -> OpenRoom {
        let registry = self.clone();
        let retire: Retire = Box::new(move |room, access, mail| registry.forget(room, access, mail));
        let entry = OpenRoom {
            mailbox: room_task::spawn(
                room,
                access.clone(),
                self.clock,
                self.limits.clone(),
                self.store.clone(),
                retire,
            ),
            access,
        };
        rooms.insert(name, Slot::Open(entry.clone()));
        entry
    }

    /// Returns an error if no further room may be opened.
    fn check_open(&self, rooms: &Slots) -> Result<(), Refusal> {
        if self.is_ending.load(Ordering::Relaxed) {
            Err(Refusal::ShuttingDown)
        } else if rooms.open_count() >= self.limits.rooms.open {
            Err(Refusal::ServerBusy)
        } else {
            Ok(())
        }
    }

    fn lock(&self) -> MutexGuard<'_, Slots> {
        self.rooms.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Returns a random name that nobody can guess.
pub(crate) fn drawn_name() -> RoomName {
    let token = InviteToken::from_bytes(random());
    token
        .to_string()
        .parse()
        .expect("base32 in lower case is a room's name")
}

#[cfg(test)]
mod tests;
