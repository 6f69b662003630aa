//! `offhook caller-ids`: numbers of other networks that the account may call from.

use super::api::Api;
use super::failure::Failure;
use super::resource::{self, Id, Parameter, Place, Resource, Verb};
use super::server_address::ServerFlags;
use super::terminal::note;
use clap::{Arg, ArgMatches, Args as _, Command};
use serde_json::Value;
use webhook::Form;

const LIST: &[Verb] = &[Verb::List];

const RESOURCE: Resource = Resource {
    name: "caller-ids",
    one: "caller id",
    about: "Numbers of other networks that the account may call from",
    place: Place::Account("OutgoingCallerIds"),
    id: Id::Sid("PN", Some(("PhoneNumber", "phone_number"))),
    key: "outgoing_caller_ids",
    columns: &["phone_number", "friendly_name", "sid"],
    verbs: &[Verb::List, Verb::Show, Verb::Update, Verb::Delete],
    parameters: &[
        Parameter::new("PhoneNumber", LIST, "NUMBER", "In E.164, such as +12025550188"),
        Parameter::new("FriendlyName", &[Verb::List, Verb::Update], "NAME", "Its name"),
    ],
};

/// What a verification takes: flag, parameter, value, help.
const WISHES: &[(&str, &str, &str, &str)] = &[
    ("friendly-name", "FriendlyName", "NAME", "Its name"),
    ("call-delay", "CallDelay", "SECONDS", "Seconds before the phone rings, up to 60"),
    ("extension", "Extension", "KEYS", "Keys that are pressed once it is answered"),
    ("status-callback", "StatusCallback", "URL", "Told how the verification ended"),
    ("status-callback-method", "StatusCallbackMethod", "METHOD", "GET or POST"),
];

pub(super) fn command() -> Command {
    let number = Arg::new("number").value_name("NUMBER").required(true);
    let wishes = WISHES
        .iter()
        .map(|(flag, _, value, help)| Arg::new(*flag).long(*flag).value_name(*value).help(*help));
    let validate = Command::new("validate")
        .about("Verify a number: its phone is called and has to type the code that is shown")
        .arg(number.help("The number, such as +12025550188"))
        .args(wishes);
    RESOURCE.command().subcommand(ServerFlags::augment_args(validate))
}

pub(super) async fn run(matches: &ArgMatches) -> Result<(), Failure> {
    let Some(("validate", matches)) = matches.subcommand() else {
        return RESOURCE.run(matches, Form::new()).await;
    };
    let flags = resource::flags(matches)?;
    let text = |name: &str| matches.get_one::<String>(name).map_or("", String::as_str);
    let mut form = Form::from_pairs([("PhoneNumber", text("number"))]);
    for (flag, parameter, ..) in WISHES.iter().filter(|(flag, ..)| matches.contains_id(flag)) {
        form.push(*parameter, text(flag));
    }
    let mut api = Api::open(&flags).await?;
    let begun = api.post(&RESOURCE.collection(&api), &form).await?;
    RESOURCE.write(&begun, flags.json);
    if !flags.json
        && let (Some(number), Some(code)) =
            (text_of(&begun, "phone_number"), text_of(&begun, "validation_code"))
    {
        note(format_args!(
            "the phone rings; to type the code there: {} answer --as {number} --press {code}",
            super::program(),
        ));
    }
    Ok(())
}

fn text_of<'a>(item: &'a Value, field: &str) -> Option<&'a str> {
    item[field].as_str()
}
