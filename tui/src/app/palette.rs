//! The palette: every action, filtered by what is typed, and one of them chosen.

use super::{App, Overlay};
use crate::action::{ACTIONS, Action, ActionId, Group};
use crate::fuzzy::Pattern;
use crate::intent::Intent;
use crate::key::{Code, Key};
use crate::keymap::Mode;

/// The rows that a page has.
const PAGE: usize = 10;

/// The letters that a search has at most: longer than any row.
const QUERY_CHARS: usize = 60;

/// What is looked for, and which row is chosen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Palette {
    query: String,
    chosen: usize,
}

impl Palette {
    /// Returns what was typed.
    pub(crate) fn query(&self) -> &str {
        &self.query
    }

    /// Returns which of the rows is chosen.
    pub(crate) const fn chosen(&self) -> usize {
        self.chosen
    }

    /// Returns the actions that answer to what was typed, the best first; without it all, those first that one is more
    /// likely to look for here than to do by habit.
    pub(crate) fn rows(&self) -> Vec<&'static Action> {
        let mut found: Vec<(i32, &Action)> = ACTIONS
            .iter()
            .filter_map(|action| Some((score(&self.query, action)?, action)))
            .collect();
        found.sort_by_key(|(score, action)| (std::cmp::Reverse(*score), rank(action.group)));
        found.into_iter().map(|(_, action)| action).collect()
    }

    /// Chooses the row so many further down, or up where negative.
    pub(crate) fn move_by(&mut self, rows: isize) {
        let last = self.rows().len().saturating_sub(1);
        self.chosen = self.chosen.saturating_add_signed(rows).min(last);
    }

    fn edit(&mut self, change: impl FnOnce(&mut String)) {
        change(&mut self.query);
        self.chosen = 0;
    }
}

const fn rank(group: Group) -> u8 {
    match group {
        Group::Room => 0,
        Group::Mine => 1,
        Group::People => 2,
        Group::App => 3,
        Group::Chat => 4,
        Group::Edit => 5,
    }
}

/// Returns how well an action answers to what was typed: in its help, its label, its name or its slash word. Where one
/// of them is just what was typed, nothing answers better.
fn score(query: &str, action: &Action) -> Option<i32> {
    let query = query.trim_start_matches('/').to_lowercase();
    let pattern = Pattern::new(&query);
    let word = action.slash_form().map_or("", |slash| slash.word);
    [action.help, action.label, action.name, word]
        .into_iter()
        .filter_map(|text| {
            let text = text.to_lowercase();
            let score = pattern.score(&text)?;
            Some(if !query.is_empty() && text == query {
                i32::MAX
            } else {
                score
            })
        })
        .max()
}

impl App {
    pub(super) fn handle_palette_key(&mut self, key: Key) -> Vec<Intent> {
        let action = self.keymap.action(Mode::Chat, key);
        if action == Some(ActionId::Redraw) {
            self.redraw();
            return Vec::new();
        }
        if action == Some(ActionId::Suspend) {
            return vec![Intent::Suspend];
        }
        let Some(Overlay::Palette(palette)) = &mut self.overlay else {
            return Vec::new();
        };
        match key.code {
            Code::Enter => {
                let chosen = palette.chosen;
                return self.choose(chosen);
            }
            Code::Up => palette.move_by(-1),
            Code::Down => palette.move_by(1),
            Code::PageUp => palette.move_by(-PAGE.cast_signed()),
            Code::PageDown => palette.move_by(PAGE.cast_signed()),
            Code::Home => palette.move_by(isize::MIN),
            Code::End => palette.move_by(isize::MAX),
            // As in every list that is searched by typing.
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
                if palette.query.chars().count() < QUERY_CHARS {
                    palette.edit(|query| query.push(c));
                }
            }
            Code::Esc => self.overlay = None,
            Code::Char(_) | Code::F(_) | Code::Tab | Code::Delete | Code::Left | Code::Right => {
                let closes = matches!(action, Some(ActionId::Interrupt | ActionId::Palette));
                if closes {
                    self.overlay = None;
                }
            }
        }
        Vec::new()
    }

    /// Does what stands in a row of the palette; what takes an argument is prepared in the input line.
    pub(super) fn choose(&mut self, row: usize) -> Vec<Intent> {
        let Some(Overlay::Palette(palette)) = &self.overlay else {
            return Vec::new();
        };
        let Some(action) = palette.rows().get(row).copied() else {
            return Vec::new();
        };
        self.overlay = None;
        self.perform(action.id, Key::plain(Code::Enter), None)
    }
}
