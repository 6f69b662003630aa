//! `offhook phones`: handsets of the simulated network, their messages and their calls.

use super::api::Api;
use super::failure::Failure;
use super::pages::{limit, limit_arg, pages};
use super::resource::{Id, Parameter, Place, Resource, Verb, flags, write_rows};
use super::server_address::ServerFlags;
use clap::{ArgMatches, Args as _, Command};
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

/// Fields of a handset's messages shown in their list.
const MESSAGE_COLUMNS: &[&str] = &["date_created", "direction", "from", "to", "status", "body"];
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
    RESOURCE
        .command()
        .subcommand(ServerFlags::augment_args(messages))
        .subcommand(ServerFlags::augment_args(calls))
}

pub(super) async fn run(matches: &ArgMatches) -> Result<(), Failure> {
    let (matches, of, columns) = match matches.subcommand() {
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
