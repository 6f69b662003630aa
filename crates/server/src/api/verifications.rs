//! `/verify/v2/Services/{VA}/Verifications` and `/VerificationCheck`: codes sent, and asked back.
//!
//! A code goes out as a text or a call of the account, in one change with its verification: the
//! simulated network carries it to the person's handset. Contract: Twilio doc pages "Verification"
//! and "Verification Check".

use super::error::ApiError;
use super::pools::own_url;
use super::request::Call;
use super::show;
use super::verify::find;
use super::verify_limits::counted;
use crate::house::House;
use axum::Router;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::{get, post};
use exchange::calls::create::{self, Known};
use exchange::messages::send::{MAGIC_FROM, expires};
use exchange::messages::{Direction, Message, State, segments};
use exchange::pools::VALIDITY_SECONDS;
use exchange::refusal::Refusal;
use exchange::sid::{Sid, VerificationSid};
use exchange::verify::start::{self, Draft, Fresh};
use exchange::verify::{Channel, Verification, VerifyService, check};
use serde_json::{Value, json};
use std::sync::Arc;
use store::{Change, NumberFilter, VerifyWrite, Write};
use webhook::Form;

const LIST: &str = "/verify/v2/Services/{service}/Verifications";
const ONE: &str = "/verify/v2/Services/{service}/Verifications/{sid}";
const CHECK: &str = "/verify/v2/Services/{service}/VerificationCheck";

/// Who sends the texts: a short code that no account owns, as Twilio's Verify has them.
const SENDER: &str = "22395";

pub(super) fn routes() -> Router<Arc<House>> {
    Router::new()
        .route(LIST, post(begin))
        .route(ONE, get(fetch).post(update))
        .route(CHECK, post(check_code))
}

async fn begin(Path(service): Path<String>, call: Call) -> Result<Response, ApiError> {
    let house = &call.house;
    let one = house
        .decide(|| -> Result<_, ApiError> {
            let service = find(&call, &service)?;
            let draft = start::read(&service, &call.form)?;
            let counted = counted(&call, &service)?;
            let open = house.store.newest_verification(service.sid, &draft.to)?;
            let was = open.as_ref().map(|open| (open.sid, open.updated));
            let mut one = start::begin(&service, &draft, open, fresh(house), house.now())?;
            let mut change = send(house, &service, &draft, &one)?;
            let write = match was.filter(|(sid, _)| *sid == one.sid) {
                Some((_, was)) => {
                    one.updated = house.after(was);
                    VerifyWrite::UpdateVerification { was, now: Box::new(one.clone()) }
                }
                None => VerifyWrite::InsertVerification(Box::new(one.clone())),
            };
            change.writes.insert(0, Write::Verify(write));
            change.writes.extend(counted);
            Ok((change, one))
        })
        .await?;
    let url = format!("{}/{}", own_url(&call), one.sid);
    Ok(show::created(&show_verification(house, &one, &url)))
}

fn fresh(house: &House) -> Fresh {
    Fresh {
        sid: VerificationSid::from_parts(house.parts()),
        attempt: Sid::from_parts(*b"VL", house.parts()),
        random: house.ids.spread(),
    }
}

/// The text or the call that brings the code.
fn send(
    house: &House,
    service: &VerifyService,
    draft: &Draft,
    one: &Verification,
) -> Result<Change, ApiError> {
    let content = start::content(service, draft, one);
    Ok(Change::one(match draft.channel {
        Channel::Sms => Write::InsertMessage(Box::new(text(house, one, content))),
        Channel::Call => {
            // Twilio calls from numbers of its own; here one of the account's lends its name.
            let mine = house.store.numbers(one.account, &NumberFilter::default(), 1)?;
            let from = mine.first().map_or(MAGIC_FROM, |number| &number.phone_number);
            let form = Form::from_pairs([("To", &*one.to), ("From", from), ("Twiml", &content)]);
            let route = create::route(&form)?;
            let number = mine.first();
            let known = Known { account: one.account, number, verified: false, application: None };
            let created = create::create(&form, route, known, house.call_sid(), house.now())?;
            Write::InsertCall(Box::new(created.call))
        }
    }))
}

fn text(house: &House, one: &Verification, body: String) -> Message {
    let now = house.now();
    Message {
        sid: house.message_sid(false),
        account: one.account,
        direction: Direction::OutboundApi,
        from: SENDER.to_owned(),
        to: one.to.clone(),
        num_segments: segments::segment(&body, false).segments,
        body,
        state: State::Queued,
        error_code: None,
        media: Vec::new(),
        service: None,
        status_callback: None,
        in_reply_to: None,
        created: now,
        updated: now,
        sent: None,
        feedback: None,
        send_at: None,
        expires: Some(expires(now, VALIDITY_SECONDS)),
    }
}

/// The verification of a path: by its sid, or as the person's number.
fn find_one(call: &Call, service: &VerifyService, name: &str) -> Result<Verification, ApiError> {
    let found = match VerificationSid::parse(name) {
        Some(sid) => call.house.store.verification(sid)?,
        None => call.house.store.newest_verification(service.sid, name)?,
    };
    found.filter(|found| found.service == service.sid).ok_or_else(|| call.not_found())
}

async fn fetch(
    Path((service, sid)): Path<(String, String)>,
    call: Call,
) -> Result<Response, ApiError> {
    let one = find_one(&call, &find(&call, &service)?, &sid)?;
    Ok(show::ok(&show_verification(&call.house, &one, &own_url(&call))))
}

async fn update(
    Path((service, sid)): Path<(String, String)>,
    call: Call,
) -> Result<Response, ApiError> {
    let status = call.filled("Status").ok_or_else(|| Refusal::parameter_missing("Status"))?;
    let one = decide(&call, || {
        let one = find_one(&call, &find(&call, &service)?, &sid)?;
        let next = check::decide(&one, status, Refusal::not_found(&call.path), call.house.now())?;
        Ok((one, next))
    })
    .await?;
    Ok(show::ok(&show_verification(&call.house, &one, &own_url(&call))))
}

/// Saves what becomes of a verification.
async fn decide(
    call: &Call,
    next: impl Fn() -> Result<(Verification, Verification), ApiError>,
) -> Result<Verification, ApiError> {
    call.house
        .decide(|| -> Result<_, ApiError> {
            let (was, mut now) = next()?;
            now.updated = call.house.after(was.updated);
            let (was, now_box) = (was.updated, Box::new(now.clone()));
            let write = VerifyWrite::UpdateVerification { was, now: now_box };
            Ok((Change::one(Write::Verify(write)), now))
        })
        .await
}

async fn check_code(Path(service): Path<String>, call: Call) -> Result<Response, ApiError> {
    let code = call.filled("Code").ok_or_else(|| Refusal::parameter_missing("Code"))?;
    start::code(code)?;
    let named = match (call.filled("VerificationSid"), call.filled("To")) {
        (Some(sid), _) => sid.to_owned(),
        (None, Some(to)) => start::phone(to)?,
        (None, None) => return Err(Refusal::verify_parameter_invalid("To").into()),
    };
    let one = decide(&call, || {
        let service = find(&call, &service)?;
        let one = find_one(&call, &service, &named)?;
        let of = |name| call.filled(name).unwrap_or_default();
        check::transaction(&service, &one, (of("Amount"), of("Payee")))?;
        let next = check::check(&one, code, Refusal::not_found(&call.path), call.house.now())?;
        Ok((one, next))
    })
    .await?;
    Ok(show::created(&show_check(&call.house, &one)))
}

/// A check as verify/v2 shows it: its verification, with whether the code was right.
fn show_check(house: &House, one: &Verification) -> Value {
    let standing = one.standing(house.now());
    json!({
        "sid": one.sid.as_str(),
        "service_sid": one.service.as_str(),
        "account_sid": one.account.as_str(),
        "to": one.to,
        "channel": one.channel.as_str(),
        "status": standing.as_str(),
        "valid": standing == exchange::verify::Standing::Approved,
        "amount": show::text_or_null(&one.amount),
        "payee": show::text_or_null(&one.payee),
        "sna_attempts_error_codes": [],
        "date_created": show::iso8601(one.created),
        "date_updated": show::iso8601(one.updated),
    })
}

/// A verification as verify/v2 shows it: never with its code.
fn show_verification(house: &House, one: &Verification, url: &str) -> Value {
    let mut body = show_check(house, one);
    let attempts = one.attempts.iter().map(|attempt| {
        json!({
            "attempt_sid": attempt.sid.as_str(),
            "channel": attempt.channel.as_str(),
            "time": show::iso8601(attempt.at),
        })
    });
    body["send_code_attempts"] = attempts.collect();
    body["lookup"] = json!({});
    body["sna"] = Value::Null;
    body["url"] = url.into();
    if let Some(fields) = body.as_object_mut() {
        fields.remove("sna_attempts_error_codes");
    }
    body
}
