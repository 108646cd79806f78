//! The name of a room as it was typed.

use std::str::FromStr;

use watchtogether_protocol::RoomName;
use watchtogether_protocol::id::RoomNameError;

/// The name of a room, and what was typed for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RoomArg {
    /// A name that a room can have.
    pub(super) name: RoomName,
    /// The text that it was made of.
    pub(super) typed: String,
}

impl FromStr for RoomArg {
    type Err = RoomNameError;

    fn from_str(typed: &str) -> Result<Self, RoomNameError> {
        let name = typed.parse().or_else(|error| match error {
            RoomNameError::BadCharacter(_) => RoomName::made_of(typed).ok_or(error),
            RoomNameError::Empty | RoomNameError::TooLong => Err(error),
        })?;
        Ok(Self {
            name,
            typed: typed.to_owned(),
        })
    }
}
