//! Own chat lines on their way: sent again until they come back, put in once.

use std::collections::VecDeque;
use std::time::Duration;

use uuid::Builder;
use watchtogether_protocol::message::chat::SendChat;
use watchtogether_protocol::time::WallTime;
use watchtogether_protocol::{ChatId, Clean, LocalTime, MediaTime, limits};

use crate::draw::Draw;

/// The lines that may be on their way at once: somebody who writes more without a link wants to hear so.
const PENDING_LINES: usize = 64;

/// The lines that have not come back yet, oldest first.
#[derive(Clone, Debug)]
pub(super) struct ChatOutbox {
    pending: VecDeque<SendChat>,
    /// The wall clock at a local instant.
    wall: (LocalTime, WallTime),
}

impl ChatOutbox {
    /// Returns an empty outbox that knows the wall clock.
    pub(super) const fn new(wall: WallTime, now: LocalTime) -> Self {
        Self {
            pending: VecDeque::new(),
            wall: (now, wall),
        }
    }

    /// Puts a line in; nothing where it says nothing, or too much is on its way already.
    pub(super) fn say(
        &mut self,
        text: &Clean,
        position: Option<MediaTime>,
        draw: &mut Draw,
        now: LocalTime,
    ) -> Option<SendChat> {
        let text = Clean::text(text.as_str().trim()).truncated(limits::CHAT_CHARS);
        if text.is_empty() || self.pending.len() >= PENDING_LINES {
            return None;
        }
        let line = SendChat {
            id: self.new_id(draw, now),
            text,
            position,
        };
        self.pending.push_back(line.clone());
        Some(line)
    }

    /// Takes in that a line came back.
    pub(super) fn handle_line(&mut self, id: ChatId) {
        self.pending.retain(|line| line.id != id);
    }

    /// Takes in that the server refused a line: the oldest, since they are answered in order.
    pub(super) fn handle_refusal(&mut self) -> Option<SendChat> {
        self.pending.pop_front()
    }

    /// Returns the lines to send again after the link was lost.
    pub(super) fn pending(&self) -> impl Iterator<Item = &SendChat> {
        self.pending.iter()
    }

    /// Returns whether too much is on its way.
    pub(super) fn is_full(&self) -> bool {
        self.pending.len() >= PENDING_LINES
    }

    fn new_id(&self, draw: &mut Draw, now: LocalTime) -> ChatId {
        let (then, wall) = self.wall;
        let elapsed = now.saturating_since(then);
        let millis = u64::try_from(Duration::from_millis(wall.0).saturating_add(elapsed).as_millis());
        let mut random = [0; 10];
        random[..8].copy_from_slice(&draw.bits().to_le_bytes());
        random[8..].copy_from_slice(&draw.bits().to_le_bytes()[..2]);
        ChatId(Builder::from_unix_timestamp_millis(millis.unwrap_or(u64::MAX), &random).into_uuid())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outbox() -> (ChatOutbox, Draw) {
        let outbox = ChatOutbox::new(WallTime(1_700_000_000_000), LocalTime::from_millis(5_000));
        (outbox, Draw::from_seed(1))
    }

    #[test]
    fn ids_carry_the_wall_clock_and_differ() {
        let (mut outbox, mut draw) = outbox();

        let ids: Vec<ChatId> = [5_000, 5_000, 6_500]
            .into_iter()
            .filter_map(|ms| outbox.say(&Clean::text("hi"), None, &mut draw, LocalTime::from_millis(ms)))
            .map(|line| line.id)
            .collect();

        assert_eq!(ids[0].0.get_version_num(), 7);
        let millis = |id: ChatId| id.0.get_timestamp().map(|t| t.to_unix());
        assert_eq!(millis(ids[2]), Some((1_700_000_001, 500_000_000)));
        assert_ne!(ids[0], ids[1]);
    }

    #[test]
    fn a_line_is_pending_until_it_comes_back() {
        let (mut outbox, mut draw) = outbox();
        let now = LocalTime::from_millis(5_000);
        let first = outbox.say(&Clean::text("a"), None, &mut draw, now).expect("text");
        let second = outbox.say(&Clean::text("b"), None, &mut draw, now).expect("text");

        outbox.handle_line(first.id);
        outbox.handle_line(first.id);

        assert_eq!(outbox.pending().collect::<Vec<_>>(), [&second]);
        assert_eq!(outbox.handle_refusal(), Some(second));
        assert_eq!(outbox.handle_refusal(), None);
    }

    #[test]
    fn what_says_nothing_is_not_sent_and_what_is_too_long_is_cut() {
        let (mut outbox, mut draw) = outbox();
        let now = LocalTime::default();

        assert_eq!(outbox.say(&Clean::text(" \n "), None, &mut draw, now), None);
        let long = outbox
            .say(&Clean::text(&"x".repeat(5_000)), None, &mut draw, now)
            .expect("text");
        assert_eq!(long.text.as_str().chars().count(), limits::CHAT_CHARS);
    }

    #[test]
    fn the_outbox_has_a_bound() {
        let (mut outbox, mut draw) = outbox();
        for _ in 0..200 {
            outbox.say(&Clean::text("x"), None, &mut draw, LocalTime::default());
        }

        assert!(outbox.is_full());
        assert_eq!(outbox.pending().count(), PENDING_LINES);
    }
}
