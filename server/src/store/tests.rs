//! Tests of the store with real files.

mod copies;
mod opening;
mod removed;
mod schemas;

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::PermissionsExt as _;

use uuid::Uuid;
use watchtogether_protocol::item::Fingerprint;
use watchtogether_protocol::message::chat::ChatLine;
use watchtogether_protocol::message::playback::StallPolicy;
use watchtogether_protocol::message::room::Password;
use watchtogether_protocol::message::roster::{Avatar, Role};
use watchtogether_protocol::message::settings::RoomSettings;
use watchtogether_protocol::{
    ChatId, Clean, Epoch, InviteToken, Item, ItemId, ItemSource, Length, MediaTime, MemberId, MemberName,
    Rate, limits,
};

use super::*;
use crate::auth::{EntryCondition, HashMemory, PasswordHash};
use crate::limits::LimitValues;
use crate::room::hashes::{AddressHash, OwnerHash, Salt, TokenHash};
use crate::room::removal::BanRecord;
use crate::room::snapshot::{Life, RoomChange, RoomRow, SavedPosition, SeatRecord};

const LIMITS: RoomLimits = LimitValues::DEFAULT.rooms;

/// A folder that contains a store.
struct StoreFolder(tempfile::TempDir);

impl StoreFolder {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    /// Returns a folder whose store contains a room.
    async fn with_a_room() -> Self {
        let folder = Self::new();
        let (store, _) = folder.open();
        keep(&store, &room(1)).await;
        store.end().await;
        folder
    }

    fn folder(&self) -> PathBuf {
        self.0.path().join("state")
    }

    fn file(&self) -> PathBuf {
        self.folder().join(file::FILE)
    }

    fn open(&self) -> (Store, Vec<KeptRoom>) {
        let (store, contents) = Store::open(&self.folder(), Limits::default()).expect("a store");
        (store, contents.rooms)
    }

    /// Returns how many rooms a server finds.
    async fn rooms(&self) -> usize {
        let (store, kept) = self.open();
        store.end().await;
        kept.len()
    }

    fn refusal(&self) -> StoreError {
        Store::open(&self.folder(), Limits::default())
            .map(drop)
            .expect_err("it is refused")
    }

    fn sql(&self, sql: &str) {
        let connection = Connection::open(self.file()).expect("a database");
        connection.execute_batch(sql).expect("done");
    }

    fn count(&self, table: &str) -> i64 {
        let connection = Connection::open(self.file()).expect("a database");
        let sql = format!("SELECT count(*) FROM {table}");
        connection
            .query_row(&sql, (), |row| row.get(0))
            .expect("a number")
    }
}

async fn keep(store: &Store, room: &StoredRoom) {
    let write = RoomWrite::Whole(room.record.clone());
    let answer = store.write(room.access.clone(), write, Durability::Flushed).await;
    assert_eq!(answer, Ok(Ok(())));
}

async fn change(store: &Store, access: &RoomAccess, change: RoomChange) {
    let answer = store
        .write(access.clone(), RoomWrite::Change(change), Durability::Flushed)
        .await;
    assert_eq!(answer, Ok(Ok(())));
}

async fn read(store: &Store, number: u8) -> Option<StoredRoom> {
    store.read(id(number)).await.expect("readable")
}

fn id(number: u8) -> RoomId {
    RoomId(Uuid::from_bytes([number; 16]))
}

fn seat(member: u32, role: Role) -> SeatRecord {
    SeatRecord {
        member: MemberId(member),
        name: format!("Ana 🎬 {member}").parse().expect("a name"),
        avatar: Avatar {
            glyph: Clean::line("👩‍🔬"),
            colour: 11,
        },
        role,
        joined: WallTime(1_700_000_000_123),
        token: TokenHash([7; 32]),
        used_token: member.is_multiple_of(2).then_some(TokenHash([8; 32])),
        is_owner: member == 1,
    }
}

fn line(sequence: u64) -> ChatLine {
    ChatLine {
        sequence,
        id: ChatId(Uuid::from_u128(sequence.into())),
        from: MemberId(1),
        name: "Ana 🎬 1".parse().expect("a name"),
        text: Clean::text("two\nlines, 'quoted'"),
        at: WallTime(1_700_000_000_456),
        position: sequence
            .is_multiple_of(2)
            .then_some(MediaTime::from_nanos(61_000_000_001)),
    }
}

fn ban(number: u32) -> BanRecord {
    BanRecord {
        number,
        name: format!("Bo {number}").parse().expect("a name"),
        tokens: vec![TokenHash([0xb0; 32]), TokenHash([0xb1; 32])],
        address: Some(AddressHash([0xad; 32])),
        at: WallTime(1_700_000_050_000),
    }
}

/// Returns a room with a value in every column.
fn room(number: u8) -> StoredRoom {
    let condition = EntryCondition::Invite(InviteToken::from_bytes([9; 10]));
    let room = RoomRow {
        id: id(number),
        name: format!("room-{number}").parse().expect("a room's name"),
        epoch: Epoch {
            counter: 3,
            incarnation: u64::MAX - 5,
        },
        lives: vec![Life {
            epoch: Epoch {
                counter: 2,
                incarnation: u64::MAX,
            },
            chat: 41,
        }],
        invite: condition.invite(),
        settings: RoomSettings {
            on_stall: StallPolicy::GoOn,
            title: Some("Movie night".parse().expect("a title")),
        },
        created: WallTime(1_700_000_000_000),
        last_active: WallTime(1_700_000_100_000),
        next_member: 3,
        host: Some(MemberId(2)),
        lost_host: Some(MemberId(1)),
        item: Some((
            ItemId(4),
            Item {
                title: Clean::line("The Car (2024).mkv"),
                length: Length::Of(MediaTime::from_nanos(5_400_000_000_001)),
                source: ItemSource::File {
                    size: u64::MAX,
                    fingerprint: Fingerprint([0xf1; 32]),
                },
            },
        )),
        place: SavedPosition {
            position: MediaTime::from_nanos(71_500_000_003),
            at: WallTime(1_700_000_100_001),
            rate: Rate::from_millionths(1_250_000).expect("a rate"),
            is_playing: true,
        },
        salt: Salt([0x5a; 16]),
        owner: Some(OwnerHash([0x0e; 32])),
    };
    StoredRoom {
        access: RoomAccess {
            condition,
            route: [number; 8],
        },
        record: RoomRecord {
            room,
            seats: vec![seat(1, Role::CoHost), seat(2, Role::Host), seat(3, Role::Viewer)],
            chat: (40..45).map(line).collect(),
            bans: vec![ban(3), ban(4)],
        },
    }
}

/// Returns a room with nothing in the columns that may be empty.
fn bare_room(number: u8) -> StoredRoom {
    let mut bare = room(number);
    bare.access.condition = EntryCondition::Open;
    bare.record.seats.clear();
    bare.record.chat.clear();
    bare.record.bans.clear();
    let row = &mut bare.record.room;
    (row.host, row.lost_host, row.item, row.invite) = (None, None, None, None);
    row.owner = None;
    row.lives.clear();
    row.settings = RoomSettings::default();
    row.place.is_playing = false;
    bare
}

#[tokio::test]
async fn every_room_comes_back_as_it_was() {
    let folder = StoreFolder::new();
    let mut of_a_link = room(3);
    of_a_link.access.condition = EntryCondition::Password(PasswordHash::of(
        &Password("popcorn".to_owned()),
        [7; 16],
        &mut HashMemory::default(),
    ));
    of_a_link.record.room.invite = None;
    // An older version admitted somebody with a name that is reserved now.
    let host = MemberName::existing("Host").expect("a name");
    of_a_link.record.seats[0].name = host.clone();
    of_a_link.record.chat[0].name = host.clone();
    of_a_link.record.bans[0].name = host;
    let link = "https://h.example/f.mkv?a=b".parse().expect("a link");
    of_a_link.record.room.item = Some((
        ItemId(1),
        Item {
            title: Clean::line("film"),
            length: Length::Live,
            source: ItemSource::Link(link),
        },
    ));
    let rooms = [room(1), bare_room(2), of_a_link];
    let (store, none) = folder.open();
    for room in &rooms {
        keep(&store, room).await;
    }
    store.end().await;

    let (store, kept) = folder.open();

    assert_eq!(none, []);
    for (number, (room, kept)) in (1..).zip(rooms.iter().zip(&kept)) {
        assert_eq!(read(&store, number).await.as_ref(), Some(room));
        assert_eq!((&kept.access, kept.id), (&room.access, id(number)));
        assert_eq!(kept.is_occupied, number != 2);
        assert_eq!(kept.last_active, room.record.room.last_active);
    }
    assert_eq!(read(&store, 9).await, None);
}

#[tokio::test]
async fn a_change_replaces_and_removes_seats_and_adds_lines() {
    let folder = StoreFolder::new();
    let (store, _) = folder.open();
    let mut expected = room(1);
    keep(&store, &expected).await;

    let mut row = expected.record.room.clone();
    row.host = Some(MemberId(1));
    row.place.position = MediaTime::ZERO;
    let changed = BanRecord {
        address: None,
        ..ban(4)
    };
    let difference = RoomChange {
        room: row.clone(),
        seats: vec![seat(1, Role::Host)],
        gone: vec![MemberId(2), MemberId(77)],
        chat: vec![line(45), line(46)],
        bans: vec![changed.clone(), ban(5)],
        lifted: vec![3, 77],
    };
    change(&store, &expected.access, difference).await;

    expected.record.room = row;
    expected.record.seats = vec![seat(1, Role::Host), seat(3, Role::Viewer)];
    expected.record.chat.extend([line(45), line(46)]);
    expected.record.bans = vec![changed, ban(5)];
    assert_eq!(read(&store, 1).await, Some(expected));
}

#[tokio::test]
async fn a_whole_room_takes_the_place_of_what_was_known() {
    let folder = StoreFolder::new();
    let (store, _) = folder.open();
    keep(&store, &room(1)).await;
    let mut other = room(1);
    other.record.seats = vec![seat(9, Role::Viewer)];
    other.record.chat = vec![line(70)];
    other.record.bans = vec![ban(9)];

    keep(&store, &other).await;

    assert_eq!(read(&store, 1).await, Some(other));
}

#[tokio::test]
async fn only_the_lines_of_one_ring_are_kept() {
    let folder = StoreFolder::new();
    let (store, _) = folder.open();
    let room = room(1);
    keep(&store, &room).await;
    let difference = RoomChange {
        room: room.record.room.clone(),
        seats: Vec::new(),
        gone: Vec::new(),
        chat: (45..500).map(line).collect(),
        bans: Vec::new(),
        lifted: Vec::new(),
    };

    change(&store, &room.access, difference).await;

    let chat = read(&store, 1).await.expect("a room").record.chat;
    assert_eq!((chat.len(), chat[0].sequence), (limits::CHAT_HISTORY, 200));
}

#[tokio::test]
async fn a_room_that_is_forgotten_leaves_nothing() {
    let folder = StoreFolder::new();
    let (store, _) = folder.open();
    keep(&store, &room(1)).await;

    store.forget(vec![id(1)]);

    assert_eq!(read(&store, 1).await, None);
    store.end().await;
    let left = ["rooms", "seats", "chat", "bans"].map(|table| folder.count(table));
    assert_eq!(left, [0; 4]);
}

#[tokio::test]
async fn a_room_that_the_disk_did_not_let_go_of_is_forgotten_with_the_next_commit() {
    let folder = StoreFolder::with_a_room().await;
    let (store, _) = folder.open();
    let other = Connection::open(folder.file()).expect("a database");
    other
        .execute_batch("BEGIN IMMEDIATE")
        .expect("it is the only writer");

    store.forget(vec![id(1)]);
    let failed = store.write(
        room(2).access.clone(),
        RoomWrite::Whole(room(2).record.clone()),
        Durability::Flushed,
    );
    assert_eq!(failed.await, Ok(Err(SaveError)));
    other.execute_batch("ROLLBACK").expect("it had begun");
    keep(&store, &room(3)).await;

    assert_eq!(read(&store, 1).await, None);
    assert!(read(&store, 3).await.is_some());
}

#[tokio::test]
async fn expired_bans_are_deleted_from_disk_without_opening_the_room() {
    let folder = StoreFolder::new();
    let (store, _) = folder.open();
    let mut room = room(1);
    let later = |time: std::time::Duration, by: u64| {
        let millis = u64::try_from(time.as_millis()).expect("a few days");
        WallTime(ban(1).at.0 + millis - by)
    };
    keep(&store, &room).await;

    store.expire_bans(later(LIMITS.ban_address, 1));
    assert_eq!(read(&store, 1).await.as_ref(), Some(&room));
    store.expire_bans(later(LIMITS.ban_address, 0));
    for ban in &mut room.record.bans {
        ban.address = None;
    }
    assert_eq!(read(&store, 1).await.as_ref(), Some(&room));
    store.expire_bans(later(LIMITS.ban, 0));

    assert_eq!(read(&store, 1).await.expect("the room").record.bans, []);
    store.end().await;
    assert_eq!(folder.count("bans"), 0);
}

#[tokio::test]
async fn a_room_gives_way_to_another_of_its_name_that_is_opened_in_its_place() {
    let folder = StoreFolder::new();
    let (store, _) = folder.open();
    keep(&store, &room(1)).await;
    let mut other = room(2);
    other.record.room.name = room(1).record.room.name;

    keep(&store, &other).await;

    assert_eq!(read(&store, 1).await, None);
    assert_eq!(read(&store, 2).await, Some(other));
}

#[tokio::test]
async fn changes_submitted_before_the_end_are_kept() {
    let folder = StoreFolder::new();
    let (store, _) = folder.open();
    for number in 1..100 {
        let room = bare_room(number);
        drop(store.write(room.access, RoomWrite::Whole(room.record), Durability::Buffered));
    }

    store.end().await;

    assert_eq!(folder.rooms().await, 99);
}
