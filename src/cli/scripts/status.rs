//! The state of a session, as the control socket's types.

use watchtogether_protocol::invite::Address;
use watchtogether_protocol::item::FileMatch;
use watchtogether_protocol::message::clock::Telemetry;
use watchtogether_protocol::message::roster::{MemberLink, PlayerState};
use watchtogether_protocol::message::standing::{NotReady, Standing, ready_of};
use watchtogether_protocol::{MediaTime, MemberId, Pin};

use super::codes::{
    failure_code, file_code, item_of, link_code, link_reason, millis, playback_code, player_code, role_code,
    stall_code, storage_code,
};
use crate::control::wire::{self, EventBody};
use crate::session::event::LinkState;
use crate::session::status::{MemberStatus, Status};

/// The server as scripts see it.
#[derive(Clone, Debug)]
pub(super) struct ServerView {
    /// The server's address as the user typed it.
    pub(super) typed: String,
    /// The address for an invite.
    pub(super) public: Address,
    /// The pin of the server's key, not that of a server it redirected to; `None` before the first connection.
    pub(super) pin: Option<Pin>,
}

/// Returns the state of a session in the format of the socket.
pub(super) fn status_of(status: &Status, server: &ServerView) -> wire::StatusJson {
    let room = status.room.as_ref();
    // Without a link, the state of the others is unknown.
    let is_up = status.link == LinkState::Up;
    let counted = room
        .filter(|_| is_up)
        .map(|room| ready_of(room.people(), &room.waiting_for));
    let own = match room {
        Some(room) if room.waiting_for.names(room.you) && status.player.standing().is_ready() => {
            Standing::Awaited(NotReady::Underway)
        }
        Some(_) | None => status.player.standing(),
    };
    let name_of = |id: &MemberId| {
        room.and_then(|r| r.members.iter().find(|m| m.member.id == *id))
            .map(|m| m.member.name.to_string())
    };
    wire::StatusJson {
        v: wire::VERSION,
        pid: std::process::id(),
        server: server.typed.clone(),
        link: wire::LinkJson {
            state: link_code(&status.link).to_owned(),
            reason: link_reason(&status.link),
            rtt_ms: status.round_trip.map(millis),
            clock_bound_ms: status.clock_bound.map(millis),
        },
        room: room.map(|r| wire::RoomJson {
            name: r.name.to_string(),
            title: r.settings.title.as_ref().map(ToString::to_string),
            you: name_of(&r.you).unwrap_or_default(),
            host: r.host.as_ref().and_then(name_of),
            on_stall: stall_code(r.settings.on_stall).to_owned(),
            storage: storage_code(r.saved.map(|saved| saved.is_failing)).to_owned(),
            ready: counted.map(|(ready, _)| ready),
            watching: counted.map(|(_, watching)| watching),
            bans: r.bans.iter().map(wire::BanJson::of).collect(),
            invite: r
                .invite_to(&server.public, server.pin)
                .map(|invite| invite.to_string()),
        }),
        item: room.and_then(|r| r.item.as_ref()).map(|(_, item)| item_of(item)),
        playback: room.map(|r| wire::PlaybackJson {
            state: playback_code(r.playback).to_owned(),
            position_ms: r.position.as_millis(),
            rate: r.rate.as_f64(),
            waiting_for: r.waiting_for.who.iter().filter_map(name_of).collect(),
            waiting_for_count: r.waiting_for.count,
        }),
        player: wire::PlayerJson {
            state: player_code(status.player).to_owned(),
            file: file_code(status.player, status.file).to_owned(),
            details: details_of(Some(own).filter(|_| is_up), status.player, status.file),
            buffered_ms: status.sync.buffered.as_millis().try_into().unwrap_or(u64::MAX),
        },
        sync: wire::SyncJson {
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

/// Returns the state and sync of every member.
fn members_of(status: &Status) -> Vec<wire::MemberJson> {
    let Some(room) = &status.room else {
        return Vec::new();
    };
    let (members, playback) = (&room.members, room.playback);
    let is_up = status.link == LinkState::Up;
    let status_of = |m: &MemberStatus| {
        let telemetry = m.telemetry.as_ref();
        let size = |of: fn(&Telemetry) -> Option<u32>| telemetry.and_then(of).map(|us| f64::from(us) / 1e3);
        wire::MemberJson {
            name: m.member.name.to_string(),
            role: role_code(m.member.role).to_owned(),
            link: match m.member.link {
                _ if !is_up => "unknown",
                MemberLink::Up => "up",
                MemberLink::Silent => "silent",
                MemberLink::Lost => "lost",
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

/// Returns the telemetry of all members for subscribers; `None` while the room is paused.
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
            .who
            .iter()
            .filter_map(name_of)
            .map(|m| m.member.name.to_string())
            .collect(),
        waiting_for_count: room.waiting_for.count,
    })
}

/// Returns the details of a player's state and its copy.
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
        PlayerState::Failed { reason } => details.reason = Some(failure_code(reason).to_owned()),
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

#[cfg(test)]
mod tests;
