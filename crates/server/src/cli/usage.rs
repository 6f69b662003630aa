//! `offhook usage` and `offhook usage-triggers`: what was used, and who is told when it is much.

use super::api::Api;
use super::failure::Failure;
use super::pages::{limit, limit_arg, pages};
use super::resource::{self, Id, Parameter, Place, Resource, Verb, WRITE, write_rows};
use super::server_address::ServerFlags;
use clap::{Arg, ArgAction, ArgMatches, Args as _, Command};
use webhook::Form;

const CREATE: &[Verb] = &[Verb::Create];
const CREATE_AND_LIST: &[Verb] = &[Verb::Create, Verb::List];

pub(super) const TRIGGERS: Resource = Resource {
    name: "usage-triggers",
    one: "trigger of usage",
    about: "Who is told when usage reaches a value",
    place: Place::Account("Usage/Triggers"),
    id: Id::Sid("UT", None),
    key: "usage_triggers",
    columns: &[
        "friendly_name",
        "usage_category",
        "trigger_by",
        "current_value",
        "trigger_value",
        "recurring",
        "sid",
    ],
    verbs: &[Verb::List, Verb::Show, Verb::Create, Verb::Update, Verb::Delete],
    parameters: &[
        Parameter::new("FriendlyName", WRITE, "NAME", "Its name"),
        Parameter::new("UsageCategory", CREATE_AND_LIST, "CATEGORY", "Such as sms or calls"),
        Parameter::new("TriggerValue", CREATE, "VALUE", "The value; +N is that much more than now"),
        Parameter::new("TriggerBy", CREATE_AND_LIST, "MEASURE", "usage, count or price"),
        Parameter::new("Recurring", CREATE_AND_LIST, "PERIOD", "daily, monthly or yearly"),
        Parameter::new("CallbackUrl", WRITE, "URL", "Told when the value is reached"),
        Parameter::new("CallbackMethod", WRITE, "METHOD", "GET or POST"),
    ],
};

/// The list of a period, by the word of `--by`.
const PERIODS: &[(&str, &str)] = &[
    ("total", ""),
    ("day", "/Daily"),
    ("month", "/Monthly"),
    ("year", "/Yearly"),
    ("all-time", "/AllTime"),
    ("today", "/Today"),
    ("yesterday", "/Yesterday"),
    ("this-month", "/ThisMonth"),
    ("last-month", "/LastMonth"),
];

/// The filters of the records: flag, parameter, value, help.
const FILTERS: &[(&str, &str, &str, &str)] = &[
    ("category", "Category", "CATEGORY", "Only this, such as sms; also when there was none"),
    ("start-date", "StartDate", "DATE", "From this day on, such as 2026-11-01 or -30days"),
    ("end-date", "EndDate", "DATE", "Until this day"),
    ("include-subaccounts", "IncludeSubaccounts", "BOOLEAN", "true or false [default: true]"),
];

const COLUMNS: &[&str] =
    &["start_date", "end_date", "category", "count", "count_unit", "usage", "usage_unit"];

pub(super) fn command() -> Command {
    let by = Arg::new("by").long("by").value_name("PERIOD").default_value("total");
    let by = by.value_parser(PERIODS.iter().map(|(word, _)| *word).collect::<Vec<_>>());
    let filters = FILTERS.iter().map(|(flag, _, value, help)| {
        Arg::new(*flag).long(*flag).value_name(*value).help(*help).allow_hyphen_values(true)
    });
    let all = Arg::new("all").long("all").action(ArgAction::SetTrue);
    let command = Command::new("usage")
        .about("What the account used, by category")
        .arg(by.help("What is counted together"))
        .args(filters)
        .arg(all.help("Also categories of which nothing was used"))
        .arg(limit_arg());
    ServerFlags::augment_args(command)
}

pub(super) async fn run(matches: &ArgMatches) -> Result<(), Failure> {
    let flags = resource::flags(matches)?;
    let text = |name: &str| matches.get_one::<String>(name).map(String::as_str);
    let mut filters = Form::new();
    for (flag, parameter, ..) in FILTERS {
        if let Some(value) = text(flag) {
            filters.push(*parameter, value);
        }
    }
    let all = matches.get_flag("all") || text("category").is_some();
    let by = text("by").unwrap_or_default();
    let list = PERIODS.iter().find(|(word, _)| *word == by).map_or("", |(_, list)| list);
    let mut api = Api::open(&flags).await?;
    let path = format!("/2010-04-01/Accounts/{}/Usage/Records{list}.json", api.sid());
    // Most categories are empty: they are left out here, so all of them are read.
    let wanted = if all { limit(matches) } else { usize::MAX };
    let mut items = pages(&mut api, &path, "usage_records", (filters, wanted)).await?;
    if !all {
        items.retain(|item| item["count"].as_str().is_some_and(|count| count != "0"));
        items.truncate(limit(matches));
    }
    write_rows("usage", COLUMNS, &items, flags.json);
    Ok(())
}
