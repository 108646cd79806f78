//! The client of watchtogether as a library: a pure session, its player, its transport and the command line on top.

pub mod draw;
pub mod player;
pub mod session;
pub mod sync;
