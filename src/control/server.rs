//! The running client's side: listens, passes requests on and sends events.

use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::{broadcast, mpsc, oneshot};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use watchtogether_tui::msg;

use super::wire::{EventBody, EventLine, ReplyLine, Request, RequestLine, VERSION};
use super::{Call, LINE_BYTES, REQUEST_BYTES, ending, remove, socket_of, too_long};
use crate::exit::{Failure, FailureKind};

/// The maximum number of programs that are served at the same time; further ones wait in the socket's backlog.
const READERS: usize = 32;

/// A program that reads nothing for this long is disconnected.
const WRITE_TIMEOUT: Duration = Duration::from_secs(10);

/// The pause after an accept that failed because there were no free file descriptors.
const ACCEPT_RETRY_DELAY: Duration = Duration::from_millis(200);

/// A control socket that listens. Dropping it removes it.
#[derive(Debug)]
pub struct ControlServer {
    listener: UnixListener,
    path: PathBuf,
}

impl ControlServer {
    /// Listens for this process in the runtime folder, which only its user may enter.
    pub fn bind(folder: &Path) -> io::Result<Self> {
        Self::bind_as(folder, std::process::id())
    }

    /// Listens under a temporary name first and then renames the socket: a program that sees a socket refuse connections may take
    /// it for that of an ended client.
    pub(super) fn bind_as(folder: &Path, pid: u32) -> io::Result<Self> {
        let path = socket_of(folder, pid);
        let unready = path.with_extension("new");
        remove(&unready);
        let listener = UnixListener::bind(&unready)?;
        std::fs::set_permissions(&unready, std::fs::Permissions::from_mode(0o600))?;
        std::fs::rename(&unready, &path)?;
        Ok(Self { listener, path })
    }

    /// Serves programs until the future is dropped. Requests go to `calls`; if that queue is full, the answer is `busy`.
    /// Subscribers receive all events that are sent to `events` from then on, or a gap event if they are too slow; their
    /// connection ends when `events` does.
    pub async fn run(self, calls: mpsc::Sender<Call>, events: broadcast::WeakSender<Arc<EventLine>>) {
        let mut readers = JoinSet::new();
        loop {
            tokio::select! {
                accepted = self.listener.accept(), if readers.len() < READERS => match accepted {
                    Ok((stream, _)) => {
                        readers.spawn(answer_all(stream, calls.clone(), events.clone()));
                    }
                    Err(error) => {
                        tracing::warn!(%error, "could not accept a connection on the control socket");
                        sleep(ACCEPT_RETRY_DELAY).await;
                    }
                },
                Some(ended) = readers.join_next() => {
                    if let Err(error) = ended {
                        tracing::error!(%error, "a control connection failed");
                    }
                }
            }
        }
    }
}

impl Drop for ControlServer {
    fn drop(&mut self) {
        remove(&self.path);
    }
}

async fn answer_all(
    stream: UnixStream,
    calls: mpsc::Sender<Call>,
    events: broadcast::WeakSender<Arc<EventLine>>,
) {
    let (read, mut write) = stream.into_split();
    let mut read = BufReader::new(read);
    loop {
        let outcome = match next_line(&mut read).await {
            Ok(None) => return,
            Err(error) if error.kind() == io::ErrorKind::InvalidData => match skip_line(&mut read).await {
                Ok(()) => Err(too_long()),
                Err(error) => return log_end(Err(error)),
            },
            Err(error) => {
                tracing::debug!(%error, "a control connection failed");
                return;
            }
            Ok(Some(line)) => match parse(&line) {
                Ok(Request::Events { types }) => {
                    let streamed = stream_events(&mut read, &mut write, &events, &types).await;
                    log_end(streamed);
                    return;
                }
                Ok(request) => call(request, &calls).await,
                Err(failure) => Err(failure),
            },
        };
        if let Err(error) = write_line(&mut write, &ReplyLine::from(outcome)).await {
            log_end(Err(error));
            return;
        }
    }
}

/// Reads one line, without its line break; `None` at the end of the stream. A line that is too long is an error.
async fn next_line(read: &mut BufReader<OwnedReadHalf>) -> io::Result<Option<Vec<u8>>> {
    use tokio::io::AsyncBufReadExt as _;
    let mut line = Vec::new();
    let length = read
        .take(REQUEST_BYTES as u64)
        .read_until(b'\n', &mut line)
        .await?;
    match line.last() {
        Some(b'\n') => line.truncate(length - 1),
        Some(_) if length == REQUEST_BYTES => return Err(io::ErrorKind::InvalidData.into()),
        // The last line of a stream need not end with a line break.
        Some(_) => {}
        None => return Ok(None),
    }
    Ok(Some(line))
}

/// Reads to the end of a line that is too long and discards it: its writer reads the answer only after that.
async fn skip_line(read: &mut BufReader<OwnedReadHalf>) -> io::Result<()> {
    use tokio::io::AsyncBufReadExt as _;
    let rest = async {
        loop {
            let bytes = read.fill_buf().await?;
            let end = bytes.iter().position(|byte| *byte == b'\n');
            let (length, is_end) = (
                end.map_or(bytes.len(), |at| at + 1),
                end.is_some() || bytes.is_empty(),
            );
            read.consume(length);
            if is_end {
                return Ok(());
            }
        }
    };
    timeout(WRITE_TIMEOUT, rest).await?
}

fn parse(line: &[u8]) -> Result<Request, Failure> {
    let bad = |error: serde_json::Error| {
        Failure::new(
            FailureKind::BadRequest,
            msg!("request-unreadable", cause = error.to_string()),
        )
        .hint(msg!("hint-request", example = r#"{"v":1,"request":"status"}"#))
    };
    let value: serde_json::Value = serde_json::from_slice(line).map_err(bad)?;
    if value["v"].as_u64().is_some_and(|v| v != u64::from(VERSION)) {
        return Err(Failure::new(
            FailureKind::OtherSocketVersion,
            msg!("other-socket-version", version = VERSION),
        )
        .hint(msg!("hint-same-version")));
    }
    serde_json::from_value::<RequestLine>(value)
        .map(|line| line.request)
        .map_err(bad)
}

async fn call(request: Request, calls: &mpsc::Sender<Call>) -> Result<super::Answer, Failure> {
    let (answer, answered) = oneshot::channel();
    calls
        .try_send(Call { request, answer })
        .map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => {
                Failure::new(FailureKind::Busy, msg!("client-busy")).hint(msg!("hint-in-a-moment"))
            }
            mpsc::error::TrySendError::Closed(_) => ending(),
        })?;
    answered.await.unwrap_or_else(|_dropped| Err(ending()))
}

/// Sends events until either end closes the connection.
async fn stream_events(
    read: &mut BufReader<OwnedReadHalf>,
    write: &mut OwnedWriteHalf,
    events: &broadcast::WeakSender<Arc<EventLine>>,
    types: &[String],
) -> io::Result<()> {
    if let Some(unknown) = types.iter().find(|kind| !EventBody::is_type(kind)) {
        let known = EventBody::TYPES.map(|(kind, _)| kind).join(", ");
        let failure = Failure::new(
            FailureKind::BadRequest,
            msg!("no-such-event-type", name = format!("{unknown:?}")),
        )
        .hint(msg!("hint-event-types", types = known));
        return write_line(write, &ReplyLine::from(Err(failure))).await;
    }
    let Some(mut news) = events.upgrade().map(|events| events.subscribe()) else {
        return write_line(write, &ReplyLine::from(Err(ending()))).await;
    };
    write_line(write, &ReplyLine::from(Ok(super::Answer::Done))).await?;
    let mut missed = 0;
    loop {
        let event = tokio::select! {
            event = news.recv() => event,
            // A subscriber sends nothing more, so the end of its stream means that it is gone. Cancel safe, because the input is
            // discarded.
            heard = read.read_u8() => match heard {
                Ok(_) => continue,
                Err(_) => return Ok(()),
            },
        };
        let event = match event {
            Ok(event) => event,
            Err(broadcast::error::RecvError::Lagged(count)) => {
                missed += count;
                continue;
            }
            Err(broadcast::error::RecvError::Closed) => return Ok(()),
        };
        if missed > 0 {
            let gap = EventLine {
                body: EventBody::Gap { missed },
                ..EventLine::clone(&event)
            };
            write_line(write, &gap).await?;
            missed = 0;
        }
        if event.body.is_wanted(types) {
            write_line(write, event.as_ref()).await?;
        }
    }
}

async fn write_line(write: &mut OwnedWriteHalf, value: &impl Serialize) -> io::Result<()> {
    let mut line = serde_json::to_vec(value)?;
    if line.len() >= LINE_BYTES {
        return Err(io::ErrorKind::InvalidData.into());
    }
    line.push(b'\n');
    timeout(WRITE_TIMEOUT, write.write_all(&line)).await?
}

fn log_end(ended: io::Result<()>) {
    if let Err(error) = ended {
        tracing::debug!(%error, "a control connection ended early");
    }
}
