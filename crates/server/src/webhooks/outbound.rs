//! Outgoing messages of the simulated network: handed over, and reported on.
//!
//! The simulator is the house's own: its acceptance is part of the change that saves it, so a
//! message goes from `queued` to `sent` and on to `delivered` in one commit when its handset takes
//! it at once. Every status that is told has its own tell, in order.

use super::pools::Pools;
use crate::counting;
use crate::house::House;
use crate::messages::{take, turned_away};
use carriers::{Report, simulator};
use exchange::accounts::AccountStatus;
use exchange::messages::inbound::Arrival;
use exchange::messages::{Message, State, is_final, opt_out, status};
use exchange::numbers::Number;
use jiff::Timestamp;
use store::{Change, StoreError, Write};

/// The message waited longer in the queue than it may.
const EXPIRED: u32 = 30_036;
/// Its account is suspended.
const SUSPENDED: u32 = 30_002;
/// Its receiver wants no texts.
const UNSUBSCRIBED: u32 = 21_610;
/// Its service is gone.
const NO_SERVICE: u32 = 21_701;
/// Its service has nobody for this receiver.
const NO_SENDER: u32 = 21_703;
/// Its service has no senders.
const NO_SENDERS: u32 = 21_704;
/// Its sender has left the service.
const SENDER_LEFT: u32 = 21_711;

/// What comes next for a message that is on its way.
pub(super) enum Course {
    /// All is said.
    Over,
    /// The handset decides then.
    Waits(Timestamp),
}

/// Takes a message as far as it goes now.
pub(super) fn carry(
    house: &House,
    pools: &mut Pools,
    message: &Message,
) -> Result<Course, StoreError> {
    if is_final(message.state) {
        return Ok(Course::Over);
    }
    if matches!(message.state, State::Accepted | State::Scheduled) {
        begin(house, pools, message)?;
        return Ok(Course::Over);
    }
    if message.state == State::Queued && message.expires.is_some_and(|at| at <= house.now()) {
        house.submit(advance(house, message, &[(State::Failed, Some(EXPIRED))]));
        return Ok(Course::Over);
    }
    if let Some(number) = house.store.number_at(&message.to)? {
        arrive(house, message, &number)?;
        return Ok(Course::Over);
    }
    let handset = house.store.handset(&message.to)?;
    let taken = message.sent.filter(|_| message.state == State::Sent);
    let course = simulator::carry(&handset, taken, house.now());
    let reached: Vec<_> = course.reports.iter().map(|report| state_of(*report)).collect();
    if !reached.is_empty() {
        house.submit(advance(house, message, &reached));
    }
    Ok(match course.next {
        Some(due) => Course::Waits(due),
        None => Course::Over,
    })
}

/// Queues a message that was accepted, or scheduled for now, with the sender that its service
/// picks; the network takes it from that commit.
fn begin(house: &House, pools: &mut Pools, message: &Message) -> Result<(), StoreError> {
    if message.state == State::Scheduled && message.send_at.is_some_and(|at| at > house.now()) {
        return Ok(());
    }
    let change = match sender(house, pools, message)? {
        Err(code) => advance(house, message, &[(State::Failed, Some(code))]),
        Ok((from, kept)) => {
            let message = Message { from, ..message.clone() };
            let mut change = advance(house, &message, &[(State::Queued, None)]);
            change.writes.extend(kept);
            change
        }
    };
    house.submit(change);
    Ok(())
}

/// Who sends a message of a service, and what is to be kept of the choice; else why nobody does.
fn sender(
    house: &House,
    pools: &mut Pools,
    message: &Message,
) -> Result<Result<(String, Option<Write>), u32>, StoreError> {
    if house.account(message.account)?.status != AccountStatus::Active {
        return Ok(Err(SUSPENDED));
    }
    let service = match message.service {
        Some(sid) => house.store.service(sid)?,
        None => None,
    };
    let Some(service) = service else { return Ok(Err(NO_SERVICE)) };
    let senders = house.store.pool(service.sid)?;
    let (from, kept) = if message.from.is_empty() {
        match pools.choose(house, message, (&service, &senders))? {
            Some(choice) => choice,
            None if senders.is_empty() => return Ok(Err(NO_SENDERS)),
            None => return Ok(Err(NO_SENDER)),
        }
    } else if senders.iter().any(|sender| sender.address == message.from) {
        (message.from.clone(), None)
    } else {
        return Ok(Err(SENDER_LEFT));
    };
    let scopes = opt_out::scopes(&from, Some(service.sid));
    if house.store.is_out(message.account, &scopes, &message.to)? {
        pools.settled(service.sid, &message.to);
        return Ok(Err(UNSUBSCRIBED));
    }
    Ok(Ok((from, kept)))
}

/// The state that a network's report means, and its code.
fn state_of(report: Report) -> (State, Option<u32>) {
    match report {
        Report::Sent => (State::Sent, None),
        Report::Delivered => (State::Delivered, None),
        Report::Undelivered(code) => (State::Undelivered, Some(code)),
        Report::Failed(code) => (State::Failed, Some(code)),
    }
}

/// A message from one number of the house to another: delivered here, received there.
fn arrive(house: &House, message: &Message, number: &Number) -> Result<(), StoreError> {
    let account = house.account(number.account)?;
    if account.status != AccountStatus::Active {
        let code = Some(simulator::UNDELIVERED);
        let mut change =
            advance(house, message, &[(State::Sent, None), (State::Undelivered, code)]);
        change.writes.push(turned_away(house, &account, &number.phone_number));
        house.submit(change);
        return Ok(());
    }
    let mut reached = vec![(State::Delivered, None)];
    if message.state != State::Sent {
        reached.insert(0, (State::Sent, None));
    }
    let mut change = advance(house, message, &reached);
    let arrival = Arrival {
        from: message.from.clone(),
        body: message.body.clone(),
        media: message.media.clone(),
    };
    let mut taken = take(house, arrival, number, &account)?;
    change.writes.append(&mut taken.change.writes);
    change.webhooks.append(&mut taken.change.webhooks);
    house.submit(change);
    Ok(())
}

/// One change that takes a message through `reached`, with the tell of each.
pub(crate) fn advance(
    house: &House,
    message: &Message,
    reached: &[(State, Option<u32>)],
) -> Change {
    let now = house.now();
    let mut change = Change::default();
    // What its service picked is kept with the first step.
    let begins = matches!(message.state, State::Accepted | State::Scheduled);
    let (last, code) = *reached.last().expect("callers name at least one state");
    change.writes.push(Write::AdvanceMessage {
        sid: message.sid,
        account: message.account,
        from: status::may_come_from(last),
        to: last,
        error_code: code,
        sender: Some(message.from.clone()).filter(|from| begins && !from.is_empty()),
        sent: reached.iter().any(|(state, _)| *state == State::Sent).then_some(now),
        at: now,
    });
    if reached.iter().any(|(state, _)| *state == State::Sent) {
        change.writes.push(counting::sent(message, now));
    }
    for (state, code) in reached {
        change.webhooks.extend(status::tell(message, *state, *code, house.ids.token(), now));
    }
    change
}
