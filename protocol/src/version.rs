//! The version of the protocol. The major version is QUIC's ALPN and is agreed before the first byte.

/// The ALPN of version 1, the first. Once there is a version 2, servers will support both.
pub const ALPN: &[u8] = b"watchtogether/1";

/// The UDP port of an address without one.
pub const DEFAULT_PORT: u16 = 7843;
