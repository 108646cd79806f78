//! Tests of the room's rules, each of them a claim. Time is an argument, so nothing here waits.

mod allowed;
mod chat;
mod control;
mod entering;
mod growing;
mod invariants;
mod keeping;
mod moving;
mod news;
mod owner;
mod presence;
mod readiness;
mod removal;
mod resuming;
mod stall;
mod start;
mod undo;
mod wall_clock;

use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use uuid::Uuid;
use watchtogether_protocol::item::{FileMatch, Fingerprint};
use watchtogether_protocol::message::playback::{
    Action, GoOn, Ready, SetLength, SetVideo, StallPolicy, StillWaiting, VideoSync,
};
use watchtogether_protocol::message::room::{Entered, TransferHost};
use watchtogether_protocol::message::roster::{Member, PlayerFailure, PlayerState, Report, Role};
use watchtogether_protocol::message::settings::{RoomTitle, Setting};
use watchtogether_protocol::{ChatId, Clean, ItemSource, Length, Token};

use super::command::Newcomer;
use super::*;
use crate::limits::LimitValues;

/// A room under test: the test decides what happens and when, and reads what each member is sent.
struct Harness {
    room: Room,
    now: ServerTime,
    draws: u8,
    /// The outputs of the room since the test last cleared them.
    done: Vec<RoomOutput>,
}

/// The default address of members.
const HOME: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

/// The limits of the rooms here.
const LIMITS: LimitValues = LimitValues::DEFAULT;

const FILM: MediaTime = MediaTime::from_millis(60_000);

impl Harness {
    /// Returns an empty room.
    fn open() -> Self {
        Self::with(StallPolicy::Wait)
    }

    fn with(on_stall: StallPolicy) -> Self {
        Self::of(config(on_stall))
    }

    /// Returns an empty room on a server with changed limits.
    fn limited(change: impl FnOnce(&mut LimitValues)) -> Self {
        let mut values = LIMITS;
        change(&mut values);
        Self::of(RoomConfig {
            limits: Limits::new(values).expect("limits that go together"),
            ..config(StallPolicy::Wait)
        })
    }

    fn of(config: RoomConfig) -> Self {
        let now = ServerTime::from_millis(3_600_000);
        Self {
            room: Room::new(config, Rate::NORMAL, now),
            now,
            draws: 0,
            done: Vec::new(),
        }
    }

    /// Returns a room with a host and a viewer who have the film open at its beginning, where the room is paused.
    fn watching() -> (Self, MemberId, MemberId) {
        let mut harness = Self::open();
        let (host, viewer) = (harness.enter("ana"), harness.enter("ben"));
        harness.watch(host);
        harness.watch(viewer);
        harness.set_video(host, MediaTime::ZERO);
        harness.follow(host);
        harness.follow(viewer);
        harness.ready(host);
        harness.ready(viewer);
        // The news are old news, although no time has passed.
        harness.room.send_news(harness.now + Duration::from_secs(1));
        harness.drain();
        harness.forget();
        (harness, host, viewer)
    }

    /// Returns the same room after a seek to 10 s, before anybody has arrived there.
    fn after_seek() -> (Self, MemberId, MemberId) {
        let (mut harness, host, viewer) = Self::watching();
        harness.act(host, Action::Seek { position: secs(10) });
        harness.forget();
        (harness, host, viewer)
    }

    /// Returns the room of [`Self::watching`] after it has played for two seconds.
    fn playing() -> (Self, MemberId, MemberId) {
        let (mut harness, host, viewer) = Self::watching();
        harness.act(host, Action::Play);
        harness.pass(Duration::from_secs(2));
        harness.forget();
        (harness, host, viewer)
    }

    fn draw_token(&mut self) -> Token {
        self.draws += 1;
        Token::from_bytes([self.draws; 32])
    }

    fn newcomer(&mut self, name: &str) -> Newcomer {
        Newcomer {
            name: name.parse().expect("a name"),
            avatar: None,
            token: self.draw_token(),
            address: HOME,
            owner: None,
        }
    }

    fn try_enter(&mut self, name: &str) -> Result<MemberId, Refusal> {
        let newcomer = self.newcomer(name);
        let seat = self.room.enter(newcomer, self.now);
        self.drain();
        seat
    }

    fn enter(&mut self, name: &str) -> MemberId {
        self.try_enter(name).expect("a seat")
    }

    /// Takes back the seat of `token`, with the room's current epoch and a last chat line.
    fn resume(&mut self, token: Token, last_chat: u64) -> Result<MemberId, Refusal> {
        let next = self.draw_token();
        let epoch = self.room.timeline().epoch;
        let seat = self.room.resume(&token, next, (epoch, last_chat), HOME, self.now);
        self.drain();
        seat
    }

    fn lose(&mut self, id: MemberId) {
        self.room.handle_link_lost(id, self.now, self.now);
        self.drain();
    }

    fn command(&mut self, from: MemberId, command: RoomCommand) {
        self.room.handle_command(from, command, self.now);
        self.drain();
    }

    fn act(&mut self, from: MemberId, action: Action) {
        let based_on = self.room.timeline().revision;
        self.command(from, RoomCommand::VideoSync(VideoSync { based_on, action }));
    }

    fn set_video(&mut self, from: MemberId, position: MediaTime) {
        let item = film(Some(FILM));
        self.command(from, RoomCommand::SetVideo(SetVideo { item, position }));
    }

    /// Corrects the length of the current item.
    fn set_length(&mut self, from: MemberId, length: Length) {
        let id = self.room.timeline().item;
        self.command(from, RoomCommand::SetLength(SetLength { id, length }));
    }

    fn report(&mut self, from: MemberId, player: PlayerState) {
        let file = FileMatch::Same;
        self.command(from, RoomCommand::Report(Report { player, file }));
    }

    /// Reports a player that is open but has loaded nothing of the film yet.
    fn watch(&mut self, from: MemberId) {
        self.report(from, PlayerState::Loading);
    }

    fn follow(&mut self, from: MemberId) {
        self.report(from, PlayerState::Following);
    }

    /// Reports that a member is ready at the room's place.
    fn ready(&mut self, from: MemberId) {
        let revision = self.room.timeline().revision;
        self.command(from, RoomCommand::Ready(Ready { revision }));
    }

    fn go_on(&mut self, from: MemberId, revision: Revision) {
        self.command(from, RoomCommand::GoOn(GoOn { revision }));
    }

    fn chat(&mut self, from: MemberId, id: u128, text: &str) {
        let chat = SendChat {
            id: ChatId(Uuid::from_u128(id)),
            text: Clean::text(text),
            position: None,
        };
        self.command(from, RoomCommand::Chat(chat));
    }

    /// Sends a member's clock request.
    fn request_clock(&mut self, from: MemberId) {
        self.room.handle_telemetry(from, Telemetry::default(), self.now);
        self.drain();
    }

    /// Lets time pass; the room handles each timer that falls due at its instant.
    fn pass(&mut self, duration: Duration) {
        let end = self.now + duration;
        let mut turns = 0;
        while let Some((due, reason)) = self.room.poll_timeout().filter(|(due, _)| *due <= end) {
            turns += 1;
            assert!(turns < 10_000, "what is due is never done: {reason}");
            self.now = self.now.max(due);
            self.room.handle_timeout(self.now);
            self.drain();
        }
        self.now = end;
    }

    fn drain(&mut self) {
        self.done.extend(std::iter::from_fn(|| self.room.poll_output()));
    }

    fn forget(&mut self) {
        self.done.clear();
    }

    /// Returns the messages that a member was sent since the test last cleared the outputs, in order.
    fn sent(&self, id: MemberId) -> Vec<ServerMessage> {
        let outputs = self.done.iter().cloned();
        let messages = outputs.filter_map(|output| match output {
            RoomOutput::Send { to, message } => (to == id).then_some(*message),
            RoomOutput::Broadcast { except, message } => (except != Some(id)).then_some(*message),
            RoomOutput::Close { .. } => None,
        });
        messages.collect()
    }

    /// Returns the last refusal that a member was sent.
    fn refusal(&self, id: MemberId) -> Option<Refused> {
        let mut messages = self.sent(id).into_iter().rev();
        messages.find_map(|message| {
            if let ServerMessage::Refused(refused) = message {
                Some(refused)
            } else {
                None
            }
        })
    }

    /// Returns the message that a member was sent on entering.
    fn entered(&self, id: MemberId) -> Entered {
        let mut messages = self.sent(id).into_iter();
        let entered = messages.find_map(|message| {
            if let ServerMessage::RoomCreated(entered) | ServerMessage::RoomJoined(entered) = message {
                Some(entered)
            } else {
                None
            }
        });
        entered.expect("a seat is answered with the room")
    }

    /// Returns the lines of chat that a member was sent.
    fn lines(&self, id: MemberId) -> Vec<ChatLine> {
        let messages = self.sent(id).into_iter();
        let lines = messages.filter_map(|message| {
            if let ServerMessage::Chat(line) = message {
                Some(line)
            } else {
                None
            }
        });
        lines.collect()
    }

    /// Returns the latest timeline that a member was sent.
    fn state(&self, id: MemberId) -> Option<VideoStateChanged> {
        let mut messages = self.sent(id).into_iter().rev();
        messages.find_map(|message| {
            if let ServerMessage::VideoStateChanged(state) = message {
                Some(state)
            } else {
                None
            }
        })
    }

    /// Returns for whom the room still waits, as a member was last told beside the record.
    fn still_waiting(&self, id: MemberId) -> Option<Awaited> {
        let mut messages = self.sent(id).into_iter().rev();
        messages.find_map(|message| {
            if let ServerMessage::StillWaiting(still) = message {
                Some(still.waiting_for)
            } else {
                None
            }
        })
    }

    fn timeline(&self) -> Timeline {
        *self.room.timeline()
    }

    fn position(&self) -> MediaTime {
        self.timeline().position_at(self.now)
    }

    fn cause(&self) -> (Option<MemberId>, Reason) {
        let cause = self.timeline().cause;
        (cause.who, cause.reason)
    }

    fn waiting_for(&self) -> Vec<MemberId> {
        self.room.state().waiting_for.who
    }

    fn member(&self, id: MemberId) -> Member {
        self.room.seat(id).expect("a member").member.clone()
    }

    fn is_host(&self, id: MemberId) -> bool {
        self.room.host() == Some(id) && self.member(id).role == Role::Host
    }
}

fn config(on_stall: StallPolicy) -> RoomConfig {
    RoomConfig {
        id: RoomId(Uuid::from_u128(1)),
        name: "film-night".parse().expect("a room's name"),
        epoch: Epoch {
            counter: 1,
            incarnation: 7,
        },
        invite: Some(InviteToken::from_bytes([9; 10])),
        settings: RoomSettings::new(on_stall),
        wall_origin: WallTime(1_000_000),
        is_kept: true,
        salt: Salt([3; 16]),
        limits: Limits::default(),
    }
}

fn film(duration: Option<MediaTime>) -> Item {
    Item {
        title: Clean::line("film.mkv"),
        length: duration.into(),
        source: ItemSource::File {
            size: 1,
            fingerprint: Fingerprint([0; 32]),
        },
    }
}

const fn secs(seconds: i64) -> MediaTime {
    MediaTime::from_millis(seconds * 1_000)
}

/// Returns a time just before the end of a duration.
const fn just_before(end: Duration) -> Duration {
    end.saturating_sub(Duration::from_millis(1))
}
