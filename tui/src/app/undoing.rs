//! Shows how to undo a change on its line of the chat.

use watchtogether_protocol::LocalTime;
use watchtogether_protocol::permission::RoomAct;

use super::App;
use crate::action::ActionId;
use crate::strings;

impl App {
    /// Shows how to undo a change after the line about it, to members who may undo it and as long as they can; returns when that
    /// ends.
    pub(super) fn show_way_to_undo(&mut self, now: LocalTime) -> Option<LocalTime> {
        let key = self.state.keymap.way(self.state.mode, ActionId::Undo);
        let room = self.room_mut()?;
        let line = room.undoing.line(now).filter(|_| room.may(RoomAct::Undo));
        room.chat
            .set_way(line.map(|(serial, _)| (serial, strings::way_to_undo(&key))));
        line.map(|(_, until)| until)
    }
}
