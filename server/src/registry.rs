//! The rooms of a server, and how each is reached.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::mpsc;
use watchtogether_protocol::message::playback::StallPolicy;
use watchtogether_protocol::message::room::{ClosingReason, Refusal};
use watchtogether_protocol::time::WallTime;
use watchtogether_protocol::{Epoch, InviteToken, RoomId, RoomName, Token};

use crate::auth::{Door, Gate};
use crate::clock::ServerClock;
use crate::limits::Limits;
use crate::mailbox::Mail;
use crate::room::hashes::Salt;
use crate::room::snapshot::NextLife;
use crate::room::{Room, RoomConfig};
use crate::room_task::{self, Retire};
use crate::secret::random;
use crate::store::{Contents, KeptRoom, NotRead, Store};

/// How a room is reached, and what guards it.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) mailbox: mpsc::Sender<Mail>,
    pub(crate) door: Door,
}

impl Entry {
    /// Draws a token for a seat in this room.
    pub(crate) fn draw_token(&self) -> Token {
        self.door.token(random())
    }
}

/// Where a room is.
#[derive(Clone, Debug)]
enum Slot {
    /// In memory.
    Open(Entry),
    /// On the disk alone: nobody has a seat in it.
    Kept(KeptRoom),
    /// On the disk alone, where it cannot be read. Its name stays its own, so that it can be restored.
    Damaged,
}

/// All rooms of a server.
#[derive(Clone, Debug)]
pub(crate) struct Registry {
    rooms: Arc<Mutex<BTreeMap<RoomName, Slot>>>,
    /// Whether the server ends, so that no room is opened any more. It is set and read while the rooms are locked.
    is_ending: Arc<AtomicBool>,
    clock: ServerClock,
    limits: Limits,
    store: Option<Store>,
}

impl Registry {
    /// Returns the rooms of a server that keeps none.
    pub(crate) fn new(clock: ServerClock, limits: Limits) -> Self {
        Self {
            rooms: Arc::default(),
            is_ending: Arc::default(),
            clock,
            limits,
            store: None,
        }
    }

    /// Returns the rooms of a server that keeps them, with those that it kept; the ones in which somebody has a seat are
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
            if let Err(why) = registry.wake(&name).await {
                tracing::warn!(?why, "a room is not there for its members");
            }
        }
        registry.sweep();
        registry
    }

    /// Opens a room.
    pub(crate) fn open(&self, name: RoomName, gate: Gate, on_stall: StallPolicy) -> Result<Entry, Refusal> {
        let mut rooms = self.lock();
        self.check_open(&rooms)?;
        match rooms.get(&name) {
            Some(Slot::Open(room)) if room.mailbox.is_closed() => {}
            // Nor does a room that is kept give way: it is somebody's, who has the invite.
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
            invite: gate.invite(),
            on_stall,
            wall_origin: self.clock.wall_origin(),
            is_kept: self.store.is_some(),
            salt: Salt(random()),
            limits: self.limits.clone(),
        };
        let room = Room::new(config, self.clock.now());
        let door = Door {
            gate,
            route: random(),
        };
        Ok(self.settle(&mut rooms, name, door, room))
    }

    /// Returns what a room asks of who wants in.
    pub(crate) fn gate(&self, name: &RoomName) -> Option<Gate> {
        self.lock().get(name).and_then(|slot| match slot {
            Slot::Open(entry) => Some(entry.door.gate.clone()),
            Slot::Kept(room) => Some(room.door.gate.clone()),
            Slot::Damaged => None,
        })
    }

    /// Returns whether a room is kept under this name that cannot be read: nobody can tell who may enter it.
    pub(crate) fn is_damaged(&self, name: &RoomName) -> bool {
        matches!(self.lock().get(name), Some(Slot::Damaged))
    }

    /// Returns a room, read from the disk where it is on the disk alone.
    pub(crate) async fn wake(&self, name: &RoomName) -> Result<Entry, Refusal> {
        let id = match self.lock().get(name) {
            Some(Slot::Open(entry)) => return Ok(entry.clone()),
            Some(Slot::Kept(room)) => room.id,
            Some(Slot::Damaged) => return Err(Refusal::RoomDamaged),
            None => return Err(Refusal::NotAdmitted),
        };
        let store = self.store.as_ref().ok_or(Refusal::NotAdmitted)?;
        let read = store.read(id).await.map_err(|not_read| match not_read {
            NotRead::Damaged => Refusal::RoomDamaged,
            NotRead::Unavailable => Refusal::ServerBusy,
        })?;
        let stored = read.ok_or(Refusal::NotAdmitted)?;
        let mut rooms = self.lock();
        match rooms.get(name) {
            // Somebody else woke it meanwhile.
            Some(Slot::Open(entry)) => return Ok(entry.clone()),
            Some(Slot::Kept(room)) if room.id == id => {}
            Some(Slot::Kept(_) | Slot::Damaged) | None => return Err(Refusal::NotAdmitted),
        }
        self.check_open(&rooms)?;
        let life = NextLife {
            incarnation: u64::from_le_bytes(random()),
            wall_origin: self.clock.wall_origin(),
            is_kept: true,
            limits: self.limits.clone(),
        };
        let room = Room::restore(stored.record, life, self.clock.now());
        Ok(self.settle(&mut rooms, name.clone(), stored.door, room))
    }

    /// Returns the room that a seat's token was drawn for, with its name. A room on the disk alone has no seats.
    pub(crate) fn find_by_token(&self, token: &Token) -> Option<(RoomName, Entry)> {
        self.lock().iter().find_map(|(name, slot)| match slot {
            Slot::Open(entry) => entry.door.is_of(token).then(|| (name.clone(), entry.clone())),
            Slot::Kept(_) | Slot::Damaged => None,
        })
    }

    /// Tells every room that it ends, and why. None is opened from now on.
    pub(crate) fn close_all(&self, why: ClosingReason) {
        let open = {
            let rooms = self.lock();
            self.is_ending.store(true, Ordering::Relaxed);
            mailboxes_of(&rooms)
        };
        for mailbox in open {
            if mailbox.try_send(Mail::Close(why)).is_err() {
                tracing::debug!("a room is over already, or overwhelmed");
            }
        }
    }

    /// Waits until all rooms have ended and what they handed over last is on the disk.
    pub(crate) async fn end(self) {
        let open = mailboxes_of(&self.lock());
        for mailbox in open {
            mailbox.closed().await;
        }
        if let Some(store) = self.store {
            store.end().await;
        }
    }

    /// Lets go of a room that is over; not where mail came for it meanwhile. One that is kept is on the disk from now on.
    fn forget(&self, room: &Room, door: &Door, mail: &mpsc::Receiver<Mail>) -> bool {
        let mut rooms = self.lock();
        if !mail.is_empty() {
            return false;
        }
        if self.store.is_some() {
            let kept = KeptRoom {
                id: room.id(),
                name: room.name().clone(),
                door: door.clone(),
                last_active: room.last_active(),
                is_occupied: false,
            };
            rooms.insert(room.name().clone(), Slot::Kept(kept));
        } else {
            rooms.remove(room.name());
        }
        true
    }

    /// Lets go of the rooms that were kept on the disk for long enough, and of the oldest where there are too many.
    pub(crate) fn sweep(&self) {
        let Some(store) = &self.store else { return };
        store.expire_bans(self.clock.wall());
        let mut rooms = self.lock();
        let mut kept: Vec<(WallTime, RoomName, RoomId)> = rooms
            .iter()
            .filter_map(|(name, slot)| match slot {
                Slot::Kept(room) => Some((room.last_active, name.clone(), room.id)),
                Slot::Open(_) | Slot::Damaged => None,
            })
            .collect();
        kept.sort();
        let surplus = kept.len().saturating_sub(self.limits.store.rooms);
        let now = self.clock.wall().0;
        let limit = u64::try_from(self.limits.store.kept.as_millis()).unwrap_or(u64::MAX);
        for (index, (last_active, name, id)) in kept.into_iter().enumerate() {
            if index < surplus || now.saturating_sub(last_active.0) >= limit {
                rooms.remove(&name);
                store.forget(id);
            }
        }
    }

    /// Gives a room its task and its place.
    fn settle(&self, rooms: &mut BTreeMap<RoomName, Slot>, name: RoomName, door: Door, room: Room) -> Entry {
        let registry = self.clone();
        let retire: Retire = Box::new(move |room, door, mail| registry.forget(room, door, mail));
        let entry = Entry {
            mailbox: room_task::spawn(
                room,
                door.clone(),
                self.clock,
                self.limits.clone(),
                self.store.clone(),
                retire,
            ),
            door,
        };
        rooms.insert(name, Slot::Open(entry.clone()));
        entry
    }

    /// Returns why no further room is opened.
    fn check_open(&self, rooms: &BTreeMap<RoomName, Slot>) -> Result<(), Refusal> {
        let open = rooms.values().filter(|slot| matches!(slot, Slot::Open(_)));
        if self.is_ending.load(Ordering::Relaxed) {
            Err(Refusal::ShuttingDown)
        } else if open.count() >= self.limits.rooms.open {
            Err(Refusal::ServerBusy)
        } else {
            Ok(())
        }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<RoomName, Slot>> {
        self.rooms.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn mailboxes_of(rooms: &BTreeMap<RoomName, Slot>) -> Vec<mpsc::Sender<Mail>> {
    let mailboxes = rooms.values().filter_map(|slot| match slot {
        Slot::Open(entry) => Some(entry.mailbox.clone()),
        Slot::Kept(_) | Slot::Damaged => None,
    });
    mailboxes.collect()
}

/// Returns a name that nobody guesses.
pub(crate) fn drawn_name() -> RoomName {
    let token = InviteToken::from_bytes(random());
    token
        .to_string()
        .parse()
        .expect("base32 in lower case is a room's name")
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use tokio::sync::oneshot;
    use tokio::time::Instant;

    use super::*;
    use crate::limits::LimitValues;
    use crate::mailbox::{ConnectionId, SharedOutbox, Speaker};
    use crate::room::command::{Newcomer, RoomCommand};
    use crate::store::DamagedRoom;

    const LIMITS: LimitValues = LimitValues::DEFAULT;

    fn film_night() -> RoomName {
        "film-night".parse().expect("a room's name")
    }

    fn open(registry: &Registry) -> Result<Entry, Refusal> {
        registry.open(film_night(), Gate::Open, StallPolicy::Wait)
    }

    /// Gives somebody a seat in a room.
    async fn enter(entry: &Entry) -> Speaker {
        let connection = ConnectionId(1);
        let (reply, answer) = oneshot::channel();
        let mail = Mail::Enter {
            newcomer: Newcomer {
                name: "ana".parse().expect("a name"),
                avatar: None,
                token: entry.draw_token(),
                address: Ipv4Addr::LOCALHOST.into(),
                owner: None,
            },
            connection,
            outbox: SharedOutbox::new(&LIMITS.connections),
            reply,
        };
        entry.mailbox.send(mail).await.expect("the room is open");
        let seated = answer.await.expect("an answer").expect("a seat");
        Speaker {
            member: seated.member,
            connection,
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_room_of_nobody_is_kept_for_a_while_and_then_its_name_is_free() {
        let registry = Registry::new(ServerClock::start(), Limits::default());
        let entry = open(&registry).expect("a room");
        let speaker = enter(&entry).await;
        let leave = Mail::Command(speaker, RoomCommand::Leave);
        entry.mailbox.send(leave).await.expect("the room is open");
        let left = Instant::now();

        assert_eq!(open(&registry).err(), Some(Refusal::RoomExists));
        entry.mailbox.closed().await;

        let late = left.elapsed().saturating_sub(LIMITS.rooms.empty);
        assert!(left.elapsed() >= LIMITS.rooms.empty && late.as_millis() < 10);
        assert!(registry.gate(&film_night()).is_none());
        assert!(open(&registry).is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn a_room_with_somebody_in_it_is_kept_for_as_long_as_they_stay() {
        let registry = Registry::new(ServerClock::start(), Limits::default());
        let entry = open(&registry).expect("a room");
        enter(&entry).await;

        tokio::time::advance(10 * LIMITS.rooms.empty).await;
        enter(&entry).await;

        assert!(registry.gate(&film_night()).is_some());
    }

    #[tokio::test(start_paused = true)]
    async fn a_room_that_somebody_is_about_to_enter_is_not_forgotten() {
        let registry = Registry::new(ServerClock::start(), Limits::default());
        let door = open(&registry).expect("a room").door;
        let (mailbox, mail) = mpsc::channel(1);
        let close = Mail::Close(ClosingReason::ServerEnds);
        mailbox.try_send(close).expect("space");
        let config = RoomConfig {
            id: RoomId(uuid::Uuid::nil()),
            name: film_night(),
            epoch: Epoch::default(),
            invite: None,
            on_stall: StallPolicy::Wait,
            wall_origin: WallTime(0),
            is_kept: false,
            salt: Salt([0; 16]),
            limits: Limits::default(),
        };
        let room = Room::new(config, registry.clock.now());

        assert!(!registry.forget(&room, &door, &mail));
        assert!(registry.gate(&film_night()).is_some());
    }

    #[tokio::test]
    async fn a_token_leads_to_the_room_that_it_was_drawn_for() {
        let registry = Registry::new(ServerClock::start(), Limits::default());
        let entry = open(&registry).expect("a room");
        let other = registry
            .open(drawn_name(), Gate::Open, StallPolicy::Wait)
            .expect("a room of a drawn name");

        let (token, again) = (entry.draw_token(), entry.draw_token());

        let (_, found) = registry.find_by_token(&token).expect("a room");
        assert_ne!(token, again);
        assert!(found.mailbox.same_channel(&entry.mailbox));
        assert!(!found.mailbox.same_channel(&other.mailbox));
        assert!(registry.find_by_token(&Token::from_bytes([0; 32])).is_none());
    }

    #[tokio::test]
    async fn a_damaged_room_is_called_so_and_its_name_is_nobody_elses() {
        let shelf = Shelf::new();
        let (store, mut kept) = Store::open(shelf.0.path(), Limits::default()).expect("a store");
        kept.damaged.push(DamagedRoom {
            name: Some(film_night()),
            why: "no such access".to_owned(),
        });

        let registry = Registry::restored(ServerClock::start(), Limits::default(), store, kept).await;

        assert!(registry.is_damaged(&film_night()));
        assert_eq!(registry.gate(&film_night()), None);
        let woken = registry.wake(&film_night()).await;
        assert_eq!(woken.err(), Some(Refusal::RoomDamaged));
        assert_eq!(open(&registry).err(), Some(Refusal::RoomExists));
        registry.end().await;
    }

    #[tokio::test]
    async fn a_server_has_so_many_rooms_and_says_so() {
        let registry = Registry::new(ServerClock::start(), Limits::default());
        for _ in 0..LIMITS.rooms.open {
            registry
                .open(drawn_name(), Gate::Open, StallPolicy::Wait)
                .expect("a room");
        }

        assert_eq!(open(&registry).err(), Some(Refusal::ServerBusy));
    }

    #[tokio::test]
    async fn a_server_that_ends_opens_no_further_room_and_waits_for_none() {
        let shelf = Shelf::new();
        let registry = shelf.registry().await;
        open(&registry).expect("a room");
        registry.close_all(ClosingReason::ServerEnds);
        registry.end().await;
        let registry = shelf.registry().await;

        registry.close_all(ClosingReason::ServerEnds);

        let woken = registry.wake(&film_night()).await;
        assert_eq!(woken.err(), Some(Refusal::ShuttingDown), "a kept one");
        let another = registry.open(drawn_name(), Gate::Open, StallPolicy::Wait);
        assert_eq!(another.err(), Some(Refusal::ShuttingDown), "a new one");
        registry.end().await;
    }

    /// A folder with the rooms of a server.
    struct Shelf(tempfile::TempDir);

    impl Shelf {
        fn new() -> Self {
            Self(tempfile::tempdir().expect("a folder"))
        }

        /// Returns the rooms of the next server.
        async fn registry(&self) -> Registry {
            let (store, kept) = Store::open(self.0.path(), Limits::default()).expect("a store");
            Registry::restored(ServerClock::start(), Limits::default(), store, kept).await
        }
    }

    async fn leave(entry: &Entry, speaker: Speaker) {
        let leave = Mail::Command(speaker, RoomCommand::Leave);
        entry.mailbox.send(leave).await.expect("the room is open");
    }

    #[tokio::test(start_paused = true)]
    async fn a_room_of_nobody_is_kept_on_the_disk_and_its_name_stays_its_own() {
        let shelf = Shelf::new();
        let registry = shelf.registry().await;
        let entry = open(&registry).expect("a room");
        let speaker = enter(&entry).await;
        leave(&entry, speaker).await;

        entry.mailbox.closed().await;

        assert_eq!(registry.gate(&film_night()), Some(Gate::Open));
        assert_eq!(open(&registry).err(), Some(Refusal::RoomExists));
        let again = registry.wake(&film_night()).await.expect("it is there");
        assert_eq!(again.door, entry.door);
        assert!(enter(&again).await.member > speaker.member, "it is the same room");
        assert!(
            registry
                .wake(&film_night())
                .await
                .expect("open")
                .mailbox
                .same_channel(&again.mailbox)
        );
    }

    #[tokio::test]
    async fn a_room_with_a_seat_is_open_when_the_server_is_back_and_one_without_is_not() {
        let shelf = Shelf::new();
        let registry = shelf.registry().await;
        let entry = open(&registry).expect("a room");
        enter(&entry).await;
        let token = entry.draw_token();
        let empty: RoomName = "empty".parse().expect("a room's name");
        registry
            .open(empty.clone(), Gate::Open, StallPolicy::Wait)
            .expect("a room");
        registry.close_all(ClosingReason::ServerEnds);
        registry.end().await;

        let registry = shelf.registry().await;

        assert_eq!(mailboxes_of(&registry.lock()).len(), 1);
        let found = registry.find_by_token(&token);
        assert_eq!(
            found.map(|(name, found)| (name, found.door)),
            Some((film_night(), entry.door))
        );
        assert!(registry.wake(&empty).await.is_ok());
    }

    #[tokio::test]
    async fn rooms_that_were_left_long_ago_are_let_go() {
        let shelf = Shelf::new();
        let registry = shelf.registry().await;
        open(&registry).expect("a room");
        registry.close_all(ClosingReason::ServerEnds);
        registry.end().await;
        let (store, mut kept) = Store::open(shelf.0.path(), Limits::default()).expect("a store");
        let week = u64::try_from(LIMITS.store.kept.as_millis()).expect("a week");
        kept.rooms[0].last_active.0 -= week;

        let registry = Registry::restored(ServerClock::start(), Limits::default(), store, kept).await;

        assert_eq!(registry.gate(&film_night()), None);
        registry.end().await;
        assert_eq!(
            Store::open(shelf.0.path(), Limits::default()).expect("a store").1,
            Contents::default()
        );
    }
}
