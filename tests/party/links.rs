//! Tests of films on the web: nobody needs a copy.

use serde_json::json;
use watchtogether::control::wire::StatusJson;

use crate::clip::clip;
use crate::http::{SLOW, TRICKLE, Web};
use crate::members::{Member, Party, Reading as _};
use crate::relay::Relay;

#[tokio::test]
async fn a_link_plays_in_both_players_and_seeks_by_ranges() {
    let party = Party::new();
    let web = Web::serve(clip().parent().expect("the clip is in a folder")).await;
    let link = web.link("clip.mkv");
    let server = party.server().await;
    // Without the cache, which would contain all of such a short film.
    let uncached = ["--mpv-option", "cache=no"].as_slice();
    let ana = party.ana_opens(&server.address, &[&[&*link], uncached].concat());
    ana.stands("the film is open", |s| s.sync.state == "standing")
        .await;
    let bo = party.bo_joins(&server.address, uncached);
    bo.stands("the film is open", |s| s.sync.state == "standing")
        .await;

    ana.does(&["ctl", "play"]).await;
    bo.is_in_sync().await;
    ana.does(&["ctl", "seek", "40"]).await;

    let is_beyond = |s: &StatusJson| s.sync.state == "playing" && s.position() > 40_000;
    ana.stands("in sync beyond the seek", is_beyond).await;
    let of_bo = bo.stands("in sync beyond the seek", is_beyond).await;
    assert_eq!(of_bo.item.expect("something is on").url, Some(link.clone()));
    assert_eq!(bo.window().await.property("path").await, json!(link));
    assert!(web.ranges() >= 2, "both ask for a part: {}", web.ranges());
}

#[tokio::test]
async fn a_file_that_was_chosen_instead_of_a_link_is_kept_when_the_connection_was_lost() {
    let party = Party::new();
    let web = Web::serve(clip().parent().expect("the clip is in a folder")).await;
    let server = party.server().await;
    let relay = Relay::to(&server.address).await;
    let ana = ana_hosts_link(&party, &server.address, &web.link("clip.mkv")).await;
    let bo = party.bo_joins(&relay.address(), &[&clip().to_string_lossy()]);
    bo.stands("his file is open", |s| s.sync.state == "standing")
        .await;
    ana.does(&["ctl", "play"]).await;
    bo.is_in_sync().await;

    relay.cut();
    bo.process.says("Connection lost").await;
    relay.mend();
    bo.process.says("Connected again.").await;

    bo.is_in_sync().await;
    assert_eq!(bo.window().await.property("path").await, json!(clip()));
}

/// Sets the clip's link in a room of ana's.
async fn ana_hosts_link(party: &Party, address: &str, link: &str) -> Member {
    let ana = party.ana_opens(address, &[link]);
    ana.stands("the film is open", |s| s.sync.state == "standing")
        .await;
    ana
}

#[tokio::test]
async fn a_seek_on_a_slow_connection_is_buffering_and_the_room_waits() {
    let party = Party::new();
    let web = Web::serve(clip().parent().expect("the clip is in a folder")).await;
    let server = party.server().await;
    let ana = ana_hosts_link(&party, &server.address, &web.link("clip.mkv")).await;
    let slow = format!("user-agent={TRICKLE}");
    let bo = party.bo_joins(&server.address, &["--mpv-option", &slow]);
    bo.stands("the film is open", |s| s.sync.state == "standing")
        .await;

    ana.does(&["ctl", "seek", "45.9"]).await;
    ana.does(&["ctl", "play"]).await;

    let of_bo = bo.stands("buffering", |s| s.player.state == "buffering").await;
    let of_ana = ana
        .stands("the room waits for bo", |s| {
            let waits = s.playback.as_ref().is_some_and(|p| p.waiting_for == ["bo"]);
            waits
                && s.members
                    .iter()
                    .any(|m| m.name == "bo" && m.player == "buffering")
        })
        .await;
    assert_eq!(of_ana.playback_state(), "preparing");
    assert_ne!(of_bo.sync.state, "too_slow");
}

#[tokio::test]
async fn a_playlist_whose_first_entry_fails_is_opened_once_and_reported() {
    let party = Party::new();
    let site = party.folder("site");
    std::fs::create_dir_all(&site).expect("the folder is ours");
    std::fs::copy(clip(), site.join("film.mkv")).expect("the folder is ours");
    let web = Web::serve(&site).await;
    let list = |entry: &str| {
        let text = format!("#EXTM3U\n{}\n/etc/passwd\n/etc/hostname\n", web.link(entry));
        std::fs::write(site.join("list.m3u"), text).expect("the folder is ours");
    };
    list("film.mkv");
    let server = party.server().await;
    let ana = ana_hosts_link(&party, &server.address, &web.link("list.m3u")).await;

    list("missing.mkv");
    let before = web.requests();
    let bo = party.bo_joins(&server.address, &[]);
    let printed = bo.process.says("The player cannot open ").await;
    let asked = web.requests() - before;
    ana.does(&["ctl", "play"]).await;
    ana.is_in_sync().await;

    assert!(
        printed.contains("it is a playlist, and its first entry"),
        "{printed}"
    );
    assert!(asked <= 4, "{asked} requests");
    assert!(
        web.requests() - before <= asked + 2,
        "it is asked for again and again"
    );
}

#[tokio::test]
async fn a_dead_link_is_reported_with_the_reason() {
    let party = Party::new();
    let web = Web::serve(clip().parent().expect("the clip is in a folder")).await;
    let link = web.link("missing.mkv");
    let server = party.server().await;

    let ana = party.member(
        "ana",
        &["host", "--server", &server.address, "--room", "den", &link],
    );

    let reason = ana.process.says("The player cannot open ").await;
    assert!(reason.contains("404"), "{reason}");
}

#[tokio::test]
async fn a_link_that_others_cannot_open_is_refused_before_a_room_is_opened() {
    let party = Party::new();

    let mut ana = party.member(
        "ana",
        &["host", "--server", "127.0.0.1:9", "ftp://h.example/film.mkv"],
    );

    assert_eq!(ana.process.ends().await.code(), Some(2));
    assert!(ana.process.output().contains("error[bad_link]"));
}

#[tokio::test]
async fn a_newcomer_who_has_followed_is_waited_for_when_their_drive_stalls() {
    let party = Party::new();
    let web = Web::serve(clip().parent().expect("the clip is in a folder")).await;
    let link = web.link("clip.mkv");
    let server = party.server().await;
    let ana = ana_hosts_link(&party, &server.address, &link).await;
    ana.does(&["ctl", "play"]).await;
    ana.is_in_sync().await;
    let agent = format!("user-agent={SLOW}");
    let bo = party.bo_joins(&server.address, &["--mpv-option", &agent]);
    bo.is_in_sync().await;

    let waits = |s: &StatusJson| s.playback_state() != "playing" && s.playback_state() != "paused";
    let before = ana.stands("the room waits for bo", waits).await.position();
    web.open_gate();

    for member in [&ana, &bo] {
        member
            .stands("on again", |s| {
                s.sync.state == "playing" && s.playback_state() == "playing" && s.position() > before
            })
            .await;
    }
}

#[tokio::test]
async fn a_link_is_not_called_live_before_a_player_has_opened_it() {
    let party = Party::new();
    let web = Web::serve(clip().parent().expect("the clip is in a folder")).await;
    let link = web.link("clip.mkv");
    let server = party.server().await;
    let ana = party.ana_opens(&server.address, &["--player", "none", &link]);
    ana.stands("the link is on", |s| s.item.is_some()).await;
    ana.does(&["ctl", "seek", "30"]).await;

    let bo = party.bo_joins(&server.address, &[]);
    let of_bo = bo
        .stands("where the room is", |s| {
            s.sync.state == "standing" && s.position() >= 30_000
        })
        .await;
    ana.process.says("bo joined.").await;
    ana.does(&["ctl", "host", "bo"]).await;
    let of_ana = ana
        .stands("the length is known", |s| {
            s.item.as_ref().is_some_and(|item| item.duration_ms.is_some())
        })
        .await;

    assert!(of_ana.position() >= 30_000);
    assert!(!of_bo.item.expect("something is on").live);
    ana.process.says("Length of clip.mkv: 1 minute").await;
    for member in [&ana, &bo] {
        let printed = member.process.output();
        assert!(!printed.contains(", live"), "{printed}");
    }
}
