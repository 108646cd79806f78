//! The flags and folders that every subcommand gets.

use std::ffi::OsString;

use super::keys;
use crate::config::{Color, Config, ConfigError, ConfigLayer, Configured, Paths};
use crate::exit::Failure;
use crate::logging::{self, Destination, Verbosity};

/// The flags and folders that every subcommand gets.
#[derive(Clone, Debug)]
pub(super) struct Globals {
    pub(super) verbosity: Verbosity,
    pub(super) color: Color,
    pub(super) paths: Paths,
}

impl Globals {
    /// Returns the configuration with these flags.
    pub(super) fn load(&self, flags: ConfigLayer) -> Result<Config, Failure> {
        let color = (self.color != Color::Auto).then(|| Configured::flag(self.color));
        let config = Config::load(
            ConfigLayer { color, ..flags },
            variable,
            &variable_names(),
            &self.paths.client_file(),
        );
        // The mistakes of both files are reported together.
        let wrong_keys = keys::load(&self.paths).err().unwrap_or_default();
        match config {
            Ok(config) if wrong_keys.is_empty() => Ok(config),
            Ok(_) => Err(ConfigError::of(wrong_keys).into()),
            Err(error) => Err(ConfigError::of([error.mistakes, wrong_keys].concat()).into()),
        }
    }

    /// Logs to standard error.
    pub(super) fn log_here(&self) -> Result<(), Failure> {
        self.log(&Destination::StandardError { has_color: false })
    }

    /// Logs to a destination.
    pub(super) fn log(&self, destination: &Destination) -> Result<(), Failure> {
        let filter = text_variable(logging::VARIABLE);
        Ok(logging::start(destination, self.verbosity, filter.as_deref())?)
    }
}

/// Returns a variable of the environment.
pub(super) fn variable(name: &str) -> Option<OsString> {
    std::env::var_os(name)
}

/// Returns the names of the environment variables that are set and UTF-8.
pub(super) fn variable_names() -> Vec<String> {
    std::env::vars_os()
        .filter_map(|(name, _)| name.into_string().ok())
        .collect()
}

/// Returns a variable of the environment that is UTF-8.
pub(super) fn text_variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}
