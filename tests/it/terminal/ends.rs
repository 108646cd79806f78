//! Tests of the screen's end: however it ends or stops, the terminal is restored.

use rustix::process::Signal;
use tokio::io::AsyncReadExt as _;
use tokio::time::timeout;

use super::{ANA_HOSTS, Screen};
use crate::program::{Home, PROGRAM, TIMEOUT};
use crate::pty::Pty;

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

    screen.pty.child.kill().await.expect("it is our child");

    let end = timeout(TIMEOUT, life.read(&mut [0])).await;
    assert!(matches!(end, Ok(Ok(0))), "it runs on without a terminal");
}

#[tokio::test]
async fn a_killed_program_leaves_the_terminal_as_it_was() {
    let home = Home::new();
    let mut command = home.command_of("script");
    command.env("TERM", "xterm-256color");
    let in_order = "while stty -a | grep -q -e -icanon -e -opost; do :; done; stty -a";
    let mut screen = Screen::before(&home, 80, 24, ANA_HOSTS, command, in_order);
    screen.shows("only you here").await;

    screen.signal(Signal::KILL);

    let code = screen.end_with_the_terminal_as_it_was().await;
    assert_eq!(code, Some(128 + 9));
}

#[tokio::test]
async fn a_suspended_program_gives_the_terminal_to_the_shell_and_takes_it_again() {
    let home = Home::new();
    let mut command = home.command_of("script");
    command.env("TERM", "xterm-256color").env("PS1", "shell> ");
    let mut pty = Pty::run(command, 80, 24, "sh -i");
    pty.shows("shell>").await;
    pty.types(&format!("{PROGRAM} {ANA_HOSTS}\r")).await;
    pty.shows("only you here").await;
    pty.types("half a li").await;
    pty.shows("half a li").await;

    pty.types("\x1a").await;
    pty.shows("Stopped").await;
    pty.types("stty -a\r").await;
    pty.shows(" icanon").await;
    assert!(!pty.parser.screen().alternate_screen() && !pty.parser.screen().bracketed_paste());
    assert!(pty.shown().contains("opost"), "{}", pty.shown());
    pty.types("fg\r").await;

    pty.shows("only you here").await;
    pty.types("ne\r").await;
    pty.shows("<ana>   half a line").await;
    pty.types("\x11").await;
    pty.shows("shell>").await;
}
