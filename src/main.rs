//! The program: a player's worker, or a look at the player, where it was started as one; else the command line.

use std::process::ExitCode;

fn main() -> ExitCode {
    #[cfg(feature = "mpv")]
    match std::env::args_os().nth(1) {
        Some(name) if name == "player-worker" => {
            return watchtogether::player::worker::main(std::env::args_os().skip(2));
        }
        Some(name) if name == "player-check" => return watchtogether::cli::check_player(),
        Some(_) | None => {}
    }
    watchtogether::cli::run()
}
