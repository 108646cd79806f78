//! The whole program by lines: for screen readers, pipes and logs. One event per line, no line ever rewritten, words
//! instead of glyphs.

mod follow;
mod typed;
mod words;

use watchtogether_protocol::message::chat::ChatLine;
use watchtogether_protocol::message::room::{ClosingReason, Entered, StallPolicy};
use watchtogether_protocol::message::roster::{HostChangeReason, LeaveReason, Member, Role};
use watchtogether_protocol::message::undo::Undoable;
use watchtogether_protocol::timeline::Reason;
use watchtogether_protocol::{Clean, Epoch, MemberId, Playback, Timeline};
use watchtogether_tui::strings;

use self::words::{file_line, link_line, member_line, player_line, spoken, sync_line};
use crate::session::event::{Entry, Event, PlayerNews};

pub(super) use self::follow::follow;

/// Turns events into lines. Keeps no more than names need, who is who, and how far the chat was told.
#[derive(Debug, Default)]
pub(super) struct Plain {
    members: Vec<Member>,
    you: Option<MemberId>,
    /// The last line of chat that was told, and of which life of the room it was.
    told: Option<(Epoch, u64)>,
    epoch: Option<Epoch>,
}

impl Plain {
    /// Returns the lines for an event: none if it is not worth one, several where it brings what was said before.
    pub(super) fn lines(&mut self, event: &Event) -> Vec<String> {
        let mut lines: Vec<String> = self.line(event).into_iter().collect();
        if let Event::Entered { entered, .. } = event {
            lines.extend(self.earlier(entered));
        }
        lines
    }

    fn line(&mut self, event: &Event) -> Option<String> {
        match event {
            Event::Link(state) => link_line(state),
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
