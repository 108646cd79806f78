//! The events of a session, for everything that displays one: a screen, plain lines, `events --json`.

use std::time::Duration;

use watchtogether_protocol::item::FileMatch;
use watchtogether_protocol::link_end::LinkEnd;
use watchtogether_protocol::message::chat::ChatLine;
use watchtogether_protocol::message::removal::Ban;
use watchtogether_protocol::message::room::{ClosingReason, Entered, Refusal, Request, RoomChanged};
use watchtogether_protocol::message::roster::{HostChangeReason, LeaveReason, Member};
use watchtogether_protocol::message::undo::Undoable;
use watchtogether_protocol::narration::{Happening, PlayerNews};
use watchtogether_protocol::{ChatId, Clean, Item, ItemId, MediaTime, MemberId, MemberName, Timeline};

/// Something that happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// The state of the link to the server changed.
    Link(LinkState),
    /// The session has a seat; this replaces everything that was known of the room. After a resume there is no chat in it: missed
    /// lines follow as [`Event::Chat`].
    Entered {
        /// The seat, the room and its chat.
        entered: Box<Entered>,
        /// How the seat was obtained.
        how: EntryKind,
    },
    /// A member entered.
    MemberJoined(Member),
    /// A member is gone.
    MemberLeft {
        /// The member's last state.
        member: Member,
        /// The reason.
        reason: LeaveReason,
    },
    /// A member changed.
    MemberChanged {
        /// The state before.
        before: Member,
        /// The new state.
        member: Member,
    },
    /// The room has another host.
    HostChanged {
        /// The new host.
        host: MemberId,
        /// The reason.
        reason: HostChangeReason,
    },
    /// A chat line arrived; an own line with this id is no longer pending.
    Chat(ChatLine),
    /// An own line is being sent.
    ChatPending {
        /// The id that the line will carry.
        id: ChatId,
        /// The text.
        text: Clean,
        /// The position of the local film.
        position: Option<MediaTime>,
    },
    /// An own line was refused; its text can be given back to the user.
    ChatRefused {
        /// The line's id.
        id: ChatId,
        /// The text.
        text: Clean,
        /// The reason.
        reason: Refusal,
    },
    /// The room moved; the timeline's cause says who moved it and why.
    StateChanged {
        /// The timeline before.
        before: Timeline,
        /// The new timeline.
        timeline: Timeline,
    },
    /// The members that the room waits for; empty if there are none.
    WaitingFor(Vec<MemberId>),
    /// Another item is on.
    ItemChanged {
        /// The item's number.
        id: ItemId,
        /// The item.
        item: Item,
    },
    /// The length of the current item changed.
    LengthChanged {
        /// The item with its new length, or without one while the file grows.
        item: Item,
        /// Whether its file was still being written and is now complete.
        is_complete: bool,
    },
    /// The local copy was compared with the room's item.
    FileCompared {
        /// The item's number.
        id: ItemId,
        /// The outcome.
        file: FileMatch,
        /// Whether the local member has just put the item on, so that it is this very copy and no news.
        is_own_choice: bool,
    },
    /// A setting of the room changed.
    SettingChanged(RoomChanged),
    /// A member changed or undid something that everybody shares; it can be undone for a while. The change itself was reported by
    /// an earlier event.
    Undoable(Undoable),
    /// The list of bans changed; sent to hosts and co-hosts.
    Bans {
        /// The bans, oldest first.
        bans: Vec<Ban>,
        /// The names whose bans were lifted.
        lifted: Vec<MemberName>,
    },
    /// The server's disk stopped or resumed saving.
    Storage {
        /// Whether saving fails.
        is_failing: bool,
    },
    /// The token of the seat could not be stored on the local disk. A client that is killed now comes back as a new member.
    SeatNotKept {
        /// The operating system's error message.
        reason: Clean,
    },
    /// The state of the local player changed.
    Player(PlayerNews),
    /// An action at the local player's window was undone, because somebody else controls the room.
    WindowRequestUndone,
    /// A request was refused, by the server or locally.
    Refused {
        /// The request.
        request: Request,
        /// The reason.
        reason: Refusal,
        /// The time after which a retry makes sense, if it ever does.
        retry_after: Option<Duration>,
    },
    /// The user asked for a position beyond the end of the film; nothing moved.
    BeyondEnd {
        /// The length of the film.
        length: MediaTime,
    },
    /// A request needs a link, and there is none.
    Offline(Request),
    /// The summary of how the local player follows changed.
    Sync(SyncState),
    /// The server announces that it, or the room, ends.
    Closing(ClosingReason),
    /// A happening to display, with its actor and facts. It belongs to the event before it, or to time that passed.
    Happened(Box<Happening>),
}

/// The way in which a seat was obtained.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryKind {
    /// The room was opened.
    Created,
    /// The room was entered.
    Joined,
    /// The seat was resumed after a lost connection; nobody noticed.
    Resumed,
}

/// The state of the link to the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkState {
    /// The first connection is being made.
    Connecting,
    /// Connected; a seat has been requested.
    Joining,
    /// In the room.
    Up,
    /// In the room, but the server is silent although it was asked several times. The film plays on. The server may answer at any
    /// moment; otherwise the connection is given up later.
    Silent,
    /// The connection was lost; the film plays on.
    Lost {
        /// The reason.
        reason: LinkEnd,
    },
    /// The next attempt follows after a delay.
    Waiting {
        /// The number of the next attempt.
        attempt: u32,
        /// The delay.
        after: Duration,
    },
    /// An attempt is under way.
    Reconnecting {
        /// The number of the attempt.
        attempt: u32,
    },
    /// The link has been down for so long that the film was paused on this machine.
    PausedHere,
    /// The session is over.
    Closed,
}

/// How the local player follows the room, as a single state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum SyncState {
    /// There is no player, or nothing to follow.
    #[default]
    Off,
    /// The clocks are being compared.
    Comparing,
    /// The item is being searched for or opened.
    Loading,
    /// It is paused where the room is paused.
    Standing,
    /// It is on its way to the room's position.
    Catching,
    /// It plays, but has not yet been measured to be in sync.
    Settling,
    /// It plays with the room.
    Playing,
    /// It is out of data.
    Buffering,
    /// It cannot keep up with the film; corrections are rare now.
    TooSlow,
}

impl SyncState {
    /// Returns the word for programs.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Comparing => "comparing",
            Self::Loading => "loading",
            Self::Standing => "standing",
            Self::Catching => "catching",
            Self::Settling => "settling",
            Self::Playing => "playing",
            Self::Buffering => "buffering",
            Self::TooSlow => "too_slow",
        }
    }
}
