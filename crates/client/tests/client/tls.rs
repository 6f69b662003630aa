//! Certificates and handshakes (spec/webhooks.md 1.6).

use std::net::{IpAddr, Ipv4Addr};
use std::sync::{Arc, Mutex};

use client::{Certificates, Client, SettingsError};
use exchange::webhooks::guard::Profile;
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, date_time_ymd};
use rustls::ServerConfig;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;

use crate::support::*;

const NAME: &str = "app.example";

struct Authority {
    pem: String,
    issuer: Issuer<'static, KeyPair>,
}

fn authority() -> Authority {
    let mut params = CertificateParams::new(Vec::new()).expect("no names");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().expect("a key");
    let certificate = params.self_signed(&key).expect("signed");
    Authority { pem: certificate.pem(), issuer: Issuer::new(params, key) }
}

type Identity = (CertificateDer<'static>, PrivateKeyDer<'static>);

fn issue(authority: &Authority, params: CertificateParams) -> Identity {
    let key = KeyPair::generate().expect("a key");
    let certificate = params.signed_by(&key, &authority.issuer).expect("signed");
    (certificate.der().clone(), PrivateKeyDer::try_from(key.serialize_der()).expect("a key"))
}

fn named(name: &str) -> CertificateParams {
    CertificateParams::new(vec![name.to_owned()]).expect("a name")
}

fn config((certificate, key): Identity) -> Arc<ServerConfig> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions");
    Arc::new(builder.with_no_client_auth().with_single_cert(vec![certificate], key).expect("good"))
}

/// A client that knows [`NAME`] and trusts these authorities.
fn client_trusting(pems: &[&str]) -> Client {
    let mut settings = settings(Profile::Local);
    settings.hosts.push((NAME.to_owned(), IpAddr::V4(Ipv4Addr::LOCALHOST)));
    settings.trust = pems.iter().map(|pem| pem.as_bytes().to_vec()).collect();
    Client::new(settings).expect("good settings")
}

fn url(server: &Server) -> String {
    format!("https://{NAME}:{}/x#rc=0", server.address.port())
}

#[tokio::test]
async fn a_trusted_authority_makes_a_connection_that_serves_again() {
    let authority = authority();
    let server = Server::start_tls(config(issue(&authority, named(NAME))), |_, _| ok("safe")).await;
    let client = client_trusting(&[&authority.pem]);
    for _ in 0..3 {
        assert_eq!(body(&post(&client, &url(&server)).await), "safe");
    }
    assert_eq!(server.connections(), 1);
    let seen = &server.seen()[0];
    seen.assert_signed_for(&format!("https://{NAME}:{}", server.address.port()));
}

#[tokio::test]
async fn each_bad_certificate_has_its_code_unless_validation_is_off() {
    let ours = authority();
    let mut expired = named(NAME);
    expired.not_before = date_time_ymd(2000, 1, 1);
    expired.not_after = date_time_ymd(2001, 1, 1);
    let mut early = named(NAME);
    early.not_before = date_time_ymd(2090, 1, 1);
    early.not_after = date_time_ymd(2091, 1, 1);
    let own_key = KeyPair::generate().expect("a key");
    let own = named(NAME).self_signed(&own_key).expect("signed");
    let own = (own.der().clone(), PrivateKeyDer::try_from(own_key.serialize_der()).expect("a key"));
    for (what, identity, code) in [
        ("wrong name", issue(&ours, named("other.example")), 11235),
        ("expired", issue(&ours, expired), 11236),
        ("not yet valid", issue(&ours, early), 11236),
        ("self-signed", own, 11237),
        ("unknown authority", issue(&authority(), named(NAME)), 11237),
    ] {
        let server = Server::start_tls(config(identity), |_, _| ok("careless")).await;
        let client = client_trusting(&[&ours.pem]);
        let outcome = post(&client, &url(&server)).await;
        assert_eq!(failure(&outcome).code(), code, "{what}: {}", failure(&outcome));
        assert!(server.seen().is_empty(), "{what}: nothing is sent");
        let sending = Sending { certificates: Certificates::AcceptAny, ..Sending::default() };
        assert_eq!(body(&sending.to(&client, &url(&server)).await), "careless", "{what}");
        // The careless connection waits now, but not for careful requests.
        assert_eq!(failure(&post(&client, &url(&server)).await).code(), code, "{what}");
    }
}

#[tokio::test]
async fn a_bad_certificate_counts_as_a_failed_connection() {
    let server = Server::start_tls(config(issue(&authority(), named(NAME))), |_, _| ok("")).await;
    let outcome = post(&client_trusting(&[]), &url(&server).replace("#rc=0", "")).await;
    assert_eq!(failure(&outcome).code(), 11237);
    assert_eq!(outcome.attempts.len(), 2, "one retry by default");
}

#[tokio::test]
async fn plain_http_on_a_tls_port_and_the_reverse_are_11206() {
    let plain = Server::start(|_, _| ok("")).await;
    // A TLS hello is no request that the script would see; any first bytes are answered.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("bound");
    tokio::spawn(async move {
        use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = stream.read(&mut [0; 1024]).await;
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
        }
    });
    let outcome = post(&client(), &format!("https://{address}/#rc=0")).await;
    assert_eq!(failure(&outcome).code(), 11206, "{}", failure(&outcome));
    drop(plain);
    let authority = authority();
    let tls = Server::start_tls(config(issue(&authority, named(NAME))), |_, _| ok("")).await;
    let outcome = post(&client(), &format!("http://{}/#rc=0", tls.address)).await;
    assert!([11205, 11206].contains(&failure(&outcome).code()), "{}", failure(&outcome));
}

#[tokio::test]
async fn a_handshake_that_breaks_or_stalls_is_11220() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("bound");
    tokio::spawn(async move {
        let (first, _) = listener.accept().await.expect("a connection");
        drop(first);
        let mut held = Vec::new();
        while let Ok((stream, _)) = listener.accept().await {
            held.push(stream);
        }
    });
    for what in ["reset", "stall"] {
        let outcome = post(&client(), &format!("https://{address}/#rc=0&rt=150")).await;
        assert_eq!(failure(&outcome).code(), 11220, "{what}: {}", failure(&outcome));
    }
}

#[tokio::test]
async fn a_server_that_wants_our_certificate_is_11220() {
    let ours = authority();
    let (certificate, key) = issue(&ours, named(NAME));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut roots = rustls::RootCertStore::empty();
    roots.add(certificate.clone()).expect("a certificate");
    let wants = rustls::server::WebPkiClientVerifier::builder_with_provider(
        Arc::new(roots),
        Arc::clone(&provider),
    );
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_client_cert_verifier(wants.build().expect("a verifier"))
        .with_single_cert(vec![certificate], key)
        .expect("good");
    let server = Server::start_tls(Arc::new(config), |_, _| ok("")).await;
    let outcome = post(&client_trusting(&[&ours.pem]), &url(&server)).await;
    assert_eq!(failure(&outcome).code(), 11220, "{}", failure(&outcome));
}

/// Notes the server name of each hello.
#[derive(Debug)]
struct Names {
    key: Arc<CertifiedKey>,
    heard: Arc<Mutex<Vec<Option<String>>>>,
}

impl ResolvesServerCert for Names {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let name = hello.server_name().map(str::to_owned);
        self.heard.lock().expect("no test panics with it").push(name);
        Some(Arc::clone(&self.key))
    }
}

#[tokio::test]
async fn sni_can_be_switched_off_by_the_url() {
    let authority = authority();
    let (certificate, key) = issue(&authority, named(NAME));
    let provider = rustls::crypto::ring::default_provider();
    let key = CertifiedKey::from_der(vec![certificate], key, &provider).expect("good");
    let heard: Arc<Mutex<Vec<Option<String>>>> = Arc::default();
    let names = Names { key: Arc::new(key), heard: Arc::clone(&heard) };
    let config = ServerConfig::builder_with_provider(Arc::new(provider))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_cert_resolver(Arc::new(names));
    let server = Server::start_tls(Arc::new(config), |_, _| ok("")).await;
    let client = client_trusting(&[&authority.pem]);
    for fragment in ["", "#sni=n", "#sni=y"] {
        let url = format!("https://{NAME}:{}/{fragment}", server.address.port());
        post(&client, &url).await.result.expect(fragment);
    }
    let heard = heard.lock().expect("no test panics with it").clone();
    assert_eq!(heard, [Some(NAME.to_owned()), None], "the third request reuses the first's");
}

#[tokio::test]
async fn a_trust_file_without_certificates_is_refused() {
    for content in
        ["", "nonsense", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"]
    {
        let mut settings = settings(Profile::Local);
        settings.trust = vec![authority().pem.into_bytes(), content.as_bytes().to_vec()];
        let error = Client::new(settings).expect_err("refused");
        assert!(matches!(error, SettingsError::Trust { number: 2, .. }), "{error}");
    }
}
