//! The questions before actions, and the keys that confirm them.

use watchtogether_protocol::MemberId;

use super::Screen;
use crate::action::ActionId;
use crate::key::{Code, Key};
use crate::keymap::Mode;
use crate::model::Room;
use crate::strings;

/// The key that confirms a question that was not opened by a chord.
pub(crate) const YES: Key = Key::ctrl(Code::Char('y'));

/// A question before an action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Question {
    /// Leave the room.
    Leave,
    /// Remove a member.
    Remove {
        /// The member.
        member: MemberId,
        /// Whether they are banned as well.
        is_ban: bool,
    },
    /// Make a member the host.
    HandOver {
        /// The new host.
        to: MemberId,
    },
    /// Put a long paste into the input line.
    Paste(String),
}

impl Question {
    /// Returns the title, which says what will happen.
    pub(crate) fn title(&self, room: &Room) -> String {
        match self {
            Self::Leave => strings::leave_title(room.others(), room.ends_with_user()),
            Self::Remove { member, is_ban } => strings::remove_title(&room.name_of(*member), *is_ban),
            Self::HandOver { to } => strings::hand_over_title(&room.name_of(*to)),
            Self::Paste(_) => msg!("paste-title").to_owned(),
        }
    }

    /// Returns the sentences below the title. `free` is the number of characters that fit into the input line.
    pub(crate) fn words(&self, room: &Room, free: usize) -> String {
        match self {
            Self::Leave => strings::leave_question(room.others(), room.hosts(), room.ends_with_user()),
            Self::Remove { member, is_ban } => strings::remove_question(&room.name_of(*member), *is_ban),
            Self::HandOver { to } => strings::hand_over_question(&room.name_of(*to)),
            Self::Paste(text) => strings::paste_question(text.lines().count(), text.chars().count(), free),
        }
    }

    /// Returns the label of the confirming key.
    pub(crate) fn action(&self, room: &Room) -> String {
        match self {
            Self::Leave if room.ends_with_user() && room.others() > 0 => msg!("end-room").to_owned(),
            Self::Leave => msg!("leave-room").to_owned(),
            Self::Remove { member, is_ban } => strings::remove_answer(&room.name_of(*member), *is_ban),
            Self::HandOver { .. } => msg!("hand-over").to_owned(),
            Self::Paste(_) => msg!("paste").to_owned(),
        }
    }
}

impl Screen {
    /// Returns the key that confirms a question, with its label.
    pub(crate) fn confirmation(&self, question: &Question, room: &Room) -> (Key, String) {
        let key = match question {
            Question::Leave => self.chord_to_leave(),
            Question::Remove { .. } | Question::HandOver { .. } | Question::Paste(_) => YES,
        };
        (key, question.action(room))
    }

    /// Returns the leave key that is a chord.
    pub(crate) fn chord_to_leave(&self) -> Key {
        self.chords_to_leave().next().unwrap_or(YES)
    }

    /// Returns all leave keys that are chords.
    pub(crate) fn chords_to_leave(&self) -> impl Iterator<Item = Key> {
        Mode::ALL
            .iter()
            .flat_map(|mode| self.keymap.keys(*mode, ActionId::Leave))
            .copied()
            .filter(|key| is_chord(*key))
    }
}

/// Returns whether a key is a chord: one that ordinary typing does not produce.
const fn is_chord(key: Key) -> bool {
    key.ctrl || key.alt || matches!(key.code, Code::F(_))
}
