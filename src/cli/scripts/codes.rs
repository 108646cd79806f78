//! The control socket's codes for states of the session.

use std::time::Duration;

use watchtogether_protocol::item::FileMatch;
use watchtogether_protocol::message::playback::StallPolicy;
use watchtogether_protocol::message::roster::{PlayerFailure, PlayerState, Role};
use watchtogether_protocol::message::settings::Setting;
use watchtogether_protocol::{Item, ItemSource, MediaTime, Playback};
use watchtogether_tui::strings;

use crate::control::wire;
use crate::session::event::LinkState;

/// Returns the code for whether the room survives a restart of the server; `None` means that the server does not keep rooms.
pub(super) const fn storage_code(is_failing: Option<bool>) -> &'static str {
    match is_failing {
        None => "none",
        Some(true) => "failing",
        Some(false) => "saved",
    }
}

pub(super) const fn link_code(state: &LinkState) -> &'static str {
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

/// Returns whether the room can be asked for something in a state of the link with this code.
pub(in crate::cli) fn is_in_room(code: &str) -> bool {
    let states = [LinkState::Up, LinkState::Silent];
    states.iter().any(|state| link_code(state) == code)
}

pub(super) fn link_reason(state: &LinkState) -> Option<String> {
    match state {
        LinkState::Lost { reason } => Some(strings::link_end(reason)),
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

pub(super) const fn playback_code(playback: Playback) -> &'static str {
    match playback {
        Playback::Playing => "playing",
        Playback::Paused => "paused",
        Playback::Preparing => "preparing",
    }
}

pub(super) const fn player_code(state: PlayerState) -> &'static str {
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

pub(super) const fn file_code(player: PlayerState, file: FileMatch) -> &'static str {
    match (player, file) {
        (PlayerState::NoCopy, _) => "missing",
        (_, FileMatch::Unknown) => "unknown",
        (_, FileMatch::Same) => "same",
        (_, FileMatch::Other { .. }) => "other",
        (_, FileMatch::Growing) => "growing",
        (_, FileMatch::Live) => "live",
    }
}

pub(super) const fn failure_code(reason: PlayerFailure) -> &'static str {
    match reason {
        PlayerFailure::Unreadable => "unreadable",
        PlayerFailure::NotAFilm => "not_a_film",
        PlayerFailure::Crashed => "crashed",
        PlayerFailure::Other => "other",
    }
}

pub(super) const fn role_code(role: Role) -> &'static str {
    match role {
        Role::Host => "host",
        Role::CoHost => "co_host",
        Role::Viewer => "viewer",
    }
}

/// Returns the role for a code; `None` for codes of later versions.
pub(in crate::cli) fn role_of(code: &str) -> Option<Role> {
    [Role::Host, Role::CoHost, Role::Viewer]
        .into_iter()
        .find(|role| role_code(*role) == code)
}

pub(super) const fn stall_code(policy: StallPolicy) -> &'static str {
    match policy {
        StallPolicy::Wait => "wait",
        StallPolicy::GoOn => "go_on",
    }
}

/// Returns the code of a setting, and its value.
pub(super) fn setting_code(setting: &Setting) -> (&'static str, String) {
    match setting {
        Setting::OnStall(policy) => ("on_stall", stall_code(*policy).to_owned()),
        Setting::Title(title) => (
            "title",
            title.as_ref().map(ToString::to_string).unwrap_or_default(),
        ),
    }
}

pub(super) fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}
pub(super) fn item_of(item: &Item) -> wire::ItemJson {
    let (kind, url) = match &item.source {
        ItemSource::File { .. } => ("file", None),
        ItemSource::Link(link) => ("link", Some(link.as_str().to_owned())),
    };
    wire::ItemJson {
        title: item.title.to_string(),
        kind: kind.to_owned(),
        url,
        duration_ms: item.duration().map(MediaTime::as_millis),
        live: item.is_live(),
    }
}
