//! The handshake with a server: several addresses are tried one shortly after another, and the first that proves its key wins.

use std::convert::Infallible;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use quinn::{ClientConfig, ConnectionError, Endpoint, TransportConfig, TransportErrorCode, VarInt};
use tokio::net::UdpSocket;
use tokio::task::JoinSet;
use tokio::time::sleep;
use watchtogether_protocol::Pin;
use watchtogether_protocol::close::CloseCode;

use super::ConnectError;
use super::pinning::PinVerifier;

/// The silence after which the next address is tried, as in browsers.
const STAGGER: Duration = Duration::from_millis(250);

/// The silence after which a connection is lost: a keep-alive and the packets that QUIC sends again for four seconds.
const IDLE: Duration = Duration::from_secs(12);

/// The assumed round trip before one has been measured; the first packet is repeated after three times as long. QUIC's default of
/// a third of a second suits the whole world. If this value is too short for a longer path, it costs one more packet; with the
/// default, five hundred clients that come back to a restarted server at the same time overflow its socket, and wait for one,
/// three and seven seconds.
const FIRST_ROUND_TRIP: Duration = Duration::from_millis(100);

/// The interval of keep-alives on a silent connection, which also keep a router's mapping open. It is longer than the interval of
/// clock pings, which do the same in a room.
const KEEP_ALIVE: Duration = Duration::from_secs(8);

/// The number of bytes that a server may send on the control stream before they are read: a quarter of its longest frame.
const STREAM_WINDOW: u32 = 256 * 1024;

/// The number of bytes that a server may send on all streams together before they are read.
const CONNECTION_WINDOW: u32 = 512 * 1024;

/// The number of bytes of our messages that are buffered until the server has acknowledged them.
const SEND_WINDOW: u64 = 256 * 1024;

/// The number of bytes of datagrams that are buffered in each direction: a burst of clock exchanges. The oldest are dropped
/// first.
const DATAGRAM_BUFFER: usize = 16 * 1024;

/// A server that proved its key.
pub(super) struct VerifiedConnection {
    pub(super) endpoint: Endpoint,
    pub(super) connection: quinn::Connection,
    pub(super) pin: Pin,
}

/// Tries addresses, each once the previous one has been silent for [`STAGGER`] or failed. A different key than the expected one
/// ends all attempts, no matter how the other addresses would answer.
pub(super) async fn race(
    addresses: &[SocketAddr],
    name: &str,
    expected: Option<Pin>,
) -> Result<VerifiedConnection, ConnectError> {
    let mut waiting = addresses.iter().copied();
    let mut tries = JoinSet::new();
    let mut first_error = None;
    loop {
        if let Some(next) = waiting.next() {
            let name = name.to_owned();
            tries.spawn(async move { dial(next, &name, expected).await });
        }
        // Both branches are cancel safe: a task in the set continues, and the timer is recreated.
        let ended = tokio::select! {
            ended = tries.join_next() => ended,
            () = sleep(STAGGER), if waiting.len() > 0 => continue,
        };
        let error = match ended {
            Some(Ok(Ok(link))) => return Ok(link),
            Some(Ok(Err(error @ ConnectError::PinMismatch { .. }))) => return Err(error),
            Some(Ok(Err(error))) => error,
            Some(Err(error)) => ConnectError::Failed(error.to_string()),
            None => {
                return Err(first_error.unwrap_or(ConnectError::NoAddress));
            }
        };
        first_error.get_or_insert(error);
    }
}

async fn dial(
    address: SocketAddr,
    name: &str,
    expected: Option<Pin>,
) -> Result<VerifiedConnection, ConnectError> {
    let failed = |error: &dyn std::error::Error| ConnectError::Failed(error.to_string());
    let verifier = PinVerifier::new(expected);
    let mut config = ClientConfig::new(Arc::new(verifier.client_config()));
    config.transport_config(Arc::new(transport_config()));
    let endpoint = Endpoint::client(any_port(address.ip())).map_err(|error| failed(&error))?;
    let connecting = endpoint
        .connect_with(config, address, name)
        .map_err(|error| failed(&error))?;
    let connected = tokio::select! {
        connected = connecting => connected,
        () = refused(address) => return Err(ConnectError::NoServer),
    };
    let connection = connected.map_err(|error| match verifier.mismatch() {
        Some((expected, got)) => ConnectError::PinMismatch { expected, got },
        None => ended_while_connecting(&error),
    })?;
    if connection.max_datagram_size().is_none() {
        return Err(ConnectError::OtherVersion);
    }
    let pin = verifier
        .shown()
        .expect("a handshake without resumption shows a certificate");
    Ok(VerifiedConnection {
        endpoint,
        connection,
        pin,
    })
}

/// Waits until the machine at an address says that nothing listens there; waits forever if it does not.
async fn refused(address: SocketAddr) {
    let error = probe(address).await;
    if !error.is_err_and(|error| error.kind() == io::ErrorKind::ConnectionRefused) {
        std::future::pending::<()>().await;
    }
}

/// Checks whether anything listens, with a byte that no server takes for a packet; QUIC's own socket never receives the answer.
async fn probe(address: SocketAddr) -> io::Result<Infallible> {
    let socket = UdpSocket::bind(any_port(address.ip())).await?;
    socket.connect(address).await?;
    socket.send(&[0]).await?;
    loop {
        socket.recv(&mut [0]).await?;
    }
}

fn any_port(family_of: IpAddr) -> SocketAddr {
    match family_of {
        IpAddr::V4(_) => (Ipv4Addr::UNSPECIFIED, 0).into(),
        IpAddr::V6(_) => (Ipv6Addr::UNSPECIFIED, 0).into(),
    }
}

pub(super) fn ended_while_connecting(error: &ConnectionError) -> ConnectError {
    let no_common_protocol =
        TransportErrorCode::crypto(rustls::AlertDescription::NoApplicationProtocol.into());
    match error {
        ConnectionError::VersionMismatch => ConnectError::OtherVersion,
        ConnectionError::TransportError(cause) if cause.code == no_common_protocol => {
            ConnectError::OtherVersion
        }
        ConnectionError::ConnectionClosed(close) if close.error_code == no_common_protocol => {
            ConnectError::OtherVersion
        }
        ConnectionError::ConnectionClosed(close)
            if close.error_code == TransportErrorCode::CONNECTION_REFUSED =>
        {
            ConnectError::Closed { code: None }
        }
        ConnectionError::ApplicationClosed(close) => ConnectError::Closed {
            code: CloseCode::from_u64(close.error_code.into_inner()),
        },
        ConnectionError::TimedOut => ConnectError::TimedOut { after: IDLE },
        ConnectionError::TransportError(_)
        | ConnectionError::ConnectionClosed(_)
        | ConnectionError::Reset
        | ConnectionError::LocallyClosed
        | ConnectionError::CidsExhausted => ConnectError::Failed(error.to_string()),
    }
}

fn transport_config() -> TransportConfig {
    let mut config = TransportConfig::default();
    config
        .max_idle_timeout(Some(IDLE.try_into().expect("12 s fit QUIC's integer")))
        .keep_alive_interval(Some(KEEP_ALIVE))
        .initial_rtt(FIRST_ROUND_TRIP)
        .max_concurrent_bidi_streams(VarInt::from_u32(0))
        .max_concurrent_uni_streams(VarInt::from_u32(0))
        .stream_receive_window(VarInt::from_u32(STREAM_WINDOW))
        .receive_window(VarInt::from_u32(CONNECTION_WINDOW))
        .send_window(SEND_WINDOW)
        .datagram_receive_buffer_size(Some(DATAGRAM_BUFFER))
        .datagram_send_buffer_size(DATAGRAM_BUFFER);
    config
}
