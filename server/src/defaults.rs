//! Every number of the server, with its unit and its reason.

use std::time::Duration;

use watchtogether_protocol::limits;

use crate::rate_limit::Budget;

/// A scheduled start leaves this much beyond the worst way to a member: encoding, queues and the player's own latency.
pub const START_MARGIN: Duration = Duration::from_millis(40);

/// A start is at least this far ahead, so that a fast network still starts everybody together.
pub const START_LEAD_MIN: Duration = Duration::from_millis(80);

/// A start is at most this far ahead: whoever is further away joins late instead of delaying all.
pub const START_LEAD_MAX: Duration = Duration::from_millis(500);

/// How long a seek may take before the room goes on without who is late: two seconds decode a long group of pictures.
pub const PREPARE: Duration = Duration::from_secs(2);

/// How long what somebody did to all can be undone: who only notices later has got used to it.
pub const UNDO: Duration = Duration::from_mins(1);

/// Seeks, or changes of speed, of one member that follow each other this quickly are one act: somebody looks for a place.
pub const UNDO_TOGETHER: Duration = Duration::from_secs(5);

/// How long opening an item may take before the room goes on without who is late.
pub const FIRST_LOAD: Duration = Duration::from_secs(10);

/// A player that runs dry for less than this is not worth stopping for.
pub const STALL_DEBOUNCE: Duration = Duration::from_secs(1);

/// How long the room waits for a player that ran dry.
pub const STALL_WAIT: Duration = Duration::from_secs(15);

/// After somebody sought the end of an item, it is over after this time: members learn who went there, then that it is over.
pub const SOUGHT_END: Duration = Duration::from_millis(250);

/// After following a playing room for this long, a member that was excused is waited for like any other: long enough that the
/// seeks of a late join are over, short enough that a stall some minutes later counts.
pub const FOLLOWED: Duration = Duration::from_secs(5);

/// How long the host's seat is kept before the room passes on: a Wi-Fi change is over by then.
pub const HOST_SEAT: Duration = Duration::from_secs(20);

/// How long anybody else's seat is kept after the link is lost.
pub const SEAT: Duration = Duration::from_mins(2);

/// A member that is there for less than this is made host only where nobody is there for longer.
pub const HOST_MIN_PRESENCE: Duration = Duration::from_secs(30);

/// How long after its server died a film still goes on when somebody is back: as long as players go on without a link
/// before they stop by themselves.
pub const INTERRUPTION: Duration = Duration::from_mins(2);

/// How long a room without members is kept in memory.
pub const EMPTY_ROOM: Duration = Duration::from_mins(5);

/// How long a room without members is kept on the disk after somebody last did something in it: until the next evening of
/// a weekly round.
pub const KEPT_ROOM: Duration = Duration::from_hours(7 * 24);

/// How long a ban keeps a name and a session out: as long as the room is kept, so until after the next evening.
pub const BAN: Duration = KEPT_ROOM;

/// How long a ban keeps an address out, and how long its hash is kept: by the next day it may be somebody else's.
pub const BAN_ADDRESS: Duration = Duration::from_hours(24);

/// The rooms that are kept on the disk; of more, those go that were left longest ago.
pub const KEPT_ROOMS: usize = 10_000;

/// How often rooms are looked for that have been kept long enough.
pub const SWEEP: Duration = Duration::from_hours(1);

/// How often it is kept how far a film has come: this much of it at most is shown again where nobody returns in time.
pub const PROGRESS: Duration = Duration::from_secs(5);

/// After this time a room that the disk did not take is handed over again.
pub const SAVE_AGAIN: Duration = Duration::from_secs(2);

/// How long a seat is held back until it is on the disk: a member that is told a token which a crash forgets has lost the seat.
/// Longer than any disk takes that is well.
pub const SEAT_SAVED: Duration = Duration::from_secs(1);

/// How often a server looks whether its files are still where it put them: what is removed and not yet written again is
/// lost with a crash. A few calls of `stat` each time.
pub const LOOK_AT_FILES: Duration = Duration::from_secs(5);

/// How long the disk may take for the last words of all rooms when the server ends.
pub const LAST_WRITES: Duration = Duration::from_secs(5);

/// The members that a room may have.
pub const ROOM_MEMBERS: usize = 500;

const _: () = assert!(
    ROOM_MEMBERS <= limits::ROOM_MEMBERS,
    "clients refuse larger rooms"
);

/// The rooms that a server may have.
pub const ROOMS: usize = 1_000;

/// Chat lines of one member: five at once, then one a second.
pub const CHAT: Budget = Budget {
    burst: 5,
    every: Duration::from_secs(1),
};

/// Wishes of one member to move the room: ten at once, then four a second; of more the newest counts.
pub const CONTROL: Budget = Budget {
    burst: 10,
    every: Duration::from_millis(250),
};

/// How often the others are told how one member's player does: four changes at once, as when a film opens, then four a
/// second; of more the newest.
pub const REPORTS: Budget = Budget {
    burst: 4,
    every: Duration::from_millis(250),
};

/// A client that was not heard for this long does not respond. It asks the clock once a second while the room plays and
/// every two seconds while it stands, and twice a second while it has no answer: five lost packets in a row are no accident.
pub const SILENT: Duration = Duration::from_secs(5);

/// A timer that is later than this was not held up by work: the server or its machine stood still.
pub const LATE: Duration = Duration::from_secs(1);

/// How often members are told for whom a room that prepares waits: as often as how one player does.
pub const MISSING: Budget = REPORTS;

/// How often one seat is taken again: the worst network changes less often, and each time the whole chat may be sent.
pub const RESUMES: Budget = Budget {
    burst: 20,
    every: Duration::from_secs(1),
};

/// Tries of one address to enter a room.
pub const JOINS: Budget = Budget {
    burst: 10,
    every: Duration::from_secs(1),
};

/// Rooms that one address may open.
pub const CREATIONS: Budget = Budget {
    burst: 5,
    every: Duration::from_mins(1),
};

/// Wrong passwords of one address for one room.
pub const WRONG_PASSWORDS: Budget = Budget {
    burst: 3,
    every: Duration::from_secs(20),
};

/// Wrong passwords for one room from everywhere.
pub const WRONG_PASSWORDS_OF_ROOM: Budget = Budget {
    burst: 30,
    every: Duration::from_secs(2),
};

/// From the first packet to a standing connection.
pub const HANDSHAKE: Duration = Duration::from_secs(5);

/// From a standing connection to a seat in a room.
pub const HELLO: Duration = Duration::from_secs(5);

/// Within this time a frame that was begun is whole: nobody holds memory with halves.
pub const FRAME: Duration = Duration::from_secs(10);

/// What waits to be sent to one client, in bytes; above it the client reads slower than the room speaks.
pub const OUTBOX_BYTES: usize = 256 * 1024;

/// Connections of one address at a time: a household behind one router.
pub const CONNECTIONS_PER_ADDRESS: usize = 16;

/// New connections of one address: a full household comes in twice, then four connections a second.
pub const CONNECTIONS: Budget = Budget {
    burst: 40,
    every: Duration::from_millis(250),
};

/// Handshakes under way of one address, proven and unproven each: as many as it may have connections. A client that stays
/// silent holds its handshake for [`HANDSHAKE`], and one address must not hold a large part of [`HANDSHAKES`].
pub const HANDSHAKES_PER_ADDRESS: usize = CONNECTIONS_PER_ADDRESS;

/// Handshakes under way, above which unproven addresses must prove themselves first (Retry).
pub const HANDSHAKES_BEFORE_RETRY: usize = 64;

/// Handshakes under way, above which new ones are met with silence.
pub const HANDSHAKES: usize = 512;

/// Messages of one connection, of whatever kind: far above what a person and their player do.
pub const MESSAGES: Budget = Budget {
    burst: 200,
    every: Duration::from_millis(20),
};

/// The bytes of those messages: 64 KiB a second, sixteen times the longest line of chat in every second.
pub const MESSAGE_BYTES: Budget = Budget {
    burst: 1024 * 1024,
    every: Duration::from_nanos(15_258),
};

/// Datagrams of one connection that are looked at; the rest is dropped. An honest client sends a burst of 8 clock pings when it
/// comes in, one a second afterwards, and a copy of what it says while the room prepares.
pub const DATAGRAMS: Budget = Budget {
    burst: 100,
    every: Duration::from_millis(50),
};

/// Datagrams above that budget that are dropped before their sender is let go: no network repeats so many.
pub const DATAGRAM_FLOOD: Budget = Budget {
    burst: 2_000,
    every: Duration::from_millis(5),
};

/// What a member's clock pings bring is passed to its room at most this often: as often as [`DIGEST`] passes it on.
pub const PING_NEWS: Duration = DIGEST;

/// After so much silence a connection is over.
pub const IDLE: Duration = Duration::from_secs(12);

/// How long the last words may take when the server ends.
pub const DRAIN: Duration = Duration::from_secs(2);

/// Threads that hash passwords: each keeps 19 MiB from its first hash on, and a hash takes tens of milliseconds.
pub const PASSWORD_CHECKS: usize = 2;

/// Passwords that wait to be checked; of more the server says that it is busy.
pub const PASSWORD_QUEUE: usize = 8;

/// Requests that wait for a room.
pub const MAILBOX: usize = 1_024;

/// How often the digest of a room's members is made anew.
pub const DIGEST: Duration = Duration::from_millis(250);

/// What a client may send on its stream before it is read.
pub const STREAM_WINDOW: u32 = 64 * 1024;

/// What a client may send in all before it is read.
pub const CONNECTION_WINDOW: u32 = 256 * 1024;

/// What is kept of our own words until the client has them.
pub const SEND_WINDOW: u64 = 256 * 1024;

/// The datagrams kept either way, in bytes; the oldest go first.
pub const DATAGRAM_BUFFER: usize = 16 * 1024;

/// A sleep of the machine that counts as one: two clocks that are read one after the other differ by some microseconds.
pub const SUSPENDED: Duration = Duration::from_millis(500);
