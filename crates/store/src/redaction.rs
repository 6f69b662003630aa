//! A message loses its text: also in the log of its webhooks, in alerts about them, and in what the
//! debugger was told of those. Called by the writer, in the transaction that redacts or deletes the
//! message.
//!
//! What goes is the parameter `Body` wherever it stands, and every answer of the message's own
//! webhooks, or of the asks whose answer made it: there the text can be written in many ways. A
//! webhook that is on its way comes home later with more of it: the writer keeps it in mind
//! ([`Forgetting`]) and calls here again.

use crate::StoreError;
use crate::row::{all, first};
use exchange::sid::MessageSid;
use rusqlite::{Connection, params};
use serde_json::Value;
use std::collections::HashMap;
use webhook::Form;

/// The parameter that is the text.
const TEXT: &str = "Body";

/// Webhooks that are still to come home, with the message whose text they may bring. No more than
/// wait in the store.
pub(crate) type Forgetting = HashMap<i64, Forgotten>;

/// A message whose text is forgotten.
#[derive(Debug, Clone)]
pub(crate) struct Forgotten {
    account: String,
    sid: String,
    /// The message whose ask was answered with it.
    asked: Option<String>,
}

/// What has to be forgotten of a message; a conflict when it is not there.
pub(crate) fn of(db: &Connection, sid: MessageSid) -> Result<Forgotten, StoreError> {
    let parts = sid.parts();
    let found = first(
        db.prepare_cached("SELECT account, in_reply_to FROM messages WHERE id=? AND tail=?")?
            .query(params![parts.key, parts.tail as i64])?,
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    let (account, asked) = found.ok_or(StoreError::Conflict)?;
    Ok(Forgotten { account, sid: sid.to_string(), asked })
}

/// Takes the text out of everything but the message itself.
pub(crate) fn forget(
    db: &Connection,
    what: &Forgotten,
    coming_home: &mut Forgetting,
) -> Result<(), StoreError> {
    for resource in [Some(&what.sid), what.asked.as_ref()].into_iter().flatten() {
        let own = *resource == what.sid;
        for (id, waits, parameters) in rows(db, &what.account, resource)? {
            if waits {
                coming_home.insert(id, what.clone());
            }
            if own {
                let sql = "UPDATE webhooks SET parameters=? WHERE id=?";
                db.prepare_cached(sql)?.execute(params![without_text(&parameters), id])?;
            }
            forget_answers(db, id, waits, own)?;
        }
        forget_alerts(db, what, resource)?;
    }
    Ok(())
}

/// The webhooks of a resource: row, whether it waits still, parameters.
fn rows(
    db: &Connection,
    account: &str,
    resource: &str,
) -> Result<Vec<(i64, bool, String)>, StoreError> {
    let sql = "SELECT id, status=2, parameters FROM webhooks WHERE account=? AND resource=?";
    let mut statement = db.prepare_cached(sql)?;
    all(statement.query([account, resource])?, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
}

/// Empties the answers of a webhook and, for the message's own, the URLs that carried the text.
fn forget_answers(db: &Connection, id: i64, waits: bool, own: bool) -> Result<(), StoreError> {
    if !waits {
        // What is left of a document to go on with; nothing goes on any more.
        db.prepare_cached("UPDATE webhooks SET context=NULL WHERE id=?")?.execute([id])?;
    }
    db.prepare_cached("UPDATE exchanges SET answer=NULL WHERE webhook=?")?.execute([id])?;
    if !own {
        return Ok(());
    }
    let sql = "SELECT begun_us, attempts FROM exchanges WHERE webhook=?";
    let exchanges: Vec<(i64, String)> =
        all(db.prepare_cached(sql)?.query([id])?, |row| Ok((row.get(0)?, row.get(1)?)))?;
    for (begun_us, attempts) in exchanges {
        let mut attempts = read(&attempts, "exchange")?;
        for attempt in attempts.as_array_mut().into_iter().flatten() {
            forget_url(&mut attempt["url"]);
        }
        let sql = "UPDATE exchanges SET attempts=? WHERE webhook=? AND begun_us=?";
        db.prepare_cached(sql)?.execute(params![attempts.to_string(), id, begun_us])?;
    }
    Ok(())
}

/// The same for the alerts about a resource, and for the events that told of them.
fn forget_alerts(db: &Connection, what: &Forgotten, resource: &str) -> Result<(), StoreError> {
    let sql = "SELECT id, tail, text, request FROM alerts WHERE account=? AND resource=?";
    let found: Vec<(i64, i64, String, Option<String>)> =
        all(db.prepare_cached(sql)?.query(params![what.account, resource])?, |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
        })?;
    for (id, tail, text, request) in found {
        let mut text = Form::parse(text.as_bytes()).unwrap_or_default();
        if let Some(url) = text.get("url").map(url_without_text) {
            text.set("url", url);
        }
        let mut request = request.map(|text| read(&text, "request")).transpose()?;
        if let Some(request) = &mut request {
            request["response_body"] = "".into();
            forget_url(&mut request["url"]);
            if let Some(variables) = request["variables"].as_str().map(without_text) {
                request["variables"] = variables.into();
            }
        }
        let request = request.map(|request| request.to_string());
        db.prepare_cached("UPDATE alerts SET text=?, request=? WHERE id=?")?.execute(params![
            text.encode(),
            request,
            id
        ])?;
        let parts = exchange::sid::Parts { key: id, tail: tail as u64 };
        let sid = exchange::sid::AlertSid::from_parts(parts);
        for (row, _, parameters) in rows(db, &what.account, sid.as_str())? {
            db.prepare_cached("UPDATE webhooks SET parameters=? WHERE id=?")?
                .execute(params![event_without_text(&parameters), row])?;
        }
    }
    Ok(())
}

/// A debugger event whose request and answer say no text; it stays an event.
fn event_without_text(parameters: &str) -> String {
    let mut form = Form::parse(parameters.as_bytes()).unwrap_or_default();
    let payload = form.get("Payload").and_then(|text| serde_json::from_str::<Value>(text).ok());
    let Some(mut payload) = payload else { return parameters.to_owned() };
    forget_url(&mut payload["more_info"]["url"]);
    if let Some(webhook) = payload.get_mut("webhook") {
        forget_url(&mut webhook["request"]["url"]);
        if let Some(text) = webhook["request"]["parameters"].get_mut(TEXT) {
            *text = "".into();
        }
        webhook["response"]["body"] = Value::Null;
    }
    form.set("Payload", payload.to_string());
    form.encode()
}

fn read(json: &str, what: &'static str) -> Result<Value, StoreError> {
    serde_json::from_str(json).map_err(|_| StoreError::Unreadable(what))
}

fn forget_url(url: &mut Value) {
    if let Some(text) = url.as_str().map(url_without_text) {
        *url = text.into();
    }
}

/// A GET carries the parameters in its URL.
fn url_without_text(url: &str) -> String {
    match url.split_once('?') {
        None => url.to_owned(),
        Some((before, query)) => format!("{before}?{}", without_text(query)),
    }
}

/// Events for a sink (JSON) whose data say no text.
fn events_without_text(json: &str) -> String {
    let Ok(mut events) = serde_json::from_str::<Value>(json) else { return "[]".to_owned() };
    for event in events.as_array_mut().into_iter().flatten() {
        if let Some(text) = event["data"].get_mut("body") {
            *text = "".into();
        }
    }
    events.to_string()
}

/// Parameters whose text is empty; all else stays as it was encoded.
fn without_text(parameters: &str) -> String {
    if parameters.starts_with('[') {
        return events_without_text(parameters);
    }
    let emptied = parameters.split('&').map(|pair| match pair.split_once('=') {
        Some((TEXT, _)) => "Body=",
        _ => pair,
    });
    emptied.collect::<Vec<_>>().join("&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_text_is_emptied() {
        for (parameters, emptied) in [
            ("", ""),
            ("Body=hi+there", "Body="),
            ("To=%2B1&Body=a%26Body%3Db&From=%2B2", "To=%2B1&Body=&From=%2B2"),
            ("NoBody=x&Body1=y&Bodyz", "NoBody=x&Body1=y&Bodyz"),
        ] {
            assert_eq!(without_text(parameters), emptied);
        }
        let event = r#"[{"data":{"body":"hi","to":"+1"}}]"#;
        assert_eq!(without_text(event), r#"[{"data":{"body":"","to":"+1"}}]"#);
        assert_eq!(url_without_text("http://a/x?a=b&Body=hi"), "http://a/x?a=b&Body=");
        assert_eq!(url_without_text("http://a/Body=hi"), "http://a/Body=hi");
    }
}
