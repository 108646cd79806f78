//! Tests of a server that finds one of its rooms damaged.

use rustix::process::Signal;
use serde_json::Value;

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
async fn a_damaged_room_is_reported_at_the_start_and_does_not_prevent_it() {
    let home = Home::new();
    let mut server = home.start(&SERVE);
    let ready = server.ready().await;
    assert_eq!(ready["damaged_rooms"], Value::Array(Vec::new()));
    let address = ready["address"].as_str().expect("an address");
    let mut ana = home.start(&[
        "host", "--server", address, "--room", "den", "--plain", "--player", "none",
    ]);
    ana.says("Send this line").await;
    ana.types("/quit").await;
    ana.end().await;
    server.signal(Signal::TERM);
    server.end().await;
    let file = rusqlite::Connection::open(home.path().join("rooms/rooms.db")).expect("the file is there");
    let changed = file.execute("UPDATE rooms SET route = x'00' WHERE name = 'den'", ());
    assert_eq!(changed.expect("it can be changed"), 1);
    drop(file);

    let mut server = home.start(&SERVE);
    let ready = server.ready().await;
    let address = ready["address"].as_str().expect("an address");

    assert_eq!(ready["damaged_rooms"], Value::Array(vec!["den".into()]));
    let mut ana = home.start(&[
        "host", "--server", address, "--room", "cellar", "--plain", "--player", "none",
    ]);
    ana.says("Send this line").await;
    let den = format!("{address}/den");
    let refused = home.run(&["join", &den, "--plain", "--player", "none"]).await;
    assert!(refused.stderr.contains("error[room_damaged]"), "{refused}");
    server.signal(Signal::TERM);
    let printed = server.end().await.stderr;
    assert!(printed.contains("a kept room is damaged"), "{printed}");
    let mut lines = home.start(&SERVE[..5]);
    lines.says("serving").await;
    lines.signal(Signal::TERM);
    let printed = lines.end().await.stderr;
    assert!(
        printed.contains("room den is damaged and cannot be joined"),
        "{printed}"
    );
}
