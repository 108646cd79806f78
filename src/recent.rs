//! The recently entered rooms: their servers, the invites, and the film's position.
//!
//! A list of at most [`ROOMS`] rooms, newest first, in one file in the state folder. It contains invites, so it is private to its
//! user. It is only a convenience: if anything is wrong with [the file](crate::page), everything else still works.

use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::path::PathBuf;

use data_encoding::BASE64;
use serde::{Deserialize, Serialize};
use watchtogether_protocol::id::InviteToken;
use watchtogether_protocol::invite::Address;
use watchtogether_protocol::time::WallTime;
use watchtogether_protocol::{Clean, MediaTime, MemberName, Pin, RoomName};

use crate::page::{PageError, PageFile};

/// The number of rooms that are kept. Nobody looks through more.
pub const ROOMS: usize = 20;

/// The maximum size of the file that is read: twenty rooms with the longest paths take a tenth of it.
const BYTES: u64 = 1024 * 1024;

/// The version that is written.
const VERSION: u32 = 1;

/// A room that was entered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recent {
    /// The room's name.
    pub room: RoomName,
    /// The server's address; `None` for a local server, which ran for that session.
    pub server: Option<Address>,
    /// The UDP port of the local server, which invites contain.
    pub port: Option<u16>,
    /// The server's key, if an invite contained it.
    pub pin: Option<Pin>,
    /// The token that admits the user.
    pub token: Option<InviteToken>,
    /// The member's name.
    pub name: MemberName,
    /// Whether the user was host and may open the room again.
    pub was_host: bool,
    /// The local copy of the film.
    pub film: Option<RecentFilm>,
    /// The film's title.
    pub title: Option<Clean>,
    /// The film's position.
    pub position: Option<MediaTime>,
    /// When this was recorded.
    pub at: WallTime,
    /// Whether the client was in the room then. A client that leaves normally records that; one that is killed does not.
    pub is_open: bool,
}

impl Recent {
    fn is_of(&self, room: &RoomName, server: Option<&Address>) -> bool {
        self.room == *room && self.server.as_ref() == server
    }

    /// Returns where the film was when the client ended without leaving the room, if `film` is that film.
    pub fn broken_off_at(&self, film: &RecentFilm) -> Option<MediaTime> {
        let is_on = self.is_open && self.film.as_ref() == Some(film);
        self.position.filter(|_| is_on)
    }
}

/// A local copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecentFilm {
    /// A file.
    File(PathBuf),
    /// A link.
    Link(String),
}

/// Moves a room to the head of a list, replacing its earlier entry, and drops the oldest.
pub fn remember(rooms: &mut Vec<Recent>, recent: Recent) {
    forget(rooms, &recent.room, recent.server.as_ref());
    rooms.insert(0, recent);
    rooms.truncate(ROOMS);
}

/// Replaces the entry of a room, at the same place in the list.
pub fn renew(rooms: &mut Vec<Recent>, recent: Recent) {
    let known = rooms
        .iter_mut()
        .find(|known| known.is_of(&recent.room, recent.server.as_ref()));
    match known {
        Some(known) => *known = recent,
        None => remember(rooms, recent),
    }
}

/// Moves a room that has just been entered to the head. Its film may still be loading, so the earlier position is kept if the
/// copy is the same.
pub fn remember_entry(rooms: &mut Vec<Recent>, mut recent: Recent) {
    let before = rooms
        .iter()
        .find(|known| known.is_of(&recent.room, recent.server.as_ref()));
    if let Some(before) = before.filter(|before| recent.title.is_none() && before.film == recent.film) {
        recent.title.clone_from(&before.title);
        recent.position = before.position;
    }
    remember(rooms, recent);
}

/// Removes a room from a list.
pub fn forget(rooms: &mut Vec<Recent>, room: &RoomName, server: Option<&Address>) {
    rooms.retain(|known| !known.is_of(room, server));
}

/// Why the list cannot be used.
pub type RecentError = PageError;

/// The list as a file. All methods block on the disk.
#[derive(Clone, Debug)]
pub struct RecentFile(PageFile);

impl RecentFile {
    /// Returns the list in a file, which need not exist yet.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self(PageFile::new(path, "the list of recent rooms", VERSION, BYTES))
    }

    /// Returns the list, as far as it is usable, and the problem if there is one.
    pub fn read(&self) -> (Vec<Recent>, Option<RecentError>) {
        match self.0.read().map(RecentContent::read) {
            Ok(rooms) => (rooms, None),
            Err(error) => (Vec::new(), Some(error)),
        }
    }

    /// Changes the list. A damaged one starts empty; one that cannot be read or is newer is left alone.
    pub fn change(&self, change: impl FnOnce(&mut Vec<Recent>)) -> Result<(), RecentError> {
        self.0.change(|content: &mut RecentContent| {
            let mut rooms = std::mem::take(content).read();
            change(&mut rooms);
            *content = RecentContent::of(&rooms);
        })
    }
}

/// The contents of the file.
#[derive(Default, Serialize, Deserialize)]
struct RecentContent {
    rooms: Vec<RoomRecord>,
}

impl RecentContent {
    fn of(rooms: &[Recent]) -> Self {
        Self {
            rooms: rooms.iter().map(RoomRecord::of).collect(),
        }
    }

    fn read(self) -> Vec<Recent> {
        let count = self.rooms.len();
        let mut rooms: Vec<Recent> = self.rooms.into_iter().filter_map(RoomRecord::read).collect();
        if rooms.len() < count {
            tracing::warn!(
                unreadable = count - rooms.len(),
                "could not read some recent rooms"
            );
        }
        rooms.truncate(ROOMS);
        rooms
    }
}

/// One room in the file.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct RoomRecord {
    room: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    server: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    port: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pin: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<String>,
    name: String,
    was_host: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<String>,
    /// A path that is not UTF-8, in base 64.
    #[serde(skip_serializing_if = "Option::is_none")]
    file_bytes: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    link: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    position_ms: Option<i64>,
    at_ms: u64,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    is_open: bool,
}

impl RoomRecord {
    fn of(recent: &Recent) -> Self {
        let (mut file, mut file_bytes, mut link) = (None, None, None);
        match &recent.film {
            Some(RecentFilm::File(path)) => match path.to_str() {
                Some(text) => file = Some(text.to_owned()),
                None => file_bytes = Some(BASE64.encode(path.as_os_str().as_bytes())),
            },
            Some(RecentFilm::Link(text)) => link = Some(text.clone()),
            None => {}
        }
        Self {
            room: recent.room.to_string(),
            server: recent.server.as_ref().map(ToString::to_string),
            port: recent.port,
            pin: recent.pin.map(|pin| pin.to_string()),
            token: recent.token.map(|token| token.to_string()),
            name: recent.name.to_string(),
            was_host: recent.was_host,
            file,
            file_bytes,
            link,
            title: recent.title.as_ref().map(ToString::to_string),
            position_ms: recent.position.map(|position| position.as_nanos() / 1_000_000),
            at_ms: recent.at.0,
            is_open: recent.is_open,
        }
    }

    /// Returns the room, or `None` if any part is invalid.
    fn read(self) -> Option<Recent> {
        let bytes = self.file_bytes.map(|text| BASE64.decode(text.as_bytes()));
        let bytes = bytes.transpose().ok()?;
        let path = bytes.map(|bytes| PathBuf::from(std::ffi::OsString::from_vec(bytes)));
        let file = self.file.map(PathBuf::from).or(path).map(RecentFilm::File);
        Some(Recent {
            room: self.room.parse().ok()?,
            server: self.server.map(|text| text.parse()).transpose().ok()?,
            port: self.port,
            pin: self.pin.map(|text| text.parse()).transpose().ok()?,
            token: self.token.map(|text| text.parse()).transpose().ok()?,
            name: MemberName::existing(&self.name).ok()?,
            was_host: self.was_host,
            film: file.or(self.link.map(RecentFilm::Link)),
            title: self.title.map(|title| Clean::line(&title)),
            position: self
                .position_ms
                .filter(|ms| (0..=i64::MAX / 1_000_000).contains(ms))
                .map(MediaTime::from_millis),
            at: WallTime(self.at_ms),
            is_open: self.is_open,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;

    use proptest::prelude::*;

    use super::*;

    fn recent(room: &str) -> Recent {
        Recent {
            room: room.parse().expect("a room's name"),
            server: Some("box.example.org:7843".parse().expect("an address")),
            port: None,
            pin: Some(Pin::from_bytes([7; 16])),
            token: Some(InviteToken::from_bytes([9; 10])),
            name: "ana".parse().expect("a name"),
            was_host: true,
            film: Some(RecentFilm::File(PathBuf::from("/films/Film.mkv"))),
            title: Some(Clean::line("Film.mkv")),
            position: Some(MediaTime::from_millis(2_472_000)),
            at: WallTime(1_000),
            is_open: true,
        }
    }

    struct State(tempfile::TempDir);

    impl State {
        fn new() -> Self {
            Self(tempfile::tempdir().expect("a folder"))
        }

        fn path(&self) -> PathBuf {
            self.0.path().join("state/recent.json")
        }

        fn file(&self) -> RecentFile {
            RecentFile::new(self.path())
        }

        fn holding(content: &[u8]) -> Self {
            let state = Self::new();
            fs::create_dir_all(state.path().parent().expect("a folder")).expect("made");
            fs::write(state.path(), content).expect("written");
            state
        }

        fn enter(&self, room: &str) -> Result<(), RecentError> {
            self.file().change(|rooms| remember(rooms, recent(room)))
        }

        fn names(&self) -> Vec<String> {
            let (rooms, problem) = self.file().read();
            assert!(problem.is_none(), "{problem:?}");
            rooms.iter().map(|recent| recent.room.to_string()).collect()
        }
    }

    /// Returns the content of a file with some rooms.
    fn written(rooms: &[&str]) -> Vec<u8> {
        let state = State::new();
        for room in rooms {
            state.enter(room).expect("written");
        }
        fs::read(state.path()).expect("there")
    }

    #[test]
    fn rooms_come_back_the_newest_first_and_each_once() {
        let state = State::new();
        assert_eq!(state.names(), [""; 0]);

        for room in ["film", "anime", "film"] {
            state.enter(room).expect("written");
        }

        assert_eq!(state.names(), ["film", "anime"]);
        assert_eq!(state.file().read().0[0], recent("film"));
        let mode = fs::metadata(state.path()).expect("there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn rooms_of_one_name_on_two_servers_are_two() {
        let mut rooms = vec![recent("film")];

        remember(
            &mut rooms,
            Recent {
                server: None,
                port: Some(40_001),
                ..recent("film")
            },
        );

        assert_eq!(rooms.len(), 2);
        forget(&mut rooms, &recent("film").room, None);
        assert_eq!(rooms, [recent("film")]);
    }

    #[test]
    fn only_a_room_that_was_never_left_has_an_interrupted_position() {
        let film = RecentFilm::File(PathBuf::from("/films/Film.mkv"));
        let left = Recent {
            is_open: false,
            ..recent("film")
        };

        assert_eq!(recent("film").broken_off_at(&film), recent("film").position);
        assert_eq!(left.broken_off_at(&film), None);
        let other = RecentFilm::File(PathBuf::from("/films/Other.mkv"));
        assert_eq!(recent("film").broken_off_at(&other), None);
    }

    #[test]
    fn a_room_that_is_watched_on_stays_where_it_is_in_the_list() {
        let mut rooms = vec![recent("film"), recent("anime")];
        let later = Recent {
            position: Some(MediaTime::from_millis(2_482_000)),
            ..recent("anime")
        };

        renew(&mut rooms, later.clone());

        assert_eq!(rooms, [recent("film"), later]);
    }

    #[test]
    fn an_entry_without_a_film_yet_keeps_where_the_same_copy_was() {
        let entry = |film: &str| Recent {
            film: Some(RecentFilm::File(PathBuf::from(film))),
            title: None,
            position: None,
            ..recent("film")
        };
        let mut rooms = vec![recent("film")];

        remember_entry(&mut rooms, entry("/films/Film.mkv"));
        assert_eq!(rooms, [recent("film")]);

        remember_entry(&mut rooms, entry("/films/Other.mkv"));
        assert_eq!(rooms, [entry("/films/Other.mkv")]);
    }

    #[test]
    fn a_full_list_lets_the_oldest_go() {
        let state = State::new();

        for number in 0..ROOMS + 3 {
            state.enter(&format!("room-{number}")).expect("written");
        }

        let names = state.names();
        assert_eq!(names.len(), ROOMS);
        assert_eq!(
            (names[0].as_str(), names[ROOMS - 1].as_str()),
            ("room-22", "room-3")
        );
    }

    #[test]
    fn a_path_that_is_no_text_and_a_link_come_back() {
        let odd = PathBuf::from(std::ffi::OsString::from_vec(b"/films/\xff\n.mkv".to_vec()));
        for film in [
            RecentFilm::File(odd),
            RecentFilm::Link("https://h.example/f.mkv".to_owned()),
        ] {
            let state = State::new();
            let entered = Recent {
                film: Some(film),
                ..recent("film")
            };

            state
                .file()
                .change(|rooms| remember(rooms, entered.clone()))
                .expect("written");

            assert_eq!(state.file().read().0, [entered]);
        }
    }

    #[test]
    fn a_torn_file_is_set_aside_and_the_next_session_is_kept() {
        let whole = written(&["film", "anime"]);
        for length in 0..whole.len() - 2 {
            let state = State::holding(&whole[..length]);

            let (rooms, problem) = state.file().read();

            assert_eq!(rooms, []);
            let words = problem.expect("it is told").to_string();
            assert_eq!(
                words,
                "the list of recent rooms was damaged; it is kept as recent.json.damaged"
            );
            state.enter("film").expect("written");
            assert_eq!(state.names(), ["film"]);
            let kept = fs::read(state.path().with_added_extension("damaged")).expect("kept");
            assert_eq!(kept, &whole[..length]);
        }
    }

    #[test]
    fn a_torn_file_is_reported_once_even_if_it_is_read_after_the_entry() {
        let state = State::holding(b"{\"v\":1,\"rooms\":[{");

        state.enter("film").expect("written");

        assert_eq!(state.names(), ["film"]);
    }

    #[test]
    fn a_temporary_file_left_by_a_kill_is_not_read_as_part_of_the_list() {
        let state = State::new();
        state.enter("film").expect("written");
        fs::write(state.path().with_added_extension("new"), b"{\"v\":1,\"roo").expect("written");

        assert_eq!(state.names(), ["film"]);
        state.enter("anime").expect("written");

        assert_eq!(state.names(), ["anime", "film"]);
    }

    #[test]
    fn a_list_of_a_newer_version_is_left_alone() {
        let newer = b"{\"v\":2,\"rooms\":{\"by\":\"name\"}}";
        let state = State::holding(newer);

        assert!(matches!(state.file().read().1, Some(RecentError::Newer { .. })));
        assert!(matches!(state.enter("film"), Err(RecentError::Newer { .. })));

        assert_eq!(fs::read(state.path()).expect("there"), newer);
    }

    #[test]
    fn a_room_that_cannot_be_read_costs_only_itself() {
        let text = String::from_utf8(written(&["anime", "film"])).expect("text");
        let state = State::holding(text.replacen("\"film\"", "\"Fi/lm\"", 1).as_bytes());

        assert_eq!(state.names(), ["anime"]);
    }

    #[test]
    fn an_unwritable_folder_is_reported_and_nothing_else_happens() {
        let blocked = tempfile::tempdir().expect("a folder");
        fs::write(blocked.path().join("state"), b"a file where the folder should be").expect("written");
        let file = RecentFile::new(blocked.path().join("state/recent.json"));

        let error = file
            .change(|rooms| remember(rooms, recent("film")))
            .expect_err("no folder");

        assert!(matches!(error, RecentError::Unwritable { .. }), "{error:?}");
        assert!(file.read().0.is_empty());
    }

    #[test]
    fn a_folder_that_is_closed_to_writing_keeps_its_list() {
        let state = State::new();
        state.enter("film").expect("written");
        let folder = state.path().parent().expect("a folder").to_owned();
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o500)).expect("mine");

        let entered = state.enter("anime");

        let names = state.names();
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o700)).expect("mine");
        // The superuser can write where others may not.
        match entered {
            Ok(()) => assert_eq!(names, ["anime", "film"]),
            Err(error) => {
                assert!(matches!(error, RecentError::Unwritable { .. }), "{error:?}");
                assert_eq!(names, ["film"]);
            }
        }
    }

    #[test]
    fn two_at_once_lose_nobody() {
        let state = State::new();

        std::thread::scope(|scope| {
            for number in 0..ROOMS {
                let state = &state;
                scope.spawn(move || state.enter(&format!("room-{number}")));
            }
        });

        assert_eq!(state.names().len(), ROOMS);
    }

    proptest! {
        #[test]
        fn any_content_of_an_older_version_is_replaced(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let state = State::holding(&bytes);

            let is_newer = matches!(state.file().read().1, Some(RecentError::Newer { .. }));

            prop_assert_eq!(state.enter("film").is_ok(), !is_newer);
        }
    }
}
