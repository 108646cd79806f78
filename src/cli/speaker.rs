//! The program that speaks lines: `spd-say -e`, `espeak`, or any other that reads a line at a time.
//!
//! One program runs for the whole session. It is started through the shell as the user wrote it, and gets each line on its
//! standard input: text from others is never part of a command. A thread writes to it, so that a program that does not read
//! delays nobody. If the queue is full, new lines are dropped and counted. A program that has ended is restarted for the next
//! line, but not more often than every [`PAUSE`].

use std::io::Write as _;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::time::Duration;

use watchtogether_protocol::LocalTime;
use watchtogether_tui::msg;
use watchtogether_tui::strings::spoken;

use crate::config::Config;
use crate::local_clock::monotonic;
use crate::output::{Listener, OutputStreams};
use crate::process::{self, Lifetime};

/// The maximum number of lines that wait to be spoken. More of them would be outdated when they are spoken.
const QUEUE: usize = 32;

/// The shortest time before a program that has ended is restarted.
const PAUSE: Duration = Duration::from_secs(5);

/// How long the program waits at its end for the last lines to be passed on.
const END_TIMEOUT: Duration = Duration::from_secs(1);

/// Speaks printed lines with the user's program, if there is one and it is not running yet.
pub(super) fn listen(config: &Config, output: &mut OutputStreams) {
    if let Some(command) = &config.say
        && !output.has_listener()
    {
        output.listen(Speaker::start(&command.value));
    }
}

/// Passes lines to a program. Dropping this passes on the waiting lines; the program may finish speaking them.
#[derive(Debug)]
pub(super) struct Speaker {
    lines: Option<SyncSender<String>>,
    left_out: Arc<AtomicU64>,
    problems: Receiver<String>,
    has_ended: Receiver<()>,
}

impl Speaker {
    /// Returns a speaker for a shell command, which is started with the first line.
    pub(super) fn start(command: &str) -> Self {
        let (lines, queue) = sync_channel(QUEUE);
        let (problem_sender, problems) = sync_channel(1);
        let (runs, has_ended) = sync_channel(0);
        let left_out = Arc::new(AtomicU64::new(0));
        let voice = SpeakerThread {
            command: command.to_owned(),
            running: None,
            begun: None,
            problems: problem_sender,
            left_out: Arc::clone(&left_out),
        };
        let started = std::thread::Builder::new().name("say".to_owned()).spawn(move || {
            voice.say_all(&queue);
            drop(runs);
        });
        if let Err(error) = started {
            tracing::warn!(%error, "could not start a thread for speech");
        }
        Self {
            lines: Some(lines),
            left_out,
            problems,
            has_ended,
        }
    }
}

impl Listener for Speaker {
    fn on_line(&mut self, line: &str) {
        let Some(lines) = &self.lines else { return };
        let spoken = speakable(line);
        if spoken.is_empty() {
            return;
        }
        match lines.try_send(spoken) {
            Ok(()) => {}
            Err(TrySendError::Full(_) | TrySendError::Disconnected(_)) => {
                self.left_out.fetch_add(1, Ordering::Relaxed);
            }
        }
    }

    fn problem(&mut self) -> Option<String> {
        self.problems.try_recv().ok()
    }
}

impl Drop for Speaker {
    fn drop(&mut self) {
        self.lines = None;
        // Nothing is ever sent on this channel; it disconnects when the thread ends. A thread that is stuck with a program that
        // does not read ends with the process.
        if self.has_ended.recv_timeout(END_TIMEOUT) == Err(RecvTimeoutError::Timeout) {
            tracing::warn!("the program that speaks lines does not read them");
        }
    }
}

/// The thread's side of a speaker.
struct SpeakerThread {
    command: String,
    running: Option<(Child, ChildStdin)>,
    /// When the program was last started.
    begun: Option<LocalTime>,
    problems: SyncSender<String>,
    left_out: Arc<AtomicU64>,
}

impl SpeakerThread {
    fn say_all(mut self, lines: &Receiver<String>) {
        for line in lines {
            let left_out = self.left_out.swap(0, Ordering::Relaxed);
            if left_out > 0 {
                self.speak(&spoken::left_out(left_out));
            }
            self.speak(&line);
        }
        // Without its input, the program ends by itself after speaking what it was given.
        self.running = None;
    }

    fn speak(&mut self, line: &str) {
        self.ensure_running(monotonic());
        let written = self
            .running
            .as_mut()
            .map(|(_, stdin)| writeln!(stdin, "{line}").and_then(|()| stdin.flush()));
        match written {
            Some(Ok(())) => {}
            Some(Err(error)) => {
                self.left_out.fetch_add(1, Ordering::Relaxed);
                self.running = None;
                self.report(&error.to_string());
            }
            None => {
                self.left_out.fetch_add(1, Ordering::Relaxed);
            }
        }
    }

    /// Makes sure that the program is running, unless it was started a moment ago.
    fn ensure_running(&mut self, now: LocalTime) {
        if let Some((child, _)) = &mut self.running {
            let Ok(Some(status)) = child.try_wait() else {
                return;
            };
            self.running = None;
            self.report(&status.to_string());
        }
        if self
            .begun
            .is_some_and(|begun| now.saturating_since(begun) < PAUSE)
        {
            return;
        }
        self.begun = Some(now);
        let mut command = Command::new("sh");
        command
            .args(["-c", &self.command])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        // Independent of this process, so that it can finish the last line.
        process::isolate(&mut command, Lifetime::Independent);
        match command.spawn() {
            Ok(mut child) => self.running = child.stdin.take().map(|stdin| (child, stdin)),
            Err(error) => self.report(&error.to_string()),
        }
    }

    /// Reports a problem once; later ones most likely have the same cause.
    fn report(&self, reason: &str) {
        tracing::warn!(reason, "the program that speaks lines failed");
        let problem = msg!("say-failed", command = &self.command, why = reason);
        drop(self.problems.try_send(problem));
    }
}

/// Returns a line as it is passed on. A beginning that speech programs could take for a command, such as the `!-!` of `spd-say
/// -e`, is removed, because a member's name may begin with it.
fn speakable(line: &str) -> String {
    let line: String = line
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    // The brackets around a sender's name are only useful to read.
    let message = line.strip_prefix('<').and_then(|rest| rest.split_once("> "));
    let spoken = message.map(|(name, text)| format!("{name} says: {text}"));
    let line = spoken.as_deref().unwrap_or(&line);
    let line = line.trim_start_matches(|c: char| !c.is_alphanumeric());
    line.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chat_of_others_is_no_command_of_a_shell_or_a_speech_program() {
        assert_eq!(speakable("!-!SET self RATE 100"), "SET self RATE 100");
        assert_eq!(
            speakable("bo: $(rm -rf ~); `x`\nmore"),
            "bo: $(rm -rf ~); `x` more"
        );
        assert_eq!(speakable(" \u{9b}… "), "");
    }

    #[test]
    fn more_than_the_queue_holds_is_left_out_and_counted() {
        let left_out = Arc::new(AtomicU64::new(0));
        let (lines, queue) = sync_channel(2);
        let mut speaker = Speaker {
            lines: Some(lines),
            left_out: Arc::clone(&left_out),
            problems: sync_channel(1).1,
            has_ended: sync_channel(0).1,
        };

        for line in ["one", "two", "three", "four"] {
            speaker.on_line(line);
        }
        drop(speaker);

        assert_eq!(queue.iter().collect::<Vec<_>>(), ["one", "two"]);
        assert_eq!(left_out.load(Ordering::Relaxed), 2);
    }
}
