//! `offhook numbers`: phone numbers of the house, the URLs they ask, and those that can be bought.

use super::api::{Api, segment};
use super::failure::Failure;
use super::pages::{limit, limit_arg, pages};
use super::resource::{self, ALL, Id, Parameter, Place, Resource, Verb, WRITE};
use super::server_address::ServerFlags;
use clap::{Arg, ArgMatches, Args as _, Command};
use webhook::Form;

const RESOURCE: Resource = Resource {
    name: "numbers",
    one: "number",
    about: "Phone numbers and the URLs they ask",
    place: Place::Account("IncomingPhoneNumbers"),
    id: Id::Sid("PN", Some(("PhoneNumber", "phone_number"))),
    key: "incoming_phone_numbers",
    columns: &["phone_number", "friendly_name", "sms_url", "voice_url", "sid"],
    verbs: &[Verb::List, Verb::Show, Verb::Create, Verb::Update, Verb::Delete],
    parameters: &[
        Parameter::new(
            "PhoneNumber",
            &[Verb::Create, Verb::List],
            "NUMBER",
            "In E.164, such as +12025550101; in lists * stands for any digit",
        ),
        Parameter::new("AreaCode", &[Verb::Create], "CODE", "Any number of this area"),
        Parameter::new("FriendlyName", ALL, "NAME", "Its name"),
        Parameter::new("SmsUrl", WRITE, "URL", "Asked what to answer to a text"),
        Parameter::new("SmsMethod", WRITE, "METHOD", "GET or POST"),
        Parameter::new("SmsFallbackUrl", WRITE, "URL", "Asked when the SMS URL fails"),
        Parameter::new("SmsFallbackMethod", WRITE, "METHOD", "GET or POST"),
        Parameter::new(
            "SmsApplicationSid",
            WRITE,
            "SID",
            "An application whose URLs are asked instead",
        ),
        Parameter::new("VoiceUrl", WRITE, "URL", "Asked what to do with a call"),
        Parameter::new("VoiceMethod", WRITE, "METHOD", "GET or POST"),
        Parameter::new("VoiceFallbackUrl", WRITE, "URL", "Asked when the voice URL fails"),
        Parameter::new("VoiceFallbackMethod", WRITE, "METHOD", "GET or POST"),
        Parameter::new(
            "VoiceApplicationSid",
            WRITE,
            "SID",
            "An application whose URLs are asked instead",
        ),
        Parameter::new("VoiceCallerIdLookup", WRITE, "BOOLEAN", "true or false"),
        Parameter::new("VoiceReceiveMode", WRITE, "MODE", "voice or fax"),
        Parameter::new("StatusCallback", WRITE, "URL", "Told how calls end"),
        Parameter::new("StatusCallbackMethod", WRITE, "METHOD", "GET or POST"),
        Parameter::new("AccountSid", &[Verb::Update], "SID", "The account it moves to"),
        Parameter::new("ApiVersion", WRITE, "VERSION", "2010-04-01"),
        Parameter::new("TrunkSid", WRITE, "SID", "A trunk"),
        Parameter::new("AddressSid", WRITE, "SID", "An address"),
        Parameter::new("IdentitySid", WRITE, "SID", "An identity"),
        Parameter::new("BundleSid", WRITE, "SID", "A regulatory bundle"),
        Parameter::new("EmergencyStatus", WRITE, "STATUS", "Active or Inactive"),
        Parameter::new("EmergencyAddressSid", WRITE, "SID", "An address"),
        Parameter::new("Origin", &[Verb::List], "ORIGIN", "twilio or hosted"),
        Parameter::new("Beta", &[Verb::List], "BOOLEAN", "true or false"),
    ],
};

/// What a search shows.
const OFFERED: &[&str] =
    &["phone_number", "friendly_name", "locality", "region", "postal_code", "iso_country"];

/// The list of a kind, by the word of `--kind`.
const KINDS: &[(&str, &str)] =
    &[("local", "Local"), ("toll-free", "TollFree"), ("mobile", "Mobile")];

/// The filters of a search: flag, parameter, value, help.
const FILTERS: &[(&str, &str, &str, &str)] = &[
    ("area-code", "AreaCode", "CODE", "Numbers of this area"),
    ("contains", "Contains", "PATTERN", "Digits or letters that it has; * is any digit"),
    ("in-region", "InRegion", "REGION", "State or province, such as CA"),
    ("in-locality", "InLocality", "TOWN", "Town"),
    ("in-postal-code", "InPostalCode", "CODE", "Postal code"),
    ("near-number", "NearNumber", "NUMBER", "Near this number"),
    ("near-lat-long", "NearLatLong", "DEGREES", "Near this place, such as 37.8,-122.4"),
    ("distance", "Distance", "MILES", "How near"),
];

fn search_command() -> Command {
    let country = Arg::new("country").value_name("COUNTRY").default_value("US");
    let kind = Arg::new("kind").long("kind").value_name("KIND").default_value("local");
    let kind = kind.value_parser(KINDS.iter().map(|(word, _)| *word).collect::<Vec<_>>());
    let filters = FILTERS.iter().map(|(flag, _, value, help)| {
        Arg::new(*flag).long(*flag).value_name(*value).help(*help).allow_hyphen_values(true)
    });
    let command = Command::new("search")
        .about("Search numbers that can be bought")
        .arg(country.help("Two letters, such as US or GB"))
        .arg(kind.help("local, toll-free or mobile"))
        .args(filters)
        .arg(limit_arg());
    ServerFlags::augment_args(command)
}

async fn search(matches: &ArgMatches) -> Result<(), Failure> {
    let flags = resource::flags(matches)?;
    let text = |name: &str| matches.get_one::<String>(name).map(String::as_str);
    let mut filters = Form::new();
    for (flag, parameter, ..) in FILTERS {
        if let Some(value) = text(flag) {
            filters.push(*parameter, value);
        }
    }
    let wanted = text("kind").unwrap_or_default();
    let list = KINDS.iter().find(|(word, _)| *word == wanted).map_or("Local", |(_, list)| list);
    let mut api = Api::open(&flags).await?;
    let country = segment(text("country").unwrap_or_default());
    let account = format!("/2010-04-01/Accounts/{}", api.sid());
    let path = format!("{account}/AvailablePhoneNumbers/{country}/{list}.json");
    let found =
        pages(&mut api, &path, "available_phone_numbers", (filters, limit(matches))).await?;
    resource::write_rows("numbers", OFFERED, &found, flags.json);
    Ok(())
}

/// The sid of a number that is named by it or by its phone number.
pub(super) async fn sid_of(api: &mut Api, named: &str) -> Result<String, Failure> {
    RESOURCE.sid_of_named(api, named).await
}

pub(super) fn command() -> Command {
    let number = Arg::new("number").value_name("NUMBER").conflicts_with("PhoneNumber");
    let number = number.help("As --phone-number");
    let of_bins = "A URL may be a bin: bin:NAME, with its friendly name or its sid.";
    let command = RESOURCE.command().mut_subcommand("create", |create| create.arg(number));
    let command = command.mut_subcommand("create", |create| create.after_help(of_bins));
    let command = command.mut_subcommand("update", |update| update.after_help(of_bins));
    command.subcommand(search_command())
}

pub(super) async fn run(matches: &ArgMatches) -> Result<(), Failure> {
    if let Some(("search", matches)) = matches.subcommand() {
        return search(matches).await;
    }
    let mut more = Form::new();
    if let Some(("create", create)) = matches.subcommand()
        && let Some(number) = create.get_one::<String>("number")
    {
        more.push("PhoneNumber", number.as_str());
    }
    RESOURCE.run(matches, more).await
}
