//! Two people watch one film and talk.

use crate::clip::clip;
use crate::evening::Evening;

#[tokio::test]
async fn a_host_and_a_viewer_come_to_play_in_sync() {
    let evening = Evening::begin();
    let server = evening.server().await;
    let film = clip().to_str().expect("a plain name");

    let ana = evening.ana_hosts(&server.address, clip()).await;
    let bo = evening.bo_joins(&server.address, &[film]);
    bo.stands("the film is open", |s| s.sync.state == "standing")
        .await;
    ana.does(&["ctl", "play"]).await;

    let of_ana = ana.is_in_sync().await;
    let of_bo = bo.is_in_sync().await;
    assert_eq!(
        (of_ana.player.file, of_bo.player.file),
        ("same".to_owned(), "same".to_owned())
    );
    bo.process.says("Playing, in sync.").await;
}

#[tokio::test]
async fn what_is_said_arrives_at_the_others_and_a_late_joiner_reads_it() {
    let evening = Evening::begin();
    let server = evening.server().await;
    let no_player = ["--player", "none"];
    let ana = evening.ana_hosts_without_film(&server.address).await;
    let bo = evening.bo_joins(&server.address, &no_player);
    bo.stands("in the room", |s| s.members.len() == 2).await;

    let ears = bo.listens().await;
    ana.does(&["send", "the tea", "is ready"]).await;

    let line = ears.says("the tea is ready").await;
    assert!(line.contains(r#""user":"ana""#), "{line}");
    bo.process.says("ana: the tea is ready").await;
    let chi = evening.member(
        "chi",
        &["join", &format!("{}/den", server.address), "--player", "none"],
    );
    chi.process.says("ana: the tea is ready").await;
}
