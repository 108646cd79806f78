//! Tests that the registry opens, keeps, finds, forgets and ends rooms.

use std::net::Ipv4Addr;
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::time::{Instant, timeout};
use watchtogether_protocol::MemberId;

use super::*;
use crate::limits::LimitValues;
use crate::mailbox::{ConnectionId, MailSender, SharedOutbox};
use crate::room::command::{Newcomer, RoomCommand};
use crate::store::DamagedRoom;

const LIMITS: LimitValues = LimitValues::DEFAULT;

fn film_night() -> RoomName {
    "film-night".parse().expect("a room's name")
}

fn open(registry: &Registry) -> Result<OpenRoom, Refusal> {
    registry.open(
        film_night(),
        EntryCondition::Open,
        RoomSettings::default(),
        Rate::NORMAL,
    )
}

/// Gives a member a seat in a room.
async fn enter(entry: &OpenRoom) -> MailSender {
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
    MailSender {
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
    assert!(registry.condition(&film_night()).is_none());
    assert!(open(&registry).is_ok());
}

#[tokio::test(start_paused = true)]
async fn a_room_with_somebody_in_it_is_kept_for_as_long_as_they_stay() {
    let registry = Registry::new(ServerClock::start(), Limits::default());
    let entry = open(&registry).expect("a room");
    enter(&entry).await;

    tokio::time::advance(10 * LIMITS.rooms.empty).await;
    enter(&entry).await;

    assert!(registry.condition(&film_night()).is_some());
}

#[tokio::test(start_paused = true)]
async fn a_room_that_somebody_is_about_to_enter_is_not_forgotten() {
    let registry = Registry::new(ServerClock::start(), Limits::default());
    let access = open(&registry).expect("a room").access;
    let (mailbox, mail) = mpsc::channel(1);
    let close = Mail::Close(ClosingReason::ServerEnds);
    mailbox.try_send(close).expect("space");
    let config = RoomConfig {
        id: RoomId(uuid::Uuid::nil()),
        name: film_night(),
        epoch: Epoch::default(),
        invite: None,
        settings: RoomSettings::default(),
        wall_origin: WallTime(0),
        is_kept: false,
        salt: Salt([0; 16]),
        limits: Limits::default(),
    };
    let room = Room::new(config, Rate::NORMAL, registry.clock.now());

    assert!(!registry.forget(&room, &access, &mail));
    assert!(registry.condition(&film_night()).is_some());
}

#[tokio::test]
async fn a_token_leads_to_the_room_that_it_was_drawn_for() {
    let registry = Registry::new(ServerClock::start(), Limits::default());
    let entry = open(&registry).expect("a room");
    let other = registry
        .open(
            drawn_name(),
            EntryCondition::Open,
            RoomSettings::default(),
            Rate::NORMAL,
        )
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
    let folder = RoomsFolder::new();
    let (store, mut kept) = Store::open(folder.0.path(), Limits::default()).expect("a store");
    kept.damaged.push(DamagedRoom {
        name: Some(film_night()),
        reason: "no such access".to_owned(),
    });

    let registry = Registry::restored(ServerClock::start(), Limits::default(), store, kept).await;

    assert!(registry.is_damaged(&film_night()));
    assert_eq!(registry.condition(&film_night()), None);
    let woken = registry.wake(&film_night()).await;
    assert_eq!(woken.err(), Some(Refusal::RoomDamaged));
    assert_eq!(open(&registry).err(), Some(Refusal::RoomExists));
    registry.end().await;
}

#[tokio::test]
async fn a_server_refuses_rooms_above_its_limit() {
    let registry = Registry::new(ServerClock::start(), Limits::default());
    for _ in 0..LIMITS.rooms.open {
        registry
            .open(
                drawn_name(),
                EntryCondition::Open,
                RoomSettings::default(),
                Rate::NORMAL,
            )
            .expect("a room");
    }

    assert_eq!(open(&registry).err(), Some(Refusal::ServerBusy));
}

#[tokio::test]
async fn a_server_that_ends_opens_no_further_room_and_waits_for_none() {
    let folder = RoomsFolder::new();
    let registry = folder.registry().await;
    open(&registry).expect("a room");
    registry.close_all(ClosingReason::ServerEnds);
    registry.end().await;
    let registry = folder.registry().await;

    registry.close_all(ClosingReason::ServerEnds);

    let woken = registry.wake(&film_night()).await;
    assert_eq!(woken.err(), Some(Refusal::ShuttingDown), "a kept one");
    let another = registry.open(
        drawn_name(),
        EntryCondition::Open,
        RoomSettings::default(),
        Rate::NORMAL,
    );
    assert_eq!(another.err(), Some(Refusal::ShuttingDown), "a new one");
    registry.end().await;
}

#[tokio::test]
async fn a_request_to_a_room_that_ends_with_its_server_reports_the_server() {
    let registry = Registry::new(ServerClock::start(), Limits::default());
    let entry = open(&registry).expect("a room");
    assert_eq!(registry.refusal_when_over(Refusal::SeatGone), Refusal::SeatGone);

    registry.close_all(ClosingReason::ServerEnds);
    entry.mailbox.closed().await;

    assert!(
        registry.wake(&film_night()).await.is_ok(),
        "it is asked, and is over"
    );
    for refusal in [Refusal::SeatGone, Refusal::NotAdmitted] {
        assert_eq!(registry.refusal_when_over(refusal), Refusal::ShuttingDown);
    }
}

#[tokio::test(start_paused = true)]
async fn a_room_that_has_much_mail_ends_with_its_server_like_any_other() {
    let mut values = LIMITS;
    values.server.mailbox = 16;
    let limits = Limits::new(values).expect("limits that go together");
    let registry = Registry::new(ServerClock::start(), limits);
    let entry = open(&registry).expect("a room");
    let nobody = MailSender {
        member: MemberId(9),
        connection: ConnectionId(9),
    };
    while entry.mailbox.try_send(Mail::StaleRevision(nobody)).is_ok() {}

    registry.close_all(ClosingReason::ServerEnds);

    let ended = timeout(Duration::from_secs(1), registry.end()).await;
    assert!(ended.is_ok(), "the room was told");
}

/// A folder that a server keeps its rooms in.
struct RoomsFolder(tempfile::TempDir);

impl RoomsFolder {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    /// Returns the registry of the next server.
    async fn registry(&self) -> Registry {
        let (store, kept) = Store::open(self.0.path(), Limits::default()).expect("a store");
        Registry::restored(ServerClock::start(), Limits::default(), store, kept).await
    }
}

async fn leave(entry: &OpenRoom, speaker: MailSender) {
    let leave = Mail::Command(speaker, RoomCommand::Leave);
    entry.mailbox.send(leave).await.expect("the room is open");
}

#[tokio::test(start_paused = true)]
async fn an_empty_room_is_kept_on_the_disk_and_its_name_stays_taken() {
    let folder = RoomsFolder::new();
    let registry = folder.registry().await;
    let entry = open(&registry).expect("a room");
    let speaker = enter(&entry).await;
    leave(&entry, speaker).await;

    entry.mailbox.closed().await;

    assert_eq!(registry.condition(&film_night()), Some(EntryCondition::Open));
    assert_eq!(open(&registry).err(), Some(Refusal::RoomExists));
    let again = registry.wake(&film_night()).await.expect("it is there");
    assert_eq!(again.access, entry.access);
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
    let folder = RoomsFolder::new();
    let registry = folder.registry().await;
    let entry = open(&registry).expect("a room");
    enter(&entry).await;
    let token = entry.draw_token();
    let empty: RoomName = "empty".parse().expect("a room's name");
    registry
        .open(
            empty.clone(),
            EntryCondition::Open,
            RoomSettings::default(),
            Rate::NORMAL,
        )
        .expect("a room");
    registry.close_all(ClosingReason::ServerEnds);
    registry.end().await;

    let registry = folder.registry().await;

    assert_eq!(registry.lock().open_count(), 1);
    let found = registry.find_by_token(&token);
    assert_eq!(
        found.map(|(name, found)| (name, found.access)),
        Some((film_night(), entry.access))
    );
    assert!(registry.wake(&empty).await.is_ok());
}

#[tokio::test]
async fn rooms_with_seats_are_open_when_the_server_is_back_however_few_may_be_and_no_further_one_is() {
    let folder = RoomsFolder::new();
    let registry = folder.registry().await;
    let mut tokens = Vec::new();
    for _ in 0..3 {
        let opened = registry.open(
            drawn_name(),
            EntryCondition::Open,
            RoomSettings::default(),
            Rate::NORMAL,
        );
        let entry = opened.expect("a room");
        enter(&entry).await;
        tokens.push(entry.draw_token());
    }
    open(&registry).expect("a room of nobody");
    registry.close_all(ClosingReason::ServerEnds);
    registry.end().await;
    let mut values = LIMITS;
    values.rooms.open = 1;
    let limits = Limits::new(values).expect("limits that go together");
    let (store, kept) = Store::open(folder.0.path(), limits.clone()).expect("a store");

    let registry = Registry::restored(ServerClock::start(), limits, store, kept).await;

    for token in &tokens {
        assert!(
            registry.find_by_token(token).is_some(),
            "its members' seats are there"
        );
    }
    let another = registry.open(
        drawn_name(),
        EntryCondition::Open,
        RoomSettings::default(),
        Rate::NORMAL,
    );
    assert_eq!(another.err(), Some(Refusal::ServerBusy));
    let woken = registry.wake(&film_night()).await;
    assert_eq!(woken.err(), Some(Refusal::ServerBusy));
}

#[tokio::test]
async fn many_rooms_that_were_left_long_ago_are_let_go_at_once_however_few_may_be_open() {
    let folder = RoomsFolder::new();
    let registry = folder.registry().await;
    for _ in 0..50 {
        let opened = registry.open(
            drawn_name(),
            EntryCondition::Open,
            RoomSettings::default(),
            Rate::NORMAL,
        );
        opened.expect("a room");
    }
    registry.close_all(ClosingReason::ServerEnds);
    registry.end().await;
    let mut values = LIMITS;
    values.rooms.open = 1;
    let limits = Limits::new(values).expect("limits that go together");
    let (store, mut kept) = Store::open(folder.0.path(), limits.clone()).expect("a store");
    for room in &mut kept.rooms {
        room.last_active = WallTime(0);
    }

    let registry = Registry::restored(ServerClock::start(), limits, store, kept).await;
    registry.end().await;

    assert_eq!(
        Store::open(folder.0.path(), Limits::default())
            .expect("a store")
            .1,
        Contents::default()
    );
}

#[tokio::test]
async fn rooms_that_were_left_long_ago_are_let_go() {
    let folder = RoomsFolder::new();
    let registry = folder.registry().await;
    open(&registry).expect("a room");
    registry.close_all(ClosingReason::ServerEnds);
    registry.end().await;
    let (store, mut kept) = Store::open(folder.0.path(), Limits::default()).expect("a store");
    let week = u64::try_from(LIMITS.store.kept.as_millis()).expect("a week");
    kept.rooms[0].last_active.0 -= week;

    let registry = Registry::restored(ServerClock::start(), Limits::default(), store, kept).await;

    assert_eq!(registry.condition(&film_night()), None);
    registry.end().await;
    assert_eq!(
        Store::open(folder.0.path(), Limits::default())
            .expect("a store")
            .1,
        Contents::default()
    );
}
