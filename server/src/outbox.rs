//! The frames that wait to be sent to one client: bounded, the newest state only. Pure.

use std::collections::VecDeque;

use bytes::Bytes;
use watchtogether_protocol::close::CloseCode;

/// The kind of a frame, which decides whether a newer one takes its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Where the room is: a newer one replaces it.
    State,
    /// Anything else: each counts.
    Other,
}

/// A client that reads slower than the room speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the client reads slower than the room speaks")]
pub struct Overflow;

/// The frames that wait for one client.
#[derive(Debug)]
pub struct Outbox {
    queue: VecDeque<(Kind, Bytes)>,
    bytes: usize,
    limit: usize,
    end: Option<CloseCode>,
    is_held: bool,
}

/// The next thing for the client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// A frame.
    Frame(Kind, Bytes),
    /// Nothing now.
    Wait,
    /// The end of the connection; all frames before it were taken.
    Close(CloseCode),
}

impl Outbox {
    /// Returns an empty outbox for at most `limit` bytes behind the frame at the front.
    pub const fn new(limit: usize) -> Self {
        Self {
            queue: VecDeque::new(),
            bytes: 0,
            limit,
            end: None,
            is_held: false,
        }
    }

    /// Holds back what is put in, until it is let go; the end of the connection lets it go too.
    pub const fn hold(&mut self, is_held: bool) {
        self.is_held = is_held;
    }

    /// Puts a frame in. A state replaces the states that still wait, so that they alone never overflow it. After the end
    /// nothing is put in.
    pub fn push(&mut self, kind: Kind, frame: Bytes) -> Result<(), Overflow> {
        if self.end.is_some() {
            return Ok(());
        }
        if kind == Kind::State {
            let bytes = &mut self.bytes;
            self.queue.retain(|(kind, old)| {
                if *kind == Kind::State {
                    *bytes -= old.len();
                }
                *kind != Kind::State
            });
        }
        // The frame at the front does not count: a full room's snapshot is larger than the limit, and what the room says right
        // behind it must not end the connection before the client could read a byte.
        if let Some((_, front)) = self.queue.front()
            && self.bytes - front.len() + frame.len() > self.limit
        {
            return Err(Overflow);
        }
        self.bytes += frame.len();
        self.queue.push_back((kind, frame));
        Ok(())
    }

    /// Ends the connection once what waits has gone out; the first reason counts.
    pub fn close(&mut self, code: CloseCode) {
        self.end.get_or_insert(code);
    }

    /// Ends the connection now: what waits is given up.
    pub fn abort(&mut self, code: CloseCode) {
        self.queue.clear();
        self.bytes = 0;
        self.end.get_or_insert(code);
    }

    /// Returns why the connection ends, where it does.
    pub const fn end(&self) -> Option<CloseCode> {
        self.end
    }

    /// Takes out what is next.
    pub fn pop(&mut self) -> Next {
        if self.is_held && self.end.is_none() {
            return Next::Wait;
        }
        match (self.queue.pop_front(), self.end) {
            (Some((kind, frame)), _) => {
                self.bytes -= frame.len();
                Next::Frame(kind, frame)
            }
            (None, Some(code)) => Next::Close(code),
            (None, None) => Next::Wait,
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
        outbox.push(Kind::Other, bytes(60, 1)).expect("room");
        for fill in 0..50 {
            outbox
                .push(Kind::State, bytes(40, fill))
                .expect("a state replaces the one before");
        }

        assert_eq!(outbox.pop(), Next::Frame(Kind::Other, bytes(60, 1)));
        assert_eq!(outbox.pop(), Next::Frame(Kind::State, bytes(40, 49)));
        assert_eq!(outbox.pop(), Next::Wait);
    }

    #[test]
    fn what_is_no_state_overflows_it() {
        let mut outbox = Outbox::new(100);
        outbox.push(Kind::Other, bytes(60, 1)).expect("room");

        outbox.push(Kind::Other, bytes(60, 2)).expect("room");

        assert_eq!(outbox.push(Kind::Other, bytes(41, 3)), Err(Overflow));
        assert_eq!(outbox.push(Kind::Other, bytes(40, 3)), Ok(()));
    }

    #[test]
    fn what_waits_behind_a_frame_above_the_limit_has_as_much_room_as_ever() {
        let mut outbox = Outbox::new(100);

        assert_eq!(outbox.push(Kind::Other, bytes(5_000, 1)), Ok(()));
        assert_eq!(outbox.push(Kind::Other, bytes(100, 2)), Ok(()));
        assert_eq!(outbox.push(Kind::Other, bytes(1, 3)), Err(Overflow));
        assert_eq!(outbox.pop(), Next::Frame(Kind::Other, bytes(5_000, 1)));
        assert_eq!(outbox.pop(), Next::Frame(Kind::Other, bytes(100, 2)));
    }

    #[test]
    fn only_the_first_frame_may_be_above_the_limit() {
        let mut outbox = Outbox::new(100);
        outbox.push(Kind::Other, bytes(1, 1)).expect("room");

        assert_eq!(outbox.push(Kind::Other, bytes(101, 2)), Err(Overflow));
    }

    #[test]
    fn what_is_held_back_goes_out_in_order_when_it_is_let_go_or_the_connection_ends() {
        for is_ending in [false, true] {
            let mut outbox = Outbox::new(100);
            outbox.hold(true);
            outbox.push(Kind::Other, bytes(1, 1)).expect("room");
            outbox.push(Kind::Other, bytes(1, 2)).expect("room");
            assert_eq!(outbox.pop(), Next::Wait);

            if is_ending {
                outbox.close(CloseCode::Left);
            } else {
                outbox.hold(false);
            }

            assert_eq!(outbox.pop(), Next::Frame(Kind::Other, bytes(1, 1)));
            assert_eq!(outbox.pop(), Next::Frame(Kind::Other, bytes(1, 2)));
        }
    }

    #[test]
    fn the_end_comes_after_what_waited_and_its_first_reason_counts() {
        let mut outbox = Outbox::new(100);
        outbox.push(Kind::Other, bytes(1, 1)).expect("room");
        outbox.close(CloseCode::Left);
        outbox.close(CloseCode::TooSlow);
        outbox.push(Kind::Other, bytes(1, 2)).expect("ignored");

        assert_eq!(outbox.pop(), Next::Frame(Kind::Other, bytes(1, 1)));
        assert_eq!(outbox.pop(), Next::Close(CloseCode::Left));
        assert_eq!(outbox.pop(), Next::Close(CloseCode::Left));
    }
}
