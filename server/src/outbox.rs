//! The outbox of one client: a bounded queue of frames, with only the newest state. Pure.

use std::collections::VecDeque;

use bytes::Bytes;
use watchtogether_protocol::close::CloseCode;

/// The kind of a frame, which decides whether a newer one replaces it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FrameKind {
    /// The room's timeline; a newer one replaces it.
    State,
    /// Any other frame. None of these may be dropped.
    Other,
}

/// The error for a client that reads more slowly than the room sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the client reads slower than the room speaks")]
pub struct Overflow;

/// The frames that are waiting for one client.
#[derive(Debug)]
pub struct Outbox {
    queue: VecDeque<(FrameKind, Bytes)>,
    bytes: usize,
    limit: usize,
    end: Option<CloseCode>,
    is_held: bool,
}

/// The next thing to send to the client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NextFrame {
    /// A frame.
    Frame(FrameKind, Bytes),
    /// There is nothing to send now.
    Wait,
    /// The connection ends; all frames before the end have been taken.
    Close(CloseCode),
}

impl Outbox {
    /// Returns an empty outbox for at most `limit` bytes after the frame at the front.
    pub const fn new(limit: usize) -> Self {
        Self {
            queue: VecDeque::new(),
            bytes: 0,
            limit,
            end: None,
            is_held: false,
        }
    }

    /// Holds back frames until they are released. Ending the connection releases them, too.
    pub const fn hold(&mut self, is_held: bool) {
        self.is_held = is_held;
    }

    /// Adds a frame. A state frame replaces those that are still waiting, so state frames alone never overflow the outbox. After
    /// the end of the connection, frames are dropped.
    pub fn push(&mut self, kind: FrameKind, frame: Bytes) -> Result<(), Overflow> {
        // Nobody reads frames after the end, and counting them could report an overflow of a connection that is already closing.
        if self.end.is_some() {
            return Ok(());
        }
        // Removed rather than replaced in place: the newest state belongs after everything that was sent before it.
        if kind == FrameKind::State {
            let bytes = &mut self.bytes;
            self.queue.retain(|(kind, old)| {
                if *kind == FrameKind::State {
                    *bytes -= old.len();
                }
                *kind != FrameKind::State
            });
        }
        // The frame at the front does not count. The snapshot of a full room is larger than the limit, and the changes that
        // follow it must not end the connection before the client has read a byte.
        if let Some((_, front)) = self.queue.front()
            && self.bytes - front.len() + frame.len() > self.limit
        {
            return Err(Overflow);
        }
        self.bytes += frame.len();
        self.queue.push_back((kind, frame));
        Ok(())
    }

    /// Ends the connection after the waiting frames. If called again, the first code is kept.
    pub fn close(&mut self, code: CloseCode) {
        self.end.get_or_insert(code);
    }

    /// Ends the connection now and drops the waiting frames.
    pub fn abort(&mut self, code: CloseCode) {
        self.queue.clear();
        self.bytes = 0;
        self.end.get_or_insert(code);
    }

    /// Returns why the connection ends, if it does.
    pub const fn end(&self) -> Option<CloseCode> {
        self.end
    }

    /// Takes the next thing to send.
    pub fn pop(&mut self) -> NextFrame {
        // The token in a held frame is worth nothing if the seat is lost in a crash. A connection that ends anyway has nothing to
        // lose.
        if self.is_held && self.end.is_none() {
            return NextFrame::Wait;
        }
        match (self.queue.pop_front(), self.end) {
            (Some((kind, frame)), _) => {
                self.bytes -= frame.len();
                NextFrame::Frame(kind, frame)
            }
            (None, Some(code)) => NextFrame::Close(code),
            (None, None) => NextFrame::Wait,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(length: usize, fill: u8) -> Bytes {
        vec![fill; length].into()
    }

    #[test]
    fn a_full_outbox_keeps_the_newest_state() {
        let mut outbox = Outbox::new(100);
        outbox.push(FrameKind::Other, bytes(60, 1)).expect("room");
        for fill in 0..50 {
            outbox
                .push(FrameKind::State, bytes(40, fill))
                .expect("a state replaces the one before");
        }

        assert_eq!(outbox.pop(), NextFrame::Frame(FrameKind::Other, bytes(60, 1)));
        assert_eq!(outbox.pop(), NextFrame::Frame(FrameKind::State, bytes(40, 49)));
        assert_eq!(outbox.pop(), NextFrame::Wait);
    }

    #[test]
    fn frames_beyond_the_limit_overflow_the_outbox() {
        let mut outbox = Outbox::new(100);
        outbox.push(FrameKind::Other, bytes(60, 1)).expect("room");

        outbox.push(FrameKind::Other, bytes(60, 2)).expect("room");

        assert_eq!(outbox.push(FrameKind::Other, bytes(41, 3)), Err(Overflow));
        assert_eq!(outbox.push(FrameKind::Other, bytes(40, 3)), Ok(()));
    }

    #[test]
    fn an_oversized_front_frame_does_not_shrink_the_queue() {
        let mut outbox = Outbox::new(100);

        assert_eq!(outbox.push(FrameKind::Other, bytes(5_000, 1)), Ok(()));
        assert_eq!(outbox.push(FrameKind::Other, bytes(100, 2)), Ok(()));
        assert_eq!(outbox.push(FrameKind::Other, bytes(1, 3)), Err(Overflow));
        assert_eq!(outbox.pop(), NextFrame::Frame(FrameKind::Other, bytes(5_000, 1)));
        assert_eq!(outbox.pop(), NextFrame::Frame(FrameKind::Other, bytes(100, 2)));
    }

    #[test]
    fn only_the_first_frame_may_be_above_the_limit() {
        let mut outbox = Outbox::new(100);
        outbox.push(FrameKind::Other, bytes(1, 1)).expect("room");

        assert_eq!(outbox.push(FrameKind::Other, bytes(101, 2)), Err(Overflow));
    }

    #[test]
    fn held_back_messages_are_sent_in_order_on_release_or_at_the_end() {
        for is_ending in [false, true] {
            let mut outbox = Outbox::new(100);
            outbox.hold(true);
            outbox.push(FrameKind::Other, bytes(1, 1)).expect("room");
            outbox.push(FrameKind::Other, bytes(1, 2)).expect("room");
            assert_eq!(outbox.pop(), NextFrame::Wait);

            if is_ending {
                outbox.close(CloseCode::Left);
            } else {
                outbox.hold(false);
            }

            assert_eq!(outbox.pop(), NextFrame::Frame(FrameKind::Other, bytes(1, 1)));
            assert_eq!(outbox.pop(), NextFrame::Frame(FrameKind::Other, bytes(1, 2)));
        }
    }

    #[test]
    fn the_end_comes_after_what_waited_and_its_first_reason_counts() {
        let mut outbox = Outbox::new(100);
        outbox.push(FrameKind::Other, bytes(1, 1)).expect("room");
        outbox.close(CloseCode::Left);
        outbox.close(CloseCode::TooSlow);
        outbox.push(FrameKind::Other, bytes(1, 2)).expect("ignored");

        assert_eq!(outbox.pop(), NextFrame::Frame(FrameKind::Other, bytes(1, 1)));
        assert_eq!(outbox.pop(), NextFrame::Close(CloseCode::Left));
        assert_eq!(outbox.pop(), NextFrame::Close(CloseCode::Left));
    }
}
