//! `Stream`: a WebSocket that hears a call.
//!
//! A noun of `Start`, `Stop` and `Connect`; holds parameters. `url` has to be there under Start
//! and Connect; under Stop the `name` says which one ends.
//! Contract: Twilio docs, TwiML Stream.

use crate::choices::{Method, Track};
use crate::element::{Content, SCHEMA, URL, element};
use crate::nouns::{Parameter, parameter};
use crate::reader::{Reader, Xml};
use crate::rules;
use crate::writer::Writer;

element! {
    /// A WebSocket that hears a call, and under `Connect` speaks too.
    Stream = "Stream" {
        /// A name to stop it by. Not given: its sid.
        text name "name", SCHEMA;
        /// The connector of a provider; of the SDKs only.
        text connector_name "connectorName", SCHEMA;
        /// The WebSocket: `wss`, and no query.
        text url "url" [rules::stream_socket], SCHEMA;
        /// Which side it hears.
        value track "track": Track = Track::Inbound, SCHEMA;
        /// Who is told that it starts, stops and fails.
        text status_callback "statusCallback" [rules::callback], URL;
        /// How that is requested.
        value status_callback_method "statusCallbackMethod": Method = Method::Post, SCHEMA;
    }
    inside {
        /// Custom parameters of its first message.
        parameters: Vec<Parameter>,
    }
}

impl Stream {
    /// A stream to that WebSocket.
    pub fn new(url: impl Into<String>) -> Stream {
        Stream::default().url(url)
    }

    /// Adds a custom parameter.
    #[must_use]
    pub fn parameter(mut self, name: impl Into<String>, value: impl Into<String>) -> Stream {
        self.parameters.push(Parameter::new(name, value));
        self
    }
}

impl Content for Stream {
    fn read(reader: &mut Reader<'_>, node: Xml<'_>) -> Option<Stream> {
        let mut stream: Stream = reader.attributes(node);
        stream.parameters = parameter::read_all(reader, node);
        Some(stream)
    }

    fn write(&self, out: &mut Writer) {
        out.element(self, |out| parameter::write_all(&self.parameters, out));
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{problems, voice};
    use crate::{Start, Stream, Verb};

    #[test]
    fn a_url_that_is_no_wss_is_reported_and_kept() {
        for url in ["ws://localhost:8080/", "wss://a.b/c?d=e", "https://a.b"] {
            let xml = format!("<Start><Stream url='{url}'/></Start>");
            assert_eq!(problems(&xml), [12200], "{url}");
            assert_eq!(voice(&xml), Verb::Start(Start::new(Stream::new(url))), "{url}");
        }
    }

    #[test]
    fn its_parameters_are_kept_in_order() {
        let xml = "<Start><Stream url='wss://a.b'><Parameter name='b' value='1'/>\
                   <Parameter name='a' value='2'/></Stream></Start>";
        let stream = Stream::new("wss://a.b").parameter("b", "1").parameter("a", "2");
        assert_eq!(voice(xml), Verb::Start(Start::new(stream)));
    }
}
