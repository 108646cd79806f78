//! A server that implements enough of the protocol to give a seat, and is then controlled by a test.

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

use quinn::crypto::rustls::QuicServerConfig;
use quinn::{Connection, Endpoint, RecvStream, SendStream, ServerConfig};
use rustls::pki_types::PrivatePkcs8KeyDer;
use tokio::task::JoinHandle;
use tokio::time::{Instant, interval, timeout};
use watchtogether_protocol::close::CloseCode;
use watchtogether_protocol::datagram::{ClientDatagram, ServerDatagram};
use watchtogether_protocol::frame::FrameReader;
use watchtogether_protocol::item::{FileMatch, ItemSource};
use watchtogether_protocol::message::clock::ClockPong;
use watchtogether_protocol::message::playback::Awaited;
use watchtogether_protocol::message::playback::VideoStateChanged;
use watchtogether_protocol::message::room::{Entered, RoomSnapshot, Welcome};
use watchtogether_protocol::message::roster::{Avatar, Member, MemberLink, PlayerState, Report, Role};
use watchtogether_protocol::message::settings::RoomSettings;
use watchtogether_protocol::time::WallTime;
use watchtogether_protocol::timeline::Reason;
use watchtogether_protocol::{
    Cause, Clean, ClientMessage, Epoch, Item, ItemId, Length, MediaTime, MemberId, Playback, Rate, Revision,
    RoomId, ServerMessage, ServerTime, Timeline, Token, limits, version,
};

use crate::program::TIMEOUT;

/// The client's member id.
pub(super) const BO: MemberId = MemberId(2);

/// The host's member id; there is no such client.
pub(super) const ANA: MemberId = MemberId(1);

/// The interval at which portions of a flood are sent.
const TICK: Duration = Duration::from_millis(10);

/// A server with its own key at a free port.
pub(super) struct HostileServer {
    endpoint: Endpoint,
    began: Instant,
}

/// A client that has its seat.
pub(super) struct SeatedClient {
    connection: Connection,
    to_client: SendStream,
    from_client: RecvStream,
    pongs: JoinHandle<()>,
}

impl HostileServer {
    pub(super) fn open() -> Self {
        let key = rcgen::KeyPair::generate().expect("a key");
        let params = rcgen::CertificateParams::new(vec!["anything".to_owned()]).expect("a name");
        let certificate = params.self_signed(&key).expect("self-signed").der().clone();
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
        tls.alpn_protocols = vec![version::ALPN.to_vec()];
        let tls = QuicServerConfig::try_from(tls).expect("a suite for QUIC");
        let config = ServerConfig::with_crypto(Arc::new(tls));
        Self {
            endpoint: Endpoint::server(config, (Ipv4Addr::LOCALHOST, 0).into()).expect("a free port"),
            began: Instant::now(),
        }
    }

    /// Returns the invite for a client.
    pub(super) fn invite(&self) -> String {
        let address = self.endpoint.local_addr().expect("it is bound");
        format!("watchtogether://{address}/film")
    }

    /// Waits for a client and gives it its seat.
    pub(super) async fn seat(&self) -> SeatedClient {
        let seat = async {
            let connecting = self.endpoint.accept().await.expect("the endpoint is open");
            let connection = connecting.await.expect("a client of ours");
            let (mut to_client, mut from_client) = connection.accept_bi().await.expect("the control stream");
            let mut frames = FrameReader::new(limits::CLIENT_FRAME_BYTES);
            while let Some(message) = next_message(&mut from_client, &mut frames).await {
                let answer = if let ClientMessage::Hello(_) = message {
                    ServerMessage::Welcome(Welcome {
                        software: Clean::line("hostile"),
                        observed: Clean::line("192.0.2.1:1"),
                    })
                } else {
                    ServerMessage::RoomJoined(entered())
                };
                to_client.write_all(&answer.to_frame()).await.expect("it reads");
                if matches!(answer, ServerMessage::RoomJoined(_)) {
                    break;
                }
            }
            SeatedClient {
                pongs: tokio::spawn(answer_pings(connection.clone(), self.began)),
                connection,
                to_client,
                from_client,
            }
        };
        timeout(TIMEOUT, seat).await.expect("a client comes in time")
    }
}

impl SeatedClient {
    /// Sends `per_second` messages a second for some time, or until the client closes the connection; returns how many
    /// were sent.
    pub(super) async fn flood(
        &mut self,
        per_second: u64,
        time: Duration,
        mut message: impl FnMut(u64) -> ServerMessage,
    ) -> u64 {
        let begin = Instant::now();
        let mut ticks = interval(TICK);
        let mut sent = 0;
        while begin.elapsed() < time {
            ticks.tick().await;
            let due = u64::try_from(begin.elapsed().as_millis()).expect("a short time") * per_second / 1_000;
            let mut bytes = Vec::new();
            while sent < due {
                bytes.extend_from_slice(&message(sent).to_frame());
                sent += 1;
            }
            if self.to_client.write_all(&bytes).await.is_err() {
                break;
            }
        }
        sent
    }

    /// Waits for the client to send something from its seat, and closes the connection without an answer.
    pub(super) async fn drop_off(mut self) {
        let spoke = timeout(TIMEOUT, self.from_client.read_chunk(usize::MAX, true)).await;
        spoke.expect("it speaks in time").expect("it is there");
        self.connection.close(u32::MAX.into(), b"");
    }

    /// Waits until the client closes the connection; returns why it did.
    pub(super) async fn closed(&self) -> Option<CloseCode> {
        let end = timeout(TIMEOUT, self.connection.closed()).await;
        let quinn::ConnectionError::ApplicationClosed(close) = end.expect("it closes in time") else {
            return None;
        };
        CloseCode::from_u64(close.error_code.into_inner())
    }
}

impl Drop for SeatedClient {
    fn drop(&mut self) {
        self.pongs.abort();
    }
}

async fn next_message(stream: &mut RecvStream, frames: &mut FrameReader) -> Option<ClientMessage> {
    loop {
        if let Some(frame) = frames.next_frame().expect("within the limit") {
            return ClientMessage::from_frame(&frame).expect("readable");
        }
        let chunk = stream.read_chunk(usize::MAX, true).await.expect("it is there")?;
        frames.push(&chunk.bytes);
    }
}

/// Answers pings, since a client leaves a server that does not answer.
async fn answer_pings(connection: Connection, began: Instant) {
    while let Ok(bytes) = connection.read_datagram().await {
        let Ok(Some(ClientDatagram::Ping(ping))) = ClientDatagram::from_bytes(&bytes) else {
            continue;
        };
        let now = ServerTime::from_millis(u64::try_from(began.elapsed().as_millis()).expect("a short time"));
        let answer = ServerDatagram::pong(&ClockPong {
            sequence: ping.sequence,
            sent: ping.sent,
            received: now,
            answered: now,
            digest: Vec::new(),
        });
        drop(connection.send_datagram(answer));
    }
}

/// Returns a member without a client.
pub(super) fn member(id: MemberId, name: &str, role: Role) -> Member {
    let name = name.parse().expect("a name");
    Member {
        id,
        avatar: Avatar::of_name(&name),
        name,
        role,
        joined: WallTime(0),
        link: MemberLink::Up,
        report: Report {
            player: PlayerState::Following,
            file: FileMatch::Same,
        },
    }
}

/// Returns a timeline that changed.
pub(super) fn state(revision: u64, playback: Playback, reason: Reason) -> VideoStateChanged {
    VideoStateChanged {
        timeline: Timeline {
            epoch: Epoch {
                counter: 1,
                incarnation: 1,
            },
            revision: Revision(revision),
            item: ItemId(1),
            position: MediaTime::from_millis(10_000),
            at: ServerTime::from_millis(0),
            rate: Rate::NORMAL,
            playback,
            cause: Cause {
                who: Some(ANA),
                reason,
            },
        },
        waiting_for: Awaited::default(),
    }
}

/// Returns a film that does not exist.
pub(super) fn item(title: &str) -> Item {
    Item {
        title: Clean::line(title),
        length: Length::Of(MediaTime::from_millis(600_000)),
        source: ItemSource::File {
            size: 1_000,
            fingerprint: watchtogether_protocol::item::Fingerprint([7; 32]),
        },
    }
}

/// Returns a room of ana, the host, and bo, who gets this seat.
fn entered() -> Entered {
    Entered {
        you: BO,
        token: Token::from_bytes([7; 32]),
        invite: None,
        room: RoomSnapshot {
            id: RoomId(uuid::Uuid::from_u128(1)),
            name: "film".parse().expect("a room's name"),
            host: Some(ANA),
            members: vec![member(ANA, "ana", Role::Host), member(BO, "bo", Role::Viewer)],
            item: Some((ItemId(1), item("Film.mkv"))),
            state: state(1, Playback::Paused, Reason::Opened),
            settings: RoomSettings::default(),
            created: WallTime(0),
            last_active: WallTime(0),
        },
        chat: Vec::new(),
        chat_has_gap: false,
        now: ServerTime::from_millis(0),
        wall: WallTime(1_700_000_000_000),
        undoable: None,
        chat_after: 0,
        saved: None,
        is_owner: false,
    }
}
