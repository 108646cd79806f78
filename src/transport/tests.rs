//! Tests of connections to a small server over the loopback address: well-behaved, hostile, silent, and with changed keys.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use quinn::crypto::rustls::QuicServerConfig;
use quinn::{Endpoint, ServerConfig, TransportConfig, VarInt};
use rustls::pki_types::PrivatePkcs8KeyDer;
use tokio::net::UdpSocket;
use watchtogether_protocol::close::CloseCode;
use watchtogether_protocol::datagram::{ClientDatagram, ServerDatagram};
use watchtogether_protocol::frame::{self, FLAG_OPTIONAL, FrameReader};
use watchtogether_protocol::invite::Address;
use watchtogether_protocol::message::chat::SendChat;
use watchtogether_protocol::message::clock::{ClockPing, ClockPong, Telemetry};
use watchtogether_protocol::message::playback::Ready;
use watchtogether_protocol::message::room::Welcome;
use watchtogether_protocol::{
    ChatId, Clean, ClientMessage, LocalTime, Pin, Revision, ServerMessage, ServerTime, limits, version,
};

use super::handshake::race;
use super::{
    ConnectError, ConnectOptions, Connection, ConnectionLoss, KnownServers, KnownServersError, SendError,
    ServerIdentity, Trust, connect, dial,
};

/// A server whose side of the connection each test plays itself.
struct Server {
    endpoint: Endpoint,
}

impl Server {
    fn start() -> Self {
        Self::start_with(
            &rcgen::KeyPair::generate().expect("a key"),
            version::ALPN,
            TransportConfig::default(),
        )
    }

    fn start_with(key: &rcgen::KeyPair, alpn: &[u8], transport: TransportConfig) -> Self {
        let params = rcgen::CertificateParams::new(vec!["anything".to_owned()]).expect("a name");
        let certificate = params.self_signed(key).expect("self-signed").der().clone();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut tls = rustls::ServerConfig::builder_with_provider(provider)
            .with_protocol_versions(&[&rustls::version::TLS13])
            .expect("ring speaks TLS 1.3")
            .with_no_client_auth()
            .with_single_cert(
                vec![certificate],
                PrivatePkcs8KeyDer::from(key.serialize_der()).into(),
            )
            .expect("the key belongs to the certificate");
        tls.alpn_protocols = vec![alpn.to_vec()];
        let tls = QuicServerConfig::try_from(tls).expect("a suite for QUIC");
        let mut config = ServerConfig::with_crypto(Arc::new(tls));
        config.transport_config(Arc::new(transport));
        let endpoint = Endpoint::server(config, (Ipv4Addr::LOCALHOST, 0).into()).expect("a free port");
        Self { endpoint }
    }

    fn socket_addr(&self) -> SocketAddr {
        self.endpoint.local_addr().expect("bound")
    }

    fn address(&self) -> Address {
        address_of(self.socket_addr())
    }

    async fn accept(&self) -> Result<quinn::Connection, quinn::ConnectionError> {
        self.endpoint.accept().await.expect("the endpoint is open").await
    }
}

fn address_of(socket: SocketAddr) -> Address {
    socket.to_string().parse().expect("an address")
}

/// A list of known servers that a test can inspect.
#[derive(Default)]
struct Memory {
    stored: std::sync::Mutex<Option<Pin>>,
    /// The key that another process stores between the lookup and the storing.
    in_the_meantime: Option<Pin>,
}

impl Memory {
    fn stored(&self) -> std::sync::MutexGuard<'_, Option<Pin>> {
        self.stored.lock().expect("not poisoned")
    }
}

impl KnownServers for Memory {
    fn known(&self, _address: &Address) -> Result<Option<Pin>, KnownServersError> {
        Ok(*self.stored())
    }

    fn remember(&self, _address: &Address, pin: Pin) -> Result<Pin, KnownServersError> {
        let mut stored = self.stored();
        Ok(*stored.get_or_insert(self.in_the_meantime.unwrap_or(pin)))
    }
}

/// Returns options with a clock that counts how often it was read, in nanoseconds.
fn options() -> ConnectOptions {
    let reads = AtomicU64::new(0);
    ConnectOptions::new(move || LocalTime::from_nanos(reads.fetch_add(1, Ordering::Relaxed) + 1))
}

fn first_use() -> Trust {
    Trust::FirstUse(Arc::new(Memory::default()))
}

/// Returns both ends of a new connection.
async fn connected(server: &Server) -> (Connection, quinn::Connection) {
    let (address, trust, options) = (server.address(), first_use(), options());
    let (client, accepted) = tokio::join!(connect(&address, &trust, &options), server.accept());
    (client.expect("connected"), accepted.expect("accepted"))
}

/// Returns the server's ends of the control stream, which the first message opens.
async fn control_stream(
    client: &Connection,
    accepted: &quinn::Connection,
) -> (quinn::SendStream, quinn::RecvStream) {
    client.send(&chat("hello")).expect("sent");
    accepted.accept_bi().await.expect("opened by the message")
}

fn chat(text: &str) -> ClientMessage {
    ClientMessage::Chat(SendChat {
        id: ChatId(uuid::Uuid::nil()),
        text: Clean::line(text),
        position: None,
    })
}

fn welcome() -> ServerMessage {
    ServerMessage::Welcome(Welcome {
        software: Clean::line("test"),
        observed: Clean::line("192.0.2.1:1"),
    })
}

async fn read_all(mut stream: quinn::RecvStream) -> Vec<ClientMessage> {
    let mut reader = FrameReader::new(limits::CLIENT_FRAME_BYTES);
    let mut all = Vec::new();
    while let Ok(Some(chunk)) = stream.read_chunk(usize::MAX, true).await {
        reader.push(&chunk.bytes);
        while let Some(frame) = reader.next_frame().expect("within the limit") {
            all.extend(ClientMessage::from_frame(&frame).expect("readable"));
        }
    }
    all
}

fn close_code(error: &quinn::ConnectionError) -> Option<CloseCode> {
    let quinn::ConnectionError::ApplicationClosed(close) = error else {
        return None;
    };
    CloseCode::from_u64(close.error_code.into_inner())
}

#[tokio::test]
async fn messages_go_both_ways_once_the_pin_matches() {
    let server = Server::start();
    let (first, _accepted) = connected(&server).await;
    let pin = first.identity().pin;
    let (address, trust, options) = (server.address(), Trust::Pinned(pin), options());

    let (client, accepted) = tokio::join!(connect(&address, &trust, &options), server.accept());

    let (client, accepted) = (client.expect("the right key"), accepted.expect("accepted"));
    let (mut send, _recv) = control_stream(&client, &accepted).await;
    send.write_all(&welcome().to_frame()).await.expect("written");
    assert_eq!(client.recv().await.expect("a message"), welcome());
    assert_eq!(client.identity(), ServerIdentity { pin, is_new: false });
}

#[tokio::test]
async fn another_key_than_the_pinned_one_stops_before_anything_is_sent() {
    let server = Server::start();
    let expected = Pin::from_bytes([7; 16]);
    let (address, trust, options) = (server.address(), Trust::Pinned(expected), options());

    let (client, accepted) = tokio::join!(connect(&address, &trust, &options), server.accept());

    let error = client.expect_err("another key");
    assert!(
        matches!(error, ConnectError::PinMismatch { expected: e, got } if e == expected && got != expected),
        "{error:?}"
    );
    assert!(accepted.is_err(), "the handshake was not completed");
}

#[tokio::test]
async fn a_first_use_is_stored_and_a_changed_key_stops() {
    let (server, changed) = (Server::start(), Server::start());
    let known = Arc::new(Memory::default());
    let (trust, options) = (
        Trust::FirstUse(Arc::clone(&known) as Arc<dyn KnownServers>),
        options(),
    );
    let (address, other_address) = (server.address(), changed.address());

    let (first, _) = tokio::join!(connect(&address, &trust, &options), server.accept());
    let (again, _) = tokio::join!(connect(&address, &trust, &options), server.accept());
    let (other, _) = tokio::join!(connect(&other_address, &trust, &options), changed.accept());

    let (first, again) = (first.expect("trusted"), again.expect("known"));
    assert!(first.identity().is_new && !again.identity().is_new);
    let stored = known.stored().expect("stored");
    assert_eq!(again.identity().pin, stored);
    assert!(matches!(other, Err(ConnectError::PinMismatch { expected, .. }) if expected == stored));
}

#[tokio::test]
async fn a_first_use_that_another_process_saw_differently_stops() {
    let server = Server::start();
    let theirs = Pin::from_bytes([9; 16]);
    let known = Memory {
        in_the_meantime: Some(theirs),
        ..Memory::default()
    };
    let (address, trust, options) = (server.address(), Trust::FirstUse(Arc::new(known)), options());

    let (client, _) = tokio::join!(connect(&address, &trust, &options), server.accept());

    assert!(matches!(client, Err(ConnectError::PinMismatch { expected, .. }) if expected == theirs));
}

#[tokio::test]
async fn a_server_of_another_version_is_named_as_such() {
    let key = rcgen::KeyPair::generate().expect("a key");
    let server = Server::start_with(&key, b"watchtogether/99", TransportConfig::default());
    let (address, trust, options) = (server.address(), first_use(), options());

    let (client, _) = tokio::join!(connect(&address, &trust, &options), server.accept());

    assert!(matches!(client, Err(ConnectError::OtherVersion)), "{client:?}");
}

#[tokio::test]
async fn a_server_elsewhere_sends_nobody_to_their_own_machine() {
    let server = Server::start();
    let sent_on_by = |sender: SocketAddr| ConnectOptions {
        sent_on_by: Some(address_of(sender)),
        ..options()
    };
    let address = server.address();
    let outside = SocketAddr::from(([203, 0, 113, 7], 9210));

    let refused = connect(&address, &first_use(), &sent_on_by(outside)).await;
    let (trust, beside) = (first_use(), sent_on_by(server.socket_addr()));
    let (client, accepted) = tokio::join!(connect(&address, &trust, &beside), server.accept());

    assert!(matches!(refused, Err(ConnectError::Inward { .. })), "{refused:?}");
    assert!(client.is_ok(), "{client:?}");
    accepted.expect("the one that was let in");
}

#[tokio::test]
async fn a_server_that_refuses_is_no_unreachable_one() {
    let server = Server::start();
    let (address, trust, options) = (server.address(), first_use(), options());
    let refuse = async { server.endpoint.accept().await.expect("open").refuse() };

    let (client, ()) = tokio::join!(connect(&address, &trust, &options), refuse);

    assert!(
        matches!(client, Err(ConnectError::Closed { code: None })),
        "{client:?}"
    );
}

#[tokio::test]
async fn a_silent_address_does_not_keep_the_next_one_waiting() {
    let silent = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a port");
    let server = Server::start();
    let addresses = [silent.local_addr().expect("bound"), server.socket_addr()];

    let (link, accepted) = tokio::join!(race(&addresses, "anything", None), server.accept());

    assert_eq!(
        link.expect("the second").connection.remote_address(),
        addresses[1]
    );
    assert!(accepted.is_ok());
}

#[tokio::test]
async fn a_port_without_a_server_is_known_at_once() {
    // An address on which no other test uses ports.
    let gone = UdpSocket::bind((Ipv4Addr::new(127, 0, 0, 2), 0))
        .await
        .expect("a port");
    let address = address_of(gone.local_addr().expect("bound"));
    drop(gone);

    let error = connect(&address, &first_use(), &options())
        .await
        .expect_err("nobody there");

    assert!(matches!(error, ConnectError::NoServer), "{error:?}");
}

#[tokio::test(start_paused = true)]
async fn a_missing_answer_is_reported_at_the_deadline() {
    let silent = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a port");
    let address = address_of(silent.local_addr().expect("bound"));

    let error = connect(&address, &first_use(), &options())
        .await
        .expect_err("silence");

    assert!(matches!(error, ConnectError::TimedOut { after } if after == dial::DEADLINE));
}

#[tokio::test]
async fn a_name_that_means_nothing_is_unresolved() {
    let address = Address {
        host: "no such host".to_owned(),
        port: 1,
    };

    let error = connect(&address, &first_use(), &options())
        .await
        .expect_err("no name");

    assert!(matches!(error, ConnectError::Unresolved { host, .. } if host == "no such host"));
}

#[tokio::test]
async fn frames_that_nobody_should_send_end_the_connection() {
    let too_long = {
        let mut header = frame::write(1, 0, b"").to_vec();
        header[..4].copy_from_slice(&u32::MAX.to_le_bytes());
        header
    };
    let garbage = frame::write(1, 0, &[0xff; 40]).to_vec();
    let unknown = frame::write(999, 0, b"").to_vec();
    for bytes in [too_long, garbage, unknown] {
        let server = Server::start();
        let (client, accepted) = connected(&server).await;
        let (mut send, _recv) = control_stream(&client, &accepted).await;

        send.write_all(&bytes).await.expect("written");

        let lost = client.recv().await.expect_err("unreadable");
        assert!(
            matches!(lost, ConnectionLoss::TooLong(_) | ConnectionLoss::Unreadable(_)),
            "{lost:?}"
        );
        assert_eq!(
            close_code(&accepted.closed().await),
            Some(CloseCode::ProtocolError)
        );
    }
}

#[tokio::test]
async fn an_optional_message_of_a_later_version_is_skipped() {
    let server = Server::start();
    let (client, accepted) = connected(&server).await;
    let (mut send, _recv) = control_stream(&client, &accepted).await;

    send.write_all(&frame::write(999, FLAG_OPTIONAL, b"later"))
        .await
        .expect("written");
    send.write_all(&welcome().to_frame()).await.expect("written");

    assert_eq!(client.recv().await.expect("the second"), welcome());
}

#[tokio::test]
async fn a_message_may_arrive_byte_by_byte_and_a_dropped_wait_loses_nothing() {
    let server = Server::start();
    let (client, accepted) = connected(&server).await;
    let (mut send, _recv) = control_stream(&client, &accepted).await;
    let feed = async {
        for byte in welcome().to_frame() {
            send.write_all(&[byte]).await.expect("written");
            tokio::task::yield_now().await;
        }
        send
    };

    let receive = async {
        loop {
            if let Ok(message) = tokio::time::timeout(Duration::from_micros(50), client.recv()).await {
                return message;
            }
        }
    };
    let (_send, message) = tokio::join!(feed, receive);

    assert_eq!(message.expect("whole"), welcome());
}

#[tokio::test]
async fn a_clock_answer_carries_the_instant_at_which_it_was_read() {
    let server = Server::start();
    let (client, accepted) = connected(&server).await;
    let ping = ClockPing {
        sequence: 3,
        sent: LocalTime::from_millis(1),
        revision: Revision(0),
        telemetry: Telemetry::default(),
    };
    client.send_ping(&ping).expect("sent");
    let heard = ClientDatagram::from_bytes(&accepted.read_datagram().await.expect("a datagram"));

    let answer = ClockPong {
        sequence: 3,
        sent: ping.sent,
        received: ServerTime::from_millis(5),
        answered: ServerTime::from_millis(6),
        digest: Vec::new(),
    };
    accepted
        .send_datagram(ServerDatagram::pong(&answer))
        .expect("sent");

    assert_eq!(heard.expect("readable"), Some(ClientDatagram::Ping(ping)));
    assert_eq!(
        client.recv_datagram().await,
        (ServerDatagram::Pong(answer), LocalTime::from_nanos(1))
    );
}

#[tokio::test]
async fn a_message_whose_delay_is_seen_comes_a_second_time_as_a_copy() {
    let server = Server::start();
    let (client, accepted) = connected(&server).await;
    let ready = Ready {
        revision: Revision(4),
    };

    client.send(&ClientMessage::Ready(ready)).expect("sent");

    let copy = accepted.read_datagram().await.expect("a datagram");
    assert_eq!(
        ClientDatagram::from_bytes(&copy).expect("readable"),
        Some(ClientDatagram::Ready(ready))
    );
}

#[tokio::test]
async fn a_datagram_of_a_later_version_is_skipped() {
    let server = Server::start();
    let (client, accepted) = connected(&server).await;
    let pong = ClockPong {
        sequence: 1,
        sent: LocalTime::from_millis(1),
        received: ServerTime::from_millis(5),
        answered: ServerTime::from_millis(6),
        digest: Vec::new(),
    };

    accepted.send_datagram(vec![0xff; 100].into()).expect("sent");
    accepted.send_datagram(ServerDatagram::pong(&pong)).expect("sent");

    assert_eq!(client.recv_datagram().await.0, ServerDatagram::Pong(pong));
}

#[tokio::test]
async fn an_unreadable_datagram_ends_the_connection() {
    let server = Server::start();
    let (client, accepted) = connected(&server).await;

    accepted.send_datagram(vec![0; 100].into()).expect("sent");

    let lost = client.recv().await.expect_err("unreadable");
    assert!(matches!(lost, ConnectionLoss::Unreadable(_)), "{lost:?}");
    assert_eq!(
        close_code(&accepted.closed().await),
        Some(CloseCode::ProtocolError)
    );
}

#[tokio::test]
async fn messages_before_the_close_arrive_and_then_its_reason() {
    let server = Server::start();
    let (client, accepted) = connected(&server).await;
    let (mut send, _recv) = control_stream(&client, &accepted).await;
    send.write_all(&welcome().to_frame()).await.expect("written");
    send.finish().expect("open");
    send.stopped().await.expect("the client has it");

    accepted.close(VarInt::from_u32(CloseCode::RoomClosed.as_u32()), b"");

    assert_eq!(client.recv().await.expect("the message"), welcome());
    let lost = client.recv().await.expect_err("closed");
    assert!(
        matches!(
            lost,
            ConnectionLoss::Closed {
                code: Some(CloseCode::RoomClosed)
            }
        ),
        "{lost:?}"
    );
    assert_eq!(client.send(&chat("late")), Err(SendError::Over));
}

#[tokio::test]
async fn a_server_that_only_ends_its_stream_gave_no_reason() {
    let server = Server::start();
    let (client, accepted) = connected(&server).await;
    let (mut send, _recv) = control_stream(&client, &accepted).await;

    send.finish().expect("open");

    assert!(matches!(client.recv().await, Err(ConnectionLoss::NoReason)));
}

#[tokio::test]
async fn closing_lets_everything_arrive_first() {
    let server = Server::start();
    let (client, accepted) = connected(&server).await;
    let (_send, recv) = control_stream(&client, &accepted).await;
    for _ in 0..100 {
        client.send(&chat(&"x".repeat(1_000))).expect("room in the queue");
    }

    let (read, ()) = tokio::join!(read_all(recv), client.close(CloseCode::Left));

    assert_eq!(read.len(), 101);
    assert_eq!(close_code(&accepted.closed().await), Some(CloseCode::Left));
}

#[tokio::test]
async fn a_server_that_never_reads_is_given_up_when_the_queue_is_full() {
    let key = rcgen::KeyPair::generate().expect("a key");
    let mut transport = TransportConfig::default();
    transport.stream_receive_window(VarInt::from_u32(2_000));
    let server = Server::start_with(&key, version::ALPN, transport);
    let (client, accepted) = connected(&server).await;
    let long = chat(&"x".repeat(1_000));

    let full = (0..10_000).find_map(|_| client.send(&long).err());

    assert_eq!(full, Some(SendError::Full));
    assert!(matches!(client.recv().await, Err(ConnectionLoss::Stuck)));
    assert_eq!(close_code(&accepted.closed().await), Some(CloseCode::TooSlow));
}

#[tokio::test]
async fn silence_ends_a_connection_after_its_idle_time() {
    let server = Server::start();
    let relay = Relay::start(server.socket_addr()).await;
    let (address, trust, options) = (address_of(relay.address), first_use(), options());
    let (client, accepted) = tokio::join!(connect(&address, &trust, &options), server.accept());
    let (client, _accepted) = (client.expect("connected"), accepted.expect("accepted"));

    relay.task.abort();
    tokio::time::pause();

    assert!(matches!(client.recv().await, Err(ConnectionLoss::TimedOut)));
}

/// Passes packets on between one client and a server, until it is aborted.
struct Relay {
    address: SocketAddr,
    task: tokio::task::JoinHandle<()>,
}

impl Relay {
    async fn start(server: SocketAddr) -> Self {
        let front = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a port");
        let back = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a port");
        back.connect(server).await.expect("loopback");
        let address = front.local_addr().expect("bound");
        let task = tokio::spawn(async move {
            let (mut up, mut down) = ([0; 2048], [0; 2048]);
            let mut client = None;
            loop {
                tokio::select! {
                    Ok((length, from)) = front.recv_from(&mut up) => {
                        client = Some(from);
                        back.send(&up[..length]).await.expect("loopback");
                    }
                    Ok(length) = back.recv(&mut down) => if let Some(client) = client {
                        front.send_to(&down[..length], client).await.expect("loopback");
                    },
                    else => return,
                }
            }
        });
        Self { address, task }
    }
}
