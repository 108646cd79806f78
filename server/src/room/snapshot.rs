//! Storing a room and restoring it.
//!
//! A room is stored with its seats and a limited number of chat lines. Restored members get their seats back; the state of their
//! players is not stored, because they report it themselves. The position in a film is stored with the wall-clock time at which
//! it was passed. The next epoch of the room continues from there as if the server had kept running ([`Room::resume`]), or stays
//! paused there if nobody returns.

use std::collections::BTreeSet;
use std::time::Duration;

use watchtogether_protocol::item::FileMatch;
use watchtogether_protocol::message::chat::{ChatLine, Saved};
use watchtogether_protocol::message::roster::{Avatar, Member, MemberLink, PlayerState, Report, Role};
use watchtogether_protocol::message::settings::RoomSettings;
use watchtogether_protocol::time::WallTime;
use watchtogether_protocol::timeline::Reason;
use watchtogether_protocol::{
    Cause, Epoch, InviteToken, Item, ItemId, Length, MediaTime, MemberId, MemberName, Playback, Rate,
    Revision, RoomId, RoomName, ServerMessage, ServerTime,
};

use super::chat::ChatLog;
use super::hashes::{OwnerHash, Salt, TokenHash};
use super::member::Seat;
use super::removal::BanRecord;
use super::{Room, RoomConfig};
use crate::limits::{LimitValues, Limits};

/// The number of previous epochs that are stored. A member who missed more gets all the chat that there is.
const LIVES: usize = 8;

/// A room as it is stored, with everything that belongs to it.
#[derive(Clone, Debug, PartialEq)]
pub struct RoomRecord {
    /// The room itself.
    pub room: RoomRow,
    /// The seats.
    pub seats: Vec<SeatRecord>,
    /// Its chat, in order.
    pub chat: Vec<ChatLine>,
    /// The bans, oldest first.
    pub bans: Vec<BanRecord>,
}

/// A room without its seats and chat.
#[derive(Clone, Debug, PartialEq)]
pub struct RoomRow {
    /// The room's id.
    pub id: RoomId,
    /// The room's name.
    pub name: RoomName,
    /// The epoch in which the record was written.
    pub epoch: Epoch,
    /// The previous epochs, oldest first.
    pub lives: Vec<Life>,
    /// The invite token.
    pub invite: Option<InviteToken>,
    /// The room's settings.
    pub settings: RoomSettings,
    /// When the room was opened.
    pub created: WallTime,
    /// When somebody last did something in the room.
    pub last_active: WallTime,
    /// The number for the next member; numbers are never reused.
    pub next_member: u32,
    /// The host.
    pub host: Option<MemberId>,
    /// The member who lost the host role because their connection was lost for too long.
    pub lost_host: Option<MemberId>,
    /// The current item.
    pub item: Option<(ItemId, Item)>,
    /// The position in the item.
    pub place: SavedPosition,
    /// The salt for hashing addresses.
    pub salt: Salt,
    /// The hash of the owner's key; unknown for rooms that an older version of the program opened.
    pub owner: Option<OwnerHash>,
}

/// A previous epoch of a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Life {
    /// The epoch.
    pub epoch: Epoch,
    /// The last chat line of that epoch that was saved, so that the next epoch has it.
    pub chat: u64,
}

/// A room's position at a time of the wall clock, which survives a restart of the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SavedPosition {
    /// The position.
    pub position: MediaTime,
    /// When the position was, or will be, passed.
    pub at: WallTime,
    /// The rate.
    pub rate: Rate,
    /// Whether the room plays.
    pub is_playing: bool,
}

/// A stored seat.
#[derive(Clone, Debug, PartialEq)]
pub struct SeatRecord {
    /// The member's number.
    pub member: MemberId,
    /// The member's name.
    pub name: MemberName,
    /// The member's avatar.
    pub avatar: Avatar,
    /// The member's role.
    pub role: Role,
    /// When they entered.
    pub joined: WallTime,
    /// The token that takes the seat back.
    pub token: TokenHash,
    /// The token that was used last.
    pub used_token: Option<TokenHash>,
    /// Whether the member opened the room.
    pub is_owner: bool,
}

/// The changes of a room since the last write.
#[derive(Clone, Debug, PartialEq)]
pub struct RoomChange {
    /// The room without its seats and chat.
    pub room: RoomRow,
    /// The new or changed seats.
    pub seats: Vec<SeatRecord>,
    /// The members whose seats were removed.
    pub gone: Vec<MemberId>,
    /// The new chat lines.
    pub chat: Vec<ChatLine>,
    /// The new or changed bans.
    pub bans: Vec<BanRecord>,
    /// The numbers of the bans that have ended.
    pub lifted: Vec<u32>,
}

/// One write of a room.
#[derive(Clone, Debug, PartialEq)]
pub enum RoomWrite {
    /// The whole room, replacing everything stored about it.
    Whole(RoomRecord),
    /// The differences since the last write.
    Change(RoomChange),
}

/// The durability of a write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// The write must survive a power cut, because it contains somebody's action.
    Flushed,
    /// The write only needs to survive the end of the program, because it only updates the position of a film.
    Buffered,
}

/// The state that was last passed to the store, so that the next write contains only the differences.
#[derive(Debug, Default)]
pub(super) struct SavedState {
    acted: Option<SavedCore>,
    pub(super) seats: BTreeSet<MemberId>,
    pub(super) bans: BTreeSet<u32>,
    chat: u64,
}

/// The part of a room that only people's actions change, and that is therefore stored immediately.
#[derive(Clone, Debug, PartialEq, Eq)]
struct SavedCore {
    revision: Revision,
    settings: RoomSettings,
    host: Option<MemberId>,
    lost_host: Option<MemberId>,
    next_member: u32,
    length: Length,
}

/// A film that was interrupted by the end of its server.
#[derive(Clone, Copy, Debug)]
pub(super) struct Interrupted {
    position: MediaTime,
    at: ServerTime,
}

/// The parameters of a room's next epoch.
#[derive(Clone, Debug)]
pub struct NextLife {
    /// Generated for each epoch.
    pub incarnation: u64,
    /// The wall-clock time at the origin of the server's clock.
    pub wall_origin: WallTime,
    /// Whether the room is kept.
    pub is_kept: bool,
    /// The server's limits.
    pub limits: Limits,
}

impl Room {
    /// Returns the whole room for the store.
    pub fn record(&mut self, now: ServerTime) -> RoomRecord {
        self.kept = SavedState {
            acted: Some(self.acted()),
            seats: BTreeSet::new(),
            bans: BTreeSet::new(),
            chat: self.chat.last(),
        };
        RoomRecord {
            room: self.row(now),
            seats: self.seats.iter().map(SeatRecord::of).collect(),
            chat: self.chat.lines(),
            bans: self.bans.clone(),
        }
    }

    /// Returns whether anybody has acted since the last write.
    pub fn is_changed(&self) -> bool {
        self.kept.acted != Some(self.acted())
            || !self.kept.seats.is_empty()
            || !self.kept.bans.is_empty()
            || self.kept.chat != self.chat.last()
    }

    /// Returns the changes since the last write.
    pub fn changes(&mut self, now: ServerTime) -> RoomChange {
        let touched = std::mem::take(&mut self.kept.seats);
        // A touched seat that no longer exists was removed. Returning only the touched seats keeps a chat line in a room of 500
        // from writing 500 seats.
        let (seats, gone): (Vec<_>, Vec<_>) = touched.into_iter().partition(|id| self.seat(*id).is_some());
        let chat = self.chat.since(self.kept.chat);
        let touched = std::mem::take(&mut self.kept.bans);
        let bans: Vec<BanRecord> = self
            .bans
            .iter()
            .filter(|ban| touched.contains(&ban.number))
            .cloned()
            .collect();
        let is_lifted = |number: &u32| !bans.iter().any(|ban| ban.number == *number);
        let lifted = touched.iter().copied().filter(is_lifted).collect();
        self.kept.acted = Some(self.acted());
        self.kept.chat = self.chat.last();
        RoomChange {
            room: self.row(now),
            seats: seats
                .into_iter()
                .filter_map(|id| self.seat(id).map(SeatRecord::of))
                .collect(),
            gone,
            chat,
            bans,
            lifted,
        }
    }

    /// Updates the wall-clock time at the origin of the server's clock, which changes when the machine's clock is set. Stored
    /// times follow it; the room's own clock does not.
    pub const fn handle_wall_clock(&mut self, origin: WallTime) {
        self.config.wall_origin = origin;
    }

    /// Advances the room's wall clock by the time for which the machine was suspended, because the server's clock stops
    /// meanwhile.
    pub fn handle_suspended(&mut self, time: Duration) {
        self.clock_origin = self.clock_origin.after(time);
    }

    /// Returns whether the room was restored from a record.
    pub const fn is_restored(&self) -> bool {
        !self.lives.is_empty()
    }

    /// Returns when somebody last did something.
    pub const fn last_active(&self) -> WallTime {
        self.last_active
    }

    /// Returns the room's id.
    pub const fn id(&self) -> RoomId {
        self.config.id
    }

    /// Returns the number of the last chat line.
    pub const fn last_line(&self) -> u64 {
        self.chat.last()
    }

    /// Records that everything that was passed to the store, up to a chat line, is saved. Informs the authors of these lines, or
    /// everybody if saving failed before.
    pub fn handle_saved(&mut self, chat: u64) {
        let Some(saved) = &mut self.saved else { return };
        let before = std::mem::replace(
            saved,
            Saved {
                chat,
                is_failing: false,
            },
        );
        let message = ServerMessage::Saved(*saved);
        // Everybody was informed that saving failed, so everybody is informed that it works again, not only the authors.
        if before.is_failing {
            return self.broadcast(None, message);
        }
        let lines = self.chat.since(before.chat);
        let lines = lines.iter().take_while(|line| line.sequence <= chat);
        let authors: BTreeSet<MemberId> = lines.map(|line| line.from).collect();
        for author in authors {
            self.send(author, message.clone());
        }
    }

    /// Records that saving fails at present.
    pub fn handle_not_saved(&mut self) {
        let Some(saved) = &mut self.saved else { return };
        // Sent once: further failed attempts are no news.
        if !std::mem::replace(&mut saved.is_failing, true) {
            let message = ServerMessage::Saved(*saved);
            self.broadcast(None, message);
        }
    }

    /// Restores a room in its next epoch: all members are lost and keep their seats for the full time, and the film is paused
    /// where it was.
    pub fn restore(record: RoomRecord, life: NextLife, now: ServerTime) -> Self {
        let RoomRecord {
            room: row,
            seats,
            chat,
            bans,
        } = record;
        let config = RoomConfig {
            id: row.id,
            name: row.name,
            epoch: Epoch {
                // The incarnation distinguishes two servers that restore the same record: both would count to the same number.
                counter: row.epoch.counter + 1,
                incarnation: life.incarnation,
            },
            invite: row.invite,
            settings: row.settings,
            wall_origin: life.wall_origin,
            is_kept: life.is_kept,
            salt: row.salt,
            limits: life.limits.clone(),
        };
        let limits = life.limits;
        let mut room = Self::new(config, Rate::NORMAL, now);
        room.created = row.created;
        room.last_active = row.last_active;
        room.next_member = row.next_member;
        room.chat = ChatLog::from_lines(limits.rooms.chat_lines, chat);
        room.owner = row.owner;
        room.next_ban = bans.last().map_or(1, |ban| ban.number.wrapping_add(1));
        room.bans = bans;
        room.lives = row.lives;
        room.lives.push(Life {
            epoch: row.epoch,
            chat: room.chat.last(),
        });
        room.lives.drain(..room.lives.len().saturating_sub(LIVES));
        if let Some(saved) = &mut room.saved {
            saved.chat = room.chat.last();
        }
        room.timeline.item = row.item.as_ref().map_or(ItemId(0), |(id, _)| *id);
        room.item = row.item;
        room.timeline.position = room.clamp(row.place.position);
        room.timeline.rate = row.place.rate;
        room.timeline.cause = Cause {
            who: None,
            reason: Reason::Restored,
        };
        room.seats = seats.into_iter().map(|seat| seat.take(&limits, now)).collect();
        room.rename_reserved();
        room.host = row.host.filter(|id| room.seat(*id).is_some());
        room.lost_host = row.lost_host.filter(|id| room.seat(*id).is_some());
        // The record comes from the disk, so its chat need not be written. The room itself is written, because its epoch has
        // changed.
        room.kept.chat = room.chat.last();
        if !room.seats.is_empty() {
            room.empty_since = None;
            room.interrupted = row.place.is_playing.then(|| Interrupted {
                position: row.place.position,
                at: room.at(row.place.at),
            });
        }
        room.expire_bans(now);
        room
    }

    /// Continues a film that was interrupted by a restart of the server, because somebody who watched it is back. Does nothing if
    /// that took so long that the players have paused. Returns whether the film continues.
    pub(super) fn resume_film(&mut self, now: ServerTime) -> bool {
        let Some(film) = self.interrupted() else {
            return false;
        };
        // If the wall clock was set back, the film would begin in the future.
        let is_timely = film.at <= now + self.config.limits.playback.start_lead_max;
        if !is_timely || now.saturating_since(film.at) >= self.config.limits.seats.interruption {
            return false;
        }
        self.timeline.revision = self.timeline.revision.next();
        self.timeline.position = film.position;
        self.timeline.at = film.at;
        self.timeline.playback = Playback::Playing;
        true
    }

    /// Returns the film that was interrupted by a restart of the server, unless something has been done since.
    fn interrupted(&self) -> Option<Interrupted> {
        let is_untouched =
            self.timeline.playback == Playback::Paused && self.timeline.cause.reason == Reason::Restored;
        self.interrupted.filter(|_| is_untouched)
    }

    /// Returns whether the room has had this epoch before the current one.
    pub(super) fn is_former_life(&self, epoch: Epoch) -> bool {
        self.lives.iter().any(|life| life.epoch == epoch)
    }

    /// Returns the last chat line that this epoch has in common with a member who received `last` in the given epoch.
    pub(super) fn last_common_line(&self, (epoch, last): (Epoch, u64)) -> u64 {
        // `last` comes from the network and may be larger than the number of any line.
        if epoch == self.timeline.epoch {
            return last.min(self.chat.last());
        }
        let life = self.lives.iter().find(|life| life.epoch == epoch);
        // Lines after the stored one are lost, and their numbers are used again. The member needs all lines from there on.
        life.map_or(0, |life| last.min(life.chat))
    }

    fn acted(&self) -> SavedCore {
        SavedCore {
            revision: self.timeline.revision,
            settings: self.config.settings.clone(),
            host: self.host,
            lost_host: self.lost_host,
            next_member: self.next_member,
            length: self
                .item
                .as_ref()
                .map_or(Length::Unknown, |(_, item)| item.length),
        }
    }

    fn row(&self, now: ServerTime) -> RoomRow {
        RoomRow {
            id: self.config.id,
            name: self.config.name.clone(),
            epoch: self.timeline.epoch,
            lives: self.lives.clone(),
            invite: self.config.invite,
            settings: self.config.settings.clone(),
            created: self.created,
            last_active: self.last_active,
            next_member: self.next_member,
            host: self.host,
            lost_host: self.lost_host,
            item: self.item.clone(),
            place: self.place_at(now),
            salt: self.config.salt,
            owner: self.owner,
        }
    }

    /// Returns the room's position at an instant that the wall clock can express exactly.
    fn place_at(&self, now: ServerTime) -> SavedPosition {
        let rate = self.timeline.rate;
        // Nobody has come back yet. The original position and time must stay as they are, or each restart in between would shift
        // them.
        if let Some(film) = self.interrupted() {
            return SavedPosition {
                position: film.position,
                at: self.wall(film.at),
                rate,
                is_playing: true,
            };
        }
        // Stored times are whole milliseconds. Computing the position from the rounded time keeps position and time consistent.
        let at = self.wall(now.max(self.timeline.at));
        let position = self.timeline.position_at(self.at(at).max(self.timeline.at));
        SavedPosition {
            position: self.clamp(position),
            at,
            rate,
            is_playing: self.timeline.playback == Playback::Playing,
        }
    }

    /// Converts a time of the wall clock to the server's clock.
    pub(super) fn at(&self, wall: WallTime) -> ServerTime {
        ServerTime::from_millis(wall.0.saturating_sub(self.config.wall_origin.0))
    }
}

impl SeatRecord {
    fn of(seat: &Seat) -> Self {
        let Member {
            id,
            name,
            avatar,
            role,
            joined,
            link: _,
            report: _,
        } = seat.member.clone();
        Self {
            member: id,
            name,
            avatar,
            role,
            joined,
            token: seat.token,
            used_token: seat.used_token,
            is_owner: seat.is_owner,
        }
    }

    fn take(self, limits: &LimitValues, now: ServerTime) -> Seat {
        let member = Member {
            id: self.member,
            name: self.name,
            avatar: self.avatar,
            role: self.role,
            joined: self.joined,
            link: MemberLink::Lost,
            report: Report {
                player: PlayerState::None,
                file: FileMatch::Unknown,
            },
        };
        Seat {
            lost_since: Some(now),
            used_token: self.used_token,
            is_owner: self.is_owner,
            ..Seat::new(member, self.token, None, limits, now)
        }
    }
}
