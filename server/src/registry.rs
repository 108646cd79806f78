//! Which rooms there are, and how each is reached.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::mpsc;
use watchtogether_protocol::message::room::{Refusal, StallPolicy};
use watchtogether_protocol::{Epoch, InviteToken, RoomId, RoomName, Token};

use crate::auth::Gate;
use crate::clock::ServerClock;
use crate::defaults;
use crate::room::{Room, RoomConfig};
use crate::room_task::{self, Mail};
use crate::secret::random;

/// How a room is reached, and what it asks of who wants in.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) mailbox: mpsc::Sender<Mail>,
    pub(crate) gate: Gate,
    /// What the tokens of its seats begin with.
    route: [u8; ROUTE],
}

/// The bytes of a token that lead to its room; the other 192 bits are the secret.
const ROUTE: usize = 8;

impl Entry {
    /// Draws a token for a seat in this room.
    pub(crate) fn draw_token(&self) -> Token {
        let mut bytes: [u8; 32] = random();
        bytes[..ROUTE].copy_from_slice(&self.route);
        Token::from_bytes(bytes)
    }
}

/// All rooms of a server.
#[derive(Clone, Debug)]
pub(crate) struct Registry {
    rooms: Arc<Mutex<BTreeMap<RoomName, Entry>>>,
    clock: ServerClock,
}

impl Registry {
    pub(crate) fn new(clock: ServerClock) -> Self {
        Self {
            rooms: Arc::default(),
            clock,
        }
    }

    /// Opens a room; without a name it gets one that nobody guesses.
    pub(crate) fn open(
        &self,
        name: Option<RoomName>,
        gate: Gate,
        on_stall: StallPolicy,
    ) -> Result<Entry, Refusal> {
        let mut rooms = self.lock();
        if rooms.len() >= defaults::ROOMS {
            return Err(Refusal::ServerBusy);
        }
        let name = name.unwrap_or_else(drawn_name);
        if rooms.get(&name).is_some_and(|room| !room.mailbox.is_closed()) {
            return Err(Refusal::RoomExists);
        }
        let config = RoomConfig {
            id: RoomId(uuid::Uuid::new_v4()),
            name: name.clone(),
            epoch: Epoch {
                counter: 1,
                incarnation: u64::from_le_bytes(random()),
            },
            invite: token_of(&gate),
            on_stall,
            wall_origin: self.clock.wall_origin(),
        };
        let room = Room::new(config, self.clock.now());
        let entry = Entry {
            mailbox: room_task::spawn(room, self.clock, self.clone()),
            gate,
            route: random(),
        };
        rooms.insert(name, entry.clone());
        Ok(entry)
    }

    /// Returns a room.
    pub(crate) fn find(&self, name: &RoomName) -> Option<Entry> {
        self.lock().get(name).cloned()
    }

    /// Returns the room that a seat's token was drawn for.
    pub(crate) fn find_by_token(&self, token: &Token) -> Option<Entry> {
        self.lock()
            .values()
            .find(|entry| token.as_bytes().starts_with(&entry.route))
            .cloned()
    }

    /// Tells every room that the server ends.
    pub(crate) fn close_all(&self) {
        for entry in self.lock().values() {
            if entry.mailbox.try_send(Mail::Close).is_err() {
                tracing::debug!("a room is over already, or overwhelmed");
            }
        }
    }

    /// Forgets a room that is over; not where mail came for it meanwhile.
    pub(crate) fn forget(&self, name: &RoomName, mail: &mpsc::Receiver<Mail>) -> bool {
        let mut rooms = self.lock();
        let is_over = mail.is_empty();
        if is_over {
            rooms.remove(name);
        }
        is_over
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<RoomName, Entry>> {
        self.rooms.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

const fn token_of(gate: &Gate) -> Option<InviteToken> {
    match gate {
        Gate::Invite(token) => Some(*token),
        Gate::Open | Gate::Password(_) => None,
    }
}

fn drawn_name() -> RoomName {
    let token = InviteToken::from_bytes(random());
    token
        .to_string()
        .parse()
        .expect("base32 in lower case is a room's name")
}
