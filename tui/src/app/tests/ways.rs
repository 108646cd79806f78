//! Tests that all ways to an action have the same effect: its key, a user-defined key, the palette, a click on its row, its slash
//! command; and that all texts about it match the table.

use watchtogether_protocol::message::removal::Ban;
use watchtogether_protocol::time::WallTime;

use crate::action::{ACTIONS, Action, ActionId, Scope, Slash};
use crate::key::{Code, Key};
use crate::keymap::{Binding, Keymap, Mode};
use crate::machine::Machine as _;
use crate::test_support::*;
use crate::update::Motion;
use crate::{Intent, Update, strings};

const ENTER: Key = Key::plain(Code::Enter);
const ESC: Key = Key::plain(Code::Esc);

/// A key without a default binding.
const OWN_KEY: &str = "F24";

/// Returns a room with a film and a scrollable chat, in this mode, with text in the input line.
fn screen_with(keymap: Keymap, mode: Mode, draft: &str) -> Screen {
    let mut screen = Screen::room_with_keys(120, 40, ANA, keymap);
    screen.film(60_000, Motion::Playing);
    screen.player();
    screen.apply(Update::Bans(vec![Ban {
        number: 1,
        name: "bo".parse().expect("a name"),
        until: WallTime(0),
    }]));
    for line in 0..60 {
        screen.says(ANA, &format!("line {line}"));
    }
    screen.types(draft);
    if mode == Mode::Keys {
        screen.key(ESC);
    }
    screen.draw();
    screen
}

/// Returns every observable effect of an action.
fn effect(screen: &mut Screen, wanted: &[Intent]) -> String {
    let app = &screen.app;
    let state = (
        wanted,
        app.state.mode,
        app.state.editor.text().to_owned(),
        app.state.editor.before_cursor().len(),
        app.state.overlay.clone(),
        app.state.notice.clone(),
        app.has_mouse(),
        app.needs_clear(),
    );
    format!("{state:?}\n{}", screen.picture())
}

fn by_key(keymap: Keymap, mode: Mode, draft: &str, key: Key) -> String {
    let mut screen = screen_with(keymap, mode, draft);
    let wanted = screen.key(key);
    effect(&mut screen, &wanted)
}

/// Opens the palette and types the action's name until its row is the first match; returns the index of that row.
fn look_up(screen: &mut Screen, action: &Action) -> usize {
    let mode = screen.app.state.mode;
    let key = screen
        .app
        .state
        .keymap
        .key(mode, ActionId::Palette)
        .expect("bound");
    screen.key(key);
    screen.types(action.name);
    let Some(crate::state::overlay::Overlay::Palette(palette)) = &screen.app.state.overlay else {
        panic!("the palette is open");
    };
    let rows = palette.rows();
    let row = rows.iter().position(|row| row.id == action.id);
    row.unwrap_or_else(|| panic!("{} is not found by its name", action.name))
}

fn by_palette(mode: Mode, draft: &str, action: &Action) -> String {
    let mut screen = screen_with(Keymap::default(), mode, draft);
    for _ in 0..look_up(&mut screen, action) {
        screen.key(Key::plain(Code::Down));
    }
    let wanted = screen.key(ENTER);
    effect(&mut screen, &wanted)
}

fn by_click(mode: Mode, draft: &str, action: &Action) -> String {
    let mut screen = screen_with(Keymap::default(), mode, draft);
    look_up(&mut screen, action);
    let wanted = screen.click(action.help());
    effect(&mut screen, &wanted)
}

fn own_keymap(action: &Action) -> Keymap {
    let bindings: Vec<Binding> = Mode::ALL
        .into_iter()
        .map(|mode| Binding {
            mode,
            action: action.name.to_owned(),
            // Ctrl-C stays bound to its action.
            keys: if action.id == ActionId::Interrupt {
                vec![OWN_KEY.to_owned(), "Ctrl-C".to_owned()]
            } else {
                vec![OWN_KEY.to_owned()]
            },
            line: 1,
        })
        .collect();
    Keymap::with(&bindings).expect("right")
}

/// Returns a valid argument for a command.
fn argument(slash: Slash) -> &'static str {
    match slash.argument {
        "[+-]TIME" => "1:02:03",
        "X" => "1.25",
        "+1|-1|N|NAME" => "2",
        "wait|go-on" => "go-on",
        _ => "bo",
    }
}

#[test]
fn key_palette_click_and_user_defined_key_do_the_same_in_both_modes() {
    for mode in Mode::ALL {
        for draft in ["", "hi there bo"] {
            for action in ACTIONS {
                let expected = by_palette(mode, draft, action);

                let clicked = by_click(mode, draft, action);
                assert_eq!(clicked, expected, "a click on {} in {mode:?}", action.name);
                for key in mode.default_keys(action) {
                    // In keys mode only, this key also starts a command.
                    if (action.id, *key) == (ActionId::ChatMode, Key::char('/')) {
                        continue;
                    }
                    let pressed = by_key(Keymap::default(), mode, draft, *key);
                    assert_eq!(pressed, expected, "{key} for {} in {mode:?}", action.name);
                }
                let key: Key = OWN_KEY.parse().expect("a key");
                let mut own = screen_with(own_keymap(action), mode, draft);
                let wanted = own.key(key);
                own.app.state.keymap = Keymap::default();
                if let Some(notice) = &mut own.app.state.notice {
                    // Texts that mention the key mention the bound key.
                    *notice = notice.replace(OWN_KEY, "Ctrl-C");
                }
                assert_eq!(
                    effect(&mut own, &wanted),
                    expected,
                    "an own key for {}",
                    action.name
                );
            }
        }
    }
}

#[test]
fn the_slash_form_does_what_the_key_does() {
    for action in ACTIONS {
        let Some(slash) = action.slash_form() else {
            continue;
        };
        let expected = by_palette(Mode::Chat, "", action);
        for word in [slash.word, action.name] {
            let mut screen = screen_with(Keymap::default(), Mode::Chat, "");
            if slash.needs_argument() {
                let row = look_up(&mut screen, action);
                screen.app.choose(row);
                assert_eq!(screen.app.state.editor.text(), format!("/{} ", slash.word));
                let prepared = screen.sends(argument(slash));

                let typed = screen.sends(&format!("/{word} {}", argument(slash)));

                assert!(!typed.is_empty(), "{} asks for nothing", action.name);
                assert_eq!(typed, prepared, "/{word}");
            } else {
                let wanted = screen.sends(&format!("/{word}"));

                assert_eq!(effect(&mut screen, &wanted), expected, "/{word}");
            }
        }
    }
}

#[test]
fn every_hint_shows_the_key_that_works_and_does_it_when_it_is_clicked() {
    for mode in Mode::ALL {
        for (width, you) in [(120, ANA), (120, BO), (50, ANA), (40, BO)] {
            let screen = |draft: &str| {
                let mut screen = Screen::room(width, 24, you);
                screen.types(draft);
                if mode == Mode::Keys {
                    screen.key(ESC);
                }
                screen
            };
            let mut looked_at = screen("x");
            let picture = looked_at.picture();
            let row = picture.lines().last().unwrap_or_default().to_owned();
            let hinted: Vec<&Action> = ACTIONS
                .iter()
                .filter(|action| {
                    let key = looked_at.app.state.keymap.key(mode, action.id);
                    key.is_some_and(|key| format!("{row} ").contains(&format!(" {key} {} ", action.label())))
                })
                .collect();
            assert!(hinted.len() >= 2, "{row}");
            for action in hinted {
                let key = looked_at
                    .app
                    .state
                    .keymap
                    .key(mode, action.id)
                    .expect("it has one");
                let (mut pressed, mut clicked) = (screen("x"), screen("x"));
                let by_key = pressed.key(key);
                let by_click = clicked.click(&format!("{key} {}", action.label()));
                // A plain letter always asks before leaving.
                if action.id != ActionId::Leave {
                    assert_eq!(
                        effect(&mut pressed, &by_key),
                        effect(&mut clicked, &by_click),
                        "{}",
                        action.name
                    );
                }
            }
        }
    }
}

#[test]
fn the_palette_lists_every_action_with_its_key_its_scope_and_its_slash_form() {
    for action in ACTIONS {
        let mut screen = Screen::room(120, 40, ANA);
        look_up(&mut screen, action);

        let rows = screen.rows_with(action.help());

        let row = rows
            .first()
            .unwrap_or_else(|| panic!("{} has a row", action.name));
        if let Some(key) = screen.app.state.keymap.key(Mode::Chat, action.id) {
            assert!(row.contains(&key.to_string()), "{row}");
        }
        if let Some(slash) = action.slash_form() {
            assert!(row.contains(&format!("/{}", slash.word)), "{row}");
        }
        assert!(row.contains(strings::scope(action.scope)), "{row}");
        assert!(action.scope == Scope::Screen || !strings::scope(action.scope).is_empty());
    }
}

#[test]
fn hints_help_and_palette_show_user_defined_keys() {
    let keymap = Keymap::with(&[
        Binding {
            mode: Mode::Chat,
            action: "play-pause".to_owned(),
            keys: vec!["F9".to_owned()],
            line: 1,
        },
        Binding {
            mode: Mode::Keys,
            action: "play-pause".to_owned(),
            keys: vec!["k".to_owned()],
            line: 2,
        },
    ])
    .expect("right");
    let mut screen = Screen::room_with_keys(120, 60, ANA, keymap);

    assert_eq!(screen.rows_with("F9 play/pause").len(), 1);
    screen.key(ESC);
    assert_eq!(screen.rows_with("k play/pause").len(), 1);
    screen.key(Key::char('?'));
    let help = screen.rows_with("play or pause, for everyone");
    assert!(
        help[0].contains("F9  Esc k") && !help[0].contains("Alt-P"),
        "{help:?}"
    );
    screen.key(ESC);
    screen.key(Key::char(':'));
    screen.types("play pause");
    let palette = screen.rows_with("play or pause, for everyone");
    assert!(palette[0].contains(" k "), "{palette:?}");
}

#[test]
fn the_example_of_keys_binds_what_is_bound_anyway() {
    let mut bindings = Vec::new();
    let mut mode = None;
    for (number, line) in crate::keymap::example().lines().enumerate() {
        mode = match line {
            "[chat]" => Some(Mode::Chat),
            "[keys]" => Some(Mode::Keys),
            _ => mode,
        };
        let (Some(mode), Some((action, rest))) = (mode, line.trim_start_matches("# ").split_once(" = "))
        else {
            continue;
        };
        bindings.push(Binding {
            mode,
            action: action.to_owned(),
            // Every second part between quotes is a key.
            keys: rest.split('"').skip(1).step_by(2).map(str::to_owned).collect(),
            line: number + 1,
        });
    }

    assert_eq!(bindings.len(), ACTIONS.len() * 2);
    let keymap = Keymap::with(&bindings).expect("right");
    for mode in Mode::ALL {
        for action in ACTIONS {
            assert_eq!(
                keymap.keys(mode, action.id),
                mode.default_keys(action),
                "{}",
                action.name
            );
        }
    }
}
