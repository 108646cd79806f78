//! The wire: what the bytes are, that they come back, and that nothing hostile gets through.

mod golden;
mod hostile;
mod readme;
mod roundtrip;
mod rules;
mod samples;
mod strategies;
