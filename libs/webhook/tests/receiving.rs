//! A receiver as its callers see it: a router of axum with extractors and layers, asked by signed
//! requests and by others.
#![cfg(all(feature = "axum", feature = "json", feature = "testing"))]

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::State;
use axum::routing::{get, post};
use http::{Request, StatusCode};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tower::ServiceExt as _;
use webhook::testing::{SignedRequest, TOKEN};
use webhook::twiml::Response;
use webhook::{
    Attempt, CallState, Claim, Claims, CloudEvent, Form, InboundMessage, LEASE, Memory,
    MessageState, MessageStatus, Mismatch, OnceLayer, Origin, Receiver, Refusal, Signed,
    SignedBody, Twiml, VerifyLayer, VoiceRequest,
};

const SMS: &str = "https://example.com/sms";

fn message() -> InboundMessage {
    InboundMessage::new("SM1", "AC1", "+15551230000", "+15559870000", "hi <there>")
}

async fn sms(Signed(message): Signed<InboundMessage>) -> Twiml {
    Twiml(Response::new().message(format!("You said: {}", message.body)))
}

async fn events(SignedBody(body): SignedBody) -> String {
    CloudEvent::from_json(&body).map_or_else(|error| error.to_string(), |all| all[0].id.clone())
}

/// What the hook was told.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<Refusal>>>);

impl Log {
    fn take(&self) -> Vec<Refusal> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

fn receiver(origin: Origin) -> (Receiver, Log) {
    let log = Log::default();
    let told = log.clone();
    let receiver = Receiver::new(TOKEN, origin);
    let hook = move |refusal: &Refusal| told.0.lock().unwrap().push(refusal.clone());
    (receiver.on_refusal(hook), log)
}

fn routes() -> Router<Receiver> {
    Router::new()
        .route("/sms", get(sms).post(sms))
        .route("/events", post(events))
        .route("/socket", get(|_: SignedBody| async { "open" }))
}

/// The app, without and with a layer that checks everything.
fn apps() -> Vec<(Router, Log)> {
    let origin = || Origin::fixed("https://example.com").unwrap();
    let (plain, plain_log) = receiver(origin());
    let (layered, layered_log) = receiver(origin());
    let layer = VerifyLayer::new(layered.clone());
    vec![
        (routes().with_state(plain), plain_log),
        (routes().layer(layer).with_state(layered), layered_log),
    ]
}

async fn ask(app: &Router, request: Request<Body>) -> (StatusCode, String, http::HeaderMap) {
    let response = app.clone().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, 64 * 1024).await.unwrap();
    (parts.status, String::from_utf8(body.to_vec()).unwrap(), parts.headers)
}

#[tokio::test]
async fn signed_requests_of_every_shape_reach_their_handler() {
    let event = CloudEvent::new("EZ1", "com.twilio.messaging.message.sent", "/SM1");
    let json = CloudEvent::to_json(&[event]);
    let reply = "<Message>You said: hi &lt;there&gt;</Message>";
    for (app, log) in apps() {
        let cases = [
            (SignedRequest::post(SMS, &message()), reply),
            (SignedRequest::post("https://example.com/sms?tenant=7", &message()), reply),
            (SignedRequest::post("https://example.com:443/sms", &message()), reply),
            (SignedRequest::get("https://example.com/sms?tenant=7#rc=2", &message()), reply),
            (SignedRequest::json("https://example.com/events", json.clone()), "EZ1"),
            (SignedRequest::handshake("wss://example.com/socket"), "open"),
        ];
        for (request, expected) in cases {
            let (status, body, _) = ask(&app, request.clone().into_http()).await;
            assert_eq!(status, 200, "{request:?}: {body}");
            assert!(body.contains(expected), "{request:?}: {body}");
        }
        assert_eq!(log.take(), []);
    }
}

#[tokio::test]
async fn twiml_is_answered_as_xml() {
    let (app, _) = apps().remove(0);
    let (_, body, headers) = ask(&app, SignedRequest::post(SMS, &message()).into_http()).await;
    assert_eq!(headers["content-type"], "text/xml; charset=utf-8");
    let expected = Response::new().message("You said: hi <there>").to_xml();
    assert_eq!(body, expected);
}

#[tokio::test]
async fn what_is_not_signed_is_403_and_only_the_hook_knows_why() {
    for (app, log) in apps() {
        let signed = SignedRequest::post(SMS, &message());
        let changed = signed.clone().tampered("MessageSid=SM2");
        let json = SignedRequest::json("https://example.com/events", "[1]");
        let cases = [
            (signed.clone().unsigned(), "has no X-Twilio-Signature"),
            (signed.clone().with_token("another"), "no variant of the URL fits"),
            (signed.clone().with_header("X-Twilio-Signature", "short"), "28 characters"),
            (
                SignedRequest::post("http://example.com/sms", &message()),
                "signed for http, but you saw https",
            ),
            (
                SignedRequest::get("https://example.com/sms", &message()).with_token("x"),
                "no variant",
            ),
            (changed, "no variant of the URL fits"),
            (json.tampered("[2]"), "its SHA-256 is"),
        ];
        for (request, reason) in cases {
            let (status, body, headers) = ask(&app, request.clone().into_http()).await;
            assert_eq!(
                (status.as_u16(), body.as_str()),
                (403, "not signed for this application\n")
            );
            assert_eq!(headers["content-type"], "text/plain; charset=utf-8");
            let told = log.take();
            assert_eq!(told.len(), 1, "once: {told:?}");
            let text = told[0].to_string();
            assert!(text.contains(reason), "{text}");
            assert!(!text.contains(TOKEN), "{text}");
        }
    }
}

#[tokio::test]
async fn a_forwarded_header_counts_only_where_it_is_trusted() {
    let request = || {
        let signed = SignedRequest::post(SMS, &message());
        let at_home = signed.with_header("X-Forwarded-Proto", "https");
        at_home.with_header("X-Forwarded-Host", "example.com")
    };
    let inside = || {
        let mut request: Request<Body> = request().into_http();
        request.headers_mut().insert("Host", "10.0.0.7:8080".parse().unwrap());
        request
    };
    let (trusting, _) = receiver(Origin::forwarded());
    assert_eq!(ask(&routes().with_state(trusting), inside()).await.0, 200);
    let (careful, log) = receiver(Origin::http_host());
    assert_eq!(ask(&routes().with_state(careful), inside()).await.0, 403);
    assert!(
        matches!(&log.take()[..], [Refusal::Signature { url, .. }] if url == "http://10.0.0.7:8080/sms")
    );
    let (careful, log) = receiver(Origin::https_host());
    let mut without: Request<Body> = request().into_http();
    without.headers_mut().remove("Host");
    assert_eq!(ask(&routes().with_state(careful), without).await.0, 400);
    assert_eq!(log.take(), [Refusal::Url(webhook::OriginError::NoHost)]);
}

#[tokio::test]
async fn a_nested_router_and_a_stripped_prefix_are_checked_as_they_were_asked() {
    let (here, _) = receiver(Origin::fixed("https://example.com").unwrap());
    let nested = Router::new().nest("/twilio", routes()).with_state(here);
    let request = SignedRequest::post("https://example.com/twilio/sms", &message());
    assert_eq!(ask(&nested, request.clone().into_http()).await.0, 200);

    let (behind, _) = receiver(Origin::fixed("https://example.com/twilio/").unwrap());
    let mut stripped: Request<Body> = request.into_http();
    *stripped.uri_mut() = "/sms".parse().unwrap();
    assert_eq!(ask(&routes().with_state(behind), stripped).await.0, 200);
}

#[tokio::test]
async fn a_body_has_a_limit_and_a_form_what_it_needs() {
    let (short, log) = receiver(Origin::https_host());
    let short = short.body_bytes_max(100);
    for app in [
        routes().with_state(short.clone()),
        routes().layer(VerifyLayer::new(short.clone())).with_state(short),
    ] {
        let (status, body, _) = ask(&app, SignedRequest::post(SMS, &message()).into_http()).await;
        assert_eq!((status.as_u16(), body.as_str()), (413, "the body is too long\n"));
        assert_eq!(log.take(), [Refusal::TooLong { body_bytes_max: 100 }]);
    }
    let (app, log) = apps().remove(0);
    let form = Form::from_pairs([("MessageSid", "SM1")]);
    let (status, body, _) = ask(&app, SignedRequest::post(SMS, &form).into_http()).await;
    assert_eq!((status.as_u16(), body.as_str()), (400, "the parameter AccountSid is missing\n"));
    assert_eq!(log.take()[0].to_string(), "signed, but the parameter AccountSid is missing");
}

#[tokio::test]
async fn the_application_can_decide_about_a_refusal() {
    async fn decide(request: Result<Signed<Form>, Refusal>) -> String {
        match request {
            Ok(Signed(form)) => format!("{} parameters", form.len()),
            Err(Refusal::Signature { why: Mismatch::MissingSignature, .. }) => "stranger".into(),
            Err(other) => other.to_string(),
        }
    }
    let (receiver, _) = receiver(Origin::https_host());
    let app = Router::new().route("/sms", post(decide)).with_state(receiver.or_token("second"));
    let request = SignedRequest::post(SMS, &Form::from_pairs([("a", "b")]));
    assert_eq!(ask(&app, request.clone().into_http()).await.1, "1 parameters");
    assert_eq!(ask(&app, request.clone().with_token("second").into_http()).await.1, "1 parameters");
    assert_eq!(ask(&app, request.unsigned().into_http()).await.1, "stranger");
}

/// Counts, and fails the first so many times.
#[derive(Clone)]
struct Work {
    done: Arc<Mutex<u32>>,
    fails: u32,
}

async fn work(State(work): State<Work>) -> StatusCode {
    let mut done = work.done.lock().unwrap();
    *done += 1;
    if *done <= work.fails { StatusCode::INTERNAL_SERVER_ERROR } else { StatusCode::OK }
}

fn memory() -> Memory {
    Memory::new(|| Duration::ZERO)
}

#[tokio::test]
async fn a_callback_that_comes_again_is_answered_and_not_done_again() {
    let state = Work { done: Arc::default(), fails: 1 };
    let claims = Arc::new(memory());
    let app = Router::new()
        .route("/status", post(work))
        .layer(OnceLayer::new(claims.clone()))
        .layer(VerifyLayer::new(receiver(Origin::https_host()).0))
        .with_state(state.clone());
    let status = MessageStatus::new("SM1", "AC1", "+1", "+2", MessageState::Sent);
    let told = |token: &str| {
        let request = SignedRequest::post("https://example.com/status", &status);
        request.with_idempotency_token(token)
    };
    // Who is not signed for claims nothing.
    assert_eq!(ask(&app, told("a").unsigned().into_http()).await.0, 403);
    let mut seen = Vec::new();
    for token in ["a", "a", "a", "b", "", ""] {
        seen.push(ask(&app, told(token).into_http()).await.0.as_u16());
    }
    // The first fails and frees its token; without a token there is nothing to guard.
    assert_eq!((seen, *state.done.lock().unwrap()), (vec![500, 200, 204, 200, 200, 200], 5));
    claims.claim("c").await.unwrap();
    assert_eq!(ask(&app, told("c").into_http()).await.0, 503);
}

/// A store that can't be reached.
struct Unreachable;

impl Claims for Unreachable {
    type Error = &'static str;

    async fn claim(&self, _: &str) -> Result<Claim, &'static str> {
        Err("no connection")
    }

    async fn settle(&self, _: &str) -> Result<(), &'static str> {
        Err("no connection")
    }

    async fn release(&self, _: &str) -> Result<(), &'static str> {
        Err("no connection")
    }
}

#[tokio::test]
async fn without_its_store_of_claims_nothing_is_done() {
    let state = Work { done: Arc::default(), fails: 0 };
    let app = Router::new()
        .route("/status", post(work))
        .layer(OnceLayer::new(Unreachable))
        .with_state(state.clone());
    let request = SignedRequest::post("https://example.com/status", &Form::new());
    assert_eq!(ask(&app, request.into_http()).await.0, 503);
    assert_eq!(*state.done.lock().unwrap(), 0);
}

#[tokio::test]
async fn every_attempt_at_a_call_gets_its_twiml_and_one_of_them_the_claim() {
    async fn voice(
        State(claims): State<Arc<Memory>>,
        attempt: Attempt,
        Signed(call): Signed<VoiceRequest>,
    ) -> Twiml {
        let token = attempt.token.expect("test requests have one");
        let claim = claims.claim(&token).await.unwrap();
        Response::new().say(format!("{} {claim:?}", call.sid)).into()
    }
    #[derive(Clone)]
    struct App(Receiver, Arc<Memory>);
    impl axum::extract::FromRef<App> for Receiver {
        fn from_ref(app: &App) -> Receiver {
            app.0.clone()
        }
    }
    impl axum::extract::FromRef<App> for Arc<Memory> {
        fn from_ref(app: &App) -> Arc<Memory> {
            app.1.clone()
        }
    }
    let claims = Arc::new(memory().lease(LEASE));
    let state = App(receiver(Origin::https_host()).0, claims);
    let app = Router::new().route("/voice", post(voice)).with_state(state);
    let call = VoiceRequest::new("CA1", "AC1", "+1", "+2", CallState::Ringing);
    let request = SignedRequest::post("https://example.com/voice", &call);
    for claim in ["First", "InWork"] {
        let (status, body, _) = ask(&app, request.clone().into_http()).await;
        assert_eq!(status, 200);
        assert!(body.contains(&format!("<Say>CA1 {claim}</Say>")), "{body}");
    }
}

#[test]
fn events_that_are_none_are_refused_by_name() {
    let many = format!("[{}]", vec!["{}"; webhook::EVENTS_MAX + 1].join(","));
    let cases = [
        ("{", "the body is not JSON: "),
        ("1", "the body is not an array of CloudEvents"),
        ("[1]", "the body is not an array of CloudEvents"),
        ("{}", "an event has no specversion"),
        (r#"{"specversion":"1.0","type":"t","source":"s"}"#, "an event has no id"),
        (r#"{"specversion":1}"#, "an event's specversion is not a text"),
        (&many, "the body has more than 1000 events"),
    ];
    for (body, reason) in cases {
        let error = CloudEvent::from_json(body.as_bytes()).unwrap_err();
        assert!(error.to_string().starts_with(reason), "{body}: {error}");
    }
}

mod any {
    use proptest::prelude::*;
    use webhook::CloudEvent;

    proptest! {
        #[test]
        fn any_event_survives_the_wire(
            texts in proptest::collection::vec(any::<String>(), 5),
            data in proptest::option::of(any::<String>()),
            unknown in proptest::collection::btree_map("x[a-z]{0,3}", any::<i64>(), 0..3),
        ) {
            let mut event = CloudEvent::new(&texts[0], &texts[1], &texts[2]);
            event.time = Some(texts[3].clone());
            event.data_schema = Some(texts[4].clone());
            event.data = data.map(|text| serde_json::json!({ "text": text }));
            event.extra.extend(unknown.into_iter().map(|(name, value)| (name, value.into())));
            let all = vec![event.clone(), event];
            prop_assert_eq!(CloudEvent::from_json(CloudEvent::to_json(&all).as_bytes()), Ok(all));
        }

        #[test]
        fn no_body_panics(body in proptest::collection::vec(any::<u8>(), 0..64)) {
            let _ = CloudEvent::from_json(&body);
        }
    }
}
