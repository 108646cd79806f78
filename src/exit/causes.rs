//! The failures for refusals, close codes and the ends of sessions.

use watchtogether_protocol::close::CloseCode;
use watchtogether_protocol::message::room::Refusal;
use watchtogether_tui::{msg, strings};

use super::{Failure, FailureKind};
use crate::session::output::SessionEnd;

/// Describes how a session ended, as a sentence without a full stop.
pub fn end_words(end: &SessionEnd) -> String {
    match end {
        SessionEnd::Left => msg!("end-left").to_owned(),
        SessionEnd::Unreachable(reason) => msg!("end-unreachable", why = strings::link_end(reason)),
        SessionEnd::PinMismatch => msg!("end-pin-mismatch").to_owned(),
        SessionEnd::Refused(reason) => strings::refusal(*reason).to_owned(),
        SessionEnd::Closed(code) => strings::closed(*code).to_owned(),
    }
}

impl From<Refusal> for Failure {
    fn from(reason: Refusal) -> Self {
        let failure = Self::new(reason.into(), strings::refusal(reason));
        match hint_for(reason) {
            Some(hint) => failure.hint(hint),
            None => failure,
        }
    }
}

impl From<CloseCode> for Failure {
    fn from(code: CloseCode) -> Self {
        Self::new(code.into(), msg!("failure-closed", why = strings::closed(code)))
    }
}

impl From<&SessionEnd> for Failure {
    fn from(end: &SessionEnd) -> Self {
        match end {
            SessionEnd::Left => CloseCode::Left.into(),
            SessionEnd::Unreachable(_) => {
                Self::new(FailureKind::Unreachable, end_words(end)).hint(msg!("hint-unreachable"))
            }
            SessionEnd::PinMismatch => {
                Self::new(FailureKind::PinMismatch, end_words(end)).detail(msg!("failure-nothing-sent"))
            }
            SessionEnd::Refused(reason) => (*reason).into(),
            SessionEnd::Closed(code) => (*code).into(),
        }
    }
}

fn hint_for(reason: Refusal) -> Option<&'static str> {
    match reason {
        Refusal::NotAdmitted => Some(msg!("hint-invite-again")),
        Refusal::NameTaken | Refusal::NameReserved => Some(msg!("hint-other-name")),
        Refusal::RoomDamaged => Some(msg!("hint-room-damaged")),
        Refusal::RoomExists => Some(msg!("hint-other-room")),
        Refusal::NotHost => Some(msg!("hint-ask-host")),
        Refusal::RoomFull | Refusal::RateLimited | Refusal::ServerBusy | Refusal::ShuttingDown => {
            Some(msg!("hint-later"))
        }
        Refusal::NoItem => Some(msg!("hint-open-a-film")),
        Refusal::SeatGone => Some(msg!("hint-join-again")),
        Refusal::Banned => Some(msg!("hint-banned")),
        Refusal::NotRemovable => Some(msg!("hint-leave")),
        Refusal::NoSuchBan => Some(msg!("hint-list-bans")),
        Refusal::NoSuchMember | Refusal::NotPossible | Refusal::NotWritten | Refusal::NothingToUndo => None,
    }
}
