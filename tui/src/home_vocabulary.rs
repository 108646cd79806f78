//! The updates and intents of home: plain data, like `update` and `intent` for the room.

use std::path::PathBuf;

use watchtogether_protocol::time::WallTime;
use watchtogether_protocol::{Clean, Invite, MediaTime, MemberName, RoomName};

/// An update for home.
#[derive(Clone, Debug, PartialEq)]
pub enum HomeUpdate {
    /// The recently entered rooms, newest first.
    Recent(Vec<RecentRoom>),
    /// The results of the checks of this machine.
    Checks(Vec<Check>),
    /// The completions of the typed path.
    Completed(PathCompletion),
    /// The results of a search for the browser; those of an earlier search are ignored.
    Search {
        /// The number of the search.
        number: u32,
        /// The results.
        news: SearchUpdate,
    },
    /// A request is in progress. Shown until the room has been entered or [`HomeUpdate::Failed`] arrives.
    Activity(HomeActivity),
    /// A request failed.
    Failed(HomeFailure),
    /// The user has left a room that was entered from here.
    Back {
        /// The reason, if the user did not request it.
        reason: Option<Clean>,
    },
    /// The port that a local server would get now.
    Port(HostPort),
    /// The present time of the wall clock.
    WallClock(WallTime),
    /// The process continues after [`HomeIntent::Suspend`].
    Resumed,
}

/// A request of home's user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HomeIntent {
    /// Complete this beginning of a path. Answered by [`HomeUpdate::Completed`].
    Complete(String),
    /// Search for files, also in the folder of this path if it is one. Replaces an earlier search. Answered by
    /// [`HomeUpdate::Search`].
    Search {
        /// The number of the search.
        number: u32,
        /// The text of the field.
        beside: String,
    },
    /// Stop the search.
    StopSearch,
    /// Open a room.
    Host {
        /// The film; `None` opens a room without one.
        film: Option<FilmChoice>,
        /// The room's name; `None` makes one from the film's.
        room: Option<RoomName>,
        /// The member's name.
        name: MemberName,
    },
    /// Enter a room.
    Join {
        /// The invite.
        invite: Invite,
        /// The member's name.
        name: MemberName,
    },
    /// Enter a room again.
    Rejoin {
        /// The index in the list of recent rooms.
        index: usize,
        /// The member's name.
        name: MemberName,
    },
    /// Remove a room from the list of recent rooms.
    Forget {
        /// The index in the list of recent rooms.
        index: usize,
    },
    /// Cancel the current request.
    Cancel,
    /// Stop the process until it is continued. The terminal has already been restored.
    Suspend,
    /// Quit. The loop then ends by itself.
    Quit,
}

/// The film that a room is opened with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FilmChoice {
    /// The typed text: a path, possibly beginning with `~`, or a link.
    Typed(String),
    /// A file that was found. Its name may look different on the screen.
    Chosen(PathBuf),
}

/// A recently entered room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecentRoom {
    /// The title that the room had, or its name if it had none.
    pub room: Clean,
    /// The server, as text; `None` is this machine.
    pub place: Option<Clean>,
    /// The film's title.
    pub title: Option<Clean>,
    /// The film's position.
    pub position: Option<MediaTime>,
    /// When it was left, or entered if it was never left normally.
    pub at: WallTime,
}

/// The result of a check of this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// The state.
    pub state: CheckState,
    /// The text.
    pub words: Clean,
}

/// The state of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckState {
    /// The check is running.
    Pending,
    /// There is no problem.
    Good,
    /// Something is missing.
    Bad,
}

/// The completions of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathCompletion {
    /// The text that was completed. If the field has a different one by now, this is outdated.
    pub asked: String,
    /// The longest common prefix of all completions; it contains at least the completed text.
    pub text: String,
    /// The file, if the text is complete and the name of its file cannot be shown in any other way.
    pub is_whole: bool,
    /// The completions in alphabetical order: a single one if it is unique, none if nothing matches.
    pub choices: Vec<PathCandidate>,
}

/// One completion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathCandidate {
    /// The name without its folder, with a `/` after a folder's name.
    pub name: String,
    /// The text for the field.
    pub text: String,
    /// The path.
    pub path: PathBuf,
}

/// A file that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundFile {
    /// The path.
    pub path: PathBuf,
    /// The index of the folder in which it was found.
    pub folder: usize,
    /// The path below that folder, for display.
    pub below: Clean,
    /// The kind, according to its extension.
    pub kind: FileKind,
    /// The size in bytes.
    pub size: u64,
    /// The time of the last modification.
    pub changed: Option<WallTime>,
}

/// The kind of a file, according to its extension.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FileKind {
    /// A film.
    Video,
    /// A sound file.
    Audio,
    /// A playlist.
    List,
    /// Anything else.
    Other,
}

/// A result of a search.
#[derive(Clone, Debug, PartialEq)]
pub enum SearchUpdate {
    /// The folders that are searched; sent before everything else.
    Folders(Vec<Clean>),
    /// Files that were found.
    Found(Vec<FoundFile>),
    /// The search has ended.
    Ended(SearchOutcome),
}

/// The outcome of a search.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SearchOutcome {
    /// Whether it ended before everything was searched.
    pub is_cut_short: bool,
    /// The number of folders that could not be read.
    pub unreadable: usize,
}

/// The UDP port that a local server would get.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HostPort {
    /// This one, which is free.
    Free(u16),
    /// Any free one, because this one is in use.
    InsteadOf(u16),
    /// None, because the configured one is in use.
    InUse(u16),
    /// Any free one, because the user asked for that.
    Any,
}

/// The current request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HomeActivity {
    /// A local server is being started.
    Starting,
    /// The connection to a server is being established.
    Connecting {
        /// The destination.
        to: Clean,
    },
}

/// Why something failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HomeFailure {
    /// The place that caused it, where it is also shown.
    pub place: HomeField,
    /// A description, as a sentence without a full stop.
    pub words: Clean,
    /// A suggestion for the user.
    pub hint: Option<Clean>,
}

/// A place on home.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum HomeField {
    /// The film field.
    Film,
    /// The field for the room's name.
    Room,
    /// The field for the user's name.
    Name,
    /// The button that opens a room.
    Host,
    /// The invite field.
    Invite,
    /// The button that enters a room.
    Join,
    /// A recent room.
    Recent(usize),
}
