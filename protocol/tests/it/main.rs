//! Tests of the wire format: its bytes are fixed, values survive a round trip, and hostile input is refused.

mod golden;
mod hostile;
mod readme;
mod roundtrip;
mod rules;
mod samples;
mod strategies;
