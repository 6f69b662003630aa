//! Triggers of usage, watched as things are counted.
//!
//! They are few and kept in memory; what they watch is read only when something was counted that
//! concerns one. One that fires is marked and told in one commit of its own, and marked here at
//! once, so that it does not fire twice meanwhile. A start looks at all of them.

use crate::api::usage_triggers;
use crate::house::House;
use exchange::sid::AccountSid;
use exchange::usage::triggers::{self, Trigger};
use store::{Change, StoreError, Write};

/// The triggers of the house.
#[derive(Default)]
pub(super) struct Meter {
    all: Vec<Trigger>,
}

impl Meter {
    /// Reads all triggers again, and looks at each.
    pub(super) fn read(&mut self, house: &House) -> Result<(), StoreError> {
        self.all = house.store.all_triggers()?;
        self.look(house, |_| true)
    }

    /// Something of a category was counted for an account.
    pub(super) fn counted(
        &mut self,
        house: &House,
        account: AccountSid,
        category: &str,
    ) -> Result<(), StoreError> {
        if self.all.is_empty() {
            return Ok(());
        }
        let owner = house.account(account)?.owner;
        self.look(house, |trigger| {
            (trigger.account == account || trigger.account == owner)
                && trigger.category.covers(category)
        })
    }

    /// Has those fire that stand at their value.
    fn look(
        &mut self,
        house: &House,
        concerns: impl Fn(&Trigger) -> bool,
    ) -> Result<(), StoreError> {
        for trigger in self.all.iter_mut().filter(|trigger| concerns(trigger)) {
            let now = house.now();
            // What has fired for these days is not even looked at.
            if !triggers::fires(trigger, i64::MAX, now) {
                continue;
            }
            let current = usage_triggers::current(house, trigger)?;
            if !triggers::fires(trigger, current, now) {
                continue;
            }
            let was = trigger.updated;
            trigger.fired = Some(now);
            trigger.updated = house.after(was);
            house.submit(Change {
                writes: vec![Write::UpdateTrigger { was, now: Box::new(trigger.clone()) }],
                webhooks: vec![triggers::tell(trigger, current, house.ids.token(), now)],
                ..Change::default()
            });
        }
        Ok(())
    }
}
