//! What a person does in a call: `/offhook/v1/Phones/{address}/Calls/{CA}/…`.
//!
//! Answer, Reject, Hangup, Digits, Speech. Each is answered with the call as the handset sees it,
//! when what follows at once is committed. Contract: DESIGN section 1.

use super::calls::{find, show_call, wrong};
use super::phones::address_of;
use super::simulated;
use crate::api::error::ApiError;
use crate::api::request::{self, Call};
use crate::api::show;
use crate::calls::{CallError, Did, Person};
use crate::house::House;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Path, Request, State};
use axum::http::header;
use axum::response::Response;
use axum::routing::post;
use exchange::refusal::Refusal;
use exchange::sid::CallSid;
use std::sync::Arc;

/// Keys of one request.
const DIGITS_MAX: usize = 100;
/// Characters that a person says at once.
const WORDS_CHARACTERS_MAX: usize = 2000;
/// Bytes of a file that is a person's voice: two minutes of CD sound.
const VOICE_BYTES_MAX: usize = 24 * 1024 * 1024;
/// Seconds of a person's voice at once.
const VOICE_SECONDS_MAX: usize = 120;
/// How sure the house is of words when the request does not say.
const CONFIDENCE: &str = "0.9";

pub(super) fn routes() -> Router<Arc<House>> {
    Router::new()
        .route("/offhook/v1/Phones/{address}/Calls/{sid}/Answer", post(answer))
        .route("/offhook/v1/Phones/{address}/Calls/{sid}/Reject", post(reject))
        .route("/offhook/v1/Phones/{address}/Calls/{sid}/Hangup", post(hang_up))
        .route("/offhook/v1/Phones/{address}/Calls/{sid}/Digits", post(digits))
        .route("/offhook/v1/Phones/{address}/Calls/{sid}/Speech", post(speech))
}

type Place = Path<(String, String)>;

async fn answer(place: Place, call: Call) -> Result<Response, ApiError> {
    does(place, &call, Did::Answer).await
}

async fn reject(place: Place, call: Call) -> Result<Response, ApiError> {
    does(place, &call, Did::Reject).await
}

async fn hang_up(place: Place, call: Call) -> Result<Response, ApiError> {
    does(place, &call, Did::HangUp).await
}

async fn does(Path((address, sid)): Place, call: &Call, did: Did) -> Result<Response, ApiError> {
    simulated(call)?;
    let person = Person {
        call: CallSid::parse(&sid).ok_or_else(|| call.not_found())?,
        handset: address_of(&address)?,
        account: call.account.sid,
    };
    let of = match call.house.calls.person(person, did).await {
        Ok(Some(now)) => now,
        Ok(None) => find(call, &address, &sid)?,
        // Whatever else is wrong comes first.
        Err(CallError::NotLive) => {
            find(call, &address, &sid)?;
            return Err(wrong(CallError::NotLive));
        }
        Err(error) => return Err(wrong(error)),
    };
    Ok(show::ok(&show_call(&of)))
}

async fn digits(place: Place, call: Call) -> Result<Response, ApiError> {
    let given = call.filled("Digits").ok_or_else(|| Refusal::parameter_missing("Digits"))?;
    let did = keys(given)?;
    does(place, &call, did).await
}

/// Keys that are pressed, one after the other.
pub(super) fn keys(keys: &str) -> Result<Did, ApiError> {
    let is_key = |sign: char| matches!(sign, '0'..='9' | 'A'..='D' | '*' | '#');
    if keys.len() > DIGITS_MAX || !keys.chars().all(is_key) {
        let why = format!("use up to {DIGITS_MAX} of 0-9, A-D, * and #");
        return Err(Refusal::parameter_invalid("Digits", why).into());
    }
    Ok(Did::Digits(keys.to_owned()))
}

/// Words by `Text`, or a file of sound as the body: then the query may say what its words are.
async fn speech(
    place: Place,
    State(house): State<Arc<House>>,
    request: Request,
) -> Result<Response, ApiError> {
    let content_type = request.headers().get(header::CONTENT_TYPE);
    let content_type = content_type.and_then(|value| value.to_str().ok()).unwrap_or_default();
    let content_type = content_type.trim().to_owned();
    if !content_type.to_ascii_lowercase().starts_with("audio/") {
        let call = Call::from_request(request, &house).await?;
        let text = call.filled("Text").ok_or_else(|| Refusal::parameter_missing("Text"))?;
        let did = words(&call, text, None)?;
        return does(place, &call, did).await;
    }
    let (head, body) = request.into_parts();
    let call = Call::from_request(Request::from_parts(head, Body::empty()), &house).await?;
    find(&call, &place.0.0, &place.0.1)?;
    let bytes = request::read_up_to(body, VOICE_BYTES_MAX).await?;
    let samples = voice(content_type, bytes).await?;
    let did = words(&call, call.query.get("Text").unwrap_or_default(), Some(samples))?;
    does(place, &call, did).await
}

/// What is said, and how sure the house is of it.
pub(super) fn words(call: &Call, text: &str, samples: Option<Arc<[i16]>>) -> Result<Did, ApiError> {
    if text.chars().count() > WORDS_CHARACTERS_MAX {
        let why = format!("use at most {WORDS_CHARACTERS_MAX} characters");
        return Err(Refusal::parameter_invalid("Text", why).into());
    }
    let given = call.filled("Confidence").or_else(|| call.query.get("Confidence"));
    let confidence = given.unwrap_or(CONFIDENCE);
    let is_one = confidence.parse().is_ok_and(|number: f64| (0.0..=1.0).contains(&number));
    if !is_one {
        let why = "use a number from 0.0 to 1.0";
        return Err(Refusal::parameter_invalid("Confidence", why).into());
    }
    Ok(Did::Speech { text: text.trim().to_owned(), confidence: confidence.to_owned(), samples })
}

/// The samples of a file. Reading one takes its time, so not where requests are answered.
async fn voice(content_type: String, bytes: Bytes) -> Result<Arc<[i16]>, ApiError> {
    let samples_max = VOICE_SECONDS_MAX * media::RATE_HZ as usize;
    let reading =
        tokio::task::spawn_blocking(move || media::decode(&content_type, &bytes, samples_max));
    match reading.await {
        Ok(Ok(samples)) if samples.is_empty() => {
            Err(Refusal::parameter_invalid("body", "there is no sound in it").into())
        }
        Ok(Ok(samples)) => Ok(samples.into()),
        Ok(Err(why)) => Err(Refusal::parameter_invalid("body", why).into()),
        Err(_) => Err(Refusal::internal().into()),
    }
}
