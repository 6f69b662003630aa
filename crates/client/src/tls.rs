//! TLS towards customers: whom to trust, and what a failed handshake means to Twilio.
//!
//! Built once per client. Mozilla's authorities and the operator's own (`--trust`) are trusted;
//! an account can switch verification off, and a URL the server name (`#sni=n`), which makes four
//! configurations, each with its own session cache.
//! Contract: spec/webhooks.md 1.6 (TLS 1.2 or newer, codes 11220 and 11235-11237).

use std::error::Error;
use std::io;
use std::sync::Arc;

use exchange::webhooks::failure::Failure;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, InvalidMessage, RootCertStore,
    SignatureScheme,
};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::request::Certificates;
use crate::settings::SettingsError;

/// Certificates read from one `--trust` file.
const TRUST_CERTIFICATES_MAX: usize = 1000;
/// Causes followed from one error.
const SOURCES_MAX: usize = 8;

/// How to speak TLS with one place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Mode {
    pub(crate) certificates: Certificates,
    pub(crate) sni: bool,
}

pub(crate) struct Tls {
    verifying: Pair,
    accepting: Pair,
}

struct Pair {
    with_sni: TlsConnector,
    without_sni: TlsConnector,
}

impl Tls {
    pub(crate) fn new(trust: &[Vec<u8>]) -> Result<Tls, SettingsError> {
        let provider = Arc::new(ring::default_provider());
        let builder = || {
            ClientConfig::builder_with_provider(Arc::clone(&provider))
                .with_safe_default_protocol_versions()
                .map_err(|error| SettingsError::Tls(error.to_string()))
        };
        let verifying = builder()?.with_root_certificates(roots(trust)?).with_no_client_auth();
        let any = Arc::new(AnyCertificate { provider: Arc::clone(&provider) });
        let accepting =
            builder()?.dangerous().with_custom_certificate_verifier(any).with_no_client_auth();
        Ok(Tls { verifying: Pair::new(verifying), accepting: Pair::new(accepting) })
    }

    /// Shakes hands on a fresh connection to `host`.
    pub(crate) async fn connect(
        &self,
        mode: Mode,
        host: &str,
        stream: TcpStream,
    ) -> Result<Box<TlsStream<TcpStream>>, Failure> {
        let host = host.trim_end_matches('.');
        let Ok(name) = ServerName::try_from(host.to_owned()) else {
            return Err(Failure::CertificateName(format!("no certificate can be for {host}")));
        };
        let pair = match mode.certificates {
            Certificates::Verify => &self.verifying,
            Certificates::AcceptAny => &self.accepting,
        };
        let connector = if mode.sni { &pair.with_sni } else { &pair.without_sni };
        match connector.connect(name, stream).await {
            Ok(stream) => Ok(Box::new(stream)),
            Err(error) => {
                Err(within(&error).unwrap_or_else(|| Failure::TlsHandshake(describe(&error))))
            }
        }
    }
}

impl Pair {
    fn new(mut config: ClientConfig) -> Pair {
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        let mut without_sni = config.clone();
        without_sni.enable_sni = false;
        without_sni.resumption = rustls::client::Resumption::default();
        Pair {
            with_sni: TlsConnector::from(Arc::new(config)),
            without_sni: TlsConnector::from(Arc::new(without_sni)),
        }
    }
}

fn roots(trust: &[Vec<u8>]) -> Result<RootCertStore, SettingsError> {
    let mut roots = RootCertStore::empty();
    roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    for (at, pem) in trust.iter().enumerate() {
        let number = at + 1;
        let bad = |why: String| SettingsError::Trust { number, why };
        let mut found = false;
        for certificate in CertificateDer::pem_slice_iter(pem).take(TRUST_CERTIFICATES_MAX) {
            let certificate = certificate.map_err(|error| bad(error.to_string()))?;
            roots.add(certificate).map_err(|error| bad(error.to_string()))?;
            found = true;
        }
        if !found {
            return Err(bad("there is no certificate in it".to_owned()));
        }
    }
    Ok(roots)
}

/// For accounts that switched certificate validation off. The handshake itself still has to be
/// signed with the certificate's key.
#[derive(Debug)]
struct AnyCertificate {
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for AnyCertificate {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        rustls::crypto::verify_tls12_signature(message, certificate, signed, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        rustls::crypto::verify_tls13_signature(message, certificate, signed, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

/// An error and its causes, outermost first. What an `io::Error` wraps counts as its cause.
pub(crate) fn sources<'e>(
    error: &'e (dyn Error + 'static),
) -> impl Iterator<Item = &'e (dyn Error + 'static)> {
    std::iter::successors(Some(error), |error| cause(*error)).take(SOURCES_MAX)
}

fn cause<'e>(error: &'e (dyn Error + 'static)) -> Option<&'e (dyn Error + 'static)> {
    let wrapped = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
    match wrapped {
        Some(wrapped) => Some(wrapped),
        None => error.source(),
    }
}

/// An error with its causes, as one text.
pub(crate) fn describe(error: &(dyn Error + 'static)) -> String {
    let mut text = String::new();
    for cause in sources(error) {
        let words = cause.to_string();
        if text.ends_with(&words) {
            continue;
        }
        if !text.is_empty() {
            text.push_str(": ");
        }
        text.push_str(&words);
    }
    text
}

/// What the TLS library complained about, if it did.
pub(crate) fn within(error: &(dyn Error + 'static)) -> Option<Failure> {
    let error = sources(error).find_map(|error| error.downcast_ref::<rustls::Error>())?;
    let text = error.to_string();
    Some(match error {
        rustls::Error::InvalidCertificate(certificate) => match certificate {
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                Failure::CertificateName(text)
            }
            CertificateError::Expired
            | CertificateError::ExpiredContext { .. }
            | CertificateError::NotValidYet
            | CertificateError::NotValidYetContext { .. } => Failure::CertificateExpired(text),
            _ => Failure::CertificatePath(text),
        },
        rustls::Error::InvalidMessage(InvalidMessage::InvalidContentType) => Failure::PlainOnTls,
        _ => Failure::TlsHandshake(text),
    })
}
