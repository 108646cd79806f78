//! The program that lines are said by: `spd-say -e`, `espeak`, whatever reads a line at a time.
//!
//! One program runs for the whole evening, begun by the shell as its user wrote it, and is handed each line on its
//! standard input: nothing that others said ever stands in a command. A thread writes to it, so that one that does not
//! read holds nobody up; what the queue has no room for is left out, the newest first, and counted. One that ended is begun
//! again with the next line, but not more often than every [`PAUSE`].

use std::io::Write as _;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::time::Duration;

use watchtogether_protocol::LocalTime;
use watchtogether_tui::strings::spoken;

use crate::config::Config;
use crate::local_clock::monotonic;
use crate::output::{Listener, Output};
use crate::process::{self, Lifetime};

/// The lines that wait to be said: more than anybody wants to hear of the past.
const QUEUE: usize = 32;

/// A program that ended is not begun again sooner.
const PAUSE: Duration = Duration::from_secs(5);

/// How long the end of the program waits for its last lines to be handed over.
const PATIENCE: Duration = Duration::from_secs(1);

/// Has what is told said by the user's program, if there is one and nobody says it yet.
pub(super) fn listen(config: &Config, output: &mut Output) {
    if let Some(command) = &config.say
        && !output.has_listener()
    {
        output.listen(Speaker::start(&command.value));
    }
}

/// Hands lines on to a program. Dropping it hands over what waits; the program may finish saying it.
#[derive(Debug)]
pub(super) struct Speaker {
    lines: Option<SyncSender<String>>,
    left_out: Arc<AtomicU64>,
    troubles: Receiver<String>,
    has_ended: Receiver<()>,
}

impl Speaker {
    /// Returns a speaker by a line of shell, which is begun with the first line that is said.
    pub(super) fn start(command: &str) -> Self {
        let (lines, queue) = sync_channel(QUEUE);
        let (trouble_sender, troubles) = sync_channel(1);
        let (runs, has_ended) = sync_channel(0);
        let left_out = Arc::new(AtomicU64::new(0));
        let voice = Voice {
            command: command.to_owned(),
            running: None,
            begun: None,
            troubles: trouble_sender,
            left_out: Arc::clone(&left_out),
        };
        let started = std::thread::Builder::new().name("say".to_owned()).spawn(move || {
            voice.say_all(&queue);
            drop(runs);
        });
        if let Err(error) = started {
            tracing::warn!(%error, "no thread for what is said");
        }
        Self {
            lines: Some(lines),
            left_out,
            troubles,
            has_ended,
        }
    }
}

impl Listener for Speaker {
    fn hear(&mut self, line: &str) {
        let Some(lines) = &self.lines else { return };
        let said = sayable(line);
        if said.is_empty() {
            return;
        }
        match lines.try_send(said) {
            Ok(()) => {}
            Err(TrySendError::Full(_) | TrySendError::Disconnected(_)) => {
                self.left_out.fetch_add(1, Ordering::Relaxed);
            }
        }
    }

    fn trouble(&mut self) -> Option<String> {
        self.troubles.try_recv().ok()
    }
}

impl Drop for Speaker {
    fn drop(&mut self) {
        self.lines = None;
        // The thread's end of this channel is never sent anything: it is gone when the thread is. One that is stuck with a
        // program that does not read ends with the process.
        if self.has_ended.recv_timeout(PATIENCE) == Err(RecvTimeoutError::Timeout) {
            tracing::warn!("the program that says lines does not read them");
        }
    }
}

/// The thread's side.
struct Voice {
    command: String,
    running: Option<(Child, ChildStdin)>,
    /// When it was begun last.
    begun: Option<LocalTime>,
    troubles: SyncSender<String>,
    left_out: Arc<AtomicU64>,
}

impl Voice {
    fn say_all(mut self, lines: &Receiver<String>) {
        for line in lines {
            let left_out = self.left_out.swap(0, Ordering::Relaxed);
            if left_out > 0 {
                self.say(&spoken::left_out(left_out));
            }
            self.say(&line);
        }
        // Without its input it ends by itself, having said all that it was handed.
        self.running = None;
    }

    fn say(&mut self, line: &str) {
        self.begin(monotonic());
        let written = self
            .running
            .as_mut()
            .map(|(_, stdin)| writeln!(stdin, "{line}").and_then(|()| stdin.flush()));
        match written {
            Some(Ok(())) => {}
            Some(Err(error)) => {
                self.left_out.fetch_add(1, Ordering::Relaxed);
                self.running = None;
                self.tell(&error.to_string());
            }
            None => {
                self.left_out.fetch_add(1, Ordering::Relaxed);
            }
        }
    }

    /// Sees to it that the program runs, unless it ended a moment ago.
    fn begin(&mut self, now: LocalTime) {
        if let Some((child, _)) = &mut self.running {
            let Ok(Some(status)) = child.try_wait() else {
                return;
            };
            self.running = None;
            self.tell(&status.to_string());
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
        // On its own: it may say the last line to its end.
        process::isolate(&mut command, Lifetime::OnItsOwn);
        match command.spawn() {
            Ok(mut child) => self.running = child.stdin.take().map(|stdin| (child, stdin)),
            Err(error) => self.tell(&error.to_string()),
        }
    }

    /// One trouble is told; those behind it are most likely the same.
    fn tell(&self, why: &str) {
        tracing::warn!(why, "the program that says lines");
        drop(self.troubles.try_send(format!("say: {}: {why}", self.command)));
    }
}

/// Returns a line as it is handed over. What speech programs could take for more than words at its beginning, as the
/// `!-!` of `spd-say -e`, is left away: a member's name may begin so.
fn sayable(line: &str) -> String {
    let line: String = line
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    // The brackets that mark a message are a sign for eyes.
    let message = line.strip_prefix('<').and_then(|rest| rest.split_once("> "));
    let said = message.map(|(name, text)| format!("{name} says: {text}"));
    let line = said.as_deref().unwrap_or(&line);
    let line = line.trim_start_matches(|c: char| !c.is_alphanumeric());
    line.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_write_is_no_command_of_a_shell_or_a_speech_program() {
        assert_eq!(sayable("!-!SET self RATE 100"), "SET self RATE 100");
        assert_eq!(sayable("bo: $(rm -rf ~); `x`\nmore"), "bo: $(rm -rf ~); `x` more");
        assert_eq!(sayable(" \u{9b}… "), "");
    }

    #[test]
    fn more_than_the_queue_holds_is_left_out_and_counted() {
        let left_out = Arc::new(AtomicU64::new(0));
        let (lines, queue) = sync_channel(2);
        let mut speaker = Speaker {
            lines: Some(lines),
            left_out: Arc::clone(&left_out),
            troubles: sync_channel(1).1,
            has_ended: sync_channel(0).1,
        };

        for line in ["one", "two", "three", "four"] {
            speaker.hear(line);
        }
        drop(speaker);

        assert_eq!(queue.iter().collect::<Vec<_>>(), ["one", "two"]);
        assert_eq!(left_out.load(Ordering::Relaxed), 2);
    }
}
