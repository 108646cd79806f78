//! Identifies a server by its key, whatever its certificate says.
//!
//! The pin is the hash of the public key (SPKI), so a renewed certificate keeps it. Names, issuers and dates in the certificate
//! are ignored: clocks may be wrong, and the pin is stronger. The server proves that it has the key with its signature over the
//! handshake, which is always verified.

use std::sync::{Arc, OnceLock};

use quinn::crypto::rustls::QuicClientConfig;
use rustls::client::Resumption;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, DigitallySignedStruct, Error, PeerIncompatible, SignatureScheme};
use sha2::{Digest as _, Sha256};
use watchtogether_protocol::{Pin, version};

/// Accepts the server that presents a certain key, or any key, and records which it was.
#[derive(Debug)]
pub(super) struct PinVerifier {
    expected: Option<Pin>,
    shown: OnceLock<Pin>,
    provider: Arc<CryptoProvider>,
}

impl PinVerifier {
    /// Returns a verifier for a key; without one, any key is accepted.
    pub(super) fn new(expected: Option<Pin>) -> Arc<Self> {
        Arc::new(Self {
            expected,
            shown: OnceLock::new(),
            provider: Arc::new(ring::default_provider()),
        })
    }

    /// Returns the TLS configuration of a QUIC client that trusts servers by this verifier.
    pub(super) fn client_config(self: &Arc<Self>) -> QuicClientConfig {
        let mut config = rustls::ClientConfig::builder_with_provider(Arc::clone(&self.provider))
            .with_protocol_versions(&[&rustls::version::TLS13])
            .expect("ring speaks TLS 1.3")
            .dangerous()
            .with_custom_certificate_verifier(Arc::clone(self) as Arc<dyn ServerCertVerifier>)
            .with_no_client_auth();
        config.alpn_protocols = vec![version::ALPN.to_vec()];
        // A resumed session presents no certificate, and early data can be replayed.
        config.resumption = Resumption::disabled();
        config.enable_early_data = false;
        config
            .try_into()
            .expect("ring has the cipher suite that QUIC begins with")
    }

    /// Returns the key that the server presented, once it has.
    pub(super) fn shown(&self) -> Option<Pin> {
        self.shown.get().copied()
    }

    /// Returns the expected and the presented key if they differ.
    pub(super) fn mismatch(&self) -> Option<(Pin, Pin)> {
        let (expected, got) = (self.expected?, self.shown()?);
        (expected != got).then_some((expected, got))
    }
}

impl ServerCertVerifier for PinVerifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let pin = pin_of(end_entity)?;
        self.shown.get_or_init(|| pin);
        if self.expected.is_some_and(|expected| expected != pin) {
            return Err(CertificateError::ApplicationVerificationFailure.into());
        }
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _message: &[u8],
        _cert: &CertificateDer<'_>,
        _dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Err(PeerIncompatible::Tls12NotOfferedOrEnabled.into())
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(
            message,
            cert,
            dss,
            &self.provider.signature_verification_algorithms,
        )
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider
            .signature_verification_algorithms
            .supported_schemes()
    }
}

/// Returns the pin of a certificate's key.
fn pin_of(certificate: &CertificateDer<'_>) -> Result<Pin, Error> {
    let key = ParsedCertificate::try_from(certificate)?.subject_public_key_info();
    let hash = Sha256::digest(&key);
    let half = hash.first_chunk().expect("SHA-256 is longer than a pin");
    Ok(Pin::from_bytes(*half))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn certificate(key: &rcgen::KeyPair) -> CertificateDer<'static> {
        let params = rcgen::CertificateParams::new(vec!["any.name".to_owned()]).expect("a name");
        params.self_signed(key).expect("self-signed").der().clone()
    }

    #[test]
    fn a_renewed_certificate_keeps_its_pin_and_another_key_does_not() {
        for algorithm in [&rcgen::PKCS_ED25519, &rcgen::PKCS_ECDSA_P256_SHA256] {
            let key = rcgen::KeyPair::generate_for(algorithm).expect("a key");
            let other = rcgen::KeyPair::generate_for(algorithm).expect("a key");

            let pin = pin_of(&certificate(&key)).expect("a certificate");

            assert_eq!(pin_of(&certificate(&key)).expect("a certificate"), pin);
            assert_ne!(pin_of(&certificate(&other)).expect("a certificate"), pin);
        }
    }

    #[test]
    fn the_pin_is_half_the_hash_over_the_public_key() {
        use rcgen::PublicKeyData as _;
        let key = rcgen::KeyPair::generate_for(&rcgen::PKCS_ED25519).expect("a key");

        let hash = Sha256::digest(key.subject_public_key_info());

        let pin = pin_of(&certificate(&key)).expect("a certificate");
        assert_eq!(pin.as_bytes().as_slice(), &hash[..16]);
    }

    #[test]
    fn bytes_that_are_no_certificate_are_refused() {
        for bytes in [&b""[..], b"\x30\x82\xff\xff", &[0x30; 2000]] {
            assert!(pin_of(&CertificateDer::from(bytes)).is_err());
        }
    }
}
