//! Chat messages and their acknowledgement.

use bincode::{Decode, Encode};

use super::playback::check_position;
use crate::clean::Clean;
use crate::codec;
use crate::id::{ChatId, MemberId, MemberName};
use crate::limits;
use crate::time::{MediaTime, WallTime};

/// Sends a chat message. The client repeats it until the line itself comes back; the server recognises an id that it has seen and
/// adds the line only once.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct SendChat {
    /// Drawn by the sender (version 7), the same at each attempt.
    pub id: ChatId,
    /// The text; line breaks are kept.
    pub text: Clean,
    /// The position of the sender's film.
    pub position: Option<MediaTime>,
}

impl SendChat {
    pub(super) fn check(&self) -> Result<(), &'static str> {
        check_text(&self.text)?;
        self.position.map_or(Ok(()), check_position)
    }
}

/// One line of a room's chat, the same for everybody.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct ChatLine {
    /// Its place in the room's chat, starting at 1. There are no gaps within one life of the room; the next life continues after
    /// the last saved line.
    pub sequence: u64,
    /// The id that its sender drew.
    pub id: ChatId,
    /// The author.
    pub from: MemberId,
    /// The author's name at the time of writing.
    pub name: MemberName,
    /// The text.
    pub text: Clean,
    /// The time of the line, by the server's wall clock.
    pub at: WallTime,
    /// The position of the sender's film.
    pub position: Option<MediaTime>,
}

impl ChatLine {
    pub(super) fn check(&self) -> Result<(), &'static str> {
        check_text(&self.text)?;
        self.position.map_or(Ok(()), check_position)
    }
}

/// How much of a room is on its server's disk: the second acknowledgement of a chat line. The first is the line itself coming
/// back, which confirms its place; this one confirms that it survives the server.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Saved {
    /// The sequence number up to which all chat lines are saved.
    pub chat: u64,
    /// Whether saving fails at present, so that recent changes exist only in the server's memory.
    pub is_failing: bool,
}

/// Chat lines from before the receiver entered.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct ChatHistory {
    /// The lines, in order.
    pub lines: Vec<ChatLine>,
}

impl ChatHistory {
    /// Returns how many lines, newest first, fit one message: at most [`limits::CHAT_HISTORY`] lines and
    /// [`limits::CHAT_HISTORY_BYTES`] bytes.
    pub fn fitting<'a>(newest_first: impl IntoIterator<Item = &'a ChatLine>) -> usize {
        newest_first
            .into_iter()
            .take(limits::CHAT_HISTORY)
            .scan(0, |bytes, line| {
                *bytes += codec::encode(line).len();
                (*bytes <= limits::CHAT_HISTORY_BYTES).then_some(())
            })
            .count()
    }

    pub(super) fn check(&self) -> Result<(), &'static str> {
        if self.lines.len() > limits::CHAT_HISTORY {
            return Err("a history has at most 300 lines");
        }
        self.lines.iter().try_for_each(ChatLine::check)
    }
}

fn check_text(text: &Clean) -> Result<(), &'static str> {
    if text.as_str().trim().is_empty() {
        return Err("a chat line has something to say");
    }
    if text.as_str().chars().count() > limits::CHAT_CHARS {
        return Err("a chat line has at most 2,000 characters");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn line(text: &str) -> ChatLine {
        ChatLine {
            sequence: 1,
            id: ChatId(Uuid::nil()),
            from: MemberId(1),
            name: "ana".parse().expect("a name"),
            text: Clean::text(text),
            at: WallTime(0),
            position: None,
        }
    }

    #[test]
    fn short_lines_fit_by_their_number() {
        let lines = vec![line("hi"); limits::CHAT_HISTORY + 1];

        assert_eq!(ChatHistory::fitting(&lines), limits::CHAT_HISTORY);
        assert_eq!(ChatHistory::fitting(&lines[..2]), 2);
    }

    #[test]
    fn the_longest_lines_fit_by_their_bytes() {
        let lines = vec![line(&"🎬".repeat(limits::CHAT_CHARS)); limits::CHAT_HISTORY];

        let fitting = ChatHistory::fitting(&lines);

        let bytes: usize = lines[..fitting].iter().map(|l| codec::encode(l).len()).sum();
        assert!(
            bytes <= limits::CHAT_HISTORY_BYTES && fitting > 30,
            "{fitting} lines"
        );
    }
}
