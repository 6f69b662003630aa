//! Who speaks: Twilio's voices, with their language and whether a woman or a man is heard, and the
//! voices of espeak-ng that stand in for them.
//!
//! Read by [`super::speech`] only. Names were taken from the lists of Amazon Polly and Google's
//! text to speech, which Twilio offers under the prefixes `Polly.` and `Google.`; languages are
//! those of espeak-ng 1.51. A voice that is not listed is no error: its language is what the
//! document says, and who speaks is not known.

/// Who is heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gender {
    /// A woman.
    Female,
    /// A man.
    Male,
}

use Gender::{Female, Male};

/// Polly's voices: name, language, who is heard. Sorted by name for the search.
const POLLY: &[(&str, &str, Gender)] = &[
    ("Aditi", "hi-IN", Female),
    ("Adriano", "it-IT", Male),
    ("Alba", "es-ES", Female),
    ("Amy", "en-GB", Female),
    ("Andres", "es-MX", Male),
    ("Aria", "en-NZ", Female),
    ("Arlet", "ca-ES", Female),
    ("Arthur", "en-GB", Male),
    ("Astrid", "sv-SE", Female),
    ("Ayanda", "en-ZA", Female),
    ("Bianca", "it-IT", Female),
    ("Brian", "en-GB", Male),
    ("Burcu", "tr-TR", Female),
    ("Camila", "pt-BR", Female),
    ("Carla", "it-IT", Female),
    ("Carmen", "ro-RO", Female),
    ("Celine", "fr-FR", Female),
    ("Chantal", "fr-CA", Female),
    ("Conchita", "es-ES", Female),
    ("Cristiano", "pt-PT", Male),
    ("Daniel", "de-DE", Male),
    ("Danielle", "en-US", Female),
    ("Dora", "is-IS", Female),
    ("Elin", "sv-SE", Female),
    ("Emma", "en-GB", Female),
    ("Enrique", "es-ES", Male),
    ("Ewa", "pl-PL", Female),
    ("Filiz", "tr-TR", Female),
    ("Gabrielle", "fr-CA", Female),
    ("Geraint", "en-GB-WLS", Male),
    ("Giorgio", "it-IT", Male),
    ("Gregory", "en-US", Male),
    ("Gwyneth", "cy-GB", Female),
    ("Hala", "ar-AE", Female),
    ("Hannah", "de-AT", Female),
    ("Hans", "de-DE", Male),
    ("Hiujin", "yue-CN", Female),
    ("Ida", "nb-NO", Female),
    ("Ines", "pt-PT", Female),
    ("Isabelle", "fr-BE", Female),
    ("Ivy", "en-US", Female),
    ("Jacek", "pl-PL", Male),
    ("Jan", "pl-PL", Male),
    ("Jasmine", "en-SG", Female),
    ("Jihye", "ko-KR", Female),
    ("Jitka", "cs-CZ", Female),
    ("Joanna", "en-US", Female),
    ("Joey", "en-US", Male),
    ("Justin", "en-US", Male),
    ("Kajal", "en-IN", Female),
    ("Karl", "is-IS", Male),
    ("Kazuha", "ja-JP", Female),
    ("Kendra", "en-US", Female),
    ("Kevin", "en-US", Male),
    ("Kimberly", "en-US", Female),
    ("Laura", "nl-NL", Female),
    ("Lea", "fr-FR", Female),
    ("Liam", "fr-CA", Male),
    ("Lisa", "nl-BE", Female),
    ("Liv", "nb-NO", Female),
    ("Lotte", "nl-NL", Female),
    ("Lucia", "es-ES", Female),
    ("Lupe", "es-US", Female),
    ("Mads", "da-DK", Male),
    ("Maja", "pl-PL", Female),
    ("Marlene", "de-DE", Female),
    ("Mathieu", "fr-FR", Male),
    ("Matthew", "en-US", Male),
    ("Maxim", "ru-RU", Male),
    ("Mia", "es-MX", Female),
    ("Miguel", "es-US", Male),
    ("Mizuki", "ja-JP", Female),
    ("Naja", "da-DK", Female),
    ("Niamh", "en-IE", Female),
    ("Nicole", "en-AU", Female),
    ("Ola", "pl-PL", Female),
    ("Olivia", "en-AU", Female),
    ("Patrick", "en-US", Male),
    ("Pedro", "es-US", Male),
    ("Penelope", "es-US", Female),
    ("Raul", "es-ES", Male),
    ("Raveena", "en-IN", Female),
    ("Remi", "fr-FR", Male),
    ("Ricardo", "pt-BR", Male),
    ("Ruben", "nl-NL", Male),
    ("Russell", "en-AU", Male),
    ("Ruth", "en-US", Female),
    ("Sabrina", "de-CH", Female),
    ("Salli", "en-US", Female),
    ("Seoyeon", "ko-KR", Female),
    ("Sergio", "es-ES", Male),
    ("Sofie", "da-DK", Female),
    ("Stephen", "en-US", Male),
    ("Suvi", "fi-FI", Female),
    ("Takumi", "ja-JP", Male),
    ("Tatyana", "ru-RU", Female),
    ("Thiago", "pt-BR", Male),
    ("Tomoko", "ja-JP", Female),
    ("Vicki", "de-DE", Female),
    ("Vitoria", "pt-BR", Female),
    ("Zayd", "ar-AE", Male),
    ("Zeina", "arb", Female),
    ("Zhiyu", "cmn-CN", Female),
];

/// Google's voices with a letter: language, the letters of women, the letters of men. Those that
/// are in use where English and Spanish are spoken.
const GOOGLE: &[(&str, &str, &str)] = &[
    ("en-AU", "AC", "BD"),
    ("en-GB", "ACFN", "BDO"),
    ("en-IN", "ADE", "BCF"),
    ("en-US", "CEFGH", "ABDIJ"),
    ("es-ES", "ACDFH", "BEG"),
    ("es-US", "A", "BC"),
];

/// Google's voices with a name (`Chirp3-HD`), the same in every language.
const CHIRP_WOMEN: &[&str] = &[
    "Achernar",
    "Aoede",
    "Autonoe",
    "Callirrhoe",
    "Despina",
    "Erinome",
    "Gacrux",
    "Kore",
    "Laomedeia",
    "Leda",
    "Pulcherrima",
    "Sulafat",
    "Vindemiatrix",
    "Zephyr",
];
const CHIRP_MEN: &[&str] = &[
    "Achird",
    "Algenib",
    "Algieba",
    "Alnilam",
    "Charon",
    "Enceladus",
    "Fenrir",
    "Iapetus",
    "Orus",
    "Puck",
    "Rasalgethi",
    "Sadachbia",
    "Sadaltager",
    "Schedar",
    "Umbriel",
    "Zubenelgenubi",
];

/// Languages whose espeak-ng voice depends on the country, the whole tag first; then the rest of
/// the language. Compared without regard to case.
const COUNTRIES: &[(&str, &str)] = &[
    ("en-029", "en-029"),
    ("en-au", "en-gb"),
    ("en-gb", "en-gb"),
    ("en-gb-sct", "en-gb-scotland"),
    ("en-gb-wls", "en-gb"),
    ("en-hk", "en-gb"),
    ("en-ie", "en-gb"),
    ("en-in", "en-gb"),
    ("en-jm", "en-029"),
    ("en-ke", "en-gb"),
    ("en-mt", "en-gb"),
    ("en-ng", "en-gb"),
    ("en-nz", "en-gb"),
    ("en-sg", "en-gb"),
    ("en-tt", "en-029"),
    ("en-za", "en-gb"),
    ("en", "en-us"),
    ("es-ad", "es"),
    ("es-ea", "es"),
    ("es-es", "es"),
    ("es-gq", "es"),
    ("es-ic", "es"),
    // Without a country it is Spain's, with any other it is American.
    ("es-", "es-419"),
    ("es", "es"),
    ("fr-be", "fr-be"),
    ("fr-ch", "fr-ch"),
    ("fr", "fr-fr"),
    ("pt-br", "pt-br"),
    ("pt", "pt"),
    ("zh-hk", "yue"),
    ("zh-mo", "yue"),
    ("zh", "cmn"),
];

/// Other names of a language that espeak-ng has.
const OTHER_NAMES: &[(&str, &str)] = &[
    ("arb", "ar"),
    ("in", "id"),
    ("iw", "he"),
    ("jp", "ja"),
    ("mo", "ro"),
    ("nn", "nb"),
    ("no", "nb"),
    ("sh", "sr"),
];

/// Languages that espeak-ng has under their own subtag.
const LANGUAGES: &[&str] = &[
    "af", "am", "an", "ar", "as", "az", "ba", "be", "bg", "bn", "bpy", "bs", "ca", "chr", "cmn",
    "cs", "cv", "cy", "da", "de", "el", "eo", "et", "eu", "fa", "fi", "ga", "gd", "gn", "grc",
    "gu", "hak", "haw", "he", "hi", "hr", "ht", "hu", "hy", "hyw", "ia", "id", "io", "is", "it",
    "ja", "jbo", "ka", "kk", "kl", "kn", "ko", "kok", "ku", "ky", "la", "lb", "lfn", "lt", "ltg",
    "lv", "mi", "mk", "ml", "mr", "ms", "mt", "my", "nb", "nci", "ne", "nl", "nog", "om", "or",
    "pa", "pap", "pl", "py", "qu", "quc", "ro", "ru", "sd", "shn", "si", "sk", "sl", "smj", "sq",
    "sr", "sv", "sw", "ta", "te", "th", "tk", "tn", "tr", "tt", "ug", "uk", "ur", "uz", "vi",
    "yue",
];

/// The language of a voice and who is heard, as far as its name tells.
pub(super) fn known(voice: &str) -> (Option<&str>, Option<Gender>) {
    if let Some(name) = voice.strip_prefix("Polly.") {
        let name = name.split('-').next().unwrap_or(name);
        let found = POLLY.binary_search_by(|(known, ..)| known.cmp(&name));
        return match found {
            Ok(at) => (Some(POLLY[at].1), Some(POLLY[at].2)),
            Err(_) => (None, None),
        };
    }
    if let Some(name) = voice.strip_prefix("Google.") {
        return google(name);
    }
    match voice {
        "man" => (None, Some(Male)),
        "woman" | "alice" => (None, Some(Female)),
        _ => (None, None),
    }
}

/// `es-US-Wavenet-A`, `en-GB-Chirp3-HD-Kore`: a language, a kind, who.
fn google(name: &str) -> (Option<&str>, Option<Gender>) {
    let kinds = ["-Standard-", "-Wavenet-", "-Neural2-", "-Chirp3-HD-"];
    let Some((at, who)) = kinds.iter().find_map(|kind| {
        let at = name.find(kind)?;
        Some((at, &name[at + kind.len()..]))
    }) else {
        return (None, None);
    };
    let language = &name[..at];
    let listed = |names: &[&str]| names.contains(&who);
    let lettered = |letters: &str| who.len() == 1 && letters.contains(who);
    let row = GOOGLE.iter().find(|(known, ..)| *known == language);
    let gender = if listed(CHIRP_WOMEN) || row.is_some_and(|(_, women, _)| lettered(women)) {
        Some(Female)
    } else if listed(CHIRP_MEN) || row.is_some_and(|(_, _, men)| lettered(men)) {
        Some(Male)
    } else {
        None
    };
    (Some(language), gender)
}

/// The espeak-ng voice of a language tag; `None` if it has none.
pub(super) fn espeak_language(tag: &str) -> Option<&'static str> {
    let tag = tag.to_ascii_lowercase();
    let subtag = tag.split('-').next().unwrap_or(&tag);
    if let Some((_, voice)) = COUNTRIES.iter().find(|(known, _)| *known == tag) {
        return Some(voice);
    }
    let of_language = COUNTRIES.iter().find(|(known, _)| {
        let other_country = known.strip_suffix('-').is_some_and(|known| known == subtag);
        other_country || *known == subtag
    });
    if let Some((_, voice)) = of_language {
        return Some(voice);
    }
    let other = OTHER_NAMES.iter().find(|(known, _)| *known == subtag);
    let name = other.map_or(subtag, |(_, name)| name);
    LANGUAGES.iter().find(|known| **known == name).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_every_language_in_it_is_spoken() {
        assert!(POLLY.is_sorted_by(|a, b| a.0 < b.0));
        for (name, language, _) in POLLY {
            assert!(espeak_language(language).is_some(), "{name} {language}");
        }
        for (language, women, men) in GOOGLE {
            assert!(espeak_language(language).is_some(), "{language}");
            assert!(!women.chars().any(|letter| men.contains(letter)), "{language}");
        }
    }
}
