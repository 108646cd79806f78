//! The terminal with its keyboard, as one thing that outlives what is shown on it: home and the room that is entered
//! from it change places without the shell's screen between them.

use crate::RunError;
use crate::input::Keyboard;
use crate::terminal::Guard;

/// The terminal and its keyboard. Dropping it gives the terminal back and ends the keyboard's thread.
#[derive(Debug)]
pub struct Stage {
    pub(crate) guard: Guard,
    pub(crate) keyboard: Keyboard,
    /// Whether something was shown before: what comes next is not drawn before it has something to say.
    pub(crate) is_in_use: bool,
}

impl Stage {
    /// Takes the terminal, which is told where links lead if it knows what that is.
    pub fn enter(has_links: bool) -> Result<Self, RunError> {
        let guard = Guard::enter(has_links).map_err(RunError::Terminal)?;
        let mut keyboard = Keyboard::default();
        keyboard.listen().map_err(RunError::Keyboard)?;
        Ok(Self {
            guard,
            keyboard,
            is_in_use: false,
        })
    }
}
