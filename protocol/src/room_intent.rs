//! What somebody wants of a room, the same whether a key, a slash command, a line of plain mode or a script asks for it.

use crate::id::MemberId;
use crate::message::settings::Setting;
use crate::permission::RoomAct;
use crate::time::{MediaTime, Rate};

/// What somebody wants of the room that they are in, for everyone. The room may refuse it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RoomIntent {
    /// Play.
    Play,
    /// Pause, at the frame that the asking member sees.
    Pause,
    /// Play if the room stands, pause if it plays or is about to.
    Toggle,
    /// Go to a position; one beyond the end of the film is refused.
    SeekTo(MediaTime),
    /// Go forward, or back where negative; at the most to the end or to the beginning.
    SeekBy(MediaTime),
    /// Pause where it plays, and go a frame further or back where it stands.
    StepFrame {
        /// Whether further.
        is_forward: bool,
    },
    /// Play at another speed.
    SetRate(Rate),
    /// Take back what was done to all last, whoever did it.
    Undo,
    /// Hand the room to another member.
    TransferHost {
        /// To whom.
        to: MemberId,
    },
    /// Be host again in a room that the asking user opened.
    TakeBack,
    /// Take a member's seat away.
    Remove {
        /// Whose.
        member: MemberId,
        /// Whether they are kept out from now on.
        is_ban: bool,
    },
    /// Let somebody in again who was banned.
    Unban {
        /// The ban's number.
        number: u32,
    },
    /// Go on without those that the room waits for.
    GoOn,
    /// Change a setting of the room.
    Set(Setting),
}

impl RoomIntent {
    /// Returns the act that somebody must be allowed to do for it.
    pub const fn act(&self) -> RoomAct {
        match self {
            Self::Play
            | Self::Pause
            | Self::Toggle
            | Self::SeekTo(_)
            | Self::SeekBy(_)
            | Self::StepFrame { .. }
            | Self::SetRate(_) => RoomAct::Move,
            Self::Undo => RoomAct::Undo,
            Self::TransferHost { .. } => RoomAct::HandOver,
            Self::TakeBack => RoomAct::TakeBack,
            Self::Remove { .. } => RoomAct::Remove,
            Self::Unban { .. } => RoomAct::Unban,
            Self::GoOn => RoomAct::GoOn,
            Self::Set(_) => RoomAct::Set,
        }
    }
}
