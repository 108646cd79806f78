//! Frames on a stream: `length u32, type u16, flags u8`, little-endian, then the payload.
//!
//! The length counts only the payload and is checked before anything is buffered.

use bytes::{Buf as _, BufMut as _, Bytes, BytesMut};

/// The length of a frame's header in bytes.
pub const HEADER_BYTES: usize = 7;

/// Flag: a receiver that does not know the type may skip the frame.
pub const FLAG_OPTIONAL: u8 = 0b1;

/// One frame as received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// The number of the message in the payload.
    pub kind: u16,
    /// The frame's flags: [`FLAG_OPTIONAL`] or none. Other bits are ignored.
    pub flags: u8,
    /// The encoded message.
    pub payload: Bytes,
}

impl Frame {
    /// Returns whether a reader that does not know the type may skip the frame.
    pub const fn is_optional(&self) -> bool {
        self.flags & FLAG_OPTIONAL != 0
    }
}

/// The error for a frame whose length exceeds what its sender may send.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a frame of {length} bytes is over the limit of {limit}")]
pub struct FrameTooLong {
    /// The claimed length in bytes.
    pub length: usize,
    /// The allowed length in bytes.
    pub limit: usize,
}

/// Returns a complete frame with this payload.
///
/// # Panics
/// If the payload is 4 GiB or longer.
pub fn write(kind: u16, flags: u8, payload: &[u8]) -> Bytes {
    let mut out = BytesMut::with_capacity(HEADER_BYTES + payload.len());
    out.put_u32_le(payload.len().try_into().expect("a payload is far below 4 GiB"));
    out.put_u16_le(kind);
    out.put_u8(flags);
    out.put_slice(payload);
    out.freeze()
}

/// Cuts a stream of bytes into frames and holds at most one unfinished frame.
#[derive(Debug)]
pub struct FrameReader {
    buffer: BytesMut,
    limit: usize,
}

impl FrameReader {
    /// Returns a reader that refuses payloads of more than `limit` bytes.
    pub fn new(limit: usize) -> Self {
        Self {
            buffer: BytesMut::new(),
            limit,
        }
    }

    /// Appends bytes from the stream.
    pub fn push(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    /// Returns the next complete frame, if there is one.
    pub fn next_frame(&mut self) -> Result<Option<Frame>, FrameTooLong> {
        if self.buffer.len() < HEADER_BYTES {
            return Ok(None);
        }
        let length = self.buffer.as_ref().get_u32_le() as usize;
        if length > self.limit {
            return Err(FrameTooLong {
                length,
                limit: self.limit,
            });
        }
        if self.buffer.len() < HEADER_BYTES + length {
            return Ok(None);
        }
        self.buffer.advance(4);
        let kind = self.buffer.get_u16_le();
        let flags = self.buffer.get_u8();
        let payload = self.buffer.split_to(length).freeze();
        Ok(Some(Frame { kind, flags, payload }))
    }

    /// Returns whether the stream ends in the middle of a frame.
    pub fn is_inside_a_frame(&self) -> bool {
        !self.buffer.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_come_out_whole_however_the_bytes_arrive() {
        let stream: Vec<u8> = [
            write(1, 0, b"one"),
            write(2, FLAG_OPTIONAL, b""),
            write(3, 0, b"three"),
        ]
        .concat();
        let mut reader = FrameReader::new(16);
        let mut frames = Vec::new();

        for byte in stream {
            reader.push(&[byte]);
            frames.extend(reader.next_frame().expect("within the limit"));
        }

        let kinds: Vec<_> = frames
            .iter()
            .map(|f| (f.kind, f.is_optional(), f.payload.len()))
            .collect();
        assert_eq!(kinds, [(1, false, 3), (2, true, 0), (3, false, 5)]);
        assert!(!reader.is_inside_a_frame());
    }

    #[test]
    fn a_frame_over_the_limit_is_refused_by_its_header_alone() {
        let mut reader = FrameReader::new(16);

        reader.push(&write(1, 0, &[0; 17])[..HEADER_BYTES]);

        assert_eq!(
            reader.next_frame(),
            Err(FrameTooLong {
                length: 17,
                limit: 16
            })
        );
    }
}
