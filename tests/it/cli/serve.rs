//! Tests of a server without a client.

use std::net::{SocketAddr, UdpSocket};

use insta::assert_snapshot;
use rustix::process::{Pid, Resource, Rlimit, Signal, prlimit};
use serde_json::Value;

use crate::program::{Home, Running};

#[tokio::test]
async fn the_ready_line_names_the_address_the_key_and_the_version() {
    let home = Home::new();
    let mut server = home.start(&["serve", "--listen", "127.0.0.1:0"]);

    let line = server.says("serving on UDP").await;

    let words: Vec<&str> = line.split([' ', ',']).filter(|word| !word.is_empty()).collect();
    let [
        "serving",
        "on",
        "UDP",
        address,
        "key",
        pin,
        "in",
        "words",
        in_words,
        "version",
        version,
    ] = words[..]
    else {
        panic!("{line}");
    };
    let address: SocketAddr = address.parse().expect("an address");
    assert!(address.ip().is_loopback() && address.port() != 0, "{address}");
    let pin = pin.parse().expect("a pin");
    assert_eq!(
        in_words,
        watchtogether::transport::four_words(pin),
        "as clients show it"
    );
    assert_eq!(version, env!("CARGO_PKG_VERSION"));
}

#[tokio::test]
async fn the_json_ready_line_matches_and_the_key_survives_the_server() {
    let home = Home::new();
    let mut pins = Vec::new();
    for _ in 0..2 {
        let mut server = home.start(&[
            "serve",
            "--listen",
            "127.0.0.1:0",
            "--state-dir",
            "keys",
            "--json",
        ]);

        let ready = server.ready().await;

        assert_eq!((&ready["v"], &ready["type"]), (&1.into(), &"ready".into()));
        assert_eq!(ready["version"], env!("CARGO_PKG_VERSION"));
        let address = ready["address"].as_str().expect("an address");
        assert_ne!(address.parse::<SocketAddr>().expect("an address").port(), 0);
        let pin = ready["pin"].as_str().expect("a pin").parse().expect("a pin");
        assert_eq!(ready["words"], watchtogether::transport::four_words(pin));
        pins.push(ready["pin"].clone());
        server.signal(Signal::TERM);
        server.end().await;
    }
    assert_eq!(pins[0], pins[1]);
}

#[tokio::test]
async fn asked_to_end_it_ends_well() {
    for signal in [Signal::TERM, Signal::INT, Signal::HUP] {
        let home = Home::new();
        let mut server = home.start(&["serve", "--listen", "127.0.0.1:0"]);
        server.says("serving").await;

        server.signal(signal);

        let outcome = server.end().await;
        assert_eq!(
            (outcome.code, outcome.stderr.as_str()),
            (Some(0), ""),
            "{signal:?}"
        );
    }
}

/// Starts a server, and ana's room on it.
async fn server_and_ana(home: &Home) -> (Running, Running) {
    let mut server = home.start(&["serve", "--listen", "127.0.0.1:0", "--json"]);
    let ready = server.ready().await;
    let address = ready["address"].as_str().expect("an address");
    let mut ana = home.start(&["host", "--server", address, "--plain", "--player", "none"]);
    ana.says("Send this line").await;
    (server, ana)
}

#[tokio::test]
async fn a_server_that_ends_notifies_its_members() {
    let home = Home::new();
    let (server, mut ana) = server_and_ana(&home).await;

    server.signal(Signal::TERM);

    ana.says("the server is shutting down").await;
    assert_eq!(server.end().await.code, Some(0));
}

#[tokio::test]
async fn local_clients_are_limited_if_configured() {
    let home = Home::new();
    let mut server = home.start(&[
        "serve",
        "--listen",
        "127.0.0.1:0",
        "--exempt-loopback=false",
        "--json",
    ]);
    let ready = server.ready().await;
    let address = ready["address"].as_str().expect("an address");
    let host = |room| {
        [
            "host", "--server", address, "--plain", "--player", "none", "--room", room,
        ]
    };

    let mut hosts = Vec::new();
    for room in ["one", "two", "three", "four", "five"] {
        let mut ana = home.start(&host(room));
        ana.says("Send this line").await;
        hosts.push(ana);
    }
    let one_too_many = home.run(&host("six")).await;

    assert_eq!(one_too_many.code, Some(4));
    assert!(
        one_too_many.stderr.contains("error[rate_limited]"),
        "{one_too_many}"
    );
}

#[tokio::test]
async fn limits_of_the_file_and_of_the_environment_hold() {
    let home = Home::new();
    home.write("config/watchtogether/server.toml", "[rooms]\nmembers = 1\n");
    let mut command = home.command(&["serve", "--listen", "127.0.0.1:0", "--json"]);
    command.env("WATCHTOGETHER_SERVE_ROOMS_OPEN", "1");
    let mut server = Running::of(command);
    let ready = server.ready().await;
    let address = ready["address"].as_str().expect("an address");
    let mut ana = home.start(&["host", "--server", address, "--plain", "--player", "none"]);
    let invite = ana.invite().await;

    let one_member_too_many = home
        .run(&["join", &invite, "--plain", "--player", "none", "--name", "bo"])
        .await;
    let one_room_too_many = home
        .run(&[
            "host", "--server", address, "--plain", "--player", "none", "--room", "two",
        ])
        .await;

    for (outcome, word) in [
        (one_member_too_many, "room_full"),
        (one_room_too_many, "server_busy"),
    ] {
        assert_eq!(outcome.code, Some(4), "{outcome}");
        assert!(outcome.stderr.contains(&format!("error[{word}]")), "{outcome}");
    }
}

#[tokio::test]
async fn a_host_is_told_the_lines_of_mistakes_in_the_servers_configuration() {
    let home = Home::new();
    home.write("config/watchtogether/server.toml", "[rooms]\nmembers = 0\n");
    let mut command = home.command(&["host", "--plain", "--player", "none", "--port", "0"]);
    command.env("WATCHTOGETHER_SERVE_SEATS_HSOT", "30s");

    let outcome = home.outcome(command).await;

    assert_snapshot!(outcome, @"
    exit 2
    --- stderr
    error[config]: the configuration has 2 mistakes
      [HOME]/config/watchtogether/server.toml:2: rooms.members: 0 is out of range (from 1 to 4096)
      WATCHTOGETHER_SERVE_SEATS_HSOT: unknown variable (did you mean WATCHTOGETHER_SERVE_SEATS_HOST?)
    hint: watchtogether config init --server prints a configuration to start from
    ");
}

#[tokio::test]
async fn a_folder_in_the_place_of_the_file_is_reported_without_a_line() {
    let home = Home::new();
    home.write("config/watchtogether/server.toml/inside", "");

    let outcome = home.run(&["serve", "--listen", "127.0.0.1:0"]).await;

    assert_eq!(outcome.code, Some(2), "{outcome}");
    assert!(
        outcome
            .stderr
            .contains("watchtogether/server.toml: cannot read the file: "),
        "{outcome}"
    );
}

#[tokio::test]
async fn all_wrong_limits_are_reported_at_once_and_nothing_is_served() {
    let home = Home::new();
    home.write(
        "config/watchtogether/server.toml",
        "[rooms]\nmembers = 5000\nempty = \"soon\"\n[seats]\nhost = \"3m\"\n",
    );
    let mut command = home.command(&["serve", "--listen", "127.0.0.1:0"]);
    command.env("WATCHTOGETHER_SERVE_MEMBERS_CHAT", "often");

    let outcome = home.outcome(command).await;

    assert_snapshot!(outcome, @r#"
    exit 2
    --- stderr
    error[config]: the configuration has 4 mistakes
      [HOME]/config/watchtogether/server.toml:2: rooms.members: 5000 is out of range (from 1 to 4096)
      [HOME]/config/watchtogether/server.toml:3: rooms.empty: "soon" is not a time (such as 90, "250ms", "2m", "1h" or "7d")
      [HOME]/config/watchtogether/server.toml:5: seats.host: 3m is longer than seats.member, 2m (raise seats.member, or lower seats.host)
      WATCHTOGETHER_SERVE_MEMBERS_CHAT: members.chat: "often" is not a budget (such as "5/1s": five at once, then one a second)
    hint: watchtogether config init --server prints a configuration to start from
    "#);
}

#[tokio::test]
async fn a_limit_on_the_size_of_files_is_a_disk_that_takes_nothing() {
    let home = Home::new();
    let (server, mut ana) = server_and_ana(&home).await;
    let limited = |size| {
        let pid = Pid::from_raw(server.pid().cast_signed());
        let limit = Rlimit {
            current: size,
            maximum: None,
        };
        prlimit(pid, Resource::Fsize, limit).expect("our own child may be limited");
    };

    limited(Some(0));
    ana.types("is it saved?").await;
    ana.says("Not saved").await;
    limited(None);

    ana.says("Saved again").await;
}

#[tokio::test]
async fn a_port_that_is_in_use_is_reported() {
    let taken = UdpSocket::bind("127.0.0.1:0").expect("a free port");
    let address = taken.local_addr().expect("an address").to_string();
    let home = Home::new();

    let outcome = home.run(&["serve", "--listen", &address]).await;

    let text = outcome.to_string().replace(&address, "[ADDRESS]");
    assert_snapshot!(text, @"
    exit 1
    --- stderr
    error[port_in_use]: UDP [ADDRESS] is in use by another program
    hint: another server may be running; --listen '[::]:0' uses any free port
    ");
}

#[tokio::test]
async fn an_unusable_state_folder_is_reported() {
    let home = Home::new();
    home.write("file", "");

    let args = ["serve", "--listen", "127.0.0.1:0", "--state-dir", "file"];

    assert_snapshot!(home.run(&args).await, @"
    exit 1
    --- stderr
    error[not_serving]: cannot use the state folder file
      file is not a folder
    hint: use another folder with --state-dir, or save nothing with --ephemeral
    ");
}

#[tokio::test]
async fn a_key_that_is_damaged_is_not_replaced() {
    let home = Home::new();
    let args = ["serve", "--listen", "127.0.0.1:0", "--state-dir", "keys"];
    let mut server = home.start(&args);
    server.says("serving").await;
    server.signal(Signal::TERM);
    server.end().await;
    let keys = std::fs::read_dir(home.path().join("keys")).expect("made");
    for key in keys {
        std::fs::write(key.expect("readable").path(), "no key").expect("ours");
    }

    let outcome = home.run(&args).await;

    assert_snapshot!(outcome, @"
    exit 1
    --- stderr
    error[not_serving]: keys/server-key.pem is damaged: restore it from a backup, or delete it and send new invites
    hint: name the folder that has the server's key with --state-dir
    ");
}

#[tokio::test]
async fn with_json_even_a_failure_is_an_object() {
    let home = Home::new();
    home.write("file", "");

    let outcome = home
        .run(&[
            "serve",
            "--listen",
            "127.0.0.1:0",
            "--state-dir",
            "file",
            "--json",
        ])
        .await;

    let value: Value = serde_json::from_str(&outcome.stdout).expect("one object");
    assert_eq!(value["error"]["code"], "not_serving");
    assert_eq!((outcome.code, outcome.stderr.as_str()), (Some(1), ""));
}

#[tokio::test]
async fn the_servers_file_is_checked_like_the_clients() {
    let home = Home::new();
    home.write(
        "config/watchtogether/server.toml",
        "listen = \"everywhere\"\nport = 3\n",
    );

    assert_snapshot!(home.run(&["serve"]).await, @r#"
    exit 2
    --- stderr
    error[config]: the configuration has 2 mistakes
      [HOME]/config/watchtogether/server.toml:1: listen: "everywhere" is not an address with a port, such as [::]:7843 or 0.0.0.0:7843
      [HOME]/config/watchtogether/server.toml:2: unknown key "port" (watchtogether config show --server lists all keys)
    hint: watchtogether config init --server prints a configuration to start from
    "#);
}
