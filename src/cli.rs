//! The command line: one file per subcommand; this one says what there is.

mod access;
pub mod args;
mod card;
mod completions;
mod config;
mod control;
mod demo;
mod errands;
mod files;
mod films;
mod found;
mod globals;
pub mod guardian;
mod home;
mod host;
mod join;
mod keeping;
mod keys;
mod media_arg;
mod opening;
mod own_server;
mod plain;
mod recording;
mod running_client;
mod runtime;
mod screen;
mod scripts;
mod serve;
mod server;
mod server_pipe;
mod session_setup;
mod speaker;
mod state;
mod usage;
mod wall_clock;
mod watch;
mod way_in;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser as _;
use clap::error::ErrorKind;

use self::args::{Cli, Color, Command, ConfigAction, ConfigArgs, HostArgs, JoinArgs};
use self::globals::{Globals, text_variable, variable};
use crate::config::Paths;
use crate::exit::{Exit, Failure};
use crate::output::Output;

/// Reads the command line, does what it says and returns the exit code.
pub fn run() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        // Not a word: whoever is there to be asked is asked.
        Err(_) if std::env::args_os().len() == 1 && home::can_ask() => Cli::alone(),
        Err(mut error) => {
            usage::drop_far_suggestions(&mut error);
            if error.kind() == ErrorKind::InvalidUtf8
                && let Some(failure) = not_text(&std::env::args_os().collect::<Vec<_>>())
            {
                Output::new(|_is_terminal| false, false).failure(&failure, false);
                return failure.exit.into();
            }
            // Nobody is left to tell when even this cannot be written.
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
    let mut output = Output::new(
        |is_terminal| color.is_wanted(is_terminal, text_variable),
        cli.quiet,
    );
    let globals = cli.globals();
    let Some(mut command) = cli.command else {
        return match home::run(cli.plain, &globals, &mut output) {
            Ok(exit) => exit.into(),
            Err(failure) => {
                output.failure(&failure, false);
                failure.exit.into()
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
            failure.exit.into()
        }
    }
}

/// Returns the failure of a word of the command line that has to be UTF-8 and is not, with its name.
fn not_text(words: &[OsString]) -> Option<Failure> {
    let is_odd = |word: &OsString| word.to_str().is_none();
    // Paths may be any bytes: the word that is meant is the one that is still refused alone.
    let is_refused = |at: usize| {
        let words = words.iter().enumerate().map(|(index, word)| {
            if index == at {
                word.clone()
            } else {
                word.to_string_lossy().into_owned().into()
            }
        });
        Cli::try_parse_from(words).is_err_and(|error| error.kind() == ErrorKind::InvalidUtf8)
    };
    let at = (0..words.len()).find(|at| is_odd(&words[*at]) && is_refused(*at))?;
    let word = words[at].to_string_lossy();
    let before = at.checked_sub(1).map(|before| words[before].to_string_lossy());
    let flag = match (word.split_once('='), before) {
        (Some((flag, _)), _) if flag.starts_with("--") => Some(flag.to_owned()),
        (_, Some(before)) if before.starts_with('-') => Some(before.into_owned()),
        (_, _) => None,
    };
    let what = flag.map_or_else(|| "an argument".to_owned(), |flag| format!("the value of {flag}"));
    let shown = words[at].as_encoded_bytes().escape_ascii();
    let words = format!("{what} is not UTF-8 text: {shown}");
    Some(Failure::new(Exit::Usage, "usage", words))
}

/// Looks at the player in this very process, and prints what it saw: for home, which asks in a process of its own.
#[cfg(feature = "mpv")]
pub fn check_player() -> ExitCode {
    home::checks::look().into()
}

impl Cli {
    /// Returns the command line without a word.
    const fn alone() -> Self {
        Self {
            command: None,
            plain: false,
            verbose: 0,
            quiet: false,
            color: Color::Auto,
        }
    }

    /// Takes an invite, which is a key, out of the list of processes.
    fn hide_secrets(&self) {
        if let Some(Command::Join(JoinArgs {
            invite: Some(invite), ..
        })) = &self.command
            && invite != "-"
            && let Err(error) = crate::process::hide_argument(invite.as_ref())
        {
            tracing::debug!(%error, "the invite stays in the list of processes");
        }
    }

    fn globals(&self) -> Globals {
        let verbosity = crate::logging::Verbosity {
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

impl Command {
    fn run(self, globals: &Globals, output: &mut Output) -> Result<Exit, Failure> {
        match self {
            Self::Host(args) => host::run(args, globals, output),
            Self::Serve(args) => serve::run(args, globals, output),
            Self::Server(args) => server::run(args, globals, output),
            Self::Join(args) => join::run(args, globals, output),
            Self::Status(args) => control::status(&args, globals, output),
            Self::Send(args) => control::send(&args, globals),
            Self::Ctl(args) => control::ctl(args, globals, output),
            Self::Events(args) => control::events(args, globals, output),
            Self::Config(args) => config::run(&args, globals, output),
            Self::Completions(args) => completions::run(&args, output),
            Self::Demo(args) => demo::run(&args, output),
        }
    }

    /// Shows lines instead of a screen, where the command has one: the flag may stand before it, too.
    const fn show_lines(&mut self) {
        match self {
            Self::Host(HostArgs { party, .. }) | Self::Join(JoinArgs { party, .. }) => party.plain = true,
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

    /// Returns whether even a failure is told as JSON.
    const fn answers_in_json(&self) -> bool {
        match self {
            Self::Serve(args) => args.json,
            Self::Status(args) => args.json,
            Self::Events(args) => args.json,
            Self::Config(ConfigArgs {
                action: ConfigAction::Show { json, .. },
            }) => *json,
            Self::Host(_)
            | Self::Server(_)
            | Self::Join(_)
            | Self::Send(_)
            | Self::Ctl(_)
            | Self::Config(_)
            | Self::Completions(_)
            | Self::Demo(_) => false,
        }
    }
}
