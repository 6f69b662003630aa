//! A receiver's settings, and the check of one request with them.
//!
//! The extractor and the layer call it; with another framework call [`Receiver::check`] yourself.
//! What is refused is told to a hook of the application in full, and to the caller in few words:
//! whoever forges requests learns nothing. Contract: Twilio's "Webhooks security" page.

use std::fmt;
use std::sync::Arc;

use http::StatusCode;
use http::request::Parts;

use crate::fields::FieldError;
use crate::form::FORM_BYTES_MAX;
use crate::headers;
use crate::mismatch::Mismatch;
use crate::origin::{Origin, OriginError};
use crate::signature::Key;
use crate::verify::{Request, Verified};

/// Longest body that is read unless told otherwise, in bytes.
pub const BODY_BYTES_MAX: usize = FORM_BYTES_MAX;

/// Whose requests are accepted, and how they are checked. Cheap to clone.
///
/// ```
/// use webhook::{Origin, Receiver};
///
/// let receiver = Receiver::new("the auth token", Origin::fixed("https://example.com")?)
///     .body_bytes_max(64 * 1024)
///     .on_refusal(|refusal| eprintln!("refused: {refusal}"));
/// # Ok::<(), webhook::OriginError>(())
/// ```
#[derive(Clone)]
pub struct Receiver {
    keys: Arc<Vec<Key>>,
    origin: Arc<Origin>,
    body_bytes_max: usize,
    on_refusal: Option<Hook>,
}

/// Is called with a refusal.
type Hook = Arc<dyn Fn(&Refusal) + Send + Sync>;

impl Receiver {
    /// Accepts what is signed with this auth token: the *primary* one of the account that owns
    /// the number, message or call.
    pub fn new(auth_token: &str, origin: Origin) -> Self {
        Self {
            keys: Arc::new(vec![Key::new(auth_token)]),
            origin: Arc::new(origin),
            body_bytes_max: BODY_BYTES_MAX,
            on_refusal: None,
        }
    }

    /// Accepts another token, too: the secondary one while it is being promoted, or a subaccount's.
    #[must_use]
    pub fn or_token(mut self, auth_token: &str) -> Self {
        Arc::make_mut(&mut self.keys).push(Key::new(auth_token));
        self
    }

    /// Reads at most so many bytes of a body; [`BODY_BYTES_MAX`] otherwise.
    #[must_use]
    pub fn body_bytes_max(self, body_bytes_max: usize) -> Self {
        Self { body_bytes_max, ..self }
    }

    /// Is called with every refusal: the place to log it. It is for you alone; the caller is not
    /// told the reason.
    #[must_use]
    pub fn on_refusal(self, hook: impl Fn(&Refusal) + Send + Sync + 'static) -> Self {
        Self { on_refusal: Some(Arc::new(hook)), ..self }
    }

    /// How many bytes of a body to read.
    pub fn body_limit_bytes(&self) -> usize {
        self.body_bytes_max
    }

    /// Checks a request: head and raw body.
    ///
    /// Give it the target as it came: a router that strips a prefix has changed it.
    ///
    /// # Errors
    ///
    /// A [`Refusal`], of which the hook has been told.
    pub fn check(&self, parts: &Parts, body: &[u8]) -> Result<Verified, Refusal> {
        self.judge(parts, body).map_err(|refusal| self.told(refusal))
    }

    /// Tells the hook, and gives the refusal back.
    pub(crate) fn told(&self, refusal: Refusal) -> Refusal {
        if let Some(hook) = &self.on_refusal {
            hook(&refusal);
        }
        refusal
    }

    fn judge(&self, parts: &Parts, body: &[u8]) -> Result<Verified, Refusal> {
        if body.len() > self.body_bytes_max {
            return Err(Refusal::TooLong { body_bytes_max: self.body_bytes_max });
        }
        let header = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok());
        let authority = parts.uri.authority().map(http::uri::Authority::as_str);
        let url = self
            .origin
            .url(target(parts), |name| match name {
                // HTTP/2 has the host in the target.
                "Host" => header("Host").or(authority),
                name => header(name),
            })
            .map_err(Refusal::Url)?;
        let request = Request {
            method: parts.method.as_str(),
            url: &url,
            body,
            content_type: header("Content-Type"),
            signature: header(headers::SIGNATURE),
        };
        let mut why = Mismatch::WrongTokenOrUrl;
        for key in self.keys.iter() {
            match key.verify(&request) {
                Ok(verified) => return Ok(verified),
                // Of several tokens, the one that nearly fits has the reason.
                Err(mismatch) if why == Mismatch::WrongTokenOrUrl => why = mismatch,
                Err(_) => {}
            }
        }
        Err(Refusal::Signature { why, url })
    }
}

/// Path and query as they came, before a nested router took a prefix away.
fn target(parts: &Parts) -> &str {
    #[cfg(feature = "axum")]
    let uri = parts
        .extensions
        .get::<axum::extract::OriginalUri>()
        .map_or(&parts.uri, |original| &original.0);
    #[cfg(not(feature = "axum"))]
    let uri = &parts.uri;
    uri.path_and_query().map_or("/", http::uri::PathAndQuery::as_str)
}

impl fmt::Debug for Receiver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Receiver")
            .field("origin", &self.origin)
            .field("body_bytes_max", &self.body_bytes_max)
            .finish_non_exhaustive()
    }
}

/// Why a request is not accepted.
///
/// `Display` is for the log: the reason, and what to do about it. [`Refusal::answer`] is what the
/// caller may know. Neither holds a token or a signature.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refusal {
    /// The signature does not fit.
    Signature {
        /// Why not.
        why: Mismatch,
        /// The URL it was checked against.
        url: String,
    },
    /// There is no URL to check it against.
    Url(OriginError),
    /// The body is longer than what is read.
    TooLong {
        /// How many bytes are read.
        body_bytes_max: usize,
    },
    /// The body broke off.
    BrokenBody(String),
    /// It is signed, and the parameters are not those of this kind of webhook.
    Parameters(FieldError),
}

impl Refusal {
    /// 403 for what is not signed, 413 and 400 for what can't be read.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Signature { .. } => StatusCode::FORBIDDEN,
            Self::TooLong { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Url(_) | Self::BrokenBody(_) | Self::Parameters(_) => StatusCode::BAD_REQUEST,
        }
    }

    /// What the caller is told. Whoever did not sign learns no reason.
    pub fn answer(&self) -> String {
        match self {
            Self::Signature { .. } => "not signed for this application\n".to_owned(),
            Self::Url(_) => "the request has no usable host\n".to_owned(),
            Self::TooLong { .. } => "the body is too long\n".to_owned(),
            Self::BrokenBody(_) => "the body broke off\n".to_owned(),
            Self::Parameters(error) => format!("{error}\n"),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Signature { why, url } => write!(f, "{why} (checked against {url})"),
            Self::Url(error) => error.fmt(f),
            Self::TooLong { body_bytes_max } => {
                write!(f, "the body is longer than {body_bytes_max} bytes")
            }
            Self::BrokenBody(error) => write!(f, "the body broke off: {error}"),
            Self::Parameters(error) => write!(f, "signed, but {error}"),
        }
    }
}

impl std::error::Error for Refusal {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Signature { why, .. } => Some(why),
            Self::Url(error) => Some(error),
            Self::Parameters(error) => Some(error),
            Self::TooLong { .. } | Self::BrokenBody(_) => None,
        }
    }
}
