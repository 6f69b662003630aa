//! `offhook accounts`: the account and its subaccounts.

use super::resource::{ALL, Id, Parameter, Place, Resource, Verb};

pub(super) const RESOURCE: Resource = Resource {
    name: "accounts",
    one: "account",
    about: "The account and its subaccounts",
    place: Place::Path("/2010-04-01/Accounts"),
    id: Id::OwnAccount,
    key: "accounts",
    columns: &["sid", "friendly_name", "status", "date_created"],
    verbs: &[Verb::List, Verb::Show, Verb::Create, Verb::Update],
    parameters: &[
        Parameter::new("FriendlyName", ALL, "NAME", "Its name"),
        Parameter::new(
            "Status",
            &[Verb::Update, Verb::List],
            "STATUS",
            "active, suspended or closed",
        ),
    ],
};
