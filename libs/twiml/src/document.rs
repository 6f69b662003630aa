//! A document: what [`parse`](crate::parse) gives and what the builder fills.
//!
//! A [`Document`] is a list of verbs, each with its place in the text it was read from. Under its
//! other name, [`Response`], it is the builder: one method per verb, in the order they run.
//! Executing is not done here.
//! Contract: the TwiML pages of Twilio's docs.

use crate::problem::Position;
use crate::reader::{Allowed, Reader, Xml};
use crate::verb::Verb;
use crate::verbs::{
    Connect, Dial, Enqueue, Gather, Hangup, Leave, Message, Pause, Pay, Play, Record, Redirect,
    Refer, Reject, Say, Sms, Start, Stop,
};
use crate::writer::Writer;

/// The code of a verb that has no place in a reply to a message (error dictionary page 14110).
const INVALID_REPLY_VERB: u32 = 14110;

/// What asked for the document, and so which verbs it may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Realm {
    /// A call. Every verb but `Message`.
    Voice,
    /// A message that came in. `Message`, `Redirect`, and `Sms` as the old name of `Message`.
    Messaging,
}

impl Realm {
    fn names(self) -> &'static [&'static str] {
        match self {
            Realm::Voice => Verb::VOICE_NAMES,
            Realm::Messaging => &["Message", "Redirect", "Sms"],
        }
    }
}

/// A verb and where it stood.
///
/// Two nodes are equal if their verbs are: where they stood does not count.
#[derive(Clone, Debug)]
pub struct Node {
    /// The verb with its attributes and children.
    pub verb: Verb,
    /// Where its tag begins; `0:0` if it was built.
    pub at: Position,
}

impl PartialEq for Node {
    fn eq(&self, other: &Node) -> bool {
        self.verb == other.verb
    }
}

impl Eq for Node {}

impl<V: Into<Verb>> From<V> for Node {
    fn from(verb: V) -> Node {
        Node { verb: verb.into(), at: Position::default() }
    }
}

/// A TwiML document: verbs in the order they run.
///
/// Equality is that of the verbs. `to_xml` writes what [`parse`](crate::parse) reads back.
///
/// ```
/// use twiml::{Realm, Response, parse};
///
/// let built = Response::new().say("Hi & welcome").hangup();
/// let xml = built.to_xml();
/// assert!(xml.ends_with("<Response><Say>Hi &amp; welcome</Say><Hangup/></Response>"));
/// assert_eq!(parse(&xml, Realm::Voice).unwrap(), (built, vec![]));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Document {
    /// The verbs, without those that were skipped.
    pub verbs: Vec<Node>,
}

/// The builder's name for a [`Document`].
pub type Response = Document;

impl Document {
    /// A document without verbs.
    pub fn new() -> Document {
        Document::default()
    }

    /// Adds any verb.
    #[must_use]
    pub fn verb(mut self, verb: impl Into<Verb>) -> Document {
        self.verbs.push(Node::from(verb));
        self
    }

    /// The document as XML with its declaration.
    ///
    /// Attributes that have their default are left out. Characters that XML cannot carry, such
    /// as most control characters, are left out too.
    pub fn to_xml(&self) -> String {
        let mut out = Writer::new();
        out.tag(
            "Response",
            |_| {},
            |out| {
                for node in &self.verbs {
                    node.verb.write(out);
                }
            },
        );
        out.finish()
    }

    /// Reads the verbs under the root.
    pub(crate) fn read(reader: &mut Reader<'_>, root: Xml<'_>) -> Document {
        // Verbs are large: growing step by step would move them again and again.
        let mut verbs = Vec::with_capacity(root.children().filter(|c| c.is_element()).count());
        let realm = reader.realm();
        reader.children(root, Allowed::only(realm.names()), |reader, name, child| {
            let at = reader.position(child.range().start);
            let read = match (realm, name) {
                (Realm::Voice, "Message") => return false,
                (Realm::Messaging, "Sms") => Verb::read(reader, "Message", child),
                (Realm::Messaging, "Message" | "Redirect") | (Realm::Voice, _) => {
                    Verb::read(reader, name, child)
                }
                (Realm::Messaging, _) if Verb::NAMES.contains(&name) => {
                    let message = format!("'{name}' is not a valid verb for a message reply.");
                    reader.problem(INVALID_REPLY_VERB, child.range().start, message);
                    return true;
                }
                (Realm::Messaging, _) => return false,
            };
            let known = read.is_some();
            verbs.extend(read.flatten().map(|verb| Node { verb, at }));
            known
        });
        Document { verbs }
    }
}

/// Builder methods: each adds its verb to the end.
impl Document {
    /// Adds a `Connect`.
    #[must_use]
    pub fn connect(self, connect: impl Into<Connect>) -> Document {
        self.verb(connect.into())
    }

    /// Adds a `Dial`; a text is a phone number.
    #[must_use]
    pub fn dial(self, dial: impl Into<Dial>) -> Document {
        self.verb(dial.into())
    }

    /// Adds an `Enqueue`; a text is the name of the queue.
    #[must_use]
    pub fn enqueue(self, enqueue: impl Into<Enqueue>) -> Document {
        self.verb(enqueue.into())
    }

    /// Adds a `Gather`.
    #[must_use]
    pub fn gather(self, gather: Gather) -> Document {
        self.verb(gather)
    }

    /// Adds a `Hangup`.
    #[must_use]
    pub fn hangup(self) -> Document {
        self.verb(Hangup::default())
    }

    /// Adds a `Leave`.
    #[must_use]
    pub fn leave(self) -> Document {
        self.verb(Leave::default())
    }

    /// Adds a `Message`; a text is its body.
    #[must_use]
    pub fn message(self, message: impl Into<Message>) -> Document {
        self.verb(message.into())
    }

    /// Adds a `Pause`.
    #[must_use]
    pub fn pause(self, pause: Pause) -> Document {
        self.verb(pause)
    }

    /// Adds a `Pay`.
    #[must_use]
    pub fn pay(self, pay: Pay) -> Document {
        self.verb(pay)
    }

    /// Adds a `Play`; a text is the URL of the audio.
    #[must_use]
    pub fn play(self, play: impl Into<Play>) -> Document {
        self.verb(play.into())
    }

    /// Adds a `Record`.
    #[must_use]
    pub fn record(self, record: Record) -> Document {
        self.verb(record)
    }

    /// Adds a `Redirect`; a text is the URL.
    #[must_use]
    pub fn redirect(self, redirect: impl Into<Redirect>) -> Document {
        self.verb(redirect.into())
    }

    /// Adds a `Refer`; a text is the SIP URI.
    #[must_use]
    pub fn refer(self, refer: impl Into<Refer>) -> Document {
        self.verb(refer.into())
    }

    /// Adds a `Reject`.
    #[must_use]
    pub fn reject(self, reject: Reject) -> Document {
        self.verb(reject)
    }

    /// Adds a `Say`; a text is what is said.
    #[must_use]
    pub fn say(self, say: impl Into<Say>) -> Document {
        self.verb(say.into())
    }

    /// Adds an `Sms`; a text is its body.
    #[must_use]
    pub fn sms(self, sms: impl Into<Sms>) -> Document {
        self.verb(sms.into())
    }

    /// Adds a `Start`.
    #[must_use]
    pub fn start(self, start: impl Into<Start>) -> Document {
        self.verb(start.into())
    }

    /// Adds a `Stop`.
    #[must_use]
    pub fn stop(self, stop: impl Into<Stop>) -> Document {
        self.verb(stop.into())
    }
}
