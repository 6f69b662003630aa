//! A call to begin tests with.

use crate::calls::{Call, Plan, State};
use crate::sid::{AccountSid, CallSid};
use jiff::Timestamp;
use webhook::Direction;

/// Milliseconds after the moment that tests begin.
pub(crate) fn at(ms: i64) -> Timestamp {
    Timestamp::from_millisecond(1_579_075_200_000 + ms).expect("in range")
}

/// One that nothing has happened to.
pub(crate) fn call(direction: Direction) -> Call {
    let inbound = direction == Direction::Inbound;
    Call {
        sid: CallSid::parse("CA00000000000000000000000000000001").expect("a sid"),
        account: AccountSid::parse("AC00000000000000000000000000000001").expect("a sid"),
        parent: None,
        direction,
        from: "+12025550199".into(),
        to: "+12025550100".into(),
        state: if inbound { State::Ringing } else { State::Queued },
        events: 0,
        number: None,
        application: None,
        forwarded_from: None,
        caller_name: None,
        answered_by: None,
        sip_response_code: None,
        plan: Plan::default(),
        created: at(0),
        updated: at(0),
        started: inbound.then(|| at(0)),
        answered: None,
        ended: None,
    }
}
