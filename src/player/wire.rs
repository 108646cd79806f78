//! The messages between parent and worker: a length (`u32`, little-endian), then one encoded value.
//!
//! Both ends are the same binary, so there is no version. There is a limit so that damaged data ends the communication instead of
//! exhausting memory.

use bincode::{Decode, Encode};
use watchtogether_protocol::codec::{self, DecodeError};

/// The maximum size of one value, in bytes. The longest is a link or a path with some text around it.
pub const VALUE_BYTES: usize = 64 * 1024;

/// The size of the length before each value, in bytes.
const LENGTH_BYTES: usize = 4;

/// Why bytes are not a message. Communication cannot continue.
#[derive(Debug, thiserror::Error)]
pub enum WireError {
    /// A value claims to be longer than allowed.
    #[error("a message of {0} bytes is too long")]
    TooLong(usize),
    /// The bytes do not encode a value.
    #[error(transparent)]
    Invalid(#[from] DecodeError),
}

/// Returns a value with its length in front, or the length as an error if it is too long for the other side.
pub fn frame<T: Encode>(value: &T) -> Result<Vec<u8>, WireError> {
    let value = codec::encode(value);
    match u32::try_from(value.len()) {
        Ok(length) if value.len() <= VALUE_BYTES => Ok([&length.to_le_bytes()[..], &value].concat()),
        Ok(_) | Err(_) => Err(WireError::TooLong(value.len())),
    }
}

/// Cuts a stream of bytes into values.
#[derive(Debug, Default)]
pub struct ValueReader {
    buffer: Vec<u8>,
}

impl ValueReader {
    /// Appends bytes from the stream.
    pub fn push(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    /// Returns the next complete value, if there is one.
    pub fn next_value<T: Decode<()>>(&mut self) -> Result<Option<T>, WireError> {
        let Some(length) = self.buffer.first_chunk::<LENGTH_BYTES>() else {
            return Ok(None);
        };
        let length = u32::from_le_bytes(*length) as usize;
        if length > VALUE_BYTES {
            return Err(WireError::TooLong(length));
        }
        let Some(bytes) = self.buffer.get(LENGTH_BYTES..LENGTH_BYTES + length) else {
            return Ok(None);
        };
        let value = codec::decode::<T, VALUE_BYTES>(bytes)?;
        self.buffer.drain(..LENGTH_BYTES + length);
        Ok(Some(value))
    }
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;
    use std::os::unix::ffi::OsStringExt as _;
    use std::path::PathBuf;

    use watchtogether_protocol::MediaTime;

    use super::*;
    use crate::player::{Generation, PlayerCommand, Source};

    #[test]
    fn values_come_out_whole_however_the_bytes_arrive() {
        let load = PlayerCommand::Load {
            generation: Generation(7),
            source: Source::File(PathBuf::from(OsString::from_vec(
                b"/films/\xe9t\xe9.mkv".to_vec(),
            ))),
            position: MediaTime::from_millis(1),
        };
        let link = PlayerCommand::Load {
            generation: Generation(8),
            source: Source::Link("https://example.org/film".to_owned()),
            position: MediaTime::ZERO,
        };
        let sent = [load, link, PlayerCommand::Quit];
        let mut reader = ValueReader::default();
        let mut came = Vec::new();

        for byte in sent.iter().flat_map(|c| frame(c).expect("short enough")) {
            reader.push(&[byte]);
            came.extend(reader.next_value::<PlayerCommand>().expect("undamaged"));
        }

        assert_eq!(came, sent);
    }

    #[test]
    fn a_huge_claimed_length_allocates_nothing() {
        let mut reader = ValueReader::default();

        reader.push(&u32::MAX.to_le_bytes());

        assert!(matches!(
            reader.next_value::<PlayerCommand>(),
            Err(WireError::TooLong(_))
        ));
    }

    #[test]
    fn bytes_that_are_no_value_end_the_conversation() {
        let mut reader = ValueReader::default();

        reader.push(&[1, 0, 0, 0, 250]);

        assert!(matches!(
            reader.next_value::<PlayerCommand>(),
            Err(WireError::Invalid(_))
        ));
    }

    #[test]
    fn a_message_that_the_other_side_would_refuse_is_not_sent() {
        let text = "x".repeat(VALUE_BYTES);

        assert!(frame(&PlayerCommand::ShowText { text, millis: 1 }).is_err());
    }
}
