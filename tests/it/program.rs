//! The built program, run as a user runs it, in a separate home.

use std::fmt;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use rustix::process::{Pid, Signal};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use tokio::time::timeout;

/// The path of the program that was built along with these tests.
pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_watchtogether");

/// The time after which a test gives up. Only a failing test waits that long.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(20);

/// A user's home, which separates configuration, state and running clients from those of others.
pub(crate) struct Home {
    folder: TempDir,
}

impl Home {
    pub(crate) fn new() -> Self {
        Self {
            folder: tempfile::tempdir().expect("a temporary folder can be made"),
        }
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file in the home, and returns its path.
    pub(crate) fn write(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path().join(name);
        let folder = path.parent().expect("a file has a folder");
        std::fs::create_dir_all(folder).expect("the home is writable");
        std::fs::write(&path, text).expect("the home is writable");
        path
    }

    pub(crate) fn command<S: AsRef<str>>(&self, args: &[S]) -> Command {
        let mut command = self.command_of(PROGRAM);
        command.args(args.iter().map(AsRef::as_ref));
        command
    }

    /// Returns a shell with a script, in which `$0` is the program.
    pub(crate) fn shell(&self, script: &str) -> Command {
        let mut command = self.command_of("sh");
        command.args(["-c", script, PROGRAM]);
        command
    }

    /// Returns another program in this home.
    pub(crate) fn command_of(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command
            .current_dir(self.path())
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.path())
            .env("XDG_CONFIG_HOME", self.path().join("config"))
            .env("XDG_STATE_HOME", self.path().join("state"))
            .env("XDG_CACHE_HOME", self.path().join("cache"))
            .env("XDG_RUNTIME_DIR", self.path().join("run"))
            .env("TMPDIR", self.path())
            .env("USER", "ana")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        command
    }

    /// Runs the program until it ends.
    pub(crate) async fn run<S: AsRef<str>>(&self, args: &[S]) -> Outcome {
        self.outcome(self.command(args)).await
    }

    /// Runs the program until it ends, with a text as its standard input.
    pub(crate) async fn run_with<S: AsRef<str>>(&self, args: &[S], input: &str) -> Outcome {
        let mut command = self.command(args);
        command.stdin(Stdio::piped());
        let mut child = command.spawn().expect("the program is built");
        let mut stdin = child.stdin.take().expect("it was asked for");
        // A program that does not read its input ends with an answer anyway.
        drop(stdin.write_all(input.as_bytes()).await);
        drop(stdin);
        self.end_of(child).await
    }

    pub(crate) async fn outcome(&self, mut command: Command) -> Outcome {
        self.end_of(command.spawn().expect("the program is built")).await
    }

    async fn end_of(&self, child: Child) -> Outcome {
        let output = timeout(TIMEOUT, child.wait_with_output())
            .await
            .expect("the program ends in time")
            .expect("its output can be read");
        let text =
            |bytes: Vec<u8>| self.without_home(&String::from_utf8(bytes).expect("the program writes text"));
        Outcome {
            code: output.status.code(),
            stdout: text(output.stdout),
            stderr: text(output.stderr),
        }
    }

    fn without_home(&self, text: &str) -> String {
        text.replace(&self.path().display().to_string(), "[HOME]")
    }

    /// Starts the program and leaves it running.
    pub(crate) fn start<S: AsRef<str>>(&self, args: &[S]) -> Running {
        Running::of(self.command(args))
    }
}

/// The exit code and the output of a run.
pub(crate) struct Outcome {
    /// The exit code; `None` if a signal ended the program.
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.code {
            Some(code) => write!(f, "exit {code}")?,
            None => write!(f, "ended by a signal")?,
        }
        for (name, text) in [("stdout", &self.stdout), ("stderr", &self.stderr)] {
            if !text.is_empty() {
                write!(f, "\n--- {name}\n{}", text.trim_end())?;
            }
        }
        Ok(())
    }
}

/// The running program. Dropping it kills it.
pub(crate) struct Running {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
    heard: Vec<String>,
}

impl Running {
    pub(crate) fn of(mut command: Command) -> Self {
        let mut child = command
            .stdin(Stdio::piped())
            .spawn()
            .expect("the program is built");
        let stdout = child.stdout.take().expect("it was asked for");
        Self {
            child,
            lines: BufReader::new(stdout).lines(),
            heard: Vec::new(),
        }
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id().expect("it has not been waited for")
    }

    /// Waits for a line that contains a text, and returns the line.
    pub(crate) async fn says(&mut self, text: &str) -> String {
        self.says_one(text, |line| line.contains(text)).await
    }

    /// Waits for a line that meets a condition, and returns it.
    pub(crate) async fn says_one(&mut self, what: &str, is_meant: impl Fn(&str) -> bool) -> String {
        let search = async {
            loop {
                let line = self.lines.next_line().await.expect("it writes text")?;
                self.heard.push(line.clone());
                if is_meant(&line) {
                    return Some(line);
                }
            }
        };
        match timeout(TIMEOUT, search).await {
            Ok(Some(line)) => line,
            Ok(None) => {
                let mut stderr = String::new();
                if let Some(mut pipe) = self.child.stderr.take() {
                    pipe.read_to_string(&mut stderr).await.expect("it writes text");
                }
                panic!(
                    "it ended before it said {what:?}; it said {:#?}\n{stderr}",
                    self.heard
                )
            }
            Err(elapsed) => panic!("{elapsed}: it never said {what:?}; it said {:#?}", self.heard),
        }
    }

    /// Waits until a host prints the invite line for friends, and returns the invite in it.
    pub(crate) async fn invite(&mut self) -> String {
        let line = self.says("Send this line").await;
        line.split('\'').nth(1).expect("the invite is quoted").to_owned()
    }

    /// Waits until a server with `--json` is ready, and returns the object that it then prints.
    pub(crate) async fn ready(&mut self) -> serde_json::Value {
        serde_json::from_str(&self.says("\"ready\"").await).expect("one object")
    }

    /// Writes a line to the program's input.
    pub(crate) async fn types(&mut self, line: &str) {
        let stdin = self.child.stdin.as_mut().expect("it was asked for");
        let line = format!("{line}\n");
        stdin.write_all(line.as_bytes()).await.expect("it reads");
    }

    pub(crate) fn signal(&self, signal: Signal) {
        send_signal(self.pid(), signal);
    }

    /// Waits until the program ends, and returns the output since the last read.
    pub(crate) async fn end(mut self) -> Outcome {
        let mut stdout = String::new();
        let mut stderr = String::new();
        let mut stderr_pipe = self.child.stderr.take().expect("it is read once");
        let end = async {
            let errors = async { stderr_pipe.read_to_string(&mut stderr).await };
            let answers = async {
                while let Some(line) = self.lines.next_line().await? {
                    stdout.push_str(&line);
                    stdout.push('\n');
                }
                std::io::Result::Ok(())
            };
            let (errors, answers) = tokio::join!(errors, answers);
            errors.and(answers).expect("it writes text");
            self.child.wait().await.expect("it is our child")
        };
        let status = timeout(TIMEOUT, end).await.expect("it ends in time");
        Outcome {
            code: status.code(),
            stdout,
            stderr,
        }
    }
}

pub(crate) fn send_signal(pid: u32, signal: Signal) {
    let pid = Pid::from_raw(pid.cast_signed()).expect("a process id");
    rustix::process::kill_process(pid, signal).expect("it is our own process");
}
