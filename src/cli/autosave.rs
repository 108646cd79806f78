//! Saves what the user would miss after a crash: the room's chat, and the draft of their message.
//!
//! A background task, like the recording of the room. It reads once, when the room is entered, and writes at most every
//! [`PERIOD`] and when the room is left. If nothing can be written, that is reported once, and the session continues.

use std::collections::{BTreeSet, VecDeque};
use std::path::PathBuf;
use std::time::Duration;

use tokio::sync::{broadcast, oneshot, watch};
use tokio::task::{JoinHandle, spawn_blocking};
use tokio::time::{Instant, sleep_until, timeout};
use watchtogether_protocol::invite::Address;
use watchtogether_protocol::message::chat::ChatLine;
use watchtogether_protocol::message::room::Entered;
use watchtogether_protocol::{MemberId, RoomName};

use super::file_failures::page_text;
use crate::config::Paths;
use crate::drafts::DraftsFile;
use crate::driver::{Client, ClientEvent};
use crate::page::PageError;
use crate::scrollback::{self, ScrollbackFile, ScrollbackLine};
use crate::session::event::{EntryKind, Event};

/// The shortest time between two writes of the same file: a crash loses at most this much, and the disk is not written more
/// often.
const PERIOD: Duration = Duration::from_secs(2);

/// The delay before a failed write is retried: a full disk stays full for a while.
const RETRY_DELAY: Duration = Duration::from_secs(30);

/// How long entering a room waits for the disk. After that, the room is shown without the saved chat.
const LAST_WRITE_TIMEOUT: Duration = Duration::from_secs(1);

/// The saved chat and draft of a room.
#[derive(Clone, Debug, Default)]
pub(super) struct SavedChat {
    /// The earlier lines of chat, without the lines that the server sends.
    pub(super) earlier: Vec<ScrollbackLine>,
    /// The draft of the user's message.
    pub(super) draft: String,
}

/// Saves a client's room in the background.
#[derive(Debug)]
pub(super) struct Autosave {
    draft: watch::Sender<String>,
    kept: watch::Receiver<Option<SavedChat>>,
    problem: watch::Receiver<Option<String>>,
    leave: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Autosave {
    /// Starts to save a client's chat. `server` is `None` for a local server.
    pub(super) fn start(
        client: &Client,
        server: Option<Address>,
        paths: &Paths,
        has_scrollback: bool,
    ) -> Self {
        let (draft, drafts) = watch::channel(String::new());
        let (opener, kept) = watch::channel(None);
        let (problem_sender, problem) = watch::channel(None);
        let (leave, has_left) = oneshot::channel();
        let files = RoomFiles {
            room: None,
            server,
            drafts: DraftsFile::new(paths.drafts()),
            folder: paths.scrollback(),
            has_scrollback,
            you: None,
            lines: VecDeque::new(),
            warned: BTreeSet::new(),
            problem_sender,
        };
        let task = tokio::spawn(run(files, client.notices(), drafts, opener, has_left));
        Self {
            draft,
            kept,
            problem,
            leave,
            task,
        }
    }

    /// Returns an autosave that saves nothing.
    pub(super) fn of_nothing() -> Self {
        let (draft, drafts) = watch::channel(String::new());
        let (_, kept) = watch::channel(Some(SavedChat::default()));
        let (_, problem) = watch::channel(None);
        let (leave, has_left) = oneshot::channel::<()>();
        let task = tokio::spawn(async move {
            // The task ends when the sender is dropped.
            drop(has_left.await);
            drop(drafts);
        });
        Self {
            draft,
            kept,
            problem,
            leave,
            task,
        }
    }

    /// Returns the sender for the draft of the user's message.
    pub(super) fn draft(&self) -> watch::Sender<String> {
        self.draft.clone()
    }

    /// Waits for the saved chat and draft of the room that has just been entered.
    pub(super) async fn kept(&self) -> SavedChat {
        let mut kept = self.kept.clone();
        let opened = timeout(LAST_WRITE_TIMEOUT, kept.wait_for(Option::is_some)).await;
        match opened {
            Ok(Ok(kept)) => kept.clone().unwrap_or_default(),
            Ok(Err(_)) | Err(_) => SavedChat::default(),
        }
    }

    /// Returns a receiver for problems with saving.
    pub(super) fn problem(&self) -> watch::Receiver<Option<String>> {
        self.problem.clone()
    }

    /// Writes everything that has not been written yet.
    pub(super) async fn finish(self) {
        drop(self.leave);
        if let Err(error) = self.task.await {
            tracing::error!(%error, "the autosave task failed");
        }
    }
}

/// The chat and the draft of a room, and their files.
struct RoomFiles {
    /// The room, once it is entered.
    room: Option<RoomName>,
    server: Option<Address>,
    drafts: DraftsFile,
    folder: PathBuf,
    has_scrollback: bool,
    you: Option<MemberId>,
    lines: VecDeque<ScrollbackLine>,
    /// The problems that were already reported.
    warned: BTreeSet<String>,
    problem_sender: watch::Sender<Option<String>>,
}

async fn run(
    mut files: RoomFiles,
    mut notices: broadcast::Receiver<ClientEvent>,
    mut drafts: watch::Receiver<String>,
    opener: watch::Sender<Option<SavedChat>>,
    mut has_left: oneshot::Receiver<()>,
) {
    let (mut lines_due, mut draft_due) = (None, None);
    loop {
        let due = [lines_due, draft_due].into_iter().flatten().min();
        tokio::select! {
            notice = notices.recv() => match notice {
                Ok(ClientEvent::Event(Event::Entered { entered, how })) => {
                    let has_news = files.enter(&entered, how, &opener).await;
                    later(&mut lines_due, has_news);
                }
                Ok(ClientEvent::Event(Event::Chat(line))) => later(&mut lines_due, files.add(line)),
                Ok(ClientEvent::Event(_) | ClientEvent::Connected(_) | ClientEvent::Finished(_))
                | Err(broadcast::error::RecvError::Lagged(_)) => {}
                Err(broadcast::error::RecvError::Closed) => break,
            },
            Ok(()) = drafts.changed() => {
                // A message that was sent must not come back as a draft.
                let is_sent = drafts.borrow_and_update().is_empty();
                draft_due = Some(if is_sent { Instant::now() } else { draft_due.unwrap_or_else(next) });
            }
            () = sleep_until(due.unwrap_or_else(Instant::now)), if due.is_some() => {
                let now = Instant::now();
                if draft_due.take_if(|due| *due <= now).is_some() {
                    let draft = drafts.borrow().clone();
                    draft_due = files.write_draft(draft).await;
                }
                if lines_due.take_if(|due| *due <= now).is_some() {
                    lines_due = files.write_lines().await;
                }
            }
            _ = &mut has_left => break,
        }
    }
    if draft_due.is_some() || drafts.has_changed().unwrap_or(false) {
        let draft = drafts.borrow().clone();
        files.write_draft(draft).await;
    }
    if lines_due.is_some() {
        files.write_lines().await;
    }
}

fn next() -> Instant {
    Instant::now() + PERIOD
}

fn later(due: &mut Option<Instant>, has_news: bool) {
    if has_news {
        due.get_or_insert_with(next);
    }
}

impl RoomFiles {
    /// Reads the saved chat and draft when a room is entered for the first time. Returns whether there is something to write.
    async fn enter(
        &mut self,
        entered: &Entered,
        how: EntryKind,
        opener: &watch::Sender<Option<SavedChat>>,
    ) -> bool {
        self.you = Some(entered.you);
        if self.room.is_none() && how != EntryKind::Resumed {
            self.room = Some(entered.room.name.clone());
            let kept = self.open(&entered.chat).await;
            opener.send_replace(Some(kept));
        }
        let mut has_news = false;
        for line in &entered.chat {
            has_news |= self.add(line.clone());
        }
        has_news
    }

    async fn open(&mut self, sent: &[ChatLine]) -> SavedChat {
        let Some(file) = self.scrollback() else {
            return SavedChat::default();
        };
        let (drafts, room, server) = (self.drafts.clone(), self.room.clone(), self.server.clone());
        let has_scrollback = self.has_scrollback;
        let read = spawn_blocking(move || {
            let draft = room.map_or(Ok(String::new()), |room| drafts.read(&room, server.as_ref()));
            if has_scrollback {
                return (draft, file.read());
            }
            (draft, (VecDeque::new(), file.remove().err()))
        });
        let (draft, (lines, problem)) = match read.await {
            Ok(read) => read,
            Err(error) => {
                tracing::error!(%error, "reading the saved chat failed");
                return SavedChat::default();
            }
        };
        let (draft, no_draft) = match draft {
            Ok(draft) => (draft, None),
            Err(error) => (String::new(), Some(error)),
        };
        for error in problem.into_iter().chain(no_draft) {
            self.warn(&error);
        }
        self.lines = lines;
        SavedChat {
            earlier: scrollback::beyond(&self.lines, sent),
            draft,
        }
    }

    fn scrollback(&self) -> Option<ScrollbackFile> {
        let room = self.room.as_ref()?;
        Some(ScrollbackFile::of(&self.folder, room, self.server.as_ref()))
    }

    /// Returns whether the line should be saved.
    fn add(&mut self, line: ChatLine) -> bool {
        if self.has_scrollback {
            let is_own = self.you == Some(line.from);
            scrollback::add(&mut self.lines, ScrollbackLine { line, is_own });
        }
        self.has_scrollback
    }

    /// Writes the chat; returns when to retry if that failed.
    async fn write_lines(&mut self) -> Option<Instant> {
        let file = self.scrollback()?;
        let lines = self.lines.clone();
        self.write(move || file.write(&lines)).await
    }

    /// Writes the draft; returns when to retry if that failed.
    async fn write_draft(&mut self, draft: String) -> Option<Instant> {
        let room = self.room.clone()?;
        let (file, server) = (self.drafts.clone(), self.server.clone());
        self.write(move || file.write(&room, server.as_ref(), &draft))
            .await
    }

    async fn write(
        &mut self,
        write: impl FnOnce() -> Result<(), PageError> + Send + 'static,
    ) -> Option<Instant> {
        match spawn_blocking(write).await {
            Ok(Ok(())) => return None,
            Ok(Err(error)) => self.warn(&error),
            Err(error) => tracing::error!(%error, "saving the chat failed"),
        }
        Some(Instant::now() + RETRY_DELAY)
    }

    /// Reports a problem, once for each kind.
    fn warn(&mut self, error: &PageError) {
        let words = page_text(error);
        tracing::warn!(%error, "a saved file of the room cannot be used");
        if self.warned.insert(words.clone()) {
            self.problem_sender.send_replace(Some(words));
        }
    }
}
