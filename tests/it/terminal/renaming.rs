//! Tests of renaming a room: with a key, a command and a script, on the screen, in plain mode, in events, and after a restart of
//! the server.

use super::*;
use crate::program::Running;

const TITLE: &str = "Movie night: Solaris";

/// Starts a server that stores its rooms.
async fn serve(home: &Home, listen: &str) -> (Running, String) {
    let mut server = home.start(&["serve", "--listen", listen, "--state-dir", "rooms", "--json"]);
    let ready = server.ready().await;
    let address = ready["address"].as_str().expect("an address").to_owned();
    (server, address)
}

#[tokio::test]
async fn a_room_is_renamed_in_every_way_and_undone_and_keeps_its_title_when_its_server_is_killed() {
    let (home, at_bo, at_cy) = (Home::new(), Home::new(), Home::new());
    let (server, address) = serve(&home, "127.0.0.1:0").await;
    let args = format!("host --player none --server {address} --access open --room film --name ana");
    let mut ana = Screen::of(&home, 120, 40, &args);
    ana.shows("only you here").await;
    let invite = ana.copied_invite();
    let mut events = home.start(&["events", "--json", "--type", "setting,join"]);
    let mut bo = at_bo.start(&["join", &invite, "--plain", "--player", "none", "--name", "bo"]);
    bo.says("2 people: ana (host), you.").await;
    events.says("\"join\"").await;

    ana.types("\x1bt").await;
    ana.shows("/rename ").await;
    ana.types(&format!("{TITLE}\r")).await;
    ana.shows(&format!("you renamed the room to {TITLE}  Alt-U\u{a0}undo"))
        .await;
    bo.says(&format!("ana renamed the room to {TITLE}.")).await;
    let reported = events.says("\"setting\":\"title\"").await;
    assert!(
        reported.contains(&format!("\"value\":\"{TITLE}\"")) && reported.contains("\"user\":\"ana\""),
        "{reported}"
    );
    ana.types("\x1bu").await;
    ana.shows("you undid the rename: the room has its original name again")
        .await;
    bo.says("ana undid the rename: the room has its original name again.")
        .await;
    let renamed = home.run(&["ctl", "rename", TITLE]).await;
    assert_eq!(renamed.code, Some(0), "{renamed}");
    ana.shows(&format!("{TITLE}   ")).await;
    bo.types("/rename Mine").await;
    bo.says("ana can do that").await;
    let refused = at_bo.run(&["ctl", "rename", "Mine"]).await;
    assert_eq!(refused.code, Some(8), "{refused}");
    let long = home.run(&["ctl", "rename", &"x".repeat(65)]).await;
    assert_eq!(long.code, Some(2), "{long}");
    assert!(long.stderr.contains("1 to 64 characters"), "{long}");

    server.signal(Signal::KILL);
    drop(server);
    let (_server, _) = serve(&home, &address).await;
    bo.says("Connected again.").await;
    let mut cy = at_cy.start(&["join", &invite, "--plain", "--player", "none", "--name", "cy"]);
    cy.says(&format!("Room {TITLE}. 3 people: ")).await;
    let status = at_cy.run(&["status", "--json"]).await;
    let status: serde_json::Value = serde_json::from_str(&status.stdout).expect("JSON");
    assert_eq!(
        (&status["room"]["name"], &status["room"]["title"]),
        (&"film".into(), &TITLE.into())
    );
}

#[tokio::test]
async fn a_room_that_is_opened_again_on_a_server_of_its_host_is_set_as_it_was() {
    let home = Home::new();
    home.write("config/watchtogether/client.toml", "player = \"none\"\n");
    home.write("Film.mkv", "a film");
    let mut host = home.start(&[
        "host", "--plain", "--player", "none", "--port", "0", "--name", "ana", "Film.mkv",
    ]);
    host.says("Send this line").await;
    for (act, told) in [
        (format!("/rename {TITLE}"), "You renamed the room"),
        (
            "/on-stall go-on".to_owned(),
            "keep playing when someone is buffering",
        ),
        ("/speed 1.25".to_owned(), "You set the speed to 1.25 times."),
    ] {
        host.types(&act).await;
        host.says(told).await;
    }
    host.types("/quit").await;
    host.end().await;

    let mut screen = Screen::of(&home, 100, 24, "");
    screen.shows(&format!("1 {TITLE}")).await;
    drop(screen);
    let mut again = home.start(&["join", "--last", "--plain", "--player", "none"]);

    again.says(&format!("Room {TITLE}. 1 person: you (host).")).await;
    let status = home.run(&["status", "--json"]).await;
    let status: serde_json::Value = serde_json::from_str(&status.stdout).expect("JSON");
    assert_eq!(
        (&status["room"]["on_stall"], &status["playback"]["rate"]),
        (&"go_on".into(), &1.25.into())
    );
}
