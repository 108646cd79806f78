//! When to use colour.

use clap::ValueEnum;

use crate::config;

/// When to use colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum ColorArg {
    /// In a terminal, unless `NO_COLOR` is set
    Auto,
    /// Even when the output is a file or a pipe
    Always,
    /// No colour at all
    Never,
}

impl From<ColorArg> for config::Color {
    fn from(color: ColorArg) -> Self {
        match color {
            ColorArg::Auto => Self::Auto,
            ColorArg::Always => Self::Always,
            ColorArg::Never => Self::Never,
        }
    }
}
