//! Tests of what a server's operator and the members are told when files of the server's state are removed.

use std::fs;

use rustix::process::Signal;

use crate::program::{Home, Outcome, Running};

async fn serve(home: &Home) -> (Running, String) {
    let args = [
        "serve",
        "--listen",
        "127.0.0.1:0",
        "--state-dir",
        "rooms",
        "--json",
    ];
    let mut server = home.start(&args);
    let ready = server.ready().await;
    (server, ready["address"].as_str().expect("an address").to_owned())
}

async fn ended(server: Running) -> Outcome {
    server.signal(Signal::TERM);
    let ended = server.end().await;
    assert_eq!(ended.code, Some(0), "{ended}");
    ended
}

fn host(home: &Home, address: &str) -> Running {
    home.start(&[
        "host", "--server", address, "--room", "den", "--name", "ana", "--plain", "--player", "none",
    ])
}

#[tokio::test]
async fn members_read_that_nothing_is_saved_while_removed_rooms_cannot_be_written_again() {
    let (home, at_bo) = (Home::new(), Home::new());
    let (server, address) = serve(&home).await;
    let mut ana = host(&home, &address);
    let invite = ana.invite().await;
    let mut bo = at_bo.start(&["join", &invite, "--plain", "--player", "none", "--name", "bo"]);
    ana.says("bo joined.").await;
    let folder = home.path().join("rooms");

    fs::remove_dir_all(&folder).expect("removed");
    fs::write(&folder, "in the way").expect("written");
    ana.types("anybody here?").await;

    ana.says("Not saved: the server cannot write to its disk").await;
    bo.says("Not saved: the server cannot write to its disk").await;
    fs::remove_file(&folder).expect("removed");
    ana.says("Saved again").await;
    bo.says("Saved again").await;
    let log = ended(server).await.stderr;
    assert!(log.contains("was removed or replaced"), "{log}");
    assert!(log.contains("wrote rooms.db again"), "{log}");
}

#[tokio::test]
async fn a_server_that_starts_without_its_key_or_its_rooms_reports_so() {
    let home = Home::new();
    let (server, address) = serve(&home).await;
    let mut ana = host(&home, &address);
    ana.says("Send this line").await;
    let first = ended(server).await.stderr;
    let folder = home.path().join("rooms");

    fs::remove_file(folder.join("server-key.pem")).expect("removed");
    let (server, _) = serve(&home).await;
    let without_key = ended(server).await.stderr;
    fs::remove_file(folder.join("rooms.db")).expect("removed");
    let (server, _) = serve(&home).await;
    let without_rooms = ended(server).await.stderr;

    assert!(!first.contains("missing"), "{first}");
    assert!(without_key.contains("server-key.pem is missing"), "{without_key}");
    assert!(!without_key.contains("rooms.db is missing"), "{without_key}");
    assert!(without_rooms.contains("rooms.db is missing"), "{without_rooms}");
    assert!(
        !without_rooms.contains("server-key.pem is missing"),
        "{without_rooms}"
    );
}
