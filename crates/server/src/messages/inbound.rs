//! A text reaches a number of the house: the message and its ask are saved together, then
//! acknowledged; so is what the platform itself does about STOP, START and HELP.
//!
//! Who is asked is decided by `exchange::pools`, what a word means by
//! `exchange::messages::opt_out`. Called by the handsets' door and by the delivery thread, for texts
//! between numbers of the house.

use super::media::{Trouble as MediaTrouble, collect};
use super::replies::confirm;
use crate::house::House;
use crate::media_files;
use exchange::accounts::{Account, AccountStatus};
use exchange::alerts::codes::Level;
use exchange::alerts::raise::{self, Trouble};
use exchange::media::{Carriage, Unfit};
use exchange::messages::Message;
use exchange::messages::inbound::{self, Arrival, Circumstances};
use exchange::messages::opt_out::{self, Language, Word};
use exchange::numbers::{Address, Number, is_whatsapp};
use exchange::pools::{Service, sms_hook};
use std::sync::Arc;
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
    /// The number's service drops what comes in, as Twilio's do (webhooks.md 2g).
    #[error(
        "{number} is in the Messaging Service {service}, which has no InboundRequestUrl and drops \
         what comes in. Give it one (offhook services update {service} --inbound-request-url URL), \
         or let its numbers' own URLs be asked (offhook services update {service} \
         --use-inbound-webhook-on-number true)"
    )]
    Dropped {
        /// The number.
        number: String,
        /// The service's sid.
        service: String,
    },
    /// Its media can't be had, or no message can carry them.
    #[error("{}", .0.message)]
    Media(Unfit),
    /// The disk does not take its media.
    #[error("its media can't be written: {0}")]
    Disk(std::io::Error),
    /// The store could not keep it; nothing happened.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What a text to a number comes to.
pub(crate) struct Taken {
    /// All that has to be saved.
    pub(crate) change: Change,
    /// The message; none when the number's service drops it.
    pub(crate) message: Option<Message>,
}

/// Takes a message to a number of the house; when this returns, nothing can lose it.
///
/// # Errors
/// No such number, or the store's.
pub async fn receive(house: &Arc<House>, mut arrival: Arrival) -> Result<Message, ReceiveError> {
    let number = house.number_of(&arrival.to)?;
    let number = number.ok_or_else(|| ReceiveError::NoSuchNumber(arrival.to.clone()))?;
    let account = house.account(number.account)?;
    if account.status != AccountStatus::Active {
        house.save(Change::one(turned_away(house, &account, &arrival.to))).await?;
        return Err(ReceiveError::NotActive(arrival.to));
    }
    if arrival.media.is_empty() {
        return keep(house, arrival, &number, &account).await;
    }
    let (sid, carriage) = (arrival.sid, Carriage::of(&arrival.from));
    let media = std::mem::take(&mut arrival.media);
    let collected = collect(house, &account, (sid, carriage), media).await;
    let media = collected.media.map_err(|trouble| match trouble {
        MediaTrouble::Unfit(unfit) => ReceiveError::Media(unfit),
        MediaTrouble::Disk(error) => ReceiveError::Disk(error),
    })?;
    arrival.media.clone_from(&media);
    let kept = keep(house, arrival, &number, &account).await;
    if kept.is_err() {
        media_files::remove(house, sid, &media).await;
    }
    kept
}

async fn keep(
    house: &House,
    arrival: Arrival,
    number: &Number,
    account: &Account,
) -> Result<Message, ReceiveError> {
    let bound = house.store.bound(account.sid, &arrival.to, &arrival.from)?;
    let message = if bound.is_some() {
        // What is said meanwhile in its conversation takes its place there.
        let again = || -> Result<_, StoreError> {
            let taken = take(house, arrival.clone(), number, account)?;
            Ok((taken.change, taken.message))
        };
        house.decide(again).await?
    } else {
        let taken = take(house, arrival, number, account)?;
        if !taken.change.writes.is_empty() {
            house.save(taken.change).await?;
        }
        taken.message
    };
    let Some(message) = message else {
        let service = house.store.service_of(number)?;
        return Err(ReceiveError::Dropped {
            number: number.phone_number.clone(),
            service: service.map(|service| service.sid.to_string()).unwrap_or_default(),
        });
    };
    Ok(message)
}

/// All that follows from a text to `number`, of an active account.
pub(crate) fn take(
    house: &House,
    arrival: Arrival,
    number: &Number,
    account: &Account,
) -> Result<Taken, StoreError> {
    let application = match number.sms_application {
        Some(sid) => house.store.application(sid)?,
        None => None,
    };
    let service = house.store.service_of(number)?;
    let hook = sms_hook(number, application.as_ref(), service.as_ref());
    // Channels have rules of their own.
    let is_phone = matches!(Address::parse(&arrival.from, None), Ok(Address::Phone(_)));
    let word = opt_out::read(&arrival.body).filter(|_| is_phone);
    let service_sid = service.as_ref().map(|service| service.sid);
    let message = inbound::receive(arrival, number, service_sid, house.now());
    let mut change = Change::default();
    // Who takes part in a conversation says it there, and no application is asked.
    let bound = house.store.bound(message.account, &message.to, &message.from)?;
    if let Some(participant) = &bound {
        change.writes.push(Write::InsertMessage(Box::new(message.clone())));
        crate::chats::arrive(house, &message, participant, &mut change)?;
    } else if let Some(hook) = hook {
        let advanced = service.as_ref().is_some_and(|service| service.advanced_opt_out);
        let told = word.map(|(word, _)| word).filter(|_| advanced);
        let person = match is_whatsapp(&message.from) {
            true => Some(house.store.handset(&message.from)?),
            false => None,
        };
        let circumstances = Circumstances {
            base: &house.settings.public_url,
            opt_out: told,
            profile_name: person.as_ref().map_or("", |person| &person.profile_name),
        };
        change.webhooks.extend(inbound::ask(&message, hook, circumstances, house.ids.token()));
        change.writes.push(Write::InsertMessage(Box::new(message.clone())));
    }
    if let Some(word) = word {
        let replies = account.settings.opt_out_replies;
        heed(house, word, &message, (service.as_ref(), replies), &mut change)?;
    }
    let kept = bound.is_some() || hook.is_some();
    Ok(Taken { change, message: kept.then_some(message) })
}

/// Notes that a person leaves or comes back, and confirms it.
fn heed(
    house: &House,
    word: (Word, Language),
    message: &Message,
    (service, replies): (Option<&Service>, bool),
    change: &mut Change,
) -> Result<(), StoreError> {
    let (account, peer) = (message.account, message.from.clone());
    let scopes = opt_out::scopes(&message.to, service.map(|service| service.sid));
    let is_out = house.store.is_out(account, &scopes, &peer)?;
    let outcome = opt_out::follow(word, is_out);
    match outcome.out {
        // The widest scope is the first: the service, when there is one.
        Some(true) => {
            change.writes.extend(scopes.into_iter().next().map(|scope| Write::PutOptOut {
                account,
                scope,
                peer,
                at: message.created,
            }))
        }
        Some(false) => change.writes.push(Write::DeleteOptOuts { account, scopes, peer }),
        None => {}
    }
    if let Some(text) = outcome.reply.filter(|_| replies) {
        let kept = change.writes.iter().any(|write| matches!(write, Write::InsertMessage(_)));
        let reply = confirm(house, message, kept, text);
        change.writes.push(Write::InsertMessage(Box::new(reply)));
    }
    Ok(())
}

/// Whether `peer` wants no texts from `number`, or from the service that has it.
pub(crate) fn is_out(house: &House, number: &Number, peer: &str) -> Result<bool, StoreError> {
    let service = house.store.service_of(number)?.map(|service| service.sid);
    let scopes = opt_out::scopes(&number.phone_number, service);
    house.store.is_out(number.account, &scopes, peer)
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
