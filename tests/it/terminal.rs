//! The screen under a terminal of its own: what it shows, and how it gives the terminal back on every way out.
//!
//! `script` (part of every Debian and Ubuntu) is the terminal; what it passes on is read as a terminal would.

mod home;

use std::process::Stdio;

use data_encoding::BASE64;
use rustix::process::{Pid, Signal, kill_process};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::unix::pipe;
use tokio::process::{Child, ChildStdout};
use tokio::time::timeout;
use watchtogether_protocol::Invite;

use crate::program::{Home, PATIENCE};

/// What is switched on while the screen is up, and what switches it off.
const SWITCHES: [(&str, &str); 3] = [
    ("\x1b[?1049h", "\x1b[?1049l"),
    ("\x1b[?2004h", "\x1b[?2004l"),
    ("\x1b[?2026h", "\x1b[?2026l"),
];

const SHOW_CURSOR: &str = "\x1b[?25h";

#[tokio::test]
async fn the_room_and_what_is_typed_are_shown() {
    let home = Home::new();
    let mut screen = Screen::host(&home, 80, 24);
    screen.shows("film   nothing on yet   only you here").await;

    screen.types("hello\r").await;

    screen.shows("<ana>   hello").await;
}

#[tokio::test]
async fn a_friend_with_the_copied_invite_stands_in_the_roster() {
    let home = Home::new();
    let mut screen = Screen::host(&home, 80, 24);
    screen.shows("People 1").await;
    let invite = screen.copied_invite();

    let mut bo = home.start(&["join", &invite, "--plain", "--player", "none", "--name", "bo"]);

    bo.says("2 people: ana host, you").await;
    screen.shows("People 2").await;
    screen.shows("bo joined").await;
    screen.types("come in\r").await;
    bo.says("ana: come in").await;
}

#[tokio::test]
async fn leaving_gives_the_terminal_back() {
    let home = Home::new();
    let mut screen = Screen::host(&home, 80, 24);
    screen.shows("only you here").await;

    screen.types("/quit\r").await;

    screen.is_given_back().await;
}

#[tokio::test]
async fn signals_give_the_terminal_back() {
    for signal in [Signal::TERM, Signal::HUP, Signal::INT] {
        let home = Home::new();
        let mut screen = Screen::host(&home, 80, 24);
        screen.shows("only you here").await;

        screen.signal(signal);

        screen.is_given_back().await;
    }
}

#[tokio::test]
async fn closing_the_terminal_ends_the_program_and_its_server() {
    let home = Home::new();
    let mut screen = Screen::host(&home, 80, 24);
    screen.shows("only you here").await;
    let mut life = screen.life();

    screen.child.kill().await.expect("it is our child");

    let end = timeout(PATIENCE, life.read(&mut [0])).await;
    assert!(matches!(end, Ok(Ok(0))), "it runs on without a terminal");
}

#[tokio::test]
async fn a_door_that_stays_shut_is_a_view_and_its_failure_the_last_word() {
    let home = Home::new();
    let mut host = Screen::host(&home, 80, 24);
    host.shows("only you here").await;
    let mut invite: Invite = parsed(&host.copied_invite());
    invite.token = None;
    let mut screen = Screen::of(&home, 80, 24, &format!("join '{invite}' --player none --name bo"));
    screen.shows("there is no such room, or the invite").await;

    screen.types("q").await;

    let code = screen.end().await;
    assert_eq!(code, Some(4));
    let text = screen.text();
    let (_, after) = text.rsplit_once(SWITCHES[0].1).expect("left");
    assert!(after.contains("error[not_admitted]"), "{after}");
}

#[tokio::test]
async fn every_size_is_drawn_and_left_in_order() {
    for (columns, rows, words) in [
        (80, 24, "only you here"),
        (50, 20, "Only you here."),
        (20, 4, "nothing on yet"),
    ] {
        let home = Home::new();
        let mut screen = Screen::host(&home, columns, rows);
        screen.shows(words).await;

        screen.signal(Signal::TERM);

        screen.is_given_back().await;
    }
}

/// A terminal with the program in it. Dropping it hangs up, and kills the program where a test failed.
struct Screen<'a> {
    home: &'a Home,
    child: Child,
    output: ChildStdout,
    bytes: Vec<u8>,
    parser: vt100::Parser,
}

impl<'a> Screen<'a> {
    /// Returns a terminal in which ana hosts a room.
    fn host(home: &'a Home, columns: u16, rows: u16) -> Self {
        Self::of(
            home,
            columns,
            rows,
            "host --player none --port 0 --room film --name ana",
        )
    }

    /// Returns a terminal with the program and these words, which prints the terminal's modes after the program's end.
    fn of(home: &'a Home, columns: u16, rows: u16, words: &str) -> Self {
        Self::under(home, columns, rows, words, "xterm-256color")
    }

    /// Returns the same with a terminal of another kind.
    fn under(home: &'a Home, columns: u16, rows: u16, words: &str, terminal: &str) -> Self {
        let program = crate::program::PROGRAM;
        let script = format!(
            "stty cols {columns} rows {rows}; mkfifo life; \
             sh -c 'echo $$ >pid; exec \"$0\" \"$@\"' '{program}' {words} 9<>life; \
             code=$?; stty -a; exit $code"
        );
        let mut child = home
            .command_of("script")
            .args(["-qfec", &script, "/dev/null"])
            .env("TERM", terminal)
            .stdin(Stdio::piped())
            .spawn()
            .expect("script is installed");
        let output = child.stdout.take().expect("it was asked for");
        Self {
            home,
            child,
            output,
            bytes: Vec::new(),
            parser: vt100::Parser::new(rows, columns, 0),
        }
    }

    async fn types(&mut self, keys: &str) {
        let stdin = self.child.stdin.as_mut().expect("it was asked for");
        stdin
            .write_all(keys.as_bytes())
            .await
            .expect("the terminal is there");
        stdin.flush().await.expect("the terminal is there");
    }

    /// Waits until these words stand on the screen.
    async fn shows(&mut self, words: &str) {
        let search = async {
            while !self.parser.screen().contents().contains(words) {
                if !self.read().await {
                    return false;
                }
            }
            true
        };
        let is_shown = timeout(PATIENCE, search).await;
        assert!(
            is_shown == Ok(true),
            "never showed {words:?}; it shows\n{}",
            self.parser.screen().contents()
        );
    }

    /// Takes in what comes next, and returns whether anything will come after it.
    async fn read(&mut self) -> bool {
        let mut bytes = [0; 4096];
        let length = self.output.read(&mut bytes).await.expect("a pipe can be read");
        self.bytes.extend_from_slice(&bytes[..length]);
        self.parser.process(&bytes[..length]);
        length > 0
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    fn signal(&self, signal: Signal) {
        kill_process(self.pid(), signal).expect("it is our own process");
    }

    /// Returns a pipe that ends with the program and all that it started.
    fn life(&self) -> pipe::Receiver {
        pipe::OpenOptions::new()
            .open_receiver(self.home.path().join("life"))
            .expect("it runs")
    }

    fn pid(&self) -> Pid {
        let pid = std::fs::read_to_string(self.home.path().join("pid")).expect("it runs");
        Pid::from_raw(pid.trim().parse().expect("a number")).expect("a process id")
    }

    /// Waits for the end of the program, and returns its exit code.
    async fn end(&mut self) -> Option<i32> {
        let end = async {
            while self.read().await {}
            self.child.wait().await.expect("it is our child")
        };
        timeout(PATIENCE, end).await.expect("it ends in time").code()
    }

    /// Waits for the end of the program, which left the terminal as it was.
    async fn is_given_back(&mut self) {
        let code = self.end().await;

        let text = self.text();
        let last = |what: &str| {
            text.rfind(what)
                .unwrap_or_else(|| panic!("{what:?} is not in {text:?}"))
        };
        for (on, off) in SWITCHES {
            assert!(last(on) < last(off), "{off:?} comes last");
        }
        let left = last(SWITCHES[0].1);
        assert!(
            left < last(SHOW_CURSOR),
            "the cursor is shown after the screen was left"
        );
        let modes = text.get(left..).expect("a place in the text").to_owned();
        for mode in ["icanon", "echo", "isig", "opost"] {
            let mut words = modes.split([' ', ';', '\r', '\n']);
            assert!(words.any(|word| word == mode), "{mode} is off: {modes}");
        }
        let screen = self.parser.screen();
        assert!(!screen.alternate_screen() && !screen.hide_cursor() && !screen.bracketed_paste());
        assert_eq!(screen.mouse_protocol_mode(), vt100::MouseProtocolMode::None);
        assert_eq!(code, Some(0), "{modes}");
    }

    /// Returns the invite that the terminal was asked to copy, with an address that is reached without a network.
    fn copied_invite(&self) -> String {
        let text = self.text();
        let (_, copied) = text.split_once("\x1b]52;c;").expect("something was copied");
        let (copied, _) = copied.split_once('\x07').expect("the sequence ends");
        let line = BASE64.decode(copied.as_bytes()).expect("base 64");
        let line = String::from_utf8(line).expect("a text");
        let invite = line.split('\'').nth(1).expect("the invite is quoted");
        let mut invite = parsed(invite);
        "127.0.0.1".clone_into(&mut invite.address.host);
        invite.to_string()
    }
}

impl Drop for Screen<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() && self.home.path().join("pid").exists() {
            // One that ended by itself is as well.
            let _ended = kill_process(self.pid(), Signal::KILL);
        }
    }
}

fn parsed(invite: &str) -> Invite {
    invite.parse().expect("an invite")
}
