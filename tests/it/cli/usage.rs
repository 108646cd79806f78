//! Tests of the help, and of the messages for wrong command lines.

use insta::assert_snapshot;

use crate::program::Home;

#[tokio::test]
async fn help_names_every_subcommand_and_shows_examples() {
    let outcome = Home::new().run(&["-h"]).await;

    assert_snapshot!(outcome, @"
    exit 0
    --- stdout
    Watch films in sync with friends, from the terminal, each in your own mpv

    Usage: watchtogether [OPTIONS] [COMMAND]

    Commands:
      host         Open a room, print the invite, and watch
      serve        Run a server for rooms
      server       Back up, check or restore a server's rooms
      join         Join a room and watch
      status       Show the current session
      send         Send a chat message in the current session
      ctl          Control the current session
      events       Print what happens in the current session, one line per event
      config       Show the configuration, or print files to start from
      completions  Print shell completions
      demo         Play the bundled clip in three players and measure how far apart they are

    Options:
          --plain         Print a line per event instead of drawing a screen
      -v, --verbose...    Log more: -v for info, -vv for debug, -vvv for trace messages
      -q, --quiet         Print results and errors only
          --color <WHEN>  When to use colour [default: auto] [possible values: auto, always, never]
      -h, --help          Print help (see more with '--help')
      -V, --version       Print version

    Examples:
      watchtogether                               choose a film, paste an invite, or go back to a room
      watchtogether host film.mkv                 open a room and print the invite for your friends
      watchtogether join 'watchtogether://…'      join a room; your copy of the film is found for you
      watchtogether serve                         run a server on a machine that stays on
      watchtogether ctl pause                     control the session that runs on this machine
    ");
}

#[tokio::test]
async fn without_arguments_the_help_is_an_error() {
    let outcome = Home::new().run::<&str>(&[]).await;

    assert_eq!(outcome.code, Some(2));
    assert_eq!(outcome.stdout, "");
    assert!(
        outcome
            .stderr
            .contains("Usage: watchtogether [OPTIONS] [COMMAND]")
    );
}

#[tokio::test]
async fn each_subcommand_has_separate_help() {
    let home = Home::new();
    for word in [
        "host",
        "serve",
        "server",
        "join",
        "status",
        "send",
        "ctl",
        "events",
        "config",
        "completions",
        "demo",
    ] {
        let outcome = home.run(&[word, "--help"]).await;

        assert_eq!((outcome.code, outcome.stderr.as_str()), (Some(0), ""), "{word}");
        assert!(
            outcome.stdout.contains(&format!("Usage: watchtogether {word}")),
            "{word}"
        );
    }
}

#[tokio::test]
async fn the_version_is_one_line() {
    let outcome = Home::new().run(&["--version"]).await;

    assert_eq!(outcome.code, Some(0));
    assert_eq!(
        outcome.stdout,
        concat!("watchtogether ", env!("CARGO_PKG_VERSION"), "\n")
    );
}

#[tokio::test]
async fn an_unknown_flag_or_word_is_answered_with_the_nearest() {
    let home = Home::new();

    assert_snapshot!(home.run(&["host", "--nmae", "ana"]).await, @"
    exit 2
    --- stderr
    error: unexpected argument '--nmae' found

      tip: a similar argument exists: '--name'

    Usage: watchtogether host --name <NAME> [FILE|URL]

    For more information, try '--help'.
    ");
    assert_snapshot!(home.run(&["jion"]).await, @"
    exit 2
    --- stderr
    error: unrecognized subcommand 'jion'

      tip: a similar subcommand exists: 'join'

    Usage: watchtogether [OPTIONS] [COMMAND]

    For more information, try '--help'.
    ");
}

#[tokio::test]
async fn text_that_is_no_address_is_refused() {
    let home = Home::new();

    assert_snapshot!(home.run(&["host", "--server", "two words"]).await, @r#"
    exit 2
    --- stderr
    error: invalid value 'two words' for '--server <HOST[:PORT]>': "two words" is not a host name

    For more information, try '--help'.
    "#);
    assert_snapshot!(home.run(&["host", "--server", "box.example.org:99999"]).await, @r#"
    exit 2
    --- stderr
    error: invalid value 'box.example.org:99999' for '--server <HOST[:PORT]>': "99999" is not a UDP port, a number from 1 to 65535

    For more information, try '--help'.
    "#);
    assert_snapshot!(home.run(&["serve", "--listen", "everywhere"]).await, @"
    exit 2
    --- stderr
    error: invalid value 'everywhere' for '--listen <ADDR:PORT>': an address with a port is needed, such as [::]:7843 or 0.0.0.0:7843

    For more information, try '--help'.
    ");
}

#[tokio::test]
async fn an_option_of_mpv_without_a_key_is_refused() {
    let outcome = Home::new().run(&["host", "--mpv-option", "=50"]).await;

    assert_snapshot!(outcome, @"
    exit 2
    --- stderr
    error: invalid value '=50' for '--mpv-option <KEY=VALUE>': an option looks like KEY=VALUE, as in mpv.conf

    For more information, try '--help'.
    ");
}

#[tokio::test]
async fn flags_that_exclude_each_other_are_named() {
    let outcome = Home::new()
        .run(&["host", "--server", "box.example.org", "--port", "4"])
        .await;

    assert_snapshot!(outcome, @"
    exit 2
    --- stderr
    error: the argument '--server <HOST[:PORT]>' cannot be used with '--port <PORT>'

    Usage: watchtogether host --server <HOST[:PORT]> [FILE|URL]

    For more information, try '--help'.
    ");
}

#[tokio::test]
async fn a_name_without_a_visible_character_is_refused() {
    let outcome = Home::new().run(&["host", "--name", " "]).await;

    assert_snapshot!(outcome, @"
    exit 2
    --- stderr
    error: invalid value ' ' for '--name <NAME>': a name needs at least one visible character

    For more information, try '--help'.
    ");
}

#[tokio::test]
async fn an_unknown_kind_of_access_is_refused_with_those_that_there_are() {
    let outcome = Home::new().run(&["host", "--access", "everybody"]).await;

    assert_snapshot!(outcome, @"
    exit 2
    --- stderr
    error: invalid value 'everybody' for '--access <ACCESS>'
      [possible values: open, invite, password]

    For more information, try '--help'.
    ");
}

#[tokio::test]
async fn an_invalid_invite_is_refused_with_a_hint() {
    let home = Home::new();

    assert_snapshot!(home.run(&["join", "watchtogether://"]).await, @"
    exit 2
    --- stderr
    error[bad_invite]: the address has no host name
    hint: ask the host for the invite again, and paste all of it
    ");
    assert_snapshot!(home.run(&["join", "watchtogether://h/r#k=short"]).await, @"
    exit 2
    --- stderr
    error[bad_invite]: the invite was cut or mistyped: its key is not complete
    hint: ask the host for the invite again, and paste all of it
    ");
    assert_snapshot!(home.run_with(&["join", "-"], "\n").await, @"
    exit 2
    --- stderr
    error[bad_invite]: the invite is empty
    hint: ask the host for the invite again, and paste all of it
    ");
}

#[tokio::test]
async fn an_address_without_a_room_is_not_enough() {
    let outcome = Home::new().run(&["join", "box.example.org:7843"]).await;

    assert_snapshot!(outcome, @"
    exit 2
    --- stderr
    error[usage]: the address does not name a room
    hint: write it as HOST:PORT/ROOM
    ");
}

#[tokio::test]
async fn without_a_terminal_nobody_is_asked_for_the_invite() {
    let outcome = Home::new().run(&["join"]).await;

    assert_snapshot!(outcome, @"
    exit 2
    --- stderr
    error[usage]: no invite given
    hint: use watchtogether join 'watchtogether://…', or - to read the invite from standard input
    ");
}

#[tokio::test]
async fn a_room_with_a_password_needs_one() {
    let home = Home::new();

    assert_snapshot!(home.run(&["host", "--access", "password"]).await, @"
    exit 2
    --- stderr
    error[usage]: no password given for the room
    hint: use --password-file FILE, or set WATCHTOGETHER_PASSWORD
    ");
    assert_snapshot!(home.run(&["host", "--access", "password", "--password-file", "nowhere"]).await, @"
    exit 2
    --- stderr
    error[usage]: cannot read nowhere
      No such file or directory (os error 2)
    ");
    home.write("empty", "\n");
    assert_snapshot!(home.run(&["host", "--access", "password", "--password-file", "empty"]).await, @"
    exit 2
    --- stderr
    error[usage]: no password given for the room
    hint: use --password-file FILE, or set WATCHTOGETHER_PASSWORD
    ");
}

#[tokio::test]
async fn a_missing_film_is_reported_before_anything_starts() {
    let home = Home::new();

    assert_snapshot!(home.run(&["host", "nowhere.mkv"]).await, @"
    exit 6
    --- stderr
    error[no_such_file]: no such file: nowhere.mkv
    hint: give the path to a file, or a link that begins with http:// or https://
    ");
    assert_snapshot!(home.run(&["host", "."]).await, @"
    exit 6
    --- stderr
    error[no_such_file]: . is not a file
    hint: give the path to a file, or a link that begins with http:// or https://
    ");
    assert!(!home.path().join("state").exists(), "no server was started");
}

#[tokio::test]
async fn only_links_of_the_web_are_opened() {
    let outcome = Home::new().run(&["host", "ftp://example.org/film.mkv"]).await;

    assert_snapshot!(outcome, @"
    exit 2
    --- stderr
    error[bad_link]: a link begins with http:// or https://
    hint: links begin with http:// or https://; for a file, give its path
    ");
}

#[tokio::test]
async fn scripts_fail_with_a_clear_error_without_a_running_client() {
    let home = Home::new();

    assert_snapshot!(home.run(&["status"]).await, @"
    exit 6
    --- stderr
    error[no_session]: no session is running on this machine
    hint: start one with watchtogether host or watchtogether join
    ");
    assert_snapshot!(home.run(&["status", "--json"]).await, @r#"
    exit 6
    --- stdout
    {"error":{"code":"no_session","exit":6,"hint":"start one with watchtogether host or watchtogether join","message":"no session is running on this machine"},"v":1}
    "#);
    assert_snapshot!(home.run(&["ctl", "pause", "--session", "4"]).await, @"
    exit 6
    --- stderr
    error[no_session]: no session is running as process 4
    hint: start one with watchtogether host or watchtogether join
    ");
    for args in [["send", "hello"], ["ctl", "play"], ["events", "--json"]] {
        assert_eq!(home.run(&args).await.code, Some(6), "{args:?}");
    }
}

#[tokio::test]
async fn an_unreadable_time_or_event_type_is_refused() {
    let home = Home::new();

    assert_snapshot!(home.run(&["ctl", "seek", "ten"]).await, @r#"
    exit 2
    --- stderr
    error[bad_request]: "ten" is not a time
    hint: write a time as 90, 1:30, 1:02:03, 90s, 2m or 1h; +10 and -10 are relative
    "#);
    assert_snapshot!(home.run(&["events", "--type", "chat,dance"]).await, @r#"
    exit 2
    --- stderr
    error[bad_request]: unknown event type "dance"
    hint: the types are chat, join, leave, role, play, pause, seek, speed, setting, undo, wait, item, sync, telemetry, bans, storage, player, link, error, gap
    "#);
}

#[tokio::test]
async fn completions_are_made_for_every_shell() {
    let home = Home::new();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let outcome = home.run(&["completions", shell]).await;

        assert_eq!((outcome.code, outcome.stderr.as_str()), (Some(0), ""), "{shell}");
        assert!(outcome.stdout.contains("watchtogether"), "{shell}");
        assert!(outcome.stdout.contains("on-stall"), "{shell}");
    }
}
