//! Tests of the whole.

mod layering;
mod simulation;
