//! The user's intents, as front ends report them.

use watchtogether_protocol::{Clean, RoomIntent};

/// A request of the user. A front end does nothing itself; updates report whether a request is allowed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Intent {
    /// Send a chat message; line breaks are kept. Answered by [`crate::Update::ChatPending`].
    Say(Clean),
    /// Tell the others that the user is typing, or has stopped.
    Typing(bool),
    /// Request something of the room.
    Room(RoomIntent),
    /// Correct the local player now.
    SyncNow,
    /// Restart the local player.
    ReopenPlayer,
    /// Change a setting of the local player that concerns only its user.
    Player(PlayerAdjustment),
    /// Connect now.
    Retry,
    /// Copy a text to the clipboard. The loop does it through the terminal (OSC 52); the receiver gets the intent as well, for
    /// clipboards that the terminal cannot reach.
    Copy(String),
    /// Set the room's film; answered by a note if there is no such film.
    Open(String),
    /// Complete the beginning of a path; answered by [`crate::Update::Completed`].
    CompletePath(String),
    /// Edit a text in the user's editor; answered by [`crate::Update::Edited`]. The terminal has already been restored;
    /// [`crate::Update::Resumed`] acquires it again.
    Edit(String),
    /// Save a text to a new file; answered by a note.
    Export {
        /// The file's path, as it was typed.
        path: String,
        /// The text.
        text: String,
    },
    /// Stop the process until it is continued (Ctrl-Z). The terminal has already been restored; the receiver raises SIGTSTP and
    /// sends [`crate::Update::Resumed`] when the process continues.
    Suspend,
    /// Give up the seat and end. The loop then ends by itself.
    Leave,
}

/// A setting of the player that belongs to each user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlayerAdjustment {
    /// Raise the volume.
    Louder,
    /// Lower the volume.
    Softer,
    /// Mute or unmute.
    Mute,
    /// Show or hide subtitles.
    SubtitlesShown,
    /// Select the next subtitle track.
    SubtitlesNext,
    /// Select the previous subtitle track.
    SubtitlesPrevious,
    /// Show subtitles a little earlier.
    SubtitlesEarlier,
    /// Show subtitles a little later.
    SubtitlesLater,
    /// Select the next audio track.
    AudioNext,
    /// Show the film's position over the film.
    Progress,
    /// Enter or leave full screen.
    Fullscreen,
}
