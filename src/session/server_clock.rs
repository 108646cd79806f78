//! The session's estimate of the server's clock, and the schedule of clock pings.
//!
//! If nothing is known (a new connection, another path, a machine that was suspended), a burst of [`BURST`] pings is sent, so
//! that a film can start. In between, pings go out faster until a whole burst has been answered, so that a lost datagram does not
//! delay anybody's start by a second. Then pings follow as the path needs them: on a path with jitter, up to [`BEGINNING`] within
//! ten seconds until the clock is accurate to [`GOOD`], and one per second in a playing room until it is accurate to [`FAIR`]. A
//! steady clock needs few pings: one every [`PLAYING_INTERVAL`] or [`STANDING_INTERVAL`]. A doubt (a clock that has changed, a
//! film that was off for no known reason) starts the schedule again.
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

/// The number of pings after the burst on a path with jitter: forty within ten seconds with the burst. In recordings whose
/// offsets have a standard deviation of 5 ms, they make the clock accurate to 1 ms when a film has run for ten seconds.
const BEGINNING: u32 = 32;

/// The time between two pings of the beginning.
const BEGINNING_INTERVAL: Duration = Duration::from_millis(300);

/// The number of pings that a client sends in a playing room, after the beginning, for a clock that is not yet accurate to
/// [`FAIR`]. After two minutes the clock of the same recordings is accurate to 0.6 ms; without them that would take ten.
const REFINING: u32 = 100;

/// The time between two pings for a better estimate.
const REFINING_INTERVAL: Duration = Duration::from_secs(1);

/// The standard error of a clock that needs no more pings than a steady one: a fifth of what is heard.
const GOOD: Duration = Duration::from_micros(100);

/// The standard error of a clock that is good enough to play on, once [`BEGINNING`] is over.
const FAIR: Duration = Duration::from_micros(350);

/// The time between two pings while the room plays. With the acknowledgement of each answer, a member sends 0.73 packets per
/// second and receives 0.36.
const PLAYING_INTERVAL: Duration = Duration::from_millis(2_750);

/// The time between two pings otherwise.
const STANDING_INTERVAL: Duration = Duration::from_secs(7);

/// The shortest time between two pings because of news in the telemetry.
const NEWS_INTERVAL: Duration = Duration::from_secs(1);

/// The shortest time between two bursts because of a doubt, so that a server with an erratic clock is not asked constantly.
const DOUBT_INTERVAL: Duration = Duration::from_secs(10);

/// The delay before an unanswered ping is repeated. It is longer than nearly all round trips.
const ASK_AGAIN: Duration = Duration::from_millis(500);

/// How long after an unanswered ping a server counts as silent. If one in ten packets is lost in each direction, five pings in a
/// row are lost once in four thousand cases. With the time between two pings, silence is noticed within 5.3 s of its beginning in
/// a playing room, and within 9.5 s otherwise.
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
    beginning_left: u32,
    refining_left: u32,
    /// When the last burst began.
    burst_since: LocalTime,
    last_ping: Option<LocalTime>,
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
        self.unanswered_since = None;
        self.begin(now);
    }

    /// Measures the clock again, because the current estimate explains an observation badly.
    pub(super) fn handle_doubt(&mut self, now: LocalTime) {
        let is_asking = self.next_ping.is_some();
        if is_asking && now.saturating_since(self.burst_since) >= DOUBT_INTERVAL {
            self.begin(now);
        }
    }

    fn begin(&mut self, now: LocalTime) {
        self.burst_left = BURST;
        self.beginning_left = BEGINNING;
        self.refining_left = REFINING;
        self.burst_since = now;
        self.next_ping = Some(now);
        self.next_if_answered = None;
    }

    /// Stops pinging, because there is no server to ping.
    pub(super) fn handle_lost(&mut self) {
        self.next_ping = None;
        self.unanswered_since = None;
    }

    /// Answers the server, which asked for a ping.
    pub(super) fn handle_question(&mut self, now: LocalTime) {
        self.next_ping = self.next_ping.map(|due| due.min(now));
    }

    /// Sends the next ping soon, because its telemetry has news that others want to see immediately.
    pub(super) fn handle_news(&mut self, now: LocalTime) {
        let soon = self.last_ping.map_or(now, |last| last + NEWS_INTERVAL);
        self.next_ping = self.next_ping.map(|due| due.min(soon));
        self.next_if_answered = self.next_if_answered.map(|due| due.min(soon));
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
        let has_changed = self.estimator.handle_exchange(Exchange {
            sent: pong.sent,
            received: pong.received,
            answered: pong.answered,
            returned: now,
        });
        self.is_usable |= self.estimator.is_settled();
        self.handle_heard();
        if has_changed {
            self.handle_doubt(now);
        }
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
        let interval = self.interval(is_playing);
        self.last_ping = Some(now);
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

    /// Returns the time until the next ping, and counts this one.
    fn interval(&mut self, is_playing: bool) -> Duration {
        let is_right_to = |limit| self.estimator.error().is_some_and(|error| error <= limit);
        let left = |count: &mut u32| count.checked_sub(1).map(|less| *count = less).is_some();
        if self.burst_left > 1 {
            self.burst_left -= 1;
            BURST_INTERVAL
        } else if !self.estimator.is_settled() {
            SETTLING_INTERVAL
        } else if !is_right_to(GOOD) && left(&mut self.beginning_left) {
            BEGINNING_INTERVAL
        } else if !is_right_to(FAIR) && is_playing && left(&mut self.refining_left) {
            REFINING_INTERVAL
        } else if is_playing {
            PLAYING_INTERVAL
        } else {
            STANDING_INTERVAL
        }
    }

    /// Sends the next ping within the interval of a playing room, because the room plays now.
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
mod recorded;
#[cfg(test)]
mod tests;
