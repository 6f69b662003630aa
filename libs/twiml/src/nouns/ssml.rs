//! SSML: how the text of a `Say` is spoken.
//!
//! A tree of texts and tags, kept as it stands. Which tag may stand in which, and its attributes,
//! is the table of [`TagName::row`]; what it does not list is reported (12200) and skipped.
//! Whether a voice understands SSML is not judged.
//! Contract: Twilio docs, TwiML Say, SSML; W3C SSML 1.1 for the words.

use crate::element::SCHEMA;
use crate::reader::{Allowed, Reader, Xml};
use crate::rules;
use crate::value::{Wrong, choices};
use crate::writer::Writer;

const XML_NAMESPACE: &str = "http://www.w3.org/XML/1998/namespace";

choices! {
    /// The SSML elements of Twilio.
    TagName {
        /// A pause.
        Break = "break",
        /// More or less stress.
        Emphasis = "emphasis",
        /// Another language.
        Lang = "lang",
        /// A paragraph.
        P = "p",
        /// How something is pronounced.
        Phoneme = "phoneme",
        /// Volume, rate and pitch.
        Prosody = "prosody",
        /// A sentence.
        S = "s",
        /// What kind of text it is, such as a date.
        SayAs = "say-as",
        /// Something else that is said instead.
        Sub = "sub",
        /// The part of speech of a word.
        W = "w",
    }
}

/// An attribute and the values it can have; no values: any.
type TagAttribute = (&'static str, &'static [&'static str]);

impl TagName {
    /// Finds the tag of that name.
    fn find(name: &str) -> Option<TagName> {
        use crate::value::Value;
        TagName::read(name, ()).ok().filter(|tag| tag.as_str() == name)
    }

    /// The attributes, and the tags that can stand inside.
    fn row(self) -> (&'static [TagAttribute], &'static [&'static str]) {
        const IN_WORDS: &[&str] =
            &["break", "emphasis", "lang", "phoneme", "prosody", "say-as", "sub", "w"];
        const IN_BLOCKS: &[&str] =
            &["break", "emphasis", "lang", "p", "phoneme", "prosody", "s", "say-as", "sub", "w"];
        const IN_PARAGRAPH: &[&str] =
            &["break", "emphasis", "lang", "phoneme", "prosody", "s", "say-as", "sub", "w"];
        const IN_WORD: &[&str] = &["break", "emphasis", "phoneme", "prosody", "say-as", "sub"];
        match self {
            TagName::Break => (
                &[
                    ("strength", &["none", "x-weak", "weak", "medium", "strong", "x-strong"]),
                    ("time", &[]),
                ],
                &[],
            ),
            TagName::Emphasis => (&[("level", &["strong", "moderate", "reduced"])], IN_WORDS),
            TagName::Lang => (&[("xml:lang", &[])], IN_BLOCKS),
            TagName::P => (&[], IN_PARAGRAPH),
            TagName::Phoneme => (&[("alphabet", PHONEME_ALPHABETS), ("ph", &[])], &[]),
            TagName::Prosody => (&[("volume", &[]), ("rate", &[]), ("pitch", &[])], IN_BLOCKS),
            TagName::S => (&[], IN_WORDS),
            TagName::SayAs => (&[("interpret-as", SAY_AS), ("format", SAY_AS_FORMATS)], &[]),
            TagName::Sub => (&[("alias", &[])], &[]),
            TagName::W => (&[("role", &[])], IN_WORD),
        }
    }
}

const PHONEME_ALPHABETS: &[&str] = &[
    "ipa",
    "x-sampa",
    "x-amazon-jyutping",
    "x-amazon-pinyin",
    "x-amazon-pron-kana",
    "x-amazon-yomigana",
];

const SAY_AS: &[&str] = &[
    "characters",
    "spell-out",
    "cardinal",
    "number",
    "ordinal",
    "digits",
    "fraction",
    "unit",
    "date",
    "time",
    "address",
    "expletive",
    "telephone",
];

const SAY_AS_FORMATS: &[&str] =
    &["mdy", "dmy", "ymd", "md", "dm", "ym", "my", "d", "m", "y", "yyyymmdd"];

/// A piece of what is said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ssml {
    /// Words, with the blanks around them.
    Text(String),
    /// An SSML element.
    Tag(Tag),
}

impl<T: Into<String>> From<T> for Ssml {
    fn from(text: T) -> Ssml {
        Ssml::Text(text.into())
    }
}

impl From<Tag> for Ssml {
    fn from(tag: Tag) -> Ssml {
        Ssml::Tag(tag)
    }
}

/// An SSML element.
///
/// ```
/// use twiml::{Response, Say, Tag, TagName};
///
/// let date = Tag::new(TagName::SayAs).attribute("interpret-as", "date").inside("12/24");
/// let say = Say::new("It is ").speak(date).speak("!");
/// assert_eq!(say.words(), "It is 12/24!");
/// let xml = Response::new().say(say).to_xml();
/// assert!(xml.contains(r#"It is <say-as interpret-as="date">12/24</say-as>!"#));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag {
    /// Which one.
    pub name: TagName,
    /// Its attributes in the order they were given.
    pub attributes: Vec<(String, String)>,
    /// What stands inside.
    pub inside: Vec<Ssml>,
}

impl Tag {
    /// An element without attributes and without content.
    pub fn new(name: TagName) -> Tag {
        Tag { name, attributes: Vec::new(), inside: Vec::new() }
    }

    /// Adds an attribute; its name is written as it is, so it has to be one of SSML.
    #[must_use]
    pub fn attribute(mut self, name: &'static str, value: impl Into<String>) -> Tag {
        self.attributes.push((name.to_owned(), value.into()));
        self
    }

    /// Adds a text or an element inside.
    #[must_use]
    pub fn inside(mut self, speech: impl Into<Ssml>) -> Tag {
        self.inside.push(speech.into());
        self
    }

    /// The value of an attribute.
    pub fn get(&self, attribute: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(name, _)| name == attribute);
        found.map(|(_, value)| value.as_str())
    }
}

/// What a Say says: the blanks at both ends are not part of it.
pub(crate) fn read(reader: &mut Reader<'_>, say: Xml<'_>) -> Vec<Ssml> {
    let names: &[&str] = TagName::Lang.row().1;
    let mut speech = read_inside(reader, say, names);
    if let Some(Ssml::Text(first)) = speech.first_mut() {
        let blanks = first.len() - first.trim_start().len();
        first.drain(..blanks);
    }
    if let Some(Ssml::Text(last)) = speech.last_mut() {
        last.truncate(last.trim_end().len());
    }
    speech.retain(|piece| !matches!(piece, Ssml::Text(text) if text.is_empty()));
    speech
}

/// Recursion ends with the depth of documents, `DEPTH_MAX`.
fn read_inside(
    reader: &mut Reader<'_>,
    node: Xml<'_>,
    names: &'static [&'static str],
) -> Vec<Ssml> {
    let mut speech: Vec<Ssml> = Vec::new();
    for child in node.children() {
        if child.is_element() {
            let found = reader.name(child).and_then(TagName::find);
            match found.filter(|tag| names.contains(&tag.as_str())) {
                Some(name) => speech.push(Ssml::Tag(read_tag(reader, child, name))),
                None => reader.unknown_element(child, Allowed::only(names)),
            }
        } else if let Some(text) = child.text().filter(|_| child.is_text()) {
            match speech.last_mut() {
                // A comment or a skipped element stood between.
                Some(Ssml::Text(before)) => before.push_str(text),
                _ => speech.push(Ssml::Text(text.to_owned())),
            }
        }
    }
    speech
}

fn read_tag(reader: &mut Reader<'_>, node: Xml<'_>, name: TagName) -> Tag {
    let (attributes, names) = name.row();
    let mut tag = Tag::new(name);
    for attribute in node.attributes() {
        let qualified = match attribute.namespace() {
            Some(XML_NAMESPACE) => format!("xml:{}", attribute.name()),
            _ => attribute.name().to_owned(),
        };
        let offset = attribute.range().start;
        let Some((_, values)) = attributes.iter().find(|(name, _)| *name == qualified) else {
            reader.unknown_attribute(name.as_str(), &qualified, offset);
            continue;
        };
        let value = attribute.value();
        let wrong = match rules::language(value) {
            Err(wrong) if qualified == "xml:lang" => Some(wrong),
            _ if values.is_empty() || values.contains(&value) => None,
            _ => Some(Wrong::expected(format!("one of '{}'", values.join(", ")))),
        };
        match wrong {
            Some(wrong) => {
                reader.bad_value(SCHEMA, offset, (name.as_str(), &qualified, value), &wrong);
            }
            None => tag.attributes.push((qualified, value.to_owned())),
        }
    }
    if name == TagName::Break {
        reader.empty(node);
    } else {
        tag.inside = read_inside(reader, node, names);
    }
    tag
}

/// Writes what is said.
pub(crate) fn write(speech: &[Ssml], out: &mut Writer) {
    for piece in speech {
        match piece {
            Ssml::Text(text) => out.text(text),
            Ssml::Tag(tag) => out.tag(
                tag.name.as_str(),
                |out| tag.attributes.iter().for_each(|(name, value)| out.attribute(name, value)),
                |out| write(&tag.inside, out),
            ),
        }
    }
}

/// Whether there is anything to hear: a word, or something said instead of one.
pub(crate) fn says_something(speech: &[Ssml]) -> bool {
    speech.iter().any(|piece| match piece {
        Ssml::Text(text) => !text.trim().is_empty(),
        Ssml::Tag(tag) => {
            tag.name == TagName::Break
                || tag.get("alias").is_some()
                || tag.get("ph").is_some()
                || says_something(&tag.inside)
        }
    })
}

/// The words alone.
pub(crate) fn words(speech: &[Ssml]) -> String {
    let mut all = String::new();
    for piece in speech {
        match piece {
            Ssml::Text(text) => all.push_str(text),
            Ssml::Tag(tag) => match tag.get("alias").filter(|_| tag.name == TagName::Sub) {
                Some(alias) => all.push_str(alias),
                None => all.push_str(&words(&tag.inside)),
            },
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use crate::testing::{problems, voice};
    use crate::{Say, Ssml, Tag, TagName, Verb};

    fn say(inside: &str) -> Say {
        match voice(&format!("<Say>{inside}</Say>")) {
            Verb::Say(say) => say,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn texts_and_tags_are_kept_with_the_blanks_between() {
        let say = say(" One <break time='1s'/> <emphasis level='strong'>two</emphasis>, three ");
        let expected = [
            Ssml::from("One "),
            Tag::new(TagName::Break).attribute("time", "1s").into(),
            Ssml::from(" "),
            Tag::new(TagName::Emphasis).attribute("level", "strong").inside("two").into(),
            Ssml::from(", three"),
        ];
        assert_eq!(say.speech, expected);
        assert_eq!(say.words(), "One  two, three");
    }

    #[test]
    fn the_alias_of_a_sub_is_what_is_heard() {
        assert_eq!(say("<sub alias='aluminum'>Al</sub> foil").words(), "aluminum foil");
    }

    #[test]
    fn what_is_no_ssml_is_skipped_with_its_text() {
        for (inside, codes) in [
            ("x<lang xml:lang='fr-FR'>y</lang>", vec![]),
            ("<p><s>x <w role='amazon:VB'>y</w></s></p>", vec![]),
            ("x<lang lang='fr-FR'>y</lang>", vec![12200]),
            ("x<b>y</b>", vec![12200]),
            ("x<Break/>", vec![12200]),
            ("x<s><p>y</p></s>", vec![12200]),
            ("x<break strength='mild'/>", vec![12200]),
            ("x<break>y</break>", vec![12200]),
            ("x<say-as interpret-as='poem'>y</say-as>", vec![12200]),
        ] {
            assert_eq!(problems(&format!("<Say>{inside}</Say>")), codes, "{inside}");
        }
        assert_eq!(say("x <b>y</b> z").words(), "x  z");
    }
}
