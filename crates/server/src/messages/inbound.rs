//! A handset texts a number: the message and its ask are saved together, then acknowledged.

use crate::house::House;
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
