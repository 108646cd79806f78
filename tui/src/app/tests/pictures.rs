//! Pictures of the main states at the important sizes.

use std::time::Duration;

use watchtogether_protocol::item::FileMatch;
use watchtogether_protocol::message::playback::Awaited;
use watchtogether_protocol::message::roster::{MemberLink, PlayerState};
use watchtogether_protocol::message::standing::NotReady;
use watchtogether_protocol::narration::{CopyNews, Fact, OfflineFilm, Presence};
use watchtogether_protocol::network::Network;
use watchtogether_protocol::player_reason::{OpenError, PlayerEnd};
use watchtogether_protocol::{Clean, LocalTime, MediaTime, MemberId, Rate};

use crate::Update;
use crate::key::{Code, Input, Key};
use crate::test_support::*;
use crate::text;
use crate::update::{Measured, Motion, RoomRequest, Status, Stop, StopKind};

const SIZES: [(u16, u16); 5] = [(120, 40), (80, 24), (50, 20), (40, 12), (20, 5)];

#[test]
fn a_room_that_plays_at_every_size() {
    for (width, height) in SIZES.into_iter().chain([(30, 10), (20, 4), (12, 3)]) {
        let mut screen = Screen::watching(width, height);
        screen.types("that's not how cars work");
        insta::assert_snapshot!(format!("evening_{width}x{height}"), screen.picture());
    }
}

#[test]
fn wide_glyphs_at_every_size() {
    for (width, height) in SIZES {
        let mut screen = Screen::room(width, height, BO);
        screen.joins(member(MemberId(4), "猫の目"));
        screen.film(60_000, Motion::Paused);
        screen.apply(Update::Status(Status::Paused {
            by: Some(MemberId(4)),
        }));
        screen.says(
            MemberId(4),
            "これは長い文章で、画面の幅を超えるので折り返されます。👩\u{200d}🔬 \u{2764}\u{fe0f} 👍\u{1f3fd}!",
        );
        screen.types("映画を見ましょう、ポップコーンも");
        insta::assert_snapshot!(format!("wide_glyphs_{width}x{height}"), screen.picture());
    }
}

#[test]
fn an_overlay_keeps_its_edge_where_a_wide_glyph_is_cut() {
    for odd in ["", "a"] {
        let mut screen = Screen::room(119, 30, BO);
        for _ in 0..30 {
            screen.says(ANA, &format!("{odd}{}", "猫".repeat(30)));
        }
        screen.key(Key::plain(Code::F(1)));
        let picture = screen.picture();
        let rows: Vec<&str> = picture.lines().collect();
        let edges = |row: &str| row.chars().filter(|c| "┌└│".contains(*c)).count();

        let top = rows.iter().position(|row| row.contains("type to search"));
        let top = top.expect("the help is shown");
        assert!(rows[top].contains("┌ Help"), "{picture}");
        let inside = rows[top + 1..].iter().take_while(|row| !row.contains('└'));
        assert!(inside.clone().count() > 10, "{picture}");
        assert!(inside.clone().all(|row| edges(row) >= 2), "{picture}");
    }
}

#[test]
fn a_notice_over_wide_glyphs_cuts_none_in_half() {
    for odd in ["", "a"] {
        let mut screen = Screen::room(80, 24, BO);
        for _ in 0..30 {
            screen.says(ANA, &format!("{odd}{}", "猫".repeat(60)));
        }
        screen.alt('y');

        let (x, y) = screen.place_of(" copied");
        let before = screen.buffer()[(x - 1, y)].symbol().to_owned();
        assert_ne!(before, "猫", "{}", screen.picture());
    }
}

#[test]
fn people_in_the_strip_keep_their_places_while_their_numbers_change() {
    let mut screen = Screen::watching(50, 20);
    let chi = screen.place_of("chi");

    for drift in [0, -7_000, 38_000] {
        screen.drifts(drift);
        assert_eq!(screen.place_of("chi"), chi, "{drift}");
    }
}

#[test]
fn an_empty_room_shows_how_friends_join() {
    for (width, height) in SIZES {
        let mut screen = Screen::new(width, height);
        screen.enter(ANA, vec![member(ANA, "ana")]);
        screen.apply(Update::Status(Status::NoItem));
        screen.apply(Update::Invite(Some(own_invite(Network::Machine))));
        insta::assert_snapshot!(format!("alone_{width}x{height}"), screen.picture());
    }
}

#[test]
fn problems_are_described_in_words() {
    for (width, height) in SIZES {
        let mut screen = Screen::watching(width, height);
        let mut bo = member(BO, "bo");
        bo.report.player = PlayerState::NoCopy;
        bo.report.file = FileMatch::Unknown;
        screen.apply(Update::Member(bo));
        let mut chi = member(CHI, "chi");
        chi.link = MemberLink::Lost;
        screen.apply(Update::Member(chi));
        screen.presence(CHI, Presence::ConnectionLost);
        let mut ana = member(ANA, "ana");
        ana.report.player = PlayerState::Buffering { percent: 34 };
        screen.apply(Update::Member(ana));
        screen.film(2_472_000, Motion::Preparing);
        screen.apply(Update::Status(Status::NoPlayer {
            reason: PlayerEnd::WindowClosed,
        }));
        screen.key(Key::plain(Code::Esc));
        insta::assert_snapshot!(format!("trouble_{width}x{height}"), screen.picture());
    }
}

#[test]
fn copies_are_described_in_words() {
    for (width, height) in SIZES {
        let mut screen = Screen::watching(width, height);
        screen.film(2_472_000, Motion::Playing);
        screen.apply(Update::Status(Status::InSync(Measured::Spread(
            Duration::from_millis(2),
        ))));
        for (id, name, player, longer_by) in [
            (BO, "bo", PlayerState::Following, Some(50_000)),
            (CHI, "chi", PlayerState::NoCopy, None),
            (ANA, "ana", PlayerState::Closed, None),
        ] {
            let mut who = member(id, name);
            who.report.player = player;
            if let Some(longer_by) = longer_by {
                who.report.file = FileMatch::Other {
                    longer_by: MediaTime::from_millis(longer_by),
                };
            }
            screen.apply(Update::Member(who));
            if id != BO {
                let film = Some(Clean::line("Film.mkv"));
                let news = CopyNews::NotReady(NotReady::Player(player));
                screen.happens(Some(id), Fact::Copy { film, news });
            }
        }
        insta::assert_snapshot!(format!("copies_{width}x{height}"), screen.picture());
    }
}

/// Returns the statuses of the user's player, both before and while it follows the room.
fn statuses_of_player() -> Vec<Status> {
    let millis = Duration::from_millis;
    vec![
        Status::Comparing,
        Status::NoItem,
        Status::Loading,
        Status::CatchingUp {
            behind: millis(420),
            speed: Rate::from_f64(1.05),
        },
        Status::CatchingUp {
            behind: millis(3_420),
            speed: None,
        },
        Status::SlowingDown {
            ahead: millis(40),
            speed: Rate::from_f64(0.98),
        },
        Status::Jumped {
            by: MediaTime::from_millis(3_100),
        },
        Status::OutOfSync {
            drift: MediaTime::from_millis(12_400),
        },
        Status::TooSlow,
        Status::NotResponding,
        Status::Settling { spread: millis(138) },
        Status::Searching {
            title: Clean::line("Film.mkv"),
            folders: 120,
        },
        Status::CopyEnded {
            at: MediaTime::from_millis(60_000),
        },
        Status::Buffering {
            percent: 34,
            room_waits: true,
        },
        Status::Buffering {
            percent: 34,
            room_waits: false,
        },
    ]
}

/// Returns the statuses of the room, of missing copies and of the link, and of pending requests; a countdown has 2.5 s left.
fn statuses_of_room(now: LocalTime) -> Vec<Status> {
    let title = || Clean::line("Film.mkv");
    let at = now + Duration::from_millis(2_500);
    vec![
        Status::Waiting {
            who: Awaited::from_iter([CHI, ANA]),
        },
        Status::Seeking {
            to: MediaTime::from_millis(4_200_000),
            there: 2,
            of: 3,
        },
        Status::Starting { at },
        Status::Starting { at: now },
        Status::Watching,
        Status::Paused { by: Some(ANA) },
        Status::Paused { by: None },
        Status::Ended,
        Status::NoPlayer {
            reason: PlayerEnd::WindowClosed,
        },
        Status::PlayerFailed {
            reason: Some(OpenError::Mpv {
                cause: Clean::line("unrecognized file format"),
            }),
        },
        Status::LackFile { title: title() },
        Status::OtherFile {
            title: title(),
            longer_by: MediaTime::from_millis(-4_000),
        },
        Status::Silent {
            film: OfflineFilm::PlaysOn,
        },
        Status::Reconnecting {
            attempt: 2,
            at,
            film: OfflineFilm::PlaysOn,
        },
        Status::Reconnecting {
            attempt: 2,
            at,
            film: OfflineFilm::PausedHere,
        },
        Status::Asked(RoomRequest::Play),
        Status::Asked(RoomRequest::Pause),
        Status::Asked(RoomRequest::Seek {
            to: MediaTime::from_millis(4_200_000),
        }),
        Status::Asked(RoomRequest::SetRate(Rate::NORMAL)),
        Status::Asked(RoomRequest::GoOn),
        Status::Asked(RoomRequest::Undo),
        Status::Asked(RoomRequest::HandOver { to: CHI }),
    ]
}

#[test]
fn every_status_at_80_columns() {
    let mut screen = Screen::watching(80, 24);
    let all = [statuses_of_player(), statuses_of_room(screen.now)].concat();
    let mut bars = String::new();
    for status in all {
        screen.apply(Update::Status(status));
        let picture = screen.picture();
        bars.push_str(picture.lines().next().unwrap_or_default());
        bars.push('\n');
    }
    insta::assert_snapshot!("status_bars_80", bars);
}

#[test]
fn overlays_at_two_sizes() {
    for (width, height) in [(80, 24), (50, 20)] {
        let mut screen = Screen::watching(width, height);
        screen.apply(Update::Invite(Some(own_invite(Network::Machine))));
        let show = |name: &str, screen: &mut Screen| {
            insta::assert_snapshot!(format!("{name}_{width}x{height}"), screen.picture());
            screen.key(Key::plain(Code::Esc));
        };
        screen.key(Key::plain(Code::F(1)));
        show("help", &mut screen);
        screen.key(Key::plain(Code::F(2)));
        show("people", &mut screen);
        screen.sends("/invite");
        show("invite", &mut screen);
        screen.input(Input::Paste("1\n2\n3\n4\n5\n6\n7".to_owned()));
        show("paste", &mut screen);
    }
}

#[test]
fn views_without_a_room() {
    for (width, height) in [(80, 24), (40, 12), (20, 5)] {
        let mut screen = Screen::new(width, height);
        screen.apply(Update::Connecting {
            to: Clean::line("movie-night at box.example.org:7843"),
        });
        insta::assert_snapshot!(format!("connecting_{width}x{height}"), screen.picture());
        screen.apply(Update::Stopped(Stop {
            kind: StopKind::NotAdmitted,
            words: Clean::line("no such room, or the invite or password is wrong"),
            hint: Some(Clean::line("ask for a new invite: it may have been renewed")),
            may_retry: true,
        }));
        insta::assert_snapshot!(format!("no_such_room_{width}x{height}"), screen.picture());
    }
}

#[test]
fn a_long_message_takes_more_rows() {
    let mut screen = Screen::watching(80, 24);
    screen.types(&"all work and no play ".repeat(20));
    screen.key(Key::ctrl(Code::Char('j')));
    screen.types("makes jack");
    insta::assert_snapshot!("long_message_80x24", screen.picture());
}

#[test]
fn a_crowd_is_cut_and_counted() {
    for (width, height) in [(80, 24), (50, 20)] {
        let mut screen = Screen::room(width, height, BO);
        for number in 4..40 {
            screen.joins(member(MemberId(number), &format!("guest-{number}")));
        }
        insta::assert_snapshot!(format!("crowd_{width}x{height}"), screen.picture());
    }
}

#[test]
fn the_sync_details_at_every_size() {
    for (width, height) in SIZES.into_iter().chain([(20, 4)]) {
        let mut screen = Screen::watching(width, height);
        screen.joins(member(MemberId(4), "猫の目"));
        screen.key(Key::plain(Code::F(7)));
        insta::assert_snapshot!(format!("sync_details_{width}x{height}"), screen.picture());
    }
}

#[test]
fn a_long_name_takes_the_cells_that_a_state_leaves() {
    for (width, height, name) in [(120, 40, "Connection lost"), (80, 24, "Connection…")] {
        let mut screen = Screen::new(width, height);
        let mut long = member(BO, "Connection lost");
        long.report.player = PlayerState::None;
        screen.enter(ANA, vec![member(ANA, "ana"), long]);

        let rows = screen.rows_with(msg!("no-player-here"));
        assert_eq!(rows.len(), 1, "{}", screen.picture());
        assert!(rows[0].contains(&format!(" · {name} ")), "{rows:?}");
        assert_eq!(
            text::width(rows[0].trim_end()),
            usize::from(width) - 1,
            "{rows:?}"
        );
    }
}
