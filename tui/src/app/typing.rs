//! Tells the others that something is being written: when it begins, every few seconds while it goes on, and when it
//! does not any more.

use std::time::Duration;

use watchtogether_protocol::LocalTime;

use super::App;
use crate::intent::Intent;

/// How often it is told again while somebody types.
const AGAIN: Duration = Duration::from_secs(3);

/// What the others were told.
#[derive(Clone, Debug, Default)]
pub(super) struct TypingNotice {
    /// What was written when this was last looked at.
    text: String,
    /// When they were told that it is being written.
    told: Option<LocalTime>,
}

impl App {
    /// Returns what the others must be told after a key, and what the user wanted by it. A command is nobody's business,
    /// and what is said says by itself that it is written.
    pub(super) fn typing_intent(&mut self, wanted: &[Intent], now: LocalTime) -> Option<Intent> {
        if wanted.iter().any(|intent| matches!(intent, Intent::Say(_))) {
            self.notice_of_typing = TypingNotice::default();
            return None;
        }
        let text = self.state.editor.text();
        let is_message = !text.trim().is_empty() && (!text.starts_with('/') || text.starts_with("//"));
        let has_changed = self.notice_of_typing.text != text;
        if has_changed {
            text.clone_into(&mut self.notice_of_typing.text);
        }
        self.room()?;
        let told = &mut self.notice_of_typing.told;
        match *told {
            Some(_) if !is_message => {
                *told = None;
                Some(Intent::Typing(false))
            }
            Some(at) if !has_changed || now.saturating_since(at) < AGAIN => None,
            None if !has_changed || !is_message => None,
            Some(_) | None => {
                *told = Some(now);
                Some(Intent::Typing(true))
            }
        }
    }
}
