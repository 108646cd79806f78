//! Tests of the home screen in a terminal: sessions that begin with just `watchtogether`.

use std::net::UdpSocket;
use std::time::Duration;

use watchtogether_protocol::Pin;

use super::*;
use crate::program::Running;

const CTRL_Q: &str = "\x11";
const CTRL_U: &str = "\x15";
const ALT_1: &str = "\x1b1";

#[tokio::test]
async fn a_film_is_typed_hosted_left_and_resumed() {
    let home = a_home();
    home.write("Film.mkv", "a film");
    let mut screen = Screen::of(&home, 80, 24, "");
    screen.shows("Open a room").await;

    screen.types("Film.mkv\r").await;
    screen.shows("only you here").await;
    let invite = screen.copied_invite();
    screen.types("/quit\r").await;

    screen.shows("1 film  this machine").await;
    screen.shows("[ Film.mkv").await;
    screen.types(ALT_1).await;
    screen.shows("only you here").await;
    let mut bo = home.start(&["join", &invite, "--plain", "--player", "none", "--name", "bo"]);
    bo.says("2 people: ana (host), you").await;
    screen.shows("People 2").await;
    screen.types("/quit\r").await;
    screen.shows("End the room for 1 other person?").await;
    screen.types(CTRL_Q).await;
    screen.shows("Open a room").await;
    screen.types(CTRL_Q).await;
    screen.is_given_back().await;
}

#[tokio::test]
async fn a_room_is_entered_again_under_the_name_used_before() {
    let home = a_home();
    let mut host = home.start(&["host", "--plain", "--room", "film", "--name", "zoe"]);
    host.says("1 person: you (host)").await;
    host.types("/quit").await;
    host.end().await;
    let mut screen = Screen::of(&home, 80, 24, "");
    screen.shows("1 film  this machine").await;

    screen.types(ALT_1).await;

    screen.shows("[zoe]").await;
}

#[tokio::test]
async fn a_client_that_is_killed_with_its_server_goes_on_with_the_film_by_home_and_by_host() {
    let home = a_home();
    home.write("Film.mkv", "a film");
    let mut screen = Screen::of(&home, 80, 24, "");
    screen.shows("Open a room").await;
    screen.types("Film.mkv\r").await;
    screen.shows("you started Film.mkv").await;
    screen.types("/seek 12:34\r").await;
    is_noted(&home, "754000").await;

    dies(screen).await;
    let mut screen = Screen::of(&home, 80, 24, "");
    screen.shows("at 00:12:34 of Film.mkv").await;
    screen.types(ALT_1).await;
    screen.shows("only you here").await;
    screen.shows("00:12:34").await;
    screen.types("/seek 23:45\r").await;
    is_noted(&home, "1425000").await;

    dies(screen).await;
    let mut screen = Screen::of(&home, 80, 24, "host Film.mkv");
    screen.shows("00:23:45").await;
    screen.types("/quit\r").await;
    screen.is_given_back().await;
    let mut screen = Screen::of(&home, 80, 24, "host Film.mkv");
    screen.shows("00:00:00").await;
}

#[tokio::test]
async fn enter_alone_finds_the_film_and_opens_the_room() {
    let home = a_home();
    home.write("films/The Car (2024).mkv", "a film");
    home.write("films/notes.txt", "no film");
    let mut screen = Screen::of(&home, 80, 24, "");
    screen.shows("Open a room").await;

    screen.types("\r").await;
    screen.shows("▸ The Car (2024).mkv").await;
    screen.types("\r").await;
    screen.shows("[ the-car-2024").await;
    screen.types("\r").await;

    screen.shows("only you here").await;
}

#[tokio::test]
async fn a_pasted_invite_leads_into_the_room_and_back_home() {
    let home = a_home();
    let (_host, invite) = hosting(&home).await;
    let mut screen = Screen::of(&home, 80, 24, "");
    screen.shows("Join a room").await;

    screen
        .pastes(&format!("come! watchtogether join '{invite}'\n"))
        .await;
    screen.shows("film on 127.0.0.1:").await;
    screen.types("\r").await;
    screen.shows("People 2").await;
    screen.types("/quit\r").await;

    screen.shows("1 film  127.0.0.1").await;
    screen.types(ALT_1).await;
    screen.shows("People 2").await;
}

#[tokio::test]
async fn a_failure_is_shown_at_its_field_and_keeps_all_that_was_typed() {
    let home = a_home();
    home.write("Film.mkv", "a film");
    let (_host, invite) = hosting(&home).await;
    let invite: Invite = parsed(&invite);
    let mut screen = Screen::of(&home, 80, 24, "");
    screen.shows("Open a room").await;

    screen.types("Flim.mkv\r").await;
    screen.shows("no such file: Flim.mkv").await;
    screen.shows("did you mean Film.mkv?").await;

    screen.pastes("watchtogether://127.0.0.1:1/film#k=cut").await;
    screen.types("\r").await;
    screen.shows("the invite was cut or mistyped").await;

    let mut refused = invite.clone();
    refused.token = None;
    screen.joins(&refused).await;
    screen.shows("no such room, or the invite").await;

    let mut other_key = invite.clone();
    other_key.pin = Some(Pin::from_bytes([7; 16]));
    screen.joins(&other_key).await;
    screen.shows("the server has a different key").await;

    let nobody = UdpSocket::bind("127.0.0.1:0").expect("a free port");
    let mut unreachable = invite.clone();
    unreachable.address.port = nobody.local_addr().expect("an address").port();
    drop(nobody);
    screen.joins(&unreachable).await;
    screen.shows("cannot reach the server").await;

    screen.shows("[ Flim.mkv").await;
    screen.joins(&invite).await;
    screen.shows("People 2").await;
}

#[tokio::test]
async fn esc_cancels_a_pending_attempt() {
    let home = a_home();
    let silent = UdpSocket::bind("127.0.0.1:0").expect("a free port");
    let address = silent.local_addr().expect("an address");
    let mut screen = Screen::of(&home, 80, 24, "");
    screen.shows("Join a room").await;
    screen.pastes(&format!("watchtogether://{address}/film")).await;
    screen.types("\r").await;
    screen.shows("Connecting to").await;

    screen.types("\x1b").await;

    screen.shows("key trusted on first").await;
    screen.types(CTRL_Q).await;
    screen.is_given_back().await;
}

#[tokio::test]
async fn a_torn_list_of_rooms_causes_a_warning_and_stops_nothing() {
    let home = a_home();
    home.write(
        "state/watchtogether/recent.json",
        "{\"v\":1,\"rooms\":[{\"room\":",
    );
    let mut screen = Screen::of(&home, 100, 24, "");

    screen
        .shows("was damaged; it is kept as recent.json.damaged")
        .await;

    screen.shows("Open a room").await;
    let kept = std::fs::read_to_string(home.path().join("state/watchtogether/recent.json.damaged"));
    assert_eq!(kept.expect("kept"), "{\"v\":1,\"rooms\":[{\"room\":");
}

#[tokio::test]
async fn signals_at_home_give_the_terminal_back_at_every_size() {
    for (columns, rows, signal) in [
        (80, 24, Signal::TERM),
        (50, 20, Signal::HUP),
        (20, 5, Signal::INT),
    ] {
        let home = a_home();
        let mut screen = Screen::of(&home, columns, rows, "");
        screen.shows("Open a room").await;

        screen.signal(signal);

        screen.is_given_back().await;
    }
}

#[tokio::test]
async fn a_room_of_home_ends_with_its_server_when_the_terminal_is_closed() {
    let home = a_home();
    let mut screen = Screen::of(&home, 80, 24, "");
    screen.shows("Open a room").await;
    screen.types("\t\t\t\r").await;
    screen.shows("only you here").await;
    let mut life = screen.life();

    screen.pty.child.kill().await.expect("it is our child");

    let end = timeout(TIMEOUT, life.read(&mut [0])).await;
    assert!(matches!(end, Ok(Ok(0))), "it runs on without a terminal");
}

#[tokio::test]
async fn without_a_screen_it_asks_by_lines() {
    for (args, terminal) in [("--plain", "xterm-256color"), ("", "dumb")] {
        let home = a_home();
        home.write("Film.mkv", "a film");
        let mut screen = Screen::under(&home, 80, 24, args, terminal);
        screen.shows("1. Open a room.").await;

        screen.types("7\r").await;
        screen
            .shows("Type a number from 0 to 2, a letter from the list, or an invite.")
            .await;
        screen.types("1\r").await;
        screen.shows("File or link").await;
        screen.types("none like it\r").await;
        screen
            .shows("No film in your folders matches none like it.")
            .await;
        screen.types("flm\r").await;
        screen.shows("1. Film.mkv.").await;
        screen.types("1\r").await;
        screen.shows("Room name; leave empty for film:").await;
        screen.types("evening\r").await;

        screen.shows("Room evening. 1 person: you (host).").await;
        assert!(!screen.text().contains(SWITCHES[0].0), "no screen was taken");
    }
}

#[tokio::test]
async fn join_last_returns_without_a_question() {
    let home = a_home();
    let (host, invite) = hosting(&home).await;
    let mut bo = home.start(&["join", &invite, "--plain", "--player", "none", "--name", "bo"]);
    bo.says("2 people: ana (host), you").await;
    bo.signal(Signal::TERM);
    bo.end().await;

    let mut again = home.start(&["join", "--last", "--plain"]);

    again.says("Room film. 2 people: ana (host), you.").await;
    drop(host);
}

#[tokio::test]
async fn a_mistyped_invite_is_refused_at_once_and_a_pasted_mail_is_read_to_its_invite() {
    let home = a_home();
    let (_host, invite) = hosting(&home).await;
    let mut screen = Screen::of(&home, 100, 24, "join --plain --name bo");
    screen.shows("Paste the invite").await;

    screen.types("::1:9210/v6\r").await;
    screen.shows("type [::1]:9210").await;
    screen.types("box.example.org\r").await;
    screen.shows("the address does not name a room").await;
    screen.types(&format!("Hi\rcome in:\r{invite}\r")).await;

    screen.shows("2 people: ana (host), you").await;
    assert_eq!(screen.text().matches("error[").count(), 2);
}

#[tokio::test]
async fn join_last_without_a_last_room_fails_with_a_reason() {
    let outcome = a_home().run(&["join", "--last"]).await;

    insta::assert_snapshot!(outcome, @"
    exit 6
    --- stderr
    error[no_recent_room]: you have not been in a room yet
    hint: join one with watchtogether join 'watchtogether://…'
    ");
}

impl Screen<'_> {
    async fn pastes(&mut self, text: &str) {
        self.types(&format!("\x1b[200~{text}\x1b[201~")).await;
    }

    /// Pastes an invite into the focused field in place of its content, and joins.
    async fn joins(&mut self, invite: &Invite) {
        self.types(CTRL_U).await;
        self.pastes(&invite.to_string()).await;
        self.types("\r").await;
    }
}

/// Waits until the list of rooms contains a position in the film.
async fn is_noted(home: &Home, milliseconds: &str) {
    let file = home.path().join("state/watchtogether/recent.json");
    let noted = async {
        let mut pace = tokio::time::interval(Duration::from_millis(20));
        let position = format!("\"position_ms\": {milliseconds}");
        while !std::fs::read_to_string(&file).is_ok_and(|text| text.contains(&position)) {
            pace.tick().await;
        }
    };
    timeout(TIMEOUT, noted).await.expect("it is noted");
}

/// Kills the client of a screen, as in a crash, and waits until it and all its children are gone.
async fn dies(screen: Screen<'_>) {
    let (home, mut life) = (screen.home, screen.life());
    screen.signal(Signal::KILL);
    drop(screen);
    let end = timeout(TIMEOUT, life.read(&mut [0])).await;
    assert!(matches!(end, Ok(Ok(0))), "what it started ends");
    for name in ["life", "terminal", "pid"] {
        std::fs::remove_file(home.path().join(name)).expect("it is there");
    }
}

/// Returns a home whose user wants no player and any port, and has a folder with films.
fn a_home() -> Home {
    let home = Home::new();
    let films = home.path().join("films");
    let config = format!(
        "player = \"none\"\nport = 0\nmedia_dirs = [{:?}]\n",
        films.display().to_string()
    );
    home.write("config/watchtogether/client.toml", config);
    home
}

/// Opens a room in plain mode, and returns its invite.
async fn hosting(home: &Home) -> (Running, String) {
    let mut host = home.start(&[
        "host",
        "--plain",
        "--player",
        "none",
        "--port",
        "0",
        "--room",
        "film",
        "--name",
        "ana",
        "--public",
        "127.0.0.1",
    ]);
    let invite = host.invite().await;
    (host, invite)
}
