//! Happenings: they are told as lines of the chat.

use watchtogether_protocol::item::FileMatch;
use watchtogether_protocol::message::playback::StallPolicy;
use watchtogether_protocol::message::room::Refusal;
use watchtogether_protocol::{Clean, MediaTime, MemberId, Rate};

/// Something that is told as a line in the chat.
#[derive(Clone, Debug, PartialEq)]
pub enum Happening {
    /// Somebody pressed play.
    Played {
        /// Who.
        who: Option<MemberId>,
    },
    /// Somebody pressed pause.
    Paused {
        /// Who.
        who: Option<MemberId>,
        /// Where.
        position: MediaTime,
    },
    /// Somebody changed the speed.
    RateChanged {
        /// Who.
        who: Option<MemberId>,
        /// To what.
        rate: Rate,
    },
    /// Another item is on.
    ItemChanged {
        /// Who put it on.
        who: Option<MemberId>,
        /// What it is.
        title: Clean,
        /// How long it is.
        duration: Option<MediaTime>,
    },
    /// The item is over.
    Ended,
    /// The room waits for somebody whose player ran dry.
    Waiting {
        /// For whom.
        who: Option<MemberId>,
    },
    /// The room goes on after it waited.
    WentOn,
    /// The room came back from its store.
    Restored,
    /// Somebody changed what the room does when a player runs dry.
    StallPolicyChanged {
        /// Who.
        who: MemberId,
        /// To what.
        on_stall: StallPolicy,
    },
    /// There is no local copy of the item.
    NoCopy {
        /// What is on.
        title: Clean,
    },
    /// The own copy was compared with the room's item.
    FileCompared {
        /// What is on.
        title: Clean,
        /// The outcome.
        file: FileMatch,
    },
    /// A wish at the own player's window was undone, because somebody else controls the room.
    WishUndone {
        /// Who controls it.
        host: Option<MemberId>,
        /// Whether the player is brought back to where the room is.
        is_back: bool,
    },
    /// Something that was asked for was refused.
    Refused {
        /// Why.
        why: Refusal,
    },
    /// Something that was asked for cannot be without a link.
    Offline,
    /// The link to the server was lost.
    LinkLost {
        /// Why, as the second half of a sentence.
        why: Clean,
    },
    /// The link is back.
    LinkBack,
    /// Something else, in words of its own.
    Note {
        /// What happened.
        words: Clean,
        /// What to do about it.
        hint: Option<Clean>,
        /// How bad it is.
        weight: Weight,
    },
}

/// How much a line wants to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// Good to know.
    Calm,
    /// Something is not as it should be.
    Warning,
    /// Something failed.
    Failure,
}
