//! How a worker starts, and how it ends.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use serde_json::json;
use watchtogether::player::handle::{Launch, PlayerHandle};
use watchtogether::player::{PlayerCommand, PlayerEvent};
use watchtogether_protocol::MediaTime;

use crate::clip::clip;
use crate::stage::Stage;

#[tokio::test]
async fn it_says_what_it_is() {
    let mut stage = Stage::set();

    let version = stage
        .hears("start", |event| match event {
            PlayerEvent::Started { version } => Some(version.clone()),
            _ => None,
        })
        .await;

    assert!(version.starts_with("mpv "), "{version}");
}

#[tokio::test]
async fn a_wrong_option_is_named() {
    for (option, words) in [
        (
            ("no-such-thing", "1"),
            "mpv has no option \u{201c}no-such-thing\u{201d}",
        ),
        (("volume", "loud"), "mpv does not take volume=loud"),
    ] {
        let stage = Stage::with(&[option]);

        let events = stage.last_events().await;

        let [
            PlayerEvent::Gone {
                reason,
                hint,
                may_retry,
            },
        ] = events.as_slice()
        else {
            panic!("{events:?}");
        };
        assert!(reason.starts_with(words), "{reason}");
        assert!(
            hint.as_ref().is_some_and(|hint| hint.contains("--mpv-option")),
            "{hint:?}"
        );
        assert!(!may_retry);
    }
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
    assert!(reason.contains("/no/such/program"), "{reason}");
    assert_eq!(handle.recv().await, None);
}

#[tokio::test]
async fn a_worker_that_dies_is_missed() {
    let mut stage = Stage::set();
    stage.opens(clip(), MediaTime::ZERO).await;

    let killed = std::process::Command::new("kill")
        .args(["-KILL", &stage.pid().to_string()])
        .status();

    assert!(killed.is_ok_and(|status| status.success()));
    let events = stage.last_events().await;
    let Some(PlayerEvent::Gone {
        reason, may_retry, ..
    }) = events.last()
    else {
        panic!("{events:?}");
    };
    assert!(reason.contains("signal: 9"), "{reason}");
    assert!(may_retry);
}

#[tokio::test]
async fn what_a_dying_worker_said_last_is_told() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let program = script(folder.path(), "echo first >&2; echo no such card >&2; exit 3");
    let launch = Launch {
        program,
        options: Vec::new(),
        log: Some(folder.path().join("player.log")),
    };

    let mut handle = PlayerHandle::start(&launch);

    let Some(PlayerEvent::Gone { reason, hint, .. }) = handle.recv().await else {
        panic!("it lives");
    };
    assert!(reason.contains("exit status: 3"), "{reason}");
    assert_eq!(hint.as_deref(), Some("its last words: first; no such card"));
}

#[tokio::test]
async fn a_worker_ends_with_its_handle_and_when_it_is_told_to() {
    let mut dropped = Stage::set();
    dropped.opens(clip(), MediaTime::ZERO).await;
    let mut told = Stage::set();
    told.opens(clip(), MediaTime::ZERO).await;
    let pids = [dropped.pid(), told.pid()];

    dropped.close().await;
    told.tell(PlayerCommand::Quit);

    assert_eq!(
        told.last_events().await,
        [],
        "who told it to end is not told that it ended"
    );
    for pid in pids {
        assert!(!Path::new(&format!("/proc/{pid}")).exists(), "{pid}");
    }
}

#[tokio::test]
async fn a_worker_is_not_in_our_terminal_job() {
    let stage = Stage::set();

    let stat = std::fs::read_to_string(format!("/proc/{}/stat", stage.pid())).expect("it runs");

    let group = stat.rsplit(") ").next().and_then(|rest| rest.split(' ').nth(2));
    assert_eq!(group, Some(stage.pid().to_string().as_str()));
}

#[tokio::test]
async fn what_sync_needs_is_forced_on_options_and_files() {
    let mut stage = Stage::with(&[
        ("speed", "2"),
        ("pause", "no"),
        ("start", "5"),
        ("keep-open", "no"),
        ("loop-file", "inf"),
        ("hr-seek", "no"),
        ("video-sync", "display-resample"),
        ("volume", "33"),
    ]);
    let mut window = stage.window().await;

    let (_, position) = stage.opens(clip(), MediaTime::ZERO).await;

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
}

#[tokio::test]
async fn the_users_own_configuration_and_profile_apply_and_a_missing_display_is_told() {
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
    let mut stage = Stage::of_program(program, &[("ao", "null"), ("load-scripts", "no")]);
    let mut window = stage.window().await;

    let notice = stage
        .hears("a notice", |event| match event {
            PlayerEvent::Notice { text } => Some(text.clone()),
            _ => None,
        })
        .await;

    assert!(notice.contains("no display"), "{notice}");
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
    let path = folder.join("program");
    std::fs::write(&path, format!("#!/bin/sh\n{text}\n")).expect("the folder is ours");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o700)).expect("the file is ours");
    path
}
