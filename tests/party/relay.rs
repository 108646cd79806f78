//! A path between a client and a server that can be cut or degraded, and whose port changes as if a router forgot its mapping.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::net::UdpSocket;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep_until};
use watchtogether::seeded_rng::SeededRng;

/// Slightly above the largest datagram that QUIC sends over Ethernet.
const DATAGRAM: usize = 2_048;

/// The size of the smallest QUIC packet. Smaller datagrams come from another socket, which checks whether anything listens here.
const PACKET: usize = 20;

/// The properties of a path, in each direction.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Conditions {
    /// The delay.
    pub(crate) delay: Duration,
    /// The additional delay: random between zero and this for each datagram, so that datagrams can overtake each other.
    pub(crate) jitter: Duration,
    /// The share of datagrams that are lost.
    pub(crate) loss: f64,
    /// The source address that the server sees.
    pub(crate) source: Ipv4Addr,
    /// The seed of the random numbers.
    pub(crate) seed: u64,
}

impl Conditions {
    /// A path without delay and loss.
    pub(crate) const GOOD: Self = Self {
        delay: Duration::ZERO,
        jitter: Duration::ZERO,
        loss: 0.0,
        source: Ipv4Addr::LOCALHOST,
        seed: 1,
    };
}

/// Carries datagrams between one client and a server until it is dropped.
#[derive(Debug)]
pub(crate) struct Relay {
    address: SocketAddr,
    is_cut: Arc<AtomicBool>,
    rebinds: mpsc::Sender<oneshot::Sender<()>>,
    task: JoinHandle<()>,
}

impl Relay {
    pub(crate) async fn to(server: &str) -> Self {
        Self::under(Conditions::GOOD, server).await
    }

    pub(crate) async fn under(conditions: Conditions, server: &str) -> Self {
        let near = UdpSocket::bind("127.0.0.1:0").await.expect("loopback is there");
        let address = near.local_addr().expect("it is bound");
        let (rebinds, asked) = mpsc::channel(1);
        let path = Path {
            near,
            far: far_end(conditions.source, server).await,
            server: server.to_owned(),
            conditions,
            rng: SeededRng::from_seed(conditions.seed),
            client: None,
            is_cut: Arc::default(),
            under_way: BinaryHeap::new(),
            rebound: None,
        };
        let is_cut = Arc::clone(&path.is_cut);
        Self {
            address,
            is_cut,
            rebinds,
            task: tokio::spawn(path.carry(asked)),
        }
    }

    pub(crate) fn address(&self) -> String {
        self.address.to_string()
    }

    /// Drops everything from now on, in both directions, without an error to either side.
    pub(crate) fn cut(&self) {
        self.is_cut.store(true, Ordering::Relaxed);
    }

    pub(crate) fn mend(&self) {
        self.is_cut.store(false, Ordering::Relaxed);
    }

    /// Forgets the mapping, as a router does: from now on the server sees another port, and datagrams to the old one are lost.
    /// Returns once a datagram has used the new one.
    pub(crate) async fn rebind(&self) {
        let (sender, passed) = oneshot::channel();
        self.rebinds.send(sender).await.expect("the relay runs");
        passed.await.expect("the relay runs");
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// A datagram in transit: its arrival, its number, whether it goes to the server, and its content.
type UnderWay = Reverse<(Instant, u64, bool, Vec<u8>)>;

struct Path {
    near: UdpSocket,
    far: UdpSocket,
    server: String,
    conditions: Conditions,
    rng: SeededRng,
    client: Option<SocketAddr>,
    is_cut: Arc<AtomicBool>,
    under_way: BinaryHeap<UnderWay>,
    /// Notified once a datagram uses the newest mapping.
    rebound: Option<oneshot::Sender<()>>,
}

impl Path {
    async fn carry(mut self, mut rebinds: mpsc::Receiver<oneshot::Sender<()>>) {
        let (mut there, mut back) = ([0; DATAGRAM], [0; DATAGRAM]);
        let mut number = 0;
        loop {
            number += 1;
            let due = self.under_way.peek().map(|Reverse((due, ..))| *due);
            // Datagrams that cannot be sent are lost, as on any path; so are the answers of a closed port.
            tokio::select! {
                received = self.near.recv_from(&mut there) => if let Ok((length, from)) = received
                    && length >= PACKET
                {
                    self.client = Some(from);
                    self.take(number, true, &there[..length]).await;
                },
                received = self.far.recv(&mut back) => if let Ok(length) = received {
                    self.take(number, false, &back[..length]).await;
                },
                () = sleep_until(due.unwrap_or_else(Instant::now)), if due.is_some() => {
                    if let Some(Reverse((_, _, is_up, bytes))) = self.under_way.pop() {
                        self.deliver(is_up, &bytes).await;
                    }
                }
                asked = rebinds.recv() => match asked {
                    Some(passes) => {
                        self.far = far_end(self.conditions.source, &self.server).await;
                        self.rebound = Some(passes);
                    }
                    None => return,
                },
            }
        }
    }

    async fn take(&mut self, number: u64, is_up: bool, bytes: &[u8]) {
        let Conditions {
            delay, jitter, loss, ..
        } = self.conditions;
        if self.is_cut.load(Ordering::Relaxed) || self.rng.happens(loss) {
            return;
        }
        if delay.is_zero() && jitter.is_zero() {
            return self.deliver(is_up, bytes).await;
        }
        let due = Instant::now() + delay + jitter.mul_f64(self.rng.between(0.0, 1.0));
        self.under_way.push(Reverse((due, number, is_up, bytes.to_vec())));
    }

    async fn deliver(&mut self, is_up: bool, bytes: &[u8]) {
        if is_up {
            drop(self.far.send(bytes).await);
            if let Some(passes) = self.rebound.take() {
                // The caller may have stopped waiting.
                passes.send(()).ok();
            }
        } else if let Some(client) = self.client {
            drop(self.near.send_to(bytes, client).await);
        }
    }
}

async fn far_end(source: Ipv4Addr, server: &str) -> UdpSocket {
    let far = UdpSocket::bind((IpAddr::V4(source), 0))
        .await
        .expect("loopback has many addresses");
    far.connect(server).await.expect("the server has an address");
    far
}
