//! `offhook alerts`: what the debugger has seen.

use super::resource::{Id, Parameter, Place, Resource, Verb};

const LIST: &[Verb] = &[Verb::List];

pub(super) const RESOURCE: Resource = Resource {
    name: "alerts",
    one: "alert",
    about: "Errors and warnings of the debugger",
    place: Place::Path("/monitor/v1/Alerts"),
    id: Id::Sid("NO", None),
    key: "alerts",
    columns: &[
        "date_created",
        "log_level",
        "error_code",
        "resource_sid",
        "alert_text",
        "sid",
    ],
    verbs: &[Verb::List, Verb::Show],
    parameters: &[
        Parameter::new("LogLevel", LIST, "LEVEL", "error, warning, notice or debug"),
        Parameter::new(
            "StartDate",
            LIST,
            "DATE",
            "From this day on, such as 2026-11-23",
        ),
        Parameter::new("EndDate", LIST, "DATE", "Until this day"),
    ],
};
