//! Tests of readers that close the pipe, as in `… | head -1`: that is not reported as a failure.

use std::process::Stdio;

use crate::program::Home;

#[tokio::test]
async fn an_answer_that_nobody_reads_ends_the_command_quietly() {
    let home = Home::new();
    for args in [
        &["--help"][..],
        &["completions", "bash"],
        &["config", "show"],
        &["config", "show", "--json"],
        &["config", "init"],
        &["status", "--json"],
        &["serve", "--listen", "127.0.0.1:0"],
    ] {
        let mut command = home.command(args);
        command.stdout(nobody());

        let outcome = home.outcome(command).await;

        let expected = if args[0] == "status" { 6 } else { 0 };
        assert_eq!(
            (outcome.code, outcome.stderr.as_str()),
            (Some(expected), ""),
            "{args:?}"
        );
    }
}

#[tokio::test]
async fn the_first_line_of_events_is_enough_for_some() {
    let home = Home::new();
    let args = [
        "host", "--plain", "--player", "none", "--port", "0", "--room", "film",
    ];
    let mut host = home.start(&args);
    host.says("Send this line").await;
    let head = home.shell("{ \"$0\" events --json; echo \"exit $?\" >&2; } | head -n 1");
    let talk = async {
        loop {
            home.run(&["send", "hello"]).await;
        }
    };

    let outcome = tokio::select! {
        outcome = home.outcome(head) => outcome,
        () = talk => unreachable!("it talks for ever"),
    };

    assert_eq!(outcome.stderr, "exit 0\n");
    assert_eq!(outcome.stdout.lines().count(), 1, "{outcome}");
}

/// Returns a pipe that nobody reads.
fn nobody() -> Stdio {
    let (reader, writer) = std::io::pipe().expect("a pipe can be made");
    drop(reader);
    writer.into()
}
