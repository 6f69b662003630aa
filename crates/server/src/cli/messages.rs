//! `offhook messages`: the application's side of messages; `offhook text` is the person's.

use super::resource::{Id, Parameter, Place, Resource, Verb};

const CREATE: &[Verb] = &[Verb::Create];
const LIST: &[Verb] = &[Verb::List];
const BOTH: &[Verb] = &[Verb::Create, Verb::List];

pub(super) const RESOURCE: Resource = Resource {
    name: "messages",
    one: "message",
    about: "Messages, sent by the application or come in",
    place: Place::Account("Messages"),
    id: Id::Sid("SM", None),
    key: "messages",
    columns: &["sid", "direction", "from", "to", "status", "body"],
    verbs: &[Verb::List, Verb::Show, Verb::Create, Verb::Update, Verb::Delete],
    parameters: &[
        Parameter::new("To", BOTH, "NUMBER", "Who gets it"),
        Parameter::new("From", BOTH, "NUMBER", "A number of the account"),
        Parameter::new(
            "Body",
            &[Verb::Create, Verb::Update],
            "TEXT",
            "Its text; an empty one redacts a message that has been sent",
        ),
        Parameter::new("MediaUrl", CREATE, "URL", "A picture or other file; repeatable")
            .repeatable(),
        Parameter::new("StatusCallback", CREATE, "URL", "Told how it fares"),
        Parameter::new(
            "ApplicationSid",
            CREATE,
            "SID",
            "An application whose status callback is told",
        ),
        Parameter::new("MessagingServiceSid", CREATE, "SID", "A Messaging Service"),
        Parameter::new(
            "SmartEncoded",
            CREATE,
            "BOOLEAN",
            "Replace characters that would make it longer",
        ),
        Parameter::new("ProvideFeedback", CREATE, "BOOLEAN", "true or false"),
        Parameter::new("ValidityPeriod", CREATE, "SECONDS", "How long it may wait"),
        Parameter::new("Attempt", CREATE, "N", "Which attempt of the application this is"),
        Parameter::new("MaxPrice", CREATE, "PRICE", "At most so much, in US dollars"),
        Parameter::new("SendAt", CREATE, "TIME", "When, in ISO 8601; with --schedule-type fixed"),
        Parameter::new("ScheduleType", CREATE, "TYPE", "fixed"),
        Parameter::new("ContentSid", CREATE, "SID", "A content template"),
        Parameter::new("ContentVariables", CREATE, "JSON", "Its variables"),
        Parameter::new("PersistentAction", CREATE, "ACTION", "Repeatable").repeatable(),
        Parameter::new(
            "Status",
            &[Verb::Update],
            "STATUS",
            "canceled takes back a scheduled message",
        ),
        Parameter::new("DateSent", LIST, "DATE", "Sent on this day, such as 2026-11-23"),
        Parameter::new("DateSent<", LIST, "DATE", "Sent on this day or before"),
        Parameter::new("DateSent>", LIST, "DATE", "Sent on this day or after"),
    ],
};
