//! The only writer to standard output and standard error.
//!
//! Answers go to standard output, messages to standard error. Text is filtered: whatever its source, no control character reaches
//! the terminal, and colours only if they are wanted. If the reader of the output goes away, the command ends quietly.

use std::borrow::Cow;
use std::io::{self, IsTerminal as _, Write};

use serde::Serialize;

use watchtogether_tui::msg;

use crate::clipboard;
use crate::exit::{Failure, FailureKind};

/// The style of a piece of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// A failure: red.
    Error,
    /// A warning: yellow.
    Warning,
    /// A hint: cyan.
    Hint,
}

impl Style {
    const fn code(self) -> &'static str {
        match self {
            Self::Error => "\x1b[1;31m",
            Self::Warning => "\x1b[33m",
            Self::Hint => "\x1b[36m",
        }
    }
}

/// A receiver of each line, such as a program that speaks it.
pub trait Listener: Send {
    /// Receives a line. Never waits.
    fn on_line(&mut self, line: &str);

    /// Returns, once, why lines do not reach the listener.
    fn problem(&mut self) -> Option<String>;
}

/// Both streams, and their capabilities.
pub struct OutputStreams {
    answers: Stream,
    talk: Stream,
    is_quiet: bool,
    listener: Option<Box<dyn Listener>>,
}

/// One stream.
pub struct Stream {
    writer: Box<dyn Write + Send>,
    has_color: bool,
    is_terminal: bool,
}

impl Stream {
    /// Returns a stream into a writer.
    pub fn new(writer: impl Write + Send + 'static, is_terminal: bool, has_color: bool) -> Self {
        Self {
            writer: Box::new(writer),
            has_color,
            is_terminal,
        }
    }

    fn write_line(&mut self, style: Option<Style>, text: &str) -> io::Result<()> {
        let mut out = String::with_capacity(text.len() + 8);
        let style = style.filter(|_| self.has_color);
        out.extend(style.map(Style::code));
        out.extend(text.chars().filter(|c| !is_harmful(*c)));
        out.extend(style.map(|_| "\x1b[0m"));
        out.push('\n');
        self.write(out.as_bytes())
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.writer.write_all(bytes)?;
        self.writer.flush()
    }
}

impl OutputStreams {
    /// Returns the streams of this process. `has_color` decides whether a stream is coloured, given whether it is a terminal.
    pub fn new(has_color: impl Fn(bool) -> bool, is_quiet: bool) -> Self {
        let (out, err) = (io::stdout(), io::stderr());
        let (out_is_terminal, err_is_terminal) = (out.is_terminal(), err.is_terminal());
        Self::with_streams(
            Stream::new(out, out_is_terminal, has_color(out_is_terminal)),
            Stream::new(err, err_is_terminal, has_color(err_is_terminal)),
            is_quiet,
        )
    }

    /// Returns an output to other streams: one for answers, one for messages.
    pub fn with_streams(answers: Stream, talk: Stream, is_quiet: bool) -> Self {
        Self {
            answers,
            talk,
            is_quiet,
            listener: None,
        }
    }

    /// Passes each line to a listener from now on.
    pub fn listen(&mut self, listener: impl Listener + 'static) {
        self.listener = Some(Box::new(listener));
    }

    /// Returns whether there is a listener.
    pub fn has_listener(&self) -> bool {
        self.listener.is_some()
    }

    /// Writes a line of the answer.
    pub fn line(&mut self, text: &str) -> Result<(), Failure> {
        self.notify_listener(text);
        self.answers.write_line(None, text).map_err(not_written)
    }

    /// Writes a value as one line of JSON.
    pub fn json(&mut self, value: &impl Serialize) -> Result<(), Failure> {
        let mut line = serde_json::to_string(value)
            .map_err(|error| Failure::new(FailureKind::Failed, msg!("output-no-json")).because(error))?;
        line.push('\n');
        self.raw(escape_c1(&line).as_bytes())
    }

    /// Writes bytes of the answer as they are: a script, a page, a file.
    pub fn raw(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        self.answers.write(bytes).map_err(not_written)
    }

    /// Writes a message to standard error, unless quiet was asked for. Errors are ignored.
    pub fn note(&mut self, text: &str) {
        if !self.is_quiet {
            self.notify_listener(text);
            self.write_message(None, text);
        }
    }

    /// Writes a warning.
    pub fn warning(&mut self, text: &str) {
        self.write_message(Some(Style::Warning), &format!("warning: {text}"));
    }

    /// Reports a failure: as text on standard error, or as a JSON object on standard output.
    pub fn failure(&mut self, failure: &Failure, is_json: bool) {
        if failure.is_quiet() {
            return;
        }
        if is_json {
            if let Err(error) = self.json(&failure.to_json()) {
                tracing::debug!(%error, "could not write the failure");
            }
            return;
        }
        self.notify_listener(&failure.message);
        for line in failure.to_string().lines() {
            let style = match line {
                _ if line.starts_with("error[") => Some(Style::Error),
                _ if line.starts_with("hint: ") => Some(Style::Hint),
                _ => None,
            };
            self.write_message(style, line);
        }
    }

    /// Asks the terminal to copy a text, and returns whether there is a terminal that could.
    pub fn copy(&mut self, text: &str) -> bool {
        if !self.talk.is_terminal {
            return false;
        }
        self.talk.write(clipboard::copy_sequence(text).as_bytes()).is_ok()
    }

    /// Returns whether answers go to a terminal.
    pub const fn is_terminal(&self) -> bool {
        self.answers.is_terminal
    }

    fn notify_listener(&mut self, text: &str) {
        let Some(listener) = &mut self.listener else {
            return;
        };
        listener.on_line(text);
        if let Some(problem) = listener.problem() {
            self.warning(&problem);
        }
    }

    fn write_message(&mut self, style: Option<Style>, text: &str) {
        if let Err(error) = self.talk.write_line(style, text) {
            tracing::debug!(%error, "could not write a message");
        }
    }
}

impl std::fmt::Debug for OutputStreams {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OutputStreams")
            .field("is_quiet", &self.is_quiet)
            .finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Stream {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Stream")
            .field("has_color", &self.has_color)
            .field("is_terminal", &self.is_terminal)
            .finish_non_exhaustive()
    }
}

fn not_written(error: io::Error) -> Failure {
    if error.kind() == io::ErrorKind::BrokenPipe {
        Failure::new(FailureKind::ReaderGone, msg!("output-reader-gone"))
    } else {
        Failure::new(FailureKind::OutputNotWritten, msg!("output-not-written")).because(error)
    }
}

/// Returns whether a character could control a terminal. Tabs and line breaks are layout.
fn is_harmful(c: char) -> bool {
    c.is_control() && c != '\t' && c != '\n'
}

/// JSON escapes the C0 controls itself; the C1 controls and DEL also control terminals.
fn escape_c1(json: &str) -> Cow<'_, str> {
    let escaped = |c: char| {
        let code = is_harmful(c).then(|| format!("\\u{:04x}", u32::from(c)));
        code.unwrap_or_else(|| c.to_string())
    };
    if json.chars().any(is_harmful) {
        json.chars().map(escaped).collect::<String>().into()
    } else {
        json.into()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex, MutexGuard};

    use super::*;

    #[derive(Clone, Default)]
    struct Page(Arc<Mutex<Vec<u8>>>);

    impl Page {
        fn bytes(&self) -> MutexGuard<'_, Vec<u8>> {
            self.0.lock().expect("not poisoned")
        }

        fn text(&self) -> String {
            String::from_utf8(self.bytes().clone()).expect("text")
        }
    }

    impl Write for Page {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.bytes().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    struct Closed;

    impl Write for Closed {
        fn write(&mut self, _bytes: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::BrokenPipe.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn output(color: bool, is_quiet: bool) -> (OutputStreams, Page, Page) {
        let (answers, talk) = (Page::default(), Page::default());
        let streams = [&answers, &talk].map(|page| Stream::new(page.clone(), color, color));
        let [first, second] = streams;
        (
            OutputStreams::with_streams(first, second, is_quiet),
            answers,
            talk,
        )
    }

    #[test]
    fn a_pipe_gets_no_escape_whatever_the_text_carries() {
        let (mut output, answers, talk) = output(false, false);

        output.line("bo\x1b[31m says \u{9b}2J\x07").expect("written");
        output.json(&"a\u{9d}0;t\x1b\x7f").expect("written");
        output.failure(&Failure::new(FailureKind::Failed, "a\x1bb").hint("c"), false);

        assert_eq!(answers.text(), "bo[31m says 2J\n\"a\\u009d0;t\\u001b\\u007f\"\n");
        assert_eq!(talk.text(), "error[failed]: ab\nhint: c\n");
    }

    #[test]
    fn a_terminal_gets_colour_around_the_text_and_none_from_it() {
        let (mut output, _answers, talk) = output(true, false);

        output.warning("\x1b[32mno");

        assert_eq!(talk.text(), "\x1b[33mwarning: [32mno\x1b[0m\n");
    }

    #[test]
    fn a_reader_that_went_away_ends_the_command_quietly() {
        let mut output = OutputStreams::with_streams(
            Stream::new(Closed, false, false),
            Stream::new(Closed, false, false),
            false,
        );

        let failure = output.line("anything").expect_err("nobody reads");
        output.note("nobody hears this either");

        assert!(failure.is_quiet() && failure.exit() == crate::exit::Exit::Ok);
    }

    #[test]
    fn quiet_silences_notes_and_nothing_else() {
        let (mut output, answers, talk) = output(false, true);

        output.note("by the way");
        output.warning("look");
        output.line("the answer").expect("written");

        assert_eq!(
            (answers.text().as_str(), talk.text().as_str()),
            ("the answer\n", "warning: look\n")
        );
    }

    #[test]
    fn copying_needs_a_terminal() {
        let (mut piped, _answers, talk) = output(false, false);
        let (mut shown, _more, terminal) = output(true, false);

        assert!(!piped.copy("secret") && talk.text().is_empty());
        assert!(shown.copy("hi") && terminal.text() == "\x1b]52;c;aGk=\x07");
    }

    #[test]
    fn a_failure_for_programs_is_one_object_on_standard_output() {
        let (mut output, answers, talk) = output(false, true);

        output.failure(&Failure::new(FailureKind::NoSession, "nothing runs"), true);

        assert!(
            answers.text().starts_with(r#"{"error":{"code":"no_session""#),
            "{}",
            answers.text()
        );
        assert!(talk.text().is_empty());
    }
}
