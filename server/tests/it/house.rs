//! A server of its own for each test.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use watchtogether_protocol::Pin;
use watchtogether_server::{Server, ServerConfig};

/// Within this time everything that a test waits for has come, on however busy a machine.
pub(crate) const DEADLINE: Duration = Duration::from_secs(20);

/// A server that runs until the test ends, or ends it.
pub(crate) struct House {
    pub(crate) address: SocketAddr,
    pub(crate) pin: Pin,
    shutdown: CancellationToken,
    task: JoinHandle<()>,
}

impl House {
    /// Starts a server at a port that nobody else has.
    pub(crate) fn open() -> Self {
        let config = ServerConfig {
            listen: (Ipv4Addr::LOCALHOST, 0).into(),
            state_dir: None,
        };
        let server = Server::bind(&config).expect("a free port");
        Self::of(server, Server::run)
    }

    /// Returns a server that runs in some way.
    pub(crate) fn of<R>(server: Server, run: impl FnOnce(Server, CancellationToken) -> R) -> Self
    where
        R: Future<Output = ()> + Send + 'static,
    {
        let shutdown = CancellationToken::new();
        Self {
            address: server.local_addr(),
            pin: server.pin(),
            shutdown: shutdown.clone(),
            task: tokio::spawn(run(server, shutdown)),
        }
    }

    /// Asks the server to end.
    pub(crate) fn shut_down(&self) {
        self.shutdown.cancel();
    }

    /// Waits until the server has ended.
    pub(crate) async fn ended(self) {
        within(self.task).await.expect("the server ended as it should");
    }
}

/// Waits for what must happen.
pub(crate) async fn within<T>(future: impl Future<Output = T>) -> T {
    timeout(DEADLINE, future).await.expect("it happens in time")
}
