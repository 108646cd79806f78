//! Child processes and signals.
//!
//! The player's worker and the local server are child processes that must not receive the terminal's signals. Ctrl-Z and Ctrl-C
//! go to the terminal's foreground group, so children get their own group, and this program decides what happens to them.

#![expect(
    unsafe_code,
    reason = "two system calls have to be made between fork and exec, and the arguments of a process are in its own memory"
)]

use std::ffi::OsStr;
use std::io;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::process::CommandExt as _;
use std::process::Command;

use rustix::process::Signal;
use tokio::signal::unix::{SignalKind, signal};

/// The lifetime of a child.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lifetime {
    /// Ends with the thread that spawned it: the kernel kills it if this process is killed. On systems that cannot do this, it
    /// has to notice by itself.
    WithParent,
    /// Independent of this process and of the terminal: it gets its own session.
    Independent,
}

/// Keeps the terminal's signals from the process that `command` will spawn.
///
/// With [`Lifetime::WithParent`], spawn the child on a thread that lives as long as the program: the kernel watches the thread,
/// not the process.
pub fn isolate(command: &mut Command, lifetime: Lifetime) {
    match lifetime {
        Lifetime::WithParent => {
            command.process_group(0);
            // SAFETY: the closure makes one system call, allocates nothing and takes no lock.
            unsafe { command.pre_exec(die_with_parent) };
        }
        Lifetime::Independent => {
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

/// Overwrites an argument of this process with `x`, so that other users cannot read it in the list of processes. A missing
/// argument is not an error; on systems other than Linux nothing happens.
///
/// Must be called before there is a second thread; arguments must not be read afterwards.
#[cfg(target_os = "linux")]
pub fn hide_argument(argument: &OsStr) -> io::Result<()> {
    let line = std::fs::read("/proc/self/cmdline")?;
    let fields = std::fs::read_to_string("/proc/self/stat")?;
    let bounds = argument_bounds(&fields).filter(|(start, end)| end - start == line.len());
    let Some((start, _)) = bounds else {
        return Err(io::Error::other("the arguments are not where the kernel says"));
    };
    let mut offset = 0;
    for part in line.split(|byte| *byte == 0) {
        if part == argument.as_bytes() && !part.is_empty() {
            let there = std::ptr::with_exposed_provenance_mut::<u8>(start + offset);
            // SAFETY: the kernel put the arguments there, with this length; they are writable, and nobody reads them now.
            unsafe { there.write_bytes(b'x', part.len()) };
        }
        offset += part.len() + 1;
    }
    Ok(())
}

#[cfg(not(target_os = "linux"))]
pub fn hide_argument(_argument: &OsStr) -> io::Result<()> {
    Ok(())
}

/// Returns where the arguments begin and end in this process's memory, from its line in `/proc`: fields 48 and 49.
#[cfg(target_os = "linux")]
fn argument_bounds(line: &str) -> Option<(usize, usize)> {
    // The name at the start is in brackets and may contain anything; field 3 follows it.
    let mut fields = line.rsplit_once(')')?.1.split_whitespace().skip(48 - 3);
    let start: usize = fields.next()?.parse().ok()?;
    let end: usize = fields.next()?.parse().ok()?;
    (start > 0 && end > start).then_some((start, end))
}

/// Stops this process and its terminal job, as Ctrl-Z does; returns when somebody continues it.
///
/// Restore the terminal before the call, and acquire it again afterwards.
pub fn suspend() -> io::Result<()> {
    Ok(rustix::process::kill_current_process_group(Signal::TSTP)?)
}

/// A signal of the system, or of a user in a shell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProcessSignal {
    /// The program should end: SIGTERM, SIGINT or SIGHUP.
    End,
    /// The program continues after a stop: others may have used the terminal.
    Continued,
}

/// The signals that are handled. Signals that arrive while nobody waits for them are reported at the next call, several as one.
#[derive(Debug)]
pub struct Signals {
    terminate: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
    hangup: tokio::signal::unix::Signal,
    resume: tokio::signal::unix::Signal,
}

impl Signals {
    /// Handles these signals for as long as the process lives. From now on, a file that reaches its size limit (`ulimit -f`) does
    /// not end the process: the write fails, as on a full disk.
    pub fn listen() -> io::Result<Self> {
        // The handler stays installed when this is dropped.
        drop(signal(SignalKind::from_raw(Signal::XFSZ.as_raw()))?);
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            hangup: signal(SignalKind::hangup())?,
            resume: signal(SignalKind::from_raw(Signal::CONT.as_raw()))?,
        })
    }

    /// Waits for the next signal. Cancel safe.
    pub async fn next(&mut self) -> ProcessSignal {
        tokio::select! {
            _ = self.terminate.recv() => ProcessSignal::End,
            _ = self.interrupt.recv() => ProcessSignal::End,
            _ = self.hangup.recv() => ProcessSignal::End,
            _ = self.resume.recv() => ProcessSignal::Continued,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::process::Stdio;

    use rustix::process::Pid;

    use super::*;

    fn group_of(pid: u32) -> Option<Pid> {
        let pid = Pid::from_raw(i32::try_from(pid).ok()?);
        rustix::process::getpgid(pid).ok()
    }

    #[test]
    fn an_isolated_child_has_a_separate_group_and_ends_on_request() {
        for lifetime in [Lifetime::WithParent, Lifetime::Independent] {
            let mut command = Command::new("cat");
            command.stdin(Stdio::piped()).stdout(Stdio::null());
            isolate(&mut command, lifetime);
            let mut child = command.spawn().expect("cat is everywhere");

            let group = group_of(child.id());
            let pid = Pid::from_child(&child);
            rustix::process::kill_process(pid, Signal::TERM).expect("our own child may be signalled");
            let status = child.wait().expect("it is our child");

            assert_eq!(
                group.map(|g| g.as_raw_nonzero().get()),
                i32::try_from(child.id()).ok()
            );
            assert_eq!(std::os::unix::process::ExitStatusExt::signal(&status), Some(15));
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn the_arguments_are_at_the_address_in_proc() {
        let fields = std::fs::read_to_string("/proc/self/stat").expect("Linux shows its processes");
        let line = std::fs::read("/proc/self/cmdline").expect("and their arguments");

        let (start, end) = argument_bounds(&fields).expect("two addresses");

        assert_eq!(end - start, line.len());
        assert_eq!(argument_bounds("1 (a) b) S 1"), None);
    }

    #[tokio::test]
    async fn signals_are_received() {
        let mut signals = Signals::listen().expect("signals can be taken over");

        rustix::process::kill_process(rustix::process::getpid(), Signal::CONT)
            .expect("we may signal ourselves");

        assert_eq!(signals.next().await, ProcessSignal::Continued);
    }
}
