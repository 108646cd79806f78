//! Which key does what, in which mode. Made from the table of actions.

use std::collections::BTreeMap;

use crate::action::{ACTIONS, ActionId};
use crate::key::Key;

/// What letters do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// They are text.
    Chat,
    /// They act.
    Keys,
}

/// The keys of both modes.
#[derive(Clone, Debug)]
pub struct Keymap {
    chat: BTreeMap<Key, ActionId>,
    keys: BTreeMap<Key, ActionId>,
}

impl Keymap {
    /// Returns what a key does in a mode.
    pub fn action(&self, mode: Mode, key: Key) -> Option<ActionId> {
        self.of(mode).get(&key).copied()
    }

    /// Returns the key to show for an action in a mode: the first of the table that is bound to it.
    pub fn key(&self, mode: Mode, id: ActionId) -> Option<Key> {
        let action = id.action();
        let listed = match mode {
            Mode::Chat => action.chat_keys,
            Mode::Keys => action.keys_keys,
        };
        let bound = self.of(mode);
        listed
            .iter()
            .find(|key| bound.get(key) == Some(&id))
            .or_else(|| bound.iter().find(|(_, bound)| **bound == id).map(|(key, _)| key))
            .copied()
    }

    /// Returns the words for the way to an action: its key in the mode, or else its slash form.
    pub fn way(&self, mode: Mode, id: ActionId) -> String {
        match (self.key(mode, id), id.action().slash) {
            (Some(key), _) => key.to_string(),
            (None, Some(slash)) => format!("/{}", slash.word),
            (None, None) => String::new(),
        }
    }

    fn of(&self, mode: Mode) -> &BTreeMap<Key, ActionId> {
        match mode {
            Mode::Chat => &self.chat,
            Mode::Keys => &self.keys,
        }
    }
}

impl Default for Keymap {
    fn default() -> Self {
        let of = |keys: fn(&crate::action::Action) -> &'static [Key]| {
            ACTIONS
                .iter()
                .flat_map(|action| keys(action).iter().map(|key| (*key, action.id)))
                .collect()
        };
        Self {
            chat: of(|action| action.chat_keys),
            keys: of(|action| action.keys_keys),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::Code;

    #[test]
    fn letters_are_text_in_chat_mode_and_act_in_keys_mode() {
        let keymap = Keymap::default();

        assert_eq!(keymap.action(Mode::Chat, Key::char('p')), None);
        assert_eq!(
            keymap.action(Mode::Keys, Key::char('p')),
            Some(ActionId::PlayPause)
        );
        assert_eq!(
            keymap.action(Mode::Chat, Key::alt(Code::Char('p'))),
            Some(ActionId::PlayPause)
        );
    }

    #[test]
    fn the_way_to_an_action_is_its_key_or_its_slash_form() {
        let keymap = Keymap::default();

        assert_eq!(keymap.way(Mode::Chat, ActionId::GoOn), "Alt-W");
        assert_eq!(keymap.way(Mode::Keys, ActionId::GoOn), "w");
        assert_eq!(keymap.way(Mode::Chat, ActionId::Invite), "/invite");
    }
}
