//! The command line's HTTP client for the house: JSON answers over one kept connection.
//!
//! It speaks to the house's public APIs and to nothing else; customer URLs are the guarded
//! client's. Nobody answering is "no server"; a refusal is the server's own sentence.

use super::failure::Failure;
use super::server_address::{Found, Origin, ServerFlags, find};
use base64::Engine as _;
use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_TYPE, HOST, HeaderValue, USER_AGENT};
use http::{Method, Request, Response, Uri};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use webhook::Form;

/// How long a connection may take.
const CONNECT_WAIT: Duration = Duration::from_secs(5);
/// How long an answer may take: an order to the clock waits for applications.
const ANSWER_WAIT: Duration = Duration::from_secs(120);
/// Bytes of an answer: a page of webhooks with their bodies.
const ANSWER_BYTES_MAX: usize = 64 * 1024 * 1024;

/// A connection to the house.
pub(super) struct Api {
    url: String,
    uri: Uri,
    sid: String,
    authorization: HeaderValue,
    origin: Origin,
    sender: Option<SendRequest<Full<Bytes>>>,
}

/// An answer as it came.
pub(super) struct Answer {
    /// HTTP status.
    pub(super) status: u16,
    /// Its JSON; null for an empty body.
    pub(super) body: Value,
}

impl Api {
    /// Connects to the server that the flags and the environment lead to.
    ///
    /// # Errors
    /// No server; no credentials.
    pub(super) async fn open(flags: &ServerFlags) -> Result<Api, Failure> {
        let Found { url, credentials } = find(flags)?;
        let uri = url.parse::<Uri>().ok().filter(|uri| {
            uri.host().is_some() && matches!(uri.scheme_str(), Some("http" | "https"))
        });
        let uri = uri.filter(|uri| matches!(uri.path(), "" | "/") && uri.query().is_none());
        let uri = uri.ok_or_else(|| {
            let why = "it has to be http://HOST:PORT or https://HOST:PORT";
            Failure::wrong_use(format!("the server's URL {url:?} can't be used: {why}"))
        })?;
        let sender = connect(&uri).await.map_err(|why| nobody(&url, &why))?;
        let Some((credentials, origin)) = credentials else {
            return Err(Failure::wrong_use(format!(
                "no credentials for {url}: set OFFHOOK_ACCOUNT_SID and OFFHOOK_AUTH_TOKEN as the \
                 server printed them, or name its data folder with --data"
            )));
        };
        let pair = format!("{}:{}", credentials.sid, credentials.token);
        let encoded = base64::engine::general_purpose::STANDARD.encode(pair);
        let authorization =
            HeaderValue::from_str(&format!("Basic {encoded}")).expect("base64 is visible ASCII");
        Ok(Api { url, uri, sid: credentials.sid, authorization, origin, sender: Some(sender) })
    }

    /// The account that signs in.
    pub(super) fn sid(&self) -> &str {
        &self.sid
    }

    /// The server.
    pub(super) fn url(&self) -> &str {
        &self.url
    }

    /// GET, with a path that may have a query.
    ///
    /// # Errors
    /// The server's refusal, or no server.
    pub(super) async fn get(&mut self, path: &str) -> Result<Value, Failure> {
        let answer = self.ask(Method::GET, path, None).await?;
        self.granted(answer)
    }

    /// POST of a form.
    ///
    /// # Errors
    /// As [`Api::get`].
    pub(super) async fn post(&mut self, path: &str, form: &Form) -> Result<Value, Failure> {
        let answer = self.ask(Method::POST, path, Some(form)).await?;
        self.granted(answer)
    }

    /// POST of a file.
    ///
    /// # Errors
    /// As [`Api::get`].
    pub(super) async fn upload(
        &mut self,
        path: &str,
        (content_type, file): (&'static str, Vec<u8>),
    ) -> Result<Value, Failure> {
        let mut request = self.request(Method::POST, path, None);
        *request.body_mut() = Full::new(Bytes::from(file));
        request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        let answer = self.exchange(request).await?;
        self.granted(answer)
    }

    /// DELETE.
    ///
    /// # Errors
    /// As [`Api::get`].
    pub(super) async fn delete(&mut self, path: &str) -> Result<(), Failure> {
        let answer = self.ask(Method::DELETE, path, None).await?;
        self.granted(answer).map(drop)
    }

    /// GET whose refusal is an answer, too.
    ///
    /// # Errors
    /// No server, or something that is no house.
    pub(super) async fn look(&mut self, path: &str) -> Result<Answer, Failure> {
        self.ask(Method::GET, path, None).await
    }

    /// A stream of server-sent events, on a connection of its own.
    ///
    /// # Errors
    /// As [`Api::get`].
    pub(super) async fn stream(&self, path: &str, last: Option<&str>) -> Result<Incoming, Failure> {
        let mut request = self.request(Method::GET, path, None);
        let headers = request.headers_mut();
        headers.insert(http::header::ACCEPT, HeaderValue::from_static("text/event-stream"));
        if let Some(value) = last.and_then(|id| HeaderValue::from_str(id).ok()) {
            headers.insert("last-event-id", value);
        }
        self.opened(request).await
    }

    /// The body of a granted request, on a connection of its own.
    async fn opened(&self, request: Request<Full<Bytes>>) -> Result<Incoming, Failure> {
        let lost = |why: String| nobody(&self.url, &why);
        let mut sender = connect(&self.uri).await.map_err(lost)?;
        let sending = sender.send_request(request);
        let response = match tokio::time::timeout(ANSWER_WAIT, sending).await {
            Ok(Ok(response)) => response,
            Ok(Err(error)) => return Err(lost(error.to_string())),
            Err(_) => return Err(lost("it does not answer".into())),
        };
        if response.status().is_success() {
            return Ok(response.into_body());
        }
        let answer = self.read(response).await?;
        self.granted(answer).and_then(|_| Err(self.stranger()))
    }

    /// Bytes as they come, on a connection of their own.
    ///
    /// # Errors
    /// As [`Api::get`].
    pub(super) async fn bytes(&self, path: &str) -> Result<Incoming, Failure> {
        self.opened(self.request(Method::GET, path, None)).await
    }

    async fn ask(
        &mut self,
        method: Method,
        path: &str,
        form: Option<&Form>,
    ) -> Result<Answer, Failure> {
        self.exchange(self.request(method, path, form)).await
    }

    async fn exchange(&mut self, request: Request<Full<Bytes>>) -> Result<Answer, Failure> {
        let mut sender = self.sender().await?;
        let exchange = async {
            let response = sender.send_request(request).await;
            let response = response.map_err(|error| {
                Failure::no_server(format!("the server at {} went away: {error}", self.url))
            })?;
            self.read(response).await
        };
        let answer = tokio::time::timeout(ANSWER_WAIT, exchange).await.unwrap_or_else(|_| {
            let wait = ANSWER_WAIT.as_secs();
            Err(Failure::failed(format!("{} has not answered within {wait} s", self.url)))
        })?;
        self.sender = Some(sender);
        Ok(answer)
    }

    /// The kept connection; one that the server has closed is replaced unseen.
    async fn sender(&mut self) -> Result<SendRequest<Full<Bytes>>, Failure> {
        if let Some(mut kept) = self.sender.take()
            && kept.ready().await.is_ok()
        {
            return Ok(kept);
        }
        connect(&self.uri).await.map_err(|why| nobody(&self.url, &why))
    }

    fn request(&self, method: Method, path: &str, form: Option<&Form>) -> Request<Full<Bytes>> {
        let body = form.map(Form::encode).unwrap_or_default();
        let mut request = Request::new(Full::new(Bytes::from(body)));
        *request.method_mut() = method;
        // Paths are made of escaped parts; one that is none is refused as "not found".
        *request.uri_mut() = path.parse().unwrap_or_else(|_| Uri::from_static("/unreadable"));
        let headers = request.headers_mut();
        let authority = self.uri.authority().map_or("", |authority| authority.as_str());
        if let Ok(host) = HeaderValue::from_str(authority) {
            headers.insert(HOST, host);
        }
        headers.insert(AUTHORIZATION, self.authorization.clone());
        let agent = concat!("offhook/", env!("CARGO_PKG_VERSION"));
        headers.insert(USER_AGENT, HeaderValue::from_static(agent));
        if form.is_some() {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(webhook::CONTENT_TYPE));
        }
        request
    }

    async fn read(&self, response: Response<Incoming>) -> Result<Answer, Failure> {
        let status = response.status().as_u16();
        let body = Limited::new(response.into_body(), ANSWER_BYTES_MAX).collect().await;
        let bytes = body
            .map_err(|error| Failure::failed(format!("{}'s answer broke off: {error}", self.url)))?
            .to_bytes();
        let body = match bytes.is_empty() {
            true => Value::Null,
            false => serde_json::from_slice(&bytes).map_err(|_| self.stranger())?,
        };
        Ok(Answer { status, body })
    }

    fn granted(&self, answer: Answer) -> Result<Value, Failure> {
        match answer.status {
            200..=299 => Ok(answer.body),
            401 => Err(Failure::failed(format!(
                "{} does not accept the credentials of {}, {}",
                self.url,
                self.sid,
                self.origin.advice()
            ))),
            _ => Err(Failure::failed(refusal(&answer).ok_or_else(|| self.stranger())?)),
        }
    }

    fn stranger(&self) -> Failure {
        Failure::failed(format!("what answers at {} is not Offhook", self.url))
    }
}

/// The server's sentence and code, and the places it names.
fn refusal(answer: &Answer) -> Option<String> {
    let message = answer.body.get("message")?.as_str()?;
    let mut text = super::terminal::plain(message);
    if let Some(code) = answer.body.get("code").and_then(Value::as_u64) {
        text.push_str(&format!(" (code {code})"));
    }
    Some(text)
}

fn nobody(url: &str, why: &str) -> Failure {
    let program = super::program();
    Failure::no_server(format!(
        "no server answers at {url} ({why}); start one with: {program} serve"
    ))
}

/// Connects to the house.
async fn connect(uri: &Uri) -> Result<SendRequest<Full<Bytes>>, String> {
    let secure = uri.scheme_str() == Some("https");
    let host = uri.host().unwrap_or_default().trim_matches(['[', ']']);
    let port = uri.port_u16().unwrap_or(if secure { 443 } else { 80 });
    let connecting = async {
        let stream = TcpStream::connect((host, port)).await.map_err(|error| short(&error))?;
        // Small requests need not wait for company.
        let _ = stream.set_nodelay(true);
        if secure { begin(secured(host, stream).await?).await } else { begin(stream).await }
    };
    tokio::time::timeout(CONNECT_WAIT, connecting)
        .await
        .unwrap_or_else(|_| Err("the connection takes too long".into()))
}

fn short(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::ConnectionRefused => "connection refused".into(),
        _ => error.to_string(),
    }
}

async fn begin(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
) -> Result<SendRequest<Full<Bytes>>, String> {
    let (sender, connection) =
        handshake(TokioIo::new(stream)).await.map_err(|error| error.to_string())?;
    tokio::spawn(async move {
        // What went wrong with it is seen by whoever waits for an answer.
        let _ = connection.await;
    });
    Ok(sender)
}

/// TLS to a house behind a proxy, by the public certificate authorities.
async fn secured(
    host: &str,
    stream: TcpStream,
) -> Result<tokio_rustls::client::TlsStream<TcpStream>, String> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let roots = rustls::RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    let settings = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = rustls::pki_types::ServerName::try_from(host.to_owned())
        .map_err(|error| error.to_string())?;
    let connector = tokio_rustls::TlsConnector::from(Arc::new(settings));
    connector.connect(name, stream).await.map_err(|error| error.to_string())
}

/// A part of a path, escaped.
pub(super) fn segment(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~+:@".contains(&byte) {
            escaped.push(char::from(byte));
        } else {
            escaped.push_str(&format!("%{byte:02X}"));
        }
    }
    escaped
}

/// A path with a query, when there are parameters.
pub(super) fn with_query(path: &str, form: &Form) -> String {
    if form.is_empty() { path.to_owned() } else { format!("{path}?{}", form.encode()) }
}
