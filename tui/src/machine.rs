//! A screen as a pure state machine: it takes updates and keys, and returns intents and pictures. The loop runs it.

use ratatui::Frame;
use watchtogether_protocol::LocalTime;

use crate::geometry::Link;
use crate::key::Input;

/// A screen as a state machine that reads no clock and no terminal.
pub(crate) trait Machine {
    /// An update from the program around it.
    type Update;
    /// A request of the user.
    type Intent;

    /// Handles a key, a paste, the mouse or a new size; returns the resulting intents.
    fn handle_input(&mut self, input: Input, now: LocalTime) -> Vec<Self::Intent>;

    /// Applies an update.
    fn apply(&mut self, update: Self::Update, now: LocalTime);

    /// Does everything that is due; returns the resulting intents.
    fn handle_timeout(&mut self, now: LocalTime) -> Vec<Self::Intent>;

    /// Returns when [`Machine::handle_timeout`] has something to do.
    fn poll_timeout(&self) -> Option<LocalTime>;

    /// Draws everything; only changed cells are sent to the terminal.
    fn draw(&mut self, frame: &mut Frame<'_>, now: LocalTime);

    /// Returns whether the picture differs from the one that was drawn last.
    fn needs_frame(&self, now: LocalTime) -> bool;

    /// Returns when the picture will change with time alone.
    fn next_frame_at(&self) -> Option<LocalTime>;

    /// Returns whether the terminal must be cleared before the next frame.
    fn needs_clear(&self) -> bool;

    /// Makes the next frame draw everything.
    fn redraw(&mut self);

    /// Shows a text above the input line until the next key.
    fn show_notice(&mut self, words: &str);

    /// Returns whether the bell should ring, once.
    fn take_bell(&mut self) -> bool {
        false
    }

    /// Returns whether the screen reacts to clicks and the wheel.
    fn has_mouse(&self) -> bool {
        false
    }

    /// Returns where the links are on the picture that was drawn last.
    fn links(&self) -> &[Link] {
        &[]
    }

    /// Returns whether an update says that the process continues, or that the editor is done.
    fn is_resumption(update: &Self::Update) -> bool;

    /// Returns the loop's part in an intent.
    fn effect_of(intent: &Self::Intent) -> LoopEffect<'_>;
}

/// The loop's part in an intent, carried out before the program around it gets the intent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LoopEffect<'a> {
    /// Do nothing.
    None,
    /// Have the terminal copy a text.
    Copy(&'a str),
    /// Restore the terminal until the process is continued.
    Suspend,
    /// Release the terminal and its keyboard to an editor.
    Edit,
    /// End the loop.
    Leave,
}
