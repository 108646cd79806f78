//! How a command ends: its exit code, and what it says when it failed.
//!
//! A script tells the kinds of failure apart by the exit code, a program by the code word, a person by the message and
//! the hint: what failed, why we think so, what to try.

use std::fmt;
use std::os::unix::process::ExitStatusExt as _;
use std::process::{ExitCode, ExitStatus};

use serde::Serialize;
use watchtogether_protocol::close::CloseCode;
use watchtogether_protocol::message::room::Refusal;

use crate::session::output::End;
use crate::transport::{ConnectError, KnownServersError};

/// The exit code of a command. The numbers never change their meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// Done.
    Ok,
    /// Failed, for a reason without a number of its own.
    Other,
    /// The command line or the configuration is wrong.
    Usage,
    /// The server cannot be reached, or did not answer in time.
    Unreachable,
    /// The server said no: token, password, ban, full.
    Refused,
    /// The server's key is not the one that it is known by.
    PinMismatch,
    /// There is no such room, user or item, or no running client.
    NotFound,
    /// The player failed.
    Player,
    /// The member's role does not allow it.
    NotPermitted,
    /// What was waited for did not come about in time.
    NotInTime,
    /// Ended by Ctrl-C or a signal of that meaning.
    Interrupted,
}

impl Exit {
    const ALL: [Self; 11] = [
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

    /// Returns the kind with which another process of this program ended; what is unknown is a failure.
    pub fn from_status(status: ExitStatus) -> Self {
        if status.signal() == Some(SIGINT) {
            return Self::Interrupted;
        }
        let known = |code: i32| Self::ALL.into_iter().find(|exit| i32::from(exit.code()) == code);
        status.code().and_then(known).unwrap_or(Self::Other)
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

/// Why a command failed, for its exit code, for programs and for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The kind, for scripts.
    pub exit: Exit,
    /// The word, for programs.
    pub code: String,
    /// What failed: one sentence without its full stop.
    pub message: String,
    /// What is known beyond that, a line each.
    pub details: Vec<String>,
    /// What to try.
    pub hint: Option<String>,
    is_quiet: bool,
}

impl Failure {
    /// Returns a failure of a kind, with its word and its message.
    pub fn new(exit: Exit, code: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            exit,
            code: code.into(),
            message: message.into(),
            details: Vec::new(),
            hint: None,
            is_quiet: false,
        }
    }

    /// Returns the end of a command whose reader went away, as in `… | head`: nothing failed, nothing is said.
    pub fn reader_is_gone() -> Self {
        Self {
            is_quiet: true,
            ..Self::new(Exit::Ok, "reader_is_gone", "nobody reads the output any more")
        }
    }

    /// Returns the failure with one more line of what is known.
    #[must_use]
    pub fn detail(mut self, line: impl Into<String>) -> Self {
        self.details.push(line.into());
        self
    }

    /// Returns the failure with something to try.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Returns whether nothing is to be said.
    pub const fn is_quiet(&self) -> bool {
        self.is_quiet
    }

    /// Returns the failure as one JSON object: `{"v":1,"error":{…}}`.
    pub fn to_json(&self) -> serde_json::Value {
        #[derive(Serialize)]
        struct Body<'a> {
            code: &'a str,
            exit: u8,
            message: &'a str,
            #[serde(skip_serializing_if = "<[String]>::is_empty")]
            details: &'a [String],
            #[serde(skip_serializing_if = "Option::is_none")]
            hint: Option<&'a str>,
        }
        serde_json::json!({"v": 1, "error": Body {
            code: &self.code,
            exit: self.exit.code(),
            message: &self.message,
            details: &self.details,
            hint: self.hint.as_deref(),
        }})
    }
}

/// Writes `error[code]: message`, the details and `hint: …`, a line each.
impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error[{}]: {}", self.code, self.message)?;
        for line in &self.details {
            write!(f, "\n  {line}")?;
        }
        match &self.hint {
            Some(hint) => write!(f, "\nhint: {hint}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Failure {}

impl From<Refusal> for Failure {
    fn from(why: Refusal) -> Self {
        let exit = match why {
            Refusal::NotAdmitted
            | Refusal::RoomFull
            | Refusal::NameTaken
            | Refusal::NameReserved
            | Refusal::RoomDamaged
            | Refusal::RoomExists
            | Refusal::RateLimited
            | Refusal::ServerBusy
            | Refusal::SeatGone
            | Refusal::Banned => Exit::Refused,
            Refusal::NotHost => Exit::NotPermitted,
            Refusal::NoSuchMember | Refusal::NoItem | Refusal::NoSuchBan => Exit::NotFound,
            Refusal::NotPossible | Refusal::NotWritten | Refusal::NothingToUndo | Refusal::NotRemovable => {
                Exit::Other
            }
            Refusal::ShuttingDown => Exit::Unreachable,
        };
        let failure = Self::new(exit, why.code(), why.words());
        match hint_for(why) {
            Some(hint) => failure.hint(hint),
            None => failure,
        }
    }
}

impl From<CloseCode> for Failure {
    fn from(code: CloseCode) -> Self {
        let (exit, word) = match code {
            CloseCode::Left => (Exit::Other, "left"),
            CloseCode::ShuttingDown => (Exit::Unreachable, "shutting_down"),
            CloseCode::HostGone => (Exit::Unreachable, "host_gone"),
            CloseCode::Replaced => (Exit::Other, "replaced"),
            CloseCode::ProtocolError => (Exit::Other, "protocol_error"),
            CloseCode::HelloTimeout => (Exit::Unreachable, "hello_timeout"),
            CloseCode::TooSlow => (Exit::Unreachable, "too_slow"),
            CloseCode::RateLimited => (Exit::Refused, "rate_limited"),
            CloseCode::Busy => (Exit::Refused, "server_busy"),
            CloseCode::Refused => (Exit::Refused, "refused"),
            CloseCode::RoomClosed => (Exit::NotFound, "room_closed"),
            CloseCode::Removed => (Exit::Refused, "removed"),
        };
        Self::new(exit, word, format!("the connection ended: {}", code.words()))
    }
}

impl From<&End> for Failure {
    fn from(end: &End) -> Self {
        match end {
            End::Left => CloseCode::Left.into(),
            End::Unreachable { .. } => Self::new(Exit::Unreachable, "unreachable", end.words())
                .hint("is the server running, and does UDP reach it?"),
            End::PinMismatch => {
                Self::new(Exit::PinMismatch, "pin_mismatch", end.words()).detail("nothing was sent")
            }
            End::Refused(why) => (*why).into(),
            End::Closed(code) => (*code).into(),
        }
    }
}

impl From<ConnectError> for Failure {
    fn from(error: ConnectError) -> Self {
        let message = error.to_string();
        let source = std::error::Error::source(&error).map(ToString::to_string);
        let failure = match error {
            ConnectError::PinMismatch { expected, got } => {
                return Self::new(
                    Exit::PinMismatch,
                    "pin_mismatch",
                    "this is not the server that it should be",
                )
                .detail(format!("its key should be {expected}, it is {got}"))
                .detail("nothing was sent")
                .hint("ask the host for a new invite; if nobody expected this, somebody is in between");
            }
            ConnectError::KnownServers(KnownServersError::Damaged { .. }) => {
                Self::new(Exit::PinMismatch, "known_servers_damaged", message)
                    .hint("repair the line or remove it, and compare the four words before you go on")
            }
            ConnectError::KnownServers(KnownServersError::Io { .. }) => {
                Self::new(Exit::Other, "known_servers_unusable", message)
            }
            ConnectError::Unresolved { .. } => {
                Self::new(Exit::Unreachable, "unresolved", message).hint("check the spelling of the address")
            }
            ConnectError::NoServer => Self::new(Exit::Unreachable, "no_server", message)
                .hint("is the server running, and at that port?"),
            ConnectError::TimedOut { .. } => Self::new(Exit::Unreachable, "unreachable", message)
                .hint("is the server running, and does its UDP port reach it through the router?"),
            ConnectError::OtherVersion => Self::new(Exit::Unreachable, "other_version", message)
                .hint("install the same version of watchtogether at both ends"),
            ConnectError::Closed { code: Some(code) } => code.into(),
            ConnectError::Closed { code: None } => {
                Self::new(Exit::Refused, "refused", message).hint("try again in a while")
            }
            ConnectError::Failed(_) => Self::new(Exit::Unreachable, "unreachable", message),
        };
        match source {
            Some(source) => failure.detail(source),
            None => failure,
        }
    }
}

/// A failure inside keeps its kind, however much context was put around it.
impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        let known = error.chain().find_map(|cause| cause.downcast_ref::<Self>());
        match known {
            Some(failure) => failure.clone(),
            None => Self::new(Exit::Other, "failed", format!("{error:#}")),
        }
    }
}

/// The signal of Ctrl-C, the same on every Unix.
const SIGINT: i32 = 2;

fn hint_for(why: Refusal) -> Option<&'static str> {
    match why {
        Refusal::NotAdmitted => Some("ask the host for the invite again and paste the whole line"),
        Refusal::NameTaken | Refusal::NameReserved => Some("choose another name with --name"),
        Refusal::RoomDamaged => {
            Some("open a room of another name; whoever runs the server can restore a backup")
        }
        Refusal::RoomExists => Some("choose another name with --room, or join the room that is there"),
        Refusal::NotHost => Some("ask the host, or ask them to hand the room over"),
        Refusal::RoomFull | Refusal::RateLimited | Refusal::ServerBusy | Refusal::ShuttingDown => {
            Some("try again in a while")
        }
        Refusal::NoItem => Some("open a film first: watchtogether host FILE"),
        Refusal::SeatGone => Some("join the room again"),
        Refusal::Banned => {
            Some("the ban may mean somebody else of your name or network: the host lifts it with /unban")
        }
        Refusal::NotRemovable => Some("hand the room to somebody else first"),
        Refusal::NoSuchBan => Some("who is banned: watchtogether ctl bans"),
        Refusal::NoSuchMember | Refusal::NotPossible | Refusal::NotWritten | Refusal::NothingToUndo => None,
    }
}

#[cfg(test)]
mod tests {
    use anyhow::Context as _;
    use watchtogether_protocol::Pin;

    use super::*;

    #[test]
    fn a_failure_says_what_why_and_what_to_try() {
        let failure = Failure::new(Exit::PinMismatch, "pin_mismatch", "this is another server")
            .detail("expected a, got b")
            .hint("ask for a new invite");

        assert_eq!(
            failure.to_string(),
            "error[pin_mismatch]: this is another server\n  expected a, got b\nhint: ask for a new invite"
        );
        assert_eq!(
            failure.to_json().to_string(),
            r#"{"error":{"code":"pin_mismatch","details":["expected a, got b"],"exit":5,"hint":"ask for a new invite","message":"this is another server"},"v":1}"#
        );
    }

    #[test]
    fn a_failure_keeps_its_kind_under_any_context() {
        let inner: anyhow::Result<()> = Err(Failure::new(Exit::Player, "no_libmpv", "no player").into());

        let failure = Failure::from(
            inner
                .context("while starting")
                .context("host")
                .expect_err("failed"),
        );

        assert_eq!((failure.exit, failure.code.as_str()), (Exit::Player, "no_libmpv"));
    }

    #[test]
    fn an_unknown_error_tells_its_whole_chain() {
        let failure = Failure::from(anyhow::anyhow!("disk full").context("cannot write"));

        assert_eq!(failure.to_string(), "error[failed]: cannot write: disk full");
        assert_eq!(failure.exit, Exit::Other);
    }

    #[test]
    fn a_refusal_by_role_and_one_by_the_door_differ_in_their_exit_code() {
        assert_eq!(Failure::from(Refusal::NotHost).exit.code(), 8);
        assert_eq!(Failure::from(Refusal::NotAdmitted).exit.code(), 4);
        assert_eq!(Failure::from(Refusal::NoItem).exit.code(), 6);
        assert_eq!(Failure::from(Refusal::Banned).exit.code(), 4);
        assert_eq!(Failure::from(CloseCode::Removed).exit.code(), 4);
    }

    #[test]
    fn another_key_is_a_kind_of_its_own_and_shows_both() {
        let failure = Failure::from(ConnectError::PinMismatch {
            expected: Pin::from_bytes([0; 16]),
            got: Pin::from_bytes([255; 16]),
        });

        assert_eq!(failure.exit.code(), 5);
        assert!(
            failure.details[0].contains("aaaaaaaaaaaaaaaaaaaaaaaaaa"),
            "{failure}"
        );
    }

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
