//! The limits that both ends enforce. A server's own limits, such as rates and counts, are in the `limits` module of the server's
//! crate.

/// The maximum payload of one frame from a client, in bytes. The longest that a normal client sends is a chat line of 2,000
/// characters. A longer frame is refused before it is buffered.
pub const CLIENT_FRAME_BYTES: usize = 64 * 1024;

/// The maximum payload of one frame from a server, in bytes: a full room of [`ROOM_MEMBERS`] with at most 205 bytes each, and its
/// chat history.
pub const SERVER_FRAME_BYTES: usize = 1280 * 1024;

/// The maximum payload of one datagram, in bytes. With the headers it fits the smallest path that QUIC requires (1,200 bytes).
pub const DATAGRAM_BYTES: usize = 1_100;

/// The maximum length of a member's name, in characters.
pub const NAME_CHARS: usize = 32;

/// The maximum length of a program's name with its version, and of an address with its port, in characters. An IPv6 address with
/// a zone has at most 53.
pub const SHORT_LINE_CHARS: usize = 64;

/// The maximum length of a room's name, in bytes.
pub const ROOM_NAME_BYTES: usize = 64;

/// The maximum length of a room's title, in characters.
pub const ROOM_TITLE_CHARS: usize = 64;

/// The maximum length of one chat message, in characters.
pub const CHAT_CHARS: usize = 2_000;

/// The maximum length of a server's host name, in bytes, as in DNS.
pub const HOST_BYTES: usize = 253;

/// The maximum length of a URL, in bytes.
pub const URL_BYTES: usize = 2_048;

/// The maximum length of an item's title, in characters.
pub const TITLE_CHARS: usize = 255;

/// The maximum length of a password, in characters.
pub const PASSWORD_CHARS: usize = 128;

/// The maximum number of members in a room. A server's configuration may allow fewer (`rooms.members`). A client refuses more,
/// because each member costs it memory and time, and because the snapshot of a room with this many members, each of the largest
/// size, must fit into [`SERVER_FRAME_BYTES`] together with the chat.
pub const ROOM_MEMBERS: usize = 4_096;

/// The maximum number of chat lines that a joining member receives. A server's configuration may keep fewer (`rooms.chat_lines`).
pub const CHAT_HISTORY: usize = 300;

/// The maximum size of those lines in one message, in bytes: a fifth of [`SERVER_FRAME_BYTES`]. 300 lines of 2,000 characters
/// would exceed a whole frame, and nobody could join such a room.
pub const CHAT_HISTORY_BYTES: usize = 256 * 1024;

/// The maximum number of bans in a room; the oldest ends when another is added. This is far more than a room needs, and still
/// fits one message. A server's configuration may allow fewer (`rooms.bans`).
pub const BANS: usize = 256;

/// The maximum number of awaited members that are named; of more, only their number is reported. Nobody reads more names in a
/// line, and with all of them a seek in a large room would cost as many names as its members squared.
pub const AWAITED_NAMES: usize = 8;

/// The maximum number of members in a clock answer, so that it fits one datagram.
pub const DIGEST_MEMBERS: usize = 16;

/// The longest item, in seconds: 100 days. A longer one comes from a damaged file.
pub const DURATION_SECONDS: i64 = 100 * 86_400;
