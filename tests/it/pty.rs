//! A terminal that runs a program, and interprets its output as a terminal would. It is created with script(1), which is part of
//! every Debian and Ubuntu.

use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::{Child, ChildStdout, Command};
use tokio::time::timeout;

/// The time within which a text must be shown before a test gives up.
const SHOWN_WITHIN: Duration = Duration::from_secs(30);

/// The escape sequence at the beginning of a frame.
const FRAME_BEGIN: &[u8] = b"\x1b[?2026h";

/// The escape sequence at the end of a frame.
const FRAME_END: &[u8] = b"\x1b[?2026l";

/// A terminal. Dropping it hangs up.
pub(crate) struct Pty {
    pub(crate) child: Child,
    output: ChildStdout,
    pub(crate) bytes: Vec<u8>,
    /// The number of bytes that have been shown.
    shown: usize,
    pub(crate) parser: vt100::Parser,
}

impl Pty {
    /// Runs a shell command line in a terminal of this size; `command` is `script` in the environment to use.
    pub(crate) fn run(mut command: Command, columns: u16, rows: u16, line: &str) -> Self {
        let line = format!("stty cols {columns} rows {rows}; {line}");
        let mut child = command
            .args(["-qfec", &line, "/dev/null"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("script is installed");
        let output = child.stdout.take().expect("it was asked for");
        Self {
            child,
            output,
            bytes: Vec::new(),
            shown: 0,
            parser: vt100::Parser::new(rows, columns, 0),
        }
    }

    pub(crate) async fn types(&mut self, keys: &str) {
        let stdin = self.child.stdin.as_mut().expect("it was asked for");
        stdin
            .write_all(keys.as_bytes())
            .await
            .expect("the terminal is there");
        stdin.flush().await.expect("the terminal is there");
    }

    /// Returns the text that the terminal shows.
    pub(crate) fn shown(&self) -> String {
        self.parser.screen().contents()
    }

    /// Waits until a text is on the screen.
    pub(crate) async fn shows(&mut self, words: &str) {
        let search = async {
            while !self.shown().contains(words) {
                if !self.read().await {
                    return false;
                }
            }
            true
        };
        let is_shown = timeout(SHOWN_WITHIN, search).await;
        assert!(
            is_shown == Ok(true),
            "never showed {words:?}; it shows\n{}",
            self.shown()
        );
    }

    /// Reads the next frame, or the part of it that exists, and returns whether more may follow. Short-lived states are not
    /// missed.
    pub(crate) async fn read(&mut self) -> bool {
        if self.take_frame() || self.skip_other_output() {
            return true;
        }
        let mut bytes = [0; 4096];
        let length = self.output.read(&mut bytes).await.expect("a pipe can be read");
        self.bytes.extend_from_slice(&bytes[..length]);
        if !self.take_frame() {
            self.take(self.bytes.len());
        }
        length > 0
    }

    fn take_frame(&mut self) -> bool {
        let waiting = &self.bytes[self.shown..];
        let Some(end) = waiting
            .windows(FRAME_END.len())
            .position(|bytes| bytes == FRAME_END)
        else {
            return false;
        };
        self.take(self.shown + end + FRAME_END.len());
        true
    }

    /// Reads the output after the last frame, when no more frames may follow.
    fn skip_other_output(&mut self) -> bool {
        let waiting = &self.bytes[self.shown..];
        let begins_frame = waiting
            .windows(FRAME_BEGIN.len())
            .any(|bytes| bytes == FRAME_BEGIN);
        let is_taken = !waiting.is_empty() && !begins_frame;
        if is_taken {
            self.take(self.bytes.len());
        }
        is_taken
    }

    fn take(&mut self, end: usize) {
        self.parser.process(&self.bytes[self.shown..end]);
        self.shown = end;
    }
}
