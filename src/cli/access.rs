//! The condition for entering a room that is opened, and the password that a user gave.

use std::io::{self, Read as _};
use std::path::Path;

use watchtogether_protocol::limits::PASSWORD_CHARS;
use watchtogether_protocol::message::room::{Access, Password};
use watchtogether_tui::msg;

use super::globals::text_variable;
use crate::config::{AccessKind, Config};
use crate::exit::{Failure, FailureKind};

/// Returns the condition for entering a new room.
pub(super) fn access(config: &Config, password_file: Option<&Path>) -> Result<Access, Failure> {
    match config.access.value {
        AccessKind::Open => Ok(Access::Open),
        AccessKind::Invite => Ok(Access::Invite),
        AccessKind::Password => Ok(Access::Password(password(password_file)?.ok_or_else(|| {
            Failure::new(FailureKind::Usage, msg!("password-missing")).hint(msg!("hint-password"))
        })?)),
    }
}

/// Returns the password that the user gave in a file or in the environment. It is never an argument, because everybody on the
/// machine can read arguments.
pub(super) fn password(file: Option<&Path>) -> Result<Option<Password>, Failure> {
    let text = match file {
        Some(file) => Some(text_in(file).map_err(|error| {
            Failure::new(
                FailureKind::Usage,
                msg!("file-unreadable", path = file.display().to_string()),
            )
            .because(error)
        })?),
        None => text_variable("WATCHTOGETHER_PASSWORD"),
    };
    let text = text.map(|text| text.trim_end_matches(['\r', '\n']).to_owned());
    let is_too_long = |text: &String| text.chars().count() > PASSWORD_CHARS;
    if text.as_ref().is_some_and(is_too_long) {
        return Err(Failure::new(
            FailureKind::Usage,
            msg!("password-too-long", count = PASSWORD_CHARS),
        ));
    }
    Ok(text.filter(|text| !text.is_empty()).map(Password))
}

/// Returns the text of a file, or a part of it that is longer than any password: the file may be endless.
fn text_in(file: &Path) -> io::Result<String> {
    // The longest password with the longest characters, a line break, and one byte more.
    let most = PASSWORD_CHARS * 4 + 3;
    let mut text = Vec::new();
    std::fs::File::open(file)?
        .take(most as u64)
        .read_to_end(&mut text)?;
    if text.len() == most {
        return Ok(String::from_utf8_lossy(&text).into_owned());
    }
    String::from_utf8(text).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
}
