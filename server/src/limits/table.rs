//! The table of limits: the purpose, default and range of each.

use std::time::Duration;

use watchtogether_protocol::limits;

use super::value::{ByteSize, LimitValue};
use super::{LimitError, LimitMistake};
use crate::rate_limit::Budget;

/// One limit: its key, and how to read, write and check it.
pub(super) struct LimitRow {
    /// The topic and the name, separated by a dot.
    pub(super) key: &'static str,
    /// Parses a text and stores it as the limit.
    pub(super) read: fn(&mut LimitValues, &str) -> Result<(), LimitMistake>,
    /// Returns the limit as text.
    pub(super) write: fn(&LimitValues) -> String,
    /// Checks that the limit is in its range.
    pub(super) check: fn(&LimitValues) -> Result<(), LimitMistake>,
}

/// Declares the limits by topic, as `name: kind = default, least => most`.
macro_rules! limits {
    ($(
        $(#[$topic_doc:meta])*
        $topic:ident: $Topic:ident {
            $( $(#[$doc:meta])* $name:ident: $Kind:ty = $default:expr, $least:expr => $most:expr; )+
        }
    )+) => {
        /// The limits of a server, by topic.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct LimitValues {
            $( $(#[$topic_doc])* pub $topic: $Topic, )+
        }

        impl LimitValues {
            /// The default limits.
            pub const DEFAULT: Self = Self {
                $( $topic: $Topic { $( $name: $default, )+ }, )+
            };
        }

        impl Default for LimitValues {
            fn default() -> Self {
                Self::DEFAULT
            }
        }

        $(
            $(#[$topic_doc])*
            #[derive(Clone, Copy, Debug, PartialEq, Eq)]
            pub struct $Topic {
                $( $(#[$doc])* pub $name: $Kind, )+
            }
        )+

        /// All limits, by topic.
        pub(super) const SETTINGS: &[LimitRow] = &[$($(
            LimitRow {
                key: concat!(stringify!($topic), ".", stringify!($name)),
                read: |values, text| {
                    let key = concat!(stringify!($topic), ".", stringify!($name));
                    read(key, text).map(|value: $Kind| values.$topic.$name = value)
                },
                write: |values| values.$topic.$name.text(),
                check: |values| {
                    let key = concat!(stringify!($topic), ".", stringify!($name));
                    check(key, values.$topic.$name, $least, $most)
                },
            },
        )+)+];
    };
}

fn read<T: LimitValue>(key: &'static str, text: &str) -> Result<T, LimitMistake> {
    T::parse(text).ok_or_else(|| LimitMistake {
        key,
        error: LimitError::Unreadable {
            text: text.to_owned(),
            kind: T::KIND,
        },
    })
}

fn check<T: LimitValue>(key: &'static str, value: T, least: T, most: T) -> Result<(), LimitMistake> {
    if value.is_within(least, most) {
        return Ok(());
    }
    Err(LimitMistake {
        key,
        error: LimitError::OutOfRange {
            value: value.text(),
            least: least.text(),
            most: most.text(),
        },
    })
}

const fn millis(count: u64) -> Duration {
    Duration::from_millis(count)
}

const fn secs(count: u64) -> Duration {
    Duration::from_secs(count)
}

const fn mins(count: u64) -> Duration {
    Duration::from_mins(count)
}

const fn hours(count: u64) -> Duration {
    Duration::from_hours(count)
}

const fn days(count: u64) -> Duration {
    Duration::from_hours(24 * count)
}

const fn budget(burst: u32, every: Duration) -> Budget {
    Budget { burst, every }
}

/// The maximum time that can be configured for a server's closing messages. A process that waits for a server to end, or for its
/// port, waits longer than this.
pub const LONGEST_DRAIN: Duration = secs(5);

/// The smallest useful budget.
const SMALLEST: Budget = budget(1, millis(1));

/// The largest useful budget.
const LARGEST: Budget = budget(100_000, days(1));

limits! {
    /// How a room starts, waits and ends a film.
    playback: PlaybackLimits {
        /// The margin of a scheduled start beyond the slowest path to a member: encoding, queues and the player's own latency. A
        /// smaller margin makes the slowest member late; a larger one delays every start.
        start_margin: Duration = millis(40), Duration::ZERO => secs(1);

        /// The shortest lead of a scheduled start, so that everybody starts together even on a fast network.
        start_lead_min: Duration = millis(80), Duration::ZERO => secs(5);

        /// The longest lead of a scheduled start: a member with a slower path starts late instead of delaying everybody.
        start_lead_max: Duration = millis(500), millis(10) => secs(5);

        /// How long a room waits after a seek before it plays without members who are late. Two seconds are enough to decode a
        /// long group of pictures (GOP).
        prepare: Duration = secs(2), millis(100) => mins(1);

        /// How long a room waits for a new item to be opened before it plays without members who are late.
        first_load: Duration = secs(10), secs(1) => mins(10);

        /// The shortest stall for which the room is paused.
        stall_debounce: Duration = secs(1), millis(100) => mins(1);

        /// How long the room waits for a player that ran out of data.
        stall_wait: Duration = secs(15), secs(1) => mins(10);

        /// The time after which an excused member who follows the playing room is waited for again, like any other. It is long
        /// enough for the seeks after a late join to end, and short enough that a stall a few minutes later counts.
        followed: Duration = secs(5), Duration::ZERO => mins(1);

        /// The delay between a seek to the end of an item and the end of the item, so that members learn who seeked there before
        /// they learn that the item ended.
        sought_end: Duration = millis(250), Duration::ZERO => secs(5);
    }

    /// Limits of undoing changes to the room.
    undo: UndoLimits {
        /// How long a change can be undone. After that, people have got used to it.
        kept: Duration = mins(1), secs(1) => hours(1);

        /// Seeks, or changes of speed, by one member that follow each other within this time count as one change: the member is
        /// searching for a position.
        together: Duration = secs(5), Duration::ZERO => mins(1);
    }

    /// How long seats are kept, and when another member becomes host.
    seats: SeatLimits {
        /// How long a lost host's seat is kept before another member becomes host. It is long enough for a change of Wi-Fi.
        host: Duration = secs(20), secs(6) => hours(1);

        /// How long any other lost member's seat is kept. A longer time keeps names taken; with a shorter one a member who
        /// returns from an outage counts as new.
        member: Duration = mins(2), secs(6) => days(1);

        /// A member who has been present for less than this becomes host only if nobody has been present for longer.
        host_min_presence: Duration = secs(30), Duration::ZERO => hours(1);

        /// How long after an unexpected end of the server a film still continues once somebody comes back. It equals the time for
        /// which players keep playing without a connection.
        interruption: Duration = mins(2), Duration::ZERO => hours(1);

        /// While the room plays: the silence after which a client counts as not responding. A client sends a clock ping every
        /// 2.75 s, and two a second while it has no answer; 1.5 s before it counts as silent it is asked once. Below the minimum,
        /// everybody would be asked again and again.
        silent: Duration = millis(5_500), secs(5) => mins(1);

        /// The same while the room does not play: a client then sends a clock ping every 7 s.
        silent_standing: Duration = secs(11), secs(9) => mins(1);

        /// The longest time for which the answer that grants a seat is held back until the seat is on the disk: a seat that the
        /// server loses in a crash is lost to its member. A healthy disk needs less than this. With zero, a crash can cost seats.
        saved: Duration = secs(1), Duration::ZERO => secs(10);

        /// How often one seat may be resumed. Even on the worst network, a client does not reconnect that often. The server may
        /// send the whole chat each time.
        resumes: Budget = budget(20, secs(1)), SMALLEST => LARGEST;
    }

    /// The number, size and lifetime of rooms.
    rooms: RoomLimits {
        /// The number of rooms that a server may have in memory. Above that, opening another room is refused as busy. After a
        /// restart, every room with a seat is in memory, even above this number. Each room costs memory for its members and its
        /// chat.
        open: usize = 1_000, 1 => 100_000;

        /// The number of members that a room may have. Clients refuse rooms above the upper end of the range.
        members: usize = 500, 1 => limits::ROOM_MEMBERS;

        /// How long a room without members stays in memory.
        empty: Duration = mins(5), secs(1) => days(7);

        /// The number of chat lines that a room keeps and sends to a joining member. Clients refuse more than the upper end of
        /// the range.
        chat_lines: usize = limits::CHAT_HISTORY, 1 => limits::CHAT_HISTORY;

        /// The number of bans in a room; the oldest ends when another is added.
        bans: usize = limits::BANS, 1 => limits::BANS;

        /// How long a ban excludes a name and a seat. By default it is as long as a room is kept, so it includes the next evening
        /// of a weekly group.
        ban: Duration = days(7), mins(1) => days(365);

        /// How long a ban excludes an address, and how long the address's hash is kept: on the next day, the address may belong
        /// to somebody else.
        ban_address: Duration = days(1), Duration::ZERO => days(365);

        /// The shortest time between two updates of the list of awaited members while a room prepares. Most seeks end within the
        /// default, and so cause no update.
        missing: Duration = millis(250), millis(50) => secs(5);

        /// How long an arrival waits before it is broadcast, together with others: the newcomer's first reports about its player
        /// follow within this time, and cost no messages of their own. In a room of more than 50 members an arrival waits twice
        /// as long.
        arrivals: Duration = millis(500), Duration::ZERO => secs(5);

        /// How long a changed report about a player waits before it is broadcast, together with others; only the newest report of
        /// each member is sent. In a room of more than 50 members it waits twice as long.
        reports: Duration = millis(250), Duration::ZERO => secs(5);

        /// How often the digest of a room's members is recomputed. A shorter interval costs the server more processor time for
        /// each room.
        digest: Duration = millis(250), millis(50) => secs(5);
    }

    /// How often one member may act.
    members: MemberLimits {
        /// Chat lines: five at once, then one a second. Further ones are refused, with the time after which to retry.
        chat: Budget = budget(5, secs(1)), SMALLEST => LARGEST;

        /// Requests to control playback: ten at once, then four a second. Of further ones, the newest is applied as soon as the
        /// budget allows it.
        control: Budget = budget(10, millis(250)), SMALLEST => LARGEST;
    }

    /// How much is kept on the disk, for how long, and how often it is written.
    store: StoreLimits {
        /// The number of rooms that are kept on the disk. Above that, the rooms that were left longest ago are deleted.
        rooms: usize = 10_000, 0 => 1_000_000;

        /// How long a room without members is kept on the disk after the last activity in it: by default until the next evening
        /// of a weekly group.
        kept: Duration = days(7), hours(1) => days(3_650);

        /// How often the store is searched for expired rooms.
        sweep: Duration = hours(1), secs(1) => days(1);

        /// How often the position of a playing film is saved. After a crash, at most this much of the film is repeated if nobody
        /// returns in time.
        progress: Duration = secs(5), secs(1) => mins(5);

        /// The delay before a room that could not be saved is written again.
        save_again: Duration = secs(2), millis(100) => mins(5);

        /// How often a server checks that its files are still in place: if a file was removed and not rewritten, its content is
        /// lost in a crash. A check costs a few calls of `stat`.
        look: Duration = secs(5), secs(1) => hours(1);

        /// How long the disk may take for the last writes of all rooms when the server ends.
        last_writes: Duration = secs(5), secs(1) => mins(1);
    }

    /// Limits of one address: an IPv4 address, or an IPv6 network of 64 bits.
    addresses: AddressLimits {
        /// Simultaneous connections, enough for a household behind one router. Further ones are closed with `Busy`.
        connections: usize = 16, 1 => 10_000;

        /// New connections: enough for a full household to connect twice, then four a second. Above that, an address must first
        /// prove itself; the packets of a proven address are ignored until its budget has recovered.
        new_connections: Budget = budget(40, millis(250)), SMALLEST => LARGEST;

        /// Handshakes under way, counted separately before and after the address is proven: as many as an address may have
        /// connections. A client that stays silent holds its handshake for [`ConnectionLimits::handshake`], and one address must
        /// not hold a large part of [`ServerLimits::handshakes`].
        handshakes: usize = 16, 1 => 10_000;

        /// Attempts to enter a room.
        joins: Budget = budget(10, secs(1)), SMALLEST => LARGEST;

        /// Opened rooms.
        creations: Budget = budget(5, mins(1)), SMALLEST => LARGEST;

        /// Wrong passwords for one room. No address is exempt.
        wrong_passwords: Budget = budget(3, secs(20)), SMALLEST => LARGEST;

        /// Wrong passwords for one room, from all addresses together.
        wrong_passwords_of_room: Budget = budget(30, secs(2)), SMALLEST => LARGEST;

        /// The number of stored budgets above which the full ones are dropped. Each costs a few hundred bytes.
        remembered: usize = 4_096, 64 => 1_000_000;
    }

    /// Limits of one connection: times, messages and memory.
    connections: ConnectionLimits {
        /// The time from the first packet to an established connection.
        handshake: Duration = secs(5), secs(1) => mins(1);

        /// The time for the hello on a new connection, and then for each request for a seat.
        hello: Duration = secs(5), secs(1) => mins(1);

        /// The number of requests for a seat that one connection may make. A host whose seat and room are gone makes three: for
        /// the seat, to join the room, and to open it again.
        tries: usize = 5, 3 => 100;

        /// The time from the first byte of a frame to its last, so that nobody holds memory with incomplete frames.
        frame: Duration = secs(10), secs(1) => mins(1);

        /// The silence after which a connection is lost. Clients themselves give up after 12 s, and send a keep-alive after 8 s.
        /// Below the minimum, everybody in a paused room would be lost between two clock pings, which are 7 s apart.
        idle: Duration = secs(12), secs(9) => secs(12);

        /// The time for closing messages when a connection or the server ends.
        drain: Duration = secs(2), millis(100) => LONGEST_DRAIN;

        /// Messages of any kind. It is far more than a person and their player send. A client that sends more is disconnected.
        /// With less than the minimum, a client would be disconnected for entering a room and pressing a key.
        messages: Budget = budget(200, millis(20)), budget(20, millis(1)) => budget(LARGEST.burst, millis(250));

        /// The size of those messages in a burst: sixteen of the longest frames.
        message_bytes: ByteSize = ByteSize::mib(1), ByteSize::kib(128) => ByteSize::mib(64);

        /// The size of those messages in each second after a burst: sixteen times the longest chat line.
        message_bytes_per_second: ByteSize = ByteSize::kib(64), ByteSize::kib(4) => ByteSize::mib(64);

        /// Datagrams that are processed; the rest are dropped. A normal client sends a burst of 8 clock pings when it enters, one
        /// every 50 ms until those are answered, one a second afterwards, and a copy of its reports while the room prepares. With
        /// fewer, its clock would never be right.
        datagrams: Budget = budget(100, millis(50)), budget(16, millis(1)) => budget(LARGEST.burst, millis(50));

        /// Datagrams above that budget that are dropped before their sender is disconnected: no network duplicates that many.
        datagram_flood: Budget = budget(2_000, millis(5)), budget(16, millis(1)) => budget(LARGEST.burst, secs(1));

        /// The shortest time between two updates from a member's clock pings to its room: as short as [`RoomLimits::digest`],
        /// which passes them on.
        ping_news: Duration = millis(250), millis(50) => secs(5);

        /// Bytes that may wait in the outbox after the next frame. If more wait, the client is reading more slowly than the room
        /// sends, and is disconnected. With less than the minimum, a few long chat lines would be too many while a room's
        /// snapshot is being sent.
        outbox: ByteSize = ByteSize::kib(256), ByteSize::kib(64) => ByteSize::mib(64);

        /// Bytes that a client may send on its stream before the server has read them.
        stream_window: ByteSize = ByteSize::kib(64), ByteSize::kib(16) => ByteSize::mib(16);

        /// Bytes that a client may send on all streams together before the server has read them.
        window: ByteSize = ByteSize::kib(256), ByteSize::kib(16) => ByteSize::mib(64);

        /// Bytes of the server's messages that are buffered until the client has acknowledged them.
        send_window: ByteSize = ByteSize::kib(256), ByteSize::kib(16) => ByteSize::mib(64);

        /// Bytes of datagrams that are buffered in each direction; the oldest are dropped first.
        datagram_buffer: ByteSize = ByteSize::kib(16), ByteSize::kib(2) => ByteSize::mib(1);
    }

    /// Limits for all clients together.
    server: ServerLimits {
        /// The number of handshakes under way above which new ones are ignored.
        handshakes: usize = 512, 1 => 100_000;

        /// The number of handshakes under way above which unproven addresses must prove themselves first (Retry).
        handshakes_before_retry: usize = 64, 0 => 100_000;

        /// The number of incoming connections that may wait to be accepted.
        incoming: usize = 1_024, 1 => 100_000;

        /// Bytes that are buffered for one connection before it is accepted.
        incoming_buffer: ByteSize = ByteSize::kib(16), ByteSize::kib(2) => ByteSize::mib(1);

        /// Bytes that are buffered for all such connections together.
        incoming_buffer_total: ByteSize = ByteSize::mib(8), ByteSize::kib(64) => ByteSize::mib(1_024);

        /// Threads that hash passwords. Each keeps 19 MiB from its first hash on, and a hash takes tens of milliseconds.
        password_checks: usize = 2, 1 => 64;

        /// The number of passwords that may wait to be checked; for more, the server answers that it is busy.
        password_queue: usize = 8, 1 => 1_024;

        /// The number of requests that may wait for one room; if there are more, senders have to wait.
        mailbox: usize = 1_024, 16 => 65_536;
    }
}

impl ConnectionLimits {
    /// Returns the budget of the bytes of a connection's messages.
    pub(crate) const fn byte_budget(&self) -> Budget {
        Budget {
            burst: self.message_bytes.0,
            every: Duration::from_nanos(1_000_000_000 / self.message_bytes_per_second.0 as u64),
        }
    }
}
