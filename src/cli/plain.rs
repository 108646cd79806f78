//! The whole program by lines: for screen readers, pipes and logs. One event per line, no line ever rewritten, words
//! instead of glyphs.

use std::time::Duration;

use watchtogether_protocol::item::FileMatch;
use watchtogether_protocol::message::chat::ChatLine;
use watchtogether_protocol::message::room::{ClosingReason, Entered, StallPolicy};
use watchtogether_protocol::message::roster::{HostChangeReason, LeaveReason, Link, Member, Role};
use watchtogether_protocol::message::undo::Undoable;
use watchtogether_protocol::timeline::Reason;
use watchtogether_protocol::{Clean, Epoch, MediaTime, MemberId, Playback, Timeline};
use watchtogether_tui::action::{ACTIONS, ActionId};
use watchtogether_tui::home::vocabulary::Film;
use watchtogether_tui::model::markup::as_action;
use watchtogether_tui::slash_command::{self, Command as Typed, Line, Mistake};
use watchtogether_tui::strings;

use super::home::files;
use super::scripts;
use crate::bridge::Bridge;
use crate::session::command::Command;
use crate::session::event::{Entry, Event, LinkState, PlayerNews, SyncState};
use crate::session::status::Status;

/// Turns events into lines. Keeps no more than names need, who is who, and how far the chat was told.
#[derive(Debug, Default)]
pub(super) struct Plain {
    members: Vec<Member>,
    you: Option<MemberId>,
    /// The last line of chat that was told, and of which life of the room it was.
    told: Option<(Epoch, u64)>,
    epoch: Option<Epoch>,
    /// Whether it was told that the server does not answer.
    is_silent: bool,
}

impl Plain {
    /// Returns the lines for an event: none if it is not worth one, several where it brings what was said before.
    pub(super) fn lines(&mut self, event: &Event) -> Vec<String> {
        let mut lines: Vec<String> = self.line(event).into_iter().collect();
        if let Event::Entered { entered, .. } = event {
            if entered.chat_has_gap {
                lines.push("Some of what was said meanwhile is missing.".to_owned());
            }
            lines.extend(self.earlier(entered));
        }
        lines
    }

    fn line(&mut self, event: &Event) -> Option<String> {
        match event {
            Event::Link(state) => {
                let was_silent = std::mem::replace(&mut self.is_silent, *state == LinkState::Silent);
                let answers = was_silent && *state == LinkState::Up;
                answers
                    .then(|| "The server answers again.".to_owned())
                    .or_else(|| link_line(state))
            }
            Event::Entered { entered, how } => Some(self.enter(entered, *how)),
            Event::MemberJoined(member) => {
                self.members.push(member.clone());
                Some(format!("{} joined.", member.name))
            }
            Event::MemberLeft { member, why } => {
                self.members.retain(|m| m.id != member.id);
                Some(match why {
                    LeaveReason::Left => format!("{} left.", member.name),
                    LeaveReason::LinkLost => format!("{} did not come back.", member.name),
                    LeaveReason::Disconnected => format!("{} was disconnected.", member.name),
                })
            }
            Event::MemberChanged { before, member } => {
                for known in self.members.iter_mut().filter(|m| m.id == member.id) {
                    *known = member.clone();
                }
                member_line(before, member)
            }
            Event::HostChanged { host, why } => {
                self.hand_over(*host);
                if *why == HostChangeReason::Undone {
                    return None;
                }
                let is_you = self.you == Some(*host);
                let who = if is_you {
                    "You are".to_owned()
                } else {
                    format!("{} is", self.name(Some(*host)))
                };
                Some(match why {
                    HostChangeReason::Transferred | HostChangeReason::Undone => format!("{who} host now."),
                    HostChangeReason::HostLeft => format!("{who} host now: the host left."),
                    HostChangeReason::HostLost => format!("{who} host now: the host cannot be reached."),
                    HostChangeReason::Reclaimed => format!("{who} back and host again."),
                })
            }
            Event::Chat(line) => {
                self.told = self.epoch.map(|epoch| (epoch, line.sequence));
                Some(self.said(line))
            }
            Event::ChatPending { .. } | Event::WishUndone { host: None } => None,
            Event::ChatRefused { text, why, .. } => Some(format!("Not sent, {}: {text}", why.words())),
            Event::StateChanged { before, timeline } => self.state_line(before, timeline),
            Event::WaitingFor(members) if members.is_empty() => None,
            Event::WaitingFor(members) => {
                let names: Vec<String> = members.iter().map(|id| self.name(Some(*id))).collect();
                Some(format!("Waiting for {}.", names.join(", ")))
            }
            Event::ItemChanged { item, .. } => {
                let long = item
                    .duration
                    .map(|d| format!(", {}", spoken(d)))
                    .unwrap_or_default();
                Some(format!("On now: {}{long}.", item.title))
            }
            Event::FileCompared { file, .. } => file_line(*file),
            Event::StallPolicyChanged { on_stall, by } => {
                let who = self.name(Some(*by));
                Some(match on_stall {
                    StallPolicy::Wait => format!("{who}: the room waits for players that run dry."),
                    StallPolicy::GoOn => format!("{who}: the room goes on when a player runs dry."),
                })
            }
            Event::Undoable(undoable) => self.undo_line(undoable),
            Event::Storage { is_failing: true } => {
                Some("Not saved: the server's disk takes nothing. Chat and film go on.".to_owned())
            }
            Event::Storage { is_failing: false } => {
                Some("Saved again, with all that was said meanwhile.".to_owned())
            }
            Event::Player(PlayerNews::OpenFailed { reason }) => Some(self.not_opened(reason)),
            Event::Player(news) => player_line(news),
            Event::WishUndone { host } => Some(format!("{} controls the room.", self.name(*host))),
            Event::Refused { why, retry_after, .. } => Some(match retry_after {
                Some(after) => format!(
                    "Not done: {}. Try again in {} seconds.",
                    why.words(),
                    after.as_secs().max(1)
                ),
                None => format!("Not done: {}.", why.words()),
            }),
            Event::Sync(state) => sync_line(*state),
            Event::Offline(_) => Some("Not done: there is no connection.".to_owned()),
            Event::Closing(ClosingReason::ServerEnds) => Some("The server is shutting down.".to_owned()),
            Event::Closing(ClosingReason::RoomClosed) => Some("The host closed the room.".to_owned()),
        }
    }

    /// Returns why the player has nothing on, and what can be done about it.
    fn not_opened(&self, reason: &Clean) -> String {
        let is_host = self.members.iter().any(|m| Some(m.id) == self.you && m.is_host());
        let next = if is_host {
            "Open another: watchtogether host FILE."
        } else {
            "Type /reopen to try again, or come in with another copy: watchtogether join INVITE FILE."
        };
        format!("The player cannot open it: {reason}. {next}")
    }

    fn said(&self, line: &ChatLine) -> String {
        let who = if Some(line.from) == self.you {
            "you"
        } else {
            line.name.as_str()
        };
        format!("{who}: {}", line.text.as_str().replace('\n', " / "))
    }

    /// Returns what was said before one came in and was not told yet.
    fn earlier(&mut self, entered: &Entered) -> Vec<String> {
        let epoch = entered.room.state.timeline.epoch;
        let told = self.told.filter(|(of, _)| *of == epoch).map(|(_, last)| last);
        let new: Vec<&ChatLine> = entered
            .chat
            .iter()
            .filter(|line| told.is_none_or(|last| line.sequence > last))
            .collect();
        if let Some(last) = new.last() {
            self.told = Some((epoch, last.sequence));
        }
        new.into_iter()
            .map(|line| format!("Earlier, {}", self.said(line)))
            .collect()
    }

    fn enter(&mut self, entered: &Entered, how: Entry) -> String {
        self.you = Some(entered.you);
        self.epoch = Some(entered.room.state.timeline.epoch);
        self.members.clone_from(&entered.room.members);
        if how == Entry::Resumed {
            return "Back in the room.".to_owned();
        }
        let names: Vec<String> = entered
            .room
            .members
            .iter()
            .map(|m| {
                let name = if m.id == entered.you {
                    "you"
                } else {
                    m.name.as_str()
                };
                if m.is_host() {
                    format!("{name} host")
                } else {
                    name.to_owned()
                }
            })
            .collect();
        let what = match &entered.room.item {
            Some((_, item)) => {
                let place = spoken(entered.room.state.timeline.position_at(entered.now));
                format!("{}, at {place}.", item.title)
            }
            None => "Nothing is on yet.".to_owned(),
        };
        let people = if names.len() == 1 {
            "1 person"
        } else {
            &format!("{} people", names.len())
        };
        format!(
            "Room {}. {people}: {}. {what}",
            entered.room.name,
            names.join(", ")
        )
    }

    fn state_line(&self, before: &Timeline, timeline: &Timeline) -> Option<String> {
        let who = self.name(timeline.cause.who);
        let place = spoken(timeline.position);
        Some(match timeline.cause.reason {
            Reason::Played if timeline.playback == Playback::Playing => {
                format!("{who} pressed play, at {place}.")
            }
            Reason::Played | Reason::Opened | Reason::ItemChanged | Reason::Undone => return None,
            Reason::Paused => format!("{who} paused, at {place}."),
            Reason::Sought if before.position == timeline.position => return None,
            Reason::Sought => format!("{who} went to {place}."),
            Reason::RateChanged => format!("{who} set the speed to {}.", timeline.rate.as_f64()),
            Reason::Ended => "The film is over.".to_owned(),
            Reason::Waiting => format!("The room waits for {who}, at {place}."),
            Reason::Resumed => format!("It goes on, at {place}."),
            Reason::Restored => format!("The room is back, at {place}."),
        })
    }

    fn hand_over(&mut self, host: MemberId) {
        for member in &mut self.members {
            if member.id == host {
                member.role = Role::Host;
            } else if member.is_host() {
                member.role = Role::Viewer;
            }
        }
    }

    /// Returns what somebody took back, or that what somebody else did can be taken back by the reader.
    fn undo_line(&self, undoable: &Undoable) -> Option<String> {
        let author = undoable.undoes.map(|undone| undone.author);
        let names = strings::UndoneNames {
            who: self.name(Some(undoable.by)),
            author: author
                .filter(|author| *author != undoable.by)
                .map(|id| self.name(Some(id))),
            host: self.name(self.members.iter().find(|m| m.is_host()).map(|m| m.id)),
            title: "the film before".to_owned(),
        };
        if let Some(words) = strings::undone(undoable, &names) {
            return Some(format!("{words}."));
        }
        let you = self.members.iter().find(|m| Some(m.id) == self.you)?;
        let may_undo = you.role != Role::Viewer && undoable.by != you.id;
        may_undo.then(|| strings::TYPE_TO_UNDO.to_owned())
    }

    fn name(&self, id: Option<MemberId>) -> String {
        if id.is_some() && id == self.you {
            return "you".to_owned();
        }
        let member = self.members.iter().find(|m| Some(m.id) == id);
        member.map_or_else(|| "the room".to_owned(), |m| m.name.to_string())
    }
}

fn link_line(state: &LinkState) -> Option<String> {
    match state {
        LinkState::Connecting
        | LinkState::Joining
        | LinkState::Up
        | LinkState::Closed
        | LinkState::Waiting { attempt: 1, .. }
        | LinkState::Reconnecting { .. } => None,
        LinkState::Silent => Some("The server does not answer. The film plays on.".to_owned()),
        LinkState::Lost { why } => Some(format!("Connection lost: {why}. The film plays on.")),
        LinkState::Waiting { attempt, after } => Some(format!(
            "Not reached. Try {attempt} in {} seconds.",
            after.as_secs().max(1)
        )),
        LinkState::PausedHere => Some("Still no connection: the film is paused here.".to_owned()),
    }
}

fn member_line(before: &Member, member: &Member) -> Option<String> {
    match (before.link, member.link) {
        (Link::Up, Link::Lost) => return Some(format!("{} lost the connection.", member.name)),
        (Link::Lost, Link::Up) => return Some(format!("{} is back.", member.name)),
        (Link::Up, Link::Up) | (Link::Lost, Link::Lost) => {}
    }
    let file = (before.report.file != member.report.file).then_some(member.report.file)?;
    match file {
        FileMatch::Unknown | FileMatch::Same => None,
        FileMatch::Missing => Some(format!("{} does not have the film.", member.name)),
        FileMatch::Other { longer_by } => {
            Some(format!("{} has another file{}.", member.name, cut(longer_by)))
        }
    }
}

fn file_line(file: FileMatch) -> Option<String> {
    match file {
        FileMatch::Unknown => None,
        FileMatch::Same => Some("Your copy is the same.".to_owned()),
        FileMatch::Missing => {
            Some("You do not have this film: name your copy with join INVITE FILE.".to_owned())
        }
        FileMatch::Other { longer_by } => Some(format!("Your copy is another file{}.", cut(longer_by))),
    }
}

/// Returns how another cut differs, in words.
fn cut(longer_by: MediaTime) -> String {
    let seconds = longer_by.abs().as_secs_f64();
    if seconds < 0.5 {
        " of the same length".to_owned()
    } else if longer_by > MediaTime::ZERO {
        format!(", {seconds:.0} s longer: perhaps another cut")
    } else {
        format!(", {seconds:.0} s shorter: perhaps another cut")
    }
}

fn player_line(news: &PlayerNews) -> Option<String> {
    match news {
        PlayerNews::Notice { text } => Some(text.to_string()),
        PlayerNews::OpenFailed { .. }
        | PlayerNews::Starting
        | PlayerNews::Started { .. }
        | PlayerNews::Opening
        | PlayerNews::Opened { .. }
        | PlayerNews::NoCopy => None,
        PlayerNews::Buffering { percent } => Some(format!("Your player is buffering, {percent} percent.")),
        PlayerNews::Refilled => Some("Your player goes on.".to_owned()),
        PlayerNews::Closed => Some(
            "The player's window was closed. You are still in the room; type /reopen to watch again."
                .to_owned(),
        ),
        PlayerNews::Gone {
            reason,
            hint,
            is_restarting,
        } => {
            let hint = hint.as_ref().map(|h| format!(" {h}")).unwrap_or_default();
            let next = if *is_restarting {
                " It is being started again."
            } else {
                " You are still in the room; type /reopen to watch again."
            };
            Some(format!("The player is gone: {reason}.{hint}{next}"))
        }
    }
}

fn sync_line(state: SyncState) -> Option<String> {
    match state {
        SyncState::Playing => Some("Playing, in sync.".to_owned()),
        SyncState::TooSlow => Some("Your player cannot keep up with the film.".to_owned()),
        SyncState::Off
        | SyncState::Comparing
        | SyncState::Loading
        | SyncState::Standing
        | SyncState::Catching
        | SyncState::Settling
        | SyncState::Buffering => None,
    }
}

/// Returns a position as one says it: "41 minutes 12", "1 hour 2 minutes".
fn spoken(position: MediaTime) -> String {
    let seconds = Duration::from_secs_f64(position.as_secs_f64().max(0.0)).as_secs();
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    match (hours, minutes) {
        (0, 0) => format!("{seconds} seconds"),
        (0, 1) => format!("1 minute {seconds}"),
        (0, minutes) => format!("{minutes} minutes {seconds}"),
        (1, minutes) => format!("1 hour {minutes} minutes {seconds}"),
        (hours, minutes) => format!("{hours} hours {minutes} minutes {seconds}"),
    }
}

/// Returns what a line of input wants: nothing where it asks for help, or words about what is wrong with it.
pub(super) fn read(line: &str, status: &Status) -> Result<Option<Command>, String> {
    let command = match slash_command::parse(line.trim_end()) {
        Line::Say(text) => {
            return scripts::text_of(&text)
                .map(|text| Some(Command::Say { text }))
                .map_err(|p| p.message);
        }
        Line::Wrong(Mistake::Unknown {
            word,
            nearest: Some(nearest),
        }) => {
            return Err(format!("There is no /{word}. Did you mean /{nearest}?"));
        }
        Line::Wrong(Mistake::Unknown { word, nearest: None }) => {
            return Err(format!("There is no /{word}. /help lists what there is."));
        }
        Line::Wrong(Mistake::Argument { word, argument }) => {
            return Err(format!("Write /{word} {argument}."));
        }
        Line::Do(command) => command,
    };
    Ok(Some(match command {
        Typed::SeekTo(position) => Command::SeekTo(position),
        Typed::SeekBy(distance) => Command::SeekBy(distance),
        Typed::SetRate(rate) => Command::SetRate(rate),
        Typed::Chapter(wish) => match Bridge::chapter_meant(status, &wish) {
            Ok(position) => Command::SeekTo(position),
            Err(words) => return Err(words.to_owned()),
        },
        Typed::Host(name) => {
            let to = scripts::member_named(status, &name).map_err(|problem| problem.message)?;
            Command::TransferHost { to }
        }
        Typed::HelpOn(_) | Typed::Run(ActionId::Help) => return Ok(None),
        Typed::Act(deed) => Command::Say {
            text: Clean::text(&as_action(&deed)),
        },
        Typed::Open(film) => {
            Command::Open(files::own_copy(&Film::Typed(film)).map_err(|failure| failure.message)?)
        }
        Typed::Mouse(_) | Typed::Export(_) => return Err(SCREEN_ONLY.to_owned()),
        Typed::Run(ActionId::People | ActionId::SyncDetails) => return Err(who(status)),
        Typed::Run(id) => match BY_LINES.iter().find(|(known, _)| *known == id) {
            Some((_, command)) => command.clone(),
            None => return Err(SCREEN_ONLY.to_owned()),
        },
    }))
}

/// What is said of what only a screen can do.
const SCREEN_ONLY: &str = "That is for the screen alone.";

/// The actions without an argument that make sense by lines.
const BY_LINES: [(ActionId, Command); 8] = [
    (ActionId::Undo, Command::Undo),
    (ActionId::Play, Command::Play),
    (ActionId::Pause, Command::Pause),
    (ActionId::GoOn, Command::GoOn),
    (ActionId::SyncNow, Command::SyncNow),
    (ActionId::Reopen, Command::ReopenPlayer),
    (ActionId::Retry, Command::Retry),
    (ActionId::Leave, Command::Leave),
];

/// Returns what can be typed, a line each.
pub(super) fn help() -> Vec<String> {
    let usable = |id: ActionId| {
        let has_argument = matches!(
            id,
            ActionId::GoTo | ActionId::SetSpeed | ActionId::Chapter | ActionId::Host
        );
        let is_talk = matches!(id, ActionId::Help | ActionId::People | ActionId::SyncDetails);
        has_argument || is_talk || BY_LINES.iter().any(|(known, _)| *known == id)
    };
    let mut lines = vec!["Type to talk. Commands:".to_owned()];
    for action in ACTIONS.iter().filter(|action| usable(action.id)) {
        if let Some(slash) = &action.slash {
            let form = format!("/{} {}", slash.word, slash.argument);
            lines.push(format!("{}: {}.", form.trim_end(), action.help));
        }
    }
    lines
}

fn who(status: &Status) -> String {
    let Some(room) = &status.room else {
        return "Not in a room yet.".to_owned();
    };
    let people: Vec<String> = room
        .members
        .iter()
        .map(|m| {
            let you = if m.member.id == room.you { ", you" } else { "" };
            let host = if m.member.is_host() { ", host" } else { "" };
            let lost = if m.member.link == Link::Lost {
                ", connection lost"
            } else {
                ""
            };
            let spread = m.telemetry.and_then(|t| t.drift_p95_us);
            let near = spread.map_or_else(String::new, |us| {
                format!(", within {} milliseconds", us.div_ceil(1_000))
            });
            format!("{}{you}{host}{lost}{near}", m.member.name)
        })
        .collect();
    format!("{}.", people.join("; "))
}
