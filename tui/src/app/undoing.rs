//! The line of the chat that tells of what can be undone says how.

use watchtogether_protocol::message::undo::{Change, ChangeId, Undoable, Undone};
use watchtogether_protocol::{LocalTime, MemberId};

use super::App;
use crate::action::ActionId;
use crate::model::Room;
use crate::model::chat_log::Fold;
use crate::model::teller::Teller;
use crate::strings;
use crate::strings::UndoneNames;
use crate::update::Weight;

impl App {
    /// Puts the way to undo behind its line, for who may use it and as long as they can; returns when that ends.
    pub(super) fn show_way_to_undo(&mut self, now: LocalTime) -> Option<LocalTime> {
        let key = self.state.keymap.way(self.state.mode, ActionId::Undo);
        let room = self.room_mut()?;
        let line = room.undoing.line(now).filter(|_| room.controls());
        room.chat
            .set_way(line.map(|(serial, _)| (serial, strings::way_to_undo(&key))));
        line.map(|(_, until)| until)
    }
}

/// Takes in that a change can be undone, and tells it where it is an undo itself or a seek: its line is changed where the
/// seek goes on.
pub(super) fn offered(
    room: &mut Room,
    undoable: &Undoable,
    id: ChangeId,
    until: LocalTime,
    mut tell: Teller<'_>,
) {
    let line = match (undoable.undoes, undoable.change) {
        (Some(undone), _) => {
            let words = undone_words(room, undoable, undone);
            words.and_then(|words| tell.happened(&mut room.chat, words, Weight::Calm, Fold::Same))
        }
        (None, Change::Place { from, to }) => {
            let words = strings::went(&room.who(Some(undoable.by)), from, to);
            let line = room.undoing.line_of(id);
            line.filter(|serial| room.chat.reword(*serial, &words))
                .or_else(|| tell.happened(&mut room.chat, words, Weight::Calm, Fold::Never))
        }
        (None, _) => None,
    };
    room.undoing.offered(undoable, id, until, line);
}

fn undone_words(room: &Room, undoable: &Undoable, undone: Undone) -> Option<String> {
    let author = undone.author;
    let is_own = author == undoable.by;
    let who = |id: MemberId| room.who(Some(id));
    let names = UndoneNames {
        who: who(undoable.by),
        author: (!is_own).then(|| who(author)),
        host: room.host.map(who).unwrap_or_default(),
        title: room
            .transport
            .as_ref()
            .map(|transport| transport.title.to_string())
            .unwrap_or_default(),
    };
    strings::undone(undoable, &names)
}
