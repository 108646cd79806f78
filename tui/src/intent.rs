//! What the user wants: the screen's only output besides the picture.

use watchtogether_protocol::{Clean, MediaTime, MemberId, Rate};

/// A wish of the user. The screen does nothing itself; whether a wish may be is told by updates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Intent {
    /// Say something in the chat; line breaks stay. Answered by [`crate::Update::ChatPending`].
    Say(Clean),
    /// Play if the room stands, pause if it plays or is about to.
    TogglePlay,
    /// Play, for everyone.
    Play,
    /// Pause, for everyone.
    Pause,
    /// Go to a position, for everyone.
    SeekTo(MediaTime),
    /// Go forward, or back where negative, for everyone.
    SeekBy(MediaTime),
    /// Watch at another speed, for everyone.
    SetRate(Rate),
    /// Hand the room to another member.
    TransferHost {
        /// To whom.
        to: MemberId,
    },
    /// Go on without those that the room waits for.
    GoOn,
    /// Correct the own player now.
    SyncNow,
    /// Start the own player again.
    ReopenPlayer,
    /// Try to connect now.
    Retry,
    /// Copy a text to the clipboard. The loop does it through the terminal (OSC 52); it reaches the receiver too, for a
    /// clipboard that the terminal does not have.
    Copy(String),
    /// Stop the process until it is continued (Ctrl-Z). The terminal is restored already; the receiver raises SIGTSTP
    /// and sends [`crate::Update::Resumed`] when it runs again.
    Suspend,
    /// Give the seat up and end. The loop ends by itself after it.
    Leave,
}
