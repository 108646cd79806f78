//! The version of the protocol. The major version is the ALPN of QUIC, so both ends agree on it before the first byte.

/// The ALPN of version 1, the first. Once there is a version 2, servers will support both.
pub const ALPN: &[u8] = b"watchtogether/1";

/// The UDP port if an address names none.
pub const DEFAULT_PORT: u16 = 7843;
