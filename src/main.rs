//! The command line of watchtogether.

use std::process::ExitCode;

fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1);
    #[cfg(feature = "mpv")]
    if arguments.next().is_some_and(|name| name == "player-worker") {
        return watchtogether::player::worker::main(arguments);
    }
    ExitCode::SUCCESS
}
