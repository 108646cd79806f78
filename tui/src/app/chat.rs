//! Actions on messages of the chat: selecting, copying, revealing and exporting.

use super::App;
use crate::intent::Intent;
use crate::model::chat_log::ChatMessage;
use crate::model::markup;
use crate::model::transcript::transcript;
use crate::view;

impl App {
    /// Selects the message before or after the selected one; if `mentions` is set, only messages that mention the user.
    pub(super) fn choose_message(&mut self, is_back: bool, mentions: bool) {
        let fits = if mentions {
            |message: &ChatMessage| message.is_mention
        } else {
            |_: &ChatMessage| true
        };
        let Some(room) = self.room_mut() else { return };
        match room.chat.choose_next(is_back, fits) {
            Some(serial) => self.show_message(serial),
            None if mentions => self.state.notice = Some(msg!("no-mention").to_owned()),
            None if is_back => {}
            // There is nothing after the newest message, so the chat follows its end again.
            None => {
                room.chat.choose(None);
                room.chat.go_to(None);
            }
        }
    }

    /// Handles a click: it selects a message, and on the selected message it reveals hidden text.
    pub(super) fn click_message(&mut self, serial: u64) {
        let Some(room) = self.room_mut() else { return };
        if room.chat.chosen() == Some(serial) {
            room.chat.reveal(serial);
        } else {
            room.chat.choose(Some(serial));
        }
    }

    /// Copies the selected message, or the newest.
    pub(super) fn copy_message(&mut self) -> Vec<Intent> {
        let message = self.room().and_then(|room| room.chat.chosen_or_newest(|_| true));
        let Some(text) = message.map(|(_, message)| message.text.clone()) else {
            self.state.notice = Some(msg!("chat-empty").to_owned());
            return Vec::new();
        };
        vec![Intent::Copy(text)]
    }

    /// Reveals the hidden text of the selected message, or of the newest that has some, or hides it again.
    pub(super) fn reveal(&mut self) {
        let hidden = self.room().and_then(|room| room.chat.chosen_or_newest(hides));
        let serial = hidden.map(|(serial, _)| serial);
        if let (Some(room), Some(serial)) = (self.room_mut(), serial) {
            room.chat.reveal(serial);
            self.show_message(serial);
        } else {
            self.state.notice = Some(msg!("nothing-hidden").to_owned());
        }
    }

    /// Reveals the hidden text of the selected message: the effect of Enter if there is nothing to send.
    pub(super) fn reveal_chosen(&mut self) {
        if let Some(room) = self.room_mut()
            && let Some(chosen) = room.chat.chosen()
            && room.chat.chosen_or_newest(hides).is_some()
        {
            room.chat.reveal(chosen);
        }
    }

    /// Returns the request to save the chat to a file.
    pub(super) fn export(&self, path: String) -> Vec<Intent> {
        let transcript = self.transcript();
        transcript
            .map(|text| Intent::Export { path, text })
            .into_iter()
            .collect()
    }

    /// Returns the chat as text: messages and events, with their times and the film's positions.
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

fn hides(message: &ChatMessage) -> bool {
    markup::hides(&message.text)
}
