//! Tests of the start and the end of a worker.

use std::path::{Path, PathBuf};

use serde_json::json;
use watchtogether::player::handle::{Launch, PlayerHandle};
use watchtogether::player::{PlayerCommand, PlayerEvent};
use watchtogether_protocol::player_reason::{PlayerEnd, PlayerNotice};
use watchtogether_protocol::{Clean, MediaTime};

use crate::clip::clip;
use crate::test_player::{self, HOMES, TIMEOUT, TestPlayer};

#[tokio::test]
async fn a_started_player_reports_its_version() {
    let mut player = TestPlayer::start();

    let version = player
        .event("start", |event| match event {
            PlayerEvent::Started { version } => Some(version.clone()),
            _ => None,
        })
        .await;

    assert!(version.starts_with("mpv "), "{version}");
}

#[tokio::test]
async fn a_wrong_option_is_named() {
    let name = Clean::line("no-such-thing");
    let player = TestPlayer::with(&[("no-such-thing", "1")]);
    assert_eq!(
        player.last_events().await,
        [PlayerEvent::Gone {
            reason: PlayerEnd::UnknownOption { name },
            log: None,
            may_retry: false,
        }]
    );

    let player = TestPlayer::with(&[("volume", "loud")]);
    let events = player.last_events().await;
    let [
        PlayerEvent::Gone {
            reason: PlayerEnd::BadOption { name, value, .. },
            may_retry: false,
            ..
        },
    ] = events.as_slice()
    else {
        panic!("{events:?}");
    };
    assert_eq!((name.as_str(), value.as_str()), ("volume", "loud"));
}

#[tokio::test]
async fn a_library_that_cannot_be_loaded_is_the_reason_and_no_retry_helps() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    for name in ["libmpv.so.2", "libmpv.so"] {
        std::fs::write(folder.path().join(name), "no library").expect("the folder is ours");
    }
    let program = script(
        folder.path(),
        &format!(
            "LD_LIBRARY_PATH={} exec {} \"$@\"",
            folder.path().display(),
            env!("CARGO_BIN_EXE_watchtogether")
        ),
    );
    let player = TestPlayer::of_program(&program, &[]);

    let events = player.last_events().await;

    assert!(
        matches!(
            events.as_slice(),
            [PlayerEvent::Gone {
                reason: PlayerEnd::LibraryMissing { .. },
                may_retry: false,
                ..
            }]
        ),
        "{events:?}"
    );
}

#[tokio::test]
async fn a_program_that_is_not_there_is_named() {
    let launch = Launch {
        program: PathBuf::from("/no/such/program"),
        options: Vec::new(),
        log: None,
    };

    let mut handle = PlayerHandle::start(&launch);

    let Some(PlayerEvent::Gone { reason, .. }) = handle.recv().await else {
        panic!("it was started");
    };
    let PlayerEnd::NotStarted { program, .. } = reason else {
        panic!("{reason:?}");
    };
    assert_eq!(program.as_str(), "/no/such/program");
    assert_eq!(handle.recv().await, None);
}

#[tokio::test]
async fn a_worker_that_dies_is_missed() {
    let mut player = TestPlayer::start();
    player.opens(clip(), MediaTime::ZERO).await;

    let killed = std::process::Command::new("kill")
        .args(["-KILL", &player.pid().to_string()])
        .status();

    assert!(killed.is_ok_and(|status| status.success()));
    let events = player.last_events().await;
    let Some(PlayerEvent::Gone {
        reason, may_retry, ..
    }) = events.last()
    else {
        panic!("{events:?}");
    };
    let PlayerEnd::Died { status: Some(status) } = reason else {
        panic!("{reason:?}");
    };
    assert!(status.as_str().contains("signal: 9"), "{status}");
    assert!(may_retry);
}

#[tokio::test]
async fn the_log_of_a_worker_that_dies_is_named_and_not_quoted() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let program = script(folder.path(), "echo first >&2; echo no such card >&2; exit 3");
    let launch = Launch {
        program,
        options: Vec::new(),
        log: Some(folder.path().join("player.log")),
    };

    let mut handle = PlayerHandle::start(&launch);

    let Some(PlayerEvent::Gone { reason, log, .. }) = handle.recv().await else {
        panic!("it lives");
    };
    let status = Some(Clean::line("exit status: 3"));
    assert_eq!(reason, PlayerEnd::Died { status });
    let path = folder.path().join("player.log");
    assert_eq!(log, Some(Clean::line(&path.to_string_lossy())));
}

#[tokio::test]
async fn a_worker_that_takes_no_commands_is_ended() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let launch = Launch {
        program: script(folder.path(), "exec sleep 1000"),
        options: Vec::new(),
        log: None,
    };
    let mut handle = PlayerHandle::start(&launch);
    let pid = handle.pid().expect("a script can be started");

    for _ in 0..1_000 {
        handle.send(PlayerCommand::SetSpeed {
            base: 1.0,
            speed: 1.001,
        });
    }

    let Some(PlayerEvent::Gone {
        reason, may_retry, ..
    }) = handle.recv().await
    else {
        panic!("it lives");
    };
    assert_eq!(reason, PlayerEnd::Hung);
    assert!(may_retry);
    assert!(!Path::new(&format!("/proc/{pid}")).exists());
}

#[tokio::test]
async fn a_worker_ends_with_its_handle_and_when_it_is_told_to() {
    let mut dropped = TestPlayer::start();
    dropped.opens(clip(), MediaTime::ZERO).await;
    let mut stopped = TestPlayer::start();
    stopped.opens(clip(), MediaTime::ZERO).await;
    let pids = [dropped.pid(), stopped.pid()];

    dropped.close().await;
    stopped.send(PlayerCommand::Quit);

    assert_eq!(
        stopped.last_events().await,
        [],
        "who told it to end is not told that it ended"
    );
    for pid in pids {
        assert!(!Path::new(&format!("/proc/{pid}")).exists(), "{pid}");
    }
}

#[tokio::test]
async fn a_worker_whose_parent_is_gone_ends_by_itself() {
    let (ours, theirs) = std::os::unix::net::UnixStream::pair().expect("sockets can be made");
    let home = tempfile::tempdir().expect("a temporary folder can be made");
    let mut worker = tokio::process::Command::new(env!("CARGO_BIN_EXE_watchtogether"))
        .envs(HOMES.map(|variable| (variable, home.path())))
        .args([
            "player-worker",
            "--mpv-option",
            "config=no",
            "--mpv-option",
            "vo=null",
        ])
        .stdin(std::os::fd::OwnedFd::from(theirs))
        .kill_on_drop(true)
        .spawn()
        .expect("the program is there");

    drop(ours);

    let status = tokio::time::timeout(TIMEOUT, worker.wait())
        .await
        .expect("it ends in time")
        .expect("it is our child");
    assert!(status.success(), "{status}");
}

#[tokio::test]
async fn a_worker_of_a_test_has_a_separate_home() {
    let player = TestPlayer::start();

    let homes: Vec<String> = HOMES
        .iter()
        .map(|name| format!("{name}={}", player.folder().display()))
        .collect();
    let has_homes = || {
        let environment = std::fs::read(format!("/proc/{}/environ", player.pid())).expect("it runs");
        let environment = String::from_utf8_lossy(&environment).into_owned();
        homes
            .iter()
            .all(|home| environment.split('\0').any(|line| line == home))
    };

    // Until exec, a new process shows the environment of its parent.
    tokio::time::timeout(TIMEOUT, async {
        while !has_homes() {
            tokio::task::yield_now().await;
        }
    })
    .await
    .expect("the worker's homes are folders of the test");
}

#[tokio::test]
async fn a_worker_is_not_in_our_terminal_job() {
    let player = TestPlayer::start();

    let stat = std::fs::read_to_string(format!("/proc/{}/stat", player.pid())).expect("it runs");

    let group = stat.rsplit(") ").next().and_then(|rest| rest.split(' ').nth(2));
    assert_eq!(group, Some(player.pid().to_string().as_str()));
}

#[tokio::test]
async fn options_that_sync_needs_override_the_users() {
    let mut player = TestPlayer::with(&[
        ("speed", "2"),
        ("pause", "no"),
        ("start", "5"),
        ("keep-open", "no"),
        ("loop-file", "inf"),
        ("hr-seek", "no"),
        ("video-sync", "display-resample"),
        ("volume", "33"),
    ]);
    let mut window = player.window().await;

    let (_, position) = player.opens(clip(), MediaTime::ZERO).await;

    assert_eq!(position, MediaTime::ZERO);
    for (name, value) in [
        ("speed", json!(1.0)),
        ("pause", json!(true)),
        ("keep-open", json!("always")),
        ("loop-file", json!(false)),
        ("hr-seek", json!(true)),
        ("video-sync", json!("audio")),
        ("volume", json!(33.0)),
    ] {
        assert_eq!(window.property(name).await, value, "{name}");
    }
    let log = std::fs::read_to_string(player.folder().join("player.log")).expect("a log is written");
    assert!(!log.contains("refuses"), "{log}");
}

#[tokio::test]
async fn the_users_configuration_and_profile_apply_and_a_missing_display_is_reported() {
    let home = tempfile::tempdir().expect("a temporary folder can be made");
    let config = "volume=44\nosd-font-size=20\nspeed=3\nao=no-such\n[watchtogether]\nosd-font-size=30\n";
    std::fs::write(home.path().join("mpv.conf"), config).expect("the folder is ours");
    std::fs::write(home.path().join("input.conf"), "k set volume 11\n").expect("the folder is ours");
    let program = script(
        home.path(),
        &format!(
            "unset DISPLAY WAYLAND_DISPLAY; export MPV_HOME={}; exec {} \"$@\"",
            home.path().display(),
            env!("CARGO_BIN_EXE_watchtogether")
        ),
    );
    let mut player = TestPlayer::of_program(&program, &[("ao", "null"), ("load-scripts", "no")]);
    let mut window = player.window().await;

    let notice = player
        .event("a notice", |event| match event {
            PlayerEvent::Notice(notice) => Some(*notice),
            _ => None,
        })
        .await;

    assert_eq!(notice, PlayerNotice::NoDisplay);
    for (name, value) in [
        ("volume", json!(44.0)),
        ("osd-font-size", json!(30.0)),
        ("speed", json!(1.0)),
        ("vo", json!("null")),
        ("ao", json!("null")),
    ] {
        let found = window.property(name).await;
        let found = if found.is_array() {
            found[0]["name"].clone()
        } else {
            found
        };
        assert_eq!(found, value, "{name}");
    }
    window.does(json!(["keypress", "k"])).await;
    window.has("volume", json!(11.0)).await;
}

fn script(folder: &Path, text: &str) -> PathBuf {
    test_player::script(&folder.join("program"), text)
}

/// Returns a worker with a user configuration, and without the script that delays the player's start.
fn configured(folder: &Path, conf: &str) -> TestPlayer {
    std::fs::write(folder.join("mpv.conf"), conf).expect("the folder is ours");
    let folder = folder.display().to_string();
    TestPlayer::of_program(
        Path::new(env!("CARGO_BIN_EXE_watchtogether")),
        &[
            ("config-dir", folder.as_str()),
            ("osc", "no"),
            ("load-stats-overlay", "no"),
            ("load-osd-console", "no"),
            ("load-auto-profiles", "no"),
            ("ao", "null"),
            ("vo", "null"),
        ],
    )
}

#[tokio::test]
async fn no_configuration_ends_the_player_or_moves_it_along_another_time_line() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let conf = [
        "idle=no",
        "terminal=yes",
        "input-terminal=yes",
        "keep-open=no",
        "loop-file=inf",
        "loop-playlist=inf",
        "ab-loop-a=1",
        "ab-loop-b=2",
        "start=5",
        "end=7",
        "length=3",
        "frames=20",
        "sstep=2",
        "untimed=yes",
        "correct-pts=no",
        "cache-pause=no",
        "speed=1.5",
        "pause=no",
        "reset-on-next-file=all",
        "save-position-on-quit=yes",
        "video-sync=display-resample",
        "hr-seek=no",
        "shuffle=yes",
    ];
    let mut player = configured(folder.path(), &conf.join("\n"));
    let mut window = player.window().await;

    let (_, position) = player.opens(clip(), MediaTime::from_millis(1_000)).await;
    let forced = [
        ("idle", json!(true)),
        ("terminal", json!(false)),
        ("end", json!("none")),
        ("length", json!("none")),
        ("frames", json!("all")),
        ("untimed", json!(false)),
        ("cache-pause", json!(true)),
        ("speed", json!(1.0)),
        ("pause", json!(true)),
        ("keep-open", json!("always")),
        ("loop-file", json!(false)),
        ("loop-playlist", json!(false)),
        ("ab-loop-a", json!("no")),
        ("save-position-on-quit", json!(false)),
    ];

    for (name, value) in forced {
        assert_eq!(window.property(name).await, value, "{name}");
    }
    assert!(
        (position - MediaTime::from_millis(1_000)).abs() <= std::time::Duration::from_millis(45),
        "{position:?}"
    );
    // The next film starts at its beginning, and plays for longer than `end`, `length`, `frames` and the loop allow.
    player.opens(clip(), MediaTime::ZERO).await;
    player.holds(MediaTime::from_millis(6_500)).await;
    let released = player.plays().await;
    let late = player
        .status("playing", |status| {
            status
                .reading
                .is_some_and(|r| r.at.saturating_since(released) > std::time::Duration::from_millis(900))
        })
        .await;
    let reading = late.reading.expect("just looked at");
    let expected = MediaTime::from_millis(6_500) + reading.at.saturating_since(released).into();
    assert!(
        (reading.position - expected).abs() < std::time::Duration::from_millis(150),
        "{:?} for {expected:?}",
        reading.position
    );
}

/// mpv exits if it has nothing to play and `idle` is off; the worker's command must arrive before it checks.
#[tokio::test]
async fn a_player_that_may_not_idle_starts_every_time() {
    /// While every core is busy, one start in sixty needs another attempt.
    const MOST_AGAIN: usize = 3;

    let mut again = 0;
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    for turn in 0..10 {
        let mut player = configured(folder.path(), "idle=no");

        player
            .event(&format!("start {turn}"), |event| match event {
                PlayerEvent::Started { .. } => Some(()),
                _ => None,
            })
            .await;
        player.opens(clip(), MediaTime::ZERO).await;
        let log = std::fs::read_to_string(player.folder().join("player.log")).expect("it is written");
        again += log.matches("it is started again").count();
    }
    assert!(again <= MOST_AGAIN, "{again} further tries for 10 starts");
}

/// A plugin built like mpv's own: nothing is linked, and the program provides the functions.
const PLUGIN: &str = r#"
#include <stdio.h>
typedef struct mpv_handle mpv_handle;
typedef struct { int event_id; } mpv_event;
extern const char *mpv_client_name(mpv_handle *);
extern char *mpv_get_property_string(mpv_handle *, const char *);
extern mpv_event *mpv_wait_event(mpv_handle *, double);
int mpv_open_cplugin(mpv_handle *mpv) {
    FILE *mark = fopen(MARK, "w");
    if (mark) {
        fprintf(mark, "%s %s", mpv_client_name(mpv), mpv_get_property_string(mpv, "mpv-version"));
        fclose(mark);
    }
    while (mpv_wait_event(mpv, -1)->event_id != 1) {}
    return 0;
}
"#;

#[tokio::test]
async fn a_plugin_in_c_finds_the_players_functions() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let (source, mark) = (folder.path().join("plugin.c"), folder.path().join("mark"));
    let scripts = folder.path().join("scripts");
    std::fs::create_dir(&scripts).expect("the folder is ours");
    std::fs::write(&source, PLUGIN).expect("the folder is ours");
    let compiled = std::process::Command::new("cc")
        .args(["-shared", "-fPIC", "-o"])
        .arg(scripts.join("plugin.so"))
        .arg(format!("-DMARK=\"{}\"", mark.display()))
        .arg(&source)
        .status();
    assert!(
        compiled.is_ok_and(|status| status.success()),
        "a C compiler is needed"
    );

    let mut player = configured(folder.path(), "");
    player.opens(clip(), MediaTime::ZERO).await;

    // The player waits for its plugins before it opens anything.
    let printed = std::fs::read_to_string(&mark).expect("the plugin ran");
    assert!(printed.starts_with("plugin mpv "), "{printed}");
}
