//! Outgoing messages of the simulated network: handed over, and reported on.
//!
//! The simulator is the house's own: its acceptance is part of the change that saves it, so a
//! message goes from `queued` to `sent` and on to `delivered` in one commit when its handset takes
//! it at once. Every status that is told has its own tell, in order.

use super::fetching::Ready;
use super::pools::Pools;
use crate::counting;
use crate::house::House;
use crate::messages::{take, turned_away};
use carriers::{Report, simulator};
use exchange::accounts::AccountStatus;
use exchange::messages::inbound::Arrival;
use exchange::messages::{Media, Message, State, is_final, opt_out, status};
use exchange::numbers::{Number, WHATSAPP, is_whatsapp};
use exchange::phones::Handset;
use exchange::pools::choice;
use exchange::sid::MessageSid;
use jiff::{SignedDuration, Timestamp};
use store::{Change, StoreError, Write};

/// How long after a person's last message WhatsApp takes any answer.
const SERVICE_WINDOW_HOURS: i64 = 24;
/// Its sender's queue is full.
const OVERFLOW: u32 = 30_001;
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
    /// Its media have to be made ready first.
    WantsMedia,
}

/// Takes a message as far as it goes now; `ready` is what was learnt of its media.
pub(super) fn carry(
    house: &House,
    pools: &mut Pools,
    message: &Message,
    ready: Option<Ready>,
) -> Result<Course, StoreError> {
    if message.state == State::Delivered && is_whatsapp(&message.to) {
        return is_read(house, message);
    }
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
    let number = house.number_of(&message.to)?;
    if !message.media.is_empty() {
        return carry_media(house, message, number, ready);
    }
    match number {
        Some(number) => {
            let arrival = arrival(message, house.message_sid(false), Vec::new());
            house.submit(arrive(house, message, &number, arrival)?);
            Ok(Course::Over)
        }
        None => to_handset(house, message, Change::default()),
    }
}

/// The same for a message with media, once they are ready.
fn carry_media(
    house: &House,
    message: &Message,
    number: Option<Number>,
    ready: Option<Ready>,
) -> Result<Course, StoreError> {
    let ready = match ready {
        Some(ready) => ready,
        None if number.is_some() || !message.media.iter().all(Media::is_kept) => {
            return Ok(Course::WantsMedia);
        }
        None => return to_handset(house, message, Change::default()),
    };
    let media = match ready.media {
        Ok(media) => media,
        Err(unfit) => {
            let change = advance(house, message, &[(State::Failed, Some(unfit.code))]);
            house.submit(joined(change, ready.change));
            return Ok(Course::Over);
        }
    };
    let message = Message { media, ..message.clone() };
    match (number, ready.copies) {
        (Some(number), Some((sid, copies))) => {
            let arrival = arrival(&message, sid, copies);
            let change = arrive(house, &message, &number, arrival)?;
            house.submit(joined(change, ready.change));
            Ok(Course::Over)
        }
        // The number was bought just now.
        (Some(_), None) => Ok(Course::WantsMedia),
        (None, _) => to_handset(house, &message, ready.change),
    }
}

/// Takes a message to its handset, and saves `more` with what becomes of it.
fn to_handset(house: &House, message: &Message, more: Change) -> Result<Course, StoreError> {
    let handset = house.store.handset(&message.to)?;
    let taken = message.sent.filter(|_| message.state == State::Sent);
    let now = house.now();
    let mut course = match taken {
        None if is_too_late(house, message, &handset)? => simulator::Course {
            reports: vec![Report::Failed(simulator::OUTSIDE_WINDOW)],
            next: None,
        },
        _ => simulator::carry(&handset, taken, now),
    };
    if course.reports.last() == Some(&Report::Delivered) {
        let read = simulator::read(&handset, now, now);
        course.reports.extend(read.reports);
        course.next = read.next;
    }
    let reached: Vec<_> = course.reports.iter().map(|report| state_of(*report)).collect();
    if !reached.is_empty() {
        house.submit(joined(advance(house, message, &reached), more));
    }
    Ok(match course.next {
        Some(due) => Course::Waits(due),
        None => Course::Over,
    })
}

/// Whether WhatsApp takes a message no more: its person keeps the rule, and wrote too long ago.
fn is_too_late(house: &House, message: &Message, handset: &Handset) -> Result<bool, StoreError> {
    if !handset.service_window || !is_whatsapp(&message.to) {
        return Ok(false);
    }
    let since = house.now() - SignedDuration::from_hours(SERVICE_WINDOW_HOURS);
    let pair = (message.to.as_str(), message.from.as_str());
    Ok(!house.store.has_written(message.account, pair, since)?)
}

/// A message that has arrived is read, or will be.
fn is_read(house: &House, message: &Message) -> Result<Course, StoreError> {
    if house.number_of(&message.to)?.is_some() {
        return Ok(Course::Over);
    }
    let handset = house.store.handset(&message.to)?;
    let course = simulator::read(&handset, message.updated, house.now());
    if !course.reports.is_empty() {
        house.submit(advance(house, message, &[(State::Read, None)]));
    }
    Ok(course.next.map_or(Course::Over, Course::Waits))
}

fn joined(mut change: Change, mut more: Change) -> Change {
    change.writes.append(&mut more.writes);
    change.webhooks.append(&mut more.webhooks);
    change
}

/// A message as it comes in at another number of the house.
fn arrival(message: &Message, sid: MessageSid, media: Vec<Media>) -> Arrival {
    let (from, to, body) = (message.from.clone(), message.to.clone(), message.body.clone());
    Arrival { sid, from, to, body, media }
}

/// What becomes of a message whose sender's queue is full.
pub(super) fn overflow(house: &House, message: &Message) -> Change {
    advance(house, message, &[(State::Failed, Some(OVERFLOW))])
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
            Some((from, kept)) if is_whatsapp(&message.to) => (format!("{WHATSAPP}{from}"), kept),
            Some(choice) => choice,
            None if senders.is_empty() => return Ok(Err(NO_SENDERS)),
            None => return Ok(Err(NO_SENDER)),
        }
    } else if choice::has(&senders, &message.from) {
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
        Report::Read => (State::Read, None),
        Report::Undelivered(code) => (State::Undelivered, Some(code)),
        Report::Failed(code) => (State::Failed, Some(code)),
    }
}

/// A message from one number of the house to another: delivered here, received there.
fn arrive(
    house: &House,
    message: &Message,
    number: &Number,
    arrival: Arrival,
) -> Result<Change, StoreError> {
    let account = house.account(number.account)?;
    if account.status != AccountStatus::Active {
        let code = Some(simulator::UNDELIVERED);
        let mut change =
            advance(house, message, &[(State::Sent, None), (State::Undelivered, code)]);
        change.writes.push(turned_away(house, &account, &number.phone_number));
        return Ok(change);
    }
    let mut reached = vec![(State::Delivered, None)];
    if message.state != State::Sent {
        reached.insert(0, (State::Sent, None));
    }
    let taken = take(house, arrival, number, &account)?;
    Ok(joined(advance(house, message, &reached), taken.change))
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
