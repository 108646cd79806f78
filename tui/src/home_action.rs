//! The table of what home can do, with its keys and its help: hint line, F1 and the keyboard read it.
//!
//! Editing a field is not in here: those keys are the input line's, from the room's table of actions.

use crate::catalogue;
use crate::key::{Code, Key};

/// Something that the user of home can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HomeAction {
    /// Which it is, in code.
    pub id: HomeActionId,
    /// Which it is, in the keys of its messages.
    pub name: &'static str,
    /// The keys; the first is the one that is shown.
    pub keys: &'static [Key],
    /// The message that is its label in the hint line.
    label: &'static str,
    /// The message that is its line in the help.
    help: &'static str,
    /// Where it can be done.
    pub part: HomePart,
}

impl HomeAction {
    /// Returns two words for the hint line.
    pub fn label(&self) -> &'static str {
        catalogue::text(self.label)
    }

    /// Returns its line in the help.
    pub fn help(&self) -> &'static str {
        catalogue::text(self.help)
    }
}

/// A part of home with keys of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HomePart {
    /// The form and the recent rooms.
    Form,
    /// The browser.
    Browser,
    /// Both.
    Both,
}

macro_rules! actions {
    ($($(#[$doc:meta])* $id:ident [$($key:expr),*] $name:literal $part:ident;)+) => {
        /// Which action of home.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum HomeActionId { $($(#[$doc])* $id,)+ }

        /// Every action of home, in the order of F1.
        pub const HOME_ACTIONS: &[HomeAction] = &[$(HomeAction {
            id: HomeActionId::$id,
            name: $name,
            keys: &[$($key),*],
            label: concat!("home-action-", $name),
            help: concat!("home-action-", $name, ".help"),
            part: HomePart::$part,
        },)+];
    };
}

const fn key(code: Code) -> Key {
    Key::plain(code)
}

const fn ctrl(c: char) -> Key {
    Key::ctrl(Code::Char(c))
}

const fn alt(c: char) -> Key {
    Key::alt(Code::Char(c))
}

actions! {
    /// Does what the focused field is there for.
    Choose [key(Code::Enter)] "choose" Form;
    /// Goes on to the next field, or completes a path.
    Next [key(Code::Tab), key(Code::Down)] "next" Form;
    /// Goes back to the field before.
    Previous [Key::shift(Code::Tab), key(Code::Up)] "previous" Form;
    /// Opens the browser.
    Browse [ctrl('o')] "browse" Form;
    /// Enters a recent room again.
    Rejoin [alt('1'), alt('2'), alt('3'), alt('4'), alt('5'), alt('6'), alt('7'), alt('8'), alt('9')] "rejoin" Form;
    /// Strikes a recent room off.
    Forget [key(Code::Delete)] "forget" Form;
    /// Takes the chosen file.
    Take [key(Code::Enter)] "take" Browser;
    /// Goes up.
    Up [key(Code::Up), ctrl('p')] "up" Browser;
    /// Goes down.
    Down [key(Code::Down), ctrl('n')] "down" Browser;
    /// Goes up a page.
    PageUp [key(Code::PageUp)] "page-up" Browser;
    /// Goes down a page.
    PageDown [key(Code::PageDown)] "page-down" Browser;
    /// Looks in the next folder alone.
    NextFolder [key(Code::Tab)] "next-folder" Browser;
    /// Looks in the folder before.
    PreviousFolder [Key::shift(Code::Tab)] "previous-folder" Browser;
    /// Shows all files, or films, sound and playlists alone.
    AllFiles [alt('a')] "all-files" Browser;
    /// Gives up: the browser, the help, what is on its way.
    Back [key(Code::Esc)] "back" Both;
    /// Shows the help.
    Help [key(Code::F(1))] "help" Both;
    /// Clears the field; on an empty one twice, ends.
    Interrupt [ctrl('c')] "interrupt" Both;
    /// Draws all anew.
    Redraw [ctrl('l')] "redraw" Both;
    /// Stops the process until it is continued.
    Suspend [ctrl('z')] "suspend" Both;
    /// Ends.
    Quit [ctrl('q')] "quit" Both;
}

impl HomeActionId {
    /// Returns the action's row of the table.
    pub fn action(self) -> &'static HomeAction {
        HOME_ACTIONS
            .iter()
            .find(|action| action.id == self)
            .expect("one macro writes both the ids and the table")
    }

    /// Returns the key to show for it.
    pub fn key(self) -> String {
        match (self, self.action().keys) {
            (Self::Rejoin, [first, .., _]) => format!("{first}…9"),
            (_, [first, ..]) => first.to_string(),
            (_, []) => String::new(),
        }
    }
}

/// Returns what a key does in a part of home.
pub fn action_of(part: HomePart, key: Key) -> Option<HomeActionId> {
    HOME_ACTIONS
        .iter()
        .find(|action| (action.part == part || action.part == HomePart::Both) && action.keys.contains(&key))
        .map(|action| action.id)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_action_has_a_key_and_words() {
        for action in HOME_ACTIONS {
            let has_words = action.label() != action.label && action.help() != action.help;
            assert!(has_words && !action.keys.is_empty(), "{:?}", action.id);
        }
    }

    #[test]
    fn no_key_means_two_things_in_one_part() {
        for part in [HomePart::Form, HomePart::Browser] {
            let mut seen = BTreeSet::new();
            let here = HOME_ACTIONS
                .iter()
                .filter(|action| action.part == part || action.part == HomePart::Both);
            for key in here.flat_map(|action| action.keys) {
                assert!(seen.insert(*key), "{key} means two things");
            }
        }
    }

    #[test]
    fn no_key_of_the_form_edits_text() {
        use crate::action::{ACTIONS, Group};

        let editing: Vec<Key> = ACTIONS
            .iter()
            .filter(|action| action.group == Group::Edit)
            .flat_map(|action| action.chat_keys.iter().copied())
            .collect();
        // Up and Down move in a message of several lines; a field has one. Del forgets only where nothing is typed.
        let shared = [key(Code::Up), key(Code::Down), key(Code::Delete)];

        for action in HOME_ACTIONS {
            for key in action.keys.iter().filter(|key| !shared.contains(key)) {
                assert!(!editing.contains(key), "{key}");
            }
        }
    }
}
