//! Where the film is for the screen: where the room is, or will be once it has heard of what the user asked of it.

use std::time::Duration;

use watchtogether_protocol::{LocalTime, Playback};
use watchtogether_tui::update::{self, Motion, Transport};

use crate::session::asked::Asked;
use crate::session::status::RoomStatus;

/// What the screen computes may differ by so much from where the room is before it is told again.
const SLACK: Duration = Duration::from_millis(50);

/// Returns where the room is, or will be once it has heard of what was asked of it: the own player is there already.
pub(super) fn transport_of(room: &RoomStatus, now: LocalTime) -> Option<Transport> {
    let (_, item) = room.item.as_ref()?;
    let transport = Transport {
        title: item.title.clone(),
        duration: item.duration(),
        is_live: item.is_live(),
        position: room.position,
        at: now,
        rate: room.rate,
        motion: match room.playback {
            Playback::Paused => Motion::Paused,
            Playback::Playing => Motion::Playing,
            Playback::Preparing => Motion::Preparing,
        },
    };
    Some(match room.asked {
        Some(Asked::Play) => Transport {
            motion: Motion::Preparing,
            ..transport
        },
        Some(Asked::Pause { position }) => Transport {
            position,
            motion: Motion::Paused,
            ..transport
        },
        Some(Asked::Seek { position }) => Transport {
            position,
            motion: match transport.motion {
                Motion::Paused => Motion::Paused,
                Motion::Playing | Motion::Preparing => Motion::Preparing,
            },
            ..transport
        },
        Some(Asked::SetRate { rate }) => Transport { rate, ..transport },
        Some(Asked::GoOn | Asked::Undo | Asked::HandOver { .. }) | None => transport,
    })
}

/// Returns whether the screen would show something else by a transport than by the one that it was told.
pub(super) fn is_news(told: Option<&Transport>, transport: Option<&Transport>, now: LocalTime) -> bool {
    match (told, transport) {
        (Some(told), Some(new)) => {
            let (before, after) = (told.position_at(now), new.position_at(now));
            (before - after).abs() > SLACK
                || (&told.title, told.duration, told.is_live, told.rate, told.motion)
                    != (&new.title, new.duration, new.is_live, new.rate, new.motion)
        }
        (None, None) => false,
        (Some(_), None) | (None, Some(_)) => true,
    }
}

/// Returns what was asked, in the screen's words.
pub(super) const fn asked_of(asked: Asked) -> update::Asked {
    match asked {
        Asked::Play => update::Asked::Play,
        Asked::Pause { .. } => update::Asked::Pause,
        Asked::Seek { position } => update::Asked::Seek { to: position },
        Asked::SetRate { rate } => update::Asked::SetRate(rate),
        Asked::GoOn => update::Asked::GoOn,
        Asked::Undo => update::Asked::Undo,
        Asked::HandOver { to } => update::Asked::HandOver { to },
    }
}
