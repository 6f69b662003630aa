//! A handset calls a number or an application: the call is saved, and rings from then on.
//!
//! Called by our own API. What follows is the switchboard's, which has the call by its commit.
//! Contract: DESIGN section 1, rest.md 4.3.

use crate::house::House;
use exchange::accounts::{Account, AccountStatus};
use exchange::alerts::codes::Level;
use exchange::alerts::raise::{self, Trouble};
use exchange::calls::Call;
use exchange::calls::inbound::{self, Arrival};
use exchange::numbers::{Address, Application, Number};
use exchange::refusal::Refusal;
use exchange::sid::{AccountSid, ApplicationSid};
use store::{Change, StoreError, Write};

/// Why a call could not come in.
#[derive(Debug, thiserror::Error)]
pub enum ReceiveError {
    /// It can't be dialled so.
    #[error("{0}")]
    Refused(#[from] Refusal),
    /// The account of what was called is suspended or closed; it has an alert, and nobody is asked.
    #[error("the account of {0} is not active")]
    NotActive(String),
    /// The store could not keep it; nothing happened.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Whom a handset calls.
enum Callee {
    /// A number of the house, and the application that it names.
    Number(Box<(Number, Option<Application>)>),
    /// An application, called by a client.
    Application(Box<Application>),
}

impl Callee {
    fn account(&self) -> AccountSid {
        match self {
            Callee::Number(called) => called.0.account,
            Callee::Application(application) => application.account,
        }
    }
}

/// Takes a call to `to`; when this returns, nothing can lose it. An application has to be
/// `account`'s, whose program the client is.
///
/// # Errors
/// Nobody is called so, or the store's.
pub async fn receive(
    house: &House,
    account: AccountSid,
    arrival: Arrival,
    to: &str,
) -> Result<Call, ReceiveError> {
    let callee = callee(house, account, &arrival.from, to)?;
    let account = house.account(callee.account())?;
    if account.status != AccountStatus::Active {
        house.save(Change::one(turned_away(house, &account, to))).await?;
        return Err(ReceiveError::NotActive(to.to_owned()));
    }
    let lines = house.store.handset(&arrival.from)?.lines;
    if house.store.live_calls_at(&arrival.from) >= lines as usize {
        return Err(Refusal::lines_busy(&arrival.from, lines).into());
    }
    let sid = house.call_sid();
    let call = match callee {
        Callee::Number(called) => {
            inbound::receive(arrival, &called.0, called.1.as_ref(), sid, house.now())
        }
        Callee::Application(application) => {
            inbound::receive_at_application(arrival, &application, sid, house.now())
        }
    };
    house.save(Change::one(Write::InsertCall(Box::new(call.clone())))).await?;
    Ok(call)
}

fn callee(
    house: &House,
    account: AccountSid,
    from: &str,
    to: &str,
) -> Result<Callee, ReceiveError> {
    if let Some(sid) = ApplicationSid::parse(to) {
        if !from.starts_with("client:") {
            return Err(Refusal::application_called_by_phone().into());
        }
        let found = house.store.application(sid)?.filter(|found| found.account == account);
        let found = found.ok_or_else(|| Refusal::application_sid_invalid(to))?;
        return Ok(Callee::Application(Box::new(found)));
    }
    let Ok(address) = Address::parse(to, Some("US")) else {
        return Err(Refusal::to_invalid(to).into());
    };
    let number = house.store.number_at(&address.to_string())?;
    let number = number.ok_or_else(|| Refusal::to_not_here(address))?;
    let application = match number.voice_application {
        Some(sid) => house.store.application(sid)?,
        None => None,
    };
    Ok(Callee::Number(Box::new((number, application))))
}

/// The alert of a call that an inactive account did not get (webhooks.md 5.1, 10001).
pub(crate) fn turned_away(house: &House, account: &Account, to: &str) -> Write {
    let trouble = Trouble {
        code: 10001,
        level: Level::Error,
        message: format!("Account is not active: a call to {to} was turned away"),
        at: None,
        resource: None,
        request: None,
    };
    let alert = raise::raise(trouble, account, house.alert_sid(), house.now());
    Write::InsertAlert(Box::new(alert))
}
