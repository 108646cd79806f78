//! A process that restores the terminal if the program cannot, because it was killed or crashed in a way that no handler catches.
//!
//! It knows the state of the terminal before the screen was opened, and reads from a pipe whether the screen is using it. If the
//! pipe ends while the screen is using the terminal, the guardian restores it. The guardian has its own session, so that signals
//! of the terminal or a shell to the program's job do not reach it, and its own name, so that killing by name spares it.

use std::ffi::OsStr;
use std::io::{self, Read as _, Write as _};
use std::os::fd::AsFd as _;
use std::process::{Command, ExitCode, Stdio};

use rustix::termios::{LocalModes, OptionalActions, OutputModes, Termios, tcgetattr, tcsetattr};
use watchtogether_tui::terminal::{self, LEAVE_SEQUENCE};

use crate::process::{Lifetime, isolate};

/// The argument that starts the program as a guardian.
const ARGUMENT: &str = "terminal-guardian";

/// The name in the list of processes; at most 15 bytes.
const PROCESS_NAME: &std::ffi::CStr = c"wt-terminal";

/// Tells a guardian that the screen is using the terminal.
const TAKEN: u8 = b'+';

/// Tells a guardian that the screen has restored the terminal.
const GIVEN_BACK: u8 = b'-';

/// Sent by a guardian once it knows the state of the terminal.
const READY: u8 = b'!';

/// Starts a guardian for the terminal at standard output; returns once it knows the terminal's state. The program also works
/// without one.
pub(super) fn post() {
    if let Err(error) = start() {
        tracing::warn!(%error, "could not start the terminal's guardian");
    }
}

fn start() -> io::Result<()> {
    let mut command = Command::new(std::env::current_exe()?);
    command.arg(ARGUMENT).stdin(Stdio::piped()).stderr(Stdio::piped());
    isolate(&mut command, Lifetime::Independent);
    let mut child = command.spawn()?;
    let (Some(pipe), Some(mut words)) = (child.stdin.take(), child.stderr.take()) else {
        return Err(io::ErrorKind::BrokenPipe.into());
    };
    words.read_exact(&mut [0])?;
    terminal::set_witness(Box::new(move |is_taken| {
        // A guardian that has ended need not be told.
        drop((&pipe).write_all(&[if is_taken { TAKEN } else { GIVEN_BACK }]));
    }));
    Ok(())
}

/// Returns whether the program was started as a guardian.
pub fn is_asked_for(word: &OsStr) -> bool {
    word == ARGUMENT
}

/// Waits until the process at the other end of standard input ends. Leaves the screen at standard output if that process did not.
pub fn main() -> ExitCode {
    // The name is only a convenience; failing to set it does not matter.
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

/// Restores the terminal. Its modes are restored only if they are still the screen's: a shell may already have set its own.
fn leave(before: &Termios) {
    let mut out = io::stdout().lock();
    if tcgetattr(out.as_fd()).is_ok_and(|now| is_raw(&now)) {
        let _is_set = tcsetattr(out.as_fd(), OptionalActions::Now, before);
    }
    drop(out.write_all(LEAVE_SEQUENCE.as_bytes()));
    drop(out.flush());
}

/// Returns whether the terminal is in raw mode. Shells that read single keys leave more of the modes on.
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
