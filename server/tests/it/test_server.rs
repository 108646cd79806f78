//! A server for each test.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::thread;
use std::time::Duration;

use tokio::runtime::Builder;
use tokio::sync::oneshot;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use watchtogether_protocol::Pin;
use watchtogether_server::limits::{LimitValues, Limits};
use watchtogether_server::store::StoreError;
use watchtogether_server::{BindError, Retention, Server, ServerConfig};

/// The time within which everything that a test waits for happens, even on a busy machine.
pub(crate) const DEADLINE: Duration = Duration::from_secs(20);

/// The limits of the servers in these tests.
pub(crate) const LIMITS: LimitValues = LimitValues::DEFAULT;

/// A server that runs until the test ends it or is over.
pub(crate) struct TestServer {
    pub(crate) address: SocketAddr,
    pub(crate) pin: Pin,
    shutdown: CancellationToken,
    kill: CancellationToken,
    ended: CancellationToken,
}

/// Returns the configuration of a server on a free port that exempts clients on this machine from its limits.
pub(crate) fn config(keeps: Retention) -> ServerConfig {
    ServerConfig {
        listen: (Ipv4Addr::LOCALHOST, 0).into(),
        keeps,
        is_loopback_exempt: true,
        limits: Limits::default(),
    }
}

impl TestServer {
    /// Starts a server on a free port.
    pub(crate) fn open() -> Self {
        let config = config(Retention::Nothing);
        let server = Server::bind(&config).expect("a free port");
        Self::of(server, Server::run)
    }

    /// Runs a server with `run`, in the test's runtime.
    pub(crate) fn of<R>(server: Server, run: impl FnOnce(Server, CancellationToken) -> R) -> Self
    where
        R: Future<Output = ()> + Send + 'static,
    {
        let shutdown = CancellationToken::new();
        let (address, pin) = (server.local_addr(), server.pin());
        let running = run(server, shutdown.clone());
        let ended = CancellationToken::new();
        let end = ended.clone();
        tokio::spawn(async move {
            running.await;
            end.cancel();
        });
        Self {
            address,
            pin,
            shutdown,
            kill: CancellationToken::new(),
            ended,
        }
    }

    /// Starts a server that keeps its rooms, on its own thread; at a given address if a previous server had one.
    pub(crate) async fn keeping(folder: &Path, address: Option<SocketAddr>) -> Self {
        let config = config(Retention::Rooms(folder.to_owned()));
        Self::on_a_thread(ServerConfig {
            listen: address.unwrap_or(config.listen),
            ..config
        })
        .await
    }

    /// Starts a server that applies its limits to this machine, too, on its own thread.
    pub(crate) async fn limiting() -> Self {
        Self::on_a_thread(ServerConfig {
            listen: (Ipv4Addr::LOCALHOST, 0).into(),
            keeps: Retention::Nothing,
            is_loopback_exempt: false,
            limits: Limits::default(),
        })
        .await
    }

    async fn on_a_thread(config: ServerConfig) -> Self {
        let (ready, is_ready) = oneshot::channel();
        let (shutdown, kill, ended) = Default::default();
        let tokens: [CancellationToken; 3] = [&shutdown, &kill, &ended].map(CancellationToken::clone);
        thread::spawn(move || {
            let [shutdown, kill, ended] = tokens;
            let runtime = Builder::new_current_thread().enable_all().build();
            let runtime = runtime.expect("a runtime");
            runtime.block_on(async {
                let server = within(bound(&config)).await;
                if ready.send((server.local_addr(), server.pin())).is_ok() {
                    tokio::select! {
                        () = server.run(shutdown) => {}
                        () = kill.cancelled() => {}
                    }
                }
            });
            // All tasks and sockets end with the runtime.
            drop(runtime);
            ended.cancel();
        });
        let (address, pin) = within(is_ready).await.expect("a server");
        Self {
            address,
            pin,
            shutdown,
            kill,
            ended,
        }
    }

    /// Returns a server that runs in another process.
    pub(crate) fn elsewhere(address: SocketAddr, pin: Pin) -> Self {
        let [shutdown, kill, ended] = Default::default();
        Self {
            address,
            pin,
            shutdown,
            kill,
            ended,
        }
    }

    /// Ends the server like a kill: nobody is notified, and nothing more happens except what the disk has already begun.
    pub(crate) async fn killed(self) -> SocketAddr {
        self.kill.cancel();
        within(self.ended.cancelled()).await;
        self.address
    }

    /// Asks the server to end.
    pub(crate) fn shut_down(&self) {
        self.shutdown.cancel();
    }

    /// Waits until the server has ended.
    pub(crate) async fn ended(self) {
        within(self.ended.cancelled()).await;
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        self.kill.cancel();
    }
}

/// Returns a server, waiting until a previous one has released its address and its disk.
async fn bound(config: &ServerConfig) -> Server {
    loop {
        match Server::bind(config) {
            Err(BindError::Store(StoreError::InUse { .. }) | BindError::Address { .. }) => {
                tokio::task::yield_now().await;
            }
            server => return server.expect("a server"),
        }
    }
}

/// Waits for something that must happen.
pub(crate) async fn within<T>(future: impl Future<Output = T>) -> T {
    timeout(DEADLINE, future).await.expect("it happens in time")
}
