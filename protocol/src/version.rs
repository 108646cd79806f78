//! The version of the protocol: the major version is QUIC's ALPN, agreed before the first byte.

/// The ALPN of version 1, the first. A server answers this one and, once there is one, its successor.
pub const ALPN: &[u8] = b"watchtogether/1";

/// The UDP port that an address without one means.
pub const DEFAULT_PORT: u16 = 7843;
