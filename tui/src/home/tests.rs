//! Tests of the whole home screen: it takes keys and updates, and returns pictures and requests.

mod form;
mod random;

use std::path::PathBuf;

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use watchtogether_protocol::MediaTime;
use watchtogether_protocol::time::WallTime;

use super::*;
use crate::glyphs::Glyphs;
use crate::home_vocabulary::*;
use crate::key::{Code, Key};
use crate::test_support;

const SIZES: [(u16, u16); 5] = [(120, 40), (80, 24), (50, 20), (40, 12), (20, 5)];
const NOW: LocalTime = LocalTime::from_millis(10_000);
const DAY: u64 = 24 * 3_600_000;
const WALL: WallTime = WallTime(100 * DAY);
const INVITE: &str =
    "watchtogether://203.0.113.7:7843/movie-night#k=5lmg5frcpxfkikeutetkguwq2i&t=aaaaaaaaaaaaaaaa";

/// The home screen on a terminal.
struct Screen {
    home: Home,
    terminal: Terminal<TestBackend>,
}

impl Screen {
    fn new(width: u16, height: u16) -> Self {
        let home = Home::new(HomeSettings {
            screen: ScreenSettings {
                wall_clock: (WALL, NOW),
                utc_offset_minutes: 0,
                colours: crate::Colours::Sixteen,
                glyphs: Glyphs::Unicode,
                keymap: Keymap::default(),
                has_mouse: false,
            },
            version: "0.1.0",
            name: Clean::line("ana"),
            server: None,
            port: HostPort::Free(7843),
        });
        Self {
            home,
            terminal: Terminal::new(TestBackend::new(width, height)).expect("a test backend never fails"),
        }
    }

    /// Returns a home screen with recent rooms and all checks done.
    fn known(width: u16, height: u16) -> Self {
        let mut screen = Self::new(width, height);
        screen.apply(HomeUpdate::Recent(recent()));
        screen.apply(HomeUpdate::Checks(vec![
            check(CheckState::Good, "mpv 0.35.1"),
            check(CheckState::Bad, "no yt-dlp: links to video sites won't open"),
            check(CheckState::Good, "sound"),
        ]));
        screen
    }

    fn apply(&mut self, update: HomeUpdate) {
        self.home.apply(update, NOW);
    }

    fn key(&mut self, code: Code) -> Vec<HomeIntent> {
        self.press(Key::plain(code))
    }

    fn press(&mut self, key: Key) -> Vec<HomeIntent> {
        self.home.handle_input(Input::Key(key), NOW)
    }

    fn types(&mut self, text: &str) {
        for c in text.chars() {
            self.press(Key::char(c));
        }
    }

    fn paste(&mut self, text: &str) -> Vec<HomeIntent> {
        self.home.handle_input(Input::paste(text), NOW)
    }

    fn picture(&mut self) -> String {
        let home = &mut self.home;
        self.terminal
            .draw(|frame| home.draw(frame, NOW))
            .expect("a test backend never fails");
        test_support::text_of(self.terminal.backend().buffer())
    }

    /// Delivers the result of the last search.
    fn finds(&mut self, news: SearchUpdate) {
        let number = self.home.searches;
        self.apply(HomeUpdate::Search { number, news });
    }

    /// Opens the browser, with some films found.
    fn browse(&mut self) {
        self.press(Key::ctrl(Code::Char('o')));
        self.finds(SearchUpdate::Folders(vec![
            Clean::line("~/Videos"),
            Clean::line("."),
        ]));
        self.finds(SearchUpdate::Found(films()));
    }
}

fn check(state: CheckState, words: &str) -> Check {
    Check {
        state,
        words: Clean::line(words),
    }
}

fn recent() -> Vec<RecentRoom> {
    let room = |room: &str, place: Option<&str>, title: Option<&str>, minutes: i64, days: u64| RecentRoom {
        room: Clean::line(room),
        place: place.map(Clean::line),
        title: title.map(Clean::line),
        position: Some(MediaTime::from_millis(minutes * 60_000 + 12_000)),
        at: WallTime(WALL.0 - days * DAY),
    };
    vec![
        room("movie-night", None, Some("Film.mkv"), 41, 1),
        room("anime", Some("box.example.org"), Some("猫の目 S01E03.mkv"), 3, 3),
        room(
            "a-room-with-a-very-long-name-indeed",
            Some("2001:db8::1234:5678:9abc:def0"),
            None,
            0,
            40,
        ),
    ]
}

fn films() -> Vec<FoundFile> {
    let file = |below: &str, folder, kind, size, days: u64| FoundFile {
        path: PathBuf::from(format!("/films/{below}")),
        folder,
        below: Clean::line(below),
        kind,
        size,
        changed: Some(WallTime(WALL.0 - days * DAY)),
    };
    vec![
        file("Film.mkv", 0, FileKind::Video, 1_420_000_000, 1),
        file(
            "Show/Season 1/S01E03 The brother.mkv",
            0,
            FileKind::Video,
            410_000_000,
            3,
        ),
        file("猫の目.mkv", 1, FileKind::Video, 7_000_000_000, 30),
        file("a song.flac", 0, FileKind::Audio, 31_000_000, 2),
        file("notes\u{202e}.txt", 1, FileKind::Other, 812, 0),
    ]
}

#[test]
fn the_first_home_screen_at_every_size() {
    for (width, height) in SIZES {
        let mut screen = Screen::new(width, height);
        screen.apply(HomeUpdate::Checks(vec![
            check(CheckState::Pending, "mpv"),
            check(CheckState::Good, "yt-dlp"),
        ]));
        insta::assert_snapshot!(format!("first_{width}x{height}"), screen.picture());
    }
}

#[test]
fn the_home_screen_with_recent_rooms_at_every_size() {
    for (width, height) in SIZES {
        let mut screen = Screen::known(width, height);
        screen.types("~/Videos/猫の目 The Car (2024).mkv");
        insta::assert_snapshot!(format!("later_{width}x{height}"), screen.picture());
    }
}

#[test]
fn a_mistake_is_shown_at_its_field() {
    for (width, height) in SIZES {
        let mut screen = Screen::known(width, height);
        screen.types("~/Videos/Flim.mkv");
        screen.key(Code::Enter);
        screen.apply(HomeUpdate::Failed(HomeFailure {
            place: HomeField::Film,
            words: Clean::line("no such file: ~/Videos/Flim.mkv"),
            hint: Some(Clean::line("did you mean ~/Videos/Film.mkv?")),
        }));
        insta::assert_snapshot!(format!("trouble_{width}x{height}"), screen.picture());
    }
}

#[test]
fn a_pasted_invite_shows_its_room_and_server() {
    for (width, height) in SIZES {
        let mut screen = Screen::known(width, height);
        screen.paste(&format!("watchtogether join '{INVITE}'\n"));
        insta::assert_snapshot!(format!("invite_{width}x{height}"), screen.picture());
    }
}

#[test]
fn the_recent_rooms_are_seen_where_they_have_the_focus() {
    for (width, height) in SIZES {
        let mut screen = Screen::known(width, height);
        screen.press(Key::shift(Code::Tab));
        screen.key(Code::Up);
        insta::assert_snapshot!(format!("recent_{width}x{height}"), screen.picture());
    }
}

#[test]
fn the_browser_at_every_size() {
    for (width, height) in SIZES {
        let mut screen = Screen::known(width, height);
        screen.browse();
        screen.key(Code::Down);
        insta::assert_snapshot!(format!("browser_{width}x{height}"), screen.picture());
        screen.finds(SearchUpdate::Ended(SearchOutcome {
            is_cut_short: false,
            unreadable: 1,
        }));
        screen.types("s1e3");
        insta::assert_snapshot!(format!("browser_typed_{width}x{height}"), screen.picture());
    }
}

#[test]
fn a_key_shows_the_files_that_are_no_films_and_hides_them_again() {
    for (width, height) in [(120, 40), (80, 24), (50, 20)] {
        let mut screen = Screen::known(width, height);
        screen.browse();
        assert!(!screen.picture().contains("notes"), "{width}x{height}");

        screen.press(Key::alt(Code::Char('a')));
        assert!(screen.picture().contains("notes"), "{width}x{height}");
        screen.press(Key::alt(Code::Char('a')));

        assert!(!screen.picture().contains("notes"), "{width}x{height}");
    }
}

#[test]
fn results_of_an_earlier_search_are_ignored() {
    let mut screen = Screen::new(80, 24);
    screen.browse();
    screen.key(Code::Esc);
    screen.press(Key::ctrl(Code::Char('o')));

    screen.apply(HomeUpdate::Search {
        number: 1,
        news: SearchUpdate::Found(films()),
    });

    assert!(screen.picture().contains("nothing found yet"));
}

#[test]
fn an_empty_browser_shows_the_reason() {
    let mut screen = Screen::new(80, 12);
    screen.press(Key::ctrl(Code::Char('o')));
    assert!(screen.picture().contains("nothing found yet"));

    screen.finds(SearchUpdate::Ended(SearchOutcome::default()));

    assert!(screen.picture().contains("no films in these folders"));
}

#[test]
fn a_missing_player_is_shown_with_its_package_at_every_size() {
    let words = "libmpv cannot be loaded: install mpv 0.35 or newer: apt install libmpv2 (Debian, Ubuntu), dnf install \
                 mpv-libs (Fedora), pacman -S mpv (Arch)";
    for (width, height) in [(120, 40), (80, 24), (50, 20)] {
        let mut screen = Screen::new(width, height);
        screen.apply(HomeUpdate::Checks(vec![
            check(CheckState::Bad, words),
            check(CheckState::Good, "yt-dlp"),
        ]));

        let picture = screen.picture();

        assert!(picture.contains("apt install libmpv2"), "{picture}");
    }
}

#[test]
fn the_help_is_the_table_of_actions() {
    for (width, height) in [(80, 24), (40, 12)] {
        let mut screen = Screen::known(width, height);
        screen.key(Code::F(1));
        insta::assert_snapshot!(format!("help_{width}x{height}"), screen.picture());
    }
}
