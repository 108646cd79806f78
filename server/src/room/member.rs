//! A seat in a room, and what is known of who sits in it.

use std::time::Duration;

use watchtogether_protocol::message::clock::Telemetry;
use watchtogether_protocol::message::playback::Action;
use watchtogether_protocol::message::roster::Member;
use watchtogether_protocol::permission::Asker;
use watchtogether_protocol::time::WallTime;
use watchtogether_protocol::{ChatId, MemberId, ServerTime};

use super::hashes::{AddressHash, TokenHash};
use crate::limits::LimitValues;
use crate::rate_limit::TokenBucket;

/// Where a line of chat was put, for as long as its sender may ask.
#[derive(Clone, Copy, Debug)]
pub(super) struct Said {
    pub(super) id: ChatId,
    pub(super) sequence: u64,
    pub(super) at: WallTime,
}

/// One member's seat.
#[derive(Clone, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "four facts that do not depend on each other"
)]
pub(super) struct Seat {
    /// The member as the others see it.
    pub(super) member: Member,
    /// Since when it is taken.
    pub(super) since: ServerTime,
    /// Since when nothing is heard of the member, where its link is lost.
    pub(super) lost_since: Option<ServerTime>,
    /// When the member's client was heard last, once it has asked the clock: from then on it owes such questions.
    pub(super) heard: Option<ServerTime>,
    /// The token that takes the seat again.
    pub(super) token: TokenHash,
    /// The token that took it the last time: good until the member has spoken, because the word that carried the new one may
    /// be lost with its connection.
    pub(super) used_token: Option<TokenHash>,
    /// Where the member is; not known in a room that outlived its server until the member is back.
    pub(super) address: Option<AddressHash>,
    /// Whether the member opened the room.
    pub(super) is_owner: bool,
    /// Whether the member's player stands where the room's place is.
    pub(super) is_ready: bool,
    /// Whether the room does not wait for the member: it came into a playing room, or the room went on without it. It
    /// counts again once it was ready, or has followed the playing room for the time that the limits say.
    pub(super) is_excused: bool,
    /// Since when the member's player has reported that it follows.
    pub(super) following_since: Option<ServerTime>,
    /// Since when the member's player has been dry.
    pub(super) dry_since: Option<ServerTime>,
    /// How the member follows, as it tells.
    pub(super) telemetry: Telemetry,
    /// The line that the member said last: one that has not heard its line come back says it again before any other.
    pub(super) said: Option<Said>,
    /// How often it may say something.
    pub(super) chat_budget: TokenBucket,
    /// How often it may move the room.
    pub(super) control_budget: TokenBucket,
    /// The newest wish to move the room that the budget did not allow yet.
    pub(super) held_back: Option<Action>,
    /// How often the others are told how its player does.
    pub(super) report_budget: TokenBucket,
    /// Whether the others do not know yet how its player does, because the budget did not allow it.
    pub(super) is_report_untold: bool,
    /// How often it may be taken again.
    pub(super) resume_budget: TokenBucket,
}

impl Seat {
    /// Returns a seat that is taken since an instant, of a member that stands nowhere yet and whom nobody waits for.
    pub(super) fn new(
        member: Member,
        token: TokenHash,
        address: Option<AddressHash>,
        limits: &LimitValues,
        since: ServerTime,
    ) -> Self {
        Self {
            member,
            since,
            lost_since: None,
            heard: None,
            token,
            used_token: None,
            address,
            is_owner: false,
            is_ready: false,
            is_excused: true,
            following_since: None,
            dry_since: None,
            telemetry: Telemetry::default(),
            said: None,
            chat_budget: TokenBucket::new(limits.members.chat),
            control_budget: TokenBucket::new(limits.members.control),
            held_back: None,
            report_budget: TokenBucket::new(limits.members.reports),
            is_report_untold: false,
            resume_budget: TokenBucket::new(limits.seats.resumes),
        }
    }

    /// Returns the seat's member.
    pub(super) const fn id(&self) -> MemberId {
        self.member.id
    }

    /// Returns the member, as far as permission depends on it.
    pub(super) const fn asker(&self) -> Asker {
        Asker {
            role: self.member.role,
            is_owner: self.is_owner,
        }
    }

    /// Returns whether a start waits for this member until its player stands where the room is.
    pub(super) const fn counts(&self) -> bool {
        self.member.standing().is_waited_for()
    }

    /// Returns whether the member has followed a room that plays since `playing_since` for some time.
    pub(super) fn has_followed(&self, playing_since: ServerTime, time: Duration, now: ServerTime) -> bool {
        self.following_since
            .is_some_and(|since| since.max(playing_since) + time <= now)
    }

    /// Returns whether a start must wait for this member.
    pub(super) const fn is_missing(&self) -> bool {
        self.counts() && !self.is_ready && !self.is_excused
    }
}
