//! `offhook alerts`: what the debugger has seen.

use super::api::Api;
use super::failure::Failure;
use super::pages::limit;
use super::resource::{Id, Parameter, Place, Resource, Verb, flags};
use clap::ArgMatches;
use serde_json::Value;
use webhook::Form;

const LIST: &[Verb] = &[Verb::List];

pub(super) const RESOURCE: Resource = Resource {
    name: "alerts",
    one: "alert",
    about: "Errors and warnings of the debugger",
    place: Place::Path("/monitor/v1/Alerts"),
    id: Id::Sid("NO", None),
    key: "alerts",
    columns: &["date_created", "log_level", "error_code", "resource_sid", "sid", "message"],
    verbs: &[Verb::List, Verb::Show],
    parameters: &[
        Parameter::new("LogLevel", LIST, "LEVEL", "error, warning, notice or debug"),
        Parameter::new("StartDate", LIST, "DATE", "From this day on, such as 2026-11-23"),
        Parameter::new("EndDate", LIST, "DATE", "Until this day"),
    ],
};

pub(super) async fn run(matches: &ArgMatches) -> Result<(), Failure> {
    let Some(("list", listed)) = matches.subcommand() else {
        return RESOURCE.run(matches, Form::new()).await;
    };
    let flags = flags(listed)?;
    let filters = RESOURCE.form(Verb::List, listed);
    let mut api = Api::open(&flags).await?;
    let mut alerts = RESOURCE.list(&mut api, filters, limit(listed)).await?;
    if !flags.json {
        alerts.iter_mut().for_each(read_text);
    }
    RESOURCE.write_list(&alerts, flags.json);
    Ok(())
}

/// An alert's text is a form; its message is what a person wants to read.
fn read_text(alert: &mut Value) {
    let text = alert["alert_text"].as_str().unwrap_or_default();
    let message = match Form::parse(text.as_bytes()) {
        Ok(form) => form.get("Msg").unwrap_or(text).to_owned(),
        Err(_) => text.to_owned(),
    };
    alert["message"] = message.into();
}
