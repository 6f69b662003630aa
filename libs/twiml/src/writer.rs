//! Writes a document as XML that `parse` reads back.
//!
//! Elements call [`Writer::element`] and put their content inside. Attributes that equal their
//! default are not written. Characters that XML cannot carry are left out; everything else is
//! escaped. Knows no element by name.
//! Contract: XML 1.0, sections 2.2, 2.4 and 3.3.3.

use crate::element::Element;
use crate::value::Value;

/// The declaration that every SDK of Twilio writes first.
const DECLARATION: &str = r#"<?xml version="1.0" encoding="UTF-8"?>"#;

/// A document that is being written.
#[derive(Debug)]
pub(crate) struct Writer {
    out: String,
}

impl Writer {
    /// A document that has its declaration.
    pub(crate) fn new() -> Writer {
        Writer { out: String::from(DECLARATION) }
    }

    /// The text so far.
    pub(crate) fn finish(self) -> String {
        self.out
    }

    /// An element with its attributes, and what `inside` writes between its tags.
    pub(crate) fn element<E: Element>(&mut self, element: &E, inside: impl FnOnce(&mut Self)) {
        self.tag(E::NAME, |out| element.write_attributes(out), inside);
    }

    /// An element whose only content is a text.
    pub(crate) fn text_element<E: Element>(&mut self, element: &E, text: &str) {
        self.element(element, |out| out.text(text));
    }

    /// An element without attributes whose only content is a text.
    pub(crate) fn plain(&mut self, name: &str, text: &str) {
        self.tag(name, |_| {}, |out| out.text(text));
    }

    /// Tags of that name around `inside`; one empty tag if that writes nothing.
    pub(crate) fn tag(
        &mut self,
        name: &str,
        attributes: impl FnOnce(&mut Self),
        inside: impl FnOnce(&mut Self),
    ) {
        self.out.push('<');
        self.out.push_str(name);
        attributes(self);
        self.out.push('>');
        let before = self.out.len();
        inside(self);
        if self.out.len() == before {
            self.out.pop();
            self.out.push_str("/>");
        } else {
            self.out.push_str("</");
            self.out.push_str(name);
            self.out.push('>');
        }
    }

    /// Text between tags.
    pub(crate) fn text(&mut self, text: &str) {
        self.escape(text, false);
    }

    /// One attribute.
    pub(crate) fn attribute(&mut self, name: &str, text: &str) {
        self.out.push(' ');
        self.out.push_str(name);
        self.out.push_str("=\"");
        self.escape(text, true);
        self.out.push('"');
    }

    /// One attribute, if it has a value.
    pub(crate) fn optional_text(&mut self, name: &str, text: &Option<String>) {
        if let Some(text) = text {
            self.attribute(name, text);
        }
    }

    /// One attribute, unless it has its default.
    pub(crate) fn string(&mut self, name: &str, text: &str, default: &str) {
        if text != default {
            self.attribute(name, text);
        }
    }

    /// One attribute, unless it has its default.
    pub(crate) fn value<T: Value>(&mut self, name: &str, value: &T, default: &T) {
        if value != default {
            self.attribute(name, &value.write());
        }
    }

    /// One attribute, if it has a value.
    pub(crate) fn optional<T: Value>(&mut self, name: &str, value: &Option<T>) {
        if let Some(value) = value {
            self.attribute(name, &value.write());
        }
    }

    /// One attribute with blanks between its values, unless there are none or the default ones.
    pub(crate) fn list<T: Value>(&mut self, name: &str, values: &Vec<T>, default: &Vec<T>) {
        if values != default && !values.is_empty() {
            let words: Vec<_> = values.iter().map(Value::write).collect();
            self.attribute(name, &words.join(" "));
        }
    }

    fn escape(&mut self, text: &str, in_attribute: bool) {
        for character in text.chars() {
            match character {
                '&' => self.out.push_str("&amp;"),
                '<' => self.out.push_str("&lt;"),
                '>' => self.out.push_str("&gt;"),
                '"' if in_attribute => self.out.push_str("&quot;"),
                // As written these would become blanks, or line feeds, when read.
                '\t' if in_attribute => self.out.push_str("&#9;"),
                '\n' if in_attribute => self.out.push_str("&#10;"),
                '\r' => self.out.push_str("&#13;"),
                '\t' | '\n' => self.out.push(character),
                '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {}
                _ => self.out.push(character),
            }
        }
    }
}
