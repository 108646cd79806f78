//! The reasons that a player or its worker gives: why an item is not open, why there is no player, and its notices.
//!
//! They pass from the worker to its parent, and from the session to the interfaces. Nothing here crosses the network.

use bincode::{Decode, Encode};

use crate::clean::Clean;

/// The reason why the player does not have an item open.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum OpenError {
    /// The file does not exist.
    NoSuchFile,
    /// The user may not read the file.
    NotAllowed,
    /// The path leads to a folder.
    Folder,
    /// The file cannot be read.
    Unreadable {
        /// The operating system's description, if there is one.
        cause: Option<Clean>,
    },
    /// The text is not a link that may be opened.
    NotALink,
    /// mpv does not take the command to open it.
    Refused,
    /// It is neither a file nor a link, so that nobody else can open it.
    NotShareable,
    /// It is a playlist that leads to nothing but playlists.
    EndlessList,
    /// It is a playlist, and mpv cannot play its first entry.
    ListEntry {
        /// mpv's description.
        cause: Clean,
    },
    /// It was open, and the user closed it in the player.
    ClosedByUser,
    /// The player opens something else again and again.
    OpensOthers,
    /// mpv cannot play it.
    Mpv {
        /// mpv's description.
        cause: Clean,
    },
}

/// The reason why there is no player, or not any more.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum PlayerEnd {
    /// The user closed its window.
    WindowClosed,
    /// The worker's process could not be started.
    NotStarted {
        /// The program.
        program: Clean,
        /// The operating system's description.
        cause: Clean,
    },
    /// The worker ended by itself, without an error.
    Exited,
    /// The worker died.
    Died {
        /// The operating system's description of its end, if there is one.
        status: Option<Clean>,
    },
    /// The worker did not respond and was ended.
    Hung,
    /// The worker does not respond and cannot be ended.
    LeftBehind,
    /// The worker sent something that cannot be decoded, and was ended.
    Garbled,
    /// libmpv cannot be loaded.
    LibraryMissing {
        /// The loader's description.
        cause: Clean,
    },
    /// libmpv lacks a function.
    LibraryIncomplete {
        /// The loader's description.
        cause: Clean,
    },
    /// libmpv has another API.
    LibraryVersion {
        /// The major version.
        major: u64,
        /// The minor version.
        minor: u64,
    },
    /// libmpv created no player.
    NoHandle,
    /// mpv does not know an option.
    UnknownOption {
        /// The option's name.
        name: Clean,
    },
    /// mpv does not accept the value of an option.
    BadOption {
        /// The option's name.
        name: Clean,
        /// The value.
        value: Clean,
        /// mpv's description.
        cause: Clean,
    },
    /// mpv does not start.
    MpvRefused {
        /// mpv's description.
        cause: Clean,
    },
    /// mpv ended as soon as it was started.
    MpvEnded,
}

/// A notice about the player that interrupts nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub enum PlayerNotice {
    /// There is no display, so that the film is heard but not seen.
    NoDisplay,
    /// A setting of the player was to be changed, and no player is running.
    NoPlayer,
    /// The player was to be opened, and the session was started without one.
    NotWanted,
}
