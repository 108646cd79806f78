//! The client's half of a room, without a clock, a socket or a player.
//!
//! A [`Session`] handles what happened and when, and returns what has to be done: its [`Output`]s. It has a mirror of the room,
//! the estimate of the server's clock, the state of the local player and its copy of the film (`LocalMedia`), and the
//! [`SyncController`] that keeps the player with the room. A session is connecting, joining, in the room, waiting for the next
//! attempt, or ended. Its policies:
//!
//! - *Losing the link does not stop the film*: without a link, the player follows the last known timeline, and is paused only
//!   after [`SessionConfig::pause_after_lost`]. The session takes its seat back with the token; if the seat is gone, it enters
//!   the room again under the same name.
//! - *Servers can redirect*: if another server has the room, the session goes there, but only a few times in a row.
//! - *The same person keeps the seat*: the token is passed out to be stored ([`Output::KeepSeat`]). A session that starts with a
//!   token ([`Credentials::seat`]) tries it first, and enters the room normally if the server refuses it.
//! - *Only the server decides*: the user's action takes effect on the local player immediately, but for no longer than
//!   [`EXPECTED_FOR`] without confirmation by the room.
//! - *The window belongs to the user*: their actions there become actions in the room if they may control it, and are undone if
//!   not.
//! - *No chat line is lost*: the user's lines are sent again until they come back, and once more to a room that lost them because
//!   its server ended before they were on the disk.

mod admission;
mod chat;
pub mod command;
mod config;
mod control;
mod copies;
mod copy_news;
mod entering;
pub mod event;
mod following;
mod growing;
mod local_media;
mod media_shelf;
mod minute;
mod mirror;
pub(crate) mod narration;
pub mod output;
mod playing;
mod reconnect;
pub mod room_request;
mod roster;
mod route;
mod server_clock;
mod silence;
pub mod status;
mod summary;
#[cfg(test)]
pub(crate) mod test_support;
#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::path::PathBuf;
use std::time::Duration;

use watchtogether_protocol::close::CloseCode;
use watchtogether_protocol::item::FileMatch;
use watchtogether_protocol::link_end::LinkEnd;
use watchtogether_protocol::message::clock::ClockPong;
use watchtogether_protocol::message::playback::{Ready, VideoStateChanged};
use watchtogether_protocol::message::roster::Report;
use watchtogether_protocol::narration::{Happening, LocalPauseReason};
use watchtogether_protocol::{
    Clean, ClientMessage, Epoch, Item, ItemId, LocalTime, MediaTime, Playback, Revision, ServerMessage,
};

use crate::player::{PlayerCommand, PlayerEvent, Source};
use crate::seeded_rng::SeededRng;
use crate::sync::{Goal, Motion, SyncAction, SyncController};
use admission::Phase;
use chat::ChatOutbox;
use command::Command;
pub use config::{Admission, Credentials, LocalItem, RoomReturn, SessionConfig};
use copy_news::ReportedComparisons;
use event::{Event, LinkState, SyncState};
use following::Following;
use local_media::{LocalMedia, Player};
use media_shelf::CopyChoice;
use minute::LastMinute;
use mirror::Mirror;
use narration::Narrator;
use output::Output;
use reconnect::SeatHold;
use room_request::PendingRequest;
use route::Route;
use server_clock::ServerClock;
use status::InviteKey;

/// How long the user's action is assumed to succeed without confirmation. It is longer than any answer takes that still arrives.
pub const EXPECTED_FOR: Duration = Duration::from_millis(1_500);

/// How long the room must wait for somebody before the line over the film says who it waits for. A usual seek has ended by then.
const WAITING_SHOWN_AFTER: Duration = Duration::from_secs(1);

/// A client's half of a room.
#[derive(Debug)]
pub struct Session {
    config: SessionConfig,
    phase: Phase,
    route: Route,
    /// The current seat, or the last one.
    seat: SeatHold,
    /// Whether the stored seat is in another room than the requested one.
    is_seat_elsewhere: bool,
    link: LinkState,
    mirror: Option<Mirror>,
    /// The part of the room's invite that admits others, if it is known.
    invite: Option<InviteKey>,
    /// Since when there has been no link to the room.
    lost: Option<LocalTime>,
    /// How many names for a new room were already taken.
    names_taken: u32,
    is_paused_here: bool,
    clock: ServerClock,
    chat: ChatOutbox,
    local_media: LocalMedia,
    sync: SyncController,
    minute: LastMinute,
    rng: SeededRng,
    reported: LastReported,
    /// Whether the room will play once it has received the user's last play or pause, and until when that is assumed without
    /// confirmation. A second key press within a round trip means the opposite of the first.
    expected_play: Option<(bool, LocalTime)>,
    /// The request to the room that has no answer yet.
    asking: PendingRequest,
    /// Until when the user counts as typing.
    typing_until: Option<LocalTime>,
    /// Since when the room has waited for others; `None` once that is displayed.
    waiting_since: Option<LocalTime>,
    following: Following,
    narrator: Narrator,
    outputs: VecDeque<Output>,
}

/// The last reported values, so that only changes are reported.
#[derive(Debug, Default)]
struct LastReported {
    report: Option<Report>,
    ready: Option<(Epoch, Revision)>,
    file: Option<(ItemId, FileMatch)>,
    /// How the copies of the last films compared with their items.
    compared: ReportedComparisons,
    /// The item that the local member last set.
    own_item: Option<ItemId>,
    state: SyncState,
    dry: Option<u8>,
    /// The part of the telemetry that others see immediately: whether the member types, and whether their film is in sync.
    news: (bool, bool),
}

impl Session {
    /// Returns a session that does nothing until it is started.
    pub fn new(config: SessionConfig, now: LocalTime) -> Self {
        Self {
            phase: Phase::Idle,
            route: Route::new(config.address.clone()),
            seat: SeatHold::default(),
            is_seat_elsewhere: false,
            link: LinkState::Closed,
            mirror: None,
            invite: None,
            lost: None,
            names_taken: 0,
            is_paused_here: false,
            clock: ServerClock::default(),
            chat: ChatOutbox::new(config.wall, now),
            local_media: LocalMedia::new(config.has_player),
            sync: SyncController::new(config.law),
            minute: LastMinute::default(),
            rng: SeededRng::from_seed(config.seed),
            reported: LastReported::default(),
            expected_play: None,
            asking: PendingRequest::default(),
            typing_until: None,
            waiting_since: None,
            following: Following::default(),
            narrator: Narrator::default(),
            outputs: VecDeque::new(),
            config,
        }
    }

    /// Starts the session by connecting.
    pub fn start(&mut self, now: LocalTime) {
        self.connect(0);
        self.settle(now);
    }

    /// Handles the requested connection once it is established, with the user's credentials for this server.
    pub fn handle_connected(&mut self, credentials: Credentials, now: LocalTime) {
        self.greet(credentials, now);
        self.settle(now);
    }

    /// Handles a connection that ended or was not established.
    pub fn handle_connection_lost(&mut self, end: &LinkEnd, now: LocalTime) {
        self.lose(end, now);
        self.settle(now);
    }

    /// Handles a suspension of the machine: its clock and the film stood still. It may be in another network now, so the clocks
    /// are compared again.
    pub fn handle_suspended(&mut self, time: Duration, now: LocalTime) {
        if let Some(mirror) = &mut self.mirror {
            mirror.wall.handle_suspended(time);
        }
        // The player was suspended, too; without this it would count as not responding.
        self.following.note_heard(now);
        if self.phase == Phase::InRoom {
            self.clock.handle_path_change(now);
        }
        self.settle(now);
    }

    /// Handles a message of the server.
    pub fn handle_message(&mut self, message: ServerMessage, now: LocalTime) {
        self.note_server_heard();
        self.receive(message, now);
        self.settle(now);
    }

    /// Handles a copy of a state. It may have overtaken other messages, so it counts only for the current item.
    pub fn handle_copy(&mut self, state: VideoStateChanged, now: LocalTime) {
        let item = self.mirror.as_ref().map(|mirror| mirror.timeline.item);
        if item == Some(state.timeline.item) {
            self.handle_message(ServerMessage::VideoStateChanged(state), now);
        }
    }

    /// Handles a clock answer.
    pub fn handle_pong(&mut self, pong: &ClockPong, now: LocalTime) {
        if self.phase != Phase::InRoom || !self.clock.handle_pong(pong, now) {
            return;
        }
        self.note_server_heard();
        if let Some(mirror) = &mut self.mirror {
            mirror.handle_digest(&pong.digest);
        }
        if let Some(clock) = self.clock.usable() {
            self.sync.handle_clock(clock, now);
        }
        self.settle(now);
    }

    /// Handles an event of the player.
    pub fn handle_player(&mut self, event: PlayerEvent, now: LocalTime) {
        self.following.note_heard(now);
        self.handle_player_event(event, now);
        self.settle(now);
    }

    /// Handles a command of the user or a script.
    pub fn handle_command(&mut self, command: Command, now: LocalTime) {
        self.apply_command(command, now);
        self.settle(now);
    }

    /// Handles the outcome of [`Output::FindItem`].
    pub fn handle_item_found(&mut self, id: ItemId, found: Option<LocalItem>, now: LocalTime) {
        self.find(id, found, now);
        self.settle(now);
    }

    /// Handles the progress of the search for [`Output::FindItem`].
    pub fn handle_search_progress(&mut self, id: ItemId, folders: u32, now: LocalTime) {
        self.local_media.shelf.handle_progress(id, folders);
        self.settle(now);
    }

    /// Handles the outcome of [`Output::IdentifyFile`]; `None` if the file cannot be read.
    pub fn handle_identified(&mut self, path: PathBuf, item: Option<Item>, now: LocalTime) {
        self.identify(&Source::File(path), item, now);
        self.settle(now);
    }

    /// Handles a failure to store the token of [`Output::KeepSeat`], with the operating system's error message.
    pub fn handle_seat_not_kept(&mut self, reason: Clean, now: LocalTime) {
        self.event(Event::SeatNotKept { reason });
        self.settle(now);
    }

    /// Does what is due at the instant of [`Self::poll_timeout`].
    pub fn handle_timeout(&mut self, now: LocalTime) {
        self.handle_link_timeout(now);
        self.handle_silence(now);
        self.handle_silent_player(now);
        self.sync.handle_timeout(self.clock.usable(), now);
        if self.pause_due().is_some_and(|due| now >= due) {
            self.pause_here(LocalPauseReason::NoLink, now);
        }
        if self.waiting_due().is_some_and(|due| now >= due) {
            self.waiting_since = None;
            self.narrate_waiting();
        }
        self.typing_until.take_if(|until| now >= *until);
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
            (self.typing_until, "no longer typing"),
            (self.silent_player_due(), "player silent"),
            (
                self.chat.poll_timeout().filter(|_| self.phase == Phase::InRoom),
                "chat line refused for now",
            ),
        ]
        .into_iter()
        .filter_map(|(due, reason)| due.map(|due| (due, reason)))
        .min_by_key(|(due, _)| *due)
    }

    /// Returns the next output.
    pub fn poll_output(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// Returns whether a player is running that can show something.
    pub fn has_running_player(&self) -> bool {
        self.local_media.is_running()
    }

    /// Finishes each input: passes changes on to the player, the server and the observers.
    fn settle(&mut self, now: LocalTime) {
        // If a film was far off although its player follows, the clock may have been wrong.
        if self.minute.corrected(self.sync.corrections(), now) {
            self.clock.handle_doubt(now);
        }
        while let Some(act) = self.sync.poll_act() {
            let command = match act {
                SyncAction::Hold { position } => PlayerCommand::Hold {
                    generation: self.local_media.next_generation(),
                    position,
                },
                SyncAction::Release { at } => PlayerCommand::Release {
                    generation: self.local_media.generation,
                    at,
                },
                SyncAction::SetSpeed { base, speed } => PlayerCommand::SetSpeed { base, speed },
            };
            self.outputs.push_back(Output::Player(command));
        }
        self.watch_player(now);
        self.emit_file_match();
        if self.phase == Phase::InRoom {
            self.send_report(now);
            self.send_ready();
            if let Some(line) = self.chat.poll_send(now) {
                self.send(ClientMessage::Chat(line));
            }
            self.ask_clock(now);
        }
        let state = self.sync_state();
        if state != self.reported.state {
            self.reported.state = state;
            self.event(Event::Sync(state));
        }
    }

    fn emit_file_match(&mut self) {
        let Some((id, item)) = self.mirror.as_ref().and_then(|m| m.item.as_ref()) else {
            return;
        };
        let now = (*id, self.file_match());
        // A file whose relation to the item is unknown says nothing yet, and may be compared once the player has it open.
        if now.1 != FileMatch::Unknown && self.reported.file != Some(now) {
            self.reported.file = Some(now);
            if self.reported.compared.is_known(&item.source, now.1) {
                return;
            }
            let is_own_choice = self.reported.own_item == Some(now.0);
            self.event(Event::FileCompared {
                id: now.0,
                file: now.1,
                is_own_choice,
            });
        }
    }

    fn send_report(&mut self, now: LocalTime) {
        let report = Report {
            player: following::reported_state(self.player_state(now)),
            file: self.file_match(),
        };
        if self.reported.report != Some(report) {
            self.reported.report = Some(report);
            self.send(ClientMessage::Report(report));
        }
    }

    fn send_ready(&mut self) {
        let Some(timeline) = self.mirror.as_ref().map(|m| m.timeline) else {
            return;
        };
        let place = (timeline.epoch, timeline.revision);
        // A paused player that has run out of data is in place but could not start with the others.
        let is_ready = self.sync.is_in_place()
            && self.local_media.dry().is_none()
            && timeline.playback != Playback::Playing;
        if is_ready && self.reported.ready != Some(place) {
            self.reported.ready = Some(place);
            self.send(ClientMessage::Ready(Ready {
                revision: timeline.revision,
            }));
        }
    }

    fn ask_clock(&mut self, now: LocalTime) {
        let Some(mirror) = &self.mirror else { return };
        let (is_playing, revision) = (mirror.is_playing(), mirror.revision());
        let telemetry = self.telemetry(now);
        let news = (telemetry.is_typing, telemetry.is_settled);
        if self.reported.news != news {
            self.clock.handle_news(now);
        }
        if let Some(ping) = self.clock.poll_ping(is_playing, revision, telemetry, now) {
            self.reported.news = news;
            self.outputs.push_back(Output::Ping(ping));
        }
    }

    /// Sets the room's present position as the controller's goal.
    fn aim(&mut self, now: LocalTime) {
        let goal = match &self.mirror {
            Some(mirror) if mirror.current_item().is_some() && self.local_media.mounted().is_some() => {
                match mirror.timeline.playback {
                    Playback::Playing if self.is_paused_here => Goal::Pause {
                        position: self.room_position(now).unwrap_or(mirror.timeline.position),
                    },
                    Playback::Playing => Goal::Run(mirror.timeline),
                    Playback::Paused | Playback::Preparing => Goal::Pause {
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

    fn pause_here(&mut self, reason: LocalPauseReason, now: LocalTime) {
        self.is_paused_here = true;
        self.event(Event::Link(LinkState::PausedHere));
        self.narrate_pause(reason);
        self.aim(now);
    }

    /// Pauses the film because its room has ended.
    fn pause_locally(&mut self, reason: CloseCode, now: LocalTime) {
        if self.mirror.as_ref().is_some_and(Mirror::is_playing) && !self.is_paused_here {
            self.pause_here(LocalPauseReason::Closed(reason), now);
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
        item.map_or(FileMatch::Unknown, |_| self.local_media.file())
    }

    fn sync_state(&self) -> SyncState {
        let has_no_film = matches!(
            self.local_media.player,
            Player::Off | Player::Closed | Player::Gone(_) | Player::Failed(_)
        );
        if self.mirror.is_none() || has_no_film {
            return SyncState::Off;
        }
        match (self.local_media.mounted(), self.local_media.shelf.choice()) {
            (None, CopyChoice::Nothing | CopyChoice::Missing) => return SyncState::Off,
            (None, CopyChoice::Searching { .. } | CopyChoice::Have(_)) => return SyncState::Loading,
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
            Motion::Running if self.is_in_sync() || self.has_no_common_position() => SyncState::Playing,
            Motion::Running => SyncState::Settling,
            Motion::Paused { .. } if self.sync.is_in_place() => SyncState::Standing,
            Motion::Paused { .. } | Motion::Frozen if self.clock.usable().is_none() => SyncState::Comparing,
            Motion::Paused { .. } | Motion::Frozen | Motion::Seeking { .. } | Motion::Starting => {
                SyncState::Catching
            }
        }
    }

    /// Returns whether the item is live and has no timestamps, so that there is no common position.
    fn has_no_common_position(&self) -> bool {
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
