//! The screen of watchtogether: room, chat and people in a terminal.
//!
//! It learns through [`Update`] and says what the user wants through [`Intent`]; it knows neither the session nor the
//! network nor the player.

pub mod action;
pub mod app;
pub mod editor;
pub mod intent;
pub mod key;
pub mod keymap;
pub mod model;
pub mod slash_command;
pub mod strings;
pub mod text;
pub mod theme;
pub mod update;
pub mod view;

#[cfg(test)]
mod test_support;

use watchtogether_protocol::LocalTime;
use watchtogether_protocol::time::WallTime;

pub use app::App;
pub use intent::Intent;
pub use update::Update;

/// What a screen is given at its start, because it reads no clock and no environment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// What the wall clock showed at an instant of the local clock.
    pub wall_clock: (WallTime, LocalTime),
    /// How far local time is ahead of UTC, in minutes.
    pub utc_offset_minutes: i32,
    /// Whether colours are used: not with `NO_COLOR` or `--color never`.
    pub has_colour: bool,
}
