//! Tests of states and changes that the user does not cause.

use std::collections::BTreeSet;
use std::time::Duration;

use ratatui::style::{Color, Modifier};
use uuid::Uuid;
use watchtogether_protocol::message::chat::ChatLine;
use watchtogether_protocol::message::playback::Awaited;
use watchtogether_protocol::message::room::Refusal;
use watchtogether_protocol::message::roster::{
    AVATAR_COLOURS, HostChangeReason, LeaveReason, Member, MemberLink, PlayerState,
};
use watchtogether_protocol::message::settings::{RoomSettings, Setting};
use watchtogether_protocol::narration::{Fact, OfflineFilm, Presence};
use watchtogether_protocol::{ChatId, Clean, MediaTime, MemberId, limits};

use crate::key::{Code, Key};
use crate::machine::Machine as _;
use crate::test_support::*;
use crate::update::{EnteredRoom, EntryKind, Measured, Motion, Status, Stop, StopKind};
use crate::{Intent, Update};

#[test]
fn an_own_line_is_marked_until_it_is_acknowledged() {
    let mut screen = Screen::room(80, 24, BO);
    let line = screen.says(BO, "mine");
    let pending = ChatId(Uuid::from_u128(99));

    screen.apply(Update::ChatPending {
        id: pending,
        text: Clean::line("on its way"),
        position: None,
    });
    assert_eq!(screen.rows_with("on its way …").len(), 1);
    screen.apply(Update::Chat(ChatLine {
        id: pending,
        text: Clean::line("on its way"),
        ..line
    }));

    assert_eq!(screen.rows_with("on its way").len(), 1);
    assert!(screen.rows_with("on its way …").is_empty());
}

#[test]
fn a_refused_line_comes_back_into_an_empty_input() {
    let mut screen = Screen::room(80, 24, BO);
    let id = ChatId(Uuid::from_u128(99));
    screen.apply(Update::ChatPending {
        id,
        text: Clean::line("too fast"),
        position: None,
    });

    screen.apply(Update::ChatRefused {
        id,
        reason: Refusal::RateLimited,
    });

    assert_eq!(screen.rows_with("[bo] too fast").len(), 1);
    assert_eq!(
        screen
            .rows_with(crate::strings::refusal(Refusal::RateLimited))
            .len(),
        1
    );
}

#[test]
fn a_scrolled_back_chat_keeps_its_place_and_counts_new_lines() {
    let mut screen = Screen::room(80, 24, BO);
    for number in 0..60 {
        screen.says(ANA, &format!("line {number:02}"));
    }
    screen.types("x");
    screen.draw();
    screen.key(Key::plain(Code::PageUp));
    let before = screen.picture();
    assert!(screen.rows_with("line 59").is_empty());
    assert_eq!(screen.rows_with("↓ newest").len(), 1);

    for _ in 0..5 {
        screen.says(CHI, "news");
    }

    assert_eq!(screen.rows_with("↓ 5 new").len(), 1);
    let chat = |picture: &str| {
        picture
            .lines()
            .filter(|row| row.contains("line "))
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert_eq!(chat(&before), chat(&screen.picture()), "the place is kept");
    screen.key(Key::ctrl(Code::End));
    assert_eq!(screen.rows_with("news").len(), 5);
    assert!(
        screen.rows_with(" new -").is_empty(),
        "the end takes the marker away"
    );
}

#[test]
fn another_width_keeps_the_place() {
    let mut screen = Screen::room(80, 24, BO);
    for number in 0..60 {
        screen.says(
            ANA,
            &format!("line {number:02} of a text that takes more than a row where the screen is narrow"),
        );
    }
    screen.draw();
    screen.key(Key::plain(Code::PageUp));
    screen.key(Key::plain(Code::PageUp));
    let lowest = |screen: &mut Screen| screen.rows_with("line ").last().cloned().unwrap_or_default();
    let before = lowest(&mut screen);
    let number = before.split("line ").nth(1).map(|rest| rest[..2].to_owned());

    screen.resize(50, 20);

    let after = lowest(&mut screen);
    assert_eq!(
        after.split("line ").nth(1).map(|rest| rest[..2].to_owned()),
        number
    );
}

#[test]
fn scrolling_stops_at_the_oldest_line() {
    let mut screen = Screen::room(80, 24, BO);
    for number in 0..60 {
        screen.says(ANA, &format!("line {number:02}"));
    }
    screen.draw();

    for _ in 0..50 {
        screen.key(Key::plain(Code::PageUp));
    }

    assert!(screen.picture().contains("you joined movie-night"));
    assert!(screen.picture().contains("line 10"), "the screen is full");
}

#[test]
fn a_screen_of_one_input_row_shows_the_text_around_the_cursor() {
    let mut screen = Screen::room(20, 4, ANA);

    screen.types("half a thought");
    assert_eq!(
        screen.rows_with("[ana] alf a thought").len(),
        1,
        "{}",
        screen.picture()
    );
    screen.types(" and more");
    assert_eq!(screen.rows_with("[ana] ught and more").len(), 1);
    screen.key(Key::plain(Code::Home));
    assert_eq!(screen.rows_with("[ana] half a thought").len(), 1);
    screen.key(Key::ctrl(Code::Char('j')));
    screen.key(Key::plain(Code::Up));
    assert_eq!(
        screen.rows_with("[ana]").join(""),
        "[ana]",
        "an empty line comes first"
    );
}

#[test]
fn up_to_a_dozen_people_have_distinct_colours_and_keep_them() {
    let mut screen = Screen::room(80, 24, BO);
    let same = member(MemberId(4), "twin").avatar;
    for number in 4..13 {
        let mut guest = member(MemberId(number), &format!("guest-{number}"));
        guest.avatar = same.clone();
        screen.joins(guest);
    }
    let colours = |screen: &Screen| {
        let room = screen.app.room().expect("a room");
        let of = |member: &Member| room.colour_of(member.id).expect("everybody has one");
        room.members.iter().map(of).collect::<Vec<u8>>()
    };
    let before = colours(&screen);
    let all: BTreeSet<&u8> = before.iter().collect();
    assert_eq!((before.len(), all.len()), (12, 12));

    screen.joins(member(MemberId(13), "one more"));
    screen.leaves(MemberId(13), LeaveReason::Left);

    assert_eq!(colours(&screen), before);
}

#[test]
fn the_first_line_on_the_screen_carries_its_time() {
    let mut screen = Screen::room(80, 24, BO);
    for number in 1..=40 {
        screen.says(ANA, &format!("line {number}"));
    }

    let timed = screen.rows_with("20:31 <ana>");
    assert_eq!(timed, screen.rows_with(" line 23 "), "{}", screen.picture());
    screen.key(Key::plain(Code::PageUp));
    assert_eq!(screen.rows_with("20:31 <ana>").len(), 1);
}

#[test]
fn a_notice_that_is_too_long_takes_a_second_row_and_is_cut_where_that_is_too_short() {
    let mut screen = Screen::room(50, 20, BO);

    screen.sends("/frobnicate");
    assert_eq!(
        screen
            .rows_with("Unknown command /frobnicate. To send it as text,")
            .len(),
        1
    );
    assert_eq!(screen.rows_with("type //frobnicate").len(), 1);
    screen.app.show_notice(&"all work and no play ".repeat(9));
    assert_eq!(screen.rows_with("all work").len(), 2);
    assert!(screen.rows_with("all work")[1].ends_with('…'));
}

#[test]
fn joins_and_departures_move_no_text() {
    let mut screen = Screen::room(80, 24, BO);
    screen.says(ANA, "hello");
    let place = screen.place_of("hello");

    let guest = MemberId(4);
    screen.joins(member(guest, "a long name"));
    assert_eq!(screen.place_of("hello"), place);
    screen.says(guest, "here I am");
    let place = screen.place_of("hello");
    screen.leaves(guest, LeaveReason::Left);

    assert_eq!(screen.place_of("hello"), place, "the name still stands there");
}

#[test]
fn the_marker_stays_until_the_user_types() {
    let mut screen = Screen::room(80, 24, BO);
    screen.says(ANA, "one");
    screen.says(CHI, "two");

    assert_eq!(screen.rows_with(" 2 new ").len(), 1);
    screen.types("x");
    assert!(screen.rows_with(" new ").is_empty());
}

#[test]
fn a_mention_rings_once_and_is_highlighted() {
    let mut screen = Screen::room(80, 24, BO);
    assert!(!screen.app.take_bell());

    screen.says(CHI, "look @bo");

    assert!(screen.app.take_bell());
    assert!(!screen.app.take_bell());
    assert!(screen.style_of("<chi>").add_modifier.contains(Modifier::REVERSED));
}

#[test]
fn states_have_their_colours_and_without_colour_their_words() {
    let good = Status::InSync(Measured::Spread(Duration::from_millis(9)));
    let bad = Status::OutOfSync {
        drift: MediaTime::from_millis(12_400),
    };
    for (has_colour, green, red) in [
        (true, Some(Color::Green), Some(Color::LightRed)),
        (false, Some(Color::Reset), Some(Color::Reset)),
    ] {
        let mut screen = Screen::with_colour(80, 24, has_colour);
        screen.enter(BO, vec![member(ANA, "ana"), member(BO, "bo")]);

        screen.apply(Update::Status(good.clone()));
        assert_eq!(screen.style_of("in sync ±9 ms").fg, green);
        screen.apply(Update::Status(bad.clone()));
        assert_eq!(screen.style_of("out of sync +12.4 s").fg, red);
    }
}

#[test]
fn a_lost_link_is_reversed_and_counts_down_by_itself() {
    let mut screen = Screen::room(80, 24, BO);
    screen.film(0, Motion::Paused);
    screen.apply(Update::Status(Status::Reconnecting {
        attempt: 2,
        at: screen.now + Duration::from_millis(2_500),
        film: OfflineFilm::PausedHere,
    }));

    assert_eq!(
        screen.rows_with("RECONNECTING 3 s (try 2)   paused here").len(),
        1
    );
    assert!(
        screen
            .style_of("RECONNECTING")
            .add_modifier
            .contains(Modifier::REVERSED)
    );
    let next = screen.app.next_frame_at().expect("a countdown runs");
    screen.wait(next.saturating_since(screen.now));
    assert!(screen.app.needs_frame(screen.now));
    assert_eq!(screen.rows_with("RECONNECTING 2 s (try 2)").len(), 1);
    screen.wait(Duration::from_secs(9));
    assert_eq!(screen.rows_with("RECONNECTING (try 2)").len(), 1);
}

#[test]
fn a_long_title_is_cut_and_leaves_room_for_the_status() {
    let title = "映画の夜 Movie night with a very long title that goes on";
    let sizes = [
        (120, 40, "映画の夜 Movie night with a very"),
        (80, 24, "映画の夜 Movie night"),
        (50, 20, "映画の夜"),
    ];
    for (columns, rows, shown) in sizes {
        let mut screen = Screen::watching(columns, rows);

        screen.apply(Update::Setting(Setting::Title(Some(
            title.parse().expect("a title"),
        ))));

        let picture = screen.picture();
        let bar = picture.lines().next().unwrap_or_default();
        assert!(
            bar.trim_start().starts_with(shown) && bar.contains("in sync"),
            "{bar:?}"
        );
    }
}

#[test]
fn failing_saves_are_shown_in_the_bar_until_they_work() {
    for width in [50, 80, 120] {
        let mut screen = Screen::watching(width, 24);
        assert_eq!(screen.rows_with("not saved").len(), 0);

        screen.apply(Update::Unsaved(true));
        assert_eq!(screen.rows_with("not saved").len(), 1, "{width} columns");
        screen.apply(Update::Unsaved(false));

        assert_eq!(screen.rows_with("not saved").len(), 0);
    }
}

#[test]
fn nothing_is_drawn_while_nothing_changes() {
    let mut screen = Screen::watching(80, 24);
    screen.film(60_000, Motion::Paused);
    screen.draw();
    assert!(!screen.app.needs_frame(screen.now));

    screen.apply(Update::Status(Status::InSync(Measured::Spread(
        Duration::from_millis(9),
    ))));
    screen.apply(Update::RoundTrip(Some(Duration::from_micros(30_600))));
    assert!(!screen.app.needs_frame(screen.now), "the same words are no news");

    let next = screen.app.next_frame_at().expect("the clock on the wall");
    assert!(next.saturating_since(screen.now) <= Duration::from_mins(1));
    assert!(next.saturating_since(screen.now) > Duration::from_secs(1));
}

#[test]
fn the_position_ticks_once_a_second_while_it_plays() {
    let mut screen = Screen::room(80, 24, BO);
    screen.film(10_400, Motion::Playing);
    assert_eq!(screen.rows_with("00:00:10").len(), 1);

    let next = screen.app.next_frame_at().expect("it plays");

    assert_eq!(next.saturating_since(screen.now), Duration::from_millis(600));
    screen.wait(Duration::from_millis(600));
    assert_eq!(screen.rows_with("00:00:11").len(), 1);
}

#[test]
fn a_film_that_is_over_ticks_no_more_and_stays_at_its_end() {
    let mut screen = Screen::room(80, 24, BO);
    screen.film(7_434_000, Motion::Playing);
    screen.wait(Duration::from_secs(30));

    assert_eq!(screen.rows_with("02:03:55").len(), 2, "position and length");
    let next = screen.app.next_frame_at().expect("the clock on the wall");
    assert!(next.saturating_since(screen.now) > Duration::from_secs(1));
}

#[test]
fn a_scheduled_start_is_paused_until_its_instant() {
    let mut screen = Screen::room(80, 24, BO);
    screen.film(10_000, Motion::Playing);
    let Some(mut transport) = screen.app.room().and_then(|room| room.transport.clone()) else {
        panic!("a film is on");
    };
    transport.at = screen.now + Duration::from_millis(300);
    screen.apply(Update::Transport(Some(transport)));

    screen.wait(Duration::from_millis(299));
    assert_eq!(screen.rows_with("00:00:10").len(), 1);
    screen.wait(Duration::from_millis(1_001));
    assert_eq!(screen.rows_with("00:00:11").len(), 1);
}

#[test]
fn a_room_that_ended_can_still_be_read() {
    let mut screen = Screen::watching(80, 24);

    screen.apply(Update::Stopped(Stop {
        kind: StopKind::RoomClosed,
        words: Clean::line("the host ended the room"),
        hint: None,
        may_retry: true,
    }));

    assert_eq!(
        screen
            .rows_with("DISCONNECTED the host ended the room   Alt-A try again")
            .len(),
        1
    );
    assert_eq!(screen.rows_with("popcorn").len(), 1);
    assert_eq!(screen.alt('a'), [Intent::Retry]);
    assert_eq!(screen.key(Key::ctrl(Code::Char('q'))), [Intent::Leave]);
}

#[test]
fn a_resumed_seat_keeps_the_chat_and_the_draft() {
    let mut screen = Screen::watching(80, 24);
    screen.types("draft");

    screen.apply(Update::Entered(Box::new(EnteredRoom {
        settings: RoomSettings::default(),
        room: "movie-night".parse().expect("a room's name"),
        you: BO,
        host: Some(CHI),
        members: vec![member(BO, "bo"), member(CHI, "chi")],
        transport: None,
        chat: Vec::new(),
        is_owner: false,
        chat_has_gap: false,
        undoable: None,
        how: EntryKind::Resumed,
    })));

    assert_eq!(screen.rows_with("popcorn").len(), 1);
    assert_eq!(screen.rows_with("[bo] draft").len(), 1);
    assert_eq!(screen.rows_with("★ chi").len(), 1);
}

#[test]
fn members_who_do_not_follow_are_listed_with_the_reason() {
    let mut screen = Screen::room(80, 24, ANA);
    let mut change = |player, link, words: &str| {
        let mut bo = member(BO, "bo");
        bo.report.player = player;
        bo.link = link;
        screen.apply(Update::Member(bo));
        assert!(!screen.rows_with(words).is_empty(), "{words}");
    };

    change(
        PlayerState::Buffering { percent: 12 },
        MemberLink::Up,
        "buffering 12 %",
    );
    change(PlayerState::None, MemberLink::Up, "no player");
    change(PlayerState::Detached, MemberLink::Up, "at own pace");
    change(PlayerState::Closed, MemberLink::Up, "player closed");
    change(PlayerState::NoCopy, MemberLink::Up, "no copy");
    let behind = Some(MediaTime::from_millis(12_000));
    change(PlayerState::CatchingUp { behind }, MemberLink::Up, "12 s behind");
    let at = MediaTime::from_millis(60_000);
    change(PlayerState::Ended { at }, MemberLink::Up, "ended at 01:00");
    change(PlayerState::NotResponding, MemberLink::Up, "player frozen");
    change(PlayerState::Following, MemberLink::Silent, "not responding");
    change(PlayerState::Following, MemberLink::Lost, "connection lost");
    screen.presence(BO, Presence::ConnectionLost);
    assert_eq!(screen.rows_with("-- bo lost the connection").len(), 1);
    screen.leaves(BO, LeaveReason::LinkLost);
    assert_eq!(
        screen.rows_with("-- bo lost the connection and left").len(),
        1,
        "one line tells all of it"
    );
}

#[test]
fn a_waiting_room_names_the_awaited_and_offers_the_host_to_go_on() {
    let mut bo = member(BO, "bo");
    bo.report.player = PlayerState::Buffering { percent: 12 };
    for (you, way) in [(ANA, 1), (CHI, 0)] {
        let mut screen = Screen::room(80, 24, you);
        screen.apply(Update::Member(bo.clone()));
        screen.apply(Update::Status(Status::Waiting {
            who: Awaited::from_iter([BO]),
        }));

        assert_eq!(screen.rows_with("waiting for bo (buffering 12 %)").len(), 1);
        assert_eq!(screen.rows_with("Alt-W go on").len(), way);
    }
}

#[test]
fn an_awaited_user_is_named_first_and_as_you() {
    let mut screen = Screen::room(80, 24, BO);

    let who = Awaited::from_iter([ANA, BO]);
    screen.apply(Update::Status(Status::Waiting { who }));

    assert_eq!(screen.rows_with("waiting for you and ana").len(), 1);
}

#[test]
fn a_new_host_gets_the_star_and_the_keys() {
    let mut screen = Screen::room(80, 24, BO);
    assert!(screen.rows_with("Alt-P").is_empty());

    screen.host_is(BO, HostChangeReason::HostLeft);

    assert_eq!(screen.rows_with("★ bo").len(), 1);
    assert_eq!(
        screen
            .rows_with("you are now the host: the previous host left")
            .len(),
        1
    );
    assert_eq!(screen.rows_with("Alt-P play/pause").len(), 1);
}

#[test]
fn a_refusal_repeated_is_one_line() {
    let mut screen = Screen::room(80, 24, BO);
    for _ in 0..3 {
        let host = screen.person(ANA);
        let reason = Refusal::NotHost;
        let retry_after = None;
        screen.happens(
            None,
            Fact::Refused {
                reason,
                host,
                retry_after,
            },
        );
    }

    assert_eq!(
        screen
            .rows_with("only ana can do that; ask in the chat (×3)")
            .len(),
        1
    );
}

#[test]
fn a_tick_costs_less_than_a_hundred_bytes() {
    for (width, height) in [(120, 40), (80, 24), (50, 20)] {
        let (first, tick) = bytes_of_two_frames(width, height, Duration::from_secs(1));

        assert!(first > 1_000, "the first frame is a whole one");
        assert!((1..100).contains(&tick), "{tick} bytes at {width}x{height}");
    }
}

#[test]
fn the_largest_room_is_entered_and_shown() {
    let most = u32::try_from(limits::ROOM_MEMBERS).expect("fits");
    let members: Vec<Member> = (1..=most)
        .map(|id| member(MemberId(id), &format!("m{id}")))
        .collect();
    let mut screen = Screen::new(120, 40);

    screen.enter(MemberId(1), members);
    let who = (1..=most).map(MemberId).collect();
    screen.apply(Update::Status(Status::Waiting { who }));

    assert_eq!(screen.rows_with(&format!("People {most}")).len(), 1);
    assert_eq!(screen.rows_with(&format!("waiting for {most} people")).len(), 1);
    let room = screen.app.room().expect("a room");
    assert_eq!(room.colours.len(), limits::ROOM_MEMBERS);
    let first: BTreeSet<Option<u8>> = (1..=u32::from(AVATAR_COLOURS))
        .map(|id| room.colour_of(MemberId(id)))
        .collect();
    assert_eq!(
        first.len(),
        usize::from(AVATAR_COLOURS),
        "the first have one each"
    );
}

#[test]
fn the_bell_rings_at_most_once_in_two_seconds() {
    let mut screen = Screen::room(80, 24, BO);
    let mut rings = 0;
    for _ in 0..1_200 {
        screen.says(CHI, "bo!");
        screen.draw();
        rings += usize::from(screen.app.take_bell());
        screen.wait(Duration::from_millis(10));
    }

    assert_eq!(rings, 6, "in 12 s");
}

#[test]
fn only_a_live_source_is_called_live_and_a_film_that_is_still_written_is_not() {
    let shown = |is_live| {
        let mut screen = Screen::room(120, 40, BO);
        screen.film(10_000, Motion::Playing);
        let Some(mut transport) = screen.app.room().and_then(|room| room.transport.clone()) else {
            panic!("a film is on");
        };
        transport.duration = None;
        transport.is_live = is_live;
        screen.apply(Update::Transport(Some(transport)));
        (
            screen.rows_with("live").len(),
            screen.rows_with("length not known yet").len(),
        )
    };

    assert_eq!(shown(true), (2, 0), "beside the position and under the title");
    assert_eq!(shown(false), (0, 1));
}
