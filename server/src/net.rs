//! The network side: one endpoint, and one task per connection.

pub(crate) mod admission;
mod connection;
mod datagrams;
mod end;
pub(crate) mod endpoint;
mod intake;
mod messages;
mod passwords;
mod pending_client;
pub(crate) mod services;
mod socket;
pub mod tls;
