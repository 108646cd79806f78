//! The last lines of the player's log, and how the line that says why a film cannot be opened is chosen.

use std::collections::VecDeque;

/// The number of lines that are kept.
const LINES: usize = 8;

/// Lines that say that something failed, but not why.
const GENERIC: &[&str] = &[
    "Failed to recognize file format",
    "Failed to open",
    "Opening failed or was aborted",
    "No video or audio streams selected",
];

/// The errors and warnings since the last start of a file.
#[derive(Debug, Default)]
pub(super) struct LogTail {
    lines: VecDeque<String>,
}

impl LogTail {
    /// Forgets the lines about an earlier file.
    pub(super) fn clear(&mut self) {
        self.lines.clear();
    }

    /// Adds a line.
    pub(super) fn push(&mut self, line: &str) {
        if self.lines.len() == LINES {
            self.lines.pop_front();
        }
        self.lines
            .push_back(line.trim_end().trim_end_matches('.').to_owned());
    }

    /// Returns why a file cannot be opened, given the library's error message.
    pub(super) fn reason(&self, message: &str) -> String {
        let line = self
            .lines
            .iter()
            .find(|line| !line.is_empty() && !GENERIC.iter().any(|generic| line.contains(generic)));
        match line {
            Some(line) => format!("{message} ({line})"),
            None => message.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reason_is_the_first_informative_line() {
        let mut tail = LogTail::default();
        tail.push("Failed to open http://localhost:1/x.\n");
        tail.push("Connection to tcp://localhost:1 failed: Connection refused\n");
        tail.push("something else\n");

        assert_eq!(
            tail.reason("loading failed"),
            "loading failed (Connection to tcp://localhost:1 failed: Connection refused)"
        );
        tail.clear();
        assert_eq!(tail.reason("loading failed"), "loading failed");
    }

    #[test]
    fn only_the_last_lines_are_kept() {
        let mut tail = LogTail::default();

        for number in 0..=LINES {
            tail.push(&format!("line {number}"));
        }

        assert_eq!(tail.reason("x"), "x (line 1)");
    }
}
