//! What committed changes mean to who watches: events of the stream, and counters.

use super::destinations::Destinations;
use crate::events::{Did, Noun, What};
use crate::house::House;
use exchange::accounts::Account;
use exchange::messages::State;
use exchange::sid::{AccountSid, Sid};
use store::{Change, ChatWrite, SinkWrite, VerifyWrite, Write};

/// What happened, and to whose it did.
type Happened = Vec<(Option<AccountSid>, What)>;

/// Publishes and counts everything that `changes` did.
pub(super) fn publish(house: &House, destinations: &Destinations, changes: &[Change]) {
    let mut happened = Vec::new();
    for change in changes {
        // What a reset makes anew is part of it: whoever reads of one loads everything.
        if change.writes.iter().any(|write| matches!(write, Write::Clear)) {
            happened.push((None, What::Reset));
            continue;
        }
        for write in &change.writes {
            match write {
                Write::InsertMessage(_)
                | Write::AdvanceMessage { .. }
                | Write::DeleteMessage { .. }
                | Write::FinishWebhook(_)
                | Write::InsertAlert(_) => traffic(house, destinations, write, &mut happened),
                Write::InsertCall(_)
                | Write::UpdateCall { .. }
                | Write::DeleteCall { .. }
                | Write::InsertRecording(_)
                | Write::UpdateRecording(_)
                | Write::DeleteRecording { .. }
                | Write::LogWebhook(..) => spoken(house, write, &mut happened),
                Write::InsertCallerId(_)
                | Write::UpdateCallerId { .. }
                | Write::DeleteCallerId { .. }
                | Write::InsertAddress(_)
                | Write::UpdateAddress { .. }
                | Write::DeleteAddress { .. }
                | Write::InsertTrigger(_)
                | Write::UpdateTrigger { .. }
                | Write::DeleteTrigger { .. } => of_the_world(write, &mut happened),
                Write::Verify(write) => verified(write, &mut happened),
                Write::Sinks(write) => streamed(write, &mut happened),
                Write::Chats(write) => conversed(write, &mut happened),
                _ => configured(write, &mut happened),
            }
        }
        for webhook in &change.webhooks {
            house.metrics.webhook_created(webhook.kind);
            let sid = house.store.webhook_sid(webhook.id);
            let what = What::WebhookCreated(sid, webhook.kind);
            happened.push((Some(webhook.account), what));
        }
    }
    house.events.publish(happened);
}

/// What travels through the house; counted, too.
fn traffic(house: &House, destinations: &Destinations, write: &Write, happened: &mut Happened) {
    let metrics = &house.metrics;
    match write {
        Write::InsertMessage(message) => {
            metrics.message(message);
            happened.push((Some(message.account), What::Message(message.sid, message.state)));
        }
        Write::AdvanceMessage { sid, account, to, sent, .. } => {
            // The network can take it and settle it in one commit: both happened.
            if sent.is_some() && *to != State::Sent {
                happened.push((Some(*account), What::Message(*sid, State::Sent)));
            }
            happened.push((Some(*account), What::Message(*sid, *to)));
        }
        Write::DeleteMessage { sid, account } => {
            happened.push((Some(*account), What::MessageDeleted(*sid)));
        }
        Write::FinishWebhook(finish) => {
            // Every finish is of a row that the delivery thread started.
            let Some(destination) = destinations.destination_of(finish.id) else { return };
            metrics.webhook_finished(destination.kind, finish);
            let sid = house.store.webhook_sid(finish.id);
            let what = What::WebhookFinished(sid, destination.kind, finish.status);
            happened.push((Some(destination.account), what));
        }
        Write::InsertAlert(alert) => {
            metrics.alert();
            happened.push((Some(alert.account), What::Alert(alert.sid, alert.code)));
        }
        _ => {}
    }
}

/// What happens on calls; counted, too.
fn spoken(house: &House, write: &Write, happened: &mut Happened) {
    match write {
        Write::InsertCall(call) | Write::UpdateCall { now: call, .. } => {
            happened.push((Some(call.account), What::Call(call.sid, call.state)));
        }
        Write::DeleteCall { sid, account } => {
            happened.push((Some(*account), What::CallDeleted(*sid)));
        }
        Write::InsertRecording(one) | Write::UpdateRecording(one) => {
            happened.push((Some(one.account), What::Recording(one.sid, one.status)));
        }
        Write::DeleteRecording { sid, account } => {
            happened.push((Some(*account), What::RecordingDeleted(*sid)));
        }
        Write::LogWebhook(webhook, finish) => {
            house.metrics.webhook_created(webhook.kind);
            house.metrics.webhook_finished(webhook.kind, finish);
            let sid = house.store.webhook_sid(webhook.id);
            let what = What::WebhookFinished(sid, webhook.kind, finish.status);
            happened.push((Some(webhook.account), what));
        }
        _ => {}
    }
}

/// What a person configures.
fn configured(write: &Write, happened: &mut Happened) {
    let mut tell = |account: AccountSid, noun: Noun, did: Did, sid: Sid| {
        happened.push((Some(account), What::Configured(noun, did, sid)));
    };
    match write {
        Write::InsertAccount(one) => of_account(one, Did::Created, &mut tell),
        Write::UpdateAccount { now, .. } => of_account(now, Did::Updated, &mut tell),
        Write::UpdateSettings { now, .. } => {
            tell(now.sid, Noun::Settings, Did::Updated, now.sid.sid());
        }
        Write::InsertNumber(one) => tell(one.account, Noun::Number, Did::Created, one.sid.sid()),
        Write::UpdateNumber { now, .. } => {
            tell(now.account, Noun::Number, Did::Updated, now.sid.sid());
        }
        Write::DeleteNumber { sid, account } => {
            tell(*account, Noun::Number, Did::Deleted, sid.sid());
        }
        Write::InsertApplication(one) => {
            tell(one.account, Noun::Application, Did::Created, one.sid.sid());
        }
        Write::UpdateApplication { now, .. } => {
            tell(now.account, Noun::Application, Did::Updated, now.sid.sid());
        }
        Write::DeleteApplication { sid, account } => {
            tell(*account, Noun::Application, Did::Deleted, sid.sid());
        }
        Write::InsertBin(one) => tell(one.account, Noun::Bin, Did::Created, one.sid.sid()),
        Write::UpdateBin { now, .. } => tell(now.account, Noun::Bin, Did::Updated, now.sid.sid()),
        Write::DeleteBin { sid, account } => tell(*account, Noun::Bin, Did::Deleted, sid.sid()),
        Write::InsertKey(one) => tell(one.account, Noun::Key, Did::Created, one.sid.sid()),
        Write::UpdateKey { sid, account, .. } => {
            tell(*account, Noun::Key, Did::Updated, sid.sid());
        }
        Write::DeleteKey { sid, account } => tell(*account, Noun::Key, Did::Deleted, sid.sid()),
        Write::InsertService(one) => tell(one.account, Noun::Service, Did::Created, one.sid.sid()),
        Write::UpdateService { now, .. } => {
            tell(now.account, Noun::Service, Did::Updated, now.sid.sid());
        }
        Write::DeleteService { sid, account } => {
            tell(*account, Noun::Service, Did::Deleted, sid.sid());
        }
        Write::InsertSender(one) => {
            tell(one.account, Noun::Service, Did::Updated, one.service.sid());
        }
        Write::DeleteSender { service, account, .. } => {
            tell(*account, Noun::Service, Did::Updated, service.sid());
        }
        Write::PutHandset(handset) => happened.push((None, What::Phone(handset.address.clone()))),
        _ => {}
    }
}

/// Caller ids, addresses, triggers of usage.
fn of_the_world(write: &Write, happened: &mut Happened) {
    let (account, noun, did, sid) = match write {
        Write::InsertCallerId(one) => (one.account, Noun::CallerId, Did::Created, one.sid.sid()),
        Write::UpdateCallerId { now, .. } => {
            (now.account, Noun::CallerId, Did::Updated, now.sid.sid())
        }
        Write::DeleteCallerId { sid, account } => {
            (*account, Noun::CallerId, Did::Deleted, sid.sid())
        }
        Write::InsertAddress(one) => (one.account, Noun::Address, Did::Created, one.sid.sid()),
        Write::UpdateAddress { now, .. } => {
            (now.account, Noun::Address, Did::Updated, now.sid.sid())
        }
        Write::DeleteAddress { sid, account } => (*account, Noun::Address, Did::Deleted, sid.sid()),
        Write::InsertTrigger(one) => (one.account, Noun::Trigger, Did::Created, one.sid.sid()),
        Write::UpdateTrigger { now, .. } => {
            (now.account, Noun::Trigger, Did::Updated, now.sid.sid())
        }
        Write::DeleteTrigger { sid, account } => (*account, Noun::Trigger, Did::Deleted, sid.sid()),
        _ => return,
    };
    happened.push((Some(account), What::Configured(noun, did, sid)));
}

/// Services of Verify, and how far their verifications are.
fn verified(write: &VerifyWrite, happened: &mut Happened) {
    let (account, did, sid) = match write {
        VerifyWrite::InsertService(one) => (one.account, Did::Created, one.sid.sid()),
        VerifyWrite::UpdateService { now, .. } => (now.account, Did::Updated, now.sid.sid()),
        VerifyWrite::DeleteService { sid, account } => (*account, Did::Deleted, sid.sid()),
        VerifyWrite::Limits(_) => return,
        VerifyWrite::InsertVerification(one) | VerifyWrite::UpdateVerification { now: one, .. } => {
            happened.push((Some(one.account), What::Verification(one.sid, one.stored)));
            return;
        }
    };
    happened.push((Some(account), What::Configured(Noun::VerifyService, did, sid)));
}

/// Event Streams: where they go, and what.
fn streamed(write: &SinkWrite, happened: &mut Happened) {
    let (account, noun, did, sid) = match write {
        SinkWrite::InsertSink(one) => (one.account, Noun::Sink, Did::Created, one.sid.sid()),
        SinkWrite::UpdateSink { now, .. } => (now.account, Noun::Sink, Did::Updated, now.sid.sid()),
        SinkWrite::DeleteSink { sid, account } => (*account, Noun::Sink, Did::Deleted, sid.sid()),
        SinkWrite::InsertSubscription(one) => {
            (one.account, Noun::Subscription, Did::Created, one.sid.sid())
        }
        SinkWrite::UpdateSubscription { now, .. } => {
            (now.account, Noun::Subscription, Did::Updated, now.sid.sid())
        }
        SinkWrite::DeleteSubscription { sid, account } => {
            (*account, Noun::Subscription, Did::Deleted, sid.sid())
        }
    };
    happened.push((Some(account), What::Configured(noun, did, sid)));
}

/// Conversations, who takes part and what is said. What is gone is not told: its write does not
/// say whose it was.
fn conversed(write: &ChatWrite, happened: &mut Happened) {
    let (account, noun, did, sid) = match write {
        ChatWrite::InsertConversation(one) => {
            (one.account, Noun::Conversation, Did::Created, one.sid.sid())
        }
        ChatWrite::UpdateConversation { now, .. } => {
            (now.account, Noun::Conversation, Did::Updated, now.sid.sid())
        }
        ChatWrite::InsertParticipant(one) => {
            (one.account, Noun::Participant, Did::Created, one.sid.sid())
        }
        ChatWrite::UpdateParticipant { now, .. } => {
            (now.account, Noun::Participant, Did::Updated, now.sid.sid())
        }
        ChatWrite::InsertMessage(one) => {
            (one.account, Noun::ChatMessage, Did::Created, one.sid.sid())
        }
        ChatWrite::UpdateMessage { now, .. } => {
            (now.account, Noun::ChatMessage, Did::Updated, now.sid.sid())
        }
        _ => return,
    };
    happened.push((Some(account), What::Configured(noun, did, sid)));
}

/// An account's events are its own and its owner's, who lists it.
fn of_account(one: &Account, did: Did, tell: &mut impl FnMut(AccountSid, Noun, Did, Sid)) {
    tell(one.owner, Noun::Account, did, one.sid.sid());
    if one.owner != one.sid {
        tell(one.sid, Noun::Account, did, one.sid.sid());
    }
}
