//! The chat: told in lines, gone through, copied, and kept.

use watchtogether_protocol::message::chat::ChatLine;
use watchtogether_protocol::message::room::Entered;
use watchtogether_protocol::message::undo::ChangeId;
use watchtogether_protocol::time::WallTime;
use watchtogether_protocol::{ChatId, Clean, MediaTime, MemberId};
use watchtogether_tui::model::chat_log::{ChatLog, Fold, Said};
use watchtogether_tui::model::markup::{self, Mark, Markup};
use watchtogether_tui::model::transcript::transcript;
use watchtogether_tui::model::wall_clock::WallClock;
use watchtogether_tui::strings::{self, spoken};
use watchtogether_tui::text;
use watchtogether_tui::update::Weight;

/// The chat, as far as it was told.
#[derive(Debug, Default)]
pub(super) struct Talk {
    log: ChatLog,
    own: Option<(MemberId, String)>,
    /// The last seek, and the entry that tells it.
    moved: Option<(ChangeId, u64)>,
}

impl Talk {
    /// Takes in a room; returns what was said there before. The session leaves out what it told already.
    pub(super) fn enter(&mut self, entered: &Entered) -> Vec<String> {
        let you = entered
            .room
            .members
            .iter()
            .find(|member| member.id == entered.you);
        self.own = you.map(|you| (you.id, you.name.to_string()));
        let earlier = entered.chat.iter();
        earlier
            .map(|line| format!("Earlier, {}", self.take(line, false)))
            .collect()
    }

    /// Takes in what somebody said; returns its line, and whether it names the user.
    pub(super) fn said(&mut self, line: &ChatLine) -> (String, bool) {
        let words = self.take(line, true);
        (words, self.log.last_mentions_user())
    }

    /// Takes in that an own line is on its way.
    pub(super) fn pending(&mut self, id: ChatId, text: &Clean, position: Option<MediaTime>, wall: WallTime) {
        let name = self.own.as_ref().map_or(strings::YOU, |(_, name)| name.as_str());
        self.log.pending(id, text, position, name, 0, wall);
    }

    /// Takes in that an own line was refused.
    pub(super) fn refused(&mut self, id: ChatId) {
        self.log.refused(id);
    }

    /// Takes in something else that happened.
    pub(super) fn happened(&mut self, words: &str, wall: WallTime) {
        let words = words.trim_end_matches('.').to_owned();
        self.log.happened(words, Weight::Calm, Fold::Same, wall);
    }

    /// Takes in where somebody went, or that they went on: then its entry is changed.
    pub(super) fn moved(&mut self, id: ChangeId, words: &str, wall: WallTime) {
        let words = words.trim_end_matches('.').to_owned();
        let known = self.moved.filter(|(moved, _)| *moved == id);
        if known.is_none_or(|(_, entry)| !self.log.reword(entry, &words)) {
            let entry = self.log.happened(words, Weight::Calm, Fold::Never, wall);
            self.moved = Some((id, entry));
        }
    }

    /// Forgets what was said.
    pub(super) fn clear(&mut self) {
        self.log.clear();
    }

    /// Chooses the message before the chosen one, or after it, and returns it; one that names the user where `mentions`.
    pub(super) fn choose(&mut self, is_back: bool, mentions: bool) -> String {
        let fits = if mentions {
            |said: &Said| said.is_mention
        } else {
            |_: &Said| true
        };
        let chosen = self.log.choose_next(is_back, fits);
        let said = chosen.and_then(|_| self.log.meant(|_| true));
        match said {
            Some((_, said)) => Self::line(&said.name, said.is_own, &said.text, false),
            None if mentions => spoken::sentence(strings::NO_MENTION),
            None if self.log.meant(|_| true).is_none() => strings::CHAT_EMPTY.to_owned(),
            None if is_back => spoken::OLDEST.to_owned(),
            None => {
                self.log.choose(None);
                spoken::NEWEST.to_owned()
            }
        }
    }

    /// Returns the chosen message, or the newest, as it is copied.
    pub(super) fn meant(&self) -> Option<String> {
        self.log.meant(|_| true).map(|(_, said)| said.text.clone())
    }

    /// Returns what the chosen message hides, or the newest that hides something.
    pub(super) fn revealed(&self) -> Option<String> {
        let (_, said) = self.log.meant(|said| markup::hides(&said.text))?;
        Some(Self::line(&said.name, said.is_own, &said.text, true))
    }

    /// Returns all of it as it is kept.
    pub(super) fn transcript(&self, room: &str, title: Option<&str>, clock: &WallClock) -> String {
        transcript(room, title, &self.log, clock)
    }

    fn take(&mut self, line: &ChatLine, is_news: bool) -> String {
        let own = self.own.as_ref().map(|(id, name)| (*id, name.as_str()));
        let is_own = own.is_some_and(|(id, _)| id == line.from);
        self.log.said(line, 0, own, is_news);
        Self::line(line.name.as_str(), is_own, line.text.as_str(), false)
    }

    /// Returns a message as a line. It begins with a sign that nothing else begins with, whatever its sender is called, or
    /// it could be taken for something that happened.
    fn line(name: &str, is_own: bool, text: &str, is_revealed: bool) -> String {
        let name = if is_own { strings::YOU } else { name };
        let name = text::without_brackets(name);
        let shown = |text: &str| hidden_in_words(text, is_revealed).replace('\n', " / ");
        match markup::action(text) {
            Some(deed) => format!("Action: <{name}> {}", shown(deed)),
            None => format!("<{name}> {}", shown(text)),
        }
    }
}

/// Returns a message with words in the place of what is hidden.
fn hidden_in_words(text: &str, is_revealed: bool) -> String {
    let markup = Markup::new(text, is_revealed);
    let mut words = String::new();
    let mut end = 0;
    for (range, mark) in &markup.marks {
        if *mark == Mark::Hidden {
            words.push_str(&markup.text[end..range.start]);
            words.extend(["(", spoken::HIDDEN, ")"]);
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
    fn what_is_hidden_is_words_until_it_is_asked_for() {
        let text = "he is ||the brother|| of ||her|| https://example.org";

        assert_eq!(
            hidden_in_words(text, false),
            "he is (hidden; /reveal tells it) of (hidden; /reveal tells it) https://example.org"
        );
        assert_eq!(
            hidden_in_words(text, true),
            "he is the brother of her https://example.org"
        );
    }

    #[test]
    fn what_somebody_does_cannot_be_taken_for_what_happened() {
        assert_eq!(Talk::line("bo", false, "/me left.", false), "Action: <bo> left.");
        assert_eq!(Talk::line("bo", true, "a\nb", false), "<you> a / b");
        assert_eq!(
            Talk::line("Connection lost", false, "the server is gone.", false),
            "<Connection lost> the server is gone."
        );
        assert_eq!(Talk::line("bo> hi <x", false, "a", false), "<bo) hi (x> a");
    }
}
