//! The server of watchtogether: rooms over QUIC.
//!
//! ```text
//! endpoint ── one task per connection ── mailbox ──► room task ── Room (pure)
//!                  ▲  clock answers directly                │
//!                  └────────── outbox (bounded) ◄──────────┘
//! ```
//!
//! Everything runs on one current-thread runtime: for rooms of ten members, a second worker thread costs 27 % per delivery and
//! gains nothing. No room waits for a client: outboxes are bounded, and a client that reads too slowly is disconnected.

pub mod auth;
pub mod clock;
pub mod limits;
mod mailbox;
pub mod net;
pub mod outbox;
pub mod placement;
pub mod private_files;
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
use self::placement::{Placement, SingleServer};
use self::registry::Registry;
use self::store::{Contents, DamagedRoom, Store, StoreError};

/// The configuration of a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerConfig {
    /// The UDP address to listen on; port 0 lets the system choose.
    pub listen: SocketAddr,
    /// The state that is kept when the server ends.
    pub keeps: Retention,
    /// Whether clients on this machine (127.0.0.0/8 and `::1`) are exempt from the budgets and limits per address. If they are
    /// not, all clients behind a proxy on this machine share one address's limits.
    pub is_loopback_exempt: bool,
    /// The server's limits.
    pub limits: Limits,
}

/// The state that is kept when a server ends, and its folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Retention {
    /// Nothing is kept: invites stop working when the server ends.
    Nothing,
    /// The server keeps nothing, but the process that started it keeps the key and passes it in.
    Handed(HandedKey),
    /// Only the key is kept, so that clients recognise the server after a restart. Rooms end with the server.
    Key(PathBuf),
    /// The key and the rooms are kept. No other server may keep its rooms in that folder at the same time.
    Rooms(PathBuf),
}

/// Why a server could not start.
#[derive(Debug, thiserror::Error)]
pub enum BindError {
    /// There is no usable identity.
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// The store of rooms cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Listening on the address failed.
    #[error("cannot listen at UDP {listen}")]
    Address {
        /// The address.
        listen: SocketAddr,
        /// The cause.
        #[source]
        source: io::Error,
    },
}

/// A server that is bound to its address.
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
    /// Binds the server to its address. Must be called on a tokio runtime.
    pub fn bind(config: &ServerConfig) -> Result<Self, BindError> {
        let (mut identity, kept) = match &config.keeps {
            Retention::Nothing => (Identity::ephemeral()?, None),
            Retention::Handed(key) => (Identity::from_handed_key(key)?, None),
            Retention::Key(folder) => (Identity::in_folder(folder)?, None),
            Retention::Rooms(folder) => (
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
                "server-key.pem is missing although rooms are kept here: created a new key, so invites with the previous key are refused"
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
            placement: Arc::new(SingleServer),
        })
    }

    /// Returns the server as one of several. It has the rooms that `placement` locates here, and sends clients to the right
    /// server for all others.
    #[must_use]
    pub fn with_placement(self, placement: impl Placement + 'static) -> Self {
        Self {
            placement: Arc::new(placement),
            ..self
        }
    }

    /// Returns the address that the server listens on.
    pub const fn local_addr(&self) -> SocketAddr {
        self.local_addr
    }

    /// Returns the pin that invites identify the server by.
    pub const fn pin(&self) -> Pin {
        self.pin
    }

    /// Returns the kept rooms that cannot be read and so cannot be entered.
    pub fn damaged_rooms(&self) -> &[DamagedRoom] {
        self.kept.as_ref().map_or(&[], |(_, contents)| &contents.damaged)
    }

    /// Returns the distance of the furthest member who has taken a seat, which shows from how far away this server can be
    /// reached.
    pub fn reached(&self) -> watch::Receiver<Network> {
        self.reached.subscribe()
    }

    /// Serves until `shutdown`, then notifies the members and returns once they have received the message, or after
    /// `connections.drain`.
    pub async fn run(self, shutdown: CancellationToken) {
        let reason = async {
            shutdown.cancelled().await;
            ClosingReason::ServerEnds
        };
        self.run_until(reason).await;
    }

    /// Serves until `end` gives a reason, then notifies the members and returns once they have received the message, or after
    /// `connections.drain`. If rooms are kept, the disk then gets up to `store.last_writes` to finish. If rooms are closed for
    /// good, members do not try to come back.
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
            tracing::warn!("timed out writing the last changes of rooms to the disk");
        }
        tracing::info!("ended");
    }
}

/// Rewrites the key files whenever they are missing.
async fn keep_key(files: &Arc<KeyFiles>, every: Duration) -> Infallible {
    let mut times = interval_at(Instant::now() + every, every);
    loop {
        times.tick().await;
        put_back(files).await;
    }
}

/// Rewrites missing key files once, on a thread that may block on the disk.
async fn put_back(files: &Arc<KeyFiles>) {
    let files = Arc::clone(files);
    if let Err(error) = tokio::task::spawn_blocking(move || files.put_back()).await {
        tracing::warn!(%error, "could not check the key files");
    }
}

/// Periodically deletes rooms that have expired from the disk.
async fn sweep(registry: &Registry, every: Duration) -> Infallible {
    let mut times = interval_at(Instant::now() + every, every);
    loop {
        times.tick().await;
        registry.sweep();
    }
}
