//! When to use colour.

use clap::ValueEnum;

use crate::config;

/// When to use colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Color {
    /// In a terminal, unless `NO_COLOR` is set
    Auto,
    /// Even when the output is a file or a pipe
    Always,
    /// No colour at all
    Never,
}

impl From<Color> for config::Color {
    fn from(color: Color) -> Self {
        match color {
            Color::Auto => Self::Auto,
            Color::Always => Self::Always,
            Color::Never => Self::Never,
        }
    }
}
