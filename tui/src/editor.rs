//! The input line: text, cursor, cut text, and history.

use unicode_segmentation::UnicodeSegmentation as _;
use watchtogether_protocol::{Clean, limits};

use crate::action::ActionId;

/// The number of messages that Up can bring back.
const HISTORY: usize = 200;

/// A change of the line.
type Edit = fn(&mut Editor);

/// The editing actions. Up and Down are not among them, because they have another meaning in a form.
const EDITS: [(ActionId, Edit); 13] = [
    (ActionId::CursorLeft, Editor::left),
    (ActionId::CursorRight, Editor::right),
    (ActionId::WordLeft, Editor::word_left),
    (ActionId::WordRight, Editor::word_right),
    (ActionId::LineStart, Editor::line_start),
    (ActionId::LineEnd, |editor| {
        editor.line_end();
    }),
    (ActionId::DeleteBack, Editor::delete_back),
    (ActionId::DeleteForward, Editor::delete_forward),
    (ActionId::CutWordBack, Editor::cut_word_back),
    (ActionId::CutWordForward, Editor::cut_word_forward),
    (ActionId::CutToStart, Editor::cut_to_start),
    (ActionId::CutToEnd, Editor::cut_to_end),
    (ActionId::PutBack, |editor| {
        editor.put_back();
    }),
];

/// The input line.
#[derive(Clone, Debug, Default)]
pub struct Editor {
    text: String,
    /// A byte index into `text`, always between two graphemes.
    cursor: usize,
    cut: String,
    history: Vec<String>,
    /// The index of the recalled message in the history, and the draft that it replaced.
    recalled: Option<(usize, String)>,
}

impl Editor {
    /// Performs an editing action on the line; returns whether it was one.
    pub fn perform(&mut self, id: ActionId) -> bool {
        let edit = EDITS.iter().find(|(action, _)| *action == id);
        if let Some((_, edit)) = edit {
            edit(self);
        }
        edit.is_some()
    }

    /// Inserts a character at the cursor; returns whether there was space.
    pub fn insert(&mut self, c: char) -> bool {
        if c.is_control() && c != '\n' {
            return true;
        }
        self.insert_text(c.encode_utf8(&mut [0; 4]))
    }

    /// Inserts a pasted text at the cursor, cleaned; returns whether all of it fitted.
    pub fn paste(&mut self, text: &str) -> bool {
        let clean = Clean::text(&text.replace("\r\n", "\n").replace('\r', "\n"));
        self.insert_text(clean.as_str())
    }

    /// Replaces the text; the cursor goes to its end.
    pub fn set(&mut self, text: &str) {
        text.clone_into(&mut self.text);
        self.cursor = self.text.len();
        self.recalled = None;
    }

    /// Removes the text and adds it to the history.
    pub fn take(&mut self) -> String {
        self.cursor = 0;
        self.recalled = None;
        let text = std::mem::take(&mut self.text);
        if !text.trim().is_empty() && self.history.last() != Some(&text) {
            self.history.push(text.clone());
            if self.history.len() > HISTORY {
                self.history.remove(0);
            }
        }
        text
    }

    /// Replaces the text between `from` and the cursor.
    pub fn replace_from(&mut self, from: usize, with: &str) {
        self.text.replace_range(from..self.cursor, with);
        self.cursor = from + with.len();
    }

    /// Moves one glyph to the left.
    pub fn left(&mut self) {
        self.cursor = self.before(self.cursor);
    }

    /// Moves one glyph to the right.
    pub fn right(&mut self) {
        self.cursor = self.after(self.cursor);
    }

    /// Moves to the beginning of the word before the cursor.
    pub fn word_left(&mut self) {
        self.cursor = self.word_start();
    }

    /// Moves to the end of the word after the cursor.
    pub fn word_right(&mut self) {
        self.cursor = self.word_end();
    }

    /// Moves to the beginning of the line.
    pub fn line_start(&mut self) {
        self.cursor = self.start_of_line();
    }

    /// Moves to the end of the line; returns whether it was there already.
    pub fn line_end(&mut self) -> bool {
        let end = self.end_of_line();
        let stood_there = self.cursor == end;
        self.cursor = end;
        stood_there
    }

    /// Moves a line up, or brings back the previous message.
    pub fn up(&mut self) {
        let start = self.start_of_line();
        if start > 0 {
            let column = self.text[start..self.cursor].graphemes(true).count();
            self.cursor = start - 1;
            self.go_to_column(column);
            return;
        }
        let older = match &self.recalled {
            Some((0, _)) => return,
            Some((index, _)) => index - 1,
            None if self.history.is_empty() => return,
            None => self.history.len() - 1,
        };
        let draft = match self.recalled.take() {
            Some((_, draft)) => draft,
            None => std::mem::take(&mut self.text),
        };
        self.set(&self.history[older].clone());
        self.recalled = Some((older, draft));
    }

    /// Moves a line down, or brings back the next message, and finally the draft.
    pub fn down(&mut self) {
        let end = self.end_of_line();
        if end < self.text.len() {
            let column = self.text[self.start_of_line()..self.cursor]
                .graphemes(true)
                .count();
            self.cursor = end + 1;
            self.go_to_column(column);
            return;
        }
        let Some((index, draft)) = self.recalled.take() else {
            return;
        };
        match self.history.get(index + 1).cloned() {
            Some(newer) => {
                self.set(&newer);
                self.recalled = Some((index + 1, draft));
            }
            None => self.set(&draft),
        }
    }

    /// Returns the newest message that contains these letters in any case, after skipping `passed` of them.
    pub fn said_with(&self, letters: &str, passed: usize) -> Option<&str> {
        let letters = letters.to_lowercase();
        let fits = |line: &&String| !letters.is_empty() && line.to_lowercase().contains(&letters);
        let mut seen: Vec<&str> = Vec::new();
        for line in self.history.iter().rev().filter(fits) {
            if !seen.contains(&line.as_str()) {
                seen.push(line);
            }
        }
        seen.get(passed).copied()
    }

    /// Deletes the glyph before the cursor.
    pub fn delete_back(&mut self) {
        let from = self.before(self.cursor);
        self.text.replace_range(from..self.cursor, "");
        self.cursor = from;
    }

    /// Deletes the glyph after the cursor.
    pub fn delete_forward(&mut self) {
        let to = self.after(self.cursor);
        self.text.replace_range(self.cursor..to, "");
    }

    /// Cuts the word before the cursor.
    pub fn cut_word_back(&mut self) {
        self.cut_range(self.word_start(), self.cursor);
    }

    /// Cuts the word after the cursor.
    pub fn cut_word_forward(&mut self) {
        self.cut_range(self.cursor, self.word_end());
    }

    /// Cuts everything in the line before the cursor.
    pub fn cut_to_start(&mut self) {
        self.cut_range(self.start_of_line(), self.cursor);
    }

    /// Cuts everything in the line after the cursor.
    pub fn cut_to_end(&mut self) {
        self.cut_range(self.cursor, self.end_of_line());
    }

    /// Inserts the last cut text.
    pub fn put_back(&mut self) -> bool {
        let cut = self.cut.clone();
        self.insert_text(&cut)
    }

    /// Returns the text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the text before the cursor.
    pub fn before_cursor(&self) -> &str {
        &self.text[..self.cursor]
    }

    /// Returns whether there is nothing.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Returns how many characters there are.
    pub fn len_chars(&self) -> usize {
        self.text.chars().count()
    }

    fn insert_text(&mut self, text: &str) -> bool {
        let room = limits::CHAT_CHARS.saturating_sub(self.len_chars());
        let fitting: String = text.chars().take(room).collect();
        self.text.insert_str(self.cursor, &fitting);
        // A mark joins the glyph before it and a joiner the one after, so the cursor moves to the end of the resulting glyph.
        self.cursor = self.boundary_from(self.cursor + fitting.len());
        fitting.len() == text.len()
    }

    fn cut_range(&mut self, from: usize, to: usize) {
        if from < to {
            self.cut = self.text[from..to].to_owned();
            self.text.replace_range(from..to, "");
            self.cursor = from;
        }
    }

    fn boundary_from(&self, at: usize) -> usize {
        self.text
            .grapheme_indices(true)
            .map(|(start, _)| start)
            .chain([self.text.len()])
            .find(|start| *start >= at)
            .unwrap_or(self.text.len())
    }

    fn before(&self, at: usize) -> usize {
        let last = self.text[..at].graphemes(true).next_back();
        at - last.map_or(0, str::len)
    }

    fn after(&self, at: usize) -> usize {
        let next = self.text[at..].graphemes(true).next();
        at + next.map_or(0, str::len)
    }

    fn word_start(&self) -> usize {
        let trimmed = self.before_cursor().trim_end();
        let inside = trimmed.rfind(char::is_whitespace);
        let start = inside.map_or(0, |at| {
            at + trimmed[at..].chars().next().map_or(0, char::len_utf8)
        });
        self.boundary_from(start).min(self.cursor)
    }

    fn word_end(&self) -> usize {
        let rest = &self.text[self.cursor..];
        let word = rest.len() - rest.trim_start().len();
        let length = rest[word..]
            .find(char::is_whitespace)
            .unwrap_or(rest.len() - word);
        self.boundary_from(self.cursor + word + length)
    }

    fn start_of_line(&self) -> usize {
        self.before_cursor().rfind('\n').map_or(0, |at| at + 1)
    }

    fn end_of_line(&self) -> usize {
        let rest = &self.text[self.cursor..];
        self.cursor + rest.find('\n').unwrap_or(rest.len())
    }

    fn go_to_column(&mut self, column: usize) {
        let (start, end) = (self.start_of_line(), self.end_of_line());
        let line = &self.text[start..end];
        self.cursor = start + line.graphemes(true).take(column).map(str::len).sum::<usize>();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn editor(text: &str) -> Editor {
        let mut editor = Editor::default();
        assert!(editor.paste(text));
        editor
    }

    #[test]
    fn words_are_cut_and_put_back() {
        let mut editor = editor("that's not how");

        editor.cut_word_back();
        assert_eq!(editor.text(), "that's not ");
        editor.line_start();
        assert!(editor.put_back());

        assert_eq!(editor.text(), "howthat's not ");
        assert_eq!(editor.before_cursor(), "how");
    }

    #[test]
    fn a_glyph_of_many_characters_is_one_step() {
        let mut editor = editor("a👩\u{200d}🔬e\u{301}");

        editor.left();
        editor.left();
        assert_eq!(editor.before_cursor(), "a");
        editor.delete_forward();

        assert_eq!(editor.text(), "aé");
    }

    #[test]
    fn up_recalls_sent_lines_and_down_the_draft() {
        let mut editor = editor("one");
        editor.take();
        editor.set("two");
        editor.take();
        editor.set("draft");

        editor.up();
        assert_eq!(editor.text(), "two");
        editor.up();
        editor.up();
        assert_eq!(editor.text(), "one");
        editor.down();
        editor.down();

        assert_eq!(editor.text(), "draft");
    }

    #[test]
    fn arrows_move_between_the_lines_of_one_message() {
        let mut editor = editor("first\nsecond");

        editor.up();
        assert_eq!(editor.before_cursor(), "first");
        editor.line_start();
        editor.down();

        assert_eq!(editor.before_cursor(), "first\n");
    }

    #[test]
    fn lines_are_cut_to_their_ends_only() {
        let mut editor = editor("first\nsecond");
        editor.word_left();
        editor.right();

        editor.cut_to_end();
        assert_eq!(editor.text(), "first\ns");
        editor.cut_to_start();

        assert_eq!(editor.text(), "first\n");
    }

    #[test]
    fn nothing_longer_than_a_message_is_taken() {
        let mut editor = Editor::default();

        assert!(!editor.paste(&"x".repeat(limits::CHAT_CHARS + 1)));
        assert_eq!(editor.len_chars(), limits::CHAT_CHARS);
        assert!(!editor.insert('x'));
    }

    #[test]
    fn a_paste_loses_what_acts_on_terminals() {
        assert_eq!(editor("a\x1b[31mb\r\nc").text(), "a[31mb\nc");
    }

    #[test]
    fn line_end_reports_whether_the_cursor_was_already_there() {
        let mut editor = editor("abc");
        editor.left();

        assert!(!editor.line_end());
        assert!(editor.line_end());
    }

    proptest! {
        #[test]
        fn the_cursor_is_always_between_two_glyphs(ops in prop::collection::vec((0u8..17, any::<char>()), 0..80)) {
            let mut editor = Editor::default();
            for (op, c) in ops {
                match op {
                    0 => editor.left(),
                    1 => editor.right(),
                    2 => editor.word_left(),
                    3 => editor.word_right(),
                    4 => editor.line_start(),
                    5 => { editor.line_end(); }
                    6 => editor.up(),
                    7 => editor.down(),
                    8 => editor.delete_back(),
                    9 => editor.delete_forward(),
                    10 => editor.cut_word_back(),
                    11 => editor.cut_word_forward(),
                    12 => editor.cut_to_end(),
                    13 => { editor.put_back(); }
                    14 => { editor.take(); }
                    15 => { editor.insert('\n'); }
                    _ => { editor.insert(c); }
                }
                prop_assert!(editor.text.is_char_boundary(editor.cursor));
            }
        }
    }
}
