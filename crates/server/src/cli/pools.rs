//! `offhook services`: Messaging Services, and who sends for them.

use super::api::{Api, segment};
use super::failure::Failure;
use super::pages::{limit, limit_arg, pages};
use super::resource::{Id, Parameter, Place, Resource, Verb, WRITE, flags, write_rows};
use super::server_address::ServerFlags;
use super::terminal::{line, note};
use clap::{Arg, ArgMatches, Args as _, Command};
use serde_json::Value;
use webhook::Form;

const RESOURCE: Resource = Resource {
    name: "services",
    one: "Messaging Service",
    about: "Messaging Services: pools of senders with settings of their own",
    place: Place::Path("/messaging/v1/Services"),
    id: Id::Sid("MG", Some(("FriendlyName", "friendly_name"))),
    key: "services",
    columns: &["friendly_name", "inbound_request_url", "sid"],
    verbs: &[Verb::List, Verb::Show, Verb::Create, Verb::Update, Verb::Delete],
    parameters: &[
        Parameter::new("FriendlyName", WRITE, "NAME", "Its name"),
        Parameter::new("InboundRequestUrl", WRITE, "URL", "Asked what to answer to a text"),
        Parameter::new("InboundMethod", WRITE, "METHOD", "GET or POST"),
        Parameter::new("FallbackUrl", WRITE, "URL", "Asked when the inbound URL fails"),
        Parameter::new("FallbackMethod", WRITE, "METHOD", "GET or POST"),
        Parameter::new("StatusCallback", WRITE, "URL", "Told the statuses of its messages"),
        Parameter::new(
            "UseInboundWebhookOnNumber",
            WRITE,
            "BOOLEAN",
            "Whether texts are asked at the numbers' own URLs",
        ),
        Parameter::new(
            "StickySender",
            WRITE,
            "BOOLEAN",
            "Whether a person always hears from the same sender",
        ),
        Parameter::new(
            "AreaCodeGeomatch",
            WRITE,
            "BOOLEAN",
            "Whether a sender of the person's area code is preferred",
        ),
        Parameter::new(
            "SmartEncoding",
            WRITE,
            "BOOLEAN",
            "Whether look-alike characters are replaced",
        ),
        Parameter::new("ValidityPeriod", WRITE, "SECONDS", "How long a message may wait"),
        Parameter::new("MmsConverter", WRITE, "BOOLEAN", "true or false"),
        Parameter::new("FallbackToLongCode", WRITE, "BOOLEAN", "true or false"),
        Parameter::new("ScanMessageContent", WRITE, "WORD", "inherit, enable or disable"),
        Parameter::new("SynchronousValidation", WRITE, "BOOLEAN", "true or false"),
        Parameter::new("Usecase", WRITE, "WORD", "Such as notifications or marketing"),
    ],
};

pub(super) fn command() -> Command {
    let service = Arg::new("id").value_name("SID").help("The service's sid").required(true);
    let number = Arg::new("number").value_name("NUMBER").required(true);
    let verb = |name: &'static str, about: &'static str| {
        Command::new(name).about(about).arg(service.clone())
    };
    let own = [
        verb("numbers", "List the numbers that send for a service").arg(limit_arg()),
        verb("add", "Let a number send for a service")
            .arg(number.clone().help("The number's sid or phone number")),
        verb("remove", "Take a number out of a service")
            .arg(number.help("The number's sid or phone number")),
        verb("opt-out", "Show or change a service's opt-out").arg(
            Arg::new("advanced")
                .long("advanced-opt-out")
                .value_name("BOOLEAN")
                .help("Whether the application is told OptOutType"),
        ),
    ];
    RESOURCE.command().subcommands(own.map(ServerFlags::augment_args))
}

/// Whether a service drops what comes in to its numbers.
fn drops(service: &Value) -> bool {
    let url = service["inbound_request_url"].as_str().unwrap_or_default();
    url.is_empty() && service["use_inbound_webhook_on_number"] == false
}

pub(super) async fn run(matches: &ArgMatches) -> Result<(), Failure> {
    let Some((word @ ("numbers" | "add" | "remove" | "opt-out"), of_word)) = matches.subcommand()
    else {
        return RESOURCE.run(matches, Form::new()).await;
    };
    let given = |name: &str| of_word.get_one::<String>(name).cloned().unwrap_or_default();
    let flags = flags(of_word)?;
    let mut api = Api::open(&flags).await?;
    let sid = RESOURCE.sid_of_named(&mut api, &given("id")).await?;
    let path = format!("/messaging/v1/Services/{}/PhoneNumbers", segment(&sid));
    match word {
        "numbers" => {
            let limits = (Form::new(), limit(of_word));
            let items = pages(&mut api, &path, "phone_numbers", limits).await?;
            write_rows("numbers", &["phone_number", "country_code", "sid"], &items, flags.json);
        }
        "add" => {
            let number = super::numbers::sid_of(&mut api, &given("number")).await?;
            let form = Form::from_pairs([("PhoneNumberSid", number.as_str())]);
            RESOURCE.write(&api.post(&path, &form).await?, flags.json);
            let service = api.get(&format!("/messaging/v1/Services/{}", segment(&sid))).await?;
            if drops(&service) {
                note(format_args!(
                    "texts to this number are dropped from now on, as Twilio does: the service has \
                     no InboundRequestUrl. Give it one (services update {sid} \
                     --inbound-request-url URL), or let its numbers' own URLs be asked (services \
                     update {sid} --use-inbound-webhook-on-number true)"
                ));
            }
        }
        "remove" => {
            let number = super::numbers::sid_of(&mut api, &given("number")).await?;
            api.delete(&format!("{path}/{}", segment(&number))).await?;
            match flags.json {
                true => line(format_args!("{}", serde_json::json!({ "deleted": number }))),
                false => line(format_args!("deleted {number}")),
            }
        }
        _ => {
            let path = format!("/offhook/v1/Services/{}", segment(&sid));
            let shown = match of_word.get_one::<String>("advanced") {
                None => api.get(&path).await?,
                Some(text) => {
                    let form = Form::from_pairs([("AdvancedOptOut", text.as_str())]);
                    api.post(&path, &form).await?
                }
            };
            RESOURCE.write(&shown, flags.json);
        }
    }
    Ok(())
}
