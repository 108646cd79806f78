//! The program: a player's worker, a check of the player, or the terminal's guardian if it was started as one of these; otherwise
//! the command line.

use std::process::ExitCode;

fn main() -> ExitCode {
    match std::env::args_os().nth(1) {
        Some(name) if watchtogether::cli::guardian::is_asked_for(&name) => {
            return watchtogether::cli::guardian::main();
        }
        #[cfg(feature = "mpv")]
        Some(name) if name == "player-worker" => {
            return watchtogether::player::worker::main(std::env::args_os().skip(2));
        }
        #[cfg(feature = "mpv")]
        Some(name) if name == "player-check" => return watchtogether::cli::check_player(),
        Some(_) | None => {}
    }
    watchtogether::cli::run()
}
