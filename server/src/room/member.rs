//! A seat in a room, and the state of the member in it.

use std::time::Duration;

use watchtogether_protocol::message::clock::Telemetry;
use watchtogether_protocol::message::playback::Action;
use watchtogether_protocol::message::roster::Member;
use watchtogether_protocol::permission::Asker;
use watchtogether_protocol::time::WallTime;
use watchtogether_protocol::{ChatId, MemberId, MemberName, ServerTime};

use super::hashes::{AddressHash, TokenHash};
use crate::limits::LimitValues;
use crate::rate_limit::TokenBucket;

/// The sequence number of a chat line, kept for as long as its sender may repeat the line.
#[derive(Clone, Copy, Debug)]
pub(super) struct ChatReceipt {
    pub(super) id: ChatId,
    pub(super) sequence: u64,
    pub(super) at: WallTime,
}

/// News about a member that the others have not been sent yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PendingNews {
    /// The member entered.
    Arrival,
    /// The member's player or link changed.
    Change,
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
    /// The skeleton of the member's name, by which similar names are found. Computing those of all members for each newcomer
    /// would take milliseconds in a large room.
    pub(super) skeleton: String,
    /// When the seat was taken.
    pub(super) since: ServerTime,
    /// When the lost member's last message arrived.
    pub(super) lost_since: Option<ServerTime>,
    /// When the client's last message arrived, once it has asked for the clock: from then on it is expected to send regularly.
    pub(super) heard: Option<ServerTime>,
    /// Whether the client was asked for a sign of life since then.
    pub(super) is_asked: bool,
    /// The token that takes the seat back.
    pub(super) token: TokenHash,
    /// The token that was used last. It stays valid until the member has sent something, because the message with the new token
    /// may be lost with its connection.
    pub(super) used_token: Option<TokenHash>,
    /// The hash of the member's address; unknown in a restored room until the member comes back.
    pub(super) address: Option<AddressHash>,
    /// Whether the member opened the room.
    pub(super) is_owner: bool,
    /// Whether the member's player is at the room's place.
    pub(super) is_ready: bool,
    /// Whether the room does not wait for the member, because they entered a playing room or the room started without them. This
    /// ends once the member is ready, or has followed the playing room for the configured time.
    pub(super) is_excused: bool,
    /// When the member's player reported that it follows.
    pub(super) following_since: Option<ServerTime>,
    /// When the member's player ran out of data.
    pub(super) dry_since: Option<ServerTime>,
    /// The member's latest telemetry.
    pub(super) telemetry: Telemetry,
    /// The line that the member sent last. A member who has not received the echo of their line repeats it before sending any
    /// other.
    pub(super) last_receipt: Option<ChatReceipt>,
    /// The budget for chat lines.
    pub(super) chat_budget: TokenBucket,
    /// The budget for controlling playback.
    pub(super) control_budget: TokenBucket,
    /// The newest request to control playback that the budget has not allowed yet.
    pub(super) held_back: Option<Action>,
    /// The news about the member that the others have not been sent yet.
    pub(super) news: Option<PendingNews>,
    /// The budget for resuming the seat.
    pub(super) resume_budget: TokenBucket,
}

impl Seat {
    /// Returns a seat taken at an instant, for a member whose player is not at the room's place yet and who nobody waits for.
    pub(super) fn new(
        member: Member,
        token: TokenHash,
        address: Option<AddressHash>,
        limits: &LimitValues,
        since: ServerTime,
    ) -> Self {
        Self {
            skeleton: member.name.skeleton(),
            member,
            since,
            lost_since: None,
            heard: None,
            is_asked: false,
            token,
            used_token: None,
            address,
            is_owner: false,
            is_ready: false,
            is_excused: true,
            following_since: None,
            dry_since: None,
            telemetry: Telemetry::default(),
            last_receipt: None,
            chat_budget: TokenBucket::new(limits.members.chat),
            control_budget: TokenBucket::new(limits.members.control),
            held_back: None,
            news: None,
            resume_budget: TokenBucket::new(limits.seats.resumes),
        }
    }

    /// Gives the member another name.
    pub(super) fn rename(&mut self, name: MemberName) {
        self.skeleton = name.skeleton();
        self.member.name = name;
    }

    /// Returns the seat's member.
    pub(super) const fn id(&self) -> MemberId {
        self.member.id
    }

    /// Returns the properties of the member that their permissions depend on.
    pub(super) const fn asker(&self) -> Asker {
        Asker {
            role: self.member.role,
            is_owner: self.is_owner,
        }
    }

    /// Returns whether the room waits for this member until their player is at the room's place.
    pub(super) const fn counts(&self) -> bool {
        self.member.standing().is_waited_for()
    }

    /// Returns whether the member has followed the room for at least `time` since it has been playing.
    pub(super) fn has_followed(&self, playing_since: ServerTime, time: Duration, now: ServerTime) -> bool {
        self.following_since
            .is_some_and(|since| since.max(playing_since) + time <= now)
    }

    /// Returns whether a start must wait for this member.
    pub(super) const fn is_missing(&self) -> bool {
        self.counts() && !self.is_ready && !self.is_excused
    }
}
