//! Performs actions in a room: by their row of the action table, by the tables here for screens, or as an edit of the input line.

use super::completion::Completion;
use super::{App, Damage};
use crate::action::{ActionEffect, ActionId};
use crate::intent::Intent;
use crate::key::{Code, Key};
use crate::keymap::Mode;
use crate::slash_command::ChapterTarget;
use crate::state::overlay::Overlay;
use crate::state::palette::Palette;
use crate::state::panels::Focus;

/// A change of the screen only.
type ScreenAction = fn(&mut App);

/// An action that may make requests. It gets the key, and the completion that Tab was cycling through.
type RequestAction = fn(&mut App, Key, Option<Completion>) -> Vec<Intent>;

/// The actions that change only the screen.
const CHANGES: &[(ActionId, ScreenAction)] = &[
    (ActionId::NewLine, |app| app.type_char('\n')),
    (ActionId::KeysMode, |app| app.state.mode = Mode::Keys),
    (ActionId::ScrollUp, |app| app.scroll(-app.page())),
    (ActionId::ScrollDown, |app| app.scroll(app.page())),
    (ActionId::Oldest, |app| app.scroll(isize::MIN)),
    (ActionId::Newest, |app| app.scroll(isize::MAX)),
    (ActionId::ClearChat, App::clear_chat),
    (ActionId::MessageUp, |app| app.choose_message(true, false)),
    (ActionId::MessageDown, |app| app.choose_message(false, false)),
    (ActionId::Mention, |app| app.choose_message(true, true)),
    (ActionId::MentionForward, |app| app.choose_message(false, true)),
    (ActionId::Recall, App::recall),
    (ActionId::Reveal, App::reveal),
    (ActionId::Bans, App::list_bans),
    (ActionId::Where, App::show_position),
    (ActionId::People, |app| {
        app.open_overlay(Overlay::People { scroll: 0 });
    }),
    (ActionId::Player, |app| {
        app.open_overlay(Overlay::Player { scroll: 0 });
    }),
    (ActionId::SyncDetails, |app| {
        app.open_overlay(Overlay::SyncDetails { scroll: 0 });
    }),
    (ActionId::Help, |app| {
        app.open_overlay(Overlay::Help {
            word: None,
            scroll: 0,
        });
    }),
    (ActionId::Palette, |app| {
        app.open_overlay(Overlay::Palette(Palette::default()));
    }),
    (ActionId::Invite, App::show_invite),
    (ActionId::Layout, App::next_layout),
    (ActionId::FocusNext, |app| app.focus_next(false)),
    (ActionId::FocusBack, |app| app.focus_next(true)),
    (ActionId::FocusChat, |app| app.focus(Focus::Chat)),
    (ActionId::FocusPeople, |app| app.focus(Focus::People)),
    (ActionId::FocusSync, |app| app.focus(Focus::Sync)),
    (ActionId::FocusPlayer, |app| app.focus(Focus::Player)),
    (ActionId::Mouse, |app| app.switch_mouse(!app.has_mouse)),
    (ActionId::Redraw, |app| app.damage(Damage::All)),
    (ActionId::Up, |app| app.state.editor.up()),
    (ActionId::Down, |app| app.state.editor.down()),
    (ActionId::LineEnd, App::go_to_line_end),
    (ActionId::PutBack, App::put_back),
];

/// The actions that may have intents, or need more than the screen.
const ASKS: &[(ActionId, RequestAction)] = &[
    (ActionId::Send, |app, _, _| app.send()),
    (ActionId::Complete, |app, _, completion| app.complete(completion)),
    (ActionId::ChatMode, |app, key, _| app.enter_chat_mode(key)),
    (ActionId::Edit, |app, _, _| {
        vec![Intent::Edit(app.draft().to_owned())]
    }),
    (ActionId::Copy, |app, _, _| app.copy_message()),
    (ActionId::Interrupt, |app, _, _| {
        app.interrupt(false, app.drawn_at)
    }),
    (ActionId::Suspend, |_, _, _| vec![Intent::Suspend]),
    (ActionId::Leave, |app, key, _| app.leave(key.typed().is_some())),
];

impl App {
    /// Performs an action in a room; returns the user's intents.
    pub(super) fn perform(&mut self, id: ActionId, key: Key, completion: Option<Completion>) -> Vec<Intent> {
        let action = id.action();
        match &action.effect {
            ActionEffect::Ask(intent) => vec![intent.clone()],
            ActionEffect::ChangeRate(change) => self.change_rate(*change),
            ActionEffect::MoveByChapters(by) => self.go_to_chapter(&ChapterTarget::By(*by)),
            ActionEffect::With(_) => {
                match self.refusal_of(action) {
                    Some(words) => self.state.notice = Some(words),
                    None => self.prepare(action),
                }
                Vec::new()
            }
            ActionEffect::Here(_) => self.perform_here(id, key, completion),
        }
    }

    fn perform_here(&mut self, id: ActionId, key: Key, completion: Option<Completion>) -> Vec<Intent> {
        if let Some(ask) = row(ASKS, id) {
            return ask(self, key, completion);
        }
        if let Some(change) = row(CHANGES, id) {
            change(self);
        } else {
            self.state.editor.perform(id);
        }
        Vec::new()
    }

    /// Makes letters text again. If the key was a slash, it starts a command.
    fn enter_chat_mode(&mut self, key: Key) -> Vec<Intent> {
        self.state.mode = Mode::Chat;
        self.unfocus();
        if key.code == Code::Char('/') && self.state.editor.is_empty() {
            self.type_char('/');
        }
        Vec::new()
    }

    fn clear_chat(&mut self) {
        if let Some(room) = self.room_mut() {
            room.chat.clear();
        }
    }

    fn open_overlay(&mut self, overlay: Overlay) {
        self.state.overlay = Some(overlay);
    }

    /// Goes to the end of the line; if the cursor is already there, to the end of the chat.
    fn go_to_line_end(&mut self) {
        if self.state.editor.line_end() {
            self.scroll(isize::MAX);
        }
    }

    fn put_back(&mut self) {
        let has_room = self.state.editor.put_back();
        self.typed(has_room);
    }
}

fn row<T: Copy>(table: &[(ActionId, T)], id: ActionId) -> Option<T> {
    let row = table.iter().find(|(action, _)| *action == id);
    row.map(|(_, what)| *what)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::action::ACTIONS;
    use crate::editor::Editor;

    #[test]
    fn every_action_that_front_ends_do_differently_is_in_one_table() {
        for action in ACTIONS {
            let id = action.id;
            let tables = [row(CHANGES, id).is_some(), row(ASKS, id).is_some()];
            let rows = tables.into_iter().filter(|has_row| *has_row).count();
            let edits = Editor::default().perform(id);
            // These two do more than edit the line.
            let does_more = matches!(id, ActionId::LineEnd | ActionId::PutBack);
            let is_here = matches!(action.effect, ActionEffect::Here(_));

            let expected = is_here && (!edits || does_more);
            assert_eq!(rows, usize::from(expected), "{}", action.name);
            assert!(is_here || !edits, "{}", action.name);
        }
    }
}
