//! A process that gives the terminal back where the program cannot: it was killed, or crashed in a way that no handler sees.
//!
//! It knows how the terminal was before the screen and reads from a pipe whether the screen has it. Where the pipe ends
//! while it has, the guardian leaves the screen in its place. It has a session of its own, so that what the terminal or a
//! shell does to the program's job is not done to it, and a name of its own, so that whoever kills by name spares it.

use std::ffi::OsStr;
use std::io::{self, Read as _, Write as _};
use std::os::fd::AsFd as _;
use std::process::{Command, ExitCode, Stdio};

use rustix::termios::{LocalModes, OptionalActions, OutputModes, Termios, tcgetattr, tcsetattr};
use watchtogether_tui::terminal::{self, LEAVE_SEQUENCE};

use crate::process::{Lifetime, isolate};

/// The word that the program is started with to be one.
const WORD: &str = "terminal-guardian";

/// The name in the list of processes; 15 bytes at most.
const PROCESS_NAME: &std::ffi::CStr = c"wt-terminal";

/// Said to a guardian: the screen has the terminal.
const TAKEN: u8 = b'+';

/// Said to a guardian: the terminal was given back.
const GIVEN_BACK: u8 = b'-';

/// Said by a guardian once it knows how the terminal is.
const READY: u8 = b'!';

/// Starts a guardian of the terminal at standard output; returns once it knows how the terminal is now. Without one the
/// program runs as well.
pub(super) fn post() {
    if let Err(error) = start() {
        tracing::warn!(%error, "nobody guards the terminal");
    }
}

fn start() -> io::Result<()> {
    let mut command = Command::new(std::env::current_exe()?);
    command.arg(WORD).stdin(Stdio::piped()).stderr(Stdio::piped());
    isolate(&mut command, Lifetime::OnItsOwn);
    let mut child = command.spawn()?;
    let (Some(pipe), Some(mut words)) = (child.stdin.take(), child.stderr.take()) else {
        return Err(io::ErrorKind::BrokenPipe.into());
    };
    words.read_exact(&mut [0])?;
    terminal::set_witness(Box::new(move |is_taken| {
        // One that is gone has nothing to be told.
        drop((&pipe).write_all(&[if is_taken { TAKEN } else { GIVEN_BACK }]));
    }));
    Ok(())
}

/// Returns whether the program was started to be a guardian.
pub fn is_asked_for(word: &OsStr) -> bool {
    word == WORD
}

/// Waits for the end of whoever holds the other end of standard input, and leaves the screen at standard output where they
/// did not.
pub fn main() -> ExitCode {
    // Its name is a courtesy.
    let _is_named = rustix::thread::set_name(PROCESS_NAME);
    let Ok(before) = tcgetattr(io::stdout()) else {
        return ExitCode::FAILURE;
    };
    if io::stderr().write_all(&[READY]).is_err() {
        return ExitCode::FAILURE;
    }
    if is_taken_at_the_end(io::stdin().lock()) {
        leave(&before);
    }
    ExitCode::SUCCESS
}

fn is_taken_at_the_end(pipe: impl io::BufRead) -> bool {
    pipe.bytes().map_while(Result::ok).last() == Some(TAKEN)
}

/// Gives the terminal back. Its modes only where they still are the screen's: a shell that was quicker has set its own.
fn leave(before: &Termios) {
    let mut out = io::stdout().lock();
    if tcgetattr(out.as_fd()).is_ok_and(|now| is_raw(&now)) {
        let _is_set = tcsetattr(out.as_fd(), OptionalActions::Now, before);
    }
    drop(out.write_all(LEAVE_SEQUENCE.as_bytes()));
    drop(out.flush());
}

/// Returns whether nothing that is written or typed means more than itself. Shells that read keys leave it its meaning.
fn is_raw(modes: &Termios) -> bool {
    !modes
        .local_modes
        .intersects(LocalModes::ICANON | LocalModes::ISIG)
        && !modes.output_modes.contains(OutputModes::OPOST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_who_dies_with_the_terminal_leaves_it_to_the_guardian() {
        for (said, is_taken) in [("", false), ("+", true), ("+-", false), ("+-+", true)] {
            assert_eq!(is_taken_at_the_end(said.as_bytes()), is_taken, "{said:?}");
        }
    }
}
