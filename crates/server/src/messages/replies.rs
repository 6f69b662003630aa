//! The platform's own reply to a word such as STOP.

use crate::house::House;
use exchange::messages::send::expires;
use exchange::messages::{Direction, Message, State, segments};
use exchange::pools::VALIDITY_SECONDS;

/// The reply to `asked`, which was `kept` unless its service dropped it.
pub(super) fn confirm(house: &House, asked: &Message, kept: bool, text: &str) -> Message {
    Message {
        sid: house.message_sid(false),
        account: asked.account,
        direction: Direction::OutboundReply,
        from: asked.to.clone(),
        to: asked.from.clone(),
        num_segments: segments::segment(text, false).segments,
        body: text.to_owned(),
        state: State::Queued,
        error_code: None,
        media: Vec::new(),
        service: asked.service,
        status_callback: None,
        in_reply_to: kept.then_some(asked.sid),
        created: asked.created,
        updated: asked.created,
        sent: None,
        feedback: None,
        send_at: None,
        expires: Some(expires(asked.created, VALIDITY_SECONDS)),
    }
}
