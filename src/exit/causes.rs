//! The failures for refusals, close codes and the ends of sessions.

use watchtogether_protocol::close::CloseCode;
use watchtogether_protocol::message::room::Refusal;

use super::{Failure, FailureKind};
use crate::session::output::End;

impl From<Refusal> for Failure {
    fn from(why: Refusal) -> Self {
        let failure = Self::new(why.into(), why.words());
        match hint_for(why) {
            Some(hint) => failure.hint(hint),
            None => failure,
        }
    }
}

impl From<CloseCode> for Failure {
    fn from(code: CloseCode) -> Self {
        Self::new(code.into(), format!("the connection ended: {}", code.words()))
    }
}

impl From<&End> for Failure {
    fn from(end: &End) -> Self {
        match end {
            End::Left => CloseCode::Left.into(),
            End::Unreachable { .. } => Self::new(FailureKind::Unreachable, end.words())
                .hint("is the server running, and does UDP reach it?"),
            End::PinMismatch => Self::new(FailureKind::PinMismatch, end.words()).detail("nothing was sent"),
            End::Refused(why) => (*why).into(),
            End::Closed(code) => (*code).into(),
        }
    }
}

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
