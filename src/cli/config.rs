//! `config`: what the configuration says, and where it says so.

use clap::{Args, Subcommand};
use serde_json::json;

use super::globals::Globals;
use crate::config::{CLIENT_EXAMPLE, Layer};
use crate::exit::{Exit, Failure};
use crate::output::Output;

/// Show the configuration.
#[derive(Debug, Args)]
pub(super) struct ConfigArgs {
    /// What to do.
    #[command(subcommand)]
    pub(super) action: ConfigAction,
}

/// The things that `config` can do.
#[derive(Debug, Subcommand)]
pub(super) enum ConfigAction {
    /// Print every value
    Show {
        /// Say where each value comes from
        #[arg(long)]
        origin: bool,
        /// Print one JSON object
        #[arg(long)]
        json: bool,
    },
    /// Print where the files are
    Path,
    /// Print a commented file with the defaults, to begin with
    Init,
    /// Print every action with its keys, as a commented keys.toml to begin with
    Keys,
}

impl ConfigArgs {
    /// Returns whether the answer is JSON.
    pub(super) const fn is_json(&self) -> bool {
        matches!(self.action, ConfigAction::Show { json: true, .. })
    }
}

/// Runs the subcommand.
pub(super) fn run(args: &ConfigArgs, globals: &Globals, output: &mut Output) -> Result<Exit, Failure> {
    match args.action {
        ConfigAction::Show { origin, json } => {
            let rows = globals.load(Layer::default())?.rows();
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
                output.line(&format!("{:<20} {value}{from}", row.key))?;
            }
        }
        ConfigAction::Path => {
            let paths = &globals.paths;
            output.line(&format!("config   {}", paths.client_file().display()))?;
            output.line(&format!("keys     {}", paths.keys_file().display()))?;
            output.line(&format!("state    {}", paths.state.display()))?;
            output.line(&format!("runtime  {}", paths.runtime.display()))?;
        }
        ConfigAction::Init => output.raw(CLIENT_EXAMPLE.as_bytes())?,
        ConfigAction::Keys => output.raw(watchtogether_tui::keymap::example().as_bytes())?,
    }
    Ok(Exit::Ok)
}
