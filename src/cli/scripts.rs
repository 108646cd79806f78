//! What scripts are told and may ask: the session's vocabulary in the control socket's words, and back.

mod answer;
pub(super) mod socket;

use watchtogether_protocol::close::CloseCode;
use watchtogether_protocol::invite::Address;
use watchtogether_protocol::item::FileMatch;
use watchtogether_protocol::message::clock::Telemetry;
use watchtogether_protocol::message::playback::StallPolicy;
use watchtogether_protocol::message::removal::Ban;
use watchtogether_protocol::message::room::Refusal;
use watchtogether_protocol::message::roster::{LeaveReason, Link, Member, PlayerFailure, PlayerState, Role};
use watchtogether_protocol::message::standing::{NotReady, Standing, ready_of};
use watchtogether_protocol::timeline::Reason;
use watchtogether_protocol::{
    Clean, Invite, Item, ItemSource, MediaTime, MemberId, MemberName, Pin, Playback, Rate, Timeline,
};
use watchtogether_tui::strings;

use crate::control::wire::{self, Action, EventBody, SeekTarget, Stall};
use crate::exit::{Failure, FailureKind};
use crate::session::OwnCopy;
use crate::session::command::Command;
use crate::session::event::{Event, LinkState, PlayerNews};
use crate::session::status::{MemberStatus, RoomStatus, Status};

/// Returns the command that an action asks for.
pub(super) fn command_of(
    action: Action,
    status: &Status,
    open: impl FnOnce(&str) -> Result<OwnCopy, Failure>,
) -> Result<Command, Failure> {
    Ok(match action {
        Action::Play => Command::Play,
        Action::Pause => Command::Pause,
        Action::Toggle => Command::Toggle,
        Action::Seek(SeekTarget::To(ms)) if ms < 0 => {
            return Err(Failure::new(
                FailureKind::BadRequest,
                "a film has no time before its beginning",
            ));
        }
        Action::Seek(SeekTarget::To(ms)) => Command::SeekTo(MediaTime::from_millis(ms)),
        Action::Seek(SeekTarget::By(ms)) => Command::SeekBy(MediaTime::from_millis(ms)),
        Action::Speed { rate } => Rate::from_f64(rate)
            .map(Command::SetRate)
            .ok_or_else(|| Failure::new(FailureKind::BadRequest, "a speed is between 0.25 and 4"))?,
        Action::Undo => Command::Undo,
        Action::Kick { name } => Command::Remove {
            member: member_named(status, &name)?,
            is_ban: false,
        },
        Action::Ban { name } => Command::Remove {
            member: member_named(status, &name)?,
            is_ban: true,
        },
        Action::Unban { name } => unban(status, &name)?,
        Action::Host { name } => Command::TransferHost {
            to: member_named(status, &name)?,
        },
        Action::GoOn => Command::GoOn,
        Action::OnStall { policy: Stall::Wait } => Command::SetStall(StallPolicy::Wait),
        Action::OnStall { policy: Stall::GoOn } => Command::SetStall(StallPolicy::GoOn),
        Action::Open { target } => Command::Open(open(&target)?),
        Action::Sync => Command::SyncNow,
        Action::Reopen => Command::ReopenPlayer,
        Action::Retry => Command::Retry,
        Action::Quit => Command::Leave,
    })
}

/// Returns the member of a name, as people would type it.
pub(super) fn member_named(status: &Status, name: &str) -> Result<MemberId, Failure> {
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
    Ok(Command::Unban { number: ban.number })
}

/// Returns the text of a chat line, or why it is none.
pub(super) fn text_of(text: &str) -> Result<Clean, Failure> {
    let text = Clean::text(text.trim_end_matches('\n'));
    if text.as_str().trim().is_empty() {
        return Err(Failure::new(FailureKind::BadRequest, "there is nothing to say"));
    }
    if text.as_str().chars().count() > watchtogether_protocol::limits::CHAT_CHARS {
        return Err(Failure::new(
            FailureKind::BadRequest,
            "a chat line has at most 2,000 characters",
        ));
    }
    Ok(text)
}

/// The server as scripts see it.
#[derive(Clone, Debug)]
pub(super) struct ServerView {
    /// The address as the user typed it.
    pub(super) typed: String,
    /// The address that goes into an invite.
    pub(super) public: Address,
    /// The pin of its key; `None` before the first connection.
    pub(super) pin: Option<Pin>,
}

/// Returns the invite to the room; `None` for members who do not control it.
fn invite_of(room: &RoomStatus, server: &ServerView) -> Option<String> {
    let own = room.members.iter().find(|m| m.member.id == room.you)?;
    match own.member.role {
        Role::Host | Role::CoHost => Some(Invite {
            address: server.public.clone(),
            room: Some(room.name.clone()),
            pin: server.pin,
            token: room.invite,
        }),
        Role::Viewer => None,
    }
    .map(|invite| invite.to_string())
}

/// Returns how a session stands, in the socket's words.
pub(super) fn status_of(status: &Status, server: &ServerView) -> wire::Status {
    let room = status.room.as_ref();
    // Without a link, nobody knows how the others are.
    let is_up = status.link == LinkState::Up;
    let counted = room
        .filter(|_| is_up)
        .map(|room| ready_of(room.people(), &room.waiting_for));
    let own = match room {
        Some(room) if room.waiting_for.contains(&room.you) && status.player.standing().is_ready() => {
            Standing::Awaited(NotReady::Underway)
        }
        Some(_) | None => status.player.standing(),
    };
    let name_of = |id: &MemberId| {
        room.and_then(|r| r.members.iter().find(|m| m.member.id == *id))
            .map(|m| m.member.name.to_string())
    };
    wire::Status {
        v: wire::VERSION,
        pid: std::process::id(),
        server: server.typed.clone(),
        link: wire::LinkStatus {
            state: link_code(&status.link).to_owned(),
            reason: link_reason(&status.link),
            rtt_ms: status.round_trip.map(millis),
            clock_bound_ms: status.clock_bound.map(millis),
        },
        room: room.map(|r| wire::RoomStatus {
            name: r.name.to_string(),
            you: name_of(&r.you).unwrap_or_default(),
            host: r.host.as_ref().and_then(name_of),
            on_stall: stall_code(r.on_stall).to_owned(),
            storage: storage_code(r.saved.map(|saved| saved.is_failing)).to_owned(),
            ready: counted.map(|(ready, _)| ready),
            watching: counted.map(|(_, watching)| watching),
            bans: r.bans.iter().map(wire::BanStatus::of).collect(),
            invite: invite_of(r, server),
        }),
        item: room.and_then(|r| r.item.as_ref()).map(|(_, item)| item_of(item)),
        playback: room.map(|r| wire::PlaybackStatus {
            state: playback_code(r.playback).to_owned(),
            position_ms: r.position.as_millis(),
            rate: r.rate.as_f64(),
            waiting_for: r.waiting_for.iter().filter_map(name_of).collect(),
        }),
        player: wire::PlayerStatus {
            state: player_code(status.player).to_owned(),
            file: file_code(status.player, status.file).to_owned(),
            details: details_of(Some(own).filter(|_| is_up), status.player, status.file),
            buffered_ms: status.sync.buffered.as_millis().try_into().unwrap_or(u64::MAX),
        },
        sync: wire::SyncStatus {
            state: status.sync.state.code().to_owned(),
            drift_ms: status.sync.drift.map(|d| d.as_secs_f64() * 1e3),
            spread_ms: status.sync.spread.map(millis),
            drift_p50_ms: status.sync.drift_p50.map(millis),
            drift_p95_ms: status.sync.drift_p95.map(millis),
            speed: status.sync.speed,
            corrections: status.sync.corrections,
        },
        members: members_of(status),
    }
}

/// Returns how every member follows.
fn members_of(status: &Status) -> Vec<wire::MemberStatus> {
    let Some(room) = &status.room else {
        return Vec::new();
    };
    let (members, playback) = (&room.members, room.playback);
    let is_up = status.link == LinkState::Up;
    let status_of = |m: &MemberStatus| {
        let telemetry = m.telemetry.as_ref();
        let size = |of: fn(&Telemetry) -> Option<u32>| telemetry.and_then(of).map(|us| f64::from(us) / 1e3);
        wire::MemberStatus {
            name: m.member.name.to_string(),
            role: role_code(m.member.role).to_owned(),
            link: match m.member.link {
                _ if !is_up => "unknown",
                Link::Up => "up",
                Link::Silent => "silent",
                Link::Lost => "lost",
            }
            .to_owned(),
            player: player_code(m.member.report.player).to_owned(),
            file: file_code(m.member.report.player, m.member.report.file).to_owned(),
            details: details_of(
                is_up.then(|| m.member.standing_among(&room.waiting_for)),
                m.member.report.player,
                m.member.report.file,
            ),
            in_sync: is_up && m.member.is_in_sync(playback, telemetry, room.people()),
            rtt_ms: size(|t| Some(t.rtt_us)),
            drift_ms: telemetry.and_then(|t| t.drift_us).map(|d| f64::from(d) / 1e3),
            drift_p50_ms: size(|t| t.drift_p50_us),
            drift_p95_ms: size(|t| t.drift_p95_us),
            drift_worst_ms: size(|t| t.drift_worst_us),
            speed: telemetry.map(|t| 1.0 + f64::from(t.speed_ppm) / 1e6),
            clock_bound_ms: size(|t| Some(t.clock_bound_us)),
            corrections: telemetry.map(|t| t.corrections),
            last_freeze_ms: telemetry.map(|t| t.freeze_ms),
            buffered_ms: telemetry.map(|t| t.buffered_ms.into()),
        }
    };
    members.iter().map(status_of).collect()
}

/// Returns how everybody follows, for who wants to hear it again and again; nothing while the room stands.
pub(super) fn telemetry_of(status: &Status) -> Option<EventBody> {
    let room = status
        .room
        .as_ref()
        .filter(|room| room.timeline.is_meant_to_play())?;
    let name_of = |id: &MemberId| room.members.iter().find(|m| m.member.id == *id);
    Some(EventBody::Telemetry {
        members: members_of(status),
        waiting_for: room
            .waiting_for
            .iter()
            .filter_map(name_of)
            .map(|m| m.member.name.to_string())
            .collect(),
    })
}

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
        Event::MemberLeft { member, why } => EventBody::Leave {
            user: member.name.to_string(),
            reason: match why {
                LeaveReason::Left => "left",
                LeaveReason::LinkLost => "link_lost",
                LeaveReason::Disconnected => "disconnected",
                LeaveReason::Kicked { .. } => "kicked",
                LeaveReason::Banned { .. } => "banned",
            }
            .to_owned(),
            by: match why {
                LeaveReason::Kicked { by } | LeaveReason::Banned { by } => name_of(*by),
                LeaveReason::Left | LeaveReason::LinkLost | LeaveReason::Disconnected => None,
            },
        },
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

/// Returns the word for what becomes of a room with its server; `None` where it keeps no rooms.
const fn storage_code(is_failing: Option<bool>) -> &'static str {
    match is_failing {
        None => "none",
        Some(true) => "failing",
        Some(false) => "saved",
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

fn item_of(item: &Item) -> wire::ItemStatus {
    let (kind, url) = match &item.source {
        ItemSource::File { .. } => ("file", None),
        ItemSource::Link(link) => ("link", Some(link.as_str().to_owned())),
    };
    wire::ItemStatus {
        title: item.title.to_string(),
        kind: kind.to_owned(),
        url,
        duration_ms: item.duration().map(MediaTime::as_millis),
        live: item.is_live(),
    }
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

const fn link_code(state: &LinkState) -> &'static str {
    match state {
        LinkState::Connecting => "connecting",
        LinkState::Joining => "joining",
        LinkState::Up => "up",
        LinkState::Silent => "silent",
        LinkState::Lost { .. } => "lost",
        LinkState::Waiting { .. } => "waiting",
        LinkState::Reconnecting { .. } => "reconnecting",
        LinkState::PausedHere => "paused_here",
        LinkState::Closed => "closed",
    }
}

fn link_reason(state: &LinkState) -> Option<String> {
    match state {
        LinkState::Lost { why } => Some(why.to_string()),
        LinkState::Connecting
        | LinkState::Joining
        | LinkState::Up
        | LinkState::Silent
        | LinkState::Waiting { .. }
        | LinkState::Reconnecting { .. }
        | LinkState::PausedHere
        | LinkState::Closed => None,
    }
}

const fn playback_code(playback: Playback) -> &'static str {
    match playback {
        Playback::Playing => "playing",
        Playback::Paused => "paused",
        Playback::Preparing => "preparing",
    }
}

const fn player_code(state: PlayerState) -> &'static str {
    match state {
        PlayerState::None => "none",
        PlayerState::Closed => "closed",
        PlayerState::Idle => "idle",
        PlayerState::Searching { .. } => "searching",
        PlayerState::NoCopy => "no_copy",
        PlayerState::Loading => "loading",
        PlayerState::Following => "following",
        PlayerState::CatchingUp { .. } => "catching_up",
        PlayerState::Detached => "detached",
        PlayerState::Buffering { .. } => "buffering",
        PlayerState::Ended { .. } => "ended",
        PlayerState::TooSlow => "too_slow",
        PlayerState::NotResponding => "not_responding",
        PlayerState::Failed { .. } => "failed",
    }
}

const fn file_code(player: PlayerState, file: FileMatch) -> &'static str {
    match (player, file) {
        (PlayerState::NoCopy, _) => "missing",
        (_, FileMatch::Unknown) => "unknown",
        (_, FileMatch::Same) => "same",
        (_, FileMatch::Other { .. }) => "other",
        (_, FileMatch::Growing) => "growing",
        (_, FileMatch::Live) => "live",
    }
}

const fn failure_code(why: PlayerFailure) -> &'static str {
    match why {
        PlayerFailure::Unreadable => "unreadable",
        PlayerFailure::NotAFilm => "not_a_film",
        PlayerFailure::Crashed => "crashed",
        PlayerFailure::Other => "other",
    }
}

/// Returns what goes with a state and a copy.
fn details_of(standing: Option<Standing>, player: PlayerState, file: FileMatch) -> wire::WatchDetails {
    let mut details = wire::WatchDetails {
        ready: standing.is_some_and(Standing::is_ready),
        waited_for: standing.is_some_and(Standing::is_waited_for),
        ..wire::WatchDetails::default()
    };
    match player {
        PlayerState::Searching { folders } => details.folders = Some(folders),
        PlayerState::CatchingUp { behind } => details.behind_ms = behind.map(MediaTime::as_millis),
        PlayerState::Buffering { percent } => details.percent = Some(percent),
        PlayerState::Ended { at } => details.ended_at_ms = Some(at.as_millis()),
        PlayerState::Failed { why } => details.reason = Some(failure_code(why).to_owned()),
        PlayerState::None
        | PlayerState::Closed
        | PlayerState::Idle
        | PlayerState::NoCopy
        | PlayerState::Loading
        | PlayerState::Following
        | PlayerState::Detached
        | PlayerState::TooSlow
        | PlayerState::NotResponding => {}
    }
    if let FileMatch::Other { longer_by } = file {
        details.longer_by_ms = Some(longer_by.as_millis());
    }
    details
}

const fn role_code(role: Role) -> &'static str {
    match role {
        Role::Host => "host",
        Role::CoHost => "co_host",
        Role::Viewer => "viewer",
    }
}

const fn stall_code(policy: StallPolicy) -> &'static str {
    match policy {
        StallPolicy::Wait => "wait",
        StallPolicy::GoOn => "go_on",
    }
}

fn millis(duration: std::time::Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}
