//! `Parameter` and `Config`: a name and a value for whoever takes the call.
//!
//! Parameters stand in many verbs and nouns, Configs under `Transcription` and `VirtualAgent`.
//! One without a name is skipped.
//! Contract: Twilio docs, TwiML Parameter.

use crate::element::{Content, SCHEMA, element};
use crate::reader::{Allowed, Reader, Xml};
use crate::rules;
use crate::writer::Writer;

element! {
    /// A custom parameter.
    Parameter = "Parameter" {
        /// Its name.
        required name "name" [rules::named], SCHEMA;
        /// Its value.
        required value "value", SCHEMA;
    }
}

element! {
    /// A setting of a provider.
    Config = "Config" {
        /// Its name.
        required name "name" [rules::named], SCHEMA;
        /// Its value.
        required value "value", SCHEMA;
    }
}

impl Parameter {
    /// A parameter of that name and value.
    pub fn new(name: impl Into<String>, value: impl Into<String>) -> Parameter {
        Parameter { name: name.into(), value: value.into() }
    }
}

impl Config {
    /// A setting of that name and value.
    pub fn new(name: impl Into<String>, value: impl Into<String>) -> Config {
        Config { name: name.into(), value: value.into() }
    }
}

impl Content for Parameter {
    fn read(reader: &mut Reader<'_>, node: Xml<'_>) -> Option<Parameter> {
        let parameter: Parameter = reader.attributes(node);
        reader.empty(node);
        (!parameter.name.is_empty()).then_some(parameter)
    }

    fn write(&self, out: &mut Writer) {
        out.element(self, |_| {});
    }
}

impl Content for Config {
    fn read(reader: &mut Reader<'_>, node: Xml<'_>) -> Option<Config> {
        let config: Config = reader.attributes(node);
        reader.empty(node);
        (!config.name.is_empty()).then_some(config)
    }

    fn write(&self, out: &mut Writer) {
        out.element(self, |_| {});
    }
}

/// The parameters of an element that takes nothing else.
pub(crate) fn read_all(reader: &mut Reader<'_>, node: Xml<'_>) -> Vec<Parameter> {
    let mut parameters = Vec::new();
    reader.children(node, Allowed::only(&["Parameter"]), |reader, name, child| {
        let known = name == "Parameter";
        if known {
            parameters.extend(Parameter::read(reader, child));
        }
        known
    });
    parameters
}

/// The settings and parameters of an element that takes nothing else.
pub(crate) fn read_with_configs(
    reader: &mut Reader<'_>,
    node: Xml<'_>,
) -> (Vec<Config>, Vec<Parameter>) {
    let (mut configs, mut parameters) = (Vec::new(), Vec::new());
    reader.children(node, Allowed::only(&["Config", "Parameter"]), |reader, name, child| {
        match name {
            "Config" => configs.extend(Config::read(reader, child)),
            "Parameter" => parameters.extend(Parameter::read(reader, child)),
            _ => return false,
        }
        true
    });
    (configs, parameters)
}

/// Writes parameters or settings, one after another.
pub(crate) fn write_all<T: Content>(all: &[T], out: &mut Writer) {
    all.iter().for_each(|one| one.write(out));
}

#[cfg(test)]
mod tests {
    use crate::testing::{problems, voice};
    use crate::{Hangup, Parameter, Verb};

    #[test]
    fn a_name_and_a_value_must_be_there() {
        for (xml, count, codes) in [
            ("<Parameter name='a' value=' b '/>", 1, vec![]),
            ("<Parameter name='a' value=''/>", 1, vec![]),
            ("<Parameter name='a'/>", 1, vec![12200]),
            ("<Parameter name='' value='b'/>", 0, vec![12200]),
            ("<Parameter value='b'/>", 0, vec![12200]),
            ("<Parameter name='a' value='b'>c</Parameter>", 1, vec![12200]),
        ] {
            let xml = format!("<Hangup>{xml}</Hangup>");
            assert_eq!(problems(&xml), codes, "{xml}");
            let Verb::Hangup(hangup) = voice(&xml) else { panic!() };
            assert_eq!(hangup.parameters.len(), count, "{xml}");
        }
        let kept = voice("<Hangup><Parameter name='a' value=' b '/></Hangup>");
        assert_eq!(kept, Verb::Hangup(Hangup { parameters: vec![Parameter::new("a", " b ")] }));
    }
}
