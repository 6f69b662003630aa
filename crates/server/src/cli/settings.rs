//! `offhook settings`, `offhook clock` and `offhook test-credentials`: what there is one of.

use super::resource::{Id, Parameter, Place, Resource, Verb};

const UPDATE: &[Verb] = &[Verb::Update];

pub(super) const SETTINGS: Resource = Resource {
    name: "settings",
    one: "account's settings",
    about: "The account's settings",
    place: Place::Path("/offhook/v1/Settings"),
    id: Id::Only,
    key: "settings",
    columns: &[],
    verbs: &[Verb::Show, Verb::Update],
    parameters: &[
        Parameter::new("DebuggerUrl", UPDATE, "URL", "Told every alert"),
        Parameter::new("RetryProfile", UPDATE, "PROFILE", "twilio or durable"),
        Parameter::new(
            "TlsValidation",
            UPDATE,
            "BOOLEAN",
            "Whether certificates of webhooks are checked",
        ),
        Parameter::new("MediaAuth", UPDATE, "AUTH", "open or basic"),
        Parameter::new(
            "OptOutReplies",
            UPDATE,
            "BOOLEAN",
            "Whether STOP, START and HELP are confirmed by the platform",
        ),
        Parameter::new("Pacing", UPDATE, "WHETHER", "on: no faster than Twilio sends; or off"),
    ],
};

pub(super) const CLOCK: Resource = Resource {
    name: "clock",
    one: "house's clock",
    about: "House time: real, or virtual and moved by order",
    place: Place::Path("/offhook/v1/Clock"),
    id: Id::Only,
    key: "clock",
    columns: &["mode", "now"],
    verbs: &[Verb::Show, Verb::Update],
    parameters: &[
        Parameter::new("Mode", UPDATE, "MODE", "real or virtual"),
        Parameter::new(
            "Advance",
            UPDATE,
            "DURATION",
            "Move virtual time by this, such as PT10S, or `idle`: until nothing is due",
        ),
        Parameter::new("Limit", UPDATE, "DURATION", "At most so far, with --advance idle"),
    ],
};

pub(super) const TEST_CREDENTIALS: Resource = Resource {
    name: "test-credentials",
    one: "account's test credentials",
    about: "Credentials that check parameters and keep nothing",
    place: Place::Path("/offhook/v1/TestCredentials"),
    id: Id::Only,
    key: "test_credentials",
    columns: &["sid", "auth_token"],
    verbs: &[Verb::Show, Verb::Create, Verb::Delete],
    parameters: &[],
};
