//! The front ends of watchtogether: room, chat and people in a terminal, on a screen or as lines.
//!
//! They get [`Update`]s and return the user's requests as [`Intent`]s; they know nothing of the session, the network and the
//! player. `app` is the whole screen as a pure state machine, and [`home`] is another. [`run`] and [`run_home`] are the loops
//! that give them a terminal, a keyboard and the time, and the only place that draws. [`plain`] shows the same room as lines, for
//! a loop without a screen.

#[macro_use]
pub mod catalogue;

pub mod action;
pub mod chat_text;
pub mod editor;
pub mod fuzzy;
pub mod glyphs;
pub mod home;
pub mod home_action;
pub mod home_vocabulary;
pub mod intent;
pub mod key;
pub mod keymap;
pub mod model;
pub mod nearest;
pub mod pace;
pub mod paste;
pub mod plain;
pub mod slash_command;
pub mod strings;
pub mod terminal;
pub mod text;
pub mod theme;
pub mod typed_time;
pub mod update;

mod app;
mod console;
mod geometry;
mod input;
mod machine;
mod screen_loop;
mod settings;
mod state;
mod view;

#[cfg(test)]
mod test_support;

pub use console::{Console, RunError};
pub use glyphs::Glyphs;
pub use home::Home;
pub use input::Keyboard;
pub use intent::Intent;
pub use keymap::Keymap;
pub use screen_loop::{LoopEnd, Shell, run, run_home};
pub use settings::ScreenSettings;
pub use theme::Colours;
pub use update::Update;
