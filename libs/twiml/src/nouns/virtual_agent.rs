//! `VirtualAgent`: an agent of another provider.
//!
//! A noun of `Connect`; holds settings and parameters.
//! Contract: Twilio docs, TwiML VirtualAgent.

use crate::choices::Method;
use crate::element::{Content, SCHEMA, URL, element};
use crate::nouns::{Config, Parameter, parameter};
use crate::reader::{Reader, Xml};
use crate::rules;
use crate::writer::Writer;

element! {
    /// An agent of another provider.
    VirtualAgent = "VirtualAgent" {
        /// The installed connector.
        text connector_name "connectorName", SCHEMA;
        /// The language that is spoken.
        text language "language", SCHEMA;
        /// Whether the mood of the caller is judged.
        maybe sentiment_analysis "sentimentAnalysis": bool, SCHEMA;
        /// Who is told what happens.
        text status_callback "statusCallback" [rules::callback], URL;
        /// How that is requested.
        value status_callback_method "statusCallbackMethod": Method = Method::Post, SCHEMA;
    }
    inside {
        /// Settings of the provider.
        configs: Vec<Config>,
        /// Custom parameters.
        parameters: Vec<Parameter>,
    }
}

impl Content for VirtualAgent {
    fn read(reader: &mut Reader<'_>, node: Xml<'_>) -> Option<VirtualAgent> {
        let mut agent: VirtualAgent = reader.attributes(node);
        (agent.configs, agent.parameters) = parameter::read_with_configs(reader, node);
        Some(agent)
    }

    fn write(&self, out: &mut Writer) {
        out.element(self, |out| {
            parameter::write_all(&self.configs, out);
            parameter::write_all(&self.parameters, out);
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{problems, voice};
    use crate::{Connect, Parameter, Verb, VirtualAgent};

    #[test]
    fn it_holds_parameters() {
        let xml = "<Connect><VirtualAgent connectorName='c'><Parameter name='a' value='b'/>\
                   </VirtualAgent></Connect>";
        assert_eq!(problems(xml), []);
        let mut agent = VirtualAgent::default().connector_name("c");
        agent.parameters.push(Parameter::new("a", "b"));
        assert_eq!(voice(xml), Verb::Connect(Connect::new(agent)));
    }
}
