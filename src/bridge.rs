//! Between the session and the screen: the only file that knows both vocabularies.
//!
//! Events become updates at once; what a status says is compared with what was told last, so that the screen learns
//! only what is different for its reader: a spread of 8.9 ms and one of 9.1 ms are the same word.

mod own;
mod transport;

use std::time::Duration;

use watchtogether_protocol::close::CloseCode;
use watchtogether_protocol::item::FileMatch;
use watchtogether_protocol::message::chat::ChatLine;
use watchtogether_protocol::message::clock::MemberSample;
use watchtogether_protocol::message::room::Refusal;
use watchtogether_protocol::message::roster::PlayerState;
use watchtogether_protocol::message::standing::{self, IN_SYNC};
use watchtogether_protocol::timeline::Reason;
use watchtogether_protocol::{
    Clean, Invite, LocalTime, MediaTime, MemberId, MemberName, Playback, Rate, Timeline,
};
use watchtogether_tui::intent::{Intent, PlayerTweak};
use watchtogether_tui::model::own::Own;
use watchtogether_tui::slash_command::ChapterWish;
use watchtogether_tui::strings;
use watchtogether_tui::update::{
    Entrance, Entry, Happening, InviteCard, Measured, Offline, Reach, Status, Stop, StopKind, Transport,
    Update, Weight,
};

use self::own::OwnPlayer;
use self::transport::{asked_of, is_news, transport_of};
use crate::player::Tweak;
use crate::scrollback::Line;
use crate::session::command::Command;
use crate::session::event::{self, Event, LinkState, PlayerNews, SyncState};
use crate::session::output::End;
use crate::session::status::{RoomStatus, Status as SessionStatus, WallAnchor};

/// A drift beyond this is not slewed away: it waits for its correction.
const FAR: Duration = Duration::from_millis(200);

/// What the session says, in the screen's words.
#[derive(Debug, Default)]
pub struct Bridge {
    told_wall: Option<WallAnchor>,
    told_status: Option<Status>,
    told_waiting: Option<Vec<MemberId>>,
    told_transport: Option<Transport>,
    is_transport_told: bool,
    told_round_trip: Option<Duration>,
    told_unsaved: Option<bool>,
    told_bound: Option<Duration>,
    told_telemetry: Vec<MemberSample>,
    own: OwnPlayer,
    /// Which try to connect is next, and when.
    retry: Option<(u32, LocalTime)>,
    /// Why there is no player.
    player_gone: Option<Clean>,
    /// Why the item could not be opened.
    open_failed: Option<Clean>,
    is_paused_here: bool,
    was_lost: bool,
}

impl Bridge {
    /// Returns the bridge of a new session.
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns what the screen must learn of an event; `status` is how the session stands after it.
    pub fn handle_event(&mut self, event: &Event, status: &SessionStatus, now: LocalTime) -> Vec<Update> {
        let mut updates: Vec<Update> = self.clock_update(status).into_iter().collect();
        updates.extend(self.updates_of(event, status, now));
        updates.extend(self.handle_status(status, now));
        updates
    }

    /// Returns what is different since the last time.
    pub fn handle_status(&mut self, status: &SessionStatus, now: LocalTime) -> Vec<Update> {
        let Some(room) = &status.room else {
            return Vec::new();
        };
        let mut updates: Vec<Update> = self.clock_update(status).into_iter().collect();
        let transport = transport_of(room, now);
        if !self.is_transport_told || is_news(self.told_transport.as_ref(), transport.as_ref(), now) {
            self.is_transport_told = true;
            self.told_transport.clone_from(&transport);
            updates.push(Update::Transport(transport));
        }
        if self.told_waiting.as_ref() != Some(&room.waiting_for) {
            self.told_waiting = Some(room.waiting_for.clone());
            updates.push(Update::WaitingFor(room.waiting_for.clone()));
        }
        let state = self.state_of(status, room, now);
        if self.told_status.as_ref() != Some(&state) {
            self.told_status = Some(state.clone());
            updates.push(Update::Status(state));
        }
        let round_trip = status.round_trip.map(whole_millis);
        if self.told_round_trip != round_trip {
            self.told_round_trip = round_trip;
            updates.push(Update::RoundTrip(round_trip));
        }
        let is_unsaved = room.saved.is_some_and(|saved| saved.is_failing);
        if self.told_unsaved != Some(is_unsaved) {
            self.told_unsaved = Some(is_unsaved);
            updates.push(Update::Unsaved(is_unsaved));
        }
        let bound = status.clock_bound.map(whole_millis);
        if self.told_bound != bound {
            self.told_bound = bound;
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
        if self.told_telemetry != telemetry {
            self.told_telemetry.clone_from(&telemetry);
            updates.push(Update::Telemetry(telemetry));
        }
        updates.extend(self.own.updates(status, now));
        updates
    }

    /// Returns the view of a session that is over.
    pub fn finished(end: &End) -> Option<Update> {
        let (kind, hint, may_retry) = match end {
            End::Left => return None,
            End::Unreachable { .. } => (
                StopKind::Unreachable,
                Some("is the server running, and does UDP reach it?"),
                true,
            ),
            End::PinMismatch => (
                StopKind::PinMismatch,
                Some("ask for a new invite; do not ignore this if you did not expect it"),
                false,
            ),
            End::Refused(Refusal::NotAdmitted) => (
                StopKind::NotAdmitted,
                Some("ask the host for the invite again and paste it whole"),
                true,
            ),
            End::Refused(_) => (StopKind::Refused, None, true),
            End::Closed(CloseCode::RoomClosed) => (StopKind::RoomClosed, None, true),
            End::Closed(CloseCode::Removed) => (StopKind::Removed, None, true),
            End::Closed(CloseCode::Replaced) => (StopKind::Replaced, None, false),
            End::Closed(_) => (StopKind::Disconnected, None, true),
        };
        let words = if kind == StopKind::RoomClosed {
            "host closed the room".to_owned()
        } else {
            end.words()
        };
        Some(Update::Stopped(Stop {
            kind,
            words: Clean::line(&words),
            hint: hint.map(Clean::line),
            may_retry,
        }))
    }

    /// Returns the update that shows how others get in.
    pub fn invite(invite: &Invite, local: Option<&Invite>, reach: Reach) -> Update {
        Update::Invite(Some(InviteCard {
            invite: Clean::line(&invite.to_string()),
            local: local.map(|local| Clean::line(&local.to_string())),
            reach,
        }))
    }

    /// Returns the update that shows what was said on earlier evenings to a member. Who said it sits elsewhere now, or
    /// nowhere.
    pub fn earlier(lines: &[Line], you: MemberId) -> Update {
        let lines = lines.iter().map(|line| ChatLine {
            from: if line.is_own { you } else { line.line.from },
            ..line.line.clone()
        });
        Update::Earlier(lines.collect())
    }

    /// Returns the command of a wish; nothing for those that the screen's shell sees to.
    pub fn command_of(intent: Intent) -> Option<Command> {
        Some(match intent {
            Intent::Say(text) => Command::Say { text },
            Intent::Typing(is_typing) => Command::Typing(is_typing),
            Intent::TogglePlay => Command::Toggle,
            Intent::Play => Command::Play,
            Intent::Pause => Command::Pause,
            Intent::SeekTo(position) => Command::SeekTo(position),
            Intent::SeekBy(distance) => Command::SeekBy(distance),
            Intent::StepFrame { is_forward } => Command::StepFrame { is_forward },
            Intent::SetRate(rate) => Command::SetRate(rate),
            Intent::Undo => Command::Undo,
            Intent::Remove { member, is_ban } => Command::Remove { member, is_ban },
            Intent::Unban { number } => Command::Unban { number },
            Intent::TransferHost { to } => Command::TransferHost { to },
            Intent::GoOn => Command::GoOn,
            Intent::TakeBack => Command::TakeBack,
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

    /// Returns where the chapter of the own file begins that somebody means, or words for why there is none.
    pub fn chapter_meant(status: &SessionStatus, wish: &ChapterWish) -> Result<MediaTime, &'static str> {
        own::chapter_meant(status, wish)
    }

    /// Returns whether a wish at the player's window that was undone leaves the player where the room is.
    pub fn is_brought_back(status: &SessionStatus) -> bool {
        status.link == LinkState::Up && shows_film(status.player)
    }

    /// Returns what the film does while the link is down, as long as the session has not paused it.
    pub fn film_offline(status: &SessionStatus) -> Offline {
        let is_playing = status
            .room
            .as_ref()
            .is_some_and(|room| room.playback == Playback::Playing);
        if !shows_film(status.player) {
            Offline::NoFilm
        } else if is_playing {
            Offline::PlaysOn
        } else {
            Offline::PausedHere
        }
    }

    /// Returns the own player as the screen knows it, for who asks once.
    pub fn own_player(status: &SessionStatus) -> Own {
        own::known(status)
    }

    /// Returns the room's wall clock where it is not the one that was told: before anything is stamped with it.
    fn clock_update(&mut self, status: &SessionStatus) -> Option<Update> {
        let room = status.room.as_ref()?;
        let before = self.told_wall.replace(room.wall);
        let WallAnchor { wall, at } = room.wall;
        (before != Some(room.wall)).then_some(Update::RoomClock { wall, at })
    }

    fn updates_of(&mut self, event: &Event, status: &SessionStatus, now: LocalTime) -> Vec<Update> {
        let happened = |happening| vec![Update::Happened(happening)];
        match event {
            Event::Link(state) => self.link_updates(state, status.room.is_some(), now),
            Event::Entered { entered, how } => {
                self.told_unsaved = None;
                self.told_status = None;
                self.told_waiting = None;
                self.is_transport_told = false;
                self.own = OwnPlayer::default();
                let was_lost = std::mem::take(&mut self.was_lost);
                let entrance = Entrance {
                    room: entered.room.name.clone(),
                    you: entered.you,
                    host: entered.room.host,
                    members: entered.room.members.clone(),
                    chat: entered.chat.clone(),
                    chat_has_gap: entered.chat_has_gap,
                    is_owner: entered.is_owner,
                    how: match how {
                        event::Entry::Created => Entry::Created,
                        event::Entry::Joined => Entry::Joined,
                        event::Entry::Resumed => Entry::Resumed,
                    },
                };
                let mut updates = vec![Update::Entered(Box::new(entrance))];
                updates.extend(was_lost.then_some(Update::Happened(Happening::LinkBack)));
                updates
            }
            Event::MemberJoined(member) => vec![Update::MemberJoined(member.clone())],
            Event::MemberLeft { member, why } => vec![Update::MemberLeft {
                id: member.id,
                why: *why,
            }],
            Event::MemberChanged { member, .. } => vec![Update::MemberChanged(member.clone())],
            Event::HostChanged { host, why } => vec![Update::HostChanged {
                host: *host,
                why: *why,
            }],
            Event::Chat(line) => vec![Update::Chat(line.clone())],
            Event::ChatPending { id, text, position } => {
                vec![Update::ChatPending {
                    id: *id,
                    text: text.clone(),
                    position: *position,
                }]
            }
            Event::ChatRefused { id, why, .. } => vec![Update::ChatRefused { id: *id, why: *why }],
            Event::StateChanged { before, timeline } => moved(before, timeline)
                .into_iter()
                .map(Update::Happened)
                .collect(),
            // That a room is closed is said by the end of the session.
            Event::LengthChanged { item, is_complete } => match item.duration() {
                Some(duration) if *is_complete => {
                    let words = strings::final_length(item.title.as_str(), duration);
                    happened(note(&words, Weight::Calm))
                }
                // The transport line shows it, or that there is none.
                Some(_) | None => Vec::new(),
            },
            // Why the server ends is said by the end of the link, or of the session.
            Event::WaitingFor(_)
            | Event::Sync(_)
            | Event::Closing(_)
            | Event::FileCompared {
                file: FileMatch::Same,
                is_own_choice: true,
                ..
            } => Vec::new(),
            Event::Undoable(undoable) => {
                let room = status.room.iter();
                room.map(|room| Update::Undoable {
                    undoable: *undoable,
                    id: undoable.id(room.timeline.epoch),
                    until: now + undoable.left(),
                })
                .collect()
            }
            Event::ItemChanged { item, .. } => {
                self.open_failed = None;
                let cause = status.room.as_ref().map(|room| room.timeline.cause);
                if cause.is_some_and(|cause| cause.reason == Reason::Undone) {
                    return Vec::new();
                }
                let who = cause.and_then(|cause| cause.who);
                happened(Happening::ItemChanged {
                    who,
                    title: item.title.clone(),
                    duration: item.duration(),
                })
            }
            Event::FileCompared { file, .. } => happened(Happening::FileCompared {
                title: title_of(status),
                file: *file,
            }),
            Event::StallPolicyChanged { on_stall, by } => happened(Happening::StallPolicyChanged {
                who: *by,
                on_stall: *on_stall,
            }),
            Event::Bans { bans, lifted } => {
                let mut updates = vec![Update::Bans(bans.clone())];
                if !lifted.is_empty() {
                    let names: Vec<&str> = lifted.iter().map(MemberName::as_str).collect();
                    updates.extend(happened(note(&strings::may_come_in(&names), Weight::Calm)));
                }
                updates
            }
            Event::Storage { is_failing: true } => happened(note(strings::NOT_SAVED, Weight::Warning)),
            Event::Storage { is_failing: false } => happened(note(strings::SAVED_AGAIN, Weight::Calm)),
            Event::SeatNotKept { why } => {
                happened(note(&strings::seat_not_saved(why.as_str()), Weight::Warning))
            }
            Event::Player(PlayerNews::NoCopy) => happened(Happening::NoCopy {
                title: title_of(status),
            }),
            Event::Player(news) => self.player_updates(news),
            Event::WishUndone { host } => happened(Happening::WishUndone {
                host: *host,
                is_back: Self::is_brought_back(status),
            }),
            Event::Refused { why, .. } => happened(Happening::Refused { why: *why }),
            Event::BeyondEnd { length } => happened(Happening::Note {
                words: Clean::line(&strings::film_is_long(*length)),
                hint: Some(Clean::line(&strings::time_forms())),
                weight: Weight::Warning,
            }),
            Event::Offline(_) => happened(Happening::Offline),
        }
    }

    fn link_updates(&mut self, state: &LinkState, was_in_room: bool, now: LocalTime) -> Vec<Update> {
        self.is_paused_here =
            *state == LinkState::PausedHere || (self.is_paused_here && *state != LinkState::Up);
        match state {
            LinkState::Lost { why } => {
                self.was_lost = true;
                self.retry = Some((1, now));
                vec![Update::Happened(Happening::LinkLost { why: why.clone() })]
            }
            LinkState::Waiting { attempt, after } => {
                self.retry = Some((*attempt, now + *after));
                Vec::new()
            }
            LinkState::Reconnecting { attempt } => {
                self.retry = Some((*attempt, now));
                Vec::new()
            }
            LinkState::Up => {
                self.retry = None;
                Vec::new()
            }
            // Once more, from a session that was over.
            LinkState::Connecting if was_in_room => {
                self.retry = Some((1, now));
                let to = Clean::default();
                vec![Update::Connecting { to }]
            }
            LinkState::Connecting
            | LinkState::Joining
            | LinkState::Silent
            | LinkState::PausedHere
            | LinkState::Closed => Vec::new(),
        }
    }

    fn player_updates(&mut self, news: &PlayerNews) -> Vec<Update> {
        let said = |words: &str, hint: Option<&Clean>, weight| {
            vec![Update::Happened(Happening::Note {
                words: Clean::line(words),
                hint: hint.cloned(),
                weight,
            })]
        };
        match news {
            PlayerNews::Notice { text } => said(text.as_str(), None, Weight::Calm),
            PlayerNews::Starting
            | PlayerNews::Started { .. }
            | PlayerNews::Opening
            | PlayerNews::Opened { .. } => {
                self.player_gone = None;
                self.open_failed = None;
                Vec::new()
            }
            PlayerNews::OpenFailed { what, reason } => {
                self.open_failed = Some(reason.clone());
                said(
                    &strings::not_opened(what.as_ref().map(Clean::as_str), reason.as_str()),
                    None,
                    Weight::Failure,
                )
            }
            PlayerNews::NoCopy | PlayerNews::Buffering { .. } | PlayerNews::Refilled => Vec::new(),
            PlayerNews::Closed => {
                self.player_gone = Some(Clean::line("mpv window was closed"));
                said(
                    "your mpv window was closed; you are still in the room",
                    None,
                    Weight::Calm,
                )
            }
            PlayerNews::Gone {
                reason,
                hint,
                is_restarting,
            } => {
                self.player_gone = (!is_restarting).then(|| reason.clone());
                let again = if *is_restarting {
                    "; it is being started again"
                } else {
                    ""
                };
                said(
                    &format!("the player is gone: {reason}{again}"),
                    hint.as_ref(),
                    Weight::Failure,
                )
            }
        }
    }

    /// Returns the one state that is said: link before player before room before sync.
    fn state_of(&self, status: &SessionStatus, room: &RoomStatus, now: LocalTime) -> Status {
        let film = if self.is_paused_here && shows_film(status.player) {
            Offline::PausedHere
        } else {
            Self::film_offline(status)
        };
        if let Some((attempt, at)) = self.retry {
            return Status::Reconnecting { attempt, at, film };
        }
        if status.link == LinkState::Silent {
            return Status::Silent { film };
        }
        if let Some(asked) = room.asked {
            return Status::Asked(asked_of(asked));
        }
        if let Some(why) = &self.player_gone {
            return Status::NoPlayer { why: why.clone() };
        }
        if let PlayerState::Failed { .. } = status.player {
            return Status::PlayerFailed {
                why: self.open_failed.clone().unwrap_or_default(),
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
                let there = of.saturating_sub(room.waiting_for.len());
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
                    Some(drift) if drift.abs() > FAR => Status::OutOfSync {
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

/// Returns the lines that tell how the room moved; none for what follows by itself from what was told.
fn moved(before: &Timeline, timeline: &Timeline) -> Option<Happening> {
    let who = timeline.cause.who;
    let is_sequel = before.cause == timeline.cause && before.playback == Playback::Preparing;
    Some(match timeline.cause.reason {
        _ if is_sequel => return None,
        // Where the room went is told by the change that can be undone, as the server tells it to all.
        Reason::Opened | Reason::ItemChanged | Reason::Undone | Reason::Sought => return None,
        Reason::Played => Happening::Played { who },
        Reason::Paused => Happening::Paused {
            who,
            position: timeline.position,
        },
        Reason::RateChanged => Happening::RateChanged {
            who,
            rate: timeline.rate,
        },
        Reason::Ended => Happening::Ended,
        Reason::Waiting => Happening::Waiting { who },
        Reason::Resumed => Happening::WentOn,
        Reason::Restored => Happening::Restored,
    })
}

/// Returns whether a player has a film open that has not come to its end.
const fn shows_film(player: PlayerState) -> bool {
    match player {
        PlayerState::Loading
        | PlayerState::Following
        | PlayerState::CatchingUp { .. }
        | PlayerState::Detached
        | PlayerState::Buffering { .. }
        | PlayerState::TooSlow
        | PlayerState::NotResponding => true,
        PlayerState::None
        | PlayerState::Closed
        | PlayerState::Idle
        | PlayerState::Searching { .. }
        | PlayerState::NoCopy
        | PlayerState::Ended { .. }
        | PlayerState::Failed { .. } => false,
    }
}

/// Returns what the room has on.
fn title_of(status: &SessionStatus) -> Clean {
    let item = status.room.as_ref().and_then(|room| room.item.as_ref());
    item.map(|(_, item)| item.title.clone()).unwrap_or_default()
}

fn note(words: &str, weight: Weight) -> Happening {
    Happening::Note {
        words: Clean::line(words),
        hint: None,
        weight,
    }
}

/// Rounds up to whole milliseconds: what is not zero is never shown as zero.
fn whole_millis(duration: Duration) -> Duration {
    let micros = duration.as_micros().try_into().unwrap_or(u64::MAX);
    Duration::from_millis(u64::div_ceil(micros, 1_000))
}

/// Rounds to hundredths of a second: what is shown of a large error.
fn hundredths(duration: Duration) -> Duration {
    let millis: u64 = duration.as_millis().try_into().unwrap_or(u64::MAX);
    Duration::from_millis(millis / 10 * 10)
}

const fn tweak_of(tweak: PlayerTweak) -> Tweak {
    match tweak {
        PlayerTweak::Louder => Tweak::Louder,
        PlayerTweak::Softer => Tweak::Softer,
        PlayerTweak::Mute => Tweak::Mute,
        PlayerTweak::SubtitlesShown => Tweak::SubtitlesShown,
        PlayerTweak::SubtitlesNext => Tweak::SubtitlesNext,
        PlayerTweak::SubtitlesPrevious => Tweak::SubtitlesPrevious,
        PlayerTweak::SubtitlesEarlier => Tweak::SubtitlesEarlier,
        PlayerTweak::SubtitlesLater => Tweak::SubtitlesLater,
        PlayerTweak::AudioNext => Tweak::AudioNext,
        PlayerTweak::Progress => Tweak::Progress,
        PlayerTweak::Fullscreen => Tweak::Fullscreen,
    }
}

#[cfg(test)]
mod tests;
