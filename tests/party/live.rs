//! A live stream and a file that is still being written, watched by several: the short form of `make bench-live`.

use std::path::Path;
use std::process::Stdio;

use tokio::process::Command;

#[tokio::test]
async fn a_live_stream_plays_at_its_own_clock_for_everybody_and_is_never_over() {
    // Long enough for somebody to come in while it plays.
    let said = bench("hls", "0.2").await;

    assert!(said.contains("cy: beside the stream's clock"), "{said}");
}

#[tokio::test]
async fn a_file_that_is_still_written_plays_together_and_ends_when_it_is_complete() {
    let said = bench("growing", "0.1").await;

    assert!(said.contains("over for everybody"), "{said}");
}

/// Runs a part of the bench for so many minutes and returns what it says.
async fn bench(part: &str, minutes: &str) -> String {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts/bench-live");

    let bench = Command::new("python3")
        .arg(script)
        .args([env!("CARGO_BIN_EXE_watchtogether"), minutes, part])
        .stdin(Stdio::null())
        .output()
        .await
        .expect("python3 is needed for the bench");

    let said = String::from_utf8_lossy(&bench.stdout).into_owned();
    let complaint = String::from_utf8_lossy(&bench.stderr);
    assert!(bench.status.success(), "{said}\n{complaint}");
    said
}
