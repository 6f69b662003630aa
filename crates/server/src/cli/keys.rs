//! `offhook keys`: API keys. A secret is shown once, when its key is made. Kinds other than standard
//! are made by the server's own API: Twilio makes main keys in its console only.

use super::api::Api;
use super::failure::Failure;
use super::resource::{self, Id, Parameter, Place, Resource, Verb, WRITE};
use clap::{Arg, ArgMatches, Command};
use webhook::Form;

const RESOURCE: Resource = Resource {
    name: "keys",
    one: "key",
    about: "API keys",
    place: Place::Account("Keys"),
    id: Id::Sid("SK", None),
    key: "keys",
    columns: &["sid", "friendly_name", "key_type", "date_created"],
    verbs: &[Verb::List, Verb::Show, Verb::Create, Verb::Update, Verb::Delete],
    parameters: &[Parameter::new("FriendlyName", WRITE, "NAME", "Its name")],
};

/// Where keys of every kind are made and listed.
const KINDS: Resource =
    Resource { place: Place::Path("/offhook/v1/Keys"), parameters: &[], ..RESOURCE };

pub(super) fn command() -> Command {
    let kind = Arg::new("key-type").long("key-type").value_name("KIND");
    let kind = kind.help("main, standard or restricted [default: standard]");
    let allow = Arg::new("allow").long("allow").value_name("PERMISSION").num_args(1..);
    let allow = allow.help("What a restricted key permits, such as /twilio/voice/calls/create");
    RESOURCE.command().mut_subcommand("create", |create| create.arg(kind).arg(allow))
}

pub(super) async fn run(matches: &ArgMatches) -> Result<(), Failure> {
    match matches.subcommand() {
        Some(("create", create)) => match of_kind(create) {
            None => RESOURCE.run(matches, Form::new()).await,
            Some(kind) => make(create, kind).await,
        },
        Some(("list", _)) => KINDS.run(matches, Form::new()).await,
        _ => RESOURCE.run(matches, Form::new()).await,
    }
}

/// Kind and policy, when the command line names any.
fn of_kind(matches: &ArgMatches) -> Option<Form> {
    let kind = matches.get_one::<String>("key-type").map(String::as_str);
    let allow: Vec<&String> = matches.get_many("allow").into_iter().flatten().collect();
    let kind = kind.or_else(|| (!allow.is_empty()).then_some("restricted"))?;
    let mut form = Form::from_pairs([("KeyType", kind)]);
    if !allow.is_empty() {
        form.push("Policy", serde_json::json!({ "allow": allow }).to_string());
    }
    Some(form)
}

async fn make(matches: &ArgMatches, mut form: Form) -> Result<(), Failure> {
    let flags = resource::flags(matches)?;
    let mut api = Api::open(&flags).await?;
    for (name, value) in RESOURCE.form(Verb::Create, matches).iter() {
        form.push(name, value);
    }
    let made = api.post(&KINDS.collection(&api), &form).await?;
    KINDS.write(&made, flags.json);
    Ok(())
}
