//! Completion with Tab: names of people, slash commands and their choices, paths after commands that take one, and `:emoji:`,
//! one candidate after another.

use super::App;
use crate::home_vocabulary::PathCompletion;
use crate::intent::Intent;
use crate::slash_command::{self, Typing};
use crate::strings;
use crate::text;

/// The maximum number of emoji that are offered.
const EMOJI: usize = 12;

/// The maximum number of paths that are listed; further Tabs reach all of them.
const NAMED: usize = 20;

/// The candidates that Tab cycles through.
#[derive(Clone, Debug)]
pub(super) struct Completion {
    /// Where the completed word begins in the input line.
    from: usize,
    /// The candidates.
    words: Vec<String>,
    /// The index of the inserted candidate; `None` before the first.
    shown: Option<usize>,
}

impl App {
    /// Completes the word before the cursor, or inserts the next candidate if the last key was Tab too. Completions of a path
    /// arrive with [`crate::Update::Completed`].
    pub(super) fn complete(&mut self, going_on: Option<Completion>) -> Vec<Intent> {
        if let Some(completion) = going_on {
            self.take_next(completion);
            return Vec::new();
        }
        if let Some(path) = self.path_before_cursor() {
            return vec![Intent::CompletePath(path.to_owned())];
        }
        if let Some(completion) = self.candidates() {
            self.take_next(completion);
        }
        Vec::new()
    }

    /// Handles the completions of a path, if the path is still in the line; returns whether it is.
    pub(super) fn path_completed(&mut self, completed: &PathCompletion) -> bool {
        if self.path_before_cursor() != Some(completed.asked.as_str()) {
            return false;
        }
        let from = self.state.editor.before_cursor().len() - completed.asked.len();
        match completed.choices.as_slice() {
            [] => self.state.notice = Some(msg!("home-no-completion").to_owned()),
            [only] => self.state.editor.replace_from(from, &only.text),
            several => {
                self.state.editor.replace_from(from, &completed.text);
                let names = several.iter().take(NAMED).map(|choice| text::safe(&choice.name));
                self.state.notice = Some(names.collect::<Vec<_>>().join("  "));
                self.completion = Some(Completion {
                    from,
                    words: several.iter().map(|choice| choice.text.clone()).collect(),
                    shown: None,
                });
            }
        }
        true
    }

    fn take_next(&mut self, mut completion: Completion) {
        let next = completion
            .shown
            .map_or(0, |shown| (shown + 1) % completion.words.len());
        completion.shown = Some(next);
        self.state
            .editor
            .replace_from(completion.from, &completion.words[next]);
        if completion.words.len() > 1 {
            let words = completion
                .words
                .iter()
                .take(NAMED)
                .map(|word| text::safe(word.trim_end()));
            self.state.notice = Some(words.collect::<Vec<_>>().join("  "));
            self.completion = Some(completion);
        }
    }

    /// Returns the part before the cursor of a path argument of a command.
    fn path_before_cursor(&self) -> Option<&str> {
        let before = self.state.editor.before_cursor();
        let Some(Typing::Argument { slash, .. }) = slash_command::typing(before) else {
            return None;
        };
        let (_, path) = before.split_once(char::is_whitespace)?;
        slash.takes_path().then(|| path.trim_start())
    }

    fn candidates(&self) -> Option<Completion> {
        let before = self.state.editor.before_cursor();
        if let Some(start) = before.strip_prefix('/')
            && !start.contains(char::is_whitespace)
            && !start.starts_with('/')
        {
            let words = slash_command::words_from(&start.to_lowercase());
            return completion(0, words.into_iter().map(|word| format!("/{word} ")).collect());
        }
        if let Some((from, words)) = slash_command::choices(before) {
            return completion(from, words.into_iter().map(str::to_owned).collect());
        }
        let room = self.room()?;
        let from = before
            .rfind(char::is_whitespace)
            .map_or(0, |at| at + before[at..].chars().next().map_or(0, char::len_utf8));
        let word = &before[from..];
        if let Some(start) = word.strip_prefix(':').filter(|start| !start.is_empty()) {
            return completion(from, emoji(&start.to_lowercase()));
        }
        let (at, start) = match word.strip_prefix('@') {
            Some(rest) => ("@", rest),
            None => ("", word),
        };
        let behind = if from == 0 && at.is_empty() {
            strings::ADDRESSED
        } else {
            " "
        };
        let start = start.to_lowercase();
        if start.is_empty() {
            return None;
        }
        let names = room
            .members
            .iter()
            .filter(|member| member.id != room.you)
            .filter(|member| member.name.as_str().to_lowercase().starts_with(&start))
            .map(|member| format!("{at}{}{behind}", member.name.as_str()))
            .collect();
        completion(from, names)
    }
}

/// Returns the emoji whose names begin with this, the shortest name first; only those that all terminals measure alike.
fn emoji(start: &str) -> Vec<String> {
    let start = start.trim_end_matches(':');
    let mut found: Vec<(&str, &str)> = emojis::iter()
        .filter(|emoji| text::safe(emoji.as_str()) == emoji.as_str())
        .flat_map(|emoji| emoji.shortcodes().map(|name| (name, emoji.as_str())))
        .filter(|(name, _)| name.starts_with(start))
        .collect();
    found.sort_by_key(|(name, _)| (name.len(), *name));
    let mut words: Vec<String> = Vec::new();
    for (_, emoji) in found {
        let word = format!("{emoji} ");
        if !words.contains(&word) && words.len() < EMOJI {
            words.push(word);
        }
    }
    words
}

fn completion(from: usize, words: Vec<String>) -> Option<Completion> {
    (!words.is_empty()).then_some(Completion {
        from,
        words,
        shown: None,
    })
}
