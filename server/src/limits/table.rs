//! The limits one by one: what each is for, what it is by default, and in which range it may be.

use std::time::Duration;

use watchtogether_protocol::limits;

use super::LimitMistake;
use super::value::{Size, Value};
use crate::rate_limit::Budget;

/// The way to read, write and check one limit by its key.
pub(super) struct Setting {
    /// Its topic and its name, with a dot between them.
    pub(super) key: &'static str,
    /// Takes in the text that it is given as.
    pub(super) read: fn(&mut LimitValues, &str) -> Result<(), LimitMistake>,
    /// Returns it as a text.
    pub(super) write: fn(&LimitValues) -> String,
    /// Checks that it is in its range.
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
        pub(super) const SETTINGS: &[Setting] = &[$($(
            Setting {
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

fn read<T: Value>(key: &'static str, text: &str) -> Result<T, LimitMistake> {
    T::parse(text).ok_or_else(|| LimitMistake {
        key,
        other: None,
        message: format!("{text:?} is no {}", T::NAME),
        hint: format!("such as {}", T::EXAMPLE),
    })
}

fn check<T: Value>(key: &'static str, value: T, least: T, most: T) -> Result<(), LimitMistake> {
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

/// How long the last words of a server may take at most. Whoever waits for a server to end, or for its port, waits for longer.
pub const LONGEST_DRAIN: Duration = secs(5);

/// The smallest and the largest budget that there is a use for.
const SMALLEST: Budget = budget(1, millis(1));
const LARGEST: Budget = budget(100_000, days(1));

limits! {
    /// How a room starts, waits and ends a film.
    playback: PlaybackLimits {
        /// A scheduled start leaves this much beyond the worst way to a member: encoding, queues and the player's own latency.
        /// Less makes the slowest member late, more delays every start.
        start_margin: Duration = millis(40), Duration::ZERO => secs(1);

        /// A start is at least this far ahead, so that a fast network still starts everybody together.
        start_lead_min: Duration = millis(80), Duration::ZERO => secs(5);

        /// A start is at most this far ahead: whoever is further away joins late instead of delaying all.
        start_lead_max: Duration = millis(500), millis(10) => secs(5);

        /// How long a seek may take before the room goes on without who is late: two seconds decode a long group of pictures.
        prepare: Duration = secs(2), millis(100) => mins(1);

        /// How long opening an item may take before the room goes on without who is late.
        first_load: Duration = secs(10), secs(1) => mins(10);

        /// A player that runs dry for less than this is not worth stopping for.
        stall_debounce: Duration = secs(1), millis(100) => mins(1);

        /// How long the room waits for a player that ran dry.
        stall_wait: Duration = secs(15), secs(1) => mins(10);

        /// After following a playing room for this long, a member that was excused is waited for like any other: long enough
        /// that the seeks of a late join are over, short enough that a stall some minutes later counts.
        followed: Duration = secs(5), Duration::ZERO => mins(1);

        /// After somebody sought the end of an item, it is over after this time: members learn who went there, then that it is
        /// over.
        sought_end: Duration = millis(250), Duration::ZERO => secs(5);
    }

    /// How long what somebody did to all can be taken back.
    undo: UndoLimits {
        /// For how long it can be undone: who only notices later has got used to it.
        kept: Duration = mins(1), secs(1) => hours(1);

        /// Seeks, or changes of speed, of one member that follow each other this quickly are one act: somebody looks for a
        /// place.
        together: Duration = secs(5), Duration::ZERO => mins(1);
    }

    /// How long seats are kept, and who passes on the room.
    seats: SeatLimits {
        /// How long the host's seat is kept before the room passes on: a Wi-Fi change is over by then.
        host: Duration = secs(20), secs(6) => hours(1);

        /// How long anybody else's seat is kept after the link is lost. Longer keeps names taken; shorter makes an outage a
        /// newcomer.
        member: Duration = mins(2), secs(6) => days(1);

        /// A member that is there for less than this is made host only where nobody is there for longer.
        host_min_presence: Duration = secs(30), Duration::ZERO => hours(1);

        /// How long after its server died a film still goes on when somebody is back: as long as players go on without a link
        /// before they stop by themselves.
        interruption: Duration = mins(2), Duration::ZERO => hours(1);

        /// A client that was not heard for this long does not respond. It asks the clock once a second while the room plays
        /// and every two seconds while it stands, and twice a second while it has no answer: five lost packets in a row are no
        /// accident. Below three seconds a standing room would call everybody silent.
        silent: Duration = secs(5), secs(3) => mins(1);

        /// How long a seat is held back until it is on the disk: a member that is told a token which a crash forgets has lost
        /// the seat. Longer than any disk takes that is well; nothing makes a crash cost seats.
        saved: Duration = secs(1), Duration::ZERO => secs(10);

        /// How often one seat is taken again: the worst network changes less often, and each time the whole chat may be sent.
        resumes: Budget = budget(20, secs(1)), SMALLEST => LARGEST;
    }

    /// How many rooms there may be, how large, and for how long.
    rooms: RoomLimits {
        /// The rooms that a server may have in memory. Of more, whoever opens one hears that the server is busy. Each costs
        /// memory for its members and its chat.
        open: usize = 1_000, 1 => 100_000;

        /// The members that a room may have; more hear that it is full. Clients refuse rooms that are larger than the upper
        /// end of the range.
        members: usize = 500, 1 => limits::ROOM_MEMBERS;

        /// How long a room without members is kept in memory.
        empty: Duration = mins(5), secs(1) => days(7);

        /// The lines of chat that a room keeps, and a joiner is sent. Clients refuse more than the upper end of the range.
        chat_lines: usize = limits::CHAT_HISTORY, 1 => limits::CHAT_HISTORY;

        /// The bans of a room: of more the oldest end.
        bans: usize = limits::BANS, 1 => limits::BANS;

        /// How long a ban keeps a name and a session out: by default as long as the room is kept, so until after the next
        /// evening.
        ban: Duration = days(7), mins(1) => days(365);

        /// How long a ban keeps an address out, and how long its hash is kept: by the next day it may be somebody else's.
        ban_address: Duration = days(1), Duration::ZERO => days(365);

        /// How often members are told for whom a room that prepares waits: as often as how one player does.
        missing: Budget = budget(4, millis(250)), SMALLEST => LARGEST;

        /// How often the digest of a room's members is made anew. Shorter costs the server time for each room.
        digest: Duration = millis(250), millis(50) => secs(5);
    }

    /// How often one member may do something.
    members: MemberLimits {
        /// Lines of chat: five at once, then one a second. More are refused, with the time after which to try again.
        chat: Budget = budget(5, secs(1)), SMALLEST => LARGEST;

        /// Wishes to move the room: ten at once, then four a second; of more the newest counts.
        control: Budget = budget(10, millis(250)), SMALLEST => LARGEST;

        /// How often the others are told how one member's player does: four changes at once, as when a film opens, then four
        /// a second; of more the newest.
        reports: Budget = budget(4, millis(250)), SMALLEST => LARGEST;
    }

    /// How much is kept on the disk, for how long, and how often it is written.
    store: StoreLimits {
        /// The rooms that are kept on the disk; of more, those go that were left longest ago.
        rooms: usize = 10_000, 0 => 1_000_000;

        /// How long a room without members is kept on the disk after somebody last did something in it: by default until the
        /// next evening of a weekly round.
        kept: Duration = days(7), hours(1) => days(3_650);

        /// How often rooms are looked for that have been kept for long enough.
        sweep: Duration = hours(1), secs(1) => days(1);

        /// How often it is kept how far a film has come: this much of it at most is shown again where nobody returns in time.
        progress: Duration = secs(5), secs(1) => mins(5);

        /// After this time a room that the disk did not take is handed over again.
        save_again: Duration = secs(2), millis(100) => mins(5);

        /// How often a server looks whether its files are still where it put them: what is removed and not yet written again
        /// is lost with a crash. A few calls of `stat` each time.
        look: Duration = secs(5), secs(1) => hours(1);

        /// How long the disk may take for the last words of all rooms when the server ends.
        last_writes: Duration = secs(5), secs(1) => mins(1);
    }

    /// Limits of one address: an IPv4 address, or an IPv6 network of 64 bits.
    addresses: AddressLimits {
        /// Connections at a time: a household behind one router. More are closed as `Busy`.
        connections: usize = 16, 1 => 10_000;

        /// New connections: a full household comes in twice, then four a second. Above it an address must prove itself first,
        /// and is met with silence if it has.
        new_connections: Budget = budget(40, millis(250)), SMALLEST => LARGEST;

        /// Handshakes under way, proven and unproven each: as many as an address may have connections. A client that stays
        /// silent holds its handshake for [`ConnectionLimits::handshake`], and one address must not hold a large part of
        /// [`ServerLimits::handshakes`].
        handshakes: usize = 16, 1 => 10_000;

        /// Tries to enter a room.
        joins: Budget = budget(10, secs(1)), SMALLEST => LARGEST;

        /// Rooms that are opened.
        creations: Budget = budget(5, mins(1)), SMALLEST => LARGEST;

        /// Wrong passwords for one room. Nobody is exempt.
        wrong_passwords: Budget = budget(3, secs(20)), SMALLEST => LARGEST;

        /// Wrong passwords for one room from all addresses together.
        wrong_passwords_of_room: Budget = budget(30, secs(2)), SMALLEST => LARGEST;

        /// Above so many remembered budgets, those that are full again are forgotten. Each costs some hundred bytes.
        remembered: usize = 4_096, 64 => 1_000_000;
    }

    /// Limits of one connection: its time, its messages and its memory.
    connections: ConnectionLimits {
        /// From the first packet to a standing connection.
        handshake: Duration = secs(5), secs(1) => mins(1);

        /// From a standing connection to its hello, and from there, or from a refusal, to the next request for a seat.
        hello: Duration = secs(5), secs(1) => mins(1);

        /// The requests for a seat that one connection may make. A host whose seat and room are gone makes three: for the seat,
        /// for the room, and to open it again.
        tries: usize = 5, 3 => 100;

        /// Within this time a frame that was begun is whole: nobody holds memory with halves.
        frame: Duration = secs(10), secs(1) => mins(1);

        /// After so much silence a connection is over. Clients give up after 12 s themselves, and say "still here" every 4 s.
        idle: Duration = secs(12), secs(5) => secs(12);

        /// How long the last words may take when a connection or the server ends.
        drain: Duration = secs(2), millis(100) => LONGEST_DRAIN;

        /// Messages, of whatever kind: far above what a person and their player do. Whoever sends more is let go.
        /// Below the least it would be whoever comes in and presses a key.
        messages: Budget = budget(200, millis(20)), budget(20, millis(1)) => budget(LARGEST.burst, millis(250));

        /// The bytes of those messages at once: sixteen of the longest frames.
        message_bytes: Size = Size::mib(1), Size::kib(128) => Size::mib(64);

        /// The bytes of those messages in each second after that: sixteen times the longest line of chat.
        message_bytes_per_second: Size = Size::kib(64), Size::kib(4) => Size::mib(64);

        /// Datagrams that are looked at; the rest is dropped. An honest client sends a burst of 8 clock pings when it comes
        /// in, one each 50 ms until those are answered, one a second afterwards, and a copy of what it says while the room
        /// prepares. With less its clock would never be right.
        datagrams: Budget = budget(100, millis(50)), budget(16, millis(1)) => budget(LARGEST.burst, millis(50));

        /// Datagrams above that budget that are dropped before their sender is let go: no network repeats so many.
        datagram_flood: Budget = budget(2_000, millis(5)), budget(16, millis(1)) => budget(LARGEST.burst, secs(1));

        /// The shortest time between two reports of a member's clock pings to its room: as short as [`RoomLimits::digest`], which
        /// passes them on.
        ping_news: Duration = millis(250), millis(50) => secs(5);

        /// Bytes that wait to be sent behind the frame that is next; above it the client reads slower than the room speaks and is
        /// let go. Below the least, a few long lines of chat would be too many while a room's snapshot goes out.
        outbox: Size = Size::kib(256), Size::kib(64) => Size::mib(64);

        /// Bytes that a client may send on its stream before they are read.
        stream_window: Size = Size::kib(64), Size::kib(16) => Size::mib(16);

        /// Bytes that a client may send in all before they are read.
        window: Size = Size::kib(256), Size::kib(16) => Size::mib(64);

        /// Bytes of the server's own messages that are kept until the client has them.
        send_window: Size = Size::kib(256), Size::kib(16) => Size::mib(64);

        /// The datagrams kept either way; the oldest go first.
        datagram_buffer: Size = Size::kib(16), Size::kib(2) => Size::mib(1);
    }

    /// Limits of all clients together.
    server: ServerLimits {
        /// Handshakes under way, above which new ones are met with silence.
        handshakes: usize = 512, 1 => 100_000;

        /// Handshakes under way, above which unproven addresses must prove themselves first (Retry).
        handshakes_before_retry: usize = 64, 0 => 100_000;

        /// The incoming connections that wait for an answer.
        incoming: usize = 1_024, 1 => 100_000;

        /// Bytes that are buffered of one connection before it is accepted.
        incoming_buffer: Size = Size::kib(16), Size::kib(2) => Size::mib(1);

        /// The same for all of them together.
        incoming_buffer_total: Size = Size::mib(8), Size::kib(64) => Size::mib(1_024);

        /// Threads that hash passwords: each keeps 19 MiB from its first hash on, and a hash takes tens of milliseconds.
        password_checks: usize = 2, 1 => 64;

        /// Passwords that wait to be checked; of more the server says that it is busy.
        password_queue: usize = 8, 1 => 1_024;

        /// Requests that wait for one room. Where they are more, whoever sends them waits.
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
