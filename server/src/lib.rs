//! The server of watchtogether: rooms over QUIC.
//!
//! ```text
//! endpoint ── one task per connection ── mailbox ──► room task ── Room (pure)
//!                  ▲  clock answers at once                │
//!                  └────────── outbox (bounded) ◄──────────┘
//! ```
//!
//! Everything runs on one current-thread runtime: for rooms of ten a second worker costs 27 % per delivery and brings
//! nothing. No room waits for a client: outboxes are bounded, and whoever reads too slowly is let go.

pub mod auth;
pub mod clock;
pub mod limits;
mod mailbox;
pub mod net;
pub mod outbox;
pub mod own_files;
pub mod placement;
pub mod rate_limit;
mod registry;
pub mod room;
mod room_task;
mod secret;
pub mod store;
mod write_scheduler;

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, interval_at, timeout};
use tokio_util::sync::CancellationToken;
use watchtogether_protocol::Pin;
use watchtogether_protocol::message::room::ClosingReason;
use watchtogether_protocol::network::Network;

use self::clock::ServerClock;
use self::limits::Limits;
use self::net::admission::Admission;
use self::net::endpoint;
use self::net::services::Services;
use self::net::tls::{HandedKey, Identity, IdentityError, KeyFiles};
use self::placement::{AllHere, Placement};
use self::registry::Registry;
use self::store::{Contents, DamagedRoom, Store, StoreError};

/// The configuration of a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerConfig {
    /// The UDP address to listen at; port 0 lets the system choose.
    pub listen: SocketAddr,
    /// The things that outlive it.
    pub keeps: Keeps,
    /// Whether clients on this machine (127.0.0.0/8 and `::1`) are exempt from the budgets and limits per address. Where they
    /// are not, all clients of a proxy on this machine share those of one address.
    pub is_loopback_exempt: bool,
    /// Its limits.
    pub limits: Limits,
}

/// The things that outlive a server, and their folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Keeps {
    /// Nothing: invites end with it.
    Nothing,
    /// Nothing, under a key that whoever started it keeps for it.
    Handed(HandedKey),
    /// Its key, so that it is known again. Its rooms end with it.
    Key(PathBuf),
    /// Its key and its rooms. No other server may keep its rooms in that folder at the same time.
    Rooms(PathBuf),
}

/// Why a server did not come up.
#[derive(Debug, thiserror::Error)]
pub enum BindError {
    /// It has no identity.
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// Its rooms cannot be kept.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The address cannot be listened at.
    #[error("cannot listen at UDP {listen}")]
    Address {
        /// The address.
        listen: SocketAddr,
        /// The cause.
        #[source]
        source: io::Error,
    },
}

/// A server that listens.
#[derive(Debug)]
pub struct Server {
    endpoint: quinn::Endpoint,
    local_addr: SocketAddr,
    pin: Pin,
    clock: ServerClock,
    reached: watch::Sender<Network>,
    kept: Option<(Store, Contents)>,
    key_files: Arc<KeyFiles>,
    is_loopback_exempt: bool,
    limits: Limits,
    placement: Arc<dyn Placement>,
}

impl Server {
    /// Listens. Must be called on a tokio runtime.
    pub fn bind(config: &ServerConfig) -> Result<Self, BindError> {
        let (mut identity, kept) = match &config.keeps {
            Keeps::Nothing => (Identity::ephemeral()?, None),
            Keeps::Handed(key) => (Identity::handed(key)?, None),
            Keeps::Key(folder) => (Identity::in_folder(folder)?, None),
            Keeps::Rooms(folder) => (
                Identity::in_folder(folder)?,
                Some(Store::open(folder, config.limits.clone())?),
            ),
        };
        if identity.is_new
            && let Some((_, Contents { rooms, .. })) = &kept
            && !rooms.is_empty()
        {
            tracing::warn!(
                rooms = rooms.len(),
                "rooms are kept here and server-key.pem is gone: a new key is made, and invites to the former one are refused"
            );
        }
        let pin = identity.pin;
        let key_files = std::mem::take(&mut identity.files);
        let at = |source| BindError::Address {
            listen: config.listen,
            source,
        };
        let endpoint = endpoint::open(config.listen, identity, &config.limits).map_err(at)?;
        let local_addr = endpoint.local_addr().map_err(at)?;
        Ok(Self {
            endpoint,
            local_addr,
            pin,
            clock: ServerClock::start(),
            reached: watch::Sender::new(Network::Machine),
            kept,
            key_files: Arc::new(key_files),
            is_loopback_exempt: config.is_loopback_exempt,
            limits: config.limits.clone(),
            placement: Arc::new(AllHere),
        })
    }

    /// Returns the server as one of several: it has the rooms that `placement` says are here, and sends whoever asks for
    /// another to the server that has it.
    #[must_use]
    pub fn with_placement(self, placement: impl Placement + 'static) -> Self {
        Self {
            placement: Arc::new(placement),
            ..self
        }
    }

    /// Returns the address that it listens at.
    pub const fn local_addr(&self) -> SocketAddr {
        self.local_addr
    }

    /// Returns what invites name it by.
    pub const fn pin(&self) -> Pin {
        self.pin
    }

    /// Returns the kept rooms that cannot be read, so that nobody can enter them.
    pub fn damaged_rooms(&self) -> &[DamagedRoom] {
        self.kept.as_ref().map_or(&[], |(_, contents)| &contents.damaged)
    }

    /// Returns from how far away somebody has taken a seat: what it proves that this server can be reached from.
    pub fn reached(&self) -> watch::Receiver<Network> {
        self.reached.subscribe()
    }

    /// Serves until `shutdown`; then tells the members and returns when they know, or after `connections.drain`.
    pub async fn run(self, shutdown: CancellationToken) {
        let told = async {
            shutdown.cancelled().await;
            ClosingReason::ServerEnds
        };
        self.run_until(told).await;
    }

    /// Serves until it is told why it ends; then tells the members, and returns when they know, or after `connections.drain`.
    /// Where rooms are kept, the disk has `store.last_writes` after that. Where rooms are closed for good, members do not wait
    /// for them to come back.
    pub async fn run_until(self, end: impl Future<Output = ClosingReason>) {
        let registry = match self.kept {
            Some((store, contents)) => {
                Registry::restored(self.clock, self.limits.clone(), store, contents).await
            }
            None => Registry::new(self.clock, self.limits.clone()),
        };
        tracing::info!(address = %self.local_addr, "serving");
        let services = Services {
            registry: registry.clone(),
            admission: Admission::new(self.is_loopback_exempt, &self.limits),
            placement: self.placement,
            limits: self.limits.clone(),
            clock: self.clock,
            reached: self.reached,
        };
        tokio::select! {
            () = endpoint::serve(self.endpoint, services, end) => {}
            never = sweep(&registry, self.limits.store.sweep) => match never {},
            never = keep_key(&self.key_files, self.limits.store.look) => match never {},
        }
        put_back(&self.key_files).await;
        if timeout(self.limits.store.last_writes, registry.end())
            .await
            .is_err()
        {
            tracing::warn!("the disk is too slow for the last words");
        }
        tracing::info!("ended");
    }
}

/// Writes the files of the key again where they are removed.
async fn keep_key(files: &Arc<KeyFiles>, every: Duration) -> Infallible {
    let mut times = interval_at(Instant::now() + every, every);
    loop {
        times.tick().await;
        put_back(files).await;
    }
}

/// Does so once, on a thread that may wait for the disk.
async fn put_back(files: &Arc<KeyFiles>) {
    let files = Arc::clone(files);
    if let Err(error) = tokio::task::spawn_blocking(move || files.put_back()).await {
        tracing::warn!(%error, "the files of the key were not looked at");
    }
}

/// Lets go of rooms that were kept for long enough, again and again.
async fn sweep(registry: &Registry, every: Duration) -> Infallible {
    let mut times = interval_at(Instant::now() + every, every);
    loop {
        times.tick().await;
        registry.sweep();
    }
}
