//! Judges the template of a bin before it is saved, with lines and columns of the editor.
//!
//! The bins' API, the console's editor and `offhook check` show what it finds; a fatal finding
//! refuses the save.
//! It never renders: tags become blanks of their length and sections keep their inside, so that
//! what `twiml` says about the blanked text is true of the template. A value that held a tag is
//! not judged, because only a request knows it.
//! Contract: Twilio doc page "TwiML Bins" (the editor's validation). One bin answers calls and
//! texts, so each verb is judged by the realm that has it, and reported if neither has.

use std::collections::{BTreeSet, HashSet};
use std::ops::Range;

use twiml::{Fatal, Position, Problem, Realm, Severity};

use super::template::{self, Kind, Node, Tag, Template};

/// The code of the warning about `{{{Name}}}`; there is none of its own in the dictionary, and it
/// is the schema that such a value can break.
const CODE_RAW: u32 = 12200;

/// How `twiml` begins the message about an element that must not stand where it does.
const MISPLACED: &str = "Invalid content was found";
/// How it begins the message about an element that lacks the children it is for.
const INCOMPLETE: &str = "The content of element";
/// What it says of an attribute that its element does not have.
const UNKNOWN_ATTRIBUTE: &str = "is not allowed to appear";
/// What it says of an attribute that is missing.
const MISSING_ATTRIBUTE: &str = "must appear on element";

/// What is wrong with a template.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Check {
    /// What the debugger would warn of, in the order of the text; shown, and saved all the same.
    pub problems: Vec<Problem>,
    /// Why no document can come of it; the save is refused.
    pub fatal: Option<Fatal>,
}

impl Check {
    /// Nothing is wrong.
    pub fn is_clean(&self) -> bool {
        self.problems.is_empty() && self.fatal.is_none()
    }
}

/// Checks a template for calls and texts at once.
///
/// ```
/// use exchange::bins::check::check;
/// let found = check("<Response>\n  <Say voise=\"{{Voice}}\" loop=\"{{Times}}\">Hi</Say>\n</Response>");
/// assert_eq!(found.problems.len(), 1);
/// assert_eq!(found.problems[0].at.to_string(), "2:8");
/// assert_eq!(check("<Response><Say>{{Body</Say></Response>").fatal.unwrap().code, 11320);
/// ```
pub fn check(text: &str) -> Check {
    let parsed = Template::parse(text).and_then(|template| Ok((template, template::scan(text)?)));
    let (template, tags) = match parsed {
        Ok(both) => both,
        Err(error) => {
            let at = Position { line: error.line, column: error.column };
            let fatal = Fatal { code: error.code, at, message: error.message };
            return Check { problems: Vec::new(), fatal: Some(fatal) };
        }
    };
    let declared_first = declares_first(&template);
    let mut problems = raw_warnings(text, &tags);
    for hidden in alternatives(&tags) {
        let mut blanked = Blanked::new(text, &tags, &hidden);
        if declared_first {
            blanked.blank_declaration();
        }
        match blanked.judge() {
            Ok(found) => problems.extend(found),
            Err(fatal) => {
                return Check { problems, fatal: Some(fatal) };
            }
        }
    }
    problems.sort_by(|a, b| (a.at, a.code, &a.message).cmp(&(b.at, b.code, &b.message)));
    problems.dedup();
    Check { problems, fatal: None }
}

fn raw_warnings(text: &str, tags: &[Tag<'_>]) -> Vec<Problem> {
    let mut cursor = Cursor::new(text);
    let raw = tags.iter().filter(|tag| tag.kind == Kind::Raw);
    raw.map(|tag| Problem {
        code: CODE_RAW,
        severity: Severity::Warning,
        at: cursor.at(tag.at.start),
        message: format!(
            "The value of '{0}' is put in as it is, so a '<' or '&' in it breaks the document: \
             write {{{{{0}}}}} unless it is TwiML.",
            tag.name
        ),
    })
    .collect()
}

/// Whether the rendered document begins with its XML declaration. Blanks stand where comments and
/// section tags above it vanish, and XML allows none there.
fn declares_first(template: &Template) -> bool {
    matches!(template.nodes.first(), Some(Node::Text(text)) if text.starts_with("<?xml "))
}

/// Which sections to hide in each pass. `{{#A}}…{{/A}}{{^A}}…{{/A}}` never render together, and
/// judged together they would be two children or two attributes where one may be: where a name has
/// both kinds, one pass hides the inverted ones and a second pass the others.
fn alternatives(tags: &[Tag<'_>]) -> Vec<Vec<Range<usize>>> {
    let names = |kind| -> HashSet<&str> {
        tags.iter().filter(|tag| tag.kind == kind).map(|tag| tag.name).collect()
    };
    let (plain, inverted) = (names(Kind::Open), names(Kind::OpenInverted));
    if plain.is_disjoint(&inverted) {
        return vec![Vec::new()];
    }
    let hide = |kind: Kind| {
        let mut open: Vec<&Tag<'_>> = Vec::new();
        let mut hidden = Vec::new();
        for tag in tags {
            match tag.kind {
                Kind::Open | Kind::OpenInverted => open.push(tag),
                Kind::Close => {
                    let both = plain.contains(tag.name) && inverted.contains(tag.name);
                    if let Some(opening) = open.pop().filter(|tag| both && tag.kind == kind) {
                        hidden.push(opening.at.start..tag.at.end);
                    }
                }
                Kind::Value | Kind::Raw | Kind::Comment => {}
            }
        }
        hidden
    };
    vec![hide(Kind::OpenInverted), hide(Kind::Open)]
}

/// A template with blanks for its tags: the same lines and columns, though not the same bytes.
struct Blanked {
    text: String,
    /// Where blanks stand for a tag, in bytes of `text`.
    blanks: Vec<Range<usize>>,
}

impl Blanked {
    fn new(text: &str, tags: &[Tag<'_>], hidden: &[Range<usize>]) -> Blanked {
        let mut cuts: Vec<Range<usize>> = tags.iter().map(|tag| tag.at.clone()).collect();
        cuts.extend(hidden.iter().cloned());
        cuts.sort_by_key(|cut| cut.start);
        let mut blanked = Blanked { text: String::with_capacity(text.len()), blanks: Vec::new() };
        let mut from = 0;
        for cut in cuts {
            // A tag inside a hidden section is blank already.
            if cut.end <= from {
                continue;
            }
            blanked.text.push_str(text.get(from..cut.start).unwrap_or(""));
            let start = blanked.text.len();
            let cut = cut.start.max(from)..cut.end;
            from = cut.end;
            blanked.text.extend(text[cut].chars().map(|c| if c == '\n' { c } else { ' ' }));
            blanked.blanks.push(start..blanked.text.len());
        }
        blanked.text.push_str(&text[from..]);
        blanked
    }

    /// Takes the declaration away, when blanks have come to stand before it.
    fn blank_declaration(&mut self) {
        let start = self.text.len() - self.text.trim_start().len();
        if let (1.., Some(len)) = (start, self.text[start..].find("?>")) {
            let end = start + len + "?>".len();
            let blank: String =
                self.text[start..end].chars().map(|c| if c == '\n' { c } else { ' ' }).collect();
            self.text.replace_range(start..end, &blank);
        }
    }

    fn judge(&self) -> Result<Vec<Problem>, Fatal> {
        if self.text.trim().is_empty() && !self.blanks.is_empty() {
            // The whole document comes from the request: nothing to judge.
            return Ok(Vec::new());
        }
        let (_, voice) = twiml::parse(&self.text, Realm::Voice)?;
        let (_, messaging) = twiml::parse(&self.text, Realm::Messaging)?;
        let places = Places::of(self);
        let mut problems = places.of_both_realms(voice, messaging);
        problems.retain(|problem| !places.is_of_a_tag(problem));
        Ok(problems)
    }
}

/// Where things stand in a blanked text that `twiml` could read.
#[derive(Default)]
struct Places {
    /// The verbs: the root's children.
    verbs: BTreeSet<Position>,
    /// Attributes whose value held a tag.
    attributes: HashSet<Position>,
    /// Elements with a tag anywhere between theirs: what blanks make useless looks empty from here.
    holders: HashSet<Position>,
    /// Elements with such an attribute: some values are wrong only beside another.
    owners: HashSet<Position>,
}

impl Places {
    fn of(blanked: &Blanked) -> Places {
        let mut places = Places::default();
        // `twiml` has read the text, so it is well-formed.
        let Ok(tree) = roxmltree::Document::parse(&blanked.text) else {
            return places;
        };
        let held = |range: Range<usize>| {
            let first = blanked.blanks.partition_point(|blank| blank.end <= range.start);
            blanked.blanks.get(first).is_some_and(|blank| blank.start < range.end)
        };
        // Elements and their attributes come in the order of the text.
        let mut cursor = Cursor::new(&blanked.text);
        let root = tree.root_element();
        for node in root.descendants().filter(|node| node.is_element()) {
            let at = cursor.at(node.range().start);
            if node.parent() == Some(root) {
                places.verbs.insert(at);
            }
            if node.children().any(|child| held(child.range())) {
                places.holders.insert(at);
            }
            for attribute in node.attributes().filter(|attribute| held(attribute.range())) {
                places.attributes.insert(cursor.at(attribute.range().start));
                places.owners.insert(at);
            }
        }
        places
    }

    /// Whether a problem is about a value that only a request knows.
    fn is_of_a_tag(&self, problem: &Problem) -> bool {
        if self.attributes.contains(&problem.at) {
            return !problem.message.contains(UNKNOWN_ATTRIBUTE);
        }
        let begins = |start: &str| problem.message.starts_with(start);
        if begins(MISPLACED) || problem.message.contains(MISSING_ATTRIBUTE) {
            return false;
        }
        self.holders.contains(&problem.at)
            || (self.owners.contains(&problem.at) && !begins(INCOMPLETE))
    }

    /// The problems of each verb in the realm that has it: calls unless only texts have it.
    fn of_both_realms(&self, voice: Vec<Problem>, messaging: Vec<Problem>) -> Vec<Problem> {
        let refused = |problems: &[Problem]| -> HashSet<Position> {
            let misplaced =
                problems.iter().filter(|problem| problem.message.starts_with(MISPLACED));
            misplaced.map(|problem| problem.at).filter(|at| self.verbs.contains(at)).collect()
        };
        let (no_call, no_text) = (refused(&voice), refused(&messaging));
        let is_for_texts = |problem: &Problem| {
            let verb = self.verbs.range(..=problem.at).next_back();
            verb.is_some_and(|at| no_call.contains(at) && !no_text.contains(at))
        };
        let calls = voice.into_iter().filter(|problem| !is_for_texts(problem));
        calls.chain(messaging.into_iter().filter(is_for_texts)).collect()
    }
}

/// Walks a text once and tells lines and columns, as `twiml` counts them: from 1, in characters.
struct Cursor<'a> {
    text: &'a str,
    offset: usize,
    at: Position,
}

impl<'a> Cursor<'a> {
    fn new(text: &'a str) -> Cursor<'a> {
        Cursor { text, offset: 0, at: Position { line: 1, column: 1 } }
    }

    /// The position of a byte; cheap when it is not before the one asked for last.
    fn at(&mut self, offset: usize) -> Position {
        if offset < self.offset {
            *self = Cursor::new(self.text);
        }
        for c in self.text[self.offset..offset].chars() {
            self.at = match c {
                '\n' => Position { line: self.at.line + 1, column: 1 },
                _ => Position { line: self.at.line, column: self.at.column + 1 },
            };
        }
        self.offset = offset;
        self.at
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Code, line and column.
    type Found = (u32, u32, u32);

    fn problems(text: &str) -> Vec<Found> {
        let found = check(text);
        assert_eq!(found.fatal, None, "{text}");
        found.problems.iter().map(|p| (p.code, p.at.line, p.at.column)).collect()
    }

    #[test]
    fn a_good_bin_for_calls_and_texts_is_clean() {
        let text = r#"{{! answers both }}
<?xml version="1.0" encoding="UTF-8"?>
<Response>
  <Say voice="{{Voice}}">Hello {{From}}</Say>
  <Message to="{{From}}">You wrote {{Body}}</Message>
  {{#Number}}<Dial><Number>{{.}}</Number></Dial>{{/Number}}
  {{^Number}}<Redirect>{{Next}}</Redirect>{{/Number}}
</Response>"#;
        assert_eq!(check(text), Check::default());
    }

    #[test]
    fn problems_stand_where_the_editor_shows_them() {
        let rows: &[(&str, &[Found])] = &[
            ("<Response><Bogus/></Response>", &[(12200, 1, 11)]),
            ("<Response>{{éé}}<Bogus/></Response>", &[(12200, 1, 17)]),
            ("<Response>{{! a\nb }}<Bogus/></Response>", &[(12200, 2, 5)]),
            ("<Response>\n{{#A}}\n<Bogus/>\n{{/A}}</Response>", &[(12200, 3, 1)]),
            ("<Response><Say loop=\"x\">Hi {{Name}}</Say></Response>", &[(13510, 1, 16)]),
            ("<Response><Message bogus=\"1\">Hi</Message></Response>", &[(12200, 1, 20)]),
            (
                "<Response><Say>a</Say><Message bogus=\"1\">b</Message></Response>",
                &[(12200, 1, 32)],
            ),
            (
                "<Response><Message>a</Message><Say bogus=\"1\">b</Say></Response>",
                &[(12200, 1, 36)],
            ),
            ("<Response><Redirect method=\"PUT\">/a</Redirect></Response>", &[(13710, 1, 21)]),
        ];
        for (text, expected) in rows {
            assert_eq!(problems(text), *expected, "{text}");
        }
    }

    #[test]
    fn a_value_that_held_a_tag_is_not_judged() {
        let rows = [
            "<Response><Say loop=\"{{N}}\">Hi</Say></Response>",
            "<Response><Say loop=\"1{{N}}\">Hi</Say></Response>",
            "<Response><Say>{{Body}}</Say></Response>",
            "<Response><Dial timeout=\"{{T}}\">{{To}}</Dial></Response>",
            "<Response><Dial><Number>{{To}}</Number></Dial></Response>",
            "<Response><Dial>{{#To}}<Number>{{.}}</Number>{{/To}}</Dial></Response>",
            "<Response><Enqueue>{{Queue}}</Enqueue></Response>",
            "<Response><Say><p><s>{{Body}}</s></p></Say></Response>",
            "<Response><Play>{{Url}}</Play></Response>",
            "<Response><Redirect>{{Url}}</Redirect></Response>",
            "<Response><Connect><Stream url=\"{{Url}}\"/></Connect></Response>",
            "<Response><Message to=\"{{To}}\">{{Body}}</Message></Response>",
            "<Response><Message><Body>{{Body}}</Body><Media>{{Url}}</Media></Message></Response>",
        ];
        for text in rows {
            assert_eq!(problems(text), [], "{text}");
        }
    }

    #[test]
    fn a_value_that_is_wrong_only_beside_a_tag_is_not_judged() {
        // How long a text may be depends on the voice.
        let say = |voice: &str| {
            let text = "x".repeat(4200);
            problems(&format!("<Response><Say voice=\"{voice}\">{text}</Say></Response>"))
        };
        assert_eq!(say("man"), [(13521, 1, 11)]);
        assert_eq!(say("{{Voice}}"), []);
    }

    #[test]
    fn what_does_not_depend_on_the_value_is_judged_all_the_same() {
        let rows = [
            ("<Response><Say voise=\"{{V}}\">Hi</Say></Response>", 12200),
            ("<Response><Bogus>{{V}}</Bogus></Response>", 12200),
            ("<Response><Start action=\"{{V}}\"/></Response>", 12200),
            ("<Response><Say loop=\"x\" voice=\"{{V}}\">Hi</Say></Response>", 13510),
            ("<Response><Connect><Stream name=\"{{N}}\"/></Connect></Response>", 12200),
        ];
        for (text, code) in rows {
            let found = problems(text);
            assert_eq!(found.len(), 1, "{text}: {found:?}");
            assert_eq!(found[0].0, code, "{text}");
        }
    }

    #[test]
    fn sections_that_never_render_together_are_judged_apart() {
        let text = r#"<Response>
{{#A}}<Connect action="/a">{{/A}}{{^A}}<Connect>{{/A}}
<Stream url="wss://example.com/{{A}}"/></Connect></Response>"#;
        assert_eq!(problems(text), []);
        let text = r#"<Response><Say {{#A}}loop="2"{{/A}}{{^A}}loop="x"{{/A}}>Hi</Say></Response>"#;
        assert_eq!(problems(text), [(13510, 1, 42)]);
    }

    #[test]
    fn raw_values_are_a_warning() {
        assert_eq!(problems("<Response>\n {{{Verbs}}}</Response>"), [(12200, 2, 2)]);
        assert_eq!(problems("{{& Document }}"), [(12200, 1, 1)]);
    }

    #[test]
    fn what_can_never_be_a_document_is_fatal() {
        let rows = [
            ("<Response><Say>{{Body</Say></Response>", 11320, 1, 16),
            ("<Response>\n{{#A}}</Response>", 11320, 2, 1),
            ("{{> part}}", 11310, 1, 1),
            ("", 12100, 1, 1),
            ("hello", 12100, 1, 1),
            ("<Response><Say>Hi</Response>", 12100, 1, 18),
            ("\n<?xml version=\"1.0\"?><Response/>", 12100, 1, 1),
            ("{{X}}\n<?xml version=\"1.0\"?><Response/>", 12100, 1, 1),
            ("<Answer/>", 12102, 1, 1),
        ];
        for (text, code, line, column) in rows {
            let fatal = check(text).fatal.unwrap_or_else(|| panic!("{text:?} passed"));
            assert_eq!((fatal.code, fatal.at), (code, Position { line, column }), "{text:?}");
        }
    }

    #[test]
    fn a_comment_above_the_declaration_leaves_the_declaration_first() {
        let declared = "<?xml version=\"1.0\"?>\n<Response><Bogus/></Response>";
        assert_eq!(problems(declared), [(12200, 2, 11)]);
        assert_eq!(problems(&format!("{{{{! mine }}}}\n{declared}")), [(12200, 3, 11)]);
    }

    proptest! {
        #[test]
        fn no_template_panics_the_check(text in "(<Response>)?(\\{\\{|\\}\\}|\\{|#|/|\\^|!|&|A|é| |\n|<Say|</Say>|>|/>|=|\"|loop=\"|<\\?xml \\?>){0,40}(</Response>)?") {
            check(&text);
        }

        #[test]
        fn a_template_that_passes_renders_to_a_document(
            body in "\\PC{0,20}",
            tags in prop::collection::vec("\\{\\{Body\\}\\}|\\{\\{#Body\\}\\}<Say>\\{\\{\\.\\}\\}</Say>\\{\\{/Body\\}\\}|\\{\\{\\^No\\}\\}<Say voice='\\{\\{Body\\}\\}'>x</Say>\\{\\{/No\\}\\}", 0..6),
        ) {
            let text = format!("<Response>{}</Response>", tags.concat());
            prop_assert_eq!(check(&text).fatal, None);
            let rendered = Template::parse(&text)
                .expect("it was checked")
                .render(&[("Body".to_owned(), body)])
                .expect("small");
            prop_assert!(twiml::parse(&rendered, Realm::Voice).is_ok(), "{}", rendered);
        }
    }
}
