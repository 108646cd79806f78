//! The chat of a room: the last lines, in order and each once.

use std::collections::VecDeque;

use watchtogether_protocol::message::chat::{ChatHistory, ChatLine};
use watchtogether_protocol::{ChatId, MemberId};

/// A room's chat.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ChatLog {
    /// The maximum number of lines in the log.
    kept: usize,
    lines: VecDeque<ChatLine>,
    last: u64,
}

impl ChatLog {
    /// Returns an empty log for at most `kept` lines.
    pub(super) const fn new(kept: usize) -> Self {
        Self {
            kept,
            lines: VecDeque::new(),
            last: 0,
        }
    }

    /// Returns a log for at most `kept` lines, which continues from stored lines.
    pub(super) fn from_lines(kept: usize, lines: Vec<ChatLine>) -> Self {
        let last = lines.last().map_or(0, |line| line.sequence);
        let skipped = lines.len().saturating_sub(kept);
        Self {
            kept,
            lines: lines.into_iter().skip(skipped).collect(),
            last,
        }
    }

    /// Returns the line that a member sent with an id, if it is in the log.
    pub(super) fn find(&self, from: MemberId, id: ChatId) -> Option<&ChatLine> {
        self.lines
            .iter()
            .rev()
            .find(|line| line.id == id && line.from == from)
    }

    /// Returns the number of the next line.
    pub(super) const fn next_sequence(&self) -> u64 {
        self.last + 1
    }

    /// Appends a line.
    pub(super) fn push(&mut self, line: ChatLine) {
        if self.lines.len() == self.kept {
            self.lines.pop_front();
        }
        self.last = line.sequence;
        self.lines.push_back(line);
    }

    /// Returns the number of the last line.
    pub(super) const fn last(&self) -> u64 {
        self.last
    }

    /// Returns the lines after a number, in order.
    pub(super) fn since(&self, sequence: u64) -> Vec<ChatLine> {
        let newer = self.lines.iter().rev();
        let newer = newer.take_while(|line| line.sequence > sequence).count();
        self.lines
            .iter()
            .skip(self.lines.len() - newer)
            .cloned()
            .collect()
    }

    /// Returns all lines in the log.
    pub(super) fn lines(&self) -> Vec<ChatLine> {
        self.lines.iter().cloned().collect()
    }

    /// Returns the newest lines after a number that fit into one message, and whether lines in between are missing.
    pub(super) fn after(&self, sequence: u64) -> (Vec<ChatLine>, bool) {
        let wanted = self
            .lines
            .iter()
            .rev()
            .take_while(|line| line.sequence > sequence);
        let fitting = ChatHistory::fitting(wanted);
        let lines: Vec<ChatLine> = self
            .lines
            .iter()
            .skip(self.lines.len() - fitting)
            .cloned()
            .collect();
        let first = lines.first().map_or(self.last + 1, |line| line.sequence);
        (lines, first > sequence.saturating_add(1))
    }
}
