//! A client that implements only the start of QUIC's handshake: it sends first packets, proves its address if asked to, and then
//! stays silent.

use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::sync::Arc;
use std::time::Duration;

use quinn::{ClientConfig, EndpointConfig};
use quinn_proto::{Connection, ConnectionEvent, ConnectionHandle, DatagramEvent, Endpoint};
use tokio::time::Instant;
use watchtogether_protocol::version;

use crate::client::client_config;
use crate::test_server::TestServer;

/// The default time to wait for an answer.
const ANSWER: Duration = Duration::from_millis(200);

/// The largest possible datagram.
const LARGEST: usize = 64 * 1024;

/// The server's answer to a first packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// The server begins the handshake.
    Handshake,
    /// The server asks for a proof of the address.
    Retry,
    /// The server does not answer.
    Silence,
}

/// A client at one address of this machine.
pub(crate) struct Raw {
    socket: UdpSocket,
    endpoint: Endpoint,
    config: ClientConfig,
    server: SocketAddr,
}

/// A first packet that was sent.
pub(crate) struct SentInitial {
    handle: ConnectionHandle,
    connection: Connection,
}

impl Raw {
    pub(crate) fn new(server: &TestServer, address: Ipv4Addr) -> Self {
        let socket = UdpSocket::bind((address, 0)).expect("a free port");
        socket.set_read_timeout(Some(ANSWER)).expect("a timeout");
        Self {
            socket,
            endpoint: Endpoint::new(Arc::new(EndpointConfig::default()), None, true, None),
            config: client_config(server.pin, version::ALPN),
            server: server.address,
        }
    }

    /// Sends the first packet of a new connection.
    pub(crate) fn send_initial(&mut self) -> SentInitial {
        let now = Instant::now().into_std();
        let (handle, connection) = self
            .endpoint
            .connect(now, self.config.clone(), self.server, "server.invalid")
            .expect("an address that can be dialled");
        let mut initial = SentInitial { handle, connection };
        self.send(&mut initial);
        initial
    }

    /// Waits for the answer to a first packet. After a Retry, [`Self::send`] sends the packet with the proof.
    pub(crate) fn answer(&mut self, initial: &mut SentInitial) -> Answer {
        while let Some((handle, kind, event)) = self.receive() {
            // Anything else answers an earlier connection, which stays silent.
            if handle == initial.handle {
                if kind == Answer::Retry {
                    initial.connection.handle_event(event);
                }
                return kind;
            }
        }
        Answer::Silence
    }

    /// Returns `count` first packets that prove the address, each for its own connection. None of them is sent yet.
    pub(crate) fn prepare_proofs(&mut self, count: usize) -> Vec<Vec<u8>> {
        let mut proofs = Vec::new();
        while proofs.len() < count {
            let mut initial = self.send_initial();
            if self.answer(&mut initial) == Answer::Retry {
                proofs.push(next_datagram(&mut initial));
            }
        }
        proofs
    }

    pub(crate) fn send_datagram(&self, datagram: &[u8]) {
        self.socket
            .send_to(datagram, self.server)
            .expect("this machine takes it");
    }

    fn receive(&mut self) -> Option<(ConnectionHandle, Answer, ConnectionEvent)> {
        let mut buffer = vec![0; LARGEST];
        loop {
            let length = self.socket.recv(&mut buffer).ok()?;
            let kind = kind_of(buffer[0]);
            let event = self.endpoint.handle(
                Instant::now().into_std(),
                self.server,
                None,
                None,
                buffer[..length].into(),
                &mut Vec::new(),
            );
            if let Some(DatagramEvent::ConnectionEvent(handle, event)) = event {
                return Some((handle, kind, event));
            }
        }
    }

    /// Sends the next packets of a connection.
    pub(crate) fn send(&mut self, initial: &mut SentInitial) {
        let datagram = next_datagram(initial);
        self.send_datagram(&datagram);
    }
}

fn next_datagram(initial: &mut SentInitial) -> Vec<u8> {
    let mut buffer = Vec::new();
    let now = Instant::now().into_std();
    let transmit = initial.connection.poll_transmit(now, 1, &mut buffer);
    buffer.truncate(transmit.expect("a packet is due").size);
    buffer
}

/// Tells a Retry from the packets of a handshake by the form and type in the first byte.
const fn kind_of(first_byte: u8) -> Answer {
    const FORM_AND_TYPE: u8 = 0b1011_0000;
    if first_byte & FORM_AND_TYPE == FORM_AND_TYPE {
        Answer::Retry
    } else {
        Answer::Handshake
    }
}
