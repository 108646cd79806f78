//! `config`: what the configuration says, and where it says so.

use serde_json::json;

use super::args::{ConfigAction, ConfigArgs};
use super::globals::Globals;
use crate::config::{CLIENT_EXAMPLE, Layer};
use crate::exit::{Exit, Failure};
use crate::output::Output;

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
