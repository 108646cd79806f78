//! The chat as lines: reporting, selecting, copying and keeping messages.

use watchtogether_protocol::message::chat::ChatLine;
use watchtogether_protocol::message::undo::ChangeId;
use watchtogether_protocol::time::WallTime;
use watchtogether_protocol::{ChatId, Clean, MediaTime};

use crate::model::Room;
use crate::model::chat_log::{ChatMessage, FoldRule};
use crate::model::markup::{self, Mark, Markup};
use crate::text;
use crate::update::Weight;

/// Adds earlier messages of the room; returns them as lines.
pub(super) fn earlier(room: &mut Room, lines: &[ChatLine]) -> Vec<String> {
    let lines = lines.iter();
    lines
        .map(|line| msg!("spoken-earlier", line = take(room, line, false)))
        .collect()
}

/// Adds a message; returns its line, and whether it mentions the user.
pub(super) fn add_message(room: &mut Room, line: &ChatLine) -> (String, bool) {
    let words = take(room, line, true);
    (words, room.chat.last_mentions_user())
}

/// Adds a line of the user that is being sent.
pub(super) fn pending(
    room: &mut Room,
    id: ChatId,
    text: &Clean,
    position: Option<MediaTime>,
    wall: WallTime,
) {
    let name = room.own_name();
    room.chat.pending(id, text, position, &name, 0, wall);
}

/// Adds another event; returns the entry that reports it.
pub(super) fn happened(room: &mut Room, words: &str, fold: FoldRule, wall: WallTime) -> u64 {
    let words = without_stop(words);
    room.chat.happened(words, Weight::Calm, fold, wall)
}

/// The last seek, and the entry that reports it.
#[derive(Debug, Default)]
pub(super) struct LastSeek(Option<(ChangeId, u64)>);

impl LastSeek {
    /// Adds a seek, or its continuation, which changes the same entry.
    pub(super) fn moved(&mut self, room: &mut Room, id: ChangeId, words: &str, wall: WallTime) {
        let known = self.0.filter(|(moved, _)| *moved == id);
        if known.is_none_or(|(_, entry)| !room.chat.reword(entry, &without_stop(words))) {
            self.0 = Some((id, happened(room, words, FoldRule::Never, wall)));
        }
    }
}

/// Selects the message before or after the selected one, and returns it; only mentions of the user if `mentions`.
pub(super) fn choose(room: &mut Room, is_back: bool, mentions: bool) -> String {
    let fits = if mentions {
        |message: &ChatMessage| message.is_mention
    } else {
        |_: &ChatMessage| true
    };
    let chosen = room.chat.choose_next(is_back, fits);
    let message = chosen.and_then(|_| room.chat.chosen_or_newest(|_| true));
    match message {
        Some((_, message)) => line(&message.name, message.is_own, &message.text, false),
        None if mentions => msg!("spoken-no-mention").to_owned(),
        None if room.chat.chosen_or_newest(|_| true).is_none() => msg!("chat-empty").to_owned(),
        None if is_back => msg!("spoken-oldest").to_owned(),
        None => {
            room.chat.choose(None);
            msg!("spoken-newest").to_owned()
        }
    }
}

/// Returns the selected message, or the newest, as it is copied.
pub(super) fn message_to_copy(room: &Room) -> Option<String> {
    room.chat
        .chosen_or_newest(|_| true)
        .map(|(_, message)| message.text.clone())
}

/// Returns the hidden text of the selected message, or of the newest that has some.
pub(super) fn revealed(room: &Room) -> Option<String> {
    let (_, message) = room
        .chat
        .chosen_or_newest(|message| markup::hides(&message.text))?;
    Some(line(&message.name, message.is_own, &message.text, true))
}

fn take(room: &mut Room, message: &ChatLine, is_news: bool) -> String {
    let own_name = room.own_name();
    room.chat
        .add_message(message, 0, Some((room.you, &own_name)), is_news);
    let is_own = message.from == room.you;
    line(message.name.as_str(), is_own, message.text.as_str(), false)
}

fn without_stop(words: &str) -> String {
    words.trim_end_matches('.').to_owned()
}

/// Returns a message as a line. It begins with a symbol that nothing else begins with, whatever its sender's name; otherwise it
/// could be taken for an event.
fn line(name: &str, is_own: bool, text: &str, is_revealed: bool) -> String {
    let name = if is_own { msg!("you") } else { name };
    let name = text::without_brackets(name);
    let shown = |text: &str| hidden_in_words(text, is_revealed).replace('\n', " / ");
    match markup::action(text) {
        Some(action) => msg!("spoken-action", name = name.as_str(), text = shown(action)),
        None => format!("<{name}> {}", shown(text)),
    }
}
/// Returns a message with words in place of hidden text.
fn hidden_in_words(text: &str, is_revealed: bool) -> String {
    let markup = Markup::new(text, is_revealed);
    let mut words = String::new();
    let mut end = 0;
    for (range, mark) in &markup.marks {
        if *mark == Mark::Hidden {
            words.push_str(&markup.text[end..range.start]);
            words.push_str(msg!("spoken-hidden"));
            end = range.end;
        }
    }
    words.push_str(&markup.text[end..]);
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_text_is_described_in_words_until_it_is_revealed() {
        let text = "he is ||the brother|| of ||her|| https://example.org";

        assert_eq!(
            hidden_in_words(text, false),
            "he is (hidden; /reveal shows it) of (hidden; /reveal shows it) https://example.org"
        );
        assert_eq!(
            hidden_in_words(text, true),
            "he is the brother of her https://example.org"
        );
    }

    #[test]
    fn a_members_action_line_cannot_be_taken_for_an_event() {
        assert_eq!(line("bo", false, "/me left.", false), "Action: <bo> left.");
        assert_eq!(line("bo", true, "a\nb", false), "<you> a / b");
        assert_eq!(
            line("Connection lost", false, "the server is gone.", false),
            "<Connection lost> the server is gone."
        );
        assert_eq!(line("bo> hi <x", false, "a", false), "<bo) hi (x> a");
    }
}
