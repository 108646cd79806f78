//! Whose copy of the film is where, and what is said of one that is none.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use crate::clip::clip;
use crate::evening::Evening;

#[tokio::test]
async fn a_film_is_found_in_a_media_folder_under_another_name() {
    let evening = Evening::begin();
    let films = evening.folder("films/summer");
    std::fs::copy(clip(), films.join("holiday-4.bin")).expect("the folder is ours");
    let server = evening.server().await;
    let ana = evening.ana_hosts(&server.address, clip()).await;

    let media = evening.folder("films");
    let bo = evening.bo_joins(&server.address, &["--media-dir", text(&media)]);
    let of_bo = bo
        .stands("the film is open", |s| s.sync.state == "standing")
        .await;
    ana.does(&["ctl", "play"]).await;

    assert_eq!(of_bo.player.file, "same");
    bo.process.says("Your copy is the same.").await;
    bo.is_in_sync().await;
}

#[tokio::test]
async fn who_has_no_copy_is_told_what_to_do_and_the_others_do_not_wait() {
    let evening = Evening::begin();
    let server = evening.server().await;
    let ana = evening.ana_hosts(&server.address, clip()).await;

    let bo = evening.bo_joins(&server.address, &[]);
    bo.process
        .says("You do not have this film: name your copy with /open FILE.")
        .await;
    ana.process.says("bo lacks the file.").await;
    ana.does(&["ctl", "play"]).await;

    let of_ana = ana.is_in_sync().await;
    assert_eq!(
        of_ana.playback.expect("it plays").waiting_for,
        Vec::<String>::new()
    );
    ana.does(&["send", "look in the folder of last week"]).await;
    bo.process.says("ana: look in the folder of last week").await;
}

#[tokio::test]
async fn a_file_that_is_not_there_is_named_before_anything_is_asked_of_the_server() {
    let evening = Evening::begin();
    let missing = evening.folder("films").join("missing.mkv");

    let mut bo = evening.bo_joins("127.0.0.1:9", &[text(&missing)]);

    assert_eq!(bo.process.ends().await.code(), Some(6));
    let output = bo.process.output();
    assert!(output.contains("error[no_such_file]"), "{output}");
    assert!(output.contains("there is no "), "{output}");
    assert!(output.contains("missing.mkv"), "{output}");
}

#[tokio::test]
async fn a_file_that_is_no_film_is_said_to_be_none_and_the_member_stays() {
    let evening = Evening::begin();
    let junk = evening.folder("films").join("junk.mkv");
    std::fs::write(&junk, vec![0x5a; 20_000]).expect("the folder is ours");
    let server = evening.server().await;
    let ana = evening.ana_hosts(&server.address, clip()).await;

    let bo = evening.bo_joins(&server.address, &[text(&junk)]);
    let reason = bo.process.says("The player cannot open it:").await;
    let of_bo = bo.stands("failed", |s| s.player.state == "failed").await;
    ana.does(&["ctl", "play"]).await;

    assert!(reason.contains("unrecognized file format"), "{reason}");
    assert!(reason.contains("with /open FILE"), "{reason}");
    assert_eq!(of_bo.members.len(), 2);
    ana.is_in_sync().await;
}

#[tokio::test]
async fn a_film_of_which_the_end_is_missing_is_said_to_be_another_and_plays_as_far_as_it_goes() {
    let evening = Evening::begin();
    let half = evening.folder("films").join("clip.mkv");
    let whole = std::fs::read(clip()).expect("the clip is there");
    std::fs::write(&half, &whole[..whole.len() / 2]).expect("the folder is ours");
    let server = evening.server().await;
    let ana = evening.ana_hosts(&server.address, clip()).await;

    let bo = evening.bo_joins(&server.address, &[text(&half)]);
    bo.process
        .says("Your copy is another file of the same length.")
        .await;
    ana.process.says("bo has another file of the same length.").await;
    ana.does(&["ctl", "play"]).await;

    assert_eq!(bo.is_in_sync().await.player.file, "other");
}

#[tokio::test]
async fn another_cut_is_measured_against_the_rooms_and_played_all_the_same() {
    let evening = Evening::begin();
    let cut = evening.folder("films").join("cut.wav");
    std::fs::write(&cut, silence(50)).expect("the folder is ours");
    let server = evening.server().await;
    let ana = evening.ana_hosts(&server.address, clip()).await;

    let bo = evening.bo_joins(&server.address, &[text(&cut)]);
    bo.process
        .says("Your copy is another file, 10 seconds shorter: perhaps another cut.")
        .await;
    ana.process
        .says("bo has another file, 10 seconds shorter: perhaps another cut.")
        .await;
    ana.does(&["ctl", "play"]).await;

    assert_eq!(bo.is_in_sync().await.player.file, "other");
}

#[tokio::test]
async fn a_host_whose_file_is_no_film_is_told_so_and_keeps_the_room() {
    let evening = Evening::begin();
    let junk = evening.folder("films").join("junk.mkv");
    std::fs::write(&junk, vec![0x5a; 20_000]).expect("the folder is ours");
    let server = evening.server().await;

    let words = ["host", "--server", &server.address, "--room", "den", text(&junk)];
    let ana = evening.member("ana", &words);
    let reason = ana.process.says("The player cannot open it:").await;

    assert!(reason.contains("Open another: /open FILE."), "{reason}");
    ana.stands("in a room without a film", |s| {
        s.room.is_some() && s.item.is_none()
    })
    .await;
}

#[tokio::test]
async fn a_film_whose_name_is_not_utf8_plays_in_every_player() {
    let evening = Evening::begin();
    let odd = evening.folder("films").join(OsStr::from_bytes(b"Am\xe9lie.wav"));
    std::fs::write(&odd, silence(60)).expect("the folder is ours");
    let server = evening.server().await;
    let ana = evening.ana_hosts_without_film(&server.address).await;
    let folder = format!("file://{}", text(odd.parent().expect("a folder")));
    let url = format!("{folder}/Am%E9lie.wav");

    let bo = evening.bo_joins(&server.address, &[&url]);
    ana.does(&["ctl", "open", &url]).await;
    ana.stands("the film is on", |s| s.item.is_some()).await;
    ana.does(&["ctl", "play"]).await;

    assert_eq!(bo.is_in_sync().await.player.file, "same");
}

/// Returns a sound file of so many seconds: one channel, 8,000 samples a second.
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
