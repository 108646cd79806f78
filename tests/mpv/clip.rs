//! The films that the tests play.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

/// The clip in the repository, or a similar one if it is missing: 25 frames per second, with sound.
static CLIP: LazyLock<PathBuf> = LazyLock::new(|| {
    let bundled = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/media/clip.mkv");
    if bundled.exists() {
        bundled
    } else {
        made(
            "clip.mkv",
            &["-c:v", "libx264", "-preset", "veryfast", "-g", "50"],
        )
    }
});

/// Returns the path of a film of a few seconds.
pub(crate) fn clip() -> &'static Path {
    &CLIP
}

fn made(name: &str, encoding: &[&str]) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    if path.exists() {
        return path;
    }
    let unfinished = path.with_extension(format!("{}.mkv", std::process::id()));
    let status = Command::new("ffmpeg")
        .args(["-nostdin", "-loglevel", "error", "-y"])
        .args(["-f", "lavfi", "-i", "testsrc2=size=320x180:rate=25:duration=20"])
        .args([
            "-f",
            "lavfi",
            "-i",
            "sine=frequency=440:sample_rate=48000:duration=20",
        ])
        .args(encoding)
        .args(["-c:a", "aac"])
        .arg(&unfinished)
        .status()
        .expect("examples/media/clip.mkv or ffmpeg is needed to test the player");
    assert!(status.success(), "ffmpeg: {status}");
    std::fs::rename(&unfinished, &path).expect("both are in one folder");
    path
}
