//! What the user or a script wants of a session.

use watchtogether_protocol::message::playback::StallPolicy;
use watchtogether_protocol::{Clean, MediaTime, MemberId, Rate};

use super::OwnCopy;
use crate::player::Tweak;

/// A request; what becomes of it is told by events. Those that move the room are the host's: anybody else's are
/// refused on the spot, in the words that the server would use.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Plays, for everyone.
    Play,
    /// Pauses, for everyone, at the frame that this member sees.
    Pause,
    /// Plays if the room stands, pauses if it plays or is about to.
    Toggle,
    /// Goes to a position, for everyone; one beyond the end of the film is refused.
    SeekTo(MediaTime),
    /// Goes forward, or back where negative, for everyone; at the most to the end or to the beginning.
    SeekBy(MediaTime),
    /// Stands, for everyone, and goes a frame further, or back.
    StepFrame {
        /// Whether further.
        is_forward: bool,
    },
    /// Plays at another speed, for everyone.
    SetRate(Rate),
    /// Says something; line breaks stay.
    Say {
        /// What.
        text: Clean,
    },
    /// Tells the others that something is being written, for some seconds, or not any more.
    Typing(bool),
    /// Puts on an item for everyone; a viewer's own file becomes their copy of the room's item.
    Open(OwnCopy),
    /// Takes back what was done to all last, whoever did it.
    Undo,
    /// Hands the room to another member.
    TransferHost {
        /// To whom.
        to: MemberId,
    },
    /// Takes the room back: the user, who opened it, is its host again.
    TakeBack,
    /// Takes a member's seat away.
    Remove {
        /// Whose.
        member: MemberId,
        /// Whether they are kept out from now on.
        is_ban: bool,
    },
    /// Lets somebody in again who was banned.
    Unban {
        /// The ban's number.
        number: u32,
    },
    /// Goes on without those that the room waits for.
    GoOn,
    /// Says what the room does when a player runs dry.
    SetStall(StallPolicy),
    /// Corrects the own player now, by a hold and a release, however small the drift.
    SyncNow,
    /// Starts the player again after its window was closed or it died.
    ReopenPlayer,
    /// Changes what of the own player is its user's alone.
    Tweak(Tweak),
    /// Tries to connect now: ends the wait between two tries, or begins anew after the end.
    Retry,
    /// Gives the seat up and ends.
    Leave,
}
