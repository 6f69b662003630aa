//! Headers in the log's JSON: one text. Logs of before have pairs of name and value.

use exchange::webhooks::FieldLines;
use serde::de::{SeqAccess, Visitor};
use serde::{Deserializer, Serializer};
use std::borrow::Cow;
use std::fmt;

pub(crate) fn serialize<S: Serializer>(lines: &FieldLines, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(lines.as_str())
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
    from: D,
) -> Result<Cow<'static, FieldLines>, D::Error> {
    from.deserialize_any(Lines).map(Cow::Owned)
}

struct Lines;

impl<'de> Visitor<'de> for Lines {
    type Value = FieldLines;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("field lines, or pairs of name and value")
    }

    fn visit_str<E>(self, text: &str) -> Result<FieldLines, E> {
        Ok(FieldLines::parse(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut all: A) -> Result<FieldLines, A::Error> {
        let mut lines = FieldLines::default();
        while let Some((name, value)) = all.next_element::<(Cow<'de, str>, Cow<'de, str>)>()? {
            lines.push(&name, &value);
        }
        Ok(lines)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::{Deserialize, Serialize};

    #[derive(Serialize, Deserialize)]
    struct Log<'a>(#[serde(with = "super")] Cow<'a, FieldLines>);

    #[test]
    fn lines_come_back_and_pairs_of_before_are_read() {
        let lines: FieldLines = [("Host", "h"), ("X", "\"ä\"")].into_iter().collect();
        let text = serde_json::to_string(&Log(Cow::Borrowed(&lines))).expect("text");
        assert_eq!(text, r#""Host: h\nX: \"ä\"""#);
        let before = r#"[["Host","h"],["X","\"ä\""]]"#;
        for text in [text.as_str(), before] {
            let Log(read) = serde_json::from_str(text).expect("lines");
            assert_eq!(*read, lines, "{text}");
        }
        let Log(none) = serde_json::from_str(r#""""#).expect("lines");
        assert_eq!(*none, FieldLines::default());
        assert!(serde_json::from_str::<Log<'_>>("7").is_err());
    }
}
