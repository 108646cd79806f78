//! Processes that a test starts and whose output it reads; they never outlive it.

use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use tokio::time::{interval, timeout};

use crate::window::TIMEOUT;

/// A running process whose standard output and standard error go into one file.
#[derive(Debug)]
pub(crate) struct Process {
    child: Child,
    output: PathBuf,
}

impl Process {
    pub(crate) fn start(mut command: Command, output: PathBuf) -> Self {
        let file = std::fs::File::create(&output).expect("the folder is ours");
        let child = command
            .stdin(Stdio::null())
            .stdout(file.try_clone().expect("a file can be shared"))
            .stderr(file)
            .spawn()
            .expect("the program starts");
        Self { child, output }
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Returns the output so far.
    pub(crate) fn output(&self) -> String {
        std::fs::read_to_string(&self.output).unwrap_or_default()
    }

    /// Waits for a line that contains `text`, and returns it.
    pub(crate) async fn says(&self, text: &str) -> String {
        let find = || {
            self.output()
                .lines()
                .find(|line| line.contains(text))
                .map(str::to_owned)
        };
        eventually(find)
            .await
            .unwrap_or_else(|| panic!("nobody said {text:?} in:\n{}", self.output()))
    }

    pub(crate) fn signal(&self, signal: Signal) {
        kill(self.id(), signal);
    }

    /// Waits for the process to end by itself.
    pub(crate) async fn ends(&mut self) -> ExitStatus {
        let child = &mut self.child;
        let ended = eventually(|| child.try_wait().expect("it is our child")).await;
        ended.unwrap_or_else(|| panic!("it did not end:\n{}", self.output()))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // A process that has already ended is still waited for; no other failure can be handled here.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Sends a signal to an existing process.
pub(crate) fn kill(id: u32, signal: Signal) {
    let pid = Pid::from_raw(id.cast_signed()).expect("a process has a number");
    kill_process(pid, signal).expect("the process is there and ours");
}

/// Returns whether there is such a process that has not ended.
pub(crate) fn is_alive(id: u32) -> bool {
    stat(id).is_some_and(|(_, state)| state != "Z")
}

/// Returns the children of a process whose command line contains a word.
pub(crate) fn children(of: u32, word: &str) -> Vec<u32> {
    let processes = std::fs::read_dir("/proc").expect("Linux shows its processes");
    let ids = processes.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<u32>().ok());
    let has_word = |id: &u32| {
        std::fs::read(format!("/proc/{id}/cmdline"))
            .is_ok_and(|line| line.split(|byte| *byte == 0).any(|part| part == word.as_bytes()))
    };
    ids.filter(|id| stat(*id).is_some_and(|(parent, state)| parent == of && state != "Z"))
        .filter(has_word)
        .collect()
}

/// Returns a process's parent and state.
fn stat(id: u32) -> Option<(u32, String)> {
    let line = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    // The name before them is in parentheses and may contain anything.
    let mut fields = line.rsplit_once(')')?.1.split_whitespace();
    let state = fields.next()?.to_owned();
    Some((fields.next()?.parse().ok()?, state))
}

/// Polls until there is a value; returns `None` after a timeout.
pub(crate) async fn eventually<T>(mut look: impl FnMut() -> Option<T>) -> Option<T> {
    let search = async {
        let mut pace = interval(Duration::from_millis(20));
        loop {
            pace.tick().await;
            if let Some(found) = look() {
                break found;
            }
        }
    };
    timeout(TIMEOUT, search).await.ok()
}
