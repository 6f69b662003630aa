//! Who of a service's senders sends to a person.
//!
//! Called by the delivery thread when a message that names no sender is taken up, and by the API to
//! know whether there is anybody at all. The order: the sender that the person knows (sticky), an
//! alphanumeric one where the person's country has them, a number of the person's country, of the
//! same area code; among equals the one that waited longest. Contract: rest.md 5; Twilio's pages
//! on sender selection name the features, docs/fidelity.md the rest.

use super::{Sender, Service};
use crate::numbers::{Address, PhoneNumber, without_channel};

/// Numbers of one service at most (21714).
pub const SENDERS_MAX: u64 = 400;

/// Countries whose networks take no alphanumeric senders.
const WITHOUT_ALPHA: &[&str] = &["US", "CA"];

/// The senders that may send to `to`, the best kind only.
pub fn candidates<'a>(service: &Service, senders: &'a [Sender], to: &str) -> Vec<&'a Sender> {
    let (person, by_text) = match Address::parse(to, None) {
        Ok(Address::Phone(person)) => (person, true),
        // A number is a sender of WhatsApp's, too; a name is none.
        Ok(Address::WhatsApp(person)) => (person, false),
        // Other channels have senders of their own.
        _ => return Vec::new(),
    };
    let to = without_channel(to);
    let country = person.country();
    let has_alpha = by_text && country.is_some_and(|country| !WITHOUT_ALPHA.contains(&country));
    let alpha: Vec<&Sender> =
        senders.iter().filter(|sender| has_alpha && !sender.is_number()).collect();
    if !alpha.is_empty() {
        return alpha;
    }
    let phone = |sender: &Sender| PhoneNumber::parse(&sender.address, None).ok();
    // A number can't text itself.
    let numbers: Vec<&Sender> =
        senders.iter().filter(|sender| sender.is_number() && sender.address != to).collect();
    let near = narrowed(numbers, |one| phone(one).and_then(|p| p.country()) == country);
    match person.area_code().filter(|_| service.area_code_geomatch) {
        None => near,
        Some(area) => narrowed(near, |one| phone(one).is_some_and(|p| p.area_code() == Some(area))),
    }
}

/// Those that fit; all when none does.
fn narrowed(all: Vec<&Sender>, fits: impl Fn(&Sender) -> bool) -> Vec<&Sender> {
    let fitting: Vec<&Sender> = all.iter().copied().filter(|one| fits(one)).collect();
    if fitting.is_empty() { all } else { fitting }
}

/// Whether a service has the sender, by whichever channel it sends.
pub fn has(senders: &[Sender], from: &str) -> bool {
    senders.iter().any(|sender| sender.address == without_channel(from))
}

/// The sender of a message to `to`. `known` is the address that the person heard from before;
/// `turn` says when an address sent last, in any growing measure.
pub fn choose<'a>(
    service: &Service,
    senders: &'a [Sender],
    to: &str,
    known: Option<&str>,
    turn: impl Fn(&str) -> u64,
) -> Option<&'a Sender> {
    let is_known = |sender: &&Sender| sender.is_number() && Some(sender.address.as_str()) == known;
    let sticky = senders.iter().find(is_known).filter(|_| service.sticky_sender);
    sticky.filter(|sender| sender.address != without_channel(to)).or_else(|| {
        // The first of equals: the pool is in the order in which it grew.
        candidates(service, senders, to).into_iter().min_by_key(|sender| turn(&sender.address))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sid::{AccountSid, ServiceSid, Sid};
    use jiff::Timestamp;

    fn service() -> Service {
        let sid = ServiceSid::parse(&format!("MG{:032}", 1)).expect("a sid");
        let account = AccountSid::parse(&format!("AC{:032}", 1)).expect("a sid");
        Service::new(sid, account, Timestamp::UNIX_EPOCH)
    }

    fn pool(addresses: &[&str]) -> Vec<Sender> {
        let sender = |(n, address): (usize, &&str)| {
            let prefix = if address.starts_with('+') { "PN" } else { "AI" };
            Sender {
                sid: Sid::parse(&format!("{prefix}{n:032}")).expect("a sid"),
                service: service().sid,
                account: service().account,
                address: (*address).into(),
                created: Timestamp::UNIX_EPOCH,
            }
        };
        addresses.iter().enumerate().map(sender).collect()
    }

    const US: &str = "+12025550100";
    const NEAR: &str = "+14155550100";
    const UK: &str = "+447700900123";

    #[test]
    fn the_nearest_sender_is_chosen() {
        let all = pool(&[US, NEAR, UK, "Bakery"]);
        for (senders, to, known, chosen) in [
            (&all[..], "+14155550199", None, Some(NEAR)),
            (&all[..], "+12025550199", None, Some(US)),
            // No number of that area: the first of the country.
            (&all[..], "+13125550199", None, Some(US)),
            (&all[..], "+447700900199", None, Some("Bakery")),
            (&all[..3], "+447700900199", None, Some(UK)),
            (&all[..2], "+447700900199", None, Some(US)),
            // Who is known wins over who is near, if still there.
            (&all[..], "+14155550199", Some(US), Some(US)),
            (&all[..], "+14155550199", Some("+13125550100"), Some(NEAR)),
            (&all[3..], "+12025550199", None, None),
            (&all[..], "whatsapp:+12025550199", None, Some(US)),
            (&all[..], "whatsapp:+447700900199", None, Some(UK)),
            (&all[..], "messenger:1", None, None),
            (&all[..1], US, None, None),
            (&all[..2], US, Some(US), Some(NEAR)),
        ] {
            let found = choose(&service(), senders, to, known, |_| 0);
            assert_eq!(found.map(|sender| sender.address.as_str()), chosen, "{to} {known:?}");
        }
    }

    #[test]
    fn features_that_are_off_do_not_choose() {
        let mut service = service();
        (service.sticky_sender, service.area_code_geomatch) = (false, false);
        let all = pool(&[US, NEAR]);
        let found = choose(&service, &all, "+14155550199", Some(NEAR), |_| 0);
        assert_eq!(found.map(|sender| sender.address.as_str()), Some(US));
    }

    #[test]
    fn among_equals_the_one_that_waited_longest_sends() {
        let all = pool(&[US, "+12025550101", "+12025550102"]);
        let turn = |address: &str| match address {
            US => 5,
            "+12025550101" => 4,
            _ => 7,
        };
        let found = choose(&service(), &all, "+12025550199", None, turn);
        assert_eq!(found.map(|sender| sender.address.as_str()), Some("+12025550101"));
    }
}
