//! `Redirect`: goes on with another document.
//!
//! Stands under `Response`, in voice and in messaging; holds a URL.
//! Contract: Twilio docs, TwiML Redirect; error pages 13710 (voice) and 14104 (messaging).

use crate::choices::Method;
use crate::element::{Content, URL, element};
use crate::reader::{Reader, Xml};
use crate::rules;
use crate::writer::Writer;

element! {
    /// Goes on with another document; nothing after it runs.
    Redirect = "Redirect" {
        /// How the document is requested.
        value method "method": Method = Method::Post, 13710;
    }
    inside {
        /// The document, absolute or relative; empty is the current one.
        url: String,
    }
}

impl Redirect {
    /// Goes on with the document at a URL.
    pub fn new(url: impl Into<String>) -> Redirect {
        Redirect { url: url.into(), ..Redirect::default() }
    }
}

impl<T: Into<String>> From<T> for Redirect {
    fn from(url: T) -> Redirect {
        Redirect::new(url)
    }
}

impl Content for Redirect {
    fn read(reader: &mut Reader<'_>, node: Xml<'_>) -> Option<Redirect> {
        let mut redirect: Redirect = reader.attributes(node);
        redirect.url = reader.text(node);
        if !rules::is_url(&redirect.url) {
            reader.bad_text(node, URL, "an http or https URL, or a relative one");
        }
        Some(redirect)
    }

    fn write(&self, out: &mut Writer) {
        out.text_element(self, &self.url);
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{messaging_problems, problems, voice};
    use crate::{Method, Redirect, Verb};

    #[test]
    fn an_empty_one_is_the_current_document() {
        assert_eq!(voice("<Redirect/>"), Verb::Redirect(Redirect::new("")));
        assert_eq!(problems("<Redirect/>"), []);
    }

    #[test]
    fn a_method_counts_in_any_case_and_a_bad_one_has_a_code_per_realm() {
        let get = Redirect::new("/next").method(Method::Get);
        assert_eq!(voice("<Redirect method='get'>\n/next\n</Redirect>"), Verb::Redirect(get));
        let xml = "<Redirect method='PUT'>/next</Redirect>";
        assert_eq!(problems(xml), [13710]);
        assert_eq!(messaging_problems(xml), [14104]);
        assert_eq!(voice(xml), Verb::Redirect(Redirect::new("/next")));
    }

    #[test]
    fn a_url_that_cannot_be_one_is_reported_and_kept() {
        let xml = "<Redirect>next page</Redirect>";
        assert_eq!(problems(xml), [11100]);
        assert_eq!(voice(xml), Verb::Redirect(Redirect::new("next page")));
    }
}
