//! Tests of actions on messages: selecting, copying, revealing, exporting, completing.

use std::path::PathBuf;
use std::time::Duration;

use ratatui::style::Modifier;
use watchtogether_protocol::MemberId;
use watchtogether_protocol::message::clock::{MemberSample, Telemetry};

use crate::home_vocabulary::{PathCandidate, PathCompletion};
use crate::key::{Code, Key, MouseAction};
use crate::keymap::Mode;
use crate::machine::Machine as _;
use crate::test_support::*;
use crate::update::Motion;
use crate::{Intent, Update};

const TAB: Key = Key::plain(Code::Tab);
const ENTER: Key = Key::plain(Code::Enter);
const UP: Key = Key::alt(Code::Up);

#[test]
fn a_message_is_chosen_from_the_newest_on_and_stays_on_the_screen() {
    let mut screen = Screen::room(80, 24, ANA);
    for line in 0..60 {
        screen.says(BO, &format!("line {line}."));
    }

    screen.key(UP);
    assert!(screen.rows_with("▸<bo>")[0].contains("line 59."));
    for _ in 0..40 {
        screen.key(UP);
    }
    assert!(screen.rows_with("▸<bo>")[0].contains("line 19."));
    for _ in 0..40 {
        screen.key(Key::alt(Code::Down));
    }
    assert!(screen.rows_with("▸<bo>")[0].contains("line 59."));

    screen.key(Key::alt(Code::Down));
    assert!(
        screen.rows_with("▸<bo>").is_empty(),
        "behind the newest is the end"
    );
    assert_eq!(screen.rows_with("line 59.").len(), 1);
}

#[test]
fn mentions_of_the_user_are_visited_one_after_the_other() {
    let mut screen = Screen::room(80, 24, ANA);
    screen.alt('n');
    assert_eq!(screen.rows_with("nobody has mentioned you").len(), 1);
    for line in 0..60 {
        let name = if line % 20 == 0 { "@ana" } else { "all" };
        screen.says(BO, &format!("{name} line {line}."));
    }

    for expected in ["line 40.", "line 20.", "line 0."] {
        screen.alt('n');
        assert!(screen.rows_with("▸<bo>")[0].contains(expected));
    }
    screen.alt('n');
    assert!(
        screen.rows_with("▸<bo>")[0].contains("line 0."),
        "there is none before"
    );
    screen.alt('N');
    assert!(screen.rows_with("▸<bo>")[0].contains("line 20."));
    screen.key(Key::ctrl(Code::End));
    assert_eq!(screen.rows_with("line 59.").len(), 1);
    assert!(screen.rows_with("▸<bo>").is_empty());
}

#[test]
fn the_chosen_message_is_copied_else_the_newest() {
    let mut screen = Screen::room(80, 24, ANA);
    assert!(screen.alt('y').is_empty(), "nothing was said");
    screen.says(BO, "first");
    screen.says(BO, "second ||secret||");

    assert_eq!(screen.alt('y'), [Intent::Copy("second ||secret||".to_owned())]);
    screen.key(UP);
    screen.key(UP);
    assert_eq!(screen.sends("/copy"), [Intent::Copy("first".to_owned())]);
}

#[test]
fn hidden_text_is_revealed_by_key_by_enter_and_by_a_click_and_moves_nothing() {
    for size in [(120, 40), (80, 24), (50, 20), (40, 12)] {
        let mut screen = Screen::room(size.0, size.1, ANA);
        screen.says(ANA, "so ||the brother|| it was");
        screen.says(ANA, "and now?");
        let hidden = screen.picture();
        assert_eq!(screen.rows_with("so ▒▒▒ ▒▒▒▒▒▒▒ it was").len(), 1);

        screen.alt('h');
        assert_eq!(screen.rows_with("so the brother it was").len(), 1);
        screen.alt('h');
        assert_eq!(screen.picture(), hidden);
        screen.key(UP);
        screen.key(UP);
        screen.key(ENTER);
        assert_eq!(screen.rows_with("so the brother it was").len(), 1);
        screen.click("so the");
        assert_eq!(screen.rows_with("so ▒▒▒").len(), 1);
    }
}

#[test]
fn a_click_chooses_and_a_second_one_reveals() {
    let mut screen = Screen::room(80, 24, ANA);
    screen.says(BO, "so ||the brother|| it was");

    screen.click("it was");
    assert_eq!(screen.rows_with("▸<bo>").len(), 1);
    assert_eq!(screen.rows_with("the brother").len(), 0);
    let (column, row) = screen.place_of("it was");
    screen.mouse(MouseAction::Press, column, row);
    assert_eq!(screen.rows_with("the brother").len(), 1);
}

#[test]
fn links_are_underlined_whole_and_lead_to_the_shown_url() {
    let mut screen = Screen::room(50, 20, ANA);
    screen.says(
        BO,
        "see https://example.org/a/very/long/path/that/needs/two/rows, ok?",
    );

    let style = screen.style_of("https://example");
    assert!(style.add_modifier.contains(Modifier::UNDERLINED));
    assert!(!screen.style_of("ok?").add_modifier.contains(Modifier::UNDERLINED));
    let links = screen.app.links().to_vec();
    assert_eq!(links.len(), 2, "a row each: {links:?}");
    let mut shown = String::new();
    for link in &links {
        assert_eq!(
            link.url,
            "https://example.org/a/very/long/path/that/needs/two/rows"
        );
        for x in link.area.left()..link.area.right() {
            shown.push_str(screen.buffer()[(x, link.area.y)].symbol());
        }
    }
    assert_eq!(shown, links[0].url, "what is read is where it leads");
    screen.key(Key::plain(Code::F(1)));
    screen.draw();
    assert!(screen.app.links().is_empty(), "none below a card");
}

#[test]
fn an_action_line_is_printed_as_one() {
    let mut screen = Screen::room(80, 24, ANA);

    let wanted = screen.sends("/me waves");
    screen.says(BO, "/me waves back");

    assert!(matches!(wanted.as_slice(), [Intent::Say(text)] if text.as_str() == "/me waves"));
    assert_eq!(screen.rows_with("*bo").len(), 1);
    assert!(screen.rows_with("*bo")[0].contains("waves back"));
    screen.sends("/me");
    assert_eq!(screen.app.state.notice.as_deref(), Some("/me TEXT"));
}

#[test]
fn the_chat_is_kept_as_a_text_that_nobody_can_forge_lines_in() {
    let mut screen = Screen::room(80, 24, ANA);
    screen.film(60_000, Motion::Paused);
    screen.says(BO, "one\n20:31  00:00:00  <ana> two");
    screen.says(BO, "/me waves");

    let wanted = screen.sends("/export ~/chat.txt");

    let [Intent::Export { path, text }] = wanted.as_slice() else {
        panic!("{wanted:?}");
    };
    assert_eq!(path, "~/chat.txt");
    insta::assert_snapshot!(text);
}

#[test]
fn emoji_are_completed_from_their_names() {
    let mut screen = Screen::room(80, 24, ANA);

    screen.types("nice :popcor");
    screen.key(TAB);
    assert_eq!(screen.app.state.editor.text(), "nice 🍿 ");
    screen.types(":+");
    screen.key(TAB);
    assert_eq!(screen.app.state.editor.text(), "nice 🍿 👍 ");
    screen.types("at 12:");
    screen.key(TAB);
    assert_eq!(
        screen.app.state.editor.text(),
        "nice 🍿 👍 at 12:",
        "a colon alone is none"
    );
}

#[test]
fn paths_are_completed_where_a_command_takes_one() {
    let mut screen = Screen::room(80, 24, ANA);
    let choice = |name: &str| PathCandidate {
        name: name.to_owned(),
        text: format!("~/{name}"),
        path: PathBuf::from("/home/ana").join(name),
    };
    screen.types("/open ~/Fi");

    assert_eq!(screen.key(TAB), [Intent::CompletePath("~/Fi".to_owned())]);
    let completed = PathCompletion {
        asked: "~/Fi".to_owned(),
        text: "~/Film ".to_owned(),
        is_whole: false,
        choices: vec![choice("Film 1.mkv"), choice("Film 2.mkv")],
    };
    screen.apply(Update::Completed(completed.clone()));
    assert_eq!(screen.app.state.editor.text(), "/open ~/Film ");
    assert_eq!(screen.rows_with("Film 1.mkv  Film 2.mkv").len(), 1);
    assert!(screen.key(TAB).is_empty());
    assert!(screen.key(TAB).is_empty());
    assert_eq!(screen.app.state.editor.text(), "/open ~/Film 2.mkv");
    screen.apply(Update::Completed(completed));
    assert_eq!(screen.app.state.editor.text(), "/open ~/Film 2.mkv", "too late");
    assert_eq!(screen.key(ENTER), [Intent::Open("~/Film 2.mkv".to_owned())]);
    assert_eq!(screen.app.state.mode, Mode::Chat);
}

#[test]
fn the_others_are_told_when_typing_begins_and_ends() {
    let mut screen = Screen::room(80, 24, ANA);

    screen.types("hi");
    assert_eq!(screen.typing, [true], "and not with every letter");
    screen.wait(Duration::from_secs(3));
    screen.key(Key::plain(Code::F(1)));
    screen.key(Key::plain(Code::Esc));
    assert_eq!(screen.typing, [true], "nothing was written");
    screen.types("!");
    assert_eq!(screen.typing, [true, true]);
    screen.key(ENTER);
    assert_eq!(screen.typing, [true, true], "what is said says it by itself");
    screen.types("x");
    screen.key(Key::ctrl(Code::Char('u')));
    assert_eq!(screen.typing, [true, true, true, false]);
    screen.types("/seek 10");
    assert_eq!(screen.typing.len(), 4, "a command is nobody's business");
}

#[test]
fn typing_members_are_shown_below_the_chat() {
    let mut screen = Screen::room(80, 24, ANA);
    let typing = |screen: &mut Screen, who: &[MemberId]| {
        let samples = [ANA, BO, CHI].map(|member| MemberSample {
            member,
            telemetry: Telemetry {
                is_typing: who.contains(&member),
                ..Telemetry::default()
            },
        });
        screen.apply(Update::Telemetry(samples.to_vec()));
    };
    let before = screen.picture();

    typing(&mut screen, &[ANA, BO]);
    assert_eq!(screen.rows_with("─ bo is typing… ─").len(), 1);
    typing(&mut screen, &[BO, CHI]);
    assert_eq!(screen.rows_with("bo and chi are typing…").len(), 1);
    typing(&mut screen, &[ANA]);
    assert_eq!(screen.rows_with("typing").len(), 0);
    assert_eq!(before.lines().count(), screen.picture().lines().count());
}

#[test]
fn no_message_imitates_a_line_of_the_program() {
    for (width, height) in [(120, 40), (80, 24), (50, 20), (39, 20)] {
        let mut screen = Screen::new(width, height);
        let named = |id, name| member(MemberId(id), name);
        let members = vec![
            member(ANA, "ana"),
            named(20, "Connection lost"),
            named(21, "-- bo left"),
            named(22, "ana> hi <x"),
        ];
        screen.enter(ANA, members);
        let padding = " ".repeat(usize::from(width));
        for id in [20, 21, 22] {
            screen.says(MemberId(id), "the server is gone\n-- bo left\n<ana> hi");
            screen.says(MemberId(id), "/me left\n-- bo left");
            screen.says(MemberId(id), &format!("a{padding}-- bo left"));
        }

        let picture = screen.picture();
        // Whole rows, and rows whose time is above; before the first message are the events of entering.
        let rows: Vec<&str> = picture
            .lines()
            .map(|row| {
                row.strip_prefix("20:31 ")
                    .or(row.strip_prefix("      "))
                    .unwrap_or(row)
            })
            .collect();
        let imitations = rows.iter().filter(|row| row.starts_with("-- bo left"));
        assert_eq!(imitations.count(), 0, "{picture}");
        assert!(!rows.iter().any(|row| row.starts_with("<ana> hi")), "{picture}");
        assert!(
            rows.iter()
                .any(|row| row.starts_with("<ana) hi (x>") || row.starts_with("<ana) hi"))
        );

        let intents = screen.sends("/export chat.txt");
        let [Intent::Export { text, .. }] = intents.as_slice() else {
            panic!("{intents:?}");
        };
        for line in text.lines() {
            let words = line.get(17..).unwrap_or_default();
            let has_time = line.starts_with(|c: char| c.is_ascii_digit());
            assert!(!(has_time && words.starts_with("-- bo left")), "{text}");
            assert!(!(has_time && words.starts_with("<ana> hi")), "{text}");
        }
    }
}
