//! The name of a room as it was typed.

use std::str::FromStr;

use watchtogether_protocol::RoomName;
use watchtogether_protocol::id::RoomNameError;
use watchtogether_tui::strings;

/// A room's name, and the text that was typed for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RoomArg {
    /// The valid name.
    pub(super) name: RoomName,
    /// The typed text.
    pub(super) typed: String,
}

impl RoomArg {
    /// Parses a command-line argument. The error is the text for the user.
    pub(super) fn of_argument(typed: &str) -> Result<Self, String> {
        typed.parse().map_err(strings::room_name_error)
    }
}

impl FromStr for RoomArg {
    type Err = RoomNameError;

    fn from_str(typed: &str) -> Result<Self, RoomNameError> {
        let name = typed.parse().or_else(|error| match error {
            RoomNameError::BadCharacter(_) => RoomName::slugify(typed).ok_or(error),
            RoomNameError::Empty | RoomNameError::TooLong => Err(error),
        })?;
        Ok(Self {
            name,
            typed: typed.to_owned(),
        })
    }
}
