//! Home as a whole: keys and updates in, pictures and wishes out.

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

/// Home on a terminal.
struct Screen {
    home: Home,
    terminal: Terminal<TestBackend>,
}

impl Screen {
    fn new(width: u16, height: u16) -> Self {
        let home = Home::new(HomeSettings {
            screen: Settings {
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

    /// After some evenings, with everything found out.
    fn known(width: u16, height: u16) -> Self {
        let mut screen = Self::new(width, height);
        screen.apply(HomeUpdate::Recent(recent()));
        screen.apply(HomeUpdate::Checks(vec![
            check(CheckState::Good, "mpv 0.35.1"),
            check(CheckState::Bad, "yt-dlp not found: pages with films do not open"),
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

    /// What was asked for last is found.
    fn finds(&mut self, news: SearchNews) {
        let number = self.home.searches;
        self.apply(HomeUpdate::Search { number, news });
    }

    /// Opens the browser, in which some films were found.
    fn browse(&mut self) {
        self.press(Key::ctrl(Code::Char('o')));
        self.finds(SearchNews::Folders(vec![
            Clean::line("~/Videos"),
            Clean::line("."),
        ]));
        self.finds(SearchNews::Found(films()));
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
        room: room.parse().expect("a room's name"),
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
fn the_first_evening_at_every_size() {
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
fn a_later_evening_at_every_size() {
    for (width, height) in SIZES {
        let mut screen = Screen::known(width, height);
        screen.types("~/Videos/猫の目 The Car (2024).mkv");
        insta::assert_snapshot!(format!("later_{width}x{height}"), screen.picture());
    }
}

#[test]
fn what_is_wrong_stands_at_what_caused_it() {
    for (width, height) in SIZES {
        let mut screen = Screen::known(width, height);
        screen.types("~/Videos/Flim.mkv");
        screen.key(Code::Enter);
        screen.apply(HomeUpdate::Failed(Trouble {
            place: Place::Film,
            words: Clean::line("there is no ~/Videos/Flim.mkv"),
            hint: Some(Clean::line("did you mean ~/Videos/Film.mkv?")),
        }));
        insta::assert_snapshot!(format!("trouble_{width}x{height}"), screen.picture());
    }
}

#[test]
fn a_pasted_invite_says_where_it_leads() {
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
        screen.finds(SearchNews::Ended(Searched {
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
fn what_an_earlier_search_finds_is_no_news() {
    let mut screen = Screen::new(80, 24);
    screen.browse();
    screen.key(Code::Esc);
    screen.press(Key::ctrl(Code::Char('o')));

    screen.apply(HomeUpdate::Search {
        number: 1,
        news: SearchNews::Found(films()),
    });

    assert!(screen.picture().contains("nothing yet"));
}

#[test]
fn an_empty_browser_says_why() {
    let mut screen = Screen::new(80, 12);
    screen.press(Key::ctrl(Code::Char('o')));
    assert!(screen.picture().contains("nothing yet"));

    screen.finds(SearchNews::Ended(Searched::default()));

    assert!(screen.picture().contains("no films in these folders"));
}

#[test]
fn a_missing_player_is_told_with_its_package_at_every_size() {
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

#[test]
fn enter_alone_leads_from_an_empty_form_to_an_open_room() {
    let mut screen = Screen::new(80, 24);

    let first = screen.key(Code::Enter);
    screen.finds(SearchNews::Found(films()));
    let second = screen.key(Code::Enter);
    let third = screen.key(Code::Enter);

    assert_eq!(
        first,
        [HomeIntent::Search {
            number: 1,
            beside: String::new()
        }]
    );
    assert_eq!(second, [HomeIntent::StopSearch]);
    let film = Some(Film::Chosen(PathBuf::from("/films/Film.mkv")));
    let name = "ana".parse().expect("a name");
    assert_eq!(
        third,
        [HomeIntent::Host {
            film,
            room: None,
            name
        }]
    );
}

#[test]
fn the_port_that_a_room_would_get_stands_beside_its_button() {
    let note = |port, width, height| {
        let mut screen = Screen::known(width, height);
        screen.apply(HomeUpdate::Port(port));
        let picture = screen.picture();
        let row = picture.lines().find(|row| row.contains("[ Host ]"));
        let (_, note) = row
            .expect("the button")
            .split_once("[ Host ]")
            .expect("the button");
        note.trim().to_owned()
    };

    for (port, long, short) in [
        (
            HostPort::Free(7843),
            "friends need UDP port 7843 to reach this machine",
            "needs UDP port 7843",
        ),
        (
            HostPort::InsteadOf(7843),
            "UDP port 7843 is in use; another one will be used",
            "not port 7843: in use",
        ),
        (
            HostPort::InUse(5000),
            "UDP port 5000 is in use: free it, or change `port`",
            "UDP port 5000 is in use",
        ),
        (HostPort::Any, "on any free UDP port", "on any free UDP port"),
    ] {
        assert_eq!(note(port, 80, 24), long);
        assert_eq!(note(port, 50, 20), short);
    }
}

#[test]
fn enter_at_a_folder_looks_into_it() {
    let mut screen = Screen::new(80, 24);
    screen.types("/mnt/usb/");

    let intents = screen.key(Code::Enter);

    assert_eq!(
        intents,
        [HomeIntent::Search {
            number: 1,
            beside: "/mnt/usb/".to_owned()
        }]
    );
}

#[test]
fn a_typed_path_is_handed_on_as_it_was_typed_and_names_the_room() {
    let mut screen = Screen::new(80, 24);
    screen.types(" ~/The Car.mkv ");
    assert!(screen.picture().contains("[ the-car"));

    let intents = screen.key(Code::Enter);

    let film = Some(Film::Typed("~/The Car.mkv".to_owned()));
    let name = "ana".parse().expect("a name");
    assert_eq!(
        intents,
        [HomeIntent::Host {
            film,
            room: None,
            name
        }]
    );
}

#[test]
fn a_chosen_file_that_was_changed_by_hand_is_what_was_typed() {
    let mut screen = Screen::new(80, 24);
    screen.browse();
    screen.key(Code::Enter);
    screen.press(Key::shift(Code::Tab));
    screen.press(Key::shift(Code::Tab));
    screen.press(Key::shift(Code::Tab));
    screen.key(Code::Backspace);

    let intents = screen.key(Code::Enter);

    assert!(
        matches!(&intents[..], [HomeIntent::Host { film: Some(Film::Typed(text)), .. }] if text == "~/Videos/Film.mk"),
        "{intents:?}"
    );
}

#[test]
fn an_invite_pasted_anywhere_goes_to_its_field_and_enter_joins() {
    for keys in [vec![], vec![Code::Tab, Code::Tab], vec![Code::Up]] {
        let mut screen = Screen::known(80, 24);
        for code in keys {
            screen.key(code);
        }
        screen.paste(&format!("hey, watchtogether join '{INVITE}' tonight"));

        let intents = screen.key(Code::Enter);

        let [HomeIntent::Join { invite, name }] = &intents[..] else {
            panic!("{intents:?}");
        };
        assert_eq!((invite.to_string().as_str(), name.as_str()), (INVITE, "ana"));
    }
}

#[test]
fn an_invite_pasted_into_the_browser_or_typed_as_a_film_is_one_too() {
    let mut screen = Screen::new(80, 24);
    screen.browse();
    assert_eq!(screen.paste(INVITE), [HomeIntent::StopSearch]);
    assert!(matches!(&screen.key(Code::Enter)[..], [HomeIntent::Join { .. }]));

    let mut screen = Screen::new(80, 24);
    screen.types(INVITE);
    assert!(matches!(&screen.key(Code::Enter)[..], [HomeIntent::Join { .. }]));
}

#[test]
fn a_wrong_invite_is_told_in_its_own_words_and_stays() {
    let mut screen = Screen::new(80, 24);
    screen.paste(&INVITE[..70]);

    assert_eq!(screen.key(Code::Enter), []);

    let picture = screen.picture();
    assert!(picture.contains("the invite was cut or mistyped"), "{picture}");
    assert_eq!(screen.home.state.form.invite.text(), &INVITE[..70]);
    screen.types("x");
    assert!(
        !screen.picture().contains("cut or mistyped"),
        "until it is changed"
    );
}

#[test]
fn names_that_cannot_be_are_told_at_their_fields() {
    let mut screen = Screen::new(80, 24);
    screen.key(Code::Tab);
    screen.types("Movie Night");
    assert_eq!(screen.key(Code::Enter), []);
    assert!(screen.picture().contains("movie-night would do"));

    let mut screen = Screen::new(80, 24);
    screen.types("film.mkv");
    screen.key(Code::Down);
    screen.key(Code::Down);
    screen.press(Key::ctrl(Code::Char('u')));
    assert_eq!(screen.key(Code::Enter), []);
    assert!(
        screen
            .picture()
            .contains("a name needs at least one visible character")
    );
}

#[test]
fn a_recent_room_is_one_key_away() {
    let rejoin = |index| {
        let name = "ana".parse().expect("a name");
        vec![HomeIntent::Rejoin { index, name }]
    };
    let mut screen = Screen::known(80, 24);

    assert_eq!(screen.press(Key::alt(Code::Char('2'))), rejoin(1));
    assert_eq!(screen.press(Key::char('1')), rejoin(0), "nothing is typed there");
    assert_eq!(screen.press(Key::alt(Code::Char('9'))), [], "there is none");
    assert_eq!(screen.key(Code::Delete), [HomeIntent::Forget { index: 0 }]);
    screen.apply(HomeUpdate::Recent(Vec::new()));
    assert!(screen.picture().contains("rooms you've been in"));
}

#[test]
fn digits_are_text_where_something_is_typed() {
    let mut screen = Screen::known(80, 24);

    screen.types("12 Angry Men.mkv");

    assert_eq!(screen.home.state.form.film.text(), "12 Angry Men.mkv");
}

#[test]
fn what_is_on_its_way_can_be_given_up_and_nothing_typed_is_lost() {
    let mut screen = Screen::new(80, 24);
    screen.types("film.mkv");
    screen.key(Code::Enter);
    screen.apply(HomeUpdate::Doing(Doing::Starting));
    assert!(screen.picture().contains("opening the room …"));

    screen.types("lost");
    assert_eq!(screen.key(Code::Esc), [HomeIntent::Cancel]);

    assert_eq!(screen.home.state.form.film.text(), "film.mkv");
    assert!(!screen.picture().contains("opening the room …"));
}

#[test]
fn a_path_is_completed_and_tab_goes_through_what_it_can_become() {
    let choice = |name: &str| Choice {
        name: name.to_owned(),
        text: format!("~/{name}"),
        path: PathBuf::from(format!("/home/ana/{name}")),
    };
    let mut screen = Screen::new(80, 24);
    screen.types("~/Fi");
    assert_eq!(screen.key(Code::Tab), [HomeIntent::Complete("~/Fi".to_owned())]);

    screen.apply(HomeUpdate::Completed(Completed {
        asked: "~/Fi".to_owned(),
        text: "~/Film".to_owned(),
        is_whole: false,
        choices: vec![choice("Film 2.mkv"), choice("Film.mkv")],
    }));
    assert!(screen.picture().contains("Film 2.mkv  Film.mkv"));
    assert_eq!(screen.home.state.form.film.text(), "~/Film");
    screen.key(Code::Tab);
    screen.key(Code::Tab);
    assert_eq!(screen.home.state.form.film.text(), "~/Film.mkv");
    let intents = screen.key(Code::Enter);

    assert!(
        matches!(&intents[..], [HomeIntent::Host { film: Some(Film::Chosen(path)), .. }] if path.ends_with("Film.mkv")),
        "{intents:?}"
    );
}

#[test]
fn a_whole_path_lets_tab_go_on_and_a_late_answer_is_no_news() {
    let whole = |asked: &str| {
        HomeUpdate::Completed(Completed {
            asked: asked.to_owned(),
            text: asked.to_owned(),
            is_whole: true,
            choices: vec![Choice {
                name: asked.to_owned(),
                text: asked.to_owned(),
                path: PathBuf::from(asked),
            }],
        })
    };
    let mut screen = Screen::new(80, 24);
    screen.types("film.mkv");
    screen.key(Code::Tab);

    screen.apply(whole("fil"));
    assert_eq!(screen.home.state.form.focus, Place::Film);
    screen.apply(whole("film.mkv"));

    assert_eq!(screen.home.state.form.focus, Place::Room);
}

#[test]
fn a_space_on_a_list_goes_into_no_field_and_a_letter_does() {
    let mut screen = Screen::new(80, 24);
    screen.home.state.form.focus = Place::Recent(0);

    screen.types(" ");
    assert_eq!(screen.home.state.form.focus, Place::Recent(0));

    screen.types("f");
    assert_eq!(screen.home.state.form.focus, Place::Film);
}

#[test]
fn where_nothing_begins_like_that_it_is_said_and_tab_goes_on() {
    let mut screen = Screen::new(80, 24);
    screen.types("xyz");
    screen.key(Code::Tab);
    screen.apply(HomeUpdate::Completed(Completed {
        asked: "xyz".to_owned(),
        text: "xyz".to_owned(),
        is_whole: false,
        choices: Vec::new(),
    }));
    assert!(screen.picture().contains("nothing there begins like that"));

    assert_eq!(screen.key(Code::Tab), []);

    assert_eq!(screen.home.state.form.focus, Place::Room);
}

#[test]
fn ctrl_c_again_to_quit_goes_when_it_is_not_true_any_more() {
    let mut screen = Screen::new(80, 24);
    let interrupt = Key::ctrl(Code::Char('c'));
    screen.press(interrupt);
    assert!(screen.picture().contains("again to quit"));
    let end = screen.home.poll_timeout().expect("it stands for a while");

    screen.home.handle_timeout(end);

    assert!(!screen.picture().contains("again to quit"));
    assert_eq!(screen.home.handle_input(Input::Key(interrupt), end), []);
    assert!(screen.picture().contains("again to quit"));
}

#[test]
fn a_letter_quits_nothing_and_is_not_lost() {
    let mut screen = Screen::known(80, 24);
    screen.home.state.form.focus = Place::Recent(0);

    assert_eq!(screen.press(Key::char('q')), []);
    screen.key(Code::F(1));
    screen.types("x");

    assert_eq!(screen.home.state.form.film.text(), "qx");
}

#[test]
fn what_a_field_does_not_take_of_a_paste_is_said() {
    let mut screen = Screen::new(80, 24);

    screen.paste("/films/one.mkv\r/films/two.mkv\r");

    assert_eq!(screen.home.state.form.film.text(), "/films/one.mkv");
    assert!(screen.picture().contains("only the first line was pasted"));
}

#[test]
fn quitting_is_asked_for_twice_or_by_its_own_key() {
    let interrupt = Key::ctrl(Code::Char('c'));
    let mut screen = Screen::new(80, 24);
    screen.types("film");

    assert_eq!(screen.press(interrupt), []);
    assert!(screen.home.state.form.film.is_empty(), "the first clears");
    assert_eq!(screen.press(interrupt), []);
    assert!(screen.picture().contains("Ctrl-C again to quit"));
    assert_eq!(screen.press(interrupt), [HomeIntent::Quit]);
    assert_eq!(screen.press(Key::ctrl(Code::Char('q'))), [HomeIntent::Quit]);
}

#[test]
fn home_after_a_room_has_all_that_was_typed() {
    let mut screen = Screen::new(80, 24);
    screen.types("film.mkv");
    screen.key(Code::Enter);
    screen.apply(HomeUpdate::Doing(Doing::Starting));

    screen.apply(HomeUpdate::Back {
        why: Some(Clean::line("the room was closed")),
    });

    let picture = screen.picture();
    assert!(picture.contains("back here: the room was closed"), "{picture}");
    assert_eq!(screen.home.state.form.film.text(), "film.mkv");
    assert_eq!(screen.home.state.doing, None);
}
