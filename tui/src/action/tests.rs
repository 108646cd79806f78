use std::collections::BTreeSet;

use super::*;

#[test]
fn every_action_has_help_and_a_way_to_reach_it() {
    for action in ACTIONS {
        assert!(
            action.help() != action.texts.help && action.label() != action.texts.label,
            "{}",
            action.name
        );
        let keys = action.chat_keys.len() + action.keys_keys.len();
        let ways = keys + usize::from(action.slash_form().is_some());
        assert!(ways > 0, "nothing leads to {}", action.name);
    }
}

#[test]
fn no_key_is_bound_twice_in_a_mode() {
    for keys in [
        ACTIONS.iter().flat_map(|a| a.chat_keys).collect::<Vec<_>>(),
        ACTIONS.iter().flat_map(|a| a.keys_keys).collect(),
    ] {
        let mut seen = BTreeSet::new();
        for key in keys {
            assert!(seen.insert(*key), "{key} is bound twice");
        }
    }
}

#[test]
fn names_and_slash_words_are_unique() {
    let mut names = BTreeSet::new();
    let mut words = BTreeSet::new();
    for action in ACTIONS {
        assert!(names.insert(action.name), "{}", action.name);
        if let Some(slash) = action.slash_form() {
            assert!(words.insert(slash.word), "{}", slash.word);
            let of_that_name = ACTIONS.iter().find(|other| other.name == slash.word);
            assert!(
                of_that_name.is_none_or(|other| other.id == action.id),
                "/{} is the name of another action",
                slash.word
            );
        }
    }
}

#[test]
fn every_action_on_the_room_has_a_permission() {
    for action in ACTIONS.iter().filter(|action| action.group == Group::Room) {
        assert!(action.act.is_some(), "{}", action.name);
    }
}

#[test]
fn an_action_that_takes_an_argument_has_a_slash_command_that_names_it() {
    for action in ACTIONS {
        let argument = action.slash.map_or("", |slash| slash.argument);
        let takes_one = matches!(action.effect, ActionEffect::With(_));
        let may_take_one = takes_one || matches!(action.effect, ActionEffect::Here(Some(_)));

        assert_eq!(!argument.is_empty(), may_take_one, "{}", action.name);
        let needs_one = action.slash_form().is_some_and(Slash::needs_argument);
        assert_eq!(needs_one, takes_one, "{}", action.name);
    }
}

#[test]
fn a_setting_takes_the_values_that_its_slash_command_names() {
    for action in ACTIONS {
        let ActionEffect::With(Argument::Choice(choices)) = action.effect else {
            continue;
        };
        let words: Vec<&str> = choices.iter().map(|(word, _)| *word).collect();
        let argument = action.slash.map_or("", |slash| slash.argument);

        assert_eq!(argument, words.join("|"), "{}", action.name);
    }
}

#[test]
fn scripts_do_actions_on_the_room_and_the_local_player() {
    let is_scripted = |id: ActionId| id.action().script_form().is_some();

    for id in [ActionId::Pause, ActionId::Kick, ActionId::Mute, ActionId::Leave] {
        assert!(is_scripted(id), "{id:?}");
    }
    for id in [ActionId::Act, ActionId::Send, ActionId::Layout, ActionId::Up] {
        assert!(!is_scripted(id), "{id:?}");
    }
}

#[test]
fn alt_and_a_letter_is_that_letter_in_keys_mode() {
    for action in ACTIONS.iter().filter(|a| a.group != Group::Edit) {
        for key in action.chat_keys.iter().filter(|k| k.alt) {
            let Code::Char(_) = key.code else { continue };
            assert!(
                action.keys_keys.contains(&Key::plain(key.code)),
                "{key} of {} is something else in keys mode",
                action.name
            );
        }
    }
}

#[test]
fn editing_keys_with_alt_do_nothing_else_in_keys_mode() {
    let letters: Vec<Key> = ACTIONS
        .iter()
        .filter(|a| a.group == Group::Edit)
        .flat_map(|a| a.chat_keys)
        .filter(|k| k.alt && matches!(k.code, Code::Char(_)))
        .map(|k| Key::plain(k.code))
        .collect();

    for action in ACTIONS {
        assert!(
            action.keys_keys.iter().all(|k| !letters.contains(k)),
            "{}",
            action.name
        );
    }
}
