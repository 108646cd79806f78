//! The terminal with its keyboard, as one thing that outlives what is shown on it: home and the room that is entered
//! from it change places without the shell's screen between them.

use std::io;

use watchtogether_protocol::LocalTime;

use crate::input::Keyboard;
use crate::key::Input;
use crate::machine::Machine;
use crate::terminal::{self, TerminalGuard};

/// The reason for which the loop could not go on.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The terminal could not be taken or drawn on.
    #[error("the terminal cannot be used")]
    Terminal(#[source] io::Error),
    /// The keyboard could not be read.
    #[error("the keyboard cannot be read")]
    Keyboard(#[source] io::Error),
}

/// The terminal and its keyboard. Dropping it gives the terminal back and ends the keyboard's thread.
#[derive(Debug)]
pub struct Stage {
    guard: TerminalGuard,
    keyboard: Keyboard,
    /// Whether something was shown before: what comes next is not drawn before it has something to say.
    is_in_use: bool,
}

impl Stage {
    /// Takes the terminal, which is told where links lead if it knows what that is.
    pub fn enter(has_links: bool) -> Result<Self, RunError> {
        let guard = TerminalGuard::enter(has_links).map_err(RunError::Terminal)?;
        let mut keyboard = Keyboard::default();
        keyboard.listen().map_err(RunError::Keyboard)?;
        Ok(Self {
            guard,
            keyboard,
            is_in_use: false,
        })
    }

    /// Begins to show something; says whether something else was shown before.
    pub(crate) const fn begin(&mut self) -> bool {
        std::mem::replace(&mut self.is_in_use, true)
    }

    /// Draws a frame.
    pub(crate) fn draw(&mut self, screen: &mut impl Machine, now: LocalTime) -> Result<(), RunError> {
        self.guard.draw(screen, now).map_err(RunError::Terminal)
    }

    /// Writes a sequence that is no picture, such as one that copies.
    pub(crate) fn write(&mut self, sequence: &str) -> Result<(), RunError> {
        self.guard.write(sequence).map_err(RunError::Terminal)
    }

    /// Returns the next event of the keyboard or the mouse. Cancel-safe.
    pub(crate) async fn next_input(&mut self) -> Result<Input, RunError> {
        self.keyboard.next().await.map_err(RunError::Keyboard)
    }

    /// Gives the terminal back for a while, with its keyboard where another program reads it: two readers of one terminal
    /// would each have half of what is typed.
    pub(crate) fn give_back(&mut self, with_keyboard: bool) {
        if with_keyboard {
            self.keyboard.stop();
        }
        terminal::restore();
    }

    /// Takes the terminal and its keyboard again.
    pub(crate) fn take_back(&mut self) -> Result<(), RunError> {
        self.guard.take().map_err(RunError::Terminal)?;
        self.keyboard.listen().map_err(RunError::Keyboard)
    }
}
