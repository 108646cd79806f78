//! The source of typed lines: a terminal that is read key by key, so that the typed line can be redrawn below new output; or
//! lines from a pipe, a file, or a terminal in cooked mode.

use std::io::{self, IsTerminal as _};

use rustix::termios::{
    InputModes, LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcgetwinsize, tcsetattr,
};
use tokio::sync::mpsc;
use watchtogether_tui::key::{Input, Key};
use watchtogether_tui::plain::prompt::Prompt;
use watchtogether_tui::{Keyboard, Keymap};

use crate::cli::input_line::read_line;
use crate::exit::Failure;
use crate::output::OutputStreams;

/// The value that disables a special character: POSIX's `_POSIX_VDISABLE`.
#[cfg(target_os = "linux")]
const NO_KEY: u8 = 0;
#[cfg(not(target_os = "linux"))]
const NO_KEY: u8 = 0xff;

/// Turns on bracketed paste: pasted text is one message, including its line breaks, and waits for Enter like typed text.
const PASTES_ON: &str = "\x1b[?2004h";

/// Turns off bracketed paste.
const PASTES_OFF: &str = "\x1b[?2004l";

/// The assumed width of a terminal that does not report one.
const COLUMNS: usize = 80;

/// The source of typed input.
#[derive(Debug)]
pub(super) enum LineInput {
    /// A terminal that is read key by key.
    Terminal(Box<PromptTerminal>),
    /// A source of complete lines; `end_leaves` says whether the user leaves at its end.
    Lines {
        lines: mpsc::Receiver<String>,
        end_leaves: bool,
    },
    /// The input has ended.
    Closed,
}

/// A terminal that is read key by key, with the typed line.
#[derive(Debug)]
pub(super) struct PromptTerminal {
    pub(super) prompt: Prompt,
    pub(super) is_dumb: bool,
    keyboard: Keyboard,
    modes: Modes,
    /// Whether the terminal is released to another program.
    is_lent: bool,
}

/// One input of the user.
#[derive(Debug)]
pub(super) enum TypedInput {
    Key(Key),
    Paste(String),
    Line(String),
    End,
}

impl LineInput {
    /// Returns the source for standard input. A terminal is acquired by [`PromptTerminal::take`].
    pub(super) fn open(keymap: Keymap, is_dumb: bool) -> io::Result<Self> {
        let is_typed = io::stdin().is_terminal();
        if is_typed
            && io::stdout().is_terminal()
            && let Some(modes) = Modes::of_stdin()?
        {
            return Ok(Self::Terminal(Box::new(PromptTerminal {
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

    /// Returns the terminal, if there is one.
    pub(super) fn terminal(&mut self) -> Option<&mut PromptTerminal> {
        match self {
            Self::Terminal(terminal) => Some(terminal),
            Self::Lines { .. } | Self::Closed => None,
        }
    }

    /// Waits for the next input. Cancel safe.
    pub(super) async fn next(&mut self) -> TypedInput {
        match self {
            Self::Terminal(terminal) => loop {
                match terminal.keyboard.next().await {
                    Ok(Input::Key(key)) => return TypedInput::Key(key),
                    Ok(Input::Paste(text)) => return TypedInput::Paste(text),
                    Ok(Input::Mouse(_) | Input::Resized) => {}
                    Err(_gone) => return self.ended(),
                }
            },
            Self::Lines { lines, end_leaves } => match lines.recv().await {
                Some(line) => TypedInput::Line(line),
                None if *end_leaves => self.ended(),
                // The session continues after the pipe is closed.
                None => {
                    *self = Self::Closed;
                    std::future::pending().await
                }
            },
            Self::Closed => std::future::pending().await,
        }
    }

    /// Writes output above the typed line.
    pub(super) fn above(
        &mut self,
        output: &mut OutputStreams,
        write: impl FnOnce(&mut OutputStreams) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        if let Some(terminal) = self.terminal() {
            let hidden = terminal.prompt.hide();
            output.raw(hidden.as_bytes())?;
        }
        write(output)?;
        self.show(output)
    }

    /// Redraws the typed line.
    pub(super) fn show(&mut self, output: &mut OutputStreams) -> Result<(), Failure> {
        match self.terminal() {
            Some(terminal) if !terminal.is_lent => {
                let shown = terminal.prompt.show();
                output.raw(shown.as_bytes())
            }
            Some(_) | None => Ok(()),
        }
    }

    fn ended(&mut self) -> TypedInput {
        *self = Self::Closed;
        TypedInput::End
    }
}

impl PromptTerminal {
    /// Releases the terminal to another program, with its original modes. Returns the escape sequence to write.
    pub(super) fn lend(&mut self) -> &'static str {
        self.keyboard.stop();
        self.modes.give_back();
        self.is_lent = true;
        if self.is_dumb { "" } else { PASTES_OFF }
    }

    /// Acquires the terminal, for the first time or again. Returns the escape sequence to write.
    pub(super) fn take(&mut self) -> io::Result<&'static str> {
        self.modes.set()?;
        self.keyboard.listen()?;
        self.is_lent = false;
        Ok(if self.is_dumb { "" } else { PASTES_ON })
    }

    /// Returns whether the terminal is released to another program.
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

/// The original modes of the terminal, restored on drop.
#[derive(Debug)]
struct Modes(Termios);

impl Modes {
    /// Returns the present modes; `None` if the terminal is used by another program that handles the input.
    fn of_stdin() -> io::Result<Option<Self>> {
        let before = tcgetattr(rustix::stdio::stdin())?;
        let is_left_to_it = before.local_modes.contains(LocalModes::ICANON | LocalModes::ECHO);
        Ok(if is_left_to_it { Some(Self(before)) } else { None })
    }

    /// Switches to reading key by key without echo.
    fn set(&self) -> io::Result<()> {
        let mut modes = self.0.clone();
        modes
            .local_modes
            .remove(LocalModes::ICANON | LocalModes::ECHO | LocalModes::IEXTEN);
        // Ctrl-Q and Ctrl-S are ordinary keys.
        modes.input_modes.remove(InputModes::IXON);
        // Ctrl-C asks before leaving, and Ctrl-Z must not stop the program while the terminal is in our modes.
        for key in [SpecialCodeIndex::VINTR, SpecialCodeIndex::VSUSP] {
            modes.special_codes[key] = NO_KEY;
        }
        modes.special_codes[SpecialCodeIndex::VMIN] = 1;
        modes.special_codes[SpecialCodeIndex::VTIME] = 0;
        Ok(tcsetattr(rustix::stdio::stdin(), OptionalActions::Now, &modes)?)
    }

    fn give_back(&self) {
        if let Err(error) = tcsetattr(rustix::stdio::stdin(), OptionalActions::Now, &self.0) {
            tracing::debug!(%error, "could not restore the terminal");
        }
    }
}

impl Drop for Modes {
    fn drop(&mut self) {
        self.give_back();
    }
}

/// Reads lines on a separate thread, because there is no other way to wait for standard input.
fn stdin_lines() -> mpsc::Receiver<String> {
    let (sender, receiver) = mpsc::channel(1);
    std::thread::spawn(move || {
        let mut input = io::stdin().lock();
        while let Ok(Some(line)) = read_line(&mut input) {
            if sender.blocking_send(line).is_err() {
                return;
            }
        }
    });
    receiver
}
