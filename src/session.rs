//! The client's half of a room, without a clock, a socket or a player of its own.
//!
//! A [`Session`] is told what happened and when, and says what is to be done: its [`Output`]s. It keeps a
//! mirror of the room, the server's clock, the own player and its copy of the film (`LocalMedia`), and the
//! [`SyncController`] that keeps the one with the other. Its life is one of these: connecting, joining, in the room,
//! waiting for the next try, ended. Policy, by topic:
//!
//! - *The link may die, the film does not*: without a link the player follows the timeline that was last known, and is
//!   paused only after [`SessionConfig::pause_after_lost`]. The seat is taken again by its token; where it is gone, the
//!   room is entered anew under the same name.
//! - *The room says where it is*: a server that names another one as having the room is left for that one, a few times in a
//!   row at most.
//! - *The same person keeps the seat*: the token is handed out to be kept ([`Output::KeepSeat`]). A session that starts with
//!   one ([`Credentials::seat`]) tries it first, and falls back to its admission where the server refuses it.
//! - *Only the server decides*: an own act is shown on the own player at once, but for no longer than
//!   [`EXPECTED_FOR`] without the room's word.
//! - *The window is the user's*: what its user does there is the room's if they control it, and undone if not.
//! - *Nothing is lost that was said*: own chat lines are sent again until they come back, and once more to a room that lost
//!   them with its server before they were on its disk.

mod admission;
pub mod asked;
mod chat;
pub mod command;
mod control;
mod copies;
mod copy_news;
pub mod event;
mod following;
mod growing;
mod local_media;
mod minute;
mod mirror;
mod narration;
pub mod output;
mod playing;
mod reconnect;
mod roster;
mod route;
mod server_clock;
mod silence;
pub mod status;
#[cfg(test)]
pub(crate) mod test_support;
#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use watchtogether_protocol::close::CloseCode;
use watchtogether_protocol::invite::Address;
use watchtogether_protocol::item::FileMatch;
use watchtogether_protocol::message::clock::{ClockPong, Telemetry};
use watchtogether_protocol::message::playback::{Ready, StallPolicy, VideoStateChanged};
use watchtogether_protocol::message::room::{Access, Password};
use watchtogether_protocol::message::roster::{Avatar, Report};
use watchtogether_protocol::message::standing;
use watchtogether_protocol::narration::{Happening, PausedWhy};
use watchtogether_protocol::permission::RoomAct;
use watchtogether_protocol::time::WallTime;
use watchtogether_protocol::{
    Clean, ClientMessage, Epoch, InviteToken, Item, ItemId, LocalTime, MediaTime, MemberName, OwnerKey,
    Playback, Revision, RoomName, ServerMessage, Timeline, Token,
};

use crate::draw::Draw;
use crate::player::{PlayerCommand, PlayerEvent, Source};
use crate::sync::law::Law;
use crate::sync::{Act, Goal, Motion, SyncController};
use admission::Phase;
use asked::Asking;
use chat::ChatOutbox;
use command::Command;
use event::{Event, LinkState, SyncState};
use following::Following;
use local_media::{Choice, LocalMedia, Player};
use minute::Minute;
use mirror::Mirror;
use narration::Narrator;
pub(crate) use narration::shows_film;
use output::Output;
use reconnect::Seat;
use route::Route;
use server_clock::ServerClock;
use status::{MemberStatus, RoomStatus, Status, SyncStatus};

/// How long an own act is believed without the room's word: longer than any answer takes that still comes.
pub const EXPECTED_FOR: Duration = Duration::from_millis(1_500);

/// How long the room must wait for somebody before the film says for whom: a usual seek is over by then.
const WAITING_SHOWN_AFTER: Duration = Duration::from_secs(1);

/// A client's half of a room.
#[derive(Debug)]
pub struct Session {
    config: SessionConfig,
    phase: Phase,
    route: Route,
    /// The seat that is held, or was last.
    seat: Seat,
    /// Whether the seat that was kept from before is in another room than the one that is asked for.
    is_seat_elsewhere: bool,
    link: LinkState,
    mirror: Option<Mirror>,
    /// Since when there is no link to a room that was entered.
    lost: Option<LocalTime>,
    /// How many names for the room to open were taken already.
    names_taken: u32,
    is_paused_here: bool,
    clock: ServerClock,
    chat: ChatOutbox,
    local_media: LocalMedia,
    sync: SyncController,
    minute: Minute,
    draw: Draw,
    told: Told,
    /// Whether the room will play once it has heard of the own last play or pause, and until when that is believed without
    /// its word: a second press within a round trip means the opposite of the first.
    meant: Option<(bool, LocalTime)>,
    /// What was asked of the room and has no answer yet.
    asking: Asking,
    /// Until when the user is taken to be writing something.
    typing_until: Option<LocalTime>,
    /// Since when the room has waited for others, until the film says so.
    waiting_since: Option<LocalTime>,
    following: Following,
    narrator: Narrator,
    outputs: VecDeque<Output>,
}

/// What was told last, so that only changes are told.
#[derive(Debug, Default)]
struct Told {
    report: Option<Report>,
    ready: Option<(Epoch, Revision)>,
    file: Option<(ItemId, FileMatch)>,
    /// What the own member put on last.
    put_on: Option<ItemId>,
    state: SyncState,
    dry: Option<u8>,
}

impl Session {
    /// Returns a session that does nothing until it is started.
    pub fn new(config: SessionConfig, now: LocalTime) -> Self {
        Self {
            phase: Phase::Idle,
            route: Route::new(config.address.clone()),
            seat: Seat::default(),
            is_seat_elsewhere: false,
            link: LinkState::Closed,
            mirror: None,
            lost: None,
            names_taken: 0,
            is_paused_here: false,
            clock: ServerClock::default(),
            chat: ChatOutbox::new(config.wall, now),
            local_media: LocalMedia::new(config.has_player),
            sync: SyncController::new(config.law),
            minute: Minute::default(),
            draw: Draw::from_seed(config.seed),
            told: Told::default(),
            meant: None,
            asking: Asking::default(),
            typing_until: None,
            waiting_since: None,
            following: Following::default(),
            narrator: Narrator::default(),
            outputs: VecDeque::new(),
            config,
        }
    }

    /// Begins: connects.
    pub fn start(&mut self, now: LocalTime) {
        self.connect(0);
        self.settle(now);
    }

    /// Takes in that the connection asked for stands, with what the user has to show this server.
    pub fn handle_connected(&mut self, credentials: Credentials, now: LocalTime) {
        self.greet(credentials, now);
        self.settle(now);
    }

    /// Takes in that there is no connection, or none any more.
    pub fn handle_connection_lost(&mut self, end: &LinkEnd, now: LocalTime) {
        self.lose(end, now);
        self.settle(now);
    }

    /// Takes in that the machine slept for some time: its clock stood still, and the film with it. It may be elsewhere now, so
    /// the clocks are compared anew.
    pub fn handle_suspended(&mut self, time: Duration, now: LocalTime) {
        if let Some(mirror) = &mut self.mirror {
            mirror.wall.handle_suspended(time);
        }
        self.following.hear(now);
        if self.phase == Phase::InRoom {
            self.clock.handle_path_change(now);
        }
        self.settle(now);
    }

    /// Takes in a message.
    pub fn handle_message(&mut self, message: ServerMessage, now: LocalTime) {
        self.hear_server();
        self.receive(message, now);
        self.settle(now);
    }

    /// Takes in a copy of a state, which may have overtaken other messages: it counts for the item that is on.
    pub fn handle_copy(&mut self, state: VideoStateChanged, now: LocalTime) {
        let item = self.mirror.as_ref().map(|mirror| mirror.timeline.item);
        if item == Some(state.timeline.item) {
            self.handle_message(ServerMessage::VideoStateChanged(state), now);
        }
    }

    /// Takes in an answer to a clock question.
    pub fn handle_pong(&mut self, pong: &ClockPong, now: LocalTime) {
        if self.phase != Phase::InRoom || !self.clock.handle_pong(pong, now) {
            return;
        }
        self.hear_server();
        if let Some(mirror) = &mut self.mirror {
            mirror.handle_digest(&pong.digest);
        }
        if let Some(clock) = self.clock.usable() {
            self.sync.handle_clock(clock, now);
        }
        self.settle(now);
    }

    /// Takes in what the player says.
    pub fn handle_player(&mut self, event: PlayerEvent, now: LocalTime) {
        self.following.hear(now);
        self.hear(event, now);
        self.settle(now);
    }

    /// Takes in what the user or a script wants.
    pub fn handle_command(&mut self, command: Command, now: LocalTime) {
        self.obey(command, now);
        self.settle(now);
    }

    /// Takes in the outcome of [`Output::FindItem`].
    pub fn handle_item_found(&mut self, id: ItemId, found: Option<OwnCopy>, now: LocalTime) {
        self.find(id, found, now);
        self.settle(now);
    }

    /// Takes in how far the search of [`Output::FindItem`] has come.
    pub fn handle_search_progress(&mut self, id: ItemId, folders: u32, now: LocalTime) {
        self.note_search(id, folders);
        self.settle(now);
    }

    /// Takes in the outcome of [`Output::IdentifyFile`]: nothing where the file cannot be read.
    pub fn handle_identified(&mut self, path: PathBuf, item: Option<Item>, now: LocalTime) {
        self.identify(&Source::File(path), item, now);
        self.settle(now);
    }

    /// Takes in that the token of [`Output::KeepSeat`] could not be kept, and why, in the system's words.
    pub fn handle_seat_not_kept(&mut self, why: Clean, now: LocalTime) {
        self.event(Event::SeatNotKept { why });
        self.settle(now);
    }

    /// Takes in that an instant of [`Self::poll_timeout`] has come.
    pub fn handle_timeout(&mut self, now: LocalTime) {
        self.handle_link_timeout(now);
        self.handle_silence(now);
        self.handle_silent_player(now);
        self.sync.handle_timeout(self.clock.usable(), now);
        if self.pause_due().is_some_and(|due| now >= due) {
            self.pause_here(PausedWhy::NoLink, now);
        }
        if self.waiting_due().is_some_and(|due| now >= due) {
            self.waiting_since = None;
            self.narrate_waiting();
        }
        self.settle(now);
    }

    /// Returns when the session must be called again at the latest, and why.
    pub fn poll_timeout(&self) -> Option<(LocalTime, &'static str)> {
        [
            (self.link_timeout(), "link"),
            (self.clock.next_ping(), "clock question"),
            (self.silent_at(), "server silent"),
            (self.sync.poll_timeout(), "own act unconfirmed"),
            (self.pause_due(), "too long without a link"),
            (self.waiting_due(), "room waits"),
            (self.silent_player_due(), "player silent"),
            (
                self.chat.poll_timeout().filter(|_| self.phase == Phase::InRoom),
                "chat line refused for now",
            ),
        ]
        .into_iter()
        .filter_map(|(due, why)| due.map(|due| (due, why)))
        .min_by_key(|(due, _)| *due)
    }

    /// Returns the next thing to do.
    pub fn poll_output(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// Returns how the session stands.
    pub fn status(&self, now: LocalTime) -> Status {
        let estimator = self.clock.estimator();
        Status {
            link: self.link.clone(),
            room: self.mirror.as_ref().map(|mirror| self.room_status(mirror, now)),
            player: self.player_state(now),
            file: self.file_match(),
            sync: SyncStatus {
                state: self.sync_state(),
                drift: self.sync.drift(),
                jump: self.sync.jump().or_else(|| self.sync.jumped(now)),
                spread: self.sync.spread(),
                drift_p50: self.sync.drift_quantile(0.5),
                drift_p95: self.sync.drift_quantile(0.95),
                speed: self.sync.speed(),
                buffered: self.local_media.status.map_or(Duration::ZERO, |s| s.buffered),
                corrections: self.sync.corrections(),
            },
            minute: self.minute.status(now),
            facts: self.local_media.facts.clone(),
            chapters: Arc::clone(&self.local_media.chapters),
            round_trip: estimator.round_trip(),
            clock_bound: estimator.bound(),
            own_copy: self.local_media.chosen().map(|copy| copy.source.clone()),
        }
    }

    fn room_status(&self, mirror: &Mirror, now: LocalTime) -> RoomStatus {
        let members = mirror.members.iter().map(|member| MemberStatus {
            member: member.clone(),
            telemetry: if member.id == mirror.you {
                Some(self.telemetry(now))
            } else {
                mirror.telemetry.get(&member.id).copied()
            },
        });
        RoomStatus {
            name: mirror.name.clone(),
            wall: mirror.wall,
            you: mirror.you,
            host: mirror.host,
            item: mirror.item.clone(),
            timeline: mirror.timeline,
            position: self.room_position(now).unwrap_or(mirror.timeline.position),
            playback: mirror.timeline.playback,
            starts: self.starts(&mirror.timeline, now),
            rate: mirror.timeline.rate,
            waiting_for: mirror.waiting_for.clone(),
            on_stall: mirror.on_stall,
            bans: mirror.bans.clone(),
            saved: mirror.saved,
            is_owner: mirror.is_owner,
            invite: self.invite(mirror),
            members: members.collect(),
            asked: self.asking.at(now),
        }
    }

    /// Returns what lets others in: told by the server, or what let in a member that controls the room since.
    fn invite(&self, mirror: &Mirror) -> Option<InviteToken> {
        let shown = match &self.config.admission {
            Admission::Join { token, .. } => *token,
            Admission::Host { again, .. } => again.and_then(|again| again.invite),
        };
        mirror.invite.or(shown).filter(|_| mirror.may(RoomAct::SeeInvite))
    }

    fn starts(&self, timeline: &Timeline, now: LocalTime) -> Option<LocalTime> {
        let at = self.clock.usable()?.local_time(timeline.at)?;
        (timeline.playback == Playback::Playing && now < at).then_some(at)
    }

    fn telemetry(&self, now: LocalTime) -> Telemetry {
        let estimator = self.clock.estimator();
        let micros = |d: Duration| u32::try_from(d.as_micros()).unwrap_or(u32::MAX);
        let drift = self.sync.drift().map(|d| d.as_nanos() / 1_000);
        Telemetry {
            drift_us: drift.map(|us| i32::try_from(us).unwrap_or(if us < 0 { i32::MIN } else { i32::MAX })),
            drift_p50_us: self.sync.drift_quantile(0.5).map(micros),
            drift_p95_us: self.sync.drift_quantile(0.95).map(micros),
            drift_worst_us: self.sync.drift_quantile(1.0).map(micros),
            speed_ppm: self.sync.slew_ppm(),
            rtt_us: estimator.round_trip().map_or(0, micros),
            rtt_p95_us: estimator.round_trip_quantile(0.95).map_or(0, micros),
            clock_bound_us: estimator.bound().map_or(0, micros),
            buffered_ms: self
                .local_media
                .status
                .map_or(0, |s| u32::try_from(s.buffered.as_millis()).unwrap_or(u32::MAX)),
            corrections: self.sync.corrections(),
            freeze_ms: u32::try_from(self.sync.last_freeze().as_millis()).unwrap_or(u32::MAX),
            is_settled: standing::is_settled(self.sync.spread()),
            is_typing: self.typing_until.is_some_and(|until| now < until),
        }
    }

    /// Ends each input: tells the player, the server and the world what is different now.
    fn settle(&mut self, now: LocalTime) {
        self.minute.corrected(self.sync.corrections(), now);
        while let Some(act) = self.sync.poll_act() {
            let command = match act {
                Act::Hold { position } => PlayerCommand::Hold {
                    generation: self.local_media.next_generation(),
                    position,
                },
                Act::Release { at } => PlayerCommand::Release {
                    generation: self.local_media.generation,
                    at,
                },
                Act::SetSpeed { base, speed } => PlayerCommand::SetSpeed { base, speed },
            };
            self.outputs.push_back(Output::Player(command));
        }
        self.watch_player(now);
        self.tell_file();
        if self.phase == Phase::InRoom {
            self.tell_report(now);
            self.tell_ready();
            if let Some(line) = self.chat.poll_send(now) {
                self.send(ClientMessage::Chat(line));
            }
            self.ask_clock(now);
        }
        let state = self.sync_state();
        if state != self.told.state {
            self.told.state = state;
            self.event(Event::Sync(state));
        }
    }

    fn tell_file(&mut self) {
        let Some((id, _)) = self.mirror.as_ref().and_then(|m| m.item.as_ref()) else {
            return;
        };
        let now = (*id, self.file_match());
        if now.1 != FileMatch::Unknown && self.told.file != Some(now) {
            self.told.file = Some(now);
            let is_own_choice = self.told.put_on == Some(now.0);
            self.event(Event::FileCompared {
                id: now.0,
                file: now.1,
                is_own_choice,
            });
        }
    }

    fn tell_report(&mut self, now: LocalTime) {
        let report = Report {
            player: following::told(self.player_state(now)),
            file: self.file_match(),
        };
        if self.told.report != Some(report) {
            self.told.report = Some(report);
            self.send(ClientMessage::Report(report));
        }
    }

    fn tell_ready(&mut self) {
        let Some(timeline) = self.mirror.as_ref().map(|m| m.timeline) else {
            return;
        };
        let place = (timeline.epoch, timeline.revision);
        let is_ready = self.sync.is_in_place()
            && self.local_media.dry().is_none()
            && timeline.playback != Playback::Playing;
        if is_ready && self.told.ready != Some(place) {
            self.told.ready = Some(place);
            self.send(ClientMessage::Ready(Ready {
                revision: timeline.revision,
            }));
        }
    }

    fn ask_clock(&mut self, now: LocalTime) {
        let Some(mirror) = &self.mirror else { return };
        let (is_playing, revision) = (mirror.is_playing(), mirror.revision());
        let telemetry = self.telemetry(now);
        if let Some(ping) = self.clock.poll_ping(is_playing, revision, telemetry, now) {
            self.outputs.push_back(Output::Ping(ping));
        }
    }

    /// Tells the controller where the room is now.
    fn aim(&mut self, now: LocalTime) {
        let goal = match &self.mirror {
            Some(mirror) if mirror.current_item().is_some() && self.local_media.mounted().is_some() => {
                match mirror.timeline.playback {
                    Playback::Playing if self.is_paused_here => Goal::Stand {
                        position: self.room_position(now).unwrap_or(mirror.timeline.position),
                    },
                    Playback::Playing => Goal::Run(mirror.timeline),
                    Playback::Paused | Playback::Preparing => Goal::Stand {
                        position: mirror.timeline.position,
                    },
                }
            }
            Some(_) | None => Goal::Rest,
        };
        self.sync.handle_goal(goal, self.clock.usable(), now);
    }

    fn pause_due(&self) -> Option<LocalTime> {
        let is_playing = self.mirror.as_ref().is_some_and(Mirror::is_playing);
        self.lost
            .filter(|_| is_playing && !self.is_paused_here)
            .map(|since| since + self.config.pause_after_lost)
    }

    fn pause_here(&mut self, why: PausedWhy, now: LocalTime) {
        self.is_paused_here = true;
        self.event(Event::Link(LinkState::PausedHere));
        self.narrate_pause(why);
        self.aim(now);
    }

    /// Pauses a film that ran with a room which is over.
    fn stand_here(&mut self, why: CloseCode, now: LocalTime) {
        if self.mirror.as_ref().is_some_and(Mirror::is_playing) && !self.is_paused_here {
            self.pause_here(PausedWhy::Closed(why), now);
        }
    }

    fn waiting_due(&self) -> Option<LocalTime> {
        self.waiting_since.map(|since| since + WAITING_SHOWN_AFTER)
    }

    fn room_position(&self, now: LocalTime) -> Option<MediaTime> {
        let timeline = self.mirror.as_ref()?.timeline;
        Some(timeline.position_at(self.clock.server_time(now)?))
    }

    fn file_match(&self) -> FileMatch {
        let item = self.mirror.as_ref().and_then(Mirror::current_item);
        self.local_media.file(item)
    }

    fn sync_state(&self) -> SyncState {
        let has_no_film = matches!(
            self.local_media.player,
            Player::Off | Player::Closed | Player::Gone(_) | Player::Failed(_)
        );
        if self.mirror.is_none() || has_no_film {
            return SyncState::Off;
        }
        match (self.local_media.mounted(), &self.local_media.choice) {
            (None, Choice::Nothing | Choice::Missing) => return SyncState::Off,
            (None, Choice::Searching | Choice::Have(_)) => return SyncState::Loading,
            (Some(_), _) => {}
        }
        if self.local_media.dry().is_some() {
            return SyncState::Buffering;
        }
        if self.sync.is_too_slow() {
            return SyncState::TooSlow;
        }
        match self.sync.motion() {
            Motion::Absent => SyncState::Loading,
            Motion::Running if self.is_in_sync() || self.plays_from_where_it_came_in() => SyncState::Playing,
            Motion::Running => SyncState::Settling,
            Motion::Standing { .. } if self.sync.is_in_place() => SyncState::Standing,
            Motion::Standing { .. } | Motion::Frozen if self.clock.usable().is_none() => SyncState::Comparing,
            Motion::Standing { .. } | Motion::Frozen | Motion::Going { .. } | Motion::Starting => {
                SyncState::Catching
            }
        }
    }

    /// Returns whether what is on is live and has no time stamps: there is no place in it that others are at.
    fn plays_from_where_it_came_in(&self) -> bool {
        let mounted = self.local_media.mounted();
        mounted.is_some_and(|(_, media)| media.is_live() && !media.is_seekable)
    }

    fn send(&mut self, message: ClientMessage) {
        self.outputs.push_back(Output::Send(message));
    }

    fn event(&mut self, event: Event) {
        if let Event::Link(state) = &event {
            self.link = state.clone();
        }
        let happenings = self.narrate(&event);
        self.outputs.push_back(Output::Event(event));
        for happening in happenings {
            self.happened(happening);
        }
    }

    fn happened(&mut self, happening: Happening) {
        let event = Event::Happened(Box::new(happening));
        self.outputs.push_back(Output::Event(event));
    }
}

/// What the user has to show a server besides an invite.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Credentials {
    /// What takes the seat again that an earlier client of the user had in this room. A session that was in the room itself
    /// knows a newer one.
    pub seat: Option<Token>,
    /// What the member is known by in the rooms that they opened there.
    pub owner: Option<OwnerKey>,
}

/// An item that the user has: what the player opens, and what the room is told of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnCopy {
    /// What the player opens.
    pub source: Source,
    /// What the room is told; without a duration, which the player finds out.
    pub item: Item,
}

/// How a session comes into a room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Admission {
    /// Opens a room as its host; joins it where it exists already and is open, or was left before.
    Host {
        /// The room's name; none lets the server draw one.
        room: Option<RoomName>,
        /// Whether the user chose that name: another one is taken only for a name that nobody chose.
        is_name_chosen: bool,
        /// Who may come in.
        access: Access,
        /// What the room does when a player runs dry.
        on_stall: StallPolicy,
        /// Where it goes on, if it was left before.
        again: Option<Again>,
    },
    /// Enters a room.
    Join {
        /// Which.
        room: RoomName,
        /// The invite's token, where there is one.
        token: Option<InviteToken>,
        /// The word, where it was given.
        password: Option<Password>,
    },
}

impl Admission {
    /// Returns the room, where it has a name yet.
    pub const fn room(&self) -> Option<&RoomName> {
        match self {
            Self::Host { room, .. } => room.as_ref(),
            Self::Join { room, .. } => Some(room),
        }
    }
}

/// A room that was left, to be opened again or entered as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Again {
    /// What let others in: it does so again.
    pub invite: Option<InviteToken>,
    /// Where the film was, where it is to go on from there; a room that is still there knows better.
    pub position: Option<MediaTime>,
}

/// All that a session is told once.
#[derive(Clone, Debug, PartialEq)]
pub struct SessionConfig {
    /// Where the server is; it may name another one that has the room.
    pub address: Address,
    /// What the member wants to be called.
    pub name: MemberName,
    /// How the member is drawn; none lets the server choose.
    pub avatar: Option<Avatar>,
    /// The program and its version, for the server's log.
    pub software: Clean,
    /// How to come in.
    pub admission: Admission,
    /// The file or link that the user named: put on by a host, used for the room's item by anybody else.
    pub own_copy: Option<OwnCopy>,
    /// The title of the item that `own_copy` was used for in the room before, where the user did not name it now: it is a
    /// copy of no other item, and is not put on in the place of one.
    pub copy_of: Option<Clean>,
    /// Whether there is a player at all.
    pub has_player: bool,
    /// After how long without a link the film is paused; it plays on until then.
    pub pause_after_lost: Duration,
    /// The numbers that the player is kept with its room by; the default unless they are searched.
    pub law: Law,
    /// What the session's dice are drawn from: back-off and chat ids. From the operating system outside of tests.
    pub seed: u64,
    /// The wall clock when the session is made, for chat ids alone.
    pub wall: WallTime,
}

/// Why there is no connection, or none any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkEnd {
    /// The server shows another key than the one it is known by; nothing was sent.
    PinMismatch,
    /// No connection came about: no such host, nothing listens, no common protocol.
    Unreachable {
        /// What happened, in words.
        why: Clean,
    },
    /// The other end closed it with a code that has a meaning here, or none.
    Closed {
        /// Which.
        code: Option<CloseCode>,
    },
    /// Nothing was heard for too long.
    TimedOut,
    /// What arrived could not be read, or the transport broke.
    Broken {
        /// What happened, in words.
        why: Clean,
    },
}
