//! Messages between an application and the client program that is in a call (Twilio's
//! UserDefinedMessages and UserDefinedMessageSubscriptions).
//!
//! They live with the leg: nothing of them is kept when it is over, but what was told is in the
//! log. The server's switchboard owns a leg's [`Exchange`]; here is what follows from what.
//! Contract: rest.md 4.2 and A.7; the callback's parameters are those that Twilio's own client SDK
//! is tested with (twilio-voice.js, `userDefinedMessage` integration test).

use super::options::{filled, is_tellable};
use super::request::{Stamp, row};
use super::{Call, State};
use crate::numbers::{Method, Target};
use crate::refusal::Refusal;
use crate::sid::{UserMessageSid, UserSubscriptionSid};
use crate::webhooks::{Purpose, Webhook};
use jiff::Timestamp;
use std::collections::VecDeque;
use webhook::{Form, UserDefinedMessage};

/// Bytes of a message at most: what the client SDKs send and take.
pub const CONTENT_BYTES_MAX: usize = 10 * 1024;
/// Characters of an IdempotencyKey at most.
pub const KEY_CHARACTERS_MAX: usize = 256;
/// Subscriptions of one leg at once at most.
pub const SUBSCRIPTIONS_MAX: usize = 10;
/// Keys of one leg and kind that are remembered; the oldest is forgotten first.
pub const KEYS_MAX: usize = 1000;
/// What a message is.
const CONTENT_TYPE: &str = "application/json";

/// A message, as it was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UserMessage {
    /// Its sid.
    pub sid: UserMessageSid,
    /// House time.
    pub created: Timestamp,
}

/// Who is told of what the client program sends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscription {
    /// Its sid.
    pub sid: UserSubscriptionSid,
    /// Where.
    pub callback: Target,
    /// House time.
    pub created: Timestamp,
}

/// What was made by which key: the same key makes nothing more.
#[derive(Debug)]
struct Made<T>(VecDeque<(String, T)>);

impl<T: Clone> Made<T> {
    fn find(&self, key: Option<&str>) -> Option<T> {
        let found = self.0.iter().find(|(known, _)| Some(known.as_str()) == key)?;
        Some(found.1.clone())
    }

    fn keep(&mut self, key: Option<String>, it: &T) {
        let Some(key) = key else { return };
        if self.0.len() >= KEYS_MAX {
            self.0.pop_front();
        }
        self.0.push_back((key, it.clone()));
    }
}

/// The messages of one leg.
#[derive(Debug)]
pub struct Exchange {
    subscriptions: Vec<Subscription>,
    /// Messages that the client program has sent.
    sent: u32,
    made_to: Made<UserMessage>,
    made_from: Made<UserMessage>,
    made_subscriptions: Made<Subscription>,
}

impl Default for Exchange {
    fn default() -> Exchange {
        Exchange {
            subscriptions: Vec::new(),
            sent: 0,
            made_to: Made(VecDeque::new()),
            made_from: Made(VecDeque::new()),
            made_subscriptions: Made(VecDeque::new()),
        }
    }
}

impl Exchange {
    /// The application sends `message`: what became of it, and whether it is new.
    pub fn deliver(&mut self, key: Option<String>, message: UserMessage) -> (UserMessage, bool) {
        if let Some(made) = self.made_to.find(key.as_deref()) {
            return (made, false);
        }
        self.made_to.keep(key, &message);
        (message, true)
    }

    /// The client program of `call` sends `message` with `content`: what became of it, and who is
    /// told; `None` when it was sent before.
    pub fn send(
        &mut self,
        call: &Call,
        (key, content): (Option<String>, &str),
        message: UserMessage,
        token: impl Fn() -> u128,
    ) -> (UserMessage, Option<Vec<Webhook>>) {
        if let Some(made) = self.made_from.find(key.as_deref()) {
            return (made, None);
        }
        self.made_from.keep(key, &message);
        self.sent = self.sent.saturating_add(1);
        let tells = self.subscriptions.iter().map(|subscription| {
            let stamp = Stamp { token: token(), at: message.created };
            tell(call, &subscription.callback, (message.sid, content, self.sent), stamp)
        });
        (message, Some(tells.collect()))
    }

    /// Somebody is to be told from now on.
    ///
    /// # Errors
    /// There are too many already.
    pub fn subscribe(
        &mut self,
        key: Option<String>,
        subscription: Subscription,
    ) -> Result<Subscription, Refusal> {
        if let Some(made) = self.made_subscriptions.find(key.as_deref()) {
            return Ok(made);
        }
        if self.subscriptions.len() >= SUBSCRIPTIONS_MAX {
            let what = format!("a call has at most {SUBSCRIPTIONS_MAX} subscriptions at once");
            return Err(Refusal::conflict(what));
        }
        self.made_subscriptions.keep(key, &subscription);
        self.subscriptions.push(subscription.clone());
        Ok(subscription)
    }

    /// Somebody is told no more; `false` when there was no such subscription.
    pub fn unsubscribe(&mut self, sid: UserSubscriptionSid) -> bool {
        let before = self.subscriptions.len();
        self.subscriptions.retain(|one| one.sid != sid);
        self.subscriptions.len() < before
    }
}

/// Whether messages can be exchanged with the far end of `call` now.
///
/// # Errors
/// It is not in progress (21220), or no client program is there.
pub fn check(call: &Call) -> Result<(), Refusal> {
    if call.state != State::InProgress {
        return Err(Refusal::call_has_no_messages());
    }
    if !call.peer().starts_with("client:") {
        return Err(Refusal::call_has_no_client(call.peer()));
    }
    Ok(())
}

/// The key under which something is made once.
///
/// # Errors
/// It is too long.
pub fn key(form: &Form) -> Result<Option<String>, Refusal> {
    match filled(form, "IdempotencyKey") {
        Some(key) if key.chars().count() > KEY_CHARACTERS_MAX => {
            let why = format!("use at most {KEY_CHARACTERS_MAX} characters");
            Err(Refusal::parameter_invalid("IdempotencyKey", why))
        }
        key => Ok(key.map(str::to_owned)),
    }
}

/// The text of a message, if it may be so long. Whether it is JSON is the door's to say.
///
/// # Errors
/// It is missing or too long.
pub fn content(form: &Form) -> Result<&str, Refusal> {
    let text = filled(form, "Content");
    let text = text.ok_or_else(|| Refusal::parameter_missing("Content"))?;
    if text.len() > CONTENT_BYTES_MAX {
        let why = format!("use at most {CONTENT_BYTES_MAX} bytes");
        return Err(Refusal::parameter_invalid("Content", why));
    }
    Ok(text)
}

/// Who is to be told.
///
/// # Errors
/// It is missing, or can't be asked.
pub fn callback(form: &Form) -> Result<Target, Refusal> {
    let method = match filled(form, "Method") {
        None => Method::Post,
        Some(word) => Method::parse(word).ok_or_else(|| Refusal::method_invalid(word))?,
    };
    let url = filled(form, "Callback").ok_or_else(|| Refusal::parameter_missing("Callback"))?;
    if !is_tellable(url) {
        let why = "use an http or https URL without an underscore in its host";
        return Err(Refusal::parameter_invalid("Callback", why));
    }
    Ok(Target { url: url.to_owned(), method })
}

fn tell(
    call: &Call,
    target: &Target,
    (sid, content, number): (UserMessageSid, &str, u32),
    stamp: Stamp,
) -> Webhook {
    let mut wire =
        UserDefinedMessage::new(call.account.as_str(), call.sid.as_str(), sid.as_str(), content);
    wire.sequence_number = Some(number);
    wire.content_type = Some(CONTENT_TYPE.to_owned());
    row(call, Purpose::UserMessage, target, &wire.to_form(), stamp)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calls::testing::{at, call};
    use webhook::Direction;

    fn message(last: u8) -> UserMessage {
        let sid = UserMessageSid::parse(&format!("KX{last:032x}")).expect("a sid");
        UserMessage { sid, created: at(i64::from(last)) }
    }

    fn subscription(last: usize) -> Subscription {
        let sid = UserSubscriptionSid::parse(&format!("ZY{last:032x}")).expect("a sid");
        let url = format!("https://example.com/{last}");
        let callback = Target { url, method: Method::Post };
        Subscription { sid, callback, created: at(0) }
    }

    #[test]
    fn every_subscription_is_told_each_message_once_and_they_are_counted() {
        let mut exchange = Exchange::default();
        let call = call(Direction::Inbound);
        let sent = exchange.send(&call, (None, "{}"), message(1), || 7);
        assert_eq!(sent, (message(1), Some(Vec::new())), "nobody is told");
        for last in [1, 2] {
            assert!(exchange.subscribe(None, subscription(last)).is_ok());
        }
        let key = Some("one".to_owned());
        let (sent, told) = exchange.send(&call, (key.clone(), "[1]"), message(2), || 7);
        let told = told.expect("it is new");
        assert_eq!(sent, message(2));
        let urls: Vec<&str> = told.iter().map(|tell| tell.url.as_str()).collect();
        assert_eq!(urls, ["https://example.com/1", "https://example.com/2"]);
        let form = Form::parse(told[0].parameters.as_bytes()).expect("ours");
        for (name, value) in [
            ("AccountSid", call.account.as_str()),
            ("CallSid", call.sid.as_str()),
            ("Sid", message(2).sid.as_str()),
            ("Content", "[1]"),
            ("ContentType", "application/json"),
            ("SequenceNumber", "2"),
        ] {
            assert_eq!(form.get(name), Some(value), "{name}");
        }
        assert_eq!(exchange.send(&call, (key, "[2]"), message(3), || 7), (message(2), None));
        assert!(exchange.unsubscribe(subscription(1).sid));
        assert!(!exchange.unsubscribe(subscription(1).sid));
        let (_, told) = exchange.send(&call, (None, "[3]"), message(4), || 7);
        assert_eq!(told.map(|told| told.len()), Some(1));
    }

    #[test]
    fn a_key_makes_one_thing_of_each_kind_and_subscriptions_are_limited() {
        let mut exchange = Exchange::default();
        let key = || Some("k".to_owned());
        assert_eq!(exchange.deliver(key(), message(1)), (message(1), true));
        assert_eq!(exchange.deliver(key(), message(2)), (message(1), false));
        assert_eq!(exchange.deliver(None, message(3)), (message(3), true));
        assert_eq!(exchange.subscribe(key(), subscription(0)), Ok(subscription(0)));
        assert_eq!(exchange.subscribe(key(), subscription(1)), Ok(subscription(0)));
        for last in 1..SUBSCRIPTIONS_MAX {
            assert!(exchange.subscribe(None, subscription(last)).is_ok());
        }
        assert!(exchange.subscribe(None, subscription(99)).is_err());
        for last in 0..KEYS_MAX {
            exchange.deliver(Some(last.to_string()), message(5));
        }
        assert_eq!(exchange.deliver(key(), message(6)), (message(6), true), "it was forgotten");
    }

    #[test]
    fn what_is_no_message_and_no_callback_is_refused() {
        let form = |pairs: &[(&str, &str)]| Form::from_pairs(pairs.iter().copied());
        assert_eq!(content(&form(&[])).map_err(|why| why.code), Err(20_001));
        let long = "1".repeat(CONTENT_BYTES_MAX + 1);
        assert_eq!(content(&form(&[("Content", &long)])).map_err(|why| why.code), Err(20_422));
        let longest = &long[1..];
        assert_eq!(content(&form(&[("Content", longest)])), Ok(longest));
        let long = "k".repeat(KEY_CHARACTERS_MAX + 1);
        assert_eq!(key(&form(&[("IdempotencyKey", &long)])).map_err(|why| why.code), Err(20_422));
        assert_eq!(key(&form(&[("IdempotencyKey", "")])), Ok(None));
        for (pairs, code) in [
            (&[][..], 20_001),
            (&[("Callback", "nowhere")], 20_422),
            (&[("Callback", "https://a_b.example/")], 20_422),
            (&[("Callback", "https://a.example/"), ("Method", "PUT")], 21_209),
        ] {
            assert_eq!(callback(&form(pairs)).map_err(|why| why.code), Err(code), "{pairs:?}");
        }
        let got = callback(&form(&[("Callback", "https://a.example/"), ("Method", "GET")]));
        let expected = Target { url: "https://a.example/".into(), method: Method::Get };
        assert_eq!(got, Ok(expected));
    }

    #[test]
    fn only_a_client_in_progress_exchanges_messages() {
        let mut call = call(Direction::Inbound);
        assert_eq!(check(&call).map_err(|why| why.code), Err(21_220));
        call.state = State::InProgress;
        assert_eq!(check(&call).map_err(|why| (why.code, why.status)), Err((20_422, 400)));
        call.from = "client:alice".into();
        assert_eq!(check(&call), Ok(()));
    }
}
