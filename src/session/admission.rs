//! The way into the room, and back into it: connecting, asking for a seat, trying again.

use std::time::Duration;

use watchtogether_protocol::close::CloseCode;
use watchtogether_protocol::message::room::{
    Access, CreateRoom, Elsewhere, Hello, JoinRoom, Leave, Refusal, Refused, Request, Resume,
};
use watchtogether_protocol::{Clean, ClientMessage, Epoch, LocalTime, RoomName, Token};

use super::event::{Event, LinkState};
use super::local_media::Player;
use super::mirror::Mirror;
use super::output::{End, Output};
use super::reconnect::{back_off, patience};
use super::{Admission, Credentials, LinkEnd, Session};
use crate::player::PlayerCommand;

/// How long the server may take to give a seat: it answers within a round trip, or not at all.
const ANSWER_WITHIN: Duration = Duration::from_secs(10);

/// For so long after the link was lost, a room that its server forgot is asked for again: its host opens it anew.
const ROOM_AWAITED: Duration = Duration::from_mins(2);

/// Where a session is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// Not started.
    Idle,
    /// A connection is being made; 0 is the first ever.
    Connecting {
        /// Which try.
        attempt: u32,
    },
    /// Connected; this was asked for.
    Joining {
        /// Which try.
        attempt: u32,
        /// What was asked for.
        request: Request,
        /// Until when an answer must come.
        until: LocalTime,
    },
    /// In the room.
    InRoom,
    /// Without a link; the next try comes by itself.
    Waiting {
        /// Which try it will be.
        attempt: u32,
        /// When.
        until: LocalTime,
    },
    /// Over.
    Ended,
}

/// The names that are tried for a room whose name nobody chose before its server draws one: its own, and with the numbers 2
/// and 3. A server lets an address open five rooms at once, by default.
const NAMES: u32 = 3;

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
        let seat = credentials.seat.filter(|_| !self.is_seat_elsewhere);
        let (request, message) = match (&self.mirror, seat) {
            (Some(mirror), _) => resume(mirror.token, mirror.timeline.epoch, mirror.last_chat),
            (None, Some(token)) => resume(token, Epoch::default(), 0),
            (None, None) => self.first_request(),
        };
        self.ask(request, message, attempt, now);
        self.event(Event::Link(LinkState::Joining));
        if self.local_media.player == Player::Closed && self.mirror.is_none() {
            self.start_player();
        }
    }

    pub(super) fn lose(&mut self, end: &LinkEnd, now: LocalTime) {
        let (attempt, was_in_room) = match self.phase {
            Phase::Connecting { attempt } | Phase::Joining { attempt, .. } => (attempt, false),
            Phase::InRoom => (self.seat.tries_before(now), true),
            Phase::Idle | Phase::Waiting { .. } | Phase::Ended => return,
        };
        match end {
            LinkEnd::PinMismatch if !self.route.asks_named() => return self.end(End::PinMismatch),
            LinkEnd::Closed { code: Some(code) } if !code.is_worth_retrying() || self.mirror.is_none() => {
                self.stand_here(*code, now);
                return self.end(End::Closed(*code));
            }
            // The first server vouches for the key of the one that it names, and is asked again.
            LinkEnd::PinMismatch
            | LinkEnd::Closed { .. }
            | LinkEnd::Unreachable { .. }
            | LinkEnd::TimedOut
            | LinkEnd::Broken { .. } => {}
        }
        if !was_in_room {
            self.route.handle_failed();
        }
        let why = end.words();
        if self.mirror.is_none() {
            return self.end(End::Unreachable { why });
        }
        if was_in_room {
            self.lost.get_or_insert(now);
            self.asking.give_up();
            self.clock.handle_lost();
            self.sync.handle_unexpected(self.clock.usable(), now);
            self.event(Event::Link(LinkState::Lost { why }));
        }
        self.wait(attempt + 1, Duration::ZERO, now);
    }

    /// Asks on a new connection, and without a seat that was kept from before: it is gone, or in another room than the one
    /// that is asked for. It is not left: the server waits for its member as after any lost connection.
    pub(super) fn connect_without_seat(&mut self, attempt: u32) {
        self.is_seat_elsewhere = true;
        self.outputs.push_back(Output::Disconnect {
            code: CloseCode::Left,
        });
        self.connect(attempt);
    }

    /// Asks the server that has the room, as the one that was asked says.
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
            let why = Clean::line("each server says that another one has the room");
            self.lose(&LinkEnd::Unreachable { why }, now);
        }
    }

    pub(super) fn handle_entry_refused(&mut self, refused: Refused, now: LocalTime) {
        let Phase::Joining { attempt, request, .. } = self.phase else {
            return;
        };
        if request != refused.request {
            return;
        }
        let is_for_now = matches!(
            refused.why,
            Refusal::RateLimited
                | Refusal::ServerBusy
                | Refusal::ShuttingDown
                | Refusal::RoomFull
                | Refusal::NameTaken
        );
        let is_back = self.mirror.is_some();
        match request {
            Request::Resume if !is_for_now && refused.why != Refusal::Banned => {
                let (request, message) = match &self.mirror {
                    Some(mirror) => (Request::JoinRoom, self.join_again(mirror)),
                    None => self.first_request(),
                };
                self.ask(request, message, attempt, now);
            }
            Request::CreateRoom if refused.why == Refusal::RoomExists && !is_back => {
                match self.join_existing() {
                    Some(join) => self.ask(Request::JoinRoom, join, attempt, now),
                    None => self.take_another_name(attempt),
                }
            }
            // It exists, and is not this user's.
            Request::JoinRoom if refused.why == Refusal::NotAdmitted && !is_back && self.is_opening() => {
                self.take_another_name(attempt);
            }
            Request::JoinRoom
                if refused.why == Refusal::NotAdmitted && is_back && self.route.handle_no_room() =>
            {
                self.outputs.push_back(Output::Disconnect {
                    code: CloseCode::Left,
                });
                self.connect(attempt);
            }
            Request::JoinRoom if refused.why == Refusal::NotAdmitted && is_back => match self.open_again() {
                Some(create) => self.ask(Request::CreateRoom, create, attempt, now),
                None if self.is_room_awaited(now) => self.try_later(refused, attempt, now),
                None => self.refuse_entry(refused.why),
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
                    self.try_later(refused, attempt, now);
                } else {
                    self.refuse_entry(refused.why);
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
        self.end(End::Left);
    }

    /// Ends the session with a server that says what no server may say.
    pub(super) fn end_with_bad_server(&mut self, now: LocalTime) {
        let code = CloseCode::ProtocolError;
        self.outputs.push_back(Output::Disconnect { code });
        self.stand_here(code, now);
        self.end(End::Closed(code));
    }

    fn end(&mut self, end: End) {
        if matches!(self.phase, Phase::Ended) {
            return;
        }
        if matches!(self.phase, Phase::Joining { .. } | Phase::InRoom) {
            self.outputs.push_back(Output::Disconnect {
                code: CloseCode::Left,
            });
        }
        if self.gives_seat_up(&end) {
            self.outputs.push_back(Output::ForgetSeat);
        }
        self.phase = Phase::Ended;
        self.clock.handle_lost();
        self.event(Event::Link(LinkState::Closed));
        self.outputs.push_back(Output::Finished(end));
    }

    /// Returns whether nothing takes the seat again. A seat that is left while the server hears nothing is still there, and
    /// must not stand beside its member when they are back.
    fn gives_seat_up(&self, end: &End) -> bool {
        match end {
            End::Left => self.phase == Phase::InRoom && self.link == LinkState::Up,
            End::Refused(_) | End::Closed(_) => self.mirror.is_some(),
            End::Unreachable { .. } | End::PinMismatch => false,
        }
    }

    /// Returns whether a room that is not there may yet be opened again by its host, who lost the server as we did.
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

    /// Opens the room under another name, unless its user chose the one that is taken. Each name has a connection of its own: a
    /// server need not answer more on one than a seat, a new room, and the way into one that exists.
    fn take_another_name(&mut self, attempt: u32) {
        let is_chosen = match &self.config.admission {
            Admission::Host {
                room, is_name_chosen, ..
            } => *is_name_chosen || room.is_none(),
            Admission::Join { .. } => true,
        };
        if is_chosen || self.names_taken >= NAMES {
            return self.refuse_entry(Refusal::RoomExists);
        }
        self.names_taken += 1;
        self.route.handle_other_room();
        self.connect_without_seat(attempt);
    }

    /// Returns what the room to open is called: its name, then the name with a number behind it, and at last one that the
    /// server draws.
    fn name_to_open(&self, name: &RoomName) -> Option<RoomName> {
        match self.names_taken {
            0 => Some(name.clone()),
            taken if taken < NAMES => Some(name.numbered(taken + 1)),
            _ => None,
        }
    }

    fn refuse_entry(&mut self, why: Refusal) {
        self.end(End::Refused(why));
    }

    fn wait(&mut self, attempt: u32, at_least: Duration, now: LocalTime) {
        self.route.handle_tried();
        let after = back_off(attempt, &mut self.draw).max(at_least);
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
                on_stall,
                again,
            } => {
                let create = CreateRoom {
                    room: room.as_ref().and_then(|room| self.name_to_open(room)),
                    access: access.clone(),
                    on_stall: *on_stall,
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

    /// Returns what enters the room again whose seat is gone.
    fn join_again(&self, mirror: &Mirror) -> ClientMessage {
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

    /// Returns what enters the room that should have been opened and exists: an open one, one that has the same word, or one
    /// whose invite is known, can be meant.
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

    /// Returns what opens the room again that a server forgot; only who opened it does.
    fn open_again(&self) -> Option<ClientMessage> {
        let Admission::Host { access, .. } = &self.config.admission else {
            return None;
        };
        self.mirror.as_ref().map(|mirror| {
            ClientMessage::CreateRoom(CreateRoom {
                room: Some(mirror.name.clone()),
                access: access.clone(),
                on_stall: mirror.settings.on_stall,
                invite: mirror.invite,
            })
        })
    }
}

/// Returns what takes a seat again.
const fn resume(token: Token, epoch: Epoch, last_chat: u64) -> (Request, ClientMessage) {
    let resume = Resume {
        token,
        epoch,
        last_chat,
    };
    (Request::Resume, ClientMessage::Resume(resume))
}

impl LinkEnd {
    /// Returns what happened, as the second half of a sentence.
    pub fn words(&self) -> Clean {
        match self {
            Self::PinMismatch => {
                Clean::line("the server that has the room shows another key than it is known by")
            }
            Self::Unreachable { why } | Self::Broken { why } => why.clone(),
            Self::Closed { code: Some(code) } => Clean::line(code.words()),
            Self::Closed { code: None } => Clean::line("the server closed the connection"),
            Self::TimedOut => Clean::line("nothing was heard for too long"),
        }
    }
}
