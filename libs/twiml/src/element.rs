//! One declaration per element: its attributes, their types, defaults and codes.
//!
//! `element!` turns a table of attributes into a struct, its `Default`, a setter per attribute,
//! and the reading and writing of the attributes. `one_of!` makes the closed enums of elements
//! that can stand in the same place. What stands between the tags is each element's own file.
//!
//! The first word of an attribute's line says how it is kept: `text` an optional string,
//! `string` a string with a default, `required` a string that must be there, `value` a type with
//! a default, `maybe` an optional type, `list` values with blanks between.

use crate::reader::{Reader, Xml};
use crate::value::{TextRule, Value, Wrong};
use crate::writer::Writer;

/// The code for what only the schema forbids (error dictionary page 12200).
pub(crate) const SCHEMA: u32 = 12200;
/// The code for a URL that cannot be one (error dictionary page 11100).
pub(crate) const URL: u32 = 11100;

/// An attribute's text that is not a value of it.
#[derive(Debug)]
pub(crate) struct Fault {
    pub code: u32,
    pub wrong: Wrong,
}

impl Fault {
    fn new(code: u32, wrong: Wrong) -> Fault {
        Fault { code: wrong.code.unwrap_or(code), wrong }
    }
}

/// What every element can do.
pub(crate) trait Element: Default {
    /// The name in a document.
    const NAME: &'static str;
    /// The attributes that must be there; an empty name is none.
    const REQUIRED: &'static [&'static str];
    /// Reads one attribute. `None`: the element has no attribute of that name.
    fn set(&mut self, name: &str, text: &str) -> Option<Result<(), Fault>>;
    /// Writes the attributes that differ from their defaults.
    fn write_attributes(&self, out: &mut Writer);
}

/// What stands between the tags of an element, and the element with it.
pub(crate) trait Content: Element {
    /// Reads a node of this element's name. `None`: it is of no use and was reported.
    fn read(reader: &mut Reader<'_>, node: Xml<'_>) -> Option<Self>;
    /// Writes the element.
    fn write(&self, out: &mut Writer);
}

pub(crate) fn put_text(
    slot: &mut Option<String>,
    text: &str,
    rule: TextRule,
    code: u32,
) -> Result<(), Fault> {
    match rule(text) {
        Ok(text) => *slot = Some(text.to_owned()),
        Err(wrong) => {
            if wrong.kept {
                *slot = Some(text.trim().to_owned());
            }
            return Err(Fault::new(code, wrong));
        }
    }
    Ok(())
}

pub(crate) fn put_string(
    slot: &mut String,
    text: &str,
    rule: TextRule,
    code: u32,
) -> Result<(), Fault> {
    let mut read = None;
    let outcome = put_text(&mut read, text, rule, code);
    if let Some(text) = read {
        *slot = text;
    }
    outcome
}

pub(crate) fn put_value<T: Value>(
    slot: &mut T,
    text: &str,
    rule: T::Rule,
    code: u32,
) -> Result<(), Fault> {
    *slot = T::read(text, rule).map_err(|wrong| Fault::new(code, wrong))?;
    Ok(())
}

pub(crate) fn put_maybe<T: Value>(
    slot: &mut Option<T>,
    text: &str,
    rule: T::Rule,
    code: u32,
) -> Result<(), Fault> {
    *slot = Some(T::read(text, rule).map_err(|wrong| Fault::new(code, wrong))?);
    Ok(())
}

pub(crate) fn put_list<T: Value>(
    slot: &mut Vec<T>,
    text: &str,
    rule: T::Rule,
    code: u32,
) -> Result<(), Fault> {
    let mut words: Vec<&str> = text.split_whitespace().collect();
    if words.is_empty() {
        // An empty word is refused by the type, which then says what it takes.
        words.push("");
    }
    let values: Result<Vec<T>, Wrong> =
        words.into_iter().map(|word| T::read(word, rule.clone())).collect();
    *slot = values.map_err(|wrong| Fault::new(code, wrong))?;
    Ok(())
}

macro_rules! element {
    (
        $(#[$meta:meta])*
        $type:ident = $element:literal {
            $(
                $(#[$doc:meta])*
                $kind:ident $field:ident $name:literal
                    $(: $ty:ty)? $([ $rule:expr ])? $(= $default:expr)?, $code:expr;
            )*
        }
        $( inside { $( $(#[$inner_doc:meta])* $inner:ident : $inner_ty:ty ),* $(,)? } )?
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct $type {
            $( $(#[$doc])* pub $field: $crate::element::element!(@type $kind $($ty)?), )*
            $( $( $(#[$inner_doc])* pub $inner: $inner_ty, )* )?
        }

        impl Default for $type {
            fn default() -> Self {
                Self {
                    $( $field: $crate::element::element!(@default $kind $($default)?), )*
                    $( $( $inner: Default::default(), )* )?
                }
            }
        }

        impl $type {
            $( $crate::element::element!(@setter $kind $field $($ty)? => $(#[$doc])*); )*
        }

        impl $crate::element::Element for $type {
            const NAME: &'static str = $element;
            const REQUIRED: &'static [&'static str] =
                &[ $( $crate::element::element!(@required $kind $name) ),* ];

            // An element without attributes uses neither.
            #[allow(unused_variables)]
            fn set(
                &mut self,
                name: &str,
                text: &str,
            ) -> Option<Result<(), $crate::element::Fault>> {
                match name {
                    $( $name => Some($crate::element::element!(
                        @put $kind &mut self.$field, text,
                        $crate::element::element!(@rule $kind $($rule)?), $code
                    )), )*
                    _ => None,
                }
            }

            #[allow(unused_variables)]
            fn write_attributes(&self, out: &mut $crate::writer::Writer) {
                $( $crate::element::element!(
                    @write $kind out, $name, &self.$field,
                    $crate::element::element!(@default $kind $($default)?)
                ); )*
            }
        }
    };

    (@type text) => { Option<String> };
    (@type string) => { String };
    (@type required) => { String };
    (@type value $ty:ty) => { $ty };
    (@type maybe $ty:ty) => { Option<$ty> };
    (@type list $ty:ty) => { Vec<$ty> };

    (@default string $default:expr) => { String::from($default) };
    (@default value $default:expr) => { $default };
    (@default list $default:expr) => { Vec::from($default) };
    (@default $kind:ident) => { Default::default() };

    (@required required $name:literal) => { $name };
    (@required $kind:ident $name:literal) => { "" };

    (@rule text) => { $crate::rules::any };
    (@rule string) => { $crate::rules::any };
    (@rule required) => { $crate::rules::any };
    (@rule $kind:ident) => { () };
    (@rule $kind:ident $rule:expr) => { $rule };

    (@put text $($rest:tt)*) => { $crate::element::put_text($($rest)*) };
    (@put string $($rest:tt)*) => { $crate::element::put_string($($rest)*) };
    (@put required $($rest:tt)*) => { $crate::element::put_string($($rest)*) };
    (@put value $($rest:tt)*) => { $crate::element::put_value($($rest)*) };
    (@put maybe $($rest:tt)*) => { $crate::element::put_maybe($($rest)*) };
    (@put list $($rest:tt)*) => { $crate::element::put_list($($rest)*) };

    (@write text $out:ident, $name:literal, $value:expr, $default:expr) => {
        $out.optional_text($name, $value)
    };
    (@write required $out:ident, $name:literal, $value:expr, $default:expr) => {
        $out.attribute($name, $value)
    };
    (@write string $out:ident, $name:literal, $value:expr, $default:expr) => {
        $out.string($name, $value, &$default)
    };
    (@write value $out:ident, $name:literal, $value:expr, $default:expr) => {
        $out.value($name, $value, &$default)
    };
    (@write maybe $out:ident, $name:literal, $value:expr, $default:expr) => {
        $out.optional($name, $value)
    };
    (@write list $out:ident, $name:literal, $value:expr, $default:expr) => {
        $out.list($name, $value, &$default)
    };

    (@setter text $field:ident => $(#[$doc:meta])*) => {
        $(#[$doc])*
        #[must_use]
        pub fn $field(mut self, value: impl Into<String>) -> Self {
            self.$field = Some(value.into());
            self
        }
    };
    (@setter string $field:ident => $(#[$doc:meta])*) => {
        $(#[$doc])*
        #[must_use]
        pub fn $field(mut self, value: impl Into<String>) -> Self {
            self.$field = value.into();
            self
        }
    };
    (@setter required $field:ident => $(#[$doc:meta])*) => {
        $crate::element::element!(@setter string $field => $(#[$doc])*);
    };
    (@setter value $field:ident $ty:ty => $(#[$doc:meta])*) => {
        $(#[$doc])*
        #[must_use]
        pub fn $field(mut self, value: $ty) -> Self {
            self.$field = value;
            self
        }
    };
    (@setter maybe $field:ident $ty:ty => $(#[$doc:meta])*) => {
        $(#[$doc])*
        #[must_use]
        pub fn $field(mut self, value: $ty) -> Self {
            self.$field = Some(value);
            self
        }
    };
    (@setter list $field:ident $ty:ty => $(#[$doc:meta])*) => {
        $(#[$doc])*
        #[must_use]
        pub fn $field(mut self, values: impl IntoIterator<Item = $ty>) -> Self {
            self.$field = values.into_iter().collect();
            self
        }
    };
}
pub(crate) use element;

/// Declares a closed enum of elements that can stand in the same place.
macro_rules! one_of {
    ($(#[$meta:meta])* $type:ident { $( $(#[$doc:meta])* $variant:ident ),* $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        // A document holds tens of these; a box per node would cost more than the space.
        #[allow(clippy::large_enum_variant)]
        pub enum $type { $( $(#[$doc])* $variant($variant) ),* }

        impl $type {
            /// The names of all of them.
            pub(crate) const NAMES: &'static [&'static str] =
                &[ $( <$variant as $crate::element::Element>::NAME ),* ];

            /// The element's name in a document.
            pub fn name(&self) -> &'static str {
                match self {
                    $( Self::$variant(_) => <$variant as $crate::element::Element>::NAME ),*
                }
            }

            /// Reads the element of that name. `None`: there is no such element.
            /// `Some(None)`: it is of no use and was reported.
            pub(crate) fn read(
                reader: &mut $crate::reader::Reader<'_>,
                name: &str,
                node: $crate::reader::Xml<'_>,
            ) -> Option<Option<Self>> {
                $( if name == <$variant as $crate::element::Element>::NAME {
                    let read = <$variant as $crate::element::Content>::read(reader, node);
                    return Some(read.map(Self::$variant));
                } )*
                None
            }

            /// Writes the element.
            pub(crate) fn write(&self, out: &mut $crate::writer::Writer) {
                match self {
                    $( Self::$variant(it) => $crate::element::Content::write(it, out) ),*
                }
            }
        }

        $( impl From<$variant> for $type {
            fn from(it: $variant) -> Self {
                Self::$variant(it)
            }
        } )*
    };
}
pub(crate) use one_of;
