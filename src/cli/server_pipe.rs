//! The messages between a server and the client that started it as its child, over standard input and output.

/// The server reports that a member entered from a private network.
pub(super) const REACHED_LOCAL: &str = "local";

/// The server reports that a member entered from anywhere else.
pub(super) const REACHED_OUTSIDE: &str = "outside";

/// The client sends this before it closes the pipe if the rooms end with the server.
pub(super) const CLOSE_ROOMS: &[u8] = b"close rooms\n";
