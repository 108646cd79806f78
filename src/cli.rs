//! The command line: its subcommands and global flags. Each subcommand is a file with its arguments.

mod access;
mod autosave;
mod background;
mod card;
mod client_args;
mod color_arg;
mod completions;
mod config;
mod ctl;
mod demo;
mod events;
mod file_failures;
mod files;
mod films;
mod found;
mod globals;
pub mod guardian;
mod home;
mod host;
mod input_line;
mod join;
mod keys;
mod local_server;
mod media_arg;
mod on_stall;
mod opening;
mod plain;
mod public_address;
mod recording;
mod room_arg;
mod room_entry;
mod running_client;
mod runtime;
mod screen;
mod scripts;
mod send;
mod serve;
mod server_admin;
mod server_failures;
mod server_pipe;
mod session_arg;
mod session_setup;
mod speaker;
mod state;
mod status;
mod usage;
mod wall_clock;
mod watch;

use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{CommandFactory as _, Parser, Subcommand};

use self::color_arg::ColorArg;
use self::completions::CompletionsArgs;
use self::config::ConfigArgs;
use self::ctl::CtlArgs;
use self::demo::DemoArgs;
use self::events::EventsArgs;
use self::globals::{Globals, text_variable, variable};
use self::host::HostArgs;
use self::join::JoinArgs;
use self::send::SendArgs;
use self::serve::ServeArgs;
use self::server_admin::ServerArgs;
use self::status::StatusArgs;
use crate::config::Paths;
use crate::exit::{Exit, Failure};
use crate::logging::Verbosity;
use crate::output::OutputStreams;

/// The command line of `watchtogether`.
#[derive(Debug, Parser)]
#[command(
    name = "watchtogether",
    version,
    about,
    arg_required_else_help = true,
    disable_help_subcommand = true
)]
#[command(after_help = "Examples:\n  \
    watchtogether                               choose a film, paste an invite, or go back to a room\n  \
    watchtogether host film.mkv                 open a room and print the invite for your friends\n  \
    watchtogether join 'watchtogether://…'      join a room; your copy of the film is found for you\n  \
    watchtogether serve                         run a server on a machine that stays on\n  \
    watchtogether ctl pause                     control the session that runs on this machine")]
pub struct Cli {
    /// The subcommand; without one, the home screen asks
    #[command(subcommand)]
    command: Option<CliCommand>,
    /// Print a line per event instead of drawing a screen
    #[arg(long)]
    plain: bool,
    /// Log more: -v for info, -vv for debug, -vvv for trace messages
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    verbose: u8,
    /// Print results and errors only
    #[arg(short, long, global = true)]
    quiet: bool,
    /// When to use colour
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    color: ColorArg,
}

/// The subcommands.
#[derive(Debug, Subcommand)]
enum CliCommand {
    /// Open a room, print the invite, and watch
    Host(HostArgs),
    /// Run a server for rooms
    Serve(ServeArgs),
    /// Back up, check or restore a server's rooms
    Server(ServerArgs),
    /// Join a room and watch
    Join(JoinArgs),
    /// Show the current session
    Status(StatusArgs),
    /// Send a chat message in the current session
    Send(SendArgs),
    /// Control the current session
    Ctl(CtlArgs),
    /// Print what happens in the current session, one line per event
    Events(EventsArgs),
    /// Show the configuration, or print files to start from
    Config(ConfigArgs),
    /// Print shell completions
    Completions(CompletionsArgs),
    /// Play the bundled clip in three players and measure how far apart they are
    Demo(DemoArgs),
}

/// Parses the command line, runs the command and returns the exit code.
pub fn run() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        // There is no subcommand, so ask the user if there is one.
        Err(_) if std::env::args_os().len() == 1 && home::can_ask() => Cli::alone(),
        Err(mut error) => {
            usage::drop_far_suggestions(&mut error);
            if error.kind() == ErrorKind::InvalidUtf8
                && let Some(failure) = usage::not_text(&std::env::args_os().collect::<Vec<_>>(), |words| {
                    Cli::try_parse_from(words).map(drop)
                })
            {
                OutputStreams::new(|_is_terminal| false, false).failure(&failure, false);
                return failure.exit().into();
            }
            // If even this cannot be written, there is nowhere to report it.
            drop(error.print());
            return if error.use_stderr() {
                Exit::Usage.into()
            } else {
                Exit::Ok.into()
            };
        }
    };
    cli.hide_secrets();
    let color = crate::config::Color::from(cli.color);
    let mut output = OutputStreams::new(
        |is_terminal| color.is_wanted(is_terminal, text_variable),
        cli.quiet,
    );
    let globals = cli.globals();
    let Some(mut command) = cli.command else {
        if !home::can_ask() {
            // The answer to a command line without a subcommand.
            if let Err(error) = Cli::try_parse_from(["watchtogether"]) {
                drop(error.print());
            }
            return Exit::Usage.into();
        }
        return match home::run(cli.plain, &globals, &mut output) {
            Ok(exit) => exit.into(),
            Err(failure) => {
                output.failure(&failure, false);
                failure.exit().into()
            }
        };
    };
    if cli.plain {
        command.show_lines();
    }
    let is_json = command.answers_in_json();
    match command.run(&globals, &mut output) {
        Ok(exit) => exit.into(),
        Err(failure) => {
            output.failure(&failure, is_json);
            failure.exit().into()
        }
    }
}

/// Checks the player in this process and prints the result. Home runs this as a separate process.
#[cfg(feature = "mpv")]
pub fn check_player() -> ExitCode {
    home::checks::look().into()
}

impl Cli {
    /// Returns the command line without any arguments.
    const fn alone() -> Self {
        Self {
            command: None,
            plain: false,
            verbose: 0,
            quiet: false,
            color: ColorArg::Auto,
        }
    }

    /// Hides secrets from the list of processes.
    fn hide_secrets(&self) {
        if let Some(CliCommand::Join(args)) = &self.command {
            args.hide_secrets();
        }
    }

    /// Returns the flags and folders that every subcommand gets.
    fn globals(&self) -> Globals {
        let verbosity = Verbosity {
            is_quiet: self.quiet,
            more: self.verbose,
        };
        Globals {
            verbosity,
            color: self.color.into(),
            paths: Paths::of(variable),
        }
    }
}

impl CliCommand {
    fn run(self, globals: &Globals, output: &mut OutputStreams) -> Result<Exit, Failure> {
        match self {
            Self::Host(args) => host::run(args, globals, output),
            Self::Serve(args) => serve::run(args, globals, output),
            Self::Server(args) => server_admin::run(args, globals, output),
            Self::Join(args) => join::run(args, globals, output),
            Self::Status(args) => status::run(&args, globals, output),
            Self::Send(args) => send::run(&args, globals),
            Self::Ctl(args) => ctl::run(args, globals, output),
            Self::Events(args) => events::run(args, globals, output),
            Self::Config(args) => config::run(&args, globals, output),
            Self::Completions(args) => completions::run(&args, Cli::command(), output),
            Self::Demo(args) => demo::run(&args, output),
        }
    }

    /// Selects plain mode for commands that have a screen, because the flag may also come before the subcommand.
    const fn show_lines(&mut self) {
        match self {
            Self::Host(HostArgs { client, .. }) | Self::Join(JoinArgs { client, .. }) => client.plain = true,
            Self::Serve(_)
            | Self::Server(_)
            | Self::Status(_)
            | Self::Send(_)
            | Self::Ctl(_)
            | Self::Events(_)
            | Self::Config(_)
            | Self::Completions(_)
            | Self::Demo(_) => {}
        }
    }

    /// Returns whether failures are printed as JSON as well.
    const fn answers_in_json(&self) -> bool {
        match self {
            Self::Serve(args) => args.json,
            Self::Status(args) => args.json,
            Self::Events(args) => args.json,
            Self::Config(args) => args.is_json(),
            Self::Host(_)
            | Self::Server(_)
            | Self::Join(_)
            | Self::Send(_)
            | Self::Ctl(_)
            | Self::Completions(_)
            | Self::Demo(_) => false,
        }
    }
}
