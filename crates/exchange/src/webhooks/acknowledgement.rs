//! What is wrong with the answer to a status callback.
//!
//! Nothing follows from that answer; one that Twilio did not expect is a warning, so that who
//! answers the wrong request finds out. Called with the 2xx answers of such tells that have a body.
//! It never decides how the tell ended. Contract: webhooks.md 2c and 2d.

use crate::documents::Remark;
use crate::messages::replies::{Taken, taken};
use twiml::Realm;

/// An answer with a body.
#[derive(Debug, Clone, Copy)]
pub struct Acknowledgement<'a> {
    /// Its Content-Type, if it named one.
    pub content_type: Option<&'a str>,
    /// Its body, or the beginning of it.
    pub body: &'a str,
    /// Whether that is all of it: a part of a document can't be judged.
    pub whole: bool,
}

/// The first thing that is wrong with it: one warning is enough for what nothing follows from.
pub fn judge(answer: Acknowledgement<'_>, realm: Realm) -> Option<Remark> {
    match taken(answer.content_type) {
        Taken::Refused(message) => Some(Remark { code: 12300, message, at: None }),
        Taken::Text => {
            let message = "the answer to a status callback is text: 204, an empty body or an \
                           empty <Response/> is expected";
            Some(Remark { code: 12300, message: message.into(), at: None })
        }
        Taken::Xml if !answer.whole => None,
        Taken::Xml => {
            let (code, message, at) = match twiml::parse(answer.body, realm) {
                Err(fatal) => (fatal.code, fatal.message, fatal.at),
                Ok((_, problems)) => {
                    let first = problems.into_iter().next()?;
                    (first.code, first.message, first.at)
                }
            };
            Some(Remark { code, message, at: Some((at.line, at.column)) })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn valid_documents_are_expected_and_all_else_has_a_code() {
        for (content_type, body, whole, code) in [
            (Some("text/xml"), "<Response/>", true, None),
            (
                Some("application/xml; charset=utf-8"),
                "<?xml version='1.0'?><Response/>",
                true,
                None,
            ),
            (Some("text/xml"), "<Response><Message>ignored</Message></Response>", true, None),
            (Some("text/xml"), "<Response", false, None),
            (Some("text/xml"), "<Response", true, Some(12100)),
            (Some("text/html"), "OK", true, Some(12100)),
            (Some("text/xml"), "<Answer/>", true, Some(12102)),
            (Some("text/xml"), "<Response><Massage/></Response>", true, Some(12200)),
            (Some("text/plain"), "OK", true, Some(12300)),
            (Some("application/json"), "{}", true, Some(12300)),
            (None, "{}", true, Some(12300)),
        ] {
            let answer = Acknowledgement { content_type, body, whole };
            let found = judge(answer, Realm::Messaging).map(|remark| remark.code);
            assert_eq!(found, code, "{content_type:?} {body}");
        }
    }
}
