//! A user's requests to the room, the same whether they come from a key, a slash command, a line of plain mode or a script.

use crate::id::MemberId;
use crate::message::settings::Setting;
use crate::permission::RoomAct;
use crate::time::{MediaTime, Rate};

/// A request to the room on behalf of everyone in it. The room may refuse it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RoomIntent {
    /// Play the item.
    Play,
    /// Pause at the frame that is on the user's screen.
    Pause,
    /// Play if the room is paused; pause if it plays or is about to play.
    Toggle,
    /// Seek to a position. A position beyond the end of the film is refused.
    SeekTo(MediaTime),
    /// Seek forward, or back if negative, but not beyond the end or the beginning.
    SeekBy(MediaTime),
    /// Pause if the room plays, then go one frame forward or back.
    StepFrame {
        /// Whether to step forward.
        is_forward: bool,
    },
    /// Play at another speed.
    SetRate(Rate),
    /// Undo the last change to the room, whoever made it.
    Undo,
    /// Make another member the host.
    TransferHost {
        /// The new host.
        to: MemberId,
    },
    /// Become host again in a room that the user opened.
    TakeBack,
    /// Remove a member.
    Remove {
        /// The member to remove.
        member: MemberId,
        /// Whether they are banned as well.
        is_ban: bool,
    },
    /// Lift a ban.
    Unban {
        /// The ban's number.
        number: u32,
    },
    /// Start without the members that the room waits for.
    GoOn,
    /// Change a setting of the room.
    Set(Setting),
}

impl RoomIntent {
    /// Returns the act that the user needs permission for.
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
