//! What a person reads, or hears, in English and Spanish.
//!
//! Contract: Twilio doc page "Verify: supported languages": without `Locale` the language follows
//! the number's country. Which locales have words of their own here: docs/fidelity.md.

use crate::numbers::PhoneNumber;

/// The locales that Twilio's page lists.
const LOCALES: &[&str] = &[
    "af", "ar", "ca", "zh", "zh-cn", "zh-hk", "hr", "cs", "da", "nl", "en", "en-gb", "et", "fi",
    "fr", "de", "el", "he", "hi", "hu", "id", "it", "ja", "kn", "ko", "lt", "ms", "mr", "nb", "pl",
    "pt", "pt-br", "ro", "ru", "sk", "es", "es-419", "sv", "te", "th", "tl", "tr", "uk", "vi",
];
/// Countries whose people read Spanish.
const SPANISH: &[&str] = &[
    "AR", "BO", "CL", "CO", "CR", "CU", "DO", "EC", "ES", "GQ", "GT", "HN", "MX", "NI", "PA", "PE",
    "PR", "PY", "SV", "UY", "VE",
];

/// The language of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// English.
    English,
    /// Spanish.
    Spanish,
}

/// The language of a `Locale`, or of a number's country; `None` for a locale that Twilio has not.
pub fn language(locale: Option<&str>, to: &str) -> Option<Language> {
    let spanish = match locale.map(str::to_ascii_lowercase) {
        Some(locale) if !LOCALES.contains(&locale.as_str()) => return None,
        Some(locale) => locale.split('-').next() == Some("es"),
        None => {
            let number = PhoneNumber::parse(to, None).ok();
            number.and_then(|number| number.country()).is_some_and(|one| SPANISH.contains(&one))
        }
    };
    Some(if spanish { Language::Spanish } else { Language::English })
}

/// What the words are about.
#[derive(Debug, Clone, Copy)]
pub struct Words<'a> {
    /// In this language.
    pub language: Language,
    /// Who asks for the code.
    pub name: &'a str,
    /// The code.
    pub code: &'a str,
    /// Amount and payee of a transaction.
    pub transaction: Option<(&'a str, &'a str)>,
    /// Whether sharing is warned of.
    pub warns: bool,
    /// The hash by which an Android app finds the text; empty for none.
    pub app_hash: &'a str,
}

/// The text of a message.
pub fn text(words: &Words<'_>) -> String {
    let Words { name, code, .. } = words;
    let mut text = match (words.language, words.transaction) {
        (Language::English, None) => format!("Your {name} verification code is: {code}"),
        (Language::Spanish, None) => format!("Tu código de verificación de {name} es: {code}"),
        (Language::English, Some((amount, payee))) => {
            format!("Your {name} code to approve a payment of {amount} to {payee} is: {code}")
        }
        (Language::Spanish, Some((amount, payee))) => {
            format!("Tu código de {name} para aprobar un pago de {amount} a {payee} es: {code}")
        }
    };
    if words.warns {
        text.push_str(match words.language {
            Language::English => {
                ". Don't share this code with anyone; our employees will never ask for it."
            }
            Language::Spanish => {
                ". No compartas este código con nadie; nuestros empleados nunca te lo pedirán."
            }
        });
    }
    if !words.app_hash.is_empty() {
        text.push('\n');
        text.push_str(words.app_hash);
    }
    text
}

/// The document of a call: the same, said twice, one digit after the other.
pub fn twiml(words: &Words<'_>) -> String {
    let code: Vec<String> = words.code.chars().map(String::from).collect();
    let code = code.join(", ");
    let spoken = text(&Words { code: &code, app_hash: "", ..*words });
    let language = match words.language {
        Language::English => "en-US",
        Language::Spanish => "es-MX",
    };
    let spoken = spoken.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    format!("<Response><Say language=\"{language}\" loop=\"2\">{spoken}</Say></Response>")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_is_the_locales_or_the_countrys() {
        for (locale, to, found) in [
            (Some("es"), "+12025550199", Some(Language::Spanish)),
            (Some("es-419"), "+12025550199", Some(Language::Spanish)),
            (Some("EN"), "+34600000001", Some(Language::English)),
            (Some("fr"), "+12025550199", Some(Language::English)),
            (Some("tlh"), "+12025550199", None),
            (None, "+34600000001", Some(Language::Spanish)),
            (None, "+12025550199", Some(Language::English)),
        ] {
            assert_eq!(language(locale, to), found, "{locale:?} {to}");
        }
    }

    #[test]
    fn the_words_name_the_service_the_code_and_the_transaction() {
        let mut words = Words {
            language: Language::English,
            name: "A & B",
            code: "1234",
            transaction: None,
            warns: false,
            app_hash: "",
        };
        assert_eq!(text(&words), "Your A & B verification code is: 1234");
        let document = twiml(&words);
        assert!(document.contains("Your A &amp; B verification code is: 1, 2, 3, 4"), "{document}");
        assert!(twiml::parse(&document, twiml::Realm::Voice).is_ok());
        words.language = Language::Spanish;
        words.transaction = Some(("€39.99", "Acme"));
        words.app_hash = "FA+9qCX9VSu";
        let text = text(&words);
        assert!(text.contains("un pago de €39.99 a Acme es: 1234"), "{text}");
        assert!(text.ends_with("\nFA+9qCX9VSu"), "{text}");
    }
}
