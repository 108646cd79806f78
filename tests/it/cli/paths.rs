//! Tests of film paths as shells, terminals and desktops pass them, on the command line and through the control socket.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;

use insta::assert_snapshot;
use serde_json::Value;

use crate::program::{Home, Running};

/// A name in Latin-1, as found on old disks.
const ODD: &[u8] = b"Am\xe9lie.mkv";

#[tokio::test]
async fn a_film_whose_name_is_not_utf8_is_hosted_joined_opened_and_resumed() {
    let (at_ana, at_bo) = (Home::new(), Home::new());
    for home in [&at_ana, &at_bo] {
        let folder = home.path().join("films");
        std::fs::create_dir(&folder).expect("made");
        std::fs::write(folder.join(OsStr::from_bytes(ODD)), "a film").expect("written");
    }
    let odd = [b"films/", ODD].concat();
    let mut host = at_ana.command(&HOST);
    host.arg(OsStr::from_bytes(&odd));
    let mut ana = Running::of(host);
    let invite = ana.invite().await;
    let args = ["join", &invite, "--plain", "--player", "none", "--name", "bo"];
    let mut join = at_bo.command(&args);
    join.arg(OsStr::from_bytes(&odd));

    let mut bo = Running::of(join);
    bo.says("2 people").await;
    ana.says("lie.mkv").await;

    assert_eq!(title(&at_ana).await, "Am\u{fffd}lie.mkv");
    assert_eq!(title(&at_bo).await, "Am\u{fffd}lie.mkv");
    at_ana.write("other.mkv", "another film");
    let opened = at_ana.run(&["ctl", "open", "other.mkv"]).await;
    assert_eq!(opened.code, Some(0), "{opened}");
    ana.says("other.mkv").await;
    assert_eq!(title(&at_ana).await, "other.mkv");
    let mut again = at_ana.command(&["ctl", "open"]);
    again.arg(OsStr::from_bytes(&odd));
    let again = at_ana.outcome(again).await;
    assert_eq!(again.code, Some(0), "{again}");
    ana.says("lie.mkv").await;
    assert_eq!(title(&at_ana).await, "Am\u{fffd}lie.mkv");
    ana.signal(rustix::process::Signal::TERM);
    ana.end().await;
    let mut back = at_ana.start(&["join", "--last", "--plain", "--player", "none"]);
    back.says("lie.mkv").await;
    assert_eq!(title(&at_ana).await, "Am\u{fffd}lie.mkv");
}

#[tokio::test]
async fn every_form_that_terminals_drop_is_taken_everywhere() {
    let home = Home::new();
    let path = home.write("films/it's (1).mkv", "a film");
    home.write("other.mkv", "another film");
    let path = path.display();
    let dropped = [
        format!("'{}'", path.to_string().replace('\'', r"'\''")),
        path.to_string()
            .replace('\'', r"\'")
            .replace(' ', r"\ ")
            .replace('(', r"\("),
        format!("file://{}", path.to_string().replace(' ', "%20")),
        "~/films/it's (1).mkv".to_owned(),
    ];
    for form in &dropped {
        let mut ana = home.start(&[&HOST[..], &[form]].concat());
        ana.says("it's (1).mkv").await;
        assert_eq!(title(&home).await, "it's (1).mkv", "host {form}");
        for way in ["ctl", "/open"] {
            let other = home.run(&["ctl", "open", "other.mkv"]).await;
            assert_eq!(other.code, Some(0), "{other}");
            ana.says("other.mkv").await;
            if way == "ctl" {
                let opened = home.run(&["ctl", "open", form]).await;
                assert_eq!(opened.code, Some(0), "{form}: {opened}");
            } else {
                ana.types(&format!("/open {form}")).await;
            }
            ana.says("it's (1).mkv").await;
            assert_eq!(title(&home).await, "it's (1).mkv", "{way} {form}");
        }
    }
}

#[tokio::test]
async fn a_value_that_must_be_text_and_is_not_is_named() {
    let home = Home::new();
    let bad = OsStr::from_bytes(b"\xe9va");
    let film = OsStr::from_bytes(ODD);

    let mut flag = home.command(&["host"]);
    flag.arg(film).arg("--name").arg(bad);
    let mut joined = home.command(&["host"]);
    joined.arg(OsStr::from_bytes(b"--room=\xe9va")).arg(film);
    let mut text = home.command(&["send", "hi"]);
    text.arg(bad);

    assert_snapshot!(home.outcome(flag).await, @r"
    exit 2
    --- stderr
    error[usage]: the value of --name is not valid UTF-8: \xe9va
    ");
    assert_snapshot!(home.outcome(joined).await, @r"
    exit 2
    --- stderr
    error[usage]: the value of --room is not valid UTF-8: --room=\xe9va
    ");
    assert_snapshot!(home.outcome(text).await, @r"
    exit 2
    --- stderr
    error[usage]: an argument is not valid UTF-8: \xe9va
    ");
}

#[tokio::test]
async fn a_file_that_is_not_there_is_the_same_failure_at_the_control_socket() {
    let home = Home::new();
    home.write("Film.mkv", "a film");
    let mut ana = home.start(&HOST);
    ana.says("Send this line").await;

    let outcome = home.run(&["ctl", "open", "Flim.mkv"]).await;

    assert_snapshot!(outcome, @"
    exit 6
    --- stderr
    error[no_such_file]: no such file: Flim.mkv
    hint: did you mean Film.mkv?
    ");
}

/// The arguments with which ana opens a room; the film comes after them.
const HOST: [&str; 10] = [
    "host",
    "--plain",
    "--player",
    "none",
    "--port",
    "0",
    "--name",
    "ana",
    "--public",
    "127.0.0.1",
];

/// Returns the title of the current item in the room of the client that is running in a home.
async fn title(home: &Home) -> String {
    let status = home.run(&["status", "--json"]).await;
    let status: Value = serde_json::from_str(&status.stdout).expect("one object");
    status["item"]["title"].as_str().unwrap_or_default().to_owned()
}
