//! One entry of a seed's list: names, values, and the lines they stand on.

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_saphyr::Spanned;
use std::fmt;
use webhook::Form;

/// A flat mapping, in the order of the file.
#[derive(Debug)]
pub(super) struct Entry {
    pairs: Vec<(Spanned<String>, Spanned<Scalar>)>,
}

/// Any plain value, as text; nothing is the empty text.
#[derive(Debug)]
struct Scalar(String);

impl<'de> Deserialize<'de> for Scalar {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Scalar, D::Error> {
        let text = Option::<String>::deserialize(deserializer)?;
        Ok(Scalar(text.unwrap_or_default()))
    }
}

impl<'de> Deserialize<'de> for Entry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Entry, D::Error> {
        struct Pairs;
        impl<'de> Visitor<'de> for Pairs {
            type Value = Entry;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an entry with names and values")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Entry, A::Error> {
                let mut pairs = Vec::new();
                while let Some(name) = map.next_key()? {
                    pairs.push((name, map.next_value()?));
                }
                Ok(Entry { pairs })
            }
        }
        deserializer.deserialize_map(Pairs)
    }
}

impl Entry {
    /// A value that is given and not empty.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let found = self.pairs.iter().find(|(known, _)| known.value == name);
        found.map(|(_, value)| value.value.0.trim()).filter(|text| !text.is_empty())
    }

    /// A value that has to be there.
    pub(super) fn need(&self, name: &str) -> Result<&str, String> {
        self.get(name).ok_or_else(|| self.wrong(&format!("{name} is missing")))
    }

    /// All of it as REST parameters, each value as `of` makes it.
    pub(super) fn form(
        &self,
        mut of: impl FnMut(&str, &str) -> Result<String, String>,
    ) -> Result<Form, String> {
        let mut form = Form::new();
        for (name, value) in &self.pairs {
            let line = value.referenced.line();
            let value = of(&name.value, &value.value.0);
            form.push(name.value.as_str(), value.map_err(|why| format!("line {line}: {why}"))?);
        }
        Ok(form)
    }

    /// What is wrong, with the line of the name that the reason mentions, else of the entry.
    pub(super) fn wrong(&self, why: &dyn fmt::Display) -> String {
        let why = why.to_string();
        let named =
            |name: &str| why.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| word == name);
        let mentioned = self.pairs.iter().find(|(name, _)| named(&name.value));
        match mentioned.or(self.pairs.first()) {
            Some((name, _)) => format!("line {}: {why}", name.referenced.line()),
            None => format!("an empty entry: {why}"),
        }
    }

    /// That every name is one of `keys`, and there once.
    pub(super) fn check_keys(&self, list: &str, keys: &[&str]) -> Result<(), String> {
        for (i, (name, _)) in self.pairs.iter().enumerate() {
            let (line, name) = (name.referenced.line(), &name.value);
            if !keys.contains(&name.as_str()) {
                let keys = keys.join(", ");
                return Err(format!("line {line}: {list} have no {name}; they have {keys}"));
            }
            if self.pairs[..i].iter().any(|(before, _)| before.value == *name) {
                return Err(format!("line {line}: {name} is there twice"));
            }
        }
        Ok(())
    }
}
