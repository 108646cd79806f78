//! The typed line, on a terminal that does not echo: output goes above it, and it is never interrupted.
//!
//! A character at the end is written alone, so that a screen reader speaks a letter instead of the line. The simplest terminals
//! understand only backspace and carriage return. There, a line that fits into one row is overwritten with spaces, and a longer
//! one is written again below.

use std::time::Duration;

use watchtogether_protocol::{LocalTime, limits};

use crate::action::{ActionId, Group};
use crate::editor::Editor;
use crate::key::{Code, Key};
use crate::keymap::{Keymap, Mode};
use crate::pace::{Enter, Pace};
use crate::text;

/// Written before the line that is being typed.
const PROMPT: &str = "> ";

/// How long Ctrl-C on an empty line counts as the first half of leaving: long enough to hear the notice.
pub const INTERRUPT_STANDS: Duration = Duration::from_secs(5);

/// The prompt with the typed text.
#[derive(Debug)]
pub struct Prompt {
    editor: Editor,
    keymap: Keymap,
    /// Whether the terminal does not understand escape sequences.
    is_dumb: bool,
    columns: usize,
    /// The line on the terminal: all of it, and the part before the cursor.
    shown: Option<(String, String)>,
    /// Until when another Ctrl-C on an empty line leaves.
    leaves_until: Option<LocalTime>,
    /// The timing of the input.
    pace: Pace,
}

/// The effect of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyOutcome {
    /// It edited the line.
    Editing,
    /// It completed a line.
    Line(String),
    /// It triggered an action.
    Action(ActionId),
    /// It was the first Ctrl-C on an empty line.
    Interrupted,
    /// It was the second Ctrl-C.
    Leave,
    /// It ended pasted lines, on a terminal that does not mark pastes.
    Pasted,
    /// It was Tab: this text before the cursor should be completed.
    Complete(String),
}

impl Prompt {
    /// Returns an empty line.
    pub fn new(keymap: Keymap, is_dumb: bool) -> Self {
        Self {
            editor: Editor::default(),
            keymap,
            is_dumb,
            columns: 80,
            shown: None,
            leaves_until: None,
            pace: Pace::default(),
        }
    }

    /// Handles a key on a terminal with this many columns; returns its effect.
    pub fn handle_key(&mut self, key: Key, columns: usize, now: LocalTime) -> KeyOutcome {
        self.columns = columns.max(2);
        let leaves = self.leaves_until.take().is_some_and(|until| now < until);
        let Some(id) = self.keymap.action(Mode::Chat, key) else {
            return self.type_key(key, now);
        };
        if id == ActionId::Send && !self.editor.is_empty() {
            return self.enter(now);
        }
        if id == ActionId::Send {
            return KeyOutcome::Line(String::new());
        }
        if id == ActionId::Interrupt {
            if self.editor.is_empty() {
                if leaves {
                    return KeyOutcome::Leave;
                }
                self.leaves_until = Some(now + INTERRUPT_STANDS);
                return KeyOutcome::Interrupted;
            }
            self.editor.take();
            return KeyOutcome::Editing;
        }
        if id == ActionId::Complete {
            return KeyOutcome::Complete(self.editor.before_cursor().to_owned());
        }
        if self.editor.is_empty() && key == Key::ctrl(Code::Char('d')) {
            return KeyOutcome::Action(ActionId::Leave);
        }
        if id.action().group != Group::Edit || !self.edit(id) {
            return KeyOutcome::Action(id);
        }
        KeyOutcome::Editing
    }

    /// Returns the effect of a held Enter, before a key that text cannot contain.
    pub fn before(&mut self, key: Key) -> Option<KeyOutcome> {
        let is_text = key.typed().is_some() || self.keymap.action(Mode::Chat, key) == Some(ActionId::Send);
        (!is_text && self.pace.settle()).then(|| KeyOutcome::Line(self.editor.take()))
    }

    /// Returns the effect of a held Enter.
    pub fn handle_timeout(&mut self, now: LocalTime) -> Option<KeyOutcome> {
        self.pace.deadline().filter(|at| *at <= now)?;
        self.pace.settle().then(|| KeyOutcome::Line(self.editor.take()))
    }

    /// Returns when [`Prompt::handle_timeout`] has something to do.
    pub const fn poll_timeout(&self) -> Option<LocalTime> {
        self.pace.deadline()
    }

    /// Returns how many more characters fit into the line.
    pub fn free_chars(&self) -> usize {
        limits::CHAT_CHARS.saturating_sub(self.editor.len_chars())
    }

    fn type_key(&mut self, key: Key, now: LocalTime) -> KeyOutcome {
        let Some(c) = key.typed() else {
            return KeyOutcome::Editing;
        };
        let is_pasted = self.pace.on_character(now);
        if is_pasted {
            self.editor.insert('\n');
        }
        self.editor.insert(c);
        if is_pasted {
            KeyOutcome::Pasted
        } else {
            KeyOutcome::Editing
        }
    }

    fn enter(&mut self, now: LocalTime) -> KeyOutcome {
        match self.pace.on_enter(now) {
            Enter::Pressed => KeyOutcome::Line(self.editor.take()),
            Enter::Held => KeyOutcome::Editing,
            Enter::Pasted { was_held } => {
                self.editor.insert('\n');
                if was_held {
                    self.editor.insert('\n');
                    return KeyOutcome::Pasted;
                }
                KeyOutcome::Editing
            }
        }
    }

    /// Replaces the line.
    pub fn set(&mut self, text: &str) {
        self.editor.set(text);
    }

    /// Inserts pasted text at the cursor; returns whether all of it fitted.
    pub fn paste(&mut self, text: &str) -> bool {
        self.editor.paste(text)
    }

    /// Replaces the end of the text before the cursor.
    pub fn complete(&mut self, from: usize, with: &str) {
        self.editor.replace_from(from, with);
    }

    /// Returns the line.
    pub fn text(&self) -> &str {
        self.editor.text()
    }

    /// Returns the sequence that removes the line, so that others can be written in its place.
    pub fn hide(&mut self) -> String {
        let Some((whole, before)) = self.shown.take() else {
            return String::new();
        };
        if !self.is_dumb {
            let (row, _) = self.place(&before);
            return format!("\r{}\x1b[J", up(row));
        }
        if self.place(&whole).0 == 0 {
            let cells = text::width(&whole);
            return format!("\r{}\r", " ".repeat(cells));
        }
        "\r\n".to_owned()
    }

    /// Returns the sequence that leaves the line where it is, for good.
    pub fn leave(&mut self) -> String {
        let Some((whole, before)) = self.shown.take() else {
            return String::new();
        };
        let below = self.place(&whole).0 - self.place(&before).0;
        format!("{}\r\n", "\n".repeat(below))
    }

    /// Returns the sequence that shows the present line, as short as possible.
    pub fn show(&mut self) -> String {
        let whole = format!("{PROMPT}{}", flat(self.editor.text()));
        let before = format!("{PROMPT}{}", flat(self.editor.before_cursor()));
        let new = (whole, before);
        if self.shown.as_ref() == Some(&new) {
            return String::new();
        }
        if let Some(suffix) = self.suffix(&new) {
            self.shown = Some(new);
            return suffix;
        }
        let mut out = self.hide();
        let (whole, before) = &new;
        out.push_str(whole);
        let (end_row, end_column) = self.place(whole);
        out.push_str(self.edge(whole));
        let (row, column) = self.place(before);
        if end_row == row {
            out.push_str(&"\x08".repeat(end_column - column));
        } else if !self.is_dumb {
            let right = if column > 0 {
                format!("\x1b[{column}C")
            } else {
                String::new()
            };
            out.extend(["\r", &up(end_row - row), &right]);
        }
        self.shown = Some(new);
        out
    }

    /// Returns the characters typed or deleted at the end, if nothing else changed.
    fn suffix(&self, (whole, before): &(String, String)) -> Option<String> {
        let (old, old_before) = self.shown.as_ref()?;
        if old != old_before || whole != before {
            return None;
        }
        if let Some(more) = whole.strip_prefix(old.as_str()) {
            return Some(format!("{more}{}", self.edge(whole)));
        }
        let less = old.strip_prefix(whole.as_str())?;
        (self.place(old).0 == 0).then(|| "\x08 \x08".repeat(text::width(less)))
    }

    /// Returns the sequence that moves the cursor into the next row if a text ends in the last column, where terminals wait.
    fn edge(&self, whole: &str) -> &'static str {
        let (row, column) = self.place(whole);
        if row > 0 && column == 0 { " \r" } else { "" }
    }

    /// Returns the row and the column after a text.
    fn place(&self, text: &str) -> (usize, usize) {
        let (mut row, mut column) = (0, 0);
        for c in text.chars() {
            let cells = text::glyph_width(c.encode_utf8(&mut [0; 4]));
            if column + cells > self.columns {
                (row, column) = (row + 1, 0);
            }
            column += cells;
            if column == self.columns {
                (row, column) = (row + 1, 0);
            }
        }
        (row, column)
    }

    /// Performs an editing action on the line, and returns whether it was one.
    fn edit(&mut self, id: ActionId) -> bool {
        if id == ActionId::Up {
            self.editor.up();
        } else if id == ActionId::Down {
            self.editor.down();
        } else {
            return self.editor.perform(id);
        }
        true
    }
}

/// Returns a message of several lines as one line, for typing.
fn flat(text: &str) -> String {
    text.replace('\n', " ")
}

fn up(rows: usize) -> String {
    match rows {
        0 => String::new(),
        rows => format!("\x1b[{rows}A"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: u16 = 20;

    struct Terminal {
        prompt: Prompt,
        parser: vt100::Parser,
        bytes: String,
        now: LocalTime,
    }

    impl Terminal {
        fn new(is_dumb: bool) -> Self {
            let mut terminal = Self {
                prompt: Prompt::new(Keymap::default(), is_dumb),
                parser: vt100::Parser::new(8, COLUMNS, 0),
                bytes: String::new(),
                now: LocalTime::default(),
            };
            terminal.shows();
            terminal
        }

        fn write(&mut self, text: &str) {
            self.bytes.push_str(text);
            self.parser.process(text.as_bytes());
        }

        fn shows(&mut self) {
            let shown = self.prompt.show();
            self.write(&shown);
        }

        fn types(&mut self, text: &str) {
            for c in text.chars() {
                self.presses(Key::char(c));
            }
        }

        fn presses(&mut self, key: Key) -> KeyOutcome {
            self.now = self.now + Duration::from_millis(100);
            let typed = self.prompt.handle_key(key, COLUMNS.into(), self.now);
            self.shows();
            typed
        }

        fn prints(&mut self, line: &str) {
            let hidden = self.prompt.hide();
            self.write(&format!("{hidden}{line}\r\n"));
            self.shows();
        }

        fn rows(&self) -> Vec<String> {
            let contents = self.parser.screen().contents();
            contents.lines().map(|row| row.trim_end().to_owned()).collect()
        }
    }

    #[test]
    fn an_event_is_printed_above_a_half_typed_line() {
        let mut terminal = Terminal::new(false);
        terminal.types("hal");

        terminal.prints("bo: hi");
        terminal.types("f");

        assert_eq!(terminal.rows(), ["bo: hi", "> half"]);
    }

    #[test]
    fn a_line_of_several_rows_is_kept_whole_too_and_is_edited_within() {
        let mut terminal = Terminal::new(false);
        let line = "the quick brown fox jumps over 猫 the lazy dog";
        terminal.types(line);
        let before = terminal.rows();

        terminal.prints("bo: hi");
        assert_eq!(terminal.rows()[1..], before);
        for _ in 0..30 {
            terminal.presses(Key::plain(Code::Left));
        }
        terminal.types("X");
        terminal.presses(Key::plain(Code::Home));
        terminal.prints("bo: ho");
        terminal.presses(Key::plain(Code::End));

        assert_eq!(terminal.prompt.text().replace('X', ""), line);
        let rows = terminal.rows();
        assert_eq!(rows[..2], ["bo: hi", "bo: ho"]);
        assert_eq!(
            rows[2..].concat().replace(' ', ""),
            format!("> {}", terminal.prompt.text()).replace(' ', "")
        );
    }

    #[test]
    fn a_line_that_ends_at_the_margin_is_taken_away_whole() {
        for length in 16..=20 {
            let mut terminal = Terminal::new(false);
            terminal.types(&"a".repeat(length));

            terminal.prints("bo: hi");
            terminal.presses(Key::ctrl(Code::Char('u')));

            assert_eq!(terminal.rows(), ["bo: hi", ">"], "{length}");
        }
    }

    #[test]
    fn a_dumb_terminal_is_sent_no_sequence() {
        let mut terminal = Terminal::new(true);
        terminal.types("a line that is longer than the terminal");
        terminal.prints("bo: hi");
        terminal.presses(Key::ctrl(Code::Char('w')));
        terminal.presses(Key::plain(Code::Left));
        terminal.prints("bo: ho");

        assert!(!terminal.bytes.contains('\x1b'), "{:?}", terminal.bytes);
        assert_eq!(terminal.prompt.text(), "a line that is longer than the ");
    }

    #[test]
    fn a_letter_is_written_alone_and_taken_back_alone() {
        let mut terminal = Terminal::new(false);
        terminal.types("ab");
        terminal.bytes.clear();

        terminal.types("c");
        terminal.presses(Key::plain(Code::Backspace));

        assert_eq!(terminal.bytes, "c\x08 \x08");
    }

    #[test]
    fn leaving_takes_two_keys_on_an_empty_line_and_a_line_is_cleared_first() {
        let mut terminal = Terminal::new(false);
        let interrupt = Key::ctrl(Code::Char('c'));
        terminal.types("draft");

        assert_eq!(terminal.presses(interrupt), KeyOutcome::Editing);
        assert_eq!(terminal.prompt.text(), "");
        assert_eq!(terminal.presses(interrupt), KeyOutcome::Interrupted);
        terminal.types("x");
        terminal.presses(Key::plain(Code::Backspace));
        assert_eq!(
            terminal.presses(interrupt),
            KeyOutcome::Interrupted,
            "not in a row"
        );
        assert_eq!(terminal.presses(interrupt), KeyOutcome::Leave);
        let end = terminal.presses(Key::ctrl(Code::Char('d')));
        assert_eq!(end, KeyOutcome::Action(ActionId::Leave));
    }

    #[test]
    fn an_interrupt_long_after_another_warns_again() {
        let mut terminal = Terminal::new(false);
        let interrupt = Key::ctrl(Code::Char('c'));
        assert_eq!(terminal.presses(interrupt), KeyOutcome::Interrupted);

        terminal.now = terminal.now + INTERRUPT_STANDS;

        assert_eq!(terminal.presses(interrupt), KeyOutcome::Interrupted);
        assert_eq!(terminal.presses(interrupt), KeyOutcome::Leave);
    }

    #[test]
    fn lines_pasted_into_a_terminal_that_does_not_mark_pastes_are_one_message() {
        let mut terminal = Terminal::new(true);
        let now = terminal.now;
        let mut typed = Vec::new();
        for c in "one\rtwo\r".chars() {
            let key = if c == '\r' {
                Key::plain(Code::Enter)
            } else {
                Key::char(c)
            };
            typed.push(terminal.prompt.handle_key(key, COLUMNS.into(), now));
        }

        assert!(
            !typed.iter().any(|typed| matches!(typed, KeyOutcome::Line(_))),
            "{typed:?}"
        );
        assert_eq!(
            typed.iter().filter(|typed| **typed == KeyOutcome::Pasted).count(),
            1
        );
        assert_eq!(terminal.prompt.poll_timeout(), None);
        assert_eq!(
            terminal.presses(Key::plain(Code::Enter)),
            KeyOutcome::Line("one\ntwo\n".to_owned())
        );
    }

    #[test]
    fn a_line_that_comes_with_its_enter_is_sent_after_a_moment() {
        let mut terminal = Terminal::new(true);
        let now = terminal.now;
        for key in [Key::char('a'), Key::plain(Code::Enter)] {
            assert_eq!(
                terminal.prompt.handle_key(key, COLUMNS.into(), now),
                KeyOutcome::Editing
            );
        }
        let due = terminal.prompt.poll_timeout().expect("it waits for more");

        assert_eq!(
            terminal.prompt.handle_timeout(due),
            Some(KeyOutcome::Line("a".to_owned()))
        );
    }

    #[test]
    fn keys_of_the_table_act_as_on_the_screen() {
        let mut terminal = Terminal::new(false);
        terminal.types("hi");

        let play = terminal.presses(Key::alt(Code::Char('p')));
        let sent = terminal.presses(Key::plain(Code::Enter));
        terminal.presses(Key::plain(Code::Up));

        assert_eq!(play, KeyOutcome::Action(ActionId::PlayPause));
        assert_eq!(sent, KeyOutcome::Line("hi".to_owned()));
        assert_eq!(terminal.prompt.text(), "hi", "what was said before");
    }
}
