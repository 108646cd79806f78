//! Translates between the session and its front ends, the screen and plain mode: the only module that uses the types of both.
//!
//! Events become updates immediately. A status is compared with the last reported one, so that a front end gets only changes that
//! its user would notice: spreads of 8.9 ms and 9.1 ms look the same.

mod local_player;
mod transport;

use std::time::Duration;

use watchtogether_protocol::close::CloseCode;
use watchtogether_protocol::item::FileMatch;
use watchtogether_protocol::message::chat::ChatLine;
use watchtogether_protocol::message::clock::MemberSample;
use watchtogether_protocol::message::playback::Awaited;
use watchtogether_protocol::message::room::{Entered, Refusal};
use watchtogether_protocol::message::roster::PlayerState;
use watchtogether_protocol::message::standing::{self, IN_SYNC};
use watchtogether_protocol::narration::PlayerNews;
use watchtogether_protocol::player_reason::{OpenError, PlayerEnd};
use watchtogether_protocol::timeline::Reason;
use watchtogether_protocol::{Clean, Invite, LocalTime, MediaTime, MemberId, Playback, Rate};
use watchtogether_tui::intent::{Intent, PlayerAdjustment};
use watchtogether_tui::msg;
use watchtogether_tui::update::{
    Chapter, EnteredRoom, EntryKind, InviteCard, InviteReach, Measured, Status, Stop, StopKind, Transport,
    Update,
};

use self::local_player::LocalPlayerReports;
use self::transport::{asked_of, is_news, transport_of, transport_on_entering};
use crate::exit;
use crate::player::Adjustment;
use crate::scrollback::ScrollbackLine;
use crate::session::command::Command;
use crate::session::event::{self, Event, LinkState, SyncState};
use crate::session::narration::film_offline;
use crate::session::output::SessionEnd;
use crate::session::status::{RoomStatus, Status as SessionStatus, WallAnchor};

/// The drift from which the player is not slewed but waits for a correction.
const JUMP_THRESHOLD: Duration = Duration::from_millis(200);

/// The translation of one session, with what was last reported about it.
#[derive(Debug, Default)]
pub struct Bridge {
    last_wall: Option<WallAnchor>,
    last_status: Option<Status>,
    last_waiting: Option<Awaited>,
    last_transport: Option<Transport>,
    has_sent_transport: bool,
    last_round_trip: Option<Duration>,
    last_unsaved: Option<bool>,
    last_bound: Option<Duration>,
    last_telemetry: Vec<MemberSample>,
    own: LocalPlayerReports,
    /// The number and time of the next attempt to connect.
    retry: Option<(u32, LocalTime)>,
    /// Why there is no player.
    player_gone: Option<PlayerEnd>,
    /// Why the item could not be opened.
    open_failed: Option<OpenError>,
    is_paused_here: bool,
}

impl Bridge {
    /// Returns the bridge of a new session.
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns the updates for an event; `status` is the session's state after it.
    pub fn handle_event(&mut self, event: &Event, status: &SessionStatus, now: LocalTime) -> Vec<Update> {
        let mut updates: Vec<Update> = self.clock_update(status).into_iter().collect();
        updates.extend(self.updates_of(event, status, now));
        updates.extend(self.handle_status(status, now));
        updates
    }

    /// Returns the updates for changes since the last call.
    pub fn handle_status(&mut self, status: &SessionStatus, now: LocalTime) -> Vec<Update> {
        let Some(room) = &status.room else {
            return Vec::new();
        };
        let mut updates: Vec<Update> = self.clock_update(status).into_iter().collect();
        let transport = transport_of(room, now);
        if !self.has_sent_transport || is_news(self.last_transport.as_ref(), transport.as_ref(), now) {
            self.has_sent_transport = true;
            self.last_transport.clone_from(&transport);
            updates.push(Update::Transport(transport));
        }
        if self.last_waiting.as_ref() != Some(&room.waiting_for) {
            self.last_waiting = Some(room.waiting_for.clone());
            updates.push(Update::WaitingFor(room.waiting_for.clone()));
        }
        let state = self.state_of(status, room, now);
        if self.last_status.as_ref() != Some(&state) {
            self.last_status = Some(state.clone());
            updates.push(Update::Status(state));
        }
        let round_trip = status.round_trip.map(whole_millis);
        if self.last_round_trip != round_trip {
            self.last_round_trip = round_trip;
            updates.push(Update::RoundTrip(round_trip));
        }
        let is_unsaved = room.saved.is_some_and(|saved| saved.is_failing);
        if self.last_unsaved != Some(is_unsaved) {
            self.last_unsaved = Some(is_unsaved);
            updates.push(Update::Unsaved(is_unsaved));
        }
        let bound = status.clock_bound.map(whole_millis);
        if self.last_bound != bound {
            self.last_bound = bound;
            updates.push(Update::ClockBound(bound));
        }
        let telemetry: Vec<MemberSample> = room
            .members
            .iter()
            .filter_map(|m| {
                Some(MemberSample {
                    member: m.member.id,
                    telemetry: m.telemetry?,
                })
            })
            .collect();
        if self.last_telemetry != telemetry {
            self.last_telemetry.clone_from(&telemetry);
            updates.push(Update::Telemetry(telemetry));
        }
        updates.extend(self.own.updates(status, now));
        updates
    }

    /// Returns the update for a session that has ended.
    pub fn finished(end: &SessionEnd) -> Option<Update> {
        let (kind, hint, may_retry) = match end {
            SessionEnd::Left => return None,
            SessionEnd::Unreachable(_) => (StopKind::Unreachable, Some(msg!("hint-unreachable")), true),
            SessionEnd::PinMismatch => (StopKind::PinMismatch, Some(msg!("hint-new-invite")), false),
            SessionEnd::Refused(Refusal::NotAdmitted) => {
                (StopKind::NotAdmitted, Some(msg!("hint-invite-again")), true)
            }
            SessionEnd::Refused(_) => (StopKind::Refused, None, true),
            SessionEnd::Closed(CloseCode::RoomClosed) => (StopKind::RoomClosed, None, true),
            SessionEnd::Closed(CloseCode::Removed) => (StopKind::Removed, None, true),
            SessionEnd::Closed(CloseCode::Replaced) => (StopKind::Replaced, None, false),
            SessionEnd::Closed(_) => (StopKind::Disconnected, None, true),
        };
        Some(Update::Stopped(Stop {
            kind,
            words: Clean::line(&exit::end_words(end)),
            hint: hint.map(Clean::line),
            may_retry,
        }))
    }

    /// Returns the update that shows the invite.
    pub fn invite(invite: &Invite, local: Option<&Invite>, reach: InviteReach) -> Update {
        Update::Invite(Some(InviteCard {
            invite: Clean::line(&invite.to_string()),
            local: local.map(|local| Clean::line(&local.to_string())),
            reach,
        }))
    }

    /// Returns the update with the chat of earlier sessions. Its authors have other seats now, or none.
    pub fn earlier(lines: &[ScrollbackLine], you: MemberId) -> Update {
        let lines = lines.iter().map(|line| ChatLine {
            from: if line.is_own { you } else { line.line.from },
            ..line.line.clone()
        });
        Update::Earlier(lines.collect())
    }

    /// Returns the local file's chapters for the user interface.
    pub fn chapters(status: &SessionStatus) -> Vec<Chapter> {
        local_player::chapters(status)
    }

    /// Returns the command for an intent, or `None` for intents that the front end's shell handles.
    pub fn command_of(intent: Intent) -> Option<Command> {
        Some(match intent {
            Intent::Say(text) => Command::Say { text },
            Intent::Typing(is_typing) => Command::Typing(is_typing),
            Intent::Room(intent) => Command::Room(intent),
            Intent::SyncNow => Command::SyncNow,
            Intent::ReopenPlayer => Command::ReopenPlayer,
            Intent::Player(tweak) => Command::Tweak(tweak_of(tweak)),
            Intent::Retry => Command::Retry,
            Intent::Leave => Command::Leave,
            Intent::Copy(_)
            | Intent::Open(_)
            | Intent::CompletePath(_)
            | Intent::Edit(_)
            | Intent::Export { .. }
            | Intent::Suspend => return None,
        })
    }

    /// Returns an update with the room's wall clock if it differs from the reported one. It must come before all updates with
    /// times of that clock.
    fn clock_update(&mut self, status: &SessionStatus) -> Option<Update> {
        let room = status.room.as_ref()?;
        let before = self.last_wall.replace(room.wall);
        let WallAnchor { wall, at } = room.wall;
        (before != Some(room.wall)).then_some(Update::RoomClock { wall, at })
    }

    fn updates_of(&mut self, event: &Event, status: &SessionStatus, now: LocalTime) -> Vec<Update> {
        match event {
            Event::Happened(happening) => vec![Update::Happened(happening.clone())],
            Event::Link(state) => self.link_updates(state, now),
            Event::Entered { entered, how } => vec![self.entered(entered, *how, now)],
            Event::MemberJoined(member) | Event::MemberChanged { member, .. } => {
                vec![Update::Member(member.clone())]
            }
            Event::MemberLeft { member, .. } => vec![Update::MemberLeft(member.id)],
            Event::HostChanged { host, .. } => vec![Update::Host(*host)],
            Event::Chat(line) => vec![Update::Chat(line.clone())],
            Event::ChatPending { id, text, position } => {
                vec![Update::ChatPending {
                    id: *id,
                    text: text.clone(),
                    position: *position,
                }]
            }
            Event::ChatRefused { id, reason, .. } => vec![Update::ChatRefused {
                id: *id,
                reason: *reason,
            }],
            Event::Undoable(undoable) => {
                let room = status.room.iter();
                room.map(|room| Update::Undoable {
                    undoable: undoable.clone(),
                    id: undoable.id(room.timeline.epoch),
                    until: now + undoable.left(),
                })
                .collect()
            }
            Event::Bans { bans, .. } => vec![Update::Bans(bans.clone())],
            Event::SettingChanged(changed) => vec![Update::Setting(changed.setting.clone())],
            Event::ItemChanged { .. } => {
                self.open_failed = None;
                Vec::new()
            }
            Event::Player(news) => {
                self.follow_player(news);
                Vec::new()
            }
            // The status or a happening reports these, or both.
            Event::StateChanged { .. }
            | Event::WaitingFor(_)
            | Event::LengthChanged { .. }
            | Event::FileCompared { .. }
            | Event::Storage { .. }
            | Event::SeatNotKept { .. }
            | Event::WindowRequestUndone
            | Event::Refused { .. }
            | Event::BeyondEnd { .. }
            | Event::Offline(_)
            | Event::Sync(_)
            | Event::Closing(_) => Vec::new(),
        }
    }

    /// Starts again with a room that was just entered.
    fn entered(&mut self, entered: &Entered, how: event::EntryKind, now: LocalTime) -> Update {
        self.last_unsaved = None;
        self.last_status = None;
        self.last_round_trip = None;
        self.last_bound = None;
        self.last_telemetry.clear();
        self.last_waiting = None;
        self.has_sent_transport = false;
        self.own = LocalPlayerReports::default();
        Update::Entered(Box::new(EnteredRoom {
            room: entered.room.name.clone(),
            you: entered.you,
            settings: entered.room.settings.clone(),
            host: entered.room.host,
            members: entered.room.members.clone(),
            transport: transport_on_entering(entered, now),
            chat: entered.chat.clone(),
            chat_has_gap: entered.chat_has_gap,
            undoable: entered
                .undoable
                .as_ref()
                .map(|undoable| undoable.id(entered.room.state.timeline.epoch)),
            is_owner: entered.is_owner,
            how: match how {
                event::EntryKind::Created => EntryKind::Created,
                event::EntryKind::Joined => EntryKind::Joined,
                event::EntryKind::Resumed => EntryKind::Resumed,
            },
        }))
    }

    fn link_updates(&mut self, state: &LinkState, now: LocalTime) -> Vec<Update> {
        self.is_paused_here =
            *state == LinkState::PausedHere || (self.is_paused_here && *state != LinkState::Up);
        match state {
            LinkState::Lost { .. } => self.retry = Some((1, now)),
            LinkState::Waiting { attempt, after } => self.retry = Some((*attempt, now + *after)),
            LinkState::Reconnecting { attempt } => self.retry = Some((*attempt, now)),
            LinkState::Up => self.retry = None,
            // The session had ended and is reconnecting.
            LinkState::Connecting if self.last_wall.is_some() => {
                self.retry = Some((1, now));
                let to = Clean::default();
                return vec![Update::Connecting { to }];
            }
            LinkState::Connecting
            | LinkState::Joining
            | LinkState::Silent
            | LinkState::PausedHere
            | LinkState::Closed => {}
        }
        Vec::new()
    }

    fn follow_player(&mut self, news: &PlayerNews) {
        match news {
            PlayerNews::Starting
            | PlayerNews::Started { .. }
            | PlayerNews::Opening
            | PlayerNews::Opened { .. } => {
                self.player_gone = None;
                self.open_failed = None;
            }
            PlayerNews::OpenFailed { reason, .. } => self.open_failed = Some(reason.clone()),
            PlayerNews::Closed => self.player_gone = Some(PlayerEnd::WindowClosed),
            PlayerNews::Gone {
                reason,
                is_restarting,
                ..
            } => self.player_gone = (!is_restarting).then(|| reason.clone()),
            PlayerNews::Notice(_)
            | PlayerNews::NoCopy
            | PlayerNews::Buffering { .. }
            | PlayerNews::Refilled => {}
        }
    }

    /// Returns the one state that is displayed. The link takes precedence over the player, the player over the room, and the room
    /// over sync.
    fn state_of(&self, status: &SessionStatus, room: &RoomStatus, now: LocalTime) -> Status {
        let plays_on = room.playback == Playback::Playing && !self.is_paused_here;
        let film = film_offline(status.player, plays_on);
        if let Some((attempt, at)) = self.retry {
            return Status::Reconnecting { attempt, at, film };
        }
        if status.link == LinkState::Silent {
            return Status::Silent { film };
        }
        if let Some(asked) = room.asked {
            return Status::Asked(asked_of(asked));
        }
        if let Some(reason) = &self.player_gone {
            return Status::NoPlayer {
                reason: reason.clone(),
            };
        }
        if let PlayerState::Failed { .. } = status.player {
            return Status::PlayerFailed {
                reason: self.open_failed.clone(),
            };
        }
        let Some((_, item)) = &room.item else {
            return Status::NoItem;
        };
        let title = || item.title.clone();
        match status.player {
            PlayerState::Searching { folders } => {
                return Status::Searching {
                    title: title(),
                    folders,
                };
            }
            PlayerState::NoCopy => return Status::LackFile { title: title() },
            PlayerState::Buffering { percent } => {
                let room_waits = room.playback == Playback::Preparing;
                return Status::Buffering { percent, room_waits };
            }
            PlayerState::Ended { at } => return Status::CopyEnded { at },
            PlayerState::TooSlow => return Status::TooSlow,
            PlayerState::NotResponding => return Status::NotResponding,
            PlayerState::None
            | PlayerState::Closed
            | PlayerState::Idle
            | PlayerState::Loading
            | PlayerState::Following
            | PlayerState::CatchingUp { .. }
            | PlayerState::Detached
            | PlayerState::Failed { .. } => {}
        }
        match room.playback {
            Playback::Preparing if room.timeline.cause.reason == Reason::Waiting => Status::Waiting {
                who: room.waiting_for.clone(),
            },
            Playback::Preparing => {
                let standings = room.members.iter().map(|m| m.member.standing());
                let of = standings.filter(|standing| standing.is_waited_for()).count();
                let there = of.saturating_sub(room.waiting_for.count as usize);
                Status::Seeking {
                    to: room.position,
                    there,
                    of,
                }
            }
            Playback::Paused => match (status.player, status.file, room.timeline.cause.reason) {
                (PlayerState::Loading, ..) => Status::Loading,
                (_, FileMatch::Other { longer_by }, _) => Status::OtherFile {
                    title: title(),
                    longer_by,
                },
                (_, _, Reason::Ended) => Status::Ended,
                (_, _, Reason::Paused) => Status::Paused {
                    by: room.timeline.cause.who,
                },
                _ => Status::Paused { by: None },
            },
            Playback::Playing => Self::playing_state(status, room, now),
        }
    }

    fn playing_state(status: &SessionStatus, room: &RoomStatus, now: LocalTime) -> Status {
        let sync = &status.sync;
        let is_alone = !standing::has_company(room.you, room.people());
        if let (Some(at), SyncState::Standing | SyncState::Catching) = (room.starts, sync.state) {
            return Status::Starting { at };
        }
        match sync.state {
            SyncState::Off if status.player == PlayerState::None => Status::Watching,
            SyncState::Off | SyncState::Loading => Status::Loading,
            SyncState::Comparing => Status::Comparing,
            SyncState::Standing => Status::Starting { at: now },
            SyncState::Buffering => Status::Buffering {
                percent: 0,
                room_waits: false,
            },
            SyncState::TooSlow => Status::TooSlow,
            SyncState::Catching => match sync.jump {
                Some(by) if by < MediaTime::ZERO => Status::SlowingDown {
                    ahead: hundredths(by.abs()),
                    speed: None,
                },
                jump => Status::CatchingUp {
                    behind: jump.map_or(Duration::ZERO, |by| hundredths(by.abs())),
                    speed: None,
                },
            },
            SyncState::Settling | SyncState::Playing => {
                match sync.drift.filter(|drift| drift.abs() > IN_SYNC) {
                    Some(drift) if drift.abs() > JUMP_THRESHOLD => Status::OutOfSync {
                        drift: MediaTime::from_millis(drift.as_millis() / 100 * 100),
                    },
                    Some(drift) => {
                        let (off, speed) = (
                            hundredths(drift.abs()),
                            Rate::from_f64((sync.speed * 1e3).round() / 1e3),
                        );
                        if drift > MediaTime::ZERO {
                            Status::SlowingDown { ahead: off, speed }
                        } else {
                            Status::CatchingUp { behind: off, speed }
                        }
                    }
                    None => match (sync.jump, sync.spread.map(whole_millis)) {
                        (Some(by), _) => Status::Jumped { by },
                        (None, None) => Status::InSync(Measured::NotYet),
                        (None, Some(_)) if is_alone && sync.state == SyncState::Playing => Status::Watching,
                        (None, Some(spread)) if sync.state == SyncState::Playing => {
                            Status::InSync(Measured::Spread(spread))
                        }
                        (None, Some(spread)) => Status::Settling { spread },
                    },
                }
            }
        }
    }
}

/// Rounds up to whole milliseconds, so that a value above zero is never shown as zero.
fn whole_millis(duration: Duration) -> Duration {
    let micros = duration.as_micros().try_into().unwrap_or(u64::MAX);
    Duration::from_millis(u64::div_ceil(micros, 1_000))
}

/// Rounds to hundredths of a second, for display of large errors.
fn hundredths(duration: Duration) -> Duration {
    let millis: u64 = duration.as_millis().try_into().unwrap_or(u64::MAX);
    Duration::from_millis(millis / 10 * 10)
}

const fn tweak_of(tweak: PlayerAdjustment) -> Adjustment {
    match tweak {
        PlayerAdjustment::Louder => Adjustment::Louder,
        PlayerAdjustment::Softer => Adjustment::Softer,
        PlayerAdjustment::Mute => Adjustment::Mute,
        PlayerAdjustment::SubtitlesShown => Adjustment::SubtitlesShown,
        PlayerAdjustment::SubtitlesNext => Adjustment::SubtitlesNext,
        PlayerAdjustment::SubtitlesPrevious => Adjustment::SubtitlesPrevious,
        PlayerAdjustment::SubtitlesEarlier => Adjustment::SubtitlesEarlier,
        PlayerAdjustment::SubtitlesLater => Adjustment::SubtitlesLater,
        PlayerAdjustment::AudioNext => Adjustment::AudioNext,
        PlayerAdjustment::Progress => Adjustment::Progress,
        PlayerAdjustment::Fullscreen => Adjustment::Fullscreen,
    }
}

#[cfg(test)]
mod tests;
