//! Tests of the configuration from outside: values, their sources, and mistakes.

use insta::assert_snapshot;

use crate::program::Home;

#[tokio::test]
async fn without_a_file_everything_is_a_default() {
    let outcome = Home::new().run(&["config", "show"]).await;

    assert_snapshot!(outcome, @"
    exit 0
    --- stdout
    name                 ana
    server               -
    port                 -
    media_dirs           [HOME]/Videos
    mpv_options          -
    player               mpv
    access               invite
    on_stall             wait
    ui                   full
    verbosity            normal
    announce             off
    say                  -
    color                auto
    glyphs               auto
    offline_pause_after  120s
    mouse                true
    scrollback           true
    ");
}

#[tokio::test]
async fn a_variable_overrides_the_file_and_each_value_has_its_origin() {
    let home = Home::new();
    home.write(
        "config/watchtogether/client.toml",
        "name = \"bo\"\naccess = \"open\"\nmedia_dirs = [\"~/Films\", \"/srv/films\"]\nmpv_options = [\"volume=50\"]\n",
    );
    let mut command = home.command(&["config", "show", "--origin"]);
    command.env("WATCHTOGETHER_NAME", "chi");

    let outcome = home.outcome(command).await;

    assert_snapshot!(outcome, @"
    exit 0
    --- stdout
    name                 chi  # WATCHTOGETHER_NAME
    server               -  # default
    port                 -  # default
    media_dirs           [HOME]/Films  # [HOME]/config/watchtogether/client.toml:3
    media_dirs           /srv/films  # [HOME]/config/watchtogether/client.toml:3
    mpv_options          volume=50  # [HOME]/config/watchtogether/client.toml:4
    player               mpv  # default
    access               open  # [HOME]/config/watchtogether/client.toml:2
    on_stall             wait  # default
    ui                   full  # default
    verbosity            normal  # default
    announce             off  # default
    say                  -  # default
    color                auto  # default
    glyphs               auto  # default
    offline_pause_after  120s  # default
    mouse                true  # default
    scrollback           true  # default
    ");
}

#[tokio::test]
async fn a_flag_goes_before_a_variable() {
    let home = Home::new();
    home.write("config/watchtogether/client.toml", "color = \"auto\"\n");
    let mut command = home.command(&["config", "show", "--origin", "--color", "never"]);
    command.env("WATCHTOGETHER_COLOR", "always");

    let outcome = home.outcome(command).await;

    let color = outcome.stdout.lines().find(|line| line.starts_with("color"));
    assert_snapshot!(color.expect("a line"), @"color                never  # command line");
}

#[tokio::test]
async fn the_configuration_as_json_is_one_object_with_a_row_per_value() {
    let outcome = Home::new().run(&["config", "show", "--json"]).await;

    let value: serde_json::Value = serde_json::from_str(&outcome.stdout).expect("one object");
    assert_eq!(outcome.code, Some(0));
    assert_eq!(value["v"], 1);
    let rows = value["config"].as_array().expect("a list");
    let name = rows.iter().find(|row| row["key"] == "name").expect("a name");
    assert_eq!(
        (&name["value"], &name["origin"]),
        (&"ana".into(), &"default".into())
    );
}

#[tokio::test]
async fn all_mistakes_are_reported_at_once_with_their_places() {
    let home = Home::new();
    home.write(
        "config/watchtogether/client.toml",
        "nmae = \"bo\"\naccess = \"everybody\"\nmedia_dirs = [\"films\"]\nplayer = 3\n",
    );
    let mut command = home.command(&["config", "show"]);
    command.env("WATCHTOGETHER_UI", "huge");

    let outcome = home.outcome(command).await;

    assert_snapshot!(outcome, @r#"
    exit 2
    --- stderr
    error[config]: the configuration has 5 mistakes
      [HOME]/config/watchtogether/client.toml:1: unknown key "nmae" (did you mean name?)
      [HOME]/config/watchtogether/client.toml:2: access: "everybody" is not one of open, invite, password
      [HOME]/config/watchtogether/client.toml:3: media_dirs: "films" is not a full path: begin it with / or ~/
      [HOME]/config/watchtogether/client.toml:4: player: "3" is not one of mpv, none
      WATCHTOGETHER_UI: ui: "huge" is not one of full, plain
    hint: watchtogether config init prints a configuration to start from
    "#);
}

#[tokio::test]
async fn a_mistake_stops_what_would_use_the_configuration() {
    let home = Home::new();
    home.write("config/watchtogether/client.toml", "name = \n");

    assert_snapshot!(home.run(&["host", "--player", "none"]).await, @"
    exit 2
    --- stderr
    error[config]: the configuration has a mistake
      [HOME]/config/watchtogether/client.toml:1: string values must be quoted, expected literal string
    hint: watchtogether config init prints a configuration to start from
    ");
    assert_snapshot!(home.run(&["config", "show", "--json"]).await, @r#"
    exit 2
    --- stdout
    {"error":{"code":"config","details":["[HOME]/config/watchtogether/client.toml:1: string values must be quoted, expected literal string"],"exit":2,"hint":"watchtogether config init prints a configuration to start from","message":"the configuration has a mistake"},"v":1}
    "#);
}

#[tokio::test]
async fn the_file_to_begin_with_changes_nothing() {
    let home = Home::new();
    let without = home.run(&["config", "show"]).await;

    let file = home.run(&["config", "init"]).await;

    home.write("config/watchtogether/client.toml", &file.stdout);
    assert_eq!(home.run(&["config", "show"]).await.stdout, without.stdout);
}

#[tokio::test]
async fn the_servers_values_are_shown_with_all_limits_and_where_each_comes_from() {
    let home = Home::new();
    home.write(
        "config/watchtogether/server.toml",
        "exempt_loopback = false\n[rooms]\nmembers = 12\n",
    );
    let mut command = home.command(&["config", "show", "--server", "--origin"]);
    command.env("WATCHTOGETHER_SERVE_MEMBERS_CHAT", "3/2s");

    let outcome = home.outcome(command).await;

    let shown: Vec<&str> = outcome.stdout.lines().collect();
    assert_eq!(outcome.code, Some(0), "{outcome}");
    for line in [
        "listen                               [::]:7843  # default",
        "exempt_loopback                      false  # [HOME]/config/watchtogether/server.toml:1",
        "playback.prepare                     2s  # default",
        "rooms.members                        12  # [HOME]/config/watchtogether/server.toml:3",
        "members.chat                         3/2s  # WATCHTOGETHER_SERVE_MEMBERS_CHAT",
        "connections.message_bytes_per_second 64KiB  # default",
    ] {
        assert!(shown.contains(&line), "{line}\n{outcome}");
    }
}

#[tokio::test]
async fn the_servers_file_to_begin_with_changes_nothing() {
    let home = Home::new();
    let without = home.run(&["config", "show", "--server"]).await;

    let file = home.run(&["config", "init", "--server"]).await;

    home.write("config/watchtogether/server.toml", &file.stdout);
    let with = home.run(&["config", "show", "--server"]).await;
    assert_eq!(with.stdout, without.stdout);
}

#[tokio::test]
async fn paths_follow_the_environment() {
    let outcome = Home::new().run(&["config", "path"]).await;

    assert_snapshot!(outcome, @"
    exit 0
    --- stdout
    config   [HOME]/config/watchtogether/client.toml
    keys     [HOME]/config/watchtogether/keys.toml
    server   [HOME]/config/watchtogether/server.toml
    state    [HOME]/state/watchtogether
    runtime  [HOME]/run/watchtogether
    ");
}

#[tokio::test]
async fn the_keys_are_printed_as_a_file_that_changes_nothing_until_it_is_changed() {
    let home = Home::new();
    let printed = home.run(&["config", "keys"]).await;
    assert_eq!(printed.code, Some(0));
    assert!(
        printed.stdout.contains("\n# play-pause = \"Alt-P\" "),
        "{}",
        printed.stdout
    );

    // All lines of the template, uncommented.
    let bound: Vec<&str> = printed
        .stdout
        .lines()
        .skip_while(|line| !line.starts_with('['))
        .map(|line| line.strip_prefix("# ").unwrap_or(line))
        .collect();
    home.write("config/watchtogether/keys.toml", bound.join("\n"));

    assert_eq!(home.run(&["config", "show"]).await.code, Some(0));
}

#[tokio::test]
async fn mistakes_in_both_files_are_reported_at_once() {
    let home = Home::new();
    home.write("config/watchtogether/client.toml", "mouse = \"on\"\n");
    home.write(
        "config/watchtogether/keys.toml",
        "[chat]\nplay-puase = \"F9\"\npeople = [\"F8\", \"Hyper-X\"]\nsync-now = \"F8\"\nredraw = \"Ctrl-C\"\n\n\
         [keys]\nchat-mode = \"\"\nhelp = true\n",
    );

    assert_snapshot!(home.run(&["host", "--player", "none"]).await, @r#"
    exit 2
    --- stderr
    error[config]: the configuration has 7 mistakes
      [HOME]/config/watchtogether/client.toml:1: mouse: this must be true or false, not "on"
      [HOME]/config/watchtogether/keys.toml:2: unknown action "play-puase" (did you mean play-pause?)
      [HOME]/config/watchtogether/keys.toml:3: people: unknown key "Hyper-X" (write keys as Alt-P, Ctrl-G, F5, space, Shift-Left, PgUp or a letter)
      [HOME]/config/watchtogether/keys.toml:4: sync-now: F8 is already bound to people in line 3 (a key can do only one thing in each table)
      [HOME]/config/watchtogether/keys.toml:5: redraw: Ctrl-C always belongs to interrupt (you can give interrupt more keys)
      [HOME]/config/watchtogether/keys.toml:8: without a key for chat-mode you could not type again after keys-mode (bind chat-mode to a key in [keys])
      [HOME]/config/watchtogether/keys.toml:9: help: a key or a list of keys is needed (such as "Alt-P" or ["space", "p"], or "" for none)
    hint: watchtogether config init prints a configuration to start from
    "#);
}
