//! The subcommands' side: finds a running client, sends it requests and receives its events.

use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::UnixStream;
use tokio::time::timeout;

use watchtogether_tui::msg;

use super::wire::{Answer, ReplyLine, Request, RequestLine, VERSION};
use super::{EXTENSION, LINE_BYTES, REQUEST_BYTES, ending, remove, socket_of, too_long};
use crate::exit::{CatalogueError, Failure, FailureKind};

/// How long to wait for an answer. A client answers within milliseconds, unless it hangs.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(10);

/// Why a running client could not be asked.
#[derive(Debug, thiserror::Error)]
pub enum ControlError {
    /// No client runs, or not the requested one.
    #[error("{}", match session {
        Some(pid) => msg!("no-client-of-process", pid = pid.to_string()),
        None => msg!("no-client").to_owned(),
    })]
    NoSession {
        /// The requested process, if any.
        session: Option<u32>,
    },
    /// The socket cannot be used.
    #[error("{}", msg!("client-unreachable"))]
    Io(#[from] io::Error),
    /// The client did not answer in time.
    #[error("{}", msg!("client-silent", seconds = ANSWER_TIMEOUT.as_secs()))]
    NoAnswer,
    /// The answer cannot be read.
    #[error("{}", msg!("client-answer-unreadable"))]
    Unreadable,
    /// The client refused the request.
    #[error(transparent)]
    Refused(#[from] Failure),
}

impl CatalogueError for ControlError {}

impl From<ControlError> for Failure {
    fn from(error: ControlError) -> Self {
        match error {
            ControlError::NoSession { .. } => {
                Self::of(FailureKind::NoSession, error).hint(msg!("hint-start-client"))
            }
            ControlError::Io(_) => Self::of(FailureKind::NoSession, error),
            ControlError::NoAnswer => Self::of(FailureKind::NoAnswer, error),
            ControlError::Unreadable => {
                Self::of(FailureKind::Unreadable, error).hint(msg!("hint-same-version"))
            }
            ControlError::Refused(failure) => failure,
        }
    }
}

/// A connection to a running client.
#[derive(Debug)]
pub struct ControlClient {
    stream: BufReader<UnixStream>,
}

impl ControlClient {
    /// Connects to a running client: to the one with this process id, or to the newest one that listens.
    pub async fn connect(folder: &Path, session: Option<u32>) -> Result<Self, ControlError> {
        let sockets = match session {
            Some(pid) => vec![socket_of(folder, pid)],
            None => newest_first(folder)?,
        };
        for socket in sockets {
            match UnixStream::connect(&socket).await {
                Ok(stream) => {
                    return Ok(Self {
                        stream: BufReader::new(stream),
                    });
                }
                Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => remove(&socket),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(ControlError::NoSession { session })
    }

    /// Sends one request and returns the answer.
    pub async fn call(&mut self, request: Request) -> Result<Answer, ControlError> {
        let mut line = serde_json::to_vec(&RequestLine { v: VERSION, request }).map_err(io::Error::from)?;
        line.push(b'\n');
        if line.len() > REQUEST_BYTES {
            return Err(too_long().into());
        }
        let exchange = async {
            self.stream.write_all(&line).await?;
            read_line(&mut self.stream).await
        };
        let answered = timeout(ANSWER_TIMEOUT, exchange)
            .await
            .map_err(|_elapsed| ControlError::NoAnswer)??;
        let line = answered.ok_or_else(ending)?;
        let reply: ReplyLine = serde_json::from_str(&line).map_err(|_error| ControlError::Unreadable)?;
        match (reply.error, reply.status) {
            (Some(problem), _) => Err(Failure::from(problem).into()),
            (None, Some(status)) => Ok(Answer::Status(status)),
            (None, None) if reply.ok => Ok(Answer::Done),
            (None, None) => Err(ControlError::Unreadable),
        }
    }

    /// Subscribes to events: only to these types if there are any.
    pub async fn events(mut self, types: Vec<String>) -> Result<EventStream, ControlError> {
        self.call(Request::Events { types }).await?;
        Ok(EventStream { stream: self.stream })
    }
}

/// The events of a running client, line by line.
#[derive(Debug)]
pub struct EventStream {
    stream: BufReader<UnixStream>,
}

impl EventStream {
    /// Returns the next event as its line of JSON, so that types of later versions are passed on; `None` once the client has
    /// ended. Not cancel safe: a partially read line is lost.
    pub async fn next_line(&mut self) -> Result<Option<String>, ControlError> {
        Ok(read_line(&mut self.stream).await?)
    }
}

/// Returns the sockets in the runtime folder, the newest first.
fn newest_first(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut sockets: Vec<(SystemTime, PathBuf)> = entries
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|extension| extension == EXTENSION))
        // A socket that vanishes in between was just removed by its client.
        .filter_map(|path| Some((path.symlink_metadata().ok()?.modified().ok()?, path)))
        .collect();
    sockets.sort_unstable_by(|a, b| b.cmp(a));
    Ok(sockets.into_iter().map(|(_, path)| path).collect())
}

/// Reads one line without its line break; `None` at the end of the stream.
async fn read_line(stream: &mut BufReader<UnixStream>) -> io::Result<Option<String>> {
    let mut line = String::new();
    let length = stream.take(LINE_BYTES as u64).read_line(&mut line).await?;
    if length == LINE_BYTES && !line.ends_with('\n') {
        return Err(io::ErrorKind::InvalidData.into());
    }
    line.truncate(line.trim_end_matches('\n').len());
    Ok((length > 0).then_some(line))
}
