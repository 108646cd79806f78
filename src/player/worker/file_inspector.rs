//! Checks a file on a separate thread.
//!
//! On a network share that does not answer, a check may take minutes. The caller never waits, but asks whether there is a result
//! yet. At most one request waits during a check, and one result for the caller. The thread ends when [`FileInspector`] is
//! dropped, after the current check.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;
use std::time::Duration;

use watchtogether_protocol::LocalTime;

use super::writers::Writer;

/// The state of a file at an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct FileSnapshot {
    /// The size.
    pub(super) bytes: u64,
    /// The time between its last modification and the check, if known.
    pub(super) age: Option<Duration>,
    /// The state of the file's writer, if one was searched for.
    pub(super) writer: Writer,
    /// When the disk answered.
    pub(super) at: LocalTime,
}

/// The caller's side of the thread.
#[derive(Debug)]
pub(super) struct FileInspector {
    questions: SyncSender<()>,
    answers: Receiver<FileSnapshot>,
}

impl FileInspector {
    /// Starts the thread. For each request it calls `look`, which returns `None` if there is no file.
    pub(super) fn start(
        mut look: impl FnMut() -> Option<FileSnapshot> + Send + 'static,
    ) -> std::io::Result<Self> {
        let (questions, asked) = sync_channel(1);
        let (answer, answers) = sync_channel(1);
        thread::Builder::new()
            .name("file size".to_owned())
            .spawn(move || {
                for () in asked {
                    if let Some(look) = look() {
                        // If a result is still waiting, this one is dropped; the next request brings a newer one.
                        answer.try_send(look).ok();
                    }
                }
            })?;
        Ok(Self { questions, answers })
    }

    /// Requests a check, unless one has been requested already.
    pub(super) fn ask(&self) {
        self.questions.try_send(()).ok();
    }

    /// Returns the result of a check, if there is one.
    pub(super) fn answer(&self) -> Option<FileSnapshot> {
        self.answers.try_recv().ok()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{RecvTimeoutError, channel};

    use super::*;

    /// Longer than anything that a test waits for takes on any machine.
    const LONG: Duration = Duration::from_secs(30);

    fn look(bytes: u64) -> FileSnapshot {
        FileSnapshot {
            bytes,
            age: None,
            writer: Writer::Unknown,
            at: LocalTime::default(),
        }
    }

    #[test]
    fn a_disk_that_does_not_answer_holds_up_nobody_and_is_asked_once_more_when_it_does() {
        let (disk, stalled) = channel();
        let (begins, begun) = channel();
        let inspector = FileInspector::start(move || {
            begins.send(()).ok()?;
            stalled.recv().ok()
        });
        let inspector = inspector.expect("a thread");

        inspector.ask();
        assert_eq!(begun.recv_timeout(LONG), Ok(()));
        for _ in 0..1_000 {
            inspector.ask();
            assert_eq!(inspector.answer(), None);
        }
        for bytes in [1, 2] {
            disk.send(look(bytes)).expect("it looks");
            assert_eq!(inspector.answers.recv_timeout(LONG), Ok(look(bytes)));
        }
        drop(inspector);

        assert_eq!(begun.recv_timeout(LONG), Ok(()), "one question waited");
        assert_eq!(
            begun.recv_timeout(LONG),
            Err(RecvTimeoutError::Disconnected),
            "and the thread is gone"
        );
    }

    #[test]
    fn a_file_that_is_gone_is_no_answer_and_no_end() {
        let (disk, answers) = channel();
        let inspector = FileInspector::start(move || answers.recv().ok().flatten()).expect("a thread");

        disk.send(None).expect("it looks");
        disk.send(Some(look(1))).expect("it looks");
        inspector.ask();
        let answer = loop {
            match inspector.answers.recv_timeout(Duration::from_millis(10)) {
                Err(RecvTimeoutError::Timeout) => inspector.ask(),
                answer => break answer,
            }
        };

        assert_eq!(answer, Ok(look(1)));
    }
}
