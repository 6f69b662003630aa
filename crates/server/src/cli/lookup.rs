//! `offhook lookup`: what the numbering plans know of a number.

use super::api::{Api, segment, with_query};
use super::failure::Failure;
use super::resource::{self, Id, Place, Resource};
use super::server_address::ServerFlags;
use clap::{Arg, ArgMatches, Args as _, Command};
use webhook::Form;

/// How an answer is shown.
const SHOWN: Resource = Resource {
    name: "lookups",
    one: "number",
    about: "What the numbering plans know of a number",
    place: Place::Path("/lookups/v2/PhoneNumbers"),
    id: Id::Address,
    key: "lookups",
    columns: &["phone_number", "valid", "country_code", "national_format"],
    verbs: &[],
    parameters: &[],
};

/// What a look-up takes: flag, parameter, value, help.
const WISHES: &[(&str, &str, &str, &str)] = &[
    ("country-code", "CountryCode", "COUNTRY", "Whose way of writing it is, such as US or GB"),
    ("fields", "Fields", "PACKAGES", "Packages, such as line_type_intelligence,caller_name"),
];

pub(super) fn command() -> Command {
    let number = Arg::new("number").value_name("NUMBER").required(true);
    let wishes = WISHES
        .iter()
        .map(|(flag, _, value, help)| Arg::new(*flag).long(*flag).value_name(*value).help(*help));
    let command = Command::new("lookup")
        .about(SHOWN.about)
        .arg(number.help("In E.164, or as its country writes it").allow_hyphen_values(true))
        .args(wishes);
    ServerFlags::augment_args(command)
}

pub(super) async fn run(matches: &ArgMatches) -> Result<(), Failure> {
    let flags = resource::flags(matches)?;
    let text = |name: &str| matches.get_one::<String>(name).map_or("", String::as_str);
    let mut form = Form::new();
    for (flag, parameter, ..) in WISHES.iter().filter(|(flag, ..)| matches.contains_id(flag)) {
        form.push(*parameter, text(flag));
    }
    let mut api = Api::open(&flags).await?;
    let path = format!("{}/{}", SHOWN.collection(&api), segment(text("number")));
    let known = api.get(&with_query(&path, &form)).await?;
    SHOWN.write(&known, flags.json);
    Ok(())
}
