//! Handles the server's messages while the session is in the room.

use watchtogether_protocol::message::playback::{VideoChanged, VideoStateChanged};
use watchtogether_protocol::message::room::{Refused, Request};
use watchtogether_protocol::message::roster::{HostChanged, Member, Report, UserLeft};
use watchtogether_protocol::permission::RoomAct;
use watchtogether_protocol::timeline::Reason;
use watchtogether_protocol::{LocalTime, Playback, ServerMessage};

use super::event::Event;
use super::mirror::StateChange;
use super::narration::{is_sequel, waits_for_others};
use super::{Session, admission::Phase};

impl Session {
    pub(super) fn receive(&mut self, message: ServerMessage, now: LocalTime) {
        match (self.phase, message) {
            (
                Phase::Joining { .. },
                ServerMessage::RoomCreated(entered) | ServerMessage::RoomJoined(entered),
            ) => {
                self.handle_entered(Box::new(entered), now);
            }
            (Phase::Joining { .. }, ServerMessage::Refused(refused)) => {
                self.handle_entry_refused(refused, now);
            }
            (Phase::Joining { .. }, ServerMessage::Elsewhere(elsewhere)) => {
                self.handle_elsewhere(elsewhere, now);
            }
            (Phase::InRoom | Phase::Joining { .. }, ServerMessage::Closing(closing)) => {
                self.event(Event::Closing(closing.reason));
            }
            (Phase::InRoom, message) => self.receive_in_room(message, now),
            (
                Phase::Idle
                | Phase::Connecting { .. }
                | Phase::Joining { .. }
                | Phase::Waiting { .. }
                | Phase::Ended,
                _,
            ) => {}
        }
    }

    fn receive_in_room(&mut self, message: ServerMessage, now: LocalTime) {
        let Some(mirror) = &mut self.mirror else { return };
        match message {
            ServerMessage::VideoStateChanged(state) => self.receive_state(&state, now),
            ServerMessage::VideoChanged(changed) => self.receive_item(&changed, now),
            ServerMessage::StillWaiting(still) => {
                let change = mirror.handle_still_waiting(still);
                self.follow(change, change == StateChange::Waiting, now);
            }
            ServerMessage::LengthChanged(changed) => self.receive_length(changed),
            ServerMessage::UserJoined(joined) => self.receive_member(joined.member, now),
            ServerMessage::UserChanged(changed) => self.receive_member(changed.member, now),
            ServerMessage::RosterChanged(changed) => {
                for member in changed.members {
                    self.receive_member(member, now);
                }
            }
            ServerMessage::UserLeft(left) => self.receive_left(left),
            ServerMessage::HostChanged(changed) => self.receive_host(changed),
            ServerMessage::Chat(line) => {
                self.chat.handle_line(&line, mirror.saved);
                if mirror.handle_chat(&line) {
                    self.event(Event::Chat(line));
                }
            }
            ServerMessage::ChatHistory(history) => {
                for line in history.lines {
                    self.chat
                        .handle_line(&line, self.mirror.as_ref().and_then(|m| m.saved));
                    if self.mirror.as_mut().is_some_and(|m| m.handle_chat(&line)) {
                        self.event(Event::Chat(line));
                    }
                }
            }
            ServerMessage::RoomChanged(changed) => {
                mirror.settings.set(&changed.setting);
                self.event(Event::SettingChanged(changed));
            }
            ServerMessage::Undoable(undoable) => {
                if undoable.undoes.is_some() && undoable.by == mirror.you {
                    self.asking.handle_undo();
                }
                mirror.undoable = Some(undoable.clone());
                self.event(Event::Undoable(undoable));
            }
            ServerMessage::Bans(list) => {
                let lifted = mirror.handle_bans(list.bans.clone());
                let bans = list.bans;
                self.event(Event::Bans { bans, lifted });
            }
            ServerMessage::Saved(saved) => {
                self.chat.handle_saved(saved);
                let before = mirror.saved.replace(saved);
                let is_failing = saved.is_failing;
                if before.is_some_and(|before| before.is_failing) != is_failing {
                    self.event(Event::Storage { is_failing });
                }
            }
            ServerMessage::Refused(refused) => self.receive_refusal(refused, now),
            ServerMessage::AreYouThere(_) => self.clock.handle_question(now),
            ServerMessage::Welcome(_)
            | ServerMessage::RoomCreated(_)
            | ServerMessage::RoomJoined(_)
            | ServerMessage::Elsewhere(_)
            | ServerMessage::Closing(_) => {}
        }
    }

    fn receive_host(&mut self, changed: HostChanged) {
        let Some(mirror) = &mut self.mirror else { return };
        mirror.handle_host(changed.host);
        let bans = if mirror.may(RoomAct::SeeBans) {
            Vec::new()
        } else {
            // A member who is no longer host or co-host does not get the list of bans.
            std::mem::take(&mut mirror.bans)
        };
        self.asking.handle_host();
        if !bans.is_empty() {
            self.event(Event::Bans {
                bans: Vec::new(),
                lifted: Vec::new(),
            });
        }
        self.event(Event::HostChanged {
            host: changed.host,
            reason: changed.reason,
        });
    }

    fn receive_state(&mut self, state: &VideoStateChanged, now: LocalTime) {
        let Some(mirror) = &mut self.mirror else { return };
        let waited_for = mirror.waiting_for.clone();
        let change = mirror.handle_state(state);
        self.follow(change, waited_for != state.waiting_for, now);
    }

    fn receive_item(&mut self, changed: &VideoChanged, now: LocalTime) {
        let Some(mirror) = &mut self.mirror else { return };
        let waited_for = mirror.waiting_for.clone();
        let before = mirror.members.clone();
        let (is_other, change) = mirror.handle_item(changed);
        if is_other {
            let cause = changed.state.timeline.cause;
            if cause.reason == Reason::ItemChanged && cause.who == Some(mirror.you) {
                self.reported.own_item = Some(changed.id);
            }
            let members = mirror.members.clone();
            // The server now assumes that everybody is loading, so the report has to be sent again.
            self.reported.report = None;
            self.event(Event::ItemChanged {
                id: changed.id,
                item: changed.item.clone(),
            });
            for (before, member) in before.into_iter().zip(members) {
                if before != member {
                    self.event(Event::MemberChanged { before, member });
                }
            }
        }
        self.follow(change, waited_for != changed.state.waiting_for, now);
        if is_other {
            self.change_item(now);
        }
    }

    /// Handles a change of the room's state.
    fn follow(&mut self, change: StateChange, is_other_wait: bool, now: LocalTime) {
        let Some(mirror) = &self.mirror else { return };
        if change == StateChange::Nothing {
            return;
        }
        let waiting_for = mirror.waiting_for.clone();
        let waits_for_others = waits_for_others(mirror);
        self.waiting_since = match (waits_for_others, change) {
            (false, _) => None,
            (true, StateChange::Moved(_)) => Some(now),
            (true, _) => self.waiting_since,
        };
        if let StateChange::Moved(before) = change {
            let timeline = mirror.timeline;
            self.asking.handle_timeline(&timeline, mirror.you);
            if self
                .expected_play
                .is_some_and(|(plays, _)| plays == timeline.is_meant_to_play())
            {
                self.expected_play = None;
            }
            if timeline.cause.reason == Reason::Seeked && !is_sequel(&before, &timeline) {
                self.minute.record_seek(now);
            }
            if timeline.playback == Playback::Playing {
                self.clock.handle_playing(now);
            }
            self.event(Event::StateChanged { before, timeline });
            self.aim(now);
        }
        if is_other_wait {
            self.event(Event::WaitingFor(waiting_for));
        }
    }

    fn receive_member(&mut self, member: Member, now: LocalTime) {
        let Some(mirror) = &mut self.mirror else { return };
        if mirror.has_no_room_for(member.id) {
            return self.end_with_bad_server(now);
        }
        if let Some(before) = mirror.handle_member(member.clone()) {
            return self.event(Event::MemberChanged { before, member });
        }
        // The server announces a newcomer together with their first report, and what that says is news, too.
        let arrived = Member {
            report: Report::NONE,
            ..member.clone()
        };
        self.event(Event::MemberJoined(arrived.clone()));
        if arrived != member {
            self.event(Event::MemberChanged {
                before: arrived,
                member,
            });
        }
    }

    fn receive_left(&mut self, left: UserLeft) {
        let you = self.mirror.as_ref().and_then(|m| m.member(m.you));
        if let Some(member) = you.filter(|you| you.id == left.id).cloned() {
            // The mirror keeps the room as it was: the end of the session follows.
            return self.event(Event::MemberLeft {
                member,
                reason: left.reason,
            });
        }
        if let Some(member) = self.mirror.as_mut().and_then(|m| m.handle_left(left.id)) {
            self.event(Event::MemberLeft {
                member,
                reason: left.reason,
            });
        }
    }

    fn receive_refusal(&mut self, refused: Refused, now: LocalTime) {
        match refused.request {
            Request::Chat => {
                let Some(line) = self.chat.handle_refusal(refused.retry_after(), now) else {
                    // The line is sent again automatically; the user need not be informed.
                    return;
                };
                self.event(Event::ChatRefused {
                    id: line.id,
                    text: line.text,
                    reason: refused.reason,
                });
                return;
            }
            Request::VideoSync => {
                self.expected_play = None;
                self.asking.give_up();
                self.sync.handle_unexpected(self.clock.usable(), now);
                self.sync.handle_speed_request(now);
            }
            Request::SetVideo => self.drop_offer(now),
            Request::TransferHost | Request::Undo => self.asking.give_up(),
            Request::CreateRoom
            | Request::JoinRoom
            | Request::Resume
            | Request::SetRoom
            | Request::Remove
            | Request::Unban => {}
        }
        self.event(Event::Refused {
            request: refused.request,
            reason: refused.reason,
            retry_after: refused.retry_after(),
        });
    }
}
