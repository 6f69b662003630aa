//! `offhook addresses`: postal addresses, and the numbers that name one.

use super::api::{Api, segment};
use super::failure::Failure;
use super::pages::{limit, limit_arg, pages};
use super::resource::{self, ALL, Id, Parameter, Place, Resource, Verb, WRITE, write_rows};
use super::server_address::ServerFlags;
use clap::{ArgMatches, Args as _, Command};
use webhook::Form;

const CREATE_AND_LIST: &[Verb] = &[Verb::Create, Verb::List];

const RESOURCE: Resource = Resource {
    name: "addresses",
    one: "address",
    about: "Postal addresses that numbers can name",
    place: Place::Account("Addresses"),
    id: Id::Sid("AD", Some(("FriendlyName", "friendly_name"))),
    key: "addresses",
    columns: &["friendly_name", "customer_name", "street", "city", "region", "iso_country", "sid"],
    verbs: &[Verb::List, Verb::Show, Verb::Create, Verb::Update, Verb::Delete],
    parameters: &[
        Parameter::new("FriendlyName", ALL, "NAME", "Its name"),
        Parameter::new("CustomerName", ALL, "NAME", "Who is there"),
        Parameter::new("Street", WRITE, "STREET", "Street and number"),
        Parameter::new("StreetSecondary", WRITE, "MORE", "Such as the flat"),
        Parameter::new("City", WRITE, "TOWN", "Town"),
        Parameter::new("Region", WRITE, "REGION", "State or province"),
        Parameter::new("PostalCode", WRITE, "CODE", "Postal code"),
        Parameter::new("IsoCountry", CREATE_AND_LIST, "COUNTRY", "Two letters, such as US"),
        Parameter::new("EmergencyEnabled", ALL, "BOOLEAN", "Whether emergency calls may name it"),
        Parameter::new("AutoCorrectAddress", WRITE, "BOOLEAN", "true or false; kept as given"),
    ],
};

/// Fields of the numbers that name an address.
const NUMBER_COLUMNS: &[&str] = &["phone_number", "friendly_name", "sid"];

pub(super) fn command() -> Command {
    let numbers = Command::new("numbers")
        .about("List the numbers that name an address")
        .args(RESOURCE.id_arg())
        .arg(limit_arg());
    RESOURCE.command().subcommand(ServerFlags::augment_args(numbers))
}

pub(super) async fn run(matches: &ArgMatches) -> Result<(), Failure> {
    let Some(("numbers", matches)) = matches.subcommand() else {
        return RESOURCE.run(matches, Form::new()).await;
    };
    let flags = resource::flags(matches)?;
    let mut api = Api::open(&flags).await?;
    let named = matches.get_one::<String>("id").map_or("", String::as_str);
    let sid = segment(&RESOURCE.sid_of_named(&mut api, named).await?);
    let account = format!("/2010-04-01/Accounts/{}", api.sid());
    let path = format!("{account}/Addresses/{sid}/DependentPhoneNumbers.json");
    let limits = (Form::new(), limit(matches));
    let items = pages(&mut api, &path, "dependent_phone_numbers", limits).await?;
    write_rows("numbers", NUMBER_COLUMNS, &items, flags.json);
    Ok(())
}
