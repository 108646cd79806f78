//! Tests of the whole.

mod cli;
mod layering;
mod man_pages;
mod program;
mod simulation;
#[cfg(target_os = "linux")]
mod terminal;
