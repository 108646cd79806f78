//! Parts of this test program that run in a process of their own, because they are killed, or have a disk of their own.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

/// Where the part keeps its rooms.
pub(crate) const STATE: &str = "WATCHTOGETHER_TEST_STATE";

/// Returns the command that runs one of the ignored tests of this program alone.
pub(crate) fn part(name: &str, state: &Path) -> Command {
    let mut command = Command::new(std::env::current_exe().expect("this program"));
    command.args(part_arguments(name)).env(STATE, state);
    command
}

/// Returns what makes this program run one of its ignored tests alone.
pub(crate) fn part_arguments(name: &str) -> [&str; 4] {
    ["--exact", name, "--ignored", "--nocapture"]
}

/// A part that serves until it is killed.
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

    /// Waits for a line that begins with a word, and returns what follows it.
    pub(crate) fn says(&mut self, word: &str) -> String {
        let mut line = String::new();
        loop {
            line.clear();
            let read = self.lines.read_line(&mut line).expect("readable");
            assert!(read > 0, "it ended before it said {word}");
            // The harness has a word of its own to say on the same line.
            if let Some((_, said)) = line.split_once(word) {
                return said.trim().to_owned();
            }
        }
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Kills it at once, as `kill -9` does.
    pub(crate) fn kill(mut self) {
        self.child.kill().expect("it still runs");
        self.child.wait().expect("it is gone");
    }
}
