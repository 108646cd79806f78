//! News about members, which the others are sent together: arrivals, and changes of players.
//!
//! A member who arrives reports its player twice within half a second. In a room where five hundred arrive together, sending
//! each of these to all would take three quarters of a million messages. So arrivals wait a moment for what follows them, and
//! everything that is pending goes into one message.

use watchtogether_protocol::message::roster::{RosterChanged, UserChanged, UserJoined};
use watchtogether_protocol::{MemberId, ServerMessage, ServerTime};

use super::Room;
use super::member::{PendingNews, Seat};

/// The number of members above which changes of links, too, are sent together.
const LARGE_ROOM: usize = 50;

/// How many times longer news wait in a large room: each costs as many messages as the room has members.
const LARGE_ROOM_DELAY: u32 = 2;

/// When each kind of news is due.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct NewsTimes {
    arrivals: Option<ServerTime>,
    changes: Option<ServerTime>,
}

impl NewsTimes {
    fn earliest(self) -> Option<ServerTime> {
        self.arrivals.into_iter().chain(self.changes).min()
    }
}

impl Room {
    /// Notes that a member entered.
    pub(super) fn note_arrival(&mut self, id: MemberId, now: ServerTime) {
        if self.seats.len() == 1 {
            return;
        }
        let at = now + self.config.limits.rooms.arrivals * self.news_delay();
        if let Some(seat) = self.seat_mut(id) {
            seat.news = Some(PendingNews::Arrival);
            self.news_times.arrivals.get_or_insert(at);
        }
    }

    /// Notes that a member's player changed.
    pub(super) fn note_change(&mut self, id: MemberId, now: ServerTime) {
        let at = now + self.config.limits.rooms.reports * self.news_delay();
        if let Some(seat) = self.seat_mut(id)
            && seat.news.is_none()
        {
            seat.news = Some(PendingNews::Change);
            self.news_times.changes.get_or_insert(at);
        }
    }

    /// Sends everybody the current state of a member; in a large room together with other news.
    pub(super) fn announce(&mut self, id: MemberId, now: ServerTime) {
        if self.seats.len() > LARGE_ROOM {
            return self.note_change(id, now);
        }
        let Some(seat) = self.seat_mut(id) else { return };
        // An arrival that is still pending will have the change.
        if seat.news == Some(PendingNews::Arrival) {
            return;
        }
        seat.news = None;
        let member = seat.member.clone();
        self.broadcast(None, ServerMessage::UserChanged(UserChanged { member }));
    }

    /// Sends everybody the arrival of a member who is about to do something or to leave, if it is still pending.
    pub(super) fn announce_arrival(&mut self, id: MemberId) {
        if let Some(seat) = self.seat_mut(id)
            && seat.news.take_if(|news| *news == PendingNews::Arrival).is_some()
        {
            let member = seat.member.clone();
            self.broadcast(Some(id), ServerMessage::UserJoined(UserJoined { member }));
        }
    }

    pub(super) fn news_timeout(&self) -> Option<(ServerTime, &'static str)> {
        Some((self.news_times.earliest()?, "news about members"))
    }

    /// Sends the news that are due.
    pub(super) fn send_news(&mut self, now: ServerTime) {
        let is_due = |at: &mut ServerTime| *at <= now;
        let arrivals = self.news_times.arrivals.take_if(is_due).is_some();
        let changes = self.news_times.changes.take_if(is_due).is_some();
        if !arrivals && !changes {
            return;
        }
        let is_sent = |news: &mut PendingNews| match news {
            PendingNews::Arrival => arrivals,
            PendingNews::Change => changes,
        };
        let news: Vec<(PendingNews, &Seat)> = self
            .seats
            .iter_mut()
            .filter_map(|seat| Some((seat.news.take_if(is_sent)?, &*seat)))
            .collect();
        let message = match news.as_slice() {
            [] => return,
            [(PendingNews::Arrival, seat)] => ServerMessage::UserJoined(UserJoined {
                member: seat.member.clone(),
            }),
            [(PendingNews::Change, seat)] => ServerMessage::UserChanged(UserChanged {
                member: seat.member.clone(),
            }),
            several => ServerMessage::RosterChanged(RosterChanged {
                members: several.iter().map(|(_, seat)| seat.member.clone()).collect(),
            }),
        };
        self.broadcast(None, message);
    }

    fn news_delay(&self) -> u32 {
        if self.seats.len() > LARGE_ROOM {
            LARGE_ROOM_DELAY
        } else {
            1
        }
    }
}
