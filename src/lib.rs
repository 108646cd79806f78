//! The client of watchtogether as a library: a pure session, its player, its transport and the command line on top.

pub mod draw;
pub mod local_clock;
pub mod player;
pub mod process;
pub mod session;
pub mod sync;
