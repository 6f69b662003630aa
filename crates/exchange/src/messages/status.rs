//! A message's status moves, and whoever asked to know is told.
//!
//! Called by the server when a carrier reports; the move and its tell are saved together. There
//! is never a tell for the status a message is made with. Contract: webhooks.md 2c and 6.1.

use crate::alerts::codes;
use crate::messages::{Message, State};
use crate::numbers::{is_whatsapp, without_channel};
use crate::webhooks::{Kind, Purpose, Webhook};
use jiff::Timestamp;
use webhook::MessageStatus;

/// Digits of a number that `ChannelToAddress` hides.
const MASKED_DIGITS: usize = 4;

/// States from which `to` can be reached; empty for states that are never moved to.
pub fn may_come_from(to: State) -> &'static [State] {
    match to {
        State::Queued => &[State::Accepted, State::Scheduled],
        State::Sending => &[State::Accepted, State::Queued],
        State::Sent => &[State::Accepted, State::Queued, State::Sending],
        State::Delivered | State::Undelivered => {
            &[State::Accepted, State::Queued, State::Sending, State::Sent]
        }
        State::Failed => &[State::Accepted, State::Scheduled, State::Queued, State::Sending],
        State::Canceled => &[State::Scheduled],
        State::Read => {
            &[State::Accepted, State::Queued, State::Sending, State::Sent, State::Delivered]
        }
        _ => &[],
    }
}

/// Whether reaching `state` is told. `sending` is a status, not a callback.
pub fn is_told(state: State) -> bool {
    !matches!(
        state,
        State::Sending | State::Accepted | State::Scheduled | State::Receiving | State::Received
    )
}

/// The tell of `message` having reached `state`, if anybody asked for it.
pub fn tell(
    message: &Message,
    state: State,
    error_code: Option<u32>,
    token: u128,
    now: Timestamp,
) -> Option<Webhook> {
    let callback = message.status_callback.as_ref().filter(|_| is_told(state))?;
    let mut wire = MessageStatus::new(
        message.sid.as_str(),
        message.account.as_str(),
        message.from.as_str(),
        message.to.as_str(),
        state,
    );
    wire.error_code = error_code;
    wire.messaging_service_sid = message.service.map(|sid| sid.to_string());
    if is_whatsapp(&message.to) {
        // An account's installation of the channel has a sid of its own, always the same.
        let install = format!("XE{}", &message.account.as_str()[2..]);
        wire.details.channel_install_sid = Some(install);
        wire.details.channel_prefix = Some("whatsapp".to_owned());
        wire.details.channel_to_address = Some(masked(without_channel(&message.to)));
        wire.details.channel_status_message =
            error_code.and_then(codes::delivery_error).map(str::to_owned);
        wire.details.event_type = event_type(state).map(str::to_owned);
    } else if matches!(state, State::Delivered | State::Undelivered) {
        wire.details.raw_dlr_done_date = Some(now.strftime("%y%m%d%H%M").to_string());
    }
    Some(Webhook {
        id: 0,
        account: message.account,
        kind: Kind::Tell,
        purpose: Purpose::MessageStatus,
        resource: message.sid.sid(),
        url: callback.url.clone(),
        method: callback.method,
        parameters: wire.to_form().encode(),
        token,
        fallback: None,
        context: String::new(),
        due: now,
        created: now,
        failures: 0,
    })
}

/// What a channel calls its report of a state; taking a message is none.
fn event_type(state: State) -> Option<&'static str> {
    match state {
        State::Delivered => Some("DELIVERED"),
        State::Undelivered => Some("UNDELIVERED"),
        State::Read => Some("READ"),
        _ => None,
    }
}

/// A number of which the last four digits are not shown, as Twilio's captures have it.
fn masked(number: &str) -> String {
    let shown = number.char_indices().rev().nth(MASKED_DIGITS - 1).map_or(0, |(at, _)| at);
    format!("{}{}", &number[..shown], "X".repeat(MASKED_DIGITS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_final_status_is_left_by_nothing_but_a_read_receipt() {
        for to in State::ALL {
            for from in may_come_from(to) {
                let read = to == State::Read && *from == State::Delivered;
                assert!(read || !crate::messages::is_final(*from), "{from:?} -> {to:?}");
            }
        }
    }

    #[test]
    fn a_masked_number_hides_its_end() {
        for (number, shown) in [("+12025550199", "+1202555XXXX"), ("123", "XXXX"), ("", "XXXX")] {
            assert_eq!(masked(number), shown);
        }
    }

    #[test]
    fn initial_states_and_sending_are_not_told() {
        let told: Vec<_> = State::ALL.into_iter().filter(|s| is_told(*s)).collect();
        assert!(told.contains(&State::Sent) && told.contains(&State::Delivered));
        assert!(!told.contains(&State::Sending) && !told.contains(&State::Accepted));
    }
}
