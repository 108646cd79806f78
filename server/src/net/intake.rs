//! Cuts a client's bytes into messages and counts them. Pure.
//!
//! Every frame and every byte counts, including frames of an unknown type that may be skipped. A client that sends far more than
//! the budgets allow is disconnected. A frame must be complete within some time after its first byte, however slowly its bytes
//! arrive, so that nobody holds memory with incomplete frames.

use std::collections::VecDeque;
use std::time::Duration;

use watchtogether_protocol::codec::DecodeError;
use watchtogether_protocol::frame::{FrameReader, FrameTooLong};
use watchtogether_protocol::message::clock::Telemetry;
use watchtogether_protocol::{ClientMessage, ServerTime, limits};

use crate::limits::ConnectionLimits;
use crate::rate_limit::TokenBucket;

/// Why a client is disconnected because of what it sent.
#[derive(Debug, thiserror::Error)]
pub(super) enum IntakeError {
    /// A frame claims to be longer than it may be.
    #[error("a frame is too long")]
    TooLong(#[from] FrameTooLong),
    /// A frame does not contain a valid message.
    #[error("a message cannot be read")]
    Unreadable(#[from] DecodeError),
    /// There were too many frames or bytes.
    #[error("far too many messages")]
    Flood,
}

/// The part of a client's control stream that was received but not yet handled.
#[derive(Debug)]
pub(super) struct Intake {
    frames: FrameReader,
    messages: VecDeque<ClientMessage>,
    frame_budget: TokenBucket,
    byte_budget: TokenBucket,
    /// When the first byte of an incomplete frame arrived.
    begun: Option<ServerTime>,
    /// How long a frame may take to arrive.
    patience: Duration,
}

impl Intake {
    pub(super) fn new(limits: &ConnectionLimits) -> Self {
        Self {
            frames: FrameReader::new(limits::CLIENT_FRAME_BYTES),
            messages: VecDeque::new(),
            frame_budget: TokenBucket::new(limits.messages),
            byte_budget: TokenBucket::new(limits.byte_budget()),
            begun: None,
            patience: limits.frame,
        }
    }

    /// Appends bytes from the stream.
    pub(super) fn handle_bytes(&mut self, bytes: &[u8], now: ServerTime) -> Result<(), IntakeError> {
        let count = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        self.byte_budget
            .take_many(count, now)
            .map_err(|_wait| IntakeError::Flood)?;
        self.frames.push(bytes);
        while let Some(frame) = self.frames.next_frame()? {
            // The next frame cannot have begun before these bytes.
            self.begun = None;
            self.frame_budget.take(now).map_err(|_wait| IntakeError::Flood)?;
            self.messages.extend(ClientMessage::from_frame(&frame)?);
        }
        if self.frames.is_inside_a_frame() {
            self.begun.get_or_insert(now);
        }
        Ok(())
    }

    /// Returns the next message.
    pub(super) fn poll_message(&mut self) -> Option<ClientMessage> {
        self.messages.pop_front()
    }

    /// Returns when the incomplete frame must be complete.
    pub(super) fn poll_timeout(&self) -> Option<ServerTime> {
        self.begun.map(|begun| begun + self.patience)
    }
}

/// The updates from a member's clock pings for its room, at most one of each kind per interval. Only the newest telemetry is
/// passed on.
#[derive(Debug)]
pub(super) struct PingReports {
    /// The interval between two updates of the same kind.
    every: Duration,
    telemetry: Option<Telemetry>,
    telemetry_sent_at: Option<ServerTime>,
    is_behind: bool,
    behind_sent_at: Option<ServerTime>,
}

impl PingReports {
    pub(super) const fn new(limits: &ConnectionLimits) -> Self {
        Self {
            every: limits.ping_news,
            telemetry: None,
            telemetry_sent_at: None,
            is_behind: false,
            behind_sent_at: None,
        }
    }

    /// Records a ping; `is_behind` says whether its sender has an older revision than its room.
    pub(super) fn handle_ping(&mut self, telemetry: Telemetry, is_behind: bool) {
        self.telemetry = Some(telemetry);
        self.is_behind |= is_behind;
    }

    /// Returns the telemetry that is due.
    pub(super) fn poll_telemetry(&mut self, now: ServerTime) -> Option<Telemetry> {
        let is_due = self.is_due(self.telemetry_sent_at, now);
        let telemetry = self.telemetry.take_if(|_| is_due)?;
        self.telemetry_sent_at = Some(now);
        Some(telemetry)
    }

    /// Returns whether the room must send its timeline again.
    pub(super) fn poll_is_behind(&mut self, now: ServerTime) -> bool {
        let is_due = self.is_behind && self.is_due(self.behind_sent_at, now);
        if is_due {
            self.is_behind = false;
            self.behind_sent_at = Some(now);
        }
        is_due
    }

    /// Returns when an update that was held back is due.
    pub(super) fn poll_timeout(&self) -> Option<ServerTime> {
        let after =
            |sent_at: Option<ServerTime>| sent_at.map_or(ServerTime::from_nanos(0), |at| at + self.every);
        let telemetry = self.telemetry.map(|_| after(self.telemetry_sent_at));
        let behind = self.is_behind.then(|| after(self.behind_sent_at));
        telemetry.into_iter().chain(behind).min()
    }

    fn is_due(&self, sent_at: Option<ServerTime>, now: ServerTime) -> bool {
        sent_at.is_none_or(|at| now >= at + self.every)
    }
}

#[cfg(test)]
mod tests {
    use watchtogether_protocol::Revision;
    use watchtogether_protocol::frame::{self, FLAG_OPTIONAL};
    use watchtogether_protocol::message::playback::Ready;

    use super::*;
    use crate::limits::LimitValues;

    const LIMITS: ConnectionLimits = LimitValues::DEFAULT.connections;

    const START: ServerTime = ServerTime::from_millis(10_000);

    fn ready() -> Vec<u8> {
        let ready = Ready {
            revision: Revision(1),
        };
        ClientMessage::Ready(ready).to_frame().to_vec()
    }

    #[test]
    fn a_frame_must_be_whole_in_time_however_slowly_its_bytes_come() {
        let mut intake = Intake::new(&LIMITS);
        let frame = ready();
        let whole_by = START + LIMITS.frame;

        for (index, byte) in frame[..frame.len() - 1].iter().enumerate() {
            let at = START + Duration::from_secs(index as u64);
            intake.handle_bytes(&[*byte], at).expect("within the budgets");
            assert_eq!(intake.poll_timeout(), Some(whole_by), "byte {index}");
        }
        intake
            .handle_bytes(&frame[frame.len() - 1..], whole_by)
            .expect("within the budgets");

        assert!(intake.poll_message().is_some());
        assert_eq!(intake.poll_timeout(), None);
    }

    #[test]
    fn the_time_of_a_frame_begins_with_its_own_first_byte() {
        let mut intake = Intake::new(&LIMITS);
        let frame = ready();
        let later = START + Duration::from_secs(9);

        intake
            .handle_bytes(&frame[..3], START)
            .expect("within the budgets");
        let rest_and_next = [&frame[3..], &frame[..3]].concat();
        intake
            .handle_bytes(&rest_and_next, later)
            .expect("within the budgets");

        assert_eq!(intake.poll_timeout(), Some(later + LIMITS.frame));
    }

    #[test]
    fn frames_of_an_unknown_type_count_as_all_others() {
        let mut intake = Intake::new(&LIMITS);
        let frame = frame::write(999, FLAG_OPTIONAL, b"news");

        let taken = (0..10_000).take_while(|_| intake.handle_bytes(&frame, START).is_ok());

        assert_eq!(taken.count(), LIMITS.messages.burst as usize);
    }

    #[test]
    fn few_frames_of_many_bytes_run_out_of_their_budget_too() {
        let mut intake = Intake::new(&LIMITS);
        let frame = frame::write(999, FLAG_OPTIONAL, &vec![0; limits::CLIENT_FRAME_BYTES]);

        let taken = (0..1_000).take_while(|_| intake.handle_bytes(&frame, START).is_ok());

        let bytes = taken.count() * frame.len();
        let budget = LIMITS.message_bytes.bytes();
        assert!(bytes <= budget && budget < bytes + frame.len(), "{bytes}");
    }

    #[test]
    fn the_first_ping_is_news_at_once_and_of_the_next_ones_the_newest() {
        let mut news = PingReports::new(&LIMITS);
        let telemetry = |rtt_us| Telemetry {
            rtt_us,
            ..Telemetry::default()
        };
        news.handle_ping(telemetry(1), true);
        assert_eq!(news.poll_telemetry(START), Some(telemetry(1)));
        assert!(news.poll_is_behind(START));

        news.handle_ping(telemetry(2), true);
        news.handle_ping(telemetry(3), false);
        let due = START + LIMITS.ping_news;

        assert_eq!(
            (news.poll_telemetry(START), news.poll_is_behind(START)),
            (None, false)
        );
        assert_eq!(news.poll_timeout(), Some(due));
        assert_eq!(news.poll_telemetry(due), Some(telemetry(3)));
        assert!(news.poll_is_behind(due));
        assert_eq!(news.poll_timeout(), None);
    }
}
