//! `offhook bins`: TwiML documents that the house serves, and their earlier versions.

use super::api::{Api, segment};
use super::check::{DOCUMENT, read_document};
use super::failure::Failure;
use super::pages::{limit, limit_arg, pages};
use super::resource::{Id, Parameter, Place, Resource, Verb, WRITE, flags, write_rows};
use super::server_address::ServerFlags;
use clap::{Arg, ArgMatches, Args as _, Command};
use webhook::Form;

const RESOURCE: Resource = Resource {
    name: "bins",
    one: "bin",
    about: "TwiML Bins: documents that the house serves",
    place: Place::Path("/offhook/v1/Bins"),
    id: Id::Sid("EH", Some(("FriendlyName", "friendly_name"))),
    key: "bins",
    columns: &["sid", "friendly_name", "access", "version", "url"],
    verbs: &[Verb::List, Verb::Show, Verb::Create, Verb::Update, Verb::Delete],
    parameters: &[
        Parameter::new("FriendlyName", WRITE, "NAME", "Its name"),
        Parameter::new("Twiml", WRITE, "TWIML", "Its document, instead of a file"),
        Parameter::new("Access", WRITE, "ACCESS", "open, or signed: unsigned requests get 403"),
    ],
};

/// Stands for the URL of a bin, with its name or sid behind it, as in a seed.
const BY_NAME: &str = "bin:";

/// The parameters, with the URL of each bin that one names.
pub(super) async fn resolved(api: &mut Api, form: Form) -> Result<Form, Failure> {
    let mut resolved = Form::new();
    for (name, value) in form.iter() {
        match value.strip_prefix(BY_NAME).filter(|_| name.ends_with("Url")) {
            None => resolved.push(name, value),
            Some(bin) => {
                let sid = RESOURCE.sid_of_named(api, bin).await?;
                let bin =
                    api.get(&format!("{}/{}", RESOURCE.collection(api), segment(&sid))).await?;
                resolved.push(name, bin["url"].as_str().unwrap_or_default());
            }
        }
    }
    Ok(resolved)
}

pub(super) fn command() -> Command {
    let file = || {
        let file = Arg::new("file").value_name("FILE").conflicts_with("Twiml");
        file.help("File of its document; - is the standard input")
    };
    let versions = Command::new("versions")
        .about("List a bin's versions, newest first")
        .args(RESOURCE.id_arg())
        .arg(limit_arg());
    let version = Arg::new("version").value_name("VERSION").required(true).help("Its number");
    let restore = Command::new("restore")
        .about("Make an earlier version of a bin the current one")
        .args(RESOURCE.id_arg())
        .arg(version.value_parser(clap::value_parser!(u32)));
    RESOURCE
        .command()
        .mut_subcommand("create", |create| create.arg(file()))
        .mut_subcommand("update", |update| update.arg(file()))
        .subcommand(ServerFlags::augment_args(versions))
        .subcommand(ServerFlags::augment_args(restore))
}

pub(super) async fn run(matches: &ArgMatches) -> Result<(), Failure> {
    match matches.subcommand() {
        Some(("versions", matches)) => versions(matches).await,
        Some(("restore", matches)) => restore(matches).await,
        Some((_, verb)) => {
            let mut more = Form::new();
            if let Ok(Some(file)) = verb.try_get_one::<String>("file") {
                more.push("Twiml", read_document(file)?);
            } else if matches.subcommand_name() == Some("create") && !verb.contains_id("Twiml") {
                return Err(Failure::wrong_use(format!(
                    "a bin needs a document: name {DOCUMENT}, or give it with --twiml"
                )));
            }
            RESOURCE.run(matches, more).await
        }
        None => Ok(()),
    }
}

async fn versions(matches: &ArgMatches) -> Result<(), Failure> {
    let flags = flags(matches)?;
    let mut api = Api::open(&flags).await?;
    let path = format!("{}/Versions", RESOURCE.member(&mut api, matches).await?);
    let items = pages(&mut api, &path, "versions", (Form::new(), limit(matches))).await?;
    write_rows("versions", &["version", "date_created", "twiml"], &items, flags.json);
    Ok(())
}

async fn restore(matches: &ArgMatches) -> Result<(), Failure> {
    let flags = flags(matches)?;
    let version = matches.get_one::<u32>("version").copied().unwrap_or_default();
    let mut api = Api::open(&flags).await?;
    let member = RESOURCE.member(&mut api, matches).await?;
    let bin = api.post(&format!("{member}/Versions/{version}/Restore"), &Form::new()).await?;
    RESOURCE.write(&bin, flags.json);
    Ok(())
}
