//! The film's position for the screen: where the room is, or will be once it has received the user's request.

use std::time::Duration;

use watchtogether_protocol::message::room::Entered;
use watchtogether_protocol::{LocalTime, Playback};
use watchtogether_tui::update::{self, Motion, Transport};

use crate::session::room_request::RoomRequest;
use crate::session::status::RoomStatus;

/// How far the position that the screen computes may differ from the room's before it is sent again.
const SLACK: Duration = Duration::from_millis(50);

/// Returns the room's transport, including the effect of the user's outstanding request, because the local player has already
/// applied it.
pub(super) fn transport_of(room: &RoomStatus, now: LocalTime) -> Option<Transport> {
    let (_, item) = room.item.as_ref()?;
    let transport = Transport {
        title: item.title.clone(),
        duration: item.duration(),
        is_live: item.is_live(),
        position: room.position,
        at: now,
        rate: room.rate,
        motion: motion_of(room.playback),
    };
    Some(match room.asked {
        Some(RoomRequest::Play) => Transport {
            motion: Motion::Preparing,
            ..transport
        },
        Some(RoomRequest::Pause { position }) => Transport {
            position,
            motion: Motion::Paused,
            ..transport
        },
        Some(RoomRequest::Seek { position }) => Transport {
            position,
            motion: match transport.motion {
                Motion::Paused => Motion::Paused,
                Motion::Playing | Motion::Preparing => Motion::Preparing,
            },
            ..transport
        },
        Some(RoomRequest::SetRate { rate }) => Transport { rate, ..transport },
        Some(RoomRequest::GoOn | RoomRequest::Undo | RoomRequest::HandOver { .. }) | None => transport,
    })
}

/// Returns the transport of a room that is being entered.
pub(super) fn transport_on_entering(entered: &Entered, now: LocalTime) -> Option<Transport> {
    let (_, item) = entered.room.item.as_ref()?;
    let timeline = &entered.room.state.timeline;
    Some(Transport {
        title: item.title.clone(),
        duration: item.duration(),
        is_live: item.is_live(),
        position: timeline.position_at(entered.now),
        at: now,
        rate: timeline.rate,
        motion: motion_of(timeline.playback),
    })
}

const fn motion_of(playback: Playback) -> Motion {
    match playback {
        Playback::Paused => Motion::Paused,
        Playback::Playing => Motion::Playing,
        Playback::Preparing => Motion::Preparing,
    }
}

/// Returns whether the screen would look different with this transport than with the last one.
pub(super) fn is_news(last: Option<&Transport>, transport: Option<&Transport>, now: LocalTime) -> bool {
    match (last, transport) {
        (Some(last), Some(new)) => {
            let (before, after) = (last.position_at(now), new.position_at(now));
            (before - after).abs() > SLACK
                || (&last.title, last.duration, last.is_live, last.rate, last.motion)
                    != (&new.title, new.duration, new.is_live, new.rate, new.motion)
        }
        (None, None) => false,
        (Some(_), None) | (None, Some(_)) => true,
    }
}

/// Returns a request as the screen's type.
pub(super) const fn asked_of(asked: RoomRequest) -> update::RoomRequest {
    match asked {
        RoomRequest::Play => update::RoomRequest::Play,
        RoomRequest::Pause { .. } => update::RoomRequest::Pause,
        RoomRequest::Seek { position } => update::RoomRequest::Seek { to: position },
        RoomRequest::SetRate { rate } => update::RoomRequest::SetRate(rate),
        RoomRequest::GoOn => update::RoomRequest::GoOn,
        RoomRequest::Undo => update::RoomRequest::Undo,
        RoomRequest::HandOver { to } => update::RoomRequest::HandOver { to },
    }
}

#[cfg(test)]
mod tests {
    use watchtogether_protocol::MediaTime;

    use super::*;
    use crate::session::test_support::entered;

    #[test]
    fn a_newcomer_is_sent_the_rooms_present_position() {
        let now = LocalTime::from_millis(60_000);

        let found = transport_on_entering(&entered(), now).expect("a film is on");

        assert_eq!(found.title.as_str(), "film");
        assert_eq!((found.position, found.at), (MediaTime::from_millis(10_000), now));
        assert_eq!(found.motion, Motion::Paused);
    }
}
