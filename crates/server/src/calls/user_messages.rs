//! Messages between the application and the client program at a leg's other end.
//!
//! What follows from one is `exchange::calls::user_messages`; here it is shown to the handset, by
//! the leg's transcript, and told to whoever has subscribed. They end with the leg.

use super::leg::{Leg, Phase};
use super::orders::{CallError, Calls, Order, Reply};
use super::switchboard::Board;
use exchange::calls::script::transcript;
use exchange::calls::user_messages::{self, Exchange, Subscription, UserMessage};
use exchange::numbers::Target;
use exchange::sid::{CallSid, UserSubscriptionSid};
use store::Change;

/// A message that is to be sent.
#[derive(Debug)]
pub struct Posted {
    /// It is sent once under one key.
    pub key: Option<String>,
    /// JSON, as text.
    pub content: String,
}

/// What is done with a leg's messages.
#[derive(Debug)]
pub(super) enum Messages {
    /// The application sends one.
    Deliver(Posted, Reply<UserMessage>),
    /// The client program sends one.
    Send(Posted, Reply<UserMessage>),
    /// Somebody is to be told of those of the program.
    Subscribe(Option<String>, Target, Reply<Subscription>),
    /// Somebody is told no more; answers whether there was such a subscription.
    Unsubscribe(UserSubscriptionSid, Reply<bool>),
}

impl Calls {
    /// The application sends a message to the client program of a call.
    ///
    /// # Errors
    /// The call is not live, or no client program is there.
    pub async fn deliver_message(
        &self,
        sid: CallSid,
        posted: Posted,
    ) -> Result<UserMessage, CallError> {
        self.ask(|reply| Order::Messages(sid, Messages::Deliver(posted, reply))).await
    }

    /// The client program of a call sends a message: every subscription's callback is told.
    ///
    /// # Errors
    /// As [`Calls::deliver_message`].
    pub async fn send_message(
        &self,
        sid: CallSid,
        posted: Posted,
    ) -> Result<UserMessage, CallError> {
        self.ask(|reply| Order::Messages(sid, Messages::Send(posted, reply))).await
    }

    /// `callback` is told of what the client program of a call sends; once under one key.
    ///
    /// # Errors
    /// As [`Calls::deliver_message`], or there are too many.
    pub async fn subscribe(
        &self,
        sid: CallSid,
        key: Option<String>,
        callback: Target,
    ) -> Result<Subscription, CallError> {
        self.ask(|reply| Order::Messages(sid, Messages::Subscribe(key, callback, reply))).await
    }

    /// A subscription ends; `false` when there is none such.
    ///
    /// # Errors
    /// The call is not live.
    pub async fn unsubscribe(
        &self,
        sid: CallSid,
        subscription: UserSubscriptionSid,
    ) -> Result<bool, CallError> {
        self.ask(|reply| Order::Messages(sid, Messages::Unsubscribe(subscription, reply))).await
    }
}

impl Board {
    /// Does something with a leg's messages.
    pub(super) fn messages(&mut self, sid: CallSid, order: Messages) {
        match order {
            Messages::Deliver(posted, reply) => {
                let done = self.deliver(sid, posted);
                self.answer_when_kept(done, reply);
            }
            Messages::Send(posted, reply) => {
                let done = self.client_sends(sid, &posted);
                self.answer_when_kept(done, reply);
            }
            Messages::Subscribe(key, callback, reply) => {
                let done = self.add_subscription(sid, key, callback);
                self.answer_when_kept(done, reply);
            }
            Messages::Unsubscribe(subscription, reply) => {
                let leg = self.legs.get_mut(&sid).filter(|leg| leg.phase != Phase::Over);
                let done = leg.ok_or(CallError::NotLive).map(|leg| {
                    leg.messages.as_mut().is_some_and(|all| all.unsubscribe(subscription))
                });
                self.answer_when_kept(done, reply);
            }
        }
    }

    /// A leg that exchanges messages, and those that it has exchanged.
    fn talks(&mut self, sid: CallSid) -> Result<&mut Leg, CallError> {
        let leg = self.legs.get_mut(&sid).filter(|leg| leg.phase != Phase::Over);
        let leg = leg.ok_or(CallError::NotLive)?;
        user_messages::check(&leg.call)?;
        Ok(leg)
    }

    fn deliver(&mut self, sid: CallSid, posted: Posted) -> Result<UserMessage, CallError> {
        let message = self.new_message();
        let leg = self.talks(sid)?;
        let (message, is_new) = exchange(leg).deliver(posted.key, message);
        if is_new {
            leg.note(message.created, '<', &transcript::message_line(&posted.content));
        }
        Ok(message)
    }

    fn client_sends(&mut self, sid: CallSid, posted: &Posted) -> Result<UserMessage, CallError> {
        let message = self.new_message();
        let house = self.house.clone();
        let leg = self.talks(sid)?;
        let mut messages = leg.messages.take().unwrap_or_default();
        let post = (posted.key.clone(), posted.content.as_str());
        let (message, told) = messages.send(&leg.call, post, message, || house.ids.token());
        leg.messages = Some(messages);
        if let Some(webhooks) = told {
            leg.note(message.created, '>', &transcript::message_line(&posted.content));
            self.submit(Change { webhooks, ..Change::default() });
        }
        Ok(message)
    }

    fn new_message(&self) -> UserMessage {
        UserMessage { sid: self.house.user_message_sid(), created: self.now() }
    }

    fn add_subscription(
        &mut self,
        sid: CallSid,
        key: Option<String>,
        callback: Target,
    ) -> Result<Subscription, CallError> {
        let new = self.house.subscription_sid();
        let subscription = Subscription { sid: new, callback, created: self.now() };
        let leg = self.talks(sid)?;
        Ok(exchange(leg).subscribe(key, subscription)?)
    }
}

/// The messages of a leg; most have none, and then nothing is kept of them.
fn exchange(leg: &mut Leg) -> &mut Exchange {
    leg.messages.get_or_insert_default()
}
