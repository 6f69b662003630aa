//! Outgoing messages of the simulated network: handed over, and reported on.
//!
//! The simulator is the house's own: its acceptance is part of the change that saves it, so a
//! message goes from `queued` to `sent` and on to `delivered` in one commit when its handset takes
//! it at once. Every status that is told has its own tell, in order.

use crate::house::House;
use crate::messages::turned_away;
use carriers::{Report, simulator};
use exchange::accounts::AccountStatus;
use exchange::messages::inbound::{self, Arrival};
use exchange::messages::{Message, State, is_final, status};
use exchange::numbers::{Number, sms_hook};
use jiff::Timestamp;
use store::{Change, StoreError, Write};

/// What comes next for a message that is on its way.
pub(super) enum Course {
    /// All is said.
    Over,
    /// The handset decides then.
    Waits(Timestamp),
}

/// Takes a message as far as it goes now.
pub(super) fn carry(house: &House, message: &Message) -> Result<Course, StoreError> {
    if is_final(message.state) {
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
    let sid = house.message_sid(!arrival.media.is_empty());
    let came_in = inbound::receive(arrival, number, sid, house.now());
    let application = match number.sms_application {
        Some(sid) => house.store.application(sid)?,
        None => None,
    };
    let hook = sms_hook(number, application.as_ref());
    let base = &house.settings.public_url;
    change.webhooks.extend(inbound::ask(&came_in, hook, base, house.ids.token()));
    change.writes.push(Write::InsertMessage(Box::new(came_in)));
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
    let (last, code) = *reached.last().expect("callers name at least one state");
    change.writes.push(Write::AdvanceMessage {
        sid: message.sid,
        account: message.account,
        from: status::may_come_from(last),
        to: last,
        error_code: code,
        sent: reached.iter().any(|(state, _)| *state == State::Sent).then_some(now),
        at: now,
    });
    for (state, code) in reached {
        change.webhooks.extend(status::tell(message, *state, *code, house.ids.token(), now));
    }
    change
}
