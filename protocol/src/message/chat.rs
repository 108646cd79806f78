//! What people say.

use bincode::{Decode, Encode};

use crate::clean::Clean;
use crate::id::{ChatId, MemberId, MemberName};
use crate::limits;
use crate::time::{MediaTime, WallTime};

/// Says something. Sent again until the line itself comes back: the server knows an id that it has
/// seen and puts it in only once.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct SendChat {
    /// Drawn by the sender (version 7), the same at each try.
    pub id: ChatId,
    /// What is said; line breaks stay.
    pub text: Clean,
    /// Where the sender's film was.
    pub position: Option<MediaTime>,
}

impl SendChat {
    pub(super) fn check(&self) -> Result<(), &'static str> {
        check_text(&self.text)
    }
}

/// One line of a room's chat, the same for everybody.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct ChatLine {
    /// Its place in the room's chat: without gaps within one life of the room, from 1 on.
    pub sequence: u64,
    /// The id that its sender drew.
    pub id: ChatId,
    /// Who said it.
    pub from: MemberId,
    /// What they were called then.
    pub name: MemberName,
    /// What was said.
    pub text: Clean,
    /// When, by the server's wall clock.
    pub at: WallTime,
    /// Where the sender's film was.
    pub position: Option<MediaTime>,
}

impl ChatLine {
    pub(super) fn check(&self) -> Result<(), &'static str> {
        check_text(&self.text)
    }
}

/// What was said before.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct ChatHistory {
    /// The lines, in order.
    pub lines: Vec<ChatLine>,
}

impl ChatHistory {
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
