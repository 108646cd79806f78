//! The end of a command: its exit code, and the failure that it reports.
//!
//! Scripts distinguish failures by exit code, programs by code, and people by message and hint: what failed, the likely cause,
//! what to try. Everything except the message follows from the [`FailureKind`].

mod causes;
mod failure;
mod kind;
mod system;

use std::os::unix::process::ExitStatusExt as _;
use std::process::{ExitCode, ExitStatus};

pub use self::causes::end_words;
pub use self::failure::{CatalogueError, Failure};
pub use self::kind::FailureKind;
pub use self::system::system_reason;

/// The signal of Ctrl-C; the same on every Unix.
const SIGINT: i32 = 2;

/// The exit code of a command. The meaning of a number never changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// The command succeeded.
    Ok,
    /// The command failed for a reason without its own number.
    Other,
    /// The command line or the configuration is wrong.
    Usage,
    /// The server cannot be reached, or did not answer in time.
    Unreachable,
    /// The server refused: token, password, ban, room full.
    Refused,
    /// The server's key is not the known one.
    PinMismatch,
    /// There is no such room, user or item, or no running client.
    NotFound,
    /// The player failed.
    Player,
    /// The member's role does not allow it.
    NotPermitted,
    /// An answer or a change did not come in time.
    NotInTime,
    /// Ended by Ctrl-C or an equivalent signal.
    Interrupted,
}

impl Exit {
    /// All exit codes, in numerical order.
    pub const ALL: [Self; 11] = [
        Self::Ok,
        Self::Other,
        Self::Usage,
        Self::Unreachable,
        Self::Refused,
        Self::PinMismatch,
        Self::NotFound,
        Self::Player,
        Self::NotPermitted,
        Self::NotInTime,
        Self::Interrupted,
    ];

    /// Returns the exit code with which another process of this program ended; unknown ones count as failure.
    pub fn from_status(status: ExitStatus) -> Self {
        if status.signal() == Some(SIGINT) {
            return Self::Interrupted;
        }
        let known = |code: i32| Self::ALL.into_iter().find(|exit| i32::from(exit.code()) == code);
        status.code().and_then(known).unwrap_or(Self::Other)
    }

    /// Returns the meaning in a few words, for the list of all exit codes.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Ok => "success",
            Self::Other => "other failure",
            Self::Usage => "wrong usage or configuration",
            Self::Unreachable => "server unreachable",
            Self::Refused => "refused by the server",
            Self::PinMismatch => "the server's key does not match the invite",
            Self::NotFound => "not found",
            Self::Player => "player failed",
            Self::NotPermitted => "not permitted",
            Self::NotInTime => "timed out",
            Self::Interrupted => "interrupted",
        }
    }

    /// Returns the number that the process ends with.
    pub const fn code(self) -> u8 {
        match self {
            Self::Ok => 0,
            Self::Other => 1,
            Self::Usage => 2,
            Self::Unreachable => 3,
            Self::Refused => 4,
            Self::PinMismatch => 5,
            Self::NotFound => 6,
            Self::Player => 7,
            Self::NotPermitted => 8,
            Self::NotInTime => 9,
            Self::Interrupted => 130,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_process_keeps_its_kind_and_an_unknown_end_is_a_failure() {
        let ended = |raw| Exit::from_status(ExitStatus::from_raw(raw));

        assert_eq!(ended(5 << 8), Exit::PinMismatch);
        assert_eq!(ended(99 << 8), Exit::Other);
        assert_eq!(ended(9), Exit::Other, "killed");
        assert_eq!(ended(SIGINT), Exit::Interrupted);
        assert_eq!(ended(0), Exit::Ok);
    }
}
