//! Child processes and signals.
//!
//! A player's worker and a server of our own are children that must not hear what the terminal says to us: Ctrl-Z and
//! Ctrl-C go to the terminal's foreground group, so children get a group of their own, and what happens to them is
//! ours to say.

#![expect(
    unsafe_code,
    reason = "two system calls have to be made between fork and exec"
)]

use std::io;
use std::os::unix::process::CommandExt as _;
use std::process::Command;

use rustix::process::{Pid, Signal};
use tokio::signal::unix::{SignalKind, signal};

/// How long a child lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lifetime {
    /// No longer than the thread that spawned it: the kernel ends it when we are killed. On systems that cannot do
    /// this, it has to notice by itself.
    WithParent,
    /// As long as it likes, and beyond the terminal's: it gets a session of its own.
    OnItsOwn,
}

/// Makes what `command` will spawn deaf to the terminal's signals.
///
/// With [`Lifetime::WithParent`] spawn it from a thread that lives as long as the program: the kernel goes by the
/// thread, not by the process.
pub fn isolate(command: &mut Command, lifetime: Lifetime) {
    match lifetime {
        Lifetime::WithParent => {
            command.process_group(0);
            // SAFETY: the closure makes one system call, allocates nothing and takes no lock.
            unsafe { command.pre_exec(die_with_parent) };
        }
        Lifetime::OnItsOwn => {
            // SAFETY: the closure makes one system call, allocates nothing and takes no lock.
            unsafe { command.pre_exec(|| Ok(rustix::process::setsid().map(drop)?)) };
        }
    }
}

#[cfg(target_os = "linux")]
fn die_with_parent() -> io::Result<()> {
    Ok(rustix::process::set_parent_process_death_signal(Some(
        Signal::TERM,
    ))?)
}

#[cfg(not(target_os = "linux"))]
fn die_with_parent() -> io::Result<()> {
    Ok(())
}

/// Asks a process to end (SIGTERM). One that is gone already is no error.
pub fn terminate(pid: u32) -> io::Result<()> {
    let pid = i32::try_from(pid).ok().and_then(Pid::from_raw);
    let pid = pid.ok_or(io::ErrorKind::InvalidInput)?;
    match rustix::process::kill_process(pid, Signal::TERM) {
        Ok(()) | Err(rustix::io::Errno::SRCH) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Stops us and whoever shares our terminal job, as Ctrl-Z does; returns when somebody continues us.
///
/// Put the terminal in order before and take it again afterwards.
pub fn suspend() -> io::Result<()> {
    Ok(rustix::process::kill_current_process_group(Signal::TSTP)?)
}

/// What the system or a user at a shell tells us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    /// End, please: SIGTERM, SIGINT or SIGHUP.
    End,
    /// Go on after a stop: the terminal may have been used by others.
    Continued,
}

/// The signals that we heed. Those that come while nobody listens are told at the next call; several become one.
#[derive(Debug)]
pub struct Signals {
    terminate: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
    hangup: tokio::signal::unix::Signal,
    resume: tokio::signal::unix::Signal,
}

impl Signals {
    /// Takes over these signals, for as long as the process lives.
    pub fn listen() -> io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            hangup: signal(SignalKind::hangup())?,
            resume: signal(SignalKind::from_raw(Signal::CONT.as_raw()))?,
        })
    }

    /// Waits for the next; can be dropped and called again.
    pub async fn next(&mut self) -> Notice {
        tokio::select! {
            _ = self.terminate.recv() => Notice::End,
            _ = self.interrupt.recv() => Notice::End,
            _ = self.hangup.recv() => Notice::End,
            _ = self.resume.recv() => Notice::Continued,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::process::Stdio;

    use super::*;

    fn group_of(pid: u32) -> Option<Pid> {
        let pid = Pid::from_raw(i32::try_from(pid).ok()?);
        rustix::process::getpgid(pid).ok()
    }

    #[test]
    fn an_isolated_child_has_a_group_of_its_own_and_ends_on_request() {
        for lifetime in [Lifetime::WithParent, Lifetime::OnItsOwn] {
            let mut command = Command::new("cat");
            command.stdin(Stdio::piped()).stdout(Stdio::null());
            isolate(&mut command, lifetime);
            let mut child = command.spawn().expect("cat is everywhere");

            let group = group_of(child.id());
            terminate(child.id()).expect("our own child may be signalled");
            let status = child.wait().expect("it is our child");

            assert_eq!(
                group.map(|g| g.as_raw_nonzero().get()),
                i32::try_from(child.id()).ok()
            );
            assert_eq!(std::os::unix::process::ExitStatusExt::signal(&status), Some(15));
        }
    }

    #[tokio::test]
    async fn signals_are_heard() {
        let mut signals = Signals::listen().expect("signals can be taken over");

        rustix::process::kill_process(rustix::process::getpid(), Signal::CONT)
            .expect("we may signal ourselves");

        assert_eq!(signals.next().await, Notice::Continued);
    }
}
