//! Records the readings of libmpv over fifteen seconds: starts, speeds, a pause, a seek. The simulated player is tested against
//! these recordings (`tests/it/simulation/recorded.rs`), so that results of the simulation are valid.

use std::fmt::Write as _;
use std::time::Duration;

use watchtogether::local_clock::monotonic;
use watchtogether::player::PlayerCommand;
use watchtogether_protocol::{LocalTime, MediaTime};

use crate::clip::clip;
use crate::test_player::TestPlayer;

/// The interval at which a speed other than the room's is sent again, as the session does.
const RENEWAL: Duration = Duration::from_millis(400);

/// A recording in progress: one line for each command and each reading, in microseconds since the first release.
struct Recording {
    player: TestPlayer,
    begin: LocalTime,
    lines: String,
}

impl Recording {
    fn micros(&self, at: LocalTime) -> i64 {
        at.nanos_since(self.begin) / 1_000
    }

    /// Releases the player, which is waiting at `landed`.
    async fn start(&mut self, landed: MediaTime) {
        self.player.release(monotonic() + Duration::from_millis(150));
        let at = self.player.released().await;
        if self.lines.is_empty() {
            self.begin = at;
        }
        let line = format!("release {} {}", self.micros(at), landed.as_nanos() / 1_000);
        writeln!(self.lines, "{line}").expect("a text takes all");
    }

    /// Plays at a speed for some time.
    async fn play(&mut self, speed: f64, duration: Duration) {
        let begin = monotonic();
        let mut last_sent = None;
        while monotonic().saturating_since(begin) < duration {
            if last_sent.is_none_or(|last_sent| monotonic().saturating_since(last_sent) >= RENEWAL) {
                self.player.send(PlayerCommand::SetSpeed { base: 1.0, speed });
                let now = monotonic();
                if last_sent.is_none() {
                    let line = format!("speed {} {speed}", self.micros(now));
                    writeln!(self.lines, "{line}").expect("a text takes all");
                }
                last_sent = Some(now);
            }
            let status = self.player.status("a position", |s| s.reading.is_some()).await;
            let reading = status.reading.expect("just looked at");
            let line = format!(
                "read {} {}",
                self.micros(reading.at),
                reading.position.as_nanos() / 1_000
            );
            writeln!(self.lines, "{line}").expect("a text takes all");
        }
    }
}

#[tokio::test]
#[ignore = "writes the recordings again: RECORD_AS=name [RECORD_AO=pulse] cargo test --test mpv recording -- --ignored"]
async fn fifteen_seconds_of_libmpv() {
    let name = std::env::var("RECORD_AS").expect("the recording's name");
    let output = std::env::var("RECORD_AO").unwrap_or_else(|_| "null".to_owned());
    let mut player = TestPlayer::with(&[("ao", &output)]);
    let (_, opened) = player.opens(clip(), MediaTime::ZERO).await;
    let mut recording = Recording {
        player,
        begin: monotonic(),
        lines: String::new(),
    };

    recording.start(opened).await;
    for (speed, seconds) in [(1.0, 4), (1.02, 2), (1.0, 2), (0.98, 2), (1.0, 2)] {
        recording.play(speed, Duration::from_secs(seconds)).await;
    }
    let hold = recording.player.hold(None);
    recording.player.landed(hold).await;
    let (landed, _) = recording.player.holds(MediaTime::from_millis(40_000)).await;
    recording.start(landed).await;
    recording.play(1.0, Duration::from_secs(3)).await;

    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/simulation/recordings");
    std::fs::write(format!("{folder}/{name}.txt"), recording.lines).expect("the recording is written");
    recording.player.close().await;
}
