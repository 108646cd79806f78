//! The table of home's actions, with keys and help. The hint line, F1 and the keyboard use it.
//!
//! Editing a field is not included: those keys are the input line's, from the room's action table.

use crate::catalogue;
use crate::key::{Code, Key};

/// An action of home.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HomeAction {
    /// The action's id in code.
    pub id: HomeActionId,
    /// Its name in the keys of its messages.
    pub name: &'static str,
    /// The keys; the first is displayed.
    pub keys: &'static [Key],
    /// The message with its label in the hint line.
    label: &'static str,
    /// The message with its line in the help.
    help: &'static str,
    /// The part of home that it works in.
    pub part: HomePart,
}

impl HomeAction {
    /// Returns the label for the hint line, of one or two words.
    pub fn label(&self) -> &'static str {
        catalogue::text(self.label)
    }

    /// Returns the line in the help.
    pub fn help(&self) -> &'static str {
        catalogue::text(self.help)
    }
}

/// A part of home that has its own keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HomePart {
    /// The form and the recent rooms.
    Form,
    /// The browser.
    Browser,
    /// Form and browser.
    Both,
}

macro_rules! actions {
    ($($(#[$doc:meta])* $id:ident [$($key:expr),*] $name:literal $part:ident;)+) => {
        /// The id of an action of home.
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
    /// Does what the focused field is for.
    Choose [key(Code::Enter)] "choose" Form;
    /// Goes to the next field, or completes a path.
    Next [key(Code::Tab), key(Code::Down)] "next" Form;
    /// Goes back to the previous field.
    Previous [Key::shift(Code::Tab), key(Code::Up)] "previous" Form;
    /// Opens the browser.
    Browse [ctrl('o')] "browse" Form;
    /// Enters a recent room again.
    Rejoin [alt('1'), alt('2'), alt('3'), alt('4'), alt('5'), alt('6'), alt('7'), alt('8'), alt('9')] "rejoin" Form;
    /// Removes a recent room from the list.
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
    /// Searches only the next folder.
    NextFolder [key(Code::Tab)] "next-folder" Browser;
    /// Searches only the previous folder.
    PreviousFolder [Key::shift(Code::Tab)] "previous-folder" Browser;
    /// Shows all files, or only films, sound and playlists.
    AllFiles [alt('a')] "all-files" Browser;
    /// Closes the browser or the help, or cancels the current request.
    Back [key(Code::Esc)] "back" Both;
    /// Shows the help.
    Help [key(Code::F(1))] "help" Both;
    /// Clears the field; pressed twice on an empty field, quits.
    Interrupt [ctrl('c')] "interrupt" Both;
    /// Redraws everything.
    Redraw [ctrl('l')] "redraw" Both;
    /// Stops the process until it is continued.
    Suspend [ctrl('z')] "suspend" Both;
    /// Quits the program.
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

/// Returns the action of a key in a part of home.
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
    fn every_action_has_a_key_and_a_text() {
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
        // Up and Down move within a message of several lines, but a field has only one. Del removes a room only if nothing is
        // typed.
        let shared = [key(Code::Up), key(Code::Down), key(Code::Delete)];

        for action in HOME_ACTIONS {
            for key in action.keys.iter().filter(|key| !shared.contains(key)) {
                assert!(!editing.contains(key), "{key}");
            }
        }
    }
}
