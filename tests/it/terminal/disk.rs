//! Tests of a state folder on a full disk: the screen reports it, and log output does not overwrite the screen.

use super::*;

/// Returns whether a file system can be mounted. Otherwise the test would have to fill a real disk.
async fn may_mount() -> bool {
    let unshare = Command::new("unshare")
        .args(["--user", "--map-root-user", "--mount", "true"])
        .output();
    unshare.await.is_ok_and(|output| output.status.success())
}

#[tokio::test]
async fn a_log_that_cannot_be_written_never_writes_over_the_screen() {
    if !may_mount().await {
        return;
    }
    let (home, at_ana) = (Home::new(), Home::new());
    let args: Vec<&str> = ANA_HOSTS.split(' ').chain(["--plain"]).collect();
    let mut ana = at_ana.start(&args);
    let invite = ana.invite().await;
    std::fs::create_dir(home.path().join("state")).expect("the home is writable");
    home.write(
        "with_full_disk",
        "mount -t tmpfs -o size=64k none state && mkdir -p state/watchtogether && \
         dd if=/dev/zero of=state/filler bs=1k 2>/dev/null; exec \"$@\"",
    );
    let program = crate::program::PROGRAM;
    let line = format!(
        "WATCHTOGETHER_LOG=trace unshare --user --map-root-user --mount sh with_full_disk {program} join '{invite}' \
         --player none --name bo"
    );
    let mut command = home.command_of("script");
    command.env("TERM", "xterm-256color");
    let mut pty = Pty::run(command, 80, 24, &line);
    pty.shows("People 2").await;

    for text in ["one", "two", "three"] {
        pty.types(&format!("{text}\r")).await;
        pty.shows(&format!("<bo>    {text}")).await;
    }

    let text = String::from_utf8_lossy(&pty.bytes).into_owned();
    assert!(!text.contains("tracing"), "{text}");
    assert!(!text.contains("Unable to write"), "{text}");
    let shown = pty.shown();
    assert!(shown.starts_with(" film   nothing on yet"), "{shown}");
}
