//! Headers of a request or an answer as the log keeps them: one text, because every webhook has
//! two dozen of them and hardly any is ever read.

/// Field lines in the order in which they came (RFC 9110 section 5.2).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FieldLines(String);

impl FieldLines {
    /// Room for lines of so many bytes together.
    pub fn with_capacity(bytes: usize) -> FieldLines {
        FieldLines(String::with_capacity(bytes))
    }

    /// Reads what [`FieldLines::as_str`] gave.
    pub fn parse(text: &str) -> FieldLines {
        let mut lines = FieldLines::with_capacity(text.len() + 1);
        lines.0.push_str(text);
        if !text.is_empty() {
            lines.0.push('\n');
        }
        lines
    }

    /// Adds a line. A break in its value becomes a space, as a recipient may have it
    /// (RFC 9110 section 5.5).
    pub fn push(&mut self, name: &str, value: &str) {
        self.0.push_str(name);
        self.0.push_str(": ");
        if value.contains(['\r', '\n']) {
            self.0.push_str(&value.replace(['\r', '\n'], " "));
        } else {
            self.0.push_str(value);
        }
        self.0.push('\n');
    }

    /// Names and values, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> + Clone {
        self.0.split_terminator('\n').filter_map(|line| line.split_once(": "))
    }

    /// The value of the first line of a name, in any case.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.iter().find(|(one, _)| one.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// One line after another, `Name: value` each.
    pub fn as_str(&self) -> &str {
        self.0.strip_suffix('\n').unwrap_or(&self.0)
    }
}

impl<N: AsRef<str>, V: AsRef<str>> FromIterator<(N, V)> for FieldLines {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(all: I) -> FieldLines {
        let mut lines = FieldLines::default();
        all.into_iter().for_each(|(name, value)| lines.push(name.as_ref(), value.as_ref()));
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_as_they_were_pushed() {
        let pairs =
            [("Host", "h:1"), ("X-Empty", ""), ("set-cookie", "a=1: b"), ("Set-Cookie", "b")];
        let lines: FieldLines = pairs.into_iter().collect();
        assert_eq!(lines.iter().collect::<Vec<_>>(), pairs);
        assert_eq!(lines.get("SET-COOKIE"), Some("a=1: b"));
        assert_eq!(lines.get("Date"), None);
        assert_eq!(lines.as_str(), "Host: h:1\nX-Empty: \nset-cookie: a=1: b\nSet-Cookie: b");
        assert_eq!(FieldLines::parse(lines.as_str()), lines);
        assert_eq!(FieldLines::parse(""), FieldLines::default());
        assert_eq!(FieldLines::default().as_str(), "");
        assert_eq!(FieldLines::default().iter().count(), 0);
    }

    #[test]
    fn a_value_adds_no_line() {
        let lines: FieldLines = [("A", "1\r\nB: 2")].into_iter().collect();
        assert_eq!(lines.iter().collect::<Vec<_>>(), [("A", "1  B: 2")]);
    }
}
