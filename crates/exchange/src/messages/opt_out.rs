//! Words by which a person leaves, comes back and asks for help, and what follows from them.
//!
//! Called by the server when a text comes in to a number; whoever left is refused later texts
//! (21610) until they come back. The text goes to the application all the same. A word is one only
//! when it is the whole text, in any case, blanks around it apart. Contract: webhooks.md 2a;
//! the Spanish words and the replies' wording are in docs/fidelity.md.

use crate::sid::ServiceSid;

/// What a word means; the wire's `OptOutType`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Word {
    /// No more texts.
    Stop,
    /// Texts again.
    Start,
    /// Who is this?
    Help,
}

impl Word {
    /// The wire's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Word::Stop => "STOP",
            Word::Start => "START",
            Word::Help => "HELP",
        }
    }
}

/// The language of a word, which its reply has, too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// English.
    English,
    /// Spanish.
    Spanish,
}

/// Every word: what it means, in which language.
const WORDS: &[(Word, Language, &[&str])] = &[
    (
        Word::Stop,
        Language::English,
        &["STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"],
    ),
    (Word::Start, Language::English, &["START", "YES", "UNSTOP"]),
    (Word::Help, Language::English, &["HELP", "INFO"]),
    (Word::Stop, Language::Spanish, &["ALTO", "PARAR", "DETENER", "CANCELAR", "BAJA", "SALIR"]),
    (
        Word::Start,
        Language::Spanish,
        &["INICIAR", "EMPEZAR", "COMENZAR", "REANUDAR", "ALTA", "SÍ", "SI"],
    ),
    (Word::Help, Language::Spanish, &["AYUDA", "INFORMACIÓN", "INFORMACION"]),
];

/// The word that a text is, if it is one.
pub fn read(body: &str) -> Option<(Word, Language)> {
    let text = body.trim().to_uppercase();
    let found = WORDS.iter().find(|(_, _, words)| words.contains(&text.as_str()));
    found.map(|(word, language, _)| (*word, *language))
}

/// The reply that the platform gives by itself.
fn reply(word: Word, language: Language) -> &'static str {
    match (word, language) {
        (Word::Stop, Language::English) => {
            "You have successfully been unsubscribed. You will not receive any more messages from \
             this number. Reply START to resubscribe."
        }
        (Word::Start, Language::English) => {
            "You have successfully been re-subscribed to messages from this number. Reply HELP for \
             help. Reply STOP to unsubscribe. Msg&Data Rates May Apply."
        }
        (Word::Help, Language::English) => "Reply STOP to unsubscribe. Msg&Data Rates May Apply.",
        (Word::Stop, Language::Spanish) => {
            "Se ha dado de baja. No recibirá más mensajes de este número. Responda INICIAR para \
             volver a suscribirse."
        }
        (Word::Start, Language::Spanish) => {
            "Se ha suscrito de nuevo a los mensajes de este número. Responda AYUDA para obtener \
             ayuda. Responda PARAR para darse de baja."
        }
        (Word::Help, Language::Spanish) => "Responda PARAR para darse de baja.",
    }
}

/// What follows from a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outcome {
    /// Whether the person is out from now on; `None`: as before.
    pub out: Option<bool>,
    /// The platform's own reply; to STOP and START only when they change something.
    pub reply: Option<&'static str>,
}

/// What follows from a word of a person who is out, or not.
pub fn follow((word, language): (Word, Language), is_out: bool) -> Outcome {
    let out = match word {
        Word::Stop => (!is_out).then_some(true),
        Word::Start => is_out.then_some(false),
        Word::Help => None,
    };
    let says = word == Word::Help || out.is_some();
    Outcome { out, reply: says.then(|| reply(word, language)) }
}

/// What a person can have left when it hears from `number`: that, and the service that has it.
pub fn scopes(number: &str, service: Option<ServiceSid>) -> Vec<String> {
    let service = service.map(|sid| sid.to_string());
    service.into_iter().chain((!number.is_empty()).then(|| number.to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_the_whole_text_in_any_case_and_either_language() {
        for (text, meant) in [
            ("STOP", Some("STOP")),
            (" stop\n", Some("STOP")),
            ("StopAll", Some("STOP")),
            ("quit", Some("STOP")),
            ("OptOut", Some("STOP")),
            ("parar", Some("STOP")),
            ("Alto", Some("STOP")),
            ("cancelar", Some("STOP")),
            ("start", Some("START")),
            ("Yes", Some("START")),
            ("sí", Some("START")),
            ("help", Some("HELP")),
            ("ayuda", Some("HELP")),
            ("información", Some("HELP")),
            ("stop it", None),
            ("don't stop", None),
            ("STOP.", None),
            ("", None),
        ] {
            assert_eq!(read(text).map(|(word, _)| word.as_str()), meant, "{text}");
        }
    }

    #[test]
    fn only_what_changes_something_is_confirmed() {
        use Language::{English, Spanish};
        for (word, is_out, out, replies) in [
            (Word::Stop, false, Some(true), true),
            (Word::Stop, true, None, false),
            (Word::Start, true, Some(false), true),
            (Word::Start, false, None, false),
            (Word::Help, false, None, true),
            (Word::Help, true, None, true),
        ] {
            for language in [English, Spanish] {
                let outcome = follow((word, language), is_out);
                assert_eq!((outcome.out, outcome.reply.is_some()), (out, replies), "{word:?}");
            }
        }
    }

    #[test]
    fn no_word_is_there_twice_and_no_reply_is_a_word() {
        let mut all: Vec<&str> = WORDS.iter().flat_map(|(_, _, words)| *words).copied().collect();
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
        for (word, language, words) in WORDS {
            assert_eq!(read(reply(*word, *language)), None);
            assert!(words.iter().all(|text| *text == text.to_uppercase()));
        }
    }
}
