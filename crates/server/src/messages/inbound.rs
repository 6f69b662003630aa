//! A handset texts a number: the message and its ask are saved together, then acknowledged.

use crate::house::House;
use exchange::accounts::{Account, AccountStatus};
use exchange::alerts::codes::Level;
use exchange::alerts::raise::{self, Trouble};
use exchange::messages::Message;
use exchange::messages::inbound::{self, Arrival};
use exchange::numbers::sms_hook;
use store::{Change, StoreError, Write};

/// Why a message could not come in.
#[derive(Debug, thiserror::Error)]
pub enum ReceiveError {
    /// No number of the house has this address.
    #[error("no number of this house is {0}")]
    NoSuchNumber(String),
    /// The number's account is suspended or closed; it has an alert, and nobody is asked.
    #[error("the account of {0} is not active")]
    NotActive(String),
    /// The store could not keep it; nothing happened.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Takes a message to the house's number `to`; when this returns, nothing can lose it.
///
/// # Errors
/// No such number, or the store's.
pub async fn receive(house: &House, arrival: Arrival, to: &str) -> Result<Message, ReceiveError> {
    let number = house.store.number_at(to)?;
    let number = number.ok_or_else(|| ReceiveError::NoSuchNumber(to.to_owned()))?;
    let account = house.account(number.account)?;
    if account.status != AccountStatus::Active {
        house.save(Change::one(turned_away(house, &account, to))).await?;
        return Err(ReceiveError::NotActive(to.to_owned()));
    }
    let application = match number.sms_application {
        Some(sid) => house.store.application(sid)?,
        None => None,
    };
    let hook = sms_hook(&number, application.as_ref());
    let sid = house.message_sid(!arrival.media.is_empty());
    let message = inbound::receive(arrival, &number, sid, house.now());
    let ask = inbound::ask(&message, hook, &house.settings.public_url, house.ids.token());
    let change = Change {
        writes: vec![Write::InsertMessage(Box::new(message.clone()))],
        webhooks: ask.into_iter().collect(),
        ..Change::default()
    };
    house.save(change).await?;
    Ok(message)
}

/// The alert of a message that an inactive account did not get (webhooks.md 5.1, 10001).
pub(crate) fn turned_away(house: &House, account: &Account, to: &str) -> Write {
    let trouble = Trouble {
        code: 10001,
        level: Level::Error,
        message: format!("Account is not active: a message to {to} was turned away"),
        at: None,
        resource: None,
        request: None,
    };
    let alert = raise::raise(trouble, account, house.alert_sid(), house.now());
    Write::InsertAlert(Box::new(alert))
}
