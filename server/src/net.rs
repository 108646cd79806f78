//! The network side: one endpoint, one task per connection.

pub(crate) mod admission;
mod connection;
mod datagrams;
mod door;
mod end;
pub(crate) mod endpoint;
mod intake;
mod messages;
mod passwords;
pub(crate) mod services;
pub mod tls;
