//! The QUIC endpoint: its limits, admission, and shutdown.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use quinn::crypto::rustls::QuicServerConfig;
use quinn::{Endpoint, EndpointConfig, Incoming, ServerConfig, TransportConfig, VarInt};
use quinn_proto::HashedConnectionIdGenerator;
use rustls::crypto::ring;
use tokio::sync::Semaphore;
use tokio::time::timeout;
use watchtogether_protocol::close::CloseCode;
use watchtogether_protocol::message::room::ClosingReason;
use watchtogether_protocol::version;

use super::admission::HeldResource;
use super::connection;
use super::end::close;
use super::services::Services;
use super::socket;
use super::tls::Identity;
use crate::limits::{ConnectionLimits, Limits};

/// The shortest time between two stateless resets. After a restart, all previous clients send packets within a second; with
/// quinn's default of twenty milliseconds, the last of five hundred would wait for ten seconds. Packets that are read together
/// are answered at the same instant, so any interval above zero allows only one reset per batch. A reset is shorter than the
/// packet that it answers, so it cannot be used for amplification.
const RESET_INTERVAL: Duration = Duration::ZERO;

/// Opens the endpoint.
pub(crate) fn open(listen: SocketAddr, identity: Identity, limits: &Limits) -> io::Result<Endpoint> {
    let mut reset_key = EndpointConfig::new(Arc::new(ring_hmac(&identity.reset_key)));
    let connection_id_key = identity.connection_id_key;
    reset_key.cid_generator(move || Box::new(HashedConnectionIdGenerator::from_key(connection_id_key)));
    reset_key.min_reset_interval(RESET_INTERVAL);
    let socket = socket::bind(listen)?;
    let runtime = quinn::default_runtime().ok_or_else(|| io::Error::other("no runtime"))?;
    Endpoint::new(reset_key, Some(server_config(identity, limits)), socket, runtime)
}

/// Accepts connections until `end` gives a reason, then notifies all clients and waits until they have received the message.
pub(crate) async fn serve(endpoint: Endpoint, services: Services, end: impl Future<Output = ClosingReason>) {
    let drain = services.limits.connections.drain;
    let handshakes = Arc::new(Semaphore::new(services.limits.server.handshakes));
    let mut end = std::pin::pin!(end);
    let reason = loop {
        tokio::select! {
            reason = &mut end => break reason,
            incoming = endpoint.accept() => match incoming {
                Some(incoming) => admit(incoming, &handshakes, &services),
                None => break ClosingReason::ServerEnds,
            },
        }
    };
    endpoint.set_server_config(None);
    services.registry.close_all(reason);
    if timeout(drain / 2, endpoint.wait_idle()).await.is_err() {
        tracing::warn!("some clients did not receive the closing message in time");
        let code = CloseCode::of(reason);
        endpoint.close(VarInt::from_u32(code.as_u32()), code.code().as_bytes());
        if timeout(drain / 2, endpoint.wait_idle()).await.is_err() {
            tracing::warn!("some clients did not confirm the close in time");
        }
    }
}

/// Accepts a connection, makes its address prove itself, or ignores it, depending on the load in total and from that address.
/// Being ignored is not a refusal: a normal client sends its packet again, and gets in once others are done.
fn admit(incoming: Incoming, handshakes: &Arc<Semaphore>, services: &Services) {
    let (address, now) = (incoming.remote_address().ip(), services.clock.now());
    let admission = &services.admission;
    let limits = &services.limits.server;
    let under_way = limits.handshakes.saturating_sub(handshakes.available_permits());
    let is_proven = incoming.remote_address_validated();
    if !is_proven && (under_way >= limits.handshakes_before_retry || admission.must_prove(address, now)) {
        if under_way >= limits.handshakes {
            return incoming.ignore();
        }
        if incoming.retry().is_err() {
            tracing::debug!("a client that must prove its address sent no proof");
        }
        return;
    }
    let held = if is_proven {
        HeldResource::ProvenHandshake
    } else {
        HeldResource::UnprovenHandshake
    };
    let permit = Arc::clone(handshakes).try_acquire_owned().ok();
    let Some(handshake) = permit.zip(admission.count(held, address)) else {
        return incoming.ignore();
    };
    if is_proven && !admission.connect(address, now) {
        return incoming.ignore();
    }
    let services = services.clone();
    tokio::spawn(async move {
        let connecting = timeout(services.limits.connections.handshake, incoming);
        let connection = match connecting.await {
            Ok(Ok(connection)) => connection,
            Ok(Err(error)) => return tracing::debug!(%error, "a handshake failed"),
            Err(_elapsed) => return tracing::debug!("a handshake took too long"),
        };
        drop(handshake);
        if !is_proven {
            // Only now is the address proven; before that, anybody could have used up somebody else's share. The connection
            // exists already, so exceeding the budget affects the next ones.
            services.admission.connect(address, services.clock.now());
        }
        match services.admission.count(HeldResource::Connection, address) {
            Some(counted) => {
                connection::run(connection, services).await;
                drop(counted);
            }
            None => close(&connection, CloseCode::Busy),
        }
    });
}

fn server_config(identity: Identity, limits: &Limits) -> ServerConfig {
    let mut tls = rustls::ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_protocol_versions(&[&rustls::version::TLS13])
        .expect("ring speaks TLS 1.3")
        .with_no_client_auth()
        .with_single_cert(vec![identity.certificate], identity.key)
        .expect("the certificate was made from the key");
    tls.alpn_protocols = vec![version::ALPN.to_vec()];
    // Early data can be replayed, and no member's action may be carried out twice.
    tls.max_early_data_size = 0;
    tls.send_tls13_tickets = 0;
    let crypto = QuicServerConfig::try_from(tls).expect("ring has the cipher suite that QUIC begins with");
    let mut config = ServerConfig::with_crypto(Arc::new(crypto));
    config
        .transport_config(Arc::new(transport_config(&limits.connections)))
        .max_incoming(limits.server.incoming)
        .incoming_buffer_size(limits.server.incoming_buffer.0.into())
        .incoming_buffer_size_total(limits.server.incoming_buffer_total.0.into())
        .migration(true);
    config
}

fn transport_config(limits: &ConnectionLimits) -> TransportConfig {
    let mut config = TransportConfig::default();
    config
        .max_idle_timeout(Some(
            limits.idle.try_into().expect("12 s and less fit QUIC's integer"),
        ))
        .max_concurrent_bidi_streams(VarInt::from_u32(4))
        .max_concurrent_uni_streams(VarInt::from_u32(0))
        .stream_receive_window(VarInt::from_u32(limits.stream_window.0))
        .receive_window(VarInt::from_u32(limits.window.0))
        .send_window(limits.send_window.0.into())
        .datagram_receive_buffer_size(Some(limits.datagram_buffer.bytes()))
        .datagram_send_buffer_size(limits.datagram_buffer.bytes())
        .mtu_discovery_config(None);
    config
}

/// Returns the key that stateless resets are signed with.
fn ring_hmac(key: &[u8; 32]) -> ::ring::hmac::Key {
    ::ring::hmac::Key::new(::ring::hmac::HMAC_SHA256, key)
}
