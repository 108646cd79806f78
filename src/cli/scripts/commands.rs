//! The requests of scripts as commands of the session.

use watchtogether_protocol::message::playback::StallPolicy;
use watchtogether_protocol::message::removal::Ban;
use watchtogether_protocol::message::room::Refusal;
use watchtogether_protocol::message::settings::Setting;
use watchtogether_protocol::{Clean, MediaTime, MemberId, MemberName, Rate, RoomIntent};
use watchtogether_tui::{chat_text, strings};

use crate::control::wire::{Action, SeekTarget, Stall};
use crate::exit::{Failure, FailureKind};
use crate::session::OwnCopy;
use crate::session::command::Command;
use crate::session::status::Status;

/// Returns the command that an action asks for.
pub(super) fn command_of(
    action: Action,
    status: &Status,
    open: impl FnOnce(&str) -> Result<OwnCopy, Failure>,
) -> Result<Command, Failure> {
    Ok(match action {
        Action::Play => Command::Room(RoomIntent::Play),
        Action::Pause => Command::Room(RoomIntent::Pause),
        Action::Toggle => Command::Room(RoomIntent::Toggle),
        Action::Seek(SeekTarget::To(ms)) if ms < 0 => {
            return Err(Failure::new(
                FailureKind::BadRequest,
                "a film has no time before its beginning",
            ));
        }
        Action::Seek(SeekTarget::To(ms)) => Command::Room(RoomIntent::SeekTo(MediaTime::from_millis(ms))),
        Action::Seek(SeekTarget::By(ms)) => Command::Room(RoomIntent::SeekBy(MediaTime::from_millis(ms))),
        Action::Speed { rate } => Rate::from_f64(rate)
            .map(|rate| Command::Room(RoomIntent::SetRate(rate)))
            .ok_or_else(|| Failure::new(FailureKind::BadRequest, "a speed is between 0.25 and 4"))?,
        Action::Undo => Command::Room(RoomIntent::Undo),
        Action::Kick { name } => Command::Room(RoomIntent::Remove {
            member: member_named(status, &name)?,
            is_ban: false,
        }),
        Action::Ban { name } => Command::Room(RoomIntent::Remove {
            member: member_named(status, &name)?,
            is_ban: true,
        }),
        Action::Unban { name } => unban(status, &name)?,
        Action::Host { name } => Command::Room(RoomIntent::TransferHost {
            to: member_named(status, &name)?,
        }),
        Action::GoOn => Command::Room(RoomIntent::GoOn),
        Action::OnStall { policy: Stall::Wait } => {
            Command::Room(RoomIntent::Set(Setting::OnStall(StallPolicy::Wait)))
        }
        Action::OnStall { policy: Stall::GoOn } => {
            Command::Room(RoomIntent::Set(Setting::OnStall(StallPolicy::GoOn)))
        }
        Action::Open { target } => Command::Open(open(&target)?),
        Action::Sync => Command::SyncNow,
        Action::Reopen => Command::ReopenPlayer,
        Action::Retry => Command::Retry,
        Action::Quit => Command::Leave,
    })
}

/// Returns the member of a name, as people would type it.
fn member_named(status: &Status, name: &str) -> Result<MemberId, Failure> {
    let members = status.room.as_ref().map_or(&[][..], |room| &room.members);
    let you = status.room.as_ref().map(|room| room.you);
    let wanted = MemberName::existing(name).ok().map(|name| name.folded());
    members
        .iter()
        .find(|m| Some(m.member.name.folded()) == wanted)
        .map(|m| m.member.id)
        .or(you.filter(|_| strings::is_oneself(name)))
        .ok_or_else(|| {
            Failure::new(
                Refusal::NoSuchMember.into(),
                format!("nobody called {} is here", Clean::line(name)),
            )
        })
}

/// Returns what lets somebody in again who was banned.
fn unban(status: &Status, name: &str) -> Result<Command, Failure> {
    let bans = status.room.as_ref().map_or(&[][..], |room| &room.bans);
    let ban = Ban::meant(bans, name).ok_or_else(|| {
        let name = Clean::line(name);
        Failure::new(
            Refusal::NoSuchBan.into(),
            format!("nobody called {name} is banned"),
        )
        .hint("who is banned: watchtogether ctl bans")
    })?;
    Ok(Command::Room(RoomIntent::Unban { number: ban.number }))
}

/// Returns the text of a chat line, or why it is none.
pub(in crate::cli) fn text_of(text: &str) -> Result<Clean, Failure> {
    chat_text::checked(text).map_err(|why| Failure::new(FailureKind::BadRequest, why))
}
