//! The status of the room and the local player, as one value.

use std::time::Duration;

use watchtogether_protocol::message::playback::Awaited;
use watchtogether_protocol::narration::OfflineFilm;
use watchtogether_protocol::player_reason::{OpenError, PlayerEnd};
use watchtogether_protocol::{Clean, LocalTime, MediaTime, MemberId, Rate};

/// How well the local player follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measured {
    /// The size below which nearly all drifts of the last 2 s lie.
    Spread(Duration),
    /// It has not been measured yet.
    NotYet,
}

/// The single status that is displayed. The link takes precedence over the player, the player over the room, and the room over
/// sync.
#[derive(Clone, Debug, PartialEq)]
pub enum Status {
    /// The clocks are being compared.
    Comparing,
    /// There is no item.
    NoItem,
    /// The item is being opened.
    Loading,
    /// A local copy of the item is being searched for.
    Searching {
        /// The title of the item.
        title: Clean,
        /// The number of folders searched so far.
        folders: u32,
    },
    /// The local player plays with the room.
    InSync(Measured),
    /// The player is behind the room, and plays faster until it has caught up.
    CatchingUp {
        /// The distance.
        behind: Duration,
        /// The speed; `None` while it catches up by a hold.
        speed: Option<Rate>,
    },
    /// The player is ahead of the room, and plays slower until the room has caught up.
    SlowingDown {
        /// The distance.
        ahead: Duration,
        /// The speed; `None` while it is held.
        speed: Option<Rate>,
    },
    /// A large error has just been corrected by a seek.
    Jumped {
        /// The distance; positive is forward.
        by: MediaTime,
    },
    /// The player is far from the room and not being corrected, because it does not follow or corrections are paused.
    OutOfSync {
        /// Player minus room.
        drift: MediaTime,
    },
    /// The player has just reached the room's position.
    Settling {
        /// The size below which nearly all drifts of the last 2 s lie.
        spread: Duration,
    },
    /// The player cannot keep up with the film.
    TooSlow,
    /// The player does not respond.
    NotResponding,
    /// The local copy ended before the room's position.
    CopyEnded {
        /// The length of the copy.
        at: MediaTime,
    },
    /// The local player has run out of data.
    Buffering {
        /// How full its cache is, 0 to 100.
        percent: u8,
        /// Whether the room waits for it.
        room_waits: bool,
    },
    /// The room waits for others, whose states are in the roster.
    Waiting {
        /// The awaited members.
        who: Awaited,
    },
    /// Everybody seeks to another position.
    Seeking {
        /// The target position.
        to: MediaTime,
        /// How many members are there.
        there: usize,
        /// How many members count.
        of: usize,
    },
    /// The room is about to start.
    Starting {
        /// When it starts.
        at: LocalTime,
    },
    /// The room plays, and there is nobody to be in sync with: nobody else watches, or the user has no player by choice.
    Watching,
    /// The room is paused.
    Paused {
        /// The member who paused it, if somebody did.
        by: Option<MemberId>,
    },
    /// The item has ended.
    Ended,
    /// There is no player; it can be opened (again).
    NoPlayer {
        /// The reason.
        reason: PlayerEnd,
    },
    /// The player could not open the item.
    PlayerFailed {
        /// The reason, if it is known.
        reason: Option<OpenError>,
    },
    /// There is no local copy of the room's file.
    LackFile {
        /// The title of the missing file.
        title: Clean,
    },
    /// The local file differs from the room's, and is used anyway.
    OtherFile {
        /// The title of the room's item.
        title: Clean,
        /// The local copy's duration minus the room's.
        longer_by: MediaTime,
    },
    /// The server is silent; it may answer at any time.
    Silent {
        /// The state of the local film in the meantime.
        film: OfflineFilm,
    },
    /// The link is down; reconnecting is automatic.
    Reconnecting {
        /// The number of the attempt that is next or in progress, from 1.
        attempt: u32,
        /// When it begins. The screen counts down to it, and then shows that it is in progress.
        at: LocalTime,
        /// The state of the local film in the meantime.
        film: OfflineFilm,
    },
    /// The room has not answered a request of the user yet.
    Asked(RoomRequest),
}

/// A request of the user to the room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoomRequest {
    /// Play the item.
    Play,
    /// Pause the item.
    Pause,
    /// Seek to a position.
    Seek {
        /// The target position.
        to: MediaTime,
    },
    /// Play at another speed.
    SetRate(Rate),
    /// Start without the members that the room waits for.
    GoOn,
    /// Undo the last change to the room.
    Undo,
    /// Make another member the host.
    HandOver {
        /// The new host.
        to: MemberId,
    },
}
