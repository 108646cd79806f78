//! The server as its clients meet it: real QUIC over the loopback address.

mod client;
mod entering;
mod house;
