//! The client of watchtogether as a library: a pure session, its player, its transport, and the command line on top.

#[cfg(feature = "tui")]
pub mod bridge;
#[cfg(feature = "tui")]
pub mod cli;
pub mod clipboard;
#[cfg(feature = "tui")]
pub mod config;
#[cfg(feature = "tui")]
pub mod control;
pub mod drafts;
pub mod driver;
#[cfg(feature = "tui")]
pub mod exit;
pub mod file_url;
pub mod library;
pub mod local_clock;
#[cfg(feature = "tui")]
pub mod logging;
#[cfg(feature = "tui")]
pub mod output;
pub mod owner;
pub mod page;
pub mod player;
pub mod process;
pub mod recent;
pub mod scrollback;
pub mod seats;
pub mod seeded_rng;
pub mod session;
pub mod sync;
pub mod transport;
pub mod whole_file;

pub use watchtogether_server::private_files;
