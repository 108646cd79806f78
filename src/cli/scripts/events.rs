//! The events of a session, in the words of the control socket.

use watchtogether_protocol::close::CloseCode;
use watchtogether_protocol::message::roster::{LeaveReason, Link, Member, Role};
use watchtogether_protocol::timeline::Reason;
use watchtogether_protocol::{MediaTime, MemberId, Playback, Timeline};

use super::answer;
use super::codes::{file_code, item_of, link_code, link_reason, player_code, role_code, storage_code};
use crate::control::wire::{self, EventBody};
use crate::exit::{Failure, FailureKind};
use crate::session::event::{Event, PlayerNews};
use crate::session::status::Status;

/// Returns an event in the socket's words, if scripts have a use for it. `status` is how the session stands after it.
pub(super) fn event_of(event: &Event, status: &Status) -> Option<EventBody> {
    let room = status.room.as_ref();
    let member = |id: MemberId| room.and_then(|r| r.members.iter().find(|m| m.member.id == id));
    let name_of = |id: MemberId| member(id).map(|m| m.member.name.to_string());
    let you = || room.and_then(|r| name_of(r.you)).unwrap_or_default();
    Some(match event {
        Event::Link(state) => EventBody::Link {
            state: link_code(state).to_owned(),
            reason: link_reason(state),
        },
        Event::Entered { .. } => EventBody::Join { user: you() },
        Event::MemberJoined(member) => EventBody::Join {
            user: member.name.to_string(),
        },
        Event::MemberLeft { member, why } => left(member, *why, name_of),
        Event::MemberChanged { before, member } => return member_changed(before, member),
        Event::HostChanged { host, .. } => EventBody::Role {
            user: name_of(*host)?,
            role: role_code(Role::Host).to_owned(),
        },
        Event::Chat(line) => EventBody::Chat {
            user: line.name.to_string(),
            media_ms: line.position.map(MediaTime::as_millis),
            text: line.text.to_string(),
        },
        Event::ChatPending { .. } | Event::StallPolicyChanged { .. } | Event::WishUndone { .. } => {
            return None;
        }
        Event::ChatRefused { why, .. } | Event::Refused { why, .. } => {
            EventBody::Error(Failure::new((*why).into(), why.words()).into())
        }
        Event::StateChanged { before, timeline } => return state_changed(before, timeline, name_of),
        Event::WaitingFor(ids) => EventBody::Wait {
            users: ids.iter().filter_map(|id| name_of(*id)).collect(),
        },
        Event::ItemChanged { item, .. } | Event::LengthChanged { item, .. } => EventBody::Item(item_of(item)),
        Event::FileCompared { file, .. } => EventBody::Player {
            user: you(),
            state: player_code(status.player).to_owned(),
            reason: Some(format!("file_{}", file_code(status.player, *file))),
        },
        Event::Undoable(undoable) => {
            let undone = undoable.undoes?;
            EventBody::Undo {
                user: name_of(undoable.by)?,
                author: name_of(undone.author).unwrap_or_default(),
                again: undone.was_undo,
            }
        }
        Event::Bans { bans, .. } => EventBody::Bans {
            bans: bans.iter().map(wire::BanStatus::of).collect(),
        },
        Event::Storage { is_failing } => EventBody::Storage {
            state: storage_code(Some(*is_failing)).to_owned(),
        },
        Event::SeatNotKept { .. } => EventBody::Storage {
            state: "seat_not_saved".to_owned(),
        },
        Event::Player(news) => {
            let (state, reason) = news_code(news);
            EventBody::Player {
                user: you(),
                state: state.to_owned(),
                reason,
            }
        }
        Event::Sync(state) => EventBody::Sync {
            state: state.code().to_owned(),
        },
        Event::BeyondEnd { length } => EventBody::Error(answer::beyond_end(*length).into()),
        Event::Offline(_) => {
            EventBody::Error(Failure::new(FailureKind::NotConnected, "there is no connection").into())
        }
        Event::Closing(why) => EventBody::Link {
            state: "closed".to_owned(),
            reason: Some(CloseCode::of(*why).words().to_owned()),
        },
    })
}

fn left(member: &Member, why: LeaveReason, name_of: impl Fn(MemberId) -> Option<String>) -> EventBody {
    let (reason, by) = match why {
        LeaveReason::Left => ("left", None),
        LeaveReason::LinkLost => ("link_lost", None),
        LeaveReason::Disconnected => ("disconnected", None),
        LeaveReason::Kicked { by } => ("kicked", Some(by)),
        LeaveReason::Banned { by } => ("banned", Some(by)),
    };
    EventBody::Leave {
        user: member.name.to_string(),
        reason: reason.to_owned(),
        by: by.and_then(name_of),
    }
}

fn state_changed(
    before: &Timeline,
    timeline: &Timeline,
    name_of: impl Fn(MemberId) -> Option<String>,
) -> Option<EventBody> {
    let user = timeline.cause.who.and_then(name_of);
    let media_ms = timeline.position.as_millis();
    Some(match (timeline.cause.reason, timeline.playback) {
        (Reason::Sought, Playback::Playing) if before.position == timeline.position => {
            EventBody::Play { user, media_ms }
        }
        (Reason::Sought, _) | (Reason::Undone, Playback::Preparing) => EventBody::Seek { user, media_ms },
        (Reason::RateChanged, _) => EventBody::Speed {
            user,
            rate: timeline.rate.as_f64(),
        },
        (_, Playback::Playing) => EventBody::Play { user, media_ms },
        (_, Playback::Paused) => EventBody::Pause { user, media_ms },
        (_, Playback::Preparing) => return None,
    })
}

fn member_changed(before: &Member, member: &Member) -> Option<EventBody> {
    let user = member.name.to_string();
    if before.role != member.role {
        return Some(EventBody::Role {
            user,
            role: role_code(member.role).to_owned(),
        });
    }
    if before.link != member.link {
        let state = match member.link {
            Link::Up => "link_up",
            Link::Silent => "link_silent",
            Link::Lost => "link_lost",
        };
        return Some(EventBody::Player {
            user,
            state: state.to_owned(),
            reason: None,
        });
    }
    (before.report != member.report).then(|| EventBody::Player {
        user,
        state: player_code(member.report.player).to_owned(),
        reason: Some(format!(
            "file_{}",
            file_code(member.report.player, member.report.file)
        )),
    })
}

fn news_code(news: &PlayerNews) -> (&'static str, Option<String>) {
    match news {
        PlayerNews::Notice { text } => ("notice", Some(text.to_string())),
        PlayerNews::Starting => ("starting", None),
        PlayerNews::Started { version } => ("started", Some(version.to_string())),
        PlayerNews::Opening => ("loading", None),
        PlayerNews::Opened { .. } => ("opened", None),
        PlayerNews::OpenFailed { reason, .. } => ("failed", Some(reason.to_string())),
        PlayerNews::NoCopy => ("no_copy", None),
        PlayerNews::Buffering { .. } => ("buffering", None),
        PlayerNews::Refilled => ("following", None),
        PlayerNews::Closed => ("closed", None),
        PlayerNews::Gone { reason, .. } => ("gone", Some(reason.to_string())),
    }
}
