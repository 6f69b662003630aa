//! A person sends a webhook again: to look at, never to act on.
//!
//! Called by the request log's API. The new row is signed when it is sent, has a token of its
//! own and no fallback; nothing follows from its outcome. Contract: the "Replay", DESIGN
//! section 1.

use super::{Purpose, Webhook};
use crate::refusal::Refusal;
use crate::webhooks::url::Url;
use jiff::Timestamp;
use webhook::{FORM_BYTES_MAX, Form, PAIRS_MAX};

/// The webhook again. In `changes`, `Url` sends it elsewhere; any other name sets that parameter
/// (given twice, it has both values), and `-NAME` takes NAME out.
///
/// # Errors
/// 20422 for a `Url` that is none, 20413 when the parameters have grown too large.
pub fn replay(
    webhook: &Webhook,
    changes: &Form,
    token: u128,
    now: Timestamp,
) -> Result<Webhook, Refusal> {
    let mut url = webhook.url.clone();
    if webhook.is_json() && changes.iter().any(|(name, _)| name != "Url") {
        let why = "events have no parameters to change";
        return Err(Refusal::parameter_invalid("Url", why));
    }
    let was = webhook.form();
    let goes = |name: &str| {
        let named = |changed: &str| changed == name || changed.strip_prefix('-') == Some(name);
        name != "Url" && changes.iter().any(|(changed, _)| named(changed))
    };
    let mut form = Form::new();
    let mut placed: Vec<&str> = Vec::new();
    for (name, value) in was.iter() {
        if !goes(name) {
            form.push(name, value);
        } else if !placed.contains(&name) {
            // A changed parameter stays where it was.
            placed.push(name);
            changes.get_all(name).for_each(|value| form.push(name, value));
        }
    }
    for (name, value) in changes.iter() {
        match name {
            "Url" => {
                let target = Url::parse(value);
                target.map_err(|why| Refusal::parameter_invalid("Url", why))?;
                value.trim().clone_into(&mut url);
            }
            name if name.starts_with('-') || placed.contains(&name) => {}
            name => form.push(name, value),
        }
    }
    let parameters = if webhook.is_json() { webhook.parameters.clone() } else { form.encode() };
    if parameters.len() > FORM_BYTES_MAX || form.len() > PAIRS_MAX {
        return Err(Refusal::too_large());
    }
    Ok(Webhook {
        id: 0,
        account: webhook.account,
        kind: webhook.kind,
        purpose: Purpose::Replay,
        resource: webhook.resource,
        url,
        method: webhook.method,
        parameters,
        token,
        fallback: None,
        context: String::new(),
        due: now,
        created: now,
        failures: 0,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numbers::{Method, Target};
    use crate::sid::{AccountSid, Sid};
    use crate::webhooks::Kind;
    use webhook::Product;

    fn ask() -> Webhook {
        let sid = |prefix: &str| format!("{prefix}{:032}", 1);
        Webhook {
            id: 7,
            account: AccountSid::parse(&sid("AC")).expect("a sid"),
            kind: Kind::Ask,
            purpose: Purpose::InboundMessage,
            resource: Sid::parse(&sid("SM")).expect("a sid"),
            url: "http://localhost:3000/sms".into(),
            method: Method::Post,
            parameters: "Body=Hi&From=%2B12025550199&X=1&X=2".into(),
            token: 1,
            fallback: Some(Target { url: "http://localhost/f".into(), method: Method::Get }),
            context: "state".into(),
            due: Timestamp::UNIX_EPOCH,
            created: Timestamp::UNIX_EPOCH,
            failures: 3,
        }
    }

    fn again(changes: &str) -> Result<Webhook, Refusal> {
        let changes = Form::parse(changes.as_bytes()).expect("a form");
        replay(&ask(), &changes, 2, Timestamp::UNIX_EPOCH)
    }

    #[test]
    fn parameters_are_changed_emptied_added_and_taken_out() {
        for (changes, parameters) in [
            ("", "Body=Hi&From=%2B12025550199&X=1&X=2"),
            ("Body=Bye", "Body=Bye&From=%2B12025550199&X=1&X=2"),
            ("Body=", "Body=&From=%2B12025550199&X=1&X=2"),
            ("-Body=", "From=%2B12025550199&X=1&X=2"),
            ("-X=", "Body=Hi&From=%2B12025550199"),
            ("X=3", "Body=Hi&From=%2B12025550199&X=3"),
            ("X=3&X=4", "Body=Hi&From=%2B12025550199&X=3&X=4"),
            ("New=1&New=2", "Body=Hi&From=%2B12025550199&X=1&X=2&New=1&New=2"),
            ("-None=", "Body=Hi&From=%2B12025550199&X=1&X=2"),
            ("-Body=&Body=Bye", "Body=Bye&From=%2B12025550199&X=1&X=2"),
        ] {
            assert_eq!(again(changes).expect(changes).parameters, parameters, "{changes}");
        }
    }

    #[test]
    fn it_goes_elsewhere_by_url_and_nothing_follows_from_it() {
        let webhook = again("Url=https://example.com/other").expect("a replay");
        assert_eq!(webhook.url, "https://example.com/other");
        assert_eq!((webhook.id, webhook.token, webhook.failures), (0, 2, 0));
        assert_eq!((webhook.purpose, webhook.kind), (Purpose::Replay, Kind::Ask));
        assert_eq!((webhook.fallback, webhook.context.as_str()), (None, ""));
        assert!(!webhook.parameters.contains("Url="));
    }

    #[test]
    fn what_can_not_be_sent_is_refused() {
        assert_eq!(again("Url=nowhere").expect_err("refused").code, 20_422);
        let large = format!("Body={}", "é".repeat(FORM_BYTES_MAX / 2 - 5));
        assert_eq!(again(&large).expect_err("refused").code, 20_413);
    }

    #[test]
    fn what_a_call_asked_is_signed_by_the_rules_of_calls_when_it_is_replayed() {
        for (resource, purpose, product) in [
            ("CA", Purpose::Voice, Product::Voice),
            ("CA", Purpose::RecordingStatus, Product::Voice),
            ("SM", Purpose::InboundMessage, Product::Messaging),
        ] {
            let resource = Sid::parse(&format!("{resource}{:032}", 1)).expect("a sid");
            let was = Webhook { resource, purpose, ..ask() };
            let again = replay(&was, &Form::new(), 2, Timestamp::UNIX_EPOCH).expect("a replay");
            assert_eq!((was.product(), again.product()), (product, product), "{purpose:?}");
        }
    }
}
