//! Media that is produced while it is watched: a station that sends endless sound, and a recorder that writes a film.

use std::net::SocketAddr;
use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::{Child, Command};
use tokio::task::JoinHandle;
use tokio::time::interval;

use crate::process::eventually;

/// The length of the sound that a station repeats.
const LOOP_SECONDS: usize = 30;

/// How much sound a station sends in a burst to a new listener.
const BURST_SECONDS: usize = 2;

const EVERY: Duration = Duration::from_millis(50);

/// The size of the recording before anybody watches.
const BEGUN_BYTES: u64 = 500_000;

/// Sends sound as Icecast does, in real time, without a length and without ranges, until it is dropped.
pub(crate) struct Station {
    pub(crate) link: String,
    task: JoinHandle<()>,
}

/// Writes a film until it is dropped.
pub(crate) struct Recorder(Child);

impl Station {
    pub(crate) async fn sends(folder: &Path, format: &str, coding: &str) -> Self {
        let file = folder.join(format!("sound.{format}"));
        let sound = format!("sine=frequency=440:duration={LOOP_SECONDS}");
        let made = ffmpeg(
            &["-f", "lavfi", "-i", &sound, "-c:a", coding, "-b:a", "64k"],
            &file,
        )
        .status()
        .await;
        assert!(made.expect("ffmpeg is needed").success());
        let sound: Arc<[u8]> = std::fs::read(&file).expect("it was made").into();
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback is there");
        let address: SocketAddr = listener.local_addr().expect("it is bound");
        let kind = format!("audio/{format}");
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (sound, kind) = (Arc::clone(&sound), kind.clone());
                // A player that has read enough closes the connection.
                tokio::spawn(async move { send(stream, &sound, &kind).await.ok() });
            }
        });
        let link = format!("http://{address}/live.{format}");
        Self { link, task }
    }
}

impl Drop for Station {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn send(stream: TcpStream, sound: &[u8], kind: &str) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    let mut line = String::new();
    while stream.read_line(&mut line).await? > 2 {
        line.clear();
    }
    let head = format!("HTTP/1.0 200 OK\r\nContent-Type: {kind}\r\nicy-name: den\r\n\r\n");
    stream.write_all(head.as_bytes()).await?;
    let second = sound.len() / LOOP_SECONDS;
    let mut rest = sound.iter().copied().cycle();
    let mut due = second * BURST_SECONDS;
    let mut pace = interval(EVERY);
    loop {
        let piece: Vec<u8> = rest.by_ref().take(due).collect();
        stream.write_all(&piece).await?;
        stream.flush().await?;
        due = second / 20;
        pace.tick().await;
    }
}

impl Recorder {
    /// Starts writing a Matroska file, and returns when there is something to watch.
    pub(crate) async fn begins(file: &Path) -> Self {
        let sources = [
            "-re",
            "-f",
            "lavfi",
            "-i",
            "testsrc2=size=320x180:rate=25",
            "-re",
            "-f",
            "lavfi",
            "-i",
            "sine=frequency=440",
        ];
        let coding = [
            "-c:v",
            "libx264",
            "-preset",
            "ultrafast",
            "-g",
            "50",
            "-c:a",
            "aac",
        ];
        let recorder = ffmpeg(&[&sources[..], &coding].concat(), file)
            .kill_on_drop(true)
            .spawn();
        let size = || {
            std::fs::metadata(file)
                .ok()
                .filter(|there| there.len() > BEGUN_BYTES)
        };
        eventually(size).await.expect("the recorder writes");
        Self(recorder.expect("ffmpeg is needed"))
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        self.0.start_kill().ok();
    }
}

fn ffmpeg(args: &[&str], file: &Path) -> Command {
    let mut command = Command::new("ffmpeg");
    command
        .args(["-nostdin", "-y", "-loglevel", "error"])
        .args(args)
        .arg(file)
        .stdin(Stdio::null());
    command
}
