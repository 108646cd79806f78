//! What is done with the messages of the chat: one is chosen, copied, shown, kept.

use super::App;
use crate::intent::Intent;
use crate::model::chat_log::ChatMessage;
use crate::model::markup;
use crate::model::transcript::transcript;
use crate::view;

impl App {
    /// Chooses the message before the chosen one, or after it; one that names the user where `mentions`.
    pub(super) fn choose_message(&mut self, is_back: bool, mentions: bool) {
        let fits = if mentions {
            |said: &ChatMessage| said.is_mention
        } else {
            |_: &ChatMessage| true
        };
        let Some(room) = self.room_mut() else { return };
        match room.chat.choose_next(is_back, fits) {
            Some(serial) => self.show_message(serial),
            None if mentions => self.state.notice = Some(msg!("no-mention").to_owned()),
            None if is_back => {}
            // Behind the newest is nothing to be chosen: the end is followed again.
            None => {
                room.chat.choose(None);
                room.chat.go_to(None);
            }
        }
    }

    /// A click chooses a message, and one on the chosen message shows what is hidden in it.
    pub(super) fn click_message(&mut self, serial: u64) {
        let Some(room) = self.room_mut() else { return };
        if room.chat.chosen() == Some(serial) {
            room.chat.reveal(serial);
        } else {
            room.chat.choose(Some(serial));
        }
    }

    /// Copies the chosen message, or the newest.
    pub(super) fn copy_message(&mut self) -> Vec<Intent> {
        let said = self.room().and_then(|room| room.chat.meant(|_| true));
        let Some(text) = said.map(|(_, said)| said.text.clone()) else {
            self.state.notice = Some(msg!("chat-empty").to_owned());
            return Vec::new();
        };
        vec![Intent::Copy(text)]
    }

    /// Shows what is hidden in the chosen message, or in the newest that hides something, or hides it again.
    pub(super) fn reveal(&mut self) {
        let meant = self.room().and_then(|room| room.chat.meant(hides));
        let serial = meant.map(|(serial, _)| serial);
        if let (Some(room), Some(serial)) = (self.room_mut(), serial) {
            room.chat.reveal(serial);
            self.show_message(serial);
        } else {
            self.state.notice = Some(msg!("nothing-hidden").to_owned());
        }
    }

    /// Shows what is hidden in the chosen message: what Enter does where nothing is to be sent.
    pub(super) fn reveal_chosen(&mut self) {
        if let Some(room) = self.room_mut()
            && let Some(chosen) = room.chat.chosen()
            && room.chat.meant(hides).is_some()
        {
            room.chat.reveal(chosen);
        }
    }

    /// Returns the request to keep the chat in a file.
    pub(super) fn export(&self, path: String) -> Vec<Intent> {
        let transcript = self.transcript();
        transcript
            .map(|text| Intent::Export { path, text })
            .into_iter()
            .collect()
    }

    /// Returns the chat as a text: what was said and what happened, when, and where the film was.
    fn transcript(&self) -> Option<String> {
        let room = self.room()?;
        let title = room.transport.as_ref().map(|transport| transport.title.as_str());
        Some(transcript(
            room.shown_name(),
            title,
            &room.chat,
            &self.state.clock,
        ))
    }

    fn show_message(&mut self, serial: u64) {
        let (shape, clock, theme) = (self.chat_shape, self.state.clock, self.state.theme);
        if let Some(room) = self.room_mut() {
            let place = view::chat::scroll_to_entry(room, shape, clock, theme, serial);
            room.chat.go_to(place);
        }
    }
}

fn hides(said: &ChatMessage) -> bool {
    markup::hides(&said.text)
}
