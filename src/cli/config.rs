//! `config`: prints the configuration and its sources.

use clap::{Args, Subcommand};
use serde_json::json;
use watchtogether_tui::msg;

use super::globals::Globals;
use super::serve;
use crate::config::server::ServerLayer;
use crate::config::{CLIENT_EXAMPLE, ConfigLayer, SERVER_EXAMPLE};
use crate::exit::{Exit, Failure};
use crate::output::OutputStreams;

/// The minimum width of the column of keys, so that the client's values are aligned.
const KEY_WIDTH: usize = 20;

/// Show the configuration.
#[derive(Debug, Args)]
pub(super) struct ConfigArgs {
    /// The action.
    #[command(subcommand)]
    pub(super) action: ConfigAction,
}

/// The actions of `config`.
#[derive(Debug, Subcommand)]
pub(super) enum ConfigAction {
    /// Print every value
    Show {
        /// Show the settings and limits of a server on this machine instead
        #[arg(long)]
        server: bool,
        /// Show where each value comes from
        #[arg(long)]
        origin: bool,
        /// Print one JSON object
        #[arg(long)]
        json: bool,
    },
    /// Print the paths of the configuration files and folders
    Path,
    /// Print a client.toml to start from: the defaults, with comments
    Init {
        /// Print server.toml instead, with all limits
        #[arg(long)]
        server: bool,
    },
    /// Print a keys.toml to start from: every action with its keys
    Keys,
}

impl ConfigArgs {
    /// Returns whether the answer is JSON.
    pub(super) const fn is_json(&self) -> bool {
        matches!(self.action, ConfigAction::Show { json: true, .. })
    }
}

/// Runs the subcommand.
pub(super) fn run(args: &ConfigArgs, globals: &Globals, output: &mut OutputStreams) -> Result<Exit, Failure> {
    match args.action {
        ConfigAction::Show { server, origin, json } => {
            let rows = if server {
                serve::config(ServerLayer::default(), globals)?.rows()
            } else {
                globals.load(ConfigLayer::default())?.rows()
            };
            let width = rows
                .iter()
                .map(|row| row.key.len())
                .max()
                .unwrap_or_default()
                .max(KEY_WIDTH);
            if json {
                output.json(&json!({ "v": 1, "config": rows }))?;
                return Ok(Exit::Ok);
            }
            for row in rows {
                let value = row.value.as_deref().unwrap_or("-");
                let from = if origin {
                    format!("  # {}", row.origin)
                } else {
                    String::new()
                };
                output.line(&format!("{:<width$} {value}{from}", row.key))?;
            }
        }
        ConfigAction::Path => {
            let paths = &globals.paths;
            output.line(&msg!(
                "path-config",
                path = paths.client_file().display().to_string()
            ))?;
            output.line(&msg!("path-keys", path = paths.keys_file().display().to_string()))?;
            output.line(&msg!(
                "path-server",
                path = paths.server_file().display().to_string()
            ))?;
            output.line(&msg!("path-state", path = paths.state.display().to_string()))?;
            output.line(&msg!("path-runtime", path = paths.runtime.display().to_string()))?;
        }
        ConfigAction::Init { server: true } => output.raw(SERVER_EXAMPLE.as_bytes())?,
        ConfigAction::Init { server: false } => output.raw(CLIENT_EXAMPLE.as_bytes())?,
        ConfigAction::Keys => output.raw(watchtogether_tui::keymap::example().as_bytes())?,
    }
    Ok(Exit::Ok)
}
