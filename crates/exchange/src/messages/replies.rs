//! What follows from the answer to an inbound message's ask: replies, the next ask, alerts.
//!
//! Called by the server when an ask of a reply session is finished; everything it returns is
//! saved together with that finish. It never sends, mints or stores. Contract: twiml.md 3,
//! webhooks.md 2a, 4.4–4.6; the order of `<Message action>` is told in docs/fidelity.md.

use crate::documents::{Answer, Remark, method, remark, resolve};
use crate::messages::session::{DOCUMENTS_MAX, REPLIES_MAX, Rest, Session};
use crate::numbers::{Method, Target};
use twiml::{Document, Problem, Realm, Verb};

/// A reply to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The sender, when the document names one.
    pub from: Option<String>,
    /// The receiver, when the document names one.
    pub to: Option<String>,
    /// The text.
    pub body: String,
    /// URLs of its media.
    pub media: Vec<String>,
    /// Where its statuses are told.
    pub status_callback: Option<Target>,
    /// 1-based line and column of what said so in the document.
    pub at: Option<(u32, u32)>,
}

/// What is asked next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Next {
    /// Where.
    pub target: Target,
    /// The session as it will then be.
    pub session: Session,
    /// The ask is a `<Message action>`: it names the last of the step's replies.
    pub after_reply: bool,
    /// The ask is the fallback's: what failed, and where.
    pub failed: Option<(u32, String)>,
}

/// All that follows from one answer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Step {
    /// Messages to make, in order.
    pub replies: Vec<Reply>,
    /// The ask that goes on with the session; none when it is over.
    pub next: Option<Next>,
    /// Alerts to raise.
    pub remarks: Vec<Remark>,
    /// Whether the ask itself went wrong (its log entry says `failed`).
    pub failed: bool,
}

/// Characters of a reply at most (14103).
const BODY_CHARACTERS_MAX: usize = super::segments::BODY_CHARACTERS_MAX;
/// Media of a reply at most.
const MEDIA_MAX: usize = 10;

/// Follows an answer. `asked` is the URL that was asked, `fallback` the number's fallback.
pub fn follow(answer: Answer, asked: &str, session: Session, fallback: Option<&Target>) -> Step {
    let mut walk = Walk { session, step: Step::default(), told: Vec::new(), until: None };
    walk.session.documents += 1;
    let trouble = match answer {
        Answer::Failed { code, message } => Some(Remark { code, message, at: None }),
        Answer::Document { status, content_type, body, url } => {
            walk.document(status, content_type.as_deref(), body, &url)
        }
    };
    if let Some(trouble) = trouble {
        walk.fail(trouble, asked, fallback);
    }
    walk.step
}

struct Walk {
    session: Session,
    step: Step,
    /// What the parser has told of the document: code and place.
    told: Vec<(u32, (u32, u32))>,
    /// Where the verb after the one that runs begins.
    until: Option<(u32, u32)>,
}

/// How an answer's Content-Type is taken (webhooks.md 4.6).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Taken {
    /// As a document.
    Xml,
    /// As plain text: the words themselves.
    Text,
    /// Not at all (12300), and why.
    Refused(String),
}

/// How an answer of this Content-Type is taken.
pub fn taken(content_type: Option<&str>) -> Taken {
    let Some(full) = content_type else {
        return Taken::Refused("the answer has no Content-Type".into());
    };
    let essence = full.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match essence.as_str() {
        "text/xml" | "application/xml" | "text/html" => Taken::Xml,
        "text/plain" => Taken::Text,
        _ => Taken::Refused(format!("the answer's Content-Type is {full}, which is not TwiML")),
    }
}

impl Walk {
    /// Takes a document; gives back what is fatally wrong with it.
    fn document(
        &mut self,
        status: u16,
        content_type: Option<&str>,
        body: String,
        url: &str,
    ) -> Option<Remark> {
        if body.is_empty() || status == 204 {
            self.go_on();
            return None;
        }
        match taken(content_type) {
            Taken::Refused(message) => Some(Remark { code: 12300, message, at: None }),
            Taken::Text => {
                self.reply(
                    Reply {
                        from: None,
                        to: None,
                        body,
                        media: Vec::new(),
                        status_callback: None,
                        at: None,
                    },
                    None,
                );
                None
            }
            Taken::Xml => match twiml::parse(&body, Realm::Messaging) {
                Err(fatal) => Some(Remark {
                    code: fatal.code,
                    message: fatal.message,
                    at: Some((fatal.at.line, fatal.at.column)),
                }),
                Ok((document, problems)) => {
                    self.told = places(&problems);
                    self.step.remarks.extend(problems.into_iter().map(remark));
                    if document.verbs.is_empty() {
                        // An answer without verbs leaves the suspended document in control.
                        self.go_on();
                    } else {
                        self.session.rest = None;
                        self.run(&document, Rest { text: body, url: url.to_owned(), verb: 0 });
                    }
                    None
                }
            },
        }
    }

    /// Goes on with the document whose action was asked, if there is one.
    fn go_on(&mut self) {
        let Some(rest) = self.session.rest.take() else { return };
        // It was read once already; its problems have been told.
        if let Ok((document, problems)) = twiml::parse(&rest.text, Realm::Messaging) {
            self.told = places(&problems);
            self.run(&document, rest);
        }
    }

    fn run(&mut self, document: &Document, place: Rest) {
        for (index, node) in document.verbs.iter().enumerate().skip(place.verb) {
            let at = Some((node.at.line, node.at.column));
            let after = document.verbs.get(index + 1);
            self.until = after.map(|node| (node.at.line, node.at.column));
            match &node.verb {
                Verb::Message(message) => {
                    let said = Said {
                        to: message.to.as_deref(),
                        from: message.from.as_deref(),
                        action: message.action.as_deref(),
                        status_callback: message.status_callback.as_deref(),
                        method: method(message.method),
                        body: message.body.clone(),
                        media: message.media.clone(),
                    };
                    if self.say(said, &place, index, at) {
                        return;
                    }
                }
                Verb::Sms(sms) => {
                    let said = Said {
                        to: sms.to.as_deref(),
                        from: sms.from.as_deref(),
                        action: sms.action.as_deref(),
                        status_callback: sms.status_callback.as_deref(),
                        method: method(sms.method),
                        body: sms.body.clone(),
                        media: Vec::new(),
                    };
                    if self.say(said, &place, index, at) {
                        return;
                    }
                }
                Verb::Redirect(redirect) => {
                    match resolve(&place.url, &redirect.url, method(redirect.method)) {
                        Ok(target) => self.ask(target, None, false, at),
                        Err(message) => self.remark(11100, message, at),
                    }
                    return;
                }
                // The parser keeps other verbs out of this realm.
                _ => {}
            }
        }
    }

    /// Makes a reply; whether its action takes the document over.
    fn say(&mut self, said: Said<'_>, place: &Rest, verb: usize, at: Option<(u32, u32)>) -> bool {
        let (reply, action) = self.read(said, &place.url, at);
        let made = self.reply(reply, at);
        let Some(target) = action.filter(|_| made) else { return false };
        self.ask(target, Some(Rest { verb: verb + 1, ..place.clone() }), true, at);
        self.step.next.is_some()
    }

    /// Makes a reply unless a limit or its own content forbids it; whether it was made.
    fn reply(&mut self, reply: Reply, at: Option<(u32, u32)>) -> bool {
        if reply.body.is_empty() && reply.media.is_empty() {
            self.remark(14103, "Invalid Body: the message is empty", at);
            return false;
        }
        if super::segments::body_characters(&reply.body) > BODY_CHARACTERS_MAX {
            self.remark(14103, "Invalid Body: the message is longer than 1600 characters", at);
            return false;
        }
        if self.session.replies >= REPLIES_MAX {
            self.remark(14109, "Reply message limit exceeded: 10 for one inbound message", at);
            return false;
        }
        self.session.replies += 1;
        self.step.replies.push(reply);
        true
    }

    fn ask(
        &mut self,
        target: Target,
        rest: Option<Rest>,
        after_reply: bool,
        at: Option<(u32, u32)>,
    ) {
        if self.session.documents >= DOCUMENTS_MAX {
            self.remark(14106, "Document retrieval limit reached: 50 for one inbound message", at);
            return;
        }
        let session = Session { rest, on_fallback: false, ..self.session.clone() };
        self.step.next = Some(Next { target, session, after_reply, failed: None });
    }

    /// The fallback is asked once for a failed document; the failure is told in any case.
    fn fail(&mut self, trouble: Remark, asked: &str, fallback: Option<&Target>) {
        self.step.failed = true;
        let code = trouble.code;
        self.step.remarks.push(trouble);
        if self.session.on_fallback || self.session.documents >= DOCUMENTS_MAX {
            return;
        }
        if let Some(target) = fallback {
            let session = Session { on_fallback: true, rest: None, ..self.session.clone() };
            self.step.next = Some(Next {
                target: target.clone(),
                session,
                after_reply: false,
                failed: Some((code, asked.to_owned())),
            });
        }
    }

    /// Remarks on the verb at `at`, unless the parser has told the same of it.
    fn remark(&mut self, code: u32, message: impl Into<String>, at: Option<(u32, u32)>) {
        let within = |place: (u32, u32)| {
            at.is_some_and(|at| at <= place) && self.until.is_none_or(|until| place < until)
        };
        if self.told.iter().any(|(told, place)| *told == code && within(*place)) {
            return;
        }
        self.step.remarks.push(Remark { code, message: message.into(), at });
    }

    /// Reads the attributes that `<Message>` and its old name `<Sms>` share.
    fn read(
        &mut self,
        said: Said<'_>,
        base: &str,
        at: Option<(u32, u32)>,
    ) -> (Reply, Option<Target>) {
        let mut url = |reference: Option<&str>, code: u32, name: &str, method: Method| {
            let reference = reference.map(str::trim).filter(|text| !text.is_empty())?;
            match resolve(base, reference, method) {
                Ok(target) => Some(target),
                Err(why) => {
                    self.remark(code, format!("Invalid {name}: {why}"), at);
                    None
                }
            }
        };
        let action = url(said.action, 11100, "action attribute", said.method);
        // The statuses are always told by POST when they have a URL of their own.
        let status = url(said.status_callback, 14105, "statusCallback attribute", Method::Post);
        let media =
            said.media.iter().filter_map(|text| url(Some(text), 11100, "Media", Method::Get));
        let media = media.take(MEDIA_MAX).map(|target| target.url).collect();
        let reply = Reply {
            from: said.from.map(|text| text.trim().to_owned()),
            to: said.to.map(|text| text.trim().to_owned()),
            body: said.body,
            media,
            status_callback: status.or_else(|| action.clone()),
            at,
        };
        (reply, action)
    }
}

/// What a `<Message>` or `<Sms>` says.
struct Said<'a> {
    to: Option<&'a str>,
    from: Option<&'a str>,
    action: Option<&'a str>,
    status_callback: Option<&'a str>,
    method: Method,
    body: String,
    media: Vec<String>,
}

fn places(problems: &[Problem]) -> Vec<(u32, (u32, u32))> {
    problems.iter().map(|found| (found.code, (found.at.line, found.at.column))).collect()
}
