//! Reads a client's messages in order.

use quinn::{ReadError, RecvStream};
use tokio::time::timeout_at;
use watchtogether_protocol::ClientMessage;

use super::end::ConversationEnd;
use super::intake::Intake;
use crate::clock::ServerClock;
use crate::limits::ConnectionLimits;

/// The number of bytes read from the stream at once.
const READ_BYTES: usize = 16 * 1024;

/// A client's stream, read as messages.
pub(super) struct Messages {
    stream: RecvStream,
    intake: Intake,
    clock: ServerClock,
}

impl Messages {
    pub(super) fn new(stream: RecvStream, limits: &ConnectionLimits, clock: ServerClock) -> Self {
        Self {
            stream,
            intake: Intake::new(limits),
            clock,
        }
    }

    /// Returns the next message. Cancel safe.
    pub(super) async fn next(&mut self) -> Result<ClientMessage, ConversationEnd> {
        loop {
            if let Some(message) = self.intake.poll_message() {
                return Ok(message);
            }
            let read = self.stream.read_chunk(READ_BYTES, true);
            let read = match self.intake.poll_timeout() {
                Some(until) => timeout_at(self.clock.instant(until), read)
                    .await
                    .map_err(|_elapsed| ConversationEnd::Stalled)?,
                None => read.await,
            };
            match read {
                Ok(Some(chunk)) => self.intake.handle_bytes(&chunk.bytes, self.clock.now())?,
                Err(ReadError::ConnectionLost(error)) => return Err(error.into()),
                Ok(None)
                | Err(
                    ReadError::Reset(_)
                    | ReadError::ClosedStream
                    | ReadError::IllegalOrderedRead
                    | ReadError::ZeroRttRejected,
                ) => return Err(ConversationEnd::Stream),
            }
        }
    }
}
