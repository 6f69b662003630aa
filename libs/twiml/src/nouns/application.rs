//! `Application`: a TwiML application to dial.
//!
//! A noun of `Dial`; holds an `ApplicationSid` and parameters. One without a sid is skipped.
//! Contract: Twilio docs, TwiML Application.

use crate::choices::{CallEvent, Method};
use crate::element::{Content, SCHEMA, URL, element};
use crate::nouns::{Parameter, parameter};
use crate::reader::{Allowed, Reader, Xml};
use crate::rules;
use crate::writer::Writer;

element! {
    /// A TwiML application to dial.
    Application = "Application" {
        /// A document for whoever answers; of the SDKs only.
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
        /// Who calls, to the application. Not given: the account.
        text customer_id "customerId" [|text| rules::short(text, 256)], SCHEMA;
        /// Whether the number that was called is given on.
        value copy_parent_to "copyParentTo": bool = false, SCHEMA;
    }
    inside {
        /// The application.
        application_sid: String,
        /// Custom parameters.
        parameters: Vec<Parameter>,
    }
}

impl Application {
    /// Dials that application.
    pub fn new(application_sid: impl Into<String>) -> Application {
        Application { application_sid: application_sid.into(), ..Application::default() }
    }

    /// Adds a custom parameter.
    #[must_use]
    pub fn parameter(mut self, name: impl Into<String>, value: impl Into<String>) -> Application {
        self.parameters.push(Parameter::new(name, value));
        self
    }
}

impl Content for Application {
    fn read(reader: &mut Reader<'_>, node: Xml<'_>) -> Option<Application> {
        let mut application: Application = reader.attributes(node);
        let allowed = Allowed::only(&["ApplicationSid", "Parameter"]);
        reader.children(node, allowed, |reader, name, child| {
            match name {
                "ApplicationSid" if application.application_sid.is_empty() => {
                    application.application_sid = reader.plain_text(child);
                }
                "Parameter" => application.parameters.extend(Parameter::read(reader, child)),
                _ => return false,
            }
            true
        });
        if application.application_sid.is_empty() {
            reader.incomplete(node, SCHEMA, &["ApplicationSid"]);
            return None;
        }
        if rules::sid(&application.application_sid, "AP").is_err() {
            reader.bad_text(node, SCHEMA, "a sid that begins with AP");
            return None;
        }
        Some(application)
    }

    fn write(&self, out: &mut Writer) {
        out.element(self, |out| {
            out.plain("ApplicationSid", &self.application_sid);
            parameter::write_all(&self.parameters, out);
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{problems, voice};
    use crate::{Application, Dial, Verb};

    const SID: &str = "AP00000000000000000000000000000001";

    #[test]
    fn it_needs_a_sid() {
        let of = |inside: &str| format!("<Dial><Application>{inside}</Application></Dial>");
        let xml =
            of(&format!("<ApplicationSid>{SID}</ApplicationSid><Parameter name='a' value='b'/>"));
        let application = Application::new(SID).parameter("a", "b");
        assert_eq!(voice(&xml), Verb::Dial(Dial::new().noun(application)));
        for (inside, codes) in [
            ("", vec![12200, 12200]),
            (SID, vec![12200, 12200, 12200]),
            ("<ApplicationSid>CA1</ApplicationSid>", vec![12200, 12200]),
        ] {
            assert_eq!(problems(&of(inside)), codes, "{inside}");
        }
    }
}
