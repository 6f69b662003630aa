//! A TwiML Bin is asked: by the world over HTTP, or by the house itself without a socket.
//!
//! Both come through [`answer`], so nothing but the socket differs. Rendering and its limits are
//! `exchange::bins`. Contract: twiml.md 5.1, DESIGN section 5.

use crate::house::House;
use exchange::bins::{BinAccess, template::Template};
use exchange::sid::BinSid;
use webhook::Form;

/// What a bin answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BinAnswer {
    /// HTTP status.
    pub status: u16,
    /// Its Content-Type.
    pub content_type: &'static str,
    /// The document, or why there is none.
    pub body: String,
}

/// A request to a bin.
#[derive(Debug, Clone, Copy)]
pub struct BinRequest<'a> {
    /// `GET` or `POST`.
    pub method: &'a str,
    /// The whole URL as the asker wrote it; what a signature covers.
    pub url: &'a str,
    /// The form body; empty for GET.
    pub body: &'a [u8],
    /// `X-Twilio-Signature`.
    pub signature: Option<&'a str>,
}

/// The bin that a path names: `/bins/{EH}` or `/twiml/{EH}`.
pub fn bin_of(path: &str) -> Option<BinSid> {
    let path = &path[..path.find(['?', '#']).unwrap_or(path.len())];
    let sid = path.strip_prefix("/bins/").or_else(|| path.strip_prefix("/twiml/"))?;
    BinSid::parse(sid)
}

/// Answers a request to a bin.
pub fn answer(house: &House, sid: BinSid, request: BinRequest<'_>) -> BinAnswer {
    let bin = match house.store.bin(sid) {
        Ok(Some(bin)) => bin,
        Ok(None) => return refuse(404, "There is no such TwiML Bin."),
        Err(error) => {
            tracing::error!(bin.sid = %sid, %error, "a bin can't be read");
            return refuse(503, "The TwiML Bin can't be read now.");
        }
    };
    if bin.access == BinAccess::Signed && !is_signed(house, bin.account, request) {
        return refuse(403, "Not Authorized: this TwiML Bin answers signed requests only.");
    }
    let form = match Form::parse(request.body) {
        Ok(form) => form,
        Err(error) => return refuse(400, &format!("The form can't be read: {error}")),
    };
    let query = request.url.split_once('?').map_or("", |(_, query)| query);
    let query = match Form::parse(query.split('#').next().unwrap_or_default().as_bytes()) {
        Ok(query) => query,
        Err(error) => return refuse(400, &format!("The query can't be read: {error}")),
    };
    // Where both name a parameter the form wins.
    let of_query = query.iter().filter(|(name, _)| form.get(name).is_none());
    let parameters: Vec<(String, String)> = form
        .iter()
        .chain(of_query)
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let rendered = Template::parse(&bin.twiml)
        .map_err(|error| error.to_string())
        .and_then(|template| template.render(&parameters).map_err(|error| error.to_string()));
    match rendered {
        Ok(body) => BinAnswer { status: 200, content_type: "text/xml; charset=utf-8", body },
        Err(why) => refuse(500, &format!("The TwiML Bin can't be rendered: {why}")),
    }
}

fn is_signed(house: &House, account: exchange::sid::AccountSid, request: BinRequest<'_>) -> bool {
    let Ok(account) = house.account(account) else { return false };
    let check = webhook::Request {
        method: request.method,
        url: request.url,
        body: request.body,
        content_type: (!request.body.is_empty()).then_some(webhook::CONTENT_TYPE),
        signature: request.signature,
    };
    webhook::verify(&account.auth_token, &check).is_ok()
}

fn refuse(status: u16, why: &str) -> BinAnswer {
    BinAnswer { status, content_type: "text/plain; charset=utf-8", body: format!("{why}\n") }
}
