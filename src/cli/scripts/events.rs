//! The events of a session, as the control socket's types.

use watchtogether_protocol::message::roster::{LeaveReason, Member, MemberLink, Role};
use watchtogether_protocol::message::undo::Change;
use watchtogether_protocol::narration::{Fact, Happening, Person, PlayerNews, Presence};
use watchtogether_protocol::timeline::Reason;
use watchtogether_protocol::{MediaTime, MemberId, Timeline};
use watchtogether_tui::msg;
use watchtogether_tui::strings;

use super::answer;
use super::codes::{
    file_code, item_of, link_code, link_reason, player_code, role_code, setting_code, storage_code,
};
use crate::control::wire::{self, EventBody};
use crate::exit::{Failure, FailureKind};
use crate::session::event::{Event, LinkState};
use crate::session::status::Status;

/// Returns an event as the socket's type, if scripts need it. `status` is the session's state after it.
pub(super) fn event_of(event: &Event, status: &Status) -> Option<EventBody> {
    let room = status.room.as_ref();
    let name_of = |id: MemberId| {
        let member = room.and_then(|r| r.members.iter().find(|m| m.member.id == id));
        member.map(|m| m.member.name.to_string())
    };
    Some(match event {
        Event::Happened(happening) => return happening_of(happening, status),
        Event::Link(state) if *state != LinkState::Closed => EventBody::Link {
            state: link_code(state).to_owned(),
            reason: link_reason(state),
        },
        Event::Entered { .. } => EventBody::Join {
            user: user_name(status),
        },
        Event::MemberChanged { before, member } => return member_changed(before, member),
        Event::Chat(line) => EventBody::Chat {
            user: line.name.to_string(),
            media_ms: line.position.map(MediaTime::as_millis),
            text: line.text.to_string(),
        },
        Event::WaitingFor(awaited) => EventBody::Wait {
            users: awaited.who.iter().filter_map(|id| name_of(*id)).collect(),
            count: awaited.count,
        },
        Event::Bans { bans, .. } => EventBody::Bans {
            bans: bans.iter().map(wire::BanJson::of).collect(),
        },
        Event::Sync(state) => EventBody::Sync {
            state: state.code().to_owned(),
        },
        Event::StateChanged { before, timeline } => {
            let user = timeline.cause.who.and_then(name_of);
            return moved(before, timeline, user);
        }
        // An undo too: its effect is reported before the happening that names it.
        Event::Undoable(undoable) => return changed(&undoable.change, name_of(undoable.by)),
        // Happenings report these; the end of the session is reported with its reason.
        Event::MemberJoined(_)
        | Event::MemberLeft { .. }
        | Event::HostChanged { .. }
        | Event::ChatPending { .. }
        | Event::ChatRefused { .. }
        | Event::ItemChanged { .. }
        | Event::LengthChanged { .. }
        | Event::FileCompared { .. }
        | Event::SettingChanged(_)
        | Event::Storage { .. }
        | Event::SeatNotKept { .. }
        | Event::Player(_)
        | Event::WindowRequestUndone
        | Event::Refused { .. }
        | Event::BeyondEnd { .. }
        | Event::Offline(_)
        | Event::Link(_)
        | Event::Closing(_) => return None,
    })
}

/// Returns a happening as the socket's type, if scripts need it.
fn happening_of(happening: &Happening, status: &Status) -> Option<EventBody> {
    let name = |person: &Person| person.name.to_string();
    let user = happening.actor.as_ref().map(name);
    Some(match &happening.fact {
        Fact::Presence { change, by } => match change {
            Presence::Joined => EventBody::Join { user: user? },
            Presence::Left(reason) => EventBody::Leave {
                user: user?,
                reason: leave_code(*reason).to_owned(),
                by: by.as_ref().map(name),
            },
            // The change of the member reports these.
            Presence::ConnectionLost | Presence::ConnectionBack => return None,
        },
        Fact::BecameHost { .. } => EventBody::Role {
            user: user?,
            role: role_code(Role::Host).to_owned(),
        },
        Fact::SettingChanged { setting, .. } => {
            let (setting, value) = setting_code(setting);
            EventBody::Setting {
                user,
                setting: setting.to_owned(),
                value,
            }
        }
        Fact::ItemSet { item, .. } | Fact::LengthFound { item, .. } => EventBody::Item(item_of(item)),
        Fact::CopyCompared { file, .. } => EventBody::Player {
            user: user_name(status),
            state: player_code(status.player).to_owned(),
            reason: Some(format!("file_{}", file_code(status.player, *file))),
        },
        Fact::Undid {
            author,
            was_undo,
            change,
            ..
        } => EventBody::Undo {
            user: user?,
            author: author.as_ref().map(name).unwrap_or_default(),
            what: undone_code(change, *was_undo).to_owned(),
            again: *was_undo,
        },
        Fact::Storage { is_failing } => EventBody::Storage {
            state: storage_code(Some(*is_failing)).to_owned(),
        },
        Fact::SeatNotKept { .. } => EventBody::Storage {
            state: "seat_not_saved".to_owned(),
        },
        Fact::NoCopy { .. } => player_news(&PlayerNews::NoCopy, status),
        Fact::Player(news) => player_news(news, status),
        Fact::Refused { reason, .. } | Fact::ChatRefused { reason, .. } => {
            EventBody::Error(Failure::new((*reason).into(), strings::refusal(*reason)).into())
        }
        Fact::BeyondEnd { length } => EventBody::Error(answer::beyond_end(*length).into()),
        Fact::Offline => {
            EventBody::Error(Failure::new(FailureKind::NotConnected, msg!("client-not-connected")).into())
        }
        // The changes themselves report these to scripts.
        Fact::Moved(_)
        | Fact::Played { .. }
        | Fact::Paused { .. }
        | Fact::RateChanged { .. }
        | Fact::Seek { .. }
        | Fact::Standing { .. }
        | Fact::Copy { .. }
        | Fact::BansLifted { .. }
        | Fact::WindowRequestUndone { .. }
        | Fact::LinkLost { .. }
        | Fact::NextAttempt { .. }
        | Fact::PausedHere { .. }
        | Fact::LinkBack { .. }
        | Fact::ServerAnswers
        | Fact::StillWaiting { .. }
        | Fact::RoomClosed => return None,
    })
}

fn player_news(news: &PlayerNews, status: &Status) -> EventBody {
    let (state, reason) = news_code(news);
    EventBody::Player {
        user: user_name(status),
        state: state.to_owned(),
        reason,
    }
}

fn user_name(status: &Status) -> String {
    let own = status
        .room
        .as_ref()
        .and_then(|room| room.members.iter().find(|m| m.member.id == room.you));
    own.map(|m| m.member.name.to_string()).unwrap_or_default()
}

const fn leave_code(reason: LeaveReason) -> &'static str {
    match reason {
        LeaveReason::Left => "left",
        LeaveReason::LinkLost => "link_lost",
        LeaveReason::Disconnected => "disconnected",
        LeaveReason::Kicked { .. } => "kicked",
        LeaveReason::Banned { .. } => "banned",
    }
}

/// Returns the event for a change of the timeline that the room made by itself, or that came with another item. Waits and
/// their ends are reported with the list of awaited members, because the room should be playing all the while.
fn moved(before: &Timeline, timeline: &Timeline, user: Option<String>) -> Option<EventBody> {
    let media_ms = timeline.position.as_millis();
    let is_told = match timeline.cause.reason {
        // Changes that can be undone report these: a timeline may cover several of them.
        Reason::Played | Reason::Paused | Reason::Seeked | Reason::RateChanged | Reason::Waiting => true,
        Reason::Undone => before.item == timeline.item,
        Reason::Opened | Reason::ItemChanged | Reason::Ended | Reason::Resumed | Reason::Restored => false,
    };
    match (before.is_meant_to_play(), timeline.is_meant_to_play()) {
        (false, true) if !is_told => Some(EventBody::Play { user, media_ms }),
        (true, false) if !is_told => Some(EventBody::Pause { user, media_ms }),
        _ => None,
    }
}

/// Returns the event for a member's change of the timeline; `None` for any other change, which has an event of its own.
fn changed(change: &Change, user: Option<String>) -> Option<EventBody> {
    Some(match change {
        Change::Place { to, .. } => EventBody::Seek {
            user,
            media_ms: to.as_millis(),
        },
        Change::Play { position } => EventBody::Play {
            user,
            media_ms: position.as_millis(),
        },
        Change::Pause { position } => EventBody::Pause {
            user,
            media_ms: position.as_millis(),
        },
        Change::Rate { rate } => EventBody::Speed {
            user,
            rate: rate.as_f64(),
        },
        Change::Item | Change::Host { .. } | Change::Setting(_) => return None,
    })
}

/// Returns the code of the kind of change that was undone, or done again, by `change`. A pause is undone by playing.
fn undone_code(change: &Change, is_redone: bool) -> &'static str {
    match change {
        Change::Place { .. } => "seek",
        Change::Play { .. } => {
            if is_redone {
                "play"
            } else {
                "pause"
            }
        }
        Change::Pause { .. } => {
            if is_redone {
                "pause"
            } else {
                "play"
            }
        }
        Change::Rate { .. } => "speed",
        Change::Item => "item",
        Change::Host { .. } => "host",
        Change::Setting(setting) => setting_code(setting).0,
    }
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
            MemberLink::Up => "link_up",
            MemberLink::Silent => "link_silent",
            MemberLink::Lost => "link_lost",
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
        PlayerNews::Notice(notice) => ("notice", Some(strings::player_notice(*notice).to_owned())),
        PlayerNews::Starting => ("starting", None),
        PlayerNews::Started { version } => ("started", Some(version.to_string())),
        PlayerNews::Opening => ("loading", None),
        PlayerNews::Opened { .. } => ("opened", None),
        PlayerNews::OpenFailed { reason, .. } => ("failed", Some(strings::open_error(reason))),
        PlayerNews::NoCopy => ("no_copy", None),
        PlayerNews::Buffering { .. } => ("buffering", None),
        PlayerNews::Refilled => ("following", None),
        PlayerNews::Closed => ("closed", None),
        PlayerNews::Gone { reason, .. } => ("gone", Some(strings::player_end(reason))),
    }
}

#[cfg(test)]
mod tests;
