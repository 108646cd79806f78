//! The server as its clients meet it: real QUIC over the loopback address.

mod chat;
mod client;
mod clock;
mod ending;
mod entering;
mod hostile;
mod house;
mod playing;
mod resuming;
mod slow;
mod undoing;
