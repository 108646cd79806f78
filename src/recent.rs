//! The rooms that were entered lately: where they are, what lets one in again, and where the film was.
//!
//! A list of at most [`ROOMS`], the newest first, as one file in the state folder. It holds invites, so it is its
//! user's alone. It is a convenience: whatever is wrong with it stops nobody. A file that cannot be understood is set
//! aside and told; one of a newer version is left as it is, and nothing is written until it is gone.

use std::fs::File;
use std::io::{self, Read as _};
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::path::{Path, PathBuf};

use data_encoding::BASE64;
use serde::{Deserialize, Serialize};
use watchtogether_protocol::id::InviteToken;
use watchtogether_protocol::invite::Address;
use watchtogether_protocol::time::WallTime;
use watchtogether_protocol::{Clean, MediaTime, MemberName, Pin, RoomName};

use crate::whole_file;

/// The rooms that are kept: more than anybody looks through.
pub const ROOMS: usize = 20;

/// What is read at most: twenty rooms with the longest paths take a tenth.
const BYTES: u64 = 1024 * 1024;

/// The version that is written.
const VERSION: u32 = 1;

/// A room that was entered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recent {
    /// What it is called.
    pub room: RoomName,
    /// Where its server is; none is a server of our own, which ran for the evening.
    pub server: Option<Address>,
    /// The server's key, where an invite named it.
    pub pin: Option<Pin>,
    /// What lets one in.
    pub token: Option<InviteToken>,
    /// As whom.
    pub name: MemberName,
    /// Whether the user controlled it: then it is theirs to open again.
    pub was_host: bool,
    /// The own copy of what was on.
    pub film: Option<Film>,
    /// What was on.
    pub title: Option<Clean>,
    /// Where in it.
    pub position: Option<MediaTime>,
    /// When it was left, or entered if it was never left in order.
    pub at: WallTime,
}

/// An own copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Film {
    /// A file.
    File(PathBuf),
    /// A link.
    Link(String),
}

/// Puts a room at the head of a list, in the place of what was known of it, and lets the oldest go.
pub fn remember(rooms: &mut Vec<Recent>, recent: Recent) {
    forget(rooms, &recent.room, recent.server.as_ref());
    rooms.insert(0, recent);
    rooms.truncate(ROOMS);
}

/// Strikes a room off a list.
pub fn forget(rooms: &mut Vec<Recent>, room: &RoomName, server: Option<&Address>) {
    rooms.retain(|known| known.room != *room || known.server.as_ref() != server);
}

/// Why the list cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum RecentError {
    /// It could not be understood, and was set aside.
    #[error("the list of recent rooms was damaged; it is kept as {}", name_of(kept))]
    Damaged {
        /// Where it is now.
        kept: PathBuf,
    },
    /// A newer program wrote it.
    #[error("the list of recent rooms is of a newer version and is left alone")]
    Newer,
    /// It cannot be read.
    #[error("the list of recent rooms cannot be read ({})", .0.kind())]
    Unreadable(#[source] io::Error),
    /// It cannot be written.
    #[error("the list of recent rooms cannot be written ({})", .0.kind())]
    Unwritable(#[source] io::Error),
}

/// The list as a file. All of it blocks on the disk.
#[derive(Clone, Debug)]
pub struct RecentFile {
    path: PathBuf,
}

impl RecentFile {
    /// Returns the list in a file, which need not be there yet.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    /// Returns the list; what is wrong with it comes beside what can be used.
    pub fn read(&self) -> (Vec<Recent>, Option<RecentError>) {
        match self.try_read() {
            Ok(rooms) => (rooms, None),
            Err(error) => (Vec::new(), Some(error)),
        }
    }

    /// Changes the list. A damaged one begins anew; one that cannot be read or is newer is left alone.
    pub fn change(&self, change: impl FnOnce(&mut Vec<Recent>)) -> Result<(), RecentError> {
        let _lock = whole_file::lock(&self.path).map_err(RecentError::Unwritable)?;
        let mut rooms = match self.try_read() {
            Ok(rooms) => rooms,
            Err(error @ RecentError::Damaged { .. }) => {
                tracing::warn!(%error, "recent rooms begin anew");
                Vec::new()
            }
            Err(error) => return Err(error),
        };
        change(&mut rooms);
        let text = written(&rooms).map_err(|error| RecentError::Unwritable(error.into()))?;
        whole_file::replace(&self.path, text.as_bytes()).map_err(RecentError::Unwritable)
    }

    fn try_read(&self) -> Result<Vec<Recent>, RecentError> {
        let mut bytes = Vec::new();
        match File::open(&self.path).and_then(|file| file.take(BYTES + 1).read_to_end(&mut bytes)) {
            Ok(_length) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(RecentError::Unreadable(error)),
        }
        match read(&bytes) {
            Read::Rooms(rooms) => Ok(rooms),
            Read::Newer => Err(RecentError::Newer),
            Read::Damaged => whole_file::set_aside(&self.path)
                .map_err(RecentError::Unreadable)
                .and_then(|kept| Err(RecentError::Damaged { kept })),
        }
    }
}

/// The file.
#[derive(Serialize, Deserialize)]
struct Page {
    v: u32,
    rooms: Vec<Row>,
}

/// What every version begins with.
#[derive(Deserialize)]
struct Version {
    v: u32,
}

/// A room in the file.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Row {
    room: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    server: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pin: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<String>,
    name: String,
    was_host: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<String>,
    /// A path that is no text, in base 64.
    #[serde(skip_serializing_if = "Option::is_none")]
    file_bytes: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    link: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    position_ms: Option<i64>,
    at_ms: u64,
}

enum Read {
    Rooms(Vec<Recent>),
    Newer,
    Damaged,
}

fn read(bytes: &[u8]) -> Read {
    let is_short = u64::try_from(bytes.len()).is_ok_and(|length| length <= BYTES);
    if !is_short {
        return Read::Damaged;
    }
    match serde_json::from_slice::<Version>(bytes) {
        Ok(Version { v }) if v > VERSION => return Read::Newer,
        Ok(_) => {}
        Err(_) => return Read::Damaged,
    }
    let Ok(page) = serde_json::from_slice::<Page>(bytes) else {
        return Read::Damaged;
    };
    let count = page.rooms.len();
    let mut rooms: Vec<Recent> = page.rooms.into_iter().filter_map(Row::read).collect();
    if rooms.len() < count {
        tracing::warn!(
            unreadable = count - rooms.len(),
            "some recent rooms cannot be read"
        );
    }
    rooms.truncate(ROOMS);
    Read::Rooms(rooms)
}

fn written(rooms: &[Recent]) -> serde_json::Result<String> {
    let page = Page {
        v: VERSION,
        rooms: rooms.iter().map(Row::of).collect(),
    };
    serde_json::to_string_pretty(&page).map(|text| text + "\n")
}

impl Row {
    fn of(recent: &Recent) -> Self {
        let (mut file, mut file_bytes, mut link) = (None, None, None);
        match &recent.film {
            Some(Film::File(path)) => match path.to_str() {
                Some(text) => file = Some(text.to_owned()),
                None => file_bytes = Some(BASE64.encode(path.as_os_str().as_bytes())),
            },
            Some(Film::Link(text)) => link = Some(text.clone()),
            None => {}
        }
        Self {
            room: recent.room.to_string(),
            server: recent.server.as_ref().map(ToString::to_string),
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
        }
    }

    /// Returns the room; nothing where any part is not what it should be, rather than half a way into somewhere.
    fn read(self) -> Option<Recent> {
        let bytes = self.file_bytes.map(|text| BASE64.decode(text.as_bytes()));
        let bytes = bytes.transpose().ok()?;
        let path = bytes.map(|bytes| PathBuf::from(std::ffi::OsString::from_vec(bytes)));
        let file = self.file.map(PathBuf::from).or(path).map(Film::File);
        Some(Recent {
            room: self.room.parse().ok()?,
            server: self.server.map(|text| text.parse()).transpose().ok()?,
            pin: self.pin.map(|text| text.parse()).transpose().ok()?,
            token: self.token.map(|text| text.parse()).transpose().ok()?,
            name: self.name.parse().ok()?,
            was_host: self.was_host,
            film: file.or(self.link.map(Film::Link)),
            title: self.title.map(|title| Clean::line(&title)),
            position: self
                .position_ms
                .filter(|ms| (0..=i64::MAX / 1_000_000).contains(ms))
                .map(MediaTime::from_millis),
            at: WallTime(self.at_ms),
        })
    }
}

fn name_of(path: &Path) -> String {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
    name.unwrap_or_default()
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
            pin: Some(Pin::from_bytes([7; 16])),
            token: Some(InviteToken::from_bytes([9; 10])),
            name: "ana".parse().expect("a name"),
            was_host: true,
            film: Some(Film::File(PathBuf::from("/films/Film.mkv"))),
            title: Some(Clean::line("Film.mkv")),
            position: Some(MediaTime::from_millis(2_472_000)),
            at: WallTime(1_000),
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
            let (rooms, trouble) = self.file().read();
            assert!(trouble.is_none(), "{trouble:?}");
            rooms.iter().map(|recent| recent.room.to_string()).collect()
        }
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
                ..recent("film")
            },
        );

        assert_eq!(rooms.len(), 2);
        forget(&mut rooms, &recent("film").room, None);
        assert_eq!(rooms, [recent("film")]);
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
        for film in [Film::File(odd), Film::Link("https://h.example/f.mkv".to_owned())] {
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
    fn a_torn_file_is_set_aside_and_the_next_evening_is_kept() {
        let whole = written(&[recent("film"), recent("anime")]).expect("text");
        for length in 0..whole.len() - 2 {
            let state = State::holding(&whole.as_bytes()[..length]);

            let (rooms, trouble) = state.file().read();

            assert_eq!(rooms, []);
            let words = trouble.expect("it is told").to_string();
            assert_eq!(
                words,
                "the list of recent rooms was damaged; it is kept as recent.json.damaged"
            );
            state.enter("film").expect("written");
            assert_eq!(state.names(), ["film"]);
            let kept = fs::read(state.path().with_added_extension("damaged")).expect("kept");
            assert_eq!(kept, &whole.as_bytes()[..length]);
        }
    }

    #[test]
    fn a_torn_file_is_told_of_once_though_it_is_entered_before_it_is_read() {
        let state = State::holding(b"{\"v\":1,\"rooms\":[{");

        state.enter("film").expect("written");

        assert_eq!(state.names(), ["film"]);
    }

    #[test]
    fn what_a_kill_left_beside_the_list_is_no_part_of_it() {
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

        assert!(matches!(state.file().read().1, Some(RecentError::Newer)));
        assert!(matches!(state.enter("film"), Err(RecentError::Newer)));

        assert_eq!(fs::read(state.path()).expect("there"), newer);
    }

    #[test]
    fn a_room_that_cannot_be_read_costs_only_itself() {
        let text = written(&[recent("film"), recent("anime")]).expect("text");
        let state = State::holding(text.replacen("\"film\"", "\"Fi/lm\"", 1).as_bytes());

        assert_eq!(state.names(), ["anime"]);
    }

    #[test]
    fn where_nothing_can_be_written_that_is_said_and_nothing_else_happens() {
        let blocked = tempfile::tempdir().expect("a folder");
        fs::write(blocked.path().join("state"), b"a file where the folder should be").expect("written");
        let file = RecentFile::new(blocked.path().join("state/recent.json"));

        let error = file
            .change(|rooms| remember(rooms, recent("film")))
            .expect_err("no folder");

        assert!(matches!(error, RecentError::Unwritable(_)), "{error:?}");
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
        // The superuser writes where others may not.
        match entered {
            Ok(()) => assert_eq!(names, ["anime", "film"]),
            Err(error) => {
                assert!(matches!(error, RecentError::Unwritable(_)), "{error:?}");
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
        fn whatever_stands_in_the_file_stops_nobody(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let state = State::holding(&bytes);

            state.file().read();
            let is_newer = matches!(read(&bytes), Read::Newer);

            prop_assert_eq!(state.enter("film").is_ok(), !is_newer);
        }
    }
}
