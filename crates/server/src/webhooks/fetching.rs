//! Media of outgoing messages are made ready: fetched and kept, and a copy of them made for a
//! number of the house that gets the message.
//!
//! The delivery thread begins it and takes what comes home: then the message goes on, in one change
//! with what was learnt of its media, and with the log of what was asked for them.

use super::answers;
use super::trouble::{self, problem};
use crate::clock::Work;
use crate::house::House;
use crate::media_files;
use crate::messages::{Collected, Requested, Trouble, collect};
use exchange::accounts::Account;
use exchange::alerts::{codes, raise};
use exchange::media::{Carriage, Unfit};
use exchange::messages::{Media, Message};
use exchange::numbers::Method;
use exchange::sid::MessageSid;
use exchange::webhooks::{Finish, Kind, Purpose, Status, Webhook};
use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use store::{Change, Write};
use tokio::sync::mpsc::UnboundedSender;
use tokio::task::AbortHandle;

/// Messages whose media are made ready at once.
const UNDER_WAY_MAX: usize = 256;

/// Media that are ready, or will never be.
pub(super) struct Fetched {
    pub(super) message: Message,
    account: Account,
    collected: Collected,
    copies: Option<Copies>,
    /// Time stands still until what follows is on its way to the store.
    pub(super) work: Option<Work>,
}

/// What a number of the house gets: the message's sid there, and its media.
pub(super) type Copies = (MessageSid, Vec<Media>);

/// What is known of a message's media, and what has to be saved of it.
pub(super) struct Ready {
    pub(super) media: Result<Vec<Media>, Unfit>,
    pub(super) copies: Option<Copies>,
    /// Goes with whatever becomes of the message.
    pub(super) change: Change,
}

/// What is being made ready.
pub(super) struct Fetching {
    under_way: HashMap<MessageSid, AbortHandle>,
    /// Those that wait for room: no more than are queued in the store.
    waiting: VecDeque<MessageSid>,
    home: UnboundedSender<Fetched>,
}

impl Fetching {
    pub(super) fn new(home: UnboundedSender<Fetched>) -> Fetching {
        Fetching { under_way: HashMap::new(), waiting: VecDeque::new(), home }
    }

    /// Begins with a message's media, unless that is under way.
    pub(super) fn begin(&mut self, house: &Arc<House>, account: &Account, message: &Message) {
        if self.under_way.contains_key(&message.sid) {
            return;
        }
        if self.under_way.len() >= UNDER_WAY_MAX {
            self.waiting.push_back(message.sid);
            return;
        }
        let (house, home) = (house.clone(), self.home.clone());
        let (account, message) = (account.clone(), message.clone());
        let (sid, work) = (message.sid, house.clock.work());
        let task = tokio::task::spawn_local(async move {
            let (collected, copies) = make_ready(&house, &account, &message).await;
            // The actor is gone only when the house is; the next start begins anew.
            let _ = home.send(Fetched { message, account, collected, copies, work: Some(work) });
        });
        self.under_way.insert(sid, task.abort_handle());
    }

    /// A message's media came home; whether they are still wanted, and which message is next.
    pub(super) fn home(&mut self, sid: MessageSid) -> (bool, Option<MessageSid>) {
        let wanted = self.under_way.remove(&sid).is_some();
        (wanted, self.waiting.pop_front())
    }

    /// Whether nothing is being made ready.
    pub(super) fn is_idle(&self) -> bool {
        self.under_way.is_empty()
    }

    /// The house was reset.
    pub(super) fn clear(&mut self) {
        self.under_way.drain().for_each(|(_, task)| task.abort());
        self.waiting.clear();
    }
}

async fn make_ready(
    house: &Arc<House>,
    account: &Account,
    message: &Message,
) -> (Collected, Option<Copies>) {
    let carriage = Carriage::of(&message.to);
    let mut collected = match message.media.iter().all(Media::is_kept) {
        true => Collected { media: Ok(message.media.clone()), requested: Vec::new() },
        false => collect(house, account, (message.sid, carriage), message.media.clone()).await,
    };
    let Ok(media) = &collected.media else { return (collected, None) };
    if !matches!(house.number_of(&message.to), Ok(Some(_))) {
        return (collected, None);
    }
    let copy = |one: &Media| Media { sid: house.media_sid(), ..one.clone() };
    let copies: Vec<Media> = media.iter().map(copy).collect();
    let sid = house.message_sid(true);
    match media_files::share(house, (message.sid, media), (sid, &copies)).await {
        Ok(()) => (collected, Some((sid, copies))),
        Err(error) => {
            collected.media = Err(Trouble::Disk(error));
            (collected, None)
        }
    }
}

impl Fetched {
    /// What follows from it; none when the house's own disk was in the way, which may pass.
    pub(super) fn ready(self, house: &House) -> Option<Ready> {
        let Fetched { message, account, collected, copies, .. } = self;
        let Collected { media, requested } = collected;
        let mut change = Change::default();
        let media = match media {
            Ok(media) => {
                let (message, media) = (message.sid, media.clone());
                change.writes.push(Write::PutMedia { message, media: media.clone() });
                Ok(media)
            }
            Err(Trouble::Unfit(unfit)) => Err(unfit),
            Err(Trouble::Disk(error)) => {
                tracing::error!(%error, message.sid = %message.sid, "its media can't be written");
                return None;
            }
        };
        let is_told = requested.iter().any(|one| one.unfit.is_some());
        for one in requested {
            log(house, (&account, &message), one, &mut change);
        }
        if let Some(unfit) = media.as_ref().err().filter(|_| !is_told) {
            alert(house, (&account, &message), unfit, &mut change);
        }
        Some(Ready { media, copies, change })
    }
}

/// A request for a medium gets its entry of the log, and what was wrong with it an alert.
fn log(
    house: &House,
    (account, message): (&Account, &Message),
    one: Requested,
    change: &mut Change,
) {
    let Requested { url, begun_us, outcome, unfit } = one;
    let webhook = request(house, message, url);
    let problems: Vec<_> =
        unfit.into_iter().map(|unfit| problem(unfit.code, unfit.message, None)).collect();
    let failed = !problems.is_empty();
    let finish = Finish {
        id: 0,
        status: if failed { Status::Failed } else { Status::Done },
        due: house.now(),
        failures: u32::from(failed),
        late: false,
        begun_us,
        attempts: answers::attempts(&outcome, begun_us),
        answer: None,
        problems: problems.clone(),
    };
    let mut alerts = Change::default();
    let about = || trouble::About {
        purpose: Purpose::Media,
        resource: webhook.resource,
        request: answers::request(&webhook, &outcome),
    };
    trouble::raise(house, account, about, &problems, &mut alerts);
    change.writes.push(Write::LogWebhook(Box::new(webhook), Box::new(finish)));
    change.append(alerts);
}

/// What is wrong with media that no single request is to blame for: all of them together, say.
fn alert(
    house: &House,
    (account, message): (&Account, &Message),
    unfit: &Unfit,
    change: &mut Change,
) {
    let trouble = raise::Trouble {
        code: unfit.code,
        level: codes::level(unfit.code),
        message: unfit.message.clone(),
        at: None,
        resource: Some(message.sid.sid()),
        request: None,
    };
    let alert = raise::raise(trouble, account, house.alert_sid(), house.now());
    change.webhooks.extend(raise::tell(&alert, account, Purpose::Media, house.ids.token()));
    change.writes.push(Write::InsertAlert(Box::new(alert)));
}

fn request(house: &House, message: &Message, url: String) -> Webhook {
    let now = house.now();
    Webhook {
        id: 0,
        account: message.account,
        kind: Kind::Ask,
        purpose: Purpose::Media,
        resource: message.sid.sid(),
        url,
        method: Method::Get,
        parameters: String::new(),
        token: house.ids.token(),
        fallback: None,
        context: String::new(),
        due: now,
        created: now,
        failures: 0,
    }
}
