//! Somebody a `<Dial>` calls: who that is, who seems to call, and the leg that is made for it.
//!
//! Called by the server's switchboard for each leg that a dial makes. Whose number is whose is an
//! argument. Contract: twiml.md 2.6, webhooks.md 5.2 (13214, 13223–13225, 13243, 13247).

use crate::calls::script::{Callee, CalleeAddress, First};
use crate::calls::{Call, Direction, Plan, State};
use crate::documents::Remark;
use crate::numbers::Address;
use crate::sid::{ApplicationSid, CallSid};
use jiff::Timestamp;

/// Characters of a SIP URI at most (Sip page).
const SIP_URI_CHARACTERS_MAX: usize = 255;

fn refuse<T>(code: u32, message: String) -> Result<T, Remark> {
    Err(Remark { code, message, at: None })
}

/// The address that is called.
///
/// # Errors
/// Why nobody can be called there.
pub fn address(callee: &CalleeAddress, parent: &Call) -> Result<String, Remark> {
    match callee {
        CalleeAddress::Number(text) => phone(text),
        CalleeAddress::WhatsApp(text) => Ok(format!("whatsapp:{}", phone(text)?)),
        CalleeAddress::Client(identity) => Ok(format!("client:{identity}")),
        CalleeAddress::Sip(uri) => {
            let text = uri.trim();
            let text = if text.starts_with("sip:") || text.starts_with("sips:") {
                text.to_owned()
            } else {
                format!("sip:{text}")
            };
            if text.chars().count() > SIP_URI_CHARACTERS_MAX || !text.contains('@') {
                return refuse(13243, format!("Dial->Sip: invalid SIP URI {uri}"));
            }
            Ok(text)
        }
        CalleeAddress::Sim(sid) => Ok(format!("sim:{sid}")),
        CalleeAddress::Application { sid, copies_parent_to, .. } => {
            Ok(if *copies_parent_to { parent.to.clone() } else { sid.clone() })
        }
    }
}

fn phone(text: &str) -> Result<String, Remark> {
    match Address::parse(text, Some("US")) {
        Ok(Address::Phone(phone)) => Ok(phone.to_string()),
        _ => refuse(13223, format!("Dial: invalid phone number format: {text}")),
    }
}

/// Who seems to call. `owns` says whether a phone number is the account's.
///
/// # Errors
/// A caller ID that may not be used: the number of neither end, nor one of the account's.
pub fn caller_id(
    wanted: Option<&str>,
    callee: &CalleeAddress,
    parent: &Call,
    owns: impl Fn(&str) -> bool,
) -> Result<String, Remark> {
    let is_phone = matches!(callee, CalleeAddress::Number(_) | CalleeAddress::WhatsApp(_));
    let Some(wanted) = wanted.map(str::trim).filter(|text| !text.is_empty()) else {
        let from = &parent.from;
        // A client has no number of its own to show.
        if is_phone && !from.starts_with('+') && from.starts_with("client:") {
            return refuse(13214, "Dial: a call from a client needs a callerId".to_owned());
        }
        return Ok(from.clone());
    };
    if !is_phone {
        return Ok(wanted.to_owned());
    }
    let number = match Address::parse(wanted, Some("US")) {
        Ok(Address::Phone(phone)) => phone.to_string(),
        _ => return refuse(13214, format!("Dial: invalid callerId: {wanted}")),
    };
    if number == parent.from || number == parent.to || owns(&number) {
        return Ok(number);
    }
    let why = "neither the caller's number nor the called one, nor one of the account's";
    refuse(13214, format!("Dial: invalid callerId: {wanted} is {why}"))
}

/// Parameters of the application's own; a customer that is named is one of them.
fn parameters(callee: &Callee) -> Vec<(String, String)> {
    let mut parameters = callee.parameters.clone();
    if let CalleeAddress::Application { customer_id: Some(customer), .. } = &callee.address {
        parameters.push(("CustomerId".to_owned(), customer.clone()));
    }
    parameters
}

/// The application that takes the call.
fn application(callee: &CalleeAddress) -> Option<ApplicationSid> {
    match callee {
        CalleeAddress::Application { sid, .. } => ApplicationSid::parse(sid),
        _ => None,
    }
}

/// The record of the leg: it is told nothing yet, and has no place in a queue.
pub fn leg(
    parent: &Call,
    callee: &Callee,
    (from, to): (String, String),
    sid: CallSid,
    now: Timestamp,
) -> Call {
    let plan = Plan {
        first: callee.whisper.clone().map(First::Ask),
        callback: callee.callback.clone(),
        send_digits: callee.send_digits.clone(),
        detection: callee.detection.clone(),
        parameters: parameters(callee),
        ..Plan::default()
    };
    Call {
        sid,
        account: parent.account,
        parent: Some(parent.sid),
        direction: Direction::OutboundDial,
        from,
        to,
        state: State::Queued,
        events: 0,
        number: parent.number,
        application: application(&callee.address),
        forwarded_from: None,
        caller_name: None,
        answered_by: None,
        sip_response_code: None,
        plan,
        created: now,
        updated: now,
        started: None,
        answered: None,
        ended: None,
    }
}
