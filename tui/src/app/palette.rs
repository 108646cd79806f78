//! The palette's keys.

use super::{App, Damage};
use crate::action::ActionId;
use crate::intent::Intent;
use crate::key::{Code, Key};
use crate::keymap::Mode;
use crate::state::overlay::Overlay;

/// The number of rows of a page.
const PAGE: usize = 10;

/// The maximum length of the search text. It is longer than any row.
const QUERY_CHARS: usize = 60;

impl App {
    pub(super) fn handle_palette_key(&mut self, key: Key) -> Vec<Intent> {
        let action = self.state.keymap.action(Mode::Chat, key);
        if action == Some(ActionId::Redraw) {
            self.damage(Damage::All);
            return Vec::new();
        }
        if action == Some(ActionId::Suspend) {
            return vec![Intent::Suspend];
        }
        let Some(Overlay::Palette(palette)) = &mut self.state.overlay else {
            return Vec::new();
        };
        match key.code {
            Code::Enter => {
                let chosen = palette.chosen();
                return self.choose(chosen);
            }
            Code::Up => palette.move_by(-1),
            Code::Down => palette.move_by(1),
            Code::PageUp => palette.move_by(-PAGE.cast_signed()),
            Code::PageDown => palette.move_by(PAGE.cast_signed()),
            Code::Home => palette.move_by(isize::MIN),
            Code::End => palette.move_by(isize::MAX),
            // As in every list that is filtered by typing.
            Code::Char('p') if key.ctrl => palette.move_by(-1),
            Code::Char('n') if key.ctrl => palette.move_by(1),
            Code::Char('u') if key.ctrl => palette.edit(String::clear),
            Code::Char('w') if key.ctrl => palette.edit(|query| {
                let kept = query.trim_end().rfind(' ').map_or(0, |at| at + 1);
                query.truncate(kept);
            }),
            Code::Backspace => palette.edit(|query| {
                query.pop();
            }),
            Code::Char(c) if key.typed().is_some() && !c.is_control() => {
                if palette.query().chars().count() < QUERY_CHARS {
                    palette.edit(|query| query.push(c));
                }
            }
            Code::Esc => self.state.overlay = None,
            Code::Char(_) | Code::F(_) | Code::Tab | Code::Delete | Code::Left | Code::Right => {
                let closes = matches!(action, Some(ActionId::Interrupt | ActionId::Palette));
                if closes {
                    self.state.overlay = None;
                }
            }
        }
        Vec::new()
    }

    /// Performs the action in a row of the palette. If it takes an argument, its command is started in the input line.
    pub(super) fn choose(&mut self, row: usize) -> Vec<Intent> {
        let Some(Overlay::Palette(palette)) = &self.state.overlay else {
            return Vec::new();
        };
        let Some(action) = palette.rows().get(row).copied() else {
            return Vec::new();
        };
        self.state.overlay = None;
        self.perform(action.id, Key::plain(Code::Enter), None)
    }
}
