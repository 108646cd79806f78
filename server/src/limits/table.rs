//! The table of limits: the purpose, default and range of each.

use std::time::Duration;

use watchtogether_protocol::limits;

use super::LimitMistake;
use super::value::{ByteSize, LimitValue};
use crate::rate_limit::Budget;

/// The functions that read, write and check one limit by its key.
pub(super) struct LimitRow {
    /// The topic and the name, with a dot between them.
    pub(super) key: &'static str,
    /// Parses a text and stores it as the limit.
    pub(super) read: fn(&mut LimitValues, &str) -> Result<(), LimitMistake>,
    /// Returns it as a text.
    pub(super) write: fn(&LimitValues) -> String,
    /// Checks that the limit is in its range.
    pub(super) check: fn(&LimitValues) -> Result<(), LimitMistake>,
}

/// Declares the limits by topic: `name: kind = default, least => most`.
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
            /// The limits of a server where nobody says otherwise.
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
        other: None,
        message: format!("{text:?} is no {}", T::NAME),
        hint: format!("such as {}", T::EXAMPLE),
    })
}

fn check<T: LimitValue>(key: &'static str, value: T, least: T, most: T) -> Result<(), LimitMistake> {
    if value.is_within(least, most) {
        return Ok(());
    }
    Err(LimitMistake {
        key,
        other: None,
        message: format!("{} is out of range", value.text()),
        hint: format!("from {} to {}", least.text(), most.text()),
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

/// The longest time that a server's closing messages may take. A process that waits for a server to end, or for its port, waits
/// longer than this.
pub const LONGEST_DRAIN: Duration = secs(5);

/// The smallest and the largest useful budget.
const SMALLEST: Budget = budget(1, millis(1));
const LARGEST: Budget = budget(100_000, days(1));

limits! {
    /// How a room starts, waits and ends a film.
    playback: PlaybackLimits {
        /// The margin of a scheduled start beyond the slowest path to a member: encoding, queues and the player's own latency. A
        /// smaller one makes the slowest member late; a larger one delays every start.
        start_margin: Duration = millis(40), Duration::ZERO => secs(1);

        /// The shortest lead of a scheduled start, so that a fast network still starts everybody together.
        start_lead_min: Duration = millis(80), Duration::ZERO => secs(5);

        /// The longest lead of a scheduled start: a member who is further away joins late instead of delaying everybody.
        start_lead_max: Duration = millis(500), millis(10) => secs(5);

        /// The time that a seek may take before the room goes on without members who are late. Two seconds are enough to decode a
        /// long group of pictures.
        prepare: Duration = secs(2), millis(100) => mins(1);

        /// The time that opening an item may take before the room goes on without members who are late.
        first_load: Duration = secs(10), secs(1) => mins(10);

        /// The shortest stall that is worth stopping the room for.
        stall_debounce: Duration = secs(1), millis(100) => mins(1);

        /// How long the room waits for a player that ran out of data.
        stall_wait: Duration = secs(15), secs(1) => mins(10);

        /// The time after which an excused member who follows the playing room is waited for again, like any other. Long enough
        /// that the seeks of a late join are over, short enough that a stall some minutes later counts.
        followed: Duration = secs(5), Duration::ZERO => mins(1);

        /// The delay between a seek to the end of an item and the end of the item, so that members first learn who went there and
        /// then that it is over.
        sought_end: Duration = millis(250), Duration::ZERO => secs(5);
    }

    /// How long a change of what everybody shares can be undone.
    undo: UndoLimits {
        /// How long it can be undone: by then people have got used to the change.
        kept: Duration = mins(1), secs(1) => hours(1);

        /// Seeks, or changes of speed, by one member that follow each other this quickly count as one change: the member is
        /// looking for a position.
        together: Duration = secs(5), Duration::ZERO => mins(1);
    }

    /// How long seats are kept, and when the room gets another host.
    seats: SeatLimits {
        /// How long a lost host's seat is kept before another member becomes host: long enough for a change of Wi-Fi.
        host: Duration = secs(20), secs(6) => hours(1);

        /// How long any other lost member's seat is kept. A longer time keeps names taken; with a shorter one a member who
        /// returns from an outage counts as new.
        member: Duration = mins(2), secs(6) => days(1);

        /// A member who has been present for less than this becomes host only if nobody has been present for longer.
        host_min_presence: Duration = secs(30), Duration::ZERO => hours(1);

        /// How long after its server died a film still continues when somebody comes back: as long as players go on without a
        /// connection before they stop by themselves.
        interruption: Duration = mins(2), Duration::ZERO => hours(1);

        /// The silence after which a client counts as not responding. A client asks for the clock once a second while the room
        /// plays, every two seconds while it is paused, and twice a second while it has no answer: five lost packets in a row are
        /// no accident. Below three seconds, everybody in a paused room would count as silent.
        silent: Duration = secs(5), secs(3) => mins(1);

        /// How long the answer with a new seat is held back until the seat is on the disk: a member whose token is lost in a
        /// crash has lost the seat. Longer than a healthy disk takes. With zero, a crash can cost seats.
        saved: Duration = secs(1), Duration::ZERO => secs(10);

        /// How often one seat may be resumed: more often than the worst network changes. Each time the whole chat may be sent.
        resumes: Budget = budget(20, secs(1)), SMALLEST => LARGEST;
    }

    /// The number, size and lifetime of rooms.
    rooms: RoomLimits {
        /// The number of rooms that a server may have in memory. Beyond it, opening a room is refused as busy. After a restart,
        /// every room with a seat is in memory, even above this number. Each costs memory for its members and its chat.
        open: usize = 1_000, 1 => 100_000;

        /// The number of members that a room may have; beyond it, the room is full. Clients refuse rooms above the upper end of
        /// the range.
        members: usize = 500, 1 => limits::ROOM_MEMBERS;

        /// How long a room without members stays in memory.
        empty: Duration = mins(5), secs(1) => days(7);

        /// The number of chat lines that a room keeps and sends to a joining member. Clients refuse more than the upper end of
        /// the range.
        chat_lines: usize = limits::CHAT_HISTORY, 1 => limits::CHAT_HISTORY;

        /// The number of bans in a room; beyond it the oldest ends.
        bans: usize = limits::BANS, 1 => limits::BANS;

        /// How long a ban excludes a name and a session: by default as long as the room is kept, so until after the next evening.
        ban: Duration = days(7), mins(1) => days(365);

        /// How long a ban excludes an address, and how long its hash is kept: by the next day the address may belong to somebody
        /// else.
        ban_address: Duration = days(1), Duration::ZERO => days(365);

        /// How often members are told whom a preparing room waits for: as often as one player's reports are passed on.
        missing: Budget = budget(4, millis(250)), SMALLEST => LARGEST;

        /// How often the digest of a room's members is recomputed. A shorter interval costs the server time for each room.
        digest: Duration = millis(250), millis(50) => secs(5);
    }

    /// How often one member may act.
    members: MemberLimits {
        /// Chat lines: five at once, then one a second. More are refused, with the time after which to retry.
        chat: Budget = budget(5, secs(1)), SMALLEST => LARGEST;

        /// Requests to move the room: ten at once, then four a second. Of more, the newest counts.
        control: Budget = budget(10, millis(250)), SMALLEST => LARGEST;

        /// Reports about one member's player that are passed on: four at once, as when a film opens, then four a second. Of more,
        /// the newest counts.
        reports: Budget = budget(4, millis(250)), SMALLEST => LARGEST;
    }

    /// How much is kept on the disk, for how long, and how often it is written.
    store: StoreLimits {
        /// The number of rooms that are kept on the disk. Beyond it, the rooms that were left longest ago are forgotten.
        rooms: usize = 10_000, 0 => 1_000_000;

        /// How long a room without members is kept on the disk after the last activity in it: by default until the next evening
        /// of a weekly group.
        kept: Duration = days(7), hours(1) => days(3_650);

        /// How often the store is searched for rooms whose time is over.
        sweep: Duration = hours(1), secs(1) => days(1);

        /// How often the position of a playing film is saved: at most this much is shown again if nobody returns in time.
        progress: Duration = secs(5), secs(1) => mins(5);

        /// The time after which a room that could not be saved is handed over again.
        save_again: Duration = secs(2), millis(100) => mins(5);

        /// How often a server checks that its files are still in place: a file that was removed and not rewritten is lost in a
        /// crash. Costs a few calls of `stat`.
        look: Duration = secs(5), secs(1) => hours(1);

        /// How long the disk may take for the last writes of all rooms when the server ends.
        last_writes: Duration = secs(5), secs(1) => mins(1);
    }

    /// Limits of one address: an IPv4 address, or an IPv6 network of 64 bits.
    addresses: AddressLimits {
        /// Simultaneous connections: a household behind one router. More are closed as `Busy`.
        connections: usize = 16, 1 => 10_000;

        /// New connections: a full household connects twice, then four a second. Above that, an address must prove itself first;
        /// once it has, its packets are ignored.
        new_connections: Budget = budget(40, millis(250)), SMALLEST => LARGEST;

        /// Handshakes under way, for proven and unproven addresses each: as many as an address may have connections. A client
        /// that stays silent holds its handshake for [`ConnectionLimits::handshake`], and one address must not hold a large part
        /// of [`ServerLimits::handshakes`].
        handshakes: usize = 16, 1 => 10_000;

        /// Attempts to enter a room.
        joins: Budget = budget(10, secs(1)), SMALLEST => LARGEST;

        /// Rooms opened.
        creations: Budget = budget(5, mins(1)), SMALLEST => LARGEST;

        /// Wrong passwords for one room. Nobody is exempt.
        wrong_passwords: Budget = budget(3, secs(20)), SMALLEST => LARGEST;

        /// Wrong passwords for one room from all addresses together.
        wrong_passwords_of_room: Budget = budget(30, secs(2)), SMALLEST => LARGEST;

        /// The number of remembered budgets above which the full ones are forgotten. Each costs some hundred bytes.
        remembered: usize = 4_096, 64 => 1_000_000;
    }

    /// Limits of one connection: its time, its messages and its memory.
    connections: ConnectionLimits {
        /// The time from the first packet to an established connection.
        handshake: Duration = secs(5), secs(1) => mins(1);

        /// The time from an established connection to its hello, and from there, or from a refusal, to the next request for a
        /// seat.
        hello: Duration = secs(5), secs(1) => mins(1);

        /// The requests for a seat that one connection may make. A host whose seat and room are gone makes three: for the seat,
        /// for the room, and to open it again.
        tries: usize = 5, 3 => 100;

        /// The time within which a frame must be complete after its first byte, so that nobody holds memory with incomplete
        /// frames.
        frame: Duration = secs(10), secs(1) => mins(1);

        /// The silence after which a connection is over. Clients themselves give up after 12 s, and send a keep-alive every 4 s.
        idle: Duration = secs(12), secs(5) => secs(12);

        /// The time for closing messages when a connection or the server ends.
        drain: Duration = secs(2), millis(100) => LONGEST_DRAIN;

        /// Messages of any kind: far more than a person and their player send. A client that sends more is disconnected. Below
        /// the minimum, a client would be disconnected for entering and pressing a key.
        messages: Budget = budget(200, millis(20)), budget(20, millis(1)) => budget(LARGEST.burst, millis(250));

        /// The size of those messages at once: sixteen of the longest frames.
        message_bytes: ByteSize = ByteSize::mib(1), ByteSize::kib(128) => ByteSize::mib(64);

        /// The size of those messages in each following second: sixteen times the longest chat line.
        message_bytes_per_second: ByteSize = ByteSize::kib(64), ByteSize::kib(4) => ByteSize::mib(64);

        /// Datagrams that are processed; the rest are dropped. An honest client sends a burst of 8 clock pings when it enters,
        /// one every 50 ms until those are answered, one a second afterwards, and a copy of its reports while the room prepares.
        /// With less its clock would never be right.
        datagrams: Budget = budget(100, millis(50)), budget(16, millis(1)) => budget(LARGEST.burst, millis(50));

        /// Datagrams above that budget that are dropped before their sender is disconnected: no network duplicates that many.
        datagram_flood: Budget = budget(2_000, millis(5)), budget(16, millis(1)) => budget(LARGEST.burst, secs(1));

        /// The shortest time between two reports of a member's clock pings to its room: as short as [`RoomLimits::digest`], which
        /// passes them on.
        ping_news: Duration = millis(250), millis(50) => secs(5);

        /// Bytes that may wait behind the next frame. Above it the client reads more slowly than the room sends and is
        /// disconnected. Below the minimum, a few long chat lines would be too many while a room's snapshot is being sent.
        outbox: ByteSize = ByteSize::kib(256), ByteSize::kib(64) => ByteSize::mib(64);

        /// Bytes that a client may send on its stream before the server has read them.
        stream_window: ByteSize = ByteSize::kib(64), ByteSize::kib(16) => ByteSize::mib(16);

        /// Bytes that a client may send in all before the server has read them.
        window: ByteSize = ByteSize::kib(256), ByteSize::kib(16) => ByteSize::mib(64);

        /// Bytes of the server's messages that are kept until the client has acknowledged them.
        send_window: ByteSize = ByteSize::kib(256), ByteSize::kib(16) => ByteSize::mib(64);

        /// Bytes of datagrams that are buffered in each direction; the oldest are dropped first.
        datagram_buffer: ByteSize = ByteSize::kib(16), ByteSize::kib(2) => ByteSize::mib(1);
    }

    /// Limits of all clients together.
    server: ServerLimits {
        /// The number of handshakes under way above which new ones are ignored.
        handshakes: usize = 512, 1 => 100_000;

        /// The number of handshakes under way above which unproven addresses must prove themselves first (Retry).
        handshakes_before_retry: usize = 64, 0 => 100_000;

        /// Incoming connections that wait to be accepted.
        incoming: usize = 1_024, 1 => 100_000;

        /// Bytes that are buffered for one connection before it is accepted.
        incoming_buffer: ByteSize = ByteSize::kib(16), ByteSize::kib(2) => ByteSize::mib(1);

        /// Bytes that are buffered for all such connections together.
        incoming_buffer_total: ByteSize = ByteSize::mib(8), ByteSize::kib(64) => ByteSize::mib(1_024);

        /// Threads that hash passwords. Each keeps 19 MiB from its first hash on, and a hash takes tens of milliseconds.
        password_checks: usize = 2, 1 => 64;

        /// Passwords that wait to be checked; beyond it the server answers that it is busy.
        password_queue: usize = 8, 1 => 1_024;

        /// Requests that wait for one room; beyond it, senders have to wait.
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
