//! Writes JSON: objects of texts, numbers and objects, nothing else.
//!
//! Only the debugger's payload needs it, and only to write, so the crate goes without a JSON
//! library. Text is kept as UTF-8; a name that comes twice is written once, the first time.
//! Contract: RFC 8259.

/// An object being written; call [`Object::end`] for its text.
pub(crate) struct Object {
    text: String,
    names: Vec<String>,
}

impl Object {
    pub(crate) fn new() -> Self {
        Self { text: "{".to_owned(), names: Vec::new() }
    }

    /// An object of texts.
    pub(crate) fn of<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        pairs.into_iter().fold(Self::new(), |object, (name, value)| object.text(name, value))
    }

    pub(crate) fn text(self, name: &str, value: &str) -> Self {
        self.member(name, |text| push_text(value, text))
    }

    pub(crate) fn text_or_null(self, name: &str, value: Option<&str>) -> Self {
        match value {
            Some(value) => self.text(name, value),
            None => self.member(name, |text| text.push_str("null")),
        }
    }

    pub(crate) fn number_or_null(self, name: &str, value: Option<u16>) -> Self {
        self.member(name, |text| match value {
            Some(value) => text.push_str(&value.to_string()),
            None => text.push_str("null"),
        })
    }

    pub(crate) fn object(self, name: &str, value: Self) -> Self {
        self.member(name, |text| text.push_str(&value.end()))
    }

    pub(crate) fn end(mut self) -> String {
        self.text.push('}');
        self.text
    }

    fn member(mut self, name: &str, write: impl FnOnce(&mut String)) -> Self {
        if !self.names.iter().any(|known| known == name) {
            if !self.names.is_empty() {
                self.text.push(',');
            }
            push_text(name, &mut self.text);
            self.text.push(':');
            write(&mut self.text);
            self.names.push(name.to_owned());
        }
        self
    }
}

fn push_text(plain: &str, text: &mut String) {
    text.push('"');
    for character in plain.chars() {
        match character {
            '"' | '\\' => text.extend(['\\', character]),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            '\0'..='\x1f' => text.push_str(&format!("\\u{:04x}", u32::from(character))),
            _ => text.push(character),
        }
    }
    text.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_ascii_character_is_read_back_by_a_json_library() {
        for character in '\0'..='\x7f' {
            let text = format!("a{character}é");
            let json = Object::new().text(&text, &text).end();
            let read: serde_json::Value = serde_json::from_str(&json).unwrap();
            assert_eq!(read[&text], text, "{json}");
        }
    }

    #[test]
    fn a_name_that_comes_twice_is_written_once() {
        let inner = Object::of([("a", "1"), ("a", "2"), ("b", "3")]);
        let json = Object::new().object("o", inner).number_or_null("n", None).end();
        assert_eq!(json, r#"{"o":{"a":"1","b":"3"},"n":null}"#);
    }
}
