//! The effects of actions, if they are the same for all front ends.

use watchtogether_protocol::{MemberId, Rate, RoomIntent};

use crate::intent::Intent;

/// The effect of an action.
#[derive(Clone, Debug)]
pub enum ActionEffect {
    /// Issues one intent, independent of the screen.
    Ask(Intent),
    /// Requests another speed, computed from the room's.
    ChangeRate(fn(f64) -> f64),
    /// Goes this many chapters forward for everybody, or back if negative.
    MoveByChapters(i32),
    /// Takes an argument; its key starts the slash command in the input line.
    With(Argument),
    /// Implemented by each front end, or by only one of them; may have an argument.
    Here(Option<Argument>),
}

impl ActionEffect {
    /// Returns the argument of its slash command.
    pub const fn argument(&self) -> Option<&Argument> {
        match self {
            Self::With(argument) | Self::Here(Some(argument)) => Some(argument),
            Self::Ask(_) | Self::ChangeRate(_) | Self::MoveByChapters(_) | Self::Here(None) => None,
        }
    }
}

/// The argument of a slash command, with its intent if it is the same for all front ends.
#[derive(Clone, Debug)]
pub enum Argument {
    /// A time or a distance to seek to.
    Time,
    /// A speed.
    Rate,
    /// A title for the room.
    Title,
    /// A chapter of the local file.
    Chapter,
    /// A member of the room.
    Member(fn(MemberId) -> Intent),
    /// A ban, by its number.
    Ban(fn(u32) -> Intent),
    /// One of some words, each with its intent.
    Choice(&'static [(&'static str, RoomIntent)]),
    /// Any text.
    Words,
    /// `on` or `off`.
    Switch,
}

/// Returns the speed that an action sets, given the room's speed: a round number within the limits.
pub fn rate_after(change: fn(f64) -> f64, rate: Rate) -> Option<Rate> {
    let wanted = (change(rate.as_f64()) * 100.0).round() / 100.0;
    Rate::from_f64(wanted.clamp(Rate::MIN.as_f64(), Rate::MAX.as_f64()))
}

#[cfg(test)]
mod tests {
    use super::super::ActionId;
    use super::*;

    #[test]
    fn speeds_change_in_round_steps_within_their_limits() {
        let after = |id: ActionId, rate| {
            let ActionEffect::ChangeRate(change) = id.action().effect else {
                return None;
            };
            rate_after(change, Rate::from_f64(rate)?).map(Rate::as_f64)
        };

        assert_eq!(after(ActionId::Faster, 1.0), Some(1.1));
        assert_eq!(after(ActionId::Slower, 1.0), Some(0.91));
        assert_eq!(after(ActionId::DoubleSpeed, 3.0), Some(4.0));
        assert_eq!(after(ActionId::HalfSpeed, 0.25), Some(0.25));
        assert_eq!(after(ActionId::Play, 1.0), None);
    }
}
