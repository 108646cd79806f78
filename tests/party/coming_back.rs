//! Tests of what a client saves for a room, its user's unsent line and the chat, however it is killed.

use std::path::Path;

use rustix::process::Signal;

use crate::members::Party;
use crate::process::{children, eventually, kill};
use crate::pty::Pty;

/// Returns the client in a terminal; it is a child of `script` and its shell.
async fn client_of(bo: &Pty) -> u32 {
    let script = bo.child.id().expect("it runs");
    let client = || children(script, "join").first().copied();
    eventually(client).await.expect("it runs")
}

/// Waits until a file contains a text.
async fn holds(file: &Path, expected: &str) {
    let is_there = || {
        let text = std::fs::read_to_string(file).unwrap_or_default();
        text.contains(expected).then_some(())
    };
    eventually(is_there)
        .await
        .unwrap_or_else(|| panic!("{} never held {expected:?}", file.display()));
}

/// Returns the only file in a folder that ends in `.json`.
async fn only_file(folder: &Path) -> std::path::PathBuf {
    let find = || {
        let entries = std::fs::read_dir(folder).ok()?;
        let mut files = entries.filter_map(|entry| Some(entry.ok()?.path()));
        files.find(|path| path.extension().is_some_and(|end| end == "json"))
    };
    eventually(find).await.expect("a file")
}

#[tokio::test]
async fn an_unsent_line_and_a_received_one_survive_a_kill() {
    let party = Party::new();
    let server = party.server().await;
    let ana = party.ana_hosts_without_film(&server.address).await;
    let room = format!("{}/den", server.address);
    let mut bo = party.at_terminal("bo", &["join", &room, "--player", "none"]);
    bo.shows("[bo]").await;
    ana.does(&["send", "popcorn?"]).await;
    bo.shows("popcorn?").await;
    let state = party.folder("bo").join("watchtogether");
    bo.types("half a thought").await;
    holds(&state.join("drafts.json"), "half a thought").await;
    let scrollback = only_file(&state.join("scrollback")).await;
    holds(&scrollback, "popcorn?").await;

    kill(client_of(&bo).await, Signal::KILL);
    drop(bo);
    let mut bo = party.at_terminal("bo", &["join", "--last", "--player", "none"]);

    bo.shows("half a thought").await;
    bo.shows("popcorn?").await;
    assert_eq!(bo.shown().matches("popcorn?").count(), 1, "{}", bo.shown());
    bo.types("\r").await;
    ana.process.says("half a thought").await;
    let is_forgotten = || {
        let text = std::fs::read_to_string(state.join("drafts.json")).unwrap_or_default();
        (!text.contains("half")).then_some(())
    };
    eventually(is_forgotten).await.expect("what was sent is no draft");
}

#[tokio::test]
async fn torn_files_and_a_request_to_keep_nothing_stop_nobody() {
    let party = Party::new();
    let server = party.server().await;
    let _ana = party.ana_hosts_without_film(&server.address).await;
    let room = format!("{}/den", server.address);
    let state = party.folder("bo").join("watchtogether");
    std::fs::create_dir_all(&state).expect("the folder is ours");
    for name in ["drafts.json", "recent.json"] {
        std::fs::write(state.join(name), b"{\"v\":1,\"dr").expect("the folder is ours");
    }
    std::fs::write(state.join("client.toml"), b"scrollback = false\n").expect("the folder is ours");

    let mut bo = party.at_terminal("bo", &["join", &room, "--player", "none"]);

    bo.shows("the unsent messages").await;
    bo.types("hello\r").await;
    bo.shows("<bo>    hello").await;
    bo.types("more").await;
    holds(&state.join("drafts.json"), "more").await;
    holds(&state.join("recent.json"), "den").await;
    let kept = std::fs::read_dir(state.join("scrollback")).map_or(0, Iterator::count);
    assert_eq!(kept, 0);
}
