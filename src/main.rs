//! The program: a player's worker where it was started as one, else the command line.

use std::process::ExitCode;

fn main() -> ExitCode {
    #[cfg(feature = "mpv")]
    if std::env::args_os()
        .nth(1)
        .is_some_and(|name| name == "player-worker")
    {
        return watchtogether::player::worker::main(std::env::args_os().skip(2));
    }
    watchtogether::cli::run()
}
