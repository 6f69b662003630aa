//! `Connect`: hands the call to a session.
//!
//! Stands under `Response`; holds exactly one session. Further ones are skipped.
//! Contract: Twilio docs, TwiML Connect.

use crate::choices::Method;
use crate::element::{Content, SCHEMA, URL, element, one_of};
use crate::nouns::{
    AiSession, Assistant, Autopilot, Conversation, ConversationRelay, ConversationRelaySession,
    Room, Stream, VirtualAgent,
};
use crate::reader::{Allowed, Reader, Xml};
use crate::rules;
use crate::writer::Writer;

one_of! {
    /// What takes over a call.
    Session {
        /// A WebSocket that hears and speaks.
        Stream,
        /// A WebSocket that reads and writes text.
        ConversationRelay,
        /// A configured relay.
        ConversationRelaySession,
        /// An agent of another provider.
        VirtualAgent,
        /// A video room.
        Room,
        /// A conversation of Conversations.
        Conversation,
        /// An AI assistant.
        Assistant,
        /// A configured AI session.
        AiSession,
        /// A bot of a product that ended.
        Autopilot,
    }
}

element! {
    /// Hands the call to a session until that ends.
    ///
    /// After it the document at `action` runs, or the next verb if there is none.
    ///
    /// ```
    /// use twiml::{Connect, ConversationRelay, Response};
    ///
    /// let relay = ConversationRelay::new("wss://example.com/talk").welcome_greeting("Hi!");
    /// let xml = Response::new().connect(Connect::new(relay).action("/after")).to_xml();
    /// assert!(xml.contains(r#"<Connect action="/after"><ConversationRelay url="wss:"#));
    /// ```
    Connect = "Connect" {
        /// Where it goes on afterwards. Not given: with the next verb.
        text action "action" [rules::url], URL;
        /// How `action` is requested.
        value method "method": Method = Method::Post, SCHEMA;
    }
    inside {
        /// What takes over. None, which is reported, is nothing to connect to.
        session: Option<Box<Session>>,
    }
}

impl Connect {
    /// Hands the call to a session.
    pub fn new(session: impl Into<Session>) -> Connect {
        Connect { session: Some(Box::new(session.into())), ..Connect::default() }
    }
}

impl<S: Into<Session>> From<S> for Connect {
    fn from(session: S) -> Connect {
        Connect::new(session)
    }
}

impl Content for Connect {
    fn read(reader: &mut Reader<'_>, node: Xml<'_>) -> Option<Connect> {
        let mut connect: Connect = reader.attributes(node);
        reader.children(node, Allowed::only(Session::NAMES), |reader, name, child| {
            let Some(read) = Session::read(reader, name, child) else {
                return false;
            };
            match read {
                Some(_) if connect.session.is_some() => reader.one_too_many(child, SCHEMA),
                Some(session) => {
                    if matches!(session, Session::Stream(_)) {
                        reader.require(child, "Stream", "url");
                    }
                    connect.session = Some(Box::new(session));
                }
                None => {}
            }
            true
        });
        if connect.session.is_none() {
            reader.incomplete(node, SCHEMA, Session::NAMES);
        }
        Some(connect)
    }

    fn write(&self, out: &mut Writer) {
        out.element(self, |out| {
            if let Some(session) = &self.session {
                session.write(out);
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{problems, voice};
    use crate::{Connect, Room, Verb};

    #[test]
    fn it_holds_exactly_one_session() {
        for (inside, codes) in [
            ("<Room>r</Room>", vec![]),
            ("<Stream url='wss://a.b/c'/>", vec![]),
            ("<Room>r</Room><Room>s</Room>", vec![12200]),
            ("<Room>r</Room><Stream url='wss://a.b/c'/>", vec![12200]),
            ("", vec![12200]),
            ("<Siprec connectorName='x'/>", vec![12200, 12200]),
            ("<Stream/>", vec![12200]),
            ("<ConversationRelay/>", vec![12200]),
            ("a room", vec![12200, 12200]),
        ] {
            assert_eq!(problems(&format!("<Connect>{inside}</Connect>")), codes, "{inside}");
        }
        let xml = "<Connect><Room>r</Room><Room>s</Room></Connect>";
        assert_eq!(voice(xml), Verb::Connect(Connect::new(Room::new("r"))));
    }
}
