//! What the user wants, in the words of a front end.

use watchtogether_protocol::{Clean, RoomIntent};

/// A request of the user. A front end does nothing itself; whether a request may be is told by updates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Intent {
    /// Say something in the chat; line breaks stay. Answered by [`crate::Update::ChatPending`].
    Say(Clean),
    /// Tell the others that something is being written, or not any more.
    Typing(bool),
    /// Something of the room, for everyone.
    Room(RoomIntent),
    /// Correct the own player now.
    SyncNow,
    /// Start the own player again.
    ReopenPlayer,
    /// Change what of the own player is its user's alone.
    Player(PlayerAdjustment),
    /// Try to connect now.
    Retry,
    /// Copy a text to the clipboard. The loop does it through the terminal (OSC 52); it reaches the receiver too, for a
    /// clipboard that the terminal does not have.
    Copy(String),
    /// Put a film on, for everyone; answered by a note where there is none.
    Open(String),
    /// Say what the beginning of a path can become; answered by [`crate::Update::Completed`].
    CompletePath(String),
    /// Write a text in the user's editor; answered by [`crate::Update::Edited`]. The terminal is restored already; it is
    /// taken again with [`crate::Update::Resumed`].
    Edit(String),
    /// Keep a text in a new file; answered by a note.
    Export {
        /// Which file, as it was typed.
        path: String,
        /// What is in it.
        text: String,
    },
    /// Stop the process until it is continued (Ctrl-Z). The terminal is restored already; the receiver raises SIGTSTP
    /// and sends [`crate::Update::Resumed`] when it runs again.
    Suspend,
    /// Give the seat up and end. The loop ends by itself after it.
    Leave,
}

/// What of a player is its user's alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlayerAdjustment {
    /// Louder.
    Louder,
    /// Less loud.
    Softer,
    /// Silent, or not any more.
    Mute,
    /// Subtitles shown or hidden.
    SubtitlesShown,
    /// The next track of subtitles.
    SubtitlesNext,
    /// The track of subtitles before.
    SubtitlesPrevious,
    /// Subtitles a little earlier.
    SubtitlesEarlier,
    /// Subtitles a little later.
    SubtitlesLater,
    /// The next track of sound.
    AudioNext,
    /// Where the film is, over the film.
    Progress,
    /// The whole display, or a window again.
    Fullscreen,
}
