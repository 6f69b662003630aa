//! Why a signature does not fit: tries what commonly goes wrong between sender and receiver.
//!
//! Called by `verify` once a request is refused; whatever it finds, the request stays refused.
//! It walks likely changes (scheme, port, last slash, query, method, one parameter) and names the
//! first that fits. The work is bounded by the named maxima, because anybody can send a request
//! with a wrong signature. Causes: Twilio's "Webhooks security" troubleshooting, SDK issue threads.

use crate::form::{Form, parse_query_leniently};
use crate::mismatch::Mismatch;
use crate::signature::{append_body_hash, append_query, body_hash};
use crate::url::Parts;
use crate::verify::Attempt;

/// Longest URL and body together, in bytes, for which reasons are looked for.
const DIAGNOSIS_BYTES_MAX: usize = 32 * 1024;

/// Most parameters that are left out one by one, and most places where a query is cut in two.
const PARAMETERS_TRIED_MAX: usize = 64;

/// Ports that development servers and proxies listen on, tried where everything else is as seen.
const USUAL_PORTS: [&str; 7] = [":443", ":80", ":8443", ":8080", ":8000", ":5000", ":3000"];

/// How many spellings of the port are tried with a changed parameter: seen, none, the default.
const PORTS_WITH_CHANGED_PARAMETER_MAX: usize = 3;

/// The reason, if one of the usual ones explains the signature.
pub(crate) fn diagnose(attempt: &Attempt<'_>, form: Option<&Form>) -> Option<Mismatch> {
    let request = attempt.request;
    if request.url.len() + request.body.len() > DIAGNOSIS_BYTES_MAX {
        return None;
    }
    let parts = Parts::split(request.url)?;
    let addresses = addresses(&parts, request.body);
    let fits = |form| addresses.iter().find(|address| attempt.fits(&address.url, form));
    if let Some(address) = fits(form) {
        return Some(address.change.mismatch(&parts, &address.url));
    }
    match form {
        Some(form) => {
            if let Some(address) = fits(None) {
                return Some(Mismatch::SignedWithoutParameters { url: address.url.clone() });
            }
            signed_as_get(attempt, form, &addresses)
                .or_else(|| parameter_changed(attempt, form, &addresses))
        }
        None if attempt.is_get() => signed_as_post(attempt, &parts),
        None => None,
    }
}

/// How a URL that is tried differs from the one that was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Change {
    Nothing,
    Port,
    Scheme,
    Path,
    Query,
}

impl Change {
    /// The difference that explains most, if there are several.
    fn between(seen: &Parts<'_>, tried: &Parts<'_>) -> Self {
        if tried.scheme != seen.scheme {
            Self::Scheme
        } else if tried.path != seen.path {
            Self::Path
        } else if tried.query != seen.query {
            Self::Query
        } else if tried.port != seen.port {
            Self::Port
        } else {
            Self::Nothing
        }
    }

    fn mismatch(self, seen: &Parts<'_>, url: &str) -> Mismatch {
        let url = url.to_owned();
        match self {
            Self::Scheme => Mismatch::SignedForOtherScheme {
                scheme: url.split("://").next().unwrap_or_default().to_owned(),
                seen: seen.scheme.to_owned(),
                url,
            },
            Self::Port => Mismatch::SignedForOtherPort { url },
            Self::Path => Mismatch::SignedForOtherPath { url },
            // `Nothing` cannot fit: that spelling has been refused. It is here to be total.
            Self::Query | Self::Nothing => Mismatch::SignedForOtherQuery { url },
        }
    }
}

struct Address {
    url: String,
    change: Change,
}

/// The URL in the forms a proxy may have changed it from, the smallest change first.
fn addresses(parts: &Parts<'_>, body: &[u8]) -> Vec<Address> {
    let seen = Parts { userinfo: "", ..*parts };
    let other_path = other_slash(seen.path);
    let mut addresses = Vec::new();
    let mut add = |tried: Parts<'_>| {
        let change = Change::between(&seen, &tried);
        addresses.push(Address { url: tried.join(), change });
    };
    for port in ports(&seen, seen.scheme).into_iter().chain(USUAL_PORTS) {
        add(Parts { port, ..seen });
    }
    let without_query = (!seen.query.is_empty()).then_some("");
    for query in std::iter::once(seen.query).chain(without_query) {
        for path in [seen.path, &other_path] {
            for scheme in schemes(&seen) {
                for port in ports(&seen, scheme) {
                    add(Parts { scheme, port, path, query, ..seen });
                }
            }
        }
    }
    if !body.is_empty() {
        let url = append_body_hash(&seen.join(), &body_hash(body));
        addresses.push(Address { url, change: Change::Query });
    }
    addresses
}

fn schemes<'a>(parts: &Parts<'a>) -> Vec<&'a str> {
    let mut schemes = vec![parts.scheme];
    schemes.extend(["https", "http", "wss", "ws"].into_iter().filter(|scheme| !parts.is(scheme)));
    schemes
}

/// The port as seen, none, the default of the seen and of the tried scheme.
fn ports<'a>(parts: &Parts<'a>, scheme: &'a str) -> Vec<&'a str> {
    let tried = Parts { scheme, ..*parts };
    let mut ports = vec![parts.port];
    for port in ["", tried.default_port(), parts.default_port()] {
        if !ports.contains(&port) {
            ports.push(port);
        }
    }
    ports
}

fn other_slash(path: &str) -> String {
    match path.strip_suffix('/') {
        Some(shorter) => shorter.to_owned(),
        None => format!("{path}/"),
    }
}

/// Seen as POST with a form, signed as GET with the form in the query.
fn signed_as_get(attempt: &Attempt<'_>, form: &Form, addresses: &[Address]) -> Option<Mismatch> {
    let url = addresses
        .iter()
        .map(|address| append_query(&address.url, form))
        .find(|url| attempt.fits(url, None))?;
    Some(Mismatch::SignedForOtherMethod { method: "GET", seen: seen_method(attempt), url })
}

/// Seen without a form, signed as POST: the last parameters of the query were its body.
fn signed_as_post(attempt: &Attempt<'_>, parts: &Parts<'_>) -> Option<Mismatch> {
    let query = parts.query.strip_prefix('?')?;
    let starts = std::iter::once(0).chain(query.match_indices('&').map(|(at, _)| at + 1));
    for start in starts.take(PARAMETERS_TRIED_MAX) {
        let form = parse_query_leniently(&query[start..]);
        // Without its `?` or `&`, which was only there to join the two.
        let kept = &parts.query[..start];
        for port in ports(parts, parts.scheme) {
            let url = Parts { userinfo: "", port, query: kept, ..*parts }.join();
            if attempt.fits(&url, Some(&form)) {
                let seen = seen_method(attempt);
                return Some(Mismatch::SignedForOtherMethod { method: "POST", seen, url });
            }
        }
    }
    None
}

fn seen_method(attempt: &Attempt<'_>) -> String {
    attempt.request.method.to_ascii_uppercase()
}

/// One parameter too many, or one value with blanks around it that were not signed.
fn parameter_changed(
    attempt: &Attempt<'_>,
    form: &Form,
    addresses: &[Address],
) -> Option<Mismatch> {
    // One change at a time: only the URL as seen, and its ports.
    let is_near = |address: &&Address| matches!(address.change, Change::Nothing | Change::Port);
    for changed in 0..form.len().min(PARAMETERS_TRIED_MAX) {
        let (name, value) = form.iter().nth(changed)?;
        let without = form.iter().enumerate().filter(|(index, _)| *index != changed);
        let without: Form = without.map(|(_, pair)| pair).collect();
        let trimmed = (value.trim() != value).then(|| {
            let mut form = without.clone();
            form.push(name, value.trim());
            form
        });
        for form in std::iter::once(&without).chain(&trimmed) {
            let mut near = addresses.iter().filter(is_near).take(PORTS_WITH_CHANGED_PARAMETER_MAX);
            if let Some(address) = near.find(|address| attempt.fits(&address.url, Some(form))) {
                let url = address.url.clone();
                return Some(Mismatch::ParameterChanged { name: name.to_owned(), url });
            }
        }
    }
    None
}
