//! Tab: names of people and slash commands, one after the other.

use super::App;
use crate::slash_command;
use crate::strings;

/// Words that a Tab goes through.
#[derive(Clone, Debug)]
pub(super) struct Completion {
    /// Where in the input line the word begins.
    from: usize,
    /// What it can be, whole.
    words: Vec<String>,
    /// Which of them stands there now.
    shown: usize,
}

impl App {
    /// Completes the word before the cursor, or takes the next candidate if the last key did so too.
    pub(super) fn complete(&mut self, going_on: Option<Completion>) {
        let completion = match going_on {
            Some(mut completion) => {
                completion.shown = (completion.shown + 1) % completion.words.len();
                Some(completion)
            }
            None => self.candidates(),
        };
        let Some(completion) = completion else { return };
        self.editor
            .replace_from(completion.from, &completion.words[completion.shown]);
        if completion.words.len() > 1 {
            let words: Vec<&str> = completion.words.iter().map(|word| word.trim_end()).collect();
            self.notice = Some(words.join("  "));
            self.completion = Some(completion);
        }
    }

    fn candidates(&self) -> Option<Completion> {
        let before = self.editor.before_cursor();
        if let Some(start) = before.strip_prefix('/')
            && !start.contains(char::is_whitespace)
            && !start.starts_with('/')
        {
            let words = slash_command::words_from(&start.to_lowercase());
            return completion(0, words.into_iter().map(|word| format!("/{word} ")).collect());
        }
        let room = self.room()?;
        let from = before
            .rfind(char::is_whitespace)
            .map_or(0, |at| at + before[at..].chars().next().map_or(0, char::len_utf8));
        let (at, start) = match before[from..].strip_prefix('@') {
            Some(rest) => ("@", rest),
            None => ("", &before[from..]),
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

fn completion(from: usize, words: Vec<String>) -> Option<Completion> {
    (!words.is_empty()).then_some(Completion {
        from,
        words,
        shown: 0,
    })
}
