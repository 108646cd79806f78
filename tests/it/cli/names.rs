//! Tests of room names, and of invites in the forms in which people send them on.

use insta::assert_snapshot;

use crate::program::{Home, Running};

#[tokio::test]
async fn rooms_of_films_in_any_script_have_distinct_names() {
    let (home, at_bo) = (Home::new(), Home::new());
    let (_server, address) = serving(&home).await;
    let films = [
        (&home, "Ирония судьбы.mkv", "ironiya-sudby"),
        (&home, "Брат.mkv", "brat"),
        (&at_bo, "Брат.mkv", "brat-2"),
    ];
    let mut hosts = Vec::new();
    for (home, film, room) in films {
        home.write(film, film);
        let mut host = home.start(&["host", film, "--server", &address, "--plain", "--player", "none"]);

        let line = host.says("Send this line").await;

        assert!(line.contains(&format!("{address}/{room}#")), "{line}");
        hosts.push(host);
    }

    let args = [
        "host", "--server", &address, "--plain", "--player", "none", "--room", "brat",
    ];
    let chosen = at_bo.run(&args).await;

    assert_eq!(chosen.code, Some(4), "a name that was chosen stays: {chosen}");
}

#[tokio::test]
async fn another_client_fits_the_strictest_server_however_many_show_a_film() {
    let home = Home::new();
    home.write("config/watchtogether/server.toml", "[connections]\ntries = 3\n");
    let (_server, address) = serving(&home).await;
    let homes = [Home::new(), Home::new(), Home::new(), Home::new()];
    let (mut hosts, mut rooms) = (Vec::new(), Vec::new());

    for home in &homes {
        home.write("film.mkv", "film");
        let mut host = home.start(&[
            "host", "film.mkv", "--server", &address, "--plain", "--player", "none",
        ]);
        let line = host.says("Send this line").await;
        let room = line.split_once(&format!("{address}/")).expect("an invite").1;
        rooms.push(room.split('#').next().unwrap_or_default().to_owned());
        hosts.push(host);
    }

    assert_eq!(rooms[..3], ["film", "film-2", "film-3"]);
    assert!(!rooms[3].starts_with("film"), "the server's own: {rooms:?}");
}

#[tokio::test]
async fn a_room_name_that_is_changed_is_reported() {
    let home = Home::new();
    let args = ["host", "--plain", "--player", "none", "--port", "0", "--room"];

    let mut host = home.start(&[&args[..], &["Movie Night!"]].concat());
    let line = host.says("Send this line").await;
    host.signal(rustix::process::Signal::TERM);
    let end = host.end().await;
    let nothing = home.run(&[&args[..], &["!!!"]].concat()).await;

    assert!(line.contains("/movie-night#"), "{line}");
    assert!(end.stderr.contains("the room is called movie-night"), "{end}");
    assert_snapshot!(nothing, @"
    exit 2
    --- stderr
    error: invalid value '!!!' for '--room <ROOM>': a room's name can have a-z, 0-9, '-', '_' and '.', but not '!'

    For more information, try '--help'.
    ");
}

#[tokio::test]
async fn an_invite_is_found_in_the_text_around_it() {
    let home = Home::new();
    let (_server, address) = serving(&home).await;
    let mut host = home.start(&[
        "host", "--server", &address, "--plain", "--player", "none", "--room", "film", "--name", "ana",
    ]);
    let invite = host.invite().await;
    let (first, second) = invite.split_at(60);
    let args = ["join", "-", "--plain", "--player", "none", "--name", "bo"];

    for text in [
        format!("Hi!\n\nCome in: {invite}.\nSee you"),
        format!("> {first}\n> {second}\n"),
        format!("\u{201c}{invite}\u{201d}\n"),
        format!("[film]({invite})\n"),
    ] {
        let mut bo = home.start(&args);
        bo.types(&text).await;
        bo.says("2 people: ana (host), you").await;
        bo.signal(rustix::process::Signal::TERM);
        bo.end().await;
        host.says("bo left").await;
    }
}

#[tokio::test]
async fn an_invite_cut_by_a_shell_and_a_port_without_brackets_are_explained() {
    let home = Home::new();
    let (_server, address) = serving(&home).await;
    let mut host = home.start(&["host", "--server", &address, "--plain", "--player", "none"]);
    let invite = host.invite().await;
    let script = format!("exec \"$0\" join {invite} --plain --player none");
    let cut = script.split('&').next().expect("a beginning").to_owned() + " --plain --player none";

    let cut = home.outcome(home.shell(&cut)).await;
    let port = home.run(&["join", "::1:9210/v6"]).await;

    assert_snapshot!(cut, @"
    exit 4
    --- stderr
    error[not_admitted]: no such room, or the invite or password is wrong
    hint: the invite lost its end (&t=…) because the shell cuts it at the &; put it in quotes: watchtogether join 'watchtogether://…'
    ");
    assert_snapshot!(port, @"
    exit 2
    --- stderr
    error[bad_invite]: an IPv6 address with a port needs brackets: type [::1]:9210
    hint: without brackets, all of it is taken as the address
    ");
}

#[tokio::test]
async fn a_line_that_is_too_long_is_refused_before_a_client_is_looked_for() {
    let home = Home::new();
    let long = "x".repeat(70_000);

    let named = home.run(&["send", &long]).await;
    let piped = home.run_with(&["send"], &"x".repeat(2_000_000)).await;

    assert_snapshot!(named, @"
    exit 2
    --- stderr
    error[bad_request]: a message has at most 2,000 characters
    ");
    assert_eq!(piped.to_string(), named.to_string());
}

#[tokio::test]
async fn a_request_that_is_too_long_is_refused_with_its_limit() {
    let home = Home::new();
    let mut host = home.start(&["host", "--plain", "--player", "none", "--port", "0"]);
    host.says("Send this line").await;
    let long = "x".repeat(70_000);

    for args in [["ctl", "host"], ["ctl", "kick"], ["ctl", "ban"], ["ctl", "unban"]] {
        let outcome = home.run(&[&args[..], &[&long]].concat()).await;

        assert_eq!(outcome.code, Some(2), "{args:?}: {outcome}");
        assert!(
            outcome.stderr.contains("a request has at most 64 KiB"),
            "{outcome}"
        );
    }
}

#[tokio::test]
async fn a_name_that_nobody_can_have_is_refused_alike_by_the_command_line_and_by_the_server() {
    let (home, at_bo) = (Home::new(), Home::new());
    let mut host = home.start(&[
        "host",
        "--plain",
        "--player",
        "none",
        "--port",
        "0",
        "--public",
        "127.0.0.1",
    ]);
    let invite = host.invite().await;

    for name in ["host", "Host", "Ana (host)"] {
        let refused = at_bo
            .run(&["join", &invite, "--plain", "--player", "none", "--name", name])
            .await;

        assert_eq!(refused.code, Some(4), "{name}: {refused}");
        let expected = "error[name_reserved]: that name is reserved\nhint: choose another name with --name\n";
        assert!(refused.stderr.ends_with(expected), "{name}: {refused}");
    }
}

/// Starts a server that stores nothing, and returns its address.
async fn serving(home: &Home) -> (Running, String) {
    let mut server = home.start(&["serve", "--listen", "127.0.0.1:0", "--ephemeral", "--json"]);
    let ready = server.ready().await;
    let address = ready["address"].as_str().expect("an address").to_owned();
    (server, address)
}
