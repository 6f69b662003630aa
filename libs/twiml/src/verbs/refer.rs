//! `Refer`: transfers a SIP call by SIP's own means.
//!
//! Stands under `Response`; holds exactly one `Sip`, which has no attributes here.
//! Contract: Twilio docs, TwiML Refer.

use crate::choices::Method;
use crate::element::{Content, SCHEMA, URL, element};
use crate::nouns::sip;
use crate::reader::{Allowed, Reader, Xml};
use crate::rules;
use crate::writer::Writer;

const SIP: &[&str] = &["Sip"];

element! {
    /// Transfers a SIP call.
    ///
    /// After it the document at `action` runs, or the next verb if there is none.
    Refer = "Refer" {
        /// Where it goes on afterwards. Not given: with the next verb.
        text action "action" [rules::url], URL;
        /// How `action` is requested.
        value method "method": Method = Method::Post, SCHEMA;
    }
    inside {
        /// The SIP URI of the target. None, which is reported, is nobody.
        sip: Option<String>,
    }
}

impl Refer {
    /// Transfers to a SIP URI.
    pub fn new(uri: impl Into<String>) -> Refer {
        Refer { sip: Some(uri.into()), ..Refer::default() }
    }
}

impl<T: Into<String>> From<T> for Refer {
    fn from(uri: T) -> Refer {
        Refer::new(uri)
    }
}

impl Content for Refer {
    fn read(reader: &mut Reader<'_>, node: Xml<'_>) -> Option<Refer> {
        let mut refer: Refer = reader.attributes(node);
        reader.children(node, Allowed::only(SIP), |reader, name, child| {
            if name != "Sip" {
                return false;
            }
            if refer.sip.is_some() {
                reader.one_too_many(child, SCHEMA);
                return true;
            }
            let uri = reader.plain_text(child);
            if sip::check_uri(reader, child, &uri) {
                refer.sip = Some(uri);
            }
            true
        });
        if refer.sip.is_none() {
            reader.incomplete(node, SCHEMA, SIP);
        }
        Some(refer)
    }

    fn write(&self, out: &mut Writer) {
        out.element(self, |out| {
            if let Some(uri) = &self.sip {
                out.plain("Sip", uri);
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{problems, voice};
    use crate::{Refer, Verb};

    #[test]
    fn it_holds_exactly_one_sip() {
        for (inside, codes) in [
            ("<Sip>sip:a@b.com</Sip>", vec![]),
            ("<Sip>sip:a@b.com</Sip><Sip>sip:c@b.com</Sip>", vec![12200]),
            ("<Sip username='x'>sip:a@b.com</Sip>", vec![12200]),
            ("<Sip>a@b.com</Sip>", vec![12200, 13243]),
            ("", vec![12200]),
            ("<Number>1</Number>", vec![12200, 12200]),
        ] {
            assert_eq!(problems(&format!("<Refer>{inside}</Refer>")), codes, "{inside}");
        }
        let xml = "<Refer><Sip> sip:a@b.com </Sip><Sip>sip:c@b.com</Sip></Refer>";
        assert_eq!(voice(xml), Verb::Refer(Refer::new("sip:a@b.com")));
    }
}
