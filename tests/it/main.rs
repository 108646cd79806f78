//! Integration tests of the whole program.

mod catalogue;
mod cli;
mod elsewhere;
#[cfg(target_os = "linux")]
mod hostile_server;
mod layering;
mod man_pages;
mod owner;
#[cfg(target_os = "linux")]
mod plain;
mod program;
mod prose;
#[cfg(target_os = "linux")]
mod pty;
mod removing;
mod simulation;
mod sizes;
mod state;
#[cfg(target_os = "linux")]
mod terminal;
mod type_names;
mod wording;
