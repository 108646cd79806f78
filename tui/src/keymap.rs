//! The key map: which key performs which action in which mode, from the action table and the user's bindings.

mod file;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use crate::action::{ACTIONS, Action, ActionId};
use crate::key::{Code, Key, KeyError};
use crate::nearest::nearest;

pub use file::example;

/// The effect of letter keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mode {
    /// Letters are text.
    Chat,
    /// Letters perform actions.
    Keys,
}

impl Mode {
    /// Both modes.
    pub const ALL: [Self; 2] = [Self::Chat, Self::Keys];

    /// Returns the mode's name in the key file.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Chat => "chat",
            Self::Keys => "keys",
        }
    }

    /// Returns an action's default keys in this mode.
    pub const fn default_keys(self, action: &Action) -> &'static [Key] {
        match self {
            Self::Chat => action.chat_keys,
            Self::Keys => action.keys_keys,
        }
    }
}

/// The keys of both modes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keymap {
    chat: Bindings,
    keys: Bindings,
}

/// A binding by the user: all keys of an action in a mode.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binding {
    /// The mode.
    pub mode: Mode,
    /// The action's name.
    pub action: String,
    /// The keys, as they were written; empty ones count as none.
    pub keys: Vec<String>,
    /// The line of the key file.
    pub line: usize,
}

/// A mistake in the key file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeymapMistake {
    /// The line of the key file.
    pub line: usize,
    /// The mistake.
    pub what: BindingError,
}

/// Why a key cannot be bound like this.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BindingError {
    /// The action does not exist.
    UnknownAction {
        /// The written name.
        word: String,
        /// The nearest existing name.
        nearest: Option<&'static str>,
    },
    /// The text is not a key.
    Key {
        /// The action.
        action: &'static str,
        /// The reason.
        error: KeyError,
    },
    /// The key types a letter in a mode in which letters are text.
    Letter {
        /// The action.
        action: &'static str,
        /// The key.
        key: Key,
    },
    /// The key is already bound in the same mode.
    Twice {
        /// The action.
        action: &'static str,
        /// The key.
        key: Key,
        /// The other action.
        other: &'static str,
        /// The line of the other binding.
        line: usize,
    },
    /// The binding would remove the key that always allows leaving.
    Hatch {
        /// The action.
        action: &'static str,
    },
    /// No key would lead from keys mode to the input line.
    NoWayBack,
}

/// The key that always clears, asks and leaves. Users try it when nothing else helps.
pub(crate) const INTERRUPT: Key = Key::ctrl(Code::Char('c'));

/// How long Ctrl-C on an empty line counts as the first half of leaving: long enough to read the notice.
pub(crate) const INTERRUPT_STANDS: Duration = Duration::from_secs(5);

impl Keymap {
    /// Returns the default keys with the user's bindings, or all mistakes in the bindings.
    ///
    /// A key that the user binds to one action no longer performs the action that has it by default. Neither Ctrl-C nor the last
    /// key that leads back to the input line can be removed.
    pub fn with(bindings: &[Binding]) -> Result<Self, Vec<KeymapMistake>> {
        let mut mistakes = Vec::new();
        let mut keymap = Self::default();
        let mut owners: BTreeMap<(Mode, Key), (&Action, usize)> = BTreeMap::new();
        for binding in bindings {
            let mut wrong = |what| {
                mistakes.push(KeymapMistake {
                    line: binding.line,
                    what,
                });
            };
            let Some(action) = ACTIONS.iter().find(|action| action.name == binding.action) else {
                let word = binding.action.clone();
                let nearest = nearest(&word, ACTIONS.iter().map(|action| action.name));
                wrong(BindingError::UnknownAction { word, nearest });
                continue;
            };
            let mut keys = Vec::new();
            for text in binding.keys.iter().filter(|text| !text.is_empty()) {
                match text.parse::<Key>() {
                    Err(error) => wrong(BindingError::Key {
                        action: action.name,
                        error,
                    }),
                    Ok(key) if binding.mode == Mode::Chat && key.typed().is_some() => {
                        wrong(BindingError::Letter {
                            action: action.name,
                            key,
                        });
                    }
                    Ok(INTERRUPT) if action.id != ActionId::Interrupt => {
                        wrong(BindingError::Hatch { action: action.name });
                    }
                    Ok(key) => match owners.insert((binding.mode, key), (action, binding.line)) {
                        Some((other, line)) => wrong(BindingError::Twice {
                            action: action.name,
                            key,
                            other: other.name,
                            line,
                        }),
                        None => keys.push(key),
                    },
                }
            }
            if action.id == ActionId::Interrupt && !keys.contains(&INTERRUPT) {
                wrong(BindingError::Hatch { action: action.name });
            }
            keymap.of_mut(binding.mode).of_user.insert(action.id, keys);
        }
        for mode in Mode::ALL {
            keymap.of_mut(mode).settle(mode);
        }
        if keymap.keys(Mode::Keys, ActionId::ChatMode).is_empty() {
            let line = binding_of_way_back(bindings).map_or(1, |binding| binding.line);
            mistakes.push(KeymapMistake {
                line,
                what: BindingError::NoWayBack,
            });
        }
        if mistakes.is_empty() {
            Ok(keymap)
        } else {
            mistakes.sort_by_key(|mistake| mistake.line);
            Err(mistakes)
        }
    }

    /// Returns the action of a key in a mode.
    pub fn action(&self, mode: Mode, key: Key) -> Option<ActionId> {
        self.of(mode).actions.get(&key).copied()
    }

    /// Returns the keys of an action in a mode; the first is the one to show.
    pub fn keys(&self, mode: Mode, id: ActionId) -> &[Key] {
        self.of(mode).keys.get(&id).map_or(&[], Vec::as_slice)
    }

    /// Returns the key to show for an action in a mode.
    pub fn key(&self, mode: Mode, id: ActionId) -> Option<Key> {
        self.keys(mode, id).first().copied()
    }

    /// Returns the text for how to perform an action: its key in the mode, otherwise its slash command.
    pub fn way(&self, mode: Mode, id: ActionId) -> String {
        match (self.key(mode, id), id.action().slash_form()) {
            (Some(key), _) => key.to_string(),
            (None, Some(slash)) => format!("/{}", slash.word),
            (None, None) => String::new(),
        }
    }

    const fn of(&self, mode: Mode) -> &Bindings {
        match mode {
            Mode::Chat => &self.chat,
            Mode::Keys => &self.keys,
        }
    }

    const fn of_mut(&mut self, mode: Mode) -> &mut Bindings {
        match mode {
            Mode::Chat => &mut self.chat,
            Mode::Keys => &mut self.keys,
        }
    }
}

impl Default for Keymap {
    fn default() -> Self {
        let of = |mode| {
            let mut bindings = Bindings::default();
            bindings.settle(mode);
            bindings
        };
        Self {
            chat: of(Mode::Chat),
            keys: of(Mode::Keys),
        }
    }
}

/// The keys of one mode.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Bindings {
    /// The actions that the user gave keys to, or took keys from.
    of_user: BTreeMap<ActionId, Vec<Key>>,
    actions: BTreeMap<Key, ActionId>,
    keys: BTreeMap<ActionId, Vec<Key>>,
}

impl Bindings {
    /// Builds both directions from the table and the user's bindings: a key that the user bound performs no other action.
    fn settle(&mut self, mode: Mode) {
        let taken: BTreeSet<Key> = self.of_user.values().flatten().copied().collect();
        self.keys = ACTIONS
            .iter()
            .map(|action| {
                let keys = self.of_user.get(&action.id).cloned().unwrap_or_else(|| {
                    let defaults = mode.default_keys(action).iter();
                    defaults.filter(|key| !taken.contains(key)).copied().collect()
                });
                (action.id, keys)
            })
            .collect();
        self.actions = self
            .keys
            .iter()
            .flat_map(|(id, keys)| keys.iter().map(|key| (*key, *id)))
            .collect();
    }
}

/// Returns the line that removes the last key from keys mode to the input line.
fn binding_of_way_back(bindings: &[Binding]) -> Option<&Binding> {
    let way_back = ActionId::ChatMode.action();
    let takes = |binding: &&Binding| {
        let mut keys = binding.keys.iter().filter_map(|text| text.parse::<Key>().ok());
        binding.mode == Mode::Keys
            && (binding.action == way_back.name || keys.any(|key| way_back.keys_keys.contains(&key)))
    };
    bindings.iter().rfind(takes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::strings::{binding_error, binding_hint};

    fn bound(mode: Mode, action: &str, keys: &[&str], line: usize) -> Binding {
        Binding {
            mode,
            action: action.to_owned(),
            keys: keys.iter().map(|key| (*key).to_owned()).collect(),
            line,
        }
    }

    fn errors_of(bindings: &[Binding]) -> Vec<String> {
        let mistakes = Keymap::with(bindings).expect_err("mistakes");
        mistakes
            .iter()
            .map(|mistake| {
                let (words, hint) = (binding_error(&mistake.what), binding_hint(&mistake.what));
                format!("{}: {words} ({hint})", mistake.line)
            })
            .collect()
    }

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
        assert_eq!(keymap.way(Mode::Chat, ActionId::Back60), "/back-60");
    }

    #[test]
    fn a_users_keys_replace_the_tables_and_are_shown_in_their_order() {
        let keymap = Keymap::with(&[
            bound(Mode::Chat, "play-pause", &["F9", "Alt-Y"], 1),
            bound(Mode::Keys, "go-on", &["m"], 2),
            bound(Mode::Keys, "people", &[""], 3),
        ])
        .expect("right");

        assert_eq!(keymap.way(Mode::Chat, ActionId::PlayPause), "F9");
        assert_eq!(
            keymap.action(Mode::Chat, Key::alt(Code::Char('y'))),
            Some(ActionId::PlayPause)
        );
        assert_eq!(keymap.action(Mode::Chat, Key::alt(Code::Char('p'))), None);
        assert_eq!(keymap.way(Mode::Keys, ActionId::PlayPause), "space");
        assert_eq!(keymap.way(Mode::Keys, ActionId::GoOn), "m");
        assert_eq!(keymap.way(Mode::Keys, ActionId::People), "/who");
        assert_eq!(keymap.way(Mode::Chat, ActionId::People), "F2");
    }

    #[test]
    fn a_key_that_a_user_takes_leaves_the_action_that_had_it() {
        let keymap = Keymap::with(&[bound(Mode::Keys, "go-on", &["p"], 1)]).expect("right");

        assert_eq!(keymap.action(Mode::Keys, Key::char('p')), Some(ActionId::GoOn));
        assert_eq!(keymap.keys(Mode::Keys, ActionId::PlayPause), [Key::char(' ')]);
    }

    #[test]
    fn all_mistakes_are_reported_at_once_with_their_lines_and_the_right_values() {
        let errors = errors_of(&[
            bound(Mode::Chat, "play-puase", &["F9"], 2),
            bound(Mode::Chat, "frobnicate", &["F9"], 3),
            bound(Mode::Chat, "go-to", &["Hyper-G", "Ctrl-I"], 4),
            bound(Mode::Chat, "help", &["h"], 5),
            bound(Mode::Chat, "people", &["F8"], 6),
            bound(Mode::Chat, "sync-now", &["f8"], 7),
        ]);

        assert_eq!(
            errors,
            [
                "2: unknown action \"play-puase\" (did you mean play-pause?)",
                "3: unknown action \"frobnicate\" (see all actions with watchtogether config keys)",
                "4: go-to: unknown key \"Hyper-G\" (write keys as Alt-P, Ctrl-G, F5, space, Shift-Left, PgUp or a \
                 letter)",
                "4: go-to: terminals send Tab for Ctrl-I (write Tab, or use another key)",
                "5: help: h types a letter in [chat] (use Alt-H, or bind it in [keys])",
                "7: sync-now: F8 is already bound to people in line 6 (a key can do only one thing in each table)",
            ]
        );
    }

    #[test]
    fn the_ways_out_cannot_be_lost() {
        let errors = errors_of(&[
            bound(Mode::Chat, "redraw", &["Ctrl-C"], 1),
            bound(Mode::Keys, "interrupt", &[""], 2),
            bound(Mode::Keys, "chat-mode", &[], 3),
        ]);

        assert_eq!(
            errors,
            [
                "1: redraw: Ctrl-C always belongs to interrupt (you can give interrupt more keys)",
                "2: interrupt: Ctrl-C always belongs to interrupt (you can give interrupt more keys)",
                "3: without a key for chat-mode you could not type again after keys-mode (bind chat-mode to a key in [keys])",
            ]
        );
        let added = Keymap::with(&[bound(Mode::Chat, "interrupt", &["F12", "Ctrl-C"], 1)]);
        assert!(added.is_ok());
        let stolen = [
            bound(Mode::Keys, "help", &["i"], 1),
            bound(Mode::Keys, "people", &["/", "Enter"], 2),
        ];
        assert_eq!(Keymap::with(&stolen).expect_err("stolen")[0].line, 2);
    }
}
