//! A live stream, watched by several: the short form of `make bench-live`.

use std::path::Path;
use std::process::Stdio;

use tokio::process::Command;

/// How long the stream is watched, in minutes: long enough for somebody to come in while it plays.
const MINUTES: &str = "0.2";

#[tokio::test]
async fn a_live_stream_plays_at_its_own_clock_for_everybody_and_is_never_over() {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts/bench-live");

    let bench = Command::new("python3")
        .arg(script)
        .args([env!("CARGO_BIN_EXE_watchtogether"), MINUTES])
        .stdin(Stdio::null())
        .output()
        .await
        .expect("python3 is needed for the bench");

    let said = String::from_utf8_lossy(&bench.stdout);
    let complaint = String::from_utf8_lossy(&bench.stderr);
    assert!(bench.status.success(), "{said}\n{complaint}");
    assert!(said.contains("cy: beside the stream's clock"), "{said}");
}
