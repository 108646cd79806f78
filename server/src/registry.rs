//! Which rooms there are, and how each is reached.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::mpsc;
use watchtogether_protocol::message::room::{ClosingReason, Refusal, StallPolicy};
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
            is_kept: false,
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

    /// Tells every room that it ends, and why.
    pub(crate) fn close_all(&self, why: ClosingReason) {
        for entry in self.lock().values() {
            if entry.mailbox.try_send(Mail::Close(why)).is_err() {
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

#[cfg(test)]
mod tests {
    use tokio::sync::oneshot;
    use tokio::time::Instant;

    use super::*;
    use crate::room::command::{Newcomer, RoomCommand};
    use crate::room_task::{ConnectionId, SharedOutbox, Speaker};

    fn film_night() -> RoomName {
        "film-night".parse().expect("a room's name")
    }

    fn open(registry: &Registry) -> Result<Entry, Refusal> {
        registry.open(Some(film_night()), Gate::Open, StallPolicy::Wait)
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
            },
            connection,
            outbox: SharedOutbox::new(),
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
        let registry = Registry::new(ServerClock::start());
        let entry = open(&registry).expect("a room");
        let speaker = enter(&entry).await;
        let leave = Mail::Command(speaker, RoomCommand::Leave);
        entry.mailbox.send(leave).await.expect("the room is open");
        let left = Instant::now();

        assert_eq!(open(&registry).err(), Some(Refusal::RoomExists));
        entry.mailbox.closed().await;

        let late = left.elapsed().saturating_sub(defaults::EMPTY_ROOM);
        assert!(left.elapsed() >= defaults::EMPTY_ROOM && late.as_millis() < 10);
        assert!(registry.find(&film_night()).is_none());
        assert!(open(&registry).is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn a_room_with_somebody_in_it_is_kept_for_as_long_as_they_stay() {
        let registry = Registry::new(ServerClock::start());
        let entry = open(&registry).expect("a room");
        enter(&entry).await;

        tokio::time::advance(10 * defaults::EMPTY_ROOM).await;
        enter(&entry).await;

        assert!(registry.find(&film_night()).is_some());
    }

    #[tokio::test(start_paused = true)]
    async fn a_room_that_somebody_is_about_to_enter_is_not_forgotten() {
        let registry = Registry::new(ServerClock::start());
        open(&registry).expect("a room");
        let (mailbox, mail) = mpsc::channel(1);
        let close = Mail::Close(ClosingReason::ServerEnds);
        mailbox.try_send(close).expect("space");

        assert!(!registry.forget(&film_night(), &mail));
        assert!(registry.find(&film_night()).is_some());
    }

    #[tokio::test]
    async fn a_token_leads_to_the_room_that_it_was_drawn_for() {
        let registry = Registry::new(ServerClock::start());
        let entry = open(&registry).expect("a room");
        let other = registry
            .open(None, Gate::Open, StallPolicy::Wait)
            .expect("a room of a drawn name");

        let (token, again) = (entry.draw_token(), entry.draw_token());

        let found = registry.find_by_token(&token).expect("a room");
        assert_ne!(token, again);
        assert!(found.mailbox.same_channel(&entry.mailbox));
        assert!(!found.mailbox.same_channel(&other.mailbox));
        assert!(registry.find_by_token(&Token::from_bytes([0; 32])).is_none());
    }

    #[tokio::test]
    async fn a_server_has_so_many_rooms_and_says_so() {
        let registry = Registry::new(ServerClock::start());
        for _ in 0..defaults::ROOMS {
            registry
                .open(None, Gate::Open, StallPolicy::Wait)
                .expect("a room");
        }

        assert_eq!(open(&registry).err(), Some(Refusal::ServerBusy));
    }
}
