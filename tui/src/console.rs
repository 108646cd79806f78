//! The terminal with its keyboard, as one value that outlives the screens shown on it: home and a room entered from it replace
//! each other without the shell's screen in between.

use std::io;

use watchtogether_protocol::LocalTime;

use crate::input::Keyboard;
use crate::key::Input;
use crate::machine::Machine;
use crate::terminal::{self, TerminalGuard};

/// Why the loop could not continue.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// Taking the terminal or drawing on it failed.
    #[error("{}", msg!("terminal-unusable"))]
    Terminal(#[source] io::Error),
    /// Reading the keyboard failed.
    #[error("{}", msg!("keyboard-unreadable"))]
    Keyboard(#[source] io::Error),
}

/// The terminal and its keyboard. Dropping it restores the terminal and ends the keyboard's thread.
#[derive(Debug)]
pub struct Console {
    guard: TerminalGuard,
    keyboard: Keyboard,
    /// Whether something was shown before. If so, the next screen is not drawn before it has contents.
    is_in_use: bool,
}

impl Console {
    /// Acquires the terminal; `has_links` says whether it supports links.
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

    /// Begins to show a screen; returns whether another was shown before.
    pub(crate) const fn begin(&mut self) -> bool {
        std::mem::replace(&mut self.is_in_use, true)
    }

    /// Draws a frame.
    pub(crate) fn draw(&mut self, screen: &mut impl Machine, now: LocalTime) -> Result<(), RunError> {
        self.guard.draw(screen, now).map_err(RunError::Terminal)
    }

    /// Writes a sequence that is not part of a picture, such as one that copies text.
    pub(crate) fn write(&mut self, sequence: &str) -> Result<(), RunError> {
        self.guard.write(sequence).map_err(RunError::Terminal)
    }

    /// Returns the next event of the keyboard or the mouse. Cancel safe.
    pub(crate) async fn next_input(&mut self) -> Result<Input, RunError> {
        self.keyboard.next().await.map_err(RunError::Keyboard)
    }

    /// Releases the terminal for a while, together with the keyboard if another program reads it: two readers of one terminal
    /// would each get half of the input.
    pub(crate) fn give_back(&mut self, with_keyboard: bool) {
        if with_keyboard {
            self.keyboard.stop();
        }
        terminal::restore();
    }

    /// Acquires the terminal and its keyboard again.
    pub(crate) fn take_back(&mut self) -> Result<(), RunError> {
        self.guard.take().map_err(RunError::Terminal)?;
        self.keyboard.listen().map_err(RunError::Keyboard)
    }
}
