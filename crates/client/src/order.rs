//! What one run carries out, whatever it was asked for: a webhook, a file to fetch, or an errand to
//! the operator's own service.
//!
//! Made from [`Request`], [`Fetch`] and [`Errand`] by the client's functions, read by `run`. It says
//! what differs between the three and decides nothing; redirects, challenges, retries, budgets and
//! connections are the same for all.
//! Contract: spec/webhooks.md 1.2 (webhooks), spec/twiml.md 2.2 (media).

use bytes::Bytes;
use exchange::numbers::Method;
use exchange::webhooks::connection::TOTAL_TIMEOUT_MS_MAX;
use exchange::webhooks::cookies::Jar;
use jiff::Timestamp;
use webhook::{Form, Key, Product, headers};

use crate::errand::Errand;
use crate::fetch::{FETCH_TOTAL_TIMEOUT_MS_MAX, Fetch, MEDIA_BYTES_MAX, Validators};
use crate::request::{BODY_BYTES_MAX, Certificates, Expects, Request};

/// How long events for a sink may take in all, in milliseconds (webhooks.md 2h).
pub(crate) const EVENT_TOTAL_TIMEOUT_MS_MAX: u32 = 5000;

/// How long an application may take in all to say whether something may happen in a conversation,
/// in milliseconds (Twilio's page "Conversations Webhooks").
const ADVICE_TOTAL_TIMEOUT_MS_MAX: u32 = 5000;

/// One run's order.
pub(crate) struct Order<'a> {
    pub url: &'a str,
    pub method: Method,
    pub load: Load<'a>,
    /// Key and port rule of the signature; `None` is not signed.
    pub seal: Option<(&'a Key, Product)>,
    /// `I-Twilio-Idempotency-Token` and `X-Home-Region`: those of webhooks.
    pub marks: Option<(&'a str, &'a str)>,
    pub certificates: Certificates,
    pub wanted: Wanted,
    /// Bytes of a good answer's body; any other has [`BODY_BYTES_MAX`] at most.
    pub body_bytes_max: usize,
    /// Milliseconds for everything, unless the URL's fragment says less.
    pub total_timeout_ms: u32,
    /// The conversation's jar, and house time for the cookies' ages.
    pub cookies: Option<(Jar, Timestamp)>,
    pub validators: Option<Validators<'a>>,
    pub accept_encoding: &'static str,
    /// Credentials of the URL are sent before anybody asks for them.
    pub unasked: bool,
    /// The operator's own choice of a place: the guard is not asked about it, and for that reason
    /// nothing leads on from it.
    pub operators: bool,
}

/// What travels with a request.
pub(crate) enum Load<'a> {
    /// Parameters, and the same as text: a body for POST, appended to the query for GET.
    Form(&'a Form, &'a str),
    /// A body as it is, and its type.
    Text(&'static str, Bytes),
    Nothing,
}

/// When a 2xx answer is good enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// Whole, unpacked, and not a chunked nothing.
    Document,
    /// Whole and unpacked.
    File,
    /// Always.
    Nothing,
}

impl<'a> Order<'a> {
    pub(crate) fn webhook(request: Request<'a>) -> Order<'a> {
        let now = request.now;
        Order {
            url: request.url,
            method: request.method,
            load: Load::Form(request.form, request.encoded),
            seal: Some((request.key, request.product)),
            marks: Some((request.idempotency_token, request.home_region)),
            certificates: request.certificates,
            wanted: match request.expects {
                Expects::Document => Wanted::Document,
                Expects::Advice => Wanted::File,
                Expects::Nothing => Wanted::Nothing,
            },
            body_bytes_max: request.body_bytes_max.min(BODY_BYTES_MAX),
            total_timeout_ms: match request.expects {
                Expects::Advice => ADVICE_TOTAL_TIMEOUT_MS_MAX,
                Expects::Document | Expects::Nothing => TOTAL_TIMEOUT_MS_MAX,
            },
            cookies: request.cookies.map(|jar| (jar, now)),
            validators: None,
            accept_encoding: headers::ACCEPT_ENCODING,
            unasked: false,
            operators: false,
        }
    }

    /// Events for a sink: JSON in place of the form, signed with its hash (webhooks.md 2h).
    pub(crate) fn event(request: Request<'a>, json: Bytes) -> Order<'a> {
        Order {
            load: Load::Text("application/json", json),
            total_timeout_ms: EVENT_TOTAL_TIMEOUT_MS_MAX,
            unasked: true,
            ..Order::webhook(request)
        }
    }

    pub(crate) fn fetch(fetch: Fetch<'a>) -> Order<'a> {
        Order {
            url: fetch.url,
            method: Method::Get,
            load: Load::Nothing,
            seal: Some((fetch.key, fetch.product)),
            marks: None,
            certificates: fetch.certificates,
            wanted: Wanted::File,
            body_bytes_max: fetch.body_bytes_max.min(MEDIA_BYTES_MAX),
            total_timeout_ms: fetch.total_timeout_ms.min(FETCH_TOTAL_TIMEOUT_MS_MAX),
            cookies: None,
            validators: fetch.validators,
            // Audio is packed already; a body that comes gzipped all the same is unpacked.
            accept_encoding: "identity",
            unasked: false,
            operators: false,
        }
    }

    pub(crate) fn errand(errand: Errand<'a>) -> Order<'a> {
        Order {
            url: errand.url,
            method: Method::Post,
            load: Load::Text(errand.content_type, errand.body),
            seal: None,
            marks: None,
            certificates: Certificates::Verify,
            wanted: Wanted::File,
            body_bytes_max: errand.body_bytes_max.min(MEDIA_BYTES_MAX),
            total_timeout_ms: errand.total_timeout_ms.min(FETCH_TOTAL_TIMEOUT_MS_MAX),
            cookies: None,
            validators: None,
            accept_encoding: "identity",
            unasked: false,
            operators: true,
        }
    }

    /// The validators, if `url` is what they are about.
    pub(crate) fn validators_for(&self, url: &str) -> Option<Validators<'a>> {
        self.validators.filter(|validators| validators.url == url)
    }
}
