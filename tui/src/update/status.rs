//! The state of things, in one value.

use std::time::Duration;

use watchtogether_protocol::narration::OfflineFilm;
use watchtogether_protocol::{Clean, LocalTime, MediaTime, MemberId, Rate};

/// How well the own player follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measured {
    /// The size that nearly all drifts of the last 2 s stay below.
    Spread(Duration),
    /// Not known yet.
    NotYet,
}

/// How things stand, in one state. What is worst is said: link before player before room before sync.
#[derive(Clone, Debug, PartialEq)]
pub enum Status {
    /// In the room, the clocks are being compared.
    Comparing,
    /// Nothing is on.
    NoItem,
    /// The item is being opened.
    Loading,
    /// A local copy of the item is searched for.
    Searching {
        /// What is searched for.
        title: Clean,
        /// The folders that were searched so far.
        folders: u32,
    },
    /// The own player plays with the room.
    InSync(Measured),
    /// Behind the room, and faster until it is there.
    CatchingUp {
        /// By how much.
        behind: Duration,
        /// The speed it plays at; none while it is brought there by a hold.
        speed: Option<Rate>,
    },
    /// Ahead of the room, and slower until it is there.
    SlowingDown {
        /// By how much.
        ahead: Duration,
        /// The speed it plays at; none while it is held.
        speed: Option<Rate>,
    },
    /// A large error was corrected by a seek a moment ago.
    Jumped {
        /// How far; positive is forward.
        by: MediaTime,
    },
    /// Far from the room, and not being corrected (goes its own pace, or corrections cool down).
    OutOfSync {
        /// Player minus room.
        drift: MediaTime,
    },
    /// Where the room is now, and was not a moment ago.
    Settling {
        /// The size that nearly all drifts of the last 2 s stay below.
        spread: Duration,
    },
    /// The player cannot keep up with the film.
    TooSlow,
    /// The player does not respond.
    NotResponding,
    /// The own copy ended before the room's position.
    CopyEnded {
        /// The end of the copy.
        at: MediaTime,
    },
    /// The own player ran dry.
    Buffering {
        /// 0 to 100.
        percent: u8,
        /// Whether the room waits for it.
        room_waits: bool,
    },
    /// The room waits for others; how they do is in the roster.
    Waiting {
        /// For whom.
        who: Vec<MemberId>,
    },
    /// Everybody goes to another position.
    Seeking {
        /// Where to.
        to: MediaTime,
        /// How many are there.
        there: usize,
        /// Of how many that count.
        of: usize,
    },
    /// The room starts together.
    Starting {
        /// When.
        at: LocalTime,
    },
    /// The room plays, and there is nobody to be in sync with: nobody else watches, or there is no player, by choice.
    Watching,
    /// The room stands.
    Paused {
        /// Who paused it, where somebody did.
        by: Option<MemberId>,
    },
    /// The item is over.
    Ended,
    /// There is no player; it can be opened (again).
    NoPlayer {
        /// Why, as in "mpv window was closed".
        why: Clean,
    },
    /// The player could not open the item.
    PlayerFailed {
        /// In the player's words.
        why: Clean,
    },
    /// There is no local copy of the room's file.
    LackFile {
        /// What is missing.
        title: Clean,
    },
    /// The own file is another than the room's, and is used all the same.
    OtherFile {
        /// What the room plays.
        title: Clean,
        /// Own duration minus the room's.
        longer_by: MediaTime,
    },
    /// The server says nothing; it may answer again at any moment.
    Silent {
        /// What the film does here meanwhile.
        film: OfflineFilm,
    },
    /// The link is down; it is tried again by itself.
    Reconnecting {
        /// Which try is next or under way, from 1.
        attempt: u32,
        /// When it begins: the screen counts down to it, and says that it is under way afterwards.
        at: LocalTime,
        /// What the film does here meanwhile.
        film: OfflineFilm,
    },
    /// The user asked something of the room, which has yet to answer.
    Asked(RoomRequest),
}

/// What the user asked of the room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoomRequest {
    /// To play.
    Play,
    /// To stand.
    Pause,
    /// To go somewhere.
    Seek {
        /// Where to.
        to: MediaTime,
    },
    /// To play at another speed.
    SetRate(Rate),
    /// To go on without those that it waits for.
    GoOn,
    /// To take back what was done last.
    Undo,
    /// To be controlled by somebody else.
    HandOver {
        /// By whom.
        to: MemberId,
    },
}
