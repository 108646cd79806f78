//! Removing members and banning them.
//!
//! A host or co-host may remove any member except the host, the room's owner and themselves. A ban also excludes anyone with the
//! tokens of the removed seat, with the same or a similar-looking name, or from the same address. Friends share addresses, and
//! providers reassign them, so an address is banned for a shorter time, and not at all if a host or co-host has it too; otherwise
//! a host could lock themselves out. Nothing stronger is possible without accounts: a person with the invite, another name and
//! another address gets in.

use watchtogether_protocol::close::CloseCode;
use watchtogether_protocol::message::removal::{Ban, Bans, Remove, Unban};
use watchtogether_protocol::message::room::{Refusal, Request};
use watchtogether_protocol::message::roster::{LeaveReason, UserLeft};
use watchtogether_protocol::permission::RoomAct;
use watchtogether_protocol::time::WallTime;
use watchtogether_protocol::{MemberId, MemberName, ServerMessage, ServerTime, Token};

use super::Room;
use super::hashes::{AddressHash, TokenHash};
use super::output::RoomOutput;
use crate::limits::RoomLimits;

/// A stored ban.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BanRecord {
    /// The ban's number, increasing within the room.
    pub number: u32,
    /// The name of the banned member.
    pub name: MemberName,
    /// The current and the previous token of the removed seat.
    pub tokens: Vec<TokenHash>,
    /// The hash of the member's address, for as long as the address is banned.
    pub address: Option<AddressHash>,
    /// When the member was banned.
    pub at: WallTime,
}

impl BanRecord {
    fn until(&self, limits: &RoomLimits) -> WallTime {
        self.at.after(limits.ban)
    }

    /// Returns when the next part of the ban expires.
    fn changes(&self, limits: &RoomLimits) -> WallTime {
        if self.address.is_some() {
            self.at.after(limits.ban_address)
        } else {
            self.until(limits)
        }
    }
}

impl Room {
    pub(super) fn handle_remove(&mut self, from: MemberId, remove: Remove, now: ServerTime) {
        let Remove { member, is_ban } = remove;
        if !self.allows(from, RoomAct::Remove) {
            return;
        }
        let Some(seat) = self.seat(member) else {
            return self.refuse(from, Request::Remove, Refusal::NoSuchMember);
        };
        if member == from {
            return self.refuse(from, Request::Remove, Refusal::NotRemovable);
        }
        if let Err(reason) = seat.asker().may_be_removed() {
            return self.refuse(from, Request::Remove, reason);
        }
        if is_ban {
            self.ban(member, now);
        }
        let by = from;
        let reason = if is_ban {
            LeaveReason::Banned { by }
        } else {
            LeaveReason::Kicked { by }
        };
        // This is the last message to the removed member; later changes of the room do not concern them.
        self.send(member, ServerMessage::UserLeft(UserLeft { id: member, reason }));
        let code = CloseCode::Removed;
        self.outputs.push_back(RoomOutput::Close { member, code });
        self.remove(member, reason, now);
        if is_ban {
            self.send_bans();
        }
    }

    pub(super) fn handle_unban(&mut self, from: MemberId, unban: Unban, now: ServerTime) {
        if !self.allows(from, RoomAct::Unban) {
            return;
        }
        if !self.bans.iter().any(|ban| ban.number == unban.number) {
            return self.refuse(from, Request::Unban, Refusal::NoSuchBan);
        }
        self.last_active = self.wall(now);
        self.lift(|ban| ban.number == unban.number);
        self.send_bans();
    }

    /// Returns whether a newcomer with this name or address is banned.
    pub(super) fn is_banned(&self, name: &MemberName, address: AddressHash) -> bool {
        self.bans.iter().any(|ban| ban.address == Some(address)) || self.is_name_banned(name)
    }

    pub(super) fn is_name_banned(&self, name: &MemberName) -> bool {
        let looks = name.skeleton();
        self.bans.iter().any(|ban| ban.name.skeleton() == looks)
    }

    /// Returns whether a token belonged to the seat of a banned member.
    pub(super) fn is_token_banned(&self, token: &Token) -> bool {
        let hash = TokenHash::of(token);
        self.bans.iter().any(|ban| ban.tokens.contains(&hash))
    }

    pub(super) fn bans_timeout(&self) -> Option<(ServerTime, &'static str)> {
        let limits = &self.config.limits.rooms;
        let changes = self.bans.iter().map(|ban| ban.changes(limits)).min()?;
        Some((self.at(changes), "a ban is over"))
    }

    pub(super) fn expire_bans(&mut self, now: ServerTime) {
        let (now, limits) = (self.wall(now), self.config.limits.rooms);
        for ban in &mut self.bans {
            if ban.address.is_some() && ban.changes(&limits) <= now {
                ban.address = None;
                self.kept.bans.insert(ban.number);
            }
        }
        if self.lift(|ban| ban.until(&limits) <= now) {
            self.send_bans();
        }
    }

    /// Sends the list of bans to a member, if there are any and the member is host or co-host.
    pub(super) fn send_bans_to(&mut self, member: MemberId) {
        if !self.bans.is_empty() && self.may(member, RoomAct::SeeBans) {
            let bans = self.bans_message();
            self.send(member, bans);
        }
    }

    fn send_bans(&mut self) {
        let bans = self.bans_message();
        let seats = self.seats.iter();
        let receivers = seats.filter(|seat| seat.asker().may(RoomAct::SeeBans).is_ok());
        let receivers: Vec<MemberId> = receivers.map(super::Seat::id).collect();
        for member in receivers {
            self.send(member, bans.clone());
        }
    }

    fn bans_message(&self) -> ServerMessage {
        let bans = self.bans.iter().map(|ban| Ban {
            number: ban.number,
            name: ban.name.clone(),
            until: self.on_room_clock(ban.until(&self.config.limits.rooms)),
        });
        ServerMessage::Bans(Bans { bans: bans.collect() })
    }

    fn ban(&mut self, member: MemberId, now: ServerTime) {
        let at = self.wall(now);
        let Some(seat) = self.seat(member) else { return };
        let number = self.next_ban;
        let mut hosts = self
            .seats
            .iter()
            .filter(|seat| seat.asker().may(RoomAct::Remove).is_ok());
        let is_shared = hosts.any(|host| host.address == seat.address);
        let ban = BanRecord {
            number,
            name: seat.member.name.clone(),
            tokens: std::iter::once(seat.token).chain(seat.used_token).collect(),
            address: seat.address.filter(|_| !is_shared),
            at,
        };
        self.next_ban = number.wrapping_add(1);
        self.bans.push(ban);
        self.kept.bans.insert(number);
        let surplus = self.bans.len().saturating_sub(self.config.limits.rooms.bans);
        let oldest: Vec<u32> = self.bans.iter().take(surplus).map(|ban| ban.number).collect();
        self.lift(|ban| oldest.contains(&ban.number));
    }

    /// Lifts the matching bans; returns whether there were any.
    fn lift(&mut self, is_meant: impl Fn(&BanRecord) -> bool) -> bool {
        let lifted: Vec<u32> = self
            .bans
            .extract_if(.., |ban| is_meant(ban))
            .map(|ban| ban.number)
            .collect();
        self.kept.bans.extend(&lifted);
        !lifted.is_empty()
    }
}
