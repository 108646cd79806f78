//! The palette: every action, filtered by typing, and one of them chosen.

use crate::action::{ACTIONS, Action, Group};
use crate::fuzzy::Pattern;

/// The search text of the palette and the chosen row.
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

    /// Returns the actions that match the search text, the best first. Without a text, returns all of them, beginning with those
    /// that people look up here rather than know by heart.
    pub(crate) fn rows(&self) -> Vec<&'static Action> {
        let mut found: Vec<(i32, &Action)> = ACTIONS
            .iter()
            .filter_map(|action| Some((score(&self.query, action)?, action)))
            .collect();
        found.sort_by_key(|(score, action)| (std::cmp::Reverse(*score), rank(action.group)));
        found.into_iter().map(|(_, action)| action).collect()
    }

    /// Moves the choice down by this many rows, or up if negative.
    pub(crate) fn move_by(&mut self, rows: isize) {
        let last = self.rows().len().saturating_sub(1);
        self.chosen = self.chosen.saturating_add_signed(rows).min(last);
    }

    /// Changes the search text and chooses the first row again.
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

/// Returns how well an action matches a search text, by its help, label, name or slash command. An exact match beats everything
/// else.
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
