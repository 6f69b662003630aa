//! What committed changes mean to who watches: events of the stream, and counters.

use super::destinations::Destinations;
use crate::events::What;
use crate::house::House;
use exchange::sid::AccountSid;
use store::{Change, Write};

/// Publishes and counts everything that `changes` did.
pub(super) fn publish(house: &House, destinations: &Destinations, changes: &[Change]) {
    let mut happened = Vec::new();
    for change in changes {
        let writes = change.writes.iter();
        happened.extend(writes.filter_map(|write| event(house, destinations, write)));
        for webhook in &change.webhooks {
            house.metrics.webhook_created(webhook.kind);
            let sid = house.store.webhook_sid(webhook.id);
            let what = What::WebhookCreated(sid, webhook.kind);
            happened.push((Some(webhook.account), what));
        }
    }
    house.events.publish(happened);
}

/// What a committed write means, and whose it is; counted, too.
fn event(
    house: &House,
    destinations: &Destinations,
    write: &Write,
) -> Option<(Option<AccountSid>, What)> {
    let metrics = &house.metrics;
    match write {
        Write::InsertMessage(message) => {
            metrics.message(message);
            Some((Some(message.account), What::Message(message.sid, message.state)))
        }
        Write::AdvanceMessage { sid, account, to, .. } => {
            Some((Some(*account), What::Message(*sid, *to)))
        }
        Write::DeleteMessage { sid, account } => Some((Some(*account), What::MessageDeleted(*sid))),
        Write::FinishWebhook(finish) => {
            // Every finish is of a row that the delivery thread started.
            let destination = destinations.destination_of(finish.id)?;
            metrics.webhook_finished(destination.kind, finish);
            let sid = house.store.webhook_sid(finish.id);
            let what = What::WebhookFinished(sid, destination.kind, finish.status);
            Some((Some(destination.account), what))
        }
        Write::InsertAlert(alert) => {
            metrics.alert();
            Some((Some(alert.account), What::Alert(alert.sid, alert.code)))
        }
        Write::Clear => Some((None, What::Reset)),
        _ => None,
    }
}
