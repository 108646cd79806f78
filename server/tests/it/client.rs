//! A small client that sends the protocol's frames, and other bytes if a test wants it to.

use std::collections::VecDeque;
use std::net::Ipv4Addr;
use std::sync::Arc;

use quinn::crypto::rustls::QuicClientConfig;
use quinn::{
    ClientConfig, Connection, ConnectionError, Endpoint, RecvStream, SendDatagramError, SendStream,
    TransportConfig,
};
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, DigitallySignedStruct, Error, SignatureScheme};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;
use watchtogether_protocol::close::CloseCode;
use watchtogether_protocol::datagram::{ClientDatagram, ServerDatagram};
use watchtogether_protocol::frame::FrameReader;
use watchtogether_protocol::message::chat::{ChatLine, SendChat};
use watchtogether_protocol::message::clock::{ClockPing, ClockPong, Telemetry};
use watchtogether_protocol::message::playback::StallPolicy;
use watchtogether_protocol::message::room::{Access, CreateRoom, Entered, Hello, JoinRoom, Refused, Resume};
use watchtogether_protocol::message::roster::Member;
use watchtogether_protocol::message::settings::RoomSettings;
use watchtogether_protocol::{
    ChatId, Clean, ClientMessage, LocalTime, Pin, Rate, Revision, RoomName, ServerMessage, limits, version,
};

use crate::test_server::{TestServer, within};

/// A connection with its control stream.
pub(crate) struct Client {
    pub(crate) connection: Connection,
    pub(crate) to_server: SendStream,
    from_server: RecvStream,
    frames: FrameReader,
    arrived: VecDeque<ServerMessage>,
    // A connection needs its endpoint to make progress.
    _endpoint: Endpoint,
}

impl Client {
    /// Connects and opens the stream without sending anything.
    pub(crate) async fn connect(server: &TestServer) -> Self {
        Self::connect_with(server, TransportConfig::default()).await
    }

    pub(crate) async fn connect_with(server: &TestServer, transport: TransportConfig) -> Self {
        Self::on(dial(server, version::ALPN, transport).await).await
    }

    /// Connects from another address of this machine and sends a hello.
    pub(crate) async fn greet_from(server: &TestServer, address: Ipv4Addr, name: &str) -> Self {
        let mut client = Self::connect_from(server, address).await;
        client.say_hello(name).await;
        client
    }

    /// Connects from another address of this machine and opens the stream.
    pub(crate) async fn connect_from(server: &TestServer, address: Ipv4Addr) -> Self {
        Self::on(dial_from(server, address, version::ALPN, TransportConfig::default()).await).await
    }

    async fn on((endpoint, connection): (Endpoint, Result<Connection, ConnectionError>)) -> Self {
        let connection = connection.expect("the server lets everybody to its door");
        let (to_server, from_server) = within(connection.open_bi()).await.expect("a stream");
        Self {
            connection,
            to_server,
            from_server,
            frames: FrameReader::new(limits::SERVER_FRAME_BYTES),
            arrived: VecDeque::new(),
            _endpoint: endpoint,
        }
    }

    /// Connects and sends a hello.
    pub(crate) async fn greet(server: &TestServer, name: &str) -> Self {
        let mut client = Self::connect(server).await;
        client.say_hello(name).await;
        client
    }

    /// Opens a room that everybody may enter.
    pub(crate) async fn create(server: &TestServer, name: &str, room: &str) -> (Self, Entered) {
        let mut client = Self::greet(server, name).await;
        let entered = client.open_room(room, Access::Open).await;
        (client, entered)
    }

    /// Enters an open room.
    pub(crate) async fn join(server: &TestServer, name: &str, room: &str) -> (Self, Entered) {
        let mut client = Self::greet(server, name).await;
        client.send(join(room)).await;
        let entered = client.entered().await;
        (client, entered)
    }

    pub(crate) async fn say_hello(&mut self, name: &str) {
        self.send(hello(name)).await;
        let answer = self.next().await;
        assert!(matches!(answer, ServerMessage::Welcome(_)), "{answer:?}");
    }

    pub(crate) async fn open_room(&mut self, room: &str, access: Access) -> Entered {
        self.send(create(room, access)).await;
        self.entered().await
    }

    /// Takes back a seat, with the token that a previous connection received.
    pub(crate) async fn resume(&mut self, before: &Entered, last_chat: u64) {
        let resume = Resume {
            token: before.token,
            epoch: before.room.state.timeline.epoch,
            last_chat,
        };
        self.send(ClientMessage::Resume(resume)).await;
    }

    pub(crate) async fn chat(&mut self, id: u128, text: &str) {
        self.send(chat(id, text)).await;
    }

    pub(crate) async fn send(&mut self, message: ClientMessage) {
        self.send_bytes(&message.to_frame()).await;
    }

    /// Sends to a server that may be gone; returns whether it still seems to be there.
    pub(crate) async fn try_send(&mut self, message: ClientMessage) -> bool {
        within(self.to_server.write_all(&message.to_frame()))
            .await
            .is_ok()
    }

    pub(crate) async fn send_bytes(&mut self, bytes: &[u8]) {
        within(self.to_server.write_all(bytes))
            .await
            .expect("the server reads");
    }

    /// Returns the next message.
    pub(crate) async fn next(&mut self) -> ServerMessage {
        within(self.try_next()).await.expect("a message, not the end")
    }

    /// Returns the next message, or `None` if the stream has ended.
    pub(crate) async fn try_next(&mut self) -> Option<ServerMessage> {
        loop {
            if let Some(message) = self.arrived.pop_front() {
                return Some(message);
            }
            let chunk = self.from_server.read_chunk(64 * 1024, true).await.ok()??;
            self.frames.push(&chunk.bytes);
            while let Some(frame) = self.frames.next_frame().expect("frames within the limit") {
                let message = ServerMessage::from_frame(&frame).expect("a message of ours");
                self.arrived.extend(message);
            }
        }
    }

    /// Skips messages up to the expected one, and returns the wanted part of it.
    pub(crate) async fn wait_for<T>(&mut self, wanted: impl Fn(ServerMessage) -> Option<T>) -> T {
        loop {
            if let Some(found) = wanted(self.next().await) {
                return found;
            }
        }
    }

    /// Waits until a member in this state is announced, whether alone or among others.
    pub(crate) async fn member_seen(&mut self, is_meant: impl Fn(&Member) -> bool) {
        self.wait_for(|message| {
            let members = if let ServerMessage::UserJoined(joined) = message {
                vec![joined.member]
            } else if let ServerMessage::UserChanged(changed) = message {
                vec![changed.member]
            } else if let ServerMessage::RosterChanged(changed) = message {
                changed.members
            } else {
                Vec::new()
            };
            members.iter().any(&is_meant).then_some(())
        })
        .await;
    }

    /// Returns the answer to a request for a seat that is granted.
    pub(crate) async fn entered(&mut self) -> Entered {
        let answer = self.next().await;
        if let ServerMessage::RoomCreated(entered) | ServerMessage::RoomJoined(entered) = answer {
            return entered;
        }
        panic!("a seat, not {answer:?}")
    }

    /// Returns the answer to a request for a seat.
    pub(crate) async fn entered_or_refused(&mut self) -> Result<Entered, Refused> {
        self.wait_for(|message| {
            if let ServerMessage::RoomCreated(entered) | ServerMessage::RoomJoined(entered) = message {
                Some(Ok(entered))
            } else if let ServerMessage::Refused(refused) = message {
                Some(Err(refused))
            } else {
                None
            }
        })
        .await
    }

    /// Returns the answer to a request that is refused.
    pub(crate) async fn refused(&mut self) -> Refused {
        self.wait_for(|message| {
            if let ServerMessage::Refused(refused) = message {
                Some(refused)
            } else {
                None
            }
        })
        .await
    }

    /// Returns the next line of chat.
    pub(crate) async fn line(&mut self) -> ChatLine {
        self.wait_for(|message| {
            if let ServerMessage::Chat(line) = message {
                Some(line)
            } else {
                None
            }
        })
        .await
    }

    /// Waits until the chat is saved up to a line.
    pub(crate) async fn saved(&mut self, line: u64) {
        self.wait_for(|message| {
            if let ServerMessage::Saved(saved) = message {
                (saved.chat >= line && !saved.is_failing).then_some(())
            } else {
                None
            }
        })
        .await;
    }

    /// Makes one clock exchange.
    pub(crate) async fn ping(&self, sequence: u32, revision: Revision) -> ClockPong {
        self.send_ping(sequence, revision);
        loop {
            if let ServerDatagram::Pong(pong) = self.datagram().await {
                return pong;
            }
        }
    }

    /// Sends a ping to a server that may have closed the connection.
    pub(crate) fn send_ping(&self, sequence: u32, revision: Revision) {
        let ping = ClockPing {
            sequence,
            sent: LocalTime::from_millis(77),
            revision,
            telemetry: Telemetry::default(),
        };
        let sent = self.connection.send_datagram(ClientDatagram::ping(&ping));
        assert!(
            matches!(sent, Ok(()) | Err(SendDatagramError::ConnectionLost(_))),
            "{sent:?}"
        );
    }

    /// Waits for the next datagram.
    pub(crate) async fn datagram(&self) -> ServerDatagram {
        let bytes = within(self.connection.read_datagram()).await.expect("a datagram");
        let datagram = ServerDatagram::from_bytes(&bytes).expect("a readable datagram");
        datagram.expect("a datagram of this version")
    }

    /// Waits until the server closes the connection, and returns the close code.
    pub(crate) async fn closed(&self) -> CloseCode {
        let end = within(self.connection.closed()).await;
        let ConnectionError::ApplicationClosed(close) = end else {
            panic!("closed by the server, not {end}");
        };
        CloseCode::from_u64(close.error_code.into_inner()).expect("a code of ours")
    }

    /// Ends the connection without a message to the room. Once the server notices, it looks like a crash or a cut.
    pub(crate) fn vanish(self) {
        self.connection.close(u32::MAX.into(), b"");
    }
}

/// Connects with a given protocol version.
pub(crate) async fn dial(
    server: &TestServer,
    alpn: &[u8],
    transport: TransportConfig,
) -> (Endpoint, Result<Connection, ConnectionError>) {
    dial_from(server, Ipv4Addr::LOCALHOST, alpn, transport).await
}

pub(crate) async fn dial_from(
    server: &TestServer,
    address: Ipv4Addr,
    alpn: &[u8],
    transport: TransportConfig,
) -> (Endpoint, Result<Connection, ConnectionError>) {
    let endpoint = Endpoint::client((address, 0).into()).expect("a free port");
    let mut config = client_config(server.pin, alpn);
    config.transport_config(Arc::new(transport));
    let connecting = endpoint
        .connect_with(config, server.address, "server.invalid")
        .expect("an address that can be dialled");
    let connection = within(connecting).await;
    (endpoint, connection)
}

/// Returns the configuration of a client that trusts the server with this pin.
pub(crate) fn client_config(pin: Pin, alpn: &[u8]) -> ClientConfig {
    ClientConfig::new(Arc::new(tls(pin, alpn)))
}

pub(crate) fn hello(name: &str) -> ClientMessage {
    ClientMessage::Hello(Hello {
        name: name.parse().expect("a name"),
        avatar: None,
        software: Clean::line("test"),
        owner: None,
    })
}

pub(crate) fn create(room: &str, access: Access) -> ClientMessage {
    ClientMessage::CreateRoom(CreateRoom {
        room: Some(room_name(room)),
        access,
        settings: RoomSettings::new(StallPolicy::Wait),
        rate: Rate::NORMAL,
        invite: None,
    })
}

pub(crate) fn join(room: &str) -> ClientMessage {
    ClientMessage::JoinRoom(JoinRoom {
        room: room_name(room),
        token: None,
        password: None,
    })
}

pub(crate) fn chat(id: u128, text: &str) -> ClientMessage {
    ClientMessage::Chat(SendChat {
        id: ChatId(uuid(id)),
        text: Clean::text(text),
        position: None,
    })
}

pub(crate) const fn uuid(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

pub(crate) fn room_name(name: &str) -> RoomName {
    name.parse().expect("a room's name")
}

fn tls(pin: Pin, alpn: &[u8]) -> QuicClientConfig {
    let provider = Arc::new(ring::default_provider());
    let verifier = Pinned {
        pin,
        provider: Arc::clone(&provider),
    };
    let mut config = rustls::ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13])
        .expect("ring speaks TLS 1.3")
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth();
    config.alpn_protocols = vec![alpn.to_vec()];
    config.try_into().expect("a suite for QUIC")
}

/// Trusts the server whose key has this pin.
#[derive(Debug)]
struct Pinned {
    pin: Pin,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Pinned {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _name: &ServerName<'_>,
        _ocsp: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let key = ParsedCertificate::try_from(certificate)?.subject_public_key_info();
        if Sha256::digest(&key).starts_with(self.pin.as_bytes()) {
            Ok(ServerCertVerified::assertion())
        } else {
            Err(CertificateError::ApplicationVerificationFailure.into())
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signature, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signature, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider
            .signature_verification_algorithms
            .supported_schemes()
    }
}
