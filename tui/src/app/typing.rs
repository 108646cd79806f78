//! Tells the others that the user is typing: at the beginning, every few seconds while it continues, and at the end.

use std::time::Duration;

use watchtogether_protocol::LocalTime;

use super::App;
use crate::intent::Intent;

/// The interval at which that is repeated while the user types.
const REPEAT_INTERVAL: Duration = Duration::from_secs(3);

/// The typing state that was last sent to the others.
#[derive(Clone, Debug, Default)]
pub(super) struct TypingNotice {
    /// The text of the input line when it was last checked.
    text: String,
    /// When it was last sent that the user is typing.
    sent_at: Option<LocalTime>,
}

impl App {
    /// Returns what to send after a key, given the user's intents. Commands are not reported as typing, and a sent message shows
    /// by itself that typing has ended.
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
        let sent_at = &mut self.notice_of_typing.sent_at;
        match *sent_at {
            Some(_) if !is_message => {
                *sent_at = None;
                Some(Intent::Typing(false))
            }
            Some(at) if !has_changed || now.saturating_since(at) < REPEAT_INTERVAL => None,
            None if !has_changed || !is_message => None,
            Some(_) | None => {
                *sent_at = Some(now);
                Some(Intent::Typing(true))
            }
        }
    }
}
