//! Texts of the reasons for refusals, closed connections and failed ones.

use watchtogether_protocol::Clean;
use watchtogether_protocol::close::CloseCode;
use watchtogether_protocol::link_end::{Breakage, KnownServersFailure, LinkEnd, Unreachable};
use watchtogether_protocol::message::room::Refusal;

/// Returns the reason of a refusal, as a sentence without a full stop.
pub fn refusal(reason: Refusal) -> &'static str {
    match reason {
        Refusal::NotAdmitted => msg!("refused-not-admitted"),
        Refusal::RoomFull => msg!("refused-room-full"),
        Refusal::NameTaken => msg!("refused-name-taken"),
        Refusal::RoomExists => msg!("refused-room-exists"),
        Refusal::NotHost => msg!("refused-not-host"),
        Refusal::RateLimited => msg!("refused-rate-limited"),
        Refusal::ServerBusy => msg!("refused-server-busy"),
        Refusal::NoSuchMember => msg!("refused-no-such-member"),
        Refusal::NoItem => msg!("refused-no-item"),
        Refusal::NotPossible => msg!("refused-not-possible"),
        Refusal::SeatGone => msg!("refused-seat-gone"),
        Refusal::ShuttingDown => msg!("refused-shutting-down"),
        Refusal::NothingToUndo => msg!("refused-nothing-to-undo"),
        Refusal::Banned => msg!("refused-banned"),
        Refusal::NotRemovable => msg!("refused-not-removable"),
        Refusal::NoSuchBan => msg!("refused-no-such-ban"),
        Refusal::NameReserved => msg!("refused-name-reserved"),
        Refusal::RoomDamaged => msg!("refused-room-damaged"),
        Refusal::NotWritten => msg!("refused-not-written"),
    }
}

/// Returns why a connection was closed, as a sentence without a full stop.
pub fn closed(code: CloseCode) -> &'static str {
    match code {
        CloseCode::Left => msg!("closed-left"),
        CloseCode::ShuttingDown => msg!("closed-shutting-down"),
        CloseCode::Replaced => msg!("closed-replaced"),
        CloseCode::ProtocolError => msg!("closed-protocol-error"),
        CloseCode::HelloTimeout => msg!("closed-hello-timeout"),
        CloseCode::TooSlow => msg!("closed-too-slow"),
        CloseCode::RateLimited => msg!("closed-rate-limited"),
        CloseCode::Busy => msg!("closed-busy"),
        CloseCode::Refused => msg!("closed-refused"),
        CloseCode::RoomClosed => msg!("closed-room-closed"),
        CloseCode::Removed => msg!("closed-removed"),
        CloseCode::HostGone => msg!("closed-host-gone"),
    }
}

/// Returns why there is no connection, as a sentence without a full stop.
pub fn link_end(end: &LinkEnd) -> String {
    match end {
        LinkEnd::PinMismatch => msg!("link-pin-mismatch").to_owned(),
        LinkEnd::Unreachable(reason) => unreachable(reason),
        LinkEnd::Closed { code: Some(code) } => closed(*code).to_owned(),
        LinkEnd::Closed { code: None } => msg!("link-closed").to_owned(),
        LinkEnd::TimedOut => msg!("link-timed-out").to_owned(),
        LinkEnd::Broken(reason) => broken(reason),
    }
}

fn unreachable(reason: &Unreachable) -> String {
    match reason {
        Unreachable::Unresolved { host } => msg!("unreachable-unresolved", host = host),
        Unreachable::Inward { host } => msg!("unreachable-inward", host = host),
        Unreachable::NoAddress => msg!("unreachable-no-address").to_owned(),
        Unreachable::NoServer => msg!("unreachable-no-server").to_owned(),
        Unreachable::NoAnswer { after } => msg!("unreachable-no-answer", seconds = after.as_secs()),
        Unreachable::OtherVersion => msg!("unreachable-other-version").to_owned(),
        Unreachable::SentInCircles => msg!("unreachable-sent-in-circles").to_owned(),
        Unreachable::KnownServers { path, failure } => known_servers(path, failure),
        Unreachable::Failed { cause } => msg!("unreachable-failed", cause = cause),
    }
}

fn known_servers(path: &Clean, failure: &KnownServersFailure) -> String {
    match failure {
        KnownServersFailure::Unreadable { cause } => {
            msg!("known-servers-unreadable", path = path, cause = cause)
        }
        KnownServersFailure::Unwritable { cause } => {
            msg!("known-servers-unwritable", path = path, cause = cause)
        }
        KnownServersFailure::Line(line) => msg!("known-servers-line", line = *line, path = path),
    }
}

fn broken(reason: &Breakage) -> String {
    match reason {
        Breakage::Restarted => msg!("link-restarted").to_owned(),
        Breakage::NoReason => msg!("link-no-reason").to_owned(),
        Breakage::Stuck => msg!("link-stuck").to_owned(),
        Breakage::Unreadable => msg!("link-unreadable").to_owned(),
        Breakage::TaskEnded => msg!("link-task-ended").to_owned(),
        Breakage::Transport { cause } => msg!("link-broken", cause = cause),
    }
}
