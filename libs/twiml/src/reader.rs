//! Reads elements out of an XML tree and collects problems.
//!
//! `parse` makes one [`Reader`] per document; the elements' `read` functions call it for their
//! attributes, children and texts. It knows where things stand and how a schema validator words
//! what is wrong; which children an element takes is the element's own business.
//! Contract: error dictionary page 12200; webhooks that carry `line`, `cols` and `parserMessage`.

use crate::document::Realm;
use crate::element::{Element, SCHEMA};
use crate::problem::{Position, Problem, Severity};
use crate::value::Wrong;

/// Problems that are kept for one document; those after them are not recorded.
pub const PROBLEMS_MAX: usize = 100;

/// Characters of a bad value that its problem quotes.
const QUOTED_CHARACTERS_MAX: usize = 100;

/// The namespace of attributes such as `xsi:noNamespaceSchemaLocation`, allowed everywhere.
const SCHEMA_INSTANCE: &str = "http://www.w3.org/2001/XMLSchema-instance";

/// A node of the XML tree.
pub(crate) type Xml<'a> = roxmltree::Node<'a, 'a>;

/// The children that an element takes, and the code of any other.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Allowed {
    pub names: &'static [&'static str],
    pub code: u32,
}

impl Allowed {
    /// These, and 12200 for others.
    pub(crate) fn only(names: &'static [&'static str]) -> Allowed {
        Allowed { names, code: SCHEMA }
    }
}

/// The text between an element's tags, without the blanks around it, and where it begins.
#[derive(Debug, Default)]
pub(crate) struct Text {
    pub text: String,
    pub offset: usize,
}

/// One document being read.
#[derive(Debug)]
pub(crate) struct Reader<'x> {
    source: &'x str,
    /// The namespace of the root; elements of another are unknown.
    namespace: Option<&'x str>,
    realm: Realm,
    /// Whether what is read now stands in a Gather, whose prompts have codes of their own.
    pub in_gather: bool,
    problems: Vec<Problem>,
    last: (usize, Position),
}

impl<'x> Reader<'x> {
    /// A reader at the start of `source`.
    pub(crate) fn new(source: &'x str, namespace: Option<&'x str>, realm: Realm) -> Reader<'x> {
        let last = (0, Position { line: 1, column: 1 });
        Reader { source, namespace, realm, in_gather: false, problems: Vec::new(), last }
    }

    /// What the document is for.
    pub(crate) fn realm(&self) -> Realm {
        self.realm
    }

    /// The problems, in the order of the text.
    pub(crate) fn finish(mut self) -> Vec<Problem> {
        self.problems.sort_by_key(|problem| problem.at);
        self.problems
    }

    /// The position of a byte. Walks on from the last one asked for, so that reading a document
    /// from its start to its end walks it once, also when it is one long line.
    pub(crate) fn position(&mut self, offset: usize) -> Position {
        if offset < self.last.0 {
            self.last = (0, Position { line: 1, column: 1 });
        }
        let (from, mut at) = self.last;
        let mut rest = &self.source.as_bytes()[from..offset];
        if let Some(end) = rest.iter().rposition(|byte| *byte == b'\n') {
            at.line += rest.iter().filter(|byte| **byte == b'\n').count() as u32;
            at.column = 1;
            rest = &rest[end + 1..];
        }
        // Not a continuation byte of UTF-8: a character begins.
        at.column += rest.iter().filter(|byte| **byte & 0xc0 != 0x80).count() as u32;
        self.last = (offset, at);
        at
    }

    /// Records a problem at a byte of the text.
    pub(crate) fn problem(&mut self, code: u32, offset: usize, message: impl Into<String>) {
        if self.problems.len() < PROBLEMS_MAX {
            let at = self.position(offset);
            let severity = Severity::of(code);
            self.problems.push(Problem { code, severity, at, message: message.into() });
        }
    }

    /// The name of an element, unless it is one of another language.
    pub(crate) fn name<'a>(&self, node: Xml<'a>) -> Option<&'a str> {
        let tag = node.tag_name();
        (tag.namespace() == self.namespace).then(|| tag.name())
    }

    /// An element with the attributes of a node.
    pub(crate) fn attributes<E: Element>(&mut self, node: Xml<'_>) -> E {
        let mut element = E::default();
        for attribute in node.attributes() {
            let (name, offset) = (attribute.name(), attribute.range().start);
            match attribute.namespace() {
                Some(SCHEMA_INSTANCE) => {}
                Some(_) => self.unknown_attribute(E::NAME, name, offset),
                None => match element.set(name, attribute.value()) {
                    None => self.unknown_attribute(E::NAME, name, offset),
                    Some(Ok(())) => {}
                    Some(Err(fault)) => {
                        let code = self.code_here(fault.code);
                        let what = (E::NAME, name, attribute.value());
                        self.bad_value(code, offset, what, &fault.wrong);
                    }
                },
            }
        }
        for name in E::REQUIRED.iter().filter(|name| !name.is_empty()) {
            self.require(node, E::NAME, name);
        }
        element
    }

    /// Reports an attribute that must be there and is not.
    pub(crate) fn require(&mut self, node: Xml<'_>, element: &str, attribute: &str) {
        if !node.has_attribute(attribute) {
            let message = format!("Attribute '{attribute}' must appear on element '{element}'.");
            self.problem(SCHEMA, node.range().start, message);
        }
    }

    /// The codes that differ by where an element stands.
    fn code_here(&self, code: u32) -> u32 {
        match code {
            13510 if self.in_gather => 13322,
            13511 if self.in_gather => 13321,
            13710 if self.realm == Realm::Messaging => 14104,
            _ => code,
        }
    }

    pub(crate) fn unknown_attribute(&mut self, element: &str, attribute: &str, offset: usize) {
        // `lang` for `language` has a code of its own (error dictionary page 13512).
        let code = if (element, attribute) == ("Gather", "lang") { 13512 } else { SCHEMA };
        let message =
            format!("Attribute '{attribute}' is not allowed to appear in element '{element}'.");
        self.problem(code, offset, message);
    }

    /// Hands each child element to `each`, which answers whether it knows it; reports the
    /// others, and gives the text that stood between.
    pub(crate) fn mixed(
        &mut self,
        node: Xml<'_>,
        allowed: Allowed,
        mut each: impl FnMut(&mut Self, &str, Xml<'_>) -> bool,
    ) -> Text {
        let mut text = Text::default();
        for child in node.children() {
            if child.is_element() {
                let known = match self.name(child) {
                    Some(name) => each(self, name, child),
                    None => false,
                };
                if !known {
                    self.unknown_element(child, allowed);
                }
            } else if let Some(piece) = child.text().filter(|_| child.is_text()) {
                if text.text.is_empty() {
                    text.offset = self.first_character(child);
                    text.text.push_str(piece.trim_start());
                } else {
                    text.text.push_str(piece);
                }
            }
        }
        text.text.truncate(text.text.trim_end().len());
        text
    }

    /// [`Reader::mixed`] for an element that takes no text.
    pub(crate) fn children(
        &mut self,
        node: Xml<'_>,
        allowed: Allowed,
        each: impl FnMut(&mut Self, &str, Xml<'_>) -> bool,
    ) {
        let text = self.mixed(node, allowed, each);
        self.stray(node, &text);
    }

    /// The text of an element that takes nothing else.
    pub(crate) fn text(&mut self, node: Xml<'_>) -> String {
        self.mixed(node, Allowed::only(&[]), |_, _, _| false).text
    }

    /// The text of an element that takes nothing else and has no attributes.
    pub(crate) fn plain_text(&mut self, node: Xml<'_>) -> String {
        self.no_attributes(node);
        self.text(node)
    }

    /// Reports the attributes of an element that has none.
    pub(crate) fn no_attributes(&mut self, node: Xml<'_>) {
        for attribute in node.attributes().filter(|a| a.namespace() != Some(SCHEMA_INSTANCE)) {
            let name = node.tag_name().name();
            self.unknown_attribute(name, attribute.name(), attribute.range().start);
        }
    }

    /// Reports whatever stands in an element that takes nothing.
    pub(crate) fn empty(&mut self, node: Xml<'_>) {
        let text = self.mixed(node, Allowed::only(&[]), |_, _, _| false);
        if !text.text.is_empty() {
            let name = node.tag_name().name();
            let message = format!(
                "Element '{name}' must have no character or element information item \
                 [children], because the type's content type is empty."
            );
            self.problem(SCHEMA, text.offset, message);
        }
    }

    /// Reports a text where only elements belong.
    pub(crate) fn stray(&mut self, node: Xml<'_>, text: &Text) {
        if !text.text.is_empty() {
            let name = node.tag_name().name();
            let message = format!(
                "Element '{name}' cannot have character [children], because the type's content \
                 type is element-only."
            );
            self.problem(SCHEMA, text.offset, message);
        }
    }

    /// Reports an element that must not stand where it does.
    pub(crate) fn unknown_element(&mut self, node: Xml<'_>, allowed: Allowed) {
        let name = node.tag_name().name();
        let mut message = format!("Invalid content was found starting with element '{name}'. ");
        if allowed.names.is_empty() {
            message.push_str("No child element is expected at this point.");
        } else {
            message.push_str(&format!("One of '{{{}}}' is expected.", allowed.names.join(", ")));
        }
        self.problem(allowed.code, node.range().start, message);
    }

    /// Reports an element that would be one too many.
    pub(crate) fn one_too_many(&mut self, node: Xml<'_>, code: u32) {
        self.unknown_element(node, Allowed { names: &[], code });
    }

    /// Reports an element that lacks what it is for.
    pub(crate) fn incomplete(&mut self, node: Xml<'_>, code: u32, expected: &[&str]) {
        let name = node.tag_name().name();
        let message = format!(
            "The content of element '{name}' is not complete. One of '{{{}}}' is expected.",
            expected.join(", ")
        );
        self.problem(code, node.range().start, message);
    }

    /// Reports a text that is not what its element takes.
    pub(crate) fn bad_text(&mut self, node: Xml<'_>, code: u32, expected: &str) {
        let name = node.tag_name().name();
        let message = format!("The text of element '{name}' is not valid: it must be {expected}.");
        self.problem(code, node.range().start, message);
    }

    /// Reports an attribute's value; `what` is its element, its name and the value.
    pub(crate) fn bad_value(
        &mut self,
        code: u32,
        offset: usize,
        what: (&str, &str, &str),
        wrong: &Wrong,
    ) {
        let (element, attribute, value) = what;
        let value: String = value.chars().take(QUOTED_CHARACTERS_MAX).collect();
        let message = format!(
            "The value '{value}' of attribute '{attribute}' on element '{element}' is not valid: \
             it must be {}.",
            wrong.expected
        );
        self.problem(code, offset, message);
    }

    /// The source between an element's tags.
    pub(crate) fn inside(&self, node: Xml<'_>) -> &'x str {
        let range = node.first_child().zip(node.last_child());
        let range = range.map(|(first, last)| first.range().start..last.range().end);
        range.and_then(|range| self.source.get(range)).unwrap_or_default()
    }

    /// The byte of the first character of a text node that is no blank.
    fn first_character(&self, node: Xml<'_>) -> usize {
        let range = node.range();
        let raw = self.source.get(range.clone()).unwrap_or_default();
        range.start + (raw.len() - raw.trim_start().len())
    }
}
