//! The form: an ordered list of names and values, and its text `a=1&b=two+words`.
//!
//! The sender builds one and calls [`Form::encode`]; the receiver calls [`Form::parse`]. Order and
//! repeated names survive, because the signature and a GET's query depend on them. It never
//! guesses a charset and never repairs a broken escape: a body that cannot be read has no signature
//! to check. Contract: WHATWG URL Standard, "application/x-www-form-urlencoded".

use std::fmt;

/// The `Content-Type` of every form we send.
///
/// Twilio's own samples spell it with and without the charset; receivers accept both.
pub const CONTENT_TYPE: &str = "application/x-www-form-urlencoded; charset=UTF-8";

/// Longest form text [`Form::parse`] reads, in bytes. Twilio's own forms are a few kilobytes.
pub const FORM_BYTES_MAX: usize = 1024 * 1024;

/// Most pairs [`Form::parse`] reads: what Node's `querystring` and PHP stop at too.
pub const PAIRS_MAX: usize = 1000;

/// Parameters in the order they were written; a name may occur more than once.
///
/// ```
/// use webhook::Form;
///
/// let form = Form::from_pairs([("To", "+15558675309"), ("Body", "¡Hola & adiós!")]);
/// assert_eq!(form.encode(), "To=%2B15558675309&Body=%C2%A1Hola+%26+adi%C3%B3s%21");
/// assert_eq!(Form::parse(form.encode().as_bytes()), Ok(form));
/// ```
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Form {
    /// All names and values, one after the other: a form of thirty parameters is two allocations
    /// and not sixty.
    text: String,
    /// Where each name and its value end in it.
    ends: Vec<(usize, usize)>,
}

impl Form {
    /// A form without parameters.
    pub fn new() -> Self {
        Self::default()
    }

    /// A form with these pairs, in this order.
    pub fn from_pairs<I, N, V>(pairs: I) -> Self
    where
        I: IntoIterator<Item = (N, V)>,
        N: AsRef<str>,
        V: AsRef<str>,
    {
        let mut form = Self::new();
        form.extend(pairs);
        form
    }

    /// Reads form text: `+` is a space, `%XX` a byte, and the bytes are UTF-8.
    ///
    /// A pair without `=` has an empty value; empty pairs (`a=1&&b=2`) are skipped.
    ///
    /// # Errors
    ///
    /// A broken escape, bytes that are not UTF-8, more than [`FORM_BYTES_MAX`] bytes or more than
    /// [`PAIRS_MAX`] pairs, each with its position.
    ///
    /// ```
    /// use webhook::{Form, FormErrorKind};
    ///
    /// let form = Form::parse(b"Body=hi+there&NumMedia=0&MediaUrl0").unwrap();
    /// assert_eq!(form.get("Body"), Some("hi there"));
    /// assert_eq!(form.get("MediaUrl0"), Some(""));
    ///
    /// let error = Form::parse(b"Body=100%").unwrap_err();
    /// assert_eq!((error.kind, error.at_byte), (FormErrorKind::BadEscape, 8));
    /// ```
    pub fn parse(text: &[u8]) -> Result<Self, FormError> {
        if text.len() > FORM_BYTES_MAX {
            return Err(FormError { kind: FormErrorKind::TooLong, at_byte: FORM_BYTES_MAX });
        }
        let mut form = Self { text: String::with_capacity(text.len()), ends: Vec::new() };
        let mut bytes = Vec::new();
        let mut at_byte = 0;
        for pair in text.split(|byte| *byte == b'&') {
            let start = at_byte;
            at_byte += pair.len() + 1;
            if pair.is_empty() {
                continue;
            }
            if form.len() == PAIRS_MAX {
                return Err(FormError { kind: FormErrorKind::TooManyPairs, at_byte: start });
            }
            let name_end = pair.iter().position(|byte| *byte == b'=').unwrap_or(pair.len());
            let value_start = (name_end + 1).min(pair.len());
            form.text.push_str(decode(&pair[..name_end], start, &mut bytes)?);
            let name_end = form.text.len();
            form.text.push_str(decode(&pair[value_start..], start + value_start, &mut bytes)?);
            form.ends.push((name_end, form.text.len()));
        }
        Ok(form)
    }

    /// Adds a pair at the end; a name that is already there is kept as well.
    pub fn push(&mut self, name: impl AsRef<str>, value: impl AsRef<str>) {
        self.text.push_str(name.as_ref());
        let name_end = self.text.len();
        self.text.push_str(value.as_ref());
        self.ends.push((name_end, self.text.len()));
    }

    /// Gives `name` this one value: in its first place, or at the end if it was absent.
    pub fn set(&mut self, name: &str, value: impl AsRef<str>) {
        let Some(first) = self.place_of(name) else { return self.push(name, value) };
        let others =
            |(place, (known, _)): &(usize, (&str, &str))| *place == first || *known != name;
        let kept = self.iter().enumerate().filter(others);
        *self = kept
            .map(|(place, (known, was))| (known, if place == first { value.as_ref() } else { was }))
            .collect();
    }

    /// Takes the first value of `name` out of the form.
    pub fn remove(&mut self, name: &str) -> Option<String> {
        let first = self.place_of(name)?;
        let value = self.iter().nth(first).map(|(_, value)| value.to_owned());
        let kept = self.iter().enumerate().filter(|(place, _)| *place != first);
        *self = kept.map(|(_, pair)| pair).collect();
        value
    }

    fn place_of(&self, name: &str) -> Option<usize> {
        self.iter().position(|(known, _)| known == name)
    }

    /// The first value of `name`; names are case-sensitive.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.get_all(name).next()
    }

    /// Every value of `name`, in order.
    pub fn get_all<'f>(&'f self, name: &str) -> impl Iterator<Item = &'f str> {
        self.iter().filter(move |(known, _)| *known == name).map(|(_, value)| value)
    }

    /// All pairs, in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &str)> + Clone {
        self.ends.iter().enumerate().map(|(place, (name_end, end))| {
            let start = place.checked_sub(1).map_or(0, |before| self.ends[before].1);
            (&self.text[start..*name_end], &self.text[*name_end..*end])
        })
    }

    /// How many pairs there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is no pair.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The form as text, in order, ASCII only: space as `+`, other bytes as `%XX` in upper case.
    pub fn encode(&self) -> String {
        let mut text = String::with_capacity(self.encoded_size_bytes());
        self.encode_into(&mut text);
        text
    }

    /// Appends the text of [`Form::encode`] to `text`.
    pub(crate) fn encode_into(&self, text: &mut String) {
        for (index, (name, value)) in self.iter().enumerate() {
            if index > 0 {
                text.push('&');
            }
            encode(name, text);
            text.push('=');
            encode(value, text);
        }
    }

    /// A guess that saves growing: a third more than the plain text covers most messages.
    pub(crate) fn encoded_size_bytes(&self) -> usize {
        let plain: usize = self.iter().map(|(name, value)| name.len() + value.len() + 2).sum();
        plain + plain / 3
    }
}

impl fmt::Debug for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Form")?;
        f.debug_list().entries(self.iter()).finish()
    }
}

impl<N: AsRef<str>, V: AsRef<str>> FromIterator<(N, V)> for Form {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(pairs: I) -> Self {
        Self::from_pairs(pairs)
    }
}

impl<N: AsRef<str>, V: AsRef<str>> Extend<(N, V)> for Form {
    fn extend<I: IntoIterator<Item = (N, V)>>(&mut self, pairs: I) {
        pairs.into_iter().for_each(|(name, value)| self.push(name, value));
    }
}

impl IntoIterator for Form {
    type Item = (String, String);
    type IntoIter = std::vec::IntoIter<(String, String)>;

    fn into_iter(self) -> Self::IntoIter {
        let pairs = self.iter().map(|(name, value)| (name.to_owned(), value.to_owned()));
        pairs.collect::<Vec<_>>().into_iter()
    }
}

/// Why a form could not be read, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FormError {
    /// What was wrong.
    pub kind: FormErrorKind,
    /// Offset of the offending byte in the form text, from 0.
    pub at_byte: usize,
}

/// What can be wrong with form text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FormErrorKind {
    /// A `%` without two hexadecimal digits after it.
    BadEscape,
    /// The decoded name or value is not UTF-8.
    NotUtf8,
    /// More than [`FORM_BYTES_MAX`] bytes.
    TooLong,
    /// More than [`PAIRS_MAX`] pairs.
    TooManyPairs,
}

impl fmt::Display for FormError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = self.at_byte;
        match self.kind {
            FormErrorKind::BadEscape => {
                write!(f, "byte {at}: % is not followed by two hexadecimal digits")
            }
            FormErrorKind::NotUtf8 => write!(f, "byte {at}: the name or value here is not UTF-8"),
            FormErrorKind::TooLong => write!(f, "the form is longer than {FORM_BYTES_MAX} bytes"),
            FormErrorKind::TooManyPairs => {
                write!(f, "byte {at}: the form has more than {PAIRS_MAX} parameters")
            }
        }
    }
}

impl std::error::Error for FormError {}

/// Writes one name or value; `*-._`, digits and letters stay as they are.
fn encode(plain: &str, text: &mut String) {
    let mut rest = plain.as_bytes();
    while let Some(end) = rest.iter().position(|byte| !is_unreserved(*byte)) {
        text.push_str(ascii(&rest[..end]));
        match rest[end] {
            b' ' => text.push('+'),
            byte => push_escape(byte, text),
        }
        rest = &rest[end + 1..];
    }
    text.push_str(ascii(rest));
}

/// Writes `%XX`, upper case.
pub(crate) fn push_escape(byte: u8, text: &mut String) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    text.push('%');
    text.push(char::from(HEX[usize::from(byte >> 4)]));
    text.push(char::from(HEX[usize::from(byte & 15)]));
}

/// Bytes that passed [`is_unreserved`] are ASCII, hence UTF-8.
fn ascii(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("unreserved bytes are ASCII")
}

fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'*' | b'-' | b'.' | b'_')
}

/// Decodes one name or value that starts at `start` in the whole text, into `bytes`.
fn decode<'b>(text: &[u8], start: usize, bytes: &'b mut Vec<u8>) -> Result<&'b str, FormError> {
    bytes.clear();
    let mut at = 0;
    while at < text.len() {
        match text[at] {
            b'+' => bytes.push(b' '),
            b'%' => {
                let Some(byte) = escaped_byte(&text[at..]) else {
                    return Err(FormError { kind: FormErrorKind::BadEscape, at_byte: start + at });
                };
                bytes.push(byte);
                at += 2;
            }
            byte => bytes.push(byte),
        }
        at += 1;
    }
    std::str::from_utf8(bytes)
        .map_err(|_| FormError { kind: FormErrorKind::NotUtf8, at_byte: start })
}

/// The byte an escape `%XX` at the start of `text` stands for.
fn escaped_byte(text: &[u8]) -> Option<u8> {
    let high = char::from(*text.get(1)?).to_digit(16)?;
    let low = char::from(*text.get(2)?).to_digit(16)?;
    u8::try_from(high * 16 + low).ok()
}

/// Reads a query the way browsers and Node do: what is broken stays as it is written.
///
/// Only for queries: their first part is the customer's own text, which need not be a form, and
/// refusing it would refuse a correctly signed request.
pub(crate) fn parse_query_leniently(query: &str) -> Form {
    let mut form = Form::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()).take(PAIRS_MAX) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        form.push(decode_leniently(name), decode_leniently(value));
    }
    form
}

fn decode_leniently(text: &str) -> String {
    let text = text.as_bytes();
    let mut bytes = Vec::with_capacity(text.len());
    let mut at = 0;
    while at < text.len() {
        match (text[at], escaped_byte(&text[at..])) {
            (b'+', _) => bytes.push(b' '),
            (b'%', Some(byte)) => {
                bytes.push(byte);
                at += 2;
            }
            (byte, _) => bytes.push(byte),
        }
        at += 1;
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn form_text_is_read_as_browsers_write_it() {
        let cases: &[(&str, &[(&str, &str)])] = &[
            ("", &[]),
            ("&&&", &[]),
            ("a", &[("a", "")]),
            ("a=", &[("a", "")]),
            ("=b", &[("", "b")]),
            ("=", &[("", "")]),
            ("a=1&&b=2", &[("a", "1"), ("b", "2")]),
            ("a=b=c", &[("a", "b=c")]),
            ("a+b=c+d", &[("a b", "c d")]),
            ("a=%2B%20+", &[("a", "+  ")]),
            ("a=%c3%A9", &[("a", "é")]),
            ("a=é", &[("a", "é")]),
            ("a=1&a=2&A=3", &[("a", "1"), ("a", "2"), ("A", "3")]),
            ("%00=%00", &[("\0", "\0")]),
        ];
        for (text, pairs) in cases {
            let expected = Form::from_pairs(pairs.iter().copied());
            assert_eq!(Form::parse(text.as_bytes()), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_refused_with_its_position() {
        use FormErrorKind::{BadEscape, NotUtf8};
        let cases: &[(&[u8], FormErrorKind, usize)] = &[
            (b"%", BadEscape, 0),
            (b"a=%", BadEscape, 2),
            (b"a=1%2", BadEscape, 3),
            (b"a=1&b=%zz", BadEscape, 6),
            (b"a=%+1", BadEscape, 2),
            (b"a=1&b=2%ff", NotUtf8, 6),
            (b"a\xff=1", NotUtf8, 0),
            (b"a=1&%c3=1", NotUtf8, 4),
        ];
        for (text, kind, at_byte) in cases {
            let error = Form::parse(text).unwrap_err();
            assert_eq!(error, FormError { kind: *kind, at_byte: *at_byte }, "{text:?}");
            assert!(error.to_string().contains(&at_byte.to_string()));
        }
    }

    #[test]
    fn a_form_has_a_largest_size_and_a_largest_number_of_pairs() {
        let widest = vec![b'a'; FORM_BYTES_MAX];
        assert_eq!(Form::parse(&widest).map(|form| form.len()), Ok(1));
        let too_wide = vec![b'a'; FORM_BYTES_MAX + 1];
        assert_eq!(Form::parse(&too_wide).unwrap_err().kind, FormErrorKind::TooLong);

        let most = "a=1&".repeat(PAIRS_MAX);
        assert_eq!(Form::parse(most.as_bytes()).map(|form| form.len()), Ok(PAIRS_MAX));
        let too_many = most + "b=1";
        let error = Form::parse(too_many.as_bytes()).unwrap_err();
        let expected = FormError { kind: FormErrorKind::TooManyPairs, at_byte: PAIRS_MAX * 4 };
        assert_eq!(error, expected);
    }

    #[test]
    fn encoding_escapes_everything_but_letters_digits_and_four_marks() {
        let form = Form::from_pairs([("a b", "*-._~'()!"), ("ñ", "\n+&=%")]);
        assert_eq!(form.encode(), "a+b=*-._%7E%27%28%29%21&%C3%B1=%0A%2B%26%3D%25");
        assert_eq!(Form::new().encode(), "");
    }

    #[test]
    fn setting_a_name_leaves_it_once_in_its_first_place() {
        let mut form = Form::from_pairs([("a", "1"), ("b", "2"), ("a", "3"), ("c", "4")]);
        form.set("a", "5");
        assert_eq!(form, Form::from_pairs([("a", "5"), ("b", "2"), ("c", "4")]));
        form.set("d", "6");
        assert_eq!(form.iter().last(), Some(("d", "6")));
    }

    #[test]
    fn what_is_taken_out_leaves_the_others_as_they_were() {
        let mut form = Form::from_pairs([("a", "1"), ("", ""), ("a", "3")]);
        assert_eq!((form.remove("b"), form.remove("a")), (None, Some("1".to_owned())));
        assert_eq!(form, Form::from_pairs([("", ""), ("a", "3")]));
        // The same text in other places is another form.
        assert_ne!(Form::from_pairs([("ab", "c")]), Form::from_pairs([("a", "bc")]));
        assert_eq!(format!("{form:?}"), r#"Form[("", ""), ("a", "3")]"#);
    }

    #[test]
    fn a_query_keeps_what_is_broken() {
        let form = parse_query_leniently("off=100%&q=%zz&&ok=a+b%21&bad=%ff");
        let expected =
            Form::from_pairs([("off", "100%"), ("q", "%zz"), ("ok", "a b!"), ("bad", "\u{fffd}")]);
        assert_eq!(form, expected);
    }
}
