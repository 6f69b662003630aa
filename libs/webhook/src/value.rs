//! How one field goes into a form and comes out of it, by its type.
//!
//! The forms made by `parameters!` use it: a `String` is always sent, an `Option` is absent when it
//! does not apply. Numbers are whole, flags are `true` or `false`, words are those of an enum made
//! by `words!`. It never guesses: a value that cannot be is an error with its parameter's name.

use crate::call_state::CallState;
use crate::fields::{FieldError, Fields, push_number, push_some};
use crate::form::Form;

/// A type that a parameter can have.
pub(crate) trait Value: Sized {
    /// Adds it under this name; nothing if it does not apply.
    fn write(&self, name: &str, form: &mut Form);

    /// Takes it out of what is left of a form.
    fn read(name: &str, fields: &mut Fields) -> Result<Self, FieldError>;
}

impl Value for String {
    fn write(&self, name: &str, form: &mut Form) {
        form.push(name, self.as_str());
    }

    fn read(name: &str, fields: &mut Fields) -> Result<Self, FieldError> {
        fields.need(name)
    }
}

impl Value for Option<String> {
    fn write(&self, name: &str, form: &mut Form) {
        push_some(form, name, self.as_deref());
    }

    fn read(name: &str, fields: &mut Fields) -> Result<Self, FieldError> {
        Ok(fields.take(name))
    }
}

impl Value for Option<u32> {
    fn write(&self, name: &str, form: &mut Form) {
        push_number(form, name, *self);
    }

    fn read(name: &str, fields: &mut Fields) -> Result<Self, FieldError> {
        fields.number(name)
    }
}

impl Value for Option<bool> {
    fn write(&self, name: &str, form: &mut Form) {
        push_some(form, name, self.map(|flag| if flag { "true" } else { "false" }));
    }

    fn read(name: &str, fields: &mut Fields) -> Result<Self, FieldError> {
        fields.word(name, "true or false", |word| match word {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        })
    }
}

/// Makes an enum with `as_str` and `parse` a [`Value`], always sent or not.
macro_rules! word_values {
    ($name:ident, $expected:literal) => {
        impl $crate::value::Value for $name {
            fn write(&self, name: &str, form: &mut $crate::form::Form) {
                form.push(name, self.as_str());
            }

            fn read(
                name: &str,
                fields: &mut $crate::fields::Fields,
            ) -> Result<Self, $crate::fields::FieldError> {
                fields
                    .parse(name, $expected, Self::parse)?
                    .ok_or_else(|| $crate::fields::FieldError::Missing { name: name.to_owned() })
            }
        }

        impl $crate::value::Value for Option<$name> {
            fn write(&self, name: &str, form: &mut $crate::form::Form) {
                $crate::fields::push_some(form, name, self.map($name::as_str));
            }

            fn read(
                name: &str,
                fields: &mut $crate::fields::Fields,
            ) -> Result<Self, $crate::fields::FieldError> {
                fields.word(name, $expected, $name::parse)
            }
        }
    };
}
pub(crate) use word_values;

word_values!(CallState, "a call status");

/// Declares an enum whose variants are one word each on the wire, and makes it a [`Value`].
macro_rules! words {
    (
        $(#[$about:meta])*
        pub enum $name:ident ($expected:literal) {
            $($(#[$variant_about:meta])* $variant:ident = $word:literal,)+
        }
    ) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum $name {
            $(
                #[doc = concat!("`", $word, "`: ")]
                $(#[$variant_about])*
                $variant,
            )+
        }

        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word on the wire.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                }
            }

            /// What this word names, exactly as written on the wire.
            pub fn parse(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|known| known.as_str() == word)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        $crate::value::word_values!($name, $expected);
    };
}
pub(crate) use words;

/// Declares the form of one webhook: `always` are the parameters without which it is refused,
/// `sometimes` those that may be absent. `with a call` begins with a call's standard set.
macro_rules! parameters {
    (
        $(#[$about:meta])*
        pub struct $name:ident with a call {
            always { $($(#[$need_about:meta])* $need:ident: $need_type:ty = $need_name:literal,)* }
            sometimes { $($(#[$may_about:meta])* $may:ident: $may_type:ty = $may_name:literal,)* }
        }
    ) => {
        $(#[$about])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        pub struct $name {
            /// The call's standard set; `extra` in it has what is not named here.
            pub call: $crate::voice_request::VoiceRequest,
            $(
                #[doc = concat!("`", $need_name, "`: ")]
                $(#[$need_about])*
                pub $need: $need_type,
            )*
            $(
                #[doc = concat!("`", $may_name, "`: ")]
                $(#[$may_about])*
                pub $may: $may_type,
            )*
        }

        impl $name {
            /// Names of its own parameters that are always sent, in order.
            pub const ALWAYS: &'static [&'static str] = &[$($need_name),*];

            /// Names of its own parameters that may be absent, in order.
            pub const SOMETIMES: &'static [&'static str] = &[$($may_name),*];

            /// With what is always sent, and nothing else.
            pub fn new(
                call: $crate::voice_request::VoiceRequest,
                $($need: impl Into<$need_type>,)*
            ) -> Self {
                Self { call, $($need: $need.into(),)* $($may: None,)* }
            }

            /// The parameters to send, in a fixed order.
            pub fn to_form(&self) -> $crate::form::Form {
                let mut form = $crate::form::Form::new();
                self.call.write(&mut form);
                $($crate::value::Value::write(&self.$need, $need_name, &mut form);)*
                $($crate::value::Value::write(&self.$may, $may_name, &mut form);)*
                form.extend(self.call.extra.iter());
                form
            }

            /// Reads the parameters of a verified request.
            ///
            /// # Errors
            ///
            /// As [`VoiceRequest::from_form`](crate::VoiceRequest::from_form); a parameter that is
            /// always sent is missing; a number, flag or word that is none.
            pub fn from_form(
                form: &$crate::form::Form,
            ) -> Result<Self, $crate::fields::FieldError> {
                let mut fields = $crate::fields::Fields::of(form);
                let mut read = Self {
                    call: $crate::voice_request::VoiceRequest::read(&mut fields)?,
                    $($need: $crate::value::Value::read($need_name, &mut fields)?,)*
                    $($may: $crate::value::Value::read($may_name, &mut fields)?,)*
                };
                read.call.extra = fields.rest();
                Ok(read)
            }
        }

        $crate::parameters::by_its_own_methods!($name);
    };
    (
        $(#[$about:meta])*
        pub struct $name:ident {
            always { $($(#[$need_about:meta])* $need:ident: $need_type:ty = $need_name:literal,)* }
            sometimes { $($(#[$may_about:meta])* $may:ident: $may_type:ty = $may_name:literal,)* }
        }
    ) => {
        $(#[$about])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        pub struct $name {
            $(
                #[doc = concat!("`", $need_name, "`: ")]
                $(#[$need_about])*
                pub $need: $need_type,
            )*
            $(
                #[doc = concat!("`", $may_name, "`: ")]
                $(#[$may_about])*
                pub $may: $may_type,
            )*
            /// Parameters not named above, in order.
            pub extra: $crate::form::Form,
        }

        impl $name {
            /// Names of its own parameters that are always sent, in order.
            pub const ALWAYS: &'static [&'static str] = &[$($need_name),*];

            /// Names of its own parameters that may be absent, in order.
            pub const SOMETIMES: &'static [&'static str] = &[$($may_name),*];

            /// With what is always sent, and nothing else.
            pub fn new($($need: impl Into<$need_type>,)*) -> Self {
                Self { $($need: $need.into(),)* $($may: None,)* extra: $crate::form::Form::new() }
            }

            /// The parameters to send, in a fixed order.
            pub fn to_form(&self) -> $crate::form::Form {
                let mut form = $crate::form::Form::new();
                $($crate::value::Value::write(&self.$need, $need_name, &mut form);)*
                $($crate::value::Value::write(&self.$may, $may_name, &mut form);)*
                form.extend(self.extra.iter());
                form
            }

            /// Reads the parameters of a verified request.
            ///
            /// # Errors
            ///
            /// A parameter that is always sent is missing; a number, flag or word that is none.
            pub fn from_form(
                form: &$crate::form::Form,
            ) -> Result<Self, $crate::fields::FieldError> {
                let mut fields = $crate::fields::Fields::of(form);
                Ok(Self {
                    $($need: $crate::value::Value::read($need_name, &mut fields)?,)*
                    $($may: $crate::value::Value::read($may_name, &mut fields)?,)*
                    extra: fields.rest(),
                })
            }
        }

        $crate::parameters::by_its_own_methods!($name);
    };
}
pub(crate) use parameters;
