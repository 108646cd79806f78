//! Happenings in a room, as one of its members learns of them: the facts, and who caused them.
//!
//! The session builds each [`Happening`] once. The screen, plain mode, the line over the film and `events --json` render it; none
//! of them decides again whether something is worth reporting. Nothing here crosses the wire, and nothing here is worded for
//! people.

use std::time::Duration;

use crate::clean::Clean;
use crate::id::{MemberId, MemberName};
use crate::item::{FileMatch, Item};
use crate::link_end::LinkEnd;
use crate::message::room::Refusal;
use crate::message::roster::{HostChangeReason, LeaveReason, PlayerState};
use crate::message::settings::Setting;
use crate::message::standing::{NotReady, Standing};
use crate::message::undo::{Change, ChangeId};
use crate::time::{MediaTime, Rate};
use crate::timeline::{Playback, Reason};

/// A member, with their name at the time of the happening.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The member's id.
    pub id: MemberId,
    /// The member's name.
    pub name: MemberName,
    /// Whether this is the reader.
    pub is_you: bool,
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq)]
pub struct Happening {
    /// The member who caused it, or whom it is about. `None` if nobody did (the film ended, the link was lost) and if the member
    /// is no longer known.
    pub actor: Option<Person>,
    /// The facts.
    pub fact: Fact,
}

/// The facts of a happening. "The actor" in these docs is [`Happening::actor`].
#[derive(Clone, Debug, PartialEq)]
pub enum Fact {
    /// The actor entered or is gone.
    Presence {
        /// The kind of change.
        change: Presence,
        /// The member who removed them, if somebody did and is still known.
        by: Option<Person>,
    },
    /// The actor reached or left the room's position. Reported for every member except the reader.
    Standing {
        /// The actor's previous standing.
        was: Standing,
        /// The actor's new standing.
        is: Standing,
    },
    /// The actor's player or copy changed for a longer time. Reported once for each film.
    Copy {
        /// The title of the current film; `None` if nothing is on.
        film: Option<Clean>,
        /// The change.
        news: CopyNews,
    },
    /// The actor became host.
    BecameHost {
        /// The reason.
        why: HostChangeReason,
    },
    /// The room's timeline changed, by the actor or by itself. Text interfaces report a seek by [`Fact::Seek`].
    Moved(Move),
    /// The actor sought to another position, with the numbers that the server sends to everybody.
    Seek {
        /// The id of the change. The same id again means that the seek went on.
        id: ChangeId,
        /// The room's position before.
        from: MediaTime,
        /// The room's new position.
        to: MediaTime,
    },
    /// The actor put on another item.
    PutOn {
        /// The item.
        item: Item,
        /// Whether an undo brought it back; [`Fact::Undid`] reports the undo.
        is_undo: bool,
    },
    /// The length of the current item became known, or the item turned out to be live.
    LengthFound {
        /// The item with its new length.
        item: Item,
        /// Whether its file was still being written and is now complete.
        is_complete: bool,
    },
    /// The reader's copy was compared with the item.
    CopyCompared {
        /// The title of the item.
        film: Clean,
        /// The outcome.
        file: FileMatch,
        /// Whether the reader put on the item a moment ago, so that the item is this very copy.
        is_own_choice: bool,
    },
    /// The actor changed a setting of the room.
    SettingChanged {
        /// The setting with its new value.
        setting: Setting,
        /// Whether an undo changed it; [`Fact::Undid`] reports the undo.
        is_undo: bool,
    },
    /// The actor undid something.
    Undid {
        /// The id of the undo, which is a change itself.
        id: ChangeId,
        /// The author of the undone change; `None` if that member is no longer known.
        author: Option<Person>,
        /// Whether the undone change was itself an undo.
        was_undo: bool,
        /// The change that the undo made.
        change: Change,
        /// The current host.
        host: Option<Person>,
        /// The title of the current item.
        film: Option<Clean>,
    },
    /// Banned members may enter again.
    BansLifted {
        /// Their names.
        names: Vec<MemberName>,
    },
    /// The server's disk stopped or resumed saving the room.
    Storage {
        /// Whether saving fails.
        is_failing: bool,
    },
    /// The token of the reader's seat could not be written to the reader's disk.
    SeatNotKept {
        /// The operating system's error message.
        why: Clean,
    },
    /// There is no local copy of the current item.
    NoCopy {
        /// The title of the current item; `None` if it is not known.
        film: Option<Clean>,
    },
    /// The state of the reader's player changed.
    Player(PlayerNews),
    /// The reader pressed a key in the player's window that has no effect on the room.
    WindowRequestUndone {
        /// The reason.
        why: IgnoredRequest,
        /// Whether the player is brought back to the room's position.
        is_back: bool,
    },
    /// A request of the reader was refused.
    Refused {
        /// The reason.
        why: Refusal,
        /// The host, if it is somebody else.
        host: Option<Person>,
        /// The time after which a retry makes sense, if it ever does.
        retry_after: Option<Duration>,
    },
    /// A chat line of the reader was refused.
    ChatRefused {
        /// The line.
        text: Clean,
        /// The reason.
        why: Refusal,
    },
    /// The reader asked for a position beyond the end of the film.
    BeyondEnd {
        /// The length of the film.
        length: MediaTime,
    },
    /// A request of the reader needs a connection, and there is none.
    Offline,
    /// The connection to the server was lost.
    LinkLost {
        /// The reason.
        why: LinkEnd,
        /// The state of the film meanwhile.
        film: OfflineFilm,
    },
    /// The next attempt to connect follows after a delay.
    NextAttempt {
        /// The number of the attempt, from 1.
        attempt: u32,
        /// The delay.
        after: Duration,
    },
    /// The film was paused on this machine only.
    PausedHere {
        /// The reason.
        why: LocalPauseReason,
    },
    /// The connection is back.
    LinkBack {
        /// Whether the seat was resumed; otherwise the room was entered again.
        is_resumed: bool,
    },
    /// A server that was silent answers again.
    ServerAnswers,
    /// The room has waited for others for longer than a seek takes.
    StillWaiting {
        /// The awaited members and the states of their players: the reader first, then the actor.
        people: Vec<(Person, PlayerState)>,
    },
    /// The room was closed.
    RoomClosed,
}

/// The way in which a member's presence changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// The member entered.
    Joined,
    /// The member is gone.
    Left(LeaveReason),
    /// The member's connection was lost; the seat is kept.
    ConnectionLost,
    /// The member is connected again.
    ConnectionBack,
}

/// A change of a timeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Move {
    /// The cause.
    pub reason: Reason,
    /// The room's new playback state.
    pub playback: Playback,
    /// The room's new position.
    pub to: MediaTime,
    /// The room's new speed.
    pub rate: Rate,
    /// Whether only playback changed: the position is the one that the record before it gives.
    pub is_same_place: bool,
    /// Whether it follows by itself from a move that was already reported: the start after everybody arrived.
    pub is_sequel: bool,
}

/// A lasting change of a member's player or copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CopyNews {
    /// The member no longer watches, and will not watch again by itself.
    NotReady(NotReady),
    /// The member has a player again.
    IsBack,
    /// The member's copy differs from the room's film.
    OtherCopy {
        /// The length of the member's copy minus the film's.
        longer_by: MediaTime,
    },
}

/// The reason why a key of the player's window has no effect on the room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IgnoredRequest {
    /// The room is over.
    RoomIsOver,
    /// There is no connection.
    NoLink {
        /// The state of the film meanwhile.
        film: OfflineFilm,
    },
    /// Somebody else controls the room.
    NotHost {
        /// The host, if there is one.
        host: Option<Person>,
    },
}

/// The reason why the film was paused on this machine only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LocalPauseReason {
    /// There has been no connection for too long.
    NoLink,
    /// The connection was closed for this reason.
    Closed(crate::close::CloseCode),
}

/// The state of the film while there is no connection or the server is silent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OfflineFilm {
    /// It plays on along its timeline.
    PlaysOn,
    /// It is paused.
    PausedHere,
    /// The player shows no film.
    NoFilm,
}

/// A change of the reader's player.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlayerNews {
    /// It is being started.
    Starting,
    /// A notice for the user that interrupts nothing.
    Notice {
        /// One sentence.
        text: Clean,
    },
    /// It runs.
    Started {
        /// The library and its version, as in "mpv 0.35.1".
        version: Clean,
    },
    /// It opens the room's item.
    Opening,
    /// The item is open.
    Opened {
        /// The length of the copy, where it has one.
        duration: Option<MediaTime>,
    },
    /// The item could not be opened.
    OpenFailed {
        /// The name of the file or link, if it is known.
        what: Option<Clean>,
        /// The player's message.
        reason: Clean,
    },
    /// There is no local copy of the item. `Command::Open` can name a file.
    NoCopy,
    /// It ran out of data.
    Buffering {
        /// How full its cache is, 0 to 100.
        percent: u8,
    },
    /// It plays on after running out of data.
    Refilled,
    /// Its window was closed; `Command::ReopenPlayer` opens it again.
    Closed,
    /// It died or could not be started.
    Gone {
        /// The cause.
        reason: Clean,
        /// A hint about how the user can proceed.
        hint: Option<Clean>,
        /// Whether it is being restarted automatically.
        is_restarting: bool,
    },
}

impl Happening {
    /// Returns something that nobody did.
    pub const fn of(fact: Fact) -> Self {
        Self { actor: None, fact }
    }

    /// Returns whether the reader did it.
    pub fn is_own(&self) -> bool {
        self.actor.as_ref().is_some_and(|actor| actor.is_you)
    }
}
