//! Every bound that both ends enforce. What a server allows within them, how often and how many, is its configuration: its
//! `limits` module.

/// The bytes of one frame's payload from a client. The longest honest one is a chat line of 2,000
/// characters; larger is refused before it is buffered.
pub const CLIENT_FRAME_BYTES: usize = 64 * 1024;

/// The bytes of one frame's payload from a server: a full room, [`ROOM_MEMBERS`] of at most 205 bytes each, with its chat
/// history.
pub const SERVER_FRAME_BYTES: usize = 1280 * 1024;

/// The bytes of one datagram's payload: fits the smallest path that QUIC promises (1,200) with room
/// for its own headers.
pub const DATAGRAM_BYTES: usize = 1_100;

/// The characters of a member's name.
pub const NAME_CHARS: usize = 32;

/// The characters of a program's name with its version, and of an address with its port: an IPv6
/// address with a zone has at most 53.
pub const SHORT_LINE_CHARS: usize = 64;

/// The bytes of a room's name.
pub const ROOM_NAME_BYTES: usize = 64;

/// The characters of one chat message.
pub const CHAT_CHARS: usize = 2_000;

/// The bytes of a server's host name: as many as DNS has.
pub const HOST_BYTES: usize = 253;

/// The bytes of a URL.
pub const URL_BYTES: usize = 2_048;

/// The characters of an item's title.
pub const TITLE_CHARS: usize = 255;

/// The characters of a password.
pub const PASSWORD_CHARS: usize = 128;

/// The members of a room. A server's configuration may allow fewer (`rooms.members`). A client refuses more, because each
/// member costs it memory and time, and the snapshot of a room with this many members of the greatest size has to fit
/// [`SERVER_FRAME_BYTES`] together with the chat.
pub const ROOM_MEMBERS: usize = 4_096;

/// The lines of chat that a joiner is sent. A server's configuration may keep fewer (`rooms.chat_lines`).
pub const CHAT_HISTORY: usize = 300;

/// The bytes that those lines have in one message: a fifth of [`SERVER_FRAME_BYTES`], because 300 lines of
/// 2,000 characters would be more than a whole frame, and nobody could join where they were said.
pub const CHAT_HISTORY_BYTES: usize = 256 * 1024;

/// The bans of a room: of more the oldest end. Far above what one room comes to know, and still one message. A server's
/// configuration may allow fewer (`rooms.bans`).
pub const BANS: usize = 256;

/// The members that a clock answer speaks of: keeps it inside one datagram.
pub const DIGEST_MEMBERS: usize = 16;

/// The longest item that exists, in seconds: 100 days. Beyond it lies only damage.
pub const DURATION_SECONDS: i64 = 100 * 86_400;
