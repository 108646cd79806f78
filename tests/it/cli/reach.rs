//! Tests of how far away a client is that reaches a server: the machine's own addresses do not count as outside.

use rustix::process::Signal;
use tokio::process::Command;

use crate::program::{Home, PROGRAM, Running};

/// Shell commands that set up a network for the test, with an address that is public everywhere else.
const NETWORK: &str = "ip link set lo up && ip addr add 203.0.113.7/24 dev lo && exec \"$@\"";

#[tokio::test]
async fn a_join_from_the_same_machine_is_not_from_outside() {
    let home = Home::new();
    let ways: [&[&str]; 2] = [&["--net"], &["--user", "--map-root-user", "--net"]];
    let mut allowed = None;
    for ways in ways {
        let outcome = home.outcome(within(&home, ways, &["true"])).await;
        if outcome.code == Some(0) {
            allowed = Some(ways);
            break;
        }
    }
    let Some(ways) = allowed else {
        // Without permission to create a network, the rule itself is still tested in the protocol's network module.
        return;
    };
    let serve = ["serve", "--json", "--ephemeral", "--listen", "0.0.0.0:0"];
    let mut server = Running::of(within(&home, ways, &[&[PROGRAM], &serve[..]].concat()));
    let ready = server.ready().await;
    let (_, port) = ready["address"]
        .as_str()
        .and_then(|text| text.rsplit_once(':'))
        .expect("a port");
    let address = format!("203.0.113.7:{port}");

    let mut enter = home.command_of("nsenter");
    enter.args(["--net", "--target", &server.pid().to_string()]);
    if ways.contains(&"--user") {
        enter.args(["--user", "--preserve-credentials"]);
    }
    enter.args([
        PROGRAM, "host", "--server", &address, "--plain", "--player", "none",
    ]);
    let mut host = Running::of(enter);
    host.says("Send this line").await;
    host.signal(Signal::TERM);
    host.end().await;
    server.signal(Signal::TERM);

    let end = server.end().await;
    assert!(!end.stdout.contains("reached"), "{end}");
}

/// Returns a command that runs in a separate network.
fn within(home: &Home, ways: &[&str], args: &[&str]) -> Command {
    let mut command = home.command_of("unshare");
    command.args(ways).args(["sh", "-c", NETWORK, "sh"]).args(args);
    command
}
