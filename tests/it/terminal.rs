//! Tests of the screen in a terminal: its content, and how it restores the terminal on every way out.

mod chat;
mod disk;
mod ends;
mod home;
mod removal;
mod renaming;
mod sizes;
mod typing;

use data_encoding::BASE64;
use rustix::process::{Pid, Signal, kill_process};
use tokio::io::AsyncReadExt as _;
use tokio::net::unix::pipe;
use tokio::process::Command;
use tokio::time::timeout;
use watchtogether_protocol::Invite;

use crate::program::{Home, TIMEOUT};
use crate::pty::Pty;

/// The escape sequences that switch a mode on while the screen is shown, and off afterwards.
const SWITCHES: [(&str, &str); 5] = [
    ("\x1b[?1049h", "\x1b[?1049l"),
    ("\x1b[?2004h", "\x1b[?2004l"),
    ("\x1b[?1000h", "\x1b[?1000l"),
    ("\x1b[?1006h", "\x1b[?1006l"),
    ("\x1b[?2026h", "\x1b[?2026l"),
];

/// The arguments with which ana opens her room.
const ANA_HOSTS: &str = "host --player none --port 0 --room film --name ana";

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
async fn a_friend_with_the_copied_invite_is_listed_in_the_roster() {
    let home = Home::new();
    let mut screen = Screen::host(&home, 80, 24);
    screen.shows("People 1").await;
    let invite = screen.copied_invite();

    let mut bo = home.start(&["join", &invite, "--plain", "--player", "none", "--name", "bo"]);

    bo.says("2 people: ana (host), you").await;
    screen.shows("People 2").await;
    screen.shows("bo joined").await;
    screen.types("come in\r").await;
    bo.says("<ana> come in").await;
}

#[tokio::test]
async fn seeks_in_a_row_are_undone_by_key_and_done_again_by_a_script_and_friends_read_so() {
    let (home, at_bo) = (Home::new(), Home::new());
    home.write("Film.mkv", "a film");
    let args = "host Film.mkv --player none --port 0 --room film --name ana";
    let mut screen = Screen::of(&home, 80, 24, args);
    screen.shows("you started Film.mkv").await;
    let invite = screen.copied_invite();
    let mut bo = at_bo.start(&["join", &invite, "--plain", "--player", "none", "--name", "bo"]);
    bo.says("2 people").await;
    screen.shows("People 2").await;

    screen.types("/seek 80\r").await;
    screen.shows("you went forward 80 s, to 01:20").await;
    screen.types("/seek +10\r").await;
    screen
        .shows("you went forward 90 s, to 01:30  Alt-U\u{a0}undo")
        .await;
    let reported = bo.says(", to 1 minute 30.").await;
    assert!(reported.contains("ana went forward 1 minute 30"), "{reported}");
    screen.types("\x1bu").await;

    screen.shows("you undid the seek: back at 00:00").await;
    bo.says("ana undid the seek: back at 0 seconds.").await;
    let again = home.run(&["ctl", "undo"]).await;
    assert_eq!(again.code, Some(0), "{again}");
    screen.shows("you redid the change: back at 01:30").await;
    bo.says("ana redid the change: back at 1 minute 30.").await;
    let refused = at_bo.run(&["ctl", "undo"]).await;
    assert_eq!(refused.code, Some(8), "{refused}");
}

#[tokio::test]
async fn a_user_defined_key_is_shown_and_works() {
    let home = Home::new();
    home.write(
        "config/watchtogether/keys.toml",
        "[chat]\npeople = \"F5\"\nhelp = \"Ctrl-T\"\n",
    );
    let mut screen = Screen::host(&home, 80, 24);
    screen.shows("Ctrl-T help").await;

    screen.types("\x14").await;

    screen.shows("type to search").await;
    screen.types("who is here").await;
    screen.shows("F5").await;
}

#[tokio::test]
async fn the_palette_takes_clicks_and_a_slash_command_releases_the_mouse() {
    let home = Home::new();
    let mut screen = Screen::host(&home, 80, 24);
    screen.shows("Ctrl-P commands").await;

    screen.clicks("Ctrl-P commands").await;
    screen.shows("Command palette").await;
    screen.types("mouse").await;
    screen.shows("> mouse").await;
    screen.shows("turn the mouse on or off").await;
    screen.clicks("turn the mouse on or off").await;

    screen.shows("mouse off").await;
    assert_eq!(
        screen.pty.parser.screen().mouse_protocol_mode(),
        vt100::MouseProtocolMode::None
    );
    screen.types("/mouse on\r").await;
    screen.shows("mouse on").await;
    screen.types("/quit\r").await;
    screen.is_given_back().await;
}

#[tokio::test]
async fn a_mouse_that_is_not_wanted_is_never_asked_for() {
    let home = Home::new();
    home.write("config/watchtogether/client.toml", "mouse = false\n");
    let mut screen = Screen::host(&home, 80, 24);
    screen.shows("only you here").await;

    screen.types("/quit\r").await;
    screen.end().await;

    assert!(!screen.text().contains("\x1b[?1000h"));
}

#[tokio::test]
async fn a_host_who_ends_the_room_is_asked_first_and_friends_are_told() {
    let (at_ana, at_bo) = (Home::new(), Home::new());
    let mut ana = Screen::host(&at_ana, 80, 24);
    ana.shows("only you here").await;
    let invite = ana.copied_invite();
    let args = format!("join '{invite}' --player none --name bo");
    let mut bo = Screen::of(&at_bo, 80, 24, &args);
    ana.shows("People 2").await;
    let mut chi = at_ana.start(&["join", &invite, "--plain", "--player", "none", "--name", "chi"]);
    ana.shows("People 3").await;
    bo.shows("People 3").await;

    ana.types("\x11").await;
    ana.shows("End the room for 2 other people?").await;
    ana.shows("2 people are still here").await;
    ana.types("\x11").await;

    ana.is_given_back().await;
    bo.shows("DISCONNECTED the host ended the room   Alt-A try again")
        .await;
    assert!(!bo.pty.shown().contains("host now"), "{}", bo.pty.shown());
    chi.says("The host ended the room.").await;
    let end = chi.end().await;
    assert_eq!(end.code, Some(6), "{end}");
    bo.types("\x1ba").await;
    bo.shows("RECONNECTING").await;
    bo.types("/quit\r").await;
    assert_eq!(bo.end().await, Some(0));
}

#[tokio::test]
async fn a_failure_to_enter_is_printed_after_the_screen_closes() {
    let home = Home::new();
    let mut host = Screen::host(&home, 80, 24);
    host.shows("only you here").await;
    let mut invite: Invite = parsed(&host.copied_invite());
    invite.token = None;
    let mut screen = Screen::of(&home, 80, 24, &format!("join '{invite}' --player none --name bo"));
    screen.shows("no such room, or the invite").await;

    screen.types("q\x11").await;

    let code = screen.end().await;
    assert_eq!(code, Some(4));
    let text = screen.text();
    let (_, after) = text.rsplit_once(SWITCHES[0].1).expect("left");
    assert!(after.contains("error[not_admitted]"), "{after}");
}

#[tokio::test]
async fn every_size_is_drawn_and_left_in_order() {
    for (columns, rows, args) in [
        (80, 24, "only you here"),
        (50, 20, "You're the only one here."),
        (20, 4, "nothing on yet"),
    ] {
        let home = Home::new();
        let mut screen = Screen::host(&home, columns, rows);
        screen.shows(args).await;

        screen.signal(Signal::TERM);

        screen.is_given_back().await;
    }
}

/// A terminal that runs the program. Dropping it hangs up, and kills the program if a test failed.
struct Screen<'a> {
    home: &'a Home,
    pty: Pty,
}

impl<'a> Screen<'a> {
    /// Returns a terminal in which ana hosts a room.
    fn host(home: &'a Home, columns: u16, rows: u16) -> Self {
        Self::of(home, columns, rows, ANA_HOSTS)
    }

    /// Returns a terminal that runs the program with these arguments, and prints its modes after the program's end.
    fn of(home: &'a Home, columns: u16, rows: u16, args: &str) -> Self {
        Self::under(home, columns, rows, args, "xterm-256color")
    }

    /// Returns a terminal in which ana hosts a room, with additional environment variables.
    fn with(home: &'a Home, variables: &[(&str, &str)]) -> Self {
        let mut command = home.command_of("script");
        command
            .env("TERM", "xterm-256color")
            .envs(variables.iter().copied());
        Self::running(home, 80, 24, ANA_HOSTS, command)
    }

    /// Returns a terminal like [`Self::of`], but of another kind.
    fn under(home: &'a Home, columns: u16, rows: u16, args: &str, terminal: &str) -> Self {
        let mut command = home.command_of("script");
        command.env("TERM", terminal);
        Self::running(home, columns, rows, args, command)
    }

    fn running(home: &'a Home, columns: u16, rows: u16, args: &str, command: Command) -> Self {
        Self::before(home, columns, rows, args, command, "stty -a")
    }

    /// Returns a terminal with the program; `last` is run after it ends.
    fn before(home: &'a Home, columns: u16, rows: u16, args: &str, command: Command, last: &str) -> Self {
        let program = crate::program::PROGRAM;
        let line = format!(
            "mkfifo life; tty >terminal; sh -c 'echo $$ >pid; exec \"$0\" \"$@\"' '{program}' {args} 9<>life; \
             code=$?; {last}; exit $code"
        );
        let pty = Pty::run(command, columns, rows, &line);
        Self { home, pty }
    }

    async fn types(&mut self, keys: &str) {
        self.pty.types(keys).await;
    }

    /// Changes the size of the terminal, as dragging its window does.
    async fn resizes(&mut self, columns: u16, rows: u16) {
        let terminal = std::fs::read_to_string(self.home.path().join("terminal")).expect("it runs");
        let size = ["cols", &columns.to_string(), "rows", &rows.to_string()].map(str::to_owned);
        let resized = Command::new("stty")
            .args(["-F", terminal.trim()])
            .args(size)
            .status();
        assert!(resized.await.expect("stty is installed").success());
        self.pty.parser.screen_mut().set_size(rows, columns);
    }

    /// Presses the mouse button on a text on the screen.
    async fn clicks(&mut self, text: &str) {
        let contents = self.pty.shown();
        let mut rows = contents.lines().enumerate();
        let place = rows.find_map(|(row, line)| Some((row, line.split_once(text)?.0.chars().count())));
        let (row, column) = place.expect("the words are on the screen");
        let (column, row) = (column + 1, row + 1);
        self.types(&format!("\x1b[<0;{column};{row}M\x1b[<0;{column};{row}m"))
            .await;
    }

    async fn shows(&mut self, text: &str) {
        self.pty.shows(text).await;
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.pty.bytes).into_owned()
    }

    fn signal(&self, signal: Signal) {
        kill_process(self.pid(), signal).expect("it is our own process");
    }

    /// Returns a pipe that ends with the program and all processes that it started.
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
            while self.pty.read().await {}
            self.pty.child.wait().await.expect("it is our child")
        };
        timeout(TIMEOUT, end).await.expect("it ends in time").code()
    }

    /// Waits until the program ends, and checks that it succeeded and restored the terminal.
    async fn is_given_back(&mut self) {
        let code = self.end_with_the_terminal_as_it_was().await;
        assert_eq!(code, Some(0), "{}", self.text());
    }

    /// Waits until the program ends, checks that it restored the terminal, and returns its exit code.
    async fn end_with_the_terminal_as_it_was(&mut self) -> Option<i32> {
        let code = self.end().await;

        let text = self.text();
        let last = |what: &str| {
            text.rfind(what)
                .unwrap_or_else(|| panic!("{what:?} is not in {text:?}"))
        };
        for (on, off) in SWITCHES {
            // The home screen does not use the mouse.
            let is_last = text.rfind(on).is_none_or(|on| on < last(off));
            assert!(is_last, "{off:?} comes last");
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
        let screen = self.pty.parser.screen();
        assert!(!screen.alternate_screen() && !screen.hide_cursor() && !screen.bracketed_paste());
        assert_eq!(screen.mouse_protocol_mode(), vt100::MouseProtocolMode::None);
        code
    }

    /// Returns the invite that the terminal was asked to copy, with an address that can be reached without a network.
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
            // The program may have ended by itself.
            let _ended = kill_process(self.pid(), Signal::KILL);
        }
    }
}

fn parsed(invite: &str) -> Invite {
    invite.parse().expect("an invite")
}
