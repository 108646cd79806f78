//! Tests of a disk that is full or read-only, and recovers. The disk is real: a small file system in memory, in a mount namespace
//! of the test.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{fs, io};

use watchtogether_protocol::message::chat::Saved;
use watchtogether_protocol::message::playback::{Action, VideoSync};
use watchtogether_protocol::message::room::Refusal;
use watchtogether_protocol::{ClientMessage, Revision, ServerMessage};
use watchtogether_server::store::{self, StoreError};
use watchtogether_server::{BindError, Retention, Server};

use crate::client::Client;
use crate::process::{STATE, part_arguments};
use crate::test_server::{TestServer, config};

/// Runs one test of this program as a child process that may mount disks which only it can see.
fn with_a_disk(name: &str) {
    let folder = tempfile::tempdir().expect("a folder");
    let namespace = |ways: &[&str]| {
        let mut command = Command::new("unshare");
        command.args(ways).env(STATE, folder.path());
        command
    };
    let is_allowed = |ways: &[&str]| {
        namespace(ways)
            .arg("true")
            .output()
            .is_ok_and(|o| o.status.success())
    };
    let ways: [&[&str]; 2] = [&["--user", "--map-root-user", "--mount"], &["--mount"]];
    let Some(ways) = ways.into_iter().find(|ways| is_allowed(ways)) else {
        // Without the right to mount, the test would have to fill a real disk.
        return;
    };
    let program = std::env::current_exe().expect("this program");

    let outcome = namespace(ways).arg(program).args(part_arguments(name)).output();

    let outcome = outcome.expect("it runs");
    let printed =
        String::from_utf8_lossy(&outcome.stdout).into_owned() + &String::from_utf8_lossy(&outcome.stderr);
    assert!(
        outcome.status.success() && printed.contains("1 passed"),
        "{printed}"
    );
}

#[test]
fn a_full_disk_stops_nobody_and_later_saves_the_lines_sent_meanwhile() {
    with_a_disk("disk::on_a_disk_that_fills_up");
}

#[test]
fn a_server_is_not_begun_on_a_disk_that_may_only_be_read() {
    with_a_disk("disk::on_a_disk_that_may_only_be_read");
}

/// Returns a disk of one MiB, in the folder that the child process was given.
fn disk() -> PathBuf {
    let folder = PathBuf::from(std::env::var_os(STATE).expect("where the disk is to be"));
    mount(&["-t", "tmpfs", "-o", "size=1m,mode=700", "none"], &folder);
    folder
}

fn mount(how: &[&str], folder: &Path) {
    let status = Command::new("mount").args(how).arg(folder).status();
    assert!(status.expect("mount is there").success(), "{how:?}");
}

/// Fills the rest of a disk.
fn fill(folder: &Path) -> PathBuf {
    let path = folder.join("filler");
    let mut file = fs::File::create(&path).expect("a file");
    let mut block = vec![0; 64 * 1024];
    while block.len() > 1 {
        match io::Write::write_all(&mut file, &block) {
            Ok(()) => {}
            Err(error) => {
                assert_eq!(error.kind(), io::ErrorKind::StorageFull);
                block.truncate(block.len() / 2);
            }
        }
    }
    path
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

#[tokio::test]
#[ignore = "run as a child process that may mount a disk"]
async fn on_a_disk_that_fills_up() {
    let folder = disk();
    let server = TestServer::keeping(&folder, None).await;
    let (mut ana, of_ana) = Client::create(&server, "ana", "film-night").await;
    ana.chat(1, "there is room").await;
    ana.saved(1).await;

    let filler = fill(&folder);
    // More than what fits into the last page of the log.
    ana.chat(2, &"no room for this ".repeat(100)).await;
    assert_eq!(saved(&mut ana, true).await.chat, 1);

    // Everything else continues: a newcomer, chat, the film.
    let (mut ben, of_ben) = Client::join(&server, "ben", "film-night").await;
    assert!(of_ben.saved.is_some_and(|saved| saved.is_failing));
    ben.chat(1, "is anything saved?").await;
    assert_eq!(ana.line().await.sequence, 3);
    let play = VideoSync {
        based_on: Revision(0),
        action: Action::Play,
    };
    ana.send(ClientMessage::VideoSync(play)).await;
    assert_eq!(ana.refused().await.reason, Refusal::NoItem, "the room answers");

    // The store has closed its file, so the disk can be remounted read-only, as the system does with a failing disk.
    mount(&["-o", "remount,ro"], &folder);
    ana.chat(4, "still here").await;
    assert_eq!(ben.line().await.sequence, 3);
    assert_eq!(ben.line().await.sequence, 4);
    mount(&["-o", "remount,rw"], &folder);
    fs::remove_file(filler).expect("removed");

    assert_eq!(saved(&mut ana, false).await.chat, 4);
    assert_eq!(saved(&mut ben, false).await.chat, 4);
    let address = server.killed().await;
    assert_eq!(store::check(&folder).expect("whole").lines, 4);
    let server = TestServer::keeping(&folder, Some(address)).await;
    let mut again = Client::greet(&server, "ana").await;
    again.resume(&of_ana, 1).await;
    assert_eq!(again.entered().await.chat.len(), 3);
}

#[tokio::test]
#[ignore = "run as a child process that may mount a disk"]
async fn on_a_disk_that_may_only_be_read() {
    let folder = disk();
    let server = TestServer::keeping(&folder, None).await;
    let (mut ana, _) = Client::create(&server, "ana", "film-night").await;
    ana.chat(1, "there is room").await;
    ana.saved(1).await;
    // Shut down, so that no file is open any longer.
    server.shut_down();
    server.ended().await;
    let config = config(Retention::Rooms(folder.clone()));
    mount(&["-o", "remount,ro"], &folder);

    let refused = Server::bind(&config).map(drop);

    let is_announced = matches!(
        refused,
        Err(BindError::Store(
            StoreError::Database { .. } | StoreError::File { .. }
        ))
    );
    assert!(is_announced, "{refused:?}");
    mount(&["-o", "remount,rw"], &folder);
    assert!(Server::bind(&config).is_ok());
}
