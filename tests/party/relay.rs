//! A path between a client and a server that can be cut.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::net::UdpSocket;
use tokio::task::JoinHandle;

/// Carries datagrams between one client and a server until it is dropped.
#[derive(Debug)]
pub(crate) struct Relay {
    address: SocketAddr,
    is_cut: Arc<AtomicBool>,
    task: JoinHandle<()>,
}

impl Relay {
    pub(crate) async fn to(server: &str) -> Self {
        let near = UdpSocket::bind("127.0.0.1:0").await.expect("loopback is there");
        let far = UdpSocket::bind("127.0.0.1:0").await.expect("loopback is there");
        far.connect(server).await.expect("the server has an address");
        let address = near.local_addr().expect("it is bound");
        let is_cut = Arc::new(AtomicBool::new(false));
        let task = tokio::spawn(carry(near, far, Arc::clone(&is_cut)));
        Self {
            address,
            is_cut,
            task,
        }
    }

    pub(crate) fn address(&self) -> String {
        self.address.to_string()
    }

    /// From now on nothing arrives, in either direction, and nobody is told.
    pub(crate) fn cut(&self) {
        self.is_cut.store(true, Ordering::Relaxed);
    }

    pub(crate) fn mend(&self) {
        self.is_cut.store(false, Ordering::Relaxed);
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn carry(near: UdpSocket, far: UdpSocket, is_cut: Arc<AtomicBool>) {
    let (mut there, mut back) = (vec![0; 65_536], vec![0; 65_536]);
    let mut client = None;
    loop {
        // What cannot be sent is lost, as on any path; so is what a closed port answers.
        tokio::select! {
            Ok((length, from)) = near.recv_from(&mut there) => {
                client = Some(from);
                if !is_cut.load(Ordering::Relaxed) {
                    drop(far.send(&there[..length]).await);
                }
            }
            Ok(length) = far.recv(&mut back) => {
                if let Some(client) = client && !is_cut.load(Ordering::Relaxed) {
                    drop(near.send_to(&back[..length], client).await);
                }
            }
            else => tokio::task::yield_now().await,
        }
    }
}
