//! Letters in keys mode: commands, or the beginning of a message whose author did not notice the mode.
//!
//! Commands come one at a time, letters of a word come in a row. So a letter waits before it acts. If another one follows in that
//! time, both are text and go into the input line, together with letters of the row that have already acted. Keys that type
//! nothing (arrows, Ctrl, Alt, F keys) and a single space act immediately.

use std::time::Duration;

use watchtogether_protocol::LocalTime;

use super::App;
use crate::action::ActionId;
use crate::intent::Intent;
use crate::key::{Code, Key};
use crate::keymap::Mode;
use crate::model::toasts::Origin;
use crate::pace::Enter;
use crate::state::overlay::Overlay;
use crate::strings;
use crate::update::Weight;

/// How long a letter waits for another one. Typists need 240 ms from key to key on average, and a third of that within words. A
/// pause that comes 200 ms late still feels immediate, because the room itself takes 80 ms to agree.
pub(crate) const HOLD: Duration = Duration::from_millis(200);

/// How long the first letter after Esc waits. It is the most likely one to begin a message for the chat.
pub(crate) const FIRST_HOLD: Duration = Duration::from_millis(350);

/// How long a letter waits if it follows a different one shortly, and so is likely to be part of a word.
const FOLLOWING_HOLD: Duration = Duration::from_millis(300);

/// Letters that are closer together than this are in a row: slow typing, but typing.
pub(super) const ROW: Duration = Duration::from_millis(500);

/// The letters pressed in a row, and the one that has not acted yet.
#[derive(Clone, Debug, Default)]
pub(super) struct Letters {
    /// All letters of the row, including those that have acted.
    text: String,
    last_at: Option<LocalTime>,
    held: Option<HeldLetter>,
    /// Whether no key has been pressed since keys mode began.
    pub(super) is_fresh: bool,
}

/// A letter that acts unless another one follows.
#[derive(Clone, Copy, Debug)]
struct HeldLetter {
    key: Key,
    until: LocalTime,
}

/// The meaning of a letter.
#[derive(Clone, Debug, PartialEq, Eq)]
enum LetterMeaning {
    /// Not known yet.
    Waiting,
    /// A command.
    Command(Key),
    /// Text, including all letters of the row.
    Text(String),
}

impl Letters {
    /// Handles a letter. The same letter again is a repeated command, not part of a word.
    fn press(&mut self, key: Key, c: char, is_immediate: bool, now: LocalTime) -> LetterMeaning {
        let is_fresh = std::mem::take(&mut self.is_fresh);
        let is_in_row = self.held.is_some() || self.is_in_row(now);
        if !is_in_row {
            self.text.clear();
        }
        let follows_another = self.text.chars().any(|before| before != c);
        if self.held.is_none() && (is_immediate || c == ' ' && !is_in_row) {
            self.clear();
            return LetterMeaning::Command(key);
        }
        self.note(c, now);
        let before = self.held.take();
        if before.is_some_and(|before| before.key != key) {
            return LetterMeaning::Text(self.take_text());
        }
        let hold = if follows_another {
            FOLLOWING_HOLD
        } else if is_fresh {
            FIRST_HOLD
        } else {
            HOLD
        };
        let until = now + hold;
        self.held = Some(HeldLetter { key, until });
        before.map_or(LetterMeaning::Waiting, |before| {
            LetterMeaning::Command(before.key)
        })
    }

    /// Records a letter that something else used, so that it is not lost if it was the beginning of a word.
    fn note(&mut self, c: char, now: LocalTime) {
        if self.held.is_none() && !self.is_in_row(now) {
            self.text.clear();
        }
        self.text.push(c);
        self.last_at = Some(now);
    }

    fn is_in_row(&self, now: LocalTime) -> bool {
        self.last_at.is_some_and(|at| now.saturating_since(at) < ROW)
    }

    /// Returns the letters in a row if the last was pressed at most `within` before an instant.
    pub(super) fn take_recent(&mut self, before: LocalTime, within: Duration) -> String {
        let is_recent = self
            .last_at
            .is_some_and(|at| before.saturating_since(at) < within);
        let text = self.take_text();
        if is_recent { text } else { String::new() }
    }

    fn take_text(&mut self) -> String {
        let text = std::mem::take(&mut self.text);
        self.clear();
        text
    }

    fn clear(&mut self) {
        *self = Self::default();
    }

    /// Takes the letter that waits, which then does not wait any longer.
    fn take_held(&mut self) -> Option<Key> {
        self.held.take().map(|held| held.key)
    }

    fn due(&mut self, now: LocalTime) -> Option<Key> {
        self.held.filter(|held| held.until <= now)?;
        self.take_held()
    }

    /// Returns when the waiting letter acts.
    pub(super) fn deadline(&self) -> Option<LocalTime> {
        self.held.map(|held| held.until)
    }
}

impl App {
    /// Handles a key: a letter or an Enter may have to wait, or turn out to be text.
    pub(super) fn handle_key(&mut self, key: Key, now: LocalTime) -> Vec<Intent> {
        if self.room().is_none() || self.state.recall.is_some() {
            return self.handle_other_key(key, now);
        }
        let is_writing = self.state.overlay.is_none() && self.state.mode == Mode::Chat;
        let is_enter = key == Key::plain(Code::Enter);
        if is_writing && is_enter && self.state.keymap.action(Mode::Chat, key) == Some(ActionId::Send) {
            return self.handle_enter(key, now);
        }
        let Some(c) = key.typed() else {
            return self.handle_other_key(key, now);
        };
        let is_used = match &self.state.overlay {
            Some(Overlay::Help { .. } | Overlay::Palette(_)) => return self.act_on_key(key, now),
            Some(Overlay::Ask(_)) => return self.take_answer(c, now),
            Some(overlay) => overlay.uses_letter(c),
            None if is_writing => {
                if self.pace.on_character(now) {
                    self.break_pasted_line(now);
                }
                return self.act_on_key(key, now);
            }
            None => return self.press_letter(key, c, now),
        };
        if is_used {
            if matches!(self.state.overlay, Some(Overlay::Member(_))) {
                self.letters.clear();
            } else {
                self.letters.note(c, now);
            }
            return self.act_on_key(key, now);
        }
        self.state.overlay = None;
        self.letters.note(c, now);
        if self.state.mode == Mode::Chat {
            let text = self.letters.take_text();
            self.take_as_text(&text, text.chars().count() > 1, now);
        }
        Vec::new()
    }

    /// Performs the action of a key that has waited long enough.
    pub(super) fn act_on_due_key(&mut self, now: LocalTime) -> Vec<Intent> {
        if self.pace.deadline().is_some_and(|at| at <= now) && self.pace.settle() {
            return self.act_on_key(Key::plain(Code::Enter), now);
        }
        self.act_on_due_answer(now);
        let due = self.letters.due(now);
        due.map_or_else(Vec::new, |key| self.act_on_key(key, now))
    }

    /// Turns waiting letters into text.
    pub(super) fn take_held_as_text(&mut self, now: LocalTime) {
        if self.letters.deadline().is_some() {
            let text = self.letters.take_text();
            self.take_as_text(&text, true, now);
        }
    }

    /// Handles the key that sends; within pasted text it inserts a line break.
    fn handle_enter(&mut self, key: Key, now: LocalTime) -> Vec<Intent> {
        if self.state.editor.is_empty() {
            return self.act_on_key(key, now);
        }
        match self.pace.on_enter(now) {
            Enter::Pressed => return self.act_on_key(key, now),
            Enter::Held => {}
            Enter::Pasted { was_held } => {
                if was_held {
                    self.break_pasted_line(now);
                }
                self.break_pasted_line(now);
            }
        }
        Vec::new()
    }

    fn break_pasted_line(&mut self, now: LocalTime) {
        self.type_char('\n');
        let words = msg!("pasted-together").to_owned();
        self.state.toasts.add(Origin::Screen, words, Weight::Warning, now);
    }

    /// Handles a letter in keys mode.
    fn press_letter(&mut self, key: Key, c: char, now: LocalTime) -> Vec<Intent> {
        // After these actions letters are text anyway, so they need not wait.
        let action = self.state.keymap.action(Mode::Keys, key);
        let is_immediate = matches!(action, Some(ActionId::ChatMode | ActionId::Palette));
        match self.letters.press(key, c, is_immediate, now) {
            LetterMeaning::Waiting => Vec::new(),
            LetterMeaning::Command(key) => self.act_on_key(key, now),
            LetterMeaning::Text(text) => {
                self.take_as_text(&text, true, now);
                Vec::new()
            }
        }
    }

    /// Handles a key that types nothing, after the letters that still wait.
    fn handle_other_key(&mut self, key: Key, now: LocalTime) -> Vec<Intent> {
        let mut wanted = Vec::new();
        if self.end_answer(key == Key::plain(Code::Enter)) {
            return wanted;
        }
        if self.pace.settle() {
            wanted.extend(self.act_on_key(Key::plain(Code::Enter), now));
        }
        let is_of_text = matches!(key.code, Code::Enter | Code::Backspace) && !key.ctrl && !key.alt;
        if is_of_text && self.letters.deadline().is_some() {
            self.take_held_as_text(now);
            if key.code == Code::Enter {
                // The Enter does not send a message that its author has not seen.
                return wanted;
            }
        } else if let Some(held) = self.letters.take_held() {
            wanted.extend(self.act_on_key(held, now));
        }
        self.letters.clear();
        wanted.extend(self.act_on_key(key, now));
        wanted
    }

    /// Puts letters into the input line, and reports that if the user may have meant something else.
    pub(super) fn take_as_text(&mut self, text: &str, is_announced: bool, now: LocalTime) {
        self.state.notice = None;
        self.state.mode = Mode::Chat;
        self.unfocus();
        for c in text.chars() {
            self.type_char(c);
        }
        if is_announced {
            let key = self.state.keymap.way(Mode::Chat, ActionId::KeysMode);
            let words = strings::typing_is_chat(&key);
            self.state.toasts.add(Origin::Screen, words, Weight::Warning, now);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: LocalTime = LocalTime::from_millis(5_000);

    fn press(letters: &mut Letters, c: char, millis: u64) -> LetterMeaning {
        letters.press(Key::char(c), c, false, START + Duration::from_millis(millis))
    }

    fn text(text: &str) -> LetterMeaning {
        LetterMeaning::Text(text.to_owned())
    }

    #[test]
    fn a_letter_alone_acts_when_no_other_followed() {
        let mut letters = Letters::default();

        assert_eq!(press(&mut letters, 'p', 0), LetterMeaning::Waiting);

        assert_eq!(letters.deadline(), Some(START + HOLD));
        assert_eq!(letters.due(START + Duration::from_millis(199)), None);
        assert_eq!(letters.due(START + HOLD), Some(Key::char('p')));
        assert_eq!(letters.deadline(), None);
    }

    #[test]
    fn two_letters_in_quick_succession_are_text() {
        let mut letters = Letters::default();
        press(&mut letters, 's', 0);

        assert_eq!(press(&mut letters, 'p', 150), text("sp"));
        assert_eq!(letters.deadline(), None, "nothing is left to act");
    }

    #[test]
    fn the_second_letter_of_a_slow_word_waits_longer_and_brings_the_first_along() {
        let mut letters = Letters::default();
        press(&mut letters, 's', 0);
        assert_eq!(letters.due(START + HOLD), Some(Key::char('s')));

        assert_eq!(press(&mut letters, 'p', 240), LetterMeaning::Waiting);
        assert_eq!(letters.due(START + Duration::from_millis(470)), None);
        assert_eq!(press(&mut letters, 'o', 480), text("spo"));
    }

    #[test]
    fn the_first_letter_after_esc_waits_longer() {
        let mut letters = Letters {
            is_fresh: true,
            ..Letters::default()
        };

        press(&mut letters, 'p', 0);

        assert_eq!(letters.deadline(), Some(START + FIRST_HOLD));
    }

    #[test]
    fn the_same_letter_again_is_the_same_command_again() {
        let mut letters = Letters::default();
        press(&mut letters, ']', 0);

        assert_eq!(
            press(&mut letters, ']', 40),
            LetterMeaning::Command(Key::char(']'))
        );
        assert_eq!(
            press(&mut letters, ']', 80),
            LetterMeaning::Command(Key::char(']'))
        );
        assert_eq!(
            letters.due(START + Duration::from_millis(80) + HOLD),
            Some(Key::char(']'))
        );
    }

    #[test]
    fn a_space_acts_at_once_unless_it_is_within_a_row() {
        let mut letters = Letters::default();
        assert_eq!(
            press(&mut letters, ' ', 0),
            LetterMeaning::Command(Key::char(' '))
        );

        assert_eq!(press(&mut letters, 'a', 1_000), LetterMeaning::Waiting);
        assert_eq!(press(&mut letters, ' ', 1_090), text("a "));
    }

    #[test]
    fn commands_at_the_pace_of_commands_are_commands() {
        let mut letters = Letters::default();
        for (number, c) in ['m', 'j', 's', 'p'].into_iter().enumerate() {
            let at = 600 * u64::try_from(number).expect("four");

            assert_eq!(press(&mut letters, c, at), LetterMeaning::Waiting);
            let due = letters.due(START + Duration::from_millis(at) + HOLD);
            assert_eq!(due, Some(Key::char(c)));
        }
    }
}
