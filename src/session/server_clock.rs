//! The server's clock as the session knows it, and the schedule of clock pings.
//!
//! If nothing is known (a new connection, another path, a machine that was suspended), a burst of [`BURST`] pings is sent, then
//! one per second while the room plays, and one every two seconds otherwise. Until a whole burst has been answered, pings are
//! sent faster, so that a lost datagram does not delay anybody's start by a second.
//!
//! The same pings show whether the server still responds. An unanswered ping is repeated every [`ASK_AGAIN`], and a server from
//! which nothing has arrived for [`SILENT_AFTER`] since a ping is silent. That is known long before the transport gives up the
//! connection, and costs nothing while the server responds. A restarted server answers such a ping with a reset, so the pings
//! also reveal a restart immediately.

use std::time::Duration;

use watchtogether_protocol::clock::{BURST, ClockEstimator, Exchange};
use watchtogether_protocol::message::clock::{ClockPing, ClockPong, Telemetry};
use watchtogether_protocol::{LocalTime, Revision, ServerTime};

/// The time between two pings of a burst.
const BURST_INTERVAL: Duration = Duration::from_millis(25);

/// The time between two pings while answers of the burst are missing.
const SETTLING_INTERVAL: Duration = Duration::from_millis(50);

/// The time between two pings while the room plays.
const PLAYING_INTERVAL: Duration = Duration::from_secs(1);

/// The time between two pings otherwise.
const IDLE_INTERVAL: Duration = Duration::from_secs(2);

/// The delay before an unanswered ping is repeated. It is longer than nearly all round trips.
const ASK_AGAIN: Duration = Duration::from_millis(500);

/// How long after an unanswered ping a server counts as silent. If one in ten packets is lost in each direction, five pings in a
/// row are lost once in four thousand cases. With the two seconds between the pings of a paused room, silence is noticed within
/// 4.5 s.
pub(super) const SILENT_AFTER: Duration = Duration::from_millis(2_500);

/// A server whose clock differs from the known one by more than this is a different server.
const OTHER_CLOCK: Duration = Duration::from_secs(5);

/// The estimate of the clock, and the schedule of pings.
#[derive(Clone, Debug, Default)]
pub(super) struct ServerClock {
    estimator: ClockEstimator,
    /// Whether the estimate was ever good enough to act on.
    is_usable: bool,
    /// The server's clock in its answer when we entered.
    guess: Option<(LocalTime, ServerTime)>,
    sequence: u32,
    /// Answers to pings before this one belong to an earlier connection.
    first_sequence: u32,
    burst_left: usize,
    next_ping: Option<LocalTime>,
    /// When the next ping would be due if the last one is answered.
    next_if_answered: Option<LocalTime>,
    /// When the first ping was sent since anything was received.
    unanswered_since: Option<LocalTime>,
}

impl ServerClock {
    /// Starts to ping on a new connection, given the server's clock in its answer.
    pub(super) fn handle_entered(&mut self, server: ServerTime, now: LocalTime) {
        self.guess = Some((now, server));
        let known = self.estimator.server_time(now);
        // Until the first answer to a ping, the time in the server's answer is a better guess than the clock of another server.
        if known.is_some_and(|k| k.nanos_since(server).unsigned_abs() > nanos(OTHER_CLOCK)) {
            self.handle_other_server();
        }
        self.first_sequence = self.sequence;
        self.handle_path_change(now);
    }

    /// Forgets everything, because this is a different clock.
    pub(super) fn handle_other_server(&mut self) {
        self.estimator = ClockEstimator::new();
        self.is_usable = false;
    }

    /// Starts a new burst, because the path or the local clock has changed.
    pub(super) fn handle_path_change(&mut self, now: LocalTime) {
        self.estimator.handle_path_change();
        self.burst_left = BURST;
        self.next_ping = Some(now);
        self.unanswered_since = None;
    }

    /// Stops pinging, because there is no server to ping.
    pub(super) fn handle_lost(&mut self) {
        self.next_ping = None;
        self.unanswered_since = None;
    }

    /// Records that something was received from the server.
    pub(super) fn handle_heard(&mut self) {
        self.unanswered_since = None;
        // An answered ping need not be repeated, so the schedule goes back to the usual interval.
        let usual = self.next_if_answered.take();
        self.next_ping = self
            .next_ping
            .map(|due| usual.map_or(due, |usual| due.max(usual)));
    }

    /// Returns when the server will count as silent if nothing is received until then.
    pub(super) fn silent_at(&self) -> Option<LocalTime> {
        self.unanswered_since.map(|since| since + SILENT_AFTER)
    }

    /// Handles an answer; returns whether it answers a ping of this connection.
    pub(super) fn handle_pong(&mut self, pong: &ClockPong, now: LocalTime) -> bool {
        // Anything else would put another connection's path, or a forged time, into the estimate.
        if pong.sequence < self.first_sequence || pong.sequence >= self.sequence || pong.sent > now {
            return false;
        }
        self.estimator.handle_exchange(Exchange {
            sent: pong.sent,
            received: pong.received,
            answered: pong.answered,
            returned: now,
        });
        self.is_usable |= self.estimator.is_settled();
        self.handle_heard();
        true
    }

    /// Returns the ping that is due.
    pub(super) fn poll_ping(
        &mut self,
        is_playing: bool,
        revision: Revision,
        telemetry: Telemetry,
        now: LocalTime,
    ) -> Option<ClockPing> {
        if self.next_ping.is_none_or(|due| now < due) {
            return None;
        }
        let interval = if self.burst_left > 1 {
            BURST_INTERVAL
        } else if !self.estimator.is_settled() {
            SETTLING_INTERVAL
        } else if is_playing {
            PLAYING_INTERVAL
        } else {
            IDLE_INTERVAL
        };
        self.burst_left = self.burst_left.saturating_sub(1);
        self.unanswered_since.get_or_insert(now);
        self.next_if_answered = Some(now + interval);
        // Repeated before the usual interval has passed, in case this ping is lost. An answer postpones it.
        self.next_ping = Some(now + interval.min(ASK_AGAIN));
        let ping = ClockPing {
            sequence: self.sequence,
            sent: now,
            revision,
            telemetry,
        };
        self.sequence = self.sequence.wrapping_add(1);
        Some(ping)
    }

    /// Makes the next ping follow within the interval of a playing room, because the room plays now.
    pub(super) fn handle_playing(&mut self, now: LocalTime) {
        let latest = now + PLAYING_INTERVAL;
        self.next_ping = self.next_ping.map(|due| due.min(latest));
        self.next_if_answered = self.next_if_answered.map(|due| due.min(latest));
    }

    /// Returns when the next ping is due.
    pub(super) const fn next_ping(&self) -> Option<LocalTime> {
        self.next_ping
    }

    /// Returns the estimate, once it is good enough to act on.
    pub(super) fn usable(&self) -> Option<&ClockEstimator> {
        self.is_usable.then_some(&self.estimator)
    }

    /// Returns the estimate, whether or not it is good enough.
    pub(super) const fn estimator(&self) -> &ClockEstimator {
        &self.estimator
    }

    /// Returns the server's time, as well as it is known.
    pub(super) fn server_time(&self, now: LocalTime) -> Option<ServerTime> {
        let guessed = || {
            let (then, server) = self.guess?;
            Some(server.offset_by(now.nanos_since(then)))
        };
        self.estimator.server_time(now).or_else(guessed)
    }
}

fn nanos(duration: Duration) -> u64 {
    duration.as_nanos().try_into().unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(ms: u64) -> LocalTime {
        LocalTime::from_millis(10_000 + ms)
    }

    fn entered() -> ServerClock {
        let mut clock = ServerClock::default();
        clock.handle_entered(ServerTime::from_millis(500_000), at(0));
        clock
    }

    /// Runs the schedule to its end; each ping that `answers` accepts is answered 20 ms later.
    fn run(clock: &mut ServerClock, is_playing: bool, until: u64, answers: impl Fn(u32) -> bool) -> Vec<u64> {
        let mut sent = Vec::new();
        let mut pongs: Vec<ClockPong> = Vec::new();
        for ms in 0..until {
            let now = at(ms);
            while pongs
                .first()
                .is_some_and(|p| now.saturating_since(p.sent) >= Duration::from_millis(20))
            {
                clock.handle_pong(&pongs.remove(0), now);
            }
            if let Some(ping) = clock.poll_ping(is_playing, Revision(0), Telemetry::default(), now) {
                sent.push(ms);
                let received = ServerTime::from_millis(500_000 + ms + 10);
                if answers(ping.sequence) {
                    pongs.push(ClockPong {
                        sequence: ping.sequence,
                        sent: ping.sent,
                        received,
                        answered: received,
                        digest: Vec::new(),
                    });
                }
            }
        }
        sent
    }

    #[test]
    fn a_burst_comes_first_and_then_one_per_second() {
        let mut clock = entered();

        let sent = run(&mut clock, true, 3_000, |_| true);

        assert_eq!(sent[..8], [0, 25, 50, 75, 100, 125, 150, 175]);
        assert_eq!(sent[8..], [225, 1_225, 2_225]);
        assert!(clock.usable().is_some());
    }

    #[test]
    fn an_idle_room_asks_half_as_often() {
        let mut clock = entered();

        let sent = run(&mut clock, false, 6_000, |_| true);

        assert_eq!(sent[8..], [225, 2_225, 4_225]);
    }

    #[test]
    fn lost_answers_are_made_up_for_at_once() {
        let mut clock = entered();

        run(&mut clock, false, 1_000, |sequence| sequence % 3 != 0);

        assert!(clock.usable().is_some());
    }

    #[test]
    fn a_question_that_is_not_answered_is_asked_again_and_after_five_the_server_is_silent() {
        for is_playing in [true, false] {
            let mut clock = entered();
            run(&mut clock, is_playing, 1_000, |_| true);
            assert_eq!(clock.silent_at(), None);
            let last_answered = clock.sequence;

            let sent = run(&mut clock, is_playing, 8_000, |sequence| sequence < last_answered);

            let silence: Vec<u64> = sent.iter().copied().filter(|ms| *ms >= 1_000).collect();
            let first = silence[0];
            assert!(first <= 2_225, "{silence:?}");
            assert_eq!(
                silence[1..5],
                [first + 500, first + 1_000, first + 1_500, first + 2_000]
            );
            assert_eq!(clock.silent_at(), Some(at(first) + SILENT_AFTER));
        }
    }

    #[test]
    fn any_message_of_the_server_ends_the_silence_and_the_pings() {
        let mut clock = entered();
        run(&mut clock, true, 1_000, |_| true);
        let ping = |clock: &mut ServerClock, ms| {
            let none = Telemetry::default();
            clock.poll_ping(true, Revision(0), none, at(ms))
        };
        assert!(ping(&mut clock, 1_225).is_some());

        clock.handle_heard();

        assert_eq!(clock.silent_at(), None);
        assert_eq!(clock.next_ping(), Some(at(2_225)));
    }

    #[test]
    fn before_any_answer_the_time_of_entry_is_the_guess() {
        let clock = entered();

        assert_eq!(clock.server_time(at(300)), Some(ServerTime::from_millis(500_300)));
        assert!(clock.usable().is_none());
    }

    #[test]
    fn answers_to_another_connection_are_dropped() {
        let mut clock = entered();
        let old = clock
            .poll_ping(false, Revision(0), Telemetry::default(), at(0))
            .expect("the first of a burst");
        clock.handle_entered(ServerTime::from_millis(500_010), at(10));

        let received = ServerTime::from_millis(1);
        let pong = ClockPong {
            sequence: old.sequence,
            sent: old.sent,
            received,
            answered: received,
            digest: Vec::new(),
        };

        assert!(!clock.handle_pong(&pong, at(20)));
        assert!(!clock.handle_pong(&ClockPong { sequence: 99, ..pong }, at(20)));
    }

    #[test]
    fn the_clock_of_another_server_is_estimated_from_the_beginning() {
        let mut clock = entered();
        run(&mut clock, true, 1_000, |_| true);

        clock.handle_entered(ServerTime::from_millis(7), at(1_000));

        assert!(clock.usable().is_none());
        assert_eq!(clock.server_time(at(1_000)), Some(ServerTime::from_millis(7)));
    }

    #[test]
    fn a_lost_link_keeps_the_estimate() {
        let mut clock = entered();
        run(&mut clock, true, 1_000, |_| true);

        clock.handle_lost();

        assert_eq!(clock.next_ping(), None);
        assert!(clock.usable().is_some());
    }
}
