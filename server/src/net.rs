//! The network side: one endpoint, one task per connection.

pub(crate) mod admission;
pub(crate) mod connection;
mod datagrams;
mod end;
pub(crate) mod endpoint;
mod intake;
mod passwords;
pub mod tls;
