//! The chat as text for a file: messages and events, with their times and the film's positions.

use super::chat_log::{ChatLog, ChatMessage, EntryBody};
use super::markup;
use super::wall_clock::WallClock;
use crate::strings;

/// Returns the text.
pub fn transcript(room: &str, title: Option<&str>, chat: &ChatLog, clock: &WallClock) -> String {
    let entries = (0..chat.len()).filter_map(|index| chat.entry(index));
    let lines = entries.map(|entry| {
        let (position, words) = match &entry.body {
            EntryBody::Message(message) => (message.position, transcribed(message)),
            EntryBody::Event(event) => (None, format!("{} {}", strings::EVENT, event.words)),
            EntryBody::Presence(presence) => (None, format!("{} {}", strings::EVENT, presence.words())),
        };
        let position = position.map(|position| strings::position(position, true));
        let position = position.as_deref().unwrap_or(strings::NO_POSITION);
        format!("{}  {position}  {words}\n", clock.hours_and_minutes(entry.at))
    });
    let head = strings::transcript_head(room, title);
    std::iter::once(head).chain(lines).collect()
}

/// Returns a message for the file: a line break in it must not look like another message.
fn transcribed(message: &ChatMessage) -> String {
    let words = match markup::action(&message.text) {
        Some(action) => format!("* {} {action}", message.name),
        None => format!("<{}> {}", message.name, message.text),
    };
    words.replace('\n', "\n                 ")
}
