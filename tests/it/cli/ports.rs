//! Tests of the UDP port of a server started with a room, and of the messages when it is in use.

use std::net::UdpSocket;

use insta::assert_snapshot;
use rustix::process::Signal;

use crate::program::{Home, Outcome, Running};

#[tokio::test]
async fn a_port_that_was_asked_for_and_is_in_use_is_an_error() {
    let (_taken, port) = taken();
    let home = Home::new();
    let without = |outcome: &Outcome| outcome.to_string().replace(&port, "[PORT]");

    let args = ["host", "--plain", "--player", "none", "--port", &port];
    let by_flag = home.run(&args).await;
    home.write("config/watchtogether/client.toml", format!("port = {port}\n"));
    let by_file = home.run(&args[..4]).await;

    assert_snapshot!(without(&by_flag), @"
    exit 1
    --- stderr
    error[port_in_use]: UDP port [PORT] is in use by another program
    hint: use another UDP port with --port, or any free one with --port 0
    ");
    assert_eq!(by_file.to_string(), by_flag.to_string());
}

#[tokio::test]
async fn a_reopened_room_keeps_its_port_or_reports_that_it_cannot() {
    let home = Home::new();
    home.write("config/watchtogether/client.toml", "port = 0\n");
    let first = leave(home.start(&["host", "--plain", "--player", "none", "--room", "film"])).await;

    let again = home.start(&["join", "--last", "--plain", "--player", "none"]);
    let second = leave(again).await;
    let port = port_of(&second);
    let _taken = UdpSocket::bind(format!("0.0.0.0:{port}")).expect("it was given back");
    let mut elsewhere = home.start(&["join", "--last", "--plain", "--player", "none"]);
    let third = elsewhere.says("Send this line").await;

    assert_eq!(first, second, "the same invite");
    let other = port_of(&third);
    assert_ne!(other, port);
    elsewhere.signal(Signal::TERM);
    let end = elsewhere.end().await;
    let notice = format!("UDP port {port} is in use by another program, so this room uses port {other}.");
    assert!(end.stderr.contains(&notice), "{end}");
}

/// Returns a UDP port that is in use.
fn taken() -> (UdpSocket, String) {
    let socket = UdpSocket::bind("0.0.0.0:0").expect("a free port");
    let port = socket.local_addr().expect("an address").port();
    (socket, port.to_string())
}

/// Ends a host that has a room, and returns the invite line for friends.
async fn leave(mut host: Running) -> String {
    let line = host.says("Send this line").await;
    host.signal(Signal::TERM);
    host.end().await;
    line
}

fn port_of(line: &str) -> String {
    let (_, rest) = line.split_once("watchtogether://").expect("an invite");
    let (address, _) = rest.split_once('/').expect("a room");
    let (_, port) = address.rsplit_once(':').expect("a port");
    port.to_owned()
}

#[tokio::test]
async fn a_killed_host_reopens_its_room_with_the_same_invite_and_members() {
    let (home, at_bo) = (Home::new(), Home::new());
    home.write("config/watchtogether/client.toml", "port = 0\n");
    let args = |room| {
        [
            "host",
            "--plain",
            "--player",
            "none",
            "--public",
            "127.0.0.1",
            "--name",
            "ana",
            "--room",
            room,
        ]
    };
    let mut ana = home.start(&args("film"));
    let first = ana.says("Send this line").await;
    let invite = first.split('\'').nth(1).expect("the invite is quoted").to_owned();
    let mut bo = at_bo.start(&["join", &invite, "--plain", "--player", "none", "--name", "bo"]);
    ana.says("bo joined.").await;

    ana.signal(Signal::KILL);
    ana.end().await;
    let mut again = home.start(&args("film"));
    let second = again.says("Send this line").await;

    assert_eq!(second, first);
    again.types("are you there?").await;
    bo.says("are you there?").await;
    again.says("bo joined.").await;

    // A different room gets a different token.
    again.signal(Signal::KILL);
    again.end().await;
    let other = leave(home.start(&args("series"))).await;
    let token = |line: &str| line.split_once("t=").map(|(_, token)| token.to_owned());
    assert_ne!(token(&other), token(&first));
}
