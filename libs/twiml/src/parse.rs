//! From text to a document, or to the reason why there is none.
//!
//! [`parse`] refuses what is too large, not well-formed, dangerous (DTDs, entities, bombs) or has
//! another root; everything less is a problem, and the elements' files report those.
//! It fetches nothing and knows no content types: the caller decodes bytes to text.
//! Contract: error dictionary pages 11750, 12100, 12101 and 12102.

use crate::document::{Document, Realm};
use crate::problem::{Fatal, Position, Problem};
use crate::reader::{Reader, Xml};

/// Bytes of a document: 64 KiB (error dictionary page 11750).
pub const DOCUMENT_BYTES_MAX: usize = 64 * 1024;

/// Elements inside one another, the root being the first.
pub const DEPTH_MAX: usize = 64;

/// Nodes of a document's tree: elements, texts, comments and the document itself.
pub const NODES_MAX: usize = 8192;

/// Attributes in a document.
pub const ATTRIBUTES_MAX: usize = 4096;

/// The values of `version` on `Response` that are accepted. What Twilio takes is not documented
/// any more; these are the versions of its API and of the first schema.
const VERSIONS: [&str; 4] = ["1", "1.0", "2008-08-01", "2010-04-01"];

const TOO_LARGE: u32 = 11750;
const UNREADABLE: u32 = 12100;
const WRONG_VERSION: u32 = 12101;
const WRONG_ROOT: u32 = 12102;

/// Reads a document for a call or for a message.
///
/// What the schema or a verb forbids is skipped, or its documented default stands in, and is
/// reported as a [`Problem`] with line, column and Twilio's code; problems come in the order of
/// the text, at most [`PROBLEMS_MAX`](crate::PROBLEMS_MAX).
///
/// # Errors
///
/// [`Fatal`] if there is no document: 11750 over [`DOCUMENT_BYTES_MAX`]; 12100 not well-formed,
/// empty, something before the XML declaration, a DTD, or deeper or larger than the limits; 12101
/// an unknown `version`; 12102 another root than `Response`.
///
/// ```
/// use twiml::{Realm, Verb, parse};
///
/// let xml = "<Response>\n  <Dial timeout=\"soon\">+12025550123</Dial>\n</Response>";
/// let (document, problems) = parse(xml, Realm::Voice).unwrap();
///
/// assert_eq!(problems[0].code, 13212);
/// assert_eq!(problems[0].at.to_string(), "2:9");
/// let Verb::Dial(dial) = &document.verbs[0].verb else { panic!() };
/// assert_eq!(dial.timeout, 30);
/// ```
pub fn parse(text: &str, realm: Realm) -> Result<(Document, Vec<Problem>), Fatal> {
    check_start(text)?;
    let options = roxmltree::ParsingOptions {
        allow_dtd: false,
        nodes_limit: NODES_MAX as u32,
        ..roxmltree::ParsingOptions::default()
    };
    let tree = roxmltree::Document::parse_with_options(text, options)
        .map_err(|error| unreadable(text, &error))?;
    check_depth(text, tree.root())?;

    let root = tree.root_element();
    let mut reader = Reader::new(text, root.tag_name().namespace(), realm);
    check_root(&mut reader, root)?;
    let document = Document::read(&mut reader, root);
    Ok((document, reader.finish()))
}

/// Refuses what need not be parsed to be refused.
fn check_start(text: &str) -> Result<(), Fatal> {
    let start = Position { line: 1, column: 1 };
    if text.len() > DOCUMENT_BYTES_MAX {
        let message = format!(
            "The document has {} bytes; at most {DOCUMENT_BYTES_MAX} are allowed.",
            text.len()
        );
        return Err(Fatal { code: TOO_LARGE, at: start, message });
    }
    let begins = text.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']);
    let before = text.len() - begins.len();
    let declared_late = before > 0 && begins.starts_with("<?xml ");
    if begins.is_empty() {
        return Err(fatal(text, 0, "Premature end of file."));
    }
    if declared_late || text.starts_with('\u{feff}') || !begins.starts_with('<') {
        let at = if begins.starts_with('<') { 0 } else { before };
        return Err(fatal(text, at, "Content is not allowed in prolog."));
    }
    check_attributes(text)
}

/// The XML parser compares each attribute with all others of its element, so their number has a
/// limit. Equals signs in texts count too: a rough count that needs no parser.
fn check_attributes(text: &str) -> Result<(), Fatal> {
    // The shortest attribute has five bytes: most texts are too short to have too many.
    if text.len() < ATTRIBUTES_MAX * 5 {
        return Ok(());
    }
    let begins_value = |byte: u8| matches!(byte, b'"' | b'\'') || byte.is_ascii_whitespace();
    let quoted = |pair: &[u8]| pair[0] == b'=' && begins_value(pair[1]);
    let count = text.as_bytes().windows(2).filter(|pair| quoted(pair)).count();
    if count > ATTRIBUTES_MAX {
        let message = format!("The document has more than {ATTRIBUTES_MAX} attributes.");
        return Err(fatal(text, 0, message));
    }
    Ok(())
}

fn check_depth(text: &str, document: Xml<'_>) -> Result<(), Fatal> {
    let mut depth = 0;
    let mut node = document;
    loop {
        if let Some(child) = node.first_child() {
            node = child;
            depth += 1;
            if depth > DEPTH_MAX && node.is_element() {
                let message = format!("Elements are nested deeper than {DEPTH_MAX}.");
                return Err(fatal(text, node.range().start, message));
            }
            continue;
        }
        loop {
            if let Some(sibling) = node.next_sibling() {
                node = sibling;
                break;
            }
            match node.parent() {
                Some(parent) => node = parent,
                None => return Ok(()),
            }
            depth -= 1;
        }
    }
}

/// Checks the root's name and its attributes: only `version`, and that legacy, is known.
fn check_root(reader: &mut Reader<'_>, root: Xml<'_>) -> Result<(), Fatal> {
    let start = root.range().start;
    if root.tag_name().name() != "Response" {
        let at = reader.position(start);
        let name = root.tag_name().name();
        let message = format!("The root element must be 'Response', not '{name}'.");
        return Err(Fatal { code: WRONG_ROOT, at, message });
    }
    for attribute in root.attributes() {
        let (name, offset) = (attribute.name(), attribute.range().start);
        if attribute.namespace().is_some() {
            continue;
        }
        if name != "version" {
            reader.unknown_attribute("Response", name, offset);
        } else if !VERSIONS.contains(&attribute.value().trim()) {
            let at = reader.position(offset);
            let message = String::from("The version attribute of 'Response' is not a known one.");
            return Err(Fatal { code: WRONG_VERSION, at, message });
        }
    }
    Ok(())
}

/// A [`Fatal`] for a text that is no XML document.
fn unreadable(text: &str, error: &roxmltree::Error) -> Fatal {
    use roxmltree::Error;
    let (at, message) = match error {
        Error::DtdDetected => {
            let offset = text.find("<!DOCTYPE").unwrap_or(0);
            return fatal(text, offset, "DOCTYPE is not allowed.");
        }
        Error::NodesLimitReached => {
            let message = format!("The document has more than {NODES_MAX} nodes.");
            return fatal(text, 0, message);
        }
        Error::UnclosedRootNode | Error::UnexpectedEndOfStream | Error::NoRootNode => {
            let message = "XML document structures must start and end within the same entity.";
            return fatal(text, text.len(), message);
        }
        Error::UnexpectedCloseTag(open, close, at) => {
            let message = format!(
                "The element type \"{open}\" must be terminated by the matching end-tag \
                 \"</{open}>\", not by \"</{close}>\"."
            );
            (*at, message)
        }
        Error::DuplicatedAttribute(name, at) => {
            (*at, format!("Attribute \"{name}\" was already specified for its element."))
        }
        Error::UnknownEntityReference(name, at) => {
            (*at, format!("The entity \"{name}\" was referenced, but not declared."))
        }
        Error::MalformedEntityReference(at) => {
            (*at, String::from("The entity name must immediately follow the '&'."))
        }
        Error::InvalidAttributeValue(at) | Error::InvalidChar(b'"' | b'\'', b'<', at) => {
            (*at, String::from("The value of an attribute must not contain the '<' character."))
        }
        other => {
            // The position is in a field of its own: it need not be in the sentence too.
            let sentence = other.to_string();
            let place = format!(" at {}", other.pos());
            (
                other.pos(),
                format!("The document is not well-formed: {}.", sentence.replace(&place, "")),
            )
        }
    };
    Fatal { code: UNREADABLE, at: Position { line: at.row, column: at.col }, message }
}

fn fatal(text: &str, offset: usize, message: impl Into<String>) -> Fatal {
    let at = Reader::new(text, None, Realm::Voice).position(offset);
    Fatal { code: UNREADABLE, at, message: message.into() }
}
