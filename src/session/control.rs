//! Handles the user's requests, from commands and from the player's window.

use std::time::Duration;

use watchtogether_protocol::message::playback::{Action, GoOn, VideoSync};
use watchtogether_protocol::message::removal::{Remove, Unban};
use watchtogether_protocol::message::room::{Refusal, Request, SetRoom, TransferHost};
use watchtogether_protocol::message::undo::Undo;
use watchtogether_protocol::narration::PlayerNews;
use watchtogether_protocol::permission::RoomAct;
use watchtogether_protocol::player_reason::PlayerNotice;
use watchtogether_protocol::{
    Clean, ClientMessage, Item, LocalTime, MediaTime, MemberId, Rate, RoomIntent, limits,
};

use super::command::Command;
use super::event::Event;
use super::mirror::Mirror;
use super::output::Output;
use super::room_request::RoomRequest;
use super::{EXPECTED_FOR, LocalItem, Session, admission::Phase};
use crate::player::{Adjustment, Extent, PlayerCommand, WindowRequest};

/// The largest position that can be sent.
const LAST_POSITION: MediaTime = MediaTime::from_millis(limits::DURATION_SECONDS * 1_000);

/// The assumed length of a frame if it is not known: that of most films.
const FRAME: Duration = Duration::from_nanos(41_708_333);

/// How far beyond the end a seek still means the end: lengths are displayed in whole seconds, and some programs round them up.
const END_TOLERANCE: MediaTime = MediaTime::from_millis(1_000);

/// How long the user counts as typing after the last key.
const TYPING: Duration = Duration::from_secs(6);

impl Session {
    pub(super) fn apply_command(&mut self, command: Command, now: LocalTime) {
        match command {
            Command::Room(intent) => self.ask_room(intent, now),
            Command::Say { text } => self.say(&text, now),
            Command::Typing(is_typing) => self.typing_until = is_typing.then(|| now + TYPING),
            Command::Open(copy) => self.open(copy, now),
            Command::SyncNow => self.sync.handle_sync_now(self.clock.usable(), now),
            Command::ReopenPlayer => self.reopen_player(now),
            Command::Tweak(tweak) => self.tweak(tweak),
            Command::Retry => self.retry(),
            Command::Leave => self.leave(),
        }
    }

    fn ask_room(&mut self, intent: RoomIntent, now: LocalTime) {
        match intent {
            RoomIntent::Pause => self.pause(now),
            RoomIntent::Toggle if self.is_meant_to_play(now) => self.pause(now),
            RoomIntent::Play | RoomIntent::Toggle => self.play(now),
            RoomIntent::SeekTo(position) => self.seek_to(position, now),
            RoomIntent::SeekBy(by) => {
                let from = self.expected_position(now);
                self.seek(from + by, now);
            }
            RoomIntent::StepFrame { is_forward } => self.step_frame(is_forward, now),
            RoomIntent::SetRate(rate) => self.set_rate(rate, now),
            RoomIntent::Undo => self.undo(now),
            RoomIntent::TransferHost { to } => self.transfer(to, now),
            RoomIntent::TakeBack => match self.mirror.as_ref().map(|mirror| mirror.you) {
                Some(you) => self.transfer(you, now),
                None => self.event(Event::Offline(Request::TransferHost)),
            },
            RoomIntent::GoOn => self.go_on(now),
            RoomIntent::Remove { member, is_ban } => {
                self.send_if_allowed(intent.act(), ClientMessage::Remove(Remove { member, is_ban }));
            }
            RoomIntent::Unban { number } => {
                self.send_if_allowed(intent.act(), ClientMessage::Unban(Unban { number }));
            }
            RoomIntent::Set(setting) => {
                self.send_if_allowed(RoomAct::Set, ClientMessage::SetRoom(SetRoom { setting }));
            }
        }
    }

    pub(super) fn handle_window_request(&mut self, request: WindowRequest, now: LocalTime) {
        if let WindowRequest::Open { source } = request {
            return self.handle_opening(source, now);
        }
        let Some((timeline, true, Phase::InRoom)) = self
            .mirror
            .as_ref()
            .map(|m| (m.timeline, m.may(RoomAct::Move), self.phase))
        else {
            self.undo_window_request();
            self.sync.handle_speed_request(now);
            if !matches!(request, WindowRequest::Speed { .. }) {
                self.sync.handle_disturbed(self.clock.usable(), now);
            }
            return;
        };
        match request {
            WindowRequest::Play => {
                if !self.is_meant_to_play(now) {
                    self.move_room(Action::Play, now);
                }
                self.sync.handle_disturbed(self.clock.usable(), now);
            }
            WindowRequest::Pause { position } if self.is_meant_to_play(now) => {
                self.act_at(position, |position| Action::Pause { position }, now);
            }
            WindowRequest::Pause { .. } => self.sync.handle_disturbed(self.clock.usable(), now),
            WindowRequest::Seek { position } => match self.seek_refusal(position) {
                Some(reason) => {
                    self.refuse(Request::VideoSync, reason);
                    self.sync.handle_disturbed(self.clock.usable(), now);
                }
                None => self.act_at(position, |position| Action::Seek { position }, now),
            },
            WindowRequest::Speed { speed } => match Rate::from_f64(speed) {
                Some(rate) if rate != timeline.rate => self.set_rate(rate, now),
                Some(_) | None => self.sync.handle_speed_request(now),
            },
            WindowRequest::Open { source } => self.handle_opening(source, now),
        }
    }

    /// Reports that the user's action in the window has no effect.
    pub(super) fn undo_window_request(&mut self) {
        self.event(Event::WindowRequestUndone);
    }

    fn play(&mut self, now: LocalTime) {
        if self.may_move() && !self.is_meant_to_play(now) {
            self.move_room(Action::Play, now);
        }
    }

    fn pause(&mut self, now: LocalTime) {
        if self.may_move() && self.is_meant_to_play(now) {
            let position = self.expected_position(now);
            self.act_at(position, |position| Action::Pause { position }, now);
        }
    }

    /// Returns whether the room plays, or will once it has received the user's last action.
    fn is_meant_to_play(&self, now: LocalTime) -> bool {
        let expected_play = self.expected_play.filter(|(_, until)| now < *until);
        let mirrored = || self.mirror.as_ref().map(|m| m.timeline.is_meant_to_play());
        expected_play
            .map(|(plays, _)| plays)
            .or_else(mirrored)
            .unwrap_or_default()
    }

    /// Seeks to a position that somebody typed. A position beyond the end is taken for a mistake, because seeking there would end
    /// the film for everybody.
    fn seek_to(&mut self, position: MediaTime, now: LocalTime) {
        let is_beyond = |length: &MediaTime| position > *length + END_TOLERANCE;
        match self.item_length().filter(is_beyond) {
            Some(length) if self.may_move() => self.event(Event::BeyondEnd { length }),
            Some(_) => {}
            None => self.seek(position, now),
        }
    }

    fn seek(&mut self, position: MediaTime, now: LocalTime) {
        if self.may_move() {
            if let Some(reason) = self.seek_refusal(position) {
                return self.refuse(Request::VideoSync, reason);
            }
            self.act_at(position, |position| Action::Seek { position }, now);
        }
    }

    /// Returns the position that actions here refer to: the one that the room will have once it has received the last action.
    fn expected_position(&self, now: LocalTime) -> MediaTime {
        let expected = self.sync.expected().or_else(|| self.room_position(now));
        expected.unwrap_or_default()
    }

    /// Steps by one frame of the local copy. Pauses a playing room first, as mpv's frame keys do.
    fn step_frame(&mut self, is_forward: bool, now: LocalTime) {
        if self.is_meant_to_play(now) {
            return self.pause(now);
        }
        let of_copy = self.local_media.mounted().and_then(|(_, media)| media.frame);
        let frame = MediaTime::from_nanos(of_copy.unwrap_or(FRAME).as_nanos().try_into().unwrap_or_default());
        let from = self.expected_position(now);
        self.seek(if is_forward { from + frame } else { from - frame }, now);
    }

    fn tweak(&mut self, tweak: Adjustment) {
        if self.local_media.is_running() {
            self.outputs
                .push_back(Output::Player(PlayerCommand::Tweak(tweak)));
        } else {
            self.event(Event::Player(PlayerNews::Notice(PlayerNotice::NoPlayer)));
        }
    }

    fn set_rate(&mut self, rate: Rate, now: LocalTime) {
        let has_it = |mirror: &Mirror| mirror.timeline.rate == rate;
        // While an answer is outstanding, the room's present state is already outdated.
        let is_so = self.asking.at(now).is_none() && self.mirror.as_ref().is_some_and(has_it);
        if self.may_move() && !is_so {
            self.move_room(Action::SetRate { rate }, now);
        }
    }

    /// Returns why the local player cannot seek to a position, as far as it knows.
    fn seek_refusal(&self, position: MediaTime) -> Option<Refusal> {
        let (_, media) = self.local_media.mounted()?;
        if !media.is_seekable {
            return Some(Refusal::NotPossible);
        }
        let window = self.local_media.status.and_then(|status| status.window)?;
        match media.extent {
            _ if window.contains(position) => None,
            Extent::Growing if position > window.to => Some(Refusal::NotWritten),
            // A position before the beginning means the beginning.
            Extent::Growing | Extent::Whole => None,
            Extent::Live => Some(Refusal::NotPossible),
        }
    }

    /// Returns the duration of the room's item, if it is known.
    fn item_length(&self) -> Option<MediaTime> {
        let item = self.mirror.as_ref().and_then(|mirror| mirror.current_item());
        item.and_then(Item::duration)
    }

    /// Requests a position from the room, and moves the local player there immediately.
    fn act_at(&mut self, position: MediaTime, action: impl FnOnce(MediaTime) -> Action, now: LocalTime) {
        let end = self.item_length().unwrap_or(LAST_POSITION);
        let position = position.min(end).max(MediaTime::ZERO);
        self.move_room(action(position), now);
        self.sync
            .handle_window_request(position, now + EXPECTED_FOR, self.clock.usable(), now);
    }

    pub(super) fn move_room(&mut self, action: Action, now: LocalTime) {
        match action {
            Action::Play => self.expected_play = Some((true, now + EXPECTED_FOR)),
            Action::Pause { .. } => self.expected_play = Some((false, now + EXPECTED_FOR)),
            Action::Seek { .. } | Action::SetRate { .. } => {}
        }
        if let Some(mirror) = &self.mirror {
            let based_on = mirror.revision();
            self.asking.ask(action.into(), now);
            self.send(ClientMessage::VideoSync(VideoSync { based_on, action }));
        }
    }

    fn say(&mut self, text: &Clean, now: LocalTime) {
        let position = self
            .mirror
            .as_ref()
            .and_then(|m| m.current_item())
            .and_then(|_| self.room_position(now));
        if self.chat.is_full() {
            return self.refuse(Request::Chat, Refusal::RateLimited);
        }
        let Some(line) = self.chat.say(text, position, &mut self.rng, now) else {
            return;
        };
        self.typing_until = None;
        self.event(Event::ChatPending {
            id: line.id,
            text: line.text.clone(),
            position,
        });
    }

    fn open(&mut self, copy: LocalItem, now: LocalTime) {
        let Some(mirror) = &self.mirror else {
            self.config.local_item = Some(copy);
            self.config.copy_of = None;
            return;
        };
        if mirror.may(RoomAct::SetItem) {
            if self.may(RoomAct::SetItem) {
                self.offer(copy, MediaTime::ZERO, now);
            }
        } else if mirror.item.is_some() {
            self.use_copy(copy, now);
        } else {
            self.refuse(Request::SetVideo, Refusal::NotHost);
        }
    }

    fn transfer(&mut self, to: MemberId, now: LocalTime) {
        let takes_back = |mirror: &Mirror| mirror.you == to && mirror.may(RoomAct::TakeBack);
        let is_taken_back = self.phase == Phase::InRoom && self.mirror.as_ref().is_some_and(takes_back);
        if is_taken_back || self.may(RoomAct::HandOver) {
            self.asking.ask(RoomRequest::HandOver { to }, now);
            self.send(ClientMessage::TransferHost(TransferHost { to }));
        }
    }

    /// Undoes the last reported change. The server decides whether it is too old.
    fn undo(&mut self, now: LocalTime) {
        if !self.may(RoomAct::Undo) {
            return;
        }
        let last = self
            .mirror
            .as_ref()
            .and_then(|m| Some((m.timeline.epoch, m.undoable.as_ref()?.number)));
        let Some((epoch, number)) = last else {
            return self.refuse(Request::Undo, Refusal::NothingToUndo);
        };
        self.expected_play = None;
        self.asking.ask(RoomRequest::Undo, now);
        self.send(ClientMessage::Undo(Undo { epoch, number }));
    }

    fn go_on(&mut self, now: LocalTime) {
        if self.may_with_item(RoomAct::GoOn)
            && let Some(mirror) = &self.mirror
        {
            let revision = mirror.revision();
            self.asking.ask(RoomRequest::GoOn, now);
            self.send(ClientMessage::GoOn(GoOn { revision }));
        }
    }

    fn send_if_allowed(&mut self, act: RoomAct, message: ClientMessage) {
        if self.may(act) {
            self.send(message);
        }
    }

    /// Returns whether the user may control playback now; if not, refuses the request immediately.
    fn may_move(&mut self) -> bool {
        self.may_with_item(RoomAct::Move)
    }

    /// Returns whether the user may do this to the current item; if not, refuses the request immediately.
    fn may_with_item(&mut self, act: RoomAct) -> bool {
        if !self.may(act) {
            return false;
        }
        let has_item = self.mirror.as_ref().is_some_and(|m| m.item.is_some());
        if !has_item {
            self.refuse(Request::VideoSync, Refusal::NoItem);
        }
        has_item
    }

    /// Returns whether the user may do this now; if not, refuses the request immediately.
    fn may(&mut self, act: RoomAct) -> bool {
        let room = self.mirror.as_ref().filter(|_| self.phase == Phase::InRoom);
        let Some(answer) = room.map(|mirror| mirror.permits(act)) else {
            if let Some(request) = act.request() {
                self.event(Event::Offline(request));
            }
            return false;
        };
        if let (Err(reason), Some(request)) = (answer, act.request()) {
            self.refuse(request, reason);
        }
        answer.is_ok()
    }

    fn refuse(&mut self, request: Request, reason: Refusal) {
        self.event(Event::Refused {
            request,
            reason,
            retry_after: None,
        });
    }
}
