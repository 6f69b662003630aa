//! What a document's ask came to, and what every realm does with it alike.
//!
//! Used by the reply sessions of messages and by the scripts of calls.
//! Contract: twiml.md 1, webhooks.md 4.4–4.6.

use crate::numbers::{Method, Target};
use crate::webhooks::url::Url;
use twiml::Problem;

/// The end of an exchange, as far as who asked cares.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// The application answered with a 2xx.
    Document {
        /// HTTP status.
        status: u16,
        /// Its Content-Type, if it named one.
        content_type: Option<String>,
        /// Its body.
        body: String,
        /// Where it came from, after redirects.
        url: String,
    },
    /// It did not.
    Failed {
        /// Twilio's code.
        code: u32,
        /// Why.
        message: String,
    },
}

/// Something wrong with the answer or with what it wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// Twilio's code.
    pub code: u32,
    /// What is wrong.
    pub message: String,
    /// 1-based line and column in the document.
    pub at: Option<(u32, u32)>,
}

/// TwiML's method as the house's.
pub fn method(method: twiml::Method) -> Method {
    match method {
        twiml::Method::Get => Method::Get,
        twiml::Method::Post => Method::Post,
    }
}

/// What the parser found, as a remark.
pub fn remark(problem: Problem) -> Remark {
    Remark {
        code: problem.code,
        message: problem.message,
        at: Some((problem.at.line, problem.at.column)),
    }
}

/// An absolute URL stays as it was written; a relative one is resolved against the document's and
/// inherits its user info. An empty one is the document's own.
pub fn resolve(base: &str, reference: &str, method: Method) -> Result<Target, String> {
    let reference = reference.trim();
    let url = Url::parse(base)
        .and_then(|base| base.join(reference))
        .or_else(|error| if base.is_empty() { Url::parse(reference) } else { Err(error) })
        .map_err(|error| error.to_string())?;
    if Url::parse(reference).is_ok() {
        return Ok(Target { url: reference.to_owned(), method });
    }
    let mut text = url.bare().to_owned();
    if let Some(user) = userinfo(base) {
        let authority = text.find("://").map_or(0, |i| i + 3);
        text.insert_str(authority, &format!("{user}@"));
    }
    if let Some(fragment) = url.fragment() {
        text.push('#');
        text.push_str(fragment);
    }
    Ok(Target { url: text, method })
}

fn userinfo(url: &str) -> Option<&str> {
    let rest = &url[url.find("://")? + 3..];
    let authority = &rest[..rest.find(['/', '?', '#']).unwrap_or(rest.len())];
    authority.rsplit_once('@').map(|(user, _)| user)
}
