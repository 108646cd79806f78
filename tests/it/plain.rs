//! Tests of plain mode in the built program: in a terminal, in a pipe, and with speech.

use tokio::io::AsyncReadExt as _;
use tokio::net::unix::pipe;
use tokio::process::Command;
use tokio::time::timeout;

use crate::program::{Home, PROGRAM, Running, TIMEOUT};
use crate::pty::Pty;

const HOST: &str = "host --player none --port 0 --room film --name ana --public 127.0.0.1";

/// The escape sequence that switches to the alternate screen.
const SCREEN: &str = "\x1b[?1049h";

const CTRL_C: &str = "\x03";
const CTRL_D: &str = "\x04";

#[tokio::test]
async fn a_half_typed_line_stays_whole_below_new_events() {
    for terminal in ["xterm", "dumb"] {
        let home = Home::new();
        let mut ana = PlainTerminal::of(&home, terminal, &format!("{HOST} --plain"));
        ana.pty.shows("Send this line").await;
        let invite = ana.invite();
        ana.types("half a li").await;
        ana.pty.shows("> half a li").await;

        let mut bo = joins(&home, &invite, "bo");
        ana.shows_rows(&["bo joined.", "> half a li"]).await;
        bo.types("look").await;
        ana.shows_rows(&["<bo> look", "> half a li"]).await;
        ana.types("nx\x7fe\r").await;

        bo.says("<ana> half a line").await;
        ana.shows_rows(&["> half a line", ">"]).await;
        let shown = ana.pty.shown();
        assert!(!shown.contains("<you> half"), "it is said twice: {shown}");
        if terminal == "dumb" {
            assert!(!ana.text().contains('\x1b'), "{:?}", ana.text());
        }
    }
}

#[tokio::test]
async fn control_c_asks_before_it_costs_the_room_and_the_terminal_comes_back_as_it_was() {
    let home = Home::new();
    let mut ana = PlainTerminal::of(&home, "xterm", &format!("{HOST} --plain"));
    ana.pty.shows("Send this line").await;
    let invite = ana.invite();
    let mut bo = joins(&home, &invite, "bo");
    ana.pty.shows("bo joined.").await;

    ana.types("draft").await;
    ana.types(CTRL_C).await;
    ana.types(CTRL_C).await;
    ana.pty
        .shows("Press Control C again within 5 seconds to leave.")
        .await;
    ana.types(CTRL_C).await;
    ana.pty.shows("End the room for 1 other person?").await;
    ana.types("y\r").await;
    ana.pty.shows("You are still in the room.").await;
    ana.types("still here\r").await;
    bo.says("<ana> still here").await;
    ana.types(CTRL_D).await;
    ana.pty
        .shows("> still here\nEnd the room for 1 other person?")
        .await;
    ana.types(CTRL_D).await;

    bo.says("The host ended the room.").await;
    ana.is_given_back().await;
}

#[tokio::test]
async fn acts_typed_together_are_reported_one_by_one_to_everyone() {
    let home = Home::new();
    home.write("Film.mkv", "a film");
    let words: Vec<&str> = HOST.split(' ').chain(["--plain", "Film.mkv"]).collect();
    let mut ana = home.start(&words);
    let invite = ana.invite().await;
    let at_bo = Home::new();
    let mut bo = joins(&at_bo, &invite, "bo");
    bo.says("ana (host)").await;
    ana.says("bo joined.").await;

    for (speed, act, told) in [
        ("1.1", "/play", "pressed play"),
        ("1.2", "/seek 40", "went forward"),
        ("1.3", "/pause", "paused"),
        ("1.4", "/seek 20", "went back"),
    ] {
        ana.types(&format!("/speed {speed}\n{act}")).await;

        bo.says(&format!("ana set the speed to {speed} times.")).await;
        bo.says(&format!("ana {told}")).await;
    }
}

#[tokio::test]
async fn a_viewer_shows_the_invite_that_admitted_them() {
    let (home, at_bo) = (Home::new(), Home::new());
    let mut ana = home.start(&[&HOST.split(' ').collect::<Vec<_>>()[..], &["--plain"]].concat());
    let invite = ana.invite().await;
    assert!(invite.contains("&t="), "{invite}");
    let mut bo = joins(&at_bo, &invite, "bo");
    bo.says("ana (host)").await;

    bo.types("/invite").await;

    bo.says(&invite).await;
    let status = at_bo.run(&["status", "--json"]).await;
    let status: serde_json::Value = serde_json::from_str(&status.stdout).expect("JSON");
    assert_eq!(status["room"]["invite"], invite);
}

#[tokio::test]
async fn pasted_text_is_one_message_that_waits_for_enter() {
    let home = Home::new();
    let mut ana = PlainTerminal::of(&home, "xterm", &format!("{HOST} --plain"));
    ana.pty.shows("Send this line").await;
    let mut bo = joins(&home, &ana.invite(), "bo");
    ana.pty.shows("bo joined.").await;

    ana.types("\x1b[200~one\ntwo\nthree\nfour\x1b[201~").await;
    ana.pty
        .shows("This adds 4 lines to your message. Nothing is sent yet.")
        .await;
    ana.pty.shows("> one two three four").await;
    ana.types("\r").await;

    bo.says("<ana> one / two / three / four").await;
    ana.types("/edit\r").await;
    ana.pty.shows("your message is unchanged").await;
    ana.types(CTRL_C).await;
    ana.types(CTRL_D).await;
    ana.types(CTRL_D).await;
    ana.is_given_back().await;
}

#[tokio::test]
async fn a_room_that_is_over_can_be_tried_again_at_a_terminal() {
    let (home, at_bo) = (Home::new(), Home::new());
    let args: Vec<&str> = HOST.split(' ').chain(["--plain"]).collect();
    let mut ana = home.start(&args);
    let invite = invite_in(&ana.says("Send this line").await);
    let mut bo = PlainTerminal::of(
        &at_bo,
        "xterm",
        &format!("join '{invite}' --plain --player none --name bo"),
    );
    bo.pty.shows("2 people: ana (host), you.").await;
    ana.says("bo joined.").await;

    ana.types("/quit").await;
    assert_eq!(ana.end().await.code, Some(0), "a pipe is not asked");

    bo.pty.shows("Type /retry to try again, /quit to leave.").await;
    bo.types("/quit\r").await;
    assert_eq!(bo.end().await, Some(6));
}

#[tokio::test]
async fn all_ways_to_select_plain_mode_work() {
    let host = HOST.to_owned();
    for (variable, file, args) in [
        (None, "", format!("{HOST} --plain")),
        (None, "", format!("--plain {HOST}")),
        (Some(("TERM", "dumb")), "", host.clone()),
        (Some(("WATCHTOGETHER_PLAIN", "1")), "", host.clone()),
        (Some(("WATCHTOGETHER_UI", "plain")), "", host.clone()),
        (None, "ui = \"plain\"\n", host),
        (None, "", format!("{HOST} --say true")),
    ] {
        let home = Home::new();
        home.write("config/watchtogether/client.toml", file);
        let mut command = home.command_of("script");
        command.env("TERM", "xterm").envs(variable);
        let mut ana = PlainTerminal::run(command, &args);

        ana.pty.shows("Room film. 1 person: you (host).").await;

        assert!(!ana.text().contains(SCREEN), "{variable:?} {file:?} {args:?}");
    }
}

#[tokio::test]
async fn lines_of_a_pipe_are_sent_and_events_are_printed_after_its_end() {
    let home = Home::new();
    let args: Vec<&str> = HOST.split(' ').collect();
    let mut ana = home.start(&args);
    let invite = invite_in(&ana.says("Send this line").await);

    let script = format!("printf 'hi\\n/who\\n' | exec \"$0\" join '{invite}' --player none --name bo");
    let mut bo = Running::of(home.shell(&script));

    ana.says("<bo> hi").await;
    bo.says("2. bo, you, connected, no player").await;
    ana.types("are you there?").await;
    bo.says("<ana> are you there?").await;
}

#[tokio::test]
async fn a_film_is_found_by_some_letters_and_chosen_by_its_number() {
    let home = Home::new();
    for name in ["Show/01 Pilot.mkv", "Show/02 The Pilots.mkv", "Show/03 Car.mkv"] {
        home.write(&format!("Videos/{name}"), "a film");
    }
    let args: Vec<&str> = HOST.split(' ').collect();
    let mut ana = home.start(&args);
    ana.says("Send this line").await;

    ana.types("/open pilot").await;
    let first = ana.says("1. ").await;
    ana.says("2. ").await;
    ana.says("2 films match. Type a number to open one.").await;
    ana.types("1").await;

    let on = ana.says("You started ").await;
    assert!(first.contains("Pilot"), "{first}");
    assert!(on.contains("Pilot"), "{on}");
    ana.types("/open nothing like it").await;
    ana.says("No film in your folders matches nothing like it.").await;
    ana.types("/open /none/film.mkv").await;
    ana.says("Not done: no such file: /none/film.mkv.").await;
}

#[tokio::test]
async fn each_line_is_handed_to_a_program_and_never_to_a_shell() {
    let home = Home::new();
    let fifo = home.path().join("said");
    let made = home.command_of("mkfifo").arg(&fifo).status().await;
    assert!(made.expect("mkfifo is everywhere").success());
    let mut listener = pipe::OpenOptions::new().open_receiver(&fifo).expect("a pipe");
    let args: Vec<&str> = HOST.split(' ').chain(["--say", "cat >said"]).collect();
    let mut ana = home.start(&args);
    let invite = invite_in(&ana.says("Send this line").await);
    let mut bo = joins(&home, &invite, "bo");
    bo.types("$(touch pwned); `touch pwned`").await;
    ana.says("<bo> $(touch").await;

    ana.types("/quit").await;
    assert_eq!(ana.end().await.code, Some(0));

    let mut printed = String::new();
    let read = timeout(TIMEOUT, listener.read_to_string(&mut printed)).await;
    read.expect("it ends in time").expect("a text");
    assert!(
        printed.contains("bo says: $(touch pwned); `touch pwned`\n"),
        "{printed}"
    );
    assert!(
        printed.starts_with("Room film. 1 person: you (host)."),
        "{printed}"
    );
    assert!(printed.contains("bo joined.\n"), "{printed}");
    assert!(!home.path().join("pwned").exists());
}

#[tokio::test]
async fn a_program_that_does_not_read_holds_nobody_up() {
    let home = Home::new();
    let args: Vec<&str> = HOST.split(' ').chain(["--say", "exec sleep 60 <&-"]).collect();
    let mut ana = home.start(&args);
    ana.says("Send this line").await;

    for number in 0..100 {
        ana.types(&format!("line {number}")).await;
        if number % 2 == 0 {
            ana.types("/where").await;
            ana.says("Nothing is on yet.").await;
        }
    }

    ana.types("/quit").await;
    assert_eq!(ana.end().await.code, Some(0));
}

#[tokio::test]
async fn a_missing_program_is_reported_once_and_costs_nothing() {
    let home = Home::new();
    let mut ana = Running::of(home.shell(&format!("exec \"$0\" {HOST} --say no-such-speech 2>&1")));
    ana.says("Send this line").await;

    // A shell takes some time to find out that the program does not exist.
    let reported = timeout(TIMEOUT, async {
        loop {
            ana.types("/where").await;
            let line = ana
                .says_one("an answer", |line| {
                    line.contains("say: ") || line == "Nothing is on yet."
                })
                .await;
            if line.contains("say: ") {
                return line;
            }
        }
    });
    let reported = reported.await.expect("it is told in time");
    for _ in 0..20 {
        ana.types("/where").await;
    }
    ana.types("/quit").await;
    let end = ana.end().await;

    assert!(
        reported.starts_with("warning: say: no-such-speech: "),
        "{reported}"
    );
    assert_eq!(end.code, Some(0));
    assert!(!end.stdout.contains("say: "), "{end}");
}

#[tokio::test]
async fn the_chat_is_exported_once_and_a_second_time_refused_with_a_reason() {
    let home = Home::new();
    let args: Vec<&str> = HOST.split(' ').collect();
    let mut ana = home.start(&args);
    ana.says("Send this line").await;
    ana.types("the first line").await;
    ana.says("<you> the first line").await;

    ana.types("/export ~/chat.txt").await;
    ana.says("Done: chat saved to").await;
    ana.types("/export ~/chat.txt").await;
    ana.says("Hint: choose another name; existing files are not overwritten.")
        .await;

    let kept = std::fs::read_to_string(home.path().join("chat.txt")).expect("kept");
    assert!(kept.contains("<ana> the first line\n"), "{kept}");
}

fn joins(home: &Home, invite: &str, name: &str) -> Running {
    home.start(&["join", invite, "--plain", "--player", "none", "--name", name])
}

fn invite_in(line: &str) -> String {
    line.split('\'').nth(1).expect("the invite is quoted").to_owned()
}

/// A terminal that runs the program in plain mode, and prints the terminal's settings after its end.
struct PlainTerminal {
    pty: Pty,
}

impl PlainTerminal {
    fn of(home: &Home, terminal: &str, args: &str) -> Self {
        let mut command = home.command_of("script");
        command.env("TERM", terminal).env("VISUAL", "false");
        Self::run(command, args)
    }

    fn run(command: Command, args: &str) -> Self {
        let line = format!("'{PROGRAM}' {args}; code=$?; stty -a; exit $code");
        Self {
            pty: Pty::run(command, 160, 40, &line),
        }
    }

    async fn types(&mut self, keys: &str) {
        self.pty.types(keys).await;
    }

    /// Waits until these rows are shown directly below each other; trailing spaces are ignored.
    async fn shows_rows(&mut self, rows: &[&str]) {
        let search = async {
            loop {
                let shown = self.pty.shown();
                let shown: Vec<&str> = shown.lines().map(str::trim_end).collect();
                if shown.windows(rows.len()).any(|window| window == rows) {
                    return true;
                }
                if !self.pty.read().await {
                    return false;
                }
            }
        };
        let is_shown = timeout(TIMEOUT, search).await;
        assert!(
            is_shown == Ok(true),
            "never showed {rows:?}; it shows\n{}",
            self.pty.shown()
        );
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.pty.bytes).into_owned()
    }

    /// Returns the invite from the output.
    fn invite(&self) -> String {
        let text = self.text();
        let (_, line) = text.split_once("watchtogether join '").expect("it was told");
        line.split('\'').next().unwrap_or_default().to_owned()
    }

    async fn end(&mut self) -> Option<i32> {
        let end = async {
            while self.pty.read().await {}
            self.pty.child.wait().await.expect("it is our child")
        };
        timeout(TIMEOUT, end).await.expect("it ends in time").code()
    }

    async fn is_given_back(&mut self) {
        let code = self.end().await;

        let text = self.text();
        let (_, modes) = text.rsplit_once("speed").expect("stty prints");
        for mode in ["icanon", "echo", "isig", "iexten"] {
            let mut words = modes.split([' ', ';', '\r', '\n']);
            assert!(words.any(|word| word == mode), "{mode} is off: {modes}");
        }
        assert!(
            modes.contains("intr = ^C") && modes.contains("susp = ^Z"),
            "{modes}"
        );
        let (on, off) = (text.rfind("\x1b[?2004h"), text.rfind("\x1b[?2004l"));
        assert!(on < off, "pasting is left as it was");
        assert_eq!(code, Some(0), "{text}");
    }
}
