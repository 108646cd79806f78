//! Tests of `ctl` while there is no connection to the server.

use rustix::process::Signal;

use crate::program::Home;

#[tokio::test]
async fn without_a_connection_each_act_in_the_room_is_refused_at_once() {
    let (at_server, home) = (Home::new(), Home::new());
    let mut server = at_server.start(&["serve", "--listen", "127.0.0.1:0", "--ephemeral", "--json"]);
    let ready = server.ready().await;
    let address = ready["address"].as_str().expect("an address");
    for film in ["Film.mkv", "Other.mkv"] {
        home.write(film, film);
    }
    let words = [
        "host", "--plain", "--player", "none", "--server", address, "Film.mkv",
    ];
    let mut ana = home.start(&words);
    ana.says("You started Film.mkv.").await;
    server.signal(Signal::KILL);
    drop(server);
    ana.says("Connection lost").await;

    for words in [
        &["play"][..],
        &["pause"],
        &["speed", "1"],
        &["on-stall", "wait"],
        &["rename", "Mine"],
        &["go-on"],
        &["take-back"],
        &["undo"],
        &["bans"],
        &["open", "Other.mkv"],
        &["open", "Other.mkv"],
    ] {
        let outcome = home.run(&[&["ctl"], words].concat()).await;
        assert_eq!(outcome.code, Some(3), "{words:?}: {outcome}");
    }
    let status = home.run(&["status", "--json"]).await;
    let status: serde_json::Value = serde_json::from_str(&status.stdout).expect("JSON");
    assert_eq!(status["item"]["title"], "Film.mkv");
}
