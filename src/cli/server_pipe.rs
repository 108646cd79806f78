//! The words between a server and the client that started it as its child, over standard input and output.

/// The server says: somebody came in from a network that only those know who are on it.
pub(super) const REACHED_LOCAL: &str = "local";

/// The server says: somebody came in from anywhere else.
pub(super) const REACHED_OUTSIDE: &str = "outside";

/// The client says, before it closes the pipe: the rooms end with the server.
pub(super) const CLOSE_ROOMS: &[u8] = b"close rooms\n";
