//! `Client`: a browser or an app to dial, with `Identity` and `Parameter`.
//!
//! A noun of `Dial`; holds its identity as text, or an `Identity` beside parameters.
//! One without an identity is skipped.
//! Contract: Twilio docs, TwiML Client.

use crate::choices::{CallEvent, Method};
use crate::element::{Content, SCHEMA, URL, element};
use crate::nouns::{Parameter, parameter};
use crate::reader::{Allowed, Reader, Xml};
use crate::rules;
use crate::writer::Writer;

/// Characters of an identity (Client page).
const IDENTITY_CHARACTERS_MAX: usize = 256;

element! {
    /// A browser or an app to dial.
    Client = "Client" {
        /// A document for whoever answers, before they are connected.
        text url "url" [rules::url], URL;
        /// How that is requested.
        value method "method": Method = Method::Post, SCHEMA;
        /// Who is told what happens to the leg.
        text status_callback "statusCallback" [rules::callback], URL;
        /// How that is requested.
        value status_callback_method "statusCallbackMethod": Method = Method::Post, SCHEMA;
        /// What is told.
        list status_callback_event "statusCallbackEvent": CallEvent
            = [CallEvent::Completed], SCHEMA;
        /// Who sends the notification of the call to the app; always POST.
        text client_notification_url "clientNotificationUrl" [rules::callback], URL;
    }
    inside {
        /// Who it is.
        identity: String,
        /// Custom parameters that they see.
        parameters: Vec<Parameter>,
    }
}

impl Client {
    /// Dials that identity.
    pub fn new(identity: impl Into<String>) -> Client {
        Client { identity: identity.into(), ..Client::default() }
    }

    /// Adds a custom parameter.
    #[must_use]
    pub fn parameter(mut self, name: impl Into<String>, value: impl Into<String>) -> Client {
        self.parameters.push(Parameter::new(name, value));
        self
    }
}

impl<T: Into<String>> From<T> for Client {
    fn from(identity: T) -> Client {
        Client::new(identity)
    }
}

impl Content for Client {
    fn read(reader: &mut Reader<'_>, node: Xml<'_>) -> Option<Client> {
        let mut client: Client = reader.attributes(node);
        let allowed = Allowed::only(&["Identity", "Parameter"]);
        let text = reader.mixed(node, allowed, |reader, name, child| {
            match name {
                "Identity" if client.identity.is_empty() => {
                    client.identity = reader.plain_text(child)
                }
                "Parameter" => client.parameters.extend(Parameter::read(reader, child)),
                _ => return false,
            }
            true
        });
        if client.identity.is_empty() {
            client.identity = text.text;
        } else {
            reader.stray(node, &text);
        }
        if client.identity.is_empty() {
            reader.incomplete(node, SCHEMA, &["Identity"]);
            return None;
        }
        if client.identity.chars().count() > IDENTITY_CHARACTERS_MAX {
            reader.bad_text(node, SCHEMA, "at most 256 characters");
        }
        Some(client)
    }

    fn write(&self, out: &mut Writer) {
        out.element(self, |out| {
            if self.parameters.is_empty() {
                return out.text(&self.identity);
            }
            out.plain("Identity", &self.identity);
            parameter::write_all(&self.parameters, out);
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{problems, voice};
    use crate::{Client, Dial, Verb};

    #[test]
    fn an_identity_is_text_or_an_element() {
        let of = |inside: &str| voice(&format!("<Dial><Client>{inside}</Client></Dial>"));
        let alice = Verb::Dial(Dial::new().client("alice"));
        assert_eq!(of(" alice "), alice);
        assert_eq!(of("<Identity>alice</Identity>"), alice);
        let inside = "<Parameter name='a' value='b'/><Identity>alice</Identity>";
        let client = Client::new("alice").parameter("a", "b");
        assert_eq!(of(inside), Verb::Dial(Dial::new().client(client)));
    }

    #[test]
    fn without_one_it_is_skipped() {
        for (inside, codes) in [
            ("", vec![12200, 12200]),
            ("<Identity/>", vec![12200, 12200]),
            ("<Identity>a</Identity><Identity>b</Identity>", vec![12200]),
            ("b<Identity>a</Identity>", vec![12200]),
            ("<identity>a</identity>b", vec![12200]),
        ] {
            let xml = format!("<Dial><Client>{inside}</Client></Dial>");
            assert_eq!(problems(&xml), codes, "{inside}");
        }
    }
}
