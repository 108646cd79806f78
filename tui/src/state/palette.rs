//! The palette: every action, filtered by what is typed, and one of them chosen.

use crate::action::{ACTIONS, Action, Group};
use crate::fuzzy::Pattern;

/// The search of the palette and the chosen row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Palette {
    query: String,
    chosen: usize,
}

impl Palette {
    /// Returns the text that was typed.
    pub(crate) fn query(&self) -> &str {
        &self.query
    }

    /// Returns the number of the chosen row.
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

    /// Changes what is looked for: the first row is chosen again.
    pub(crate) fn edit(&mut self, change: impl FnOnce(&mut String)) {
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
    [action.help(), action.label(), action.name, word]
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
