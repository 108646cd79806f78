//! The room, pure: members' requests go in with the time, messages for the members come out.
//!
//! The room is the only writer of its [`Timeline`]. It orders the requests of hosts (the last one wins), schedules starts for an
//! instant that every member can meet, waits for late members with a deadline and never twice for the same, and is never moved by
//! anybody's position report. Lost members keep their seat for a while; a room without its host gets another.
//!
//! Contract: call one `handle_*` (or [`Room::enter`], [`Room::resume`]), then drain [`Room::poll_output`], then the next; call
//! [`Room::handle_timeout`] when [`Room::poll_timeout`] says so.

mod chat;
pub mod command;
pub mod hashes;
mod member;
pub mod output;
mod playback;
mod presence;
pub mod removal;
pub mod snapshot;
mod undo;

use std::collections::VecDeque;

use watchtogether_protocol::message::chat::{ChatLine, Saved, SendChat};
use watchtogether_protocol::message::clock::{MemberSample, Telemetry};
use watchtogether_protocol::message::playback::VideoStateChanged;
use watchtogether_protocol::message::room::{Refusal, Refused, Request, RoomChanged, RoomSnapshot, SetRoom};
use watchtogether_protocol::message::settings::{RoomSettings, Setting};
use watchtogether_protocol::permission::RoomAct;
use watchtogether_protocol::time::WallTime;
use watchtogether_protocol::timeline::Reason;
use watchtogether_protocol::{
    Cause, Epoch, InviteToken, Item, ItemId, MediaTime, MemberId, Playback, Rate, Revision, RoomId, RoomName,
    ServerMessage, ServerTime, Timeline, limits,
};

use self::chat::ChatLog;
use self::command::RoomCommand;
use self::hashes::{OwnerHash, Salt};
use self::member::{ChatReceipt, Seat};
use self::output::RoomOutput;
use self::playback::StartDeadline;
use self::removal::BanRecord;
use self::snapshot::{Interrupted, Life, SavedState};
use self::undo::{LastChange, StateBefore};
use crate::limits::Limits;
use crate::rate_limit::TokenBucket;

/// The configuration of a room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoomConfig {
    /// The room's id, which does not depend on its name; drawn by the shell.
    pub id: RoomId,
    /// The room's name.
    pub name: RoomName,
    /// The room's first life; the shell draws the incarnation.
    pub epoch: Epoch,
    /// The token that admits others, if the room requires one; sent to its hosts.
    pub invite: Option<InviteToken>,
    /// Its settings.
    pub settings: RoomSettings,
    /// The wall-clock time at the origin of the server's clock.
    pub wall_origin: WallTime,
    /// Whether the room is kept beyond the server's life.
    pub is_kept: bool,
    /// The salt for hashing addresses; drawn by the shell.
    pub salt: Salt,
    /// The server's limits.
    pub limits: Limits,
}

/// A room.
#[derive(Debug)]
pub struct Room {
    config: RoomConfig,
    seats: Vec<Seat>,
    next_member: u32,
    host: Option<MemberId>,
    /// The member who was host until their link was lost for too long; becomes host again on coming back.
    lost_host: Option<MemberId>,
    item: Option<(ItemId, Item)>,
    timeline: Timeline,
    /// The revision in which the place (the item and position that everybody goes to) last changed: readiness counts from there.
    place: Revision,
    waiting: Option<StartDeadline>,
    /// The revision in which the item was put on. A position requested before it belongs to another item.
    item_since: Revision,
    /// The member who put the item on. Their later requests arrive behind it and therefore mean this item. `None` if an undo or a
    /// restart brought it back.
    item_by: Option<MemberId>,
    /// The members that the room waits for, as everybody was last told.
    announced_missing: Vec<MemberId>,
    /// The budget for telling them.
    missing_budget: TokenBucket,
    /// Whether the members' list of awaited members is outdated because the budget did not allow an update.
    is_missing_unannounced: bool,
    /// The last change, if it can be undone.
    last_change: Option<LastChange>,
    /// The number of undoable changes in this life.
    changes: u32,
    chat: ChatLog,
    /// The bans, oldest first.
    bans: Vec<BanRecord>,
    next_ban: u32,
    /// The hash of the owner's key, who may take the room back from whoever is host.
    owner: Option<OwnerHash>,
    /// How much of the room is on the disk, as members know it; `None` if it is not kept.
    saved: Option<Saved>,
    /// The state that was last handed out to be stored.
    kept: SavedState,
    /// The room's former lives, oldest first.
    lives: Vec<Life>,
    /// The film that the end of the last former life interrupted.
    interrupted: Option<Interrupted>,
    /// The room's wall clock at the origin of the server's clock: the machine's wall clock when this life began. Unlike
    /// [`RoomConfig::wall_origin`] it ignores that the machine's clock is set, so that displayed times never jump.
    clock_origin: WallTime,
    created: WallTime,
    last_active: WallTime,
    empty_since: Option<ServerTime>,
    /// The position at which the next digest continues its round of the members who are not among the worst.
    digest_turn: usize,
    outputs: VecDeque<RoomOutput>,
}

impl Room {
    /// Returns an empty room.
    pub fn new(config: RoomConfig, now: ServerTime) -> Self {
        let timeline = Timeline {
            epoch: config.epoch,
            revision: Revision(1),
            item: ItemId(0),
            position: MediaTime::ZERO,
            at: now,
            rate: Rate::NORMAL,
            playback: Playback::Paused,
            cause: Cause {
                who: None,
                reason: Reason::Opened,
            },
        };
        let clock_origin = config.wall_origin;
        let opened = wall(clock_origin, now);
        Self {
            saved: config.is_kept.then(Saved::default),
            missing_budget: TokenBucket::new(config.limits.rooms.missing),
            chat: ChatLog::new(config.limits.rooms.chat_lines),
            config,
            seats: Vec::new(),
            next_member: 1,
            host: None,
            lost_host: None,
            item: None,
            timeline,
            place: Revision(1),
            item_since: Revision(1),
            item_by: None,
            waiting: None,
            announced_missing: Vec::new(),
            is_missing_unannounced: false,
            last_change: None,
            changes: 0,
            bans: Vec::new(),
            next_ban: 1,
            owner: None,
            clock_origin,
            created: opened,
            last_active: opened,
            lives: Vec::new(),
            interrupted: None,
            kept: SavedState::default(),
            empty_since: Some(now),
            digest_turn: 0,
            outputs: VecDeque::new(),
        }
    }

    /// Carries out or refuses a member's request.
    pub fn handle_command(&mut self, from: MemberId, command: RoomCommand, now: ServerTime) {
        let Some(speaker) = self.seat_mut(from) else {
            return;
        };
        // Only a client that has asked for the clock owes signs of life; one that never did must not count as silent.
        speaker.heard = speaker.heard.map(|_before| now);
        // A member who sends anything in the room was admitted, and so has received the new token. The used one is no longer
        // needed.
        if speaker.used_token.take().is_some() {
            self.kept.seats.insert(from);
        }
        self.note_heard(from, now);
        match command {
            RoomCommand::VideoSync(sync) => self.handle_video_sync(from, sync, now),
            RoomCommand::SetVideo(video) => self.handle_set_video(from, video, now),
            RoomCommand::SetLength(length) => self.handle_set_length(from, length, now),
            RoomCommand::Chat(chat) => self.handle_chat(from, chat, now),
            RoomCommand::Ready(ready) => self.handle_ready(from, ready, now),
            RoomCommand::Report(report) => self.handle_report(from, report, now),
            RoomCommand::TransferHost(transfer) => self.handle_transfer(from, transfer, now),
            RoomCommand::GoOn(go_on) => self.handle_go_on(from, go_on, now),
            RoomCommand::SetRoom(set) => self.handle_set_room(from, set, now),
            RoomCommand::Undo(undo) => self.handle_undo(from, undo, now),
            RoomCommand::Remove(remove) => self.handle_remove(from, remove, now),
            RoomCommand::Unban(unban) => self.handle_unban(from, unban, now),
            RoomCommand::Leave => self.handle_leave(from, now),
        }
    }

    /// Takes in a member's telemetry. It shows that the client responds, and how far ahead a start must be scheduled.
    pub fn handle_telemetry(&mut self, from: MemberId, telemetry: Telemetry, now: ServerTime) {
        if let Some(seat) = self.seat_mut(from) {
            seat.telemetry = telemetry;
            seat.heard = Some(now);
            self.note_heard(from, now);
        }
    }

    /// Sends the whole record to a member who seems to have an older one.
    pub fn handle_stale_revision(&mut self, from: MemberId) {
        let state = self.state();
        self.send(from, ServerMessage::VideoStateChanged(state));
    }

    /// Does everything that is due.
    pub fn handle_timeout(&mut self, now: ServerTime) {
        self.expire_seats(now);
        self.expire_silent(now);
        self.apply_held_back(now);
        self.send_reports(now);
        self.send_missing(now);
        self.expire_playback(now);
        self.expire_bans(now);
    }

    /// Returns when [`Self::handle_timeout`] is due, and why.
    pub fn poll_timeout(&self) -> Option<(ServerTime, &'static str)> {
        [
            self.presence_timeout(),
            self.silence_timeout(),
            self.held_back_timeout(),
            self.reports_timeout(),
            self.missing_timeout(),
            self.playback_timeout(),
            self.bans_timeout(),
        ]
        .into_iter()
        .flatten()
        .min_by_key(|(at, _)| *at)
    }

    /// Returns the next thing to do.
    pub fn poll_output(&mut self) -> Option<RoomOutput> {
        self.outputs.pop_front()
    }

    /// Returns the room's name.
    pub const fn name(&self) -> &RoomName {
        &self.config.name
    }

    /// Returns the timeline.
    pub const fn timeline(&self) -> &Timeline {
        &self.timeline
    }

    /// Returns the host.
    pub const fn host(&self) -> Option<MemberId> {
        self.host
    }

    /// Returns how many seats are taken.
    pub fn len(&self) -> usize {
        self.seats.len()
    }

    /// Returns whether no seat is taken.
    pub fn is_empty(&self) -> bool {
        self.seats.is_empty()
    }

    /// Returns since when no seat is taken.
    pub const fn empty_since(&self) -> Option<ServerTime> {
        self.empty_since
    }

    /// Returns telemetry for the next clock answers: the members with the largest drift first, the rest in turn.
    pub fn digest(&mut self) -> Vec<MemberSample> {
        // Half of the digest is for the members who need attention; the other half makes sure that nobody's figures stay old.
        let worst = limits::DIGEST_MEMBERS / 2;
        let mut seats: Vec<&Seat> = self.seats.iter().collect();
        seats.sort_by_key(|seat| std::cmp::Reverse(seat.telemetry.drift_p95_us));
        let mut chosen: Vec<&Seat> = seats.iter().copied().take(worst).collect();
        let rest = seats.get(worst..).unwrap_or_default();
        let turns = rest.len().min(limits::DIGEST_MEMBERS - worst);
        let start = self.digest_turn;
        chosen.extend((0..turns).filter_map(|i| rest.get((start + i) % rest.len()).copied()));
        let digest = chosen
            .iter()
            .map(|s| MemberSample {
                member: s.id(),
                telemetry: s.telemetry,
            })
            .collect();
        self.digest_turn = self.digest_turn.wrapping_add(turns);
        digest
    }

    fn handle_chat(&mut self, from: MemberId, chat: SendChat, now: ServerTime) {
        // A repeated line was sent because its sender did not hear it come back. It is answered without touching the budget.
        if let Some(line) = self.chat.find(from, chat.id) {
            let line = line.clone();
            return self.send(from, ServerMessage::Chat(line));
        }
        let (sequence, at) = (self.chat.next_sequence(), self.room_wall(now));
        let Some(seat) = self.seat_mut(from) else { return };
        let line = |seat: &Seat, receipt: ChatReceipt| ChatLine {
            sequence: receipt.sequence,
            id: receipt.id,
            from,
            name: seat.member.name.clone(),
            text: chat.text,
            at: receipt.at,
            position: chat.position,
        };
        if let Some(receipt) = seat.last_receipt.filter(|receipt| receipt.id == chat.id) {
            // The log has dropped the line since then, because so many followed.
            let line = line(seat, receipt);
            return self.send(from, ServerMessage::Chat(line));
        }
        if let Err(wait) = seat.chat_budget.take(now) {
            return self.refuse_for(from, Request::Chat, Refusal::RateLimited, wait);
        }
        let receipt = ChatReceipt {
            id: chat.id,
            sequence,
            at,
        };
        seat.last_receipt = Some(receipt);
        let line = line(seat, receipt);
        self.last_active = self.wall(now);
        self.chat.push(line.clone());
        self.broadcast(None, ServerMessage::Chat(line));
    }

    fn handle_set_room(&mut self, from: MemberId, set: SetRoom, now: ServerTime) {
        if !self.allows(from, RoomAct::Set) {
            return;
        }
        if self.config.settings.like(&set.setting) == set.setting {
            return;
        }
        self.last_active = self.wall(now);
        let before = self.set(set.setting, from, false);
        self.keep(from, StateBefore::Setting(before), now);
    }

    /// Changes a setting and returns its previous value.
    fn set(&mut self, setting: Setting, by: MemberId, is_undo: bool) -> Setting {
        let before = self.config.settings.set(&setting);
        self.broadcast(
            None,
            ServerMessage::RoomChanged(RoomChanged { setting, by, is_undo }),
        );
        before
    }

    /// Returns the room in full.
    fn room_snapshot(&self) -> RoomSnapshot {
        RoomSnapshot {
            id: self.config.id,
            name: self.config.name.clone(),
            host: self.host,
            members: self.seats.iter().map(|seat| seat.member.clone()).collect(),
            item: self.item.clone(),
            state: self.state(),
            settings: self.config.settings.clone(),
            created: self.created,
            last_active: self.on_room_clock(self.last_active),
        }
    }

    fn state(&self) -> VideoStateChanged {
        let waiting_for = match self.timeline.playback {
            Playback::Preparing => self.missing(),
            Playback::Paused | Playback::Playing => Vec::new(),
        };
        VideoStateChanged {
            timeline: self.timeline,
            waiting_for,
        }
    }

    fn missing(&self) -> Vec<MemberId> {
        let missing = self.seats.iter().filter(|seat| seat.is_missing());
        missing.map(Seat::id).collect()
    }

    fn seat(&self, id: MemberId) -> Option<&Seat> {
        self.seats.iter().find(|seat| seat.id() == id)
    }

    fn seat_mut(&mut self, id: MemberId) -> Option<&mut Seat> {
        self.seats.iter_mut().find(|seat| seat.id() == id)
    }

    /// Returns the machine's wall clock at an instant, for values that are stored and compared in a later life.
    fn wall(&self, at: ServerTime) -> WallTime {
        wall(self.config.wall_origin, at)
    }

    /// Returns the room's wall clock at an instant, for values that members see.
    fn room_wall(&self, at: ServerTime) -> WallTime {
        wall(self.clock_origin, at)
    }

    /// Returns a time of the machine's wall clock as the room's clock says it.
    const fn on_room_clock(&self, machine: WallTime) -> WallTime {
        let (ours, machines) = (self.clock_origin.0, self.config.wall_origin.0);
        WallTime(if ours >= machines {
            machine.0.saturating_add(ours - machines)
        } else {
            machine.0.saturating_sub(machines - ours)
        })
    }

    fn send(&mut self, to: MemberId, message: ServerMessage) {
        self.outputs.push_back(RoomOutput::Send {
            to,
            message: Box::new(message),
        });
    }

    fn broadcast(&mut self, except: Option<MemberId>, message: ServerMessage) {
        self.outputs.push_back(RoomOutput::Broadcast {
            except,
            message: Box::new(message),
        });
    }

    /// Returns whether a member may do something.
    fn may(&self, member: MemberId, act: RoomAct) -> bool {
        self.seat(member)
            .is_some_and(|seat| seat.asker().may(act).is_ok())
    }

    /// Returns whether a member may do this; if not, refuses the request.
    fn allows(&mut self, from: MemberId, act: RoomAct) -> bool {
        let answer = self.seat(from).map(|seat| seat.asker().may(act));
        if let (Some(Err(why)), Some(request)) = (answer, act.request()) {
            self.refuse(from, request, why);
        }
        matches!(answer, Some(Ok(())))
    }

    fn refuse(&mut self, to: MemberId, request: Request, why: Refusal) {
        self.send(
            to,
            ServerMessage::Refused(Refused {
                request,
                why,
                retry_after_ms: 0,
            }),
        );
    }

    fn refuse_for(&mut self, to: MemberId, request: Request, why: Refusal, wait: std::time::Duration) {
        // Rounded up: zero would mean that waiting does not help.
        let retry_after_ms = wait.as_micros().div_ceil(1_000).try_into().unwrap_or(u32::MAX);
        self.send(
            to,
            ServerMessage::Refused(Refused {
                request,
                why,
                retry_after_ms,
            }),
        );
    }
}

fn wall(origin: WallTime, at: ServerTime) -> WallTime {
    WallTime(origin.0.saturating_add(at.as_nanos() / 1_000_000))
}

#[cfg(test)]
mod tests;
