//! `Task`: what a TaskRouter workflow is told about a call.
//!
//! Stands under `Enqueue`; holds a JSON object of attributes. One that is no JSON is skipped.
//! The JSON is checked, not read: it goes on as text.
//! Contract: Twilio docs, TwiML Task; error page 14221; RFC 8259 for the JSON.

use crate::element::{Content, SCHEMA, element};
use crate::reader::{Reader, Xml};
use crate::writer::Writer;

const BAD_ATTRIBUTES: u32 = 14221;
/// Arrays and objects inside one another.
const JSON_DEPTH_MAX: usize = 32;

element! {
    /// What a TaskRouter workflow is told about a call.
    Task = "Task" {
        /// How important it is.
        maybe priority "priority": u32 [0..=u32::MAX], SCHEMA;
        /// Seconds until it is canceled.
        maybe timeout "timeout": u32 [0..=u32::MAX], SCHEMA;
    }
    inside {
        /// A JSON object.
        attributes: String,
    }
}

impl Task {
    /// A task with those attributes, a JSON object.
    pub fn new(attributes: impl Into<String>) -> Task {
        Task { attributes: attributes.into(), ..Task::default() }
    }
}

impl Content for Task {
    fn read(reader: &mut Reader<'_>, node: Xml<'_>) -> Option<Task> {
        let mut task: Task = reader.attributes(node);
        task.attributes = reader.text(node);
        if !is_json_object(&task.attributes) {
            reader.bad_text(node, BAD_ATTRIBUTES, "a JSON object");
            return None;
        }
        Some(task)
    }

    fn write(&self, out: &mut Writer) {
        out.text_element(self, &self.attributes);
    }
}

fn is_json_object(text: &str) -> bool {
    let mut json = Json { rest: text.trim().as_bytes() };
    json.rest.first() == Some(&b'{') && json.value(0).is_some() && json.rest.is_empty()
}

/// What of a JSON text is still to be checked. Each method takes its part, or gives `None`.
struct Json<'t> {
    rest: &'t [u8],
}

impl Json<'_> {
    fn skip_blanks(&mut self) {
        self.rest = self.rest.trim_ascii_start();
    }

    fn next(&mut self) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }

    fn take(&mut self, wanted: &[u8]) -> Option<()> {
        self.rest = self.rest.strip_prefix(wanted)?;
        Some(())
    }

    fn value(&mut self, depth: usize) -> Option<()> {
        self.skip_blanks();
        if depth > JSON_DEPTH_MAX {
            return None;
        }
        match *self.rest.first()? {
            b'{' => self.members(b'}', depth, true),
            b'[' => self.members(b']', depth, false),
            b'"' => self.string(),
            b't' => self.take(b"true"),
            b'f' => self.take(b"false"),
            b'n' => self.take(b"null"),
            _ => self.number(),
        }
    }

    fn members(&mut self, end: u8, depth: usize, named: bool) -> Option<()> {
        self.next()?;
        self.skip_blanks();
        if self.take(&[end]).is_some() {
            return Some(());
        }
        loop {
            if named {
                self.skip_blanks();
                self.string()?;
                self.skip_blanks();
                self.take(b":")?;
            }
            self.value(depth + 1)?;
            self.skip_blanks();
            match self.next()? {
                b',' => {}
                byte => return (byte == end).then_some(()),
            }
        }
    }

    fn string(&mut self) -> Option<()> {
        self.take(b"\"")?;
        loop {
            match self.next()? {
                b'"' => return Some(()),
                b'\\' => match self.next()? {
                    b'u' => {
                        for _ in 0..4 {
                            self.next().filter(u8::is_ascii_hexdigit)?;
                        }
                    }
                    byte => b"\"\\/bfnrt".contains(&byte).then_some(())?,
                },
                0..0x20 => return None,
                _ => {}
            }
        }
    }

    fn digits(&mut self) -> Option<()> {
        let count = self.rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        self.rest = &self.rest[count..];
        (count > 0).then_some(())
    }

    fn number(&mut self) -> Option<()> {
        let _ = self.take(b"-");
        if self.take(b"0").is_none() {
            self.digits()?;
        }
        if self.take(b".").is_some() {
            self.digits()?;
        }
        if self.take(b"e").or_else(|| self.take(b"E")).is_some() {
            let _ = self.take(b"+").or_else(|| self.take(b"-"));
            self.digits()?;
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::is_json_object;

    #[test]
    fn json_objects_are_told_from_other_texts() {
        for text in [
            "{}",
            r#" { "a" : [ 1 , -2.5e+3, 0, true , false, null, "x\n\u00e9" ] , "b" : { } } "#,
            r#"{"selected_language":"es","ünï":"✓"}"#,
        ] {
            assert!(is_json_object(text), "{text}");
        }
        for text in [
            "",
            "[]",
            "\"x\"",
            "{",
            "{}}",
            "{a:1}",
            "{\"a\"}",
            "{\"a\":}",
            "{\"a\":1,}",
            "{\"a\":01}",
            "{\"a\":1.}",
            "{\"a\":+1}",
            "{\"a\":\"\\x\"}",
            "{\"a\":\"\\u12\"}",
            "{\"a\":\"\n\"}",
            "{\"a\":nul}",
            "{'a':1}",
            "{\"a\":[1 2]}",
            "{\"a\":1e}",
        ] {
            assert!(!is_json_object(text), "{text}");
        }
    }

    #[test]
    fn json_cannot_be_too_deep() {
        let nested = |depth: usize| format!("{{\"a\":{}{}}}", "[".repeat(depth), "]".repeat(depth));
        assert!(is_json_object(&nested(32)));
        assert!(!is_json_object(&nested(33)));
        assert!(!is_json_object(&"{\"a\":".repeat(30_000)));
    }
}
