//! Presence: members who enter, leave, get lost and come back, and who is host.

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::time::Duration;

use watchtogether_protocol::close::CloseCode;
use watchtogether_protocol::message::clock::{AreYouThere, Telemetry};
use watchtogether_protocol::message::room::{Entered, Refusal, Request, TransferHost};
use watchtogether_protocol::message::roster::{
    Avatar, HostChangeReason, HostChanged, LeaveReason, Member, MemberLink, Report, Role, UserLeft,
};
use watchtogether_protocol::permission::RoomAct;
use watchtogether_protocol::{
    Epoch, MemberId, MemberName, Playback, ServerMessage, ServerTime, Token, limits,
};

use super::Room;
use super::command::Newcomer;
use super::hashes::{AddressHash, OwnerHash, TokenHash};
use super::member::Seat;
use super::output::RoomOutput;
use super::undo::StateBefore;

/// The delay of a timer above which the server or its machine must have been suspended; ordinary work does not delay a timer that
/// much.
const SUSPENSION_THRESHOLD: Duration = Duration::from_secs(1);

/// How long a client that was asked for a sign of life has to answer: two tries on a slow path that loses packets.
const ANSWER: Duration = Duration::from_millis(1_500);

/// The name for a member whose own name cannot be used.
const FALLBACK_NAME: &str = "guest";

impl Room {
    /// Gives a newcomer a seat; the first member becomes host. The caller has checked that the newcomer may enter.
    pub fn enter(&mut self, newcomer: Newcomer, now: ServerTime) -> Result<MemberId, Refusal> {
        if self.seats.len() >= self.config.limits.rooms.members {
            return Err(Refusal::RoomFull);
        }
        let address = AddressHash::of(self.config.salt, newcomer.address);
        let is_first = self.next_member == 1;
        if is_first {
            self.owner = newcomer.owner.as_ref().map(OwnerHash::of);
        }
        let owner = self.owner.as_ref().zip(newcomer.owner.as_ref());
        let is_owner = owner.is_some_and(|(owner, key)| owner.matches(key));
        if newcomer.name.is_for_owner() && !is_owner {
            return Err(Refusal::NameReserved);
        }
        if !is_owner && self.is_banned(&newcomer.name, address) {
            return Err(Refusal::Banned);
        }
        let id = MemberId(self.next_member);
        self.next_member += 1;
        let name = self.free_name(&newcomer.name);
        let avatar = newcomer.avatar.unwrap_or_else(|| Avatar::of_name(&name));
        let member = Member {
            id,
            name,
            avatar,
            role: Role::Viewer,
            joined: self.room_wall(now),
            link: MemberLink::Up,
            report: Report::NONE,
        };
        let seat = Seat {
            is_owner,
            ..Seat::new(
                member,
                TokenHash::of(&newcomer.token),
                Some(address),
                &self.config.limits,
                now,
            )
        };
        self.seats.push(seat);
        self.kept.seats.insert(id);
        self.empty_since = None;
        self.last_active = self.wall(now);
        if self.host.is_none() {
            self.set_host_role(id);
        }
        let entered = self.entered(id, newcomer.token, None, now);
        self.send(
            id,
            if is_first {
                ServerMessage::RoomCreated(entered)
            } else {
                ServerMessage::RoomJoined(entered)
            },
        );
        self.send_bans_to(id);
        self.note_arrival(id, now);
        Ok(id)
    }

    /// Gives a lost or replaced member their seat back. `next` is the replacement token; `seen` is the last chat line that the
    /// member received, with its epoch, or the default for a client that has just started. A film that was interrupted by the
    /// restart continues.
    pub fn resume(
        &mut self,
        token: &Token,
        next: Token,
        seen: (Epoch, u64),
        address: IpAddr,
        now: ServerTime,
    ) -> Result<MemberId, Refusal> {
        let shown = TokenHash::of(token);
        let found = self.seats.iter_mut().find(|seat| {
            // The message with the new token may have been lost with its connection, so the used one stays valid until the member
            // has sent a message.
            let is_used = seat.used_token.as_ref().is_some_and(|used| used.matches(&shown));
            // Both comparisons run, so that the time does not reveal which one matched.
            seat.token.matches(&shown) | is_used
        });
        let Some(seat) = found else {
            let is_banned = self.is_token_banned(token);
            return Err(if is_banned {
                Refusal::Banned
            } else {
                Refusal::SeatGone
            });
        };
        seat.resume_budget
            .take(now)
            .map_err(|_wait| Refusal::RateLimited)?;
        let id = seat.id();
        seat.token = TokenHash::of(&next);
        seat.used_token = Some(shown);
        seat.address = Some(AddressHash::of(self.config.salt, address));
        seat.lost_since = None;
        // Silence counts only from the first clock request on the new connection.
        seat.heard = None;
        seat.is_asked = false;
        seat.is_ready = false;
        // The player has to load again; a playing room is not paused for that.
        seat.is_excused = true;
        seat.following_since = None;
        seat.dry_since = None;
        // Telemetry of the previous connection would make the member appear in sync and influence start delays.
        seat.telemetry = Telemetry::default();
        let was_lost = seat.member.link != MemberLink::Up;
        seat.member.link = MemberLink::Up;
        self.kept.seats.insert(id);
        let reclaims = self.lost_host == Some(id);
        if reclaims {
            self.lost_host = None;
        }
        if reclaims || self.host.is_none() {
            self.set_host_role(id);
        }
        // A client that has just started knows no previous epoch of the room, and its player did not keep playing without the
        // server.
        let was_watching = self.is_former_life(seen.0);
        let goes_on = was_watching && self.resume_film(now);
        let entered = self.entered(id, next, Some(self.last_common_line(seen)), now);
        self.send(id, ServerMessage::RoomJoined(entered));
        self.send_bans_to(id);
        if goes_on {
            let state = self.state();
            self.broadcast(Some(id), ServerMessage::VideoStateChanged(state));
        }
        // Announce the return before anything else about the member.
        if was_lost {
            self.announce(id, now);
        }
        if reclaims {
            let reason = HostChangeReason::Reclaimed;
            self.broadcast(None, ServerMessage::HostChanged(HostChanged { host: id, reason }));
        }
        // The member loads again and is excused until then, so there may be nobody left to wait for.
        self.recheck_waiting(now);
        Ok(id)
    }

    /// Records that a message arrived from a member's client; a silent client counts as reachable again.
    pub(super) fn note_heard(&mut self, id: MemberId, now: ServerTime) {
        let Some(seat) = self.seat_mut(id) else { return };
        seat.is_asked = false;
        if seat.member.link == MemberLink::Silent {
            seat.member.link = MemberLink::Up;
            self.announce(id, now);
            self.recheck_waiting(now);
        }
    }

    /// Returns when the next silent client is asked for a ping or counts as silent.
    pub(super) fn silence_timeout(&self) -> Option<(ServerTime, &'static str)> {
        let at = self.seats.iter().filter_map(|seat| self.check_due(seat)).min()?;
        Some((at, "a client says nothing"))
    }

    /// Asks the silent clients for a ping, and marks those as silent that do not answer.
    pub(super) fn expire_silent(&mut self, now: ServerTime) {
        // If the server was suspended, unread messages are waiting and the members were not silent.
        let late = self
            .silence_timeout()
            .map_or(Duration::ZERO, |(due, _)| now.saturating_since(due));
        if late > SUSPENSION_THRESHOLD {
            for seat in &mut self.seats {
                seat.heard = seat.heard.map(|heard| (heard + late).min(now));
            }
            return;
        }
        let due: Vec<(MemberId, bool)> = self
            .seats
            .iter()
            .filter(|seat| self.check_due(seat).is_some_and(|due| now >= due))
            .map(|seat| (seat.id(), seat.is_asked))
            .collect();
        for (id, was_asked) in due {
            if was_asked {
                if let Some(seat) = self.seat_mut(id) {
                    seat.member.link = MemberLink::Silent;
                }
                self.announce(id, now);
                self.recheck_waiting(now);
            } else {
                if let Some(seat) = self.seat_mut(id) {
                    seat.is_asked = true;
                }
                self.send(id, ServerMessage::AreYouThere(AreYouThere));
            }
        }
    }

    /// Returns when a client that is silent until then has to be asked for a sign of life or, if it has been asked, counts as silent.
    fn check_due(&self, seat: &Seat) -> Option<ServerTime> {
        let silent = self.silent_at(seat)?;
        Some(if seat.is_asked {
            silent
        } else {
            silent.saturating_sub(ANSWER)
        })
    }

    /// Returns when a client that was heard before will count as silent.
    fn silent_at(&self, seat: &Seat) -> Option<ServerTime> {
        let heard = seat.heard.filter(|_| seat.member.link == MemberLink::Up)?;
        let limits = &self.config.limits.seats;
        let standing = heard + limits.silent_standing;
        if self.timeline.playback != Playback::Playing {
            return Some(standing);
        }
        // Before the room began to play, the client sent as rarely as in a paused room.
        Some(standing.min(heard.max(self.timeline.at) + limits.silent))
    }

    /// Marks a member as disconnected since `last_heard`, when the client last sent something. The seat is kept.
    pub fn handle_link_lost(&mut self, id: MemberId, last_heard: ServerTime, now: ServerTime) {
        let Some(seat) = self.seat_mut(id) else { return };
        seat.lost_since = Some(last_heard);
        seat.member.link = MemberLink::Lost;
        // A member who is gone cannot see the effect of a request that is still waiting.
        seat.held_back = None;
        self.announce(id, now);
        self.recheck_waiting(now);
    }

    /// Removes a member whose connection broke the rules.
    pub fn handle_disconnected(&mut self, id: MemberId, now: ServerTime) {
        self.remove(id, LeaveReason::Disconnected, now);
    }

    pub(super) fn handle_leave(&mut self, id: MemberId, now: ServerTime) {
        self.outputs.push_back(RoomOutput::Close {
            member: id,
            code: CloseCode::Left,
        });
        self.remove(id, LeaveReason::Left, now);
    }

    pub(super) fn handle_transfer(&mut self, from: MemberId, transfer: TransferHost, now: ServerTime) {
        let takes_back = transfer.to == from && self.may(from, RoomAct::TakeBack);
        if !takes_back && !self.allows(from, RoomAct::HandOver) {
            return;
        }
        if self.seat(transfer.to).is_none() {
            return self.refuse(from, Request::TransferHost, Refusal::NoSuchMember);
        }
        self.last_active = self.wall(now);
        if self.host != Some(transfer.to) {
            let before = self.host;
            let reason = if takes_back {
                HostChangeReason::Reclaimed
            } else {
                HostChangeReason::Transferred
            };
            self.make_host(transfer.to, reason);
            if let Some(before) = before {
                self.keep(from, StateBefore::Host(before), now);
            }
        }
    }

    pub(super) fn presence_timeout(&self) -> Option<(ServerTime, &'static str)> {
        let limits = &self.config.limits.seats;
        let seats = self.seats.iter().filter_map(|seat| {
            let lost = seat.lost_since?;
            // Without a successor, the host keeps the seat for the full time: nobody else could take over.
            let passes_on = self.host == Some(seat.id()) && self.successor(lost).is_some();
            Some(if passes_on {
                (lost + limits.host, "the host is lost")
            } else {
                (lost + limits.member, "a lost member's seat")
            })
        });
        seats.min_by_key(|(at, _)| *at)
    }

    pub(super) fn expire_seats(&mut self, now: ServerTime) {
        let limits = self.config.limits.seats;
        let is_over = |lost: Option<ServerTime>, kept| lost.is_some_and(|lost| lost + kept <= now);
        let gone: Vec<MemberId> = self
            .seats
            .iter()
            .filter(|s| is_over(s.lost_since, limits.member))
            .map(Seat::id)
            .collect();
        for id in gone {
            self.remove(id, LeaveReason::LinkLost, now);
        }
        let host = self.host.and_then(|host| self.seat(host));
        if let Some(host) = host.filter(|s| is_over(s.lost_since, limits.host)).map(Seat::id)
            && let Some(next) = self.successor(now)
        {
            self.lost_host = Some(host);
            self.make_host(next, HostChangeReason::HostLost);
        }
    }

    pub(super) fn remove(&mut self, id: MemberId, reason: LeaveReason, now: ServerTime) {
        self.announce_arrival(id);
        self.seats.retain(|seat| seat.id() != id);
        self.kept.seats.insert(id);
        self.last_active = self.wall(now);
        if self.lost_host == Some(id) {
            self.lost_host = None;
        }
        self.broadcast(None, ServerMessage::UserLeft(UserLeft { id, reason }));
        if self.host == Some(id) {
            self.host = None;
            let reason = if reason == LeaveReason::Left {
                HostChangeReason::HostLeft
            } else {
                HostChangeReason::HostLost
            };
            if let Some(next) = self.successor(now).or_else(|| self.seats.first().map(Seat::id)) {
                self.make_host(next, reason);
            }
        }
        if self.seats.is_empty() {
            self.empty_since = Some(now);
            self.rest(now);
        } else {
            self.recheck_waiting(now);
        }
    }

    /// Returns the next host among the members who can be reached: a co-host, otherwise the member who has been present longest.
    fn successor(&self, now: ServerTime) -> Option<MemberId> {
        let least = self.config.limits.seats.host_min_presence;
        let is_new = |seat: &Seat| now.saturating_since(seat.since) < least;
        self.seats
            .iter()
            .filter(|seat| seat.member.link == MemberLink::Up && self.host != Some(seat.id()))
            .min_by_key(|seat| {
                (
                    seat.member.role != Role::CoHost,
                    is_new(seat),
                    seat.since,
                    seat.id(),
                )
            })
            .map(Seat::id)
    }

    pub(super) fn make_host(&mut self, id: MemberId, reason: HostChangeReason) {
        self.announce_arrival(id);
        self.set_host_role(id);
        self.broadcast(None, ServerMessage::HostChanged(HostChanged { host: id, reason }));
        self.send_bans_to(id);
    }

    fn set_host_role(&mut self, id: MemberId) {
        for seat in &mut self.seats {
            let before = seat.member.role;
            if seat.id() == id {
                seat.member.role = Role::Host;
            } else if before == Role::Host {
                seat.member.role = Role::Viewer;
            }
            if seat.member.role != before {
                self.kept.seats.insert(seat.id());
            }
        }
        self.host = Some(id);
    }

    /// Returns the message for a member who takes a seat. If the member was here before, the chat begins after the last line they
    /// received.
    fn entered(&self, id: MemberId, token: Token, heard: Option<u64>, now: ServerTime) -> Entered {
        let after = heard.unwrap_or_default();
        let (chat, is_apart) = self.chat.after(after);
        Entered {
            you: id,
            token,
            invite: self.config.invite.filter(|_| self.may(id, RoomAct::SeeInvite)),
            room: self.room_snapshot(),
            chat_has_gap: is_apart && heard.is_some(),
            chat,
            now,
            wall: self.room_wall(now),
            undoable: self.undoable(now),
            chat_after: after,
            saved: self.saved,
            is_owner: self.seat(id).is_some_and(|seat| seat.is_owner),
        }
    }

    /// Renames members whose name has become reserved since an older version admitted them.
    pub(super) fn rename_reserved(&mut self) {
        let reserved = self.seats.iter().filter(|seat| {
            let name = &seat.member.name;
            name.is_reserved() || name.is_for_owner() && !seat.is_owner
        });
        let reserved: Vec<MemberId> = reserved.map(Seat::id).collect();
        for id in reserved {
            let name = self.free_name(&MemberName::existing(FALLBACK_NAME).expect("a name"));
            if let Some(seat) = self.seat_mut(id) {
                seat.rename(name);
                self.kept.seats.insert(id);
            }
        }
    }

    /// Returns the name, with a number appended if it is too similar to the name of somebody else.
    fn free_name(&self, wanted: &MemberName) -> MemberName {
        let skeleton = wanted.skeleton();
        if self.seats.iter().all(|seat| seat.skeleton != skeleton) && !self.is_name_banned(wanted) {
            return wanted.clone();
        }
        if wanted.is_for_owner() {
            // The name is taken. With a number appended, it would look like a second host.
            return self.free_name(&MemberName::existing(FALLBACK_NAME).expect("a name"));
        }
        let seated = self.seats.iter().map(|seat| seat.skeleton.clone());
        let banned = self.bans.iter().map(|ban| ban.name.skeleton());
        let taken: BTreeSet<String> = seated.chain(banned).collect();
        // There is one more candidate than there are taken names, so one of them is free.
        (2..=taken.len() + 2)
            .filter_map(|number| {
                let suffix = format!(" {number}");
                let room = limits::NAME_CHARS.saturating_sub(suffix.len());
                let stem: String = wanted.as_str().chars().take(room).collect();
                let numbered = MemberName::existing(&format!("{}{suffix}", stem.trim_end())).ok()?;
                (!numbered.is_reserved()).then_some(numbered)
            })
            .find(|name| !taken.contains(&name.skeleton()))
            .unwrap_or_else(|| wanted.clone())
    }
}
