//! The server of watchtogether: rooms over QUIC.
