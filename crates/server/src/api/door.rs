//! What a request means before it is routed: which product its Host names, and its format.
//!
//! `/2010-04-01/….json` is routed without its ending, as are `.xml` and `.csv`; a product's Host
//! (`messaging.twilio.com`, `messaging.dublin.ie1.twilio.com`) becomes its first path segment.
//! The path as it was asked for travels along: answers show that one. Contract: rest.md 2.

use axum::extract::Request;
use axum::http::{Uri, header};
use std::net::{IpAddr, SocketAddr};

/// The path as it was asked for.
#[derive(Debug, Clone)]
pub(crate) struct AskedPath(pub String);

impl AskedPath {
    /// Whether a path that is also a file's asks for what is known of it.
    pub(crate) fn names_metadata(path: &str) -> bool {
        [".json", XML, CSV].iter().any(|ending| path.ends_with(ending))
    }
}

/// The format that was asked for, where it is not JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    /// `.xml`, or `Accept` begins with it.
    Xml,
    /// `.csv`, for lists.
    Csv,
}

const XML: &str = ".xml";
const CSV: &str = ".csv";
/// The one API that has formats.
const CLASSIC: &str = "/2010-04-01/";

/// Scheme and authority the asker reaches us under, without a slash at the end.
#[derive(Debug, Clone, Default)]
pub(crate) struct Base {
    /// `http://127.0.0.1:4665`, `http://messaging.twilio.com`, …
    pub url: String,
}

/// The address that asks.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Peer(pub IpAddr);

/// What a listener knows of its connections.
#[derive(Debug, Clone, Copy)]
pub struct Connection {
    /// `http` or `https`.
    pub scheme: &'static str,
    /// The address that listens.
    pub local: SocketAddr,
    /// Whether twilio Hosts are answered.
    pub twilio_hosts: bool,
    /// Who is at the other end, when that is known.
    pub peer: Option<IpAddr>,
}

/// A path that no route has.
const NOWHERE: &str = "/-";

/// Products whose bare `/v1/…` path is recognised by its shape.
const SHAPES: &[(&str, &str)] = &[
    ("/v1/Services", "messaging"),
    ("/v1/Alerts", "monitor"),
    ("/v1/Events", "monitor"),
    ("/v1/Sinks", "events"),
    ("/v1/Subscriptions", "events"),
    ("/v1/Types", "events"),
    ("/v1/Schemas", "events"),
];

/// Prepares a request for the router.
pub fn enter(mut request: Request, connection: Connection) -> Request {
    let host = request
        .headers()
        .get(header::HOST)
        .and_then(|value| value.to_str().ok())
        .map(str::to_owned)
        .or_else(|| request.uri().authority().map(ToString::to_string))
        .unwrap_or_else(|| connection.local.to_string());
    let asked = request.uri().path().to_owned();
    let product = product_of(&host);
    let routed = match product {
        // Elsewhere than on loopback Twilio's names are not ours to answer (DESIGN section 3).
        Some(_) if !connection.twilio_hosts => NOWHERE.to_owned(),
        product => route(&asked, product),
    };
    if routed != asked {
        let text = match request.uri().query() {
            Some(query) => format!("{routed}?{query}"),
            None => routed,
        };
        if let Ok(uri) = text.parse::<Uri>() {
            *request.uri_mut() = uri;
        }
    }
    if let Some(format) = format(&asked, &request) {
        request.extensions_mut().insert(format);
    }
    let base = Base { url: format!("{}://{host}", connection.scheme) };
    // An `/api` prefix is not part of the paths we show (rest.md 2).
    let asked = asked.strip_prefix("/api/").map_or(asked.clone(), |rest| format!("/{rest}"));
    if let Some(peer) = connection.peer {
        request.extensions_mut().insert(Peer(peer));
    }
    request.extensions_mut().insert(AskedPath(asked));
    request.extensions_mut().insert(base);
    request
}

/// The format of a request to the 2010 API, unless it is JSON.
fn format(asked: &str, request: &Request) -> Option<Format> {
    if !request.uri().path().starts_with(CLASSIC) {
        return None;
    }
    let accepted = || {
        let accept = request.headers().get(header::ACCEPT)?.to_str().ok()?;
        let first = accept.trim_start();
        (first.starts_with("application/xml") || first.starts_with("text/xml"))
            .then_some(Format::Xml)
    };
    match asked {
        path if path.ends_with(XML) => Some(Format::Xml),
        path if path.ends_with(CSV) => Some(Format::Csv),
        path if path.ends_with(".json") => None,
        _ => accepted(),
    }
}

/// The product that a Host of Twilio's names.
fn product_of(host: &str) -> Option<&str> {
    let name = host.split(':').next().unwrap_or(host);
    let labels = name.strip_suffix(".twilio.com")?;
    let product = labels.split('.').next()?;
    (labels.split('.').count() <= 3).then_some(product)
}

fn route(path: &str, product: Option<&str>) -> String {
    let path = path.strip_prefix("/api/").map_or(path.to_owned(), |rest| format!("/{rest}"));
    let path = match product {
        None => path,
        // A bin's document, under Twilio's name for it.
        Some("handler") if path.starts_with("/twiml/") => path,
        Some("api") if path.starts_with("/2010-04-01") => path,
        Some(product) => format!("/{product}{path}"),
    };
    if path.starts_with(CLASSIC) {
        let bare = [".json", XML, CSV].iter().find_map(|ending| path.strip_suffix(ending));
        return bare.map_or(path.clone(), str::to_owned);
    }
    match SHAPES.iter().find(|(shape, _)| path.starts_with(shape)) {
        Some((_, product)) => format!("/{product}{path}"),
        None => path,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twilios_hosts_lead_nowhere_where_they_are_not_answered() {
        for (twilio_hosts, routed) in [(true, "/monitor/v1/Alerts"), (false, NOWHERE)] {
            let request = Request::builder()
                .uri("/v1/Alerts")
                .header(header::HOST, "monitor.twilio.com")
                .body(axum::body::Body::empty())
                .expect("a request");
            let local = SocketAddr::from(([0, 0, 0, 0], 4665));
            let entered =
                enter(request, Connection { scheme: "http", local, twilio_hosts, peer: None });
            assert_eq!(entered.uri().path(), routed);
        }
    }

    #[test]
    fn hosts_and_prefixes_lead_to_the_same_routes() {
        for (host, path, routed) in [
            ("127.0.0.1:4665", "/2010-04-01/Accounts.json", "/2010-04-01/Accounts"),
            ("api.twilio.com", "/2010-04-01/Accounts.json", "/2010-04-01/Accounts"),
            ("api.twilio.com", "/2010-04-01/Accounts.xml", "/2010-04-01/Accounts"),
            ("127.0.0.1:4665", "/2010-04-01/Accounts.csv", "/2010-04-01/Accounts"),
            ("api.dublin.ie1.twilio.com", "/2010-04-01/Accounts.json", "/2010-04-01/Accounts"),
            ("localhost", "/api/2010-04-01/Accounts.json", "/2010-04-01/Accounts"),
            ("monitor.twilio.com", "/v1/Alerts", "/monitor/v1/Alerts"),
            ("127.0.0.1:4665", "/monitor/v1/Alerts", "/monitor/v1/Alerts"),
            ("127.0.0.1:4665", "/v1/Alerts", "/monitor/v1/Alerts"),
            ("handler.twilio.com", "/twiml/EH1", "/twiml/EH1"),
            ("handler.twilio.com", "/offhook/v1/Bins", "/handler/offhook/v1/Bins"),
            // Under a host of Twilio's only its product's routes are there.
            ("api.twilio.com", "/offhook/v1/Bins", "/api/offhook/v1/Bins"),
        ] {
            assert_eq!(route(path, product_of(host)), routed, "{host} {path}");
        }
    }
}
