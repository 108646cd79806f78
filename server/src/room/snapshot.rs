//! A room as it is kept and comes back: what a store or another node needs of it.

use watchtogether_protocol::message::chat::ChatLine;
use watchtogether_protocol::timeline::Reason;
use watchtogether_protocol::{Cause, Item, ItemId, MediaTime, MemberId, Rate, ServerTime};

use super::chat::ChatLog;
use super::{Room, RoomConfig};

/// A room without its members: they come back by themselves.
#[derive(Clone, Debug, PartialEq)]
pub struct RoomRecord {
    /// What it was opened with; the epoch is the one that it was recorded in.
    pub config: RoomConfig,
    /// What is on.
    pub item: Option<(ItemId, Item)>,
    /// Where it is.
    pub position: MediaTime,
    /// How fast it plays.
    pub rate: Rate,
    /// Its chat.
    pub chat: Vec<ChatLine>,
    /// The number of the next member: a number is never given twice.
    pub next_member: u32,
}

impl Room {
    /// Returns the room as it is kept.
    pub fn record(&self, now: ServerTime) -> RoomRecord {
        RoomRecord {
            config: self.config.clone(),
            item: self.item.clone(),
            position: self.clamp(self.timeline.position_at(now)),
            rate: self.timeline.rate,
            chat: self.chat.lines(),
            next_member: self.next_member,
        }
    }

    /// Returns the room of a record in its next life: empty, paused where it was. `incarnation` is drawn anew.
    pub fn restore(record: RoomRecord, incarnation: u64, now: ServerTime) -> Self {
        let mut config = record.config;
        config.epoch.counter += 1;
        config.epoch.incarnation = incarnation;
        let mut room = Self::new(config, now);
        room.timeline.item = record.item.as_ref().map_or(ItemId(0), |(id, _)| *id);
        room.timeline.position = record.position;
        room.timeline.rate = record.rate;
        room.timeline.cause = Cause {
            who: None::<MemberId>,
            reason: Reason::Restored,
        };
        room.item = record.item;
        room.chat = ChatLog::from_lines(record.chat);
        room.next_member = record.next_member;
        room
    }
}
