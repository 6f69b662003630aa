//! What an answer to an ask is: a document, a sound, or neither.
//!
//! Contract: twiml.md 1.2, webhooks.md 4.6.

use super::Sound;
use super::program::Program;
use crate::documents::{Answer, Remark, remark};
use twiml::{Fatal, Realm, Say};

/// What came of an ask.
pub(super) struct Found {
    pub program: Program,
    /// What is wrong with it.
    pub remarks: Vec<Remark>,
    /// What is heard before it: an answer that is no document is heard, then the call ends.
    pub sound: Option<Sound>,
}

/// The types of sound that can stand instead of a document.
const AUDIO: [&str; 13] = [
    "audio/mpeg",
    "audio/mp3",
    "audio/wav",
    "audio/wave",
    "audio/x-wav",
    "audio/aiff",
    "audio/x-aifc",
    "audio/x-aiff",
    "audio/gsm",
    "audio/x-gsm",
    "audio/ulaw",
    "audio/basic",
    "audio/x-mulaw",
];

enum Taken {
    Xml,
    Text,
    Audio,
}

fn taken(content_type: Option<&str>) -> Result<Taken, String> {
    let Some(full) = content_type else {
        return Err("the answer has no Content-Type".into());
    };
    let essence = full.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match essence.as_str() {
        "text/xml" | "application/xml" | "text/html" => Ok(Taken::Xml),
        "text/plain" => Ok(Taken::Text),
        audio if AUDIO.contains(&audio) => Ok(Taken::Audio),
        _ => Err(format!("the answer's Content-Type is {full}, which is neither TwiML nor audio")),
    }
}

/// Reads what an ask came to.
pub(super) fn read(answer: Answer) -> Result<Found, Remark> {
    let (content_type, body, url) = match answer {
        Answer::Failed { code, message } => return Err(Remark { code, message, at: None }),
        Answer::Document { content_type, body, url, .. } => (content_type, body, url),
    };
    if body.trim().is_empty() && !content_type.as_deref().is_some_and(is_audio) {
        let message = "Premature end of file: the answer is empty.".to_owned();
        return Err(Remark { code: 12100, message, at: None });
    }
    let refused = |message| Remark { code: 12300, message, at: None };
    match taken(content_type.as_deref()).map_err(refused)? {
        Taken::Xml => document(&body, url),
        Taken::Text => document(&body, url.clone()).or_else(|_| Ok(spoken(body))),
        Taken::Audio => {
            let content_type = content_type.unwrap_or_default();
            Ok(heard(Sound::Document { url, content_type }))
        }
    }
}

fn is_audio(content_type: &str) -> bool {
    matches!(taken(Some(content_type)), Ok(Taken::Audio))
}

/// Reads a document that came without an ask.
pub(super) fn inline(text: &str) -> Result<Found, Remark> {
    document(text, String::new())
}

fn document(text: &str, url: String) -> Result<Found, Remark> {
    let (document, problems) = twiml::parse(text, Realm::Voice).map_err(fatal)?;
    let program = Program::new(url, document, &problems);
    Ok(Found { program, remarks: problems.into_iter().map(remark).collect(), sound: None })
}

fn fatal(fatal: Fatal) -> Remark {
    let at = Some((fatal.at.line, fatal.at.column));
    Remark { code: fatal.code, message: fatal.message, at }
}

fn spoken(text: String) -> Found {
    heard(Sound::Say(Box::new(Say::new(text.trim()))))
}

fn heard(sound: Sound) -> Found {
    Found { program: Program::hangup(), remarks: Vec::new(), sound: Some(sound) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken_as(content_type: Option<&str>, body: &str) -> Result<&'static str, u32> {
        let content_type = content_type.map(str::to_owned);
        let answer = Answer::Document {
            status: 200,
            content_type,
            body: body.into(),
            url: "http://x/".into(),
        };
        match read(answer) {
            Err(remark) => Err(remark.code),
            Ok(Found { sound: None, .. }) => Ok("document"),
            Ok(Found { sound: Some(Sound::Say(_)), .. }) => Ok("spoken"),
            Ok(Found { .. }) => Ok("heard"),
        }
    }

    #[test]
    fn an_answer_to_a_call_is_taken_by_its_content_type() {
        let document = "<Response/>";
        for (content_type, body, is) in [
            (Some("text/xml"), document, Ok("document")),
            (Some("Application/XML; charset=utf-8"), document, Ok("document")),
            (Some("text/html"), document, Ok("document")),
            (Some("text/xml"), "hello", Err(12100)),
            (Some("text/xml"), "<Answer/>", Err(12102)),
            (Some("text/xml"), "", Err(12100)),
            (Some("text/plain"), document, Ok("document")),
            (Some("text/plain"), "hello", Ok("spoken")),
            (Some("text/plain"), " \n", Err(12100)),
            (Some("audio/mpeg"), "", Ok("heard")),
            (Some("audio/x-wav"), "RIFF", Ok("heard")),
            (Some("audio/ogg"), "OggS", Err(12300)),
            (Some("application/json"), "{}", Err(12300)),
            (None, document, Err(12300)),
            (None, "", Err(12100)),
        ] {
            assert_eq!(taken_as(content_type, body), is, "{content_type:?} {body}");
        }
    }
}
