//! Requests of the user to the room that have no answer yet: their effect is shown immediately, and marked until the room
//! answers.
//!
//! Only the last one counts: a user who presses a key five times within a round trip waits for the fifth answer. The room answers
//! with a timeline, another host or a refusal. After [`EXPECTED_FOR`] without an answer the request is dropped, and the local
//! player goes back as well.

use watchtogether_protocol::message::playback::Action;
use watchtogether_protocol::timeline::Reason;
use watchtogether_protocol::{LocalTime, MediaTime, MemberId, Playback, Rate, Timeline};

use super::EXPECTED_FOR;

/// A request to the room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoomRequest {
    /// Play the item.
    Play,
    /// Pause at a position.
    Pause {
        /// The position.
        position: MediaTime,
    },
    /// Seek to a position.
    Seek {
        /// The target position.
        position: MediaTime,
    },
    /// Play at another speed.
    SetRate {
        /// The new speed.
        rate: Rate,
    },
    /// Start without the members that the room waits for.
    GoOn,
    /// Undo the last change to the room.
    Undo,
    /// Make another member the host.
    HandOver {
        /// The new host.
        to: MemberId,
    },
}

impl From<Action> for RoomRequest {
    fn from(action: Action) -> Self {
        match action {
            Action::Play => Self::Play,
            Action::Pause { position } => Self::Pause { position },
            Action::Seek { position } => Self::Seek { position },
            Action::SetRate { rate } => Self::SetRate { rate },
        }
    }
}

/// The request that is waiting for its answer.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct PendingRequest(Option<(RoomRequest, LocalTime)>);

impl PendingRequest {
    /// Records a request of the user.
    pub(super) fn ask(&mut self, asked: RoomRequest, now: LocalTime) {
        self.0 = Some((asked, now + EXPECTED_FOR));
    }

    /// Handles the room's new timeline.
    pub(super) fn handle_timeline(&mut self, timeline: &Timeline, you: MemberId) {
        let is_own = timeline.cause.who == Some(you);
        self.0 = self.0.filter(|(asked, _)| match asked {
            RoomRequest::Play => !timeline.is_meant_to_play(),
            RoomRequest::Pause { .. } => timeline.is_meant_to_play(),
            RoomRequest::Seek { position } => {
                let is_seek = is_own && timeline.cause.reason == Reason::Seeked;
                !(is_seek && timeline.position == *position)
            }
            RoomRequest::SetRate { rate } => timeline.rate != *rate,
            RoomRequest::GoOn => timeline.playback == Playback::Preparing,
            RoomRequest::Undo => timeline.cause.reason != Reason::Undone,
            RoomRequest::HandOver { .. } => true,
        });
    }

    /// Handles a change of the host, by the user's request or somebody's undo.
    pub(super) fn handle_host(&mut self) {
        self.0 = self
            .0
            .filter(|(asked, _)| !matches!(asked, RoomRequest::HandOver { .. } | RoomRequest::Undo));
    }

    /// Handles an undo by the user.
    pub(super) fn handle_undo(&mut self) {
        self.0 = self.0.filter(|(asked, _)| *asked != RoomRequest::Undo);
    }

    /// Drops the request, because it was refused or there will be no answer.
    pub(super) fn give_up(&mut self) {
        self.0 = None;
    }

    /// Returns the request that is waiting for its answer.
    pub(super) fn at(&self, now: LocalTime) -> Option<RoomRequest> {
        self.0.filter(|(_, until)| now < *until).map(|(asked, _)| asked)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::test_support::{MEMBERS, state};

    const NOW: LocalTime = LocalTime::from_millis(5_000);

    fn asking(asked: RoomRequest) -> PendingRequest {
        let mut asking = PendingRequest::default();
        asking.ask(asked, NOW);
        asking
    }

    fn answer(playback: Playback, position_ms: i64, reason: Reason) -> Timeline {
        let mut timeline = state(2, playback, position_ms).timeline;
        timeline.cause.who = Some(MEMBERS[0]);
        timeline.cause.reason = reason;
        timeline
    }

    fn seek(ms: i64) -> RoomRequest {
        RoomRequest::Seek {
            position: MediaTime::from_millis(ms),
        }
    }

    #[test]
    fn the_last_of_several_seeks_is_waited_for() {
        let mut asking = asking(seek(10_000));
        asking.ask(seek(15_000), NOW);

        asking.handle_timeline(&answer(Playback::Preparing, 10_000, Reason::Seeked), MEMBERS[0]);
        assert_eq!(asking.at(NOW), Some(seek(15_000)));
        asking.handle_timeline(&answer(Playback::Preparing, 15_000, Reason::Seeked), MEMBERS[0]);
        assert_eq!(asking.at(NOW), None);
    }

    #[test]
    fn an_act_of_somebody_else_is_no_answer_unless_the_room_does_what_was_asked() {
        let somebody = |playback, reason| {
            let mut timeline = answer(playback, 10_000, reason);
            timeline.cause.who = Some(MEMBERS[1]);
            timeline
        };
        let mut seek_request = asking(seek(10_000));
        let mut played = asking(RoomRequest::Play);

        seek_request.handle_timeline(&somebody(Playback::Preparing, Reason::Seeked), MEMBERS[0]);
        played.handle_timeline(&somebody(Playback::Paused, Reason::Paused), MEMBERS[0]);
        assert_eq!(
            (seek_request.at(NOW), played.at(NOW)),
            (Some(seek(10_000)), Some(RoomRequest::Play))
        );
        played.handle_timeline(&somebody(Playback::Playing, Reason::Played), MEMBERS[0]);

        assert_eq!(played.at(NOW), None);
    }

    #[test]
    fn nobody_waits_forever_for_an_answer() {
        let asking = asking(RoomRequest::Undo);

        assert_eq!(asking.at(NOW), Some(RoomRequest::Undo));
        assert_eq!(asking.at(NOW + EXPECTED_FOR), None);
    }

    #[test]
    fn another_host_is_the_answer_to_a_hand_over_and_no_answer_to_a_seek() {
        let mut handed = asking(RoomRequest::HandOver { to: MEMBERS[1] });
        let mut seek_request = asking(seek(10_000));

        handed.handle_host();
        seek_request.handle_host();

        assert_eq!((handed.at(NOW), seek_request.at(NOW)), (None, Some(seek(10_000))));
    }
}
