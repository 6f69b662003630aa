//! `offhook keys`: API keys. A secret is shown once, when its key is made.

use super::resource::{Id, Parameter, Place, Resource, Verb, WRITE};

pub(super) const RESOURCE: Resource = Resource {
    name: "keys",
    one: "key",
    about: "API keys",
    place: Place::Account("Keys"),
    id: Id::Sid("SK", None),
    key: "keys",
    columns: &["sid", "friendly_name", "date_created"],
    verbs: &[Verb::List, Verb::Show, Verb::Create, Verb::Update, Verb::Delete],
    parameters: &[Parameter::new("FriendlyName", WRITE, "NAME", "Its name")],
};
