//! The words between a server and the client that started it as its child, over standard input and output.

/// The server says: somebody came in from a network that only those know who are on it.
pub(super) const REACHED_LOCAL: &str = "local";

/// The server says: somebody came in from anywhere else.
pub(super) const REACHED_OUTSIDE: &str = "outside";

/// The client says, before it closes the pipe: the rooms end with the server.
pub(super) const CLOSE_ROOMS: &[u8] = b"close rooms\n";

/// The code of the failure that another program has the port.
pub(super) const PORT_IN_USE: &str = "port_in_use";
