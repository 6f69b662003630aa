//! `offhook numbers`: phone numbers of the house and the URLs they ask.

use super::api::Api;
use super::failure::Failure;
use super::resource::{ALL, Id, Parameter, Place, Resource, Verb, WRITE};
use clap::{Arg, ArgMatches, Command};
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
    command.mut_subcommand("update", |update| update.after_help(of_bins))
}

pub(super) async fn run(matches: &ArgMatches) -> Result<(), Failure> {
    let mut more = Form::new();
    if let Some(("create", create)) = matches.subcommand()
        && let Some(number) = create.get_one::<String>("number")
    {
        more.push("PhoneNumber", number.as_str());
    }
    RESOURCE.run(matches, more).await
}
