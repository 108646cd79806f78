//! `completions`: prints shell completions for the command line.

use clap::{Args, Command};

use crate::exit::{Exit, Failure};
use crate::output::OutputStreams;

/// Print completions.
#[derive(Debug, Args)]
pub(super) struct CompletionsArgs {
    /// Shell to print completions for
    pub(super) shell: clap_complete::Shell,
}

/// Runs the subcommand: prints the completions for `command`.
pub(super) fn run(
    args: &CompletionsArgs,
    mut command: Command,
    output: &mut OutputStreams,
) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut command, "watchtogether", &mut script);
    output.raw(&script)?;
    Ok(Exit::Ok)
}
