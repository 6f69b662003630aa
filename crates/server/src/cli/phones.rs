//! `offhook phones`: handsets of the simulated network, their messages and their calls.

use super::api::{Api, segment};
use super::failure::Failure;
use super::pages::{limit, limit_arg, pages};
use super::resource::{Id, LAST, Parameter, Place, Resource, Verb, flags, write_rows};
use super::server_address::ServerFlags;
use clap::{Arg, ArgMatches, Args as _, Command};
use webhook::Form;

const UPDATE: &[Verb] = &[Verb::Update];

const RESOURCE: Resource = Resource {
    name: "phones",
    one: "phone",
    about: "Simulated handsets: how they behave, their messages and calls",
    place: Place::Path("/offhook/v1/Phones"),
    id: Id::Address,
    key: "phones",
    columns: &["address"],
    verbs: &[Verb::Show, Verb::Update],
    parameters: &[
        Parameter::new(
            "OnCall",
            UPDATE,
            "HOW",
            "ring, answer, busy, no-answer, reject, machine or unreachable",
        ),
        Parameter::new("AnswerAfter", UPDATE, "DURATION", "Such as PT2S"),
        Parameter::new("OnMessage", UPDATE, "HOW", "deliver, undelivered, fail or silent"),
        Parameter::new("ErrorCode", UPDATE, "CODE", "Why messages are not delivered"),
        Parameter::new("DeliverAfter", UPDATE, "DURATION", "Such as PT2S"),
        Parameter::new("Lines", UPDATE, "N", "Calls at once"),
        Parameter::new("ProfileName", UPDATE, "NAME", "Who its person is on WhatsApp"),
        Parameter::new(
            "ReadAfter",
            UPDATE,
            "DURATION",
            "WhatsApp messages are read after this, such as PT2S; empty for never",
        ),
        Parameter::new(
            "ServiceWindow",
            UPDATE,
            "BOOLEAN",
            "Whether WhatsApp's 24 hours are kept (63016)",
        ),
    ],
};

/// Messages of a handset among which the newest that it received is looked for.
const LOOKED_AT_MAX: usize = 100;
/// Fields of a handset's messages shown in their list.
const MESSAGE_COLUMNS: &[&str] =
    &["date_created", "sid", "direction", "from", "to", "status", "body"];
/// Fields of a handset's calls shown in their list.
const CALL_COLUMNS: &[&str] = &["date_created", "sid", "way", "from", "to", "status", "duration"];

pub(super) fn command() -> Command {
    let messages = Command::new("messages")
        .about("List what a phone sent and received, newest first")
        .args(RESOURCE.id_arg())
        .arg(limit_arg());
    let calls = Command::new("calls")
        .about("List a phone's calls, ringing, live and past, newest first")
        .args(RESOURCE.id_arg())
        .arg(limit_arg());
    let message = Arg::new("message").value_name("SID").default_value(LAST);
    let read = Command::new("read")
        .about("Let a phone's person have read a WhatsApp message")
        .args(RESOURCE.id_arg())
        .arg(message.help("The message's sid, or last: the newest that was received"));
    RESOURCE
        .command()
        .subcommand(ServerFlags::augment_args(read))
        .subcommand(ServerFlags::augment_args(messages))
        .subcommand(ServerFlags::augment_args(calls))
}

pub(super) async fn run(matches: &ArgMatches) -> Result<(), Failure> {
    let (matches, of, columns) = match matches.subcommand() {
        Some(("read", matches)) => return read(matches).await,
        Some(("messages", matches)) => (matches, "Messages", MESSAGE_COLUMNS),
        Some(("calls", matches)) => (matches, "Calls", CALL_COLUMNS),
        _ => return RESOURCE.run(matches, Form::new()).await,
    };
    let flags = flags(matches)?;
    let mut api = Api::open(&flags).await?;
    let path = format!("{}/{of}", RESOURCE.member(&mut api, matches).await?);
    let key = of.to_ascii_lowercase();
    let items = pages(&mut api, &path, &key, (Form::new(), limit(matches))).await?;
    write_rows(&key, columns, &items, flags.json);
    Ok(())
}

/// Marks a message as read: the application's status callback hears of it.
async fn read(matches: &ArgMatches) -> Result<(), Failure> {
    let flags = flags(matches)?;
    let mut api = Api::open(&flags).await?;
    let messages = format!("{}/Messages", RESOURCE.member(&mut api, matches).await?);
    let named = matches.get_one::<String>("message").map_or(LAST, String::as_str);
    let sid = if named == LAST {
        let newest = pages(&mut api, &messages, "messages", (Form::new(), LOOKED_AT_MAX)).await?;
        let received = newest.iter().find(|message| message["direction"] == "received");
        let sid = received.and_then(|message| message["sid"].as_str()).map(str::to_owned);
        sid.ok_or_else(|| Failure::failed("the phone has received no message".to_owned()))?
    } else {
        named.to_owned()
    };
    let path = format!("{messages}/{}/Read", segment(&sid));
    RESOURCE.write(&api.post(&path, &Form::new()).await?, flags.json);
    Ok(())
}
