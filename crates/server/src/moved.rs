//! A house at a new address: what pointed to its bins follows it.
//!
//! A data folder outlives its port and its `--public-url`. Numbers and applications hold whole
//! URLs, as Twilio's do; those of the house's own bins were built on the address of then, which
//! nobody answers now. Other URLs are the customer's and are left alone. Called once at start.

use crate::house::House;
use exchange::numbers::Hook;
use store::{Change, NumberFilter, StoreError, Write};

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
        for account in house.store.accounts()? {
            let all = u64::from(u32::MAX);
            for number in house.store.numbers(account.sid, &NumberFilter::default(), all)? {
                let mut moved = number.clone();
                if rewrite([&mut moved.voice, &mut moved.sms], &before, now) {
                    moved.updated = house.after(number.updated);
                    let now = Box::new(moved);
                    change.writes.push(Write::UpdateNumber { was: number.updated, now });
                }
            }
            for application in house.store.applications(account.sid, None, None, all)? {
                let mut moved = application.clone();
                if rewrite([&mut moved.voice, &mut moved.sms], &before, now) {
                    moved.updated = house.after(application.updated);
                    let now = Box::new(moved);
                    change.writes.push(Write::UpdateApplication { was: application.updated, now });
                }
            }
        }
    }
    house.save(change).await
}

/// Rewrites the URLs that are bins of the house at `before`; whether there were any.
fn rewrite(hooks: [&mut Hook; 2], before: &str, now: &str) -> bool {
    let mut any = false;
    for hook in hooks {
        for url in [&mut hook.url, &mut hook.fallback_url] {
            let bin = url.strip_prefix(before).filter(|rest| crate::bins::bin_of(rest).is_some());
            if let Some(rest) = bin {
                *url = format!("{now}{rest}");
                any = true;
            }
        }
    }
    any
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
            let mut hook = Hook { url: url.clone(), ..Hook::default() };
            let any = rewrite([&mut hook, &mut Hook::default()], before, now);
            assert_eq!((any, &hook.url), (url != wished, &wished));
        }
    }
}
