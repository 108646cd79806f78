//! Tests of the whole.

mod cli;
mod layering;
mod man_pages;
mod program;
#[cfg(target_os = "linux")]
mod pty;
mod simulation;
#[cfg(target_os = "linux")]
mod terminal;
