//! Encodes values to bytes and decodes them; the only module that uses bincode.
//!
//! Decoding never allocates more than its budget, whatever lengths the bytes claim, and refuses input that it does not consume to
//! the last byte. Without a budget, an 11-byte message that claims 2^40 entries would end the process.

use bincode::config::{Configuration, Limit, LittleEndian, Varint};
use bincode::{Decode, Encode};

/// Why bytes could not be decoded.
#[derive(Debug, thiserror::Error)]
pub enum DecodeError {
    /// The bytes are not an encoding of that type, or claim more than the budget.
    #[error("the bytes are not a valid message")]
    Invalid(#[source] bincode::error::DecodeError),
    /// Bytes are left over after the value.
    #[error("{0} bytes are left over behind the message")]
    Trailing(usize),
    /// This version does not know the frame's type.
    #[error("message type {0} is unknown")]
    UnknownType(u16),
    /// The value breaks a rule that its type cannot express.
    #[error("the message breaks a rule: {0}")]
    Rule(&'static str),
}

const fn config<const BUDGET: usize>() -> Configuration<LittleEndian, Varint, Limit<BUDGET>> {
    bincode::config::standard().with_limit::<BUDGET>()
}

/// Returns the encoding of a value.
///
/// # Panics
/// Never for this project's types: they hold nothing that bincode cannot write.
pub fn encode<T: Encode>(value: &T) -> Vec<u8> {
    bincode::encode_to_vec(value, bincode::config::standard()).expect("our types are encodable")
}

/// Returns the value that the whole of `bytes` encodes, allocating at most `BUDGET` bytes.
pub fn decode<T: Decode<()>, const BUDGET: usize>(bytes: &[u8]) -> Result<T, DecodeError> {
    let (value, consumed) =
        bincode::decode_from_slice(bytes, config::<BUDGET>()).map_err(DecodeError::Invalid)?;
    match bytes.len() - consumed {
        0 => Ok(value),
        left => Err(DecodeError::Trailing(left)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_huge_claimed_length_allocates_nothing() {
        let claims_2_to_40 = [253, 0, 0, 0, 0, 0, 1, 0, 0];

        assert!(decode::<Vec<u64>, 65_536>(&claims_2_to_40).is_err());
        assert!(decode::<String, 65_536>(&claims_2_to_40).is_err());
    }

    #[test]
    fn trailing_bytes_are_refused() {
        let mut bytes = encode(&7u32);
        bytes.push(0);

        assert!(matches!(decode::<u32, 64>(&bytes), Err(DecodeError::Trailing(1))));
    }
}
