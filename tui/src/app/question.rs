//! What is asked before it is done, and the keys that answer.
//!
//! No answer hangs on a key that typing produces: a question is confirmed by a chord, Esc and Ctrl-C withdraw it. What
//! becomes of letters is told in [`super::answers`].

use watchtogether_protocol::MemberId;

use super::{App, Overlay};
use crate::action::ActionId;
use crate::intent::Intent;
use crate::key::{Code, Key};
use crate::keymap::Mode;
use crate::model::Room;
use crate::strings;

/// A paste of more lines than this asks first: it is more often a mistake than a message.
pub(super) const PASTED_LINES: usize = 3;

/// Confirms what has no chord of its own that could be pressed again.
const YES: Key = Key::ctrl(Code::Char('y'));

/// Something that is asked before it is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Question {
    /// Leave the room.
    Leave,
    /// Remove a member.
    Remove {
        /// Who.
        member: MemberId,
        /// Whether they are kept out.
        is_ban: bool,
    },
    /// Hand the room over to a member.
    HandOver {
        /// To whom.
        to: MemberId,
    },
    /// Put a long paste into the input line.
    Paste(String),
}

impl Question {
    /// Returns the title, which says what will happen.
    pub(crate) fn title(&self, room: &Room) -> String {
        match self {
            Self::Leave => strings::leave_title(others(room), room.ends_with_user()),
            Self::Remove { member, is_ban } => strings::remove_title(&room.name_of(*member), *is_ban),
            Self::HandOver { to } => strings::hand_over_title(&room.name_of(*to)),
            Self::Paste(_) => strings::PASTE_TITLE.to_owned(),
        }
    }

    /// Returns the sentences below the title.
    /// `free` is how many characters the input line has room for.
    pub(crate) fn words(&self, room: &Room, free: usize) -> String {
        match self {
            Self::Leave => strings::leave_question(others(room), room.hosts(), room.ends_with_user()),
            Self::Remove { member, is_ban } => strings::remove_question(&room.name_of(*member), *is_ban),
            Self::HandOver { to } => strings::hand_over_question(&room.name_of(*to)),
            Self::Paste(text) => strings::paste_question(text.lines().count(), text.chars().count(), free),
        }
    }

    /// Returns what the key that confirms does.
    fn deed(&self, room: &Room) -> String {
        match self {
            Self::Leave if room.ends_with_user() && others(room) > 0 => strings::END_ROOM.to_owned(),
            Self::Leave => strings::LEAVE_ROOM.to_owned(),
            Self::Remove { member, is_ban } => strings::remove_deed(&room.name_of(*member), *is_ban),
            Self::HandOver { .. } => strings::HAND_OVER.to_owned(),
            Self::Paste(_) => strings::PASTE.to_owned(),
        }
    }
}

impl App {
    /// Returns the key that confirms a question, and what it does.
    pub(crate) fn confirmation(&self, question: &Question, room: &Room) -> (Key, String) {
        let key = match question {
            Question::Leave => self.chord_to_leave(),
            Question::Remove { .. } | Question::HandOver { .. } | Question::Paste(_) => YES,
        };
        (key, question.deed(room))
    }

    /// Returns the key to leave that typing does not produce.
    pub(crate) fn chord_to_leave(&self) -> Key {
        self.chords_to_leave().next().unwrap_or(YES)
    }

    fn chords_to_leave(&self) -> impl Iterator<Item = Key> {
        Mode::ALL
            .iter()
            .flat_map(|mode| self.keymap.keys(*mode, ActionId::Leave))
            .copied()
            .filter(|key| is_chord(*key))
    }

    /// Does what a key means while a question stands.
    pub(super) fn answer(&mut self, question: Question, key: Key) -> Vec<Intent> {
        let confirms = match question {
            Question::Leave => {
                key == self.chord_to_leave() || self.chords_to_leave().any(|chord| chord == key)
            }
            Question::Remove { .. } | Question::HandOver { .. } | Question::Paste(_) => key == YES,
        };
        if confirms {
            return match question {
                Question::Leave => vec![Intent::Leave],
                Question::Remove { member, is_ban } => vec![Intent::Remove { member, is_ban }],
                Question::HandOver { to } => vec![Intent::TransferHost { to }],
                Question::Paste(text) => {
                    let has_room = self.editor.paste(&text);
                    self.typed(has_room);
                    Vec::new()
                }
            };
        }
        let is_interrupt = self.keymap.action(Mode::Keys, key) == Some(ActionId::Interrupt);
        if key.code != Code::Esc && !is_interrupt {
            self.overlay = Some(Overlay::Ask(question));
            if key.code == Code::Enter {
                self.name_keys_of_question();
            }
        }
        Vec::new()
    }

    /// Leaves, or asks first: always where a bare letter said so, else where others lose their host or their room.
    pub(super) fn leave(&mut self, was_letter: bool) -> Vec<Intent> {
        let asks = self.room().is_some_and(|room| {
            let hurts_others = (room.hosts() || room.ends_with_user()) && others(room) > 0;
            was_letter || room.stop.is_none() && hurts_others
        });
        if asks {
            self.overlay = Some(Overlay::Ask(Question::Leave));
            Vec::new()
        } else {
            vec![Intent::Leave]
        }
    }
}

const fn others(room: &Room) -> usize {
    room.members.len().saturating_sub(1)
}

/// Returns whether a key is one that typing does not produce.
const fn is_chord(key: Key) -> bool {
    key.ctrl || key.alt || matches!(key.code, Code::F(_))
}
