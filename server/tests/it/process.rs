//! Tests of this program that run as child processes, because they are killed or have their own disk.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

/// The environment variable with the folder in which the child process keeps its rooms.
pub(crate) const STATE: &str = "WATCHTOGETHER_TEST_STATE";

/// Returns the command that runs only one ignored test of this program.
pub(crate) fn part(name: &str, state: &Path) -> Command {
    let mut command = Command::new(std::env::current_exe().expect("this program"));
    command.args(part_arguments(name)).env(STATE, state);
    command
}

/// Returns the arguments that make this program run only one ignored test.
pub(crate) fn part_arguments(name: &str) -> [&str; 4] {
    ["--exact", name, "--ignored", "--nocapture"]
}

/// A child process that serves until it is killed.
pub(crate) struct Process {
    child: Child,
    lines: BufReader<ChildStdout>,
}

impl Process {
    pub(crate) fn start(mut command: Command) -> Self {
        let spawned = command.stdout(Stdio::piped()).spawn();
        let mut child = spawned.expect("this program starts");
        let stdout = child.stdout.take().expect("it is a pipe");
        Self {
            child,
            lines: BufReader::new(stdout),
        }
    }

    /// Waits for a line that begins with a word, and returns the rest of it.
    pub(crate) fn says(&mut self, word: &str) -> String {
        let mut line = String::new();
        loop {
            line.clear();
            let read = self.lines.read_line(&mut line).expect("readable");
            assert!(read > 0, "it ended before it said {word}");
            // The test harness may print something on the same line before.
            if let Some((_, rest)) = line.split_once(word) {
                return rest.trim().to_owned();
            }
        }
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Kills the process immediately, like `kill -9`.
    pub(crate) fn kill(mut self) {
        self.child.kill().expect("it still runs");
        self.child.wait().expect("it is gone");
    }
}
