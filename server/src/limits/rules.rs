//! Rules about limits that depend on each other.

use std::time::Duration;

use super::table::LimitValues;
use super::value::{ByteSize, LimitValue};
use super::{LimitError, LimitMistake, Relation};

/// A limit that is bounded by another limit.
struct LimitBound<T> {
    this: (&'static str, T),
    that: (&'static str, T),
    /// Whether the limit must be below the other one; otherwise it may also be equal.
    is_below: bool,
    /// How a limit that breaks the rule compares to the other one.
    broken: Relation,
}

impl<T: LimitValue + PartialOrd> LimitBound<T> {
    fn check(self) -> Option<LimitMistake> {
        let ((key, this), (that_key, that)) = (self.this, self.that);
        let holds = this < that || this == that && !self.is_below;
        (!holds).then(|| LimitMistake {
            key,
            error: LimitError::Contradiction {
                value: this.text(),
                relation: self.broken,
                other: that_key,
                bound: that.text(),
            },
        })
    }
}

/// Returns the mistakes of limits that contradict each other.
pub(super) fn broken(values: &LimitValues) -> impl Iterator<Item = LimitMistake> {
    let LimitValues {
        playback,
        undo,
        seats,
        rooms,
        addresses,
        connections,
        server,
        ..
    } = values;
    let longer = |this: (&'static str, Duration), that| LimitBound {
        this,
        that,
        is_below: false,
        broken: Relation::Longer,
    };
    let not_shorter = |this: (&'static str, Duration), that| LimitBound {
        this,
        that,
        is_below: true,
        broken: Relation::NotShorter,
    };
    let larger = |this: (&'static str, ByteSize), that| LimitBound {
        this,
        that,
        is_below: false,
        broken: Relation::Larger,
    };
    let more = |this: (&'static str, usize), that| LimitBound {
        this,
        that,
        is_below: false,
        broken: Relation::More,
    };
    let idle = ("connections.idle", connections.idle);
    let times = [
        // The lead is clamped to this range.
        longer(
            ("playback.start_lead_min", playback.start_lead_min),
            ("playback.start_lead_max", playback.start_lead_max),
        ),
        // A change that can no longer be undone is not extended either.
        longer(("undo.together", undo.together), ("undo.kept", undo.kept)),
        // Otherwise a room would wait for a host whose seat is gone.
        longer(("seats.host", seats.host), ("seats.member", seats.member)),
        // A link counts as lost after this much silence, and the time for which a seat is kept counts from the last message: the
        // seat would be gone before anybody could come back.
        not_shorter(idle, ("seats.host", seats.host)),
        not_shorter(idle, ("seats.member", seats.member)),
        // Otherwise the address would stay banned after the ban itself has expired.
        longer(("rooms.ban_address", rooms.ban_address), ("rooms.ban", rooms.ban)),
    ];
    let sizes = [
        // A stream's window is part of its connection's window.
        larger(
            ("connections.stream_window", connections.stream_window),
            ("connections.window", connections.window),
        ),
        // One connection's share of the bytes for all connections.
        larger(
            ("server.incoming_buffer", server.incoming_buffer),
            ("server.incoming_buffer_total", server.incoming_buffer_total),
        ),
    ];
    let counts = [
        // Otherwise new connections would be ignored before any address was asked to prove itself.
        more(
            ("server.handshakes_before_retry", server.handshakes_before_retry),
            ("server.handshakes", server.handshakes),
        ),
        // Otherwise one address could hold all of them.
        more(
            ("addresses.handshakes", addresses.handshakes),
            ("server.handshakes", server.handshakes),
        ),
    ];
    let times = times.into_iter().filter_map(LimitBound::check);
    let sizes = sizes.into_iter().filter_map(LimitBound::check);
    let counts = counts.into_iter().filter_map(LimitBound::check);
    times.chain(sizes).chain(counts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reports(change: impl FnOnce(&mut LimitValues)) -> Vec<String> {
        let mut values = LimitValues::DEFAULT;
        change(&mut values);
        let reports = broken(&values).map(|mistake| {
            let LimitError::Contradiction {
                value,
                relation,
                other,
                bound,
            } = mistake.error
            else {
                panic!("{mistake:?}");
            };
            format!("{}: {value} {relation:?} {other} {bound}", mistake.key)
        });
        reports.collect()
    }

    #[test]
    fn contradicting_limits_are_reported_with_both_keys() {
        let reported = reports(|values| {
            values.playback.start_lead_min = Duration::from_secs(1);
            values.connections.stream_window = ByteSize::mib(1);
            values.server.handshakes = 10;
        });

        assert_eq!(
            reported,
            [
                "playback.start_lead_min: 1s Longer playback.start_lead_max 500ms",
                "connections.stream_window: 1MiB Larger connections.window 256KiB",
                "server.handshakes_before_retry: 64 More server.handshakes 10",
                "addresses.handshakes: 16 More server.handshakes 10",
            ]
        );
    }

    #[test]
    fn a_seat_is_kept_for_longer_than_it_takes_to_miss_its_client() {
        let reported = |host, member| {
            reports(|values| {
                values.connections.idle = Duration::from_secs(10);
                values.seats.host = Duration::from_secs(host);
                values.seats.member = Duration::from_secs(member);
            })
        };

        assert_eq!(reported(11, 11), [""; 0]);
        assert_eq!(
            reported(10, 11),
            ["connections.idle: 10s NotShorter seats.host 10s"]
        );
        assert_eq!(
            reported(9, 10),
            [
                "connections.idle: 10s NotShorter seats.host 9s",
                "connections.idle: 10s NotShorter seats.member 10s",
            ]
        );
    }

    #[test]
    fn limits_may_be_the_same_as_those_that_bound_them() {
        let reported = reports(|values| {
            values.seats.host = values.seats.member;
            values.undo.together = values.undo.kept;
            values.rooms.ban_address = values.rooms.ban;
            values.server.incoming_buffer = values.server.incoming_buffer_total;
        });

        assert_eq!(reported, [""; 0]);
    }
}
