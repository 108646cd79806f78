//! The slots of rooms by name, and the open rooms by the route in their seats' tokens.

use std::collections::BTreeMap;

use tokio::sync::mpsc;
use watchtogether_protocol::{RoomName, Token};

use super::OpenRoom;
use crate::auth::RoomAccess;
use crate::mailbox::Mail;
use crate::store::KeptRoom;

/// The state of a room in the registry.
#[derive(Clone, Debug)]
pub(super) enum Slot {
    /// The room is in memory.
    Open(OpenRoom),
    /// The room is only on the disk, and nobody has a seat in it.
    Kept(KeptRoom),
    /// The room is only on the disk, and cannot be read. Its name stays reserved so that the room can be restored.
    Damaged,
}

/// The rooms of a server. Counting the open ones and finding a token's room take the same time however many rooms there are.
#[derive(Debug, Default)]
pub(super) struct Slots {
    by_name: BTreeMap<RoomName, Slot>,
    /// The names of the open rooms by route.
    by_route: BTreeMap<[u8; 8], RoomName>,
}

impl Slots {
    /// Returns a room.
    pub(super) fn get(&self, name: &RoomName) -> Option<&Slot> {
        self.by_name.get(name)
    }

    /// Adds a room.
    pub(super) fn insert(&mut self, name: RoomName, slot: Slot) {
        self.remove(&name);
        if let Slot::Open(entry) = &slot {
            self.by_route.insert(entry.access.route, name.clone());
        }
        self.by_name.insert(name, slot);
    }

    /// Removes a room.
    pub(super) fn remove(&mut self, name: &RoomName) {
        if let Some(Slot::Open(entry)) = self.by_name.remove(name) {
            self.by_route.remove(&entry.access.route);
        }
    }

    /// Returns how many rooms are open.
    pub(super) fn open_count(&self) -> usize {
        self.by_route.len()
    }

    /// Returns the open room that a seat's token belongs to, with its name.
    pub(super) fn find_by_token(&self, token: &Token) -> Option<(&RoomName, &OpenRoom)> {
        let name = self.by_route.get(&RoomAccess::route_of(token))?;
        match self.by_name.get_key_value(name)? {
            (name, Slot::Open(entry)) => Some((name, entry)),
            (_, Slot::Kept(_) | Slot::Damaged) => None,
        }
    }

    /// Returns the readable rooms that are only on the disk.
    pub(super) fn kept(&self) -> impl Iterator<Item = &KeptRoom> {
        self.by_name.values().filter_map(|slot| match slot {
            Slot::Kept(room) => Some(room),
            Slot::Open(_) | Slot::Damaged => None,
        })
    }

    /// Returns the mailboxes of the open rooms.
    pub(super) fn mailboxes(&self) -> Vec<mpsc::Sender<Mail>> {
        let mailboxes = self.by_name.values().filter_map(|slot| match slot {
            Slot::Open(entry) => Some(entry.mailbox.clone()),
            Slot::Kept(_) | Slot::Damaged => None,
        });
        mailboxes.collect()
    }
}

impl FromIterator<(RoomName, Slot)> for Slots {
    fn from_iter<I: IntoIterator<Item = (RoomName, Slot)>>(rooms: I) -> Self {
        let mut slots = Self::default();
        for (name, slot) in rooms {
            slots.insert(name, slot);
        }
        slots
    }
}
