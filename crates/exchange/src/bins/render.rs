//! Fills a template with the parameters of a request.
//!
//! `server` calls it for each request of a bin, then sends the text on (or parses it, when the bin
//! is served in-process).
//! It never fails for a missing parameter and never judges the document it makes.
//! Contract: Twilio doc page "How to use templates with TwiML Bins": all parameters of the request
//! by exact name, missing ones are empty; mustache(5) for sections and lists.

use std::collections::HashMap;
use std::fmt;

use super::template::{Node, Template};

/// Longest rendered document in bytes: what a document may have when it is fetched (11750).
pub const RENDERED_BYTES_MAX: usize = 64 * 1024;
/// Most pieces rendered for one document: lists in lists cannot make work without end.
pub const RENDER_STEPS_MAX: u32 = 100_000;

/// The rendered document is above [`RENDERED_BYTES_MAX`] or took more than [`RENDER_STEPS_MAX`]
/// steps; Twilio's code is 11750.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooLarge;

impl fmt::Display for TooLarge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the rendered document is larger than {RENDERED_BYTES_MAX} bytes")
    }
}

impl std::error::Error for TooLarge {}

impl Template {
    /// Fills the template.
    ///
    /// `{{Name}}` is the first parameter of that name. `{{#Name}}` renders its inside once for
    /// each parameter of that name that is neither empty nor `false`, with the value as `{{.}}`;
    /// `{{^Name}}` renders when there is none such. Where query and form share a name the form
    /// wins: the caller leaves the query's out, else the two are a list.
    ///
    /// # Errors
    /// [`TooLarge`].
    ///
    /// ```
    /// use exchange::bins::template::Template;
    /// let bin = Template::parse("{{#Item}}<Say>{{.}}</Say>{{/Item}}{{^Item}}<Hangup/>{{/Item}}").unwrap();
    /// let two = [("Item".into(), "tea".into()), ("Item".into(), "salt & oil".into())];
    /// assert_eq!(bin.render(&two).unwrap(), "<Say>tea</Say><Say>salt &amp; oil</Say>");
    /// assert_eq!(bin.render(&[]).unwrap(), "<Hangup/>");
    /// ```
    pub fn render(&self, params: &[(String, String)]) -> Result<String, TooLarge> {
        let mut values: HashMap<&str, Values<'_>> = HashMap::new();
        for (name, value) in params {
            let entry = values.entry(name).or_insert(Values { first: value, truthy: Vec::new() });
            if is_truthy(value) {
                entry.truthy.push(value);
            }
        }
        let mut writer = Writer { values: &values, out: String::new(), steps: 0 };
        writer.write(&self.nodes, None)?;
        Ok(writer.out)
    }
}

/// What a request has under one name.
struct Values<'a> {
    first: &'a str,
    truthy: Vec<&'a str>,
}

struct Writer<'a> {
    values: &'a HashMap<&'a str, Values<'a>>,
    out: String,
    steps: u32,
}

fn is_truthy(value: &str) -> bool {
    !value.is_empty() && value != "false"
}

impl<'a> Writer<'a> {
    /// `item` is the value of the innermost section, `{{.}}`. Recursion ends with the template's
    /// nesting, which is bounded.
    fn write(&mut self, nodes: &[Node], item: Option<&'a str>) -> Result<(), TooLarge> {
        for node in nodes {
            match node {
                Node::Text(text) => self.push(text)?,
                Node::Value { name, raw: true } => self.push(self.value(name, item))?,
                Node::Value { name, raw: false } => self.push_escaped(self.value(name, item))?,
                Node::Section { name, inverted, inside } => {
                    let of_item = item.filter(|value| is_truthy(value));
                    let truthy = match name.as_str() {
                        "." => of_item.as_slice(),
                        name => self.values.get(name).map_or(&[][..], |values| &values.truthy),
                    };
                    match (inverted, truthy) {
                        (true, []) => self.write(inside, item)?,
                        (true, _) => {}
                        (false, truthy) => {
                            for value in truthy {
                                self.step()?;
                                self.write(inside, Some(value))?;
                            }
                        }
                    }
                }
            }
            self.step()?;
        }
        Ok(())
    }

    fn step(&mut self) -> Result<(), TooLarge> {
        self.steps += 1;
        if self.steps > RENDER_STEPS_MAX { Err(TooLarge) } else { Ok(()) }
    }

    fn value(&self, name: &str, item: Option<&'a str>) -> &'a str {
        match name {
            "." => item.unwrap_or(""),
            name => self.values.get(name).map_or("", |values| values.first),
        }
    }

    fn push(&mut self, text: &str) -> Result<(), TooLarge> {
        if self.out.len() + text.len() > RENDERED_BYTES_MAX {
            return Err(TooLarge);
        }
        self.out.push_str(text);
        Ok(())
    }

    fn push_escaped(&mut self, value: &str) -> Result<(), TooLarge> {
        let mut buffer = [0; 4];
        for c in value.chars() {
            self.push(escaped(c).unwrap_or_else(|| c.encode_utf8(&mut buffer)))?;
        }
        Ok(())
    }
}

/// How a character of a value is written so that an XML parser reads it back, in a text and in an
/// attribute of either quote; none for those that may stand as they are.
fn escaped(c: char) -> Option<&'static str> {
    match c {
        '&' => Some("&amp;"),
        '<' => Some("&lt;"),
        '>' => Some("&gt;"),
        '"' => Some("&quot;"),
        '\'' => Some("&#39;"),
        // XML turns these into blanks in attributes and CR LF into LF in texts.
        '\t' => Some("&#9;"),
        '\n' => Some("&#10;"),
        '\r' => Some("&#13;"),
        // XML 1.0 has no place for these (section 2.2), not even as references: one of them in a
        // text message must not make the whole document unreadable.
        '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => Some("\u{fffd}"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use roxmltree::Document;

    use super::*;

    fn render(template: &str, params: &[(&str, &str)]) -> Result<String, TooLarge> {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        let params: Vec<_> = params.iter().map(owned).collect();
        Template::parse(template).expect("a good template").render(&params)
    }

    #[test]
    fn values_sections_and_comments_render_as_mustache_does() {
        let params = &[
            ("From", "+12025550199"),
            ("Body", "a <b> & \"c\" 'd'"),
            ("Empty", ""),
            ("No", "false"),
            ("List", "x"),
            ("List", ""),
            ("List", "z"),
            ("From", "second"),
        ];
        let rows = [
            ("no tags at all", "no tags at all"),
            ("{{From}}", "+12025550199"),
            ("{{ From }}|{{\tFrom\n}}", "+12025550199|+12025550199"),
            ("{{Body}}", "a &lt;b&gt; &amp; &quot;c&quot; &#39;d&#39;"),
            (
                "{{{Body}}}|{{&Body}}|{{& Body }}",
                "a <b> & \"c\" 'd'|a <b> & \"c\" 'd'|a <b> & \"c\" 'd'",
            ),
            ("[{{Missing}}{{from}}{{Empty}}]", "[]"),
            ("{{^Name}}friend{{/Name}}{{Name}}", "friend"),
            ("{{#From}}yes{{/From}}{{^From}}no{{/From}}", "yesyes"),
            ("{{#Empty}}yes{{/Empty}}{{^Empty}}no{{/Empty}}", "no"),
            ("{{#No}}yes{{/No}}{{^No}}no{{/No}}", "no"),
            ("{{#List}}<{{.}}>{{/List}}", "<x><z>"),
            (
                "{{#List}}{{#Body}}{{.}}{{/Body}}{{/List}}",
                "a &lt;b&gt; &amp; &quot;c&quot; &#39;d&#39;a &lt;b&gt; &amp; &quot;c&quot; &#39;d&#39;",
            ),
            ("{{#List}}{{#No}}{{/No}}{{.}}{{/List}}", "xz"),
            ("[{{.}}]", "[]"),
            ("a{{! nothing }}b", "ab"),
            ("a }} b", "a }} b"),
            ("{{# From }}x{{/ From }}", "xx"),
        ];
        for (template, expected) in rows {
            assert_eq!(render(template, params).as_deref(), Ok(expected), "{template}");
        }
    }

    #[test]
    fn a_section_tag_alone_on_its_line_takes_the_line_with_it() {
        let rows = [
            ("{{! who wrote it }}\n<?xml version=\"1.0\"?>", "<?xml version=\"1.0\"?>"),
            ("a\n  {{#From}}  \nb\n  {{/From}}\nc", "a\nb\nc"),
            ("a\r\n{{#From}}\r\nb\r\n{{/From}}\r\nc", "a\r\nb\r\nc"),
            ("{{#From}}\n{{#From}}\nx\n{{/From}}\n{{/From}}", "x\n"),
            ("a {{#From}}\nb{{/From}}", "a \nb"),
            ("{{#From}}{{/From}}\nx", "\nx"),
            (" {{From}} \nx", " 1 \nx"),
        ];
        for (template, expected) in rows {
            assert_eq!(render(template, &[("From", "1")]).as_deref(), Ok(expected), "{template:?}");
        }
    }

    #[test]
    fn a_document_has_a_largest_size() {
        let half = "x".repeat(RENDERED_BYTES_MAX / 2);
        assert_eq!(
            render("{{A}}{{A}}", &[("A", &half)]).map(|text| text.len()),
            Ok(RENDERED_BYTES_MAX)
        );
        assert_eq!(render("{{A}}{{A}}x", &[("A", &half)]), Err(TooLarge));
        assert_eq!(render("{{A}}", &[("A", &"<".repeat(20_000))]), Err(TooLarge));
    }

    #[test]
    fn lists_in_lists_cannot_make_work_without_end() {
        let deep = "{{#A}}".repeat(20) + &"{{/A}}".repeat(20);
        let many = vec![("A", "1"); 1000];
        assert_eq!(render(&deep, &many), Err(TooLarge));
        let twice = "{{#A}}{{#A}}{{/A}}{{/A}}";
        assert_eq!(render(twice, &[("A", "1"); 300]).as_deref(), Ok(""));
        assert_eq!(render(twice, &[("A", "1"); 320]), Err(TooLarge));
    }

    #[test]
    fn characters_that_xml_cannot_hold_become_the_replacement_character() {
        assert_eq!(
            render("{{A}}", &[("A", "a\0b\u{b}c\u{ffff}")]).as_deref(),
            Ok("a\u{fffd}b\u{fffd}c\u{fffd}")
        );
    }

    proptest! {
        #[test]
        fn a_value_reads_back_from_a_text_and_from_attributes_of_both_quotes(value in "\\PC{0,20}|[\t\r\n\"'<>&{}]{0,20}|(\\PC|[\t\r\n]){0,20}") {
            let template = r#"<Response a="{{V}}" b='{{ V }}'>{{V}}</Response>"#;
            let text = render(template, &[("V", &value)]).expect("small");
            let document = Document::parse(&text).expect("well-formed");
            let root = document.root_element();
            prop_assert_eq!(root.attribute("a"), Some(value.as_str()));
            prop_assert_eq!(root.attribute("b"), Some(value.as_str()));
            prop_assert_eq!(root.text().unwrap_or(""), value.as_str());
        }

        #[test]
        fn any_value_leaves_the_document_well_formed(value in any::<String>()) {
            let text = render("<Response a='{{V}}'>{{V}}</Response>", &[("V", &value)]);
            prop_assert!(Document::parse(&text.expect("small")).is_ok());
        }

        #[test]
        fn a_template_without_tags_renders_itself(text in "([^{]|\\{ ){0,200}") {
            prop_assert_eq!(render(&text, &[("a", "1")]), Ok(text));
        }
    }
}
