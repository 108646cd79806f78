//! Adds happenings as lines of the chat, limited to what people can read, because senders decide how often they occur.

use watchtogether_protocol::narration::Presence;
use watchtogether_protocol::time::WallTime;
use watchtogether_protocol::{LocalTime, MemberId};

use super::chat_log::{ChatLog, FoldRule};
use super::flood_limiter::FloodLimiter;
use crate::strings::Who;
use crate::update::Weight;

/// Adds lines at one time, and counts those that are left out.
#[derive(Debug)]
pub struct ChatWriter<'a> {
    limiter: &'a mut FloodLimiter,
    now: LocalTime,
    /// The same time by the wall clock that chat lines are stamped with.
    pub wall: WallTime,
}

impl<'a> ChatWriter<'a> {
    /// Returns a writer for this time.
    pub const fn new(limiter: &'a mut FloodLimiter, wall: WallTime, now: LocalTime) -> Self {
        Self { limiter, now, wall }
    }

    /// Adds an event; returns its entry, or `None` if it was left out.
    pub fn happened(
        &mut self,
        chat: &mut ChatLog,
        words: String,
        weight: Weight,
        fold: FoldRule,
    ) -> Option<u64> {
        let is_reported = self.limiter.admits_line(self.now);
        is_reported.then(|| chat.happened(words, weight, fold, self.wall))
    }

    /// Adds an entry or departure; `by_you` if the user removed the member.
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
