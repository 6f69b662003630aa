//! How a webhook looks in the request log: what was to be sent, each request, the answer.
//!
//! Its fields are a contract (DESIGN section 1, "a webhook entry").

use crate::api::show;
use crate::house::House;
use crate::ids::token_text;
use exchange::webhooks::{AttemptRecord, FieldLines, ProblemRecord, Status};
use jiff::Timestamp;
use serde_json::{Map, Value, json};
use store::{StoreError, WebhookEntry};

/// One webhook with all its attempts.
pub(super) fn show_entry(house: &House, entry: &WebhookEntry) -> Result<Value, StoreError> {
    let webhook = &entry.webhook;
    let exchanges = house.store.exchanges(webhook.id)?;
    let running = entry.status == Status::Waiting && house.is_running(webhook.id);
    let status = if running { Status::Running } else { entry.status };
    let form = webhook.form();
    let attempts = exchanges.iter().flat_map(|exchange| &exchange.attempts);
    let sent = attempts.clone().last().map(|attempt| &attempt.request_headers);
    let last = exchanges.last();
    let answer = last.and_then(|exchange| exchange.answer.as_ref());
    let problems = last.map(|exchange| exchange.problems.as_slice()).unwrap_or_default();
    Ok(json!({
        "sid": house.store.webhook_sid(webhook.id).as_str(),
        "account_sid": webhook.account.as_str(),
        "kind": webhook.kind.as_str(),
        "purpose": webhook.purpose.as_str(),
        "resource_sid": webhook.resource.as_str(),
        "url": without_password(&webhook.url),
        "method": webhook.method.as_str(),
        "parameters": match webhook.is_json() {
            true => json!({ "events": serde_json::from_str(&webhook.parameters).unwrap_or(Value::Null) }),
            false => by_name(form.iter()),
        },
        "headers": by_name(sent.into_iter().flat_map(FieldLines::iter)),
        "status": status.as_str(),
        "late": entry.late,
        "idempotency_token": token_text(webhook.token),
        "fallback_url": webhook.fallback.as_ref().map(|target| target.url.as_str()),
        "attempts": attempts.map(show_attempt).collect::<Vec<_>>(),
        "response": answer.map(|answer| json!({
            "status": answer.status,
            "headers": by_name(answer.headers.iter()),
            "body": answer.body,
            "truncated": answer.truncated,
        })),
        "problems": problems.iter().map(show_problem).collect::<Vec<_>>(),
        "date_created": show::iso8601(webhook.created),
        "due": show::iso8601(entry.due),
    }))
}

/// Names and values as an object; a name that is there more than once has a list.
fn by_name<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> Value {
    let mut members = Map::new();
    for (name, value) in pairs {
        match members.get_mut(name) {
            None => drop(members.insert(name.to_owned(), value.into())),
            Some(Value::Array(values)) => values.push(value.into()),
            Some(one) => *one = json!([one.take(), value]),
        }
    }
    members.into()
}

fn show_attempt(attempt: &AttemptRecord) -> Value {
    let ms = |us: u64| us as f64 / 1000.0;
    let started = Timestamp::from_microsecond(attempt.started_us).unwrap_or_default();
    json!({
        "why": attempt.why,
        "url": attempt.url,
        "method": attempt.method,
        "remote_address": attempt.remote_address,
        // Wire time, and finer than other dates: attempts are a matter of milliseconds.
        "started_at": format!("{started:.6}"),
        "duration_ms": ms(attempt.duration_us),
        "connect_ms": attempt.connect_us.map(ms),
        "first_byte_ms": attempt.first_byte_us.map(ms),
        "status": attempt.status,
        "request_headers": by_name(attempt.request_headers.iter()),
        "response_headers": by_name(attempt.response_headers.iter()),
        "error": attempt.error.as_ref().map(|(code, message)| json!({
            "code": code,
            "message": message,
        })),
    })
}

fn show_problem(problem: &ProblemRecord) -> Value {
    json!({
        "code": problem.code,
        "level": problem.level,
        "message": problem.message,
        "line": problem.at.map(|at| at.0),
        "column": problem.at.map(|at| at.1),
        "more_info": exchange::alerts::codes::more_info(problem.code),
    })
}

/// A configured URL as it may be shown: its password is nobody's to read in a log.
pub(in crate::api) fn without_password(url: &str) -> String {
    let begin = url.find("://").map_or(0, |at| at + 3);
    let rest = &url[begin..];
    let authority = &rest[..rest.find(['/', '?', '#']).unwrap_or(rest.len())];
    match authority.rsplit_once('@').and_then(|(user, host)| Some((user.split_once(':')?.0, host)))
    {
        None => url.to_owned(),
        Some((user, host)) => {
            format!("{}{user}:***@{host}{}", &url[..begin], &rest[authority.len()..])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_is_there_twice_has_a_list_in_its_order() {
        let all = [("B", "1"), ("A", ""), ("B", "2"), ("B", "3")];
        assert_eq!(by_name(all.into_iter()), json!({ "B": ["1", "2", "3"], "A": "" }));
    }

    #[test]
    fn a_url_is_shown_without_its_password() {
        for (url, shown) in [
            ("https://u:p@h:1/a@b?c#d", "https://u:***@h:1/a@b?c#d"),
            ("https://u@h/", "https://u@h/"),
            ("https://h/x:y@z", "https://h/x:y@z"),
            ("https://u:p:q@h", "https://u:***@h"),
        ] {
            assert_eq!(without_password(url), shown);
        }
    }
}
