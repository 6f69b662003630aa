//! A reply session: everything that one inbound message sets off.
//!
//! ```text
//!  ask ──▶ document ──▶ <Message> … ──▶ end
//!   ▲         │  <Redirect> or <Message action>
//!   └─────────┘  at most 50 documents, at most 10 replies
//! ```
//!
//! The session lives in the `context` of its current ask: there is exactly one ask under way, and
//! when none is left the session is over. A suspended document (its `<Message action>` is being
//! asked) waits there, too. Contract: webhooks.md 2a, twiml.md 3.2.

use webhook::Form;

/// Documents of one session at most (14106).
pub const DOCUMENTS_MAX: u32 = 50;
/// Replies to one inbound message at most (14109).
pub const REPLIES_MAX: u32 = 10;

/// Where a session stands between two documents.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Session {
    /// Documents fetched so far.
    pub documents: u32,
    /// Replies made so far.
    pub replies: u32,
    /// The ask under way goes to the fallback URL: there is no second one.
    pub on_fallback: bool,
    /// The rest of the document whose `<Message action>` is being asked.
    pub rest: Option<Rest>,
}

/// A document that goes on unless the action's answer replaces it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rest {
    /// The document.
    pub text: String,
    /// Its URL, which relative URLs in it are resolved against.
    pub url: String,
    /// The verb to go on with.
    pub verb: usize,
}

impl Session {
    /// The session as the text of an ask's context.
    pub fn to_context(&self) -> String {
        let mut form = Form::new();
        form.push("documents", self.documents.to_string());
        form.push("replies", self.replies.to_string());
        if self.on_fallback {
            form.push("fallback", "true");
        }
        if let Some(rest) = &self.rest {
            form.push("verb", rest.verb.to_string());
            form.push("url", rest.url.as_str());
            form.push("text", rest.text.as_str());
        }
        form.encode()
    }

    /// Reads what [`Session::to_context`] wrote; an empty text is a session that just begins.
    pub fn from_context(text: &str) -> Session {
        let form = Form::parse(text.as_bytes()).unwrap_or_default();
        let count = |name| form.get(name).and_then(|n| n.parse().ok()).unwrap_or(0);
        let rest = form.get("text").zip(form.get("url")).map(|(text, url)| Rest {
            text: text.to_owned(),
            url: url.to_owned(),
            verb: form.get("verb").and_then(|n| n.parse().ok()).unwrap_or(usize::MAX),
        });
        Session {
            documents: count("documents"),
            replies: count("replies"),
            on_fallback: form.get("fallback").is_some(),
            rest,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_survives_its_text() {
        let session = Session {
            documents: 3,
            replies: 2,
            on_fallback: true,
            rest: Some(Rest {
                text: "<Response>é & ü</Response>".into(),
                url: "http://x/?a=1&b=2".into(),
                verb: 1,
            }),
        };
        assert_eq!(Session::from_context(&session.to_context()), session);
        assert_eq!(Session::from_context(""), Session::default());
    }
}
