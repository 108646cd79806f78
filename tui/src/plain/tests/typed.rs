//! Tests of typed lines and keys.

use super::*;
use watchtogether_protocol::RoomIntent;
use watchtogether_protocol::message::removal::Ban;

/// The actions that exist only on the screen. Every other action in the table has lines as its effect, or edits the typed line.
const ON_SCREEN: [&str; 15] = [
    "keys-mode",
    "chat-mode",
    "scroll-up",
    "scroll-down",
    "oldest",
    "newest",
    "layout",
    "focus-next",
    "focus-back",
    "focus-chat",
    "focus-people",
    "focus-sync",
    "focus-player",
    "mouse",
    "redraw",
];

#[test]
fn every_action_works_by_its_slash_form_or_is_reported_as_screen_only() {
    let mut on_screen = Vec::new();
    for action in ACTIONS {
        let Some(slash) = action.slash_form() else {
            continue;
        };
        let mut room = PlainTest::at_terminal();

        let effects = room.types(&format!("/{} {}", slash.word, argument_of(action)));

        assert!(!effects.is_empty(), "/{} does nothing", slash.word);
        let is_alone = effects.iter().any(|effect| {
            matches!(effect, PlainEffect::Print(words) if words.contains("only works on the full screen") && words.contains(slash.word))
        });
        assert_eq!(
            is_alone,
            !actions::is_by_lines(action.id),
            "/{}: {effects:?}",
            slash.word
        );
        on_screen.extend(is_alone.then_some(action.name));
    }

    assert_eq!(on_screen, ON_SCREEN);
}

#[test]
fn actions_without_a_slash_form_say_so_in_plain_mode() {
    for action in ACTIONS.iter().filter(|action| action.slash_form().is_none()) {
        let mut room = PlainTest::at_terminal();

        room.plain.handle_action(action.id, at(0));

        let reported = room.take_lines();
        assert_eq!(reported.len(), 1, "{}: {reported:?}", action.name);
        assert!(reported[0].starts_with(action.name), "{reported:?}");
    }
}

#[test]
fn an_action_that_needs_an_argument_begins_its_command() {
    for action in ACTIONS {
        let needs = action.slash.is_some_and(crate::action::Slash::needs_argument);
        let mut room = PlainTest::at_terminal();

        room.plain.handle_action(action.id, at(0));

        let prepared = matches!(&room.effects()[..], [PlainEffect::Prepare(begun)]
            if action.slash.is_some_and(|slash| *begun == format!("/{} ", slash.word)));
        assert_eq!(prepared, needs, "{}", action.name);
    }
}

#[test]
fn the_room_is_handed_over_by_name_or_by_a_number_of_the_last_list() {
    let mut room = PlainTest::at_terminal();
    let hands_over = |room: &mut PlainTest, line: &str| room.types(line);

    let give = [PlainEffect::Intent(Intent::Room(RoomIntent::TransferHost {
        to: BO,
    }))];
    assert_eq!(hands_over(&mut room, "/host bo"), give);
    assert_eq!(hands_over(&mut room, "/host 2"), give, "without a list");
    let list = room.types("/who");
    assert_eq!(
        list[0],
        PlainEffect::Print(
            "1. ana, host, you, connected, 4 milliseconds ahead, ping 31 milliseconds, same file.".to_owned()
        )
    );
    assert_eq!(hands_over(&mut room, "/host 2"), give);
    assert_eq!(
        hands_over(&mut room, "/host 3"),
        [PlainEffect::Print("Nobody here is called 3.".to_owned())]
    );
    for word in ["you", "me", "ana"] {
        assert_eq!(
            hands_over(&mut room, &format!("/host {word}")),
            [PlainEffect::Print("You are already the host.".to_owned())]
        );
    }
}

#[test]
fn members_are_removed_and_let_in_again_by_name_or_number() {
    let mut room = PlainTest::at_terminal();
    let remove = |is_ban| {
        [PlainEffect::Intent(Intent::Room(RoomIntent::Remove {
            member: BO,
            is_ban,
        }))]
    };
    assert_eq!(room.types("/kick 2"), remove(false));
    assert_eq!(room.types("/ban bo"), remove(true));
    assert_eq!(
        room.types("/ban 3"),
        [PlainEffect::Print("Nobody here is called 3.".to_owned())]
    );
    assert_eq!(
        room.types("/bans"),
        [PlainEffect::Print("Nobody is banned.".to_owned())]
    );
    let ban = Ban {
        number: 7,
        name: name("bo"),
        until: WallTime(7 * 86_400_000),
    };
    room.receives(Update::Bans(vec![ban]), 0);

    assert_eq!(
        room.types("/bans"),
        [PlainEffect::Print("1. bo is banned for 7 days.".to_owned())]
    );
    let unban = [PlainEffect::Intent(Intent::Room(RoomIntent::Unban { number: 7 }))];
    assert_eq!(room.types("/unban 1"), unban);
    assert_eq!(room.types("/unban BO"), unban);
    assert_eq!(
        room.types("/unban cy"),
        [PlainEffect::Print("Nobody called cy is banned.".to_owned())]
    );
}

#[test]
fn the_next_line_chooses_a_film_by_its_number_and_talk_is_talk_again() {
    let mut room = PlainTest::at_terminal();
    let found = |room: &mut PlainTest| {
        let films = ["a.mkv", "b.mkv"].map(|name| (PathBuf::from(format!("/f/{name}")), name.to_owned()));
        room.plain.handle_found("mkv", films.to_vec());
        room.take_lines()
    };
    assert_eq!(
        found(&mut room),
        [
            "1. a.mkv.",
            "2. b.mkv.",
            "2 films match. Type a number to open one."
        ]
    );

    assert_eq!(
        room.types("7"),
        [PlainEffect::Print(
            "Type a number from 1 to 2, or something else.".to_owned()
        )]
    );
    assert_eq!(room.types("2"), [PlainEffect::OpenFound("/f/b.mkv".into())]);
    let says = |text: &str| PlainEffect::Intent(Intent::Say(Clean::text(text)));
    assert_eq!(room.types("2"), [says("2")]);
    found(&mut room);
    assert_eq!(room.types("none of them"), [says("none of them")]);
    assert_eq!(room.types("1"), [says("1")]);
}

#[test]
fn leaving_asks_where_it_hurts_others_and_somebody_is_there_to_be_asked() {
    let mut host = PlainTest::at_terminal();
    assert_eq!(
        host.types("/quit"),
        [PlainEffect::Print(
            "End the room for 1 other person? 1 person is still here. The room runs on your machine, so it ends for \
             them too. Type /quit again to end the room; anything else cancels."
                .to_owned()
        )]
    );
    for answer in ["n", "y", "Yes", ""] {
        let stays = PlainEffect::Print("You are still in the room.".to_owned());
        assert_eq!(host.types(answer), [stays], "{answer:?}");
        host.types("/quit");
    }
    assert_eq!(host.types("/quit"), [PlainEffect::Intent(Intent::Leave)]);

    let mut script = PlainTest::new(pipe());
    script.enters();
    assert_eq!(script.types("/quit"), [PlainEffect::Intent(Intent::Leave)]);
    let mut viewer = PlainTest::at_terminal();
    viewer.receives(Update::Host(BO), 0);
    viewer.receives(Update::Invite(None), 0);
    assert_eq!(viewer.types("/quit"), [PlainEffect::Intent(Intent::Leave)]);
}

#[test]
fn a_question_that_was_forgotten_is_asked_again() {
    let mut host = PlainTest::at_terminal();
    let leave = |host: &mut PlainTest, millis| {
        host.plain.handle_action(ActionId::Leave, at(millis));
        host.effects()
    };
    assert!(matches!(&leave(&mut host, 0)[..], [PlainEffect::Print(_)]));

    assert!(matches!(&leave(&mut host, 30_000)[..], [PlainEffect::Print(_)]));

    assert_eq!(leave(&mut host, 40_000), [PlainEffect::Intent(Intent::Leave)]);
}

#[test]
fn messages_are_gone_through_copied_and_shown_as_on_the_screen() {
    let mut room = PlainTest::at_terminal();
    for (number, text) in [(1, "ana look"), (2, "he is ||the brother||"), (3, "no")] {
        room.receives(chat(number, BO, text), 0);
    }
    assert!(room.effects().contains(&PlainEffect::Ring), "a mention rings");
    let answer = |room: &mut PlainTest, line: &str| match room.types(line).pop() {
        Some(PlainEffect::Print(words)) => words,
        other => panic!("{other:?}"),
    };

    assert_eq!(answer(&mut room, "/reveal"), "<bo> he is the brother");
    assert_eq!(
        room.types("/copy"),
        [PlainEffect::Intent(Intent::Copy("no".to_owned()))]
    );
    assert_eq!(answer(&mut room, "/mention"), "<bo> ana look");
    assert_eq!(
        room.types("/copy"),
        [PlainEffect::Intent(Intent::Copy("ana look".to_owned()))]
    );
    assert_eq!(answer(&mut room, "/mention-forward"), "Nobody has mentioned you.");
    assert_eq!(
        answer(&mut room, "/message-down"),
        "<bo> he is (hidden; /reveal shows it)"
    );
    answer(&mut room, "/message-down");
    assert_eq!(answer(&mut room, "/message-down"), "That was the newest message.");
}

#[test]
fn the_chat_is_kept_with_what_happened() {
    let mut room = PlainTest::at_terminal();
    room.receives(chat(1, BO, "hi"), 0);
    room.joins(member(MemberId(3), "chi"), 0);

    let effects = room.types("/export chat.txt");

    let [PlainEffect::Intent(Intent::Export { path, text })] = &effects[..] else {
        panic!("{effects:?}");
    };
    assert_eq!(path, "chat.txt");
    assert!(text.starts_with("# film · film\n"), "{text}");
    assert!(
        text.contains("<bo> hi\n") && text.contains("-- chi joined\n"),
        "{text}"
    );
}

#[test]
fn a_seek_is_kept_in_one_line_with_its_whole_way() {
    let mut room = PlainTest::at_terminal();
    room.reads(Some(BO), seek_fact(1, 10, 20), 0);
    room.time(1_000);
    room.receives(chat(1, BO, "further"), 2_000);
    room.reads(Some(BO), seek_fact(1, 12, 32), 3_000);

    let effects = room.types("/export chat.txt");

    let [PlainEffect::Intent(Intent::Export { text, .. })] = &effects[..] else {
        panic!("{effects:?}");
    };
    let seeks: Vec<&str> = text.lines().filter(|line| line.contains("went")).collect();
    assert_eq!(seeks.len(), 1, "{text}");
    assert!(
        seeks[0].ends_with("-- bo went forward 20 seconds, to 32 seconds"),
        "{text}"
    );
}

#[test]
fn events_are_kept_with_the_time_of_the_rooms_clock() {
    let three_hours = WallTime(3 * 3_600_000);
    let mut room = PlainTest::new(pipe());
    room.enters();
    let at_first = Update::RoomClock {
        wall: three_hours,
        at: at(0),
    };
    room.receives(at_first, 0);
    let line = ChatLine {
        at: three_hours.after(Duration::from_mins(5)),
        ..chat_line(1, BO, "hi")
    };
    room.receives(Update::Chat(line), 300_000);
    room.joins(member(MemberId(3), "chi"), 300_000);

    let effects = room.types("/export chat.txt");

    let [PlainEffect::Intent(Intent::Export { text, .. })] = &effects[..] else {
        panic!("{effects:?}");
    };
    let times: Vec<&str> = text.lines().skip(2).filter_map(|line| line.get(..5)).collect();
    assert_eq!(times, ["03:05", "03:05"], "{text}");
}

#[test]
fn the_help_has_what_works_by_lines_and_is_searched_by_a_word() {
    let mut room = PlainTest::at_terminal();
    room.types("/help");
    let all = room.printed.clone();
    room.printed.clear();
    room.types("/help subtitles");

    assert!(all.contains(&"/seek [+-]TIME: go to a time: 1:02:03, +90, -10.".to_owned()));
    assert!(!all.iter().any(|line| line.starts_with("/layout")), "{all:?}");
    assert_eq!(room.printed.len(), 5, "{:?}", room.printed);
}

#[test]
fn names_and_commands_are_completed() {
    let room = PlainTest::at_terminal();

    assert_eq!(room.plain.completions("/se"), (0, vec!["/seek ".to_owned()]));
    assert_eq!(room.plain.completions("hi B"), (3, vec!["bo ".to_owned()]));
    assert_eq!(room.plain.completions("@b"), (1, vec!["bo ".to_owned()]));
    assert_eq!(room.plain.completions("hi "), (3, Vec::new()));
}

fn argument_of(action: &Action) -> &'static str {
    const ARGUMENTS: [(&str, &str); 7] = [
        ("go-to", "10"),
        ("set-speed", "1.25"),
        ("chapter", "car"),
        ("open", "film.mkv"),
        ("host", "bo"),
        ("act", "waves"),
        ("export", "chat.txt"),
    ];

    let argument = ARGUMENTS.iter().find(|(name, _)| *name == action.name);
    argument.map_or("", |(_, argument)| argument)
}

#[test]
fn a_time_beyond_the_end_is_answered_with_the_length_and_the_forms_of_a_time() {
    let mut room = PlainTest::at_terminal();

    let length = media(600);
    room.reads(None, Fact::BeyondEnd { length }, 0);

    assert_eq!(
        room.take_lines(),
        [
            "Not done: the film is 10 minutes long. Write a time as 90, 1:30, 1:02:03, 90s, 2m or 1h; +10 and -10 are \
             relative."
        ]
    );
}
