//! A house at a new address: what pointed to its bins follows it.
//!
//! A data folder outlives its port and its `--public-url`. Numbers, applications, services, triggers
//! of usage, sinks, conversations and the debugger's setting hold whole URLs, as Twilio's do; those
//! of the house's own bins were built on the address of then, which nobody answers now. Other URLs
//! are the customer's and are left alone. Called once at start.

use crate::house::House;
use exchange::accounts::Account;
use exchange::chats::Hooks;
use exchange::numbers::Hook;
use exchange::sid::{AccountSid, ChatServiceSid, chat_service};
use std::collections::HashSet;
use store::{
    Change, ChatWrite, NumberFilter, Place, SinkWrite, Span, StoreError, TriggerFilter, Write,
};

/// As many as there are.
const ALL: u64 = u32::MAX as u64;

/// Notes the house's address, and rewrites URLs of its bins that carry the one before.
///
/// # Errors
/// The store's.
pub async fn follow(house: &House) -> Result<(), StoreError> {
    let now = &house.settings.public_url;
    let before = house.store.base()?;
    if before.as_ref() == Some(now) {
        return Ok(());
    }
    let mut change = Change::one(Write::PutBase(now.clone()));
    if let Some(before) = before {
        let mut following = Move { house, before: &before, now, change };
        for account in house.store.accounts()? {
            following.debugger(&account);
            following.numbers(account.sid)?;
            following.applications(account.sid)?;
            following.services(account.sid)?;
            following.triggers(account.sid)?;
            following.sinks(account.sid)?;
            following.conversations(account.sid)?;
        }
        change = following.change;
    }
    house.save(change).await
}

/// A move, and what it changes so far.
struct Move<'a> {
    house: &'a House,
    before: &'a str,
    now: &'a str,
    change: Change,
}

impl Move<'_> {
    /// Rewrites the URLs that are bins of the house before; whether there were any.
    fn rewrite(&self, urls: Vec<&mut String>) -> bool {
        rewrite(urls, self.before, self.now)
    }

    fn write(&mut self, write: Write) {
        self.change.writes.push(write);
    }

    fn debugger(&mut self, account: &Account) {
        let debugger = account.settings.debugger_url.as_deref();
        if let Some(url) = debugger.and_then(|url| moved(url, self.before, self.now)) {
            let mut follows = account.clone();
            follows.settings.debugger_url = Some(url);
            follows.updated = self.house.after(account.updated);
            self.write(Write::UpdateSettings { was: account.updated, now: Box::new(follows) });
        }
    }

    fn numbers(&mut self, account: AccountSid) -> Result<(), StoreError> {
        for mut one in self.house.store.numbers(account, &NumberFilter::default(), ALL)? {
            let was = one.updated;
            let mut urls = of_hooks([&mut one.voice, &mut one.sms]);
            urls.push(&mut one.status_callback);
            if self.rewrite(urls) {
                one.updated = self.house.after(was);
                self.write(Write::UpdateNumber { was, now: Box::new(one) });
            }
        }
        Ok(())
    }

    fn applications(&mut self, account: AccountSid) -> Result<(), StoreError> {
        for mut one in self.house.store.applications(account, None, Place::Top, ALL)? {
            let was = one.updated;
            let mut urls = of_hooks([&mut one.voice, &mut one.sms]);
            urls.push(&mut one.status_callback);
            urls.push(&mut one.message_status_callback);
            urls.push(&mut one.sms_status_callback);
            if self.rewrite(urls) {
                one.updated = self.house.after(was);
                self.write(Write::UpdateApplication { was, now: Box::new(one) });
            }
        }
        Ok(())
    }

    fn services(&mut self, account: AccountSid) -> Result<(), StoreError> {
        for mut one in self.house.store.services(account, Place::Top, ALL)? {
            let was = one.updated;
            let Hook { url, fallback_url, .. } = &mut one.inbound;
            if self.rewrite(vec![url, fallback_url, &mut one.status_callback]) {
                one.updated = self.house.after(was);
                self.write(Write::UpdateService { was, now: Box::new(one) });
            }
        }
        Ok(())
    }

    fn triggers(&mut self, account: AccountSid) -> Result<(), StoreError> {
        for mut one in self.house.store.triggers(account, &TriggerFilter::default(), ALL)? {
            let was = one.updated;
            if self.rewrite(vec![&mut one.callback.url]) {
                one.updated = self.house.after(was);
                self.write(Write::UpdateTrigger { was, now: Box::new(one) });
            }
        }
        Ok(())
    }

    fn sinks(&mut self, account: AccountSid) -> Result<(), StoreError> {
        for mut one in self.house.store.sinks(account, (None, None), Place::Top, ALL)? {
            let was = one.updated;
            if self.rewrite(vec![&mut one.destination]) {
                one.updated = self.house.after(was);
                let now = Box::new(one);
                self.write(Write::Sinks(SinkWrite::UpdateSink { was, now }));
            }
        }
        Ok(())
    }

    fn conversations(&mut self, account: AccountSid) -> Result<(), StoreError> {
        let store = &self.house.store;
        if let Some(mut settings) = store.chat_settings(account)?
            && self.rewrite(of_chats(&mut settings.hooks))
        {
            self.write(Write::Chats(ChatWrite::PutSettings(Box::new(settings))));
        }
        // The one that the account began with need not be among those that were made.
        let mut services = HashSet::from([chat_service(account)]);
        for mut one in store.chat_services(account, Span::ALL)? {
            services.insert(one.sid);
            let was = one.updated;
            if self.rewrite(of_chats(&mut one.hooks)) {
                one.updated = self.house.after(was);
                let now = Box::new(one);
                self.write(Write::Chats(ChatWrite::UpdateService { was, now }));
            }
        }
        for service in services {
            self.chat_hooks(service)?;
        }
        Ok(())
    }

    fn chat_hooks(&mut self, service: ChatServiceSid) -> Result<(), StoreError> {
        let store = &self.house.store;
        for conversation in store.conversations(service, None, Span::ALL)? {
            for mut one in store.chat_hooks(conversation.sid, Span::ALL)? {
                let was = one.updated;
                if self.rewrite(vec![&mut one.url]) {
                    one.updated = self.house.after(was);
                    let now = Box::new(one);
                    self.write(Write::Chats(ChatWrite::UpdateHook { was, now }));
                }
            }
        }
        Ok(())
    }
}

fn of_chats(hooks: &mut Hooks) -> Vec<&mut String> {
    vec![&mut hooks.pre_url, &mut hooks.post_url]
}

fn of_hooks(hooks: [&mut Hook; 2]) -> Vec<&mut String> {
    hooks.into_iter().flat_map(|hook| [&mut hook.url, &mut hook.fallback_url]).collect()
}

/// Rewrites the URLs that are bins of the house at `before`; whether there were any.
fn rewrite(urls: Vec<&mut String>, before: &str, now: &str) -> bool {
    let mut any = false;
    for url in urls {
        if let Some(follows) = moved(url, before, now) {
            *url = follows;
            any = true;
        }
    }
    any
}

/// The URL under the new address, when it is a bin under the old one.
fn moved(url: &str, before: &str, now: &str) -> Option<String> {
    let rest = url.strip_prefix(before).filter(|rest| crate::bins::bin_of(rest).is_some())?;
    Some(format!("{now}{rest}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_bins_of_the_address_before_are_rewritten() {
        let (before, now) = ("http://127.0.0.1:4665", "https://phones.example.com");
        let bin = "/bins/EH00000000000000000000000000000001?x=1#rc=2";
        for (url, wished) in [
            (format!("{before}{bin}"), format!("{now}{bin}")),
            (format!("http://127.0.0.1:4666{bin}"), format!("http://127.0.0.1:4666{bin}")),
            (format!("{before}/sms"), format!("{before}/sms")),
            (String::new(), String::new()),
        ] {
            let mut follows = url.clone();
            let any = rewrite(vec![&mut follows], before, now);
            assert_eq!((any, &follows), (url != wished, &wished));
        }
    }
}
