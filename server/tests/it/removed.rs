//! Tests of files that are removed while a server is using them.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use watchtogether_protocol::ServerMessage;
use watchtogether_protocol::message::chat::Saved;
use watchtogether_server::store::{self, StoreError};
use watchtogether_server::{BindError, Retention, Server};

use crate::client::Client;
use crate::test_server::{TestServer, config, within};

/// A folder that can be removed.
struct State(tempfile::TempDir);

impl State {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    fn folder(&self) -> PathBuf {
        self.0.path().join("state")
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder().join(name)
    }

    fn remove(&self, names: &[&str]) {
        for name in names {
            fs::remove_file(self.file(name)).expect(name);
        }
    }
}

/// Waits until a condition on the disk is met.
async fn until(is_so: impl Fn() -> bool) {
    within(async {
        while !is_so() {
            tokio::task::yield_now().await;
        }
    })
    .await;
}

fn lines(folder: &Path) -> (usize, usize) {
    let census = store::check(folder).expect("whole");
    (census.rooms, census.lines)
}

async fn saved(client: &mut Client, is_failing: bool) -> Saved {
    client
        .wait_for(|message| {
            if let ServerMessage::Saved(saved) = message {
                (saved.is_failing == is_failing).then_some(saved)
            } else {
                None
            }
        })
        .await
}

/// Returns a server on which ana is in a room with a chat line, and ben has left another room with a chat line.
async fn two_rooms(state: &State) -> (TestServer, Client) {
    let server = TestServer::keeping(&state.folder(), None).await;
    let (mut ben, _) = Client::create(&server, "ben", "bens-room").await;
    ben.chat(1, "kept").await;
    ben.saved(1).await;
    drop(ben);
    let (mut ana, _) = Client::create(&server, "ana", "film-night").await;
    ana.chat(1, "before").await;
    ana.saved(1).await;
    (server, ana)
}

#[tokio::test]
async fn rooms_whose_file_is_removed_are_written_again_with_the_next_line() {
    let removals: [&[&str]; 5] = [
        &["rooms.db"],
        &["rooms.db", "rooms.db-wal", "rooms.db-shm"],
        &["rooms.db-wal"],
        &["rooms.db-shm"],
        &["rooms.db", "rooms.db-wal", "rooms.db-shm", "rooms.lock"],
    ];
    for removed in removals {
        let state = State::new();
        let (server, mut ana) = two_rooms(&state).await;

        state.remove(removed);
        ana.chat(2, "after").await;
        ana.saved(2).await;

        server.killed().await;
        assert_eq!(lines(&state.folder()), (2, 3), "{removed:?}");
        assert!(!state.file("rooms.db.before").exists(), "{removed:?}");
        assert!(!state.file("rooms.db.new").exists(), "{removed:?}");
    }
}

#[tokio::test]
async fn a_state_folder_that_is_removed_comes_back_by_itself_and_is_the_same_server() {
    let state = State::new();
    let (server, mut ana) = two_rooms(&state).await;
    let pin = server.pin;

    // Nobody acts after this.
    fs::remove_dir_all(state.folder()).expect("removed");
    until(|| state.file("rooms.db").exists() && state.file("server-key.pem").exists()).await;
    until(|| state.file("reset-keys").exists()).await;

    let config = config(Retention::Rooms(state.folder()));
    let second = Server::bind(&config).map(drop);
    assert!(
        matches!(second, Err(BindError::Store(StoreError::InUse { .. }))),
        "the folder is still locked: {second:?}"
    );
    ana.chat(2, "after").await;
    ana.saved(2).await;
    let address = server.killed().await;
    assert_eq!(lines(&state.folder()), (2, 3));
    let mode = |name: &str| fs::metadata(state.file(name)).expect(name).mode() & 0o777;
    assert_eq!(
        (mode("rooms.db"), mode("server-key.pem"), mode(".")),
        (0o600, 0o600, 0o700)
    );
    let server = TestServer::keeping(&state.folder(), Some(address)).await;
    assert_eq!(server.pin, pin);
}

#[tokio::test]
async fn files_removed_just_before_the_server_ends_are_there_after_it_ended() {
    let state = State::new();
    let (server, ana) = two_rooms(&state).await;
    let pin = server.pin;

    fs::remove_dir_all(state.folder()).expect("removed");
    server.shut_down();
    server.ended().await;
    drop(ana);

    assert_eq!(lines(&state.folder()), (2, 2));
    assert_eq!(TestServer::keeping(&state.folder(), None).await.pin, pin);
}

#[tokio::test]
async fn a_file_that_was_put_in_the_place_of_the_rooms_is_kept_beside_them() {
    let state = State::new();
    let (server, mut ana) = two_rooms(&state).await;

    let other = state.file("other");
    fs::write(&other, "precious").expect("written");
    fs::rename(&other, state.file("rooms.db")).expect("renamed");
    ana.chat(2, "after").await;
    ana.saved(2).await;

    server.killed().await;
    assert_eq!(lines(&state.folder()), (2, 3));
    let kept = fs::read_to_string(state.file("rooms.db.before"));
    assert_eq!(kept.expect("it is kept"), "precious");
}

#[tokio::test]
async fn members_read_that_rooms_cannot_be_written_until_they_can() {
    let state = State::new();
    let (server, mut ana) = two_rooms(&state).await;

    fs::remove_dir_all(state.folder()).expect("removed");
    fs::write(state.folder(), "in the way").expect("written");
    ana.chat(2, "meanwhile").await;
    assert_eq!(saved(&mut ana, true).await.chat, 1);
    fs::remove_file(state.folder()).expect("removed");

    assert_eq!(saved(&mut ana, false).await.chat, 2);
    server.killed().await;
    assert_eq!(lines(&state.folder()), (2, 3), "also the room that nobody is in");
}
