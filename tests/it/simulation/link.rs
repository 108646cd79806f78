//! A path between a client and its server: delay, jitter, loss, cuts.

use std::time::Duration;

use watchtogether::seeded_rng::SeededRng;

/// The distribution of the delay.
#[derive(Clone, Copy, Debug)]
pub(super) enum Jitter {
    /// Queues, which only add delay: exponential, with this mean.
    Queue(Duration),
    /// Symmetric around the delay: normal, with this standard deviation. In this case, no packet shows the shortest time.
    Symmetric(Duration),
}

/// The properties of a path.
#[derive(Clone, Copy, Debug)]
pub(super) struct Path {
    /// The delay to the server, without jitter.
    pub(super) up: Duration,
    /// The delay back, without jitter.
    pub(super) down: Duration,
    /// The additional delay, in each direction.
    pub(super) jitter: Jitter,
    /// The share of packets that are lost.
    pub(super) loss: f64,
}

impl Path {
    /// A path within one home.
    pub(super) const LAN: Self = Self {
        up: Duration::from_micros(300),
        down: Duration::from_micros(300),
        jitter: Jitter::Queue(Duration::from_micros(100)),
        loss: 0.0,
    };

    /// Returns a typical home connection, whose two directions differ by a few milliseconds.
    pub(super) fn random(rng: &mut SeededRng) -> Self {
        let one_way = rng.between(0.001, 0.09);
        let lopsided = rng.between(-0.002, 0.002);
        Self {
            up: Duration::from_secs_f64((one_way + lopsided).max(0.0005)),
            down: Duration::from_secs_f64((one_way - lopsided).max(0.0005)),
            jitter: Jitter::Queue(Duration::from_secs_f64(rng.between(0.0, 0.006))),
            loss: rng.between(0.0, 0.03),
        }
    }

    /// Returns a path with a round trip in milliseconds.
    pub(super) const fn rtt(millis: u64) -> Self {
        Self {
            up: Duration::from_millis(millis / 2),
            down: Duration::from_millis(millis / 2),
            jitter: Jitter::Queue(Duration::from_millis(2)),
            loss: 0.01,
        }
    }
}

/// The direction of a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    Up,
    Down,
}

/// One path with the packets in transit on it. Instants are nanoseconds of true time.
#[derive(Debug)]
pub(super) struct SimulatedLink {
    pub(super) path: Path,
    rng: SeededRng,
    /// Until when nothing gets through.
    dark_until: u64,
    /// The arrival of the last stream message in each direction, since streams keep their order.
    last: [u64; 2],
}

impl SimulatedLink {
    pub(super) const fn new(path: Path, seed: u64) -> Self {
        Self {
            path,
            rng: SeededRng::from_seed(seed),
            dark_until: 0,
            last: [0, 0],
        }
    }

    /// Blocks the path until an instant.
    pub(super) fn darken(&mut self, until: u64) {
        self.dark_until = self.dark_until.max(until);
    }

    pub(super) const fn is_dark(&self, now: u64) -> bool {
        now < self.dark_until
    }

    /// Begins a new connection; packets in transit belong to the old one.
    pub(super) const fn renew(&mut self) {
        self.last = [0, 0];
    }

    /// Returns when a datagram arrives, if it does.
    pub(super) fn datagram(&mut self, direction: Direction, now: u64) -> Option<u64> {
        let lost = self.rng.happens(self.path.loss) || self.is_dark(now);
        let arrives = now + self.one_way(direction);
        (!lost).then_some(arrives)
    }

    /// Returns when a stream message arrives. A lost packet is sent again after about one and a half round trips, and later
    /// messages wait for it.
    pub(super) fn stream(&mut self, direction: Direction, now: u64) -> u64 {
        let mut sent = now;
        while self.rng.happens(self.path.loss) || self.is_dark(sent) {
            let timeout = nanos(self.path.up + self.path.down) * 3 / 2 + 25_000_000;
            sent = (sent + timeout).max(self.dark_until.min(sent + timeout));
        }
        let arrives = (sent + self.one_way(direction)).max(self.last[direction as usize]);
        self.last[direction as usize] = arrives;
        arrives
    }

    fn one_way(&mut self, direction: Direction) -> u64 {
        let base = match direction {
            Direction::Up => self.path.up,
            Direction::Down => self.path.down,
        };
        let more = match self.path.jitter {
            // The tail is cut where a real queue would drop packets.
            Jitter::Queue(mean) => -self.rng.between(1e-3, 1.0).ln() * mean.as_secs_f64(),
            Jitter::Symmetric(deviation) => self.rng.normal() * deviation.as_secs_f64(),
        };
        nanos(Duration::from_secs_f64((base.as_secs_f64() + more).max(0.0)))
    }
}

pub(super) fn nanos(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).expect("a simulation is shorter than 500 years")
}
