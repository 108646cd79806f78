//! The program: a player's worker where it was started as one, else the command line.

use std::process::ExitCode;

fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1);
    #[cfg(feature = "mpv")]
    if arguments.next().is_some_and(|name| name == "player-worker") {
        return watchtogether::player::worker::main(arguments);
    }
    watchtogether::cli::run()
}
