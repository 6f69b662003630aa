//! `offhook webhooks`: every request that the house made, as a list, one by one, or as they happen;
//! made again, or compared.

use super::api::{Api, segment};
use super::event_stream::{Event, EventStream};
use super::exchange_view;
use super::failure::Failure;
use super::resource::{Id, Parameter, Place, Resource, Verb, flags};
use super::server_address::ServerFlags;
use super::signature::pair;
use super::terminal::{line, note};
use clap::{Arg, ArgAction, ArgMatches, Args as _, Command};
use serde_json::Value;
use std::time::Duration;
use webhook::Form;

const LIST: &[Verb] = &[Verb::List];

const RESOURCE: Resource = Resource {
    name: "webhooks",
    one: "webhook",
    about: "Requests made to applications: tail, list, show, replay, diff",
    place: Place::Path("/offhook/v1/Webhooks"),
    id: Id::Sid("WH", None),
    key: "webhooks",
    columns: &["date_created", "sid", "kind", "status", "method", "url", "resource_sid"],
    verbs: &[Verb::List, Verb::Show],
    parameters: &[
        Parameter::new("ResourceSid", LIST, "SID", "Those of this message or call"),
        Parameter::new("Status", LIST, "STATUS", "waiting, running, done, failed or dead"),
        Parameter::new("Kind", LIST, "KIND", "ask (needs TwiML back) or tell (reports a status)"),
    ],
};

/// Where a replay's pauses begin and end.
const PAUSE_FIRST: Duration = Duration::from_millis(10);
const PAUSE_MAX: Duration = Duration::from_millis(500);
/// How long a replay is waited for: two exchanges of 15 s and some patience.
const REPLAY_WAIT: Duration = Duration::from_secs(40);

pub(super) fn command() -> Command {
    let tail = Command::new("tail")
        .about("Show each request and its answer as it happens")
        .arg(
            Arg::new("last")
                .short('n')
                .long("last")
                .value_name("N")
                .default_value("0")
                .value_parser(clap::value_parser!(u32).range(..=1000))
                .help("Begin with the last N"),
        )
        .arg(
            Arg::new("once")
                .long("once")
                .value_name("N")
                .value_parser(clap::value_parser!(u32).range(1..))
                .help("End after N requests"),
        )
        .arg(
            Arg::new("no-follow")
                .long("no-follow")
                .action(ArgAction::SetTrue)
                .help("End after the last N of --last"),
        )
        .arg(Arg::new("follow").long("follow").action(ArgAction::SetTrue).hide(true));
    let replay = Command::new("replay")
        .about("Make a request again, freshly signed, and show the answer")
        .arg(
            Arg::new("id")
                .value_name("SID")
                .required(true)
                .help("The webhook's sid, or last: the newest"),
        )
        .arg(Arg::new("url").long("url").value_name("URL").help("Send it to this URL instead"))
        .arg(
            Arg::new("change")
                .value_name("NAME=VALUE")
                .num_args(0..)
                .value_parser(pair)
                .help("Parameters to change or add"),
        )
        .arg(
            Arg::new("no-wait")
                .long("no-wait")
                .action(ArgAction::SetTrue)
                .help("Print the new webhook's sid instead of waiting for its answer"),
        );
    let sid = |id: &'static str, name: &'static str| Arg::new(id).value_name(name).required(true);
    let diff = Command::new("diff")
        .about("Compare two requests: parameters, status, answer")
        .after_help("Exit code 1 when they differ.")
        .arg(sid("id", "SID").help("One webhook"))
        .arg(sid("other", "SID").help("The other"));
    RESOURCE
        .command()
        .subcommand(ServerFlags::augment_args(tail))
        .subcommand(ServerFlags::augment_args(replay))
        .subcommand(ServerFlags::augment_args(diff))
}

pub(super) async fn run(matches: &ArgMatches) -> Result<(), Failure> {
    match matches.subcommand() {
        Some(("tail", matches)) => tail(matches).await,
        Some(("replay", matches)) => replay(matches).await,
        Some(("diff", matches)) => diff(matches).await,
        Some(("show", matches)) => show(matches).await,
        _ => RESOURCE.run(matches, Form::new()).await,
    }
}

async fn show(matches: &ArgMatches) -> Result<(), Failure> {
    let flags = flags(matches)?;
    let mut api = Api::open(&flags).await?;
    let webhook = one(&mut api, named(matches, "id")).await?;
    match flags.json {
        true => line(format_args!("{webhook}")),
        false => exchange_view::write_whole(&webhook),
    }
    Ok(())
}

/// The webhook that the command line names.
async fn one(api: &mut Api, named: &str) -> Result<Value, Failure> {
    let sid = RESOURCE.sid_of_named(api, named).await?;
    api.get(&path(&sid)).await
}

fn path(sid: &str) -> String {
    format!("/offhook/v1/Webhooks/{}", segment(sid))
}

fn named<'m>(matches: &'m ArgMatches, name: &str) -> &'m str {
    matches.get_one::<String>(name).map_or("", String::as_str)
}

fn write(webhook: &Value, json: bool) {
    match json {
        true => line(format_args!("{webhook}")),
        false => exchange_view::write(webhook),
    }
}

async fn tail(matches: &ArgMatches) -> Result<(), Failure> {
    let flags = flags(matches)?;
    let last = matches.get_one::<u32>("last").copied().unwrap_or(0) as usize;
    let follows = !matches.get_flag("no-follow");
    let mut left = matches.get_one::<u32>("once").copied();
    let mut api = Api::open(&flags).await?;
    // The stream first: nothing may fall between it and the list.
    let mut stream = match follows {
        true => Some(EventStream::new(api.stream("/offhook/v1/Events", None).await?)),
        false => None,
    };
    if last > 0 {
        let earlier = RESOURCE.list(&mut api, Form::new(), last).await?;
        earlier.iter().rev().for_each(|webhook| write(webhook, flags.json));
    }
    let mut at: Option<String> = None;
    while let Some(open) = &mut stream {
        let Some(event) = open.next().await else {
            note(format_args!("the server ended the stream; waiting for it"));
            stream = Some(EventStream::reopened(&api, at.as_deref()).await?);
            continue;
        };
        at = event.id.clone().or(at);
        if let Some(webhook) = told(&mut api, &event).await? {
            write(&webhook, flags.json);
            left = left.map(|n| n - 1);
        }
        if left == Some(0) {
            return Ok(());
        }
    }
    Ok(())
}

/// The webhook whose exchange an event ends.
async fn told(api: &mut Api, event: &Event) -> Result<Option<Value>, Failure> {
    match event.name.as_str() {
        "webhook.done" | "webhook.failed" | "webhook.dead" => {}
        "house.reset" => {
            note(format_args!("the house was reset"));
            return Ok(None);
        }
        "house.gap" => {
            note(format_args!("some requests went by unseen"));
            return Ok(None);
        }
        _ => return Ok(None),
    }
    let Some(sid) = event.data["sid"].as_str() else {
        return Ok(None);
    };
    let answer = api.look(&path(sid)).await?;
    // It may be gone by now, with a reset.
    Ok((answer.status == 200).then_some(answer.body))
}

async fn replay(matches: &ArgMatches) -> Result<(), Failure> {
    let flags = flags(matches)?;
    let mut form = Form::new();
    if let Some(url) = matches.get_one::<String>("url") {
        form.push("Url", url.as_str());
    }
    for (name, value) in matches.get_many::<(String, String)>("change").into_iter().flatten() {
        form.push(name.as_str(), value.as_str());
    }
    let mut api = Api::open(&flags).await?;
    let replayed = RESOURCE.sid_of_named(&mut api, named(matches, "id")).await?;
    let made = api.post(&format!("{}/Replay", path(&replayed)), &form).await?;
    let sid = made["sid"].as_str().unwrap_or_default();
    if matches.get_flag("no-wait") {
        match flags.json {
            true => line(format_args!("{made}")),
            false => line(format_args!("{sid}")),
        }
        return Ok(());
    }
    let Ok(ended) = tokio::time::timeout(REPLAY_WAIT, end_of(&mut api, sid)).await else {
        let wait = REPLAY_WAIT.as_secs();
        return Err(Failure::failed(format!("{sid} has not ended within {wait} s")));
    };
    let webhook = ended?;
    write(&webhook, flags.json);
    if webhook["status"] == "done" { Ok(()) } else { Err(Failure::said()) }
}

async fn end_of(api: &mut Api, sid: &str) -> Result<Value, Failure> {
    let mut pause = PAUSE_FIRST;
    loop {
        let webhook = api.get(&path(sid)).await?;
        if !matches!(webhook["status"].as_str(), Some("waiting" | "running")) {
            return Ok(webhook);
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(PAUSE_MAX);
    }
}

async fn diff(matches: &ArgMatches) -> Result<(), Failure> {
    let flags = flags(matches)?;
    let mut api = Api::open(&flags).await?;
    let first = one(&mut api, named(matches, "id")).await?;
    let other = one(&mut api, named(matches, "other")).await?;
    let differences = exchange_view::differences(&first, &other);
    for difference in &differences {
        match flags.json {
            true => line(format_args!("{}", difference.to_json())),
            false => difference.write(),
        }
    }
    if differences.is_empty() { Ok(()) } else { Err(Failure::said()) }
}
