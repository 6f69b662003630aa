//! `offhook calls`: the application's side of calls; `offhook call` is the person's.

use super::api::{Api, segment, with_query};
use super::call_session::path as handset_call;
use super::check::read_document;
use super::failure::Failure;
use super::pages::{limit, limit_arg, pages};
use super::resource::{Id, Parameter, Place, Resource, Verb, WRITE, flags, write_rows};
use super::server_address::ServerFlags;
use super::terminal::{line, note, one_line, shortened};
use clap::{Arg, ArgMatches, Args as _, Command};
use serde_json::{Value, json};
use webhook::Form;

const CREATE: &[Verb] = &[Verb::Create];
const LIST: &[Verb] = &[Verb::List];

const RESOURCE: Resource = Resource {
    name: "calls",
    one: "call",
    about: "Calls, made by the application or come in",
    place: Place::Account("Calls"),
    id: Id::Sid("CA", None),
    key: "calls",
    columns: &["sid", "direction", "from", "to", "status", "duration", "start_time"],
    verbs: &[Verb::List, Verb::Show, Verb::Create, Verb::Update, Verb::Delete],
    parameters: &[
        Parameter::new("To", &[Verb::Create, Verb::List], "ADDRESS", "Who is called"),
        Parameter::new("From", &[Verb::Create, Verb::List], "NUMBER", "A number of the account"),
        Parameter::new("Url", WRITE, "URL", "Asked what to do with the call"),
        Parameter::new("Method", WRITE, "METHOD", "GET or POST"),
        Parameter::new("ApplicationSid", CREATE, "SID", "An application whose URLs are asked"),
        Parameter::new("FallbackUrl", WRITE, "URL", "Asked when the URL fails"),
        Parameter::new("FallbackMethod", WRITE, "METHOD", "GET or POST"),
        Parameter::new("StatusCallback", WRITE, "URL", "Told how it fares"),
        Parameter::new("StatusCallbackMethod", WRITE, "METHOD", "GET or POST"),
        Parameter::new(
            "StatusCallbackEvent",
            CREATE,
            "EVENT",
            "initiated, ringing, answered or completed; repeatable",
        )
        .repeatable(),
        Parameter::new("SendDigits", CREATE, "KEYS", "Pressed after the answer; w waits 0.5 s"),
        Parameter::new("Timeout", CREATE, "SECONDS", "How long it rings"),
        Parameter::new("TimeLimit", WRITE, "SECONDS", "How long it may last"),
        Parameter::new("CallerId", CREATE, "NUMBER", "Who seems to call"),
        Parameter::new("CallReason", CREATE, "TEXT", "Why, shown to who is called"),
        Parameter::new("Record", CREATE, "BOOLEAN", "Whether all of it is recorded"),
        Parameter::new("RecordingChannels", CREATE, "CHANNELS", "mono or dual"),
        Parameter::new("RecordingTrack", CREATE, "TRACK", "inbound, outbound or both"),
        Parameter::new("Trim", CREATE, "TRIM", "trim-silence or do-not-trim"),
        Parameter::new("RecordingStatusCallback", CREATE, "URL", "Told how the recording fares"),
        Parameter::new("RecordingStatusCallbackMethod", CREATE, "METHOD", "GET or POST"),
        Parameter::new(
            "RecordingStatusCallbackEvent",
            CREATE,
            "EVENT",
            "in-progress, completed or absent; repeatable",
        )
        .repeatable(),
        Parameter::new(
            "MachineDetection",
            CREATE,
            "HOW",
            "Find out who answers: Enable, or DetectMessageEnd",
        ),
        Parameter::new("MachineDetectionTimeout", CREATE, "SECONDS", "How long that may take"),
        Parameter::new(
            "MachineDetectionSpeechThreshold",
            CREATE,
            "MS",
            "Speech of this length is a machine's",
        ),
        Parameter::new(
            "MachineDetectionSpeechEndThreshold",
            CREATE,
            "MS",
            "Silence that ends the speech",
        ),
        Parameter::new(
            "MachineDetectionSilenceTimeout",
            CREATE,
            "MS",
            "Silence at first of this length: unknown",
        ),
        Parameter::new("AsyncAmd", CREATE, "BOOLEAN", "The call does not wait for it"),
        Parameter::new("AsyncAmdStatusCallback", CREATE, "URL", "Told who answered"),
        Parameter::new("AsyncAmdStatusCallbackMethod", CREATE, "METHOD", "GET or POST"),
        Parameter::new("SipAuthUsername", CREATE, "NAME", "For a SIP address"),
        Parameter::new("SipAuthPassword", CREATE, "PASSWORD", "For a SIP address"),
        Parameter::new("CallToken", CREATE, "TOKEN", "Of a forwarded call"),
        Parameter::new("Byoc", CREATE, "SID", "A BYOC trunk"),
        Parameter::new("ClientNotificationUrl", CREATE, "URL", "For clients"),
        Parameter::new(
            "Status",
            &[Verb::Update, Verb::List],
            "STATUS",
            "Update: completed hangs up, canceled only before the answer",
        ),
        Parameter::new("ParentCallSid", LIST, "SID", "Those that its <Dial> made"),
        Parameter::new("StartTime", LIST, "DATE", "Begun on this day, such as 2026-11-23"),
        Parameter::new("StartTime<", LIST, "DATE", "Begun on this day or before"),
        Parameter::new("StartTime>", LIST, "DATE", "Begun on this day or after"),
        Parameter::new("EndTime", LIST, "DATE", "Ended on this day"),
        Parameter::new("EndTime<", LIST, "DATE", "Ended on this day or before"),
        Parameter::new("EndTime>", LIST, "DATE", "Ended on this day or after"),
    ],
};

/// Fields of a call's events shown in their list.
const EVENT_COLUMNS: &[&str] =
    &["date_created", "method", "url", "response_code", "request_duration", "content_type"];

/// Characters of what happened, and of what was wanted then, in that list: it fits a terminal.
const POINT_CHARACTERS_MAX: usize = 30;
/// Fields of a call's points shown in their list.
const POINT_COLUMNS: &[&str] = &["at", "after", "verb", "happened", "wanted"];

pub(super) fn command() -> Command {
    let twiml = || {
        let twiml = Arg::new("twiml").long("twiml").value_name("FILE");
        twiml.help("A document instead of a URL: a file, - for the standard input, or TwiML itself")
    };
    let of_one = |name: &'static str, about: &'static str| {
        ServerFlags::augment_args(Command::new(name).about(about).args(RESOURCE.id_arg()))
    };
    let transcript = of_one("transcript", "Show what a call's phone heard and did, with times");
    let events = of_one("events", "List the requests of a call and their answers").arg(limit_arg());
    let points = of_one("points", "List the points from which a call can go on");
    let fork = of_one("fork", "Let a call go on from an earlier point: a new call at its phone")
        .args([
            valued("at", "N", "The point, as points lists it; without, the newest"),
            valued("digits", "KEYS", "Keys that are pressed there"),
            valued("speech", "TEXT", "Words that are said there").conflicts_with("digits"),
        ])
        .arg(
            Arg::new("hangup")
                .long("hangup")
                .action(clap::ArgAction::SetTrue)
                .conflicts_with_all(["digits", "speech"])
                .help("The person hangs up there"),
        );
    RESOURCE
        .command()
        .subcommand(points)
        .subcommand(fork)
        .mut_subcommand("create", |create| create.arg(twiml()))
        .mut_subcommand("update", |update| update.arg(twiml()))
        .subcommand(transcript)
        .subcommand(events)
}

pub(super) async fn run(matches: &ArgMatches) -> Result<(), Failure> {
    match matches.subcommand() {
        Some(("transcript", matches)) => transcript(matches).await,
        Some(("events", matches)) => events(matches).await,
        Some(("points", matches)) => points(matches).await,
        Some(("fork", matches)) => fork(matches).await,
        Some((_, verb)) => {
            let mut more = Form::new();
            if let Ok(Some(given)) = verb.try_get_one::<String>("twiml") {
                let is_document = given.trim_start().starts_with('<');
                let document = if is_document { given.clone() } else { read_document(given)? };
                more.push("Twiml", document);
            }
            RESOURCE.run(matches, more).await
        }
        None => Ok(()),
    }
}

async fn transcript(matches: &ArgMatches) -> Result<(), Failure> {
    let flags = flags(matches)?;
    let mut api = Api::open(&flags).await?;
    let member = RESOURCE.member(&mut api, matches).await?;
    let call = api.get(&member).await?;
    // The handset is where the call comes from, or goes to.
    let end = if call["direction"] == "inbound" { "from" } else { "to" };
    let address = call[end].as_str().unwrap_or_default();
    let sid = call["sid"].as_str().unwrap_or_default();
    let path = format!("{}/Transcript", handset_call(address, sid));
    let answer = api.get(&with_query(&path, &Form::from_pairs([("After", "0")]))).await?;
    let lines = answer["lines"].as_array().map_or(&[][..], Vec::as_slice);
    for text in lines.iter().filter_map(Value::as_str) {
        match flags.json {
            true => line(format_args!("{}", Value::from(text))),
            false => line(format_args!("{}", one_line(text))),
        }
    }
    if lines.is_empty() && !flags.json {
        note(format_args!("no lines"));
    }
    Ok(())
}

fn valued(name: &'static str, value: &'static str, help: &'static str) -> Arg {
    Arg::new(name).long(name).value_name(value).help(help)
}

/// A path of our own API about a call, which may be named as `last`.
async fn own(api: &mut Api, matches: &ArgMatches, what: &str) -> Result<String, Failure> {
    let named = matches.get_one::<String>("id").map_or("", String::as_str);
    let sid = RESOURCE.sid_of_named(api, named).await?;
    Ok(format!("/offhook/v1/Calls/{}/{what}", segment(&sid)))
}

/// What fits of a cell: a whole document stands in --json only.
fn fitting(text: &str) -> String {
    shortened(&one_line(text), POINT_CHARACTERS_MAX)
}

async fn points(matches: &ArgMatches) -> Result<(), Failure> {
    let flags = flags(matches)?;
    let mut api = Api::open(&flags).await?;
    let path = own(&mut api, matches, "Points").await?;
    let mut answer = api.get(&path).await?;
    let mut items = match answer["points"].take() {
        Value::Array(items) => items,
        _ => Vec::new(),
    };
    if !flags.json {
        for item in &mut items {
            let wanted = item["wanted"].as_array().map_or(&[][..], Vec::as_slice);
            let wanted: Vec<&str> = wanted.iter().filter_map(Value::as_str).collect();
            item["wanted"] = fitting(&wanted.join(", ")).into();
            item["happened"] = fitting(item["happened"].as_str().unwrap_or_default()).into();
        }
    }
    write_rows("points", POINT_COLUMNS, &items, flags.json);
    Ok(())
}

async fn fork(matches: &ArgMatches) -> Result<(), Failure> {
    let flags = flags(matches)?;
    let mut form = Form::new();
    for (name, parameter) in [("at", "At"), ("digits", "Digits"), ("speech", "Speech")] {
        if let Some(value) = matches.get_one::<String>(name) {
            form.push(parameter, value.as_str());
        }
    }
    if matches.get_flag("hangup") {
        form.push("Hangup", "true");
    }
    let mut api = Api::open(&flags).await?;
    let path = own(&mut api, matches, "Fork").await?;
    let made = api.post(&path, &form).await?;
    RESOURCE.write(&made, flags.json);
    Ok(())
}

async fn events(matches: &ArgMatches) -> Result<(), Failure> {
    let flags = flags(matches)?;
    let mut api = Api::open(&flags).await?;
    let named = matches.get_one::<String>("id").map_or("", String::as_str);
    let sid = RESOURCE.sid_of_named(&mut api, named).await?;
    let path = format!("/2010-04-01/Accounts/{}/Calls/{}/Events.json", api.sid(), segment(&sid));
    let mut items = pages(&mut api, &path, "events", (Form::new(), limit(matches))).await?;
    if !flags.json {
        items.iter_mut().for_each(flatten);
    }
    write_rows("events", EVENT_COLUMNS, &items, flags.json);
    Ok(())
}

/// An event is a request and its response; a row has a bit of both.
fn flatten(event: &mut Value) {
    let (request, response) = (event["request"].take(), event["response"].take());
    *event = json!({
        "date_created": response["date_created"],
        "method": request["method"],
        "url": request["url"],
        "response_code": response["response_code"],
        "request_duration": response["request_duration"],
        "content_type": response["content_type"],
    });
}
