//! The 2010 API's other formats: `.xml` for everything, `.csv` for lists.
//!
//! Handlers know JSON only. An answer to who asked for another format is made from it on its way
//! out, by one rule for every resource: names become PascalCase, a list's paging becomes attributes
//! of its element, an error is a `RestException`. Contract: rest.md 1.1; docs/fidelity.md has the
//! rest.

use super::door::{AskedPath, Format};
use super::error::ApiError;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use exchange::refusal::Refusal;
use serde_json::{Map, Value};

/// Bytes of an answer of ours that is made into another format: a thousand of the largest items.
const ANSWER_BYTES_MAX: usize = 256 * 1024 * 1024;
/// Kinds of number that are a path's last word, and no resource of their own.
const KINDS: &[&str] = &["Local", "Mobile", "TollFree"];

/// A format other than JSON that a request asks for.
pub(super) struct Wish {
    format: Format,
    /// The path as it was asked for, and as it is routed.
    asked: String,
    path: String,
    method: Method,
}

/// The format that a request asks for, unless it is JSON.
pub(super) fn wish(request: &Request) -> Option<Wish> {
    let format = *request.extensions().get::<Format>()?;
    let path = request.uri().path().to_owned();
    let asked = request.extensions().get::<AskedPath>();
    let asked = asked.map_or_else(|| path.clone(), |asked| asked.0.clone());
    Some(Wish { format, asked, path, method: request.method().clone() })
}

impl Wish {
    /// Whether nothing has that format: tables are of what is read.
    pub(super) fn is_out_of_place(&self) -> bool {
        self.format == Format::Csv && ![Method::GET, Method::HEAD].contains(&self.method)
    }

    /// 404 for the path as it was asked for.
    pub(super) fn not_found(&self) -> Response {
        ApiError(Refusal::not_found(&self.asked)).into_response()
    }

    /// An answer in that format.
    pub(super) async fn shape(self, response: Response) -> Response {
        if self.is_out_of_place() {
            return response;
        }
        shape(self, response).await
    }
}

async fn shape(wish: Wish, response: Response) -> Response {
    let Wish { format, path, .. } = &wish;
    let heads_only = wish.method == Method::HEAD;
    let json = response.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    // Without a body there is nothing to make anything of.
    if heads_only || !json.is_some_and(|text| text.starts_with("application/json")) {
        return response;
    }
    let (mut head, body) = response.into_parts();
    let read = to_bytes(body, ANSWER_BYTES_MAX).await.ok();
    let Some(value) = read.and_then(|bytes| serde_json::from_slice::<Value>(&bytes).ok()) else {
        return ApiError(Refusal::internal()).into_response();
    };
    let (content_type, text) = match format {
        Format::Xml => ("application/xml;charset=utf-8", xml(path, &value)),
        // What went wrong is told as it is told to everybody.
        Format::Csv if !head.status.is_success() => ("application/json", value.to_string()),
        Format::Csv => match list(&value) {
            Some((_, items)) => ("text/csv;charset=utf-8", csv(items)),
            None => return wish.not_found(),
        },
    };
    let next_page = value["next_page_uri"].as_str().filter(|_| head.status == StatusCode::OK);
    if let Some(uri) = next_page.filter(|_| *format == Format::Csv)
        && let Ok(link) = HeaderValue::from_str(&format!("<{uri}>; rel=\"next\""))
    {
        head.headers.insert(header::LINK, link);
    }
    head.headers.remove(header::CONTENT_LENGTH);
    head.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    Response::from_parts(head, Body::from(text))
}

/// The items of a page, under their name.
fn list(value: &Value) -> Option<(&str, &[Value])> {
    value.get("page_size")?;
    let mut members = value.as_object()?.iter();
    members.find_map(|(name, value)| Some((name.as_str(), value.as_array()?.as_slice())))
}

/// The document of an answer.
fn xml(path: &str, value: &Value) -> String {
    let mut text = "<?xml version='1.0' encoding='UTF-8'?>\n<TwilioResponse>".to_owned();
    if let Some((name, items)) = list(value) {
        let element = pascal(name);
        text.push_str(&format!("<{element}"));
        for (name, value) in value.as_object().into_iter().flatten().filter(|(_, v)| !v.is_array())
        {
            let shown = plain(value);
            text.push_str(&format!(" {}=\"{}\"", name.replace('_', ""), escaped(&shown)));
        }
        text.push('>');
        let item = singular(element.strip_suffix("List").unwrap_or(&element));
        items.iter().for_each(|one| member(&item, one, &mut text));
        text.push_str(&format!("</{element}>"));
    } else if value.get("code").is_some() && value.get("more_info").is_some() {
        member("RestException", value, &mut text);
    } else {
        member(&resource(path), value, &mut text);
    }
    text.push_str("</TwilioResponse>\n");
    text
}

/// What the resource at a path is called: its collection, if it is one of several.
fn resource(path: &str) -> String {
    let mut segments: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).skip(1).collect();
    // Names and sids stand in turn.
    if segments.len().is_multiple_of(2) {
        segments.pop();
    }
    while segments.last().is_some_and(|last| KINDS.contains(last)) {
        segments.pop();
    }
    singular(segments.last().unwrap_or(&"Resource"))
}

fn singular(name: &str) -> String {
    let one = name.strip_suffix("sses").map(|stem| format!("{stem}ss"));
    one.unwrap_or_else(|| name.strip_suffix('s').unwrap_or(name).to_owned())
}

/// `num_media` as `NumMedia`.
fn pascal(name: &str) -> String {
    let mut text = String::with_capacity(name.len());
    for word in name.split('_') {
        let mut letters = word.chars();
        text.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        text.push_str(letters.as_str());
    }
    text
}

fn member(name: &str, value: &Value, text: &mut String) {
    match value {
        Value::Null => text.push_str(&format!("<{name}/>")),
        Value::Object(members) => {
            text.push_str(&format!("<{name}>"));
            inside(members, text);
            text.push_str(&format!("</{name}>"));
        }
        Value::Array(items) => {
            text.push_str(&format!("<{name}>"));
            items.iter().for_each(|one| member(&singular(name), one, text));
            text.push_str(&format!("</{name}>"));
        }
        value => text.push_str(&format!("<{name}>{}</{name}>", escaped(&plain(value)))),
    }
}

fn inside(members: &Map<String, Value>, text: &mut String) {
    for (name, value) in members {
        member(&pascal(name), value, text);
    }
}

/// A value as text. What leads to another resource names it without a format.
fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) if text.starts_with("/2010-04-01/") => {
            text.strip_suffix(".json").unwrap_or(text).to_owned()
        }
        Value::String(text) => text.clone(),
        value => value.to_string(),
    }
}

/// Text as XML has it; characters that it can't have are replaced.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for sign in text.chars() {
        match sign {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\r' => escaped.push_str("&#13;"),
            '\n' => escaped.push_str("&#10;"),
            '\t' => escaped.push_str("&#9;"),
            sign if sign.is_control() && sign < ' ' => escaped.push('\u{fffd}'),
            '\u{fffe}' | '\u{ffff}' => escaped.push('\u{fffd}'),
            sign => escaped.push(sign),
        }
    }
    escaped
}

/// A page as a table: a line of names, and one for each item (RFC 4180). What is no plain value has
/// no column.
fn csv(items: &[Value]) -> String {
    let Some(first) = items.first().and_then(Value::as_object) else { return String::new() };
    let is_plain = |value: &Value| !value.is_object() && !value.is_array();
    let names: Vec<&String> =
        first.iter().filter(|(_, value)| is_plain(value)).map(|(name, _)| name).collect();
    let line = |fields: Vec<String>| format!("{}\r\n", fields.join(","));
    let mut text = line(names.iter().map(|name| field(&pascal(name))).collect());
    for item in items {
        text.push_str(&line(
            names.iter().map(|name| field(&plain(&item[name.as_str()]))).collect(),
        ));
    }
    text
}

fn field(text: &str) -> String {
    if text.contains(['"', ',', '\r', '\n']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn resources_lists_and_errors_have_their_elements() {
        let head = "<?xml version='1.0' encoding='UTF-8'?>\n<TwilioResponse>";
        let one = json!({ "body": "a < \"b\"\u{1}", "price": null, "error_code": 7,
                          "uri": "/2010-04-01/Accounts/AC1/Messages/SM1.json",
                          "subresource_uris": { "media": "/2010-04-01/x.json" } });
        let shown = "<Body>a &lt; &quot;b&quot;\u{fffd}</Body><ErrorCode>7</ErrorCode><Price/>\
                     <SubresourceUris><Media>/2010-04-01/x</Media></SubresourceUris>\
                     <Uri>/2010-04-01/Accounts/AC1/Messages/SM1</Uri>";
        for (path, value, expected) in [
            (
                "/2010-04-01/Accounts/AC1/Messages/SM1",
                one.clone(),
                format!("<Message>{shown}</Message>"),
            ),
            (
                "/2010-04-01/Accounts/AC1/Messages",
                one.clone(),
                format!("<Message>{shown}</Message>"),
            ),
            (
                "/2010-04-01/Accounts/AC1/Messages",
                json!({ "page": 0, "page_size": 50, "next_page_uri": null, "messages": [one] }),
                format!(
                    "<Messages nextpageuri=\"\" page=\"0\" pagesize=\"50\">\
                     <Message>{shown}</Message></Messages>"
                ),
            ),
            (
                "/2010-04-01/Accounts/AC1/Messages/MM1/Media",
                json!({ "page_size": 1, "media_list": [{ "sid": "ME1" }] }),
                "<MediaList pagesize=\"1\"><Media><Sid>ME1</Sid></Media></MediaList>".into(),
            ),
            (
                "/2010-04-01/Accounts/AC1/IncomingPhoneNumbers/Local",
                json!({ "sid": "PN1", "capabilities": { "sms": true } }),
                "<IncomingPhoneNumber><Capabilities><Sms>true</Sms></Capabilities><Sid>PN1</Sid>\
                 </IncomingPhoneNumber>"
                    .into(),
            ),
            (
                "/2010-04-01/Accounts/AC1",
                json!({ "sid": "AC1" }),
                "<Account><Sid>AC1</Sid></Account>".into(),
            ),
            ("/2010-04-01/Accounts/AC1/Addresses/AD1", json!({}), "<Address></Address>".into()),
            (
                "/2010-04-01/x",
                json!({ "code": 20404, "message": "m", "more_info": "i", "status": 404 }),
                "<RestException><Code>20404</Code><Message>m</Message><MoreInfo>i</MoreInfo>\
                 <Status>404</Status></RestException>"
                    .into(),
            ),
        ] {
            assert_eq!(xml(path, &value), format!("{head}{expected}</TwilioResponse>\n"), "{path}");
        }
    }

    #[test]
    fn a_table_has_a_column_for_each_plain_value_and_quotes_what_needs_it() {
        let items = [
            json!({ "body": "a, \"b\"\nc", "sid": "SM1", "error_code": null, "more": {} }),
            json!({ "body": "d", "sid": "SM2", "error_code": 30003, "more": {} }),
        ];
        let expected = "Body,ErrorCode,Sid\r\n\"a, \"\"b\"\"\nc\",,SM1\r\nd,30003,SM2\r\n";
        assert_eq!(csv(&items), expected);
        assert_eq!(csv(&[]), "");
    }
}
