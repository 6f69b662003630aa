//! Messages on their way, as the delivery thread takes them up: after a start, when they are
//! committed, when their time has come, when their media are ready.

use super::{AGENDA_MAX, Actor, Item, MOVING_PAGE};
use crate::webhooks::fetching::{Fetched, Ready};
use crate::webhooks::outbound::{self, Course};
use crate::webhooks::paced::Turn;
use exchange::accounts::Account;
use exchange::messages::{Message, State};
use exchange::numbers::is_whatsapp;
use exchange::phones::Handset;
use exchange::sid::MessageSid;
use jiff::{SignedDuration, Timestamp};
use store::{Change, Write};

impl Actor {
    /// Queues the scheduled messages that are due, and looks again when the next ones are.
    pub(super) fn send_scheduled(&mut self) {
        let now = self.house.now();
        self.next_scheduled = None;
        let mut after = None;
        let next = loop {
            match self.house.store.due_messages(now, after, MOVING_PAGE) {
                Ok(page) => {
                    let Some(last) = page.last() else { break self.house.store.next_due(now) };
                    after = last.send_at.map(|at| (at, last.sid));
                    page.iter().for_each(|message| self.carry(message));
                }
                Err(error) => break Err(error),
            }
        };
        match next {
            Ok(due) => due.into_iter().for_each(|due| self.wake_for_scheduled(due)),
            Err(error) => {
                tracing::error!(%error, "scheduled messages can't be read");
                self.wake_for_scheduled(now + SignedDuration::from_secs(1));
            }
        }
    }

    /// Has scheduled messages looked for then, unless that happens earlier.
    pub(super) fn wake_for_scheduled(&mut self, due: Timestamp) {
        if self.next_scheduled.is_none_or(|next| due < next) {
            self.next_scheduled = Some(due);
            self.schedule(due, Item::Scheduled);
        }
    }

    pub(super) fn take_up_messages(&mut self) {
        let mut after = None;
        loop {
            let page = match self.house.store.moving_messages(after, MOVING_PAGE) {
                Ok(page) => page,
                Err(error) => {
                    self.missed.messages = true;
                    return tracing::error!(%error, "moving messages can't be read");
                }
            };
            let Some(last) = page.last() else { return };
            after = Some(last.sid);
            for message in &page {
                self.carry(message);
            }
        }
    }

    /// What a handset that reads by itself has not read: after a restart, or when it begins to.
    pub(super) fn take_up_unread(&mut self, handset: &Handset) {
        if handset.read_after_ms.is_none() || !is_whatsapp(&handset.address) {
            return;
        }
        let store = &self.house.store;
        let unread = store.accounts().and_then(|accounts| {
            let of = |account: Account| {
                store.unread_messages(account.sid, &handset.address, MOVING_PAGE)
            };
            accounts.into_iter().map(of).collect::<Result<Vec<_>, _>>()
        });
        match unread {
            Ok(unread) => unread.iter().flatten().for_each(|message| self.carry(message)),
            Err(error) => tracing::error!(%error, "what was not read can't be read"),
        }
    }

    /// The same for what a handset decides about a message.
    pub(super) fn delay_message(&mut self, sid: MessageSid, due: Timestamp) {
        if self.agenda.len() >= AGENDA_MAX {
            self.missed.messages = true;
            return;
        }
        self.schedule(due, Item::Carry(sid));
    }

    pub(super) fn carry_by_sid(&mut self, sid: MessageSid) {
        match self.house.store.message(sid) {
            Ok(Some(message)) => self.carry(&message),
            Ok(None) => {}
            Err(error) => {
                tracing::error!(%error, message.sid = %sid, "it can't be read");
                self.schedule(self.house.now() + SignedDuration::from_secs(1), Item::Carry(sid));
            }
        }
    }

    pub(super) fn carry(&mut self, message: &Message) {
        let pacing = match message.state {
            State::Queued => {
                self.signer(message.account).map(|signer| signer.account.settings.pacing)
            }
            _ => Ok(false),
        };
        match pacing {
            Ok(true) => match self.paced.of(&self.house, message) {
                Turn::Now => self.carry_on(message, None),
                Turn::Waits(due) => self.delay_message(message.sid, due),
                Turn::Never => self.house.submit(outbound::overflow(&self.house, message)),
            },
            // In doubt it goes.
            Ok(false) | Err(_) => self.carry_on(message, None),
        }
    }

    pub(super) fn carry_on(&mut self, message: &Message, ready: Option<Ready>) {
        let carried = match outbound::carry(&self.house, &mut self.pools, message, ready) {
            Ok(Course::Over) => Ok(()),
            Ok(Course::Waits(due)) => {
                self.delay_message(message.sid, due);
                Ok(())
            }
            Ok(Course::WantsMedia) => self.signer(message.account).map(|signer| {
                self.fetching.begin(&self.house, &signer.account, message);
            }),
            Err(error) => Err(error),
        };
        if let Err(error) = carried {
            tracing::error!(%error, message.sid = %message.sid, "it can't be carried");
            let due = self.house.now() + SignedDuration::from_secs(1);
            self.schedule(due, Item::Carry(message.sid));
        }
    }

    /// Media of a message are ready, or will never be: it goes on.
    pub(super) fn has_fetched(&mut self, mut fetched: Fetched) {
        let sid = fetched.message.sid;
        let (wanted, next) = self.fetching.home(sid);
        next.into_iter().for_each(|next| self.carry_by_sid(next));
        if !wanted {
            // It came home when the house had been reset: it is of before.
            return;
        }
        // Held until what follows is submitted.
        let _work = fetched.work.take();
        let Some(ready) = fetched.ready(&self.house) else {
            let due = self.house.now() + SignedDuration::from_secs(1);
            return self.schedule(due, Item::Carry(sid));
        };
        match self.house.store.message(sid) {
            Ok(Some(message)) => self.carry_on(&message, Some(ready)),
            Ok(None) => {}
            Err(error) => {
                tracing::error!(%error, message.sid = %sid, "it can't be read");
                self.schedule(self.house.now() + SignedDuration::from_secs(1), Item::Carry(sid));
            }
        }
    }

    pub(super) fn carry_again(&mut self, change: &Change) {
        let due = self.house.now() + SignedDuration::from_secs(1);
        for write in &change.writes {
            if let Write::AdvanceMessage { sid, .. } = write {
                self.schedule(due, Item::Carry(*sid));
            }
        }
    }
}
