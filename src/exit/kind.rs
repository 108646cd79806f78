//! The kinds of failure, each with its exit code and its code.

use watchtogether_protocol::close::CloseCode;
use watchtogether_protocol::message::room::Refusal;

use super::Exit;

/// Declares the kinds that are not refusals of the room, as `Name = "word" => ExitCode`.
macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $code:literal => $exit:ident,)+) => {
        /// A kind of failure. The exit code is for scripts, the code for programs; the meanings of both never change.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum FailureKind {
            /// The room or its server refused.
            Refused(Refusal),
            $($(#[$doc])* $name,)+
        }

        impl FailureKind {
            /// The kinds that are not refusals.
            const PLAIN: &[Self] = &[$(Self::$name),+];

            /// Returns the machine-readable code.
            pub const fn code(self) -> &'static str {
                match self {
                    Self::Refused(reason) => reason.code(),
                    $(Self::$name => $code,)+
                }
            }

            /// Returns the exit code.
            pub const fn exit(self) -> Exit {
                match self {
                    Self::Refused(reason) => exit_of(reason),
                    $(Self::$name => Exit::$exit,)+
                }
            }
        }
    };
}

kinds! {
    /// The command line is wrong, or something that it names cannot be used.
    Usage = "usage" => Usage,
    /// A request to a running client is invalid.
    BadRequest = "bad_request" => Usage,
    /// The running client uses another version of the control socket.
    OtherSocketVersion = "version" => Usage,
    /// The position is beyond the end of the film.
    BeyondEnd = "beyond_end" => Usage,
    /// The link is of a kind that cannot be opened.
    BadLink = "bad_link" => Usage,
    /// The invite cannot be read.
    BadInvite = "bad_invite" => Usage,
    /// The configuration has mistakes.
    Config = "config" => Usage,
    /// The filter of the log cannot be read.
    LogFilter = "log_filter" => Usage,
    /// The file to be created already exists.
    FileExists = "file_exists" => Usage,
    /// The server did not answer, or cannot be reached.
    Unreachable = "unreachable" => Unreachable,
    /// The server is shutting down.
    ShuttingDown = "shutting_down" => Unreachable,
    /// The host's client crashed, and the local server has shut down.
    HostGone = "host_gone" => Unreachable,
    /// The server received no hello in time.
    HelloTimeout = "hello_timeout" => Unreachable,
    /// The connection was too slow for the room.
    TooSlow = "too_slow" => Unreachable,
    /// The client has no connection to the server.
    NotConnected = "not_connected" => Unreachable,
    /// The server refused the connection, with or without a reason.
    ConnectionRefused = "refused" => Refused,
    /// The host removed the member.
    Removed = "removed" => Refused,
    /// The server presents a different key than the known one.
    PinMismatch = "pin_mismatch" => PinMismatch,
    /// There is no such file.
    NoSuchFile = "no_such_file" => NotFound,
    /// The user has not entered any room yet.
    NoRecentRoom = "no_recent_room" => NotFound,
    /// The client has not entered a room.
    NoRoom = "no_room" => NotFound,
    /// The room was closed.
    RoomClosed = "room_closed" => NotFound,
    /// No client runs, or not the requested one.
    NoSession = "no_session" => NotFound,
    /// The client is ending.
    Ending = "ending" => NotFound,
    /// The film has no such chapter.
    NoChapter = "no_chapter" => NotFound,
    /// The folder contains no rooms.
    NoStore = "no_store" => NotFound,
    /// There is no player whose setting could be changed.
    NoPlayer = "no_player" => Player,
    /// The player could not open the film.
    OpenFailed = "open_failed" => Player,
    /// No answer came in time.
    NoAnswer = "no_answer" => NotInTime,
    /// The client has too many requests to answer.
    Busy = "busy" => Other,
    /// The client's answer cannot be read.
    Unreadable = "unreadable" => Other,
    /// The member left.
    Left = "left" => Other,
    /// A newer connection took the seat.
    Replaced = "replaced" => Other,
    /// The other side sent something unreadable.
    ProtocolError = "protocol_error" => Other,
    /// The server did not start.
    NotServing = "not_serving" => Other,
    /// Another program uses the port.
    PortInUse = "port_in_use" => Other,
    /// Another server has the rooms open.
    StoreInUse = "store_in_use" => Other,
    /// The rooms are damaged.
    StoreDamaged = "store_damaged" => Other,
    /// A newer version wrote the rooms.
    StoreNewer = "store_newer" => Other,
    /// The rooms cannot be read or written.
    StoreUnusable = "store_unusable" => Other,
    /// The log cannot be written.
    Log = "log" => Other,
    /// The terminal cannot be used.
    Terminal = "terminal" => Other,
    /// Signals cannot be handled.
    Signals = "signals" => Other,
    /// The answer cannot be written.
    OutputNotWritten = "output_not_written" => Other,
    /// Nobody reads the output any longer, as in `… | head`: nothing failed, and nothing is reported.
    ReaderGone = "reader_is_gone" => Ok,
    /// A failure that has no kind of its own.
    Failed = "failed" => Other,
}

impl FailureKind {
    /// Returns all kinds.
    pub fn all() -> impl Iterator<Item = Self> {
        let refusals = Refusal::ALL.into_iter().map(Self::from);
        let refusals = refusals.filter(|kind| matches!(kind, Self::Refused(_)));
        Self::PLAIN.iter().copied().chain(refusals)
    }

    /// Returns the kind for a code: the inverse of [`code`](Self::code). A later version may have codes that this one does not
    /// know.
    pub fn of_code(code: &str) -> Option<Self> {
        Self::all().find(|kind| kind.code() == code)
    }
}

const fn exit_of(reason: Refusal) -> Exit {
    match reason {
        Refusal::NotAdmitted
        | Refusal::RoomFull
        | Refusal::NameTaken
        | Refusal::NameReserved
        | Refusal::RoomDamaged
        | Refusal::RoomExists
        | Refusal::RateLimited
        | Refusal::ServerBusy
        | Refusal::SeatGone
        | Refusal::Banned
        | Refusal::NotPossible
        | Refusal::NotWritten
        | Refusal::NothingToUndo
        | Refusal::NotRemovable => Exit::Refused,
        Refusal::NotHost => Exit::NotPermitted,
        Refusal::NoSuchMember | Refusal::NoItem | Refusal::NoSuchBan => Exit::NotFound,
        Refusal::ShuttingDown => Exit::Unreachable,
    }
}

impl From<Refusal> for FailureKind {
    fn from(reason: Refusal) -> Self {
        // A server that shuts down also says so in its close code.
        if reason == Refusal::ShuttingDown {
            return Self::ShuttingDown;
        }
        Self::Refused(reason)
    }
}

impl From<CloseCode> for FailureKind {
    fn from(code: CloseCode) -> Self {
        match code {
            CloseCode::Left => Self::Left,
            CloseCode::ShuttingDown => Self::ShuttingDown,
            CloseCode::HostGone => Self::HostGone,
            CloseCode::Replaced => Self::Replaced,
            CloseCode::ProtocolError => Self::ProtocolError,
            CloseCode::HelloTimeout => Self::HelloTimeout,
            CloseCode::TooSlow => Self::TooSlow,
            CloseCode::RateLimited => Self::Refused(Refusal::RateLimited),
            CloseCode::Busy => Self::Refused(Refusal::ServerBusy),
            CloseCode::Refused => Self::ConnectionRefused,
            CloseCode::RoomClosed => Self::RoomClosed,
            CloseCode::Removed => Self::Removed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_comes_back_from_its_word() {
        for kind in FailureKind::all() {
            assert_eq!(FailureKind::of_code(kind.code()), Some(kind));
        }
        assert_eq!(FailureKind::of_code("a_word_of_later"), None);
    }

    #[test]
    fn every_refusal_and_close_code_has_a_kind_that_comes_back() {
        for reason in Refusal::ALL {
            let kind = FailureKind::from(reason);

            assert_eq!(kind.code(), reason.code());
            assert_eq!(FailureKind::of_code(reason.code()), Some(kind));
        }
        for code in CloseCode::ALL {
            let kind = FailureKind::from(code);

            assert_eq!(FailureKind::of_code(kind.code()), Some(kind));
        }
    }

    #[test]
    fn a_refusal_by_role_and_a_refused_entry_differ_in_their_exit_code() {
        let exit = |reason: Refusal| FailureKind::from(reason).exit().code();

        assert_eq!(exit(Refusal::NotHost), 8);
        assert_eq!(exit(Refusal::NotAdmitted), 4);
        assert_eq!(exit(Refusal::NoItem), 6);
        assert_eq!(exit(Refusal::Banned), 4);
        assert_eq!(exit(Refusal::NotRemovable), 4);
        assert_eq!(exit(Refusal::NothingToUndo), 4);
        assert_eq!(FailureKind::from(CloseCode::Removed).exit().code(), 4);
    }
}
