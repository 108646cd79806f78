//! Tests of the files that the program keeps on the user's disk: in folders that cannot be written, and with other people's files
//! in their place.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;

use tokio::process::Command;

use crate::program::{Home, Running};

const HOST: [&str; 9] = [
    "host",
    "--plain",
    "--player",
    "none",
    "--port",
    "0",
    "--room",
    "film",
    "--public=127.0.0.1",
];

/// Returns the program in a home in which no file can be created.
fn homeless(home: &Home, args: &[&str]) -> Command {
    let mut command = home.command(args);
    for variable in ["XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"] {
        command.env_remove(variable);
    }
    command.env("HOME", "/dev/null");
    command
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).expect("it is ours");
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).expect("it is there").permissions().mode() & 0o777
}

#[tokio::test]
async fn a_seat_that_cannot_be_saved_is_reported_once() {
    let home = Home::new();
    home.write("state/watchtogether/seats", "a file where the folder should be");
    let mut ana = home.start(&HOST);

    ana.says("Your seat cannot be saved on this machine").await;
    ana.types("hello").await;
    ana.says("hello").await;

    assert_eq!(home.run(&["ctl", "quit"]).await.code, Some(0));
    let end = ana.end().await;
    assert!(!end.to_string().contains("seat cannot be saved"), "{end}");
}

#[tokio::test]
async fn rooms_work_without_a_home_and_unsaved_state_is_reported_once() {
    let (home, at_bo) = (Home::new(), Home::new());
    let mut ana = Running::of(homeless(&home, &HOST));
    let invite = ana.invite().await;
    let join = ["join", &invite, "--plain", "--player", "none", "--name", "bo"];
    let mut bo = Running::of(homeless(&at_bo, &join));
    bo.says("2 people: ana (host), you.").await;
    bo.types("hello").await;
    ana.says("<bo> hello").await;

    assert_eq!(at_bo.run(&["ctl", "quit"]).await.code, Some(0));
    assert_eq!(home.run(&["ctl", "quit"]).await.code, Some(0));

    for end in [bo.end().await, ana.end().await] {
        let warning = "warning: nothing will be saved on this machine: cannot use \
                       /dev/null/.local/state/watchtogether (not a directory)\n";
        assert_eq!(
            (end.code, end.stderr.matches(warning).count()),
            (Some(0), 1),
            "{end}"
        );
    }
}

#[tokio::test]
async fn without_a_home_a_typed_address_is_trusted_for_one_session() {
    let (home, at_bo) = (Home::new(), Home::new());
    let mut server = home.start(&["serve", "--ephemeral", "--listen", "127.0.0.1:0"]);
    let line = server.says("serving on UDP").await;
    let address = line.split([' ', ',']).nth(3).expect("an address").to_owned();
    let args = [
        "host", "--plain", "--player", "none", "--server", &address, "--room", "film",
    ];

    let mut bo = Running::of(homeless(&at_bo, &args));

    bo.says("Send this line").await;
    assert_eq!(at_bo.run(&["ctl", "quit"]).await.code, Some(0));

    let end = bo.end().await;
    assert!(end.stderr.contains("New server. Its key in words: "), "{end}");
}

#[tokio::test]
async fn a_server_that_cannot_save_reports_the_folder_the_reason_and_the_alternative() {
    let home = Home::new();
    let args = ["serve", "--listen", "127.0.0.1:0"];

    let refused = home.outcome(homeless(&home, &args)).await;
    let mut ephemeral = Running::of(homeless(&home, &[&args[..], &["--ephemeral"]].concat()));

    assert_eq!(refused.code, Some(1), "{refused}");
    for expected in [
        "/dev/null/.local/state/watchtogether/server",
        "save nothing with --ephemeral",
    ] {
        assert!(refused.stderr.contains(expected), "{refused}");
    }
    ephemeral.says("serving on UDP").await;
}

#[tokio::test]
async fn a_state_folder_that_others_may_write_to_is_named_and_gets_nothing() {
    let home = Home::new();
    let state = home.path().join("state/watchtogether");
    fs::create_dir_all(&state).expect("ours");
    set_mode(&state, 0o777);
    let mut ana = home.start(&HOST);
    ana.invite().await;

    assert_eq!(home.run(&["ctl", "quit"]).await.code, Some(0));
    let served = home
        .run(&[
            "serve",
            "--listen",
            "127.0.0.1:0",
            "--state-dir",
            "state/watchtogether",
        ])
        .await;

    let end = ana.end().await;
    let way_out = format!("chmod 700 {}", state.display());
    assert!(end.stderr.contains(&way_out), "{end}");
    assert_eq!(fs::read_dir(&state).expect("ours").count(), 0);
    assert_eq!(served.code, Some(1), "{served}");
    assert!(
        served.stderr.contains("chmod 700 state/watchtogether"),
        "{served}"
    );
}

#[tokio::test]
async fn a_symlink_in_the_place_of_a_log_is_not_followed() {
    let home = Home::new();
    let precious = home.write("precious", "mine");
    let state = home.path().join("state/watchtogether");
    fs::create_dir_all(&state).expect("ours");
    for name in ["client.log", "server.log"] {
        symlink(&precious, state.join(name)).expect("linked");
    }

    let refused = home.run(&HOST).await;
    assert_eq!(refused.code, Some(1), "{refused}");
    assert!(refused.stderr.contains("client.log is a link"), "{refused}");
    fs::remove_file(state.join("client.log")).expect("ours");
    let mut ana = home.start(&HOST);
    ana.invite().await;

    assert_eq!(fs::read_to_string(&precious).expect("there"), "mine");
}

#[tokio::test]
async fn logs_and_lists_are_their_users_alone() {
    let home = Home::new();
    let state = home.path().join("state/watchtogether");
    let server_log = home.write("state/watchtogether/server.log", "of an older program");
    set_mode(&server_log, 0o644);
    let mut ana = home.start(&HOST);
    ana.invite().await;
    assert_eq!(home.run(&["ctl", "quit"]).await.code, Some(0));
    ana.end().await;

    let mut folders = vec![state];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("ours").flatten() {
            let (path, is_folder) = (entry.path(), entry.path().is_dir());
            let wanted = if is_folder { 0o700 } else { 0o600 };
            assert_eq!(mode(&path), wanted, "{}", path.display());
            folders.extend(is_folder.then_some(path));
        }
    }
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn an_invite_is_not_in_the_list_of_processes() {
    let (home, at_bo) = (Home::new(), Home::new());
    let mut ana = home.start(&HOST);
    let invite = ana.invite().await;
    let join = ["join", &invite, "--plain", "--player", "none", "--name", "bo"];
    let mut bo = at_bo.start(&join);
    bo.says("2 people: ana (host), you.").await;

    let line = fs::read(format!("/proc/{}/cmdline", bo.pid())).expect("it runs");

    let line = String::from_utf8(line).expect("text").replace('\0', " ");
    let hidden = "x".repeat(invite.len());
    assert!(line.contains(&format!(" join {hidden} --plain ")), "{line}");
}
