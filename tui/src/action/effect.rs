//! What an action does: as far as it is the same for all front ends, the table says it.

use watchtogether_protocol::{MemberId, Rate, RoomIntent};

use crate::intent::Intent;

/// What comes of an action.
#[derive(Clone, Debug)]
pub enum ActionEffect {
    /// Asks for one thing, whatever is shown.
    Ask(Intent),
    /// Asks for another speed, made of the one that the room has.
    ChangeRate(fn(f64) -> f64),
    /// Goes so many chapters on for everybody, or back where negative.
    MoveByChapters(i32),
    /// Takes an argument, so that its key puts the beginning of its slash command into the input line.
    With(Argument),
    /// Is done by each front end in its own way, or by one of them alone; some may have an argument.
    Here(Option<Argument>),
}

impl ActionEffect {
    /// Returns what may stand behind its slash command.
    pub const fn argument(&self) -> Option<&Argument> {
        match self {
            Self::With(argument) | Self::Here(Some(argument)) => Some(argument),
            Self::Ask(_) | Self::ChangeRate(_) | Self::MoveByChapters(_) | Self::Here(None) => None,
        }
    }
}

/// What stands behind a slash command, and what is asked for with it where that is the same for all front ends.
#[derive(Clone, Debug)]
pub enum Argument {
    /// A time or a distance to seek to.
    Time,
    /// A speed.
    Rate,
    /// What the room is called.
    Title,
    /// A chapter of the own file.
    Chapter,
    /// Somebody who is here.
    Member(fn(MemberId) -> Intent),
    /// Somebody who is banned, by the number of the ban.
    Ban(fn(u32) -> Intent),
    /// One of some words, each with what it asks for.
    Choice(&'static [(&'static str, RoomIntent)]),
    /// Any words.
    Words,
    /// `on` or `off`.
    Switch,
}

/// Returns the speed that an action sets where the room has another: one that can be read, within the bounds.
pub fn rate_after(change: fn(f64) -> f64, rate: Rate) -> Option<Rate> {
    let wanted = (change(rate.as_f64()) * 100.0).round() / 100.0;
    Rate::from_f64(wanted.clamp(Rate::MIN.as_f64(), Rate::MAX.as_f64()))
}

#[cfg(test)]
mod tests {
    use super::super::ActionId;
    use super::*;

    #[test]
    fn speeds_change_in_steps_that_can_be_read_and_stay_in_their_bounds() {
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
