//! The books: what was promised, what is stored, what was received.

use crate::load::Acknowledged;
use crate::receiver::Received;
use crate::support::Opened;
use exchange::messages::{Direction, Message, State, is_final};
use exchange::sid::{MessageSid, Sid};
use exchange::webhooks::{Kind, Status};
use offhook::ids::token_text;
use std::collections::{HashMap, HashSet};
use store::{MessageFilter, WebhookEntry, WebhookFilter};
use webhook::Form;

/// Rows read at once at most; a loop makes some ten thousand.
const ROWS_MAX: u64 = 1_000_000;

/// What is stored.
struct Stored {
    messages: HashMap<MessageSid, Message>,
    /// In the order of commits.
    by_resource: HashMap<Sid, Vec<WebhookEntry>>,
}

/// Everything that does not balance, in words.
pub fn balance(house: &Opened, promised: &Acknowledged, received: &[Received]) -> Vec<String> {
    let stored = read(house);
    let mut wrong = Vec::new();
    promises(&stored, promised, &mut wrong);
    for message in stored.messages.values() {
        let rows =
            stored.by_resource.get(&message.sid.sid()).map(Vec::as_slice).unwrap_or_default();
        match message.direction {
            Direction::Inbound => asked(&stored, message, rows, &mut wrong),
            _ => told(message, rows, &mut wrong),
        }
    }
    arrivals(&stored, received, &mut wrong);
    wrong.sort();
    wrong
}

fn read(house: &Opened) -> Stored {
    let store = &house.house.store;
    let messages = store.messages(house.sid, &MessageFilter::default(), ROWS_MAX);
    let rows = store.webhooks(house.sid, &WebhookFilter::default(), ROWS_MAX);
    let mut by_resource: HashMap<Sid, Vec<WebhookEntry>> = HashMap::new();
    for entry in rows.expect("readable").into_iter().rev() {
        by_resource.entry(entry.webhook.resource).or_default().push(entry);
    }
    let messages = messages.expect("readable").into_iter();
    Stored { messages: messages.map(|message| (message.sid, message)).collect(), by_resource }
}

/// Whatever a client saw a 201 for is there.
fn promises(stored: &Stored, promised: &Acknowledged, wrong: &mut Vec<String>) {
    for (what, sids) in [("create", &promised.created), ("text", &promised.texted)] {
        for sid in sids {
            if !stored.messages.contains_key(sid) {
                wrong.push(format!("{what} {sid} was acknowledged and is lost"));
            }
        }
    }
}

/// A text has its one ask; an ask that was answered well has its reply.
fn asked(stored: &Stored, message: &Message, rows: &[WebhookEntry], wrong: &mut Vec<String>) {
    let sid = message.sid;
    let [ask] = rows else {
        wrong.push(format!("text {sid} has {} asks", rows.len()));
        return;
    };
    let replies = stored.messages.values().filter(|reply| reply.in_reply_to == Some(sid)).count();
    let wanted = match ask.status {
        Status::Done => 1,
        Status::Failed => 0,
        status => {
            wrong.push(format!("the ask of {sid} is {}", status.as_str()));
            return;
        }
    };
    if replies != wanted {
        wrong.push(format!("text {sid} has {replies} replies, its ask {}", ask.status.as_str()));
    }
}

/// A message that went out has come to its end, and each status has its one tell, in order.
fn told(message: &Message, rows: &[WebhookEntry], wrong: &mut Vec<String>) {
    let sid = message.sid;
    if !is_final(message.state) {
        wrong.push(format!("{sid} is still {}", message.state.as_str()));
    }
    let statuses: Vec<String> = rows.iter().map(status).collect();
    for state in [State::Sent, State::Delivered] {
        match statuses.iter().filter(|status| *status == state.as_str()).count() {
            1 => {}
            0 => wrong.push(format!("{sid} has no tell of {}", state.as_str())),
            more => wrong.push(format!("{sid} has {more} tells of {}", state.as_str())),
        }
    }
    if statuses.len() == 2 && statuses != ["sent", "delivered"] {
        wrong.push(format!("the tells of {sid} are {statuses:?}"));
    }
    for row in rows.iter().filter(|row| row.status != Status::Done) {
        wrong.push(format!("{} of {sid} ended {}", status(row), row.status.as_str()));
    }
}

fn status(row: &WebhookEntry) -> String {
    let form = Form::parse(row.webhook.parameters.as_bytes()).expect("our own form");
    form.get("MessageStatus").unwrap_or_default().to_owned()
}

/// Every row came, every request has its row and the row's token, and the tells of a message came
/// in their order, except for those that the log marks late.
fn arrivals(stored: &Stored, received: &[Received], wrong: &mut Vec<String>) {
    // Of each message and status: the first and the last request, by their place in the order.
    let mut places: HashMap<(String, String), (usize, usize)> = HashMap::new();
    let mut tokens: HashSet<(String, String, String)> = HashSet::new();
    for (place, one) in received.iter().enumerate() {
        let (message, status) = (one.message.clone(), one.status.clone().unwrap_or_default());
        tokens.insert((message.clone(), status.clone(), one.token.clone()));
        places.entry((message, status)).or_insert((place, place)).1 = place;
    }
    for (resource, rows) in &stored.by_resource {
        let mut before: Option<(usize, &WebhookEntry)> = None;
        for row in rows {
            let (message, status) = (resource.to_string(), status(row));
            let Some((first, last)) = places.remove(&(message.clone(), status.clone())) else {
                wrong.push(format!("{status:?} of {message} never came"));
                continue;
            };
            let in_order = before.is_none_or(|(place, earlier)| place < first || earlier.late);
            if row.webhook.kind == Kind::Tell && !in_order {
                wrong.push(format!("{status:?} of {message} came before its time"));
            }
            before = Some((last, row));
            tokens.remove(&(message, status, token_text(row.webhook.token)));
        }
    }
    for (message, status, _) in tokens {
        wrong.push(format!("{status:?} of {message} came with a token that is not its own"));
    }
    for (message, status) in places.into_keys() {
        wrong.push(format!("{status:?} of {message} came and is in no book"));
    }
}
