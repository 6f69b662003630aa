//! `offhook recordings`: sound that was kept of calls.

use super::api::{Api, segment};
use super::failure::Failure;
use super::resource::{Id, Parameter, Place, Resource, Verb, flags};
use super::server_address::ServerFlags;
use super::terminal::{line, note};
use clap::{Arg, ArgMatches, Args as _, Command};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use serde_json::json;
use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;
use webhook::Form;

const LIST: &[Verb] = &[Verb::List];

const RESOURCE: Resource = Resource {
    name: "recordings",
    one: "recording",
    about: "Recordings of calls: list, show, download, delete",
    place: Place::Account("Recordings"),
    id: Id::Sid("RE", None),
    key: "recordings",
    columns: &["sid", "call_sid", "status", "duration", "channels", "source", "date_created"],
    verbs: &[Verb::List, Verb::Show, Verb::Delete],
    parameters: &[
        Parameter::new("CallSid", LIST, "SID", "Those of this call"),
        Parameter::new("ConferenceSid", LIST, "SID", "Those of this conference"),
        Parameter::new("DateCreated", LIST, "DATE", "Made on this day, such as 2026-11-23"),
        Parameter::new("DateCreated<", LIST, "DATE", "Made on this day or before"),
        Parameter::new("DateCreated>", LIST, "DATE", "Made on this day or after"),
        Parameter::new("IncludeSoftDeleted", LIST, "BOOLEAN", "Also those deleted lately"),
    ],
};

pub(super) fn command() -> Command {
    let format = Arg::new("format")
        .long("format")
        .value_name("FORMAT")
        .value_parser(["wav", "mp3"])
        .default_value("wav")
        .help("Of the sound; mp3 where lame is installed on the server");
    let output =
        Arg::new("output").short('o').long("output").value_name("FILE").help(
            "Where to write it; - is the standard output [default: SID.FORMAT, if not there]",
        );
    let download = Command::new("download")
        .about("Write a recording's sound to a file")
        .args(RESOURCE.id_arg())
        .arg(format)
        .arg(output);
    RESOURCE.command().subcommand(ServerFlags::augment_args(download))
}

pub(super) async fn run(matches: &ArgMatches) -> Result<(), Failure> {
    let Some(("download", matches)) = matches.subcommand() else {
        return RESOURCE.run(matches, Form::new()).await;
    };
    let named = |name| matches.get_one::<String>(name).map(String::as_str);
    let (sid, format) = (named("id").unwrap_or_default(), named("format").unwrap_or("wav"));
    let flags = flags(matches)?;
    let mut api = Api::open(&flags).await?;
    let sid = RESOURCE.sid_of_named(&mut api, sid).await?;
    let path = format!("/2010-04-01/Accounts/{}/Recordings/{}.{format}", api.sid(), segment(&sid));
    let sound = api.bytes(&path).await?;
    if named("output") == Some("-") {
        return pour(sound, &mut std::io::stdout().lock()).await.map(drop);
    }
    let default = format!("{}.{format}", segment(&sid));
    let name = named("output").unwrap_or(&default);
    let bytes = into_file(sound, Path::new(name), named("output").is_some()).await?;
    match flags.json {
        true => line(format_args!("{}", json!({ "file": name, "bytes": bytes }))),
        false => line(format_args!("{name}")),
    }
    Ok(())
}

/// A file that half of is missing does not stay.
async fn into_file(sound: Incoming, name: &Path, replaces: bool) -> Result<u64, Failure> {
    let mut how = OpenOptions::new();
    how.write(true).create(true).truncate(replaces).create_new(!replaces);
    let opened = how.open(name);
    let mut file = opened.map_err(|error| {
        Failure::failed(format!("{} can't be written: {error}", name.display()))
    })?;
    let done = pour(sound, &mut file).await;
    if done.is_err() && std::fs::remove_file(name).is_err() {
        note(format_args!("{} is not whole", name.display()));
    }
    done
}

/// Writes bytes as they come; how many there were.
async fn pour(mut sound: Incoming, to: &mut impl Write) -> Result<u64, Failure> {
    let unwritten = |error: std::io::Error| Failure::failed(format!("not written: {error}"));
    let mut count = 0;
    while let Some(frame) = sound.frame().await {
        let frame =
            frame.map_err(|error| Failure::failed(format!("the recording broke off: {error}")))?;
        if let Ok(bytes) = frame.into_data() {
            count += bytes.len() as u64;
            to.write_all(&bytes).map_err(unwritten)?;
        }
    }
    to.flush().map_err(unwritten)?;
    Ok(count)
}
