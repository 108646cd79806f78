//! Tests of refused connections: the user gets the reason, and something to try.

use std::net::UdpSocket;

use insta::assert_snapshot;
use rustix::process::Signal;
use watchtogether_protocol::{Invite, Pin};

use crate::program::{Home, Outcome, Running};

#[tokio::test]
async fn an_unreachable_server_is_reported() {
    let silent = UdpSocket::bind("127.0.0.1:0").expect("a free port");
    let address = silent.local_addr().expect("an address").to_string();

    let outcome = join(&Home::new(), &format!("{address}/film")).await;

    assert_snapshot!(outcome, @"
    exit 3
    --- stderr
    error[unreachable]: cannot reach the server: no answer within 10 s
    hint: check that the server is running and that UDP can reach it
    ");
}

#[tokio::test]
async fn a_port_without_a_listener_is_reported() {
    // A connected socket keeps the port occupied and receives datagrams from its peer only.
    let held = UdpSocket::bind("127.0.0.1:0").expect("a free port");
    held.connect("127.0.0.1:9").expect("an address");
    let address = held.local_addr().expect("an address").to_string();

    let outcome = join(&Home::new(), &format!("{address}/film")).await;

    assert_snapshot!(outcome, @"
    exit 3
    --- stderr
    error[unreachable]: cannot reach the server: no server is running there
    hint: check that the server is running and that UDP can reach it
    ");
}

#[tokio::test]
async fn a_server_with_another_key_than_the_invites_is_sent_nothing() {
    let home = Home::new();
    let server = Server::start(&home, "127.0.0.1:0", "keys").await;
    let invite = Invite {
        pin: Some(Pin::from_bytes([7; 16])),
        ..server.invite("film")
    };

    let outcome = join(&home, &invite.to_string()).await;

    assert_snapshot!(outcome, @"
    exit 5
    --- stderr
    error[pin_mismatch]: the server has a different key than expected
      nothing was sent
    hint: ask the host whether the server has a new key: if so, get a new invite; if not, do not connect
    ");
    let log = server.end().await;
    assert!(log.contains("a handshake failed"), "{log}");
    assert!(
        !log.contains("a connection ended"),
        "it got as far as a hello: {log}"
    );
}

#[tokio::test]
async fn a_server_that_changed_its_key_is_not_trusted_again() {
    let home = Home::new();
    let before = Server::start(&home, "127.0.0.1:0", "keys").await;
    let address = before.address.clone();
    let first = join(&home, &format!("{address}/film")).await;
    let heard = before.end().await;
    let after = Server::start(&home, &address, "other-keys").await;

    let second = join(&home, &format!("{address}/film")).await;

    assert!(first.stderr.contains("New server, remembered."), "{first}");
    assert!(heard.contains("a connection ended"), "a hello is seen: {heard}");
    let second = second.to_string().replace(&address, "[ADDRESS]");
    assert_snapshot!(second, @"
    exit 5
    --- stderr
    error[pin_mismatch]: the server has a different key than expected
      nothing was sent
    hint: ask whoever runs the server whether it has a new key: if so, remove the line of [ADDRESS] from [HOME]/state/watchtogether/known_servers; if not, do not connect
    ");
    let log = after.end().await;
    assert!(
        !log.contains("a connection ended"),
        "it got as far as a hello: {log}"
    );
}

#[tokio::test]
async fn a_client_that_is_not_admitted_learns_no_more_than_that() {
    let home = Home::new();
    let server = Server::start(&home, "127.0.0.1:0", "keys").await;
    let secret = home.write("secret", "open sesame\n");
    let mut by_invite = server.host(&home, &["--room", "by-invite"]);
    by_invite.says("Send this line").await;
    let mut by_password = server.host(
        &home,
        &[
            "--room",
            "by-password",
            "--access",
            "password",
            "--password-file",
            &secret.to_string_lossy(),
        ],
    );
    by_password.says("Send this line").await;

    home.write("guess", "open please\n");
    let with_token = |room: &str| {
        let token = Some("aaaaaaaaaaaaaaaa".parse().expect("a token"));
        Invite {
            token,
            ..server.invite(room)
        }
        .to_string()
    };
    let without_token = |room: &str| server.invite(room).to_string();
    let guess = ["--name", "bo", "--password-file", "guess"];

    let nowhere = join(&home, &with_token("nowhere")).await;
    let nowhere_without = join(&home, &without_token("nowhere")).await;
    let nowhere_guessed = join_with(&home, &without_token("nowhere"), &guess).await;

    assert_snapshot!(nowhere, @"
    exit 4
    --- stderr
    error[not_admitted]: no such room, or the invite or password is wrong
    hint: ask the host for the invite again, and paste all of it
    ");
    assert_eq!(nowhere_guessed.to_string(), nowhere.to_string());
    for room in ["by-invite", "by-password"] {
        let wrong = join(&home, &with_token(room)).await;
        let without = join(&home, &without_token(room)).await;
        let guessed = join_with(&home, &without_token(room), &guess).await;

        assert_eq!(wrong.to_string(), nowhere.to_string(), "{room}, wrong token");
        assert_eq!(
            without.to_string(),
            nowhere_without.to_string(),
            "{room}, no token"
        );
        assert_eq!(guessed.to_string(), nowhere.to_string(), "{room}, wrong password");
    }
}

#[tokio::test]
async fn a_room_of_a_name_that_is_taken_is_refused_and_a_member_of_one_is_numbered() {
    let home = Home::new();
    let server = Server::start(&home, "127.0.0.1:0", "keys").await;
    let mut ana = server.host(&home, &["--room", "film", "--access", "open", "--name", "ana"]);
    ana.says("Send this line").await;

    let same_room = home.run(&server.words_of_host(&["--room", "film"])).await;
    let _same_name = home.start(&words_of_join(
        &server.invite("film").to_string(),
        &["--name", "ana"],
    ));

    assert_snapshot!(same_room, @"
    exit 4
    --- stderr
    error[room_exists]: a room called film already exists
    hint: choose another name with --room, or join that room
    ");
    ana.says("ana 2 joined.").await;
}

#[tokio::test]
async fn the_right_password_and_the_whole_invite_let_in() {
    let home = Home::new();
    let server = Server::start(&home, "127.0.0.1:0", "keys").await;
    home.write("secret", "open sesame\n");
    let mut host = server.host(
        &home,
        &[
            "--room",
            "film",
            "--access",
            "password",
            "--password-file",
            "secret",
        ],
    );
    host.says("Send this line").await;
    let mut by_invite = server.host(&home, &["--room", "other"]);
    let invite = by_invite.invite().await;

    let mut bo = home.start(&words_of_join(
        &server.invite("film").to_string(),
        &["--name", "bo", "--password-file", "secret"],
    ));
    let mut chi = home.start(&words_of_join(&invite, &["--name", "chi"]));

    bo.says("Room film. 2 people: ana (host), you.").await;
    chi.says("Room other. 2 people: ana (host), you.").await;
}

/// A server run by the test, with a detailed log.
struct Server {
    running: Running,
    address: String,
    pin: Pin,
}

impl Server {
    async fn start(home: &Home, listen: &str, state_dir: &str) -> Self {
        let mut running = home.start(&[
            "serve",
            "-vv",
            "--listen",
            listen,
            "--state-dir",
            state_dir,
            "--json",
        ]);
        let ready: serde_json::Value =
            serde_json::from_str(&running.says("ready").await).expect("one object");
        let text = |key: &str| ready[key].as_str().expect("a text").to_owned();
        Self {
            running,
            address: text("address"),
            pin: text("pin").parse().expect("a pin"),
        }
    }

    /// Returns an invite into a room, without a token.
    fn invite(&self, room: &str) -> Invite {
        Invite {
            pin: Some(self.pin),
            ..format!("{}/{room}", self.address).parse().expect("an address")
        }
    }

    fn host(&self, home: &Home, more: &[&str]) -> Running {
        home.start(&self.words_of_host(more))
    }

    fn words_of_host(&self, more: &[&str]) -> Vec<String> {
        let args = ["host", "--plain", "--player", "none", "--server", &self.address];
        args.iter().chain(more).map(ToString::to_string).collect()
    }

    /// Ends the server and returns its log.
    async fn end(self) -> String {
        self.running.signal(Signal::TERM);
        self.running.end().await.stderr
    }
}

async fn join(home: &Home, invite: &str) -> Outcome {
    join_with(home, invite, &["--name", "bo"]).await
}

async fn join_with(home: &Home, invite: &str, more: &[&str]) -> Outcome {
    home.run(&words_of_join(invite, more)).await
}

fn words_of_join(invite: &str, more: &[&str]) -> Vec<String> {
    let args = ["join", invite, "--plain", "--player", "none"];
    args.iter().chain(more).map(ToString::to_string).collect()
}

#[tokio::test]
async fn an_endless_password_file_is_refused_like_any_other_that_is_too_long() {
    let home = Home::new();
    let words = ["join", "127.0.0.1:9/film", "--password-file", "/dev/zero"];

    let outcome = home.run(&words).await;

    assert_eq!(outcome.code, Some(2), "{outcome}");
    assert!(outcome.stderr.contains("at most 128 characters"), "{outcome}");
}
