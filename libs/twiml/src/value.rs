//! Attribute values: from text to a type and back.
//!
//! [`Value`] is what a whole number, a boolean or one of the enumerations can do; the `element!`
//! macro calls it for every attribute. `choices!` makes an enumeration whose variants know their
//! spelling. Nothing here knows elements, positions or codes.
//! Contract: the attribute tables of the verb pages in Twilio's docs.

use std::borrow::Cow;
use std::ops::RangeInclusive;

/// Why a text is not a value of its type.
#[derive(Clone, Debug)]
pub(crate) struct Wrong {
    /// What would have been right, to end a sentence that began with "it must be".
    pub expected: Cow<'static, str>,
    /// A code that fits better than the attribute's own.
    pub code: Option<u32>,
    /// Whether the text is used all the same, so that what uses it fails as it does at Twilio.
    pub kept: bool,
}

impl Wrong {
    /// A refusal with no more to say than what would have been right.
    pub(crate) fn expected(expected: impl Into<Cow<'static, str>>) -> Wrong {
        Wrong { expected: expected.into(), code: None, kept: false }
    }
}

/// Checks a text and gives the part of it that counts.
pub(crate) type TextRule = fn(&str) -> Result<&str, Wrong>;

/// A type that an attribute can have.
pub(crate) trait Value: Sized + PartialEq {
    /// What narrows the type for one attribute.
    type Rule: Clone;
    /// The value that a text means.
    fn read(text: &str, rule: Self::Rule) -> Result<Self, Wrong>;
    /// The text that [`Value::read`] takes back to this value.
    fn write(&self) -> Cow<'_, str>;
}

impl Value for u32 {
    type Rule = RangeInclusive<u32>;

    fn read(text: &str, rule: RangeInclusive<u32>) -> Result<u32, Wrong> {
        match text.trim().parse::<u32>() {
            Ok(number) if rule.contains(&number) => Ok(number),
            _ if *rule.end() == u32::MAX => {
                Err(Wrong::expected(format!("a whole number, {} or more", rule.start())))
            }
            _ => Err(Wrong::expected(format!(
                "a whole number from {} to {}",
                rule.start(),
                rule.end()
            ))),
        }
    }

    fn write(&self) -> Cow<'_, str> {
        Cow::Owned(self.to_string())
    }
}

impl Value for bool {
    type Rule = ();

    fn read(text: &str, (): ()) -> Result<bool, Wrong> {
        match text.trim() {
            "true" => Ok(true),
            "false" => Ok(false),
            _ => Err(Wrong::expected("one of 'true, false'")),
        }
    }

    fn write(&self) -> Cow<'_, str> {
        Cow::Borrowed(if *self { "true" } else { "false" })
    }
}

/// Declares an enumeration of literal values; a further spelling after `|` means the same.
macro_rules! choices {
    ($(#[$meta:meta])* $type:ident {
        $( $(#[$doc:meta])* $variant:ident = $text:literal $(| $alias:literal)* ),* $(,)?
    }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $type { $( $(#[$doc])* $variant ),* }

        impl $type {
            /// The spelling in a document.
            pub fn as_str(self) -> &'static str {
                match self { $( Self::$variant => $text ),* }
            }
        }

        impl ::std::fmt::Display for $type {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl $crate::value::Value for $type {
            type Rule = ();

            fn read(text: &str, (): ()) -> Result<Self, $crate::value::Wrong> {
                match text.trim() {
                    $( $text $(| $alias)* => Ok(Self::$variant), )*
                    _ => Err($crate::value::Wrong::expected(
                        format!("one of '{}'", [$($text),*].join(", ")),
                    )),
                }
            }

            fn write(&self) -> ::std::borrow::Cow<'_, str> {
                ::std::borrow::Cow::Borrowed(self.as_str())
            }
        }
    };
}
pub(crate) use choices;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_whole_and_in_range() {
        for (text, value) in [("5", Some(5)), (" 600 ", Some(600)), ("+7", Some(7))] {
            assert_eq!(u32::read(text, 5..=600).ok(), value, "{text}");
        }
        for text in ["", "4", "601", "5.0", "five", "-5", "99999999999999999999", "5s"] {
            assert!(u32::read(text, 5..=600).is_err(), "{text}");
        }
        let wrong = u32::read("x", 1..=u32::MAX).unwrap_err();
        assert_eq!(wrong.expected, "a whole number, 1 or more");
    }

    #[test]
    fn a_boolean_is_lower_case() {
        assert_eq!(bool::read("true", ()).ok(), Some(true));
        assert_eq!(bool::read("false", ()).ok(), Some(false));
        for text in ["True", "FALSE", "1", "yes", ""] {
            assert!(bool::read(text, ()).is_err(), "{text}");
        }
    }
}
