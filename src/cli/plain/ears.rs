//! Where typed lines come from: a terminal that is read key by key, so that the line can be shown again below what
//! happens; or lines of a pipe, a file, or a terminal that somebody else echoes for.

use std::io::{self, IsTerminal as _};

use rustix::termios::{
    InputModes, LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcgetwinsize, tcsetattr,
};
use tokio::sync::mpsc;
use watchtogether_tui::key::{Input, Key};
use watchtogether_tui::plain::prompt::Prompt;
use watchtogether_tui::{Keyboard, Keymap};

use crate::exit::Failure;
use crate::output::Output;

/// The value that stands for no key: POSIX's `_POSIX_VDISABLE`.
#[cfg(target_os = "linux")]
const NO_KEY: u8 = 0;
#[cfg(not(target_os = "linux"))]
const NO_KEY: u8 = 0xff;

/// Has what is pasted marked as such: it is one message, with its line breaks, and waits for Enter as all else.
const PASTES_ON: &str = "\x1b[?2004h";

/// Leaves pasting as it was.
const PASTES_OFF: &str = "\x1b[?2004l";

/// The width that is assumed of a terminal that does not say how wide it is.
const COLUMNS: usize = 80;

/// Who types.
#[derive(Debug)]
pub(super) enum Ears {
    /// Somebody at a terminal that is ours.
    Terminal(Box<Desk>),
    /// Whoever writes lines; whether their end is the user's wish to leave.
    Lines {
        lines: mpsc::Receiver<String>,
        end_leaves: bool,
    },
    /// Nobody any more.
    Deaf,
}

/// A terminal that is ours, with the line that is typed.
#[derive(Debug)]
pub(super) struct Desk {
    pub(super) prompt: Prompt,
    pub(super) is_dumb: bool,
    keyboard: Keyboard,
    modes: Modes,
    /// Whether it was given to somebody else for a while.
    is_lent: bool,
}

/// One input of whoever types.
#[derive(Debug)]
pub(super) enum Heard {
    Key(Key),
    Paste(String),
    Line(String),
    End,
}

impl Ears {
    /// Returns whoever types at standard input. A terminal is taken by [`Desk::take`].
    pub(super) fn open(keymap: Keymap, is_dumb: bool) -> io::Result<Self> {
        let is_typed = io::stdin().is_terminal();
        if is_typed
            && io::stdout().is_terminal()
            && let Some(modes) = Modes::of_stdin()?
        {
            return Ok(Self::Terminal(Box::new(Desk {
                prompt: Prompt::new(keymap, is_dumb),
                is_dumb,
                keyboard: Keyboard::default(),
                modes,
                is_lent: true,
            })));
        }
        Ok(Self::Lines {
            lines: stdin_lines(),
            end_leaves: is_typed,
        })
    }

    /// Returns the terminal, where there is one.
    pub(super) fn desk(&mut self) -> Option<&mut Desk> {
        match self {
            Self::Terminal(desk) => Some(desk),
            Self::Lines { .. } | Self::Deaf => None,
        }
    }

    /// Waits for the next. Cancel safe.
    pub(super) async fn next(&mut self) -> Heard {
        match self {
            Self::Terminal(desk) => loop {
                match desk.keyboard.next().await {
                    Ok(Input::Key(key)) => return Heard::Key(key),
                    Ok(Input::Paste(text)) => return Heard::Paste(text),
                    Ok(Input::Mouse(_) | Input::Resized) => {}
                    Err(_gone) => return self.ended(),
                }
            },
            Self::Lines { lines, end_leaves } => match lines.recv().await {
                Some(line) => Heard::Line(line),
                None if *end_leaves => self.ended(),
                // The room goes on without whoever wrote.
                None => {
                    *self = Self::Deaf;
                    std::future::pending().await
                }
            },
            Self::Deaf => std::future::pending().await,
        }
    }

    /// Does something to the output above the line that is typed.
    pub(super) fn above(
        &mut self,
        output: &mut Output,
        write: impl FnOnce(&mut Output) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        if let Some(desk) = self.desk() {
            let hidden = desk.prompt.hide();
            output.raw(hidden.as_bytes())?;
        }
        write(output)?;
        self.show(output)
    }

    /// Shows the line that is typed as it is now.
    pub(super) fn show(&mut self, output: &mut Output) -> Result<(), Failure> {
        match self.desk() {
            Some(desk) if !desk.is_lent => {
                let shown = desk.prompt.show();
                output.raw(shown.as_bytes())
            }
            Some(_) | None => Ok(()),
        }
    }

    fn ended(&mut self) -> Heard {
        *self = Self::Deaf;
        Heard::End
    }
}

impl Desk {
    /// Gives the terminal to somebody else, as it was; returns what has to be written to it.
    pub(super) fn lend(&mut self) -> &'static str {
        self.keyboard.stop();
        self.modes.give_back();
        self.is_lent = true;
        if self.is_dumb { "" } else { PASTES_OFF }
    }

    /// Takes the terminal, again or for the first time; returns what has to be written to it.
    pub(super) fn take(&mut self) -> io::Result<&'static str> {
        self.modes.set()?;
        self.keyboard.listen()?;
        self.is_lent = false;
        Ok(if self.is_dumb { "" } else { PASTES_ON })
    }

    /// Returns whether somebody else has the terminal.
    pub(super) const fn is_lent(&self) -> bool {
        self.is_lent
    }

    /// Returns how wide the terminal is.
    pub(super) fn columns() -> usize {
        tcgetwinsize(rustix::stdio::stdout())
            .ok()
            .map(|size| usize::from(size.ws_col))
            .filter(|columns| *columns > 0)
            .unwrap_or(COLUMNS)
    }
}

/// The modes of a terminal that were there before, and come back in the end.
#[derive(Debug)]
struct Modes(Termios);

impl Modes {
    /// Returns the modes as they are; nothing where somebody else sees to what is typed already.
    fn of_stdin() -> io::Result<Option<Self>> {
        let before = tcgetattr(rustix::stdio::stdin())?;
        let is_left_to_it = before.local_modes.contains(LocalModes::ICANON | LocalModes::ECHO);
        Ok(if is_left_to_it { Some(Self(before)) } else { None })
    }

    /// Has keys come one by one, and shows none of them.
    fn set(&self) -> io::Result<()> {
        let mut modes = self.0.clone();
        modes
            .local_modes
            .remove(LocalModes::ICANON | LocalModes::ECHO | LocalModes::IEXTEN);
        // Ctrl-Q and Ctrl-S are keys as any other.
        modes.input_modes.remove(InputModes::IXON);
        // Leaving by accident is asked about, and nobody stops the program with the terminal in our modes.
        for key in [SpecialCodeIndex::VINTR, SpecialCodeIndex::VSUSP] {
            modes.special_codes[key] = NO_KEY;
        }
        modes.special_codes[SpecialCodeIndex::VMIN] = 1;
        modes.special_codes[SpecialCodeIndex::VTIME] = 0;
        Ok(tcsetattr(rustix::stdio::stdin(), OptionalActions::Now, &modes)?)
    }

    fn give_back(&self) {
        if let Err(error) = tcsetattr(rustix::stdio::stdin(), OptionalActions::Now, &self.0) {
            tracing::debug!(%error, "the terminal is gone");
        }
    }
}

impl Drop for Modes {
    fn drop(&mut self) {
        self.give_back();
    }
}

/// Reads lines on a thread of their own: standard input cannot be waited for otherwise.
fn stdin_lines() -> mpsc::Receiver<String> {
    let (sender, receiver) = mpsc::channel(1);
    std::thread::spawn(move || {
        for line in io::stdin().lines() {
            let Ok(line) = line else { return };
            if sender.blocking_send(line).is_err() {
                return;
            }
        }
    });
    receiver
}
