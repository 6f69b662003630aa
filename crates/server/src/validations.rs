//! Verifications of caller ids: the document of their calls, and how they end.
//!
//! The document is served inside the house, as bins are: no socket opens, and nobody else can ask
//! for it. The caller id, the end of the verification and its tell are one commit. A call that
//! ends without the code ends the verification, too: the delivery thread sees it.

use crate::bins::BinAnswer;
use crate::house::House;
use exchange::caller_ids::{self, Heard, VERIFIER, Validation};
use exchange::calls::{self, Call};
use exchange::sid::{CallSid, NumberSid};
use store::{Change, StoreError, Write};
use webhook::Form;

/// Where the document of a verification is, by its call.
const PATH: &str = "/verify-caller-id/";

/// The URL that the call of a verification asks.
pub(crate) fn url(house: &House, call: CallSid) -> String {
    format!("{}{PATH}{call}", house.settings.public_url)
}

/// The call of a path that [`url`] made.
pub(crate) fn call_of(path: &str) -> Option<CallSid> {
    CallSid::parse(path.strip_prefix(PATH)?)
}

/// What the call hears next; the right code ends the verification.
pub(crate) fn answer(house: &House, call: CallSid, asked: &Form) -> BinAnswer {
    let validation = match house.store.validation(call) {
        Ok(Some(validation)) => validation,
        Ok(None) => return said(404, "text/plain", "There is no such verification."),
        Err(error) => {
            tracing::error!(%error, %call, "its verification can't be read");
            return said(503, "text/plain", "The verification can't be read now.");
        }
    };
    let heard = caller_ids::heard(&validation, asked.get("Digits"));
    if heard == Heard::Right {
        let sid = NumberSid::from_parts(house.parts());
        let made = caller_ids::caller_id(&validation, sid, house.now());
        let mut change = ended(house, &validation, Some(sid));
        change.writes.push(Write::InsertCallerId(Box::new(made)));
        house.submit(change);
    }
    said(200, "text/xml", &caller_ids::document(heard))
}

fn said(status: u16, content_type: &'static str, body: &str) -> BinAnswer {
    BinAnswer { status, content_type, body: body.to_owned() }
}

/// The end of a verification, with its tell.
fn ended(house: &House, validation: &Validation, caller_id: Option<NumberSid>) -> Change {
    let tell = caller_ids::tell(validation, caller_id, house.ids.token(), house.now());
    Change {
        writes: vec![Write::DeleteValidation(validation.call)],
        webhooks: tell.into_iter().collect(),
        ..Change::default()
    }
}

/// A call has ended: if it was a verification's and the code never came, that has failed.
pub(crate) fn call_ended(house: &House, call: &Call) -> Result<(), StoreError> {
    if call.from != VERIFIER || !calls::is_final(call.state) {
        return Ok(());
    }
    if let Some(validation) = house.store.validation(call.sid)? {
        house.submit(ended(house, &validation, None));
    }
    Ok(())
}
