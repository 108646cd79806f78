//! The client of watchtogether as a library: a pure session, its player, its transport and the command line on top.

pub mod control;
pub mod exit;
pub mod player;
pub mod transport;
