//! `Message`: replies to a message.
//!
//! Stands under `Response` of a messaging document, also by its old name `Sms`; holds text, or
//! `Body` and `Media`. What cannot be sent is reported and skipped. Sent elsewhere.
//! Contract: Twilio docs, TwiML for Programmable Messaging; error pages 14101 to 14105.

use crate::choices::Method;
use crate::element::{Content, SCHEMA, URL, element};
use crate::reader::{Allowed, Reader, Xml};
use crate::rules;
use crate::value::Wrong;
use crate::writer::Writer;

/// Characters of a message's body (error page 14103).
pub const BODY_CHARACTERS_MAX: usize = 1600;
/// Media of one message (Message page).
pub const MEDIA_MAX: usize = 10;

const BAD_TO: u32 = 14101;
const BAD_FROM: u32 = 14102;
const BAD_BODY: u32 = 14103;

element! {
    /// Replies to a message, or sends one to somebody else.
    ///
    /// ```
    /// use twiml::{Message, Response};
    ///
    /// let answer = Message::new("Here it is.").media("https://example.com/cat.jpg");
    /// let xml = Response::new().message(answer).message("Bye").to_xml();
    /// assert!(xml.contains("<Message><Body>Here it is.</Body><Media>https://example.com"));
    /// assert!(xml.contains("<Message>Bye</Message>"));
    /// ```
    Message = "Message" {
        /// To whom. Not given: to whom the message came from.
        text to "to" [to_address], BAD_TO;
        /// From which number or name. Not given: the number the message came to.
        text from "from" [from_address], BAD_FROM;
        /// Who is told the status of the message, for SMS and WhatsApp.
        text action "action" [rules::url], URL;
        /// How `action` and `status_callback` are requested.
        value method "method": Method = Method::Post, 14104;
        /// Who is told the status of the message, for MMS.
        text status_callback "statusCallback" [rules::callback], 14105;
    }
    inside {
        /// The text; empty if there are only media.
        body: String,
        /// The URLs of pictures and other media.
        media: Vec<String>,
    }
}

impl Message {
    /// Replies with a text.
    pub fn new(body: impl Into<String>) -> Message {
        Message { body: body.into(), ..Message::default() }
    }

    /// Adds the URL of a picture or other media.
    #[must_use]
    pub fn media(mut self, url: impl Into<String>) -> Message {
        self.media.push(url.into());
        self
    }

    fn read_media(&mut self, reader: &mut Reader<'_>, node: Xml<'_>) {
        let url = reader.plain_text(node);
        if self.media.len() == MEDIA_MAX {
            reader.one_too_many(node, SCHEMA);
        } else if url.is_empty() || !rules::is_url(&url) {
            reader.bad_text(node, if url.is_empty() { SCHEMA } else { URL }, "a URL");
        } else {
            self.media.push(url);
        }
    }
}

impl<T: Into<String>> From<T> for Message {
    fn from(body: T) -> Message {
        Message::new(body)
    }
}

/// A phone number, a short code, or the address of a channel such as `whatsapp:+12025550123`.
pub(super) fn to_address(text: &str) -> Result<&str, Wrong> {
    let text = text.trim();
    if is_number(text) || is_channel(text) {
        return Ok(text);
    }
    Err(Wrong::expected("a phone number or the address of a channel"))
}

/// As [`to_address`], or a name: up to 11 letters, digits and blanks, one of them a letter.
pub(super) fn from_address(text: &str) -> Result<&str, Wrong> {
    let text = text.trim();
    let letters = text.bytes().any(|byte| byte.is_ascii_alphabetic());
    let plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b' ');
    if is_number(text) || is_channel(text) || (letters && plain && text.len() <= 11) {
        return Ok(text);
    }
    Err(Wrong::expected("a phone number, the address of a channel or a name of 11 characters"))
}

fn is_number(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let plain = text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.() ".contains(&byte));
    plain && (3..=15).contains(&digits) && !text.get(1..).is_some_and(|rest| rest.contains('+'))
}

fn is_channel(text: &str) -> bool {
    text.split_once(':').is_some_and(|(channel, rest)| {
        let letters = channel.bytes().all(|byte| byte.is_ascii_lowercase());
        letters && !channel.is_empty() && !rest.is_empty()
    })
}

/// Whether an attribute is there but was refused.
pub(super) fn refused(node: Xml<'_>, attribute: &str, read: &Option<String>) -> bool {
    read.is_none() && node.has_attribute(attribute)
}

/// Checks a body; reports one that cannot be sent.
pub(super) fn check_body(reader: &mut Reader<'_>, node: Xml<'_>, body: &str) -> bool {
    let length = body.chars().count();
    let fits = (1..=BODY_CHARACTERS_MAX).contains(&length);
    if !fits {
        reader.bad_text(node, BAD_BODY, "from 1 to 1600 characters");
    }
    fits
}

impl Content for Message {
    fn read(reader: &mut Reader<'_>, node: Xml<'_>) -> Option<Message> {
        let mut message: Message = reader.attributes(node);
        let mut bodies = String::new();
        let allowed = Allowed::only(&["Body", "Media"]);
        let text = reader.mixed(node, allowed, |reader, name, child| {
            match name {
                "Body" => bodies.push_str(&reader.plain_text(child)),
                "Media" => message.read_media(reader, child),
                _ => return false,
            }
            true
        });
        message.body = text.text + &bodies;
        let sends = !message.media.is_empty() && message.body.is_empty()
            || check_body(reader, node, &message.body);
        // To another address than the one that was meant it must not go.
        let meant = !refused(node, "to", &message.to) && !refused(node, "from", &message.from);
        (sends && meant).then_some(message)
    }

    fn write(&self, out: &mut Writer) {
        out.element(self, |out| {
            if self.media.is_empty() {
                return out.text(&self.body);
            }
            if !self.body.is_empty() {
                out.plain("Body", &self.body);
            }
            self.media.iter().for_each(|url| out.plain("Media", url));
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{messaging, messaging_problems, problems};
    use crate::{Message, Verb};

    #[test]
    fn bodies_and_texts_are_joined_and_media_kept() {
        for (xml, message) in [
            ("<Message>\n  Hello\n  you\n</Message>", Message::new("Hello\n  you")),
            ("<Sms>Hello</Sms>", Message::new("Hello")),
            ("<Message><Body>a </Body><Body> b</Body></Message>", Message::new("ab")),
            ("<Message>Hi<Media>/a.jpg</Media></Message>", Message::new("Hi").media("/a.jpg")),
            ("<Message><Media> /a.jpg </Media></Message>", Message::default().media("/a.jpg")),
            (
                "<Message to='+12025550123' from='My Shop'>x</Message>",
                Message::new("x").to("+12025550123").from("My Shop"),
            ),
        ] {
            assert_eq!(messaging_problems(xml), [], "{xml}");
            assert_eq!(messaging(xml), [Verb::Message(message)], "{xml}");
        }
    }

    #[test]
    fn what_cannot_be_sent_as_meant_is_skipped() {
        let long = format!("<Message>{}</Message>", "x".repeat(1601));
        for (xml, code) in [
            ("<Message to='bob'>x</Message>", 14101),
            ("<Message to=''>x</Message>", 14101),
            ("<Message from='A much too long name'>x</Message>", 14102),
            ("<Message/>", 14103),
            ("<Message><Body> </Body></Message>", 14103),
            (&long, 14103),
        ] {
            assert_eq!(messaging_problems(xml), [code], "{xml}");
            assert_eq!(messaging(xml), [], "{xml}");
        }
        assert_eq!(messaging_problems(&format!("<Message>{}</Message>", "ü".repeat(1600))), []);
    }

    #[test]
    fn what_is_wrong_beside_that_is_left_out() {
        let media = "<Media>/a.jpg</Media>".repeat(11);
        let eleven = format!("<Message>{media}</Message>");
        for (xml, code) in [
            ("<Message method='x'>x</Message>", 14104),
            ("<Message statusCallback='a b'>x</Message>", 14105),
            ("<Message action='a b'>x</Message>", 11100),
            ("<Message>x<Media/></Message>", 12200),
            ("<Message>x<Media>a b</Media></Message>", 11100),
            ("<Message>x<Body lang='en'>y</Body></Message>", 12200),
            ("<Message>x<body>y</body></Message>", 12200),
            (&eleven, 12200),
        ] {
            assert_eq!(messaging_problems(xml), [code], "{xml}");
            assert_eq!(messaging(xml).len(), 1, "{xml}");
        }
    }

    #[test]
    fn addresses_are_judged_by_their_shape() {
        for (to, good) in [
            ("+12025550123", true),
            ("(202) 555-0123", true),
            ("12345", true),
            ("whatsapp:+12025550123", true),
            ("12", false),
            ("1+2025550123", false),
            ("1234567890123456", false),
            ("whatsapp:", false),
            ("My Shop", false),
        ] {
            let xml = format!("<Message to='{to}'>x</Message>");
            assert_eq!(messaging_problems(&xml).is_empty(), good, "{to}");
        }
    }

    #[test]
    fn a_call_has_no_message_and_a_message_no_call() {
        assert_eq!(problems("<Message>x</Message>"), [12200]);
        assert_eq!(messaging_problems("<Say>x</Say><Message>y</Message>"), [14110]);
        assert_eq!(messaging_problems("<message>x</message>"), [12200]);
        assert_eq!(messaging("<Dial>1</Dial><Message>y</Message>").len(), 1);
    }
}
