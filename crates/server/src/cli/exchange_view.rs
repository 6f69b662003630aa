//! A webhook for a person to read: its request, its answer, what was wrong; and how two differ.

use super::problems;
use super::terminal::{Style, line, one_line, plain, styled};
use serde_json::{Value, json};

/// Lines of an answer's body that are shown.
const BODY_LINES_MAX: usize = 40;
/// `10:00:00.123`
const TIME_CHARACTERS_MAX: usize = 12;
/// What every request has; shown where it differs.
const USUAL: &[&str] = &["ApiVersion", "AccountSid", "SmsMessageSid", "SmsSid", "SmsStatus"];

/// Writes a webhook: a line for what it was, then the parameters sent and the answer.
pub(super) fn write(webhook: &Value) {
    let text = |name: &str| one_line(webhook[name].as_str().unwrap_or_default());
    let attempts = webhook["attempts"].as_array().map_or(&[][..], Vec::as_slice);
    let last = attempts.last().unwrap_or(&Value::Null);
    let head = format!(
        "{} {} {} {}",
        styled(Style::Dim, &time_of(webhook)),
        styled(Style::Cyan, &format!("{:<4}", text("kind"))),
        text("method"),
        styled(Style::Bold, &text("url")),
    );
    let late = if webhook["late"] == true { "  late" } else { "" };
    let rest = format!("  {}{late}", text("sid"));
    line(format_args!("{head}  {}{}", outcome(webhook, last), styled(Style::Dim, &rest)));
    let sent = parameters(webhook);
    if !sent.is_empty() {
        line(format_args!("  {} {}", styled(Style::Dim, "▸"), sent.join("  ")));
    }
    for attempt in attempts.iter().skip(1) {
        line(format_args!("  {}", styled(Style::Dim, &again(attempt))));
    }
    write_answer(webhook);
    write_problems(webhook);
}

/// Writes everything about a webhook: each request and its answer, with headers, as on the wire.
pub(super) fn write_whole(webhook: &Value) {
    let text = |name: &str| one_line(webhook[name].as_str().unwrap_or_default());
    let field = |name: &str, value: &str| {
        line(format_args!("{} {value}", styled(Style::Dim, &format!("{name:<9}"))));
    };
    field("webhook", &format!("{}, {} {}", text("sid"), text("kind"), text("status")));
    field("about", &format!("{}, {}", text("resource_sid"), text("purpose")));
    field("created", &text("date_created"));
    field("token", &text("idempotency_token"));
    for attempt in webhook["attempts"].as_array().into_iter().flatten() {
        line(format_args!(""));
        write_attempt(attempt);
    }
    line(format_args!("\n{}", styled(Style::Bold, "Parameters")));
    for (name, value) in pairs(webhook) {
        let name = styled(Style::Dim, &name);
        line(format_args!("  {name}={}", one_line(&value)));
    }
    let response = &webhook["response"];
    if response.is_object() {
        let cut = if response["truncated"] == true { ", cut off" } else { "" };
        let title = format!("Answer {}{cut}", response["status"]);
        line(format_args!("\n{}", styled(Style::Bold, &title)));
        line(format_args!("{}", plain(response["body"].as_str().unwrap_or_default())));
    }
    write_problems(webhook);
}

/// One request on the wire: what was sent, what came back, how long it took.
fn write_attempt(attempt: &Value) {
    let text = |name: &str| one_line(attempt[name].as_str().unwrap_or_default());
    let head = format!("{} {}", text("method"), text("url"));
    let ms = |name: &str, what: &str| {
        attempt[name].as_f64().map(|ms| format!(", {what} {ms:.1} ms")).unwrap_or_default()
    };
    let times = format!(
        "{} at {}{}{}{}",
        text("why"),
        text("started_at"),
        ms("connect_ms", "connected in"),
        ms("first_byte_ms", "first byte after"),
        ms("duration_ms", "ended after"),
    );
    line(format_args!("{}\n{}", styled(Style::Bold, &head), styled(Style::Dim, &times)));
    write_headers(&attempt["request_headers"], "▸");
    if let Some(status) = attempt["status"].as_u64() {
        // A bin of the house is asked without a connection.
        let from = attempt["remote_address"].as_str().map_or("this house".into(), one_line);
        line(format_args!("{} {status} from {from}", styled(Style::Dim, "◂")));
        write_headers(&attempt["response_headers"], "◂");
    }
    if attempt["error"].is_object() {
        let error = format!("! {}", problems::shown(&attempt["error"]));
        line(format_args!("{}", styled(Style::Red, &error)));
    }
}

fn write_headers(headers: &Value, mark: &str) {
    for (name, value) in headers.as_object().into_iter().flatten() {
        let values = match value {
            Value::Array(values) => values.as_slice(),
            one => std::slice::from_ref(one),
        };
        for value in values {
            let value = one_line(value.as_str().unwrap_or_default());
            line(format_args!("{} {}: {value}", styled(Style::Dim, mark), one_line(name)));
        }
    }
}

fn write_problems(webhook: &Value) {
    for problem in webhook["problems"].as_array().into_iter().flatten() {
        let style = if problem["level"] == "error" { Style::Red } else { Style::Yellow };
        let text = format!("  ! {}", problems::shown(problem));
        line(format_args!("{}", styled(style, &text)));
    }
}

/// The clock time of the first request, as UTC.
fn time_of(webhook: &Value) -> String {
    let began = webhook["attempts"][0]["started_at"].as_str();
    let text = began.or(webhook["date_created"].as_str()).unwrap_or_default();
    let clock = text.split_once('T').map_or(text, |(_, clock)| clock);
    let clock = one_line(clock.trim_end_matches('Z'));
    clock.chars().take(TIME_CHARACTERS_MAX).collect()
}

/// Status and time of the answer, or how it failed.
fn outcome(webhook: &Value, last: &Value) -> String {
    let ms = last["duration_ms"].as_f64().map(|ms| format!(" {ms:.0} ms")).unwrap_or_default();
    let is_good = webhook["status"] == "done";
    let style = if is_good { Style::Green } else { Style::Red };
    let said = match (last["status"].as_u64(), webhook["status"].as_str()) {
        (Some(status), Some("done")) => status.to_string(),
        (Some(status), Some(word)) => format!("{status} {word}"),
        (None, Some(word)) => word.to_owned(),
        _ => String::new(),
    };
    let error = &last["error"];
    let has_error = error.is_object() && !is_good && webhook["problems"].get(0).is_none();
    let why = if has_error { format!(" ({})", problems::shown(error)) } else { String::new() };
    styled(style, &one_line(&format!("{said}{ms}{why}")))
}

/// An attempt after the first.
fn again(attempt: &Value) -> String {
    let text = |name: &str| one_line(attempt[name].as_str().unwrap_or_default());
    let status = attempt["status"].as_u64().map(|s| s.to_string()).unwrap_or_default();
    format!("{}: {} {} {status}", text("why"), text("method"), text("url"))
}

fn write_answer(webhook: &Value) {
    let body = plain(webhook["response"]["body"].as_str().unwrap_or_default());
    for (at, text) in body.lines().take(BODY_LINES_MAX).enumerate() {
        let mark = if at == 0 { "◂" } else { " " };
        line(format_args!("  {} {text}", styled(Style::Dim, mark)));
    }
    let more = body.lines().count().saturating_sub(BODY_LINES_MAX);
    if more > 0 {
        line(format_args!("    {}", styled(Style::Dim, &format!("… {more} more lines"))));
    }
}

/// `Name=value` of what is worth seeing.
fn parameters(webhook: &Value) -> Vec<String> {
    pairs(webhook)
        .into_iter()
        .filter(|(name, value)| !value.is_empty() && !USUAL.contains(&name.as_str()))
        .map(|(name, value)| format!("{}={}", styled(Style::Dim, &name), one_line(&value)))
        .collect()
}

/// Every parameter; one that was sent several times has several pairs.
fn pairs(webhook: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let mut all = Vec::new();
    for (name, value) in webhook["parameters"].as_object().into_iter().flatten() {
        let name = one_line(name);
        match value {
            Value::Array(values) => {
                all.extend(values.iter().map(|value| (name.clone(), text(value))));
            }
            value => all.push((name, text(value))),
        }
    }
    all
}

/// Where two webhooks differ.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Difference {
    what: String,
    one: Option<String>,
    other: Option<String>,
}

impl Difference {
    /// For `--json`.
    pub(super) fn to_json(&self) -> Value {
        json!({ "what": self.what, "one": self.one, "other": self.other })
    }

    /// `- name: value` of the one, `+ name: value` of the other.
    pub(super) fn write(&self) {
        for (mark, style, value) in [('-', Style::Red, &self.one), ('+', Style::Green, &self.other)]
        {
            for text in value.iter().flat_map(|value| value.split('\n')) {
                let text = format!("{mark} {}: {}", self.what, plain(text));
                line(format_args!("{}", styled(style, &text)));
            }
        }
    }
}

/// Compares URL, method, parameters, status and answer of two webhooks.
pub(super) fn differences(one: &Value, other: &Value) -> Vec<Difference> {
    let mut found = Vec::new();
    let mut compare = |what: &str, a: Option<String>, b: Option<String>| {
        if a != b {
            found.push(Difference { what: what.to_owned(), one: a, other: b });
        }
    };
    let text = |value: &Value| match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    };
    for field in ["method", "url"] {
        compare(field, text(&one[field]), text(&other[field]));
    }
    let (sent, sent_too) = (pairs(one), pairs(other));
    let mut names: Vec<&str> =
        sent.iter().chain(&sent_too).map(|(name, _)| name.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    for name in names {
        let values = |pairs: &[(String, String)]| {
            let of: Vec<&str> =
                pairs.iter().filter(|(n, _)| n == name).map(|(_, v)| v.as_str()).collect();
            (!of.is_empty()).then(|| of.join(", "))
        };
        compare(name, values(&sent), values(&sent_too));
    }
    compare("status", text(&one["status"]), text(&other["status"]));
    let answers = (&one["response"], &other["response"]);
    compare("answer status", text(&answers.0["status"]), text(&answers.1["status"]));
    compare("answer", text(&answers.0["body"]), text(&answers.1["body"]));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_webhooks_differ_in_what_was_sent_and_what_came_back() {
        let one = json!({
            "method": "POST", "url": "http://h/", "status": "done",
            "parameters": { "Body": "hi", "From": "+1", "X": ["a", "b"] },
            "response": { "status": 200, "body": "<Response/>" },
        });
        let mut other = one.clone();
        assert!(differences(&one, &other).is_empty());
        other["parameters"]["Body"] = "ho".into();
        other["parameters"]["X"] = json!(["a"]);
        other["parameters"].as_object_mut().expect("an object").remove("From");
        other["response"]["status"] = 500.into();
        let found: Vec<String> =
            differences(&one, &other).iter().map(|d| d.to_json().to_string()).collect();
        assert_eq!(
            found,
            [
                r#"{"one":"hi","other":"ho","what":"Body"}"#,
                r#"{"one":"+1","other":null,"what":"From"}"#,
                r#"{"one":"a, b","other":"a","what":"X"}"#,
                r#"{"one":"200","other":"500","what":"answer status"}"#,
            ]
        );
    }
}
