//! Tests of opening films, links, and other files.

use std::time::Duration;

use serde_json::json;
use watchtogether::player::{PlayerEvent, Source};
use watchtogether_protocol::MediaTime;
use watchtogether_protocol::player_reason::OpenError;

use crate::clip::clip;
use crate::http::{TRICKLE, Web};
use crate::test_player::TestPlayer;

#[tokio::test]
async fn a_missing_file_and_a_folder_are_named_as_such() {
    let mut player = TestPlayer::start();
    let folder = player.folder().to_owned();

    let missing = player
        .fails_to_open(Source::File(folder.join("missing.mkv")))
        .await;
    let directory = player.fails_to_open(Source::File(folder)).await;

    assert_eq!(missing, OpenError::NoSuchFile);
    assert_eq!(directory, OpenError::Folder);
}

#[tokio::test]
async fn junk_is_refused_and_the_next_film_plays() {
    let mut player = TestPlayer::start();
    let junk = player.folder().join("junk.mkv");
    std::fs::write(&junk, vec![0x5a; 20_000]).expect("the folder is ours");

    let reason = player.fails_to_open(Source::File(junk)).await;
    let (media, _) = player.opens(clip(), MediaTime::ZERO).await;

    let OpenError::Mpv { cause } = reason else {
        panic!("{reason:?}")
    };
    assert!(cause.as_str().contains("unrecognized file format"), "{cause}");
    assert!(media.has_video);
}

#[tokio::test]
async fn a_junk_file_takes_off_the_film_before_it() {
    let mut player = TestPlayer::start();
    let mut window = player.window().await;
    player.opens(clip(), MediaTime::ZERO).await;
    let missing = player.folder().join("missing.mkv");

    player.fails_to_open(Source::File(missing)).await;

    window.has("path", json!(null)).await;
}

#[tokio::test]
async fn a_path_that_looks_like_an_option_or_a_link_is_a_path() {
    let mut player = TestPlayer::start();
    let odd = player.folder().join("--start=5, pause=no %5% http:");
    std::fs::copy(clip(), &odd).expect("the folder is ours");

    let (_, position) = player.opens(&odd, MediaTime::from_millis(1_500)).await;

    assert!(
        (position - MediaTime::from_millis(1_500)).abs() <= Duration::from_millis(45),
        "{position:?}"
    );
}

#[tokio::test]
async fn a_link_is_played_with_ranges() {
    let folder = clip().parent().expect("the clip is in a folder");
    let web = Web::serve(folder).await;
    let name = clip()
        .file_name()
        .and_then(|name| name.to_str())
        .expect("a plain name");
    let mut player = TestPlayer::start();

    let opened = player.load(Source::Link(web.link(name)), MediaTime::from_millis(6_000));
    let (media, position) = player.loaded(opened).await;
    let (landed, _) = player.holds(MediaTime::from_millis(2_000)).await;
    player.plays().await;
    player
        .status("playing", |s| s.reading.is_some_and(|r| r.position > landed))
        .await;

    assert!(media.is_seekable);
    assert!(
        (position - MediaTime::from_millis(6_000)).abs() <= Duration::from_millis(45),
        "{position:?}"
    );
    assert!(web.ranges() > 0);
}

#[tokio::test]
async fn a_link_is_hardened_and_a_file_after_it_is_not() {
    let folder = clip().parent().expect("the clip is in a folder");
    let web = Web::serve(folder).await;
    let name = clip()
        .file_name()
        .and_then(|name| name.to_str())
        .expect("a plain name");
    let mut player = TestPlayer::start();
    let mut window = player.window().await;

    let opened = player.load(Source::Link(web.link(name)), MediaTime::ZERO);
    player.loaded(opened).await;
    let for_link = (
        window.property("autoload-files").await,
        window.property("demuxer-lavf-o").await,
        window.property("ytdl").await,
    );
    player.opens(clip(), MediaTime::ZERO).await;
    let for_file = window.property("autoload-files").await;

    assert_eq!(
        for_link,
        (
            json!(false),
            json!({"protocol_whitelist": "http,https,tcp,tls,crypto,data,hls"}),
            json!(false)
        )
    );
    assert_eq!(for_file, json!(true));
}

#[tokio::test]
async fn a_list_on_a_link_that_points_into_the_disk_opens_nothing() {
    let mut player = TestPlayer::start();
    let site = player.folder().join("site");
    std::fs::create_dir(&site).expect("the folder is ours");
    let film = clip().display();
    let lists = [
        ("list.m3u", format!("#EXTM3U\n{film}\n")),
        (
            "list.pls",
            format!("[playlist]\nFile1={film}\nNumberOfEntries=1\n"),
        ),
        ("list.m3u8", hls(&format!("file://{film}"))),
        ("list.edl", format!("# mpv EDL v0\n{film}\n")),
        (
            "list.cue",
            format!("FILE \"{film}\" WAVE\n  TRACK 01 AUDIO\n    INDEX 01 00:00:00\n"),
        ),
    ];
    for (name, text) in &lists {
        std::fs::write(site.join(name), text).expect("the folder is ours");
    }
    let web = Web::serve(&site).await;

    for (name, _) in lists {
        player.fails_to_open(Source::Link(web.link(name))).await;
    }
}

/// Serves playlists, some of which refer to each other with the server's address.
async fn lists(player: &TestPlayer, texts: impl Fn(&Web) -> Vec<(&'static str, String)>) -> Web {
    let site = player.folder().join("site");
    std::fs::create_dir(&site).expect("the folder is ours");
    std::fs::copy(clip(), site.join("film.mkv")).expect("the folder is ours");
    let web = Web::serve(&site).await;
    for (name, text) in texts(&web) {
        std::fs::write(site.join(name), text).expect("the folder is ours");
    }
    web
}

#[tokio::test]
async fn a_list_whose_first_entry_fails_is_requested_once_and_is_no_window_request() {
    let mut player = TestPlayer::start();
    let web = lists(&player, |web| {
        let rest = "/etc/passwd\nfile:///etc/passwd\nedl:///etc/passwd\n".repeat(5);
        let list = format!(
            "#EXTM3U\n{}\n{rest}{}\n",
            web.link("missing.mkv"),
            web.link("film.mkv")
        );
        vec![("list.m3u", list)]
    })
    .await;

    let reason = player.fails_to_open(Source::Link(web.link("list.m3u"))).await;
    let film = clip().to_owned();
    let opened = player.load(Source::File(film), MediaTime::ZERO);
    player
        .event("the next film", |event| match event {
            PlayerEvent::Loaded { generation, .. } if *generation == opened => Some(()),
            PlayerEvent::WindowRequest { request, .. } => {
                panic!("what the player opens by itself is taken for {request:?}")
            }
            _ => None,
        })
        .await;

    assert!(matches!(reason, OpenError::ListEntry { .. }), "{reason:?}");
    let requests = web.requests();
    assert!(
        requests <= 4,
        "{requests}: the list, its entry, and what mpv repeats"
    );
}

#[tokio::test]
async fn a_list_whose_first_entry_plays_plays_that() {
    let mut player = TestPlayer::start();
    let web = lists(&player, |web| {
        let list = format!("#EXTM3U\n{}\n/etc/passwd\n", web.link("film.mkv"));
        let outer = format!("#EXTM3U\n{}\n/etc/passwd\n", web.link("list.m3u"));
        vec![("list.m3u", list), ("outer.m3u", outer)]
    })
    .await;

    for name in ["list.m3u", "outer.m3u"] {
        let opened = player.load(Source::Link(web.link(name)), MediaTime::ZERO);
        let (media, _) = player.loaded(opened).await;

        assert!(media.has_video, "{name}");
    }
}

#[tokio::test]
async fn a_list_that_leads_to_itself_is_given_up_soon() {
    let mut player = TestPlayer::start();
    let web = lists(&player, |web| {
        let to = |name: &str| format!("#EXTM3U\n{}\n", web.link(name));
        vec![
            ("itself.m3u", to("itself.m3u")),
            ("a.m3u", to("b.m3u")),
            ("b.m3u", to("a.m3u")),
        ]
    })
    .await;

    for name in ["itself.m3u", "a.m3u"] {
        let reason = player.fails_to_open(Source::Link(web.link(name))).await;

        assert_eq!(reason, OpenError::EndlessList);
    }
    player.opens(clip(), MediaTime::ZERO).await;
    let requests = web.requests();
    assert!(requests <= 24, "{requests}");
}

#[tokio::test]
async fn a_seek_that_waits_for_data_reports_buffering() {
    let mut player = TestPlayer::with(&[("user-agent", TRICKLE)]);
    let folder = clip().parent().expect("the clip is in a folder");
    let web = Web::serve(folder).await;
    let name = clip()
        .file_name()
        .and_then(|name| name.to_str())
        .expect("a plain name");
    let opened = player.load(Source::Link(web.link(name)), MediaTime::ZERO);
    player.loaded(opened).await;

    let held = player.hold(Some(MediaTime::from_millis(15_000)));
    player
        .status("buffering", |s| s.is_seeking && s.buffering.is_some())
        .await;
    player.landed(held).await;
    player.status("filled", |s| s.buffering.is_none()).await;
}

#[tokio::test]
async fn a_stream_in_segments_plays() {
    let mut player = TestPlayer::start();
    let site = player.folder().join("site");
    std::fs::create_dir(&site).expect("the folder is ours");
    let name = "film.mkv";
    std::fs::copy(clip(), site.join(name)).expect("the folder is ours");
    std::fs::write(site.join("list.m3u8"), hls(name)).expect("the folder is ours");
    let web = Web::serve(&site).await;

    let opened = player.load(Source::Link(web.link("list.m3u8")), MediaTime::ZERO);
    let (media, _) = player.loaded(opened).await;

    assert!(media.has_audio && media.has_video);
}

#[tokio::test]
async fn a_dead_link_is_shown_with_the_reason() {
    let web = Web::serve(clip().parent().expect("the clip is in a folder")).await;
    let missing = web.link("missing.mkv");
    let mut player = TestPlayer::start();

    let not_found = player.fails_to_open(Source::Link(missing)).await;
    let no_link = player
        .fails_to_open(Source::Link("file:///etc/passwd".to_owned()))
        .await;

    let OpenError::Mpv { cause } = not_found else {
        panic!("{not_found:?}")
    };
    assert!(cause.as_str().contains("404"), "{cause}");
    assert_eq!(no_link, OpenError::NotALink);
}

fn hls(segment: &str) -> String {
    format!("#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:20\n#EXTINF:20.0,\n{segment}\n#EXT-X-ENDLIST\n")
}
