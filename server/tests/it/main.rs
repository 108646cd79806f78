//! Tests of the server as its clients see it: real QUIC over the loopback address.

#[cfg(target_os = "linux")]
mod attacks;
mod chat;
mod client;
mod clock;
mod disk;
mod ending;
mod entering;
mod hostile;
mod keeping;
mod killing;
mod limits;
mod passwords;
mod placing;
mod playing;
mod process;
mod raw;
mod removed;
mod removing;
mod resuming;
mod slow;
mod test_server;
mod undoing;
