//! Datagrams: clock exchanges, and copies of the few messages whose delay people notice.
//!
//! QUIC sends a lost packet of the stream again after a round trip and a half, which is too late for a scheduled start. So
//! `VideoStateChanged` and `Ready`, which are harmless to receive twice, are also sent as a datagram, [`COPY_DELAY`] after their
//! frame. The copy goes in a later packet than the frame, or one loss would take both.
//!
//! The first byte gives the kind of a datagram; a receiver that does not know it drops the datagram.

use std::time::Duration;

use bytes::Bytes;

use crate::codec::DecodeError;
use crate::frame::FrameReader;
use crate::limits;
use crate::message::clock::{ClockPing, ClockPong};
use crate::message::playback::{Ready, VideoStateChanged};
use crate::message::{ClientMessage, ServerMessage};

/// The delay between a frame and its copy. A burst of losses on a radio link is mostly over by then, and a start that is
/// scheduled 40 ms after the slowest path's delay still arrives in time.
pub const COPY_DELAY: Duration = Duration::from_millis(15);

/// The first byte of a clock exchange.
const CLOCK: u8 = 0;

/// The first byte of the copy of a message.
const COPY: u8 = 1;

/// A datagram from a client to its server.
#[derive(Clone, Debug, PartialEq)]
pub enum ClientDatagram {
    /// Starts a clock exchange.
    Ping(ClockPing),
    /// Copies this message.
    Ready(Ready),
}

/// A datagram from a server to its client.
#[derive(Clone, Debug, PartialEq)]
pub enum ServerDatagram {
    /// Answers a clock exchange.
    Pong(ClockPong),
    /// Copies this message.
    State(VideoStateChanged),
}

impl ClientDatagram {
    /// Returns the datagram of a ping.
    pub fn ping(ping: &ClockPing) -> Bytes {
        tagged(CLOCK, &ping.encode())
    }

    /// Returns the content of a datagram, or `None` if its kind belongs to a later version.
    pub fn from_bytes(bytes: &[u8]) -> Result<Option<Self>, DecodeError> {
        Ok(match split(bytes)? {
            (CLOCK, body) => Some(Self::Ping(ClockPing::decode(body)?)),
            (COPY, body) => match ClientMessage::from_frame(&whole_frame(body)?)? {
                Some(ClientMessage::Ready(ready)) => Some(Self::Ready(ready)),
                Some(_) => return Err(DecodeError::Rule("of a client's messages only Ready is copied")),
                None => None,
            },
            (_, _) => None,
        })
    }
}

impl ServerDatagram {
    /// Returns the datagram of a pong.
    pub fn pong(pong: &ClockPong) -> Bytes {
        tagged(CLOCK, &pong.encode())
    }

    /// Returns the content of a datagram, or `None` if its kind belongs to a later version.
    pub fn from_bytes(bytes: &[u8]) -> Result<Option<Self>, DecodeError> {
        Ok(match split(bytes)? {
            (CLOCK, body) => Some(Self::Pong(ClockPong::decode(body)?)),
            (COPY, body) => match ServerMessage::from_frame(&whole_frame(body)?)? {
                Some(ServerMessage::VideoStateChanged(state)) => Some(Self::State(state)),
                Some(_) => {
                    return Err(DecodeError::Rule(
                        "of a server's messages only VideoStateChanged is copied",
                    ));
                }
                None => None,
            },
            (_, _) => None,
        })
    }
}

/// Returns the datagram that copies a frame, or `None` if the frame is too long for one.
pub fn copy_of(frame: &[u8]) -> Option<Bytes> {
    (frame.len() < limits::DATAGRAM_BYTES).then(|| tagged(COPY, frame))
}

fn tagged(tag: u8, body: &[u8]) -> Bytes {
    [&[tag], body].concat().into()
}

fn split(bytes: &[u8]) -> Result<(u8, &[u8]), DecodeError> {
    let (tag, body) = bytes
        .split_first()
        .ok_or(DecodeError::Rule("a datagram says something"))?;
    Ok((*tag, body))
}

fn whole_frame(bytes: &[u8]) -> Result<crate::frame::Frame, DecodeError> {
    let mut reader = FrameReader::new(limits::DATAGRAM_BYTES);
    reader.push(bytes);
    match reader.next_frame() {
        Ok(Some(frame)) if !reader.is_inside_a_frame() => Ok(frame),
        Ok(_) | Err(_) => Err(DecodeError::Rule("a copy is one whole frame")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::Revision;
    use crate::message::playback::GoOn;

    #[test]
    fn a_copy_has_the_content_of_its_frame() {
        let ready = Ready {
            revision: Revision(7),
        };

        let datagram = copy_of(&ClientMessage::Ready(ready).to_frame()).expect("it is short");

        assert_eq!(
            ClientDatagram::from_bytes(&datagram).ok(),
            Some(Some(ClientDatagram::Ready(ready)))
        );
    }

    #[test]
    fn only_messages_that_may_arrive_twice_are_copied() {
        let go_on = ClientMessage::GoOn(GoOn {
            revision: Revision(7),
        });

        let datagram = copy_of(&go_on.to_frame()).expect("it is short");

        assert!(ClientDatagram::from_bytes(&datagram).is_err());
        assert!(ServerDatagram::from_bytes(&datagram).is_err());
    }

    #[test]
    fn messages_of_a_later_version_are_dropped_and_nonsense_is_an_error() {
        assert_eq!(ServerDatagram::from_bytes(&[9, 1, 2]).ok(), Some(None));
        for nonsense in [&[][..], &[CLOCK], &[COPY], &[COPY, 1, 0, 0, 0, 8, 0, 0, 1, 2]] {
            assert!(ServerDatagram::from_bytes(nonsense).is_err(), "{nonsense:?}");
            assert!(ClientDatagram::from_bytes(nonsense).is_err(), "{nonsense:?}");
        }
    }

    #[test]
    fn a_frame_that_fits_no_datagram_has_no_copy() {
        assert_eq!(copy_of(&[0; limits::DATAGRAM_BYTES]), None);
    }
}
