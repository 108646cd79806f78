//! Tests of the commands that manage the rooms of a server.

use std::os::unix::fs::PermissionsExt as _;

use insta::assert_snapshot;
use rustix::process::Signal;

use crate::program::Home;

const SERVE: [&str; 6] = [
    "serve",
    "--listen",
    "127.0.0.1:0",
    "--state-dir",
    "rooms",
    "--json",
];

#[tokio::test]
async fn rooms_are_copied_looked_at_and_put_back() {
    let home = Home::new();
    let mut server = home.start(&SERVE);
    let ready = server.ready().await;
    let address = ready["address"].as_str().expect("an address");
    let mut ana = home.start(&[
        "host", "--server", address, "--room", "den", "--plain", "--player", "none",
    ]);
    ana.says("Send this line").await;
    let run = async |args: &[&str]| {
        let args = [&["server", "--state-dir", "rooms"], args].concat();
        home.run(&args).await
    };

    assert_snapshot!(run(&["check"]).await, @"
    exit 0
    --- stdout
    no damage found: 1 room, 1 seat, 0 chat messages, schema 4
    ");
    assert_snapshot!(run(&["backup", "copy.db"]).await, @"
    exit 0
    --- stdout
    saved to copy.db: 1 room, 1 seat, 0 chat messages, schema 4
    ");
    assert_snapshot!(run(&["backup", "copy.db"]).await, @"
    exit 2
    --- stderr
    error[file_exists]: copy.db already exists
    hint: choose a file that does not exist yet
    ");
    assert_snapshot!(run(&["restore", "copy.db"]).await, @"
    exit 1
    --- stderr
    error[store_in_use]: another server is using the rooms in rooms
    hint: stop the server first; only backup and check work while it runs
    ");
    server.signal(Signal::TERM);
    assert_eq!(server.end().await.code, Some(0));
    assert_snapshot!(run(&["restore", "copy.db"]).await, @"
    exit 0
    --- stdout
    restored: 1 room, 1 seat, 0 chat messages, schema 4
    the rooms from before the restore are kept in rooms/rooms.db.before
    ");
    assert_snapshot!(run(&["check"]).await, @"
    exit 0
    --- stdout
    no damage found: 1 room, 1 seat, 0 chat messages, schema 4
    ");
}

#[tokio::test]
async fn a_folder_without_rooms_is_reported() {
    let home = Home::new();

    assert_snapshot!(home.run(&["server", "check", "--state-dir", "nowhere"]).await, @"
    exit 6
    --- stderr
    error[no_store]: nowhere/rooms.db does not exist
    hint: name the server's folder with --state-dir
    ");
}

#[tokio::test]
async fn damaged_rooms_are_refused_with_the_way_out() {
    let home = Home::new();
    std::fs::create_dir(home.path().join("rooms")).expect("made");
    let rooms = home.write("rooms/rooms.db", "these are no rooms ".repeat(100));
    std::fs::set_permissions(rooms, std::fs::Permissions::from_mode(0o600)).expect("ours");

    assert_snapshot!(home.run(&SERVE[..5]).await, @"
    exit 1
    --- stderr
    error[not_serving]: rooms/rooms.db is damaged: file is not a database
    hint: restore a backup with watchtogether server restore FILE, or move the file away to start without rooms
    ");
    assert_snapshot!(home.run(&["server", "check", "--state-dir", "rooms"]).await, @"
    exit 1
    --- stderr
    error[store_damaged]: rooms/rooms.db is damaged: file is not a database
    hint: restore a backup with watchtogether server restore FILE, or move the file away to start without rooms
    ");
}

#[tokio::test]
async fn a_folder_is_used_by_one_server_only() {
    let home = Home::new();
    let mut server = home.start(&SERVE);
    server.says("ready").await;

    assert_snapshot!(home.run(&SERVE[..5]).await, @"
    exit 1
    --- stderr
    error[not_serving]: another server is using the rooms in rooms
    hint: each server needs its own folder: use another with --state-dir, or save no rooms with --ephemeral
    ");
}

#[tokio::test]
async fn a_server_that_keeps_nothing_writes_nothing() {
    let home = Home::new();
    let mut pins = Vec::new();
    for _ in 0..2 {
        let mut server = home.start(&["serve", "--listen", "127.0.0.1:0", "--ephemeral", "--json"]);
        let ready = server.ready().await;
        pins.push(ready["pin"].clone());
        server.signal(Signal::TERM);
        assert_eq!(server.end().await.code, Some(0));
    }

    assert_ne!(pins[0], pins[1]);
    assert!(!home.path().join("state").exists());
}

#[tokio::test]
async fn keeping_nothing_somewhere_makes_no_sense() {
    let home = Home::new();

    let outcome = home.run(&["serve", "--ephemeral", "--state-dir", "rooms"]).await;

    assert_eq!(outcome.code, Some(2), "{outcome}");
}

#[tokio::test]
async fn a_host_finds_the_room_that_they_left_on_a_server_that_was_restarted_since() {
    let home = Home::new();
    let mut invites = Vec::new();
    let mut listen = "127.0.0.1:0".to_owned();
    for _ in 0..2 {
        let mut server = home.start(&["serve", "--listen", &listen, "--state-dir", "rooms", "--json"]);
        let ready = server.ready().await;
        listen = ready["address"].as_str().expect("an address").to_owned();
        let args = ["--room", "den", "--plain", "--player", "none"];
        let mut ana = home.start(&[&["host", "--server", &listen][..], &args].concat());
        invites.push(ana.says("watchtogether://").await);
        ana.signal(Signal::INT);
        assert_eq!(ana.end().await.code, Some(0));
        server.signal(Signal::TERM);
        assert_eq!(server.end().await.code, Some(0));
    }

    assert_eq!(
        invites[0], invites[1],
        "friends come in with the line that they have"
    );
}

#[tokio::test]
async fn a_room_that_somebody_else_left_is_not_given_away() {
    let home = Home::new();
    let mut server = home.start(&SERVE);
    let ready = server.ready().await;
    let address = ready["address"].as_str().expect("an address");
    let args = [
        "host", "--server", address, "--room", "den", "--plain", "--player", "none",
    ];
    let mut ana = home.start(&args);
    ana.says("watchtogether://").await;
    ana.signal(Signal::INT);
    ana.end().await;

    let eve = Home::new().run(&args).await;

    assert_eq!(eve.code, Some(4), "{eve}");
    assert!(eve.stderr.contains("error[room_exists]"), "{eve}");
}
