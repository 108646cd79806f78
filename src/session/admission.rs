//! Entering the room and coming back to it: connecting, requesting a seat, retrying.

use std::time::Duration;

use watchtogether_protocol::close::CloseCode;
use watchtogether_protocol::link_end::{LinkEnd, Unreachable};
use watchtogether_protocol::message::room::{
    Access, CreateRoom, Elsewhere, Hello, JoinRoom, Leave, Refusal, Refused, Request, Resume,
};
use watchtogether_protocol::{ClientMessage, Epoch, LocalTime, Rate, RoomName, Token};

use super::event::{Event, LinkState};
use super::local_media::Player;
use super::mirror::Mirror;
use super::output::{Output, SessionEnd};
use super::reconnect::{back_off, patience};
use super::{Admission, Credentials, Session};
use crate::player::PlayerCommand;

/// How long the server may take to answer a request for a seat. It answers within a round trip, or not at all.
const ANSWER_WITHIN: Duration = Duration::from_secs(10);

/// For how long after the link was lost a room that its server forgot is requested again, because its host may open it again.
const ROOM_AWAITED: Duration = Duration::from_mins(2);

/// The phase that a session is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// The session has not started.
    Idle,
    /// A connection is being established.
    Connecting {
        /// The number of the attempt; 0 is the very first.
        attempt: u32,
    },
    /// The session is connected and has sent this request.
    Joining {
        /// The number of the attempt.
        attempt: u32,
        /// The request.
        request: Request,
        /// Until when an answer must come.
        until: LocalTime,
    },
    /// The session has a seat in the room.
    InRoom,
    /// There is no link; the next attempt starts automatically.
    Waiting {
        /// The number of the next attempt.
        attempt: u32,
        /// When it starts.
        until: LocalTime,
    },
    /// The session has ended.
    Ended,
}

/// The number of names that are tried for a room with a generated name, before its server generates one: the plain name, and the
/// name with the numbers 2 and 3. By default, a server lets an address open five rooms in a burst.
const NAME_ATTEMPTS: u32 = 3;

impl Session {
    pub(super) fn connect(&mut self, attempt: u32) {
        self.phase = Phase::Connecting { attempt };
        let (address, named) = self.route.target();
        self.outputs.push_back(Output::Connect {
            address,
            named,
            within: patience(attempt),
        });
        self.event(Event::Link(if attempt == 0 {
            LinkState::Connecting
        } else {
            LinkState::Reconnecting { attempt }
        }));
    }

    pub(super) fn greet(&mut self, credentials: Credentials, now: LocalTime) {
        let Phase::Connecting { attempt } = self.phase else {
            return;
        };
        self.send(ClientMessage::Hello(Hello {
            name: self.config.name.clone(),
            avatar: self.config.avatar.clone(),
            software: self.config.software.clone(),
            owner: credentials.owner,
        }));
        // A stored token of another room would put the user there, whatever room they asked for.
        let seat = credentials.seat.filter(|_| !self.is_seat_elsewhere);
        let (request, message) = match (&self.mirror, seat) {
            (Some(mirror), _) => resume(mirror.token, mirror.timeline.epoch, mirror.last_chat),
            (None, Some(token)) => resume(token, Epoch::default(), 0),
            (None, None) => self.first_request(),
        };
        self.ask(request, message, attempt, now);
        self.event(Event::Link(LinkState::Joining));
        // The window opens while the server answers, so that the user need not wait for both in turn.
        if self.local_media.player == Player::Closed && self.mirror.is_none() {
            self.start_player();
        }
    }

    pub(super) fn lose(&mut self, end: &LinkEnd, now: LocalTime) {
        let (attempt, was_in_room) = match self.phase {
            Phase::Connecting { attempt } | Phase::Joining { attempt, .. } => (attempt, false),
            Phase::InRoom => (self.seat.attempts_before(now), true),
            Phase::Idle | Phase::Waiting { .. } | Phase::Ended => return,
        };
        match end {
            LinkEnd::PinMismatch if !self.route.asks_named() => return self.end(SessionEnd::PinMismatch),
            LinkEnd::Closed { code: Some(code) } if !code.is_worth_retrying() || self.mirror.is_none() => {
                self.pause_locally(*code, now);
                return self.end(SessionEnd::Closed(*code));
            }
            // The first server vouches for the key of the server that it redirects to, so it is asked again.
            LinkEnd::PinMismatch
            | LinkEnd::Closed { .. }
            | LinkEnd::Unreachable(_)
            | LinkEnd::TimedOut
            | LinkEnd::Broken(_) => {}
        }
        // A server that gave a seat is the right one; after a lost link it is tried first.
        if !was_in_room {
            self.route.handle_failed();
        }
        if self.mirror.is_none() {
            return self.end(SessionEnd::Unreachable(end.clone()));
        }
        if was_in_room {
            self.lost.get_or_insert(now);
            self.asking.give_up();
            self.clock.handle_lost();
            // The expected answer to the user's last action will not come, so the player goes back to the known timeline.
            self.sync.handle_unexpected(self.clock.usable(), now);
            self.event(Event::Link(LinkState::Lost { reason: end.clone() }));
        }
        self.wait(attempt + 1, Duration::ZERO, now);
    }

    /// Connects again without the stored seat, because the seat is gone or in another room than the requested one. The seat is
    /// not given up: the server keeps it for its member as after any lost connection.
    pub(super) fn connect_without_seat(&mut self, attempt: u32) {
        self.is_seat_elsewhere = true;
        self.outputs.push_back(Output::Disconnect {
            code: CloseCode::Left,
        });
        self.connect(attempt);
    }

    /// Connects to the server that has the room, according to a redirect.
    pub(super) fn handle_elsewhere(&mut self, elsewhere: Elsewhere, now: LocalTime) {
        let Phase::Joining { attempt, .. } = self.phase else {
            return;
        };
        self.outputs.push_back(Output::Disconnect {
            code: CloseCode::Left,
        });
        if self.route.handle_elsewhere(elsewhere) {
            self.connect(attempt);
        } else {
            self.lose(&LinkEnd::Unreachable(Unreachable::SentInCircles), now);
        }
    }

    pub(super) fn handle_entry_refused(&mut self, refused: Refused, now: LocalTime) {
        let Phase::Joining { attempt, request, .. } = self.phase else {
            return;
        };
        if request != refused.request {
            return;
        }
        // These refusals may be gone by the next attempt; all others need the user.
        let is_for_now = matches!(
            refused.reason,
            Refusal::RateLimited
                | Refusal::ServerBusy
                | Refusal::ShuttingDown
                | Refusal::RoomFull
                | Refusal::NameTaken
        );
        let is_back = self.mirror.is_some();
        match request {
            Request::Resume if !is_for_now && refused.reason != Refusal::Banned => {
                let (request, message) = match &self.mirror {
                    Some(mirror) => (Request::JoinRoom, self.rejoin_message(mirror)),
                    None => self.first_request(),
                };
                self.ask(request, message, attempt, now);
            }
            Request::CreateRoom if refused.reason == Refusal::RoomExists && !is_back => {
                match self.join_existing() {
                    Some(join) => self.ask(Request::JoinRoom, join, attempt, now),
                    None => self.take_another_name(attempt),
                }
            }
            // The room exists and belongs to somebody else.
            Request::JoinRoom if refused.reason == Refusal::NotAdmitted && !is_back && self.is_opening() => {
                self.take_another_name(attempt);
            }
            // The server may have restarted without the room, and the first server still knows where the room is. Asking that one
            // first keeps the host from opening a second room with the same name.
            Request::JoinRoom
                if refused.reason == Refusal::NotAdmitted && is_back && self.route.handle_no_room() =>
            {
                self.outputs.push_back(Output::Disconnect {
                    code: CloseCode::Left,
                });
                self.connect(attempt);
            }
            // The server forgot the room. Only its host can open it again; a member who is back before the host keeps asking.
            Request::JoinRoom if refused.reason == Refusal::NotAdmitted && is_back => match self.open_again()
            {
                Some(create) => self.ask(Request::CreateRoom, create, attempt, now),
                None if self.is_room_awaited(now) => self.try_later(refused, attempt, now),
                None => self.refuse_entry(refused.reason),
            },
            Request::Resume
            | Request::CreateRoom
            | Request::JoinRoom
            | Request::VideoSync
            | Request::SetVideo
            | Request::Chat
            | Request::TransferHost
            | Request::SetRoom
            | Request::Undo
            | Request::Remove
            | Request::Unban => {
                if is_back && (is_for_now || request == Request::CreateRoom) {
                    // A session that was in the room never ends because a server is busy: the user is watching the film.
                    self.try_later(refused, attempt, now);
                } else {
                    self.refuse_entry(refused.reason);
                }
            }
        }
    }

    pub(super) fn handle_link_timeout(&mut self, now: LocalTime) {
        match self.phase {
            Phase::Waiting { attempt, until } if now >= until => self.connect(attempt),
            Phase::Joining { until, .. } if now >= until => {
                self.outputs.push_back(Output::Disconnect {
                    code: CloseCode::Left,
                });
                self.lose(&LinkEnd::TimedOut, now);
            }
            Phase::Idle
            | Phase::Connecting { .. }
            | Phase::Joining { .. }
            | Phase::InRoom
            | Phase::Waiting { .. }
            | Phase::Ended => {}
        }
    }

    pub(super) const fn link_timeout(&self) -> Option<LocalTime> {
        match self.phase {
            Phase::Waiting { until, .. } | Phase::Joining { until, .. } => Some(until),
            Phase::Idle | Phase::Connecting { .. } | Phase::InRoom | Phase::Ended => None,
        }
    }

    pub(super) fn retry(&mut self) {
        match self.phase {
            Phase::Waiting { attempt, .. } => self.connect(attempt),
            Phase::Idle | Phase::Ended => {
                self.route.reset();
                self.connect(0);
            }
            Phase::Connecting { .. } | Phase::Joining { .. } | Phase::InRoom => {}
        }
    }

    pub(super) fn leave(&mut self) {
        if self.phase == Phase::InRoom {
            self.send(ClientMessage::Leave(Leave {}));
        }
        if self.local_media.is_running() || self.local_media.player == Player::Starting {
            self.outputs.push_back(Output::Player(PlayerCommand::Quit));
        }
        self.end(SessionEnd::Left);
    }

    /// Ends the session with a server that broke the protocol.
    pub(super) fn end_with_bad_server(&mut self, now: LocalTime) {
        let code = CloseCode::ProtocolError;
        self.outputs.push_back(Output::Disconnect { code });
        self.pause_locally(code, now);
        self.end(SessionEnd::Closed(code));
    }

    fn end(&mut self, end: SessionEnd) {
        if matches!(self.phase, Phase::Ended) {
            return;
        }
        if matches!(self.phase, Phase::Joining { .. } | Phase::InRoom) {
            self.outputs.push_back(Output::Disconnect {
                code: CloseCode::Left,
            });
        }
        if self.gives_up_seat(&end) {
            self.outputs.push_back(Output::ForgetSeat);
        }
        self.phase = Phase::Ended;
        self.clock.handle_lost();
        self.event(Event::Link(LinkState::Closed));
        self.outputs.push_back(Output::Finished(end));
    }

    /// Returns whether the stored seat is no longer of use. If the user leaves while the server cannot be reached, the seat still
    /// exists, and must not be there in addition to its member when they come back.
    fn gives_up_seat(&self, end: &SessionEnd) -> bool {
        match end {
            SessionEnd::Left => self.phase == Phase::InRoom && self.link == LinkState::Up,
            SessionEnd::Refused(_) | SessionEnd::Closed(_) => self.mirror.is_some(),
            SessionEnd::Unreachable(_) | SessionEnd::PinMismatch => false,
        }
    }

    /// Returns whether the host may still open a missing room again, because the host lost the server when this client did.
    fn is_room_awaited(&self, now: LocalTime) -> bool {
        self.lost
            .is_some_and(|since| now.saturating_since(since) < ROOM_AWAITED)
    }

    fn try_later(&mut self, refused: Refused, attempt: u32, now: LocalTime) {
        self.outputs.push_back(Output::Disconnect {
            code: CloseCode::Left,
        });
        self.wait(attempt + 1, refused.retry_after().unwrap_or_default(), now);
    }

    /// Opens the room under another name, unless the user chose the taken one. Each name is tried on a new connection: on one
    /// connection, a server need not answer more than requests for a seat, a new room, and the entry to an existing one.
    fn take_another_name(&mut self, attempt: u32) {
        let is_chosen = match &self.config.admission {
            Admission::Host {
                room, is_name_chosen, ..
            } => *is_name_chosen || room.is_none(),
            Admission::Join { .. } => true,
        };
        if is_chosen || self.names_taken >= NAME_ATTEMPTS {
            return self.refuse_entry(Refusal::RoomExists);
        }
        self.names_taken += 1;
        self.route.handle_other_room();
        self.connect_without_seat(attempt);
    }

    /// Returns the name for a new room: the plain name, then the name with a number, and finally `None`, so that the server
    /// generates one.
    fn name_to_open(&self, name: &RoomName) -> Option<RoomName> {
        match self.names_taken {
            0 => Some(name.clone()),
            taken if taken < NAME_ATTEMPTS => Some(name.numbered(taken + 1)),
            _ => None,
        }
    }

    fn refuse_entry(&mut self, reason: Refusal) {
        self.end(SessionEnd::Refused(reason));
    }

    fn wait(&mut self, attempt: u32, at_least: Duration, now: LocalTime) {
        self.route.handle_tried();
        let after = back_off(attempt, &mut self.rng).max(at_least);
        self.phase = Phase::Waiting {
            attempt,
            until: now + after,
        };
        self.event(Event::Link(LinkState::Waiting { attempt, after }));
    }

    fn ask(&mut self, request: Request, message: ClientMessage, attempt: u32, now: LocalTime) {
        self.phase = Phase::Joining {
            attempt,
            request,
            until: now + ANSWER_WITHIN,
        };
        self.send(message);
    }

    fn first_request(&self) -> (Request, ClientMessage) {
        match &self.config.admission {
            Admission::Host {
                room,
                is_name_chosen: _,
                access,
                settings,
                again,
            } => {
                let create = CreateRoom {
                    room: room.as_ref().and_then(|room| self.name_to_open(room)),
                    access: access.clone(),
                    settings: settings.clone(),
                    rate: again.map_or(Rate::NORMAL, |again| again.rate),
                    invite: again.and_then(|again| again.invite),
                };
                (Request::CreateRoom, ClientMessage::CreateRoom(create))
            }
            Admission::Join {
                room,
                token,
                password,
            } => {
                let join = JoinRoom {
                    room: room.clone(),
                    token: *token,
                    password: password.clone(),
                };
                (Request::JoinRoom, ClientMessage::JoinRoom(join))
            }
        }
    }

    /// Returns the message that enters the room again after the seat is gone.
    fn rejoin_message(&self, mirror: &Mirror) -> ClientMessage {
        let (token, password) = match &self.config.admission {
            Admission::Host {
                access: Access::Password(word),
                ..
            } => (mirror.invite, Some(word.clone())),
            Admission::Host { .. } => (mirror.invite, None),
            Admission::Join { token, password, .. } => (*token, password.clone()),
        };
        ClientMessage::JoinRoom(JoinRoom {
            room: mirror.name.clone(),
            token,
            password,
        })
    }

    /// Returns whether a room was to be opened in the first place.
    const fn is_opening(&self) -> bool {
        matches!(self.config.admission, Admission::Host { .. })
    }

    /// Returns the message that joins a room that should have been opened but exists. It may be the right one if it is open, has
    /// the same password, or its invite is known.
    fn join_existing(&self) -> Option<ClientMessage> {
        let Admission::Host {
            room: Some(room),
            access,
            again,
            ..
        } = &self.config.admission
        else {
            return None;
        };
        let invite = again.and_then(|again| again.invite);
        let (token, password) = match access {
            Access::Open => (None, None),
            Access::Password(word) => (None, Some(word.clone())),
            Access::Invite => (Some(invite?), None),
        };
        Some(ClientMessage::JoinRoom(JoinRoom {
            room: self.name_to_open(room)?,
            token,
            password,
        }))
    }

    /// Returns the message that reopens a room that its server forgot. Only the host who opened it does that.
    fn open_again(&self) -> Option<ClientMessage> {
        let Admission::Host { access, .. } = &self.config.admission else {
            return None;
        };
        self.mirror.as_ref().map(|mirror| {
            ClientMessage::CreateRoom(CreateRoom {
                room: Some(mirror.name.clone()),
                access: access.clone(),
                settings: mirror.settings.clone(),
                rate: mirror.timeline.rate,
                invite: mirror.invite,
            })
        })
    }
}

/// Returns the message that takes the seat back.
const fn resume(token: Token, epoch: Epoch, last_chat: u64) -> (Request, ClientMessage) {
    let resume = Resume {
        token,
        epoch,
        last_chat,
    };
    (Request::Resume, ClientMessage::Resume(resume))
}
