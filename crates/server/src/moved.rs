//! A house at a new address: what pointed to its bins follows it.
//!
//! A data folder outlives its port and its `--public-url`. Numbers, applications, services and the
//! debugger's setting hold whole URLs, as Twilio's do; those of the house's own bins were built on the address of then, which
//! nobody answers now. Other URLs are the customer's and are left alone. Called once at start.

use crate::house::House;
use exchange::numbers::Hook;
use store::{Change, NumberFilter, Place, StoreError, Write};

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
            let debugger = account.settings.debugger_url.as_deref();
            if let Some(url) = debugger.and_then(|url| moved(url, &before, now)) {
                let mut follows = account.clone();
                follows.settings.debugger_url = Some(url);
                follows.updated = house.after(account.updated);
                let now = Box::new(follows);
                change.writes.push(Write::UpdateSettings { was: account.updated, now });
            }
            let all = u64::from(u32::MAX);
            for number in house.store.numbers(account.sid, &NumberFilter::default(), all)? {
                let mut moved = number.clone();
                let mut urls = of_hooks([&mut moved.voice, &mut moved.sms]);
                urls.push(&mut moved.status_callback);
                if rewrite(urls, &before, now) {
                    moved.updated = house.after(number.updated);
                    let now = Box::new(moved);
                    change.writes.push(Write::UpdateNumber { was: number.updated, now });
                }
            }
            for application in house.store.applications(account.sid, None, Place::Top, all)? {
                let mut moved = application.clone();
                let mut urls = of_hooks([&mut moved.voice, &mut moved.sms]);
                urls.push(&mut moved.status_callback);
                urls.push(&mut moved.message_status_callback);
                urls.push(&mut moved.sms_status_callback);
                if rewrite(urls, &before, now) {
                    moved.updated = house.after(application.updated);
                    let now = Box::new(moved);
                    change.writes.push(Write::UpdateApplication { was: application.updated, now });
                }
            }
            for service in house.store.services(account.sid, Place::Top, all)? {
                let mut moved = service.clone();
                let Hook { url, fallback_url, .. } = &mut moved.inbound;
                if rewrite(vec![url, fallback_url, &mut moved.status_callback], &before, now) {
                    moved.updated = house.after(service.updated);
                    let now = Box::new(moved);
                    change.writes.push(Write::UpdateService { was: service.updated, now });
                }
            }
        }
    }
    house.save(change).await
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
