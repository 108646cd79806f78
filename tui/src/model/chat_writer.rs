//! Tells what happens as lines of the chat, no more of them than anybody reads: who sends it decides how often it happens.

use watchtogether_protocol::narration::Presence;
use watchtogether_protocol::time::WallTime;
use watchtogether_protocol::{LocalTime, MemberId};

use super::chat_log::{ChatLog, FoldRule};
use super::flood_limiter::FloodLimiter;
use crate::strings::Who;
use crate::update::Weight;

/// Adds lines at one moment, and counts those that are left out.
#[derive(Debug)]
pub struct ChatWriter<'a> {
    limiter: &'a mut FloodLimiter,
    now: LocalTime,
    /// The same moment as chat lines are stamped with.
    pub wall: WallTime,
}

impl<'a> ChatWriter<'a> {
    /// Returns what tells lines at this moment.
    pub const fn new(limiter: &'a mut FloodLimiter, wall: WallTime, now: LocalTime) -> Self {
        Self { limiter, now, wall }
    }

    /// Adds something that happened; returns its entry, or none where it was left out.
    pub fn happened(
        &mut self,
        chat: &mut ChatLog,
        words: String,
        weight: Weight,
        fold: FoldRule,
    ) -> Option<u64> {
        let is_told = self.limiter.admits_line(self.now);
        is_told.then(|| chat.happened(words, weight, fold, self.wall))
    }

    /// Adds a coming or going; `by_you` where the user removed them.
    pub fn add_presence(
        &mut self,
        chat: &mut ChatLog,
        id: MemberId,
        who: Who,
        change: Presence,
        by_you: bool,
    ) {
        if self.limiter.admits_line(self.now) {
            chat.add_presence(id, who, change, by_you, self.wall);
        }
    }
}
