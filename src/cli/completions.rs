//! `completions`: what a shell needs to complete the command line.

use clap::CommandFactory as _;

use super::args::{Cli, CompletionsArgs};
use crate::exit::{Exit, Failure};
use crate::output::Output;

/// Runs the subcommand.
pub(super) fn run(args: &CompletionsArgs, output: &mut Output) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "watchtogether", &mut script);
    output.raw(&script)?;
    Ok(Exit::Ok)
}
