//! What happened in a room, as one of its members learns it: who did it, and the facts.
//!
//! The session builds each [`Happening`] once. The screen, plain mode, the line over the film and `events --json` render it;
//! none of them decides again whether something is worth telling. Nothing here goes over the wire, and there are no words here.

use std::time::Duration;

use crate::clean::Clean;
use crate::id::{MemberId, MemberName};
use crate::item::{FileMatch, Item};
use crate::message::room::Refusal;
use crate::message::roster::{HostChangeReason, LeaveReason, PlayerState};
use crate::message::settings::Setting;
use crate::message::standing::{NotReady, Standing};
use crate::message::undo::{Change, ChangeId};
use crate::time::{MediaTime, Rate};
use crate::timeline::{Playback, Reason};

/// A member, as they were called when it happened.
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
    /// Who did it, or whom it is about. `None` where nobody did (the film ended, the link was lost) and where the member is
    /// not known any more.
    pub actor: Option<Person>,
    /// What happened.
    pub fact: Fact,
}

/// The facts of a happening. Where a doc line says "the actor", it is [`Happening::actor`].
#[derive(Clone, Debug, PartialEq)]
pub enum Fact {
    /// The actor came or went.
    Presence {
        /// How.
        change: Presence,
        /// Who removed them, if somebody did and is still known.
        by: Option<Person>,
    },
    /// The actor is, or is not, where the room is. Told of every member but the reader.
    Standing {
        /// How the actor stood.
        was: Standing,
        /// How the actor stands.
        is: Standing,
    },
    /// The actor's player or copy changed in a way that lasts. Told once for each film.
    Copy {
        /// The title of the film that is on; `None` where nothing is.
        film: Option<Clean>,
        /// The change.
        news: CopyNews,
    },
    /// The actor is host now.
    BecameHost {
        /// Why.
        why: HostChangeReason,
    },
    /// The room's timeline changed by an act of the actor or by itself. Lines tell a seek by [`Fact::Seek`].
    Moved(Move),
    /// The actor went to another position, in the numbers that the server tells everybody.
    Seek {
        /// Which change of the room it is. The same change again has grown: the seek went on.
        id: ChangeId,
        /// Where the room was.
        from: MediaTime,
        /// Where it went.
        to: MediaTime,
    },
    /// The actor put on another item.
    PutOn {
        /// The item.
        item: Item,
        /// Whether an undo brought it back; the undo is told by [`Fact::Undid`].
        is_undo: bool,
    },
    /// The length of the item that is on became known, or the item turned out to be live.
    LengthFound {
        /// The item with its new length.
        item: Item,
        /// Whether its file was still being written and is complete now.
        is_complete: bool,
    },
    /// The reader's copy was compared with the item.
    CopyCompared {
        /// The title of the item.
        film: Clean,
        /// The outcome.
        file: FileMatch,
        /// Whether the reader put on the item a moment ago, so that it is this very copy.
        is_own_choice: bool,
    },
    /// The actor changed a setting of the room.
    SettingChanged {
        /// The setting, as it is now.
        setting: Setting,
        /// Whether an undo changed it; the undo is told by [`Fact::Undid`].
        is_undo: bool,
    },
    /// The actor undid something.
    Undid {
        /// Which change of the room the undo is.
        id: ChangeId,
        /// Whose act was undone; `None` where that member is not known any more.
        author: Option<Person>,
        /// Whether the act that was undone was an undo itself.
        was_undo: bool,
        /// How things are now.
        change: Change,
        /// Who is host now.
        host: Option<Person>,
        /// The title of what is on now.
        film: Option<Clean>,
    },
    /// Members who were banned may come in again.
    BansLifted {
        /// Their names.
        names: Vec<MemberName>,
    },
    /// The server's disk takes nothing of what is said and done, or takes it again.
    Storage {
        /// Whether it takes nothing.
        is_failing: bool,
    },
    /// The token of the reader's seat could not be written to the reader's disk.
    SeatNotKept {
        /// The system's words.
        why: Clean,
    },
    /// There is no local copy of what is on.
    NoCopy {
        /// The title of what is on; `None` where that is not known.
        film: Option<Clean>,
    },
    /// The reader's player is in another state.
    Player(PlayerNews),
    /// The reader used a key of the player's window that has no effect on the room.
    WishUndone {
        /// Why it has none.
        why: NoWish,
        /// Whether the player is brought back to where the room is.
        is_back: bool,
    },
    /// Something that the reader asked for was refused.
    Refused {
        /// Why.
        why: Refusal,
        /// Who is host, where that is somebody else.
        host: Option<Person>,
        /// After what time it is worth another try, if it ever is.
        retry_after: Option<Duration>,
    },
    /// A chat line of the reader was refused.
    ChatRefused {
        /// The line.
        text: Clean,
        /// Why.
        why: Refusal,
    },
    /// The reader asked for a position beyond the end of the film.
    BeyondEnd {
        /// The length of the film.
        length: MediaTime,
    },
    /// Something that the reader asked for needs a connection, and there is none.
    Offline,
    /// The connection to the server was lost.
    LinkLost {
        /// Why, as the second half of a sentence.
        why: Clean,
        /// What the film does meanwhile.
        film: OfflineFilm,
    },
    /// The next attempt to connect comes after a while.
    NextAttempt {
        /// The number of the attempt, from 1.
        attempt: u32,
        /// How long it takes until then.
        after: Duration,
    },
    /// The film was paused on this machine alone.
    PausedHere {
        /// Why.
        why: PausedWhy,
    },
    /// The connection is back.
    LinkBack {
        /// Whether the seat was taken again; otherwise the room was entered anew.
        is_resumed: bool,
    },
    /// A server that was silent answers again.
    ServerAnswers,
    /// The room waits for others for longer than a seek takes.
    StillWaiting {
        /// For whom, with what their players do: the reader first, then the actor.
        people: Vec<(Person, PlayerState)>,
    },
    /// The room was closed.
    RoomClosed,
}

/// How a member came or went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// The member came in.
    Joined,
    /// The member is gone.
    Left(LeaveReason),
    /// The member's connection was lost; the seat is kept.
    ConnectionLost,
    /// The member is connected again.
    ConnectionBack,
}

/// How a timeline changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Move {
    /// What caused it.
    pub reason: Reason,
    /// What the room does now.
    pub playback: Playback,
    /// Where it is.
    pub to: MediaTime,
    /// How fast it watches.
    pub rate: Rate,
    /// Whether the position before is the same record's: it only starts or stops there.
    pub is_same_place: bool,
    /// Whether it follows by itself from a move that was told: the start after everybody arrived.
    pub is_sequel: bool,
}

/// A lasting change of a member's player or copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CopyNews {
    /// The member does not watch any more, and will not by itself.
    NotReady(NotReady),
    /// The member has a player again.
    IsBack,
    /// The member's copy differs from the room's film.
    OtherCopy {
        /// Length of the member's copy minus that of the film.
        longer_by: MediaTime,
    },
}

/// Why a key of the player's window has no effect on the room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoWish {
    /// The room is over.
    RoomIsOver,
    /// There is no connection.
    NoLink {
        /// What the film does meanwhile.
        film: OfflineFilm,
    },
    /// Somebody else controls the room.
    NotHost {
        /// Who, if anybody.
        host: Option<Person>,
    },
}

/// Why the film was paused on this machine alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PausedWhy {
    /// There has been no connection for too long.
    NoLink,
    /// The connection was closed for this reason.
    Closed(crate::close::CloseCode),
}

/// What the film does while there is no connection, or the server is silent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OfflineFilm {
    /// It plays on along its timeline.
    PlaysOn,
    /// It is paused.
    PausedHere,
    /// The player shows none.
    NoFilm,
}

/// What the reader's player does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlayerNews {
    /// It is being started.
    Starting,
    /// Something that its user should know, and that stops nothing.
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
        /// The name of what was to be opened, where that is known.
        what: Option<Clean>,
        /// The player's words.
        reason: Clean,
    },
    /// There is no local copy of the item: a file can be named with `Command::Open`.
    NoCopy,
    /// It ran dry.
    Buffering {
        /// How full its cache is, 0 to 100.
        percent: u8,
    },
    /// It plays on after it ran dry.
    Refilled,
    /// Its window was closed; `Command::ReopenPlayer` opens it again.
    Closed,
    /// It died or could not be started.
    Gone {
        /// What happened.
        reason: Clean,
        /// What the user can do about it.
        hint: Option<Clean>,
        /// Whether it is being started again by itself.
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
