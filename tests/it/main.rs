//! Tests of the whole.

mod layering;
mod man_pages;
mod simulation;
