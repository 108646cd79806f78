//! The invite card: its contents and its keys.

use super::App;
use crate::intent::Intent;
use crate::key::{Code, Key};
use crate::state::overlay::{InviteView, Overlay};
use crate::strings;

impl App {
    pub(super) fn show_invite(&mut self) {
        if self.room().is_some_and(|room| room.invite.is_some()) {
            self.state.overlay = Some(Overlay::Invite(InviteView::default()));
        } else {
            self.state.notice = Some(msg!("no-invite").to_owned());
        }
    }

    /// Handles a key on the card; returns `None` if it closes the card.
    pub(super) fn handle_invite_key(&mut self, view: InviteView, key: Key) -> Option<Vec<Intent>> {
        if key.ctrl || key.alt {
            return None;
        }
        let invite = self.room().and_then(|room| room.invite.as_ref())?;
        let copied = if key.code == Code::Char('c') {
            Some(&invite.invite)
        } else if key.code == Code::Char('l') {
            Some(invite.local.as_ref()?)
        } else {
            None
        };
        if let Some(text) = copied {
            let line = strings::invite_line(text.as_str());
            self.state.overlay = Some(Overlay::Invite(view));
            return Some(vec![Intent::Copy(line)]);
        }
        let next = if key.code == Code::Char('q') {
            InviteView {
                shows_code: !view.shows_code,
                scroll: 0,
            }
        } else {
            let scroll = super::actions::scrolled(key, view.scroll)?;
            InviteView { scroll, ..view }
        };
        self.state.overlay = Some(Overlay::Invite(next));
        Some(Vec::new())
    }
}
