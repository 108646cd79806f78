//! The terminal: acquired at the start, restored on every way out.
//!
//! Quitting and cancelling drop the guard, a panic runs the hook, and a signal handler calls [`restore`]: whichever comes first
//! restores the terminal, exactly once. A process that must do it from outside, after a kill, learns from a witness
//! ([`set_witness`]) whether the terminal is acquired; it writes [`LEAVE_SEQUENCE`] and sets the terminal's modes itself.

use std::io::{self, BufWriter, Stdout, Write as _, stdout};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Once, OnceLock};

use ratatui::Terminal;
use ratatui::backend::{Backend as _, CrosstermBackend};
use ratatui::buffer::Buffer;
use ratatui::crossterm::cursor::{RestorePosition, SavePosition};
use ratatui::crossterm::event::EnableBracketedPaste;
use ratatui::crossterm::terminal::{
    BeginSynchronizedUpdate, EndSynchronizedUpdate, EnterAlternateScreen, disable_raw_mode, enable_raw_mode,
};
use ratatui::crossterm::{execute, queue};
use ratatui::layout::{Position, Rect};
use watchtogether_protocol::LocalTime;

use crate::geometry::{LINK_END, Link};
use crate::machine::Machine;

/// The sequence that restores a terminal's screen: ends an unfinished frame, resets colours, releases the mouse, ends bracketed
/// paste, leaves the alternate screen, shows the cursor. The terminal's modes (raw or not) are separate.
pub const LEAVE_SEQUENCE: &str = "\x1b[?2026l\x1b[0m\x1b[?1006l\x1b[?1000l\x1b[?2004l\x1b[?1049l\x1b[?25h";

/// Requests clicks and the wheel, with cells beyond the 223rd. Unlike crossterm's command, it does not request motion, which
/// would wake the program for every cell that the pointer passes.
const MOUSE_ON: &str = "\x1b[?1000h\x1b[?1006h";

/// Releases the mouse.
const MOUSE_OFF: &str = "\x1b[?1006l\x1b[?1000l";

/// Whether this program has acquired the terminal.
static IS_OURS: AtomicBool = AtomicBool::new(false);

/// Makes sure that the panic hook is installed only once.
static HOOK: Once = Once::new();

/// Called when the terminal is acquired (true) or restored (false). It must not panic, because it is called during panics.
pub type TerminalObserver = Box<dyn Fn(bool) + Send + Sync>;

/// The function to call when the terminal is acquired or restored.
static WITNESS: OnceLock<TerminalObserver> = OnceLock::new();

/// Sets the function to call whenever the terminal is acquired or restored. Only the first call in a process has an effect.
pub fn set_witness(witness: TerminalObserver) {
    // A process has one terminal, so a second witness would report the same.
    drop(WITNESS.set(witness));
}

fn notify_observer(is_taken: bool) {
    if let Some(witness) = WITNESS.get() {
        witness(is_taken);
    }
}

/// Restores the terminal if this program has acquired it. The loop that draws on it ends at its next turn.
pub fn restore() {
    if IS_OURS.swap(false, Ordering::SeqCst) {
        // Errors cannot be reported here: the terminal may be gone.
        let mut out = stdout();
        drop(out.write_all(LEAVE_SEQUENCE.as_bytes()));
        drop(out.flush());
        drop(disable_raw_mode());
        notify_observer(false);
    }
}

/// Returns whether this program has acquired the terminal; false after [`restore`] was called.
pub(crate) fn is_ours() -> bool {
    IS_OURS.load(Ordering::SeqCst)
}

/// Keeps the terminal until it is dropped.
#[derive(Debug)]
pub(crate) struct TerminalGuard {
    terminal: Terminal<CrosstermBackend<BufWriter<Stdout>>>,
    has_mouse: bool,
    /// Whether links are written to the terminal.
    has_links: bool,
    /// The links on the terminal.
    links: Vec<Link>,
}

impl TerminalGuard {
    /// Acquires the terminal.
    pub(crate) fn enter(has_links: bool) -> io::Result<Self> {
        HOOK.call_once(|| {
            let previous = std::panic::take_hook();
            std::panic::set_hook(Box::new(move |info| {
                restore();
                previous(info);
            }));
        });
        let terminal = Terminal::new(CrosstermBackend::new(BufWriter::new(stdout())))?;
        let mut guard = Self {
            terminal,
            has_mouse: false,
            has_links,
            links: Vec::new(),
        };
        guard.take()?;
        Ok(guard)
    }

    /// Acquires the terminal, for the first time or after a [`restore`].
    pub(crate) fn take(&mut self) -> io::Result<()> {
        enable_raw_mode()?;
        // From here on there is something to restore.
        IS_OURS.store(true, Ordering::SeqCst);
        notify_observer(true);
        self.has_mouse = false;
        execute!(
            self.terminal.backend_mut(),
            EnterAlternateScreen,
            EnableBracketedPaste
        )
    }

    /// Draws a frame in one piece.
    pub(crate) fn draw(&mut self, picture: &mut impl Machine, now: LocalTime) -> io::Result<()> {
        queue!(self.terminal.backend_mut(), BeginSynchronizedUpdate)?;
        if self.has_mouse != picture.has_mouse() {
            self.has_mouse = picture.has_mouse();
            let switch = if self.has_mouse { MOUSE_ON } else { MOUSE_OFF };
            self.terminal.backend_mut().write_all(switch.as_bytes())?;
        }
        if picture.needs_clear() {
            // `Terminal::clear` would ask the terminal for its cursor and wait for the answer; this does not.
            let size = self.terminal.size()?;
            self.terminal.resize(Rect::from((Position::ORIGIN, size)))?;
            self.links.clear();
        }
        let frame = self.terminal.draw(|frame| picture.draw(frame, now))?;
        let links = picture.links();
        // Unchanged cells were not written again, so the terminal still knows their links.
        if self.has_links && links.iter().any(|link| !self.links.contains(link)) {
            let buffer = frame.buffer.clone();
            self.write_links(&buffer, links)?;
        }
        links.clone_into(&mut self.links);
        if picture.take_bell() {
            self.terminal.backend_mut().write_all(b"\x07")?;
        }
        execute!(self.terminal.backend_mut(), EndSynchronizedUpdate)
    }

    /// Writes new links once more with their addresses; the cursor stays where it is.
    fn write_links(&mut self, buffer: &Buffer, links: &[Link]) -> io::Result<()> {
        let backend = self.terminal.backend_mut();
        queue!(backend, SavePosition)?;
        for link in links.iter().filter(|link| !self.links.contains(link)) {
            let number = links.iter().position(|other| other.url == link.url);
            let cells = link.area.intersection(buffer.area).positions();
            backend.write_all(link.begin(number.unwrap_or_default()).as_bytes())?;
            backend.draw(cells.map(|place| (place.x, place.y, &buffer[place])))?;
            backend.write_all(LINK_END.as_bytes())?;
        }
        queue!(backend, RestorePosition)
    }

    /// Writes a sequence that is not part of a picture, such as one that copies text.
    pub(crate) fn write(&mut self, sequence: &str) -> io::Result<()> {
        let backend = self.terminal.backend_mut();
        backend.write_all(sequence.as_bytes())?;
        io::Write::flush(backend)
    }
}

impl Drop for TerminalGuard {
    fn drop(&mut self) {
        restore();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ratatui::crossterm::Command;
    use ratatui::crossterm::cursor::Show;
    use ratatui::crossterm::event::DisableBracketedPaste;
    use ratatui::crossterm::terminal::LeaveAlternateScreen;

    fn ansi(command: &impl Command) -> String {
        let mut out = String::new();
        command.write_ansi(&mut out).expect("a string takes all");
        out
    }

    #[test]
    #[ignore = "the next test runs it in a terminal"]
    fn panics_while_it_has_the_terminal() {
        let _guard = TerminalGuard::enter(true).expect("a terminal");
        panic!("on purpose");
    }

    /// The terminal is `script`, in which this program runs only the test above.
    #[cfg(target_os = "linux")]
    #[test]
    fn a_panic_restores_the_terminal_before_it_is_printed() {
        let program = std::env::current_exe().expect("this program");
        let panicking = "terminal::tests::panics_while_it_has_the_terminal";
        let command = format!(
            "'{}' --exact {panicking} --ignored --nocapture; stty -a",
            program.display()
        );

        let run = std::process::Command::new("script")
            .args(["-qfec", &command, "/dev/null"])
            .env("TERM", "xterm-256color")
            .stdin(std::process::Stdio::null())
            .output()
            .expect("script is installed");

        let text = String::from_utf8_lossy(&run.stdout);
        let (_, taken) = text.split_once(&ansi(&EnterAlternateScreen)).expect("taken");
        let (_, given_back) = taken.split_once(LEAVE_SEQUENCE).expect("given back");
        assert!(given_back.contains("on purpose"), "told afterwards: {text:?}");
        let modes: Vec<&str> = given_back.split([' ', ';', '\r', '\n']).collect();
        assert!(modes.contains(&"icanon") && modes.contains(&"echo"), "{text:?}");
    }

    #[test]
    fn all_that_was_switched_on_is_switched_off() {
        for off in [
            ansi(&EndSynchronizedUpdate),
            ansi(&DisableBracketedPaste),
            MOUSE_OFF.to_owned(),
            ansi(&LeaveAlternateScreen),
            ansi(&Show),
        ] {
            assert!(LEAVE_SEQUENCE.contains(&off), "{off:?}");
        }
    }
}
