//! The user's chat lines in transit: each is sent again until it comes back, and added only once. Lines that came back but are
//! not on the server's disk yet are kept as well, because they are lost if the server crashes.

use std::collections::VecDeque;
use std::time::Duration;

use uuid::Builder;
use watchtogether_protocol::message::chat::{ChatLine, Saved, SendChat};
use watchtogether_protocol::time::WallTime;
use watchtogether_protocol::{ChatId, Clean, LocalTime, MediaTime, limits};

use crate::seeded_rng::SeededRng;

/// The maximum number of lines in transit. If a user writes more without a link, the next line is refused.
const PENDING_LINES: usize = 64;

/// The maximum number of lines that are kept until they are saved: several minutes of chat without a disk. If there are more, the
/// oldest are dropped; everybody who was present has received them.
const UNSAVED_LINES: usize = 256;

/// The room that a seat is in, compared with the previous one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RoomLife {
    /// The same epoch of the same room.
    SameLife,
    /// A later epoch of the room, on a server that lost the chat after some line.
    NextLife {
        /// The last line that it has in common with the received ones.
        after: u64,
    },
    /// Another room, even if it has the same name.
    Elsewhere,
}

/// The lines that have not come back yet, oldest first.
#[derive(Clone, Debug)]
pub(super) struct ChatOutbox {
    pending: VecDeque<SendChat>,
    /// The lines that came back and are not saved, with their sequence numbers, oldest first.
    unsaved: VecDeque<(u64, SendChat)>,
    /// Whether the oldest line was sent and has no answer yet.
    is_under_way: bool,
    /// The time before which the oldest line is not sent again, because the server asked for a delay.
    not_before: Option<LocalTime>,
    /// The wall clock at a local instant.
    wall: (LocalTime, WallTime),
}

impl ChatOutbox {
    /// Returns an empty outbox that knows the wall clock.
    pub(super) const fn new(wall: WallTime, now: LocalTime) -> Self {
        Self {
            pending: VecDeque::new(),
            unsaved: VecDeque::new(),
            is_under_way: false,
            not_before: None,
            wall: (now, wall),
        }
    }

    /// Handles a seat on a new connection. A line without an answer may be lost and is sent again, and so are the lines that the
    /// room lost.
    pub(super) fn handle_entered(&mut self, into: RoomLife) {
        self.is_under_way = false;
        self.not_before = None;
        match into {
            RoomLife::SameLife => {}
            RoomLife::NextLife { after } => {
                let lost = self.unsaved.drain(..).filter(|(place, _)| *place > after);
                let lost: Vec<SendChat> = lost.map(|(_, line)| line).collect();
                for line in lost.into_iter().rev() {
                    self.pending.push_front(line);
                }
            }
            RoomLife::Elsewhere => self.unsaved.clear(),
        }
    }

    /// Adds a line; returns `None` if it is empty, or if too many are already in transit.
    pub(super) fn say(
        &mut self,
        text: &Clean,
        position: Option<MediaTime>,
        rng: &mut SeededRng,
        now: LocalTime,
    ) -> Option<SendChat> {
        let text = Clean::text(text.as_str().trim()).truncated(limits::CHAT_CHARS);
        if text.is_empty() || self.pending.len() >= PENDING_LINES {
            return None;
        }
        let line = SendChat {
            id: self.new_id(rng, now),
            text,
            position,
        };
        self.pending.push_back(line.clone());
        Some(line)
    }

    /// Returns the line to send now. Only one is sent at a time, so that lines keep their order even if some are refused.
    pub(super) fn poll_send(&mut self, now: LocalTime) -> Option<SendChat> {
        if self.is_under_way || self.not_before.is_some_and(|at| now < at) {
            return None;
        }
        let line = self.pending.front()?.clone();
        self.is_under_way = true;
        self.not_before = None;
        Some(line)
    }

    /// Returns when to send a line that was refused only temporarily.
    pub(super) fn poll_timeout(&self) -> Option<LocalTime> {
        self.not_before.filter(|_| !self.pending.is_empty())
    }

    /// Handles a line that came back. A line of the user is kept until the room has saved it.
    pub(super) fn handle_line(&mut self, line: &ChatLine, saved: Option<Saved>) {
        let Some(index) = self.pending.iter().position(|own| own.id == line.id) else {
            return;
        };
        if index == 0 {
            self.is_under_way = false;
        }
        let own = self.pending.remove(index);
        if saved.is_some_and(|saved| saved.chat < line.sequence) {
            self.unsaved.extend(own.map(|own| (line.sequence, own)));
            self.unsaved
                .drain(..self.unsaved.len().saturating_sub(UNSAVED_LINES));
        }
    }

    /// Handles up to which line the chat is saved.
    pub(super) fn handle_saved(&mut self, saved: Saved) {
        self.unsaved.retain(|(place, _)| *place > saved.chat);
    }

    /// Handles the refusal of the line that was sent: for good, in which case the line is returned, or for a while.
    pub(super) fn handle_refusal(
        &mut self,
        retry_after: Option<Duration>,
        now: LocalTime,
    ) -> Option<SendChat> {
        if !std::mem::take(&mut self.is_under_way) {
            return None;
        }
        self.not_before = retry_after.map(|after| now + after);
        if self.not_before.is_some() {
            return None;
        }
        self.pending.pop_front()
    }

    /// Returns whether too many lines are in transit.
    pub(super) fn is_full(&self) -> bool {
        self.pending.len() >= PENDING_LINES
    }

    fn new_id(&self, rng: &mut SeededRng, now: LocalTime) -> ChatId {
        let (then, wall) = self.wall;
        let elapsed = now.saturating_since(then);
        let millis = u64::try_from(Duration::from_millis(wall.0).saturating_add(elapsed).as_millis());
        let mut random = [0; 10];
        random[..8].copy_from_slice(&rng.bits().to_le_bytes());
        random[8..].copy_from_slice(&rng.bits().to_le_bytes()[..2]);
        ChatId(Builder::from_unix_timestamp_millis(millis.unwrap_or(u64::MAX), &random).into_uuid())
    }
}

#[cfg(test)]
mod tests {
    use watchtogether_protocol::MemberId;

    use super::*;

    fn outbox() -> (ChatOutbox, SeededRng) {
        let outbox = ChatOutbox::new(WallTime(1_700_000_000_000), LocalTime::from_millis(5_000));
        (outbox, SeededRng::from_seed(1))
    }

    #[test]
    fn ids_carry_the_wall_clock_and_differ() {
        let (mut outbox, mut rng) = outbox();

        let ids: Vec<ChatId> = [5_000, 5_000, 6_500]
            .into_iter()
            .filter_map(|ms| outbox.say(&Clean::text("hi"), None, &mut rng, LocalTime::from_millis(ms)))
            .map(|line| line.id)
            .collect();

        assert_eq!(ids[0].0.get_version_num(), 7);
        let millis = |id: ChatId| id.0.get_timestamp().map(|t| t.to_unix());
        assert_eq!(millis(ids[2]), Some((1_700_000_001, 500_000_000)));
        assert_ne!(ids[0], ids[1]);
    }

    fn say(outbox: &mut ChatOutbox, rng: &mut SeededRng, text: &str) -> SendChat {
        outbox
            .say(&Clean::text(text), None, rng, LocalTime::from_millis(5_000))
            .expect("text")
    }

    /// Returns a line as the room sends it back.
    fn back(sequence: u64, line: &SendChat) -> ChatLine {
        ChatLine {
            sequence,
            id: line.id,
            from: MemberId(1),
            name: "ana".parse().expect("a name"),
            text: line.text.clone(),
            at: WallTime(0),
            position: None,
        }
    }

    const fn saved(chat: u64) -> Saved {
        Saved {
            chat,
            is_failing: false,
        }
    }

    /// Sends lines that come back immediately, starting at a sequence number.
    fn sent_lines(outbox: &mut ChatOutbox, rng: &mut SeededRng, from: u64, count: u64) -> Vec<SendChat> {
        let lines = (from..from + count).map(|sequence| {
            let line = say(outbox, rng, &format!("line {sequence}"));
            outbox.poll_send(LocalTime::from_millis(5_000));
            outbox.handle_line(&back(sequence, &line), Some(saved(0)));
            line
        });
        lines.collect()
    }

    /// Returns the lines that are sent while each comes back immediately.
    fn sent(outbox: &mut ChatOutbox) -> Vec<SendChat> {
        let next = || {
            let line = outbox.poll_send(LocalTime::from_millis(9_000))?;
            outbox.handle_line(&back(99, &line), None);
            Some(line)
        };
        std::iter::from_fn(next).collect()
    }

    #[test]
    fn lines_lost_with_a_life_of_the_room_are_sent_again_in_order_before_new_ones() {
        let (mut outbox, mut rng) = outbox();
        let lines = sent_lines(&mut outbox, &mut rng, 1, 4);
        outbox.handle_saved(saved(1));
        let new = say(&mut outbox, &mut rng, "still here?");

        // The server saved the second line and crashed before it could say so.
        outbox.handle_entered(RoomLife::NextLife { after: 2 });

        assert_eq!(sent(&mut outbox), [lines[2].clone(), lines[3].clone(), new]);
    }

    #[test]
    fn saved_lines_lines_of_this_life_and_lines_of_another_room_are_not_sent_again() {
        for (line_saved, into) in [
            (4, RoomLife::NextLife { after: 0 }),
            (0, RoomLife::SameLife),
            (0, RoomLife::Elsewhere),
        ] {
            let (mut outbox, mut rng) = outbox();
            sent_lines(&mut outbox, &mut rng, 1, 4);
            outbox.handle_saved(saved(line_saved));

            outbox.handle_entered(into);

            assert_eq!(sent(&mut outbox), [], "{into:?}");
        }
    }

    #[test]
    fn a_line_that_comes_back_saved_or_to_a_room_that_is_not_kept_is_done_with() {
        for acknowledged in [Some(saved(1)), None] {
            let (mut outbox, mut rng) = outbox();
            let line = say(&mut outbox, &mut rng, "a");

            outbox.handle_line(&back(1, &line), acknowledged);
            outbox.handle_entered(RoomLife::NextLife { after: 0 });

            assert_eq!(sent(&mut outbox), []);
        }
    }

    #[test]
    fn only_so_many_lines_wait_for_a_disk() {
        let (mut outbox, mut rng) = outbox();
        let lines = sent_lines(&mut outbox, &mut rng, 1, 300);

        outbox.handle_entered(RoomLife::NextLife { after: 0 });

        assert_eq!(sent(&mut outbox), lines[300 - UNSAVED_LINES..]);
    }

    #[test]
    fn lines_go_one_after_the_other() {
        let (mut outbox, mut rng) = outbox();
        let now = LocalTime::from_millis(5_000);
        let first = say(&mut outbox, &mut rng, "a");
        let second = say(&mut outbox, &mut rng, "b");

        assert_eq!(outbox.poll_send(now), Some(first.clone()));
        assert_eq!(outbox.poll_send(now), None);
        outbox.handle_line(&back(1, &second), None);
        assert_eq!(outbox.poll_send(now), None, "the first has not come back");
        outbox.handle_line(&back(2, &first), None);
        assert_eq!(outbox.poll_send(now), None, "nothing is left");
    }

    #[test]
    fn a_line_without_an_answer_is_sent_again_on_a_new_connection() {
        let (mut outbox, mut rng) = outbox();
        let now = LocalTime::from_millis(5_000);
        let line = say(&mut outbox, &mut rng, "a");
        outbox.poll_send(now);

        outbox.handle_entered(RoomLife::SameLife);

        assert_eq!(outbox.poll_send(now), Some(line));
    }

    #[test]
    fn a_line_refused_for_now_is_sent_again_and_one_refused_for_good_is_returned() {
        let (mut outbox, mut rng) = outbox();
        let now = LocalTime::from_millis(5_000);
        let line = say(&mut outbox, &mut rng, "a");
        outbox.poll_send(now);

        assert_eq!(outbox.handle_refusal(Some(Duration::from_secs(1)), now), None);
        assert_eq!(outbox.poll_send(now), None);
        let later = now + Duration::from_secs(1);
        assert_eq!(outbox.poll_timeout(), Some(later));
        assert_eq!(outbox.poll_send(later), Some(line.clone()));

        assert_eq!(outbox.handle_refusal(None, later), Some(line));
        assert_eq!(outbox.handle_refusal(None, later), None, "a refusal of nothing");
        assert_eq!(outbox.poll_send(later), None);
    }

    #[test]
    fn an_empty_message_is_not_sent_and_a_long_one_is_cut() {
        let (mut outbox, mut rng) = outbox();
        let now = LocalTime::default();

        assert_eq!(outbox.say(&Clean::text(" \n "), None, &mut rng, now), None);
        let long = outbox
            .say(&Clean::text(&"x".repeat(5_000)), None, &mut rng, now)
            .expect("text");
        assert_eq!(long.text.as_str().chars().count(), limits::CHAT_CHARS);
    }

    #[test]
    fn the_outbox_has_a_bound() {
        let (mut outbox, mut rng) = outbox();
        for _ in 0..200 {
            outbox.say(&Clean::text("x"), None, &mut rng, LocalTime::default());
        }

        assert!(outbox.is_full());
        assert_eq!(outbox.pending.len(), PENDING_LINES);
    }
}
