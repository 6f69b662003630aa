//! `offhook applications`: sets of URLs that numbers can share.

use super::resource::{ALL, Id, Parameter, Place, Resource, Verb, WRITE};

pub(super) const RESOURCE: Resource = Resource {
    name: "applications",
    one: "application",
    about: "Sets of URLs that numbers can share",
    place: Place::Account("Applications"),
    id: Id::Sid("AP", Some(("FriendlyName", "friendly_name"))),
    key: "applications",
    columns: &["sid", "friendly_name", "sms_url", "voice_url"],
    verbs: &[Verb::List, Verb::Show, Verb::Create, Verb::Update, Verb::Delete],
    parameters: &[
        Parameter::new("FriendlyName", ALL, "NAME", "Its name"),
        Parameter::new("SmsUrl", WRITE, "URL", "Asked what to answer to a text"),
        Parameter::new("SmsMethod", WRITE, "METHOD", "GET or POST"),
        Parameter::new("SmsFallbackUrl", WRITE, "URL", "Asked when the SMS URL fails"),
        Parameter::new("SmsFallbackMethod", WRITE, "METHOD", "GET or POST"),
        Parameter::new("SmsStatusCallback", WRITE, "URL", "Told how messages fare"),
        Parameter::new("MessageStatusCallback", WRITE, "URL", "Told how messages fare"),
        Parameter::new("VoiceUrl", WRITE, "URL", "Asked what to do with a call"),
        Parameter::new("VoiceMethod", WRITE, "METHOD", "GET or POST"),
        Parameter::new("VoiceFallbackUrl", WRITE, "URL", "Asked when the voice URL fails"),
        Parameter::new("VoiceFallbackMethod", WRITE, "METHOD", "GET or POST"),
        Parameter::new("VoiceCallerIdLookup", WRITE, "BOOLEAN", "true or false"),
        Parameter::new("StatusCallback", WRITE, "URL", "Told how calls end"),
        Parameter::new("StatusCallbackMethod", WRITE, "METHOD", "GET or POST"),
        Parameter::new("ApiVersion", WRITE, "VERSION", "2010-04-01"),
        Parameter::new("PublicApplicationConnectEnabled", WRITE, "BOOLEAN", "true or false"),
    ],
};
