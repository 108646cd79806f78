//! What home learns and what it wants: plain data, as `update` and `intent` are for the room.

use std::path::PathBuf;

use watchtogether_protocol::time::WallTime;
use watchtogether_protocol::{Clean, Invite, MediaTime, MemberName, RoomName};

/// Something that home must learn.
#[derive(Clone, Debug, PartialEq)]
pub enum HomeUpdate {
    /// The rooms that were entered lately, the newest first.
    Recent(Vec<RecentRoom>),
    /// What was found out about this machine.
    Checks(Vec<Check>),
    /// What the typed beginning of a path can become.
    Completed(PathCompletion),
    /// What a search for the browser brought; that of an earlier one is no news.
    Search {
        /// Which search.
        number: u32,
        /// What it brought.
        news: SearchUpdate,
    },
    /// What was asked for is on its way: shown until the room is there or [`HomeUpdate::Failed`] comes.
    Activity(HomeActivity),
    /// What was asked for failed.
    Failed(HomeFailure),
    /// A room that was entered from here was left.
    Back {
        /// Why, if it was not by its user's request.
        why: Option<Clean>,
    },
    /// Which port a server of the user's own would get now.
    Port(HostPort),
    /// What the wall clock shows now.
    WallClock(WallTime),
    /// The process runs again after [`HomeIntent::Suspend`].
    Resumed,
}

/// What the user of home wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HomeIntent {
    /// Find out what this beginning of a path can become. Answered by [`HomeUpdate::Completed`].
    Complete(String),
    /// Look for files, and also in the folder of this path if it is one, instead of an earlier search. Answered by
    /// [`HomeUpdate::Search`].
    Search {
        /// Which search it is.
        number: u32,
        /// What stands in the field.
        beside: String,
    },
    /// Look no further.
    StopSearch,
    /// Open a room.
    Host {
        /// The film; none opens a room without one.
        film: Option<FilmChoice>,
        /// What the room is to be called; none makes a name of the film's.
        room: Option<RoomName>,
        /// As whom.
        name: MemberName,
    },
    /// Enter a room.
    Join {
        /// Which, and how.
        invite: Invite,
        /// As whom.
        name: MemberName,
    },
    /// Enter a room again.
    Rejoin {
        /// Which of the recent ones.
        index: usize,
        /// As whom.
        name: MemberName,
    },
    /// Strike a room off the recent ones.
    Forget {
        /// Which of them.
        index: usize,
    },
    /// Give up what is on its way.
    Cancel,
    /// Stop the process until it is continued; the terminal is restored already.
    Suspend,
    /// End. The loop ends by itself after it.
    Quit,
}

/// A film that a room is opened with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FilmChoice {
    /// What was typed: a path, perhaps from `~` on, or a link.
    Typed(String),
    /// A file that was found, whatever its name can be shown as.
    Chosen(PathBuf),
}

/// A room that was entered lately.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecentRoom {
    /// What it is called.
    pub room: RoomName,
    /// Where it is, for people; none is this machine.
    pub place: Option<Clean>,
    /// What was on.
    pub title: Option<Clean>,
    /// Where in it.
    pub position: Option<MediaTime>,
    /// When it was left, or entered if it was never left in order.
    pub at: WallTime,
}

/// Something that was found out about this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// How it stands.
    pub state: CheckState,
    /// What and how, in words.
    pub words: Clean,
}

/// How a check stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckState {
    /// It is being looked at.
    Pending,
    /// All is well.
    Good,
    /// Something is missing.
    Bad,
}

/// What the beginning of a path can become.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathCompletion {
    /// The beginning, as it was asked about: where the field has another by now, this is no news.
    pub asked: String,
    /// The longest beginning that all of them share; at least what was asked.
    pub text: String,
    /// The file that it is, where it is one and its name can be shown in no other way.
    pub is_whole: bool,
    /// What it can become, in the order of names; one where it is certain, none where there is nothing.
    pub choices: Vec<PathCandidate>,
}

/// One of the things that a beginning can become.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathCandidate {
    /// Its name alone, a folder's with a `/` behind it.
    pub name: String,
    /// What stands in the field for it.
    pub text: String,
    /// What it is.
    pub path: PathBuf,
}

/// A file that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundFile {
    /// Where it is.
    pub path: PathBuf,
    /// In which of the folders it was found.
    pub folder: usize,
    /// Its path below that folder, for people.
    pub below: Clean,
    /// What its ending says that it is.
    pub kind: FileKind,
    /// How large it is, in bytes.
    pub size: u64,
    /// When it was changed last.
    pub changed: Option<WallTime>,
}

/// What a file's ending says that it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FileKind {
    /// A film.
    Video,
    /// Sound alone.
    Audio,
    /// A playlist.
    List,
    /// Anything else.
    Other,
}

/// What a search brings.
#[derive(Clone, Debug, PartialEq)]
pub enum SearchUpdate {
    /// The folders that are looked through, before everything else.
    Folders(Vec<Clean>),
    /// Files that were found.
    Found(Vec<FoundFile>),
    /// The folders were looked through.
    Ended(SearchOutcome),
}

/// How a search ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SearchOutcome {
    /// Whether it was ended before everything was seen.
    pub is_cut_short: bool,
    /// How many folders could not be read.
    pub unreadable: usize,
}

/// Which UDP port a server of the user's own would get.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HostPort {
    /// This one, which is free.
    Free(u16),
    /// Any free one, because this one is in use.
    InsteadOf(u16),
    /// None: the one that is configured is in use.
    InUse(u16),
    /// Any free one, because the user wants it so.
    Any,
}

/// What is on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HomeActivity {
    /// A server of our own is being started.
    Starting,
    /// A server is being reached.
    Connecting {
        /// Which.
        to: Clean,
    },
}

/// Why something failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HomeFailure {
    /// What caused it: it is told there.
    pub place: HomeField,
    /// What failed, as a sentence without its full stop.
    pub words: Clean,
    /// What to do about it.
    pub hint: Option<Clean>,
}

/// Where on home something belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum HomeField {
    /// The film.
    Film,
    /// The room's name.
    Room,
    /// The own name.
    Name,
    /// Opening a room.
    Host,
    /// The invite.
    Invite,
    /// Entering a room.
    Join,
    /// A recent room.
    Recent(usize),
}
