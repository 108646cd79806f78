//! Ctrl-R: searches the user's earlier messages, from the newest on, as in a shell.

use super::App;
use crate::action::ActionId;
use crate::key::{Code, Key};
use crate::keymap::Mode;
use crate::state::Recall;

/// The maximum length of the search text.
const CHARS: usize = 60;

impl App {
    /// Starts a search of earlier messages.
    pub(super) fn recall(&mut self) {
        self.state.recall = Some(Recall {
            query: String::new(),
            passed: 0,
            is_found: true,
            draft: self.state.editor.text().to_owned(),
        });
    }

    /// Handles a key during a search; returns whether it belonged to the search. Any other key ends the search with the found
    /// message, and then has its usual effect.
    pub(super) fn handle_recall_key(&mut self, key: Key) -> bool {
        let Some(mut recall) = self.state.recall.take() else {
            return false;
        };
        if self.state.keymap.action(Mode::Chat, key) == Some(ActionId::Recall) {
            recall.passed += usize::from(!recall.query.is_empty());
        } else if key == Key::plain(Code::Esc) || key == Key::ctrl(Code::Char('g')) {
            self.state.editor.set(&recall.draft);
            return true;
        } else if key == Key::plain(Code::Enter) || key == Key::plain(Code::Tab) {
            return true;
        } else if key == Key::plain(Code::Backspace) {
            recall.query.pop();
            recall.passed = 0;
        } else if let Some(c) = key.typed() {
            if recall.query.chars().count() < CHARS {
                recall.query.push(c);
            }
            recall.passed = 0;
        } else {
            return false;
        }
        self.show_recalled(recall);
        true
    }

    fn show_recalled(&mut self, mut recall: Recall) {
        let found = self.state.editor.said_with(&recall.query, recall.passed);
        recall.is_found = found.is_some() || recall.query.is_empty();
        match found.map(str::to_owned) {
            Some(found) => self.state.editor.set(&found),
            None if recall.query.is_empty() => self.state.editor.set(&recall.draft),
            // The oldest match stays.
            None => recall.passed = recall.passed.saturating_sub(1),
        }
        self.state.recall = Some(recall);
    }
}
