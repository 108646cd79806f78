//! The list of recent rooms, as it is written and read.

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
        settings: Some(RoomSettings {
            on_stall: StallPolicy::GoOn,
            title: Some("Movie night: Solaris".parse().expect("a title")),
        }),
        rate: Rate::from_f64(1.25).expect("in range"),
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
        let Some(RecentError::Damaged { kind, kept }) = problem else {
            panic!("{problem:?}");
        };
        assert_eq!(kind, PageKind::RecentRooms);
        assert_eq!(kept, state.path().with_added_extension("damaged"));
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
fn older_and_newer_notes_are_read_and_invalid_settings_are_dropped() {
    let text = String::from_utf8(written(&["film"])).expect("text");
    let is_new = |line: &str| {
        let fields = ["\"on_stall\"", "\"room_title\"", "\"rate\""];
        fields.iter().any(|field| line.contains(field))
    };
    assert_eq!(text.lines().filter(|line| is_new(line)).count(), 3, "{text}");
    let older: String = text.lines().filter(|line| !is_new(line)).collect();
    let without = Recent {
        settings: None,
        rate: Rate::NORMAL,
        ..recent("film")
    };
    let newer = text.replace("\"name\":", "\"mood\": \"high\", \"name\":");
    let odd = text.replace("\"go_on\"", "\"perhaps\"").replace("1.25", "-1");

    for (text, expected) in [(&older, &without), (&newer, &recent("film")), (&odd, &without)] {
        let state = State::holding(text.as_bytes());
        assert_eq!(
            &state.file().read().0[..],
            std::slice::from_ref(expected),
            "{text}"
        );
    }
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
