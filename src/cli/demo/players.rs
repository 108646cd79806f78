//! Reads players from outside, through mpv's own IPC sockets, so that the measurement does not rely on reports of the measured
//! program.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, bail};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::UnixStream;
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{Instant, MissedTickBehavior, interval, timeout};

use super::measure::{PositionSample, PositionSeries};

/// The interval at which a player is read.
const PERIOD: Duration = Duration::from_millis(20);

/// The answer time above which a sample is discarded: its instant is uncertain by half of that.
const SLOW: Duration = Duration::from_millis(4);

/// The time without an answer after which a player counts as hung.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(5);

/// One connection to a player's socket.
#[derive(Debug)]
pub(super) struct Ipc {
    reader: BufReader<OwnedReadHalf>,
    writer: OwnedWriteHalf,
    next_id: u64,
}

impl Ipc {
    /// Connects to a player's socket.
    pub(super) async fn connect(socket: &Path) -> anyhow::Result<Self> {
        let stream = UnixStream::connect(socket).await?;
        let (reader, writer) = stream.into_split();
        let mut ipc = Self {
            reader: BufReader::new(reader),
            writer,
            next_id: 0,
        };
        ipc.command(json!(["disable_event", "all"])).await?;
        Ok(ipc)
    }

    /// Runs a command, as a key in the player's window would, and returns its result.
    pub(super) async fn command(&mut self, command: Value) -> anyhow::Result<Value> {
        let id = self.send(&[command]).await?;
        self.answer(id).await
    }

    /// Returns a property; `None` if it has no value now.
    pub(super) async fn property(&mut self, name: &str) -> anyhow::Result<Option<Value>> {
        let id = self.send(&[json!(["get_property", name])]).await?;
        Ok(self.answer(id).await.ok())
    }

    async fn send(&mut self, commands: &[Value]) -> anyhow::Result<u64> {
        let first = self.next_id;
        let mut lines = String::new();
        for (id, command) in (first..).zip(commands) {
            lines.push_str(&json!({"command": command, "request_id": id}).to_string());
            lines.push('\n');
        }
        self.next_id += commands.len() as u64;
        self.writer.write_all(lines.as_bytes()).await?;
        Ok(first)
    }

    async fn answer(&mut self, id: u64) -> anyhow::Result<Value> {
        loop {
            let mut line = String::new();
            let read = timeout(ANSWER_TIMEOUT, self.reader.read_line(&mut line))
                .await
                .context("the player hangs")??;
            if read == 0 {
                bail!("the player is gone");
            }
            let answer: Value = serde_json::from_str(&line)?;
            if answer["request_id"] != json!(id) {
                continue;
            }
            return match answer["error"].as_str() {
                Some("success") => Ok(answer["data"].clone()),
                Some(error) => Err(anyhow::anyhow!("the player answered: {error}")),
                None => Err(anyhow::anyhow!("the player answered nonsense")),
            };
        }
    }

    /// Reads the player's position; returns `None` if the answer came too late for its instant to be known.
    async fn sample(&mut self, origin: Instant) -> anyhow::Result<Option<PositionSample>> {
        let names = ["audio-pts", "time-pos", "pause", "seeking"];
        let asked = Instant::now();
        let first = self
            .send(&names.map(|name| json!(["get_property", name])))
            .await?;
        let audio = self.answer(first).await.ok();
        let answered = Instant::now();
        let video = self.answer(first + 1).await.ok();
        let is_paused = self.answer(first + 2).await? == json!(true);
        let is_seeking = self.answer(first + 3).await.is_ok_and(|v| v == json!(true));
        let took = answered - asked;
        if took > SLOW {
            return Ok(None);
        }
        // While paused, the position of the video is right: that of the audio is short by up to a buffer after a seek.
        let shown = if is_paused { video } else { audio.or(video) };
        let position = shown.and_then(|v| v.as_f64()).filter(|_| !is_seeking);
        Ok(Some(PositionSample {
            at: (asked + took / 2 - origin).as_secs_f64(),
            position,
        }))
    }
}

/// Samples one player until it is stopped.
#[derive(Debug)]
pub(super) struct Sampler {
    stop: watch::Sender<bool>,
    task: JoinHandle<anyhow::Result<PositionSeries>>,
}

impl Sampler {
    /// Starts to sample the player at a socket, through a separate connection.
    pub(super) async fn start(socket: &Path, origin: Instant) -> anyhow::Result<Self> {
        let mut ipc = Ipc::connect(socket).await?;
        let (stop, mut stopped) = watch::channel(false);
        let task = tokio::spawn(async move {
            let mut track = PositionSeries::new();
            let mut ticks = interval(PERIOD);
            ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
            loop {
                tokio::select! {
                    _ = stopped.changed() => return Ok(track),
                    _ = ticks.tick() => track.extend(ipc.sample(origin).await?),
                }
            }
        });
        Ok(Self { stop, task })
    }

    /// Stops and returns the samples.
    pub(super) async fn finish(self) -> anyhow::Result<PositionSeries> {
        // If the sampler has ended by itself, nobody receives this, and its error is returned below.
        self.stop.send_replace(true);
        self.task.await?
    }
}
