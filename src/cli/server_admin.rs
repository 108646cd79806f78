//! `server`: maintains the rooms that a server keeps, whether or not it is running. The server itself is `serve`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use watchtogether_server::store;
use watchtogether_tui::msg;

use super::globals::Globals;
use super::{serve, server_failures};
use crate::exit::{Exit, Failure};
use crate::output::OutputStreams;

/// Look after a server's rooms.
#[derive(Debug, Args)]
pub(super) struct ServerArgs {
    /// The action.
    #[command(subcommand)]
    pub(super) action: ServerAction,
    /// Folder with the server's key and rooms [default: the state folder]
    #[arg(long, value_name = "DIR", global = true)]
    pub(super) state_dir: Option<PathBuf>,
}

/// The actions of `server`.
#[derive(Debug, Subcommand)]
pub(super) enum ServerAction {
    /// Back up the rooms to a file; the server may be running
    ///
    /// The backup holds rooms, seats and chat. It does not hold the server's key, which invites depend on. Copy
    /// server-key.pem and reset-keys from the state folder once, and keep them as private as the backup.
    Backup {
        /// File to create; it must not exist yet
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// Read all rooms and report whether they are intact
    ///
    /// Exits with 0 if they are intact, 1 if they are damaged or were written by a newer version, and 6 if there are none.
    Check,
    /// Replace the rooms with a backup; the server must be stopped
    ///
    /// The rooms that were there before are kept in a file next to it. Chat sent since the backup is no longer in the room.
    /// Members get their seats back if they had them when the backup was made.
    Restore {
        /// A file made by `server backup`, or the rooms.db of another server
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
}

/// Runs the subcommand.
pub(super) fn run(args: ServerArgs, globals: &Globals, output: &mut OutputStreams) -> Result<Exit, Failure> {
    globals.log_here()?;
    let folder = serve::state_dir(args.state_dir, globals)?;
    match args.action {
        ServerAction::Backup { file } => {
            let census = store::backup(&folder, &file).map_err(server_failures::of_store)?;
            output.line(&msg!(
                "server-backup",
                path = file.display().to_string(),
                rooms = census.rooms,
                seats = census.seats,
                lines = census.lines,
                schema = census.schema
            ))?;
        }
        ServerAction::Check => {
            let census = store::check(&folder).map_err(server_failures::of_store)?;
            output.line(&msg!(
                "server-check",
                rooms = census.rooms,
                seats = census.seats,
                lines = census.lines,
                schema = census.schema
            ))?;
        }
        ServerAction::Restore { file } => {
            let (census, aside) = store::restore(&folder, &file).map_err(server_failures::of_store)?;
            output.line(&msg!(
                "server-restored",
                rooms = census.rooms,
                seats = census.seats,
                lines = census.lines,
                schema = census.schema
            ))?;
            if let Some(aside) = aside {
                output.line(&msg!("server-aside", path = aside.display().to_string()))?;
            }
        }
    }
    Ok(Exit::Ok)
}
