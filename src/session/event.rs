//! What everybody who shows a session must learn: a screen, a printer of lines, `events --json`.

use std::time::Duration;

use watchtogether_protocol::item::FileMatch;
use watchtogether_protocol::message::chat::ChatLine;
use watchtogether_protocol::message::removal::Ban;
use watchtogether_protocol::message::room::{ClosingReason, Entered, Refusal, Request, RoomChanged};
use watchtogether_protocol::message::roster::{HostChangeReason, LeaveReason, Member};
use watchtogether_protocol::message::undo::Undoable;
use watchtogether_protocol::narration::{Happening, PlayerNews};
use watchtogether_protocol::{ChatId, Clean, Item, ItemId, MediaTime, MemberId, MemberName, Timeline};

/// Something happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// The link to the server is another.
    Link(LinkState),
    /// The session has a seat; what was known of the room is replaced by what is in here. A seat that was taken again
    /// comes without chat: the lines that were missed follow as [`Event::Chat`].
    Entered {
        /// The seat, the room and its chat.
        entered: Box<Entered>,
        /// How it was come by.
        how: Entry,
    },
    /// Somebody came in.
    MemberJoined(Member),
    /// Somebody is gone.
    MemberLeft {
        /// Who it was, as they were last.
        member: Member,
        /// Why.
        why: LeaveReason,
    },
    /// Something about a member is different.
    MemberChanged {
        /// How they were.
        before: Member,
        /// How they are.
        member: Member,
    },
    /// The room is somebody else's.
    HostChanged {
        /// Whose.
        host: MemberId,
        /// Why.
        why: HostChangeReason,
    },
    /// Somebody said something; an own line with this id is no longer pending.
    Chat(ChatLine),
    /// An own line is on its way.
    ChatPending {
        /// The id that the line will carry.
        id: ChatId,
        /// What was said.
        text: Clean,
        /// Where the own film was.
        position: Option<MediaTime>,
    },
    /// An own line was refused; its text can be given back to the user.
    ChatRefused {
        /// Which.
        id: ChatId,
        /// What was said.
        text: Clean,
        /// Why.
        why: Refusal,
    },
    /// The room moved; who and why is in the timeline's cause.
    StateChanged {
        /// Where it was.
        before: Timeline,
        /// Where it is.
        timeline: Timeline,
    },
    /// The room waits for these members; for nobody where empty.
    WaitingFor(Vec<MemberId>),
    /// Another item is on.
    ItemChanged {
        /// Which.
        id: ItemId,
        /// What.
        item: Item,
    },
    /// The length of the item that is on is another.
    LengthChanged {
        /// The item with its new length; without one while the file grows.
        item: Item,
        /// Whether its file was still being written and is complete now.
        is_complete: bool,
    },
    /// The own copy was compared with the room's item.
    FileCompared {
        /// Of which item.
        id: ItemId,
        /// The outcome.
        file: FileMatch,
        /// Whether the own member put the item on just now: then it is that very copy, and no news.
        is_own_choice: bool,
    },
    /// The room has another setting.
    SettingChanged(RoomChanged),
    /// Somebody changed what everybody shares, or took back what was changed; it can be undone for a while. What it
    /// changed was told by an event of its own before.
    Undoable(Undoable),
    /// Other members may not come in than before; told to who controls the room.
    Bans {
        /// Who may not, oldest first.
        bans: Vec<Ban>,
        /// Who may again.
        lifted: Vec<MemberName>,
    },
    /// The server's disk takes nothing of what is said and done, or takes it again.
    Storage {
        /// Whether it takes nothing.
        is_failing: bool,
    },
    /// The token of the own seat is not on the own disk: a client that is killed now comes back as somebody new.
    SeatNotKept {
        /// Why, in the system's words.
        why: Clean,
    },
    /// The own player is in another state.
    Player(PlayerNews),
    /// A wish at the own player's window was undone, because somebody else controls the room.
    WishUndone,
    /// Something was refused, by the server or before it was asked.
    Refused {
        /// What.
        request: Request,
        /// Why.
        why: Refusal,
        /// After what time it is worth another try, if it ever is.
        retry_after: Option<Duration>,
    },
    /// The user asked for a time that the film does not have; nothing moved.
    BeyondEnd {
        /// How long the film is.
        length: MediaTime,
    },
    /// Something was asked for that cannot be without a link.
    Offline(Request),
    /// How the own player follows, in one word, is different.
    Sync(SyncState),
    /// The server says that it, or the room, ends.
    Closing(ClosingReason),
    /// Something to read about: the event before it, or time that passed, told with its actor and facts.
    Happened(Box<Happening>),
}

/// How a seat was come by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// The room was opened.
    Created,
    /// The room was entered.
    Joined,
    /// The seat was taken again after a lost connection; nobody noticed.
    Resumed,
}

/// The link to the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkState {
    /// The first connection is being made.
    Connecting,
    /// Connected; the room is asked for a seat.
    Joining,
    /// In the room.
    Up,
    /// In the room, and the server says nothing although it was asked several times; the film plays on. It may answer
    /// again at any moment, and is given up by and by.
    Silent,
    /// The connection was lost; the film plays on.
    Lost {
        /// Why, as the second half of a sentence.
        why: Clean,
    },
    /// The next try comes after a while.
    Waiting {
        /// Which try it will be.
        attempt: u32,
        /// After how long.
        after: Duration,
    },
    /// A try is under way.
    Reconnecting {
        /// Which.
        attempt: u32,
    },
    /// The link has been down for so long that the film was paused here.
    PausedHere,
    /// The session is over.
    Closed,
}

/// How the own player follows the room, in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum SyncState {
    /// There is nothing to follow with, or nothing to follow.
    #[default]
    Off,
    /// The clocks are being compared.
    Comparing,
    /// The item is being looked for or opened.
    Loading,
    /// It stands where the room stands.
    Standing,
    /// It is on its way to where the room is.
    Catching,
    /// It plays, and is not known to be where the room is.
    Settling,
    /// It plays with the room.
    Playing,
    /// It ran dry.
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
