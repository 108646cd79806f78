//! Shows notices that disappear by themselves: about happenings while the chat does not show them, and about copied text.

use watchtogether_protocol::LocalTime;

use super::App;
use crate::intent::Intent;
use crate::model::Room;
use crate::model::chat_log::EntryBody;
use crate::model::toasts::Origin;
use crate::state::panels::Layout;
use crate::update::Weight;

/// The newest happening, as the chat shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Newest {
    serial: u64,
    words: String,
    weight: Weight,
}

impl App {
    /// Returns the newest line of the chat if it is not on the screen.
    pub(super) fn newest_unseen(&self) -> Option<Newest> {
        let room = self.room().filter(|_| !self.shows_newest())?;
        newest(room)
    }

    /// Adds a notice about a new happening, if there is one.
    pub(super) fn notice_newest(&mut self, before: Option<&Newest>, now: LocalTime) {
        let newest = self.newest_unseen();
        if let Some(newest) = newest.filter(|newest| Some(newest) != before) {
            let origin = Origin::Entry(newest.serial);
            self.state.toasts.add(origin, newest.words, newest.weight, now);
        }
    }

    /// Adds a notice about copied text, which is shown nowhere else.
    pub(super) fn notice_copied(&mut self, wanted: &[Intent], now: LocalTime) {
        if wanted.iter().any(|intent| matches!(intent, Intent::Copy(_))) {
            let words = msg!("copied").to_owned();
            self.state.toasts.add(Origin::Screen, words, Weight::Calm, now);
        }
    }

    /// Removes expired notices; returns when the next one expires.
    pub(super) fn expire_toasts(&mut self, now: LocalTime) -> Option<LocalTime> {
        let shows_newest = self.shows_newest();
        self.state.toasts.expire(shows_newest, now);
        self.state.toasts.next_end()
    }

    /// Returns whether the newest line of the chat is on the screen: the chat is neither scrolled back nor hidden by the panels.
    fn shows_newest(&self) -> bool {
        let is_behind = self.state.panels.have_room && self.state.panels.layout == Layout::PanelsAlone;
        let is_scrolled = self.room().is_some_and(|room| room.chat.place().is_some());
        !is_behind && !is_scrolled
    }
}

fn newest(room: &Room) -> Option<Newest> {
    let serial = room.chat.last_serial();
    let entry = room.chat.entry(room.chat.index_of(serial))?;
    let (words, weight) = match &entry.body {
        EntryBody::Event(event) => (event.words.clone(), event.weight),
        EntryBody::Presence(presence) => (presence.words(), Weight::Calm),
        EntryBody::Message(_) => return None,
    };
    Some(Newest {
        serial,
        words,
        weight,
    })
}
