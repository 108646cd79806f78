//! Questions before an action, and the keys that answer them.
//!
//! Ordinary typing cannot answer a question: only a chord confirms it; Esc and Ctrl-C cancel it. [`super::answers`] handles
//! letters.

use watchtogether_protocol::RoomIntent;

use super::App;
use crate::action::ActionId;
use crate::intent::Intent;
use crate::key::{Code, Key};
use crate::keymap::Mode;
use crate::state::overlay::Overlay;
use crate::state::question::{Question, YES};

/// The number of lines above which a paste asks first: it is more often a mistake than a message.
pub(super) const PASTED_LINES: usize = 3;

impl App {
    /// Handles a key while a question is shown.
    pub(super) fn answer(&mut self, question: Question, key: Key) -> Vec<Intent> {
        let confirms = match question {
            Question::Leave => {
                key == self.state.chord_to_leave() || self.state.chords_to_leave().any(|chord| chord == key)
            }
            Question::Remove { .. } | Question::HandOver { .. } | Question::Paste(_) => key == YES,
        };
        if confirms {
            return match question {
                Question::Leave => vec![Intent::Leave],
                Question::Remove { member, is_ban } => {
                    vec![Intent::Room(RoomIntent::Remove { member, is_ban })]
                }
                Question::HandOver { to } => vec![Intent::Room(RoomIntent::TransferHost { to })],
                Question::Paste(text) => {
                    let has_room = self.state.editor.paste(&text);
                    self.typed(has_room);
                    Vec::new()
                }
            };
        }
        let is_interrupt = self.state.keymap.action(Mode::Keys, key) == Some(ActionId::Interrupt);
        if key.code != Code::Esc && !is_interrupt {
            self.state.overlay = Some(Overlay::Ask(question));
            if key.code == Code::Enter {
                self.name_keys_of_question();
            }
        }
        Vec::new()
    }

    /// Leaves. Asks first if the key was a plain letter, or if the others would lose their host or room.
    pub(super) fn leave(&mut self, was_letter: bool) -> Vec<Intent> {
        let asks = self.room().is_some_and(|room| {
            let hurts_others = (room.hosts() || room.ends_with_user()) && room.others() > 0;
            was_letter || room.stop.is_none() && hurts_others
        });
        if asks {
            self.state.overlay = Some(Overlay::Ask(Question::Leave));
            Vec::new()
        } else {
            vec![Intent::Leave]
        }
    }
}
