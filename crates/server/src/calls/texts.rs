//! `<Sms>`: a text sent from a call.

use super::switchboard::Board;
use crate::messages::is_out;
use exchange::calls::script::{Input, Text, Ticket};
use exchange::documents::Remark;
use exchange::messages::send::expires;
use exchange::messages::{Direction, Message, State, segments, smart_encoding};
use exchange::numbers::{Address, Method, target};
use exchange::pools::VALIDITY_SECONDS;
use exchange::refusal::Refusal;
use exchange::sid::{AccountSid, CallSid, MessageSid};
use store::{Change, Write};

/// The receiver can't be.
const INVALID_TO: u32 = 14101;
/// The sender can't be.
const INVALID_FROM: u32 = 14102;
/// The receiver wants no texts.
const UNSUBSCRIBED: u32 = 21610;

impl Board {
    /// Queues a text; the network takes it from the commit.
    pub(super) fn send_text(&mut self, sid: CallSid, ticket: Ticket, text: Text) {
        let Some(leg) = self.legs.get(&sid) else { return };
        let sent = self.queue(leg.call.account, text);
        self.give(sid, Input::Sent(ticket, sent));
    }

    fn queue(&mut self, account: AccountSid, text: Text) -> Result<MessageSid, Remark> {
        let refuse = |code, message: String| Err(Remark { code, message, at: None });
        let to = match Address::parse(&text.to, Some("US")) {
            Ok(to @ Address::Phone(_)) => to.to_string(),
            _ => return refuse(INVALID_TO, format!("Invalid To attribute: {}", text.to)),
        };
        let from = match Address::parse(&text.from, Some("US")) {
            Ok(Address::Phone(from)) => from.to_string(),
            _ => return refuse(INVALID_FROM, format!("Invalid From attribute: {}", text.from)),
        };
        let number = self.house.store.number_at(&from).ok().flatten();
        let Some(number) = number.filter(|number| number.account == account) else {
            let why = format!("Invalid From attribute: {from} is not a number of the account");
            return refuse(INVALID_FROM, why);
        };
        // In doubt nobody is texted who may have asked not to be.
        if is_out(&self.house, &number, &to).unwrap_or(true) {
            return refuse(UNSUBSCRIBED, Refusal::to_unsubscribed().message);
        }
        let service = self.house.store.service_of(&number).ok().flatten();
        let service = service.as_ref();
        let smart = service.is_some_and(|service| service.smart_encoding);
        let body = if smart { smart_encoding::apply(&text.body) } else { text.body };
        let of_service = service.and_then(|one| target(&one.status_callback, Method::Post));
        let validity = service.map_or(VALIDITY_SECONDS, |service| service.validity_period);
        let now = self.now();
        let sid = self.house.message_sid(false);
        let message = Message {
            sid,
            account,
            direction: Direction::OutboundCall,
            from,
            to,
            num_segments: segments::segment(&body, false).segments,
            body,
            state: State::Queued,
            error_code: None,
            media: Vec::new(),
            service: service.map(|service| service.sid),
            status_callback: text.status_callback.or(of_service),
            in_reply_to: None,
            created: now,
            updated: now,
            sent: None,
            feedback: None,
            send_at: None,
            expires: Some(expires(now, validity)),
        };
        self.submit(Change::one(Write::InsertMessage(Box::new(message))));
        Ok(sid)
    }
}
