//! Happenings in a room, as one of its members learns of them: what happened, and who caused it.
//!
//! The session builds each [`Happening`] once. The screen, plain mode, the line over the film and `events --json` render it; none
//! of them decides again whether something is worth reporting. Nothing here is sent over the network, and nothing here is text
//! for users.

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
use crate::player_reason::{OpenError, PlayerEnd, PlayerNotice};
use crate::time::{MediaTime, Rate};

/// A member, with their name at the time of the happening.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The member's id.
    pub id: MemberId,
    /// The member's name.
    pub name: MemberName,
    /// Whether this is the local user.
    pub is_you: bool,
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq)]
pub struct Happening {
    /// The member who caused it or is the subject. `None` if there is none (the film ended, the link was lost) or the member is
    /// no longer known.
    pub actor: Option<Person>,
    /// The facts.
    pub fact: Fact,
}

/// The kind of a happening, with its details. "The actor" in these docs is [`Happening::actor`].
#[derive(Clone, Debug, PartialEq)]
pub enum Fact {
    /// The actor entered or is gone.
    Presence {
        /// The kind of change.
        change: Presence,
        /// The member who removed them, if somebody did and is still known.
        by: Option<Person>,
    },
    /// The actor reached or left the room's position. Reported for every member except the local user.
    Standing {
        /// The actor's previous standing.
        was: Standing,
        /// The actor's new standing.
        is: Standing,
    },
    /// The state of the actor's player or copy changed lastingly. Reported once for each film.
    Copy {
        /// The title of the current film; `None` if there is none.
        film: Option<Clean>,
        /// The change.
        news: CopyNews,
    },
    /// The actor became host.
    BecameHost {
        /// The reason.
        reason: HostChangeReason,
    },
    /// The room's timeline changed by itself.
    Moved(RoomMove),
    /// The actor started the film.
    Played {
        /// The id of the change.
        id: ChangeId,
        /// The position from which it plays.
        position: MediaTime,
    },
    /// The actor paused the film.
    Paused {
        /// The id of the change.
        id: ChangeId,
        /// The position at which it is paused.
        position: MediaTime,
    },
    /// The actor set another speed.
    RateChanged {
        /// The id of the change. The same id again means that the speed was changed further.
        id: ChangeId,
        /// The new speed.
        rate: Rate,
    },
    /// The actor seeked. The positions are those that the server reports.
    Seek {
        /// The id of the change. A repeated id means that the seek was extended.
        id: ChangeId,
        /// The room's position before.
        from: MediaTime,
        /// The room's new position.
        to: MediaTime,
    },
    /// The actor set another item.
    ItemSet {
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
    /// The user's copy was compared with the item.
    CopyCompared {
        /// The title of the item.
        film: Clean,
        /// The outcome.
        file: FileMatch,
        /// Whether the user has just opened this item, so that it was made from this copy.
        is_own_choice: bool,
    },
    /// The actor changed a setting of the room.
    SettingChanged {
        /// The setting with its new value.
        setting: Setting,
        /// Whether an undo changed it; [`Fact::Undid`] reports the undo.
        is_undo: bool,
    },
    /// The actor undid a change.
    Undid {
        /// The id of the undo, which is itself a change.
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
    /// The server stopped or resumed saving the room.
    Storage {
        /// Whether saving fails.
        is_failing: bool,
    },
    /// The token of the user's seat could not be written to this machine's disk.
    SeatNotKept {
        /// The operating system's error message.
        reason: Clean,
    },
    /// There is no local copy of the current item.
    NoCopy {
        /// The title of the current item; `None` if it is not known.
        film: Option<Clean>,
    },
    /// The state of the user's player changed.
    Player(PlayerNews),
    /// The user pressed a key in the player's window that has no effect on the room.
    WindowRequestUndone {
        /// The reason.
        reason: IgnoredRequest,
        /// Whether the player is brought back to the room's position.
        is_back: bool,
    },
    /// A request of the user was refused.
    Refused {
        /// The reason.
        reason: Refusal,
        /// The host, if it is somebody else.
        host: Option<Person>,
        /// The time after which a retry makes sense, if it ever does.
        retry_after: Option<Duration>,
    },
    /// A chat line of the user was refused.
    ChatRefused {
        /// The line.
        text: Clean,
        /// The reason.
        reason: Refusal,
    },
    /// The user asked for a position beyond the end of the film.
    BeyondEnd {
        /// The length of the film.
        length: MediaTime,
    },
    /// A request of the user needs a connection, and there is none.
    Offline,
    /// The connection to the server was lost.
    LinkLost {
        /// The reason.
        reason: LinkEnd,
        /// The state of the film while there is no connection.
        film: OfflineFilm,
    },
    /// The next attempt to connect follows after this delay.
    NextAttempt {
        /// The number of the attempt, from 1.
        attempt: u32,
        /// The delay.
        after: Duration,
    },
    /// The film was paused on this machine only.
    PausedHere {
        /// The reason.
        reason: LocalPauseReason,
    },
    /// The connection is back.
    LinkBack {
        /// Whether the seat was resumed; otherwise the room was entered again.
        is_resumed: bool,
    },
    /// A server that was silent answers again.
    ServerAnswers,
    /// The room has been waiting for others for longer than a seek takes.
    StillWaiting {
        /// The awaited members and the states of their players: the user first, then the actor. Empty if they are too many to be
        /// named.
        people: Vec<(Person, PlayerState)>,
        /// The number of awaited members.
        count: u32,
    },
    /// The room was closed.
    RoomClosed,
}

/// How a member's presence changed.
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

/// A change of the room's timeline without an actor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoomMove {
    /// The film ended.
    Ended,
    /// The room waits for the actor.
    Waiting,
    /// The wait ended, or the film was resumed after its end.
    Resumed,
    /// The room was restored from its server's disk.
    Restored,
}

/// A lasting change of a member's player or copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CopyNews {
    /// The member stopped watching and cannot resume without help.
    NotReady(NotReady),
    /// The member has a player again.
    IsBack,
    /// The member's copy differs from the item.
    OtherCopy {
        /// The length of the member's copy minus the item's.
        longer_by: MediaTime,
    },
}

/// Why a key pressed in the player's window has no effect on the room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IgnoredRequest {
    /// The room has ended.
    RoomIsOver,
    /// There is no connection.
    NoLink {
        /// The state of the film while there is no connection.
        film: OfflineFilm,
    },
    /// Somebody else controls the room.
    NotHost {
        /// The host, if there is one.
        host: Option<Person>,
    },
}

/// Why the film was paused on this machine only.
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
    /// It keeps playing by its timeline.
    PlaysOn,
    /// It is paused.
    PausedHere,
    /// The player shows no film.
    NoFilm,
}

/// A change of the user's player.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlayerNews {
    /// It is being started.
    Starting,
    /// A notice for the user that interrupts nothing.
    Notice(PlayerNotice),
    /// It has started.
    Started {
        /// The library and its version, as in "mpv 0.35.1".
        version: Clean,
    },
    /// It opens the room's item.
    Opening,
    /// The item is open.
    Opened {
        /// The length of the copy, if it has one.
        duration: Option<MediaTime>,
    },
    /// The item could not be opened.
    OpenFailed {
        /// The name of the file or link, if it is known.
        what: Option<Clean>,
        /// The reason.
        reason: OpenError,
    },
    /// There is no local copy of the item. `Command::Open` can name a file.
    NoCopy,
    /// It ran out of data.
    Buffering {
        /// How full its cache is, 0 to 100.
        percent: u8,
    },
    /// It resumed after running out of data.
    Refilled,
    /// Its window was closed; `Command::ReopenPlayer` opens it again.
    Closed,
    /// It died or could not be started.
    Gone {
        /// The reason.
        reason: PlayerEnd,
        /// The path of its log, if it wrote one.
        log: Option<Clean>,
        /// Whether it is being restarted automatically.
        is_restarting: bool,
    },
}

impl Happening {
    /// Returns a happening without an actor.
    pub const fn of(fact: Fact) -> Self {
        Self { actor: None, fact }
    }

    /// Returns whether the user caused it.
    pub fn is_own(&self) -> bool {
        self.actor.as_ref().is_some_and(|actor| actor.is_you)
    }
}
