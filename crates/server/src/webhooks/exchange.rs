//! One exchange of a webhook: through the guarded client, or in-process when the URL is a bin, or a
//! verification, of this very house. The two differ in the socket and in nothing else.

use crate::bins::{self, BinRequest};
use crate::house::House;
use crate::ids::token_text;
use crate::validations;
use client::{Answer, Attempt, Certificates, Expects, Outcome, Request, Why};
use exchange::accounts::Account;
use exchange::numbers::Method;
use exchange::sid::{BinSid, CallSid};
use exchange::webhooks::cookies::Jar;
use exchange::webhooks::failure::Failure;
use exchange::webhooks::{FieldLines, Kind, Purpose, Webhook};
use http::{HeaderMap, HeaderValue, header};
use webhook::{Form, Key, append_query, headers, signing_url};

/// Bytes of a tell's answer that are kept for the log.
const TELL_BODY_BYTES_MAX: usize = 4 * 1024;

/// An account with its key prepared: made once, used for every webhook of it.
pub(crate) struct Signer {
    pub(crate) account: Account,
    pub(crate) key: Key,
}

impl Signer {
    pub(crate) fn new(account: Account) -> Signer {
        Signer { key: Key::new(&account.auth_token), account }
    }
}

/// Sends a webhook with its parameters and gives back how it went.
pub(crate) async fn run(
    house: &House,
    signer: &Signer,
    (webhook, form): (&Webhook, &Form),
    cookies: Option<Jar>,
) -> Outcome {
    let token = token_text(webhook.token);
    if let Some(own) = house.own_path(&webhook.url).and_then(Own::of) {
        return in_process(house, signer, Sent { webhook, form, token: &token }, own);
    }
    let (expects, body_bytes_max) = match (webhook.kind, webhook.purpose) {
        (Kind::Ask, Purpose::Conversation) => (Expects::Advice, client::BODY_BYTES_MAX),
        (Kind::Ask, _) => (Expects::Document, client::BODY_BYTES_MAX),
        (Kind::Tell, _) => (Expects::Nothing, TELL_BODY_BYTES_MAX),
    };
    let request = Request {
        url: &webhook.url,
        method: webhook.method,
        form,
        encoded: &webhook.parameters,
        key: &signer.key,
        product: webhook.product(),
        idempotency_token: &token,
        home_region: headers::HOME_REGION_DEFAULT,
        certificates: if signer.account.settings.tls_validation {
            Certificates::Verify
        } else {
            Certificates::AcceptAny
        },
        expects,
        body_bytes_max,
        cookies,
        now: house.now(),
    };
    if webhook.is_json() {
        let json = bytes::Bytes::copy_from_slice(webhook.parameters.as_bytes());
        return house.client.send_events(request, json).await;
    }
    house.client.send(request).await
}

/// What goes out: a row, its parameters read, its token as text.
struct Sent<'a> {
    webhook: &'a Webhook,
    form: &'a Form,
    token: &'a str,
}

/// What this very house answers itself.
enum Own {
    /// A bin.
    Bin(BinSid),
    /// The document of a verification's call.
    Verification(CallSid),
}

impl Own {
    fn of(path: &str) -> Option<Own> {
        let verification = || validations::call_of(path).map(Own::Verification);
        bins::bin_of(path).map(Own::Bin).or_else(verification)
    }
}

fn in_process(house: &House, signer: &Signer, sent: Sent<'_>, own: Own) -> Outcome {
    let Sent { webhook, form, token } = sent;
    let begun_us = house.clock.wire_us();
    let bare = signing_url(&webhook.url, webhook.product());
    let (url, body, signature) = match webhook.method {
        Method::Get => {
            let url = append_query(&bare, form);
            let signature = signer.key.sign_url(&url);
            (url, String::new(), signature)
        }
        Method::Post => {
            let signature = signer.key.sign_form(&bare, form);
            (bare, form.encode(), signature)
        }
    };
    let request = BinRequest {
        method: webhook.method.as_str(),
        url: &url,
        body: body.as_bytes(),
        signature: Some(&signature),
    };
    let answer = match own {
        Own::Bin(sid) => bins::answer(house, sid, request),
        Own::Verification(call) => validations::answer(house, call, form),
    };
    let mut answer_headers = HeaderMap::new();
    answer_headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(answer.content_type));
    // The world's clock may be set back in between.
    let took_us = u64::try_from(house.clock.wire_us() - begun_us).unwrap_or(0);
    let answer = Answer {
        status: answer.status,
        headers: answer_headers.into(),
        body: answer.body.into(),
        truncated: false,
        undecoded: false,
    };
    let result =
        if answer.is_success() { Ok(answer.clone()) } else { Err(Failure::Status(answer.status)) };
    let attempt = Attempt {
        why: Why::First,
        url,
        method: webhook.method,
        request_headers: request_headers(webhook, &body, &signature, token),
        remote_address: None,
        started_us: 0,
        duration_us: took_us,
        connect_us: None,
        first_byte_us: Some(took_us),
        answer: Some(answer),
        failure: result.as_ref().err().cloned(),
    };
    Outcome { attempts: vec![attempt], result, problems: Vec::new(), cookies: None }
}

fn request_headers(webhook: &Webhook, body: &str, signature: &str, token: &str) -> FieldLines {
    let mut all = FieldLines::default();
    all.push("Host", store::host_of(&webhook.url));
    all.push("User-Agent", headers::USER_AGENT);
    all.push("Accept", headers::ACCEPT);
    all.push("Accept-Encoding", headers::ACCEPT_ENCODING);
    all.push(headers::SIGNATURE, signature);
    all.push(headers::IDEMPOTENCY_TOKEN, token);
    all.push(headers::HOME_REGION, headers::HOME_REGION_DEFAULT);
    if webhook.method == Method::Post {
        all.push("Content-Type", webhook::CONTENT_TYPE);
        all.push("Content-Length", &body.len().to_string());
    }
    all
}
