//! A screen as a pure machine: updates and keys go in, intents and pictures come out. The loop runs it.

use ratatui::Frame;
use watchtogether_protocol::LocalTime;

use crate::geometry::Link;
use crate::key::Input;

/// A screen as a machine that reads no clock and no terminal.
pub(crate) trait Machine {
    /// News from the program around it.
    type Update;
    /// A request of its user.
    type Intent;

    /// Takes a key, a paste, the mouse or another size; returns what the user wants.
    fn handle_input(&mut self, input: Input, now: LocalTime) -> Vec<Self::Intent>;

    /// Takes over what is new.
    fn apply(&mut self, update: Self::Update, now: LocalTime);

    /// Does what is due at this time; returns what the user wanted by it.
    fn handle_timeout(&mut self, now: LocalTime) -> Vec<Self::Intent>;

    /// Returns when [`Machine::handle_timeout`] has something to do.
    fn poll_timeout(&self) -> Option<LocalTime>;

    /// Draws everything; what did not change costs the terminal nothing.
    fn draw(&mut self, frame: &mut Frame<'_>, now: LocalTime);

    /// Returns whether the picture is another than the one that was drawn last.
    fn needs_frame(&self, now: LocalTime) -> bool;

    /// Returns when the picture will be another by time alone.
    fn next_frame_at(&self) -> Option<LocalTime>;

    /// Returns whether the terminal must be cleared before the next frame.
    fn needs_clear(&self) -> bool;

    /// Forgets what the terminal shows: the next frame draws all.
    fn redraw(&mut self);

    /// Shows words above the input line until the next key.
    fn show_notice(&mut self, words: &str);

    /// Asks whether the bell shall ring, once.
    fn take_bell(&mut self) -> bool {
        false
    }

    /// Returns whether clicks and the wheel act here.
    fn has_mouse(&self) -> bool {
        false
    }

    /// Returns where links stand on the picture that was drawn last.
    fn links(&self) -> &[Link] {
        &[]
    }

    /// Returns whether an update says that the process runs again, or the editor is done.
    fn is_resumption(update: &Self::Update) -> bool;

    /// Returns what the loop itself does for an intent.
    fn effect_of(intent: &Self::Intent) -> LoopEffect<'_>;
}

/// The loop's part in an intent, which it does before the program around it learns of the intent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LoopEffect<'a> {
    /// Nothing.
    None,
    /// Have the terminal copy a text.
    Copy(&'a str),
    /// Give the terminal back until the process is continued.
    Suspend,
    /// Give the terminal back with its keyboard, to an editor.
    Edit,
    /// End.
    Leave,
}
