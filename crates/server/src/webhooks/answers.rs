//! An outcome becomes records: attempts and answer as the request log keeps them.

use client::{Answer, Attempt, Outcome};
use exchange::alerts::RequestRecord;
use exchange::webhooks::charset;
use exchange::webhooks::{ANSWER_BODY_BYTES_MAX, AnswerRecord, AttemptRecord, FieldLines, Webhook};
use http::HeaderMap;
use http::header::CONTENT_TYPE;

/// The requests of an exchange that began at `begun_us` (wire time).
pub(crate) fn attempts(outcome: &Outcome, begun_us: i64) -> Vec<AttemptRecord> {
    outcome.attempts.iter().map(|attempt| record(attempt, begun_us)).collect()
}

fn record(attempt: &Attempt, begun_us: i64) -> AttemptRecord {
    AttemptRecord {
        why: attempt.why.as_str(),
        url: attempt.url.clone(),
        method: attempt.method.as_str(),
        remote_address: attempt.remote_address.map(|address| address.to_string()),
        request_headers: attempt.request_headers.clone(),
        started_us: begun_us + attempt.started_us as i64,
        duration_us: attempt.duration_us,
        connect_us: attempt.connect_us,
        first_byte_us: attempt.first_byte_us,
        status: attempt.answer.as_ref().map(|answer| answer.status),
        response_headers: attempt.answer.as_ref().map(|a| got(&a.headers)).unwrap_or_default(),
        error: attempt.failure.as_ref().map(|failure| (failure.code(), failure.to_string())),
    }
}

fn got(headers: &HeaderMap) -> FieldLines {
    let bytes = headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 3).sum();
    let mut lines = FieldLines::with_capacity(bytes);
    for (name, value) in headers {
        lines.push(name.as_str(), &String::from_utf8_lossy(value.as_bytes()));
    }
    lines
}

/// What an answer says it is.
pub(super) fn content_type(answer: &Answer) -> Option<&str> {
    answer.header(CONTENT_TYPE)
}

/// An answer's body as text, in the encoding it says it has.
pub(super) fn text(answer: &Answer) -> String {
    charset::text(content_type(answer), &answer.body).into_owned()
}

/// The answer an exchange ended with. Its headers are written with the last attempt.
pub(crate) fn answer(outcome: &Outcome) -> Option<AnswerRecord> {
    let answer = outcome.answer()?;
    let kept = &answer.body[..answer.body.len().min(ANSWER_BODY_BYTES_MAX)];
    Some(AnswerRecord {
        status: answer.status,
        headers: FieldLines::default(),
        body: charset::text(content_type(answer), kept).into_owned(),
        truncated: answer.truncated || kept.len() < answer.body.len(),
    })
}

/// The request an alert is about.
pub(crate) fn request(webhook: &Webhook, outcome: &Outcome) -> RequestRecord {
    let lines = |headers: &FieldLines| headers.as_str().to_owned();
    let last = outcome.attempts.last();
    let answer = outcome.answer();
    RequestRecord {
        method: last.map_or(webhook.method, |attempt| attempt.method).as_str().to_owned(),
        url: last.map_or_else(|| webhook.url.clone(), |attempt| attempt.url.clone()),
        // Events say much that an alert need not keep.
        variables: if webhook.is_json() { String::new() } else { webhook.parameters.clone() },
        headers: last.map(|attempt| lines(&attempt.request_headers)).unwrap_or_default(),
        response_status: answer.map_or(0, |answer| answer.status),
        response_headers: answer.map(|answer| lines(&got(&answer.headers))).unwrap_or_default(),
        response_body: answer.map(text).unwrap_or_default(),
    }
}
