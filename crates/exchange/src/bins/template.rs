//! The template language of TwiML Bins: a subset of Mustache, read once when a bin is saved.
//!
//! `server` parses when a bin is saved and when it is loaded; `render` fills a parsed template and
//! `check` judges it.
//! It knows nothing of TwiML: text outside tags is carried as it is, never parsed or changed, but
//! for lines that hold a section tag or comment alone, which vanish (Mustache's "standalone" rule;
//! without it a comment above the XML declaration would break the document).
//! Contract: mustache(5) for tags, sections, inverted sections and comments; Twilio doc page "How
//! to use templates with TwiML Bins". No partials, no change of delimiters, no Handlebars helpers.

use std::fmt;
use std::ops::Range;

/// Longest template in bytes: what a document may have when it is fetched (11750).
pub const TEMPLATE_BYTES_MAX: usize = 64 * 1024;
/// Deepest nesting of sections.
pub const NESTING_MAX: usize = 32;
/// Most tags in one template.
pub const TAGS_MAX: usize = 4096;

/// Something between braces is not usable (Twilio: "Invalid template token").
pub const CODE_TOKEN: u32 = 11310;
/// Braces or a section are not closed (Twilio: "Invalid template unclosed brackets").
pub const CODE_UNCLOSED: u32 = 11320;
/// The template is too large (Twilio: "TwiML response body too large").
pub const CODE_TOO_LARGE: u32 = 11750;

/// A parsed template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    pub(super) nodes: Vec<Node>,
}

/// A piece of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Node {
    Text(String),
    Value { name: String, raw: bool },
    Section { name: String, inverted: bool, inside: Vec<Node> },
}

/// Why a template cannot be used, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateError {
    /// Twilio's code: 11310, 11320 or 11750.
    pub code: u32,
    /// Line of the tag, from 1.
    pub line: u32,
    /// Column of the tag in characters, from 1.
    pub column: u32,
    /// What is wrong and what to write instead.
    pub message: String,
}

impl fmt::Display for TemplateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {} {}", self.line, self.column, self.code, self.message)
    }
}

impl std::error::Error for TemplateError {}

/// What a tag does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Value,
    Raw,
    Comment,
    Open,
    OpenInverted,
    Close,
}

/// A tag: where it stands, braces included, and its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tag<'a> {
    pub(super) kind: Kind,
    pub(super) name: &'a str,
    pub(super) at: Range<usize>,
}

impl Template {
    /// Reads a template.
    ///
    /// # Errors
    /// 11320 for braces or sections that do not end, 11310 for tags that cannot be used (partials,
    /// other delimiters, helpers, empty names, a section closed by another name), 11750 for a
    /// template above [`TEMPLATE_BYTES_MAX`].
    ///
    /// ```
    /// use exchange::bins::template::Template;
    /// let bin = Template::parse("<Response><Message>Hi {{From}}</Message></Response>").unwrap();
    /// let sent = bin.render(&[("From".into(), "+12025550199".into())]).unwrap();
    /// assert_eq!(sent, "<Response><Message>Hi +12025550199</Message></Response>");
    /// assert_eq!(Template::parse("Hi {{From").unwrap_err().code, 11320);
    /// ```
    pub fn parse(text: &str) -> Result<Template, TemplateError> {
        let tags = scan(text)?;
        build(text, &tags).map(|nodes| Template { nodes })
    }
}

/// All tags of `text`, in order.
pub(super) fn scan(text: &str) -> Result<Vec<Tag<'_>>, TemplateError> {
    if text.len() > TEMPLATE_BYTES_MAX {
        let message = format!("the template is larger than {TEMPLATE_BYTES_MAX} bytes");
        return Err(TemplateError { code: CODE_TOO_LARGE, line: 1, column: 1, message });
    }
    let mut tags = Vec::new();
    let mut from = 0;
    while let Some(found) = text[from..].find("{{") {
        let start = from + found;
        let tag = read_tag(text, start)?;
        from = tag.at.end;
        tags.push(tag);
        if tags.len() > TAGS_MAX {
            let message = format!("the template has more than {TAGS_MAX} tags");
            return Err(error(text, start, CODE_TOKEN, message));
        }
    }
    Ok(tags)
}

/// Reads the tag whose braces open at `start`.
fn read_tag(text: &str, start: usize) -> Result<Tag<'_>, TemplateError> {
    let triple = text[start..].starts_with("{{{");
    let (open, close) = if triple { ("{{{", "}}}") } else { ("{{", "}}") };
    let inside_at = start + open.len();
    let unclosed = || error(text, start, CODE_UNCLOSED, format!("{open} has no {close}"));
    let len = text[inside_at..].find(close).ok_or_else(unclosed)?;
    let inside = &text[inside_at..inside_at + len];
    let at = start..inside_at + len + close.len();
    let trimmed = inside.trim();
    if !triple && trimmed.starts_with('!') {
        return Ok(Tag { kind: Kind::Comment, name: "", at });
    }
    // Markup or another opening between the braces: these braces belong to somebody else.
    if inside.contains(['<', '>', '{']) && !trimmed.starts_with('>') {
        return Err(unclosed());
    }
    let mut chars = trimmed.chars();
    let (kind, name) = match (triple, chars.next()) {
        (true, _) => (Kind::Raw, trimmed),
        (_, Some('&')) => (Kind::Raw, chars.as_str()),
        (_, Some('#')) => (Kind::Open, chars.as_str()),
        (_, Some('^')) => (Kind::OpenInverted, chars.as_str()),
        (_, Some('/')) => (Kind::Close, chars.as_str()),
        _ => (Kind::Value, trimmed),
    };
    let name = name.trim();
    match unusable(trimmed, name) {
        Some(message) => Err(error(text, start, CODE_TOKEN, message)),
        None => Ok(Tag { kind, name, at }),
    }
}

/// Why a tag cannot be used, if it cannot.
fn unusable(inside: &str, name: &str) -> Option<String> {
    if inside.starts_with('>') {
        return Some("partials ({{> name}}) are not supported: a bin is one document".to_owned());
    }
    if inside.starts_with('=') {
        return Some("the delimiters cannot be changed: use {{ and }}".to_owned());
    }
    if name.is_empty() {
        return Some("the tag has no name".to_owned());
    }
    if name.contains(char::is_whitespace) {
        return Some(format!(
            "'{name}' is not the name of a parameter: there are no helpers, write \
             {{{{#Name}}}}…{{{{/Name}}}} or {{{{^Name}}}}…{{{{/Name}}}}"
        ));
    }
    None
}

/// A section that is open while the template is built.
struct OpenSection<'a> {
    tag: &'a Tag<'a>,
    before: Vec<Node>,
}

fn build(text: &str, tags: &[Tag<'_>]) -> Result<Vec<Node>, TemplateError> {
    let mut nodes = Vec::new();
    let mut open: Vec<OpenSection<'_>> = Vec::new();
    let mut from = 0;
    for tag in tags {
        let (cut_from, cut_to) = footprint(text, tag);
        // Two standalone tags in a row share the line end between them.
        push_text(&mut nodes, text.get(from..cut_from).unwrap_or(""));
        from = cut_to;
        let name = || tag.name.to_owned();
        match tag.kind {
            Kind::Comment => {}
            Kind::Value => nodes.push(Node::Value { name: name(), raw: false }),
            Kind::Raw => nodes.push(Node::Value { name: name(), raw: true }),
            Kind::Open | Kind::OpenInverted => {
                if open.len() == NESTING_MAX {
                    let message = format!("sections are nested deeper than {NESTING_MAX}");
                    return Err(error(text, tag.at.start, CODE_TOKEN, message));
                }
                open.push(OpenSection { tag, before: std::mem::take(&mut nodes) });
            }
            Kind::Close => match open.pop() {
                Some(section) if section.tag.name == tag.name => {
                    let inverted = section.tag.kind == Kind::OpenInverted;
                    let inside = std::mem::replace(&mut nodes, section.before);
                    nodes.push(Node::Section { name: name(), inverted, inside });
                }
                Some(section) => {
                    let wanted = section.tag.name;
                    let found = tag.name;
                    let message = format!("{{{{/{found}}}}} closes the section '{wanted}'");
                    return Err(error(text, tag.at.start, CODE_TOKEN, message));
                }
                None => {
                    let message =
                        format!("{{{{/{}}}}} closes a section that is not open", tag.name);
                    return Err(error(text, tag.at.start, CODE_TOKEN, message));
                }
            },
        }
    }
    if let Some(section) = open.pop() {
        let message = format!("the section '{0}' has no {{{{/{0}}}}}", section.tag.name);
        return Err(error(text, section.tag.at.start, CODE_UNCLOSED, message));
    }
    push_text(&mut nodes, &text[from..]);
    Ok(nodes)
}

fn push_text(nodes: &mut Vec<Node>, text: &str) {
    if !text.is_empty() {
        nodes.push(Node::Text(text.to_owned()));
    }
}

/// What of the text a tag takes with it: itself, and the whole line when a section tag or comment
/// stands alone on it.
fn footprint(text: &str, tag: &Tag<'_>) -> (usize, usize) {
    let Range { start, end } = tag.at.clone();
    if matches!(tag.kind, Kind::Value | Kind::Raw) {
        return (start, end);
    }
    let blank = |part: &str| part.chars().all(|c| c == ' ' || c == '\t' || c == '\r');
    let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
    let line_end = text[end..].find('\n').map_or(text.len(), |at| end + at + 1);
    let rest_of_line = text[end..line_end].trim_end_matches('\n');
    if blank(&text[line_start..start]) && blank(rest_of_line) {
        (line_start, line_end)
    } else {
        (start, end)
    }
}

/// An error at byte `at` of `text`.
fn error(text: &str, at: usize, code: u32, message: String) -> TemplateError {
    let before = &text[..at];
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    // A template is below 64 KiB, so neither count comes near 32 bits.
    let count = |n: usize| u32::try_from(n + 1).unwrap_or(u32::MAX);
    TemplateError {
        code,
        line: count(before.matches('\n').count()),
        column: count(before[line_start..].chars().count()),
        message,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_template_that_cannot_be_used_says_where_and_why() {
        let rows = [
            ("a\nbc {{From", CODE_UNCLOSED, 2, 4, "{{ has no }}"),
            ("é{{{From}}", CODE_UNCLOSED, 1, 2, "{{{ has no }}}"),
            ("{{From}", CODE_UNCLOSED, 1, 1, "{{ has no }}"),
            ("<Say>{{Name</Say><Say>{{X}}</Say>", CODE_UNCLOSED, 1, 6, "{{ has no }}"),
            ("{{#A}}\n{{#B}}x{{/B}}", CODE_UNCLOSED, 1, 1, "section 'A' has no {{/A}}"),
            ("{{#A}}{{/B}}", CODE_TOKEN, 1, 7, "{{/B}} closes the section 'A'"),
            ("x{{/B}}", CODE_TOKEN, 1, 2, "closes a section that is not open"),
            ("{{> header}}", CODE_TOKEN, 1, 1, "partials"),
            ("{{=<% %>=}}", CODE_UNCLOSED, 1, 1, "{{ has no }}"),
            ("{{=| |=}}", CODE_TOKEN, 1, 1, "delimiters"),
            ("{{ }}", CODE_TOKEN, 1, 1, "no name"),
            ("{{#}}", CODE_TOKEN, 1, 1, "no name"),
            ("{{#if Body}}x{{/if}}", CODE_TOKEN, 1, 1, "no helpers"),
        ];
        for (text, code, line, column, message) in rows {
            let error = Template::parse(text).expect_err(text);
            assert_eq!((error.code, error.line, error.column), (code, line, column), "{text}");
            assert!(error.message.contains(message), "{text}: {}", error.message);
        }
    }

    #[test]
    fn size_nesting_and_tags_have_limits() {
        let large = "x".repeat(TEMPLATE_BYTES_MAX + 1);
        assert_eq!(Template::parse(&large).expect_err("large").code, CODE_TOO_LARGE);
        let nested = |depth: usize| "{{#a}}".repeat(depth) + &"{{/a}}".repeat(depth);
        assert!(Template::parse(&nested(NESTING_MAX)).is_ok());
        assert!(Template::parse(&nested(NESTING_MAX + 1)).is_err());
        assert!(Template::parse(&"{{a}}".repeat(TAGS_MAX)).is_ok());
        assert!(Template::parse(&"{{a}}".repeat(TAGS_MAX + 1)).is_err());
    }

    proptest! {
        #[test]
        fn no_text_panics_the_parser(text in "(\\{|\\}|#|/|\\^|!|&|>|=| |\n|\r|<|é|a|b|\\{\\{|\\}\\}){0,60}") {
            if let Err(error) = Template::parse(&text) {
                prop_assert!(error.line >= 1 && error.column >= 1);
            }
        }

        #[test]
        fn a_text_without_braces_is_one_piece(text in "[^{}]{1,200}") {
            let parsed = Template::parse(&text).expect("no tag, no error");
            prop_assert_eq!(parsed.nodes, vec![Node::Text(text)]);
        }
    }
}
