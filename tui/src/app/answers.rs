//! Handles letters typed while a question is shown: they may be an answer, or a message whose author did not notice the question.
//!
//! No letter confirms anything, and none gets into the input line unexpectedly, where an Enter for the question would send it. So
//! a single letter, and the words in [`ANSWERS`], only make the question show its keys; `n` and `no` cancel it, which does no
//! harm. Two letters in a row that are not such a word are a message: the question disappears, and they become text together with
//! the letter that opened the question.

use std::time::Duration;

use watchtogether_protocol::LocalTime;

use super::App;
use super::letters::{HOLD, ROW};
use crate::intent::Intent;
use crate::state::overlay::Overlay;
use crate::strings;

/// The words with which people answer questions.
const ANSWERS: [&str; 3] = ["yes", "no", "ok"];

/// How long after a question interrupted a word a letter still belongs to that word. Reading the question takes longer.
const INTERRUPT_WINDOW: Duration = Duration::from_secs(2);

/// The letters that were typed at the question.
#[derive(Clone, Debug, Default)]
pub(super) struct Answer {
    /// The letters in a row.
    text: String,
    begun_at: LocalTime,
    last_at: Option<LocalTime>,
    /// When the letters cancel the question, unless another letter follows.
    withdraws_at: Option<LocalTime>,
}

/// The meaning of a letter.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Reply {
    /// An answer, as far as it is typed.
    Answer,
    /// Text, consisting of all letters typed in a row.
    Message(String),
}

impl Answer {
    fn take(&mut self, c: char, now: LocalTime) -> Reply {
        let is_in_row = self.last_at.is_some_and(|at| now.saturating_since(at) < ROW);
        if !is_in_row {
            self.text.clear();
            self.begun_at = now;
        }
        self.text.push(c);
        self.last_at = Some(now);
        self.withdraws_at = self.withdraws().then(|| now + HOLD);
        if self.is_answer() {
            Reply::Answer
        } else {
            Reply::Message(std::mem::take(&mut self.text))
        }
    }

    /// A repeated letter is not a word either.
    fn is_answer(&self) -> bool {
        let text = self.text.to_lowercase();
        let first = text.chars().next();
        let is_one_letter = text.chars().all(|c| Some(c) == first);
        is_one_letter || ANSWERS.iter().any(|answer| answer.starts_with(&text))
    }

    fn withdraws(&self) -> bool {
        matches!(self.text.to_lowercase().as_str(), "n" | "no")
    }

    /// Returns when the letters take effect.
    pub(super) const fn deadline(&self) -> Option<LocalTime> {
        self.withdraws_at
    }
}

impl App {
    /// Handles a letter while a question is shown.
    pub(super) fn take_answer(&mut self, c: char, now: LocalTime) -> Vec<Intent> {
        match self.answer.take(c, now) {
            Reply::Answer => self.name_keys_of_question(),
            Reply::Message(text) => {
                self.state.overlay = None;
                let before = self.letters.take_recent(self.answer.begun_at, INTERRUPT_WINDOW);
                self.take_as_text(&format!("{before}{text}"), true, now);
            }
        }
        Vec::new()
    }

    /// Shows which keys answer the question.
    pub(super) fn name_keys_of_question(&mut self) {
        let (Some(Overlay::Ask(question)), Some(room)) = (&self.state.overlay, self.room()) else {
            return;
        };
        let (key, action) = self.state.confirmation(question, room);
        self.state.notice = Some(strings::letters_do_not_answer(&key.to_string(), &action));
    }

    /// Cancels the question if the typed letters say no and nothing followed them.
    pub(super) fn act_on_due_answer(&mut self, now: LocalTime) {
        if self.answer.withdraws_at.take_if(|at| *at <= now).is_some() {
            self.withdraw_question();
        }
    }

    /// Handles a key that is not a letter: it ends the typed answer. Returns whether an Enter completed a no.
    pub(super) fn end_answer(&mut self, is_enter: bool) -> bool {
        let is_no = std::mem::take(&mut self.answer).withdraws_at.is_some() && is_enter;
        if is_no {
            self.withdraw_question();
        }
        is_no
    }

    fn withdraw_question(&mut self) {
        if matches!(self.state.overlay, Some(Overlay::Ask(_))) {
            self.state.overlay = None;
            self.state.notice = None;
            self.letters = super::letters::Letters::default();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(text: &str, apart_ms: u64) -> Vec<Reply> {
        let mut answer = Answer::default();
        let times = (0..).map(|number| LocalTime::from_millis(number * apart_ms));
        text.chars()
            .zip(times)
            .map(|(c, now)| answer.take(c, now))
            .collect()
    }

    #[test]
    fn words_of_assent_and_spaced_letters_are_answers() {
        for text in ["y", "Yes", "no", "OK", "yyyy", "x", "q"] {
            let replies = typed(text, 100);
            assert!(replies.iter().all(|reply| *reply == Reply::Answer), "{text}");
        }
        let replies = typed("spoiler", 600);
        assert!(replies.iter().all(|reply| *reply == Reply::Answer));
    }

    #[test]
    fn anything_else_in_a_row_is_a_message_with_all_its_letters() {
        for (text, message) in [("wait", "wa"), ("yes,", "yes,"), ("now", "now"), ("You", "Yo")] {
            let replies = typed(text, 400);
            let first = replies.iter().find(|reply| **reply != Reply::Answer);
            assert_eq!(first, Some(&Reply::Message(message.to_owned())), "{text}");
        }
    }
}
