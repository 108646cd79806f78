//! Tests of local copies of the film, and of the messages about different or missing ones.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use rustix::process::Signal;
use serde_json::json;
use watchtogether::control::wire::StatusJson;

use crate::clip::clip;
use crate::members::Party;
use crate::relay::Relay;

#[tokio::test]
async fn a_film_is_found_in_a_media_folder_under_another_name() {
    let party = Party::new();
    let films = party.folder("films/summer");
    std::fs::copy(clip(), films.join("holiday-4.bin")).expect("the folder is ours");
    let server = party.server().await;
    let ana = party.ana_hosts(&server.address, clip()).await;

    let media = party.folder("films");
    let bo = party.bo_joins(&server.address, &["--media-dir", text(&media)]);
    let of_bo = bo
        .stands("the film is open", |s| s.sync.state == "standing")
        .await;
    ana.does(&["ctl", "play"]).await;

    assert_eq!(of_bo.player.file, "same");
    bo.process.says("Your copy is the same.").await;
    bo.is_in_sync().await;
}

#[tokio::test]
async fn a_member_without_a_copy_is_told_what_to_do_and_the_others_do_not_wait() {
    let party = Party::new();
    let server = party.server().await;
    let ana = party.ana_hosts(&server.address, clip()).await;

    let bo = party.bo_joins(&server.address, &[]);
    bo.process.says("Type /open and the path to your copy").await;
    ana.process.says("bo doesn't have the film.").await;
    let is_counted = |s: &StatusJson| {
        let room = s.room.as_ref().expect("a room");
        (room.ready, room.watching) == (Some(1), Some(2))
    };
    ana.stands("one of two is ready", is_counted).await;
    bo.stands("one of two is ready", is_counted).await;
    ana.does(&["ctl", "play"]).await;

    let of_ana = ana.is_in_sync().await;
    assert_eq!(
        of_ana.playback.expect("it plays").waiting_for,
        Vec::<String>::new()
    );
    ana.does(&["send", "look in the folder of last week"]).await;
    bo.process.says("<ana> look in the folder of last week").await;
}

#[tokio::test]
async fn a_file_that_is_not_there_is_named_before_anything_is_asked_of_the_server() {
    let party = Party::new();
    let missing = party.folder("films").join("missing.mkv");

    let mut bo = party.bo_joins("127.0.0.1:9", &[text(&missing)]);

    assert_eq!(bo.process.ends().await.code(), Some(6));
    let output = bo.process.output();
    assert!(output.contains("error[no_such_file]"), "{output}");
    assert!(output.contains("no such file: "), "{output}");
    assert!(output.contains("missing.mkv"), "{output}");
}

#[tokio::test]
async fn a_file_that_is_not_a_film_is_reported_and_the_member_stays() {
    let party = Party::new();
    let junk = party.folder("films").join("junk.mkv");
    std::fs::write(&junk, vec![0x5a; 20_000]).expect("the folder is ours");
    let server = party.server().await;
    let ana = party.ana_hosts(&server.address, clip()).await;

    let bo = party.bo_joins(&server.address, &[text(&junk)]);
    let reason = bo.process.says("The player cannot open ").await;
    let of_bo = bo.stands("failed", |s| s.player.state == "failed").await;
    ana.stands("bo's player failed for everybody", |s| {
        let bo = s.members.iter().find(|m| m.name == "bo");
        bo.is_some_and(|bo| bo.player == "failed" && bo.details.reason.as_deref() == Some("not_a_film"))
    })
    .await;
    ana.does(&["ctl", "play"]).await;

    assert!(reason.contains("unrecognized file format"), "{reason}");
    assert!(reason.contains("/open FILE"), "{reason}");
    assert_eq!(of_bo.members.len(), 2);
    ana.is_in_sync().await;
}

#[tokio::test]
async fn a_film_without_its_end_is_reported_as_another_and_plays_as_far_as_it_goes() {
    let party = Party::new();
    let half = party.folder("films").join("clip.mkv");
    let whole = std::fs::read(clip()).expect("the clip is there");
    std::fs::write(&half, &whole[..whole.len() / 2]).expect("the folder is ours");
    let server = party.server().await;
    let ana = party.ana_hosts(&server.address, clip()).await;

    let bo = party.bo_joins(&server.address, &[text(&half)]);
    bo.process
        .says("Your copy is a different file of the same length.")
        .await;
    ana.process
        .says("bo has a different file of the same length.")
        .await;
    ana.does(&["ctl", "play"]).await;

    assert_eq!(bo.is_in_sync().await.player.file, "other");
}

#[tokio::test]
async fn another_cut_is_compared_with_the_rooms_and_still_played() {
    let party = Party::new();
    let cut = party.folder("films").join("cut.wav");
    std::fs::write(&cut, silence(50)).expect("the folder is ours");
    let server = party.server().await;
    let ana = party.ana_hosts(&server.address, clip()).await;

    let bo = party.bo_joins(&server.address, &[text(&cut)]);
    bo.process
        .says("Your copy is a different file, 10 seconds shorter. It may be a different cut.")
        .await;
    ana.process
        .says("bo has a different file, 10 seconds shorter. It may be a different cut.")
        .await;
    ana.does(&["ctl", "play"]).await;

    assert_eq!(bo.is_in_sync().await.player.file, "other");
}

#[tokio::test]
async fn a_host_whose_file_is_no_film_is_told_so_and_keeps_the_room() {
    let party = Party::new();
    let junk = party.folder("films").join("junk.mkv");
    std::fs::write(&junk, vec![0x5a; 20_000]).expect("the folder is ours");
    let server = party.server().await;

    let args = ["host", "--server", &server.address, "--room", "den", text(&junk)];
    let ana = party.member("ana", &args);
    let reason = ana.process.says("The player cannot open ").await;

    assert!(
        reason.contains("Type /open FILE to start another film."),
        "{reason}"
    );
    ana.stands("in a room without a film, with a failed player", |s| {
        s.room.is_some() && s.item.is_none() && s.player.state == "failed"
    })
    .await;
}

#[tokio::test]
async fn the_former_film_is_closed_for_a_member_without_the_next_one_until_a_copy_is_named() {
    let party = Party::new();
    let next = party.folder("ana's").join("next.wav");
    let late = party.folder("bo's").join("late.wav");
    std::fs::write(&next, silence(70)).expect("the folder is ours");
    let server = party.server().await;
    let ana = party.ana_hosts(&server.address, clip()).await;
    let bo = party.bo_watches(&server.address).await;
    ana.does(&["ctl", "play"]).await;
    bo.is_in_sync().await;

    ana.does(&["ctl", "open", text(&next)]).await;
    let of_bo = bo.stands("without a copy", |s| s.player.state == "no_copy").await;
    assert_eq!(
        (of_bo.player.file.as_str(), of_bo.sync.state.as_str()),
        ("missing", "off")
    );
    bo.window().await.has("idle-active", json!(true)).await;
    ana.stands("bo has no copy", |s| {
        s.members
            .iter()
            .any(|m| m.name == "bo" && m.player == "no_copy" && !m.details.waited_for)
    })
    .await;
    std::fs::copy(&next, &late).expect("the folder is ours");
    bo.does(&["ctl", "open", text(&late)]).await;

    bo.stands("with the film", |s| {
        s.player.file == "same" && s.player.details.ready
    })
    .await;
    ana.stands("both are ready", |s| {
        s.room.as_ref().is_some_and(|room| room.ready == Some(2))
    })
    .await;
}

#[tokio::test]
async fn a_chosen_copy_is_kept_when_the_server_froze_and_when_it_is_another() {
    let party = Party::new();
    let cut = party.folder("films").join("cut.wav");
    std::fs::write(&cut, silence(50)).expect("the folder is ours");
    let server = party.server().await;
    let relay = Relay::to(&server.address).await;
    let ana = party.ana_hosts(&server.address, clip()).await;
    let bo = party.bo_joins(&relay.address(), &[text(&cut)]);
    bo.stands("the cut is open", |s| {
        s.player.file == "other" && s.player.details.ready
    })
    .await;
    ana.does(&["ctl", "play"]).await;
    bo.is_in_sync().await;

    relay.cut();
    bo.process.says("Connection lost").await;
    relay.mend();
    bo.process.says("Connected again.").await;

    let after = bo.is_in_sync().await;
    assert_eq!(after.player.file, "other");
    assert_eq!(after.player.details.longer_by_ms.map(|ms| ms / 1_000), Some(-10));
    assert!(!bo.process.output().contains("You don't have"));
}

#[tokio::test]
async fn a_chosen_copy_is_kept_when_the_servers_process_froze() {
    let party = Party::new();
    let cut = party.folder("films").join("cut.wav");
    std::fs::write(&cut, silence(50)).expect("the folder is ours");
    let server = party.server().await;
    let ana = party.ana_hosts(&server.address, clip()).await;
    let bo = party.bo_joins(&server.address, &[text(&cut)]);
    bo.stands("the cut is open", |s| {
        s.player.file == "other" && s.player.details.ready
    })
    .await;
    ana.does(&["ctl", "play"]).await;
    bo.is_in_sync().await;

    server.process.signal(Signal::STOP);
    for member in [&ana, &bo] {
        member.process.says("Connection lost").await;
    }
    server.process.signal(Signal::CONT);
    bo.process.says("Connected again.").await;

    let after = bo.is_in_sync().await;
    assert_eq!(after.player.file, "other");
    assert_eq!(after.player.details.longer_by_ms.map(|ms| ms / 1_000), Some(-10));
    assert!(!bo.process.output().contains("You don't have"));
}

#[tokio::test]
async fn a_copy_that_ends_before_the_room_is_reported_on_both_sides() {
    let party = Party::new();
    let cut = party.folder("films").join("cut.wav");
    std::fs::write(&cut, silence(20)).expect("the folder is ours");
    let server = party.server().await;
    let ana = party.ana_hosts(&server.address, clip()).await;
    let bo = party.bo_joins(&server.address, &[text(&cut)]);
    bo.stands("the cut is open", |s| s.player.file == "other").await;

    ana.does(&["ctl", "seek", "17"]).await;
    ana.does(&["ctl", "play"]).await;

    bo.process.says("Your copy ended at 20 seconds.").await;
    ana.process.says("bo's copy ended at 20 seconds.").await;
    let of_ana = ana
        .stands("bo's copy ended", |s| {
            s.members.iter().any(|m| m.player == "ended")
        })
        .await;
    assert_eq!(of_ana.members[1].details.ended_at_ms, Some(20_000));
    ana.does(&["ctl", "seek", "5"]).await;
    bo.is_in_sync().await;
    assert!(!bo.process.output().contains("cannot keep up"));
}

#[tokio::test]
async fn a_film_whose_name_is_not_utf8_plays_in_every_player() {
    let party = Party::new();
    let odd = party.folder("films").join(OsStr::from_bytes(b"Am\xe9lie.wav"));
    std::fs::write(&odd, silence(60)).expect("the folder is ours");
    let server = party.server().await;
    let ana = party.ana_hosts_without_film(&server.address).await;
    let folder = format!("file://{}", text(odd.parent().expect("a folder")));
    let url = format!("{folder}/Am%E9lie.wav");

    let bo = party.bo_joins(&server.address, &[&url]);
    ana.does(&["ctl", "open", &url]).await;
    ana.stands("the film is on", |s| s.item.is_some()).await;
    ana.does(&["ctl", "play"]).await;

    assert_eq!(bo.is_in_sync().await.player.file, "same");
}

#[tokio::test]
async fn a_copy_that_was_renamed_meanwhile_is_found_when_the_room_comes_back_to_the_film() {
    let party = Party::new();
    let (own, renamed) = {
        let folder = party.folder("bo's");
        (folder.join("clip.mkv"), folder.join("renamed.mkv"))
    };
    std::fs::copy(clip(), &own).expect("the folder is ours");
    let next = party.folder("ana's").join("next.wav");
    std::fs::write(&next, silence(70)).expect("the folder is ours");
    let server = party.server().await;
    let ana = party.ana_hosts(&server.address, clip()).await;
    let bo = party.bo_joins(&server.address, &[text(&own)]);
    bo.stands("his copy is open", |s| s.player.details.ready).await;

    ana.does(&["ctl", "open", text(&next)]).await;
    bo.stands("without a copy", |s| s.player.state == "no_copy").await;
    std::fs::rename(&own, &renamed).expect("the folder is ours");
    ana.does(&["ctl", "open", text(clip())]).await;

    bo.stands("with the film", |s| {
        s.player.file == "same" && s.player.details.ready
    })
    .await;
    assert_eq!(bo.window().await.property("path").await, json!(renamed));
}

#[tokio::test]
async fn files_that_are_no_films_cost_nobody_the_copy_that_they_watched() {
    let party = Party::new();
    let server = party.server().await;
    let _ana = party.ana_hosts(&server.address, clip()).await;
    let bo = party.bo_watches(&server.address).await;
    let junk = ["one.mkv", "two.mkv"].map(|name| party.folder("films").join(name));

    for file in &junk {
        std::fs::write(file, vec![0x5a; 20_000]).expect("the folder is ours");
    }
    let [one, two] = [text(&junk[0]), text(&junk[1])].map(|file| ["ctl", "open", file]);

    let (one, two) = tokio::join!(bo.runs(&one), bo.runs(&two));

    assert!(!one.status.success() || !two.status.success(), "{one:?} {two:?}");
    bo.process.says("The player cannot open ").await;
    bo.stands("with the film again", |s| {
        s.player.file == "same" && s.player.details.ready
    })
    .await;
}

/// Returns a sound file of this many seconds: one channel, 8,000 samples per second.
fn silence(seconds: u32) -> Vec<u8> {
    let (rate, bytes) = (8_000_u32, seconds * 16_000);
    let mut file = b"RIFF".to_vec();
    file.extend((36 + bytes).to_le_bytes());
    file.extend(b"WAVEfmt \x10\0\0\0\x01\0\x01\0");
    file.extend(rate.to_le_bytes());
    file.extend((rate * 2).to_le_bytes());
    file.extend(b"\x02\0\x10\0data");
    file.extend(bytes.to_le_bytes());
    file.resize(file.len() + bytes as usize, 0);
    file
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a plain name")
}
