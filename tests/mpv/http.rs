//! A web server for one folder, with byte ranges, for films on links.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// The user agent of a player that gets [`TRICKLE_BYTES`] of a film every [`TRICKLE_EVERY`].
pub(crate) const TRICKLE: &str = "trickle";

/// The number of bytes that are sent at a time: a quarter of what the clip plays in that time.
const TRICKLE_BYTES: usize = 256;

const TRICKLE_EVERY: Duration = Duration::from_millis(50);

/// The user agent of a player that gets [`FIRST_CHUNK_BYTES`] of a film at a time until the gate is opened.
pub(crate) const SLOW: &str = "slow";

/// The number of bytes that are sent at first: a few seconds of the clip.
const FIRST_CHUNK_BYTES: usize = 150_000;

/// Counts of requests.
#[derive(Debug, Default)]
struct Counts {
    requests: AtomicU32,
    ranges: AtomicU32,
}

/// A running server, which stops when dropped.
pub(crate) struct Web {
    address: std::net::SocketAddr,
    counts: Arc<Counts>,
    condition: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Web {
    pub(crate) async fn serve(folder: &Path) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback is there");
        let address = listener.local_addr().expect("it is bound");
        let counts = Arc::new(Counts::default());
        let folder = folder.to_owned();
        let counter = Arc::clone(&counts);
        let (condition, is_open) = watch::channel(false);
        let task = tokio::spawn(async move {
            loop {
                let Ok((stream, _)) = listener.accept().await else {
                    return;
                };
                let (folder, counter, is_open) = (folder.clone(), Arc::clone(&counter), is_open.clone());
                // A player that has read enough closes the connection.
                tokio::spawn(async move { answer(stream, folder, &counter, is_open).await.ok() });
            }
        });
        Self {
            address,
            counts,
            condition,
            task,
        }
    }

    pub(crate) fn link(&self, name: &str) -> String {
        format!("http://{}/{name}", self.address)
    }

    /// Sends the rest to players with the user agent [`SLOW`].
    pub(crate) fn open_gate(&self) {
        self.condition.send_replace(true);
    }

    /// Returns the number of range requests with an offset above 0.
    pub(crate) fn ranges(&self) -> u32 {
        self.counts.ranges.load(Ordering::Relaxed)
    }

    /// Returns the number of all requests.
    pub(crate) fn requests(&self) -> u32 {
        self.counts.requests.load(Ordering::Relaxed)
    }
}

impl Drop for Web {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn answer(
    stream: TcpStream,
    folder: PathBuf,
    counts: &Counts,
    mut is_open: watch::Receiver<bool>,
) -> std::io::Result<()> {
    counts.requests.fetch_add(1, Ordering::Relaxed);
    let mut stream = BufReader::new(stream);
    let mut line = String::new();
    stream.read_line(&mut line).await?;
    let name = line
        .split(' ')
        .nth(1)
        .unwrap_or_default()
        .trim_start_matches('/')
        .to_owned();
    let (mut from, mut is_slow, mut is_trickle) = (None, false, false);
    while line.trim() != "" {
        line.clear();
        stream.read_line(&mut line).await?;
        is_slow |= line.trim().eq_ignore_ascii_case(&format!("user-agent: {SLOW}"));
        is_trickle |= line
            .trim()
            .eq_ignore_ascii_case(&format!("user-agent: {TRICKLE}"));
        if let Some(range) = line.to_ascii_lowercase().strip_prefix("range: bytes=") {
            from = range
                .split('-')
                .next()
                .and_then(|number| number.parse::<u64>().ok());
        }
    }
    let Ok(bytes) = std::fs::read(folder.join(name)) else {
        return stream
            .write_all(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            .await;
    };
    let begin = usize::try_from(from.unwrap_or_default())
        .unwrap_or(usize::MAX)
        .min(bytes.len());
    if begin > 0 {
        counts.ranges.fetch_add(1, Ordering::Relaxed);
    }
    let head = match from {
        Some(_) => format!(
            "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes {begin}-{}/{}\r\n",
            bytes.len().saturating_sub(1),
            bytes.len()
        ),
        None => "HTTP/1.1 200 OK\r\n".to_owned(),
    };
    let body = &bytes[begin..];
    let head = format!(
        "{head}Accept-Ranges: bytes\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).await?;
    if is_slow && body.len() > FIRST_CHUNK_BYTES {
        stream.write_all(&body[..FIRST_CHUNK_BYTES]).await?;
        stream.flush().await?;
        // After the gate is dropped, nobody waits for the rest.
        is_open.wait_for(|is_open| *is_open).await.ok();
        return stream.write_all(&body[FIRST_CHUNK_BYTES..]).await;
    }
    if is_trickle {
        let mut pace = tokio::time::interval(TRICKLE_EVERY);
        for piece in body.chunks(TRICKLE_BYTES) {
            pace.tick().await;
            stream.write_all(piece).await?;
            stream.flush().await?;
        }
        return Ok(());
    }
    stream.write_all(body).await
}
