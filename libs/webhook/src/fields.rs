//! Takes a form apart, name by name, so that what nobody asked for is left over.
//!
//! Every `from_form` uses it: known names go into fields, the rest into `extra`, hence no parameter
//! is lost when Twilio adds one. It is liberal where leaving out is harmless and strict where a
//! wrong guess would be acted upon (identifiers, numbers, states). It never logs or repairs.

use std::fmt;

use crate::form::Form;

/// A parameter that a typed form needs and cannot use as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FieldError {
    /// A parameter that is always sent is not there.
    Missing {
        /// Its name.
        name: String,
    },
    /// A parameter whose value is not one of those it can have.
    Invalid {
        /// Its name.
        name: String,
        /// Its value.
        value: String,
        /// What it should have been.
        expected: &'static str,
    },
}

impl fmt::Display for FieldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { name } => write!(f, "the parameter {name} is missing"),
            Self::Invalid { name, value, expected } => {
                write!(f, "the parameter {name} is {value:?}, expected {expected}")
            }
        }
    }
}

impl std::error::Error for FieldError {}

/// What is left of a form while its known parameters are taken out.
pub(crate) struct Fields {
    rest: Form,
}

impl Fields {
    pub(crate) fn of(form: &Form) -> Self {
        Self { rest: form.clone() }
    }

    /// The first value of `name`.
    pub(crate) fn take(&mut self, name: &str) -> Option<String> {
        self.rest.remove(name)
    }

    /// The first value of `name`, which must be there.
    pub(crate) fn need(&mut self, name: &str) -> Result<String, FieldError> {
        self.take(name).ok_or_else(|| FieldError::Missing { name: name.to_owned() })
    }

    /// Drops a second spelling of a parameter if it says the same; otherwise it stays in the rest.
    pub(crate) fn drop_copy(&mut self, name: &str, value: &str) {
        if self.rest.get(name) == Some(value) {
            self.rest.remove(name);
        }
    }

    /// The value of `name`, read by `read`.
    pub(crate) fn parse<T>(
        &mut self,
        name: &str,
        expected: &'static str,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Result<Option<T>, FieldError> {
        let Some(value) = self.take(name) else {
            return Ok(None);
        };
        match read(&value) {
            Some(read) => Ok(Some(read)),
            None => Err(FieldError::Invalid { name: name.to_owned(), value, expected }),
        }
    }

    /// One of a few words. An empty value counts as absent and stays in the rest.
    pub(crate) fn word<T>(
        &mut self,
        name: &str,
        expected: &'static str,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Result<Option<T>, FieldError> {
        if self.rest.get(name) == Some("") {
            return Ok(None);
        }
        self.parse(name, expected, read)
    }

    /// A whole number without a sign. An empty value counts as absent and stays in the rest.
    pub(crate) fn number(&mut self, name: &str) -> Result<Option<u32>, FieldError> {
        if self.rest.get(name) == Some("") {
            return Ok(None);
        }
        self.parse(name, "a whole number", |value| {
            let is_digits = value.bytes().all(|byte| byte.is_ascii_digit());
            if is_digits { value.parse().ok() } else { None }
        })
    }

    /// Whether any parameter of this name is left.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.rest.get(name).is_some()
    }

    /// Takes every parameter whose name starts with `prefix`, without the prefix, in order.
    pub(crate) fn take_prefixed(&mut self, prefix: &str) -> Vec<(String, String)> {
        let mut taken = Vec::new();
        let mut rest = Form::new();
        for (name, value) in std::mem::take(&mut self.rest) {
            match name.strip_prefix(prefix) {
                Some(name) => taken.push((name.to_owned(), value)),
                None => rest.push(name, value),
            }
        }
        self.rest = rest;
        taken
    }

    /// The parameters nobody took, in order.
    pub(crate) fn rest(self) -> Form {
        self.rest
    }
}

/// Adds a parameter if it has a value; a parameter that does not apply is absent, not empty.
pub(crate) fn push_some(form: &mut Form, name: &str, value: Option<&str>) {
    if let Some(value) = value {
        form.push(name, value);
    }
}

/// Adds a number if there is one.
pub(crate) fn push_number(form: &mut Form, name: &str, value: Option<u32>) {
    if let Some(value) = value {
        form.push(name, value.to_string());
    }
}

/// Declares a struct of optional text parameters that are written in the order they are declared.
macro_rules! optional_parameters {
    (
        $(#[$about:meta])*
        pub struct $name:ident {
            $($(#[$field_about:meta])* $field:ident = $parameter:literal,)*
        }
    ) => {
        $(#[$about])*
        #[derive(Clone, Debug, Default, PartialEq, Eq)]
        #[non_exhaustive]
        pub struct $name {
            $(
                #[doc = concat!("`", $parameter, "`: ")]
                $(#[$field_about])*
                pub $field: Option<String>,
            )*
        }

        impl $name {
            /// The parameters' names, in the order in which they are sent.
            pub const NAMES: &'static [&'static str] = &[$($parameter),*];

            pub(crate) fn write(&self, form: &mut $crate::form::Form) {
                $($crate::fields::push_some(form, $parameter, self.$field.as_deref());)*
            }

            pub(crate) fn read(fields: &mut $crate::fields::Fields) -> Self {
                Self { $($field: fields.take($parameter),)* }
            }
        }
    };
}
pub(crate) use optional_parameters;
