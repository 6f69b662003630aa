//! Who of a service sends next, between a choice and its commit.
//!
//! Owned by the delivery thread, which takes up accepted and scheduled messages one by one. The
//! store has the sender that a person knows; what was chosen and is not committed yet stands here,
//! so that two messages in one breath go out from the same number. Turns live in memory only: after
//! a restart a pool begins anew with its first sender.

use crate::house::House;
use exchange::messages::Message;
use exchange::pools::{Sender, Service, choice};
use exchange::sid::ServiceSid;
use std::collections::HashMap;
use store::{StoreError, Write};

/// Senders whose turns are remembered; beyond, all begin anew.
const TURNS_MAX: usize = 100_000;

#[derive(Default)]
pub(super) struct Pools {
    /// When a sender of a service was chosen last, in choices.
    turns: HashMap<(ServiceSid, String), u64>,
    choices: u64,
    /// Chosen for a person, and not committed yet: as many as changes are on their way.
    choosing: HashMap<(ServiceSid, String), String>,
}

impl Pools {
    /// The sender of a message, and what is to be kept of the choice.
    pub(super) fn choose(
        &mut self,
        house: &House,
        message: &Message,
        (service, senders): (&Service, &[Sender]),
    ) -> Result<Option<(String, Option<Write>)>, StoreError> {
        let pair = (service.sid, message.to.clone());
        let kept = house.store.sticky(service.sid, &message.to)?;
        let known = self.choosing.get(&pair).cloned().or_else(|| kept.clone());
        let turn = |address: &str| {
            self.turns.get(&(service.sid, address.to_owned())).copied().unwrap_or(0)
        };
        let chosen = choice::choose(service, senders, &message.to, known.as_deref(), turn);
        let Some(sender) = chosen else { return Ok(None) };
        let (address, is_number) = (sender.address.clone(), sender.is_number());
        self.choices += 1;
        if self.turns.len() >= TURNS_MAX {
            self.turns.clear();
        }
        self.turns.insert((service.sid, address.clone()), self.choices);
        let sticks = service.sticky_sender && is_number && kept.as_ref() != Some(&address);
        let write = sticks.then(|| {
            self.choosing.insert(pair.clone(), address.clone());
            Write::PutSticky { service: pair.0, peer: pair.1, address: address.clone() }
        });
        Ok(Some((address, write)))
    }

    /// A choice is in the store now, or will never be.
    pub(super) fn settled(&mut self, service: ServiceSid, peer: &str) {
        self.choosing.remove(&(service, peer.to_owned()));
    }

    /// The house was reset.
    pub(super) fn clear(&mut self) {
        *self = Pools::default();
    }
}
