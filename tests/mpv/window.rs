//! A player's own socket: the effects of its user's keys and scripts, and the values that can be read from outside.

use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::UnixStream;
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};
use tokio::time::timeout;

/// The time after which a test gives up.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(30);

/// The player's own JSON socket.
pub(crate) struct Window {
    reader: BufReader<OwnedReadHalf>,
    writer: OwnedWriteHalf,
    requests: u64,
    /// The events received up to the last answer.
    pub(crate) events: Vec<Value>,
}

impl Window {
    /// Connects to a player's socket as its user's keys and scripts do. The player creates it in a separate thread soon after its
    /// start.
    pub(crate) async fn open(socket: &Path) -> Self {
        let connect = async {
            let mut pace = tokio::time::interval(Duration::from_millis(5));
            loop {
                pace.tick().await;
                if let Ok(stream) = UnixStream::connect(socket).await {
                    break stream;
                }
            }
        };
        let stream = timeout(TIMEOUT, connect)
            .await
            .expect("the player listens on its socket");
        let (reader, writer) = stream.into_split();
        Self {
            reader: BufReader::new(reader),
            writer,
            requests: 0,
            events: Vec::new(),
        }
    }

    /// Runs a command as a key or a script does, and returns the player's answer.
    pub(crate) async fn does(&mut self, command: Value) -> Value {
        self.requests += 1;
        let request = json!({"command": command, "request_id": self.requests}).to_string() + "\n";
        self.writer
            .write_all(request.as_bytes())
            .await
            .expect("the player listens");
        let mut line = String::new();
        loop {
            line.clear();
            let length = self
                .reader
                .read_line(&mut line)
                .await
                .expect("the player answers");
            assert_ne!(length, 0, "the player closed its socket before it answered");
            let answer: Value = serde_json::from_str(&line).expect("the player speaks JSON");
            if answer["request_id"] == self.requests && answer.get("error").is_some() {
                return answer;
            }
            self.events.push(answer);
        }
    }

    pub(crate) async fn property(&mut self, name: &str) -> Value {
        self.does(json!(["get_property", name])).await["data"].take()
    }

    /// Waits until a property has a value.
    pub(crate) async fn has(&mut self, name: &str, value: Value) {
        let wait = async {
            let mut pace = tokio::time::interval(Duration::from_millis(5));
            while self.property(name).await != value {
                pace.tick().await;
            }
        };
        timeout(TIMEOUT, wait)
            .await
            .expect("the property has its value in time");
    }

    pub(crate) async fn sets(&mut self, name: &str, value: Value) {
        let answer = self.does(json!(["set_property", name, value])).await;
        assert_eq!(answer["error"], "success", "{name}");
    }
}
