//! The network side: one endpoint, one task per connection.

pub(crate) mod admission;
pub(crate) mod connection;
pub(crate) mod endpoint;
mod passwords;
pub mod tls;
