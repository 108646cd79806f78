//! The events of a session, for everything that shows one: a screen, plain lines, `events --json`.

use std::time::Duration;

use watchtogether_protocol::item::FileMatch;
use watchtogether_protocol::link_end::LinkEnd;
use watchtogether_protocol::message::chat::ChatLine;
use watchtogether_protocol::message::playback::Awaited;
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
    /// The session has a seat; this replaces everything that was known about the room. After a resume it has no chat: missed
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
    /// Somebody else became host.
    HostChanged {
        /// The new host.
        host: MemberId,
        /// The reason.
        reason: HostChangeReason,
    },
    /// A chat line arrived. A pending line of the user with this id is no longer pending.
    Chat(ChatLine),
    /// A line of the user is being sent.
    ChatPending {
        /// The id that the line will have.
        id: ChatId,
        /// The text.
        text: Clean,
        /// The position of the local film.
        position: Option<MediaTime>,
    },
    /// A line of the user was refused; its text can be given back to the user.
    ChatRefused {
        /// The line's id.
        id: ChatId,
        /// The text.
        text: Clean,
        /// The reason.
        reason: Refusal,
    },
    /// The timeline changed; its cause says who changed it and why.
    StateChanged {
        /// The timeline before.
        before: Timeline,
        /// The new timeline.
        timeline: Timeline,
    },
    /// The members that the room waits for; empty if there are none.
    WaitingFor(Awaited),
    /// The item changed.
    ItemChanged {
        /// The item's number.
        id: ItemId,
        /// The item.
        item: Item,
    },
    /// The length of the current item changed.
    LengthChanged {
        /// The item with its new length, or without one while the file is growing.
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
        /// Whether the local member has just set the item, so that it was made from this copy and is no news.
        is_own_choice: bool,
    },
    /// A setting of the room changed.
    SettingChanged(RoomChanged),
    /// A member made or undid a change to the room that can be undone for a while. The change itself was reported by an earlier
    /// event.
    Undoable(Undoable),
    /// The list of bans changed; sent to hosts and co-hosts.
    Bans {
        /// The bans, oldest first.
        bans: Vec<Ban>,
        /// The names whose bans were lifted.
        lifted: Vec<MemberName>,
    },
    /// The server stopped or resumed saving the room.
    Storage {
        /// Whether saving fails.
        is_failing: bool,
    },
    /// The token of the seat could not be stored on the local disk. If the client is killed now, it comes back as a new member.
    SeatNotKept {
        /// The operating system's error message.
        reason: Clean,
    },
    /// The state of the local player changed.
    Player(PlayerNews),
    /// An action in the local player's window was undone, because somebody else controls the room.
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
    /// The summary of the local player's sync changed.
    Sync(SyncState),
    /// The server announces that it will shut down, or that the room ends.
    Closing(ClosingReason),
    /// A happening to display, with its actor and details. It belongs to the event before it, or to the passing of time.
    Happened(Box<Happening>),
}

/// How a seat was obtained.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryKind {
    /// The room was opened.
    Created,
    /// The room was entered.
    Joined,
    /// The seat was resumed after a lost connection, without anybody noticing.
    Resumed,
}

/// The state of the link to the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkState {
    /// The first connection is being established.
    Connecting,
    /// Connected; a seat has been requested.
    Joining,
    /// In the room.
    Up,
    /// In the room, but the server is silent although it was pinged several times. The film keeps playing. The server may answer
    /// at any time; otherwise the connection is given up later.
    Silent,
    /// The connection was lost; the film keeps playing.
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
    /// An attempt is in progress.
    Reconnecting {
        /// The number of the attempt.
        attempt: u32,
    },
    /// The link has been down for so long that the film was paused on this machine.
    PausedHere,
    /// The session has ended.
    Closed,
}

impl LinkState {
    /// Returns whether the room can be asked for something. A silent server may answer at any time.
    pub const fn is_in_room(&self) -> bool {
        matches!(self, Self::Up | Self::Silent)
    }
}

/// How well the local player follows the room, as a single state.
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
    /// It is moving to the room's position.
    Catching,
    /// It plays, but has not yet been measured to be in sync.
    Settling,
    /// It plays with the room.
    Playing,
    /// It has run out of data.
    Buffering,
    /// It cannot keep up with the film; corrections are made less often.
    TooSlow,
}

impl SyncState {
    /// Returns the machine-readable code.
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
