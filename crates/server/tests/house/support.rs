//! A running house, a customer for it, and the persons who text: what every test begins with.
//!
//! [`open`] gives a house on a free port and a fresh folder, and [`Opened::finish`] ends it: then
//! nothing may wait in the store and no request may have come that the test did not read. Every
//! request read here is checked as a customer would: signature, token, headers.

use crate::asker::{self, Got};
use crate::customer::{Customer, Seen};
use exchange::accounts::Settings;
use exchange::alerts::Alert;
use exchange::bins::{Bin, BinAccess};
use exchange::calls::{Call, is_final};
use exchange::messages::Message;
use exchange::numbers::{Hook, Method, Number};
use exchange::sid::{AccountSid, BinSid, CallSid, MessageSid, NumberSid};
use exchange::webhooks::guard::{Guard, Profile};
use exchange::webhooks::{Kind, Status};
use jiff::SignedDuration;
use offhook::calls::{CallError, Did, Person};
use offhook::clock::{Mode, StoppedBy, Until};
use offhook::house::House;
use offhook::open::{OpenError, Options, Running};
use offhook::speech::Choice;
use serde_json::Value;
use std::path::Path;
use std::sync::Arc;
use store::{
    AlertFilter, CallFilter, Change, MessageFilter, StoreError, WebhookEntry, WebhookFilter, Write,
};
use tempfile::TempDir;

/// The number of a fresh house.
pub const NUMBER: &str = offhook::first::FIRST_NUMBER;
/// A person.
pub const PERSON: &str = "+12025550199";
/// Rows read at once at most; no test makes more.
const ROWS_MAX: u64 = 10_000;

/// How a test opens its house.
pub fn options(folder: &Path) -> Options {
    Options {
        listen: ([127, 0, 0, 1], 0).into(),
        data: folder.to_owned(),
        public_url: None,
        seed: None,
        first_account: None,
        guard: Guard { profile: Profile::Local, allow: Vec::new() },
        maps: Vec::new(),
        trust: Vec::new(),
        proxy: false,
        speech: Choice::None,
        mp3: None,
        keep_log_days: 30,
        size_bytes_max: None,
    }
}

/// A house that is open.
pub struct Opened {
    pub house: Arc<House>,
    pub url: String,
    pub sid: AccountSid,
    pub token: String,
    pub customer: Customer,
    pub running: Running,
    pub folder: TempDir,
}

/// A house that was stopped, its folder and the customer who does not know.
pub struct Closed {
    pub folder: TempDir,
    pub customer: Customer,
}

/// A fresh house whose number asks the customer at `/sms`.
pub async fn open() -> Opened {
    open_with(|_, _| {}).await
}

/// As [`open`], with other options.
pub async fn open_with(change: impl FnOnce(&mut Options, &Customer)) -> Opened {
    let folder = tempfile::tempdir().expect("a folder");
    let closed = Closed { folder, customer: Customer::start().await };
    let opened = closed.reopen_with(change).await.expect("it opens");
    let url = opened.customer.url("/sms");
    opened.point(&url).await;
    // Who watches events sees none of this.
    opened.quiet().await;
    opened
}

impl Closed {
    pub async fn reopen(self) -> Opened {
        self.reopen_with(|_, _| {}).await.expect("it opens again")
    }

    pub async fn reopen_with(
        self,
        change: impl FnOnce(&mut Options, &Customer),
    ) -> Result<Opened, OpenError> {
        let mut options = options(self.folder.path());
        change(&mut options, &self.customer);
        let running = offhook::open::open(options).await?;
        let house = running.house.clone();
        let account = house.store.accounts()?.remove(0);
        Ok(Opened {
            house,
            url: running.url.clone(),
            sid: account.sid,
            token: account.auth_token,
            customer: self.customer,
            running,
            folder: self.folder,
        })
    }
}

impl Opened {
    /// The person at the other end of a call does something; nothing is waited for.
    pub async fn does(&self, sid: CallSid, did: Did) -> Result<Option<Call>, CallError> {
        let call = self.house.store.call(sid).expect("readable").expect("a call");
        let person = Person { call: sid, handset: call.peer().to_owned(), account: call.account };
        self.house.calls.person(person, did).await
    }

    /// Calls an API with the account's credentials; `{AC}` in the path is the account.
    pub async fn ask(&self, method: &str, path: &str, form: &[(&str, &str)]) -> Got {
        let path = path.replace("{AC}", self.sid.as_str());
        let auth = asker::basic(self.sid.as_str(), &self.token);
        let request = asker::form_request(method, &path, &auth, form);
        asker::exchange(&self.url, &request).await.expect("an answer")
    }

    pub async fn call(&self, method: &str, path: &str, form: &[(&str, &str)]) -> (u16, Value) {
        let got = self.ask(method, path, form).await;
        (got.status, got.json())
    }

    /// Somebody texts the house's number; the message's sid.
    pub async fn text_from(&self, from: &str, body: &str) -> MessageSid {
        let path = format!("/offhook/v1/Phones/{from}/Messages");
        let (status, shown) = self.call("POST", &path, &[("To", NUMBER), ("Body", body)]).await;
        assert_eq!(status, 201, "{shown}");
        sid_of(&shown)
    }

    /// The usual person texts.
    pub async fn text(&self, body: &str) -> MessageSid {
        self.text_from(PERSON, body).await
    }

    /// The customer sends a message by the API.
    pub async fn send(&self, form: &[(&str, &str)]) -> (u16, Value) {
        self.call("POST", "/2010-04-01/Accounts/{AC}/Messages.json", form).await
    }

    /// Sends from the house's number to the usual person, told at `/status`.
    pub async fn send_told(&self, body: &str) -> MessageSid {
        let callback = self.customer.url("/status");
        let form =
            [("To", PERSON), ("From", NUMBER), ("Body", body), ("StatusCallback", &callback)];
        let (status, shown) = self.send(&form).await;
        assert_eq!(status, 201, "{shown}");
        sid_of(&shown)
    }

    /// The next request to the customer, checked.
    pub async fn heard(&mut self) -> Seen {
        let seen = self.customer.heard().await;
        self.check(&seen);
        seen
    }

    /// The next request to the customer's `path`, checked.
    pub async fn heard_on(&mut self, path: &str) -> Seen {
        let seen = self.customer.heard_on(path).await;
        self.check(&seen);
        seen
    }

    /// What every webhook has to carry (webhooks.md 1.2).
    fn check(&self, seen: &Seen) {
        if let Err(why) = seen.verify(&self.token) {
            panic!("{why}: {seen:#?}");
        }
        for (name, value) in [
            ("User-Agent", "TwilioProxy/1.1"),
            ("Accept", "*/*"),
            ("Accept-Encoding", "gzip"),
            ("X-Home-Region", "us1"),
        ] {
            assert_eq!(seen.header(name), Some(value), "{seen:#?}");
        }
        let token = seen.token();
        assert!(token.len() == 36 && token.as_bytes()[14] == b'4', "{token}");
        let is_post = seen.method == "POST";
        assert_eq!(seen.header("Content-Type").is_some(), is_post, "{seen:#?}");
    }

    /// Waits until nothing is runnable, unsaved or in flight.
    pub async fn quiet(&self) {
        assert!(self.house.clock.quiet().await, "the house does not become quiet");
    }

    /// From here on time moves only as the test says.
    pub fn stand_still(&self) {
        self.house.clock.set_mode(Mode::Virtual);
    }

    pub async fn advance(&self, seconds: i64) {
        let until = self.house.now() + SignedDuration::from_secs(seconds);
        let stopped = self.house.clock.advance(Until::Time(until)).await;
        assert_eq!(stopped, StoppedBy::Time);
    }

    /// Makes the house's number ask `url`.
    pub async fn point(&self, url: &str) {
        self.hook(|hook| url.clone_into(&mut hook.url)).await;
    }

    /// Makes the house's number ask the customer's path, and its fallback when that fails.
    pub async fn point_with_fallback(&self, url: &str, fallback: &str) {
        self.hook(|hook| {
            url.clone_into(&mut hook.url);
            fallback.clone_into(&mut hook.fallback_url);
        })
        .await;
    }

    /// Changes where texts to the house's number go.
    pub async fn hook(&self, change: impl Fn(&mut Hook)) {
        self.number(|number| change(&mut number.sms)).await;
    }

    pub async fn number(&self, change: impl Fn(&mut Number)) {
        self.house
            .decide(|| -> Result<_, StoreError> {
                let was = self.house.store.number_at(NUMBER)?.expect("the house's number");
                let mut now = was.clone();
                change(&mut now);
                now.updated = self.house.after(was.updated);
                let write = Write::UpdateNumber { was: was.updated, now: Box::new(now) };
                Ok((Change::one(write), ()))
            })
            .await
            .expect("the number changes");
    }

    /// One more number of the house.
    pub async fn add_number(&self, phone_number: &str, sms_url: &str) {
        let parts = self.house.ids.parts(self.house.clock.wire_us());
        let sid = NumberSid::from_parts(parts);
        let mut number = offhook::first::number(self.sid, sid, phone_number, self.house.now());
        sms_url.clone_into(&mut number.sms.url);
        let write = Write::InsertNumber(Box::new(number));
        self.house.save(Change::one(write)).await.expect("a new number");
    }

    /// A bin, and its URL.
    pub async fn add_bin(&self, twiml: &str, access: BinAccess) -> String {
        let now = self.house.now();
        let sid = BinSid::from_parts(self.house.ids.parts(self.house.clock.wire_us()));
        let bin = Bin {
            sid,
            account: self.sid,
            friendly_name: "a test's".into(),
            access,
            version: 1,
            twiml: twiml.to_owned(),
            created: now,
            updated: now,
        };
        self.house.save(Change::one(Write::InsertBin(Box::new(bin)))).await.expect("a new bin");
        format!("{}/bins/{sid}", self.url)
    }

    /// Changes the account's settings.
    pub async fn settings(&self, change: impl Fn(&mut Settings)) {
        self.house
            .decide(|| -> Result<_, StoreError> {
                let was = self.house.account(self.sid)?;
                let mut now = was.clone();
                change(&mut now.settings);
                now.updated = self.house.after(was.updated);
                let write = Write::UpdateAccount { was: was.updated, now: Box::new(now) };
                Ok((Change::one(write), ()))
            })
            .await
            .expect("the settings change");
    }

    /// How the usual person's handset behaves.
    pub async fn handset(&self, form: &[(&str, &str)]) {
        let path = format!("/offhook/v1/Phones/{PERSON}");
        let (status, shown) = self.call("POST", &path, form).await;
        assert_eq!(status, 200, "{shown}");
    }

    pub fn message(&self, sid: MessageSid) -> Message {
        self.house.store.message(sid).expect("readable").expect("there")
    }

    /// The messages that a text set off, in their order.
    pub fn replies(&self, sid: MessageSid) -> Vec<Message> {
        let filter = MessageFilter { in_reply_to: Some(sid), ..MessageFilter::default() };
        let mut found = self.house.store.messages(self.sid, &filter, ROWS_MAX).expect("readable");
        found.reverse();
        found
    }

    /// Every message, in their order.
    pub fn messages(&self) -> Vec<Message> {
        let filter = MessageFilter::default();
        let mut found = self.house.store.messages(self.sid, &filter, ROWS_MAX).expect("readable");
        found.reverse();
        found
    }

    /// Every alert, in their order.
    pub fn alerts(&self) -> Vec<Alert> {
        let filter = AlertFilter::default();
        let mut found = self.house.store.alerts(self.sid, &filter, ROWS_MAX).expect("readable");
        found.reverse();
        found
    }

    /// The codes of every alert, in their order.
    pub fn codes(&self) -> Vec<u32> {
        self.alerts().iter().map(|alert| alert.code).collect()
    }

    /// The request log, in the order of commits.
    pub fn log(&self) -> Vec<WebhookEntry> {
        let filter = WebhookFilter::default();
        let mut found = self.house.store.webhooks(self.sid, &filter, ROWS_MAX).expect("readable");
        found.reverse();
        found
    }

    /// The log's entries of a kind.
    pub fn log_of(&self, kind: Kind) -> Vec<WebhookEntry> {
        self.log().into_iter().filter(|entry| entry.webhook.kind == kind).collect()
    }

    /// Parameters that the application itself gave to its calls.
    fn own_parameters(&self) -> Vec<String> {
        let calls = self.house.store.calls(self.sid, &CallFilter::default(), ROWS_MAX);
        let own = calls.expect("readable").into_iter().flat_map(|call| call.plan.parameters);
        own.map(|(name, _)| name).collect()
    }

    /// Stops the house as SIGTERM does.
    pub async fn stop(self) -> Closed {
        drop(self.house);
        self.running.stop().await;
        Closed { folder: self.folder, customer: self.customer }
    }

    /// The end of a test: the house is quiet, nothing waits, nothing came that was not read. A
    /// call that has ended has left the switchboard; then, and not before, its transcript is kept.
    pub async fn finish(mut self) {
        self.quiet().await;
        let calls = self.house.store.calls(self.sid, &CallFilter::default(), ROWS_MAX);
        for call in calls.expect("readable").into_iter().filter(|call| is_final(call.state)) {
            let kept = self.house.store.transcript(call.sid).expect("readable");
            assert!(kept.is_some(), "a leg is left: {call:#?}");
        }
        let waiting: Vec<_> =
            self.log().into_iter().filter(|entry| entry.status == Status::Waiting).collect();
        assert!(waiting.is_empty(), "still waiting: {waiting:#?}");
        for entry in self.log() {
            let unnamed = crate::typed::unnamed(&entry.webhook, &self.own_parameters());
            assert!(unnamed.is_empty(), "no type names {unnamed:?} of {:#?}", entry.webhook);
        }
        let unread = self.customer.unread();
        assert!(unread.is_empty(), "nobody expected: {unread:#?}");
        self.stop().await;
    }
}

/// The sid of a message as an API shows it.
pub fn sid_of(shown: &Value) -> MessageSid {
    let text = shown["sid"].as_str().expect("a sid");
    MessageSid::parse(text).expect("a message's sid")
}

/// A hook that asks by GET.
pub fn by_get(hook: &mut Hook) {
    hook.method = Method::Get;
}

/// A parameter of an alert's text.
pub fn said(alert: &Alert, name: &str) -> Option<String> {
    let form = webhook::Form::parse(alert.text.as_bytes()).expect("a form");
    form.get(name).map(str::to_owned)
}
